//! Names, and the table of what is registered under them.
//!
//! An [`Entry`] says that a Rust type or function has a [`QualName`], perhaps aliases and an
//! extension code, and where that was declared. A [`Registry`] finds entries by each of these, and
//! says which two registrations are in conflict, or which known name an unknown one resembles.
//!
//! This crate knows no pickling: no bytes, no opcodes, no objects. What an entry is good for stands
//! in its payload `P`, which the registry hands out and never looks into. Nor does it know how
//! entries come to be linked in: it is given them.
//!
//! ```
//! use pickle_registry::{Entry, Location, LookupError, QualName, Registry, RustType};
//!
//! struct Point;
//!
//! static POINT: Entry<&str> = Entry::new(
//!     QualName::new("app", "Point"),
//!     RustType::of::<Point>(),
//!     Location::caller(),
//!     "two numbers",
//! );
//!
//! let registry = Registry::new([&POINT]);
//! let entry = registry.by_name(&QualName::new("app", "Point"))?;
//! assert_eq!(*entry.payload(), "two numbers");
//! assert_eq!(entry.rust_type(), RustType::of::<Point>());
//!
//! let error = registry.by_name(&QualName::new("app", "Piont")).unwrap_err();
//! assert!(error.to_string().contains("did you mean app.Point?"));
//! # Ok::<(), LookupError>(())
//! ```

#![forbid(unsafe_code)]

mod entry;
mod error;
mod name;
mod near_miss;
mod registry;
mod table;

pub use entry::{Entry, Location, RustType};
pub use error::{Claim, Claimant, Conflict, LookupError};
pub use name::QualName;
pub use registry::Registry;
