//! A [`Value`] in a stream: whatever object is next, as a tree.
//!
//! A typed value asks for what it expects; a `Value` expects nothing. So the opcodes are carried
//! out here as the machine carries them out, but on a stack of values in place of nodes. All that
//! picklers write of atoms, tuples, lists, dicts and sets is understood. References are followed
//! to strs alone, so that a container on the stack is in no other one: it grows in place, and is
//! final when it is moved into the one around it.
//!
//! What is final is held against what the graph would find: how deep it is, whether keys and
//! items can be hashed, and whether each of them comes once.

use std::mem;

use super::container::{BATCH, is_end};
use super::lookahead::Taken;
use super::memo::Entry;
use super::{
    ADDITEMS, APPEND, APPENDS, Awaited, BINBYTES, BINBYTES8, BINFLOAT, BINGET, BININT, BININT1,
    BININT2, BINPUT, BINUNICODE, BINUNICODE8, BYTEARRAY8, EMPTY_DICT, EMPTY_LIST, EMPTY_SET,
    EMPTY_TUPLE, FRAME, FROZENSET, LONG_BINGET, LONG_BINPUT, LONG1, MARK, MEMOIZE, NEWFALSE,
    NEWTRUE, NONE, PROTO, SETITEM, SETITEMS, SHORT_BINBYTES, SHORT_BINUNICODE, STOP, Stream, TUPLE,
    TUPLE1, TUPLE2, TUPLE3,
};
use crate::bigint;
use crate::construct::Decoder;
use crate::decode::sign_extended;
use crate::error::Result;
use crate::opcode::Opcode;
use crate::value::{BigInt, Dict, Distinct, Value, Values};

/// What is kept on stacks while a tree is made.
#[derive(Debug, Default)]
pub(super) struct Stacks {
    values: Vec<Value>,
    /// How many values there were at each MARK.
    marks: Vec<usize>,
    /// The containers among the values that are not empty, the lowest first.
    branches: Vec<Branch>,
    distinct: Distinct,
}

/// A container on the stack: where it is, and how many levels it has, its items included.
#[derive(Clone, Copy, Debug)]
struct Branch {
    at: usize,
    levels: u32,
}

/// A tree while it is made.
struct Tree<'s, 'g> {
    stream: &'s mut Stream<'g>,
    stacks: Stacks,
    /// Whether it is all of the pickle, up to the STOP.
    is_whole: bool,
    /// The memo index of the lowest value.
    index: Option<usize>,
    /// How many bytes were copied, and how many may be.
    copied: u64,
    allowed: u64,
}

impl Decoder<'_> {
    /// The object as a plain tree, straight of the stream.
    pub(crate) fn tree(&mut self) -> Result<Value> {
        let allowed = self.constructed_bytes();
        self.stream.begin_object();
        let start = self.stream.offset();
        // Its items begin where a tuple does, which is what may be waited for.
        let awaited = mem::replace(&mut self.stream.awaited, Awaited::NOTHING);
        let mut tree = Tree {
            stacks: mem::take(&mut self.stream.scratch.stacks),
            is_whole: self.stream.is_first(),
            index: None,
            copied: 0,
            allowed,
            stream: &mut self.stream,
        };
        let value = tree.value();
        let (mut stacks, index, copied) = (tree.stacks, tree.index, tree.copied);
        stacks.clear();
        self.stream.scratch.stacks = stacks;
        self.stream.awaited = awaited;
        if awaited.start == start {
            self.stream.awaited.index = index;
        }
        self.charge_bytes(copied)?;
        value.ok_or_else(|| self.give_up())
    }
}

impl Stacks {
    fn clear(&mut self) {
        self.values.clear();
        self.marks.clear();
        self.branches.clear();
    }

    /// Gives back what only a large tree needs.
    pub(super) fn shrink_to(&mut self, kept: usize) {
        self.values.shrink_to(kept);
        self.marks.shrink_to(kept);
        self.branches.shrink_to(kept);
        self.distinct.shrink_to(kept);
    }
}

impl Stream<'_> {
    /// Whether the object that is next is the first of the pickle.
    fn is_first(&self) -> bool {
        matches!(
            (self.input, self.offset()),
            ([PROTO, ..], 2) | ([PROTO, _, FRAME, ..], 11)
        )
    }
}

impl Tree<'_, '_> {
    /// The value, if all of it is understood.
    fn value(&mut self) -> Option<Value> {
        if self.stream.tree_depth == 0 {
            // Whether there may be anything but an atom is left to the graph.
            return None;
        }
        loop {
            self.step()?;
            if self.stacks.values.len() == 1 && self.stacks.marks.is_empty() && self.is_over() {
                self.stacks.settle(0)?;
                return self.stacks.values.pop();
            }
        }
    }

    /// Carries out the next opcode.
    #[inline]
    fn step(&mut self) -> Option<()> {
        match self.stream.peek()? {
            SHORT_BINUNICODE | BINUNICODE | BINUNICODE8 | BINGET | LONG_BINGET => self.text()?,
            BININT | BININT1 | BININT2 => {
                let value = self.stream.int()?;
                self.push_new(|| Value::Int(value));
            }
            LONG1 => self.long()?,
            BINFLOAT => {
                let value = self.stream.float()?;
                self.push_new(|| Value::Float(value));
            }
            NEWTRUE | NEWFALSE => {
                let value = self.stream.bool()?;
                self.push_new(|| Value::Bool(value));
            }
            SHORT_BINBYTES | BINBYTES | BINBYTES8 | BYTEARRAY8 => self.bytes()?,
            MEMOIZE | BINPUT | LONG_BINPUT => self.memoize()?,
            FRAME => return self.stream.skip_frame().then_some(()),
            EMPTY_LIST | EMPTY_DICT | EMPTY_SET if self.stream.hashed => return None,
            opcode => {
                self.stream.take(opcode);
                match opcode {
                    NONE => self.push_new(|| Value::None),
                    EMPTY_TUPLE => self.push_new(|| Value::Tuple(Values::default())),
                    EMPTY_LIST => self.push_new(|| Value::List(Values::default())),
                    EMPTY_DICT => self.push_new(|| Value::Dict(Dict::default())),
                    EMPTY_SET => self.push_new(|| Value::Set(Values::default())),
                    MARK => self.stacks.marks.push(self.stacks.values.len()),
                    opcode => self.collect(opcode)?,
                }
            }
        }
        Some(())
    }

    /// A str, or a reference to one.
    #[inline(never)]
    fn text(&mut self) -> Option<()> {
        let before = self.stream.memo_len();
        let text = match self.stream.short_str() {
            Some(text) => text,
            None => self.stream.str()?,
        };
        self.copy(text.len())?;
        self.push_new(|| Value::Str(text.to_owned()));
        self.note(before);
        Some(())
    }

    fn bytes(&mut self) -> Option<()> {
        let before = self.stream.memo_len();
        let is_bytes = self.stream.peek()? != BYTEARRAY8;
        let bytes = self.stream.bytes()?;
        self.copy(bytes.len())?;
        let bytes = bytes.to_vec();
        self.push(if is_bytes {
            Value::Bytes(bytes)
        } else {
            Value::ByteArray(bytes)
        });
        self.note(before);
        Some(())
    }

    /// An int of any size that one byte can tell.
    fn long(&mut self) -> Option<()> {
        if let Some(value) = self.stream.int() {
            self.push(Value::Int(value));
            return Some(());
        }
        let [LONG1, len, rest @ ..] = self.stream.rest else {
            return None;
        };
        let (bytes, rest) = rest.split_at_checked(usize::from(*len))?;
        self.stream.rest = rest;
        let bytes = bigint::trimmed(bytes);
        if bytes.len() <= 8 {
            self.push(Value::Int(sign_extended(bytes)));
        } else {
            self.copy(bytes.len())?;
            self.push(Value::BigInt(BigInt::from_signed_bytes_le(bytes)));
        }
        Some(())
    }

    fn copy(&mut self, bytes: usize) -> Option<()> {
        self.copied = self.copied.saturating_add(bytes as u64);
        (self.copied <= self.allowed).then_some(())
    }

    #[inline]
    fn push(&mut self, value: Value) {
        self.stacks.values.push(value);
        self.note(self.stream.memo_len());
    }

    /// The same of a value that is made where it belongs. To copy it there would have to wait
    /// until all of it, and what was written before it, has arrived in memory.
    #[inline]
    fn push_new(&mut self, make: impl FnMut() -> Value) {
        let len = self.stacks.values.len();
        self.stacks.values.resize_with(len + 1, make);
        self.note(self.stream.memo_len());
    }

    /// The value on top has got the next memo index after the first so many, if there are more.
    #[inline]
    fn note(&mut self, before: usize) {
        if self.stacks.values.len() == 1 {
            self.index = (self.stream.memo_len() > before).then_some(before);
        }
    }

    /// Enters what is on top in the memo.
    fn memoize(&mut self) -> Option<()> {
        let before = self.stream.memo_len();
        self.top(1)?;
        self.stream.put_part(Entry::OTHER)?;
        self.note(before);
        Some(())
    }

    /// Where the values begin that an opcode takes `count` of.
    fn top(&self, count: usize) -> Option<usize> {
        let first = self.stacks.values.len().checked_sub(count)?;
        (first >= self.stacks.floor()).then_some(first)
    }

    /// Carries out an opcode that takes values off the stack.
    #[inline]
    fn collect(&mut self, opcode: u8) -> Option<()> {
        let first = match opcode {
            TUPLE | APPENDS | SETITEMS | ADDITEMS | FROZENSET => self.stacks.marks.pop()?,
            TUPLE1 | APPEND => self.top(1)?,
            TUPLE2 | SETITEM => self.top(2)?,
            TUPLE3 => self.top(3)?,
            _ => return None,
        };
        let is_empty = first == self.stacks.values.len();
        let levels = self.stacks.settle(first)?.checked_add(1)?;
        if levels > self.stream.tree_depth && !is_empty {
            return None;
        }
        let at = match opcode {
            TUPLE | TUPLE1 | TUPLE2 | TUPLE3 => {
                let items = self.stacks.values.split_off(first);
                self.push(Value::Tuple(items.into()));
                first
            }
            FROZENSET => {
                let items = self.stacks.values.split_off(first);
                self.push(Value::FrozenSet(items.into()));
                first
            }
            opcode => self.stacks.add(opcode, first)?,
        };
        if !is_empty {
            self.stacks.raise(at, levels);
        }
        Some(())
    }

    /// Whether the one value that there is is all that belongs to it. If it is not all of the pickle
    /// that is a guess: if it is wrong, what follows is not understood.
    fn is_over(&mut self) -> bool {
        let next = self.stream.peek();
        if self.is_whole {
            return next == Some(STOP);
        }
        match next {
            None => true,
            // An atom's entry in the memo is that of a pointer.
            Some(MEMOIZE | BINPUT | LONG_BINPUT) => false,
            Some(MARK) => !self.may_grow(),
            Some(next) if is_end(next) && next != TUPLE1 => true,
            Some(_) if self.stream.is_upcoming() => true,
            Some(_) => match (self.stream.taken_by(), self.stacks.values.last()) {
                (Taken::By(Opcode::Tuple1 | Opcode::Tuple2 | Opcode::Tuple3), _)
                | (Taken::By(Opcode::Append), Some(Value::List(_)))
                | (Taken::By(Opcode::SetItem), Some(Value::Dict(_))) => false,
                (Taken::Unknown, Some(Value::List(_) | Value::Dict(_))) => !self.may_grow(),
                _ => true,
            },
        }
    }

    /// Whether it is a container that is likely to get items: it is empty, or has full batches.
    fn may_grow(&self) -> bool {
        let len = match self.stacks.values.last() {
            Some(Value::List(items) | Value::Set(items)) => items.len(),
            Some(Value::Dict(entries)) => entries.len(),
            _ => return false,
        };
        len.is_multiple_of(BATCH)
    }
}

impl Stacks {
    /// Down to where values can be taken.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    /// Adds the values from the first one on to the container below them. Where that is.
    fn add(&mut self, opcode: u8, first: usize) -> Option<usize> {
        let at = first.checked_sub(1)?;
        if at < self.floor() {
            return None;
        }
        let count = self.values.len() - first;
        let mut container = mem::take(self.values.get_mut(at)?);
        match (&mut container, opcode) {
            (Value::List(items), APPEND | APPENDS) | (Value::Set(items), ADDITEMS) => {
                items.append(&mut self.values, first);
            }
            (Value::Dict(entries), SETITEM | SETITEMS) if count.is_multiple_of(2) => {
                entries.append(&mut self.values, first);
            }
            _ => return None,
        }
        *self.values.get_mut(at)? = container;
        Some(at)
    }

    /// Notes that a container has so many levels.
    fn raise(&mut self, at: usize, levels: u32) {
        match self.branches.last_mut() {
            Some(branch) if branch.at == at => branch.levels = branch.levels.max(levels),
            _ => self.branches.push(Branch { at, levels }),
        }
    }

    /// Looks at the containers from a place on, which are final now. How many levels they have: an
    /// atom has one.
    fn settle(&mut self, first: usize) -> Option<u32> {
        let mut levels = 1;
        while let Some(branch) = self.branches.pop_if(|branch| branch.at >= first) {
            levels = levels.max(branch.levels);
            let is_sound = match self.values.get(branch.at)? {
                Value::Dict(entries) => self.distinct.are(entries.iter().map(|(key, _)| key)),
                Value::Set(items) | Value::FrozenSet(items) => self.distinct.are(items.iter()),
                _ => true,
            };
            if !is_sound {
                return None;
            }
        }
        Some(levels)
    }
}
