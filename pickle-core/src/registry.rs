//! What is registered, for tests: which registrations are in conflict, and which names an unknown
//! one may be a mistake for.
//!
//! Every `#[derive(Reduce)]` of a type without generics is registered when its crate is linked in.
//! Such crates need not know each other, so two may claim the same name. Looking that name up, as
//! a trait object has to, then fails; all others go on working. A test of the program that links
//! them all finds it earlier:
//!
//! ```standalone_crate
//! // In a test:
//! assert_eq!(pickle_core::registry::check(), Ok(()));
//! ```
//!
//! A crate that is never named in code is not linked in: `use plugin as _;` names it.

pub use pickle_registry::{Claim, Claimant, Location, RustType};

use crate::class::registry;
use crate::{Conflict, QualName};

/// Whether no two of the registrations that are linked in are in conflict.
///
/// # Errors
///
/// All conflicts: of names and aliases, then of Rust types, then of extension codes. Each names
/// both Rust types with file and line.
pub fn check() -> Result<(), Vec<Conflict>> {
    registry().check()
}

/// A few registered names that `name` may be a mistake for, nearest first: what the error about an
/// unknown class suggests.
///
/// ```
/// use pickle_core::{QualName, Reduce, registry};
///
/// #[derive(Reduce)]
/// #[reduce(module = "app.models")]
/// struct User;
///
/// let near = registry::near_misses(&QualName::new("app.model", "User"));
/// assert_eq!(near, [QualName::new("app.models", "User")]);
/// ```
#[must_use]
pub fn near_misses(name: &QualName<'_>) -> Vec<QualName<'static>> {
    registry().near_misses(name)
}
