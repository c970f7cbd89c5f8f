//! [`Entry`]: one registration, as it stands in a static. Knows no other entries.

use std::any::{TypeId, type_name};
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::QualName;

/// A Rust type, or the type of a function item: an identity, and a name for people.
///
/// Every function item has a type of its own, so that it can be found by it:
///
/// ```
/// use pickle_registry::RustType;
///
/// fn connect() {}
/// fn disconnect() {}
///
/// assert_eq!(RustType::of_val(&connect), RustType::of_val(&connect));
/// assert_ne!(RustType::of_val(&connect), RustType::of_val(&disconnect));
/// assert!(RustType::of_val(&connect).name().ends_with("connect"));
/// ```
///
/// Equality is that of the [`TypeId`]. The name is for messages only: two types may share it.
#[derive(Clone, Copy)]
pub struct RustType {
    // Functions, because `type_name` cannot be called in a const.
    id: fn() -> TypeId,
    name: fn() -> &'static str,
}

impl RustType {
    /// The type `T`.
    ///
    /// ```
    /// # use pickle_registry::RustType;
    /// static STRING: RustType = RustType::of::<String>();
    /// assert_eq!(STRING.name(), "alloc::string::String");
    /// ```
    pub const fn of<T: ?Sized + 'static>() -> Self {
        RustType {
            id: TypeId::of::<T>,
            name: type_name::<T>,
        }
    }

    /// The type of a value whose type has no name to write, such as a function item.
    pub const fn of_val<T: ?Sized + 'static>(_: &T) -> Self {
        RustType::of::<T>()
    }

    /// The type's identity.
    pub fn id(&self) -> TypeId {
        (self.id)()
    }

    /// The type's path as the compiler prints it, which may change from one compiler to the next.
    pub fn name(&self) -> &'static str {
        (self.name)()
    }
}

impl PartialEq for RustType {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for RustType {}

impl Hash for RustType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl fmt::Debug for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RustType({})", self.name())
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a registration was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The source file, as `file!()` gives it.
    pub file: &'static str,
    /// The line, counted from one.
    pub line: u32,
}

impl Location {
    /// Where the caller stands; in a `#[track_caller]` function, where *its* caller does.
    ///
    /// ```
    /// # use pickle_registry::Location;
    /// static HERE: Location = Location::caller();
    /// assert_eq!(HERE.file, file!());
    /// ```
    #[track_caller]
    pub const fn caller() -> Self {
        let caller = std::panic::Location::caller();
        Location {
            file: caller.file(),
            line: caller.line(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One registration: what is called what, and the payload that comes with it.
///
/// It can be built in a constant, and so stand in a static. The aliases go into a `const` block,
/// as a plain `&[...]` in the middle of an initializer does not live long enough:
///
/// ```
/// use pickle_registry::{Entry, Location, QualName, RustType};
///
/// struct Point;
///
/// static POINT: Entry<u8> = Entry::new(
///     QualName::new("app", "Point"),
///     RustType::of::<Point>(),
///     Location { file: file!(), line: line!() },
///     7,
/// )
/// .with_aliases(const { &[QualName::new("app.old", "Point")] })
/// .with_extension(240);
///
/// assert_eq!(POINT.aliases().len(), 1);
/// assert_eq!(POINT.extension(), Some(240));
/// ```
pub struct Entry<P> {
    name: QualName<'static>,
    aliases: &'static [QualName<'static>],
    rust_type: RustType,
    extension: Option<u32>,
    declared: Location,
    payload: P,
}

impl<P> Entry<P> {
    /// Registers `rust_type` as `name`, without aliases and without an extension code.
    pub const fn new(
        name: QualName<'static>,
        rust_type: RustType,
        declared: Location,
        payload: P,
    ) -> Self {
        Entry {
            name,
            aliases: &[],
            rust_type,
            extension: None,
            declared,
            payload,
        }
    }

    /// Sets the other names that the entry is found by.
    #[must_use]
    pub const fn with_aliases(mut self, aliases: &'static [QualName<'static>]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Sets the extension code that the entry is found by.
    #[must_use]
    pub const fn with_extension(mut self, code: u32) -> Self {
        self.extension = Some(code);
        self
    }

    /// The name to write.
    pub fn name(&self) -> &QualName<'static> {
        &self.name
    }

    /// The other names that the entry is found by.
    pub fn aliases(&self) -> &'static [QualName<'static>] {
        self.aliases
    }

    /// The Rust type or function that is registered.
    pub fn rust_type(&self) -> RustType {
        self.rust_type
    }

    /// The extension code, if there is one.
    pub fn extension(&self) -> Option<u32> {
        self.extension
    }

    /// Where the registration was written.
    pub fn declared(&self) -> Location {
        self.declared
    }

    /// What the registry never looks into.
    pub fn payload(&self) -> &P {
        &self.payload
    }

    /// The name and the aliases.
    pub(crate) fn names(&self) -> impl Iterator<Item = &QualName<'static>> {
        std::iter::once(&self.name).chain(self.aliases)
    }
}

// By hand, so that a payload of function pointers need not be `Debug`.
impl<P> fmt::Debug for Entry<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.name)
            .field("aliases", &self.aliases)
            .field("rust_type", &self.rust_type)
            .field("extension", &self.extension)
            .field("declared", &self.declared)
            .finish_non_exhaustive()
    }
}
