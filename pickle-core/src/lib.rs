//! Python's pickle for Rust types.
