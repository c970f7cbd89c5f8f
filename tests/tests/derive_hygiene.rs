//! The derive in a crate that gives it nothing: no prelude, no name of pickle-core, every lint.

#![allow(clippy::unwrap_used, reason = "tests")]
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(
    missing_docs,
    unused_qualifications,
    unused_lifetimes,
    unreachable_pub,
    missing_debug_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    let_underscore_drop,
    non_ascii_idents,
    clippy::all,
    clippy::pedantic
)]

extern crate pickle_core as renamed;

/// What names would mean if the derive's output took them from here.
mod decoys {
    #![allow(dead_code, reason = "nothing should find them")]

    pub(crate) struct Option;
    pub(crate) struct Result;
    pub(crate) struct Vec;
    pub(crate) struct Some;
    pub(crate) struct Ok;
    pub(crate) mod core {}
    pub(crate) mod std {}
}

mod decoyed {
    #[allow(unused_imports, reason = "nothing should use them")]
    use crate::decoys::{Ok, Option, Result, Some, Vec, core, std};

    #[allow(non_upper_case_globals, dead_code, reason = "named as a variable is")]
    static d: u8 = 0;
    #[allow(non_upper_case_globals, dead_code, reason = "named as a variable is")]
    static p: u8 = 0;

    /// Its fields are called what a macro's variables are called.
    #[derive(::renamed::Reduce, PartialEq, Debug)]
    #[reduce(crate = "::renamed")]
    pub(crate) struct Locals<T = u8> {
        pub(crate) d: T,
        pub(crate) p: u8,
        pub(crate) self_: u8,
        pub(crate) o: u8,
        pub(crate) state: u8,
        pub(crate) object: u8,
        pub(crate) __fields: u8,
        pub(crate) __d: u8,
        pub(crate) __p: u8,
        pub(crate) __f0: u8,
        #[reduce(late)]
        pub(crate) __late: u8,
        #[reduce(kwarg)]
        pub(crate) __rest: u8,
        #[reduce(default)]
        pub(crate) r#type: u8,
    }

    /// Its functions are called what a macro's variables are called.
    mod __d {
        use ::renamed::{Decoder, Pickler, Reduce};

        #[allow(clippy::trivially_copy_pass_by_ref, reason = "as the derive calls it")]
        pub(crate) fn reduce(__p: &u8, p: &mut Pickler<'_>) -> ::renamed::Result<()> {
            __p.reduce(p)
        }

        pub(crate) fn construct(__d: &mut Decoder<'_>) -> ::renamed::Result<u8> {
            __d.int()
        }
    }

    /// A shape with a shape before it.
    #[derive(::renamed::Reduce, PartialEq, Debug)]
    #[reduce(crate = "::renamed", version = 2, migrate = Before<T>)]
    pub(crate) struct Versioned<T> {
        #[reduce(with = __d)]
        pub(crate) __object: u8,
        #[reduce(late, with = __d)]
        pub(crate) __value: u8,
        #[reduce(late)]
        pub(crate) __field: T,
    }

    /// The shape before.
    #[derive(::renamed::Reduce, PartialEq, Debug)]
    #[reduce(crate = "::renamed", name = "Versioned")]
    pub(crate) struct Before<T> {
        pub(crate) __field: T,
        #[reduce(late, default, reduce_with = __d::reduce)]
        pub(crate) __value: u8,
    }

    impl<T> ::core::convert::From<Before<T>> for Versioned<T> {
        fn from(before: Before<T>) -> Self {
            Versioned {
                __object: 7,
                __value: before.__value,
                __field: before.__field,
            }
        }
    }

    /// Its variants are called what the standard library's are.
    #[derive(::renamed::Reduce, PartialEq, Debug)]
    #[reduce(crate = "::renamed", alias = "old:Variants")]
    pub(crate) enum Variants<'g, const N: usize> {
        Some(&'g str),
        None,
        Ok { __value: [u8; N], r#match: u8 },
        Err(#[reduce(skip)] u8),
    }

    /// Its members are called what the standard library's are.
    #[derive(::renamed::Reduce, PartialEq, Debug)]
    #[reduce(crate = "::renamed")]
    pub(crate) enum Members {
        Some,
        None,
        r#Self_,
    }

    /// A generic class, with an instance that has a name.
    #[derive(::renamed::Reduce, PartialEq, Debug)]
    #[reduce(crate = "::renamed", register(Generic<u8> as "decoyed.Byte"))]
    pub(crate) struct Generic<T> {
        pub(crate) __p: T,
    }

    ::renamed::register!(Generic<u16> as "decoyed.Short": dyn Trait, alias = "old.Short");

    impl<T: ::renamed::Reduce> Trait for Generic<T> {
        fn number(&self) -> u8 {
            3
        }
    }

    /// Its parameters are called what a macro's variables are called.
    #[::renamed::constructor(crate = "::renamed", alias = "old:made")]
    pub(crate) fn made(
        #[default(1)] __p: u8,
        __d: &::core::primitive::str,
        __args: ::core::option::Option<u8>,
        #[default] __p0: &[u8],
        (__p1, _): (u8, u8),
    ) -> ::core::result::Result<Locals<u16>, ::std::string::String> {
        if !__d.is_empty() || !__p0.is_empty() || __args.is_some() {
            return ::core::result::Result::Err(::std::string::String::new());
        }
        ::core::result::Result::Ok(Locals {
            d: 0,
            p: 0,
            self_: 0,
            o: 0,
            state: 0,
            object: 0,
            __fields: 0,
            __d: 0,
            __p,
            __f0: __p1,
            __late: 0,
            __rest: 0,
            r#type: 0,
        })
    }

    #[::renamed::constructors(crate = "::renamed")]
    impl Members {
        /// A function.
        #[constructor]
        #[must_use]
        pub(crate) fn first(#[default(Self::Some)] __first: Self) -> Self {
            __first
        }

        /// A method.
        #[renamed::function]
        #[must_use]
        pub(crate) fn second(&self) -> u8 {
            self.number()
        }

        /// Another.
        #[::renamed::state_setter]
        pub(crate) fn third(&mut self, state: &[u8]) {
            *self = if state.is_empty() {
                Self::Some
            } else {
                Self::None
            };
        }
    }

    /// A trait.
    #[::renamed::object(crate = "::renamed")]
    pub(crate) trait Trait {
        /// A method.
        fn number(&self) -> u8;
    }

    #[::renamed::object(crate = "::renamed")]
    impl Trait for Members {
        fn number(&self) -> u8 {
            match self {
                Members::Some => 1,
                _ => 2,
            }
        }
    }
}

use decoyed::{Before, Generic, Locals, Members, Trait, Variants, Versioned, made};

fn locals() -> Locals {
    Locals {
        d: 1,
        p: 2,
        self_: 3,
        o: 4,
        state: 5,
        object: 6,
        __fields: 7,
        __d: 8,
        __p: 9,
        __f0: 10,
        __late: 11,
        __rest: 12,
        r#type: 13,
    }
}

#[::core::prelude::v1::test]
fn no_name_is_taken_from_the_user() {
    let bytes = ::renamed::dumps(&locals()).unwrap();
    ::std::assert_eq!(::renamed::loads::<Locals>(&bytes).unwrap(), locals());
    let variants = (
        Variants::<1>::Some("a"),
        Variants::<1>::None,
        Variants::Ok {
            __value: [1],
            r#match: 2,
        },
        Variants::<1>::Err(0),
        Members::Some,
        Members::None,
        Members::Self_,
    );
    let bytes = ::renamed::dumps(&variants).unwrap();
    ::std::assert_eq!(
        ::renamed::loads::<(_, _, _, _, _, _, _)>(&bytes).unwrap(),
        variants
    );
}

#[::core::prelude::v1::test]
fn versions_need_no_names_either() {
    let before = Before {
        __field: 1_u8,
        __value: 2,
    };
    let bytes = ::renamed::dumps(&before).unwrap();
    let versioned: Versioned<u8> = ::renamed::loads(&bytes).unwrap();
    let expected = Versioned {
        __object: 7,
        __value: 2,
        __field: 1,
    };
    ::std::assert_eq!(versioned, expected);
    let bytes = ::renamed::dumps(&expected).unwrap();
    ::std::assert_eq!(::renamed::loads::<Versioned<u8>>(&bytes).unwrap(), expected);
}

#[::core::prelude::v1::test]
fn trait_objects_need_no_names_either() {
    let bytes = ::renamed::dumps(&Members::Some).unwrap();
    let object: ::std::boxed::Box<dyn Trait + ::core::marker::Send> =
        ::renamed::loads(&bytes).ok().unwrap();
    ::std::assert_eq!(object.number(), 1);
    let bytes = ::renamed::dumps(&Generic { __p: 1_u16 }).unwrap();
    let object: ::std::boxed::Box<dyn Trait + ::core::marker::Send> =
        ::renamed::loads(&bytes).ok().unwrap();
    ::std::assert_eq!(object.number(), 3);
}

#[::core::prelude::v1::test]
fn functions_need_no_names_either() {
    // old.made(9, '', None, b'', (10, 0))
    let bytes = b"\x80\x04\x8c\x03old\x8c\x04made\x93(K\x09\x8c\0NC\0K\x0aK\0\x86tR.";
    let called: ::renamed::copyreg::Registered<Locals<u16>> = ::renamed::loads(bytes).unwrap();
    let called = called.0;
    ::std::assert_eq!((called.__p, called.__f0), (9, 10));
    ::std::assert_eq!(
        made(9, "", ::std::option::Option::None, &[], (10, 0)).unwrap(),
        called
    );
    let bytes = b"\x80\x04\x8c\x16derive_hygiene.decoyed\x8c\x0dMembers.first\x93)R.";
    ::std::assert_eq!(
        ::renamed::loads::<Members>(bytes).unwrap(),
        Members::first(Members::Some)
    );
    let mut member = Members::Some;
    member.third(&[1]);
    ::std::assert_eq!((member.second(), member), (2, Members::None));
}

#[::core::prelude::v1::test]
fn functions_are_places_too() {
    use ::core::clone::Clone;
    use ::core::convert::From;

    fn make() -> u8 {
        3
    }

    #[derive(::renamed::Reduce, ::core::clone::Clone, PartialEq, Debug)]
    #[reduce(crate = "::renamed", from = u8, into = u8)]
    struct Byte(u8);

    impl From<u8> for Byte {
        fn from(byte: u8) -> Self {
            Byte(byte)
        }
    }

    impl From<Byte> for u8 {
        fn from(byte: Byte) -> Self {
            byte.0
        }
    }

    #[derive(::renamed::Reduce, PartialEq, Debug)]
    #[reduce(crate = "::renamed")]
    struct Local {
        #[reduce(default = make)]
        byte: u8,
        own: Byte,
    }

    let value = Local {
        byte: 1,
        own: Byte(2).clone(),
    };
    let bytes = ::renamed::dumps(&value).unwrap();
    ::std::assert_eq!(::renamed::loads::<Local>(&bytes).unwrap(), value);
}
