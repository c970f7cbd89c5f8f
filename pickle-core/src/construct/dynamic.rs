//! Trait objects: the class in the pickle decides which Rust type is constructed.

use std::any::{Any, TypeId, type_name};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock, Mutex, RwLock};

use pickle_registry::{LookupError, QualName};

use super::Decoder;
use super::weak::DeadPointers;
use crate::class::{LinkedCast, Target, registry};
use crate::error::{ErrorKind, Result};
use crate::graph::View;
use crate::instance;

/// How to construct one class behind each pointer to the trait object `O`.
///
/// `#[object]` on an impl makes these: each function constructs the concrete pointer, so that
/// `Rc<Circle>` and `Rc<dyn Shape>` of one object are one allocation, and then casts it.
pub struct Casts<O: ?Sized> {
    /// `Box<O>`.
    pub boxed: for<'g> fn(&mut Decoder<'g>) -> Result<Box<O>>,
    /// `Rc<O>`.
    pub rc: for<'g> fn(&mut Decoder<'g>) -> Result<Rc<O>>,
    /// `Arc<O>`.
    pub arc: for<'g> fn(&mut Decoder<'g>) -> Result<Arc<O>>,
    /// `Rc<RefCell<O>>`.
    pub rc_cell: for<'g> fn(&mut Decoder<'g>) -> Result<Rc<RefCell<O>>>,
    /// `Arc<Mutex<O>>`.
    pub arc_mutex: for<'g> fn(&mut Decoder<'g>) -> Result<Arc<Mutex<O>>>,
    /// `Arc<RwLock<O>>`.
    pub arc_rwlock: for<'g> fn(&mut Decoder<'g>) -> Result<Arc<RwLock<O>>>,
    /// Whether a pointer is one to the class.
    pub is_behind: fn(&dyn Any) -> bool,
    /// Weak pointers without a target.
    pub dead: fn() -> DeadPointers<O>,
}

impl<O: ?Sized> std::fmt::Debug for Casts<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Casts").finish_non_exhaustive()
    }
}

/// Makes trait objects of a trait [`Pointee`](crate::Pointee)s: what `#[object]` on a trait
/// expands to.
///
/// ```text
/// impl<'g> Pointee<'g> for dyn Shape + Send {
///     fn construct_rc(d: &mut Decoder<'g>) -> Result<Rc<Self>> {
///         construct_shared_dyn(d, |casts: &Casts<Self>, d| (casts.rc)(d))
///     }
///     ...
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __object_pointee {
    ($($object:ty;)+) => {
        $($crate::__object_pointee! { @
            $object =>
            construct_box boxed by construct_dyn [::std::boxed::Box<Self>],
            construct_rc rc by construct_shared_dyn [::std::rc::Rc<Self>],
            construct_arc arc by construct_shared_dyn [::std::sync::Arc<Self>],
            construct_rc_cell rc_cell by construct_shared_dyn [::std::rc::Rc<::std::cell::RefCell<Self>>],
            construct_arc_mutex arc_mutex by construct_shared_dyn [::std::sync::Arc<::std::sync::Mutex<Self>>],
            construct_arc_rwlock arc_rwlock by construct_shared_dyn [::std::sync::Arc<::std::sync::RwLock<Self>>],
        })+
    };
    (@ $object:ty => $($method:ident $cast:ident by $construct:ident [$pointer:ty],)+) => {
        #[automatically_derived]
        impl<'g> $crate::__private::Pointee<'g> for $object {
            $(
                fn $method(
                    __d: &mut $crate::__private::Decoder<'g>,
                ) -> $crate::__private::Result<$pointer> {
                    $crate::__private::$construct(
                        __d,
                        |__casts: &$crate::__private::Casts<Self>, __d| (__casts.$cast)(__d),
                    )
                }
            )+

            fn dead() -> $crate::__private::DeadPointers<Self> {
                $crate::__private::dead_dyn()
            }
        }
    };
}

/// Registers the casts from a class to the trait objects of a trait: what `#[object]` on an impl
/// expands to.
///
/// A class that is not `Send` has no cast to `dyn Shape + Send`, and no macro can know whether it
/// is. So each cast is looked up by a method call, `(&Probe::<Circle>).casts()`: a method of
/// `Casting` if the class satisfies its bounds, and else, one reference later, of `NotCasting`,
/// which answers none.
///
/// ```text
/// impl<T: Shape + Send + for<'g> Construct<'g> + 'static> Casting for Probe<T> {
///     fn casts(&self) -> Option<&'static (dyn Any + Send + Sync)> {
///         Some(const { &Casts::<dyn Shape + Send> { rc: |d| Ok(T::construct_rc(d)?), ... } })
///     }
/// }
/// impl<T> NotCasting for &Probe<T> {}
///
/// inventory::submit! {
///     LinkedCast { class: TypeId::of::<Circle>, object: TypeId::of::<dyn Shape + Send>,
///                  casts: || (&Probe::<Circle>).casts() }
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __link_casts {
    ($class:ty => $($trait:path [$($auto:ident)*],)+) => {
        $($crate::__link_casts! { @
            $class => [$trait] [$trait $(+ ::core::marker::$auto)*]
            boxed construct_box, rc construct_rc, arc construct_arc,
            rc_cell construct_rc_cell, arc_mutex construct_arc_mutex,
            arc_rwlock construct_arc_rwlock,
        })+
    };
    (@ $class:ty => [$trait:path] [$($object:tt)+] $($cast:ident $method:ident,)+) => {
        const _: () = {
            struct __PickleProbe<T>(::core::marker::PhantomData<T>);

            trait __PickleCasting {
                fn casts(&self) -> $crate::__private::AnyCasts;
            }

            impl<T> __PickleCasting for __PickleProbe<T>
            where
                T: $($object)+ + for<'g> $crate::__private::Construct<'g> + 'static,
            {
                fn casts(&self) -> $crate::__private::AnyCasts {
                    ::core::option::Option::Some(const {
                        &$crate::__private::Casts::<dyn $($object)+> {
                            $($cast: |__d| {
                                let __pointer =
                                    <T as $crate::__private::Pointee<'_>>::$method(__d)?;
                                ::core::result::Result::Ok(__pointer)
                            },)+
                            is_behind: |__pointer| {
                                use ::std::{cell::RefCell, rc::Rc, sync};
                                use sync::{Arc, Mutex, RwLock};
                                __pointer.is::<Rc<T>>()
                                    || __pointer.is::<Arc<T>>()
                                    || __pointer.is::<Rc<RefCell<T>>>()
                                    || __pointer.is::<Arc<Mutex<T>>>()
                                    || __pointer.is::<Arc<RwLock<T>>>()
                            },
                            dead: || {
                                use ::core::option::Option::Some;
                                use ::std::{cell, rc, sync};
                                $crate::__private::DeadPointers {
                                    rc: Some(rc::Weak::<T>::new()),
                                    arc: Some(sync::Weak::<T>::new()),
                                    rc_cell: Some(rc::Weak::<cell::RefCell<T>>::new()),
                                    arc_mutex: Some(sync::Weak::<sync::Mutex<T>>::new()),
                                    arc_rwlock: Some(sync::Weak::<sync::RwLock<T>>::new()),
                                    ..$crate::__private::DeadPointers::none()
                                }
                            },
                        }
                    })
                }
            }

            impl<T> $crate::__private::NotCasting for &__PickleProbe<T> {}

            $crate::__private::inventory::submit! {
                $crate::__private::LinkedCast {
                    class: ::core::any::TypeId::of::<$class>,
                    object: ::core::any::TypeId::of::<dyn $($object)+>,
                    casts: || {
                        #[allow(unused_imports, reason = "a method of `Casting` comes first")]
                        use $crate::__private::NotCasting as _;
                        (&__PickleProbe::<$class>(::core::marker::PhantomData)).casts()
                    },
                }
            }
        };
    };
}

/// A [`Casts`] of any trait object, or none.
pub type AnyCasts = Option<&'static (dyn Any + Send + Sync)>;

/// The answer for a class that has no casts.
pub trait NotCasting {
    /// None.
    fn casts(&self) -> AnyCasts {
        None
    }
}

type CastTable = HashMap<(TypeId, TypeId), &'static (dyn Any + Send + Sync)>;

/// The casts by class and trait object.
static CASTS: LazyLock<CastTable> = LazyLock::new(|| {
    let linked = inventory::iter::<LinkedCast>();
    linked
        .filter_map(|c| Some((((c.class)(), (c.object)()), (c.casts)()?)))
        .collect()
});

fn casts<O: ?Sized + 'static>(class: TypeId) -> Option<&'static Casts<O>> {
    let casts = CASTS.get(&(class, TypeId::of::<O>()))?;
    let casts = casts.downcast_ref();
    Some(casts.expect("the key has the trait object's type"))
}

/// Constructs a shared pointer to the trait object that the decoder stands at, by the cast that
/// `pick` chooses.
///
/// # Errors
///
/// As [`construct_dyn`].
pub fn construct_shared_dyn<'g, O: ?Sized + 'static, P: Clone + 'static>(
    d: &mut Decoder<'g>,
    pick: impl FnOnce(&Casts<O>, &mut Decoder<'g>) -> Result<P>,
) -> Result<P> {
    match d.resolve_shared()? {
        Some(pointer) => Ok(pointer),
        None => construct_dyn(d, pick),
    }
}

/// Constructs the trait object that the decoder stands at, by the cast that `pick` chooses.
///
/// # Errors
///
/// If the object is not an instance, its class, or the function that was called, is not registered,
/// or its type is not registered as `O`; if it is a persistent id that nothing is made of which is
/// registered as `O`; and as the class's own construction.
pub fn construct_dyn<'g, O: ?Sized + 'static, P: 'static>(
    d: &mut Decoder<'g>,
    pick: impl FnOnce(&Casts<O>, &mut Decoder<'g>) -> Result<P>,
) -> Result<P> {
    if d.is_straight() {
        return match casts_in_stream(d) {
            Some(casts) => pick(casts, d),
            None => Err(d.give_up()),
        };
    }
    if let Some(pointers) = d.pointers() {
        let casts = CASTS.iter().filter(|((_, o), _)| *o == TypeId::of::<O>());
        let behind = casts
            .filter_map(|(_, casts)| casts.downcast_ref::<Casts<O>>())
            .find(|casts| pointers.iter().any(|p| (casts.is_behind)(&**p)));
        if let Some(casts) = behind {
            return pick(casts, d);
        }
    }
    let class = match d.here().view() {
        View::Object(object) => object.class().into_owned(),
        View::Global(name) if is_function(&name) => name.into_owned(),
        // A member of a Python enum, by name: its class is what comes before the last dot.
        View::Global(name) if name.qualname().contains('.') => {
            let (class, _) = name.qualname().rsplit_once('.').expect("it contains a dot");
            QualName::owned(name.module(), class)
        }
        View::Persistent(_) => return resolve_dyn(d, pick),
        _ => return Err(d.wrong_type(format!("an instance for `{}`", type_name::<O>()))),
    };
    let entry = match registry().by_name(&class) {
        Ok(entry) => entry,
        Err(error) => return Err(d.error(not_found::<O>(class, error))),
    };
    let rust_type = match entry.payload() {
        Target::Class { .. } => entry.rust_type(),
        Target::Function(function) => match function.constructor {
            Some(constructor) => constructor.output(),
            None => return Err(d.error(ErrorKind::NoConstructor { class })),
        },
    };
    match casts(rust_type.id()) {
        Some(casts) => pick(casts, d),
        None => Err(d.error(ErrorKind::NotOfTrait {
            class,
            object: type_name::<O>(),
        })),
    }
}

/// The casts of the class that is next in the stream.
#[inline]
fn casts_in_stream<O: ?Sized + 'static>(d: &mut Decoder<'_>) -> Option<&'static Casts<O>> {
    let class = d.stream.dynamic_class()?;
    let casts = match d.stream.casts(class) {
        Some((object, casts)) if object == TypeId::of::<O>() => casts,
        _ => find_casts_in_stream::<O>(d, class)?,
    };
    casts.downcast_ref()
}

/// The same by name.
#[cold]
fn find_casts_in_stream<O: ?Sized + 'static>(
    d: &mut Decoder<'_>,
    class: usize,
) -> Option<&'static (dyn Any + Send + Sync)> {
    let object = TypeId::of::<O>();
    let name = d.stream.class_name(class)?;
    let entry = registry().by_name(&name).ok()?;
    let Target::Class { .. } = entry.payload() else {
        return None;
    };
    let casts = *CASTS.get(&(entry.rust_type().id(), object))?;
    d.stream.set_casts(class, object, casts);
    Some(casts)
}

fn is_function(name: &QualName<'_>) -> bool {
    let found = registry().find_name(name).ok().flatten();
    found.is_some_and(|entry| matches!(entry.payload(), Target::Function(_)))
}

/// Why no type is made of `class`: nobody has the name, or each instance of a generic type has it.
#[cold]
fn not_found<O: ?Sized>(class: QualName<'static>, error: LookupError) -> ErrorKind {
    match instance::generic(&class) {
        Some(generic) if matches!(error, LookupError::Unknown { .. }) => ErrorKind::GenericClass {
            class,
            generic: generic.rust,
            declared: generic.declared,
            object: type_name::<O>(),
        },
        _ => ErrorKind::Lookup(error),
    }
}

/// The same for a persistent id: what is made of it is `P` itself, or of a class that is
/// registered as `O`.
#[cold]
fn resolve_dyn<'g, O: ?Sized + 'static, P: 'static>(
    d: &mut Decoder<'g>,
    pick: impl FnOnce(&Casts<O>, &mut Decoder<'g>) -> Result<P>,
) -> Result<P> {
    if let Some(pointer) = d.resolve()? {
        return Ok(pointer);
    }
    let types = d.resolvers().types();
    let mut found = types.filter_map(|(class, name)| Some((casts::<O>(class)?, name)));
    match (found.next(), found.next()) {
        (Some((casts, _)), None) => {
            drop(found);
            pick(casts, d)
        }
        (Some((_, one)), Some((_, other))) => Err(d.error(ErrorKind::AmbiguousPersistentLoad {
            object: type_name::<O>(),
            one,
            other,
        })),
        (None, _) => Err(d.unresolved::<O>()),
    }
}

/// Weak pointers to `O` without a target: those of any class that is registered as `O`, cast.
#[must_use]
pub fn dead_dyn<O: ?Sized + 'static>() -> DeadPointers<O> {
    static ANY: LazyLock<HashMap<TypeId, &'static (dyn Any + Send + Sync)>> = LazyLock::new(|| {
        let linked = inventory::iter::<LinkedCast>();
        linked
            .filter_map(|c| Some(((c.object)(), (c.casts)()?)))
            .collect()
    });
    let casts = ANY.get(&TypeId::of::<O>());
    match casts.and_then(|casts| casts.downcast_ref::<Casts<O>>()) {
        Some(casts) => (casts.dead)(),
        None => DeadPointers::none(),
    }
}
