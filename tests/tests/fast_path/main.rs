//! The fast path of loading against the graph: whenever a value is made straight along the
//! opcodes, the graph makes the same one, with the same objects shared; and `loads`, which tries
//! the one and then the other, gives what the graph alone gives, in value or in error.
//!
//! `PICKLE_FUZZ_ROUNDS` sets how many changed pickles are tried of each type.

#![allow(clippy::unwrap_used, reason = "tests")]

mod forms;
mod harness;
mod limits;
mod mutations;
mod purity;
mod taken;
mod values;
mod zoo;
