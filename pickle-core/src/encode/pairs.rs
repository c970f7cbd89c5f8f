//! Entries of a dict that are written one by one, where their number is known ahead.

use super::Pickler;
use super::container::{BATCH, Batching};
use crate::error::{Error, ErrorKind, Result};
use crate::opcode::Opcode;

/// A dict's entries as they are written, when their number is known ahead.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) len: usize,
    pub(super) written: usize,
    /// The opcode that adds each entry by itself, if one does.
    singly: Option<Opcode>,
}

impl Pairs {
    pub(super) const NONE: Self = Self {
        len: 0,
        written: 0,
        singly: None,
    };

    #[inline(always)]
    pub(super) fn new(len: usize, p: &Pickler<'_>) -> Self {
        Self {
            len,
            written: 0,
            singly: Batching::DICT.singly(len == 1, p.binary()),
        }
    }

    /// What stands in front of the entries.
    #[inline(always)]
    pub(super) fn open(&self, p: &mut Pickler<'_>) {
        if self.len > 0 && self.singly.is_none() {
            p.writer.op(Opcode::Mark);
        }
    }

    /// What stands in front of an entry.
    #[inline(always)]
    pub(super) fn before(&mut self, p: &mut Pickler<'_>) -> Result<()> {
        if self.written == self.len {
            return Err(wrong_length(self.len, self.len + 1));
        }
        let full = self.written > 0 && self.written.is_multiple_of(BATCH);
        if full && self.singly.is_none() {
            p.writer.ops([Batching::DICT.many, Opcode::Mark]);
        }
        Ok(())
    }

    /// What stands behind it.
    #[inline(always)]
    pub(super) fn after(&mut self, p: &mut Pickler<'_>) {
        self.written += 1;
        if let Some(op) = self.singly {
            p.writer.op(op);
        }
    }

    /// What stands behind the entries.
    #[inline(always)]
    pub(super) fn close(&self, p: &mut Pickler<'_>) {
        if self.len > 0 && self.singly.is_none() {
            p.writer.op(Batching::DICT.many);
            if self.len.is_multiple_of(BATCH) && Batching::DICT.after_full {
                p.writer.ops([Opcode::Mark, Batching::DICT.many]);
            }
        }
    }

    /// The same for the entries of a state, which is then given to its object.
    #[inline(always)]
    pub(super) fn build(&self, p: &mut Pickler<'_>) {
        if self.singly.is_none() && !self.len.is_multiple_of(BATCH) {
            p.writer.ops([Batching::DICT.many, Opcode::Build]);
        } else {
            self.close(p);
            p.writer.op(Opcode::Build);
        }
    }

    #[inline(always)]
    pub(super) fn end(&self) -> Result<()> {
        if self.written < self.len {
            return Err(wrong_length(self.len, self.written));
        }
        Ok(())
    }
}

#[cold]
pub(super) fn wrong_length(expected: usize, found: usize) -> Error {
    ErrorKind::WrongLength { expected, found }.into()
}
