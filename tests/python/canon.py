"""An object graph as text: equal for two graphs if and only if they are equal, sharing and cycles included.

Equality of Python objects cannot be asked for: it knows nothing of sharing, does not end on cycles, and
takes 1, 1.0 and True for the same. The text has each object once, labelled in the order in which a walk
from the root meets it; later it is only its label.

Immutable values (numbers, strings, tuples and frozensets of such) are labelled by value: Python may keep two
of them as one object or as two, as it likes. Everything else is labelled by identity. In 2.7, int and long
are one type here, as they are equal and pickle chooses between them by size.

Nothing recurses, so depth is limited by memory only.
"""
import hashlib
import os
import pickle
import struct
import sys
import types

import zoo
from zoo import copyreg, enum, long, text

HERE = os.path.dirname(os.path.abspath(__file__))
PROTOCOL = min(4, pickle.HIGHEST_PROTOCOL)
ORDERED_DICTS = sys.version_info >= (3, 6)
CLASSES = (type,) if sys.version_info >= (3,) else (type, types.ClassType)
OLD_STYLE = () if sys.version_info >= (3,) else (types.InstanceType,)
BUFFERS = (memoryview, zoo.PickleBuffer) if zoo.PickleBuffer else (memoryview,)
BY_NAME = (types.FunctionType, types.BuiltinFunctionType)
BY_VALUE = (tuple, frozenset)


def canon(root):
    """The text of the graph below `root`, and whether it has a cycle."""
    walk = Walk()
    return walk.describe(root), walk.cyclic


class Walk(object):
    def __init__(self, inside_sets=True):
        self.inside_sets = inside_sets
        self.keys = {}      # id -> key of an immutable value, or None if identity matters
        self.labels = {}    # key or id -> label
        self.alive = []     # ids are only unique among living objects, and __reduce__ makes new ones
        self.open = set()   # labels of objects that the walk is inside of
        self.cyclic = False

    def describe(self, root):
        done = []
        todo = [Item(root)]
        while todo:
            step = todo.pop()
            if isinstance(step, Item):
                todo.extend(reversed(self.visit(step.object)))
            elif isinstance(step, Leave):
                self.open.discard(step.label)
            else:
                done.append(step)
        return ''.join(done)

    def visit(self, obj):
        """The steps that describe an object: texts, objects, and at the end that it is left."""
        key = self.key(obj)
        if key is not None and type(obj) not in BY_VALUE:
            return [key]
        key = key or id(obj)
        if key in self.labels:
            self.cyclic = self.cyclic or self.labels[key] in self.open
            return [self.labels[key]]
        label = self.labels[key] = '#%d' % len(self.labels)
        self.open.add(label)
        self.alive.append(obj)
        return [label + ' '] + self.parts(obj) + [Leave(label)]

    def key(self, root):
        """What an immutable value has in common with its equals; None if `root` isn't one."""
        todo = [root]
        while todo:
            obj = todo[-1]
            missing = []
            if id(obj) not in self.keys:
                key = None
                if type(obj) in BY_VALUE:
                    missing = [item for item in obj if id(item) not in self.keys]
                    if not missing:
                        key = digest(type(obj), [self.keys[id(item)] for item in obj])
                else:
                    key = leaf(obj)
                if not missing:
                    self.alive.append(obj)
                    self.keys[id(obj)] = key
            if missing:
                todo.extend(missing)
            else:
                todo.pop()
        return self.keys[id(root)]

    def parts(self, obj):
        kind = type(obj)
        if kind in (list, tuple):
            return [kind.__name__] + listed(obj)
        if kind in (set, frozenset):
            members = self.arranged(obj)
            return [kind.__name__] + ([' of %d' % len(obj)] if members is None else listed(members))
        if kind is dict:
            return ['dict'] + self.pairs(obj)
        if kind is bytearray or isinstance(obj, BUFFERS):
            return ['%s %s' % (kind.__name__, hexed(bytes(obj)))]
        if kind in OLD_STYLE:
            return ['old ' + name(obj.__class__) + ' ', Item(obj.__dict__)]
        if kind in (types.MethodType, types.BuiltinMethodType):
            return ['method %s of ' % obj.__name__, Item(obj.__self__)]
        if is_ours(kind):
            return self.instance(obj)
        return reduction(obj)

    def instance(self, obj):
        """Content, attributes and slots of an instance of a test's class, whatever its __reduce__ says."""
        parts = ['instance ' + name(type(obj))]
        content = zoo.content(obj)
        if content is not None:
            parts += [' content '] + (self.parts(content) if leaf(content) is None else [leaf(content)])
        if hasattr(obj, '__dict__'):
            parts += [' attributes '] + self.pairs(obj.__dict__)
        return parts + [' slots '] + self.pairs(dict(zoo.slots(obj)))

    def pairs(self, mapping):
        keys = list(mapping) if ORDERED_DICTS else self.arranged(mapping)
        if keys is None:
            return [' of %d' % len(mapping)]
        steps = ['{']
        for key in keys:
            steps += [Item(key), ': ', Item(mapping[key]), ', ']
        return steps + ['}']

    def arranged(self, members):
        """Unordered members in an order that only their content decides.

        Instances are told apart by all that is in them but instances in further sets, which may lead back here:
        inside of such a comparison, their order is None.
        """
        if len(members) < 2 or all(self.key(member) for member in members):
            return sorted(members, key=self.key)
        if self.inside_sets:
            return sorted(members, key=lambda member: self.key(member) or Walk(inside_sets=False).describe(member))
        return None


class Item(object):
    """A step of the walk: an object that is still to be described."""

    def __init__(self, obj):
        self.object = obj


class Leave(object):
    """A step of the walk: all below the object of this label has been described."""

    def __init__(self, label):
        self.label = label


def listed(items):
    steps = ['[']
    for item in items:
        steps += [Item(item), ', ']
    return steps + [']']


def digest(kind, keys):
    if None in keys:
        return None
    keys = sorted(keys) if kind is frozenset else keys
    return '%s %s' % (kind.__name__, hashlib.sha1('\n'.join(keys).encode('ascii')).hexdigest())


def leaf(obj):
    """The text of an atom, None for all else."""
    kind = type(obj)
    if obj is None or obj is Ellipsis or obj is NotImplemented or kind is bool:
        return repr(obj)
    if kind in (int, long):
        return '%#x' % obj if kind is int else ('%#x' % obj).rstrip('L')
    if kind is float:
        return 'nan' if obj != obj else '%r=%s' % (obj, hexed(struct.pack('>d', obj)))
    if kind is complex:
        return 'complex(%s, %s)' % (leaf(obj.real), leaf(obj.imag))
    if kind is bytes:
        return 'b' + hexed(obj)
    if kind is text:
        return 'u"%s"' % obj.encode('unicode_escape').decode('ascii').replace('"', '\\x22')
    if isinstance(obj, CLASSES):
        return 'class ' + name(obj)
    if enum and isinstance(obj, enum.Enum):
        return 'member %s %r' % (name(kind), obj._value_)
    if kind in BY_NAME and (getattr(obj, '__self__', None) is None or isinstance(obj.__self__, types.ModuleType)):
        return 'function ' + name(obj)
    if isinstance(obj, types.ModuleType):
        return 'module ' + obj.__name__
    return None


def reduction(obj):
    """The steps for a class that is not ours: all that it tells pickle about itself."""
    reduce = copyreg.dispatch_table.get(type(obj))
    reduced = reduce(obj) if reduce else obj.__reduce_ex__(PROTOCOL)
    if not isinstance(reduced, tuple):
        return ['global %s' % reduced]
    callable, args, state, items, pairs = (tuple(reduced) + (None,) * 3)[:5]
    steps = ['reduced ', Item(callable)] + listed(args) + [Item(state)]
    return steps + listed(items or ()) + listed(pairs or ())


def is_ours(cls):
    """Whether a class is a test's, above nothing but builtins: then all that it holds can be seen."""
    return not is_builtin(cls) and all(is_builtin(base) or is_local(base) for base in cls.__mro__)


def is_builtin(cls):
    return cls.__module__ == object.__module__


def is_local(cls):
    path = getattr(sys.modules.get(cls.__module__), '__file__', None)
    return path is not None and os.path.dirname(os.path.abspath(path)) == HERE


def name(obj):
    return '%s:%s' % (obj.__module__, getattr(obj, '__qualname__', obj.__name__))


def hexed(data):
    return ''.join('%02x' % byte for byte in bytearray(data))
