//! `copyreg._reconstructor(cls, base, value)`: how protocols 0 and 1 write instances of a built-in
//! class's subclasses.

#![allow(clippy::unwrap_used, reason = "tests")]

use pickle_core::{Reduce, loads};

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "m", as = "newobj")]
struct Pair {
    first: i64,
    second: String,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "m", as = "newobj")]
struct Length {
    value: i64,
    #[reduce(late)]
    unit: String,
}

#[test]
fn a_namedtuple_has_the_items_of_its_base() {
    // namedtuple('Pair', 'first second')(1, 'two')
    let bytes = b"ccopy_reg\n_reconstructor\n(cm\nPair\nc__builtin__\ntuple\n(I1\nVtwo\nttR.";
    let pair: Pair = loads(bytes).unwrap();
    let second = "two".to_owned();
    assert_eq!(pair, Pair { first: 1, second });
    let error =
        loads::<Pair>(b"ccopy_reg\n_reconstructor\n(cm\nPair\nc__builtin__\ntuple\n(I1\nttR.");
    assert_eq!(
        error.unwrap_err().to_string(),
        "m.Pair lacks the attribute `second` (at byte 59)"
    );
}

#[test]
fn a_subclass_of_int_has_its_number() {
    // class Length(int), with an attribute
    let bytes =
        b"ccopy_reg\n_reconstructor\n(cm\nLength\nc__builtin__\nint\nI5\ntR(dVunit\nVm\nsb.";
    let length: Length = loads(bytes).unwrap();
    let unit = "m".to_owned();
    assert_eq!(length, Length { value: 5, unit });
}

#[test]
fn a_subclass_of_list_has_no_arguments() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(module = "m")]
    struct List {
        name: String,
    }
    let bytes =
        b"ccopy_reg\n_reconstructor\n(cm\nList\nc__builtin__\nlist\n(I5\nltR(dVname\nVn\nsb.";
    let list: List = loads(bytes).unwrap();
    assert_eq!(list.name, "n");
}
