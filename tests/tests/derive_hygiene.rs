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

use decoyed::{Locals, Members, Trait, Variants};

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
fn trait_objects_need_no_names_either() {
    let bytes = ::renamed::dumps(&Members::Some).unwrap();
    let object: ::std::boxed::Box<dyn Trait + ::core::marker::Send> =
        ::renamed::loads(&bytes).ok().unwrap();
    ::std::assert_eq!(object.number(), 1);
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
