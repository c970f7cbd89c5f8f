//! The fast path: values made straight of the opcodes, without a graph.
//!
//! Almost every pickle is what some pickler writes for the types that are asked for, and nothing
//! else. A [`Stream`] reads that and only that. Each question that a type asks of the
//! [`Decoder`](super::Decoder) is first asked of the stream: it answers if the next opcodes are
//! one of the few forms that a pickler writes for such an object, and moves on. At anything else
//! it does not answer, the question goes to the graph, and as there is none, the load gives up and
//! starts over through the machine, which knows all of the language. What the fast path makes
//! is therefore always what the machine and the graph would have made, or it is thrown away.
//!
//! That holds because each form is one object on the machine's stack, from its first opcode to
//! its last: an opcode that would change an object later is part of no form but that of the
//! object itself. References are followed to strs, classes, members of enums and shared pointers;
//! to anything else they are not understood.
//!
//! Only types that are [`PURE`](super::Construct::PURE) are constructed here. The limits are those
//! of the graph: the depth counts every container and instance, the bytes that are made are
//! charged alike, and each value costs at least a byte of input or, if it is referred to, a part
//! of the allowance for repeated values.

mod class;
mod container;
mod instance;
mod lookahead;
mod memo;
mod part;
mod row;
mod shared;
mod value;

use std::mem;

use class::{KeyIndex, NO_KEYS};
pub(crate) use container::Tuple;
pub(super) use container::{BATCH, Run};
pub(super) use instance::{Attribute, Instance};
use memo::Entry;
use memo::Scratch;
pub use row::{Row, RowReader};
pub(super) use shared::Target;

use crate::class::Class;
use crate::decode::{Policy, Unpickler, sign_extended};
use crate::opcode::Opcode;
use crate::utf8::utf8;

/// A pickle that values are made of as it is read. Empty where they are made of a graph.
#[derive(Debug)]
pub(super) struct Stream<'g> {
    input: &'g [u8],
    rest: &'g [u8],
    scratch: Box<Scratch>,
    policy: Policy,
    protocol: u8,
    /// What a shared pointer waits for: where its object begins, and the memo index that it got.
    awaited: Awaited,
    /// Where the object begins that is being constructed as a trait object, and its class.
    dynamic: Option<(usize, usize)>,
    /// The key that is likely to follow the attribute that is being read, and a class that such
    /// attributes were met of.
    upcoming: KeyIndex,
    upcoming_of: Option<&'static Class>,
    /// How many bytes were left where the attribute's value begins that was come to last.
    attribute_at: usize,
    /// Up to where looking ahead has told nothing.
    undecided: usize,
    /// Whether what is read is a dict's key or a set's item.
    hashed: bool,
    /// How many containers and instances may yet be opened within each other.
    levels: u32,
    /// How many levels a [`Value`](crate::Value) may have.
    tree_depth: u32,
    /// How many bytes of room may yet be made for items before they are read, in all lists.
    room_ahead: usize,
    /// How many more references to values may be followed.
    references: u64,
}

#[derive(Clone, Copy, Debug)]
struct Awaited {
    start: usize,
    index: Option<usize>,
}

impl Awaited {
    const NOTHING: Self = Self {
        start: usize::MAX,
        index: None,
    };
}

impl<'g> Stream<'g> {
    /// No stream: there is a graph.
    pub(super) fn none() -> Self {
        Self::new(&[], &[], Box::default())
    }

    /// In front of `rest`, which is the end of `input`. It opens nothing and follows no references.
    #[inline]
    fn new(input: &'g [u8], rest: &'g [u8], scratch: Box<Scratch>) -> Self {
        Self {
            input,
            rest,
            scratch,
            policy: Policy::default(),
            protocol: 0,
            awaited: Awaited::NOTHING,
            dynamic: None,
            upcoming: NO_KEYS,
            upcoming_of: None,
            attribute_at: usize::MAX,
            undecided: 0,
            hashed: false,
            levels: 0,
            tree_depth: 0,
            // As much as small values take that are read.
            room_ahead: input.len().saturating_mul(8),
            references: 0,
        }
    }

    /// A pickle, behind its PROTO; `None` if it does not begin with one, or an option asks for
    /// what only the graph has.
    pub(super) fn begin(unpickler: &Unpickler<'g>, input: &'g [u8]) -> Option<Self> {
        let [PROTO, protocol @ 2..=5, rest @ ..] = input else {
            return None;
        };
        let settings = &unpickler.settings;
        let is_plain = unpickler.buffers.is_empty() && !unpickler.policy.renames();
        if settings.persistent_ids || !is_plain {
            return None;
        }
        let limits = settings.limits;
        // A container may hold another value, which is one more level.
        let levels = limits.typed_depth.checked_sub(1)?;
        let references = limits.tree_nodes.beyond_itself()?;
        Some(Self {
            policy: unpickler.policy.clone(),
            protocol: *protocol,
            levels,
            tree_depth: limits.depth,
            references,
            ..Self::new(input, rest, Scratch::take())
        })
    }

    /// Whether all was read, up to the STOP.
    pub(super) fn is_at_stop(&self) -> bool {
        self.rest.first() == Some(&STOP)
    }

    /// Gives the buffers to the next stream.
    pub(super) fn end(self) {
        self.scratch.put_back();
    }

    #[inline]
    pub(super) fn offset(&self) -> usize {
        self.input.len() - self.rest.len()
    }

    /// How many bytes are left: each value takes at least one.
    #[inline]
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Moves on if the next opcode, one without an argument, is the one of this byte.
    #[inline]
    pub(super) fn take(&mut self, opcode: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == opcode => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Every object begins here: a FRAME may stand in front of it.
    #[inline]
    pub(super) fn begin_object(&mut self) {
        if self.peek() == Some(FRAME) {
            self.skip_frame();
        }
    }

    /// What `read` reads, also behind a FRAME.
    #[inline]
    pub(super) fn object<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        match read(self) {
            Some(value) => Some(value),
            None if self.peek() == Some(FRAME) && self.skip_frame() => read(self),
            None => None,
        }
    }

    /// Moves on behind a FRAME, which may stand in front of any object: tells if there was one.
    #[cold]
    pub(super) fn skip_frame(&mut self) -> bool {
        let Some((&[FRAME, len @ ..], rest)) = self.rest.split_first_chunk::<9>() else {
            return false;
        };
        // What it announces has to be there, as the machine has it.
        let there = u64::try_from(rest.len()).unwrap_or(u64::MAX);
        if u64::from_le_bytes(len) > there {
            return false;
        }
        self.rest = rest;
        true
    }

    /// Opens a container or an instance, if that is not too deep.
    #[inline]
    fn enter(&mut self) -> bool {
        match self.levels.checked_sub(1) {
            Some(left) => {
                self.levels = left;
                true
            }
            None => false,
        }
    }

    /// Closes it.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.levels += 1;
    }

    /// Whether what is read has to be hashable.
    #[inline]
    pub(super) fn is_hashed(&self) -> bool {
        self.hashed
    }

    /// Says whether it has to be from now on. What this returns says it again.
    #[inline]
    pub(super) fn hash(&mut self, hashed: bool) -> bool {
        mem::replace(&mut self.hashed, hashed)
    }

    #[inline]
    pub(super) fn none_object(&mut self) -> bool {
        self.take(NONE)
    }

    /// Whether what is next is None, or behind a FRAME.
    pub(super) fn may_be_none(&self) -> bool {
        matches!(self.peek(), None | Some(NONE | FRAME))
    }

    #[inline]
    pub(super) fn bool(&mut self) -> Option<bool> {
        let (value, rest) = match self.rest {
            [NEWTRUE, rest @ ..] => (true, rest),
            [NEWFALSE, rest @ ..] => (false, rest),
            _ => return None,
        };
        self.rest = rest;
        Some(value)
    }

    /// An int of up to 64 bits.
    #[inline]
    pub(super) fn int(&mut self) -> Option<i64> {
        // Ten bytes are the longest form. Behind every int there is more, but not always as much.
        let Some(ten) = self.rest.first_chunk::<10>() else {
            return self.last_int();
        };
        // Which form it is cannot be predicted: so nothing here branches on it.
        let long = usize::from(ten[0] == LONG1);
        let width = [INT_WIDTHS[usize::from(ten[0])], ten[1]][long];
        if !(1..=8).contains(&width) {
            return None;
        }
        let word = u64::from_le_bytes(*ten.get(1 + long..)?.first_chunk()?);
        let unused = 64 - 8 * u32::from(width);
        let shifted = word << unused;
        let signed = shifted.cast_signed() >> unused;
        let unsigned = (shifted >> unused).cast_signed();
        let value = [signed, unsigned][usize::from(ten[0] == BININT1 || ten[0] == BININT2)];
        self.rest = self.rest.get(1 + long + usize::from(width)..)?;
        Some(value)
    }

    /// The same near the end of the bytes.
    #[cold]
    fn last_int(&mut self) -> Option<i64> {
        let (value, rest) = match self.rest {
            [BININT1, a, rest @ ..] => (i64::from(*a), rest),
            [BININT2, a, b, rest @ ..] => (i64::from(u16::from_le_bytes([*a, *b])), rest),
            [BININT, a, b, c, d, rest @ ..] => {
                (i64::from(i32::from_le_bytes([*a, *b, *c, *d])), rest)
            }
            [LONG1, len @ 1..=8, rest @ ..] => {
                let (bytes, rest) = rest.split_at_checked(usize::from(*len))?;
                (sign_extended(bytes), rest)
            }
            _ => return None,
        };
        self.rest = rest;
        Some(value)
    }

    /// An int of more than 64 bits, up to 128.
    pub(super) fn long(&mut self) -> Option<i128> {
        let [LONG1, len @ 9..=16, rest @ ..] = self.rest else {
            return None;
        };
        let (bytes, rest) = rest.split_at_checked(usize::from(*len))?;
        let is_negative = bytes.last().is_some_and(|last| last.cast_signed() < 0);
        let mut value = [if is_negative { u8::MAX } else { 0 }; 16];
        value.get_mut(..bytes.len())?.copy_from_slice(bytes);
        self.rest = rest;
        Some(i128::from_le_bytes(value))
    }

    #[inline]
    pub(super) fn float(&mut self) -> Option<f64> {
        let (&[BINFLOAT, ref value @ ..], rest) = self.rest.split_first_chunk::<9>()? else {
            return None;
        };
        self.rest = rest;
        Some(f64::from_be_bytes(*value))
    }

    /// The items of a list that are ints of a type, one behind the other. How many there are.
    pub(super) fn ints<T: TryFrom<i128>>(&mut self, items: &mut Vec<T>) -> usize {
        let before = items.len();
        loop {
            let rest = self.rest;
            match self.int().map(|value| T::try_from(value.into())) {
                Some(Ok(value)) => items.push(value),
                Some(Err(_)) => {
                    self.rest = rest;
                    break;
                }
                None => break,
            }
        }
        items.len() - before
    }

    /// A float, or an int that is one exactly.
    #[inline]
    pub(super) fn number(&mut self) -> Option<f64> {
        match self.float() {
            Some(value) => Some(value),
            None => self.whole_float(),
        }
    }

    fn whole_float(&mut self) -> Option<f64> {
        let before = self.rest;
        // OK because 32 bits fit a float.
        let value = i32::try_from(self.int()?).ok().map(f64::from);
        if value.is_none() {
            // Else what follows would be taken for it.
            self.rest = before;
        }
        value
    }

    /// A str of less than 256 bytes.
    #[inline(always)]
    pub(super) fn short_str(&mut self) -> Option<&'g str> {
        let start = self.offset();
        let [SHORT_BINUNICODE, len, rest @ ..] = self.rest else {
            return None;
        };
        let (text, rest) = rest.split_at_checked(usize::from(*len))?;
        let text = utf8(text)?;
        self.rest = rest;
        self.put(start, Entry::text(start))?;
        Some(text)
    }

    /// A str, or a reference to one.
    pub(super) fn str(&mut self) -> Option<&'g str> {
        let start = self.offset();
        if let Some((text, rest)) = text_at(self.rest) {
            self.rest = rest;
            self.put(start, Entry::text(start))?;
            return Some(text);
        }
        let (entry, rest) = self.reference()?;
        let (text, _) = text_at(self.input.get(entry.as_text()?..)?)?;
        self.count_reference()?;
        self.rest = rest;
        Some(text)
    }

    /// Counts a value that is referred to, and has no node of its own in a graph.
    pub(super) fn count_reference(&mut self) -> Option<()> {
        self.references = self.references.checked_sub(1)?;
        Some(())
    }

    /// Whether a bytes object is next.
    pub(super) fn is_bytes(&self) -> bool {
        let behind = match self.rest {
            [FRAME, _, _, _, _, _, _, _, _, behind @ ..] => behind,
            rest => rest,
        };
        matches!(
            behind.first(),
            Some(&(SHORT_BINBYTES | BINBYTES | BINBYTES8 | BYTEARRAY8))
        )
    }

    /// A bytes object or a bytearray.
    #[inline]
    pub(super) fn bytes(&mut self) -> Option<&'g [u8]> {
        let start = self.offset();
        let (width, rest) = match self.rest {
            [SHORT_BINBYTES, rest @ ..] => (1, rest),
            [BINBYTES, rest @ ..] => (4, rest),
            [BINBYTES8, rest @ ..] => (8, rest),
            [BYTEARRAY8, rest @ ..] if !self.hashed => (8, rest),
            _ => return None,
        };
        let (bytes, rest) = counted(width, rest)?;
        self.rest = rest;
        self.put(start, Entry::OTHER)?;
        Some(bytes)
    }
}

/// The bytes behind a length of `width` bytes.
#[inline]
fn counted(width: usize, rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = rest.split_at_checked(width)?;
    let len = len
        .iter()
        .rev()
        .fold(0, |len, byte| len << 8 | u64::from(*byte));
    rest.split_at_checked(usize::try_from(len).ok()?)
}

/// The str whose opcode is the first one.
fn text_at(rest: &[u8]) -> Option<(&str, &[u8])> {
    let (width, rest) = match rest {
        [SHORT_BINUNICODE, rest @ ..] => (1, rest),
        [BINUNICODE, rest @ ..] => (4, rest),
        [BINUNICODE8, rest @ ..] => (8, rest),
        _ => return None,
    };
    let (text, rest) = counted(width, rest)?;
    Some((utf8(text)?, rest))
}

/// How many bytes of an int follow an opcode.
const INT_WIDTHS: [u8; 256] = {
    let mut widths = [0; 256];
    widths[BININT1 as usize] = 1;
    widths[BININT2 as usize] = 2;
    widths[BININT as usize] = 4;
    widths
};

const APPEND: u8 = Opcode::Append.byte();
const APPENDS: u8 = Opcode::Appends.byte();
const ADDITEMS: u8 = Opcode::AddItems.byte();
const BINBYTES: u8 = Opcode::BinBytes.byte();
const BINBYTES8: u8 = Opcode::BinBytes8.byte();
const BINFLOAT: u8 = Opcode::BinFloat.byte();
const BINGET: u8 = Opcode::BinGet.byte();
const BININT: u8 = Opcode::BinInt.byte();
const BININT1: u8 = Opcode::BinInt1.byte();
const BININT2: u8 = Opcode::BinInt2.byte();
const BINPUT: u8 = Opcode::BinPut.byte();
const BINUNICODE: u8 = Opcode::BinUnicode.byte();
const BINUNICODE8: u8 = Opcode::BinUnicode8.byte();
const BUILD: u8 = Opcode::Build.byte();
const BYTEARRAY8: u8 = Opcode::ByteArray8.byte();
const EMPTY_DICT: u8 = Opcode::EmptyDict.byte();
const EMPTY_LIST: u8 = Opcode::EmptyList.byte();
const EMPTY_SET: u8 = Opcode::EmptySet.byte();
const EMPTY_TUPLE: u8 = Opcode::EmptyTuple.byte();
const FRAME: u8 = Opcode::Frame.byte();
const FROZENSET: u8 = Opcode::FrozenSet.byte();
const GLOBAL: u8 = Opcode::Global.byte();
const LONG1: u8 = Opcode::Long1.byte();
const LONG_BINGET: u8 = Opcode::LongBinGet.byte();
const LONG_BINPUT: u8 = Opcode::LongBinPut.byte();
const MARK: u8 = Opcode::Mark.byte();
const MEMOIZE: u8 = Opcode::Memoize.byte();
const NEWFALSE: u8 = Opcode::NewFalse.byte();
const NEWOBJ: u8 = Opcode::NewObj.byte();
const NEWTRUE: u8 = Opcode::NewTrue.byte();
const NONE: u8 = Opcode::None.byte();
const PROTO: u8 = Opcode::Proto.byte();
const REDUCE: u8 = Opcode::Reduce.byte();
const SETITEM: u8 = Opcode::SetItem.byte();
const SETITEMS: u8 = Opcode::SetItems.byte();
const SHORT_BINBYTES: u8 = Opcode::ShortBinBytes.byte();
const SHORT_BINUNICODE: u8 = Opcode::ShortBinUnicode.byte();
const STACK_GLOBAL: u8 = Opcode::StackGlobal.byte();
const STOP: u8 = Opcode::Stop.byte();
const TUPLE: u8 = Opcode::Tuple.byte();
const TUPLE1: u8 = Opcode::Tuple1.byte();
const TUPLE2: u8 = Opcode::Tuple2.byte();
const TUPLE3: u8 = Opcode::Tuple3.byte();
