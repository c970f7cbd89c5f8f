//! Where the entries of a container are cut into batches, for those who write them one by one and
//! not in a loop.

use super::Pickler;
use super::container::{BATCH, Batching};
use crate::opcode::Opcode;

/// The entries of a container that are still to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunks {
    batching: Batching,
    /// Entries that are left in all, and of the chunk of them that one opcode adds.
    left: usize,
    chunk: usize,
    /// Whether that chunk is as large as one can be.
    full: bool,
    /// Whether a chunk of one entry takes the opcode for one.
    alone: bool,
    singly: Option<Opcode>,
    /// Whether the opcode behind an entry that was begun is still to come.
    entered: bool,
}

impl Chunks {
    /// So many entries. `alone` tells whether a last batch of one takes the opcode for one.
    pub(super) fn new(batching: Batching, entries: usize, alone: bool) -> Self {
        Self {
            batching,
            left: entries,
            chunk: 0,
            full: false,
            alone,
            singly: None,
            entered: false,
        }
    }

    /// Those of a container that was created empty and has nothing else: a batch of one entry
    /// takes the opcode for one only where that is all there is.
    pub(super) fn of_all(batching: Batching, entries: usize) -> Self {
        Self::new(batching, entries, entries == 1)
    }

    /// Whether all entries were begun.
    #[inline]
    pub(super) fn is_done(&self) -> bool {
        self.left == 0
    }
}

impl Pickler<'_> {
    /// Begins an entry: writes what stands in front of it.
    #[inline]
    pub(super) fn begin_entry(&mut self, chunks: &mut Chunks) {
        if chunks.chunk == 0 {
            self.begin_chunk(chunks);
        }
        chunks.entered = true;
        chunks.chunk -= 1;
        chunks.left -= 1;
    }

    fn begin_chunk(&mut self, chunks: &mut Chunks) {
        chunks.full = chunks.left >= BATCH;
        chunks.chunk = chunks.left.min(BATCH);
        let is_one = chunks.chunk == 1 && chunks.alone;
        chunks.singly = chunks.batching.singly(is_one, self.binary());
        if chunks.singly.is_some() {
            chunks.chunk = 1;
        } else {
            self.writer.op(Opcode::Mark);
        }
    }

    /// Ends the entry that was begun last, if there is one: writes what stands behind it.
    #[inline]
    pub(super) fn end_entry(&mut self, chunks: &mut Chunks) {
        if chunks.entered {
            chunks.entered = false;
            if chunks.chunk == 0 {
                self.end_chunk(chunks);
            }
        }
    }

    fn end_chunk(&mut self, chunks: &Chunks) {
        if let Some(op) = chunks.singly {
            self.writer.op(op);
            return;
        }
        let op = chunks.batching.many;
        self.writer.op(op);
        if chunks.full && chunks.left == 0 && chunks.batching.after_full {
            self.writer.op(Opcode::Mark);
            self.writer.op(op);
        }
    }
}
