//! What a lookup or an addition can fail with. Knows no tables: claims and claimants are copied
//! out.

use std::fmt;

use thiserror::Error;

use crate::{Entry, Location, QualName, RustType};

/// What more than one registration claims.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// A name, as its own or as an alias.
    Name(QualName<'static>),
    /// A Rust type or function.
    Type(RustType),
    /// An extension code.
    Extension(u32),
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claim::Name(name) => write!(f, "the name {name}"),
            Claim::Type(rust_type) => write!(f, "the Rust type {rust_type}"),
            Claim::Extension(code) => write!(f, "the extension code {code}"),
        }
    }
}

/// One side of a [`Conflict`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claimant {
    /// The name that the registration goes by; what it claims may be an alias.
    pub name: QualName<'static>,
    /// The Rust type or function that it registers.
    pub rust_type: RustType,
    /// Where it was written.
    pub declared: Location,
}

impl<P> From<&Entry<P>> for Claimant {
    fn from(entry: &Entry<P>) -> Self {
        Claimant {
            name: entry.name().clone(),
            rust_type: entry.rust_type(),
            declared: entry.declared(),
        }
    }
}

impl fmt::Display for Claimant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Claimant {
            name,
            rust_type,
            declared,
        } = self;
        write!(f, "{rust_type} (registered as {name} at {declared})")
    }
}

/// Two or more registrations claim the same name, Rust type or extension code.
///
/// ```
/// use pickle_registry::{Claim, Entry, Location, LookupError, QualName, Registry, RustType};
///
/// static POINT: QualName<'static> = QualName::new("app", "Point");
/// static MINE: Entry<()> = Entry::new(
///     QualName::new("app", "Point"),
///     RustType::of::<u8>(),
///     Location { file: "mine.rs", line: 3 },
///     (),
/// );
/// static THEIRS: Entry<()> = Entry::new(
///     QualName::new("app", "Point"),
///     RustType::of::<i8>(),
///     Location { file: "theirs.rs", line: 8 },
///     (),
/// );
///
/// let registry = Registry::new([&MINE, &THEIRS]);
/// let Err(LookupError::Conflict(conflict)) = registry.by_name(&POINT) else {
///     panic!("which of the two would it be?")
/// };
/// assert_eq!(*conflict.claim(), Claim::Name(POINT.clone()));
/// assert_eq!(
///     conflict.to_string(),
///     "the name app.Point is claimed by u8 (registered as app.Point at mine.rs:3) \
///      and by i8 (registered as app.Point at theirs.rs:8)",
/// );
/// ```
// Boxed, so that a lookup's result stays small.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{} is claimed {}", .0.claim, Claimants(&.0.claimants))]
pub struct Conflict(Box<Contents>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Contents {
    claim: Claim,
    claimants: Box<[Claimant]>,
}

impl Conflict {
    /// Sorts the claimants, since the linker may give them in any order.
    pub(crate) fn new(claim: Claim, claimants: impl IntoIterator<Item = Claimant>) -> Self {
        let mut claimants: Box<[Claimant]> = claimants.into_iter().collect();
        claimants.sort_by_key(|claimant| claimant.declared);
        Conflict(Box::new(Contents { claim, claimants }))
    }

    /// What is claimed.
    pub fn claim(&self) -> &Claim {
        &self.0.claim
    }

    /// All who claim it, at least two, by file and line.
    pub fn claimants(&self) -> &[Claimant] {
        &self.0.claimants
    }
}

struct Claimants<'a>(&'a [Claimant]);

impl fmt::Display for Claimants<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, claimant) in self.0.iter().enumerate() {
            let joint = if index == 0 { "" } else { " and " };
            write!(f, "{joint}by {claimant}")?;
        }
        Ok(())
    }
}

/// Why a lookup gave no entry.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LookupError {
    /// Nobody registered the name.
    #[error("{}; {LINKING}", NotRegistered { name, near })]
    Unknown {
        /// The name that was looked up.
        name: Box<QualName<'static>>,
        /// The registered names that resemble it, nearest first.
        near: Box<[QualName<'static>]>,
    },
    /// Nobody registered the Rust type or function.
    // Whoever has the type has named its crate, which is linked in then.
    #[error(
        "{rust_type} is not registered under any name: a function needs `#[constructor]` or the like, \
         a type `#[derive(Reduce)]`"
    )]
    UnknownType {
        /// The type that was looked up.
        rust_type: RustType,
    },
    /// Nobody registered the extension code.
    #[error("the extension code {code} is not registered; {LINKING}")]
    UnknownExtension {
        /// The code that was looked up.
        code: u32,
    },
    /// More than one registration claims what was looked up.
    #[error(transparent)]
    Conflict(#[from] Conflict),
}

const LINKING: &str =
    "a crate that is never named in code is not linked in: write `use plugin as _;`";

struct NotRegistered<'a> {
    name: &'a QualName<'static>,
    near: &'a [QualName<'static>],
}

impl fmt::Display for NotRegistered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NotRegistered { name, near } = self;
        // "a.b.C is not registered (did you mean a.b.C?)" would help nobody.
        let split = near.iter().any(|near| near.reads_like(name));
        let write = |f: &mut fmt::Formatter<'_>, name: &QualName<'static>| {
            if split {
                write!(f, "{name:#}")
            } else {
                write!(f, "{name}")
            }
        };
        write(f, name)?;
        f.write_str(" is not registered")?;
        if let Some((last, others)) = near.split_last() {
            f.write_str(" (did you mean ")?;
            for other in others {
                write(f, other)?;
                f.write_str(" or ")?;
            }
            write(f, last)?;
            f.write_str("?)")?;
        }
        Ok(())
    }
}
