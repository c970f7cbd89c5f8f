//! What each key of `#[reduce(...)]` changes.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use pickle_core::{Construct, ErrorKind, Graph, Reduce, Unpickler, dumps, loads, module};

module!("app");

fn round_trip<T: Reduce + for<'g> Construct<'g> + PartialEq + Debug>(value: &T) {
    assert_eq!(&loads::<T>(&dumps(value).unwrap()).unwrap(), value);
}

fn graph<T: Reduce>(value: &T) -> Graph<'static> {
    Unpickler::new()
        .graph(&dumps(value).unwrap())
        .unwrap()
        .into_owned()
}

/// An instance of a class of `app` with ints as attributes.
fn instance(class: &str, attributes: &[(&str, i32)]) -> Vec<u8> {
    let mut bytes =
        format!("ccopy_reg\n_reconstructor\n(capp\n{class}\nc__builtin__\nobject\nNtR(d");
    for (name, value) in attributes {
        bytes += &format!("V{name}\nI{value}\ns");
    }
    (bytes + "b.").into_bytes()
}

mod elsewhere {
    #[derive(pickle_core::Reduce)]
    pub(crate) struct Thing;

    pub(crate) mod inner {
        #[derive(pickle_core::Reduce)]
        #[reduce(module = "own.module", name = "Outer.Thing")]
        pub(crate) struct Thing;
    }
}

mod with_a_name {
    pub(crate) mod inner {
        pickle_core::module!("given.inner");

        #[derive(pickle_core::Reduce)]
        pub(crate) struct Thing;
    }
}

#[derive(Reduce)]
struct Thing;

#[test]
fn names_come_from_the_nearest() {
    #[derive(Reduce)]
    struct Local;

    #[derive(Reduce)]
    #[expect(non_camel_case_types, reason = "it is a keyword")]
    struct r#type;

    let name = |graph: Graph<'_>| format!("{:#}", graph.root().class().unwrap());
    assert_eq!(name(graph(&Thing)), "app:Thing");
    assert_eq!(name(graph(&Local)), "app:Local");
    assert_eq!(name(graph(&r#type)), "app:type");
    assert_eq!(
        name(graph(&elsewhere::Thing)),
        "derive_attributes.elsewhere:Thing"
    );
    assert_eq!(
        name(graph(&elsewhere::inner::Thing)),
        "own.module:Outer.Thing"
    );
    assert_eq!(name(graph(&with_a_name::inner::Thing)), "given.inner:Thing");
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(
    alias = "old.app:Renamed",
    alias = "older:Name",
    rename_all = "camelCase"
)]
struct Renamed {
    first_field: i32,
    #[reduce(rename = "Second", alias = "second", alias = "zweites")]
    second_field: i32,
    r#type: i32,
}

#[test]
fn names_can_be_changed() {
    let value = Renamed {
        first_field: 1,
        second_field: 2,
        r#type: 3,
    };
    round_trip(&value);
    let graph = graph(&value);
    let names = ["firstField", "Second", "type"].map(|name| graph.root().attr(name).is_some());
    assert_eq!(names, [true; 3]);
    let old = instance("Renamed", &[("firstField", 1), ("zweites", 2), ("type", 3)]);
    assert_eq!(loads::<Renamed>(&old).unwrap(), value);
    let old = String::from_utf8(old)
        .unwrap()
        .replace("app\nRenamed", "old.app\nRenamed");
    assert_eq!(loads::<Renamed>(old.as_bytes()).unwrap(), value);
}

#[derive(Reduce, Debug, PartialEq)]
struct Defaults {
    required: i32,
    other: i32,
    #[reduce(default)]
    zero: i32,
    #[reduce(default = seven)]
    seven: i32,
    #[reduce(skip)]
    skipped: i32,
    #[reduce(skip, default = seven)]
    skipped_seven: i32,
    #[reduce(default, skip_serializing_if = Option::is_none)]
    option: Option<i32>,
    strict: Option<i32>,
}

fn seven() -> i32 {
    7
}

#[test]
fn what_is_missing() {
    let bytes = instance(
        "Defaults",
        &[("required", 1), ("other", 2), ("strict", 3), ("x", 4)],
    );
    let expected = Defaults {
        required: 1,
        other: 2,
        zero: 0,
        seven: 7,
        skipped: 0,
        skipped_seven: 7,
        option: None,
        strict: Some(3),
    };
    assert_eq!(loads::<Defaults>(&bytes).unwrap(), expected);
    round_trip(&expected);
    let graph = graph(&expected);
    assert!(graph.root().attr("option").is_none());
    assert!(graph.root().attr("skipped").is_none());
    let error = loads::<Defaults>(&instance("Defaults", &[("required", 1)])).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("app.Defaults lacks the attributes `other`, `strict`"),
        "{error}"
    );
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(default)]
struct Whole {
    a: i32,
    b: i32,
    #[reduce(default)]
    c: i32,
    #[reduce(skip)]
    d: i32,
}

impl Default for Whole {
    fn default() -> Self {
        Whole {
            a: 1,
            b: 2,
            c: 3,
            d: 4,
        }
    }
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(default = Pair::new)]
struct Pair(i32, #[reduce(default)] i32, #[reduce(skip)] i32);

impl Pair {
    fn new() -> Self {
        Pair(7, 8, 9)
    }
}

#[test]
fn a_whole_default_gives_what_is_missing() {
    let loaded: Whole = loads(&instance("Whole", &[("b", 5)])).unwrap();
    assert_eq!(
        loaded,
        Whole {
            a: 1,
            b: 5,
            c: 0,
            d: 4
        }
    );
    assert_eq!(loads::<Pair>(b"capp\nPair\n)R.").unwrap(), Pair(7, 0, 9));
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(deny_unknown_fields)]
struct Strict {
    a: i32,
}

#[test]
fn unknown_attributes_can_be_denied() {
    assert_eq!(
        loads::<Strict>(&instance("Strict", &[("a", 1)])).unwrap(),
        Strict { a: 1 }
    );
    let error = loads::<Strict>(&instance("Strict", &[("a", 1), ("b", 2)])).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UnknownAttribute { .. }),
        "{error}"
    );
}

#[derive(Reduce, Debug, PartialEq)]
struct Inner {
    b: i32,
    #[reduce(flatten)]
    innermost: Innermost,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "reduce")]
struct Innermost {
    c: i32,
}

#[derive(Reduce, Debug, PartialEq)]
struct Flat {
    a: i32,
    #[reduce(flatten)]
    inner: Inner,
    #[reduce(flatten)]
    rest: BTreeMap<String, i32>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(deny_unknown_fields)]
struct StrictFlat {
    a: i32,
    #[reduce(flatten)]
    inner: Inner,
}

#[test]
fn flattened_attributes_are_among_their_owner_s() {
    let inner = || Inner {
        b: 2,
        innermost: Innermost { c: 3 },
    };
    let flat = Flat {
        a: 1,
        inner: inner(),
        rest: [("d".into(), 4), ("e".into(), 5)].into(),
    };
    round_trip(&flat);
    let attributes = [("e", 5), ("a", 1), ("c", 3), ("d", 4), ("b", 2)];
    assert_eq!(loads::<Flat>(&instance("Flat", &attributes)).unwrap(), flat);
    let graph = graph(&flat);
    assert!(
        ["a", "b", "c", "d", "e"]
            .iter()
            .all(|name| graph.root().attr(name).is_some())
    );
    let strict = StrictFlat {
        a: 1,
        inner: inner(),
    };
    assert_eq!(
        loads::<StrictFlat>(&instance("StrictFlat", &[("a", 1), ("b", 2), ("c", 3)])).unwrap(),
        strict
    );
    let error = loads::<StrictFlat>(&instance("StrictFlat", &attributes)).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UnknownAttribute { .. }),
        "{error}"
    );
    let error = loads::<Flat>(&instance("Flat", &[("a", 1), ("b", 2)])).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("app.Innermost lacks the attribute `c`"),
        "{error}"
    );
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "dict")]
struct Record {
    a: i32,
    #[reduce(flatten)]
    rest: BTreeMap<String, i32>,
}

#[test]
fn a_dict_is_a_dict() {
    let record = Record {
        a: 1,
        rest: [("b".into(), 2)].into(),
    };
    round_trip(&record);
    let as_map: BTreeMap<String, i32> = loads(&dumps(&record).unwrap()).unwrap();
    assert_eq!(as_map, [("a".into(), 1), ("b".into(), 2)].into());
}

#[derive(Reduce, Debug, PartialEq)]
struct Mixed {
    state: i32,
    #[reduce(arg)]
    second: i32,
    #[reduce(arg)]
    third: i32,
}

#[test]
fn arguments_come_first() {
    round_trip(&Mixed {
        state: 1,
        second: 2,
        third: 3,
    });
    let loaded: Mixed = loads(b"capp\nMixed\n(I2\nI3\nI1\ntR.").unwrap();
    assert_eq!(
        loaded,
        Mixed {
            state: 1,
            second: 2,
            third: 3
        }
    );
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(from = i64, into = i64)]
struct Celsius(i64);

impl From<i64> for Celsius {
    fn from(value: i64) -> Self {
        Celsius(value)
    }
}

impl From<Celsius> for i64 {
    fn from(value: Celsius) -> Self {
        value.0
    }
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(try_from = Vec<u32>)]
struct Even {
    number: u32,
}

impl TryFrom<Vec<u32>> for Even {
    type Error = String;

    fn try_from(numbers: Vec<u32>) -> Result<Self, String> {
        match numbers[..] {
            [number] if number % 2 == 0 => Ok(Even { number }),
            _ => Err(format!("{numbers:?} is not even")),
        }
    }
}

#[test]
fn conversions() {
    assert_eq!(dumps(&Celsius(3)).unwrap(), dumps(&3).unwrap());
    round_trip(&vec![Celsius(3), Celsius(4)]);
    assert_eq!(loads::<Even>(b"(I4\nl.").unwrap(), Even { number: 4 });
    let error = loads::<Even>(b"(I3\nl.").unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "[3] is not even");
    assert_eq!(
        graph(&Even { number: 2 })
            .root()
            .attr("number")
            .unwrap()
            .as_i64(),
        Some(2)
    );
}

#[derive(Reduce, Debug, PartialEq, Clone, Copy)]
#[reduce(rename_all = "kebab-case")]
enum Level {
    VeryLow,
    #[reduce(rename = "mid", alias = "middle")]
    Medium,
    #[reduce(value = -3)]
    Negative,
    #[reduce(skip)]
    Hidden,
    #[reduce(other)]
    Unknown,
}

#[test]
fn members() {
    let value = |level| {
        let graph = graph(&level);
        let View::Object(object) = graph.root().view() else {
            panic!()
        };
        format!("{:?}", object.args().next().unwrap().view())
    };
    use pickle_core::View;
    assert!(value(Level::VeryLow).contains("very-low"));
    assert!(value(Level::Medium).contains("mid"));
    assert!(value(Level::Negative).contains("-3"));
    for level in [
        Level::VeryLow,
        Level::Medium,
        Level::Negative,
        Level::Unknown,
    ] {
        round_trip(&level);
    }
    assert_eq!(
        loads::<Level>(b"capp\nLevel\n(Vmiddle\ntR.").unwrap(),
        Level::Medium
    );
    assert_eq!(
        loads::<Level>(b"capp\nLevel\n(Vhidden\ntR.").unwrap(),
        Level::Unknown
    );
    assert_eq!(
        loads::<Level>(b"\x80\x04\x8c\x03app\x8c\x0eLevel.VERY_LOW\x93.").unwrap(),
        Level::VeryLow
    );
    let error = dumps(&Level::Hidden).unwrap_err();
    assert!(error.to_string().contains("`Hidden`"), "{error}");
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(alias = "old:Event", rename_all = "lowercase")]
enum Event {
    Key {
        code: i32,
    },
    #[reduce(alias = "Mouse", alias = "other:Pointer")]
    Click(i32, #[reduce(default)] i32),
    #[reduce(skip)]
    Internal,
    #[reduce(other)]
    Unknown,
}

#[test]
fn variants() {
    for event in [Event::Key { code: 1 }, Event::Click(1, 2), Event::Unknown] {
        round_trip(&event);
    }
    let click = |name: &str| {
        let call = format!("c{name}\n(I1\ntR.");
        loads::<Event>(&[b"\x80\x04", call.as_bytes()].concat()).unwrap()
    };
    assert_eq!(click("app\nEvent.click"), Event::Click(1, 0));
    assert_eq!(click("app\nEvent.Mouse"), Event::Click(1, 0));
    assert_eq!(click("other\nPointer"), Event::Click(1, 0));
    assert_eq!(click("old\nEvent.click"), Event::Click(1, 0));
    assert_eq!(click("old\nEvent.key"), Event::Key { code: 1 });
    assert_eq!(click("old\nEvent.wheel"), Event::Unknown);
    assert!(dumps(&Event::Internal).is_err());
}

#[derive(Reduce, Debug)]
enum Never {}

#[test]
fn an_empty_enum_has_no_members() {
    let error = loads::<Never>(b"capp\nNever\n(I1\ntR.").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UnknownVariant { .. }),
        "{error}"
    );
}

#[derive(Reduce)]
#[reduce(extension = 4242, name = "Coded")]
struct Coded {
    a: i32,
}

#[derive(Reduce, Debug)]
#[reduce(no_register, impure, name = "Coded")]
struct Unregistered {
    a: i32,
}

#[test]
fn extension_codes_are_registered() {
    let bytes = dumps(&Coded { a: 1 }).unwrap();
    assert_eq!(loads::<Coded>(&bytes).unwrap().a, 1);
    assert!(loads::<Unregistered>(&bytes).is_ok());
}

/// Has no `Default`, and needs none.
#[derive(Debug, PartialEq)]
struct Opaque(u8);

#[derive(Reduce, Debug, PartialEq)]
#[reduce(default = preset)]
struct Preset<T: From<u8>> {
    kept: u8,
    #[reduce(skip)]
    skipped: Option<Opaque>,
    #[reduce(skip)]
    generic: T,
}

impl From<u8> for Opaque {
    fn from(value: u8) -> Self {
        Opaque(value)
    }
}

fn preset<T: From<u8>>() -> Preset<T> {
    Preset {
        kept: 1,
        skipped: Some(Opaque(2)),
        generic: T::from(3),
    }
}

#[test]
fn skipped_fields_are_those_of_the_containers_default() {
    let value = Preset {
        kept: 7,
        skipped: None,
        generic: Opaque(9),
    };
    let expected = Preset {
        kept: 7,
        ..preset()
    };
    let loaded: Preset<Opaque> = loads(&dumps(&value).unwrap()).unwrap();
    assert_eq!(loaded, expected);
}
