"""Writes the pickles in `examples/data`, with any CPython from 3.7 on.

    python3 examples/python/make_data.py            writes them
    python3 examples/python/make_data.py --check    checks that they load to what would be written
"""
import pathlib
import pickle
import sys

from library import Author, Book, Genre
from shapes import Circle, Label, Square, Triangle

FOLDER = pathlib.Path(__file__).resolve().parent.parent / 'data'

knuth = Author('Donald Knuth', 1938)
lem = Author('Stanisław Lem', 1921)

PICKLES = {
    'books': [
        Book('The TeXbook', knuth, Genre.SCIENCE, '0-201-13448-9', {'typography': 5}),
        Book('Surreal Numbers', knuth, Genre.FICTION, None, {'mathematics': 5, 'plot': 3}),
        Book('Solaris', lem, Genre.FICTION),
    ],
    'shapes': [Circle(0.5), Square(3.0)],
    # What Rust refuses, for two different reasons.
    'triangle': [Circle(0.5), Triangle(3.0, 4.0)],
    'label': [Circle(0.5), Label('not a shape')],
}


def main(check):
    for name, value in PICKLES.items():
        path = FOLDER / (name + '.pickle')
        if not check:
            path.write_bytes(pickle.dumps(value, 4))
        elif pickle.loads(path.read_bytes()) != value:
            sys.exit('%s holds something else' % path)


if __name__ == '__main__':
    main('--check' in sys.argv[1:])
