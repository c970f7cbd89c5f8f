//! `Reduce` and `Construct` for the types of the standard library, one file a theme, and wrappers
//! for those of Python that Rust lacks.

mod buffer;
mod bytes;
mod cells;
mod flatten;
mod maps;
mod names;
mod numbers;
mod paths;
mod pointers;
mod sequences;
mod text;
mod tuples;

pub use bytes::ByteArray;
pub use maps::FrozenSet;
pub use names::TypeOf;
