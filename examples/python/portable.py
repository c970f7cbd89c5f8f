# -*- coding: utf-8 -*-
"""The classes of `portable`, for any Python from 2.7 on."""
from __future__ import unicode_literals

import pickle
import sys

try:
    import copyreg
except ImportError:  # Python 2
    import copy_reg as copyreg


class Value(object):
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None


class Album(Value):
    pass


class Artist(Value):
    pass


class Track(Value):
    pass


class Price(Value):
    pass


def price(cents):
    return Price(cents=cents)


copyreg.pickle(Price, lambda it: (price, (it.cents,)))

artist = Artist(name='Sofía Gubaidulina', born=1931)
album = Album(
    title='Offertorium',
    artist=artist,
    tracks=[Track(title='Konzert', artist=artist, minutes=34.5)],
    tags={'violin', 'orchestra'},
    price=price(1799),
    copies=2 ** 70,
    label=None,
)


def load_and_dump():
    """Loads an album in each protocol, checks it, and dumps one in each."""
    stdin = getattr(sys.stdin, 'buffer', sys.stdin)
    stdout = getattr(sys.stdout, 'buffer', sys.stdout)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        loaded = pickle.load(stdin)
        assert loaded == album and loaded.tracks[0].artist is loaded.artist, protocol
        pickle.dump(album, stdout, protocol)
