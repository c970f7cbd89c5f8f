"""A plugin of `filters`, which the Rust program does not have."""
import codecs

from filters import Filter


class Rot13(Filter):
    def apply(self, text):
        return codecs.encode(text, 'rot13')
