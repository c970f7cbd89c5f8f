"""The classes that instances of generic Rust types are: one for each instance."""
import geometry


class IntWrapper(geometry.Record):
    def __init__(self, value):
        self.value = value


class Text(object):
    """Has a class within."""

    class Wrapper(geometry.Record):
        def __init__(self, value):
            self.value = value


class Wrapper(geometry.Record):
    """What all other instances are."""

    def __init__(self, value):
        self.value = value


class IntShape(object):
    class Circle(geometry.Record):
        def __init__(self, radius):
            self.radius = radius

    class Dot(geometry.Record):
        pass


class FloatShape(object):
    class Circle(geometry.Record):
        def __init__(self, radius):
            self.radius = radius

    class Dot(geometry.Record):
        pass


if geometry.enum:
    class Level10(geometry.enum.Enum):
        LOW = 1
        HIGH = 2
else:
    class Level10(geometry.Color):
        pass
