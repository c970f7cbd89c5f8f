"""Writes the pickles in `examples/data`, with any CPython from 3.8 on.

    python3 examples/python/make_data.py            writes them
    python3 examples/python/make_data.py --check    checks that they load to what would be written
"""
import pathlib
import pickle
import sys

import old_settings
from clock import duration
from filters import Reversed, Upper
from instances import C
from library import Author, Book, Genre
from points import Point
from processors import DataProcessor
from recipe import code, shout
from rot13 import Rot13
from settings import Config
from shapes import Circle, Label, Square, Triangle
from trays import SPARE, Tray
from vectors import Vector

FOLDER = pathlib.Path(__file__).resolve().parent.parent / 'data'

knuth = Author('Donald Knuth', 1938)
lem = Author('Stanisław Lem', 1921)

processor = DataProcessor('night_shift')
processor.count_words('to be or not to be')

tray = Tray('nuts')
tray.note = 'OF STEEL'
tray.parts = ['m4', 'm6']
tray.prices = {'m4': 7, 'm6': 9}

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
    # Names that Rust does not know.
    'reversed': [Upper(), Reversed()],
    'rot13': [Upper(), Rot13()],
    # A function by value, and one by name.
    'functions': (code('praise', ['whom'], 'whom + " is great"'), shout),
    'durations': [duration(36), duration(0, 1, 30)],
    'point': Point(-1, 7),
    'processor': processor,
    'vectors': [Vector(1, 0, 0), Vector(0, 1, 0)],
    'instances': [C(3), C(4)],
    'trays': [tray, SPARE],
    # What the first version wrote, the second, and today's.
    'config-1': old_settings.Config('verbose'),
    'config-2': old_settings.Config({'debug': True}),
    'config-3': Config('debug', True),
    'window-1': old_settings.Window('Editor', (800, 600)),
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
