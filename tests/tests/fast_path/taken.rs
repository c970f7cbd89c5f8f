//! How often the fast path is taken.

use std::collections::BTreeMap;

use crate::harness::{Numbers, POLICIES, with_optimized};
use crate::zoo::CASES;
use pickle_core::Limits;

#[test]
fn plain_pickles_take_the_fast_path() {
    let mut numbers = Numbers(5);
    let mut missed: BTreeMap<String, usize> = BTreeMap::new();
    for case in CASES {
        for protocol in 2..=5 {
            for policy in POLICIES {
                for round in 0..20 {
                    let size = [0, 1, 2, 3, 5][round % 5];
                    let bytes = (case.dump)(&mut numbers, size, protocol, policy);
                    for (which, bytes) in with_optimized(bytes).iter().enumerate() {
                        let outcome = (case.compare)(Limits::default(), bytes);
                        if !outcome.straight {
                            let key = format!("{} {protocol} {policy:?} {which}", case.name);
                            *missed.entry(key).or_default() += 1;
                            if bytes.len() < 200 && which == 1 && policy == POLICIES[0] && protocol == 4 && (case.name.contains("dyn") || case.name.contains("Level")) {
                                println!("{}: {}", case.name, bytes.escape_ascii());
                            }
                        }
                    }
                }
            }
        }
    }
    for (key, count) in &missed {
        println!("{key}: {count} of 20");
    }
    assert!(missed.is_empty());
}
