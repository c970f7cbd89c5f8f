"""The classes of `graph`."""


class Node:
    """A doubly linked list."""

    def __init__(self, value):
        self.value = value
        self.next = None
        self.prev = None


class Tree:
    """Children that know their parent."""

    def __init__(self, name, parent=None):
        self.name = name
        self.parent = parent
        self.children = []
        if parent is not None:
            parent.children.append(self)


class City:
    """Roads lead anywhere, also back."""

    def __init__(self, name):
        self.name = name
        self.roads = []


class Map:
    def __init__(self, cities):
        self.cities = cities
