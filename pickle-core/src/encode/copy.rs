//! Writing a value that is to be copied: the pointers that a copy takes from elsewhere are
//! persistent ids, whose numbers [`Memo`] gives out.

use pickle_registry::QualName;

use super::Pickler;
use super::pickler::HIGHEST_PROTOCOL;
use super::writer::MemoIndex;
use crate::copy::Memo;
use crate::error::Result;
use crate::opcode::Opcode;
use crate::reduce::Reduce;

/// Beyond what anybody numbers objects with: the ids in a graph that is copied are others.
const FIRST_ID: i128 = i128::from_be_bytes(*b"pickle_core.copy");

/// The slot that a persistent id stands for, if it does.
pub(crate) fn slot_of_id(id: i128) -> Option<usize> {
    usize::try_from(id.checked_sub(FIRST_ID)?).ok()
}

/// A value that was written for a copy.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    /// Where in the memo of the load the object behind each pointer is.
    pub(crate) addresses: Vec<(usize, MemoIndex)>,
}

/// Pickles a value, in the protocol that has a form of its own for the most types.
pub(crate) fn dump_for_copy<T: Reduce + ?Sized>(value: &T, memo: &mut Memo) -> Result<Written> {
    let mut pickler = Pickler::default().protocol(HIGHEST_PROTOCOL);
    if memo.is_shallow() {
        // As if behind a pointer: the first object takes it.
        pickler.pending = Some(pickler.memo.pointers().without_pointer()?);
    }
    pickler.copying = Some(memo);
    pickler.pickle(value)?;
    Ok(Written {
        addresses: pickler.memo.pointers().addresses().collect(),
        bytes: pickler.writer.into_bytes(),
    })
}

impl Pickler<'_> {
    /// What a weak pointer points to, of which it is to be a part only if it is one already.
    pub(crate) fn weakly<P: Reduce + Clone + 'static>(
        &mut self,
        address: *const (),
        pointer: &P,
    ) -> Result<()> {
        if let Some(copying) = &mut self.copying
            && let Some(slot) = copying.unfollowed(address as usize, Box::new(pointer.clone()))
        {
            return self.slot(slot);
        }
        pointer.reduce(self)
    }

    /// A value that is a global. Behind a pointer it is its own copy, as in Python.
    pub(crate) fn singleton(&mut self, name: &QualName<'_>) -> Result<()> {
        let pointer = self
            .copying
            .as_ref()
            .and_then(|copying| copying.innermost());
        match pointer.filter(|_| self.pending.is_some()) {
            Some(slot) => self.slot(slot),
            None => self.global(name),
        }
    }

    /// Stands for a pointer that is not followed.
    pub(super) fn slot(&mut self, slot: usize) -> Result<()> {
        let pointer = self.begin()?;
        self.i128(FIRST_ID + slot as i128)?;
        self.writer.op(Opcode::BinPersId);
        self.memoize_atom(pointer)
    }
}
