"""The class of `positional_arguments`, with its reducer."""
import copyreg


class Vector:
    def __init__(self, x, y, z):
        self.coords = (x, y, z)

    def __eq__(self, other):
        return isinstance(other, Vector) and self.coords == other.coords

    def __repr__(self):
        return 'Vector%r' % (self.coords,)


def reduce_vector(vector):
    return Vector, vector.coords


copyreg.pickle(Vector, reduce_vector)
