"""What the corpus has pickles of: every case a family, a name, and a function that makes the object.

Read by each interpreter from 2.7 on; a case that needs more says so. The object is made anew for each
pickle and no name holds it: 2.7's C pickler writes memo entries by reference count.
"""
import array
import collections
import datetime
import decimal
import fractions
import functools
import math
import operator
import os
import re
import sys
import uuid

import geometry
import zoo
from zoo import long, text

PY2 = sys.version_info < (3,)
VERSION = sys.version_info[:2]

CASES = []


class Case(object):
    """`since` is the first version that has the case; `flags` tells a loader what it must provide."""

    def __init__(self, family, name, make, protocols, flags, options):
        self.family = family
        self.name = name
        self.make = make
        self.protocols = protocols
        self.flags = flags
        self.options = options


def case(family, name, make, since=(2, 7), until=(3, 99), protocols=range(6), flags='', **options):
    if since <= VERSION <= until:
        CASES.append(Case(family, name, make, protocols, flags, options))


def values(family, named, **conditions):
    """A case for each (name, value) of values that are immutable, or not changed by pickling."""
    for name, value in named:
        case(family, name, lambda value=value: value, **conditions)


def expressions(family, names, sources, **conditions):
    """A case for each Python expression, which is its name as well."""
    for source in sources:
        case(family, source, functools.partial(eval, source, names), **conditions)


# Atoms

BOUNDARIES = [0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, 2**32,
              2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64, 2**127, 10**100]
# The last that fits LONG1, the first that needs LONG4, and one of 300 bytes.
LONG_INTS = [2**2039 - 1, 2**2039, 2**2399 + 12345]

values('none', [('None', None), ('True', True), ('False', False)])
values('none', [('Ellipsis', Ellipsis), ('NotImplemented', NotImplemented)], since=(3, 6))
values('int', [('%#x' % number, number) for size in BOUNDARIES + LONG_INTS for number in sorted({size, -size})])
values('long', [('%dL' % number, long(number)) for number in (0, 1, -1, 255, 256, 2**31, -2**31, 2**63)],
       until=(2, 7))
values('float', [(repr(number), number) for number in (
    0.0, -0.0, 1.0, -1.0, 0.1, 1.5, 1e300, -1e300, 1e16, 123456789.125, 5e-324, 2.2250738585072014e-308,
    1.7976931348623157e+308, float('inf'), float('-inf'), float('nan'), math.pi, 1 / 3.0)])
values('complex', [(repr(number), number) for number in (0j, 1 + 2j, complex(-0.0, float('inf')))])

# Lengths at which the opcode changes. Only frames care for 65536 bytes: strings of that size leave them.
LENGTHS = (0, 1, 2, 255, 256, 257)
TEXTS = [
    ('nul', u'a\0b'), ('newline', u'a\nb'), ('return', u'a\r\nb'), ('backslash', u'a\\b\\u0041\\'),
    ('substitute', u'a\x1ab'), ('quotes', u'\'"'), ('tab', u'\t'), ('delete', u'\x7f\x80\x9f\xa0'),
    ('latin', u'caf\xe9'), ('latin-255', u'\xe9' * 127 + u'a'), ('latin-256', u'\xe9' * 128),
    ('greek', u'\u03c0'), ('cjk', u'\u65e5\u672c\u8a9e'), ('bom', u'\ufeffa'), ('noncharacter', u'\uffff'),
    ('emoji', u'\U0001f600'), ('last', u'\U0010ffff'), ('high-plane-escape', u'<\\\U00012345>'),
    ('combining', u'e\u0301'), ('line-separator', u'a\u2028b\x85c'),
    ('lone-high-surrogate', u'a\ud800b'), ('lone-low-surrogate', u'\udc80'), ('reversed-surrogates', u'\udc00\ud800'),
]
values('str', [('length-%d' % length, u'x' * length) for length in LENGTHS] + TEXTS)
values('str', [('length-%d' % length, u'x' * length) for length in (65535, 65536)], protocols=(4,))

BYTES = [('every-byte', bytes(bytearray(range(256)))), ('quotes', b'\'"'), ('escapes', b'\\n\n\\'),
         ('high', b'\x80\xff'), ('nul', b'\0')]
values('bytes', [('length-%d' % length, b'x' * length) for length in LENGTHS] + BYTES)
values('bytes', [('length-65536', b'x' * 65536)], protocols=(4,))
for _name, _value in [('length-%d' % length, b'x' * length) for length in LENGTHS] + BYTES:
    case('bytearray', _name, lambda value=_value: bytearray(value))
case('bytearray', 'length-65536', lambda: bytearray(65536), protocols=(5,))


# Containers. Pickle writes items in batches of 1000.

for _size in (0, 1, 2, 3, 4, 5, 999, 1000, 1001, 2000, 2001):
    case('list', 'size-%d' % _size, lambda size=_size: [None] * size)
for _size in (0, 1, 2, 3, 4, 5, 1000, 1001, 2001):
    case('dict', 'size-%d' % _size, lambda size=_size: dict.fromkeys(range(size)))
    case('set', 'size-%d' % _size, lambda size=_size: set(range(size)))
for _size in (0, 1, 2, 3, 4, 5, 1001):  # no batches in these
    case('frozenset', 'size-%d' % _size, lambda size=_size: frozenset(range(size)))
    case('tuple', 'size-%d' % _size, lambda size=_size: (None,) * size)


def deep(make, levels):
    obj = make(None)
    for _ in range(levels):
        obj = make(obj)
    return obj


expressions('nested', globals(), [
    '[[]]', '[[], [[]], [[], [[]]]]', '{}', '{1: {2: {}}}', '((),)', '(((1,), 2), 3, (4, 5, (6, 7, 8, 9)))',
    '[1, (2, {3: [4, (5,)]})]', '{(1, 2): frozenset([3]), None: set([4])}', '{"a": 1, "b": [2, 3]}',
    '{u"k": u"v", b"k": b"v"}', '{True: False, 2: None, 3.5: 4.5}', 'frozenset([frozenset([()])])',
    'set([(1, (2, 3))])', '[-1, 1.5, u"text", b"bytes", None, True]', '[{}, set(), (), [], frozenset()]',
    'deep(lambda inner: [inner], 100)', 'deep(lambda inner: (inner,), 100)', 'deep(lambda inner: {1: inner}, 100)',
    'list(range(300))', '[[number] for number in range(300)]', '[u"s%d" % number for number in range(300)]',
    '[float(number) for number in range(20)]'])


# Sharing

def shared(obj):
    """The same object in each place where an object may stand."""
    return [obj, obj, (obj, 1), {1: obj}, zoo.Plain(a=obj, b=obj)]


for _name, _make in [
        ('list', lambda: []), ('dict', lambda: {1: 2}), ('set', lambda: {1}), ('frozenset', lambda: frozenset([1])),
        ('tuple', lambda: (1, 2)), ('empty-tuple', lambda: ()), ('tuple-of-list', lambda: ([],)),
        ('str', lambda: u'sh\xe4red'), ('bytes', lambda: bytes(bytearray(b'shared'))),
        ('bytearray', lambda: bytearray(b'shared')), ('int', lambda: 10**30), ('float', lambda: 2.5),
        ('instance', lambda: zoo.Plain(x=1)), ('reduced', lambda: zoo.Reduce2(1)), ('class', lambda: zoo.Plain),
        ('text-subclass', lambda: zoo.Text(u'a')), ('global', lambda: zoo.function)]:
    case('shared', _name, lambda make=_make: shared(make()))


def shared_late():
    """A memo of more than 256 entries, of which early and late ones are referred to."""
    lists = [[number] for number in range(300)]
    return lists + lists[:3] + lists[253:260] + lists[-3:]


case('shared', 'memo-over-256', shared_late)
case('shared', 'equal-not-same', lambda: [[], [], {}, {}, ([],), ([],)])
case('shared', 'attribute-names', lambda: [zoo.Plain(name=number, other=None) for number in range(4)])
case('shared', 'dag', lambda: deep(lambda inner: [inner, inner], 20))
case('shared', 'tuple-dag', lambda: deep(lambda inner: (inner, inner), 20))
case('shared', 'points', lambda: (lambda end: [geometry.Line(geometry.Point(0, 0), end),
                                               geometry.Line(end, geometry.Point(2, 2))])(geometry.Point(1, 1)))


# Cycles: (name, made empty, how to put an item in)

def put_append(holder, item):
    holder.append(item)


def put_key(holder, item):
    holder[1] = item


def put_attribute(holder, item):
    holder.attr = item


def put_in_set(holder, item):
    holder.add(item)


HOLDERS = [
    ('list', list, put_append), ('dict', dict, put_key), ('instance', zoo.Plain, put_attribute),
    ('list-subclass', zoo.List, put_append), ('dict-subclass', zoo.Dict, put_key),
    ('state', lambda: zoo.StateGiven(None), lambda holder, item: setattr(holder, 'state', item)),
    ('reduced-state', lambda: zoo.Reduce3(1), lambda holder, item: setattr(holder, 'y', item)),
    ('reduced-items', lambda: zoo.Reduce4(1), put_append), ('reduced-pairs', lambda: zoo.Reduce5(1), put_key),
    ('reduced-setter', lambda: zoo.Reduce6(1), lambda holder, item: setattr(holder, 'y', item)),
    ('old-style', zoo.Classic, put_attribute), ('slots', zoo.Slots, lambda holder, item: setattr(holder, 'x', item)),
    ('deque', collections.deque, put_append), ('ordered', collections.OrderedDict, put_key),
    ('default', collections.defaultdict, put_key), ('extended', zoo.Extended1, put_attribute),
]
WRAPPERS = [
    ('itself', lambda obj: obj), ('tuple', lambda obj: (obj,)), ('pair', lambda obj: (obj, obj)),
    ('five', lambda obj: (1, 2, obj, 3, 4)), ('list', lambda obj: [obj]), ('dict', lambda obj: {2: obj}),
    ('instance', lambda obj: zoo.Plain(inner=obj)), ('tuple-tuple', lambda obj: ((obj,), 1)),
]


def cycle(empty, put, wrap, outer):
    """A holder that holds itself in a wrapper; seen from the wrapper if `outer`."""
    holder = empty()
    wrapped = wrap(holder)
    put(holder, wrapped)
    return wrapped if outer else holder


for _holder, _empty, _put in HOLDERS:
    for _wrapper, _wrap in WRAPPERS:
        _flags = 'ext' if _holder == 'extended' else ''
        case('recursive', '%s-in-%s' % (_holder, _wrapper), functools.partial(cycle, _empty, _put, _wrap, False),
             flags=_flags)
        if _wrapper != 'itself':
            case('recursive', '%s-around-%s' % (_wrapper, _holder), functools.partial(cycle, _empty, _put, _wrap, True),
                 flags=_flags)


def keyed(empty, put, wrap, key_class, outer):
    """A container with a hashable instance in it that has the container; seen from the instance if `outer`."""
    holder = empty()
    key = key_class(value=wrap(holder))
    put(holder, key)
    return key if outer else holder


def put_as_key(holder, item):
    holder[item] = 1


for _name, _empty, _put in [('set', set, put_in_set), ('dict', dict, put_as_key), ('set-subclass', zoo.Set, put_in_set),
                            ('dict-subclass', zoo.Dict, put_as_key)]:
    for _wrapper, _wrap in WRAPPERS[:3]:
        for _kind, _class, _outer in [('with-key', zoo.Plain, False), ('in-key', zoo.Plain, True),
                                      ('with-reduced-key', zoo.Key, False)]:
            case('recursive', '%s-%s-%s' % (_name, _kind, _wrapper),
                 functools.partial(keyed, _empty, _put, _wrap, _class, _outer))


def held(hold, outer):
    """An instance with an immutable collection that contains the instance."""
    obj = zoo.Plain()
    obj.attr = hold([obj])
    return obj.attr if outer else obj


for _name, _hold in [('tuple', tuple), ('frozenset', frozenset), ('tuple-subclass', zoo.Tuple),
                     ('frozenset-subclass', zoo.FrozenSet), ('set', set),
                     ('namedtuple', lambda items: zoo.Point(items[0], 1)),
                     ('tuple-of-four', lambda items: (1, 2, 3) + tuple(items))]:
    case('recursive', 'instance-with-' + _name, functools.partial(held, _hold, False))
    case('recursive', _name + '-with-instance', functools.partial(held, _hold, True))


def multi():
    """List, instance, dict and back to the list."""
    obj = zoo.Plain()
    whole = [obj]
    obj.attr = {1: whole}
    return whole


def mutual():
    left, right = zoo.Plain(), zoo.Plain()
    left.other, right.other = right, left
    return [left, right]


def tree():
    root = geometry.Tree('root')
    geometry.Tree('leaf', geometry.Tree('branch', root))
    geometry.Tree('second', root)
    return root


def vertices():
    made = [geometry.Vertex(number) for number in range(4)]
    for number, vertex in enumerate(made):
        vertex.edges = [made[(number * step) % 4] for step in range(3)]
    return made[1]


case('recursive', 'multi', multi)
case('recursive', 'mutual', mutual)
case('recursive', 'linked', lambda: geometry.linked([1, 2, 3]))
case('recursive', 'linked-one', lambda: geometry.linked([1]))
case('recursive', 'linked-100', lambda: geometry.linked(range(100)))
case('recursive', 'tree', tree)
case('recursive', 'vertices', vertices)


# Instances. The source of each is its name.

def reduced(cls, items=(), pairs=(), **attributes):
    """An instance of one of the classes that reduce to items and pairs."""
    made = zoo.with_attributes(cls(1), **attributes)
    made.extend(items)
    for key, value in pairs:
        made[key] = value
    return made


ZOO = dict(vars(zoo), reduced=reduced, sys=sys)

expressions('plain', ZOO, [
    'Plain()', 'Plain(x=1)', 'Plain(x=1, y="two", z=[3])', 'Child(x=1)', 'Plain(inner=Plain(x=1), outer=None)',
    '[Plain(x=1), Plain(x=2)]', 'Metaclassed(x=1)', 'with_attributes(Plain(), **{"\\u00e9": 1})',
    'dict([(Plain(), 1)])'])
expressions('slots', ZOO, [
    'Slots()', 'Slots(x=1)', 'Slots(x=1, y=[2])', 'SlotsAndDict(x=1, z=2)', 'SlotsAndDict(x=1, y=2, z=3, more=4)',
    'SlotsAndDict(more=4)', 'SlotsBelowDict(x=1, more=2)', 'SlotsBelowDict()', 'SlotsSingle(x=1, z=2)',
    'SlotsMangled(1)', 'SlotsState(x=1, y=2)', 'SlotsList([1, 2])', 'with_attributes(SlotsList([1, 2]), x=3)'])
expressions('state', ZOO, [
    'StateDict()', 'StateDict(x=1)', 'StateTuple(x=1, y=2)', 'StatePair(x=1)', 'StatePair()', 'StateOnlyGet(x=1)',
    'StateOnlySet(x=1)', 'StateOnlySet()', 'StateGiven(None)', 'StateGiven(False)', 'StateGiven(0)', 'StateGiven(())',
    'StateGiven([])', 'StateGiven({})', 'StateGiven("")', 'StateGiven("text")', 'StateGiven([1])', 'StateGiven(1.5)',
    'StateGiven((1, 2))', 'StateGiven((None, {"x": 1}))', 'StateGiven({"x": 1})', 'StateGiven(Plain(x=1))'])
expressions('reduce', ZOO, [
    'Reduce2(1, 2)', 'Reduce2([1], {2: 3})', 'Reduce3(1, 2)', 'Reduce3Set(1, "y")', 'Reduce3Set(1, 0)',
    'reduced(Reduce4)', 'reduced(Reduce4, [1])', 'reduced(Reduce4, [1, 2])', 'reduced(Reduce4, range(1001))',
    'reduced(Reduce4State, [1, 2], y=3)', 'reduced(Reduce5, (), [(1, 2)])', 'reduced(Reduce5, (), [(1, 2), (3, 4)])',
    'reduced(Reduce5, (), [(number, None) for number in range(1001)])', 'reduced(Reduce5)',
    'reduced(Reduce5All, [1, 2], [(3, 4)], y=5)', 'reduced(Reduce5All, [1], (), y=None)',
    'ReduceEx("x")', 'REDUCE_STRING', '[REDUCE_STRING, REDUCE_STRING]', 'make_reduced()',
    '[Reduce2(1), Reduce2(1), Reduce3(1, 2)]'])
expressions('reduce', ZOO, [
    'Reduce6(1, 2)', 'reduced(Reduce6All, [1, 2], [(3, 4)], y=5)', '[Reduce6(1, 2), Reduce6(3, [])]'], since=(3, 8))
expressions('reduce', ZOO, ['ReduceNested(5)'], since=(3, 6))
expressions('newargs', ZOO, [
    'NewArgs(1, 2)', 'NewArgs([1], "y")', 'with_attributes(NewArgs(1, 2), more=3)', 'NewArgsInt(5, "m")',
    'NewArgsInt(-2**70, None)'])
expressions('newargs', ZOO, [
    'NewArgsEx()', 'NewArgsEx(1, 2)', 'NewArgsEx(a=1)', 'NewArgsEx(1, b=2, c=[3])',
    'with_attributes(NewArgsEx(1, b=2), extra="more")'], since=(3, 6))
expressions('copyreg', ZOO, ['Registered(x=1)', 'Registered()', '[Registered(x=1), Registered(x=2)]'])
expressions('extension', ZOO, [
    'Extended1(x=1)', 'Extended2(x=1)', 'Extended4(x=1)', 'Extended1', 'Extended2', 'Extended4',
    '[Extended1(x=1), Extended2(x=2), Extended4(x=3), Extended1()]'], flags='ext')
expressions('subclass', ZOO, [
    'List()', 'List([1])', 'List([1, 2])', 'List(range(1001))', 'with_attributes(List([1, 2]), x=3)',
    'with_attributes(List(), x=3)', 'Dict()', 'Dict({1: 2})', 'Dict({1: 2, 3: 4})',
    'Dict.fromkeys(range(1001))', 'with_attributes(Dict({1: 2}), x=3)', 'Set()', 'Set([1, 2])',
    'with_attributes(Set([1, 2]), x=3)', 'FrozenSet()', 'FrozenSet([1, 2])',
    'with_attributes(FrozenSet([1, 2]), x=3)', 'Tuple()', 'Tuple([1, 2])', 'Tuple([1, [2], 3, 4])',
    'with_attributes(Tuple([1, 2]), x=3)', 'Text()', 'Text(u"caf\\u00e9")', 'with_attributes(Text(u"a"), x=3)',
    'Bytes()', 'Bytes(b"\\x80a")', 'with_attributes(Bytes(b"a"), x=3)', 'ByteArray()', 'ByteArray(b"\\x80a")',
    'with_attributes(ByteArray(b"a"), x=3)', 'Int()', 'Int(5)', 'Int(-2**40)', 'with_attributes(Int(5), x=3)',
    'Long(2**70)', 'with_attributes(Long(2**70), x=3)', 'Float(0.1)', 'Float("-inf")',
    'with_attributes(Float(1.5), x=3)', 'Complex(1+2j)', 'with_attributes(Complex(1+2j), x=3)',
    'Ordered()', 'Ordered([(2, 1), (1, 2)])', 'with_attributes(Ordered([(2, 1)]), x=3)',
    'Default(list, {1: [2]})', 'with_attributes(Default(None, {1: 2}), x=3)', 'Deque([1, 2])',
    'Deque([1, 2], 5)', 'with_attributes(Deque([1]), x=3)', '[List([1]), List([2])]'])
expressions('classic', ZOO, [
    'Classic()', 'Classic(x=1)', 'ClassicInit(1)', 'ClassicInitEmpty()', 'with_attributes(ClassicInitEmpty(), x=1)',
    'with_attributes(ClassicInit([1]), y=2)', 'ClassicState(x=1)', 'Classic', '[Classic(x=1), Classic(x=2)]'])
expressions('nested-names', ZOO, [
    'Outer(x=1)', 'Outer', 'Plain', 'function', 'len', 'int', 'Plain(f=function, c=Plain)', 'MetaClass', 'Metaclassed',
    '[function, function]'])
expressions('nested-names', ZOO, [
    'Outer.Inner()', 'Outer.Inner(x=1)', 'Outer.Inner.Leaf(x=1)', 'Outer.Inner', 'Outer.Inner.Leaf', 'Outer.Inner.make',
    'Outer.Inner.of_class', 'Outer.Inner.Leaf(x=1).method', 'Outer.Inner.Leaf.method',
    '[Outer.Inner.Leaf(x=1), Outer.Inner.Leaf(x=2), Outer.Inner]', 'str.upper', '"text".upper', '[1, 2].append',
    'dict.fromkeys', 'bytes.maketrans', 'len.__call__', 'print', 'Plain(x=1).__init__'],
    since=(3, 6))
expressions('namedtuple', ZOO, [
    'Point(1, 2)', 'Point(x=[1], y=None)', 'PointPlus(1, 2)', 'with_attributes(PointPlus(1, 2), more=3)',
    '[Point(1, 2), Point(3, 4)]'])
expressions('enum', ZOO, [
    'Color.RED', 'Color.CRIMSON', '[Color.RED, Color.GREEN, Color.RED]', 'Color', 'Planet.EARTH', 'Mood.GOOD',
    'Level.HIGH', 'Nest.RED', 'Ordinal.FIRST', 'Home.Room.KITCHEN', 'Perm.R', 'Perm.R | Perm.W', 'Perm(0)', '~Perm.R',
    'Perm.R | Perm.W | Perm.X', 'Bits.ONE', 'Bits.ONE | Bits.FOUR', 'Bits(0)', 'Bits(8)', 'Bits.ONE | 16', '~Bits.ONE',
    '{Color.RED: Level.LOW, Mood.BAD: Perm.X}', 'Plain(color=Color.GREEN)'], since=(3, 6))
expressions('enum', ZOO, ['Word.YES'], since=(3, 11))
expressions('dataclass', ZOO, [
    'Data(1)', 'Data(1, [2])', 'DataDefault()', 'DataDefault([1])', 'DataChild(1, 2)', 'DataFrozen(1, 2)',
    '[DataFrozen(1, 2), DataFrozen([], {})]', 'Data(Data(1), DataFrozen(1, 2))'], since=(3, 7))
expressions('dataclass', ZOO, ['DataSlots(1, 2)', 'DataFrozenSlots(1, [2])', 'DataKeyword(x=1, y=2)'], since=(3, 10))
expressions('exception', ZOO, [
    'Exception()', 'ValueError("bad", 1)', 'KeyError("k")', 'OSError(2, "no such file")',
    'OSError(2, "no such file", "name")', 'IOError()', 'EnvironmentError(13, "denied")', 'ImportError("m")',
    'StopIteration(5)', 'SystemExit(3)', 'KeyboardInterrupt()', 'UnicodeDecodeError("ascii", b"\\xff", 0, 1, "bad")',
    'UnicodeEncodeError("ascii", u"\\u00e9", 0, 1, "bad")', 'RuntimeError', 'Error()', 'Error("message", 2)',
    'with_attributes(Error("message"), x=3)', 'ErrorInit("message", 5)', 'with_attributes(ValueError("a"), x=[1])'])
expressions('exception', ZOO, [
    'FileNotFoundError(2, "no such file", "name")', 'ModuleNotFoundError("m", name="m")', 'BlockingIOError()',
    'RecursionError("deep")', 'StopAsyncIteration()'], since=(3, 6))
expressions('exception', ZOO, ['ExceptionGroup("group", [ValueError(1), TypeError(2)])'], since=(3, 11))
expressions('geometry', vars(geometry), [
    'Point(1, 2)', 'Point(1.5, -2.5)', 'Line(Point(0, 0), Point(1, 1))', 'Circle(2)', 'Square(1.5)', 'Pair(1, "b")',
    'Drawing("title", [Circle(1.0), Square(2.0), Circle(3.0)])', 'Celsius(36.6)', 'Slotted(1, 2)', 'Color(2)',
    'Suit("hearts")', 'Access(1)', 'Event()', 'Point', 'Tree("root")'])
expressions('geometry', vars(geometry), [
    'Meters(value=3)', 'Event.Quit()', 'Event.Move(1, 2)', 'Event.Write("text", 5)', 'Access.READ | Access.WRITE',
    '[Color.RED, Color.GREEN, Color.BLUE]'], since=(3, 6))
expressions('geometry', vars(geometry), [
    'Frozen("origin", Point(0, 0))', 'Rectangle(1.5, 2.5)', 'Rectangle(1.0, 2.0, "label")'], since=(3, 7))


# The standard library

STDLIB = dict(
    array=array.array, OrderedDict=collections.OrderedDict, defaultdict=collections.defaultdict, os=os,
    Counter=collections.Counter, deque=collections.deque, datetime=datetime, Decimal=decimal.Decimal,
    Fraction=fractions.Fraction, UUID=uuid.UUID, math=math, operator=operator, partial=functools.partial,
    collections=collections, text=text)
if not PY2:
    import ipaddress
    import pathlib
    import types
    STDLIB.update(ipaddress=ipaddress, pathlib=pathlib, types=types, re=re)

expressions('collections', STDLIB, [
    'OrderedDict()', 'OrderedDict([(2, 1)])', 'OrderedDict([(2, 1), (1, 2)])',
    'defaultdict()', 'defaultdict(list)', 'defaultdict(list, {1: [2]})', 'defaultdict(int, {1: 2, 3: 4})', 'Counter()',
    'Counter(["a", "b", "a"])', 'deque()', 'deque([1])', 'deque([1, 2, 3])', 'deque([1, 2], 2)', 'deque([], 0)',
    'deque(range(1001))'])
expressions('collections', STDLIB, [
    'collections.ChainMap({1: 2}, {3: 4})', 'collections.UserDict({1: 2})', 'collections.UserList([1])',
    'collections.UserString("a")', 'types.SimpleNamespace(a=1, b=[2])', 'types.SimpleNamespace()'], since=(3, 6))
expressions('time', STDLIB, [
    'datetime.date(2024, 2, 29)', 'datetime.date.min', 'datetime.datetime(1999, 12, 31, 23, 59, 59, 999999)',
    'datetime.datetime.max', 'datetime.time(1, 2, 3, 4)', 'datetime.time()', 'datetime.timedelta(1, 2, 3)',
    'datetime.timedelta(-1)', 'datetime.timedelta.min', 'datetime.date(130, 10, 13)'])
expressions('time', STDLIB, [
    'datetime.timezone.utc', 'datetime.timezone(datetime.timedelta(hours=-5))',
    'datetime.timezone(datetime.timedelta(hours=1), "CET")', 'datetime.datetime(2024, 1, 1, fold=1)',
    'datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)', 'datetime.time(1, tzinfo=datetime.timezone.utc)',
    'datetime.time(2, 30, fold=1)', '[datetime.timezone.utc, datetime.timezone.utc]'], since=(3, 6))
expressions('number', STDLIB, [
    'Decimal("1.10")', 'Decimal("-Infinity")', 'Decimal("NaN")', 'Decimal(0)', 'Fraction(1, 3)', 'Fraction(-5)',
    'UUID(int=0x12345678123456781234567812345678)', 'array("i", [1, -2, 3])', 'array("d", [0.5])', 'array("B")',
    'array("d")', 'slice(1, 2, 3)', 'slice(None)', '[Decimal("1.1"), Decimal("2.2")]'])
expressions('number', STDLIB, [
    'array("u", "a\\u00e9")', 'array("q", [2**62])', 'array("f", [1.5])', 'range(5)', 'range(1, 100, 7)', 'range(0)',
    'pathlib.PurePosixPath("/usr/lib/a.txt")', 'pathlib.PurePosixPath("a")', 'pathlib.PurePosixPath()',
    'pathlib.PureWindowsPath("C:/a/b")', 'pathlib.PosixPath("/tmp")', 'ipaddress.ip_address("192.0.2.1")',
    'ipaddress.ip_address("2001:db8::1")', 'ipaddress.ip_network("192.0.2.0/24")',
    'ipaddress.ip_interface("192.0.2.1/24")', 're.compile("a+", re.I)'], since=(3, 6))
expressions('number', STDLIB, ['xrange(5)', 'xrange(1, 10, 3)', 'xrange(0)'], until=(2, 7))
expressions('callable', STDLIB, [
    'math.log', 'os.path.join', 'operator.itemgetter', 'partial(int, "10", base=2)', 'partial(len)', 'OrderedDict',
    'ValueError', 'OSError', 'text', 'bytes', 'list', 'dict', 'set', 'frozenset', 'object', 'type', 'complex', 'slice',
    'property', 'staticmethod'])
expressions('callable', STDLIB, [
    'type(None)', 'type(Ellipsis)', 'type(NotImplemented)', 'operator.itemgetter(1)', 'operator.attrgetter("a.b")',
    'operator.methodcaller("m", 1, k=2)', 'range', 'map', 'filter', 'zip', 'collections.UserDict',
    'ModuleNotFoundError', 'FileNotFoundError', 'iter([1, 2])', 'iter((1, 2))', 'iter("ab")', 'iter(range(3))',
    'reversed([1, 2])', 'bytes.fromhex', 'datetime.date.today'], since=(3, 6))
expressions('callable', STDLIB, [
    'xrange', 'unicode', 'long', 'unichr', 'reduce', 'intern', 'StandardError', 'basestring'], until=(2, 7))
expressions('callable', STDLIB, ['list[int]', 'dict[str, list[int]]'], since=(3, 9))
expressions('callable', STDLIB, ['int | str', 'int | None'], since=(3, 10))

# Python 2's names are written below protocol 3 unless fix_imports is off.
expressions('unmapped', STDLIB, ['range(5)', 'ModuleNotFoundError', 'set([1])', 'b"a"', 'text'], since=(3, 6),
            protocols=(0, 1, 2), fix_imports=False, flags='fix_imports=0')


# Frames: closed once 65536 bytes are in them, left for strings of that size

def framed():
    """Large strings between small objects."""
    return [[1], b'x' * 65536, [2], [3], u'y' * 65536, [4], b'small']


case('frames', 'large-between-small', framed, protocols=(4,))
case('frames', 'many-small', lambda: [float(number) for number in range(8000)], protocols=(4,))


# Persistent ids, which can be any object from protocol 1 on, and only a line of text in protocol 0

for _name, _pid in [('text', 'id-1'), ('empty', ''), ('digits', '12')]:
    case('persistent', _name, lambda pid=_pid: zoo.Persistent(pid), flags='persistent')
for _name, _pid in [('int', 7), ('zero', 0), ('tuple', ('table', 7)), ('false', False), ('list', [])]:
    case('persistent', _name, lambda pid=_pid: zoo.Persistent(pid), protocols=range(1, 6), flags='persistent')
case('persistent', 'shared', lambda: shared(zoo.Persistent('same')), flags='persistent')
case('persistent', 'in-cycle', lambda: cycle(list, put_append, lambda obj: [obj, zoo.Persistent('in')], False),
     flags='persistent')


# Out-of-band buffers

if zoo.PickleBuffer:
    BUFFERS = [('readonly', lambda: b'readonly'), ('writable', lambda: bytearray(b'writable')), ('empty', lambda: b'')]
    for _name, _make in BUFFERS:
        _p5 = dict(protocols=(5,))
        case('buffer', _name, lambda make=_make: zoo.PickleBuffer(make()), **_p5)
        case('buffer', _name + '-out-of-band', lambda make=_make: zoo.PickleBuffer(make()), out_of_band=True, **_p5)
        case('buffer', 'raster-' + _name, lambda make=_make: zoo.Raster(make()))
        case('buffer', 'raster-%s-out-of-band' % _name, lambda make=_make: zoo.Raster(make()), out_of_band=True, **_p5)
    case('buffer', 'several', lambda: [zoo.PickleBuffer(make()) for _, make in BUFFERS], protocols=(5,))
    case('buffer', 'several-out-of-band', lambda: [zoo.PickleBuffer(make()) for _, make in BUFFERS], protocols=(5,),
         out_of_band=True)
    case('buffer', 'shared-out-of-band', lambda: (lambda one: [one, one])(zoo.PickleBuffer(b'one')), protocols=(5,),
         out_of_band=True)
