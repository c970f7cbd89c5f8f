"""Functions that pickles call, and functions that are pickled themselves, for 2.7 and 3.6 to 3.13.

Each class here is pickled as the call that its docstring names.
"""
import functools
import sys

from geometry import Record


class Connection(Record):
    """connect(host, port, timeout)"""

    def __init__(self, host, port, timeout):
        self.host = host
        self.port = port
        self.timeout = timeout

    def __reduce__(self):
        return connect, (self.host, self.port, self.timeout)


class Lazy(Connection):
    """connect_lazily(host, timeout=timeout)"""

    def __reduce__(self):
        return functools.partial(connect_lazily, self.host, timeout=self.timeout), ()


class Grid(Record):
    """Grid.of_zeros(size), which is a static method"""

    def __init__(self, cells):
        self.cells = cells

    @staticmethod
    def of_zeros(size):
        return Grid([0] * size)

    def __reduce__(self):
        return Grid.of_zeros, (len(self.cells),)


class Stamp(Record):
    """Stamp.from_minutes(minutes), which is a class method"""

    def __init__(self, seconds):
        self.seconds = seconds

    @classmethod
    def from_minutes(cls, minutes):
        return cls(60 * minutes)

    def __reduce__(self):
        return Stamp.from_minutes, (self.seconds // 60,)


class Note(Record):
    """note(), then set_text(note, (text, author)); before 3.8, note(text, author)"""

    def __init__(self, text, author):
        self.text = text
        self.author = author

    def __reduce__(self):
        state = self.text, self.author
        if sys.version_info < (3, 8):
            return note, state
        return note, (), state, None, None, set_text


def connect(host, port=5432, timeout=None):
    return Connection(host, port, timeout)


def connect_lazily(host, port=5432, timeout=None):
    return Lazy(host, port, timeout)


def note(text='', author=''):
    return Note(text, author)


def set_text(note, state):
    note.text, note.author = state


def double(x):
    return 2 * x


def length(text):
    return len(text)
