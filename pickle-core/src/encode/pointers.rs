//! Shared pointers: what is behind each of them is written once, and referred to from then on.
//!
//! A pointer is found by the address of its allocation. That is enough of a key: the values of two
//! `Rc` or `Arc` never lie at one address, not even values without a size, as each has its own counts
//! in front of it. Addresses are not given away to others while clones of the pointers are kept.

use std::any::{Any, TypeId};
use std::collections::hash_map::Entry;
use std::num::NonZeroU32;

use super::Pickler;
use super::memo::ByAddress;
use super::writer::{MemoIndex, Word};
use crate::copy::Met;
use crate::error::{Error, ErrorKind, Result};
use crate::reduce::Reduce;

/// An object behind a pointer: an index of `Pointers::objects`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(u32);

/// What is known of the object behind one or more pointers.
#[derive(Clone, Copy, Debug)]
struct Object {
    /// One more than its index in the memo, from when it has been created.
    index: Option<NonZeroU32>,
    /// While it is being written: one more than how many late fields are around it.
    open: Option<NonZeroU32>,
}

impl Object {
    /// One that is about to be written, with so many late fields around it.
    #[inline(always)]
    fn new(late_depth: u32) -> Self {
        Self {
            index: None,
            open: Some(depth(late_depth)),
        }
    }

    fn index(self) -> Option<MemoIndex> {
        Some(self.index?.get() - 1)
    }

    /// The index by which it can be referred to with so many late fields around: from within itself
    /// through another one only.
    #[inline(always)]
    fn index_within(self, late_depth: u32) -> Option<MemoIndex> {
        self.index()
            .filter(|_| self.open != Some(depth(late_depth)))
    }
}

/// So many late fields, in the form that [`Object`] has them in.
fn depth(late_depth: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(late_depth)
}

/// The objects behind pointers, by the addresses of these.
#[derive(Default)]
pub(super) struct Pointers {
    slots: ByAddress<Slot>,
    objects: Vec<Object>,
    kept: Kept,
}

impl Pointers {
    /// An object that is as if it were behind a pointer.
    pub(super) fn without_pointer(&mut self) -> Result<Slot> {
        new_slot(&mut self.objects, 0)
    }

    /// Tells which index an object has that a pointer was waiting for.
    #[inline(always)]
    pub(super) fn created(&mut self, Slot(slot): Slot, index: MemoIndex) {
        // The last index of all is not kept: that object cannot be referred to.
        self.objects[slot as usize].index = NonZeroU32::new(index.wrapping_add(1));
    }

    /// The address of each pointer, and the index of the object behind it.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (usize, MemoIndex)> {
        let index = |slot: Slot| self.objects[slot.0 as usize].index();
        let slots = self.slots.iter();
        slots.filter_map(move |(address, slot)| Some((*address, index(*slot)?)))
    }

    /// Forgets all objects, but keeps the memory for others.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.objects.clear();
        self.kept.clear();
    }
}

#[inline(always)]
fn new_slot(objects: &mut Vec<Object>, late_depth: u32) -> Result<Slot> {
    let slot = u32::try_from(objects.len());
    let slot = slot.map_err(|_| Error::custom("more than 2^32 objects are shared"))?;
    objects.push(Object::new(late_depth));
    Ok(Slot(slot))
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
        let last = self.by_type.get(self.last);
        if last.is_none_or(|(id, _)| *id != TypeId::of::<P>()) {
            self.find_type::<P>();
        }
        let clones = self.by_type[self.last].1.downcast_mut();
        clones.expect("it was found by the type")
    }

    #[cold]
    fn find_type<P: 'static>(&mut self) {
        let mut types = self.by_type.iter();
        let found = types.position(|(id, _)| *id == TypeId::of::<P>());
        self.last = found.unwrap_or(self.by_type.len());
        if found.is_none() {
            let clones = Vec::<P>::new();
            self.by_type.push((TypeId::of::<P>(), Box::new(clones)));
        }
    }

    fn clear(&mut self) {
        self.by_type.clear();
        self.last = 0;
    }
}

impl Pickler<'_> {
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
        let pointers = self.memo.pointers();
        let entry = match pointers.slots.entry(address) {
            Entry::Occupied(entry) => {
                let Slot(slot) = *entry.get();
                let object = pointers.objects[slot as usize];
                return self.refer(object);
            }
            Entry::Vacant(entry) => entry,
        };
        let kept = match &mut self.copying {
            None => Some(pointers.kept.keep(keep())),
            Some(copying) => match copying.meet(address, to_any(keep()), outer.is_some()) {
                Met::Unfollowed(slot) => return self.slot(slot),
                Met::Outermost => return self.save(value),
                Met::New => None,
            },
        };
        let slot = match outer {
            Some(slot) => slot,
            None => new_slot(&mut pointers.objects, self.late_depth)?,
        };
        entry.insert(slot);
        self.pending = Some(slot);
        self.with_stack(|p| p.reduce_itself(value))?;
        let pointers = self.memo.pointers();
        let object = &mut pointers.objects[slot.0 as usize];
        if outer.is_none() {
            object.open = None;
        }
        if object.index.is_none() {
            // A buffer that has been handed over, or a persistent id: each reference to it is written
            // anew. Pointers within the id are in the memo, and are kept.
            pointers.slots.remove(&address);
            if let Some(kept) = kept {
                pointers.kept.let_go::<P>(kept);
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn refer(&mut self, object: Object) -> Result<()> {
        match object.index_within(self.late_depth) {
            Some(index) if self.is_plain(1) => {
                self.writer.word(Word::binary_get(index));
                Ok(())
            }
            Some(index) => self.get(index),
            None => Err(ErrorKind::Cycle.into()),
        }
    }
}
