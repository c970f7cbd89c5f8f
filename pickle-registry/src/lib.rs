//! Names and the table of what is registered under them.
