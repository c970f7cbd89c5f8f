//! What is registered: a class's shape on the wire, and the global table of all that were linked.

use std::any::{Any, TypeId};
use std::sync::LazyLock;

use pickle_registry::{Entry, QualName, Registry};

/// How a Rust type looks in Python: its class, and the attributes that instances have.
///
/// The derive makes one for each type, and one for each variant of an enum with data.
#[derive(Debug)]
pub struct Class {
    /// The class's name.
    pub name: QualName<'static>,
    /// Names it had before, or has elsewhere: read, never written.
    pub aliases: &'static [QualName<'static>],
    /// The attributes, in the order in which positional arguments stand for them.
    pub fields: &'static [Field],
    /// How many of `fields`, from the first, may stand as positional arguments.
    pub positional: usize,
    /// Whether an attribute that is not in `fields` is an error. Else it is ignored.
    pub deny_unknown: bool,
}

/// One attribute of a [`Class`].
#[derive(Debug)]
pub struct Field {
    /// The attribute's name.
    pub name: &'static str,
    /// Names it had before: read, never written.
    pub aliases: &'static [&'static str],
}

impl Class {
    /// Whether `name` is the class's name or one of its aliases.
    #[must_use]
    pub fn is_named(&self, name: &QualName<'_>) -> bool {
        self.name == *name || self.aliases.iter().any(|alias| alias == name)
    }

    /// Which of `fields` an attribute is.
    #[must_use]
    pub fn field(&self, attribute: &str) -> Option<usize> {
        self.fields
            .iter()
            .position(|field| field.name == attribute || field.aliases.contains(&attribute))
    }
}

/// What the registry keeps beside a class's name. So far nothing: names, aliases, extension code
/// and Rust type are the entry's own.
#[derive(Clone, Copy, Debug)]
pub struct ClassEntry;

/// A registration that the derive submits at link time.
#[derive(Debug)]
pub struct LinkedClass(pub Entry<ClassEntry>);

inventory::collect!(LinkedClass);

/// How to make a trait object of a registered class: submitted at link time by `#[object]` on an
/// impl.
pub struct LinkedCast {
    /// The class's Rust type.
    pub class: fn() -> TypeId,
    /// The trait object's type, as `dyn Shape + Send`.
    pub object: fn() -> TypeId,
    /// A `construct::Casts<dyn Shape + Send>`; none if the class is not `Send`.
    pub casts: fn() -> Option<&'static (dyn Any + Send + Sync)>,
}

impl std::fmt::Debug for LinkedCast {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkedCast").finish_non_exhaustive()
    }
}

inventory::collect!(LinkedCast);

/// The global registry: every class whose derive was linked into the program, and those added at
/// run time.
pub(crate) fn registry() -> &'static Registry<ClassEntry> {
    static REGISTRY: LazyLock<Registry<ClassEntry>> =
        LazyLock::new(|| Registry::new(inventory::iter::<LinkedClass>().map(|class| &class.0)));
    &REGISTRY
}

/// One member of an enum of unit variants, which is a Python `enum.Enum`.
#[derive(Debug)]
pub struct Variant {
    /// The names that Python may know the member by.
    pub names: &'static [&'static str],
    /// The member's value.
    pub value: MemberValue,
}

/// The value of a Python enum's member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberValue {
    /// An int.
    Int(i128),
    /// A str.
    Str(&'static str),
}
