//! From values to opcodes: `Pickler`.
//!
//! `writer` knows opcodes, frames and the sink; `memo` what can be referred to again; `pickler`
//! the options and the atoms; `container`, `global` and `object` how Python's own pickler writes
//! what their names say, in each protocol; `graph` how a parsed pickle is written again.

mod container;
mod global;
mod graph;
mod memo;
mod object;
mod pickler;
#[cfg(test)]
mod tests;
mod text;
mod writer;

pub(crate) use memo::MemoIndex;
pub use memo::MemoPolicy;
pub use object::{Creation, FlattenReduce, ObjectWriter};
pub use pickler::Pickler;
pub(crate) use pickler::{HIGHEST_PROTOCOL, dumps};
pub(crate) use writer::Writer;
