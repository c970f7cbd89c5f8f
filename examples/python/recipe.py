"""Code objects, made picklable by value: what `code_dump` and `code_load` exchange."""
import copyreg
import types


def code(name, parameters, body):
    source = 'def %s(%s): return %s' % (name, ', '.join(parameters), body)
    # A code object does not keep its text, but it does keep the name of its file.
    module = compile(source, body, 'exec')
    return next(const for const in module.co_consts if isinstance(const, types.CodeType))


def reduce_code(co):
    if co.co_freevars or co.co_cellvars:
        raise ValueError('sorry, %s closes over variables' % co.co_name)
    return code, (co.co_name, co.co_varnames[:co.co_argcount], co.co_filename)


copyreg.pickle(types.CodeType, reduce_code, code)


def shout(text):
    return text.upper() + '!'
