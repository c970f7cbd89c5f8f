"""The classes that the Rust tests derive: plain Python, importable under 2.7 and 3.6 to 3.13.

They carry no pickling code at all, as the classes of most programs do. Only what is asked for equality
and text has been written: two objects are equal if class and attributes are. `Node` and `Tree` have
cycles and are equal by identity, as Python's default is.
"""
import collections

try:
    import enum
except ImportError:
    enum = None
try:
    from dataclasses import dataclass
except ImportError:
    dataclass = None


class Record(object):
    """Equality and text by attributes."""

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __repr__(self):
        fields = ', '.join('%s=%r' % item for item in sorted(self.__dict__.items()))
        return '%s(%s)' % (type(self).__name__, fields)


class Point(Record):
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Line(Record):
    """Points that two lines may share."""

    def __init__(self, start, end):
        self.start = start
        self.end = end


class Shape(Record):
    def area(self):
        raise NotImplementedError


class Circle(Shape):
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return 3.141592653589793 * self.radius ** 2


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side ** 2


class Drawing(Record):
    def __init__(self, title, shapes):
        self.title = title
        self.shapes = shapes


class Node(object):
    """A doubly linked list."""

    def __init__(self, value, next=None, prev=None):
        self.value = value
        self.next = next
        self.prev = prev


def linked(values):
    """The first node of a list of `values`."""
    nodes = [Node(value) for value in values]
    for left, right in zip(nodes, nodes[1:]):
        left.next, right.prev = right, left
    return nodes[0]


def is_linked(node, values):
    """Whether `node` starts a list of `values`, in which each step back undoes a step forward."""
    prev = None
    for value in values:
        if type(node) is not Node or node.value != value or node.prev is not prev:
            return False
        prev, node = node, node.next
    return node is None


class Tree(object):
    """Children that know their parent."""

    def __init__(self, name, parent=None):
        self.name = name
        self.parent = parent
        self.children = []
        if parent is not None:
            parent.children.append(self)


def is_tree(tree, parent=None):
    """Whether all parent pointers in `tree` are right."""
    return type(tree) is Tree and tree.parent is parent and all(is_tree(child, tree) for child in tree.children)


class Vertex(object):
    """A graph: edges lead anywhere, also to the vertex itself."""

    def __init__(self, name):
        self.name = name
        self.edges = []


class Event(Record):
    """The variants of an enum with data are classes nested in the enum's."""

    class Quit(Record):
        pass

    class Move(Record):
        def __init__(self, x, y):
            self.x = x
            self.y = y

    class Write(Record):
        def __init__(self, *args):
            self.args = args


Pair = collections.namedtuple('Pair', 'first second')


class Celsius(object):
    """Built by its constructor, and without an attribute dict."""
    __slots__ = ('degrees',)

    def __init__(self, degrees):
        self.degrees = degrees

    def __reduce__(self):
        return Celsius, (self.degrees,)

    def __eq__(self, other):
        return type(other) is Celsius and self.degrees == other.degrees

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.degrees)


class Meters(Record):
    """Built with a keyword."""

    def __new__(cls, **fields):
        self = super(Meters, cls).__new__(cls)
        self.__dict__.update(fields)
        return self

    def __getnewargs_ex__(self):
        return (), dict(self.__dict__)


class Slotted(object):
    __slots__ = ('x', 'y')

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return type(other) is Slotted and (self.x, self.y) == (other.x, other.y)

    def __ne__(self, other):
        return not self == other

    __hash__ = None


if enum:
    class Color(enum.Enum):
        RED = 1
        GREEN = 2
        BLUE = 3

    class Suit(enum.Enum):
        """An enum whose values are strings."""
        HEARTS = 'hearts'
        SPADES = 'spades'

    class Access(enum.IntFlag):
        READ = 1
        WRITE = 2
else:
    class Color(Record):
        """2.7 has no enum: the value, called for in the same way."""

        def __init__(self, value):
            self.value = value

    class Suit(Color):
        pass

    class Access(Color):
        pass

if dataclass:
    # Annotations have no syntax in 2.7, but they have a name.
    @dataclass(frozen=True)
    class Frozen(object):
        __annotations__ = collections.OrderedDict((('name', str), ('point', Point)))

    @dataclass
    class Rectangle(object):
        __annotations__ = collections.OrderedDict((('width', float), ('height', float), ('label', str)))
        label = ''
