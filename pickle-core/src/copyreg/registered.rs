//! Values of types that cannot be pickled but for what is registered for them at run time.

use std::any::{Any, type_name};

use crate::construct::{Construct, Decoder, construct_called};
use crate::encode::Pickler;
use crate::error::{Error, ErrorKind, Result};
use crate::reduce::Reduce;
use crate::wire::{Instance, Wire};

/// A value of a type that is registered with [`pickle`](super::pickle) and
/// [`constructor`](super::constructor), as one that can be dumped and loaded.
///
/// # Errors
///
/// Dumping fails if the type has no reducer: of a Pickler's own, or a global one. Loading
/// fails if the pickle does not call a function that makes the type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Registered<T>(pub T);

/// The same of a reference, to be dumped.
///
/// ```
/// use pickle_core::{ErrorKind, copyreg, dumps};
///
/// let error = dumps(&copyreg::registered(&std::thread::current())).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::NotReducible { .. }));
/// assert!(error.to_string().contains("::Thread` cannot be pickled"));
/// ```
pub fn registered<T: 'static>(value: &T) -> impl Reduce {
    ByReference(value)
}

struct ByReference<'a, T>(&'a T);

impl<T: 'static> Reduce for ByReference<'_, T> {
    fn reduce(&self, _: &mut Pickler<'_>) -> Result<()> {
        Err(not_reducible::<T>())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self.0)
    }
}

impl<T: 'static> Reduce for Registered<T> {
    fn reduce(&self, _: &mut Pickler<'_>) -> Result<()> {
        Err(not_reducible::<T>())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(&self.0)
    }
}

/// Whoever has a reducer has been asked already.
#[cold]
fn not_reducible<T>() -> Error {
    let rust_type = type_name::<T>();
    ErrorKind::NotReducible { rust_type }.into()
}

impl<'g, T: 'static> Construct<'g> for Registered<T> {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        construct_called(d).map(Self)
    }
}
crate::pointee!([T: 'static] Registered<T>);

impl<T> Wire for Registered<T> {
    type Form = Instance<T>;
}

/// What `#[reduce(registered)]` on a field expands to: a module as for `with`.
pub mod field {
    use crate::construct::{Decoder, construct_called};
    use crate::encode::Pickler;
    use crate::error::Result;

    /// Writes the field by the reducer that is registered for its type.
    ///
    /// # Errors
    ///
    /// If there is none, or it fails.
    pub fn reduce<T: 'static>(value: &T, p: &mut Pickler<'_>) -> Result<()> {
        p.save(&super::registered(value))
    }

    /// Makes the field by a registered function.
    ///
    /// # Errors
    ///
    /// If the object is no call of one that makes the type, or it fails.
    pub fn construct<T: 'static>(d: &mut Decoder<'_>) -> Result<T> {
        construct_called(d)
    }
}
