//! What does not fit, with its offset in the bytes and its path in the object.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;
use std::rc::Rc;

use pickle_core::{Construct, Error, ErrorKind, FrozenSet, Limits, Result, Unpickler, loads};

use crate::failure;

/// An input, how to load it, and the error: offset, path, and the text without these.
type Case<'a> = (&'a [u8], fn(&[u8]) -> Error, u64, &'a str, &'a str);

fn check(cases: &[Case<'_>]) {
    for (input, load, offset, path, text) in cases {
        let error = load(input);
        let shown = input.escape_ascii();
        assert_eq!(error.kind().to_string(), *text, "{shown}");
        assert_eq!(error.offset(), Some(*offset), "{shown}: {error}");
        assert_eq!(error.path().to_string(), *path, "{shown}: {error}");
    }
}

#[test]
fn numbers_beyond_their_type() {
    check(&[
        (b"I-129\n.", failure::<i8>, 0, "$", "-129 does not fit i8"),
        (b"I128\n.", failure::<i8>, 0, "$", "128 does not fit i8"),
        (b"I-1\n.", failure::<u8>, 0, "$", "-1 does not fit u8"),
        (b"M\x00\x01.", failure::<u8>, 0, "$", "256 does not fit u8"),
        (
            b"J\0\0\x01\0.",
            failure::<i16>,
            0,
            "$",
            "65536 does not fit i16",
        ),
        (
            b"J\xff\xff\xff\xff.",
            failure::<u16>,
            0,
            "$",
            "-1 does not fit u16",
        ),
        (
            b"\x8a\x05\0\0\0\x80\0.",
            failure::<i32>,
            0,
            "$",
            "2147483648 does not fit i32",
        ),
        (
            b"\x8a\x05\0\0\0\0\x01.",
            failure::<u32>,
            0,
            "$",
            "4294967296 does not fit u32",
        ),
        (
            b"L9223372036854775808L\n.",
            failure::<i64>,
            0,
            "$",
            "9223372036854775808 does not fit i64",
        ),
        (b"L-1L\n.", failure::<u64>, 0, "$", "-1 does not fit u64"),
        (
            b"L-1L\n.",
            failure::<usize>,
            0,
            "$",
            "-1 does not fit usize",
        ),
        (b"L-1L\n.", failure::<u128>, 0, "$", "-1 does not fit u128"),
        (
            b"L18446744073709551616L\n.",
            failure::<u64>,
            0,
            "$",
            "18446744073709551616 does not fit u64",
        ),
        (
            b"L170141183460469231731687303715884105728L\n.",
            failure::<i128>,
            0,
            "$",
            "0x80000000000000000000000000000000 does not fit i128",
        ),
        (
            b"L-170141183460469231731687303715884105729L\n.",
            failure::<i128>,
            0,
            "$",
            "-0x80000000000000000000000000000001 does not fit i128",
        ),
        (
            b"L340282366920938463463374607431768211456L\n.",
            failure::<u128>,
            0,
            "$",
            "0x100000000000000000000000000000000 does not fit u128",
        ),
        (
            b"L9007199254740993L\n.",
            failure::<f64>,
            0,
            "$",
            "9007199254740993 does not fit f64",
        ),
        (
            b"F1e39\n.",
            failure::<f32>,
            0,
            "$",
            "1e+39 does not fit f32",
        ),
        (
            b"F-3.5e38\n.",
            failure::<f32>,
            0,
            "$",
            "-3.5e+38 does not fit f32",
        ),
        (
            b"](K\x01M\x2c\x01e.",
            failure::<Vec<u8>>,
            4,
            "$[1]",
            "300 does not fit u8",
        ),
    ]);
}

#[test]
fn a_double_that_rounds_to_the_largest_single_fits() -> Result<()> {
    // Half a unit in the last place above `f32::MAX`, where rounding gives infinity, and below.
    let half = 340_282_356_779_733_661_637_539_395_458_142_568_448f64;
    assert_eq!(
        loads::<f32>(format!("F{:?}\n.", half.next_down()).as_bytes())?,
        f32::MAX
    );
    assert!(matches!(
        failure::<f32>(format!("F{half:?}\n.").as_bytes()).kind(),
        ErrorKind::OutOfRange { target: "f32", .. }
    ));
    assert_eq!(loads::<f32>(b"Finf\n.")?, f32::INFINITY);
    Ok(())
}

#[test]
fn objects_of_another_type() {
    check(&[
        (
            b"I1\n.",
            failure::<bool>,
            0,
            "$",
            "expected a bool, found int 1",
        ),
        (
            b"\x88.",
            failure::<i32>,
            0,
            "$",
            "expected an int, found bool True",
        ),
        (
            b"\x88.",
            failure::<u128>,
            0,
            "$",
            "expected an int, found bool True",
        ),
        (
            b"\x88.",
            failure::<f64>,
            0,
            "$",
            "expected a float, found bool True",
        ),
        (
            b"F1.0\n.",
            failure::<i32>,
            0,
            "$",
            "expected an int, found float 1.0",
        ),
        (
            b"I1\n.",
            failure::<String>,
            0,
            "$",
            "expected a str, found int 1",
        ),
        (
            b"C\x01a.",
            failure::<String>,
            0,
            "$",
            "expected a str, found bytes b'a'",
        ),
        (
            b"Va\n.",
            failure::<Vec<u8>>,
            0,
            "$",
            "expected a list or tuple, found str 'a'",
        ),
        (
            b"Va\n.",
            failure::<Vec<i32>>,
            0,
            "$",
            "expected a list or tuple, found str 'a'",
        ),
        (
            b"C\x01a.",
            failure::<Vec<i8>>,
            0,
            "$",
            "expected a list or tuple, found bytes b'a'",
        ),
        (
            b"C\x01a.",
            failure::<VecDeque<u8>>,
            0,
            "$",
            "expected a list or tuple, found bytes b'a'",
        ),
        (
            b"].",
            failure::<HashMap<i32, i32>>,
            0,
            "$",
            "expected a dict, found list of 0 items",
        ),
        (
            b"}.",
            failure::<Vec<i32>>,
            0,
            "$",
            "expected a list or tuple, found dict of 0 entries",
        ),
        (
            b"].",
            failure::<HashSet<i32>>,
            0,
            "$",
            "expected a set or frozenset, found list of 0 items",
        ),
        (
            b"].",
            failure::<FrozenSet<i32>>,
            0,
            "$",
            "expected a set or frozenset, found list of 0 items",
        ),
        (
            b"\x8f.",
            failure::<BinaryHeap<i32>>,
            0,
            "$",
            "expected a list or tuple, found set of 0 items",
        ),
        (
            b"].",
            failure::<()>,
            0,
            "$",
            "expected None or an empty tuple, found list of 0 items",
        ),
        (
            b"I1\n.",
            failure::<PhantomData<i32>>,
            0,
            "$",
            "expected None or an empty tuple, found int 1",
        ),
        (b"N.", failure::<i32>, 0, "$", "expected an int, found None"),
        (
            b"Va\n.",
            failure::<Option<i32>>,
            0,
            "$",
            "expected an int, found str 'a'",
        ),
    ]);
}

#[test]
fn chars_that_are_more_or_less() {
    let text = "expected a str of one character, found str ";
    check(&[
        (b"V\n.", failure::<char>, 0, "$", &format!("{text}''")),
        (b"Vab\n.", failure::<char>, 0, "$", &format!("{text}'ab'")),
        (
            b"X\x03\0\0\0\xed\xa0\x80.",
            failure::<char>,
            0,
            "$",
            "the str holds lone surrogates, which Rust's str cannot",
        ),
        (
            b"X\x03\0\0\0\xed\xa0\x80.",
            failure::<String>,
            0,
            "$",
            "the str holds lone surrogates, which Rust's str cannot",
        ),
    ]);
}

#[test]
fn lengths_that_a_type_does_not_have() {
    check(&[
        (
            b"K\x01\x85.",
            failure::<()>,
            2,
            "$",
            "expected None or an empty tuple, found tuple of 1 item",
        ),
        (
            b").",
            failure::<(i32,)>,
            0,
            "$",
            "expected 1 items, found 0",
        ),
        (
            b"K\x01K\x02K\x03\x87.",
            failure::<(i32, i32)>,
            6,
            "$",
            "expected 2 items, found 3",
        ),
        (
            b"(K\x01l.",
            failure::<(i32, i32)>,
            3,
            "$",
            "expected 2 items, found 1",
        ),
        // The length counts before the items do.
        (
            b"(Va\nl.",
            failure::<(i32, i32)>,
            4,
            "$",
            "expected 2 items, found 1",
        ),
        (
            b"(K\x01K\x02l.",
            failure::<[i32; 3]>,
            5,
            "$",
            "expected 3 items, found 2",
        ),
        (
            b"C\x03abc.",
            failure::<[u8; 2]>,
            0,
            "$",
            "expected 2 items, found 3",
        ),
        (
            b"](K\x01\x85)e.",
            failure::<Vec<(i32,)>>,
            5,
            "$[1]",
            "expected 1 items, found 0",
        ),
    ]);
}

#[test]
fn paths_lead_through_containers() {
    check(&[
        (
            b"](K\x01Va\ne.",
            failure::<VecDeque<i32>>,
            4,
            "$[1]",
            "expected an int, found str 'a'",
        ),
        (
            b"](K\x01Va\ne.",
            failure::<Rc<[i32]>>,
            4,
            "$[1]",
            "expected an int, found str 'a'",
        ),
        (
            b"}Vkey\n]Va\nas.",
            failure::<HashMap<String, Vec<i32>>>,
            7,
            "$['key'][0]",
            "expected an int, found str 'a'",
        ),
        (
            b"}I1\nNs.",
            failure::<BTreeMap<i32, i32>>,
            4,
            "$[1]",
            "expected an int, found None",
        ),
        (
            b"}I1\nNs.",
            failure::<BTreeMap<String, i32>>,
            1,
            "$.key(1)",
            "expected a str, found int 1",
        ),
        (
            b"\x8f(K\x01Va\n\x90.",
            failure::<BTreeSet<i32>>,
            4,
            "$[1]",
            "expected an int, found str 'a'",
        ),
        (
            b"K\x01Va\n\x86\x85.",
            failure::<Box<(Option<(i32, Rc<i32>)>,)>>,
            2,
            "$[0][1]",
            "expected an int, found str 'a'",
        ),
    ]);
}

#[test]
fn the_later_of_duplicate_keys_counts() -> Result<()> {
    let input = b"}(Va\nI1\nVb\nI2\nVa\nI3\nu.";
    let map: HashMap<String, i32> = loads(input)?;
    assert_eq!(
        map,
        HashMap::from([("a".to_owned(), 3), ("b".to_owned(), 2)])
    );
    let map: BTreeMap<String, i32> = loads(input)?;
    assert_eq!(
        map,
        BTreeMap::from([("a".to_owned(), 3), ("b".to_owned(), 2)])
    );
    let set: HashSet<i32> = loads(b"\x8f(K\x01K\x02K\x01\x90.")?;
    assert_eq!(set, HashSet::from([1, 2]));
    Ok(())
}

#[test]
fn a_cell_in_a_cell_cannot_be_shared() {
    let error = failure::<Rc<std::cell::RefCell<std::sync::Mutex<i32>>>>(b"I1\n.");
    assert!(matches!(error.kind(), ErrorKind::Custom(_)), "{error}");
}

#[test]
fn copies_of_one_long_string_are_counted() -> Result<()> {
    fn load<T: for<'g> Construct<'g>>(bytes: u64) -> Result<T> {
        // The str, and three times the memo.
        const INPUT: &[u8] = b"\x80\x04(\x8c\x0aspamspamsp\x94h\0h\0h\0t.";
        let limits = Limits::default().constructed_bytes(bytes, 0);
        Unpickler::new().limits(limits).graph(INPUT)?.construct()
    }
    load::<Vec<String>>(40)?;
    let error = load::<Vec<String>>(39).expect_err("forty bytes are copied");
    assert_eq!(error.path().to_string(), "$[3]");
    assert!(
        matches!(
            error.kind(),
            ErrorKind::LimitExceeded {
                setter: "constructed_bytes",
                ..
            }
        ),
        "{error}"
    );
    // One allocation.
    load::<Vec<Rc<String>>>(10)?;
    load::<Vec<Rc<str>>>(0)?;
    // None.
    load::<Vec<Unkept>>(0)?;
    Ok(())
}

/// Looks at a str and keeps nothing of it.
struct Unkept;

impl<'g> Construct<'g> for Unkept {
    fn construct(d: &mut pickle_core::Decoder<'g>) -> Result<Self> {
        <&str>::construct(d).map(|_| Self)
    }
}
pickle_core::pointee!(Unkept);

#[test]
fn copies_of_escaped_text_and_of_bytes_are_counted() {
    fn load<'g, T: Construct<'g>>(input: &'g [u8], bytes: u64) -> Result<T> {
        let limits = Limits::default().constructed_bytes(bytes, 0);
        Unpickler::new().limits(limits).graph(input)?.construct()
    }
    const BYTES: &[u8] = b"\x80\x04(C\x04spam\x94h\0t.";
    const ESCAPED: &[u8] = b"(V\\u0061bcd\np0\ng0\nt.";
    assert!(load::<Vec<Vec<u8>>>(BYTES, 8).is_ok());
    assert!(load::<Vec<Vec<u8>>>(BYTES, 7).is_err());
    assert!(load::<Vec<Box<[u8]>>>(BYTES, 7).is_err());
    assert!(load::<Vec<[u8; 4]>>(BYTES, 7).is_err());
    assert!(load::<Vec<Cow<'_, [u8]>>>(BYTES, 0).is_ok());
    assert!(load::<Vec<Cow<'_, str>>>(ESCAPED, 8).is_ok());
    assert!(load::<Vec<Cow<'_, str>>>(ESCAPED, 7).is_err());
}

#[test]
fn what_python_cannot_hash_is_refused_as_a_key_when_dumped() {
    use std::collections::{BTreeMap, BTreeSet, HashSet};

    use pickle_core::{ErrorKind, FrozenSet, dumps};

    let unhashable = |result: pickle_core::Result<Vec<u8>>| {
        let error = result.expect_err("the key is refused");
        match error.kind() {
            ErrorKind::Unhashable { found } => (*found, error.path().to_string()),
            kind => panic!("another error: {kind}"),
        }
    };
    let lists = BTreeSet::from([vec![1, 2]]);
    assert_eq!(unhashable(dumps(&lists)), ("list", "$[0]".to_owned()));
    let nested = HashSet::from([("a", (vec![1], 2))]);
    assert_eq!(unhashable(dumps(&nested)).0, "list");
    let keys = BTreeMap::from([(BTreeMap::from([(1, 2)]), 3)]);
    assert_eq!(unhashable(dumps(&keys)).0, "dict");

    // A value may be anything, also behind a key; and so may what is in a frozenset's call.
    let values = BTreeMap::from([((1, "a"), vec![vec![1]])]);
    assert!(dumps(&values).is_ok());
    let frozen = HashSet::from([FrozenSet::from_iter([1, 2])]);
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        let mut pickler = pickle_core::Pickler::new(&mut bytes).protocol(protocol);
        pickler
            .dump(&(&frozen, vec![1]))
            .expect("a frozenset can be hashed");
        assert_eq!(
            pickle_core::loads::<(HashSet<FrozenSet<i32>>, Vec<i32>)>(&bytes)
                .expect("it is whole")
                .0,
            frozen
        );
    }
}
