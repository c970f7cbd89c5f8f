//! `DispatchTable`: reducers by type, which come before a type's own.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::reduction::{IntoReduction, Reduction};
use crate::error::Result;

/// A function that reduces values of type `T`: `fn(&T) -> Reduction<'_>`, or with a `Result` of
/// that.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no reducer of `{T}`",
    label = "a reducer is a `fn(&T) -> Reduction<'_>`, or returns a `Result` of that"
)]
pub trait Reducer<'v, T: ?Sized> {
    /// Calls it.
    #[doc(hidden)]
    fn call(&self, value: &'v T) -> Result<Reduction<'v>>;
}

impl<'v, T, F, R> Reducer<'v, T> for F
where
    T: ?Sized + 'v,
    F: Fn(&'v T) -> R,
    R: IntoReduction<'v>,
{
    fn call(&self, value: &'v T) -> Result<Reduction<'v>> {
        self(value).into_reduction()
    }
}

/// Reducers by the exact Rust type that they are for: Python's `dispatch_table`.
///
/// A [`Pickler`](crate::Pickler) that is [given one](crate::Pickler::dispatch_table) asks it
/// instead of the global one, which [`copyreg::pickle`](crate::copyreg::pickle) fills.
///
/// ```
/// use pickle_core::{DispatchTable, Pickler, QualName, Reduce, Reduction};
///
/// #[derive(Reduce)]
/// #[reduce(module = "app")]
/// struct Secret(String);
///
/// fn redacted(_: &Secret) -> Reduction<'_> {
///     Reduction::call(QualName::new("app", "Secret"), ("***",))
/// }
///
/// let mut table = DispatchTable::new();
/// table.pickle(redacted);
/// let mut bytes = Vec::new();
/// let secrets = vec![Secret("spam".to_owned())];
/// Pickler::new(&mut bytes).dispatch_table(table).dump(&secrets)?;
/// assert_eq!(pickle_core::loads::<Vec<Secret>>(&bytes)?[0].0, "***");
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct DispatchTable {
    reducers: HashMap<TypeId, Dispatch>,
}

/// A reducer that has forgotten its type.
type Dispatch = Arc<dyn for<'v> Fn(&'v dyn Any) -> Result<Reduction<'v>> + Send + Sync>;

impl DispatchTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the reducer of a type, in place of the one that it has.
    pub fn pickle<T, F>(&mut self, reducer: F) -> &mut Self
    where
        T: 'static,
        F: for<'v> Reducer<'v, T> + Send + Sync + 'static,
    {
        let dispatch: Dispatch = Arc::new(move |value| {
            let value = value.downcast_ref::<T>();
            reducer.call(value.expect("it was found by the value's type"))
        });
        self.reducers.insert(TypeId::of::<T>(), dispatch);
        self
    }

    /// Removes the reducer of a type. Whether there was one.
    pub fn remove<T: 'static>(&mut self) -> bool {
        self.reducers.remove(&TypeId::of::<T>()).is_some()
    }

    /// Whether there is a reducer of a type.
    #[must_use]
    pub fn contains<T: 'static>(&self) -> bool {
        self.reducers.contains_key(&TypeId::of::<T>())
    }

    /// Whether there are no reducers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reducers.is_empty()
    }

    pub(crate) fn reduce<'v>(&self, value: &'v dyn Any) -> Option<Result<Reduction<'v>>> {
        let reducer = self.reducers.get(&value.type_id())?;
        Some(reducer(value))
    }
}

impl fmt::Debug for DispatchTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DispatchTable")
            .field("len", &self.reducers.len())
            .finish()
    }
}
