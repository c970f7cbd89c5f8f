"""Open files, made picklable: what `open_file` exchanges."""
import copyreg
import io
import os

KNUTH = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data', 'knuth.txt')


def unpickle_file(position, data):
    file = io.BytesIO(data)
    file.seek(position)
    return file


def pickle_file(file):
    position = file.tell()
    file.seek(0)
    data = file.read()
    file.seek(position)
    return unpickle_file, (position, data)


# What open(path, 'rb') returns.
copyreg.pickle(io.BufferedReader, pickle_file, unpickle_file)
