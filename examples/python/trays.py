"""The class of `reduction_elements`, with a reducer that uses all six."""
import copyreg


class Tray:
    def __init__(self, name):
        self.name = name
        self.note = None
        self.parts = []
        self.prices = {}

    def __setstate__(self, state):
        self.note = state

    def append(self, part):
        self.parts.append(part)

    def __setitem__(self, part, price):
        self.prices[part] = price

    def __eq__(self, other):
        return isinstance(other, Tray) and vars(self) == vars(other)

    def __repr__(self):
        return 'Tray(%r, note=%r, parts=%r, prices=%r)' % (
            self.name, self.note, self.parts, self.prices)


def shout(tray, note):
    tray.note = note.upper()


SPARE = Tray('spare')


def reduce_tray(tray):
    if tray is SPARE:
        return 'SPARE'
    # Python before 3.8 knows no sixth element.
    return Tray, (tray.name,), tray.note, iter(tray.parts), iter(tray.prices.items()), shout


copyreg.pickle(Tray, reduce_tray)
