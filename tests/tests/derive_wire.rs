//! What derived types are on the wire, held against what CPython 3.11 wrote for the same classes:
//! each of its pickles loads, and under `MemoPolicy::All` the same bytes come out.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fmt::Debug;

use pickle_core::{Construct, MemoPolicy, Pickler, Reduce, loads, module};

module!("app");

/// Holds a value against CPython's pickles of it in protocols 2 and 4; only the latter has to come
/// out, if the former has calls for what is an opcode now.
fn same_in_4<T: Reduce + for<'g> Construct<'g> + PartialEq + Debug>(
    value: &T,
    pickles: [&[u8]; 2],
) {
    loads_as(pickles[0], value);
    same_in(4, value, pickles[1]);
}

/// Holds a value against CPython's pickles of it in protocols 2 and 4.
fn same<T: Reduce + for<'g> Construct<'g> + PartialEq + Debug>(value: &T, pickles: [&[u8]; 2]) {
    same_in(2, value, pickles[0]);
    same_in(4, value, pickles[1]);
}

fn same_in<T: Reduce + for<'g> Construct<'g> + PartialEq + Debug>(
    protocol: u8,
    value: &T,
    pickle: &[u8],
) {
    loads_as(pickle, value);
    let mut bytes = Vec::new();
    let pickler = Pickler::new(&mut bytes).protocol(protocol);
    pickler.memo(MemoPolicy::All).dump(value).unwrap();
    assert_eq!(
        bytes.escape_ascii().to_string(),
        pickle.escape_ascii().to_string(),
        "{value:?} in protocol {protocol}"
    );
}

fn loads_as<T: for<'g> Construct<'g> + PartialEq + Debug>(pickle: &[u8], value: &T) {
    match loads::<T>(pickle) {
        Ok(loaded) => assert_eq!(&loaded, value),
        Err(error) => panic!("{value:?}: {error}"),
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Point {
    x: i32,
    y: i32,
}

const POINT: [&[u8]; 2] = [
    b"\x80\x02capp\nPoint\nq\x00)\x81q\x01}q\x02(X\x01\x00\x00\x00xq\x03K\x01X\x01\x00\x00\x00yq\x04K\x02ub.",
    b"\x80\x04\x95%\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x05Point\x94\x93\x94)\x81\x94}\x94(\x8c\x01x\x94K\x01\x8c\x01y\x94K\x02ub.",
];

#[test]
fn a_struct_is_a_plain_class() {
    same(&Point { x: 1, y: 2 }, POINT);
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "newobj")]
struct Span {
    start: i32,
    stop: i32,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "Span")]
struct AnySpan {
    start: i32,
    stop: i32,
}

#[test]
fn newobj_is_a_namedtuple() {
    let pickles: [&[u8]; 2] = [
        b"\x80\x02capp\nSpan\nq\x00K\x01K\x02\x86q\x01\x81q\x02.",
        b"\x80\x04\x95\x18\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x04Span\x94\x93\x94K\x01K\x02\x86\x94\x81\x94.",
    ];
    same(&Span { start: 1, stop: 2 }, pickles);
    for pickle in pickles {
        loads_as(pickle, &AnySpan { start: 1, stop: 2 });
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Call(i32, String);

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "Call", as = "reduce")]
struct NamedCall {
    number: i32,
    text: String,
}

#[test]
fn a_tuple_struct_is_a_call() {
    let pickles: [&[u8]; 2] = [
        b"\x80\x02capp\nCall\nq\x00K\x01X\x01\x00\x00\x00aq\x01\x86q\x02Rq\x03.",
        b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x04Call\x94\x93\x94K\x01\x8c\x01a\x94\x86\x94R\x94.",
    ];
    same(&Call(1, "a".into()), pickles);
    same(
        &NamedCall {
            number: 1,
            text: "a".into(),
        },
        pickles,
    );
}

#[derive(Reduce, Debug, PartialEq)]
struct Ex {
    #[reduce(arg)]
    a: i32,
    #[reduce(kwarg)]
    b: i32,
    c: i32,
}

#[test]
fn keyword_arguments_are_newobj_ex() {
    let pickle = b"\x80\x04\x95'\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x02Ex\x94\x93\x94K\x01\x85\x94}\x94\x8c\x01b\x94K\x02s\x92\x94}\x94\x8c\x01c\x94K\x05sb.";
    let partial = b"\x80\x02cfunctools\npartial\nq\x00c__builtin__\ngetattr\nq\x01capp\nEx\nq\x02X\x07\x00\x00\x00__new__q\x03\x86q\x04Rq\x05\x85q\x06Rq\x07(h\x05h\x02K\x01\x86q\x08}q\x09X\x01\x00\x00\x00bq\nK\x02sNtq\x0bb)Rq\x0c}q\x0dX\x01\x00\x00\x00cq\x0eK\x05sb.";
    same_in_4(&Ex { a: 1, b: 2, c: 5 }, [partial, pickle]);
}

#[derive(Reduce, Debug, PartialEq, Clone, Copy)]
enum Color {
    Red = 1,
    DarkBlue = 1 << 1,
}

#[derive(Reduce, Debug, PartialEq)]
enum Mood {
    Happy,
    Sad,
}

#[test]
fn an_enum_of_unit_variants_is_an_enum() {
    same(
        &Color::DarkBlue,
        [
            b"\x80\x02capp\nColor\nq\x00K\x02\x85q\x01Rq\x02.",
            b"\x80\x04\x95\x17\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x05Color\x94\x93\x94K\x02\x85\x94R\x94.",
        ],
    );
    same(
        &Mood::Happy,
        [
            b"\x80\x02capp\nMood\nq\x00X\x05\x00\x00\x00Happyq\x01\x85q\x02Rq\x03.",
            b"\x80\x04\x95\x1c\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x04Mood\x94\x93\x94\x8c\x05Happy\x94\x85\x94R\x94.",
        ],
    );
    // By name, as some versions write them.
    loads_as(
        b"\x80\x04\x8c\x03app\x8c\x0fColor.DARK_BLUE\x93.",
        &Color::DarkBlue,
    );
    loads_as(b"\x80\x04\x8c\x03app\x8c\x09Color.Red\x93.", &Color::Red);
    loads_as(b"\x80\x04\x8c\x03app\x8c\x08Mood.SAD\x93.", &Mood::Sad);
    let error = loads::<Color>(b"capp\nColor\n(I3\ntR.").unwrap_err();
    assert_eq!(error.to_string(), "app.Color has no variant 3 (at byte 16)");
}

#[derive(Reduce, Debug, PartialEq)]
enum Shape {
    #[reduce(rename_all = "lowercase")]
    Circle { radius: i32 },
    #[reduce(name = "Rectangle")]
    Box(i32, i32),
}

#[test]
fn an_enum_with_data_is_nested_classes() {
    same_in_4(&Shape::Circle { radius: 2 },
        [
            b"\x80\x02c__builtin__\ngetattr\nq\x00capp\nShape\nq\x01X\x06\x00\x00\x00Circleq\x02\x86q\x03Rq\x04)\x81q\x05}q\x06X\x06\x00\x00\x00radiusq\x07K\x02sb.",
            b"\x80\x04\x95*\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x0cShape.Circle\x94\x93\x94)\x81\x94}\x94\x8c\x06radius\x94K\x02sb.",
        ],
    );
    loads_as(b"capp\nRectangle\n(I1\nI2\ntR.", &Shape::Box(1, 2));
    let error = loads::<Shape>(POINT[1]).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("app.Shape has no variant app.Point"),
        "{error}"
    );
}

/// A frozen dataclass with slots: its state is a list.
#[derive(Reduce, Debug, PartialEq)]
struct Frozen {
    a: i32,
    b: String,
}

/// A class with slots: its state is a pair of dicts.
#[derive(Reduce, Debug, PartialEq)]
struct Slots {
    x: i32,
    y: i32,
}

#[test]
fn other_states_load() {
    for pickle in [
        &b"\x80\x02capp\nFrozen\nq\x00)\x81q\x01]q\x02(K\x01X\x01\x00\x00\x00bq\x03eb."[..],
        b"\x80\x04\x95 \x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x06Frozen\x94\x93\x94)\x81\x94]\x94(K\x01\x8c\x01b\x94eb.",
    ] {
        loads_as(pickle, &Frozen { a: 1, b: "b".into() });
    }
    for pickle in [
        &b"\x80\x02capp\nSlots\nq\x00)\x81q\x01N}q\x02(X\x01\x00\x00\x00xq\x03K\x01X\x01\x00\x00\x00yq\x04K\x02u\x86q\x05b."[..],
        b"\x80\x04\x95(\x00\x00\x00\x00\x00\x00\x00\x8c\x03app\x94\x8c\x05Slots\x94\x93\x94)\x81\x94N}\x94(\x8c\x01x\x94K\x01\x8c\x01y\x94K\x02u\x86\x94b.",
    ] {
        loads_as(pickle, &Slots { x: 1, y: 2 });
    }
}
