//! The Rust types of the classes in `python/zoo.py` that have an extension code.

use pickle_core::Reduce;

/// The class with a code of one byte.
#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "zoo", extension = 240)]
pub struct Extended1 {}

/// The class with a code of two bytes.
#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "zoo", extension = 0x1234)]
pub struct Extended2 {}

/// The class with a code of four bytes.
#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "zoo", extension = 0x1234_5678)]
pub struct Extended4 {}

/// Has this crate linked: a crate that is never named in code is not, and neither are its
/// registrations.
pub fn link() {}
