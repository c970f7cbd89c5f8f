//! Tuples, lists, dicts and sets: made of what is on the stack, and added to. Batches are kept
//! apart where a call came between them. Whether an instance can be added to is not known here:
//! its class is not asked.

use super::{Done, Operation};
use crate::error::ErrorKind;
use crate::graph::arena::{BatchKind, Chain, Node, NodeId};
use crate::graph::unhashable;

impl Operation<'_, '_> {
    pub(super) fn tuple(&mut self) -> Done {
        let mark = self.mark()?;
        let tuple = self.tuple_from(mark);
        self.push(tuple);
        Ok(())
    }

    pub(super) fn counted_tuple(&mut self, count: usize) -> Done {
        let height = self.height_below(count)?;
        let tuple = self.tuple_from(height);
        self.push(tuple);
        Ok(())
    }

    /// A tuple of what is above `height`.
    pub(super) fn tuple_from(&mut self, height: usize) -> Node {
        let hashable = self
            .above(height)
            .iter()
            .all(|id| self.unhashable(*id).is_none());
        let (start, len) = self.move_to_slots(height);
        Node::Tuple {
            start,
            len,
            hashable,
        }
    }

    pub(super) fn list(&mut self) -> Done {
        let mark = self.mark()?;
        let mut chain = Chain::EMPTY;
        self.extend(&mut chain, BatchKind::Items, mark);
        self.push(Node::List(chain));
        Ok(())
    }

    pub(super) fn append(&mut self) -> Done {
        let above = self.height_below(1)?;
        self.append_above(above)
    }

    pub(super) fn appends(&mut self) -> Done {
        let mark = self.mark()?;
        self.append_above(mark)
    }

    fn append_above(&mut self, height: usize) -> Done {
        let target = self.target(height)?;
        if self.above(height).is_empty() {
            return Ok(());
        }
        match self.machine.arena.node(target) {
            Node::List(_) | Node::Object(_) => {
                self.extend_node(target, BatchKind::Items, height);
                Ok(())
            }
            _ => Err(self.bad_operand("a list", target)),
        }
    }

    pub(super) fn dict(&mut self) -> Done {
        let mark = self.mark()?;
        self.check_pairs(mark)?;
        let mut chain = Chain::EMPTY;
        self.extend(&mut chain, BatchKind::Pairs, mark);
        self.push(Node::Dict(chain));
        Ok(())
    }

    pub(super) fn set_item(&mut self) -> Done {
        let above = self.height_below(2)?;
        self.set_items_above(above)
    }

    pub(super) fn set_items(&mut self) -> Done {
        let mark = self.mark()?;
        self.set_items_above(mark)
    }

    fn set_items_above(&mut self, height: usize) -> Done {
        let target = self.target(height)?;
        if self.above(height).is_empty() {
            return Ok(());
        }
        match self.machine.arena.node(target) {
            Node::Dict(_) => self.check_pairs(height)?,
            Node::Object(_) if self.above(height).len().is_multiple_of(2) => {}
            Node::Object(_) => return Err(self.bad("an odd number of items")),
            _ => return Err(self.bad_operand("a dict", target)),
        }
        self.extend_node(target, BatchKind::Pairs, height);
        Ok(())
    }

    pub(super) fn add_items(&mut self) -> Done {
        let height = self.mark()?;
        let target = self.target(height)?;
        if self.above(height).is_empty() {
            return Ok(());
        }
        match self.machine.arena.node(target) {
            Node::Set(_) => {
                self.check_hashable(height, 1)?;
                self.extend_node(target, BatchKind::Items, height);
            }
            Node::Object(_) => self.extend_node(target, BatchKind::Added, height),
            _ => return Err(self.bad_operand("a set", target)),
        }
        Ok(())
    }

    pub(super) fn frozenset(&mut self) -> Done {
        let mark = self.mark()?;
        self.check_hashable(mark, 1)?;
        let (start, len) = self.move_to_slots(mark);
        self.push(Node::FrozenSet { start, len });
        Ok(())
    }

    fn check_pairs(&self, height: usize) -> Done {
        if !self.above(height).len().is_multiple_of(2) {
            return Err(self.bad("an odd number of items"));
        }
        self.check_hashable(height, 2)
    }

    /// Checks each item above `height` that is the first of so many.
    #[inline]
    fn check_hashable(&self, height: usize, step: usize) -> Done {
        for items in self.above(height).chunks(step) {
            if let Some(found) = items.first().and_then(|id| self.unhashable(*id)) {
                return Err(ErrorKind::Unhashable { found }.into());
            }
        }
        Ok(())
    }

    #[inline]
    fn unhashable(&self, id: NodeId) -> Option<&'static str> {
        match self.machine.arena.node(id) {
            Node::Str(_) | Node::Int(_) | Node::Float(_) | Node::None => None,
            _ => unhashable(self.data(), id),
        }
    }

    fn move_to_slots(&mut self, height: usize) -> (u32, u32) {
        let machine = &mut *self.machine;
        let start = machine.arena.slots.len();
        let items = machine.stack.get(height..).unwrap_or_default();
        let len = items.len();
        machine.arena.slots.extend_from_slice(items);
        machine.stack.truncate(height);
        // OK because there was room.
        (
            u32::try_from(start).unwrap_or(u32::MAX),
            u32::try_from(len).unwrap_or(u32::MAX),
        )
    }

    /// Adds what is above `height` to a chain, in the batch that is open if no call saw it.
    fn extend(&mut self, chain: &mut Chain, kind: BatchKind, height: usize) {
        if self.above(height).is_empty() {
            return;
        }
        let (start, len) = self.move_to_slots(height);
        let machine = &mut *self.machine;
        let (now, last_call) = (machine.now, machine.last_call);
        if let Some(last) = machine.arena.last_batch(*chain)
            && last.kind == kind
            && matches!(kind, BatchKind::Items | BatchKind::Added | BatchKind::Pairs)
            && last.start + last.len == start
            && last.at > last_call
        {
            last.len += len;
            return;
        }
        machine.arena.append(chain, kind, now, start, len);
    }

    /// Adds what is above `height` to a node that has a chain.
    pub(super) fn extend_node(&mut self, target: NodeId, kind: BatchKind, height: usize) {
        let mut chain = self.machine.arena.chain(target);
        self.extend(&mut chain, kind, height);
        self.machine.arena.set_chain(target, chain);
    }
}
