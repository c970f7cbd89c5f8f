//! The reducers that are asked before a value's own `reduce`: in Python's order.

use std::any::Any;
use std::sync::Arc;

use super::Pickler;
use crate::copyreg;
use crate::error::Result;
use crate::persistent::AskId;
use crate::reduce::{DispatchTable, Reduce, Reduction};

/// What a [`Pickler`] was given to ask.
#[derive(Default)]
pub(super) struct Hooks<'w> {
    pub(super) persistent_id: Option<&'w mut AskId<'w>>,
    reducer_override: Option<&'w mut ReducerOverride<'w>>,
    own: Option<Arc<DispatchTable>>,
    /// The global table, as it was when the dump began, unless there is an own one.
    global: Option<Arc<DispatchTable>>,
}

/// A function for [`Pickler::reducer_override`].
pub type ReducerOverride<'w> = dyn for<'v> FnMut(&'v dyn Any) -> Result<Option<Reduction<'v>>> + 'w;

impl Hooks<'_> {
    /// Begins a dump. Whether there is anything to ask.
    #[inline]
    pub(super) fn begin(&mut self) -> bool {
        self.global = match self.own {
            Some(_) => None,
            None => copyreg::global_table(),
        };
        self.persistent_id.is_some()
            || self.reducer_override.is_some()
            || self.own.is_some()
            || self.global.is_some()
    }

    fn reduce<'v>(&mut self, value: &'v dyn Any) -> Result<Option<Reduction<'v>>> {
        if let Some(reducer_override) = &mut self.reducer_override
            && let Some(reduction) = reducer_override(value)?
        {
            return Ok(Some(reduction));
        }
        let table = self.own.as_ref().or(self.global.as_ref());
        table.and_then(|table| table.reduce(value)).transpose()
    }
}

impl<'w> Pickler<'w> {
    /// Gives the pickler a table of reducers of its own, which *replaces* the global one: Python's
    /// `Pickler.dispatch_table`. [`copyreg::dispatch_table`] is a copy of the global one, to be
    /// added to.
    ///
    /// Its reducers are found for every value whose [`as_any`](Reduce::as_any) tells its type, at
    /// any depth: types that derive `Reduce`, unless they have lifetimes or type parameters that
    /// are not known to be `'static`, and [`Registered`](copyreg::Registered) ones.
    #[must_use]
    pub fn dispatch_table(mut self, table: DispatchTable) -> Self {
        self.hooks.own = Some(Arc::new(table));
        self
    }

    /// Gives the pickler a function that is asked for a reduction of each value, before any table:
    /// Python's `reducer_override`. Where that returns `NotImplemented`, this one returns `None`.
    /// It sees the same values as a [`dispatch_table`](Pickler::dispatch_table).
    ///
    /// ```
    /// use pickle_core::{Pickler, QualName, Reduce, Reduction};
    ///
    /// #[derive(Reduce)]
    /// #[reduce(module = "app")]
    /// struct Off;
    ///
    /// let mut bytes = Vec::new();
    /// let name = QualName::new("app", "OFF");
    /// Pickler::new(&mut bytes)
    ///     .protocol(0)
    ///     .reducer_override(&mut |value| {
    ///         Ok(value.is::<Off>().then(|| Reduction::global(name.clone())))
    ///     })
    ///     .dump(&[Off])?;
    /// assert_eq!(bytes, b"(lcapp\nOFF\np0\na.");
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    #[must_use]
    pub fn reducer_override(mut self, reducer: &'w mut ReducerOverride<'w>) -> Self {
        self.hooks.reducer_override = Some(reducer);
        self
    }

    /// Writes a value as its persistent id, if it has one, or by the reducer that comes before its
    /// own, if there is one.
    #[cold]
    #[inline(never)]
    pub(super) fn dispatch<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        if self.persistent(value)? {
            return Ok(());
        }
        self.dispatch_itself(value)
    }

    /// Writes a value that has no persistent id, or is one.
    #[inline]
    pub(super) fn reduce_itself<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        if self.dispatching && value.as_any().is_some() {
            return self.dispatch_itself(value);
        }
        value.reduce(self)
    }

    #[cold]
    fn dispatch_itself<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        match value.as_any() {
            Some(any) => match self.hooks.reduce(any)? {
                Some(reduction) => self.reduction(reduction),
                None => value.reduce(self),
            },
            None => value.reduce(self),
        }
    }
}
