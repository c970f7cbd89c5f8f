"""Compiled code, made picklable: what `foreign_type` exchanges."""
import copyreg
import types


def unpickle_code(text):
    # A code object does not keep its text, but it does keep the name of its file.
    return compile(text, text, 'exec')


def pickle_code(code):
    return unpickle_code, (code.co_filename,)


copyreg.pickle(types.CodeType, pickle_code, unpickle_code)
