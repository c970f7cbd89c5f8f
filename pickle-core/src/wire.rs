//! Which arguments fit which parameters, as the compiler checks it: [`Reduction::new`] takes only
//! arguments that the function can be loaded with.
//!
//! A type's [`Form`](Wire::Form) is what it looks like in a pickle: `String`, `&str` and
//! `Box<str>` have one, and so have all integers. A parameter takes an argument if its form
//! [`Accepts`] the argument's.
//!
//! [`Reduction::new`]: crate::Reduction::new

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use crate::value::BigInt;
use crate::{ByteArray, FrozenSet, Graph, PickleBuffer, Value};

/// What a type looks like in a pickle, for arguments and parameters of constructors.
///
/// The derive implements it. By hand, for a type whose [`Reduce`](trait@crate::Reduce) and
/// [`Construct`](crate::Construct) are written by hand, it is one line:
///
/// ```
/// use pickle_core::wire::{Float, Wire};
///
/// struct Celsius(f64);
///
/// impl Wire for Celsius {
///     type Form = Float;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can be no argument or parameter of a constructor",
    label = "`Wire` is not implemented for `{Self}`",
    note = "a struct or enum of yours needs `#[derive(pickle_core::Reduce)]`, or `Wire` by hand"
)]
pub trait Wire {
    /// The form: one of those in this module.
    type Form;
}

/// Whether a parameter of this form takes an argument of form `A`.
#[diagnostic::on_unimplemented(
    message = "an argument with the form of `{A}` does not fit a parameter with that of `{Self}`",
    label = "this argument and the constructor's parameter are not pickled alike"
)]
pub trait Accepts<A> {}

macro_rules! forms {
    ($($(#[$doc:meta])+ $form:ident $(<$($parameter:ident),+>)?;)+) => {
        $(
            $(#[$doc])+
            #[derive(Debug)]
            pub struct $form $(<$($parameter: ?Sized),+>($(PhantomData<$parameter>),+))?;
        )+
    };
}

forms! {
    /// None.
    Nothing;
    /// A bool.
    Bool;
    /// An int.
    Int;
    /// A float.
    Float;
    /// A str.
    Str;
    /// None, or a `T`.
    Opt<T>;
    /// A list of `T`, or a bytes object if `T` is an int.
    List<T>;
    /// A set of `T`.
    Set<T>;
    /// A dict.
    Dict<K, V>;
    /// An instance of the class that the Rust type `T` is.
    Instance<T>;
    /// The class or function that the Rust type `T` stands for, itself.
    Named<T>;
    /// Any class or function, itself.
    Global;
    /// Anything.
    Anything;
}

impl Accepts<Nothing> for Nothing {}
impl Accepts<Bool> for Bool {}
impl Accepts<Int> for Int {}
impl Accepts<Float> for Float {}
impl Accepts<Int> for Float {}
impl Accepts<Str> for Str {}
impl<T: Accepts<A>, A> Accepts<Opt<A>> for Opt<T> {}
impl<T: Accepts<A>, A> Accepts<List<A>> for List<T> {}
impl<T: Accepts<A>, A> Accepts<Set<A>> for Set<T> {}
impl<K: Accepts<A>, V: Accepts<B>, A, B> Accepts<Dict<A, B>> for Dict<K, V> {}
impl<T: ?Sized> Accepts<Instance<T>> for Instance<T> {}
impl<T: ?Sized> Accepts<Named<T>> for Named<T> {}
impl<T: ?Sized> Accepts<Named<T>> for Global {}
impl Accepts<Global> for Global {}
impl<A> Accepts<A> for Anything {}

macro_rules! wire {
    ($($form:ty: $([$($generics:tt)*] $type:ty,)+;)+) => {
        $($(
            impl<$($generics)*> Wire for $type {
                type Form = $form;
            }
        )+)+
    };
}

wire! {
    Nothing: [] (), [T: ?Sized] PhantomData<T>,;
    Bool: [] bool,;
    Int: [] i8, [] i16, [] i32, [] i64, [] i128, [] isize,
        [] u8, [] u16, [] u32, [] u64, [] u128, [] usize, [] BigInt,;
    Float: [] f32, [] f64,;
    Str: [] char, [] str, [] String, [] Path, [] PathBuf,;
    List<Int>: [] ByteArray, ['a] PickleBuffer<'a>,;
    Opt<T::Form>: [T: Wire] Option<T>, [T: Wire] OnceCell<T>, [T: Wire] OnceLock<T>,
        [T: Wire + ?Sized] std::rc::Weak<T>, [T: Wire + ?Sized] std::sync::Weak<T>,;
    List<T::Form>: [T: Wire] [T], [T: Wire] Vec<T>, [T: Wire] VecDeque<T>,
        [T: Wire] LinkedList<T>, [T: Wire] BinaryHeap<T>, [T: Wire, const N: usize] [T; N],;
    Set<T::Form>: [T: Wire, S] HashSet<T, S>, [T: Wire] BTreeSet<T>, [T: Wire, S] FrozenSet<T, S>,;
    Dict<K::Form, V::Form>: [K: Wire, V: Wire, S] HashMap<K, V, S>,
        [K: Wire, V: Wire] BTreeMap<K, V>,;
    Anything: [] Value, ['g] Graph<'g>,;
    T::Form: [T: Wire + ?Sized] &T, [T: Wire + ?Sized] &mut T, [T: Wire + ?Sized] Box<T>,
        [T: Wire + ?Sized] Rc<T>, [T: Wire + ?Sized] Arc<T>, [T: Wire] Cell<T>,
        [T: Wire + ?Sized] RefCell<T>, [T: Wire + ?Sized] Mutex<T>, [T: Wire + ?Sized] RwLock<T>,
        [T: Wire + ToOwned + ?Sized] Cow<'_, T>,;
}

macro_rules! tuples {
    ($($($item:ident $argument:ident),+;)+) => {
        $(
            impl<$($item: Wire),+> Wire for ($($item,)+) {
                type Form = ($($item::Form,)+);
            }

            impl<$($item: Accepts<$argument>, $argument),+> Accepts<($($argument,)+)>
                for ($($item,)+)
            {
            }
        )+
    };
}

tuples! {
    T1 A1;
    T1 A1, T2 A2;
    T1 A1, T2 A2, T3 A3;
    T1 A1, T2 A2, T3 A3, T4 A4;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9, T10 A10;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9, T10 A10, T11 A11;
    T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9, T10 A10, T11 A11, T12 A12;
}
