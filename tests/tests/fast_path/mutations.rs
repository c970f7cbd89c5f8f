//! Changed pickles: whatever becomes of them, it becomes the same in both ways.

use pickle_core::Limits;
use pickle_core::pickletools::genops;

use crate::harness::{Numbers, POLICIES, with_optimized};
use crate::zoo::CASES;

/// What is put between two opcodes.
const INSERTED: [&[u8]; 40] = [
    b"\x94",
    b"0",
    b"2",
    b"1",
    b"b",
    b"a",
    b"s",
    b"e",
    b"u",
    b"\x90",
    b"\x91",
    b"\x80\x04",
    b"\x80\x02",
    b"\x95\0\0\0\0\0\0\0\0",
    b"\x95\x03\0\0\0\0\0\0\0",
    b")",
    b"(",
    b"]",
    b"}",
    b"\x8f",
    b"N",
    b"\x88",
    b"K\x01",
    b"M\x01\x02",
    b"J\xff\xff\xff\xff",
    b"\x8a\x05\0\0\0\0\x01",
    b"\x8a\x01\xff",
    b"\x8a\0",
    b"G\x3f\xe0\0\0\0\0\0\0",
    b"\x8c\x01a",
    b"\x8c\x04list",
    b"C\x01x",
    b"\x85",
    b"\x86",
    b"\x87",
    b"t",
    b"\x81",
    b"R",
    b")\x81",
    b"}b",
];

fn mutate(pickle: &mut Vec<u8>, n: &mut Numbers) {
    for _ in 0..=n.below(3) {
        let mut ends: Vec<usize> = genops(pickle)
            .map_while(Result::ok)
            .map(|op| op.offset)
            .collect();
        ends.push(pickle.len());
        let at = n.below(ends.len().saturating_sub(1));
        let Some(&[start, end]) = ends.get(at..at + 2).and_then(|two| two.first_chunk()) else {
            return;
        };
        let other = n.below(ends.len().saturating_sub(1));
        let (from, to) = (ends[other], ends[other + 1]);
        let short = [b'h', n.below(pickle.len().min(256)) as u8];
        match n.below(12) {
            0 => {
                let at = n.below(pickle.len());
                pickle[at] ^= 1 << n.below(8);
            }
            1 if n.one_in(8) => pickle.truncate(start),
            1 | 2 => drop(pickle.drain(start..end)),
            3 => {
                let copy = pickle[start..end].to_vec();
                drop(pickle.splice(start..start, copy));
            }
            4 => {
                let copy = pickle[from..to].to_vec();
                drop(pickle.splice(start..start, copy));
            }
            5 => {
                let copy = pickle[from..to].to_vec();
                drop(pickle.splice(start..end, copy));
            }
            6 => drop(pickle.splice(start..start, short)),
            7 => drop(pickle.splice(start..end, short)),
            8 => drop(pickle.splice(start..end, n.pick(&INSERTED).iter().copied())),
            // The argument alone.
            9 if end > start + 1 => {
                let at = start + 1 + n.below(end - start - 1);
                pickle[at] = n.below(256) as u8;
            }
            10 => {
                // A run of opcodes elsewhere.
                let last = ends[(other + n.below(8)).min(ends.len() - 1)];
                let copy = pickle[from..last.max(from)].to_vec();
                drop(pickle.splice(start..start, copy));
            }
            _ => drop(pickle.splice(start..start, n.pick(&INSERTED).iter().copied())),
        }
    }
}

#[test]
fn a_changed_pickle_is_the_same_in_both_ways() {
    let setting = |name, default| {
        let value = std::env::var(name).ok();
        value.map_or(default, |value| value.parse().unwrap())
    };
    let rounds: usize = setting("PICKLE_FUZZ_ROUNDS", 700);
    let mut numbers = Numbers(setting("PICKLE_FUZZ_SEED", 3) as u64);
    let (mut straight, mut loaded) = (0, 0);
    for case in CASES {
        let mut seeds = Vec::new();
        for protocol in 2..=5 {
            for policy in POLICIES {
                for size in [1, 3, 6] {
                    let bytes = (case.dump)(&mut numbers, size, protocol, policy);
                    seeds.extend(with_optimized(bytes));
                }
            }
        }
        for _ in 0..rounds {
            let mut pickle = seeds[numbers.below(seeds.len())].clone();
            // The frame says how long it is.
            if pickle.get(2) == Some(&0x95) && !numbers.one_in(8) {
                pickle.drain(2..11);
            }
            mutate(&mut pickle, &mut numbers);
            let outcome = (case.compare)(Limits::default(), &pickle);
            straight += usize::from(outcome.straight);
            loaded += usize::from(outcome.loaded);
        }
    }
    let all = rounds * CASES.len();
    assert!(
        straight > all / 50 && loaded > straight && loaded < all / 2,
        "{straight} straight, {loaded} loaded of {all}"
    );
}
