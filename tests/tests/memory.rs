//! What parsing takes: 64 bytes for each byte of the input, and 64 KiB, whatever the bytes are.
//! A counting allocator tells.

use std::sync::Mutex;

use peak_alloc::PeakAlloc;
use pickle_core::{Graph, Limits, Unpickler};
use pickle_tests::floods::FLOODS;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What is counted is counted of one thing at a time.
static COUNTING: Mutex<()> = Mutex::new(());

const EACH_BYTE: usize = 64;
const IN_ALL: usize = 64 << 10;

/// The most that there was at once beyond what there was before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let made = work();
    (made, ALLOCATOR.peak_usage().saturating_sub(before))
}

fn check(name: &str, bytes: &[u8]) {
    let unpickler = Unpickler::new().limits(Limits::trusted());
    let (graph, peak) = peak(|| unpickler.graph(bytes));
    let allowed = EACH_BYTE * bytes.len() + IN_ALL;
    assert!(
        peak <= allowed,
        "{name}, {} bytes: {peak} of {allowed} ({:.1} a byte)",
        bytes.len(),
        peak as f64 / bytes.len() as f64,
    );
    drop(graph);
}

#[test]
fn parsing_stays_within_the_budget() {
    let _counting = COUNTING.lock();
    for len in [10, 1_000, 100_000, 1_000_000] {
        for flood in FLOODS {
            check(flood.name, &flood.of_len(len));
        }
    }
}

#[test]
fn distinct_globals_stay_within_the_budget() {
    let _counting = COUNTING.lock();
    let names = (0..100_000).map(|number| format!("cm\n{number}\n0"));
    let bytes = names.collect::<String>() + "N.";
    check("distinct globals", bytes.as_bytes());
}

#[test]
fn lengths_are_not_believed() {
    let _counting = COUNTING.lock();
    let claims: &[&[u8]] = &[
        b"B\xff\xff\xff\x7f",
        b"X\xff\xff\xff\x7f",
        b"T\xff\xff\xff\x7f",
        b"\x8b\xff\xff\xff\x7f",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x96\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f",
    ];
    for claim in claims {
        let bytes = [*claim, &[0; 100]].concat();
        let (graph, of_slice) = peak(|| Graph::parse(&bytes).is_ok());
        let (read, of_reader) = peak(|| Unpickler::new().read_graph(&mut &bytes[..]).is_ok());
        assert!(!graph && !read, "{}", claim.escape_ascii());
        assert!(of_slice < IN_ALL, "{}: {of_slice}", claim.escape_ascii());
        assert!(of_reader < IN_ALL, "{}: {of_reader}", claim.escape_ascii());
    }
}
