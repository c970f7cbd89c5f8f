//! The stack, whose marks are fences: what is below the topmost one is out of reach. What the
//! nodes on it are, it does not know.

use super::{Done, Operation};
use crate::error::{Error, ErrorKind};
use crate::graph::arena::NodeId;

impl Operation<'_, '_> {
    /// MARK.
    #[inline]
    pub(super) fn set_mark(&mut self) {
        let machine = &mut *self.machine;
        let outer = std::mem::replace(&mut machine.fence, machine.stack.len());
        machine.marks.push(outer);
    }

    /// POP: of a mark, if nothing is above it.
    pub(super) fn discard(&mut self) -> Done {
        if self.machine.stack.len() == self.machine.fence && !self.machine.marks.is_empty() {
            return self.mark().map(drop);
        }
        let discarded = self.pop()?;
        self.note_setter(discarded);
        Ok(())
    }

    /// POP_MARK.
    pub(super) fn discard_to_mark(&mut self) -> Done {
        let mark = self.mark()?;
        self.machine.stack.truncate(mark);
        Ok(())
    }

    /// DUP.
    pub(super) fn duplicate(&mut self) -> Done {
        let top = self.top()?;
        self.machine.stack.push(top);
        Ok(())
    }

    #[inline]
    pub(super) fn top(&self) -> Done<NodeId> {
        match self.machine.stack.last() {
            Some(top) if self.machine.stack.len() > self.machine.fence => Ok(*top),
            _ => Err(self.underflow()),
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Done<NodeId> {
        let top = self.top()?;
        self.machine.stack.pop();
        Ok(top)
    }

    /// Takes the topmost mark away; what was above it is above the height that it returns.
    #[inline]
    pub(super) fn mark(&mut self) -> Done<usize> {
        let machine = &mut *self.machine;
        let Some(outer) = machine.marks.pop() else {
            return Err(self.no_mark());
        };
        Ok(std::mem::replace(&mut machine.fence, outer))
    }

    #[cold]
    fn no_mark(&self) -> Error {
        let opcode = self.op.name();
        ErrorKind::NoMark { opcode }.into()
    }

    /// The height of the stack below `count` operands, which have to be there.
    #[inline]
    pub(super) fn height_below(&self, count: usize) -> Done<usize> {
        match self.machine.stack.len().checked_sub(count) {
            Some(height) if height >= self.machine.fence => Ok(height),
            _ => Err(self.underflow()),
        }
    }

    #[inline]
    pub(super) fn above(&self, height: usize) -> &[NodeId] {
        self.machine.stack.get(height..).unwrap_or_default()
    }

    /// What an opcode adds to: the topmost operand below `height`.
    #[inline]
    pub(super) fn target(&self, height: usize) -> Done<NodeId> {
        let stack = self.machine.stack.get(self.machine.fence..height);
        match stack.and_then(<[_]>::last) {
            Some(target) => Ok(*target),
            None => Err(self.underflow()),
        }
    }
}
