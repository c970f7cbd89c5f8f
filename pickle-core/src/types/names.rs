//! Classes and other globals as values: by name.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use pickle_registry::{QualName, RustType};

use crate::class::registry;
use crate::construct::{Construct, Decoder};
use crate::encode::Pickler;
use crate::error::{ErrorKind, Result};
use crate::graph::View;
use crate::reduce::Reduce;
use crate::wire::{Global, Named, Wire};

/// The class that Rust type `T` is in Python, itself: what Python's annotations call `type[T]`.
///
/// ```
/// use pickle_core::{Reduce, TypeOf, dumps, loads};
///
/// #[derive(Reduce)]
/// #[reduce(module = "app")]
/// struct Robot {
///     name: String,
/// }
///
/// let pickle = dumps(&TypeOf::<Robot>::new())?; // pickle.dumps(app.Robot)
/// assert!(pickle.ends_with(b"\x8c\x03app\x94\x8c\x05Robot\x93\x94."));
/// loads::<TypeOf<Robot>>(&pickle)?;
///
/// let error = loads::<TypeOf<Robot>>(b"capp\nGroup\n.").unwrap_err();
/// assert_eq!(error.to_string(), "expected app.Robot, found app.Group (at byte 0)");
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// `T` has to be registered, as all types are that derive and have no parameters. It is read by its
/// name and its aliases, those of an enum's variants among them. For a class that no Rust type
/// stands for, there is [`QualName`].
pub struct TypeOf<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<T: ?Sized> TypeOf<T> {
    /// The class.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: ?Sized + 'static> TypeOf<T> {
    /// The class's name.
    ///
    /// # Errors
    ///
    /// If `T` is not registered, or twice.
    pub fn name() -> Result<&'static QualName<'static>> {
        Ok(registry().by_type(RustType::of::<T>())?.name())
    }
}

impl<T: ?Sized> Clone for TypeOf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for TypeOf<T> {}

impl<T: ?Sized> Default for TypeOf<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized> PartialEq for TypeOf<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T: ?Sized> Eq for TypeOf<T> {}

impl<T: ?Sized> Hash for TypeOf<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl<T: ?Sized> fmt::Debug for TypeOf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TypeOf({})", std::any::type_name::<T>())
    }
}

impl<T: ?Sized + 'static> Reduce for TypeOf<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.global(Self::name()?)
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl<'g, T: ?Sized + 'static> Construct<'g> for TypeOf<T> {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let class = registry().by_type(RustType::of::<T>())?;
        match d.here().view() {
            View::Global(found) if *class.name() == found || class.aliases().contains(&found) => {
                Ok(Self::new())
            }
            View::Global(found) => Err(d.error(ErrorKind::WrongClass {
                expected: class.name().clone(),
                found: found.into_owned(),
            })),
            _ => Err(d.wrong_type(format!("the class {}", class.name()))),
        }
    }
}
crate::pointee!([T: ?Sized + 'static] TypeOf<T>);

impl<T: ?Sized> Wire for TypeOf<T> {
    type Form = Named<T>;
}

/// Any class, function or other global, by name. Whether anything has that name is not asked.
///
/// ```
/// use pickle_core::{QualName, dumps, loads};
///
/// let name: QualName<'static> = loads(b"ccollections\ndeque\n.")?;
/// assert_eq!(name, QualName::new("collections", "deque"));
/// assert_eq!(loads::<QualName>(&dumps(&name)?)?, name);
/// # Ok::<(), pickle_core::Error>(())
/// ```
impl Reduce for QualName<'_> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.global(self)
    }
}

impl<'g> Construct<'g> for QualName<'static> {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        match d.here().view() {
            View::Global(name) => Ok(name.into_owned()),
            _ => Err(d.wrong_type("a class, function or other global")),
        }
    }
}
crate::pointee!(QualName<'static>);

impl Wire for QualName<'_> {
    type Form = Global;
}
