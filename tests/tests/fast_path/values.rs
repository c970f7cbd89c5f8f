//! What picklers write of many values.

use pickle_core::{Limits, MemoPolicy};

use crate::harness::{Case, Numbers, Outcome, POLICIES, with_optimized};
use crate::zoo::CASES;

/// Around the batches of a thousand, and so many that references need four bytes and frames end
/// anywhere.
const SIZES: [usize; 10] = [0, 1, 2, 3, 4, 30, 999, 1000, 1001, 2001];

fn each(sizes: &[usize], mut check: impl FnMut(&Case, &[u8])) {
    let mut numbers = Numbers(1);
    for case in CASES {
        for size in sizes {
            for protocol in 2..=5 {
                for policy in POLICIES {
                    let bytes = (case.dump)(&mut numbers, *size, protocol, policy);
                    for bytes in with_optimized(bytes) {
                        check(case, &bytes);
                    }
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
    each(&SIZES, |case, bytes| {
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
