"""Answers questions about pickles, one a line, for tests in another language.

Runs under any interpreter from 2.7 on, and reads requests from stdin until that ends. A request is one
line of words separated by single spaces:

    COMMAND [OPTION=VALUE ...] ARGUMENT ...

PICKLE and EXPR arguments are hexadecimal (an expression is UTF-8 before that; no bytes are no digits);
others are plain. An answer is one line, `ok HEX` or `error EXCEPTION HEX`, the latter with the message.
Text is UTF-8 before it is made hexadecimal.

    version                 2.7, or 3.13
    canon PICKLE            the object graph as text, equal for equal graphs (see canon.py)
    inert PICKLE            the same, if every name is one of a class that only keeps what is done to its
                            instances (see inert.py; not in 2.7)
    cyclic PICKLE           True or False: whether the object graph has a cycle
    same PICKLE PICKLE      True or False: whether `canon` is the same
    redump PICKLE PROTO     the loaded object, pickled again
    eval EXPR PROTO         the value of an expression, pickled
    check PICKLE EXPR       the truth, True or False, of an expression in which `obj` is the loaded object
    dis PICKLES             the text of pickletools.dis of pickles that follow each other, with one memo; behind
                            a NUL, what that raised (annotations are empty)
    optimize PICKLE         the bytes of pickletools.optimize

Expressions see zoo, geometry, sys, and what they __import__. Options:

    impl=C|Python           which implementation pickles and unpickles (C; in 2.7 cPickle and pickle)
    encoding=, errors=      for the strings of Python 2 (not in 2.7)
    fix_imports=0           no mapping of names between Python 2 and 3 (not in 2.7)
    buffers=r:HEX,w:HEX     out-of-band buffers, read-only or writable (from 3.8 on)
    indentlevel=, annotate= of dis

Persistent ids are loaded as instances of zoo.Persistent, which are pickled as persistent ids again.
"""
import binascii
import io
import pickle
import pickletools
import sys
import threading
import warnings

import geometry
import inert
import zoo
from canon import canon

PY2 = sys.version_info < (3,)
if PY2:
    import cPickle


def persistent_id(obj):
    return obj.pid if isinstance(obj, zoo.Persistent) else None


class Implementation(object):
    """One pickler with its unpickler, and what a call of it needs in this version."""

    def __init__(self, pickler, unpickler):
        self.pickler = self.with_hook(pickler, 'persistent_id', persistent_id)
        self.unpickler = self.with_hook(unpickler, 'persistent_load', zoo.Persistent)

    def with_hook(self, base, name, function):
        """The hook on each instance in 2.7, whose C types have no subclasses; by a subclass in 3.x."""
        if PY2:
            def make(*args):
                made = base(*args)
                setattr(made, name, function)
                return made
            return make
        return type(base)(base.__name__, (base,), {name: staticmethod(function)})

    def loads(self, data, **options):
        return self.unpickler(io.BytesIO(data), **options).load()

    def dumps(self, obj, protocol, **options):
        # Not a name that outlives the call: 2.7 decides by reference counts what gets a memo entry.
        file = io.BytesIO()
        self.pickler(file, protocol, **options).dump(obj)
        return file.getvalue()


if PY2:
    IMPLEMENTATIONS = {
        'C': Implementation(cPickle.Pickler, cPickle.Unpickler),
        'Python': Implementation(pickle.Pickler, pickle.Unpickler),
    }
else:
    IMPLEMENTATIONS = {
        'C': Implementation(pickle.Pickler, pickle.Unpickler),
        'Python': Implementation(pickle._Pickler, pickle._Unpickler),
    }


class Request(object):
    """The options of one request, as the commands use them."""

    def __init__(self, options):
        self.implementation = IMPLEMENTATIONS[options.pop('impl', 'C')]
        self.dump_options = {}
        if 'fix_imports' in options:
            options['fix_imports'] = self.dump_options['fix_imports'] = options['fix_imports'] != '0'
        if 'buffers' in options:
            options['buffers'] = buffers(options['buffers'])
        self.load_options = options

    def load(self, pickled):
        return self.implementation.loads(binascii.unhexlify(pickled), **self.load_options)

    def dump(self, obj, protocol):
        return self.implementation.dumps(obj, int(protocol), **self.dump_options)

    def version(self):
        return '%d.%d' % sys.version_info[:2]

    def canon(self, pickled):
        return canon(self.load(pickled))[0]

    def inert(self, pickled):
        return canon(inert.Unpickler(io.BytesIO(binascii.unhexlify(pickled))).load())[0]

    def cyclic(self, pickled):
        return str(canon(self.load(pickled))[1])

    def same(self, left, right):
        return str(self.canon(left) == self.canon(right))

    def redump(self, pickled, protocol):
        return self.dump(self.load(pickled), protocol)

    def eval(self, expression, protocol):
        return self.dump(evaluate(expression), protocol)

    def check(self, pickled, expression):
        return str(bool(evaluate(expression, obj=self.load(pickled))))

    def dis(self, pickles):
        out = io.BytesIO() if PY2 else io.StringIO()
        data, memo, raised = io.BytesIO(binascii.unhexlify(pickles)), {}, ''
        options = dict((name, int(value)) for name, value in self.load_options.items())
        try:
            pickletools.dis(data, out, memo, **options)
            while data.read(1):
                data.seek(-1, io.SEEK_CUR)
                pickletools.dis(data, out, memo, **options)
        except Exception as error:
            raised = '%s: %s' % (type(error).__name__, error)
        return out.getvalue() + '\0' + raised

    def optimize(self, pickled):
        return pickletools.optimize(binascii.unhexlify(pickled))


COMMANDS = ('version', 'canon', 'inert', 'cyclic', 'same', 'redump', 'eval', 'check', 'dis', 'optimize')


def buffers(words):
    kinds = {'r': bytes, 'w': bytearray}
    return [kinds[word[0]](binascii.unhexlify(word[2:])) for word in words.split(',')]


def evaluate(expression, **names):
    names.update(zoo=zoo, geometry=geometry, sys=sys)
    return eval(binascii.unhexlify(expression).decode('utf-8'), names)


def answer(line):
    try:
        words = line.split(' ')
        options = dict(word.split('=', 1) for word in words[1:] if '=' in word)
        arguments = [word for word in words[1:] if '=' not in word]
        if words[0] not in COMMANDS:
            raise ValueError('no such command: ' + words[0])
        return 'ok ' + hexed(getattr(Request(options), words[0])(*arguments))
    except BaseException as error:  # a pickle can raise anything, SystemExit too
        return 'error %s %s' % (type(error).__name__, hexed(zoo.text(error)))


def hexed(answer):
    data = answer if isinstance(answer, bytes) else answer.encode('utf-8', 'backslashreplace')
    return binascii.hexlify(data).decode('ascii')


def serve():
    requests, answers = sys.stdin, sys.stdout
    # What a loaded object prints must not be taken for an answer.
    sys.stdout = sys.stderr
    for line in iter(requests.readline, ''):
        answers.write(answer(line.rstrip('\r\n')) + '\n')
        answers.flush()


def empty_annotations():
    """Other disassemblers annotate in their own words."""
    for opcode in pickletools.opcodes:
        opcode.doc = ''


def main():
    """Serves on a thread with a stack that fits the recursion of deep pickles."""
    empty_annotations()
    warnings.simplefilter('ignore')  # of deprecated things that old pickles name
    threading.stack_size(512 << 20)
    sys.setrecursionlimit(50000)
    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()


if __name__ == '__main__':
    main()
