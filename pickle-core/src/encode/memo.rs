//! What the stream can refer to: memo indices, and the keys that things are found by.
//!
//! Shared pointers are found by the address of their allocation. That is enough of a key: the
//! values of two `Rc` or `Arc` never lie at one address, not even values without a size, as each
//! has its own counts in front of it. Addresses are not given away to others while the memo
//! holds clones of the pointers.

use std::any::Any;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use pickle_registry::QualName;

use super::Pickler;
use super::pickler::with_stack;
use super::writer::MemoIndex;
use crate::copy::Met;
use crate::error::{ErrorKind, Result};
use crate::graph::arena::Arena;
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
pub(super) struct Slot(usize);

/// The object behind one or more shared pointers.
#[derive(Clone, Copy, Debug)]
struct Shared {
    /// None until the object has been created.
    index: Option<MemoIndex>,
    /// While the object is being written: how many late fields were around it.
    open: Option<u32>,
}

#[derive(Default)]
pub(super) struct Memo {
    len: u64,
    /// Those with an extension code are written as that each time, as Python does: it is shorter
    /// than what would refer to them, and may be removed before the next pickle.
    pub(super) globals: HashMap<QualName<'static>, MemoIndex>,
    /// A member of an enum is a single object: by its class's index, and its value.
    pub(super) members: HashMap<(MemoIndex, MemberKey), MemoIndex>,
    texts: HashMap<Box<str>, MemoIndex>,
    /// The same, for names that are known by their address and length.
    names: HashMap<(usize, usize), MemoIndex, BuildHasherDefault<AddressHasher>>,
    pointers: HashMap<usize, Slot, BuildHasherDefault<AddressHasher>>,
    slots: Vec<Shared>,
    kept: Vec<Box<dyn Any>>,
    /// By the address of the arena, which is kept.
    pub(super) graphs: HashMap<usize, (Arc<Arena>, Vec<Option<MemoIndex>>)>,
}

impl Memo {
    /// Where a global is, if it was written by its name.
    pub(super) fn global(&self, name: &QualName<'_>) -> Option<MemoIndex> {
        // OK because the map's keys live longer than the name: it is covariant in them.
        let globals: &HashMap<QualName<'_>, MemoIndex> = &self.globals;
        globals.get(name).copied()
    }

    /// For an object that is about to be written, with as many late fields around it.
    pub(super) fn new_slot(&mut self, late_depth: u32) -> Slot {
        self.slots.push(Shared {
            index: None,
            open: Some(late_depth),
        });
        Slot(self.slots.len() - 1)
    }

    /// The address of each shared pointer, and the index of the object behind it.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (usize, MemoIndex)> {
        let pointers = self.pointers.iter();
        pointers.filter_map(|(address, slot)| Some((*address, self.slots[slot.0].index?)))
    }

    /// The newest entry's index.
    pub(super) fn last(&self) -> Option<MemoIndex> {
        MemoIndex::try_from(self.len.checked_sub(1)?).ok()
    }
}

/// An enum member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum MemberKey {
    Int(i128),
    Str(&'static str),
}

impl Pickler<'_> {
    /// Every object that is written begins here. What comes back belongs to the pointer that the
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
    pub(super) fn put(&mut self, slot: Option<Slot>) -> Result<MemoIndex> {
        let index = self.writer.put(self.protocol, self.memo.len)?;
        self.memo.len += 1;
        self.alias(slot, index);
        Ok(index)
    }

    fn alias(&mut self, slot: Option<Slot>, index: MemoIndex) {
        if let Some(Slot(slot)) = slot {
            self.memo.slots[slot].index = Some(index);
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
        if let Some(&index) = self.memo.texts.get(text) {
            self.get(index)?;
            return Ok(index);
        }
        let slot = self.begin()?;
        self.write_str(text.as_bytes())?;
        let index = self.put(slot)?;
        self.memo.texts.insert(text.into(), index);
        Ok(index)
    }

    /// An interned str that is part of the program.
    pub(super) fn name(&mut self, name: &'static str) -> Result<()> {
        let key = (name.as_ptr() as usize, name.len());
        if let Some(&index) = self.memo.names.get(&key) {
            return self.get(index);
        }
        let index = self.interned(name)?;
        self.memo.names.insert(key, index);
        Ok(())
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
        if self.persistent(value)? {
            return Ok(());
        }
        let address = address as usize;
        if let Some(&slot) = self.memo.pointers.get(&address) {
            return self.refer(slot);
        }
        let kept = self.memo.kept.len();
        match &mut self.copying {
            None => self.memo.kept.push(keep()),
            Some(copying) => match copying.meet(address, keep(), self.pending.is_some()) {
                Met::Unfollowed(slot) => return self.slot(slot),
                Met::Outermost => return self.save(value),
                Met::New => {}
            },
        }
        // A pointer to a pointer is one object to Python.
        let outer = self.pending;
        let slot = outer.unwrap_or_else(|| {
            let open = self.late_depth;
            self.memo.new_slot(open)
        });
        self.memo.pointers.insert(address, slot);
        self.pending = Some(slot);
        with_stack(|| self.reduce_itself(value))?;
        if self.memo.slots[slot.0].index.is_none() {
            // A buffer that has been handed over, or a persistent id: each reference to it is written
            // anew. Pointers within the id are in the memo, and are kept.
            self.memo.pointers.remove(&address);
            if self.copying.is_none() {
                self.memo.kept.swap_remove(kept);
            }
        }
        if outer.is_none() {
            self.memo.slots[slot.0].open = None;
        }
        Ok(())
    }

    fn refer(&mut self, slot: Slot) -> Result<()> {
        let Shared { index, open } = self.memo.slots[slot.0];
        match index {
            Some(index) if open != Some(self.late_depth) => self.get(index),
            _ => Err(ErrorKind::Cycle.into()),
        }
    }
}

/// For keys that are addresses: nobody chooses them, and they differ in their middle bits.
#[derive(Default)]
struct AddressHasher(u64);

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
