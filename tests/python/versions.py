"""Classes whose shape has changed: the instances say of which version they are, as those of Rust types do
that are marked with a version. Importable under 2.7 and 3.6 to 3.13.

The version is an attribute of the instance, not of the class: only so does it get into a pickle.
"""
import sys

from geometry import Record

try:
    import dataclasses
except ImportError:
    dataclasses = None


class User(Record):
    """Of version 3. In version 2 it had a single email, and before that a first and a last name."""

    def __init__(self, name, emails):
        self.__version__ = 3
        self.name = name
        self.emails = emails


def user_of(**attributes):
    """A user as an older program left it."""
    user = User.__new__(User)
    user.__dict__.update(attributes)
    return user


class Migrating(Record):
    """Knows its older shapes itself, where Python loads it."""

    def __init__(self, total):
        self.__version__ = 2
        self.total = total

    def __setstate__(self, state):
        if state.get('__version__', 1) < 2:
            state = {'__version__': 2, 'total': sum(state['parts'])}
        self.__dict__.update(state)


class Labelled(Record):
    """Takes an argument; the version is all that there is of a state."""

    def __new__(cls, label):
        self = super(Labelled, cls).__new__(cls)
        self.__version__ = 1
        self.label = label
        return self

    def __getnewargs__(self):
        return (self.label,)


class Node(object):
    """Of version 2, whose `owner` was `parent`."""

    def __init__(self, label):
        self.__version__ = 2
        self.label = label
        self.next = self.owner = None


def ring(labels):
    """The first of some nodes of version 2, each with the next, the last with the first."""
    nodes = [Node(label) for label in labels]
    for node, following in zip(nodes, nodes[1:] + nodes[:1]):
        node.next = following
        node.owner = nodes[0]
    return nodes[0]


def old_ring(ids):
    """The same of nodes that had no version."""
    nodes = []
    for number in ids:
        node = Node.__new__(Node)
        node.id = number
        nodes.append(node)
    for node, following in zip(nodes, nodes[1:] + nodes[:1]):
        node.next = following
        node.parent = nodes[0]
    return nodes[0]


class Slots(object):
    """Has a slot for the version, and no `__dict__` that a state could be put into."""

    __slots__ = ('__version__', 'x')

    def __init__(self, x):
        self.__version__ = 2
        self.x = x


def data(name, fields, **options):
    """A dataclass, without the syntax that 2.7 does not know."""
    cls = dataclasses.make_dataclass(name, fields, **options)
    cls.__module__ = __name__
    return cls


if dataclasses is not None:
    Data = data('Data', [('x', int), ('__version__', int, 2)])
    DataFrozen = data('DataFrozen', [('x', int)], frozen=True)

if sys.version_info >= (3, 10):
    DataSlots = data('DataSlots', [('x', int)], slots=True)
    DataFrozenSlots = data('DataFrozenSlots', [('x', int)], slots=True, frozen=True)
