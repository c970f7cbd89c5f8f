"""The classes of `run_time_registration`, with their reducers."""
import copyreg


class C:
    def __init__(self, a):
        self.a = a

    def __eq__(self, other):
        return type(self) is type(other) and self.a == other.a

    def __repr__(self):
        return '%s(%r)' % (type(self).__name__, self.a)


def pickle_c(c):
    print('pickling a C instance...')
    return C, (c.a,)


copyreg.pickle(C, pickle_c)


class D(C):
    """Python has no reducer for it."""
