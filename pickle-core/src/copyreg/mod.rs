//! Registration at run time: Python's `copyreg`.
//!
//! Types of other crates, which cannot derive [`Reduce`](trait@crate::Reduce), get a reducer and a
//! constructor here. [`Registered`] is such a value in a place where one that can be pickled is
//! wanted; in a field, `#[reduce(registered)]` does the same.
//!
//! ```
//! use std::time::Duration;
//!
//! use pickle_core::copyreg::{self, Registered};
//! use pickle_core::{QualName, Reduction, dumps, loads};
//!
//! fn reduce_duration(duration: &Duration) -> Reduction<'_> {
//!     Reduction::new(Duration::from_millis, (duration.as_millis() as u64,))
//! }
//!
//! copyreg::pickle(reduce_duration);
//! let milliseconds = QualName::new("app.time", "milliseconds");
//! copyreg::constructor::<Duration, _>(milliseconds, Duration::from_millis)?;
//!
//! let pickle = dumps(&Registered(Duration::from_secs(2)))?;
//! let Registered(loaded) = loads::<Registered<Duration>>(&pickle)?;
//! assert_eq!(loaded, Duration::from_secs(2));
//! # Ok::<(), pickle_core::Error>(())
//! ```
//!
//! | Python | here |
//! |---|---|
//! | `copyreg.pickle(type, function)` | [`pickle`] |
//! | `copyreg.pickle(type, function, constructor)` | [`pickle_with`] |
//! | `copyreg.constructor(object)` | [`constructor`], or [`#[constructor]`](macro@crate::constructor) |
//! | `copyreg.dispatch_table` | [`dispatch_table`], a copy |
//! | `del copyreg.dispatch_table[type]` | [`remove`] |
//! | `copyreg.add_extension(module, name, code)` | [`add_extension`] |
//! | `copyreg.remove_extension(module, name, code)` | [`remove_extension`] |
//!
//! All of it is for all threads, and counts from the next `dumps` on.

mod extension;
mod registered;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use pickle_registry::{Entry, Location, QualName, RustType};

use crate::class::{LinkedFunction, Target, registry};
use crate::construct::Constructor;
use crate::error::Result;
use crate::reduce::{DispatchTable, Reducer};

pub use extension::{ExtensionError, add_extension, remove_extension};
pub(crate) use extension::{extension_code, extension_name};
#[doc(hidden)]
pub use registered::field;
pub use registered::{Registered, registered};

/// The global dispatch table. It is replaced, never changed: whoever dumps keeps the one that it
/// began with.
static TABLE: RwLock<Option<Arc<DispatchTable>>> = RwLock::new(None);

/// Whether there is one. Written only while the lock is held for writing.
static ANY: AtomicBool = AtomicBool::new(false);

/// The global table, without a lock if nothing is in it.
#[inline]
pub(crate) fn global_table() -> Option<Arc<DispatchTable>> {
    if !ANY.load(Ordering::Acquire) {
        return None;
    }
    TABLE.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn change<R>(change: impl FnOnce(&mut DispatchTable) -> R) -> R {
    let mut held = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    let mut table = held.as_deref().cloned().unwrap_or_default();
    let result = change(&mut table);
    *held = (!table.is_empty()).then(|| Arc::new(table));
    ANY.store(held.is_some(), Ordering::Release);
    result
}

/// Registers the reducer of a type, in place of the one that it has: Python's
/// `copyreg.pickle(type, function)`.
///
/// It comes before what the type derives, wherever a value of the type is nested. It is for
/// exactly that type.
///
/// The reducer is a function; or a closure, if what it returns borrows nothing of the value.
pub fn pickle<T, F>(reducer: F)
where
    T: 'static,
    F: for<'v> Reducer<'v, T> + Send + Sync + 'static,
{
    change(|table| {
        table.pickle(reducer);
    });
}

/// Registers the reducer of a type, and under a name the function that makes the type again:
/// Python's `copyreg.pickle(type, function, constructor)`. That the function makes this type is
/// checked by the compiler.
///
/// # Errors
///
/// As [`constructor`]. Then the reducer is not registered either.
#[track_caller]
pub fn pickle_with<T, F, M: 'static>(
    reducer: F,
    name: QualName<'static>,
    function: impl Constructor<T, M>,
) -> Result<()>
where
    T: 'static,
    F: for<'v> Reducer<'v, T> + Send + Sync + 'static,
{
    constructor(name, function)?;
    pickle(reducer);
    Ok(())
}

/// Removes the reducer of a type. Whether there was one.
pub fn remove<T: 'static>() -> bool {
    change(DispatchTable::remove::<T>)
}

/// A copy of the global table, for a [`Pickler`](crate::Pickler) of its own.
#[must_use]
pub fn dispatch_table() -> DispatchTable {
    global_table().map_or_else(DispatchTable::default, |table| (*table).clone())
}

/// Registers a function under a name, so that pickles may call it: Python's `copyreg.constructor`,
/// whose callers also have to see to it that Python finds the function under its name.
///
/// Its arguments are positional, and those at the end that are `Option`s may be missing. For
/// keywords, defaults and borrowed arguments there is
/// [`#[constructor]`](macro@crate::constructor). What is not callable is refused by the compiler.
///
/// # Errors
///
/// If another function or class has been registered under the name at run time, or the function
/// under another name. To register what is there already does nothing.
#[track_caller]
pub fn constructor<T: 'static, M: 'static>(
    name: QualName<'static>,
    function: impl Constructor<T, M>,
) -> Result<()> {
    let rust_type = RustType::of_val(&function);
    // What has a size, as a function pointer, is not known by its type.
    let has_size = size_of_val(&function) != 0;
    let target = Target::Function(LinkedFunction::leaked(function));
    let again = name.clone();
    match registry().add(Entry::new(name, rust_type, Location::caller(), target)) {
        Err(conflict) if has_size || !is_name_of(&again, rust_type) => Err(conflict.into()),
        _ => Ok(()),
    }
}

/// Whether a function is registered under a name, and no alias.
fn is_name_of(name: &QualName<'_>, function: RustType) -> bool {
    let found = registry().by_name(name);
    found.is_ok_and(|entry| entry.name() == name && entry.rust_type() == function)
}

/// Removes what [`constructor`] has registered under a name. Whether there was anything.
pub fn remove_constructor(name: &QualName<'_>) -> bool {
    let name = name.clone().into_owned();
    registry().remove(&name).is_some()
}
