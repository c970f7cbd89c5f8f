//! How often the fast path is taken: for whatever picklers write of plain types, always, with few
//! exceptions.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use pickle_core::{__private, Limits, Unpickler, Value};
use pickle_tests::geometry;
use pickle_tests::python::{Judge, hex, interpreters};

use crate::harness::{Numbers, POLICIES, with_optimized};
use crate::zoo::CASES;

const EMPTY: &str = "what follows an empty container may belong to it: that is a guess";
const NESTED: &str = "a nested name is an attribute of another below protocol 4";
const TUPLE: &str =
    "what follows an object may belong to a tuple that begins with it: that is a guess";
const PARTS: &str = "it has parts of those types";

/// What the fast path is not always taken for: a type, in these protocols; how many of ten it is taken
/// for at least; and why.
const EXCEPTIONS: &[(&str, RangeInclusive<u8>, usize, &str)] = &[
    (
        "BTreeSet<i64>",
        2..=3,
        0,
        "a set is a call below protocol 4",
    ),
    ("Hashed", 2..=3, 0, "a set is a call below protocol 4"),
    ("Hashed", 4..=5, 3, EMPTY),
    (
        "Vec<Borrowed<'_>>",
        2..=2,
        0,
        "bytes are a call below protocol 3",
    ),
    (
        "Vec<Vec<Vec<u8>>>",
        2..=2,
        0,
        "bytes are a call below protocol 3",
    ),
    ("Vec<Vec<Vec<u8>>>", 3..=5, 8, EMPTY),
    (
        "Vec<Bytes>",
        2..=4,
        0,
        "a bytearray is a call below protocol 5",
    ),
    ("Vec<Tree>", 2..=3, 0, NESTED),
    ("Vec<Option<Rc<Tree>>>", 2..=3, 0, NESTED),
    (
        "Vec<Rc<(Rc<i64>, Rc<String>)>>",
        2..=5,
        0,
        "a tuple begins with a reference",
    ),
    ("Vec<Rc<RefCell<Vec<Rc<Level>>>>>", 2..=5, 8, EMPTY),
    ("Vec<Rc<RefCell<Node>>>", 2..=5, 0, "it contains itself"),
    ("Vec<AsDict>", 2..=5, 7, EMPTY),
    (
        "Box<Value>",
        2..=4,
        0,
        "sets, bytes and bytearrays are calls",
    ),
    ("Box<Value>", 5..=5, 5, "some keys are rare"),
    (
        "(Value, Value)",
        2..=5,
        0,
        "a value at the beginning is all of the pickle",
    ),
    ("Vec<Value>", 2..=5, 5, TUPLE),
    ("BTreeMap<String, Value>", 2..=5, 6, TUPLE),
    ("Vec<WithValue>", 2..=5, 4, TUPLE),
    ("Vec<Rc<Value>>", 2..=5, 6, TUPLE),
    (
        "HashMap<Value, i64>",
        2..=5,
        0,
        "some keys are calls, or rare",
    ),
    ("Flat", 2..=5, 0, "its fields are among another's"),
    ("Impure", 2..=5, 0, "its construction has effects"),
    ("Containers", 2..=3, 0, PARTS),
    ("Containers", 4..=5, 3, EMPTY),
    ("Forms", 2..=5, 0, PARTS),
    ("Shared", 2..=5, 0, PARTS),
    ("(Drawing, Forms, Vec<Tree>, Containers)", 2..=5, 0, PARTS),
];

const TIMES: usize = 10;

#[test]
fn plain_pickles_take_the_fast_path() {
    let mut numbers = Numbers(5);
    let mut taken: BTreeMap<(&str, u8), Vec<usize>> = BTreeMap::new();
    for case in CASES {
        for protocol in 2..=5 {
            for policy in POLICIES {
                let mut counts = [0; 2];
                for round in 0..TIMES {
                    let size = [0, 1, 2, 3, 5][round % 5];
                    let bytes = (case.dump)(&mut numbers, size, protocol, policy);
                    for (count, bytes) in counts.iter_mut().zip(with_optimized(bytes)) {
                        let outcome = (case.compare)(Limits::default(), &bytes);
                        *count += usize::from(outcome.straight);
                    }
                }
                taken
                    .entry((case.name, protocol))
                    .or_default()
                    .extend(counts);
            }
        }
    }
    let wrong = taken.iter().filter(|((name, protocol), counts)| {
        let exception = EXCEPTIONS
            .iter()
            .find(|(of, protocols, ..)| of == name && protocols.contains(protocol));
        let least = exception.map_or(TIMES, |(_, _, least, _)| *least);
        counts.iter().any(|count| *count < least)
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What CPython writes of an expression, and whether a value is made of it straight.
type Written = (&'static str, fn(&[u8]) -> bool);

fn is_straight<'g, T: pickle_core::Construct<'g>>(bytes: &'g [u8]) -> bool {
    __private::straight::<T>(&Unpickler::new(), bytes).is_some()
}

const WRITTEN: &[Written] = &[
    (
        "[geometry.Point(i / 2.0, 0.5) for i in range(2500)]",
        |bytes| is_straight::<Vec<geometry::Point>>(bytes),
    ),
    ("[geometry.Point(0.5, 0.5)]", |bytes| {
        is_straight::<Vec<geometry::Point>>(bytes)
    }),
    ("geometry.Circle(0.5)", |bytes| {
        is_straight::<geometry::Circle>(bytes)
    }),
    ("geometry.Line(*[geometry.Point(0.5, 0.5)] * 2)", |bytes| {
        is_straight::<geometry::Line>(bytes)
    }),
    (
        "geometry.Drawing('d' * 300, [geometry.Circle(0.5), geometry.Square(1.5)] * 200)",
        |bytes| is_straight::<geometry::Drawing<std::rc::Rc<dyn geometry::Shape>>>(bytes),
    ),
    (
        "geometry.Drawing('d', [geometry.Circle(i / 2.0) for i in range(7)])",
        |bytes| is_straight::<geometry::Drawing<Box<dyn geometry::Shape>>>(bytes),
    ),
    ("list(range(2500))", |bytes| is_straight::<Vec<i64>>(bytes)),
    ("[2**63 + 1, -1, 2**31, 0, 255, 256]", |bytes| {
        is_straight::<Vec<i128>>(bytes)
    }),
    ("[i / 4.0 for i in range(7000)]", |bytes| {
        is_straight::<Vec<f64>>(bytes)
    }),
    ("[u'text %d' % i for i in range(7000)]", |bytes| {
        is_straight::<Vec<&str>>(bytes)
    }),
    ("[u'one'] * 1100", |bytes| is_straight::<Vec<String>>(bytes)),
    ("dict((u'k%d' % i, [i]) for i in range(1100))", |bytes| {
        is_straight::<BTreeMap<String, Vec<i64>>>(bytes)
    }),
    ("[(i, u'b', None, 0.5) for i in range(1100)]", |bytes| {
        is_straight::<Vec<(i64, String, Option<i64>, f64)>>(bytes)
    }),
    ("[(i, u'b') for i in range(1100)]", |bytes| {
        is_straight::<Vec<(i64, String)>>(bytes)
    }),
    (
        "dict((u'k%d' % i, [i, None, True, 0.5, u'k', [u'k1', {}], (), (i,), ([2], {u'a': 3}), -2**70]) for i in range(1100))",
        |bytes| is_straight::<Value>(bytes),
    ),
    ("([], u'a')", |bytes| is_straight::<Value>(bytes)),
    ("[1] * 1001", |bytes| is_straight::<Value>(bytes)),
    ("dict(((i, i + 1), [u'k']) for i in range(2001))", |bytes| {
        is_straight::<Value>(bytes)
    }),
    (
        "[{u'id': i, u'tags': [u'a', {u'b': []}], u'at': (i, None)} for i in range(1100)]",
        |bytes| is_straight::<Value>(bytes) && is_straight::<Vec<Value>>(bytes),
    ),
    (
        "dict((u'k%d' % i, [i, [u'k', [{}]]]) for i in range(1100))",
        |bytes| is_straight::<BTreeMap<String, Value>>(bytes),
    ),
    ("[[], [1], [2, 3], []]", |bytes| {
        is_straight::<Vec<Vec<i64>>>(bytes)
    }),
];

#[test]
fn what_cpython_writes_takes_the_fast_path() {
    let mut wrong = Vec::new();
    for (version, program) in interpreters() {
        // Strs of Python 2 are bytes, which only the graph decodes.
        if version.to_string().starts_with('2') {
            continue;
        }
        let judge = Judge::start(version, &program);
        for (expression, is_straight) in WRITTEN {
            for protocol in 2..=version.highest_protocol() {
                for implementation in ["impl=C", "impl=Python"] {
                    let words = [
                        "eval",
                        implementation,
                        &hex(expression.as_bytes()),
                        &protocol.to_string(),
                    ];
                    let bytes = judge.ask(&words).unwrap();
                    for (which, bytes) in with_optimized(bytes).iter().enumerate() {
                        if !is_straight(bytes) {
                            wrong.push((version, *expression, protocol, implementation, which));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
