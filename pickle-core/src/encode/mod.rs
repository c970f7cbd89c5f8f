//! From values to opcodes: `Pickler`.
//!
//! `writer` knows opcodes, frames and the sink; `memo` what can be referred to again, and `classes`
//! how; `stack` how deep values may be nested; `pickler` the options and the atoms; `runs` lists of
//! which many items are written at once; `buffer`, `container`, `global` and `object` how Python's own pickler
//! writes what their names say, in each protocol; `dispatch` and `persistent` what a pickler was given
//! to be asked first; `graph` how a parsed pickle is written again; `copy` what stands for what is not
//! copied.

mod buffer;
mod classes;
mod container;
mod copy;
mod dispatch;
mod global;
mod graph;
mod memo;
mod object;
mod persistent;
mod pickler;
mod runs;
mod stack;
#[cfg(test)]
mod tests;
mod text;
mod writer;

pub use buffer::BufferCallback;
pub use classes::Keys;
pub(crate) use copy::{Written, dump_for_copy, slot_of_id};
pub use dispatch::ReducerOverride;
pub use memo::MemoPolicy;
pub use object::{Creation, FlattenReduce, ObjectWriter};
pub(crate) use pickler::dumps;
pub use pickler::{DEFAULT_PROTOCOL, HIGHEST_PROTOCOL, Pickler};
pub(crate) use writer::{MemoIndex, Writer};
