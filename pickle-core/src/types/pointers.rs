//! Pointers: owned ones, shared ones, which keep their identity, and weak ones.

use std::any::{Any, type_name};
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;
use std::{rc, sync};

use crate::construct::{Construct, Decoder, Pointee};
use crate::encode::Pickler;
use crate::error::{Error, ErrorKind, Result};
use crate::reduce::Reduce;

/// Writes, for each pointer that nobody shares,
///
/// ```text
/// impl<T: Reduce + ?Sized> Reduce for Box<T> {
///     fn reduce(&self, p) { (**self).reduce(p) }
///     fn as_any(&self) { (**self).as_any() }
/// }
/// ```
macro_rules! see_through {
    ($([$($generics:tt)*] $pointer:ty;)+) => {
        $(
            impl<$($generics)*> Reduce for $pointer {
                #[inline]
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    (**self).reduce(p)
                }

                fn as_any(&self) -> Option<&dyn Any> {
                    (**self).as_any()
                }
            }
        )+
    };
}

see_through! {
    [T: Reduce + ?Sized] &T;
    [T: Reduce + ?Sized] &mut T;
    [T: Reduce + ?Sized] Box<T>;
    [B: Reduce + ToOwned + ?Sized] Cow<'_, B>;
}

impl<'g, T: Pointee<'g> + ?Sized> Construct<'g> for Box<T> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        T::construct_box(d)
    }
}
crate::pointee!([T: Pointee<'g> + ?Sized] Box<T>);

/// Always owned: only text and bytes can be borrowed.
impl<'g, T: Construct<'g> + Clone> Construct<'g> for Cow<'_, T> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.value().map(Cow::Owned)
    }
}
crate::pointee!(['a, T: Construct<'g> + Clone] Cow<'a, T>);

/// Writes, for each shared pointer and its weak one,
///
/// ```text
/// impl<T: Reduce + ?Sized + 'static> Reduce for Rc<T> {
///     fn reduce(&self, p) { p.pointer(Rc::as_ptr(self).cast(), self, &**self) }
/// }
/// impl<'g, T: Pointee<'g> + ?Sized + 'static> Construct<'g> for Rc<T> {
///     fn construct(d) { T::construct_rc(d) }
/// }
/// pointee!([T: Pointee<'g> + ?Sized + 'static] Rc<T>);
/// ```
///
/// and the same for `rc::Weak<T>`: what it points to, or None.
macro_rules! shared {
    ($($pointer:ident $weak:ty, $construct:ident $dead:ident;)+) => {
        $(
            impl<T: Reduce + ?Sized + 'static> Reduce for $pointer<T> {
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    p.pointer($pointer::as_ptr(self).cast(), self, &**self)
                }
            }

            impl<'g, T: Pointee<'g> + ?Sized + 'static> Construct<'g> for $pointer<T> {
                const PURE: bool = true;

                fn construct(d: &mut Decoder<'g>) -> Result<Self> {
                    d.pointer_or(T::$construct)
                }
            }
            crate::pointee!([T: Pointee<'g> + ?Sized + 'static] $pointer<T>);

            /// Its target, or None if that is gone.
            impl<T: Reduce + ?Sized + 'static> Reduce for $weak {
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    match self.upgrade() {
                        Some(pointer) => p.weakly($pointer::as_ptr(&pointer).cast(), &pointer),
                        None => p.none(),
                    }
                }
            }

            /// The load holds the target until it ends. If nothing else does then, the target is
            /// gone. A target that is itself written as None reads as gone.
            impl<'g, T: Pointee<'g> + ?Sized + 'static> Construct<'g> for $weak {
                const PURE: bool = true;

                fn construct(d: &mut Decoder<'g>) -> Result<Self> {
                    if d.take_none() {
                        return T::dead().$dead.ok_or_else(|| no_dead::<Self>(d));
                    }
                    d.at_target($pointer::construct)
                        .map(|pointer| $pointer::downgrade(&pointer))
                }
            }
            crate::pointee!([T: Pointee<'g> + ?Sized + 'static] $weak);
        )+
    };
}

shared! {
    Rc rc::Weak<T>, construct_rc rc;
    Arc sync::Weak<T>, construct_arc arc;
}

#[cold]
fn no_dead<W>(d: &Decoder<'_>) -> Error {
    d.error(ErrorKind::Custom(format!(
        "None cannot be made a `{0}`: use `Option<{0}>`",
        type_name::<W>(),
    )))
}
