//! The memo: GET, PUT and their like. What is memoized, it does not know.

use std::collections::HashMap;

use super::super::reader::wide;
use super::super::text::{self, Integer};
use super::{Done, Machine, Operation};
use crate::error::ErrorKind;
use crate::graph::arena::NodeId;
use crate::opcode::Opcode;

/// The memo: dense as long as indices leave no large gaps, sparse beyond.
#[derive(Debug, Default)]
pub(super) struct Memo {
    dense: Vec<NodeId>,
    /// What is behind all of `dense`, or was when it was put there. `dense` is asked first.
    sparse: HashMap<u64, NodeId>,
    len: u64,
}

/// Where nothing was put. No node has this id, as indices of all have room.
const NO_NODE: NodeId = NodeId(u32::MAX);

/// How many times as many places as entries `dense` may have, but for the first few.
const SPARSITY: u64 = 4;
const FEW: u64 = 1024;

impl Memo {
    /// The entries, where they are dense.
    pub(super) fn dense_mut(&mut self) -> &mut Vec<NodeId> {
        &mut self.dense
    }

    #[inline]
    fn get(&self, index: u64) -> Option<NodeId> {
        let dense = usize::try_from(index)
            .ok()
            .and_then(|index| self.dense.get(index).copied());
        match dense {
            Some(node) if node != NO_NODE => Some(node),
            _ => self.sparse_entry(index),
        }
    }

    #[cold]
    fn sparse_entry(&self, index: u64) -> Option<NodeId> {
        self.sparse.get(&index).copied()
    }

    #[inline]
    fn put(&mut self, index: u64, node: NodeId) {
        if index == wide(self.dense.len()) && self.sparse.is_empty() {
            self.dense.push(node);
            self.len += 1;
        } else {
            self.put_anywhere(index, node);
        }
    }

    fn put_anywhere(&mut self, index: u64, node: NodeId) {
        self.len += u64::from(self.get(index).is_none());
        let place = usize::try_from(index).ok();
        let place = place.filter(|_| index < FEW + SPARSITY * self.len);
        let Some(place) = place else {
            self.sparse.insert(index, node);
            return;
        };
        if place >= self.dense.len() {
            self.dense.resize(place + 1, NO_NODE);
        }
        if let Some(entry) = self.dense.get_mut(place) {
            *entry = node;
        }
    }

    /// What MEMOIZE takes: the index behind all, if they came in order.
    #[inline]
    pub(super) fn next_index(&self) -> u64 {
        self.len
    }
}

impl Machine {
    /// The memo of a pickle that numbers its entries from 0.
    pub(crate) fn take_memo(&mut self) -> Vec<NodeId> {
        std::mem::take(&mut self.memo.dense)
    }

    /// Whether the opcode before this one added to the memo.
    pub(super) fn just_memoized(&self) -> bool {
        self.now.0.checked_sub(1) == Some(self.last_put.0)
    }
}

impl Operation<'_, '_> {
    #[inline(always)]
    pub(super) fn binary_get(&mut self, op: Opcode) -> Done {
        let index = self.reader.int(op.argument())?;
        self.get(index.cast_unsigned())
    }

    #[inline]
    fn get(&mut self, index: u64) -> Done {
        let Some(node) = self.machine.memo.get(index) else {
            return Err(ErrorKind::MemoMiss(index).into());
        };
        self.machine.stack.push(node);
        Ok(())
    }

    pub(super) fn text_get(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        match text::index(line).map_err(|error| self.bad_number(error))? {
            Integer::Small(index) => self.get(index.cast_unsigned()),
            Integer::Big(_) => Err(ErrorKind::MemoMiss(u64::MAX).into()),
        }
    }

    #[inline(always)]
    pub(super) fn binary_put(&mut self, op: Opcode) -> Done {
        let index = self.reader.int(op.argument())?;
        self.put(index.cast_unsigned())
    }

    #[inline]
    pub(super) fn put(&mut self, index: u64) -> Done {
        let top = self.top()?;
        self.machine.memo.put(index, top);
        self.machine.last_put = self.machine.now;
        Ok(())
    }

    pub(super) fn text_put(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        match text::index(line).map_err(|error| self.bad_number(error))? {
            Integer::Small(index @ 0..) => self.put(index.cast_unsigned()),
            _ => Err(self.bad("a negative index, or one too large")),
        }
    }
}
