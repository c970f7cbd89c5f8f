"""The class of `log_buffer`, with its reducer."""
import copyreg
import os


class LogBuffer:
    """Text that is kept until it is flushed to a file."""

    def __init__(self, filename):
        self.filename = filename
        self.buffer = ''
        self._file = open(filename, 'a', encoding='utf-8', newline='')

    def write(self, message):
        self.buffer += message

    def flush(self):
        self._file.write(self.buffer)
        self._file.flush()
        self.buffer = ''

    def __getstate__(self):
        return self.buffer

    def __setstate__(self, state):
        self.buffer = state

    def __repr__(self):
        return 'LogBuffer(%s, buffered=%d)' % (
            os.path.basename(self.filename), len(self.buffer))


def reduce_log_buffer(log):
    # The file is opened by the class, the buffer is the state.
    return LogBuffer, (log.filename,), log.__getstate__()


copyreg.pickle(LogBuffer, reduce_log_buffer)
