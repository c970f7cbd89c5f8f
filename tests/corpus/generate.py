"""Makes the corpus: pickles that real Python interpreters wrote.

    generate.py PYTHON ...      runs each of these interpreters, and writes the files below

Run by 3.9 or later; the interpreters may be 2.7 and anything from 3.6 on. The output depends on nothing
but their versions. Each pickler of an interpreter (C and Python; in 2.7 cPickle and pickle) pickles each case
of cases.py under each protocol that it knows; what it cannot pickle is left out. Most of them write the
same bytes, which are kept once:

    manifest.tsv                a row for each distinct pickle of a case and protocol
    pickles/FAMILY.pickles      the pickles of one family of cases, one after the other

The manifest's columns, after a line of their names:

    family, case                what has been pickled
    protocol
    makers                      who wrote these bytes, as "C:3.6-3.13 Python:3.6,3.8-3.13": words of a pickler
                                and versions; 2.7's picklers are "cPickle" and "pickle"
    cyclic                      "cyclic" if the object graph has a cycle, else "tree": no cycle
    flags                       what is needed to load it, words: "ext" (zoo's extension codes),
                                "persistent" (persistent ids), "buffers=r:HEX,w:HEX" (out-of-band buffers, read-only or
                                writable), "encoding" (not ASCII: Python 3 must be given an encoding),
                                "fix_imports=0" (was written without mapping of names); "-" for none
    offset, length              where in the family's file the pickle stands
"""
import collections
import os
import pathlib
import pickletools
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = ('family', 'case', 'protocol', 'makers', 'cyclic', 'flags', 'offset', 'length')


def version_of(python):
    source = 'import sys; sys.stdout.write("%d.%d" % sys.version_info[:2])'
    major, minor = subprocess.check_output([python, '-c', source], text=True).split('.')
    return int(major), int(minor)


def collect(pythons):
    """(family, case, protocol, cyclic, flags, bytes) -> {pickler: [version]}"""
    makers = collections.defaultdict(lambda: collections.defaultdict(list))
    environment = dict(os.environ, PYTHONHASHSEED='0', PYTHONDONTWRITEBYTECODE='1', PYTHONIOENCODING='utf-8')
    workers = []
    for version, python in sorted((version_of(python), python) for python in pythons):
        command = [python, HERE / 'pickle_cases.py']
        workers.append((version, subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)))
    for version, worker in workers:
        for line in worker.stdout:
            family, case, protocol, pickler, cyclic, flags, data = line.rstrip('\n').split('\t')
            makers[family, case, int(protocol), cyclic, flags, bytes.fromhex(data)][pickler].append(version)
        if worker.wait() != 0:
            raise SystemExit('failed under %d.%d' % version)
    return makers


def versions_text(versions, known):
    """Versions as ranges over those that took part: 2.7,3.6-3.9,3.13"""
    runs = []
    for version in versions:
        if runs and known.index(version) == known.index(runs[-1][1]) + 1 and version[0] == runs[-1][1][0]:
            runs[-1][1] = version
        else:
            runs.append([version, version])
    dotted = [['%d.%d' % version for version in run] for run in runs]
    return ','.join(first if first == last else '%s-%s' % (first, last) for first, last in dotted)


def needs_encoding(data):
    """Whether a pickle has a string of Python 2 with more than ASCII in it."""
    strings = ('STRING', 'BINSTRING', 'SHORT_BINSTRING')
    try:
        operations = list(pickletools.genops(data))
    except UnicodeDecodeError:
        return True
    return any(opcode.name in strings and not argument.isascii() for opcode, argument, _ in operations)


def write(makers, target):
    """The manifest and the archives; a family's pickles stand in the manifest's order."""
    known = sorted({version for picklers in makers.values() for versions in picklers.values() for version in versions})
    rows = []
    archives = collections.defaultdict(bytearray)
    offsets = {}
    for (family, case, protocol, cyclic, flags, data), picklers in sorted(makers.items()):
        if (family, data) not in offsets:
            offsets[family, data] = len(archives[family])
            archives[family] += data
        if needs_encoding(data):
            flags = ' '.join(flags.replace('-', '').split() + ['encoding'])
        who = ' '.join('%s:%s' % (name, versions_text(versions, known)) for name, versions in sorted(picklers.items()))
        rows.append((family, case, protocol, who, cyclic, flags, offsets[family, data], len(data)))
    pickles = target / 'pickles'
    pickles.mkdir(exist_ok=True)
    for old in pickles.glob('*.pickles'):
        old.unlink()
    for family, archive in archives.items():
        (pickles / (family + '.pickles')).write_bytes(archive)
    lines = ['\t'.join(map(str, row)) for row in [COLUMNS] + rows]
    (target / 'manifest.tsv').write_text('\n'.join(lines) + '\n', encoding='ascii')
    print('%d rows, %d bytes of pickles' % (len(rows), sum(map(len, archives.values()))))


if __name__ == '__main__':
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    write(collect(sys.argv[1:]), HERE)
