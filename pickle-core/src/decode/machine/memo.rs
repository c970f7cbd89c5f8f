//! The memo: GET, PUT and their like. What is memoized, it does not know.

use std::collections::HashMap;

use super::super::reader::wide;
use super::super::text::{self, Integer};
use super::{Done, Machine, Operation};
use crate::error::ErrorKind;
use crate::graph::arena::NodeId;

/// The memo: dense where indices come in order, sparse where they do not.
#[derive(Debug, Default)]
pub(super) struct Memo {
    dense: Vec<NodeId>,
    sparse: HashMap<u64, NodeId>,
}

impl Memo {
    fn get(&self, index: u64) -> Option<NodeId> {
        let dense = usize::try_from(index)
            .ok()
            .and_then(|index| self.dense.get(index));
        dense.or_else(|| self.sparse.get(&index)).copied()
    }

    fn put(&mut self, index: u64, node: NodeId) {
        if index == wide(self.dense.len()) && !self.sparse.contains_key(&index) {
            self.dense.push(node);
        } else if let Some(entry) = usize::try_from(index)
            .ok()
            .and_then(|index| self.dense.get_mut(index))
        {
            *entry = node;
        } else {
            self.sparse.insert(index, node);
        }
    }

    /// What MEMOIZE takes: the index behind all, if they came in order.
    pub(super) fn next_index(&self) -> u64 {
        wide(self.dense.len() + self.sparse.len())
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

impl Operation<'_> {
    pub(super) fn get(&mut self, index: u64) -> Done {
        let node = self
            .machine
            .memo
            .get(index)
            .ok_or(ErrorKind::MemoMiss(index))?;
        self.machine.stack.push(node);
        Ok(())
    }

    pub(super) fn text_get(&mut self, line: &[u8]) -> Done {
        match text::index(line).map_err(|error| self.bad_number(error))? {
            Integer::Small(index) => self.get(index.cast_unsigned()),
            Integer::Big(_) => Err(ErrorKind::MemoMiss(u64::MAX)),
        }
    }

    pub(super) fn put(&mut self, index: u64) -> Done {
        let top = self.top()?;
        self.machine.memo.put(index, top);
        self.machine.last_put = self.machine.now;
        Ok(())
    }

    pub(super) fn text_put(&mut self, line: &[u8]) -> Done {
        match text::index(line).map_err(|error| self.bad_number(error))? {
            Integer::Small(index @ 0..) => self.put(index.cast_unsigned()),
            _ => Err(self.bad("a negative index, or one too large")),
        }
    }
}
