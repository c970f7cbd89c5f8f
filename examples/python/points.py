"""The class of `outside_reducer`, with its reducer."""
import copyreg


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __repr__(self):
        return 'Point(%r, %r)' % (self.x, self.y)


def reduce_point(point):
    return Point, (point.x, point.y)


copyreg.pickle(Point, reduce_point)
