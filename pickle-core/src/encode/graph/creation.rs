//! The end of a node's creation, and its memo entry: which nodes need one, and what becomes of those
//! that turn up in the memo while they are being created.

use super::super::memo::MemoPolicy;
use super::super::pointers::Slot;
use super::super::writer::MemoIndex;
use super::{Creator, Dump, Task};
use crate::error::{ErrorKind, Result};
use crate::graph::arena::{BatchKind, Node, NodeId, OpIndex};
use crate::opcode::Opcode;

impl Dump<'_, '_, '_> {
    /// Notes that a node is being written that has no memo entry before its contents have been.
    pub(super) fn begin_creation(&mut self, id: NodeId) -> Result<Option<usize>> {
        if !self.survey.is_shared(id) {
            return Ok(None);
        }
        let outer = self.creating.insert(id, self.remembered);
        if outer == Some(self.remembered) {
            return Err(ErrorKind::Cycle.into());
        }
        self.cycles += usize::from(self.survey.is_cyclic(id));
        Ok(outer)
    }

    fn end_creation(&mut self, id: NodeId, outer: Option<usize>) {
        if !self.survey.is_shared(id) {
            return;
        }
        match outer {
            Some(entries) => self.creating.insert(id, entries),
            None => self.creating.remove(&id),
        };
        self.cycles -= usize::from(self.survey.is_cyclic(id));
    }

    pub(super) fn create(
        &mut self,
        id: NodeId,
        creator: Creator,
        outer: Option<usize>,
    ) -> Result<()> {
        self.end_creation(id, outer);
        if let Some(index) = self.memo[id.index()] {
            self.discard(creator)?;
            self.pickler.write_get(index);
            // It is there already, with all that is in it.
            if let Some(Task::Contents(contents, _)) = self.tasks.last()
                && *contents == id
            {
                self.tasks.pop();
            }
            return Ok(());
        }
        self.write(creator)?;
        let view = match self.tasks.last() {
            Some(Task::Contents(contents, view)) if *contents == id => *view,
            _ => OpIndex::END,
        };
        self.memoize(id, view)
    }

    fn write(&mut self, creator: Creator) -> Result<()> {
        let p = &mut *self.pickler;
        match creator {
            Creator::Tuple(len) => p.close_tuple(len),
            Creator::FrozenSet => p.writer.op(Opcode::FrozenSet),
            Creator::Call(form) => p.close_call(form)?,
            Creator::Inst(class) => p.name_lines(Opcode::Inst, &self.data.name(class))?,
        }
        Ok(())
    }

    /// Takes from the stack what a node was to be made of.
    fn discard(&mut self, creator: Creator) -> Result<()> {
        let pops = match creator {
            Creator::FrozenSet => 0,
            Creator::Tuple(len) if self.pickler.counted_tuple(len) => len,
            Creator::Tuple(_) if self.pickler.binary() => 0,
            Creator::Tuple(len) => len + 1,
            Creator::Call(_) | Creator::Inst(_) => {
                self.write(creator)?;
                1
            }
        };
        if pops == 0 {
            self.pickler.writer.op(Opcode::PopMark);
        }
        for _ in 0..pops {
            self.pickler.writer.op(Opcode::Pop);
        }
        Ok(())
    }

    /// Gives a node that was just created a memo entry, if it can be met again.
    pub(super) fn memoize(&mut self, id: NodeId, view: OpIndex) -> Result<()> {
        let slot = self.take_root_slot(id);
        let needed = slot.is_some()
            || self.pickler.policy == MemoPolicy::All
            || self.survey.is_shared(id)
            || self.survey.changed_after(id, view)
            // What contains itself is written again in itself, and ends there because of this.
            || self.cycles > 0
            || self.has_setter(id);
        if needed {
            let index = self.pickler.put(slot)?;
            self.found_at(id, index);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn take_root_slot(&mut self, id: NodeId) -> Option<Slot> {
        self.root_slot.take_if(|_| id == self.graph.root)
    }

    #[inline]
    pub(super) fn found_at(&mut self, id: NodeId, index: MemoIndex) {
        self.memo[id.index()] = Some(index);
        self.remembered += 1;
    }

    fn has_setter(&self, id: NodeId) -> bool {
        let arena = self.data.arena;
        matches!(arena.node(id), Node::Object(_))
            && arena
                .batches(arena.chain(id), OpIndex::END)
                .any(|batch| batch.kind == BatchKind::Setter)
    }

    /// Gives a node that CPython gives no memo entry one, if it can be met again.
    #[inline]
    pub(super) fn remember(&mut self, id: NodeId) -> Result<()> {
        let slot = self.take_root_slot(id);
        let shared = self.pickler.policy == MemoPolicy::Shared && self.survey.is_shared(id);
        if slot.is_some() || shared {
            let index = self.pickler.put(slot)?;
            self.found_at(id, index);
        }
        Ok(())
    }

    /// The same for a node that has been memoized if the policy is to.
    pub(super) fn remember_memoized(&mut self, id: NodeId) -> Result<()> {
        if self.pickler.policy == MemoPolicy::All {
            let index = self.pickler.memo.last().expect("it was just memoized");
            self.found_at(id, index);
            return Ok(());
        }
        self.remember(id)
    }
}
