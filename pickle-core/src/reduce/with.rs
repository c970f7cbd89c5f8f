//! A value that is dumped by a function instead of by its type: the derive's `reduce_with`.

use std::fmt;

use crate::encode::Pickler;
use crate::error::Result;
use crate::reduce::Reduce;

/// Dumped as `F` says, which writes one object.
pub struct ReduceWith<F>(pub F);

impl<F: Fn(&mut Pickler<'_>) -> Result<()>> Reduce for ReduceWith<F> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        (self.0)(p)
    }
}

impl<F> fmt::Debug for ReduceWith<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReduceWith").finish_non_exhaustive()
    }
}
