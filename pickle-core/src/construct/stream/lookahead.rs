//! Looking ahead: where the language leaves open what an opcode belongs to.

use super::memo::Entry;
use super::{BINUNICODE, BINUNICODE8, FRAME, SHORT_BINUNICODE, Stream};
use crate::decode::{Argument, Located, Reader};
use crate::opcode::{Opcode, StackItem};

/// How many opcodes are looked at. Behind so many, the likelier answer is taken; if it is wrong,
/// the load goes through the graph.
const OPCODES: usize = 32;

/// What becomes of an object behind its last opcode.
#[derive(Clone, Copy, Debug)]
pub(super) enum Taken {
    By(Opcode),
    /// Others come first, or it is taken with what is below it.
    NotYet,
    Unknown,
}

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
        let mut stack = Stack::of_one();
        let mut after_class = false;
        for _ in 0..OPCODES {
            let Ok(Located {
                opcode, argument, ..
            }) = reader.next()
            else {
                return Some(false);
            };
            if stack.height == needed && stack.marks.is_empty() {
                if opcode == set {
                    return Some(true);
                }
                // Behind the last item, a str is most often the name of the next attribute.
                if !after_class && self.is_text(opcode, argument) && !is_qualname(&reader) {
                    return Some(false);
                }
            }
            if opcode != Opcode::Mark {
                after_class = self.is_class(opcode, argument) || after_class && is_memo(opcode);
            }
            // What is taken may be the container itself, or what is below it.
            match stack.carry_out(opcode) {
                None => return Some(false),
                Some(0) if !is_memo(opcode) => return Some(false),
                Some(_) => {}
            }
        }
        None
    }

    /// The opcode that takes the object which ends here, and nothing below it, off the stack again,
    /// if that can be told. It is none if that makes the arguments of a call: then the object is one
    /// of them.
    pub(super) fn taken_by(&self) -> Taken {
        let mut reader = Reader::new(self.rest, 0);
        let mut stack = Stack::of_one();
        for _ in 0..OPCODES {
            let Ok(Located { opcode, .. }) = reader.next() else {
                return Taken::NotYet;
            };
            if is_memo(opcode) {
                continue;
            }
            match stack.carry_out(opcode) {
                Some(0) if is_called(&reader) => return Taken::NotYet,
                Some(0) => return Taken::By(opcode),
                // Three are all that an opcode takes without a MARK, and a tuple may be one of them.
                Some(_) if stack.marks.is_empty() && stack.height > 5 => return Taken::NotYet,
                Some(_) => {}
                None => return Taken::NotYet,
            }
        }
        Taken::Unknown
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

/// How high the stack is: there is an object, and below it is what nothing is known of.
struct Stack {
    height: usize,
    marks: Vec<usize>,
}

impl Stack {
    fn of_one() -> Self {
        Self {
            height: 1,
            marks: Vec::new(),
        }
    }

    /// How high what an opcode leaves as it is is; `None` if it takes what nothing is known of.
    fn carry_out(&mut self, opcode: Opcode) -> Option<usize> {
        if opcode == Opcode::Mark {
            self.marks.push(self.height);
            return Some(self.height);
        }
        let taken = opcode.stack_before();
        if taken.contains(&StackItem::Mark) {
            self.height = self.marks.pop()?;
        }
        let below = taken.iter().take_while(|item| **item != StackItem::Mark);
        let rest = self.height.checked_sub(below.count())?;
        self.height = rest + opcode.stack_after().len();
        Some(rest)
    }
}

/// Whether the tuple that was read is the arguments of a call.
fn is_called(behind: &Reader<'_>) -> bool {
    let next = next_but_memo(behind);
    matches!(next, Some(Opcode::Reduce | Opcode::NewObj))
}

/// Whether the str that was read is the second half of a class's name.
fn is_qualname(behind: &Reader<'_>) -> bool {
    next_but_memo(behind) == Some(Opcode::StackGlobal)
}

fn next_but_memo(behind: &Reader<'_>) -> Option<Opcode> {
    let mut behind = behind.clone();
    let opcodes = std::iter::from_fn(|| behind.next().ok());
    let mut opcodes = opcodes.map(|located| located.opcode);
    opcodes.find(|opcode| !is_memo(*opcode))
}

/// Whether an opcode leaves on the stack what it takes.
fn is_memo(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Memoize | Opcode::BinPut | Opcode::LongBinPut
    )
}
