//! What is registered, for tests: which registrations are in conflict, and which names an unknown
//! one may be a mistake for.
//!
//! Every `#[derive(Reduce)]` of a type without generics is registered when its crate is linked in,
//! and so is every instance of a generic type that [`register!`](crate::register) names. Such
//! crates need not know each other, so two may claim the same name. Looking that name up, as a trait
//! object has to, then fails; all others go on working. A test of the program that links them all
//! finds it earlier:
//!
//! ```standalone_crate
//! // In a test:
//! assert_eq!(pickle_core::registry::check(), Ok(()));
//! ```
//!
//! A crate that is never named in code is not linked in: `use plugin as _;` names it.

use std::fmt;

pub use pickle_registry::{Claim, Claimant, Location, RustType};

use thiserror::Error;

use crate::class::{LinkedClass, MakeAny, Target, registry};
use crate::{Conflict, QualName};

/// Whether no two of the registrations that are linked in are in conflict, and each class's
/// `constructor` is a function that is registered and makes that class's type.
///
/// ```standalone_crate
/// // In a test of one's own:
/// assert_eq!(pickle_core::registry::check(), Ok(()));
/// ```
///
/// # Errors
///
/// All mistakes: conflicts of names and aliases, then of Rust types, then of extension codes, each
/// with both Rust types and where they are; then classes without the constructor that they name.
pub fn check() -> Result<(), Vec<Mistake>> {
    let conflicts = registry().check().err().unwrap_or_default();
    let mistakes: Vec<_> = conflicts
        .into_iter()
        .map(Mistake::Conflict)
        .chain(wrong_constructors().map(Mistake::Constructor))
        .collect();
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes)
    }
}

/// The classes whose `constructor` is not registered, or makes another type.
fn wrong_constructors() -> impl Iterator<Item = WrongConstructor> {
    inventory::iter::<LinkedClass>().filter_map(|LinkedClass(entry)| {
        let Target::Class {
            constructor: Some(constructor),
        } = *entry.payload()
        else {
            return None;
        };
        let found = registry().by_type(constructor).ok();
        let makes = found.and_then(|found| match found.payload() {
            Target::Function(function) => function.constructor.map(MakeAny::output),
            Target::Class { .. } => None,
        });
        let right = makes.is_some_and(|makes| makes.id() == entry.rust_type().id());
        (!right).then(|| WrongConstructor {
            class: entry.into(),
            constructor,
            makes,
        })
    })
}

/// What [`check`] found.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Mistake {
    /// Two or more registrations claim the same.
    #[error(transparent)]
    Conflict(Conflict),
    /// A class whose `constructor` does not make its type.
    #[error(transparent)]
    Constructor(WrongConstructor),
}

/// A class whose `constructor` is no registered function that makes its type.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the constructor of {class}, {constructor}, {}", Wrong(*.makes))]
#[non_exhaustive]
pub struct WrongConstructor {
    /// The class.
    pub class: Claimant,
    /// The function that its `constructor` names.
    pub constructor: RustType,
    /// The type that the function makes, if it is registered to make one.
    pub makes: Option<RustType>,
}

struct Wrong(Option<RustType>);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(makes) => write!(f, "makes a {makes}"),
            None => f.write_str("is not registered: it needs a `#[constructor]`"),
        }
    }
}

/// A few registered names that `name` may be a mistake for, nearest first: what the error about an
/// unknown class suggests.
///
/// ```standalone_crate
/// use pickle_core::{QualName, Reduce, registry};
///
/// #[derive(Reduce)]
/// #[reduce(module = "app.models")]
/// struct Customer;
///
/// let near = registry::near_misses(&QualName::new("app.model", "Customer"));
/// assert_eq!(near, [QualName::new("app.models", "Customer")]);
/// ```
#[must_use]
pub fn near_misses(name: &QualName<'_>) -> Vec<QualName<'static>> {
    registry().near_misses(name)
}
