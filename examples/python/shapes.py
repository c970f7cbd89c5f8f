"""The classes of `shapes`."""
import math
from dataclasses import dataclass


class Shape:
    def area(self):
        raise NotImplementedError


@dataclass
class Circle(Shape):
    radius: float

    def area(self):
        return math.pi * self.radius ** 2


@dataclass
class Square(Shape):
    side: float

    def area(self):
        return self.side ** 2


@dataclass
class Triangle(Shape):
    """Rust has no such shape."""
    base: float
    height: float

    def area(self):
        return self.base * self.height / 2


@dataclass
class Label:
    """Rust has such a class, but it is not a shape."""
    text: str
