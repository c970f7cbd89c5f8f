//! `Function`: a registered function as a value, which is a name in the pickle.

use std::any::{Any, type_name};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use pickle_registry::{QualName, RustType};

use crate::class::{self, LinkedFunction};
use crate::construct::{Construct, Decoder, function_of};
use crate::encode::Pickler;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::View;
use crate::reduce::Reduce;
use crate::wire::{Named, Wire};

/// A registered function as a value. Python pickles functions by name, and so is this.
///
/// `F` is the function's pointer type, as `fn(i32) -> i32`. The value is called as that is:
///
/// ```
/// use pickle_core::{Function, dumps, loads};
///
/// #[pickle_core::function(module = "app")]
/// fn double(x: i32) -> i32 {
///     2 * x
/// }
///
/// let function = Function::<fn(i32) -> i32>::new(double)?;
/// let pickle = dumps(&function)?;
/// assert!(pickle.ends_with(b"\x8c\x03app\x94\x8c\x06double\x93\x94."));
///
/// let loaded: Function<fn(i32) -> i32> = loads(&pickle)?;
/// assert_eq!(loaded(21), 42);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// Functions are registered by [`#[function]`](macro@crate::function),
/// [`#[constructor]`](macro@crate::constructor) and
/// [`#[state_setter]`](macro@crate::state_setter), each with the pointer type that its signature
/// reads as. What [`copyreg::constructor`](crate::copyreg::constructor) registers can be called by
/// a pickle, and is no value. A function that is a type's `constructor` is written by that class's
/// name.
///
/// Two are equal if their names are.
#[derive(Clone, Copy)]
pub struct Function<F> {
    name: &'static QualName<'static>,
    pointer: F,
}

impl<F: Copy + 'static> Function<F> {
    /// The function as a value. `function` is its path, and finds its registration.
    ///
    /// # Errors
    ///
    /// If the function is not registered, or its pointer type is not `F`.
    ///
    /// ```
    /// use pickle_core::{ErrorKind, Function};
    ///
    /// fn triple(x: i32) -> i32 {
    ///     3 * x
    /// }
    ///
    /// let error = Function::<fn(i32) -> i32>::new(triple).unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::Lookup(_)));
    /// assert!(error.to_string().contains("::triple is not registered"));
    /// ```
    pub fn new<I: Copy + 'static>(function: I) -> Result<Self> {
        let rust_type = RustType::of_val(&function);
        let name = class::function_name(rust_type)?;
        Self::of(name, class::function(rust_type)?).ok_or_else(|| wrong_signature::<F>(name))
    }

    fn of(name: &'static QualName<'static>, function: Option<LinkedFunction>) -> Option<Self> {
        let pointer: &dyn Any = function?.pointer?;
        let pointer = *pointer.downcast_ref()?;
        Some(Self { name, pointer })
    }
}

impl<F> Function<F> {
    /// The name that it is dumped by.
    #[must_use]
    pub fn name(&self) -> &'static QualName<'static> {
        self.name
    }
}

#[cold]
fn wrong_signature<F>(name: &QualName<'_>) -> Error {
    let function = name.clone().into_owned();
    let expected = type_name::<F>();
    ErrorKind::WrongSignature { function, expected }.into()
}

impl<F> Deref for Function<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.pointer
    }
}

impl<F> fmt::Debug for Function<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Function({})", self.name)
    }
}

impl<F> PartialEq for Function<F> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<F> Eq for Function<F> {}

impl<F> Hash for Function<F> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<F: 'static> Reduce for Function<F> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.global(self.name)
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl<'g, F: Copy + 'static> Construct<'g> for Function<F> {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let View::Global(name) = d.here().view() else {
            return Err(d.wrong_type(format!("the name of a `{}`", type_name::<F>())));
        };
        let (function, rust_type) = function_of(&name)?;
        match Self::of(class::function_name(rust_type)?, Some(function)) {
            Some(function) => Ok(function),
            None => Err(wrong_signature::<F>(&name)),
        }
    }
}
crate::pointee!([F: Copy + 'static] Function<F>);

impl<F> Wire for Function<F> {
    type Form = Named<F>;
}
