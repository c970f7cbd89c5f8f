//! The memo of a stream: what each entry can be understood as when it is referred to.

use std::cell::Cell;

use super::class::{Key, Known};
use super::shared::Pointers;
use super::value::Stacks;
use super::{BINGET, BINPUT, LONG_BINGET, LONG_BINPUT, MEMOIZE, Stream};

/// What a memo entry is: two bits of tag, and an index or offset.
///
/// A str that names a module and an instance whose class it is in begin at the same byte: so each
/// entry says what it is of, and most are of nothing that can be referred to here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry(u64);

const TAG: u32 = 62;
const TEXT: u64 = 0;
const CLASS: u64 = 1;
const POINTER: u64 = 2;
const MEMBER: u64 = 3;

/// So many tables of pointers can be told apart.
const MAX_TABLES: usize = 1 << 20;

impl Entry {
    /// Something else.
    pub(super) const OTHER: Self = Self(TEXT << TAG | Self::INDEX);
    const INDEX: u64 = (1 << TAG) - 1;

    /// A str, by the offset of its opcode.
    #[inline]
    pub(super) fn text(offset: usize) -> Self {
        Self(offset as u64 & Self::INDEX)
    }

    pub(super) fn class(index: usize) -> Self {
        Self(CLASS << TAG | index as u64)
    }

    /// A shared pointer: which of the tables of pointers it is in, and where.
    pub(super) fn pointer(pointers: usize, index: usize) -> Self {
        match (u32::try_from(index), pointers < MAX_TABLES) {
            (Ok(index), true) => Self(POINTER << TAG | (pointers as u64) << 32 | u64::from(index)),
            _ => Self::OTHER,
        }
    }

    /// A member of an enum: its class's index, and its own.
    pub(super) fn member(class: u32, member: u16) -> Self {
        Self(MEMBER << TAG | u64::from(class) << 16 | u64::from(member))
    }

    #[inline]
    fn index(self, tag: u64) -> Option<u64> {
        (self.0 >> TAG == tag && self != Self::OTHER).then_some(self.0 & Self::INDEX)
    }

    #[inline]
    pub(super) fn as_text(self) -> Option<usize> {
        usize::try_from(self.index(TEXT)?).ok()
    }

    #[inline]
    pub(super) fn as_class(self) -> Option<usize> {
        usize::try_from(self.index(CLASS)?).ok()
    }

    #[inline]
    pub(super) fn as_pointer(self) -> Option<(usize, usize)> {
        let index = usize::try_from(self.index(POINTER)?).ok()?;
        Some((index >> 32, index & 0xffff_ffff))
    }

    pub(super) fn as_member(self) -> Option<(usize, usize)> {
        let index = usize::try_from(self.index(MEMBER)?).ok()?;
        Some((index >> 16, index & 0xffff))
    }
}

/// What a stream learns while it is read. The buffers are kept for the next one of the thread, so
/// that a small pickle costs no allocation but those of its values.
#[derive(Debug, Default)]
pub(in crate::construct) struct Scratch {
    pub(super) memo: Vec<Entry>,
    pub(super) classes: Vec<Known>,
    /// The keys of all classes.
    pub(super) keys: Vec<Key>,
    pub(super) pointers: Vec<Pointers>,
    pub(super) stacks: Stacks,
}

/// How many entries a buffer may have room for and yet be kept.
const KEPT: usize = 1 << 12;
/// The same of tables of pointers.
const KEPT_TABLES: usize = 16;

thread_local! {
    static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

impl Scratch {
    #[inline]
    pub(super) fn take() -> Box<Self> {
        let kept = SCRATCH.try_with(Cell::take);
        kept.ok().flatten().unwrap_or_default()
    }

    pub(super) fn put_back(mut self: Box<Self>) {
        self.memo.clear();
        self.classes.clear();
        self.keys.clear();
        // Values are dropped here, which may load something themselves.
        for pointers in &mut self.pointers {
            pointers.clear();
        }
        let room = self.pointers.iter().map(Pointers::capacity).sum::<usize>();
        if room > KEPT || self.pointers.len() > KEPT_TABLES {
            self.pointers.clear();
        }
        if self.memo.capacity() > KEPT || self.keys.capacity() > KEPT {
            self.memo.shrink_to(KEPT);
            self.classes.shrink_to(KEPT);
            self.keys.shrink_to(KEPT);
        }
        self.stacks.shrink_to(KEPT);
        let _ = SCRATCH.try_with(|scratch| scratch.set(Some(self)));
    }
}

impl<'g> Stream<'g> {
    /// The memo entry that is referred to, and what is behind the reference.
    #[inline]
    pub(super) fn reference(&self) -> Option<(Entry, &'g [u8])> {
        let (index, rest) = match *self.rest {
            [BINGET, index, ref rest @ ..] => (usize::from(index), rest),
            [LONG_BINGET, a, b, c, d, ref rest @ ..] => {
                (u32::from_le_bytes([a, b, c, d]) as usize, rest)
            }
            _ => return None,
        };
        Some((*self.scratch.memo.get(index)?, rest))
    }

    /// Enters the object that was just read in the memo, if the stream does. It begins at `start`.
    #[inline]
    pub(super) fn put(&mut self, start: usize, entry: Entry) -> Option<()> {
        match self.rest.first() {
            Some(&MEMOIZE) => {
                self.rest = self.rest.get(1..)?;
                self.memoized(start, entry);
                Some(())
            }
            Some(&(BINPUT | LONG_BINPUT)) => self.put_at(start, entry),
            _ => Some(()),
        }
    }

    fn put_at(&mut self, start: usize, entry: Entry) -> Option<()> {
        let (index, rest) = match *self.rest {
            [BINPUT, index, ref rest @ ..] => (usize::from(index), rest),
            [LONG_BINPUT, a, b, c, d, ref rest @ ..] => {
                (u32::from_le_bytes([a, b, c, d]) as usize, rest)
            }
            _ => return None,
        };
        if index != self.scratch.memo.len() {
            return None;
        }
        self.rest = rest;
        self.memoized(start, entry);
        Some(())
    }

    #[inline]
    pub(super) fn memoized(&mut self, start: usize, entry: Entry) {
        if self.awaited.start == start {
            self.awaited.index = Some(self.scratch.memo.len());
        }
        self.scratch.memo.push(entry);
    }

    /// The same where the entry is that of a part which begins where the object does.
    #[inline]
    pub(super) fn put_part(&mut self, entry: Entry) -> Option<()> {
        match self.rest.first() {
            Some(&MEMOIZE) => {
                self.rest = self.rest.get(1..)?;
                self.scratch.memo.push(entry);
                Some(())
            }
            Some(&(BINPUT | LONG_BINPUT)) => self.put_at(usize::MAX - 1, entry),
            _ => Some(()),
        }
    }
}
