//! `Reduce`: how a Rust value is dumped.

mod dispatch;
mod reduction;
mod with;

use std::any::Any;

pub use with::ReduceWith;

use crate::encode::Pickler;
use crate::error::Result;

pub use dispatch::{DispatchTable, Reducer};
pub use reduction::{Arguments, ArgumentsOf, IntoReduction, Reduction};

/// A value that can be pickled: Python's `__reduce__`.
///
/// `#[derive(Reduce)]` writes this for structs and enums. By hand it is one call of a method of
/// [`Pickler`], or of its [`object`](Pickler::object) and what follows it:
///
/// ```
/// use pickle_core::{Pickler, Reduce, Result};
///
/// struct Celsius(f64);
///
/// impl Reduce for Celsius {
///     fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
///         p.float(self.0)
///     }
/// }
///
/// assert_eq!(pickle_core::dumps(&Celsius(0.5))?, pickle_core::dumps(&0.5)?);
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be pickled",
    label = "`Reduce` is not implemented for `{Self}`",
    note = "a struct or enum of yours needs `#[derive(pickle_core::Reduce)]`",
    note = "a type of another crate can be in a `copyreg::Registered`: in a field, say `registered`, \
            `with = module` or `skip`",
    note = "a trait needs `#[pickle_core::object]` for its trait objects"
)]
pub trait Reduce {
    /// Writes exactly one object.
    ///
    /// # Errors
    ///
    /// If the value has no form in the chosen protocol, contains itself, or is locked.
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()>;

    /// Writes a slice of such values as one object. A list, but for `u8`, which makes bytes.
    ///
    /// # Errors
    ///
    /// As [`reduce`](Reduce::reduce).
    fn reduce_slice(items: &[Self], p: &mut Pickler<'_>) -> Result<()>
    where
        Self: Sized,
    {
        p.list(items)
    }

    /// The value as `Any`, so that a reducer of a [`Pickler`]'s own can recognize it. The derive
    /// implements it for `'static` types.
    fn as_any(&self) -> Option<&dyn Any> {
        None
    }
}
