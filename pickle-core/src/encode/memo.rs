//! What the stream can refer to: memo indices, and the keys that things are found by.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use pickle_registry::QualName;

use super::Pickler;
use super::classes::Classes;
use super::names::name_bit;
use super::pointers::{Pointers, Slot};
use super::writer::{self, MemoIndex};
use crate::error::Result;
use crate::graph::arena::Arena;

/// Which objects get a memo entry, so that the stream can refer to them again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemoPolicy {
    /// Only what can be referred to again: shared pointers, classes, members of enums, and
    /// attribute names.
    #[default]
    Shared,
    /// Everything that CPython gives one.
    All,
}

/// How many of the program's own names are compared one after the other, and how many globals. A
/// pickle of no more needs no memory beside its own.
const NEAR_NAMES: usize = 16;
const NEAR_GLOBALS: usize = 8;

/// The first of what is part of the program, and where it is.
struct Near<K, const N: usize> {
    entries: [Option<(K, MemoIndex)>; N],
    len: usize,
}

impl<K: Copy, const N: usize> Default for Near<K, N> {
    #[inline(always)]
    fn default() -> Self {
        Self {
            entries: [None; N],
            len: 0,
        }
    }
}

impl<K: Copy, const N: usize> Near<K, N> {
    fn find(&self, is_wanted: impl Fn(K) -> bool) -> Option<MemoIndex> {
        let mut entries = self.entries.iter().take(self.len).flatten();
        let (_, index) = entries.find(|(key, _)| is_wanted(*key))?;
        Some(*index)
    }

    /// Whether there is room for one more, which then is added.
    #[inline(always)]
    fn add(&mut self, key: K, index: MemoIndex) -> bool {
        let Some(place) = self.entries.get_mut(self.len) else {
            return false;
        };
        *place = Some((key, index));
        self.len += 1;
        true
    }
}

#[derive(Default)]
pub(super) struct Memo {
    pub(super) len: u64,
    pub(super) classes: Classes,
    /// The bits of all names, and of all globals: see `name_bit`.
    name_bits: u64,
    global_bits: u64,
    names: Near<&'static str, NEAR_NAMES>,
    globals: Near<&'static QualName<'static>, NEAR_GLOBALS>,
    /// What small pickles have none of: as long as it is not there, it takes no time.
    more: Option<Box<More>>,
}

#[derive(Default)]
pub(super) struct More {
    pub(super) pointers: Pointers,
    /// Those with an extension code are written as that each time, as Python does: it is shorter
    /// than what would refer to them, and may be removed before the next pickle.
    globals: HashMap<QualName<'static>, MemoIndex>,
    texts: HashMap<Cow<'static, str>, MemoIndex>,
    /// The same, for names that are known by their address and length.
    names: HashMap<(usize, usize), MemoIndex, BuildHasherDefault<AddressHasher>>,
    /// A member of an enum is a single object: by its class's index, and its value.
    members: HashMap<(MemoIndex, MemberKey), MemoIndex>,
    /// By the address of the arena, which is kept.
    pub(super) graphs: ByAddress<(Arc<Arena>, Vec<Option<MemoIndex>>)>,
}

impl Memo {
    /// Where a global is, if it was written by its name.
    pub(super) fn global(&self, name: &QualName<'_>) -> Option<MemoIndex> {
        if !self.may_have_global(name_bit(name.qualname())) {
            return None;
        }
        if let Some(index) = self.globals.find(|global| *global == *name) {
            return Some(index);
        }
        // OK because the map's keys live longer than the name: it is covariant in them.
        let globals: &HashMap<QualName<'_>, MemoIndex> = &self.more.as_ref()?.globals;
        globals.get(name).copied()
    }

    /// Whether a global with this bit was written.
    #[inline(always)]
    pub(super) fn may_have_global(&self, bit: u64) -> bool {
        self.global_bits & bit != 0
    }

    pub(super) fn add_global(&mut self, name: QualName<'static>, index: MemoIndex) {
        self.global_bits |= name_bit(name.qualname());
        self.more().globals.insert(name, index);
    }

    #[inline(always)]
    pub(super) fn add_static_global(
        &mut self,
        name: &'static QualName<'static>,
        bit: u64,
        index: MemoIndex,
    ) {
        self.global_bits |= bit;
        if !self.globals.add(name, index) {
            self.more().globals.insert(name.clone(), index);
        }
    }

    pub(super) fn member(&self, class: MemoIndex, key: MemberKey) -> Option<MemoIndex> {
        self.more.as_ref()?.members.get(&(class, key)).copied()
    }

    pub(super) fn add_member(&mut self, class: MemoIndex, key: MemberKey, index: MemoIndex) {
        self.more().members.insert((class, key), index);
    }

    /// Whether a name with this bit was written.
    #[inline(always)]
    pub(super) fn may_have_name(&self, bit: u64) -> bool {
        self.name_bits & bit != 0
    }

    /// Where an interned str is.
    pub(super) fn text(&self, text: &str) -> Option<MemoIndex> {
        if !self.may_have_name(name_bit(text)) {
            return None;
        }
        if let Some(index) = self.names.find(|name| name == text) {
            return Some(index);
        }
        self.more.as_ref()?.texts.get(text).copied()
    }

    /// Where an interned str is that is part of the program.
    pub(super) fn name(&mut self, name: &'static str) -> Option<MemoIndex> {
        let by_address = self.more.as_ref().map(|more| &more.names);
        if let Some(index) = by_address.and_then(|names| names.get(&address(name))) {
            return Some(*index);
        }
        let index = self.text(name)?;
        if self.names.len == NEAR_NAMES {
            self.more().names.insert(address(name), index);
        }
        Some(index)
    }

    pub(super) fn add_text(&mut self, text: &str, index: MemoIndex) {
        self.name_bits |= name_bit(text);
        let text = Cow::Owned(text.to_owned());
        self.more().texts.insert(text, index);
    }

    /// Adds a name with this bit, if it was certainly not written and is one of the first. Whether
    /// it is.
    #[inline(always)]
    pub(super) fn add_new_name(&mut self, name: &'static str, bit: u64, index: MemoIndex) -> bool {
        if self.may_have_name(bit) || !self.names.add(name, index) {
            return false;
        }
        self.name_bits |= bit;
        true
    }

    pub(super) fn add_name(&mut self, name: &'static str, index: MemoIndex) {
        self.name_bits |= name_bit(name);
        if !self.names.add(name, index) {
            let more = self.more();
            more.texts.insert(Cow::Borrowed(name), index);
            more.names.insert(address(name), index);
        }
    }

    /// Shared pointers.
    #[inline(always)]
    pub(super) fn pointers(&mut self) -> &mut Pointers {
        &mut self.more().pointers
    }

    #[inline(always)]
    pub(super) fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// The newest entry's index.
    pub(super) fn last(&self) -> Option<MemoIndex> {
        MemoIndex::try_from(self.len.checked_sub(1)?).ok()
    }

    /// Forgets all objects, but keeps the memory for others.
    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.classes.clear();
        self.name_bits = 0;
        self.global_bits = 0;
        self.names.len = 0;
        self.globals.len = 0;
        if let Some(more) = &mut self.more {
            more.pointers.clear();
            more.globals.clear();
            more.texts.clear();
            more.names.clear();
            more.members.clear();
            more.graphs.clear();
        }
    }
}

fn address(name: &'static str) -> (usize, usize) {
    (name.as_ptr().addr(), name.len())
}

/// An enum member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum MemberKey {
    Int(i128),
    Str(&'static str),
}

impl Pickler<'_> {
    /// Whether the object that begins here can be written without `begin` and `memoize`: no frame
    /// ends within its first `len` bytes, nothing refers to it, the policy gives it no memo entry,
    /// and the protocol is one that has all opcodes of 4.
    #[inline(always)]
    pub(super) fn is_plain(&self, len: usize) -> bool {
        self.writer.is_plain(len) && self.pending.is_none()
    }

    /// Every object that is not plain begins here. What comes back belongs to the pointer that the
    /// object is behind, and goes to `memoize` when the object has been created.
    #[inline]
    pub(super) fn begin(&mut self) -> Result<Option<Slot>> {
        self.writer.boundary()?;
        Ok(self.pending.take())
    }

    /// Gives the object on top a memo entry, if the policy is to, or a pointer needs one.
    #[inline]
    pub(super) fn memoize(&mut self, slot: Option<Slot>) -> Result<()> {
        if slot.is_some() || self.policy == MemoPolicy::All {
            self.put(slot)?;
        }
        Ok(())
    }

    /// The same for what CPython gives no entry: atoms.
    #[inline]
    pub(super) fn memoize_atom(&mut self, slot: Option<Slot>) -> Result<()> {
        if slot.is_some() {
            self.put(slot)?;
        }
        Ok(())
    }

    /// Gives the object on top a memo entry.
    #[inline(always)]
    pub(super) fn put(&mut self, slot: Option<Slot>) -> Result<MemoIndex> {
        let index = self.writer.put(self.protocol, self.memo.len)?;
        self.memo.len += 1;
        self.alias(slot, index);
        Ok(index)
    }

    /// The same where the opcode has been written that does so. Not in line: what is deeply nested
    /// would take so much more of the stack at each level.
    #[inline(never)]
    pub(super) fn was_put(&mut self, slot: Slot) -> Result<()> {
        let index = writer::index(self.protocol, self.memo.len)?;
        self.memo.len += 1;
        self.memo.pointers().created(slot, index);
        Ok(())
    }

    #[inline(always)]
    fn alias(&mut self, slot: Option<Slot>, index: MemoIndex) {
        if let Some(slot) = slot {
            self.memo.pointers().created(slot, index);
        }
    }

    /// Refers to an object as one of those that make up another.
    pub(super) fn get(&mut self, index: MemoIndex) -> Result<()> {
        let slot = self.begin()?;
        self.write_get(index);
        self.alias(slot, index);
        Ok(())
    }

    pub(super) fn write_get(&mut self, index: MemoIndex) {
        self.writer.get(self.protocol, index);
    }
}

pub(super) type ByAddress<V> = HashMap<usize, V, BuildHasherDefault<AddressHasher>>;

/// For keys that are addresses: nobody chooses them, and they differ in their middle bits.
#[derive(Default)]
pub(super) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize((*byte).into());
        }
    }

    fn write_usize(&mut self, word: usize) {
        // 2^64 divided by the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ word as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // hashbrown takes the lowest bits for the bucket and the highest for the tag.
        self.0.rotate_left(26)
    }
}
