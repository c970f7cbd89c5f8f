//! Loads a pickle in both ways, and holds the results together.

use std::fmt::Debug;

use pickle_core::pickletools::optimize;
use pickle_core::{__private, Construct, Limits, MemoPolicy, Pickler, Reduce, Unpickler};

/// Numbers that look like random ones, and are the same each time.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % end.max(1)
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Which of the two ways made a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) straight: bool,
    pub(crate) loaded: bool,
}

/// A type of the zoo.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// A value of about that size, dumped.
    pub(crate) dump: fn(&mut Numbers, usize, u8, MemoPolicy) -> Vec<u8>,
    pub(crate) compare: fn(Limits, &[u8]) -> Outcome,
}

pub(crate) fn dump(value: &impl Reduce, protocol: u8, policy: MemoPolicy) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(protocol).memo(policy);
    pickler.dump(value).unwrap();
    drop(pickler);
    bytes
}

/// A value as bytes that tell which of its objects are one. What was loaded may hold what cannot be
/// dumped.
fn identity(value: &impl Reduce) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(5).memo(MemoPolicy::All);
    let dumped = pickler.dump(value);
    drop(pickler);
    dumped.map(|_| bytes).map_err(|error| error.to_string())
}

/// Loads in both ways. `same` compares values; where their order is by chance, it is all there is.
pub(crate) fn compare<'g, T: Construct<'g> + Reduce>(
    limits: Limits,
    bytes: &'g [u8],
    same: impl Fn(&T, &T) -> bool,
) -> Outcome {
    let unpickler = Unpickler::new().limits(limits);
    let straight: Option<T> = __private::straight(&unpickler, bytes);
    let graph: pickle_core::Result<T> = unpickler.graph(bytes).and_then(|graph| graph.construct());
    let shown = || {
        let shown = bytes.escape_ascii().to_string();
        shown.chars().take(3000).collect::<String>()
    };
    match (&straight, &graph) {
        (Some(straight), Ok(graph)) => assert!(
            same(straight, graph),
            "made otherwise of b\"{}\": {:?} instead of {:?}",
            shown(),
            identity(straight).map(|bytes| bytes.escape_ascii().to_string()),
            identity(graph).map(|bytes| bytes.escape_ascii().to_string()),
        ),
        (Some(straight), Err(error)) => panic!(
            "made {:?} of b\"{}\": {error}",
            identity(straight).map(|bytes| bytes.escape_ascii().to_string()),
            shown()
        ),
        (None, _) => {}
    }
    let outcome = Outcome {
        straight: straight.is_some(),
        loaded: graph.is_ok(),
    };
    if straight.is_none() {
        match (unpickler.loads::<T>(bytes), graph) {
            (Ok(loaded), Ok(graph)) => assert!(same(&loaded, &graph), "{}", shown()),
            (Err(loaded), Err(graph)) => {
                let whole = |error: &pickle_core::Error| {
                    let (offset, path) = (error.offset(), error.path().to_string());
                    (format!("{:?}", error.kind()), offset, path)
                };
                assert_eq!(whole(&loaded), whole(&graph), "{}", shown());
            }
            (Ok(_), Err(error)) => panic!("loads, but {error}: {}", shown()),
            (Err(error), Ok(_)) => panic!("{error}, but the graph loads: {}", shown()),
        }
    }
    outcome
}

/// By what they are dumped to.
pub(crate) fn by_identity<T: Reduce>(one: &T, other: &T) -> bool {
    identity(one) == identity(other)
}

/// The same, and by their debug form, which tells what is not dumped.
pub(crate) fn by_debug<T: Reduce + Debug>(one: &T, other: &T) -> bool {
    by_identity(one, other) && format!("{one:?}") == format!("{other:?}")
}

/// A pickle, and the same without the memo entries that nothing refers to.
pub(crate) fn with_optimized(bytes: Vec<u8>) -> [Vec<u8>; 2] {
    let optimized = optimize(&bytes).unwrap();
    [bytes, optimized]
}

pub(crate) const POLICIES: [MemoPolicy; 2] = [MemoPolicy::Shared, MemoPolicy::All];
