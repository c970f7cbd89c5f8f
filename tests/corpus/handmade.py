"""Pickles that no pickler writes, and what CPython makes of them.

    handmade.py                 writes handmade.tsv; run by 3.13, whose C unpickler is the judge

They are the inputs that CPython's own tests of its unpicklers use, further ones where those stop short, pickles
cut off after each of their bytes, and pickles with one byte changed. The columns, after a line of their names:

    name                        unique; its first word is the group
    pickle                      hexadecimal
    options                     words for the unpickler, such as "encoding=bytes"; "-" for none
    verdict                     of the C unpickler: "ok" and the repr of the object ("a" and its class, if it has
                                none), or an exception and its message
    python                      the verdict of the pure Python unpickler if it is another object or exception, else "="
    inert                       "ok", or exception and message, of the C unpickler when every name is that of a class
                                which takes any call, item and state: whether the pickle is well formed, apart from
                                what it names

In verdicts a line break is written as \\n, other controls and all that is not ASCII as Python escapes it, and
addresses and paths are left out.
"""
import functools
import io
import pathlib
import pickle
import random
import re
import resource
import sys
import warnings

from malformed import GROUPS

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'python'))

import zoo  # noqa: E402

COLUMNS = ('name', 'pickle', 'options', 'verdict', 'python', 'inert')
# An index into the memo can ask for any amount of memory; a string of 4 GiB is only asked for, not written to.
MEMORY = 12 << 30
FORBIDDEN = 'not allowed here'
# What the pickles name. A changed byte may make any other name of it.
BUILTINS = {'int', 'list', 'str', 'len', 'dict', 'set', 'tuple', 'bytes', 'bytearray', 'range', 'object', 'getattr',
            'complex', 'Exception', 'ValueError', 'str.upper', 'frozenset', 'type', 'spam', 'list.spam', 'xrange',
            'reduce', 'unicode', ''}
ALLOWED = {
    'builtins': BUILTINS,
    '__builtin__': BUILTINS,
    'exceptions': {'Exception', 'StandardError'},
    'math': {'log', 'spam', 'log.spam', 'log.<locals>.spam', ''},
    'os.path': {'join'},
    'collections': {'OrderedDict', 'deque'},
    'UserDict': {'UserDict', 'IterableUserDict'},
    '_codecs': {'encode'},
    'copyreg': {'_reconstructor'},
    'copy_reg': {'_reconstructor'},
    'functools': {'partial', 'reduce'},
    'zoo': set(vars(zoo)) | {'Outer.Inner', 'Outer.Inner.Leaf', 'Outer.spam', 'spam'},
    'spam': {'log'},
    '': {'log', 'str'},
}


def allowing(base):
    """An unpickler that finds only what the pickles below mean to name."""
    class Unpickler(base):
        def find_class(self, module, name):
            if name not in ALLOWED.get(module, ()):
                raise pickle.UnpicklingError('%s: %s %s' % (FORBIDDEN, module, name))
            return super().find_class(module, name)
    return Unpickler


class Inert:
    """Takes any call, item and state."""

    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

    def __init__(self, *args, **kwargs):
        pass

    def append(self, item):
        pass

    def __setitem__(self, key, value):
        pass

    def add(self, item):
        pass

    def __setstate__(self, state):
        pass


class InertUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        return Inert


C, PYTHON = allowing(pickle.Unpickler), allowing(pickle._Unpickler)


class InMemory:
    """The C unpickler on bytes in memory: from a file, it loses its place where a frame ends inside an opcode."""

    def __init__(self, file, **options):
        self.load = functools.partial(pickle.loads, file.getvalue(), **options)


def load(unpickler, data, options):
    """("ok", object), or the text of an exception and None."""
    try:
        return 'ok', unpickler(io.BytesIO(data), **options).load()
    except BaseException as error:
        return escaped('%s: %s' % (type(error).__name__, error)), None


def verdict(unpickler, data, options):
    outcome, obj = load(unpickler, data, options)
    if outcome != 'ok':
        return outcome
    try:
        return escaped('ok ' + repr(obj))
    except Exception:  # an object without the state that its class relies on
        return 'ok a ' + type(obj).__name__


def alike(left, right):
    """Whether two verdicts are of the same object or exception: messages differ nearly always."""
    return left == right or not left.startswith('ok ') and left.split(':')[0] == right.split(':')[0]


def escaped(text):
    text = text.encode('ascii', 'backslashreplace').decode('ascii')
    text = re.sub('[\x00-\x1f\x7f]', lambda control: repr(control.group())[1:-1], text)
    return re.sub(" at 0x[0-9a-f]+| from '[^']*'", '', text)


def parsed(words):
    return dict(word.split('=') for word in words.split())


def handmade():
    """(name, bytes, options as words)"""
    for group, options, pickles in GROUPS:
        for data in pickles:
            shown = repr(data)[1:] if len(data) <= 40 else '%r...%d' % (data[:30], len(data))
            yield '%s %s' % (group, shown), data, options


def whole():
    """One pickle for each protocol, with many opcodes in few bytes."""
    shared = zoo.Plain(x='\xe9')
    obj = [shared, {1.5: (None, True)}, (1, 2, 3, 4), 2**40, 300, {5}, shared]
    return [pickle.dumps(obj, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]


def truncated():
    for protocol, data in enumerate(whole()):
        for length in range(len(data)):
            yield 'truncated protocol-%d %d' % (protocol, length), data[:length], ''


def changed():
    """Any byte for any other, by a generator that always gives the same."""
    dice = random.Random('one byte changed')
    for protocol, data in enumerate(whole()):
        for position in sorted(dice.sample(range(len(data)), 60)):
            byte = dice.randrange(256)
            yield ('changed protocol-%d %d=%02x' % (protocol, position, byte),
                   data[:position] + bytes([byte]) + data[position + 1:], '')


def rows():
    seen = set()
    for name, data, options in [*handmade(), *truncated(), *changed()]:
        if (data, options) in seen:
            continue
        seen.add((data, options))
        given = parsed(options)
        frames = name.startswith('frame ')
        judged, python = verdict(InMemory if frames else C, data, given), verdict(PYTHON, data, given)
        if FORBIDDEN in judged:
            continue
        inert, _ = load(InMemory if frames else InertUnpickler, data, given)
        yield name, data.hex(), options or '-', judged, '=' if alike(judged, python) else python, inert


def main():
    if sys.version_info[:2] != (3, 13):
        raise SystemExit('3.13 is the judge')
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter('ignore')
    made = list(rows())
    names = [row[0] for row in made]
    assert len(set(names)) == len(names), 'two rows of one name'
    lines = ['\t'.join(row) for row in [COLUMNS] + made]
    (HERE / 'handmade.tsv').write_text('\n'.join(lines) + '\n', encoding='ascii')
    print('%d rows' % len(made))


if __name__ == '__main__':
    main()
