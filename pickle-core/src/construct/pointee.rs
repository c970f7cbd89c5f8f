//! `Pointee`: how a type is constructed behind each pointer.

use std::any::type_name;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use super::late::Through;
use super::weak::DeadPointers;
use super::{Construct, Decoder};
use crate::error::{Error, ErrorKind, Result};

/// Declares a method for each pointer to a cell, with its bounds in brackets:
///
/// ```text
/// #[doc(hidden)]
/// fn construct_rc_cell(d: &mut Decoder<'g>) -> Result<Rc<RefCell<Self>>>
/// where
///     Self: 'static,
/// { an error }
/// ```
///
/// Trait objects have the first three, a cell in a cell has none.
macro_rules! in_cells {
    ($($method:ident [$pointer:ty] [$($bound:tt)*],)+) => {
        $(
            #[doc(hidden)]
            fn $method(d: &mut Decoder<'g>) -> Result<$pointer> $($bound)* {
                Err(d.error(ErrorKind::Custom(format!(
                    "a `{}` cannot be constructed",
                    type_name::<$pointer>(),
                ))))
            }
        )+
    };
}

/// A type that can be constructed behind a pointer: every [`Construct`] type, and trait objects,
/// which only can be constructed there.
///
/// Nobody implements this by hand: the derive does, [`pointee!`](crate::pointee) does beside a
/// [`Construct`] by hand, and [`#[object]`](crate::object) does for trait objects.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be constructed behind a pointer",
    label = "`Pointee` is not implemented for `{Self}`",
    note = "a struct or enum of yours needs `#[derive(pickle_core::Reduce)]`, without `dump_only`",
    note = "a trait needs `#[pickle_core::object]` for its trait objects",
    note = "an `impl Construct` by hand needs a `pickle_core::pointee!` beside it"
)]
pub trait Pointee<'g> {
    /// Constructs a `Box`.
    ///
    /// # Errors
    ///
    /// As [`Construct::construct`]; so do the others.
    fn construct_box(d: &mut Decoder<'g>) -> Result<Box<Self>>;

    /// Constructs an `Rc`, or finds the one that the same object has been made before.
    ///
    /// # Errors
    ///
    /// As [`Construct::construct`].
    fn construct_rc(d: &mut Decoder<'g>) -> Result<Rc<Self>>
    where
        Self: 'static;

    /// Constructs an `Arc`, or finds the one that the same object has been made before.
    ///
    /// # Errors
    ///
    /// As [`Construct::construct`].
    fn construct_arc(d: &mut Decoder<'g>) -> Result<Arc<Self>>
    where
        Self: 'static;

    in_cells! {
        construct_rc_cell [Rc<RefCell<Self>>] [where Self: 'static],
        construct_arc_mutex [Arc<Mutex<Self>>] [where Self: 'static],
        construct_arc_rwlock [Arc<RwLock<Self>>] [where Self: 'static],
        construct_box_cell [Box<RefCell<Self>>] [],
        construct_box_mutex [Box<Mutex<Self>>] [],
        construct_box_rwlock [Box<RwLock<Self>>] [],
        construct_arc_cell [Arc<RefCell<Self>>] [where Self: 'static],
        construct_rc_mutex [Rc<Mutex<Self>>] [where Self: 'static],
        construct_rc_rwlock [Rc<RwLock<Self>>] [where Self: 'static],
    }

    /// Weak pointers without a target.
    #[doc(hidden)]
    fn dead() -> DeadPointers<Self> {
        DeadPointers::none()
    }
}

/// Implements [`Pointee`](crate::Pointee) for types whose [`Construct`](crate::Construct) is
/// written by hand. Generic parameters stand in brackets before the type:
/// `pointee!([T: Construct<'g>] Wrapper<T>)`, where `'g` is the decoder's lifetime; a `where` may
/// follow it: `pointee!(['a] Name<'a> where 'g: 'a)`.
#[macro_export]
macro_rules! pointee {
    ([$($generics:tt)*] $type:ty $(where $($bounds:tt)+)?) => {
        impl<'g, $($generics)*> $crate::Pointee<'g> for $type $(where $($bounds)+)? {
            $crate::__pointee_methods!('g);
        }
    };
    ($type:ty) => { $crate::pointee!([] $type); };
}

/// The methods of a [`Pointee`] that is a [`Construct`].
#[doc(hidden)]
#[macro_export]
macro_rules! __pointee_methods {
    ($g:lifetime) => {
        $crate::__pointee_methods! { $g
            construct_box [::std::boxed::Box<Self>] [],
            construct_rc [::std::rc::Rc<Self>] [where Self: 'static],
            construct_arc [::std::sync::Arc<Self>] [where Self: 'static],
            construct_rc_cell
                [::std::rc::Rc<::std::cell::RefCell<Self>>] [where Self: 'static],
            construct_rc_mutex
                [::std::rc::Rc<::std::sync::Mutex<Self>>] [where Self: 'static],
            construct_rc_rwlock
                [::std::rc::Rc<::std::sync::RwLock<Self>>] [where Self: 'static],
            construct_arc_cell
                [::std::sync::Arc<::std::cell::RefCell<Self>>] [where Self: 'static],
            construct_arc_mutex
                [::std::sync::Arc<::std::sync::Mutex<Self>>] [where Self: 'static],
            construct_arc_rwlock
                [::std::sync::Arc<::std::sync::RwLock<Self>>] [where Self: 'static],
            construct_box_cell
                [::std::boxed::Box<::std::cell::RefCell<Self>>] [],
            construct_box_mutex
                [::std::boxed::Box<::std::sync::Mutex<Self>>] [],
            construct_box_rwlock
                [::std::boxed::Box<::std::sync::RwLock<Self>>] [],
        }
    };
    ($g:lifetime $($method:ident [$pointer:ty] [$($bound:tt)*],)+) => {
        $(
            // Else all of them would be compiled for every type.
            #[inline]
            fn $method(
                __d: &mut $crate::Decoder<$g>,
            ) -> $crate::Result<$pointer> $($bound)* {
                $crate::__private::$method::<Self>(__d)
            }
        )+

        fn dead() -> $crate::__private::DeadPointers<Self> {
            $crate::__private::DeadPointers::new()
        }
    };
}

/// Constructs a `Box` of a type that can be constructed by itself.
pub fn construct_box<'g, T: Construct<'g>>(d: &mut Decoder<'g>) -> Result<Box<T>> {
    d.nested(Decoder::value).map(Box::new)
}

/// Constructs an `Rc`; late fields that are cells are filled later.
pub fn construct_rc<'g, T: Construct<'g> + 'static>(d: &mut Decoder<'g>) -> Result<Rc<T>> {
    d.shared::<T, _>(Through::Ref, Rc::new, |rc, field, d| {
        let put = T::fill_ref(field, d)?;
        let rc = Rc::clone(rc);
        Ok(Box::new(move || put(&rc)))
    })
}

/// Constructs an `Arc`; late fields that are cells are filled later.
pub fn construct_arc<'g, T: Construct<'g> + 'static>(d: &mut Decoder<'g>) -> Result<Arc<T>> {
    d.shared::<T, _>(Through::Ref, Arc::new, |arc, field, d| {
        let put = T::fill_ref(field, d)?;
        let arc = Arc::clone(arc);
        Ok(Box::new(move || put(&arc)))
    })
}

/// Constructs an `Rc` of what has no size, such as `Rc<str>`, from a `T` without late fields.
pub(crate) fn construct_rc_from<'g, T, U>(d: &mut Decoder<'g>) -> Result<Rc<U>>
where
    T: Construct<'g>,
    U: ?Sized + 'static,
    Rc<U>: From<T>,
{
    d.shared::<T, _>(Through::Ref, <Rc<U> as From<T>>::from, |_, _, _| {
        Err(Error::from(ErrorKind::Cycle))
    })
}

/// Constructs an `Arc` of what has no size, such as `Arc<str>`, from a `T` without late fields.
pub(crate) fn construct_arc_from<'g, T, U>(d: &mut Decoder<'g>) -> Result<Arc<U>>
where
    T: Construct<'g>,
    U: ?Sized + 'static,
    Arc<U>: From<T>,
{
    d.shared::<T, _>(Through::Ref, <Arc<U> as From<T>>::from, |_, _, _| {
        Err(Error::from(ErrorKind::Cycle))
    })
}

/// Writes the function for each pointer to a cell, as
///
/// ```text
/// pub fn construct_rc_cell<'g, T: Construct<'g> + 'static>(d) -> Result<Rc<RefCell<T>>> { ... }
/// ```
///
/// Its late fields are filled through the cell, which the last method opens.
macro_rules! shared_cells {
    ($($function:ident $pointer:ident<$cell:ident<T>> $open:ident;)+) => {
        $(
            /// Constructs a shared cell; late fields are filled later.
            pub fn $function<'g, T: Construct<'g> + 'static>(
                d: &mut Decoder<'g>,
            ) -> Result<$pointer<$cell<T>>> {
                let wrap = |value| $pointer::new($cell::new(value));
                d.shared::<T, _>(Through::Cell, wrap, |pointer, field, d| {
                    let put = T::fill_mut(field, d)?;
                    let pointer = $pointer::clone(pointer);
                    Ok(Box::new(move || {
                        if let Ok(mut value) = pointer.$open() {
                            put(&mut value);
                        }
                    }))
                })
            }
        )+
    };
}

shared_cells! {
    construct_rc_cell Rc<RefCell<T>> try_borrow_mut;
    construct_rc_mutex Rc<Mutex<T>> try_lock;
    construct_rc_rwlock Rc<RwLock<T>> try_write;
    construct_arc_cell Arc<RefCell<T>> try_borrow_mut;
    construct_arc_mutex Arc<Mutex<T>> try_lock;
    construct_arc_rwlock Arc<RwLock<T>> try_write;
}

/// Constructs a `Box<RefCell<_>>`.
pub fn construct_box_cell<'g, T: Construct<'g>>(d: &mut Decoder<'g>) -> Result<Box<RefCell<T>>> {
    d.nested(Decoder::value)
        .map(|value| Box::new(RefCell::new(value)))
}

/// Constructs a `Box<Mutex<_>>`.
pub fn construct_box_mutex<'g, T: Construct<'g>>(d: &mut Decoder<'g>) -> Result<Box<Mutex<T>>> {
    d.nested(Decoder::value)
        .map(|value| Box::new(Mutex::new(value)))
}

/// Constructs a `Box<RwLock<_>>`.
pub fn construct_box_rwlock<'g, T: Construct<'g>>(d: &mut Decoder<'g>) -> Result<Box<RwLock<T>>> {
    d.nested(Decoder::value)
        .map(|value| Box::new(RwLock::new(value)))
}
