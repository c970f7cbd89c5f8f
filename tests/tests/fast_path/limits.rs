//! Limits: what exceeds one in the graph does so in both ways, and what just fits, fits.

use std::collections::BTreeMap;
use std::rc::Rc;

use pickle_core::{Limits, Reduce, Value};

use crate::harness::{POLICIES, by_debug, compare, dump};

pickle_core::module!("limits");

#[derive(Reduce, Debug)]
struct Chain {
    next: Option<Box<Chain>>,
    list: Vec<Chain>,
}

#[derive(Reduce, Debug)]
enum Nested {
    End,
    List(Vec<Nested>),
    Pair((i64, Box<Nested>)),
    Map(BTreeMap<String, Nested>),
    Shared(Rc<Nested>),
}

#[derive(Reduce, Debug, Clone)]
enum Flag {
    On = 1,
}

fn chain(levels: usize) -> Chain {
    let mut chain = Chain {
        next: None,
        list: Vec::new(),
    };
    for level in 1..levels {
        chain = match level % 2 {
            0 => Chain {
                next: Some(Box::new(chain)),
                list: Vec::new(),
            },
            _ => Chain {
                next: None,
                list: vec![chain],
            },
        };
    }
    chain
}

fn nested(levels: usize) -> Nested {
    let mut nested = Nested::End;
    for level in 1..levels {
        nested = match level % 4 {
            0 => Nested::List(vec![nested, Nested::End]),
            1 => Nested::Pair((1, Box::new(nested))),
            2 => Nested::Map([("a".to_owned(), nested)].into()),
            _ => Nested::Shared(Rc::new(nested)),
        };
    }
    nested
}

/// The depths around the one at which `is_loaded` turns.
fn around(levels: u32) -> impl Iterator<Item = usize> {
    let levels = levels as usize;
    (levels / 3).saturating_sub(3)..=levels + 3
}

#[test]
fn depth() {
    for limit in [0, 1, 2, 3, 4, 5, 6, 7, 12, 33] {
        let limits = Limits::default().typed_depth(limit);
        for levels in around(limit).filter(|levels| *levels > 0) {
            for protocol in 2..=5 {
                let bytes = dump(&chain(levels), protocol, POLICIES[protocol as usize % 2]);
                compare::<Chain>(limits, &bytes, by_debug);
                let bytes = dump(&nested(levels), protocol, POLICIES[protocol as usize % 2]);
                compare::<Nested>(limits, &bytes, by_debug);
                let bytes = dump(&vec![vec![vec![1i64; levels]; 2]; 2], protocol, POLICIES[0]);
                compare::<Vec<Vec<Vec<i64>>>>(limits, &bytes, by_debug);
            }
        }
        for bytes in [&b"\x80\x04K\x01."[..], b"\x80\x04]."] {
            compare::<i64>(limits, bytes, by_debug);
            compare::<Vec<i64>>(limits, bytes, by_debug);
        }
    }
}

/// A value of so many levels.
fn tree(levels: usize) -> Value {
    let mut tree = Value::List(vec![].into());
    for level in 1..levels {
        tree = match level % 5 {
            0 => Value::Tuple([tree].into()),
            1 => Value::List([Value::None, tree].into()),
            2 => Value::Tuple([1.into(), tree, 2.into(), 3.into()].into()),
            3 => Value::List([tree].into()),
            _ => Value::Dict([("a".into(), tree)].into_iter().collect()),
        };
    }
    tree
}

#[test]
fn depth_of_a_value() {
    for limit in [0, 1, 2, 3, 4, 5, 6, 7, 12, 33] {
        let limits = Limits::default().depth(limit);
        for levels in around(limit).filter(|levels| *levels > 0) {
            for protocol in 2..=5 {
                let policy = POLICIES[protocol as usize % 2];
                let bytes = dump(&tree(levels), protocol, policy);
                for typed in [1, 2, 3, 5000] {
                    compare::<Value>(limits.typed_depth(typed), &bytes, by_debug);
                    compare::<Vec<Value>>(limits.typed_depth(typed), &bytes, by_debug);
                }
                let bytes = dump(&vec![tree(levels), 1.into()], protocol, policy);
                compare::<Vec<Value>>(limits.typed_depth(2), &bytes, by_debug);
                compare::<Vec<Vec<Value>>>(limits.typed_depth(2), &bytes, by_debug);
            }
        }
        for bytes in [
            &b"\x80\x04K\x01."[..],
            b"\x80\x04].",
            b"\x80\x04(e.",
            b"\x80\x04]]a.",
        ] {
            compare::<Value>(limits, bytes, by_debug);
        }
    }
}

#[test]
fn a_value_of_many_levels_takes_the_fast_path() {
    let bytes = [&b"\x80\x04K\x01"[..], &b"\x85".repeat(200_000), b"."].concat();
    let outcome = compare::<Value>(Limits::trusted(), &bytes, |one, other| one == other);
    assert!(outcome.straight);
    let outcome = compare::<Value>(Limits::default(), &bytes, by_debug);
    assert!(!outcome.loaded);
    let lists = [
        &b"\x80\x04"[..],
        &b"]".repeat(9_999),
        &b"a".repeat(9_998),
        b".",
    ]
    .concat();
    let outcome = compare::<Value>(Limits::default(), &lists, by_debug);
    assert!(outcome.straight);
}

#[test]
fn depth_of_the_usual_limits() {
    for (limits, levels) in [(Limits::strict(), 500), (Limits::default(), 5_000)] {
        // A list and its item are two levels, an attribute is one: 2 levels are 3 deep.
        for levels in [
            levels / 3,
            2 * levels / 3 - 1,
            2 * levels / 3,
            2 * levels / 3 + 1,
            2 * levels / 3 + 2,
        ] {
            std::thread::Builder::new()
                .stack_size(64 << 20)
                .spawn(move || {
                    let bytes = dump(&chain(levels), 4, POLICIES[0]);
                    compare::<Chain>(limits, &bytes, |_, _| true);
                })
                .unwrap()
                .join()
                .unwrap();
        }
    }
}

/// A list of a value, then of so many references to it.
fn repeated(value: &[u8], references: usize) -> Vec<u8> {
    let gets = b"h\x00".repeat(references);
    [b"\x80\x04](", value, &gets, b"e."].concat()
}

#[test]
fn values_by_reference() {
    const FLAG: &[u8] = b"\x8c\x06limits\x8c\x04Flag\x93K\x01\x85R\x94";
    for limits in [
        Limits::default().tree_nodes(0, 0),
        Limits::default().tree_nodes(0, 1),
        Limits::default().tree_nodes(0, 2),
        Limits::default().tree_nodes(9, 0),
        Limits::default().tree_nodes(9, 1),
        Limits::default().tree_nodes(u64::MAX, 0),
        Limits::default().tree_nodes(u64::MAX, 7),
    ] {
        for references in (0..30).chain([255]) {
            let text = repeated(b"\x8c\x03abc\x94", references);
            compare::<Vec<&str>>(limits, &text, by_debug);
            compare::<Vec<String>>(limits, &text, by_debug);
            compare::<Value>(limits, &text, by_debug);
            compare::<Vec<Value>>(limits, &text, by_debug);
            compare::<Vec<Rc<str>>>(limits, &text, by_debug);
            compare::<Vec<Rc<i64>>>(limits, &repeated(b"K\x01\x94", references), by_debug);
            compare::<Vec<Rc<Vec<i64>>>>(limits, &repeated(b"](K\x01e", references), by_debug);
            compare::<Vec<Rc<Vec<i64>>>>(limits, &repeated(b"]\x94(K\x01e", references), by_debug);
            compare::<Vec<Flag>>(limits, &repeated(FLAG, references), by_debug);
            compare::<Vec<Rc<Flag>>>(limits, &repeated(FLAG, references), by_debug);
        }
    }
}

#[test]
fn values_by_reference_beyond_the_strict_limit() {
    for references in [65_530, 65_536, 65_560, 65_700] {
        let bytes = repeated(b"K\x01\x94", references);
        compare::<Vec<Rc<i64>>>(Limits::strict(), &bytes, |one, other| {
            one.len() == other.len()
        });
        let bytes = repeated(b"\x8c\x03abc\x94", references);
        compare::<Vec<&str>>(Limits::strict(), &bytes, |one, other| one == other);
        compare::<Value>(Limits::strict(), &bytes, |one, other| one == other);
    }
}

#[test]
fn bytes_by_reference() {
    let text = [b"X\xe8\x03\0\0".as_slice(), &b"x".repeat(1000), b"\x94"].concat();
    for limits in [
        Limits::default().constructed_bytes(0, 0),
        Limits::default().constructed_bytes(0, 1),
        Limits::default().constructed_bytes(5_000, 0),
        Limits::default().constructed_bytes(4_999, 0),
        Limits::default().constructed_bytes(2_975, 2),
        Limits::strict(),
    ] {
        for references in (0..12).chain([1500]) {
            let text = repeated(&text, references);
            compare::<Vec<String>>(limits, &text, by_debug);
            compare::<Value>(limits, &text, by_debug);
            compare::<Vec<Value>>(limits, &text, by_debug);
            compare::<Vec<&str>>(limits, &text, |one, other| one == other);
            compare::<Vec<Box<str>>>(limits, &text, |one, other| one == other);
            compare::<Vec<std::path::PathBuf>>(limits, &text, |one, other| one == other);
        }
        for count in 0..8 {
            let item = [b"B\xe8\x03\0\0".as_slice(), &b"x".repeat(1000)].concat();
            let bytes = [b"\x80\x04](", item.repeat(count).as_slice(), b"e."].concat();
            compare::<Vec<Vec<u8>>>(limits, &bytes, by_debug);
            compare::<Value>(limits, &bytes, by_debug);
            compare::<Vec<&[u8]>>(limits, &bytes, |one, other| one == other);
        }
    }
}

#[test]
fn atoms_are_values_too() {
    for factor in [0, 1, 2] {
        for fixed in [0, 1, 5, 12, 13, 14] {
            let limits = Limits::default().tree_nodes(fixed, factor);
            for count in [0, 1, 2, 5, 10, 13, 40] {
                let list =
                    |item: &[u8]| [b"\x80\x04](", item.repeat(count).as_slice(), b"e."].concat();
                for item in [
                    &b"N"[..],
                    b"\x88",
                    b"K\x01",
                    b")",
                    b"]",
                    b"}",
                    b"N\x85",
                    b"\x8c\x01a",
                ] {
                    compare::<Value>(limits, &list(item), by_debug);
                    compare::<Vec<Value>>(limits, &list(item), by_debug);
                }
                compare::<Vec<()>>(limits, &list(b"N"), by_debug);
                compare::<Vec<bool>>(limits, &list(b"\x88"), by_debug);
                compare::<Vec<i64>>(limits, &list(b"K\x01"), by_debug);
                compare::<Vec<f64>>(limits, &list(b"G\0\0\0\0\0\0\0\0"), by_debug);
                compare::<Vec<Vec<i64>>>(limits, &list(b")"), by_debug);
                compare::<Vec<Vec<i64>>>(limits, &list(b"]"), by_debug);
                compare::<Vec<(bool, ())>>(limits, &list(b"\x88N\x86"), by_debug);
                compare::<Vec<String>>(limits, &list(b"\x8c\x01a"), by_debug);
            }
        }
    }
}

#[test]
fn what_follows_the_pickle_does_not_count() {
    let item = [b"X\xe8\x03\0\0".as_slice(), &b"x".repeat(1000)].concat();
    for following in [0, 1, 500, 5000] {
        let mut bytes = [
            b"\x80\x04](",
            item.as_slice(),
            b"\x94",
            &b"h\0".repeat(4),
            b"e.",
        ]
        .concat();
        bytes.resize(bytes.len() + following, 0);
        for limits in [
            Limits::default().constructed_bytes(0, 1),
            Limits::default().constructed_bytes(4_000, 0),
            Limits::default().constructed_bytes(0, 4),
        ] {
            compare::<Vec<String>>(limits, &bytes, by_debug);
            compare::<Value>(limits, &bytes, by_debug);
        }
    }
}
