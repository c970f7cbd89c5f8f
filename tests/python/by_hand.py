"""Classes that say themselves how they are reduced: with two to six elements, by name, by keyword.

Run by 2.7 too, which knows no sixth element.
"""
import functools


class Tray(object):
    """Takes whatever a reduction can add; `kind` says how much of it there is."""

    def __init__(self, kind):
        self.kind = kind
        self.label = None
        self.items = []
        self.entries = {}

    def append(self, item):
        self.items.append(item)

    def extend(self, items):
        self.items.extend(items)

    def __setitem__(self, key, value):
        self.entries[key] = value

    def __setstate__(self, state):
        self.label = state

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None

    def __repr__(self):
        return 'filled(%r, %r, %r, %r)' % (self.kind, self.label, self.items, self.entries)

    def __reduce__(self):
        elements = (
            tray,
            (self.kind,),
            self.label,
            iter(self.items),
            iter(sorted(self.entries.items())),
            set_label,
        )
        if self.kind == 'keyword':
            return functools.partial(tray, kind=self.kind), ()
        return elements[:{'two': 2, 'three': 3, 'four': 4, 'five': 5, 'six': 6}[self.kind]]


def tray(kind):
    return Tray(kind)


def set_label(tray, label):
    tray.label = label


def filled(kind, label, items, entries):
    made = Tray(kind)
    made.label = label
    made.items = items
    made.entries = entries
    return made


class Nothing(object):
    """Its one instance is found by name."""

    def __reduce__(self):
        return 'NOTHING'

    def __repr__(self):
        return 'NOTHING'


NOTHING = Nothing()


class Volume(object):
    """Called to be made, as classes usually are by their own `__reduce__`."""

    def __init__(self, width, height=1, depth=1):
        self.size = (width, height, depth)

    def __eq__(self, other):
        return type(self) is type(other) and self.size == other.size

    __hash__ = None

    def __repr__(self):
        return 'Volume%r' % (self.size,)

    def __reduce__(self):
        return Volume, self.size


class Flat(Volume):
    """The same with fewer arguments."""

    def __reduce__(self):
        return Volume, self.size[:1]


class Log(object):
    """Its state is not its attributes."""

    def __init__(self):
        self.lines = []

    def __getstate__(self):
        return '\n'.join(self.lines)

    def __setstate__(self, state):
        self.lines = state.split('\n')

    def __eq__(self, other):
        return type(self) is type(other) and self.lines == other.lines

    __hash__ = None

    def __repr__(self):
        return 'log(%r)' % (self.lines,)


def log(lines):
    made = Log()
    made.lines = lines
    return made
