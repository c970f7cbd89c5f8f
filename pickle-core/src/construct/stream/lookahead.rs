//! Looking ahead: where the language leaves open what an opcode belongs to.

use super::Stream;
use crate::decode::Reader;
use crate::opcode::{Opcode, StackItem};

/// How many opcodes are looked at. Behind so many, the likelier answer is taken; if it is wrong,
/// the load goes through the graph.
const OPCODES: usize = 32;

impl Stream<'_> {
    /// Whether an empty container that ends here gets, by `set`, as few items as that takes: else
    /// what follows does not belong to it.
    pub(super) fn is_single(&self, set: Opcode) -> bool {
        let needed = set.stack_before().len();
        let mut reader = Reader::new(self.rest, 0);
        // The container is on the stack, and below it is what nothing is known of.
        let mut height = 1_usize;
        let mut marks = Vec::new();
        for _ in 0..OPCODES {
            let Ok(located) = reader.next() else {
                return false;
            };
            let opcode = located.opcode;
            if opcode == set && height == needed && marks.is_empty() {
                return true;
            }
            if opcode == Opcode::Mark {
                marks.push(height);
                continue;
            }
            let taken = opcode.stack_before();
            if taken.contains(&StackItem::Mark) {
                let Some(mark) = marks.pop() else {
                    return false;
                };
                height = mark;
            }
            let below = taken.iter().take_while(|item| **item != StackItem::Mark);
            // What is taken may be the container itself, or what is below it.
            let Some(rest) = height.checked_sub(below.count()) else {
                return false;
            };
            height = rest + opcode.stack_after().len();
            if height == 0 || rest == 0 && !is_memo(opcode) {
                return false;
            }
        }
        true
    }
}

/// Whether an opcode leaves on the stack what it takes.
fn is_memo(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Memoize | Opcode::BinPut | Opcode::LongBinPut | Opcode::Put
    )
}
