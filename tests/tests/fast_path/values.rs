//! What picklers write of many values.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pickle_core::{ByteArray, Limits, MemoPolicy, Value};
use pickle_tests::corpus::corpus;
use pickle_tests::geometry;

use crate::harness::{Case, Numbers, Outcome, POLICIES, by_debug, compare, with_optimized};
use crate::zoo::CASES;

const SMALL: [usize; 5] = [0, 1, 2, 4, 30];

/// Around the batches of a thousand, and so many that references need four bytes and frames end
/// anywhere; each in one protocol.
const LARGE: [(usize, u8); 4] = [(999, 2), (1000, 3), (1001, 4), (2001, 5)];

fn each(mut check: impl FnMut(&Case, &[u8])) {
    let mut numbers = Numbers(1);
    let small = SMALL
        .into_iter()
        .flat_map(|size| (2..=5).map(move |protocol| (size, protocol)));
    let sizes: Vec<_> = small.chain(LARGE).collect();
    for case in CASES {
        for (size, protocol) in &sizes {
            for policy in POLICIES {
                let bytes = (case.dump)(&mut numbers, *size, *protocol, policy);
                let [bytes, optimized] = with_optimized(bytes);
                if *size < 999 || policy == MemoPolicy::All {
                    check(case, &bytes);
                }
                if *size < 999 || policy == MemoPolicy::Shared {
                    check(case, &optimized);
                }
            }
        }
    }
}

fn assert_loaded(case: &Case, bytes: &[u8], outcome: Outcome) {
    // Below protocol 3, bytes are escaped: they cannot be borrowed.
    let may_fail = case.name.contains("Borrowed") && bytes[1] < 3;
    let shown = || bytes[..bytes.len().min(1000)].escape_ascii();
    assert!(outcome.loaded || may_fail, "{}: {}", case.name, shown());
}

#[test]
fn both_paths_make_the_same_of_what_picklers_write() {
    each(|case, bytes| {
        let outcome = (case.compare)(Limits::default(), bytes);
        assert_loaded(case, bytes, outcome);
    });
}

#[test]
fn both_paths_make_the_same_of_many_small_values() {
    let mut numbers = Numbers(2);
    for case in CASES {
        for round in 0..60 {
            let size = numbers.below(6);
            let policy = numbers.pick(&[MemoPolicy::Shared, MemoPolicy::All]);
            let bytes = (case.dump)(&mut numbers, size, 2 + round % 4, policy);
            let outcome = (case.compare)(Limits::default(), &bytes);
            assert_loaded(case, &bytes, outcome);
        }
    }
}

/// Compares both ways as values of any of these types.
macro_rules! as_any_of {
    ($bytes:expr; $($type:ty),+ $(,)?) => {
        $(usize::from(compare::<$type>(Limits::default(), $bytes, by_debug).straight) +)+ 0
    };
}

#[test]
fn both_paths_make_the_same_of_what_cpython_has_written() {
    let mut straight = 0;
    // The others are of classes that are not derived here.
    let families = [
        "bytearray",
        "bytes",
        "dataclass",
        "dict",
        "float",
        "geometry",
        "int",
        "list",
        "none",
        "set",
        "shared",
        "str",
        "tuple",
    ];
    let corpus = corpus().into_iter().filter(|pickled| pickled.protocol >= 2);
    for pickled in corpus.filter(|pickled| families.contains(&pickled.family.as_str())) {
        let bytes = &pickled.bytes[..];
        straight += as_any_of![
            bytes;
            Value, Vec<Value>, BTreeMap<String, Value>, Vec<Rc<Value>>, (), bool, i64, u8, i128, u128, f64, String, &str, Vec<u8>, &[u8], ByteArray, Option<i64>,
            Vec<i64>, Vec<f64>, Vec<String>, Vec<Vec<i64>>, Vec<Option<i64>>, Vec<Rc<Vec<i64>>>,
            Vec<BTreeMap<String, i64>>, BTreeMap<String, i64>, BTreeMap<i64, i64>,
            BTreeMap<i64, String>, BTreeSet<i64>, BTreeSet<String>, (i64,), (i64, i64),
            (String, i64), (i64, i64, i64), (i64, i64, i64, i64), [i64; 2], Rc<str>,
            Vec<Rc<str>>, geometry::Point, geometry::Line, geometry::Circle, geometry::Color,
            geometry::Suit, geometry::Event, geometry::Rectangle, geometry::Frozen,
            geometry::Slotted, geometry::Celsius, geometry::Meters, geometry::Pair<i64, i64>,
            geometry::Drawing<Box<dyn geometry::Shape>>, geometry::Drawing<Rc<dyn geometry::Shape>>,
        ];
    }
    assert!(straight > 400, "{straight}");
}

#[test]
fn both_paths_make_the_same_value_of_whatever_cpython_has_written() {
    let mut straight = 0;
    for pickled in corpus() {
        straight += as_any_of![&pickled.bytes; Value, Option<Value>];
    }
    assert!(straight > 400, "{straight}");
}
