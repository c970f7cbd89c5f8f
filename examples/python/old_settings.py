"""What earlier versions of `settings` wrote, for the old pickles in `examples/data`."""
import settings


class Config:
    """Is pickled as `settings.Config` with its one argument: a value, and later a dict."""

    def __init__(self, setting):
        self.setting = setting

    def __reduce__(self):
        return settings.Config, (self.setting,)

    def __eq__(self, other):
        return settings.Config(self.setting) == other


class Window:
    """Has moved to `settings` since, and has a width and a height."""

    def __init__(self, title, size):
        self.title = title
        self.size = size

    def __eq__(self, other):
        return isinstance(other, Window) and vars(self) == vars(other)
