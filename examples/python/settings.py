"""The classes of `old_formats` as they are today. `old_settings` has what they were."""
import copyreg


class Config:
    """Called with a setting and its value, or with a dict of them.

    Earlier versions were called with one value alone, which had no name.
    """

    def __init__(self, setting, value=None):
        if value is not None:
            self.settings = {setting: value}
        elif isinstance(setting, dict):
            self.settings = setting
        else:
            self.settings = {'value': setting}

    def __eq__(self, other):
        if not isinstance(other, Config):
            return NotImplemented
        return self.settings == other.settings

    def __repr__(self):
        return 'Config(%r)' % self.settings


def reduce_config(config):
    settings = config.settings
    if len(settings) == 1 and None not in settings.values():
        return Config, next(iter(settings.items()))
    return Config, (settings,)


copyreg.pickle(Config, reduce_config)


class Window:
    def __init__(self, title, width, height):
        self.__version__ = 2
        self.title = title
        self.width = width
        self.height = height

    def __repr__(self):
        return 'Window(%r, %r, %r)' % (self.title, self.width, self.height)
