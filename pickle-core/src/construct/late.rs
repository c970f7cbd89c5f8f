//! Late fields: filled in after their object exists, so that they may point back at it.
//!
//! A pointer's object is made with its late fields empty and entered in the table of shared
//! pointers; each late field goes into a queue. When the root is complete, the queue is worked
//! off: values are made, which may queue more, and how to put each into its object is kept. The
//! puts run last and cannot fail. So an error leaves no cycle behind, and a chain of any length
//! needs no stack.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, OnceLock, RwLock};

use super::decoder::Place;
use super::{Construct, Decoder, Fields};
use crate::error::{ErrorKind, Result};
use crate::graph::arena::NodeId;

/// The late fields of one object that its [`construct_early`](Construct::construct_early) left
/// empty.
#[derive(Debug)]
pub struct LateFields {
    through: Through,
    pub(super) fields: Vec<(usize, Place)>,
    /// Where the object is of an old shape, and becomes another: the fields of the new one that
    /// can be filled in later, by their attributes in the pickle. No others can.
    pub(super) heirs: Option<Heirs>,
}

/// Attributes of an object of an old shape, by key and value, and the late field of the new one
/// that each is too.
pub(super) type Heirs = HashMap<(NodeId, Place), usize>;

/// How a late field can be reached after its object is behind a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// `Rc<T>`: only fields that are cells.
    Ref,
    /// `Rc<RefCell<T>>` and the like: every field.
    Cell,
}

impl LateFields {
    pub(super) fn new(through: Through) -> Self {
        Self {
            through,
            fields: Vec::new(),
            heirs: None,
        }
    }

    /// Whether the late field that `fields` is at can be left empty now: `cell` tells if the field
    /// is itself a [`LateCell`].
    #[must_use]
    pub fn can_defer(&self, cell: bool, fields: &Fields) -> bool {
        let at = fields.graph();
        at.is_some_and(|at| self.number(0, cell, at.key, at.place).is_some())
    }

    /// Notes that late field `field`, which `fields` is at, was left empty.
    pub fn defer(&mut self, field: usize, fields: &Fields) {
        // It can be reached, else it would not be left empty: as a cell, if in no other way.
        if let Some(at) = fields.graph()
            && let Some(field) = self.number(field, true, at.key, at.place)
        {
            self.fields.push((field, at.place));
        }
    }

    /// The number by which late field `field` is filled in, if it can be later.
    pub(super) fn number(
        &self,
        field: usize,
        cell: bool,
        key: Option<NodeId>,
        place: Place,
    ) -> Option<usize> {
        if !cell && self.through == Through::Ref {
            return None;
        }
        let Some(heirs) = &self.heirs else {
            return Some(field);
        };
        heirs.get(&(key?, place)).copied()
    }
}

/// A cell that a late field's value can be put into through a shared reference.
pub trait LateCell<'g> {
    /// What the cell holds.
    type Value: Construct<'g>;

    /// Puts the value in. A cell that is in use stays as it is: nobody but the load has it yet,
    /// unless a constructor gave it away.
    fn put(&self, value: Self::Value);
}

impl<'g, T: Construct<'g>> LateCell<'g> for Cell<T> {
    type Value = T;

    fn put(&self, value: T) {
        self.set(value);
    }
}

impl<'g, T: Construct<'g>> LateCell<'g> for RefCell<T> {
    type Value = T;

    fn put(&self, value: T) {
        if let Ok(mut cell) = self.try_borrow_mut() {
            *cell = value;
        }
    }
}

impl<'g, T: Construct<'g>> LateCell<'g> for OnceCell<T> {
    type Value = T;

    fn put(&self, value: T) {
        let _ = self.set(value);
    }
}

impl<'g, T: Construct<'g>> LateCell<'g> for OnceLock<T> {
    type Value = T;

    fn put(&self, value: T) {
        let _ = self.set(value);
    }
}

impl<'g, T: Construct<'g>> LateCell<'g> for Mutex<T> {
    type Value = T;

    fn put(&self, value: T) {
        if let Ok(mut cell) = self.try_lock() {
            *cell = value;
        }
    }
}

impl<'g, T: Construct<'g>> LateCell<'g> for RwLock<T> {
    type Value = T;

    fn put(&self, value: T) {
        if let Ok(mut cell) = self.try_write() {
            *cell = value;
        }
    }
}

/// Asks whether a late field's type is a [`LateCell`]. The derive does not know, and expands to
/// `(&LateProbe::<F>::new()).is_cell()`: a method of [`CellField`] if that has one for `F`, and
/// else, one reference later, of [`PlainField`].
pub struct LateProbe<F>(PhantomData<fn() -> F>);

impl<F> LateProbe<F> {
    /// The question about `F`.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "nobody but the derive makes one"
    )]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<F> fmt::Debug for LateProbe<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LateProbe").finish_non_exhaustive()
    }
}

/// What [`Construct::fill_ref`] returns.
pub(super) type FillRef<T> = Box<dyn FnOnce(&T)>;

/// What [`Construct::fill_mut`] returns.
pub(super) type FillMut<T> = Box<dyn FnOnce(&mut T)>;

/// The answers of a [`LateProbe`] for a field that is a cell.
pub trait CellField<'g, F: LateCell<'g>> {
    /// Whether it is a cell.
    fn is_cell(&self) -> bool {
        true
    }

    /// Makes the cell's value, and returns what puts it into the field that `field` finds.
    ///
    /// # Errors
    ///
    /// As [`Construct::construct`].
    fn fill<T: 'static>(
        &self,
        d: &mut Decoder<'g>,
        field: fn(&T) -> Option<&F>,
    ) -> Result<FillRef<T>>
    where
        F: 'static,
        F::Value: 'static,
    {
        let value: F::Value = d.value()?;
        Ok(Box::new(move |object| {
            if let Some(cell) = field(object) {
                cell.put(value);
            }
        }))
    }
}

impl<'g, F: LateCell<'g>> CellField<'g, F> for LateProbe<F> {}

/// The answers of a [`LateProbe`] for any other field.
pub trait PlainField<'g, F> {
    /// Whether it is a cell.
    fn is_cell(&self) -> bool {
        false
    }

    /// Fails: the field cannot be reached through a shared reference.
    ///
    /// # Errors
    ///
    /// Always. It is not called, since such a field is never left empty behind one.
    fn fill<T: 'static>(
        &self,
        d: &mut Decoder<'g>,
        field: fn(&T) -> Option<&F>,
    ) -> Result<FillRef<T>> {
        let _ = field;
        Err(d.error(ErrorKind::Cycle))
    }
}

impl<F> PlainField<'_, F> for &LateProbe<F> {}
