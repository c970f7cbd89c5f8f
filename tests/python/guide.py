"""Runs the Python programs of the guide: each a block of its markdown, a module by its first line."""
import contextlib
import io
import re
import sys
import types


def run(path):
    """How many there are. What one raises is raised again."""
    with open(path, encoding='utf-8') as file:
        programs = re.findall(r'^```python\n# (\w+)\.py\n(.*?)^```$', file.read(), re.DOTALL | re.MULTILINE)
    for name, program in programs:
        module = sys.modules[name] = types.ModuleType(name)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(program, name + '.py', 'exec'), vars(module))
    return len(programs)
