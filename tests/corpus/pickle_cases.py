"""Writes to stdout what the interpreter that runs it makes of cases.py, for generate.py to merge.

A line for each pickle: family, case, protocol, pickler, cyclic, flags, hexadecimal bytes. What Python itself
cannot pickle, or cannot load again, goes to stderr.
"""
import os
import pickle
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, os.pardir, 'python')]

import judge  # noqa: E402
from canon import canon  # noqa: E402
from cases import CASES, PY2  # noqa: E402

NAMES = {'C': 'cPickle', 'Python': 'pickle'} if PY2 else {'C': 'C', 'Python': 'Python'}
LOAD_OPTIONS = {} if PY2 else {'encoding': 'latin-1'}


def work():
    for case in CASES:
        for protocol in case.protocols:
            if protocol > pickle.HIGHEST_PROTOCOL:
                continue
            for key, implementation in sorted(judge.IMPLEMENTATIONS.items()):
                try:
                    data, buffers = pickled(implementation, case, protocol)
                    graph = shape(data, buffers)
                except Exception as error:
                    what = (case.family, case.name, protocol, NAMES[key], repr(error)[:100])
                    sys.stderr.write('%s %s, protocol %d, %s: %s\n' % what)
                    continue
                flags = ' '.join(word for word in (case.flags, buffers) if word) or '-'
                row = (case.family, case.name, str(protocol), NAMES[key], graph, flags, judge.hexed(data))
                sys.stdout.write('\t'.join(row) + '\n')


def pickled(implementation, case, protocol):
    """The bytes, and the flag for the buffers that left the stream, if any."""
    options = dict(case.options)
    buffers = []
    if options.pop('out_of_band', False):
        options['buffer_callback'] = buffers.append
    # The object has no name here: 2.7's C pickler looks at its reference count.
    data = implementation.dumps(case.make(), protocol, **options)
    words = ['%s:%s' % ('r' if buffer.raw().readonly else 'w', judge.hexed(bytes(buffer.raw()))) for buffer in buffers]
    return data, 'buffers=' + ','.join(words) if words else ''


def shape(data, buffers):
    """Whether what the pickle loads to has a cycle."""
    options = dict(LOAD_OPTIONS)
    if buffers:
        options['buffers'] = judge.buffers(buffers[len('buffers='):])
    return 'cyclic' if canon(judge.IMPLEMENTATIONS['C'].loads(data, **options))[1] else 'tree'


if __name__ == '__main__':
    work()
