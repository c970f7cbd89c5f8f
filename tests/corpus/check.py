"""Holds the judge against the corpus, without any Rust.

    check.py PYTHON ...         interpreters; each is asked about the pickles that it made

Every pickle must be the same as itself, and the same as what Python makes of it when it pickles it again, under each
protocol, with each pickler. Where Python itself does not manage that, the reason is listed, with its count.
"""
import collections
import csv
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent


class Judge:
    """A judge, asked one question at a time."""

    def __init__(self, python):
        self.process = subprocess.Popen([python, HERE.parent / 'python' / 'judge.py'], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *words):
        self.process.stdin.write(' '.join(words) + '\n')
        self.process.stdin.flush()
        verdict, *rest = self.process.stdout.readline().rstrip('\n').split(' ')
        if verdict == 'error':
            raise ValueError('%s: %s' % (rest[0], bytes.fromhex(rest[1]).decode()))
        return rest[0]

    def text(self, *words):
        return bytes.fromhex(self.ask(*words)).decode()


def rows():
    with open(HERE / 'manifest.tsv', encoding='ascii', newline='') as file:
        return list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))


def made_by(version, makers):
    """Whether a version, as (3, 9), is among the makers of a row."""
    for word in makers.split():
        for run in word.split(':')[1].split(','):
            first, last = (tuple(map(int, bound.split('.'))) for bound in (run.split('-') * 2)[:2])
            if first <= version <= last:
                return True
    return False


def options(flags):
    """What the judge must be told to load a pickle with these flags."""
    return [word for word in flags.split() if word.startswith(('buffers=', 'fix_imports='))]


def check(python):
    """The checks that were done, and the failures: text -> count and an example."""
    judge = Judge(python)
    version = tuple(map(int, judge.text('version').split('.')))
    protocols = range(3 if version < (3,) else 5 if version < (3, 8) else 6)
    failures = collections.defaultdict(list)
    checks = 0
    for row in rows():
        if not made_by(version, row['makers']):
            continue
        archive = (HERE / 'pickles' / (row['family'] + '.pickles')).read_bytes()
        pickled = archive[int(row['offset']):][:int(row['length'])].hex()
        what = '%s %s, protocol %s' % (row['family'], row['case'], row['protocol'])
        load = options(row['flags'])
        original = judge.text('canon', *load, pickled)
        if judge.text('same', *load, pickled, pickled) != 'True':
            failures['not the same as itself'].append(what)
        if judge.text('cyclic', *load, pickled) != str(row['cyclic'] == 'cyclic'):
            failures['shape differs from the manifest'].append(what)
        for protocol in protocols:
            for implementation in ('C', 'Python'):
                checks += 1
                try:
                    again = judge.ask('redump', 'impl=' + implementation, *load, pickled, str(protocol))
                    if judge.text('canon', 'impl=' + implementation, *load, again) != original:
                        failures['differs after protocol %d' % protocol].append(what)
                except ValueError as error:
                    failures['protocol %d: %s' % (protocol, str(error)[:80])].append(what)
    judge.process.stdin.close()
    judge.process.wait()
    return version, checks, failures


if __name__ == '__main__':
    with ThreadPoolExecutor() as pool:
        for version, checks, failures in pool.map(check, sys.argv[1:]):
            print('%d.%d: %d redumps' % (*version, checks))
            for reason, cases in sorted(failures.items()):
                print('    %4d  %s, as %s' % (len(cases), reason, cases[0]))
