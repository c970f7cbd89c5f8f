//! Instances of generic types: a class for each one that is registered.
//!
//! The derive makes one static [`Class`] of a generic type, whatever stands for its parameters.
//! `register!` names one instance, and here is found which name it is dumped by: the table is built
//! once, of what was linked in, and read without a lock. Where no instance is registered, asking it
//! costs a branch, and types without parameters do not ask.

use std::any::TypeId;
use std::sync::LazyLock;

use pickle_registry::{Entry, Location, QualName, RustType};

use crate::class::{Class, Target, registry};
use crate::error::Result;

/// A generic type with a class: what its instances have in common.
#[derive(Debug)]
pub struct Generic {
    /// The type as it was declared: `Wrapper<T>`.
    pub rust: &'static str,
    /// The name of its class, or of the enum that its classes are nested in.
    pub name: QualName<'static>,
    /// Its class, or one for each variant that is read and written.
    pub classes: &'static [&'static Class],
    /// Whether it is an enum that the classes are nested in.
    pub nested: bool,
    /// Where it was declared.
    pub declared: Location,
}

/// An instance of a generic type: what `register!` asks for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no instance of a generic type that is a class",
    label = "cannot be registered here",
    note = "it is one if its type derives `pickle_core::Reduce`, has type or const parameters, and \
            is neither `transparent` nor a dict",
    note = "a type without parameters is registered by its derive"
)]
pub trait GenericInstance {
    /// What it is an instance of.
    const OF: &'static Generic;
}

/// A generic type, submitted at link time by its derive: its name alone means no type.
#[derive(Debug)]
pub struct LinkedGeneric(pub &'static Generic);

inventory::collect!(LinkedGeneric);

/// An instance of a generic type under a name of its own, submitted at link time by `register!`.
#[derive(Debug)]
pub struct LinkedInstance {
    /// What it is an instance of.
    pub of: &'static Generic,
    /// The instance.
    pub rust_type: RustType,
    /// The name of its class, or of the enum that its classes are nested in.
    pub name: QualName<'static>,
    /// Other names that are read, never written.
    pub aliases: &'static [QualName<'static>],
    /// The code that `copyreg.add_extension` gave the class.
    pub extension: Option<u32>,
    /// Where it was registered.
    pub declared: Location,
}

inventory::collect!(LinkedInstance);

/// What is known of a registered instance.
struct Registered {
    linked: &'static LinkedInstance,
    /// Each class of the generic type, and what it is for this instance.
    classes: Box<[(&'static Class, Class)]>,
    /// Whether it is registered more than once.
    in_conflict: bool,
}

/// By type.
static INSTANCES: LazyLock<Box<[(TypeId, Registered)]>> = LazyLock::new(|| {
    let linked = inventory::iter::<LinkedInstance>();
    let mut instances: Vec<_> = linked
        .map(|linked| (linked.rust_type.id(), Registered::new(linked)))
        .collect();
    instances.sort_by_key(|(id, _)| *id);
    instances.dedup_by(|(id, _), (kept, registered)| {
        registered.in_conflict |= id == kept;
        id == kept
    });
    instances.into()
});

/// The class of `T`, an instance of the type that `class` is of.
///
/// # Errors
///
/// If `T` is registered more than once.
#[inline]
pub fn class_of<T: ?Sized>(class: &'static Class) -> Result<&'static Class> {
    Ok(match registered::<T>()? {
        Some(registered) => registered.class(class),
        None => class,
    })
}

/// The classes of `T`, an instance of the enum that `classes` are of.
///
/// # Errors
///
/// As [`class_of`].
#[inline]
pub fn classes_of<T: ?Sized, const N: usize>(
    classes: [&'static Class; N],
) -> Result<[&'static Class; N]> {
    Ok(match registered::<T>()? {
        Some(registered) => classes.map(|class| registered.class(class)),
        None => classes,
    })
}

/// What the enum `T` is called, an instance of the one called `name`.
///
/// # Errors
///
/// As [`class_of`].
#[inline]
pub fn name_of<T: ?Sized>(name: &'static QualName<'static>) -> Result<&'static QualName<'static>> {
    Ok(match registered::<T>()? {
        Some(registered) => &registered.linked.name,
        None => name,
    })
}

#[inline]
fn registered<T: ?Sized>() -> Result<Option<&'static Registered>> {
    if INSTANCES.is_empty() {
        return Ok(None);
    }
    find(typeid::of::<T>())
}

fn find(id: TypeId) -> Result<Option<&'static Registered>> {
    let found = INSTANCES.binary_search_by_key(&id, |(id, _)| *id);
    let Some((_, registered)) = found.ok().and_then(|index| INSTANCES.get(index)) else {
        return Ok(None);
    };
    if registered.in_conflict {
        registry().find_type(id)?;
    }
    Ok(Some(registered))
}

/// The entries of all instances that were linked in, for the registry.
pub(crate) fn entries() -> impl Iterator<Item = &'static Entry<Target>> {
    let linked = inventory::iter::<LinkedInstance>();
    // Like those in statics, they live for the rest of the program.
    linked.map(|linked| &*Box::leak(Box::new(linked.entry())))
}

/// The generic type that has a class called `name`.
pub(crate) fn generic(name: &QualName<'_>) -> Option<&'static Generic> {
    let mut generics = inventory::iter::<LinkedGeneric>();
    let found = generics.find(|LinkedGeneric(generic)| {
        let mut classes = generic.classes.iter();
        generic.name == *name || classes.any(|class| class.is_named(name))
    });
    found.map(|LinkedGeneric(generic)| *generic)
}

impl Generic {
    /// Stands for a type whose derive has failed.
    pub const NOTHING: &'static Self = &Generic {
        rust: "",
        name: QualName::new("", ""),
        classes: &[],
        nested: false,
        declared: Location { file: "", line: 0 },
    };

    /// What the names of one of its classes append to its own name, that of the class first:
    /// `.Circle` for a variant, and nothing for a class that is not nested.
    fn suffixes(&self, class: &Class) -> Vec<String> {
        if !self.nested {
            return vec![String::new()];
        }
        let nested = |name: &QualName<'_>| {
            let suffix = name.qualname().strip_prefix(self.name.qualname())?;
            let is_nested = name.module() == self.name.module() && suffix.starts_with('.');
            is_nested.then(|| suffix.to_owned())
        };
        let elsewhere = || format!(".{}", class.name.qualname());
        let name = nested(&class.name).unwrap_or_else(elsewhere);
        let aliases = class.aliases.iter().filter_map(nested);
        std::iter::once(name).chain(aliases).collect()
    }
}

impl Registered {
    fn new(linked: &'static LinkedInstance) -> Self {
        let classes = linked.of.classes.iter();
        let classes = classes.map(|class| (*class, linked.class(class)));
        Registered {
            linked,
            classes: classes.collect(),
            in_conflict: false,
        }
    }

    fn class(&'static self, class: &'static Class) -> &'static Class {
        let mut classes = self.classes.iter();
        let own = classes.find(|(generic, _)| std::ptr::eq(*generic, class));
        own.map_or(class, |(_, own)| own)
    }
}

impl LinkedInstance {
    /// What a class of the generic type is for this instance. The names of the generic type's are
    /// read, too.
    fn class(&self, class: &'static Class) -> Class {
        let mut names = self.names(class).into_iter();
        let name = names.next().expect("it begins with the class's name");
        let aliases: Vec<_> = names
            .chain([class.name.clone()])
            .chain(class.aliases.iter().cloned())
            .collect();
        Class {
            name,
            aliases: aliases.leak(),
            ..*class
        }
    }

    /// The names that one of the classes has for this instance alone: its name, and aliases.
    fn names(&self, class: &Class) -> Vec<QualName<'static>> {
        let suffixes = self.of.suffixes(class);
        let names = std::iter::once(&self.name).chain(self.aliases);
        let names = names.flat_map(|name| {
            let (module, qualname) = (name.module(), name.qualname());
            let nested = suffixes.iter();
            nested.map(move |suffix| QualName::owned(module, format!("{qualname}{suffix}")))
        });
        names.collect()
    }

    fn entry(&self) -> Entry<Target> {
        let nested = self.of.classes.iter().flat_map(|class| self.names(class));
        let aliases: Vec<_> = self.aliases.iter().cloned().chain(nested).collect();
        let (name, rust_type) = (self.name.clone(), self.rust_type);
        let entry = Entry::new(
            name,
            rust_type,
            self.declared,
            Target::Class { constructor: None },
        );
        let entry = entry.with_aliases(aliases.leak());
        match self.extension {
            Some(code) => entry.with_extension(code),
            None => entry,
        }
    }
}

/// Gives instances of generic types classes of their own, and makes them known to trait objects.
///
/// All instances of a generic type have one class: `Wrapper<i32>` and `Wrapper<String>` are both
/// dumped as `app.Wrapper`. That suffices where the type is known when it is loaded. Where Python, or
/// a trait object, has to tell them apart, each gets a name:
///
/// ```
/// use pickle_core::{Reduce, dumps, loads, object, register};
///
/// #[object]
/// trait Area: Reduce {
///     fn area(&self) -> f64;
/// }
///
/// #[derive(Reduce)]
/// #[reduce(module = "app")]
/// struct Square<T> {
///     side: T,
/// }
///
/// impl<T: Reduce + Copy + Into<f64>> Area for Square<T> {
///     fn area(&self) -> f64 {
///         self.side.into() * self.side.into()
///     }
/// }
///
/// register! {
///     Square<i32> as "app.IntSquare": dyn Area;
///     Square<f64> as "app.FloatSquare": dyn Area, alias = "app.old.Square";
/// }
///
/// let shapes: [Box<dyn Area>; 2] = [Box::new(Square { side: 3 }), Box::new(Square { side: 0.5 })];
/// let loaded: [Box<dyn Area>; 2] = loads(&dumps(&shapes)?)?; // app.IntSquare, app.FloatSquare
/// assert_eq!((loaded[0].area(), loaded[1].area()), (9.0, 0.25));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # What is written
///
/// | | |
/// |---|---|
/// | `Type<Arguments> as "module.Name"` | the instance, and the name of its class; `"module:Outer.Name"` for one that is nested |
/// | `: dyn Trait` | an `#[object]` trait whose trait objects it is loaded as: `dyn Trait`, and those with `Send` and `Sync` for which it is fit. `dyn Trait + Send` demands that it is. Several with commas between |
/// | `, alias = "old.module.Name"` | another name that is read, never written; repeatable |
/// | `, extension = 240` | the code that `copyreg.add_extension` gave the class |
///
/// Between instances stands a comma or semicolon. The call stands wherever an item can, in any crate
/// that knows the type: the type may be that of another crate. The derive takes the same as an
/// attribute: `#[reduce(register(Wrapper<i32> as "app.IntWrapper"))]`. An `impl Trait for Wrapper<i32>`
/// of one instance can be marked [`#[object]`](macro@crate::object) instead of naming the trait here.
///
/// # What it means
///
/// The instance is dumped by its own name, and read by that, by its aliases, and by the generic type's
/// name and aliases. The variants of an enum with data are nested in the instance's name, as
/// `IntShape.Circle`. Lifetimes make no instances: `Wrapper<&'static str>` stands for each
/// `Wrapper<&str>`.
///
/// A trait object is made of an instance by its own names only. To load pickles in which one instance
/// has the generic type's name, since they were written before it was registered, that name can be an
/// alias of this one instance.
///
/// As all registrations, two of one type or of one name are no error before one is looked up; a type
/// is looked up when it is dumped or loaded. [`registry::check`](crate::registry::check) finds all
/// such conflicts, for a test.
#[macro_export]
macro_rules! register {
    ($($instances:tt)*) => {
        $crate::__private::register! { $crate; $($instances)* }
    };
}
