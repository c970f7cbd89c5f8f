"""The class of `constructor_and_state`, with its reducer."""
import copyreg


class DataProcessor:
    def __init__(self, name):
        self.name = name
        self.processed = 0
        self.cache = {}

    def count_words(self, text):
        if text not in self.cache:
            self.cache[text] = len(text.split())
            self.processed += 1
        return self.cache[text]

    def __getstate__(self):
        return {'name': self.name, 'processed': self.processed}

    def __setstate__(self, state):
        self.name = state['name']
        self.processed = state['processed']

    def __eq__(self, other):
        return (isinstance(other, DataProcessor)
                and self.__getstate__() == other.__getstate__())

    def __repr__(self):
        return 'DataProcessor(%s, processed=%d, cache_size=%d)' % (
            self.name, self.processed, len(self.cache))


def reduce_processor(processor):
    return DataProcessor, (processor.name,), processor.__getstate__()


copyreg.pickle(DataProcessor, reduce_processor)
