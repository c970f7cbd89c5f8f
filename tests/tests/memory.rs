//! What parsing takes: 64 bytes for each byte of the input, and 64 KiB, whatever the bytes are.
//! A counting allocator tells.

use std::sync::Mutex;

use peak_alloc::PeakAlloc;
use pickle_core::{Graph, Limits, Unpickler};

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

/// Bytes over and over, between a beginning and an end.
struct Flood {
    name: &'static str,
    first: &'static [u8],
    again: &'static [u8],
    last: &'static [u8],
}

const fn flood(
    name: &'static str,
    first: &'static [u8],
    again: &'static [u8],
    last: &'static [u8],
) -> Flood {
    Flood {
        name,
        first,
        again,
        last,
    }
}

const FLOODS: &[Flood] = &[
    flood("nones", b"(", b"N", b"t."),
    flood("marks", b"", b"(", b"."),
    flood("marks and pops", b"N", b"(1", b"."),
    flood("empty lists", b"(", b"]", b"l."),
    flood("empty dicts", b"(", b"}", b"l."),
    flood("empty sets", b"(", b"\x8f", b"l."),
    flood("empty tuples", b"(", b")", b"l."),
    flood("nested lists", b"]", b"]a", b"."),
    flood("lists in lists, from within", b"]", b"\x85", b"."),
    flood("pairs of one", b"N", b"2\x86", b"."),
    flood("triples of one", b"N", b"22\x87", b"."),
    flood("copies of the topmost", b"(N", b"2", b"l."),
    flood("memoized lists", b"(", b"]\x94", b"l."),
    flood("memoized over and over", b"]", b"\x94", b"."),
    flood("put at one place", b"]", b"q\0", b"."),
    flood("put far off", b"]", b"r\xff\xff\xff\xff", b"."),
    flood("got", b"(]q\0", b"h\0", b"l."),
    flood("ints", b"(", b"K\x01", b"l."),
    flood("ints in text", b"(", b"I1\n", b"l."),
    flood("longs in text", b"(", b"L1L\n", b"l."),
    flood("longs", b"(", b"\x8a\x01\x01", b"l."),
    flood(
        "long longs",
        b"(",
        b"\x8a\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09",
        b"l.",
    ),
    flood("floats in text", b"(", b"F1\n", b"l."),
    flood("strs", b"(", b"\x8c\0", b"l."),
    flood("strs in text", b"(", b"V\n", b"l."),
    flood("escapes", b"(", b"V\\u00e9\n", b"l."),
    flood("strs of Python 2", b"(", b"U\x01a", b"l."),
    flood("quoted strs", b"(", b"S''\n", b"l."),
    flood("bytes", b"(", b"C\0", b"l."),
    flood("bytearrays", b"(", b"\x96\0\0\0\0\0\0\0\0", b"l."),
    flood("alternating appends", b"]q\0]q\x01", b"h\0Nah\x01Na", b"."),
    flood("single items", b"]", b"Na", b"."),
    flood("batches of one", b"]", b"(Ne", b"."),
    flood("empty batches", b"]", b"(e", b"."),
    flood("one key", b"}", b"NNs", b"."),
    flood("empty batches of a dict", b"}", b"(u", b"."),
    flood("sets of one", b"\x8f", b"(N\x90", b"."),
    flood("frozensets", b"(", b"(\x91", b"l."),
    flood("one global", b"(", b"cm\nn\n", b"l."),
    flood("calls", b"(", b"cm\nn\n)R", b"l."),
    flood("calls of calls", b"cm\nn\n", b")R", b"."),
    flood("instances", b"(cm\nn\nq\0", b"h\0)\x81", b"l."),
    flood("states", b"cm\nn\n)\x81", b"Nb", b"."),
    flood("items of an instance", b"cm\nn\n)\x81", b"Na", b"."),
    flood("old instances", b"(", b"(im\nn\n", b"l."),
    flood("protocols", b"", b"\x80\x02", b"N."),
    flood("frames", b"", b"\x95\0\0\0\0\0\0\0\0", b"N."),
];

fn repeated(flood: &Flood, len: usize) -> Vec<u8> {
    let times = len / flood.again.len();
    [flood.first, &flood.again.repeat(times), flood.last].concat()
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
            check(flood.name, &repeated(flood, len));
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
