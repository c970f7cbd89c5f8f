//! `Reduce` and `Construct` of the standard library's types.

mod borrowing;
mod cells;
mod errors;
mod flatten;
mod objects;
mod round_trips;
mod sharing;
mod wire;

use pickle_core::{Construct, Error, MemoPolicy, Pickler, Reduce, Result, loads};

const POLICIES: [MemoPolicy; 2] = [MemoPolicy::Shared, MemoPolicy::All];

fn dump<T: Reduce + ?Sized>(value: &T, protocol: u8, policy: MemoPolicy) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .protocol(protocol)
        .memo(policy)
        .dump(value)?;
    Ok(bytes)
}

/// What a value becomes when it is dumped and loaded, in every protocol under both policies.
fn loaded<T: Reduce + ?Sized, U: for<'g> Construct<'g>>(value: &T) -> Result<Vec<U>> {
    let mut all = Vec::new();
    for protocol in 0..=5 {
        for policy in POLICIES {
            all.push(loads(&dump(value, protocol, policy)?)?);
        }
    }
    Ok(all)
}

/// The error that loading a `T` ends in.
fn failure<T: for<'g> Construct<'g>>(bytes: &[u8]) -> Error {
    match loads::<T>(bytes) {
        Ok(_) => panic!("{} loads", bytes.escape_ascii()),
        Err(error) => error,
    }
}
