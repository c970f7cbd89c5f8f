"""Every public name of pickle, copyreg, copy and pickletools, as `names.txt` lists them.

Run as a script, it prints them. A name is a module's, as `pickle.dumps`; an attribute, as
`pickle.Pickler.fast`; a parameter, as `pickle.dumps(protocol)`; or a special method, as `object.__reduce__`.
"""
import ast
import copy
import copyreg
import inspect
import pickle
import pickletools

MODULES = pickle, copyreg, copy, pickletools

# What no module lists: methods that objects and subclasses may have, and what pickles name.
SPECIAL = """
object.__reduce__ object.__reduce_ex__ object.__getstate__ object.__setstate__ object.__getnewargs__
object.__getnewargs_ex__ object.__getinitargs__ object.__slots__ object.__copy__ object.__deepcopy__
object.__replace__ pickle.Pickler.reducer_override copyreg.__newobj__ copyreg.__newobj_ex__
copyreg._reconstructor pickle.PickleBuffer(buffer)
"""


def imported(module):
    """What a module has from others."""
    tree = ast.parse(inspect.getsource(module))
    imports = (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
    return {alias.asname or alias.name for node in imports for alias in node.names}


def of_module(module):
    public = {name for name in vars(module) if not name.startswith('_')}
    return set(module.__all__) | public - imported(module)


def parameters(callable):
    try:
        names = inspect.signature(callable).parameters
    except ValueError:
        return []
    return [name for name in names if not name.startswith('_')]


def names():
    found = set(SPECIAL.split())
    for module in MODULES:
        for name in of_module(module):
            value = getattr(module, name)
            full = '%s.%s' % (module.__name__, name)
            found.add(full)
            is_class = isinstance(value, type)
            if is_class and not issubclass(value, Exception):
                found.update('%s.%s' % (full, attribute) for attribute in dir(value) if not attribute.startswith('_'))
            if name in module.__all__ and callable(value):
                found.update('%s(%s)' % (full, parameter) for parameter in parameters(value))
    return sorted(found)


if __name__ == '__main__':
    print('\n'.join(names()))
