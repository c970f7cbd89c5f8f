"""The classes of `unknown_name`."""


class Filter(object):
    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None


class Upper(Filter):
    def apply(self, text):
        return text.upper()


class Reversed(Filter):
    """Rust calls it otherwise."""

    def apply(self, text):
        return text[::-1]
