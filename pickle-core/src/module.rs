//! What `#[derive(Reduce)]` calls a type's module when no attribute says: the name that
//! [`module!`](crate::module) set, else the Rust module's path with dots.
//!
//! The derive cannot see whether a file calls [`module!`](crate::module), but the method call that
//! it expands to can: `ModuleProbe.__pickle_module()` is a method of the trait that `module!`
//! declares if that is in scope, and else, one dereference later, of [`DefaultModule`]. The call is
//! never run. It stands in a closure, whose return type carries the name into a constant.

use std::ops::Deref;

/// Sets the module of the types and functions in this file whose attribute names none.
///
/// ```
/// use pickle_core::Reduce;
///
/// pickle_core::module!("app.models");
///
/// #[derive(Reduce)] // app.models.User
/// struct User {
///     name: String,
/// }
/// # fn main() {}
/// ```
///
/// It holds for the Rust module that it stands in and the functions there. Modules within that
/// one have names of their own, unless they import everything from it with `use super::*`.
#[macro_export]
macro_rules! module {
    ($name:literal) => {
        #[allow(dead_code, reason = "perhaps nothing is derived here")]
        #[doc(hidden)]
        struct __PickleModuleName;

        impl $crate::__private::ModuleName for __PickleModuleName {
            const NAME: ::core::option::Option<&'static ::core::primitive::str> =
                ::core::option::Option::Some($name);
        }

        #[allow(dead_code, reason = "perhaps nothing is derived here")]
        #[doc(hidden)]
        trait __PickleModule {
            fn __pickle_module(&self) -> __PickleModuleName;
        }

        impl __PickleModule for $crate::__private::ModuleProbe {
            fn __pickle_module(&self) -> __PickleModuleName {
                __PickleModuleName
            }
        }
    };
}

/// The module's name, as a constant expression.
#[doc(hidden)]
#[macro_export]
macro_rules! __module {
    () => {
        match $crate::__private::module_name(&|| $crate::__private::ModuleProbe.__pickle_module()) {
            ::core::option::Option::Some(__name) => __name,
            ::core::option::Option::None => {
                const __PATH: &::core::primitive::str = ::core::module_path!();
                const __DOTTED: [::core::primitive::u8; $crate::__private::dotted_len(__PATH)] =
                    $crate::__private::dotted(__PATH);
                match ::core::str::from_utf8(&__DOTTED) {
                    ::core::result::Result::Ok(__name) => __name,
                    ::core::result::Result::Err(_) => ::core::unreachable!(),
                }
            }
        }
    };
}

/// The type that a [`module!`](crate::module) puts its method on.
#[derive(Debug)]
pub struct ModuleProbe;

/// The type that has this method in the absence of a [`module!`](crate::module).
#[derive(Debug)]
pub struct DefaultModule;

impl Deref for ModuleProbe {
    type Target = DefaultModule;

    fn deref(&self) -> &DefaultModule {
        &DefaultModule
    }
}

impl DefaultModule {
    /// Tells by its type that no name was set.
    #[must_use]
    pub fn __pickle_module(&self) -> DefaultModule {
        DefaultModule
    }
}

/// The name that a type stands for, if it stands for one.
pub trait ModuleName {
    /// The name.
    const NAME: Option<&'static str>;
}

impl ModuleName for DefaultModule {
    const NAME: Option<&'static str> = None;
}

/// The name that the type returned by `probe` stands for.
pub const fn module_name<M: ModuleName, F: Fn() -> M>(probe: &F) -> Option<&'static str> {
    let _ = probe;
    M::NAME
}

/// The length of a Rust path once it is written with dots.
#[must_use]
pub const fn dotted_len(path: &str) -> usize {
    let path = path.as_bytes();
    let (mut from, mut len) = (0, 0);
    while from < path.len() {
        from += step(path, from);
        len += 1;
    }
    len
}

/// A Rust path with dots: `app::models` as `app.models`.
#[must_use]
pub const fn dotted<const LEN: usize>(path: &str) -> [u8; LEN] {
    let path = path.as_bytes();
    let mut dotted = [0; LEN];
    let (mut from, mut to) = (0, 0);
    while from < path.len() {
        let byte = path[from];
        dotted[to] = if byte == b':' { b'.' } else { byte };
        from += step(path, from);
        to += 1;
    }
    dotted
}

/// How many bytes of the path stand for one of the dotted name.
const fn step(path: &[u8], at: usize) -> usize {
    if path[at] == b':' { 2 } else { 1 }
}
