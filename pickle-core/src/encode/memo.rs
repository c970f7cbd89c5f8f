//! What the stream can refer to: memo indices, and the keys that things are found by.
//!
//! Shared pointers are found by the address of their allocation. That is enough of a key: the
//! values of two `Rc` or `Arc` never lie at one address, not even values without a size, as each
//! has its own counts in front of it. Addresses are not given away to others while the memo
//! holds clones of the pointers.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use pickle_registry::QualName;
use smallvec::SmallVec;

use super::Pickler;
use super::classes::Classes;
use super::writer::{MemoIndex, Word};
use crate::copy::Met;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::arena::Arena;
use crate::opcode::Opcode;
use crate::reduce::Reduce;

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

/// An index of `Memo::slots`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot(u32);

/// The object behind one or more shared pointers.
#[derive(Clone, Copy, Debug)]
struct Shared {
    /// None until the object has been created.
    index: Option<MemoIndex>,
    /// While the object is being written: how many late fields were around it.
    open: Option<u32>,
}

impl Slot {
    /// For an object that is about to be written, with as many late fields around it.
    #[inline(always)]
    fn new(slots: &mut Vec<Shared>, late_depth: u32) -> Result<Self> {
        let slot = u32::try_from(slots.len());
        let slot = slot.map_err(|_| Error::custom("more than 2^32 objects are shared"))?;
        slots.push(Shared {
            index: None,
            open: Some(late_depth),
        });
        Ok(Self(slot))
    }
}

/// Clones of pointers: those of one type are in one `Vec`, so that keeping one is no allocation.
#[derive(Default)]
struct Kept {
    by_type: Vec<(TypeId, Box<dyn Any>)>,
    /// The type that was kept last.
    last: usize,
}

impl Kept {
    /// Keeps a clone. Where it is.
    #[inline]
    fn keep<P: 'static>(&mut self, clone: P) -> usize {
        let clones = self.of_type();
        clones.push(clone);
        clones.len() - 1
    }

    fn let_go<P: 'static>(&mut self, place: usize) {
        self.of_type::<P>().swap_remove(place);
    }

    #[inline(always)]
    fn of_type<P: 'static>(&mut self) -> &mut Vec<P> {
        let wanted = TypeId::of::<P>();
        let last = self.by_type.get(self.last);
        if last.is_none_or(|(id, _)| *id != wanted) {
            let mut types = self.by_type.iter();
            let found = types.position(|(id, _)| *id == wanted);
            self.last = found.unwrap_or(self.by_type.len());
        }
        if self.last == self.by_type.len() {
            let clones = Vec::<P>::new();
            self.by_type.push((wanted, Box::new(clones)));
        }
        let clones = self.by_type[self.last].1.downcast_mut();
        clones.expect("it was found by the type")
    }

    fn clear(&mut self) {
        self.by_type.clear();
        self.last = 0;
    }
}

/// How many names and globals of the program's own are compared one after the other. A pickle of
/// few of them needs no memory beside its own.
const NEAR: usize = 8;

#[derive(Default)]
pub(super) struct Memo {
    len: u64,
    pub(super) classes: Classes,
    /// The first names and globals that are part of the program.
    names: SmallVec<[(&'static str, MemoIndex); NEAR]>,
    globals: SmallVec<[(&'static QualName<'static>, MemoIndex); NEAR]>,
    /// All others.
    more: Option<Box<More>>,
    pointers: ByAddress<Slot>,
    slots: Vec<Shared>,
    kept: Kept,
    /// By the address of the arena, which is kept.
    pub(super) graphs: ByAddress<(Arc<Arena>, Vec<Option<MemoIndex>>)>,
}

#[derive(Default)]
struct More {
    /// Those with an extension code are written as that each time, as Python does: it is shorter
    /// than what would refer to them, and may be removed before the next pickle.
    globals: HashMap<QualName<'static>, MemoIndex>,
    texts: HashMap<Cow<'static, str>, MemoIndex>,
    /// The same, for names that are known by their address and length.
    names: HashMap<(usize, usize), MemoIndex, BuildHasherDefault<AddressHasher>>,
    /// A member of an enum is a single object: by its class's index, and its value.
    members: HashMap<(MemoIndex, MemberKey), MemoIndex>,
}

impl Memo {
    /// Where a global is, if it was written by its name.
    pub(super) fn global(&self, name: &QualName<'_>) -> Option<MemoIndex> {
        let mut globals = self.globals.iter();
        if let Some((_, index)) = globals.find(|(global, _)| *global == name) {
            return Some(*index);
        }
        // OK because the map's keys live longer than the name: it is covariant in them.
        let globals: &HashMap<QualName<'_>, MemoIndex> = &self.more.as_ref()?.globals;
        globals.get(name).copied()
    }

    pub(super) fn add_global(&mut self, name: QualName<'static>, index: MemoIndex) {
        self.more().globals.insert(name, index);
    }

    pub(super) fn add_static_global(&mut self, name: &'static QualName<'static>, index: MemoIndex) {
        if self.globals.len() < NEAR {
            self.globals.push((name, index));
        } else {
            self.add_global(name.clone(), index);
        }
    }

    pub(super) fn member(&self, class: MemoIndex, key: MemberKey) -> Option<MemoIndex> {
        self.more.as_ref()?.members.get(&(class, key)).copied()
    }

    pub(super) fn add_member(&mut self, class: MemoIndex, key: MemberKey, index: MemoIndex) {
        self.more().members.insert((class, key), index);
    }

    #[inline(always)]
    fn text(&self, text: &str) -> Option<MemoIndex> {
        let mut names = self.names.iter();
        if let Some((_, index)) = names.find(|(name, _)| *name == text) {
            return Some(*index);
        }
        self.more.as_ref()?.texts.get(text).copied()
    }

    /// A text that is a part of the program, if it was written under the same address.
    #[inline(always)]
    fn name(&self, name: &'static str) -> Option<MemoIndex> {
        self.more.as_ref()?.names.get(&address(name)).copied()
    }

    #[inline]
    fn add_name(&mut self, name: &'static str, index: MemoIndex) {
        if self.names.len() < NEAR {
            self.names.push((name, index));
        } else {
            self.add_far_name(name, index);
        }
    }

    #[cold]
    fn add_far_name(&mut self, name: &'static str, index: MemoIndex) {
        let more = self.more();
        more.texts.entry(Cow::Borrowed(name)).or_insert(index);
        more.names.insert(address(name), index);
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// For an object that is about to be written.
    pub(super) fn new_slot(&mut self) -> Result<Slot> {
        Slot::new(&mut self.slots, 0)
    }

    /// The address of each shared pointer, and the index of the object behind it.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (usize, MemoIndex)> {
        let pointers = self.pointers.iter();
        pointers.filter_map(|(address, slot)| Some((*address, self.slots[slot.0 as usize].index?)))
    }

    /// The newest entry's index.
    pub(super) fn last(&self) -> Option<MemoIndex> {
        MemoIndex::try_from(self.len.checked_sub(1)?).ok()
    }

    /// Forgets all objects, but keeps the memory for others.
    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.classes.clear();
        self.names.clear();
        self.globals.clear();
        if let Some(more) = &mut self.more {
            more.globals.clear();
            more.texts.clear();
            more.names.clear();
            more.members.clear();
        }
        self.pointers.clear();
        self.slots.clear();
        self.kept.clear();
        self.graphs.clear();
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

    #[inline(always)]
    fn alias(&mut self, slot: Option<Slot>, index: MemoIndex) {
        if let Some(Slot(slot)) = slot {
            self.memo.slots[slot as usize].index = Some(index);
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

    /// A str that Python interns, such as the name of an attribute or a module: one object, the
    /// more so as the same names come again and again.
    pub(super) fn interned(&mut self, text: &str) -> Result<MemoIndex> {
        if let Some(index) = self.memo.text(text) {
            self.get(index)?;
            return Ok(index);
        }
        let index = self.new_text(text)?;
        let text = text.to_owned();
        self.memo.more().texts.insert(Cow::Owned(text), index);
        Ok(index)
    }

    /// An interned str that is part of the program.
    pub(super) fn name(&mut self, name: &'static str) -> Result<MemoIndex> {
        if let Some(index) = self.memo.name(name) {
            self.get(index)?;
            return Ok(index);
        }
        let Some(index) = self.memo.text(name) else {
            let index = self.new_text(name)?;
            self.memo.add_name(name, index);
            return Ok(index);
        };
        self.get(index)?;
        if self.memo.names.len() == NEAR {
            self.memo.add_far_name(name, index);
        }
        Ok(index)
    }

    #[inline(always)]
    fn new_text(&mut self, text: &str) -> Result<MemoIndex> {
        if let Ok(len) = u8::try_from(text.len())
            && self.is_plain(1)
        {
            let text = text.as_bytes();
            self.writer.short(Opcode::ShortBinUnicode, len, text);
            return self.put(None);
        }
        let slot = self.begin()?;
        self.write_str(text.as_bytes())?;
        self.put(slot)
    }

    /// The object behind a shared pointer: written once, referred to from then on. `keep` makes
    /// a clone of the pointer, which is held as long as the memo is, so that its `address` is not
    /// given to another object in the meantime. The address has to be that of an allocation, which
    /// is the pointer's own and no other object's, as those of `Rc` and `Arc` are.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Cycle`] if the object is met again within itself, and not through a
    /// [`late`](super::ObjectWriter::late) field.
    pub fn shared<T: Reduce + ?Sized>(
        &mut self,
        address: *const (),
        keep: impl FnOnce() -> Box<dyn Any>,
        value: &T,
    ) -> Result<()> {
        self.behind(address, keep, |clone| clone, value)
    }

    /// The same for a pointer of a type that is known here.
    #[inline]
    pub(crate) fn pointer<P: Clone + 'static, T: Reduce + ?Sized>(
        &mut self,
        address: *const (),
        pointer: &P,
        value: &T,
    ) -> Result<()> {
        self.behind(address, || pointer.clone(), |clone| Box::new(clone), value)
    }

    fn behind<P: 'static, T: Reduce + ?Sized>(
        &mut self,
        address: *const (),
        keep: impl FnOnce() -> P,
        to_any: impl FnOnce(P) -> Box<dyn Any>,
        value: &T,
    ) -> Result<()> {
        if self.dispatching && self.persistent(value)? {
            return Ok(());
        }
        let address = address.addr();
        // A pointer to a pointer is one object to Python.
        let outer = self.pending;
        let memo = &mut self.memo;
        let entry = match memo.pointers.entry(address) {
            Entry::Occupied(entry) => {
                let slot = *entry.get();
                return self.refer(slot);
            }
            Entry::Vacant(entry) => entry,
        };
        let kept = match &mut self.copying {
            None => Some(memo.kept.keep(keep())),
            Some(copying) => match copying.meet(address, to_any(keep()), outer.is_some()) {
                Met::Unfollowed(slot) => return self.slot(slot),
                Met::Outermost => return self.save(value),
                Met::New => None,
            },
        };
        let slot = match outer {
            Some(slot) => slot,
            None => Slot::new(&mut memo.slots, self.late_depth)?,
        };
        entry.insert(slot);
        self.pending = Some(slot);
        self.with_stack(|p| p.reduce_itself(value))?;
        let shared = &mut self.memo.slots[slot.0 as usize];
        if outer.is_none() {
            shared.open = None;
        }
        if shared.index.is_none() {
            // A buffer that has been handed over, or a persistent id: each reference to it is written
            // anew. Pointers within the id are in the memo, and are kept.
            self.memo.pointers.remove(&address);
            if let Some(kept) = kept {
                self.memo.kept.let_go::<P>(kept);
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn refer(&mut self, slot: Slot) -> Result<()> {
        let Shared { index, open } = self.memo.slots[slot.0 as usize];
        match index {
            Some(index) if open != Some(self.late_depth) => {
                if self.is_plain(1) {
                    self.writer.word(Word::binary_get(index));
                    return Ok(());
                }
                self.get(index)
            }
            _ => Err(ErrorKind::Cycle.into()),
        }
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
