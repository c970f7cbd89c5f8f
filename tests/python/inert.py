"""Classes of any name that take any call, item and state, and keep all of it: so that a pickle can be
loaded whatever it names, without anything of that being called.
"""
import pickle


class Recorded(object):
    """What was done to an instance, in that order."""

    def __new__(cls, *args, **kwargs):
        self = super(Recorded, cls).__new__(cls)
        self.__dict__['made_of'] = (args, kwargs)
        return self

    def __init__(self, *args, **kwargs):
        pass

    def done(self, *step):
        self.__dict__.setdefault('steps', []).append(step)

    def append(self, item):
        self.done('append', item)

    def __setitem__(self, key, value):
        self.done('set', key, value)

    def add(self, item):
        self.done('add', item)

    def __setstate__(self, state):
        self.done('state', state)


class Unpickler(pickle.Unpickler):
    """Finds a class of its own for each name."""

    def __init__(self, *args, **options):
        super(Unpickler, self).__init__(*args, **options)
        self.found = {}

    def find_class(self, module, name):
        if (module, name) not in self.found:
            shown = ascii('%s:%s' % (module, name))
            made = type(shown, (Recorded,), {'__module__': __name__})
            self.found[module, name] = made
        return self.found[module, name]
