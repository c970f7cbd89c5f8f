//! From values to opcodes: `Pickler`.
//!
//! `writer` knows opcodes, frames and the sink; `memo` what can be referred to again, `classes`
//! how, `names` and `pointers` what that is; `stack` how deep values may be nested; `pickler` the options and whole pickles; `atoms`,
//! `buffer`, `container`, `global` and `object` how Python's own pickler writes what their names say,
//! in each protocol; `fields` and `pairs` what an instance consists of; `runs` lists of which many
//! items are written at once; `dispatch` and `persistent` what a pickler was given to be asked first;
//! `graph` how a parsed pickle is written again, and `tree` a plain one; `copy` what stands for what is not copied.

mod atoms;
mod buffer;
mod chunks;
mod classes;
mod container;
mod copy;
mod dispatch;
mod fields;
mod global;
mod graph;
mod memo;
mod names;
mod object;
mod pairs;
mod persistent;
mod pickler;
mod pointers;
mod runs;
mod stack;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod writer;

pub(crate) use atoms::Int;
pub use buffer::BufferCallback;
pub use classes::Keys;
pub(crate) use copy::{Written, dump_for_copy, slot_of_id};
pub use dispatch::ReducerOverride;
pub use fields::{FlattenReduce, ObjectWriter};
pub use memo::MemoPolicy;
pub use names::{ClassName, Name};
pub use object::Creation;
pub(crate) use pickler::dumps;
pub use pickler::{DEFAULT_PROTOCOL, HIGHEST_PROTOCOL, Pickler};
pub use runs::float_of;
pub(crate) use writer::{MemoIndex, Writer};
