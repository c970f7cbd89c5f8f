//! Programs that exchange pickles with Python.
