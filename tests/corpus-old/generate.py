"""Makes pickles of one class in the shapes that it had over the years, as real interpreters write them.

    generate.py PYTHON ...      runs each of these interpreters, and writes pickles/*.pickle

The interpreters may be 2.7 and anything from 3.6 on; the output depends on nothing but their versions. A
file is named vSHAPE-cpythonVERSION-protocolNUMBER.pickle. It holds one club with two members, who know their
club; the first of them is its head. That is a cycle, and objects that are referred to twice.

    v0      library.people.Club and library.people.Person, which has first, last, mail and group. Nobody
            has thought of versions yet.
    v1      Both have moved, and the latter is now library.models.Member. Its version is 1; mail has become
            email, and group has become club.
    v2      first and last have become name.
    v3      email has become emails, a list.

The files are never made anew for the sake of a test: they are what it is to load for all time.
"""
import os
import pickle
import subprocess
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
PEOPLE = [(u'Ada', u'Lovelace', u'ada@example.org'), (u'Grace', u'Hopper', u'grace@example.org')]


def new_class(module, name):
    """An empty class of a module that is made for it."""
    if module not in sys.modules:
        sys.modules[module] = types.ModuleType(module)
    cls = type(name, (object,), {'__module__': module})
    setattr(sys.modules[module], name, cls)
    return cls


def with_attributes(cls, attributes):
    made = cls()
    for name, value in attributes:
        setattr(made, name, value)
    return made


def person(shape, cls, first, last, mail, club):
    attributes = {
        0: [('first', first), ('last', last), ('mail', mail), ('group', club)],
        1: [('first', first), ('last', last), ('email', mail), ('club', club)],
        2: [('name', first + u' ' + last), ('email', mail), ('club', club)],
        3: [('name', first + u' ' + last), ('emails', [mail]), ('club', club)],
    }[shape]
    version = [('__version__', shape)] if shape else []
    return with_attributes(cls, version + attributes)


def club(shape):
    module, name = ('library.people', 'Person') if shape == 0 else ('library.models', 'Member')
    new_class('library', 'unused')
    cls = new_class(module, name)
    made = with_attributes(new_class(module, 'Club'), [('name', u'Analysts')])
    made.members = [person(shape, cls, *(somebody + (made,))) for somebody in PEOPLE]
    made.head = made.members[0]
    return made


def write():
    """What one interpreter contributes: its oldest protocol and its newest ones."""
    version = '%d.%d' % sys.version_info[:2]
    for shape in range(4):
        for protocol in sorted({0, 2, 4, pickle.HIGHEST_PROTOCOL}):
            if protocol > pickle.HIGHEST_PROTOCOL:
                continue
            name = 'v%d-cpython%s-protocol%d.pickle' % (shape, version, protocol)
            with open(os.path.join(HERE, 'pickles', name), 'wb') as file:
                file.write(pickle.dumps(club(shape), protocol))


def main(pythons):
    environment = dict(os.environ, PYTHONHASHSEED='0', PYTHONDONTWRITEBYTECODE='1')
    for python in pythons:
        subprocess.check_call([python, os.path.abspath(__file__), '--write'], env=environment)


if __name__ == '__main__':
    if sys.argv[1:] == ['--write']:
        write()
    elif sys.argv[1:]:
        main(sys.argv[1:])
    else:
        raise SystemExit(__doc__)
