//! Pickles that are one thing over and over: what a loader might spend too much on.

/// Bytes over and over, between a beginning and an end.
#[derive(Debug)]
pub struct Flood {
    /// What there is so much of.
    pub name: &'static str,
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

/// All of them. Most are pickles, but for what they leave on the stack.
pub const FLOODS: &[Flood] = &[
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

impl Flood {
    /// Of about so many bytes.
    #[must_use]
    pub fn of_len(&self, len: usize) -> Vec<u8> {
        let times = len / self.again.len();
        [self.first, &self.again.repeat(times), self.last].concat()
    }
}
