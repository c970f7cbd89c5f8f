//! Looking ahead: where the language leaves open what an opcode belongs to.

use super::memo::Entry;
use super::{BINUNICODE, BINUNICODE8, FRAME, SHORT_BINUNICODE, Stream};
use crate::decode::{Argument, Located, Reader};
use crate::opcode::{Opcode, StackItem};

/// How many opcodes are looked at. Behind so many, the likelier answer is taken; if it is wrong,
/// the load goes through the graph.
const OPCODES: usize = 32;

impl Stream<'_> {
    /// Whether an empty container that ends here gets, by `set`, as few items as that takes: else
    /// what follows does not belong to it.
    pub(super) fn is_single(&mut self, set: Opcode, is_attribute: bool) -> bool {
        if self.is_upcoming() {
            return false;
        }
        // Behind an attribute, no value but a name can follow.
        if is_attribute && !self.may_be_name() {
            return true;
        }
        // What could not be told from farther off cannot be told from here.
        if self.offset() < self.undecided {
            return true;
        }
        let single = self.look_ahead(set);
        if single.is_none() {
            self.undecided = self.offset() + OPCODES;
        }
        single.unwrap_or(true)
    }

    /// Whether what began there is the whole value of an attribute.
    pub(super) fn is_attribute(&self, start: usize) -> bool {
        self.input.len() - start == self.attribute_at
    }

    /// Whether a str may be next.
    fn may_be_name(&self) -> bool {
        match self.reference() {
            Some((entry, _)) => entry.as_text().is_some(),
            None => matches!(
                self.peek(),
                None | Some(SHORT_BINUNICODE | BINUNICODE | BINUNICODE8 | FRAME)
            ),
        }
    }

    /// The same, if it can be told.
    fn look_ahead(&self, set: Opcode) -> Option<bool> {
        let needed = set.stack_before().len();
        let mut reader = Reader::new(self.rest, 0);
        // The container is on the stack, and below it is what nothing is known of.
        let mut height = 1_usize;
        let mut marks = Vec::new();
        let mut after_class = false;
        for _ in 0..OPCODES {
            let Ok(Located {
                opcode, argument, ..
            }) = reader.next()
            else {
                return Some(false);
            };
            if height == needed && marks.is_empty() {
                if opcode == set {
                    return Some(true);
                }
                // Behind the last item, a str is most often the name of the next attribute.
                if !after_class && self.is_text(opcode, argument) && !is_qualname(&reader) {
                    return Some(false);
                }
            }
            if opcode == Opcode::Mark {
                marks.push(height);
                continue;
            }
            after_class = self.is_class(opcode, argument) || after_class && is_memo(opcode);
            let taken = opcode.stack_before();
            if taken.contains(&StackItem::Mark) {
                let Some(mark) = marks.pop() else {
                    return Some(false);
                };
                height = mark;
            }
            let below = taken.iter().take_while(|item| **item != StackItem::Mark);
            // What is taken may be the container itself, or what is below it.
            let Some(rest) = height.checked_sub(below.count()) else {
                return Some(false);
            };
            if rest == 0 && !is_memo(opcode) {
                return Some(false);
            }
            height = rest + opcode.stack_after().len();
        }
        None
    }

    fn entry(&self, opcode: Opcode, argument: Argument<'_>) -> Option<Entry> {
        let Argument::Int(index) = argument else {
            return None;
        };
        let is_get = matches!(opcode, Opcode::BinGet | Opcode::LongBinGet);
        let index = usize::try_from(index).ok().filter(|_| is_get)?;
        self.scratch.memo.get(index).copied()
    }

    fn is_text(&self, opcode: Opcode, argument: Argument<'_>) -> bool {
        matches!(opcode, Opcode::ShortBinUnicode | Opcode::BinUnicode)
            || self
                .entry(opcode, argument)
                .and_then(Entry::as_text)
                .is_some()
    }

    fn is_class(&self, opcode: Opcode, argument: Argument<'_>) -> bool {
        matches!(opcode, Opcode::StackGlobal | Opcode::Global)
            || self
                .entry(opcode, argument)
                .and_then(Entry::as_class)
                .is_some()
    }
}

/// Whether the str that was read is the second half of a class's name.
fn is_qualname(behind: &Reader<'_>) -> bool {
    let mut behind = behind.clone();
    let opcodes = std::iter::from_fn(|| behind.next().ok());
    let mut opcodes = opcodes.map(|located| located.opcode);
    opcodes.find(|opcode| !is_memo(*opcode)) == Some(Opcode::StackGlobal)
}

/// Whether an opcode leaves on the stack what it takes.
fn is_memo(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Memoize | Opcode::BinPut | Opcode::LongBinPut
    )
}
