"""One class for each way in which Python lets an instance be pickled.

The corpus holds instances of these classes, so every interpreter that is asked about the corpus imports
this one file: it is written in the language that 2.7 and 3.6 to 3.13 have in common. What a version
lacks is simply not defined there. Importing the module registers its extension codes and reducers.
"""
import collections
import sys

try:
    import copyreg
except ImportError:
    import copy_reg as copyreg
try:
    import enum
except ImportError:
    enum = None
try:
    from dataclasses import dataclass, field
except ImportError:
    dataclass = None
try:
    from pickle import PickleBuffer
except ImportError:
    PickleBuffer = None

if sys.version_info[0] == 2:
    text, long = unicode, long  # noqa: F821
else:
    text, long = str, int

CONTENT = (list, dict, set, frozenset, tuple, text, bytes, bytearray, int, long, float, complex)


def content(obj):
    """The value that an instance has from its builtin base, as that base; None if it has no such base."""
    if isinstance(obj, BaseException):
        return obj.args
    for base in CONTENT:
        if isinstance(obj, base):
            # Asked of the base: a subclass may define conversion and iteration anew.
            if base in (list, set, frozenset, tuple):
                return base(base.__iter__(obj))
            if base is dict:
                return dict((key, dict.__getitem__(obj, key)) for key in dict.__iter__(obj))
            if base is bytearray:
                return bytearray(memoryview(obj))
            if base is complex:
                return complex(obj.real, obj.imag)
            return base.__getnewargs__(obj)[0]
    return None


def slots(obj):
    """The slots of an instance that are set."""
    names = copyreg._slotnames(type(obj))
    return [(name, getattr(obj, name)) for name in names if hasattr(obj, name)]


class Comparable(object):
    """Equal if of the same class, with the same content, attributes and slots."""

    __slots__ = ()

    def __eq__(self, other):
        return type(self) is type(other) and self._facts() == other._facts()

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        # Instances are hashed as keys before their state has been restored, so state must not matter.
        return sum(bytearray(type(self).__name__.encode('ascii')))

    def __repr__(self):
        return '%s%r' % (type(self).__name__, self._facts())

    def _facts(self):
        return content(self), getattr(self, '__dict__', None), slots(self)


class Plain(Comparable):
    """Attributes in __dict__, nothing else."""

    def __init__(self, **attributes):
        for name in sorted(attributes):
            setattr(self, name, attributes[name])


class Child(Plain):
    """A subclass of a Python class."""


class Key(Comparable):
    """May be in a set, and gets its value by __reduce__, before that: as a key in a cycle must."""

    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return Key, (self.value,)


# Slots

class Slots(Comparable):
    __slots__ = ('x', 'y')

    def __init__(self, **attributes):
        for name in sorted(attributes):
            setattr(self, name, attributes[name])


class SlotsAndDict(Slots):
    __slots__ = ('z', '__dict__')


class SlotsBelowDict(Slots):
    """No __slots__ of its own: slots of the base, and a __dict__."""


class SlotsSingle(Slots):
    """__slots__ that is a string."""
    __slots__ = 'z'


class SlotsMangled(Comparable):
    __slots__ = ('__secret', '_open')

    def __init__(self, secret):
        self.__secret = secret


class SlotsState(Slots):
    """Slots that can be pickled at any protocol."""
    __slots__ = ()

    def __getstate__(self):
        return [self.x, self.y]

    def __setstate__(self, state):
        self.x, self.y = state


class SlotsList(Comparable, list):
    __slots__ = ('x',)


# __getstate__ and __setstate__

class StateDict(Plain):
    """State is a dict, but not the __dict__."""

    def __getstate__(self):
        return dict(self.__dict__, cached=None)

    def __setstate__(self, state):
        del state['cached']
        self.__dict__.update(state)


class StateTuple(Plain):
    """State is a tuple of three, which no default rule could apply."""

    def __getstate__(self):
        return self.x, self.y, 'v1'

    def __setstate__(self, state):
        self.x, self.y, _ = state


class StatePair(Plain):
    """State is a pair (None, dict) and there is no __setstate__: it is taken apart like slots."""

    def __getstate__(self):
        return None, dict(self.__dict__)


class StateGiven(Plain):
    """State is whatever was given, so that each kind of falsy state can be had.

    None, and in protocols 0 and 1 everything falsy, is not written: the instance then comes back bare.
    """

    def __init__(self, state):
        self.state = state

    def __getstate__(self):
        return self.__dict__.get('state')

    def __setstate__(self, state):
        self.state = state


class StateOnlyGet(Plain):
    """__getstate__ without __setstate__."""

    def __getstate__(self):
        return {'x': self.x, 'extra': 1}


class StateOnlySet(Plain):
    """__setstate__ without __getstate__."""

    def __setstate__(self, state):
        self.__dict__.update(state, restored=True)


# __reduce__ and __reduce_ex__

class Reduced(Plain):
    """What the classes that reduce by hand restore themselves with."""

    def append(self, item):
        self.__dict__.setdefault('items', []).append(item)

    def extend(self, items):
        for item in items:
            self.append(item)

    def __setitem__(self, key, value):
        self.__dict__.setdefault('table', []).append((key, value))


class Reduce2(Reduced):
    def __init__(self, x, y=0):
        self.x, self.y = x, y

    def __reduce__(self):
        return type(self), (self.x, self.y)


class Reduce3(Reduce2):
    def __reduce__(self):
        return type(self), (self.x,), {'y': self.y}


class Reduce3Set(Reduce2):
    """State that is no dict, for a __setstate__."""

    def __reduce__(self):
        return type(self), (self.x,), self.y

    def __setstate__(self, state):
        self.y = state


class Reduce4(Reduce2):
    """Items by append or extend, one or many, and no state."""

    def __reduce__(self):
        return type(self), (self.x, self.y), None, iter(self.__dict__.get('items', ()))


class Reduce4State(Reduce2):
    """State and items: pickle appends the items first."""

    def __reduce__(self):
        return type(self), (self.x,), {'y': self.y}, iter(self.__dict__.get('items', ()))


class Reduce5(Reduce2):
    """Pairs by __setitem__, and no list items."""

    def __reduce__(self):
        return type(self), (self.x, self.y), None, None, iter(self.__dict__.get('table', ()))


class Reduce5All(Reduce2):
    def __reduce__(self):
        items, table = self.__dict__.get('items', ()), self.__dict__.get('table', ())
        return type(self), (self.x,), {'y': self.y}, iter(items), iter(table)


def set_state(obj, state):
    """A state setter, the sixth element of a reduction."""
    obj.y, obj.setter = state['y'], 'set_state'


class Reduce6(Reduce2):
    def __reduce__(self):
        return type(self), (self.x,), {'y': self.y}, None, None, set_state


class Reduce6All(Reduce2):
    def __reduce__(self):
        items, table = self.__dict__.get('items', ()), self.__dict__.get('table', ())
        return type(self), (self.x,), {'y': self.y}, iter(items), iter(table), set_state


class ReduceString(Plain):
    """Reduces to the name of a global."""

    def __reduce__(self):
        return 'REDUCE_STRING'


REDUCE_STRING = ReduceString(x=1)


class ReduceEx(Reduce2):
    """What comes back tells under which protocol it was pickled."""

    def __reduce_ex__(self, protocol):
        return type(self), (self.x, protocol)


class ReduceNoArguments(Reduced):
    def __reduce__(self):
        return make_reduced, ()


def make_reduced():
    """A callable that is a function, not a class."""
    made = ReduceNoArguments()
    made.made = True
    return made


class ReduceNested(Reduce2):
    """Its callable is the method of a nested class."""

    def __reduce__(self):
        return Outer.Inner.make, (self.x,)


# __getnewargs__ and __getnewargs_ex__

class NewArgs(Comparable):
    def __new__(cls, x, y):
        self = super(NewArgs, cls).__new__(cls)
        self.made_from = (x, y)
        return self

    def __getnewargs__(self):
        return self.made_from


class NewArgsInt(Comparable, int):
    """An int whose __new__ takes more than its value."""

    def __new__(cls, value, unit):
        self = super(NewArgsInt, cls).__new__(cls, value)
        self.unit = unit
        return self

    def __getnewargs__(self):
        return int(self), self.unit


class NewArgsEx(Comparable):
    """Keyword arguments: NEWOBJ_EX, functools.partial in protocols 2 and 3, and lost in protocols 0 and 1."""
    made_from = (), []

    def __new__(cls, *args, **kwargs):
        self = super(NewArgsEx, cls).__new__(cls)
        self.made_from = (args, sorted(kwargs.items()))
        return self

    def __getnewargs_ex__(self):
        return self.made_from[0], dict(self.made_from[1])

    def __getstate__(self):
        return {'extra': self.extra} if hasattr(self, 'extra') else None


# copyreg

class Registered(Plain):
    pass


class Extended1(Plain):
    pass


class Extended2(Plain):
    pass


class Extended4(Plain):
    pass


def make_registered(attributes):
    return Registered(**dict(attributes))


def reduce_registered(obj):
    return make_registered, (sorted(obj.__dict__.items()),)


copyreg.pickle(Registered, reduce_registered)
EXTENSIONS = (('Extended1', 0xf0), ('Extended2', 0x1234), ('Extended4', 0x12345678))
for _name, _code in EXTENSIONS:
    copyreg.add_extension(__name__, _name, _code)


# Subclasses of builtins

class List(Comparable, list):
    pass


class Dict(Comparable, dict):
    pass


class Set(Comparable, set):
    pass


class FrozenSet(Comparable, frozenset):
    pass


class Tuple(Comparable, tuple):
    pass


class Text(Comparable, text):
    pass


class Bytes(Comparable, bytes):
    pass


class ByteArray(Comparable, bytearray):
    pass


class Int(Comparable, int):
    pass


class Long(Comparable, long):
    pass


class Float(Comparable, float):
    pass


class Complex(Comparable, complex):
    pass


class Ordered(collections.OrderedDict):
    pass


class Default(collections.defaultdict):
    pass


class Deque(collections.deque):
    pass


class MetaClass(type):
    """An ordinary metaclass: its classes are pickled by name."""


Metaclassed = MetaClass('Metaclassed', (Plain,), {'__module__': __name__})


def with_attributes(obj, **attributes):
    """`obj` after its attributes have been set: an expression for what takes statements."""
    for name in sorted(attributes):
        setattr(obj, name, attributes[name])
    return obj


# Old-style classes in 2.7, ordinary ones in 3.x

class Classic:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __eq__(self, other):
        return self.__class__ is getattr(other, '__class__', None) and self.__dict__ == other.__dict__

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return 7

    def __repr__(self):
        return '%s(%r)' % (self.__class__.__name__, self.__dict__)


class ClassicInit(Classic):
    """Old-style, with arguments for __init__."""

    def __init__(self, x):
        self.x = x

    def __getinitargs__(self):
        return (self.x,)


class ClassicInitEmpty(Classic):
    """Old-style, with __getinitargs__ that has no arguments: __init__ runs all the same in 2.7's p0."""

    def __init__(self):
        pass

    def __getinitargs__(self):
        return ()


class ClassicState(Classic):
    def __getstate__(self):
        return ('state', self.x)

    def __setstate__(self, state):
        self.x = state[1]


# Names

class Outer(Plain):
    """Nested classes; 2.7 cannot find them by name."""

    class Inner(Plain):
        class Leaf(Plain):
            def method(self):
                return self

        @staticmethod
        def make(x):
            return ReduceNested(x)

        @classmethod
        def of_class(cls):
            return cls


def function():
    return 'called'


Point = collections.namedtuple('Point', 'x y')


class PointPlus(Point):
    """A subclass of a namedtuple, with a __dict__."""


class Error(Comparable, Exception):
    pass


class ErrorInit(Comparable, Exception):
    """Its __init__ takes what `args` then does not hold: attributes restore it."""

    def __init__(self, message='', code=0):
        super(ErrorInit, self).__init__(message)
        self.code = code


if enum:
    class Color(enum.Enum):
        RED = 1
        GREEN = 2
        CRIMSON = 1

    class Planet(enum.Enum):
        """Values that are tuples."""
        EARTH = (5.97, 6.37)
        MARS = (0.64, 3.39)

    class Mood(str, enum.Enum):
        GOOD = 'good'
        BAD = 'bad'

    class Level(enum.IntEnum):
        LOW = 1
        HIGH = 10

    class Nest(enum.Enum):
        """Its members' values are members of another."""
        RED = Color.RED

    class Ordinal(enum.Enum):
        """Reduced by name, by hand."""
        FIRST = 1

        def __reduce_ex__(self, protocol):
            return getattr, (type(self), self.name)

    class Home(Plain):
        class Room(enum.Enum):
            KITCHEN = 1

    class Perm(enum.Flag):
        R = 4
        W = 2
        X = 1

    class Bits(enum.IntFlag):
        ONE = 1
        TWO = 2
        FOUR = 4

    if hasattr(enum, 'StrEnum'):
        class Word(enum.StrEnum):
            YES = 'yes'
            NO = 'no'

if dataclass:
    # Annotations have no syntax in 2.7, but they have a name.
    XY = collections.OrderedDict((('x', int), ('y', int)))

    @dataclass
    class Data(object):
        __annotations__ = XY
        y = 0

    @dataclass
    class DataDefault(object):
        __annotations__ = {'items': list}
        items = field(default_factory=list)

    @dataclass
    class DataChild(Data):
        __annotations__ = {'z': int}
        z = 3

    @dataclass(frozen=True)
    class DataFrozen(object):
        __annotations__ = XY

    if sys.version_info >= (3, 10):
        @dataclass(slots=True)
        class DataSlots(object):
            __annotations__ = XY

        @dataclass(frozen=True, slots=True)
        class DataFrozenSlots(object):
            __annotations__ = XY

        @dataclass(kw_only=True)
        class DataKeyword(object):
            __annotations__ = XY

if PickleBuffer:
    class Raster(Plain):
        """Its pixels leave the stream from protocol 5 on, if the pickler is told so."""

        def __init__(self, pixels):
            self.pixels = pixels

        def __reduce_ex__(self, protocol):
            pixels = PickleBuffer(self.pixels) if protocol >= 5 else self.pixels
            return make_raster, (pixels,)

    def make_raster(pixels):
        with memoryview(pixels) as view:
            return Raster(bytes(view) if view.readonly else bytearray(view))


class Persistent(Plain):
    """Stands outside of the pickle: only its id is written."""

    def __init__(self, pid):
        self.pid = pid
