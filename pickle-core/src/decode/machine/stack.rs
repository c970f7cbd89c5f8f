//! The stack, whose marks are fences: what is below the topmost one is out of reach. What the
//! nodes on it are, it does not know.

use super::{Done, Operation};
use crate::error::ErrorKind;
use crate::graph::arena::NodeId;

impl Operation<'_> {
    /// MARK.
    pub(super) fn set_mark(&mut self) {
        let height = self.machine.stack.len();
        self.machine.marks.push(height);
    }

    /// POP: of a mark, if nothing is above it.
    pub(super) fn discard(&mut self) -> Done {
        if self.machine.marks.last() == Some(&self.machine.stack.len()) {
            self.machine.marks.pop();
            return Ok(());
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

    fn fence(&self) -> usize {
        self.machine.marks.last().copied().unwrap_or(0)
    }

    pub(super) fn top(&self) -> Done<NodeId> {
        let above = self.machine.stack.get(self.fence()..).unwrap_or_default();
        above.last().copied().ok_or_else(|| self.underflow())
    }

    pub(super) fn pop(&mut self) -> Done<NodeId> {
        let top = self.top()?;
        self.machine.stack.pop();
        Ok(top)
    }

    /// Takes the topmost mark away; what was above it is above the height that it returns.
    pub(super) fn mark(&mut self) -> Done<usize> {
        self.machine.marks.pop().ok_or_else(|| ErrorKind::NoMark {
            opcode: self.op.name(),
        })
    }

    /// The height of the stack below `count` operands, which have to be there.
    pub(super) fn height_below(&self, count: usize) -> Done<usize> {
        let height = self.machine.stack.len().checked_sub(count);
        height
            .filter(|height| *height >= self.fence())
            .ok_or_else(|| self.underflow())
    }

    pub(super) fn above(&self, height: usize) -> &[NodeId] {
        self.machine.stack.get(height..).unwrap_or_default()
    }

    /// What an opcode adds to: the topmost operand below `height`.
    pub(super) fn target(&self, height: usize) -> Done<NodeId> {
        let below = self
            .machine
            .stack
            .get(self.fence()..height)
            .unwrap_or_default();
        below.last().copied().ok_or_else(|| self.underflow())
    }
}
