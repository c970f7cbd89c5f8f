//! `Reduce` and `Construct` for the types of the standard library, one file a theme, and wrappers
//! for those of Python that Rust lacks.

mod bytes;
mod cells;
mod flatten;
mod maps;
mod numbers;
mod pointers;
mod sequences;
mod text;
mod tuples;

pub use bytes::ByteArray;
pub use maps::FrozenSet;
