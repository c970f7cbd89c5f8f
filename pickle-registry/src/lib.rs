//! Names, and the table of what is registered under them.

mod entry;
mod name;

pub use entry::{Entry, Location, RustType};
pub use name::QualName;
