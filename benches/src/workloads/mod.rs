//! The workloads: what is dumped and loaded.

mod bytes;
mod floats;
mod graph;
mod ints;
mod points;
mod records;
mod shapes;
mod small;
mod strings;
mod tweets;

use std::ops::Range;

use fastrand::Rng;

use crate::contest::Contest;

/// A workload.
pub(crate) struct Workload {
    /// What it is chosen by.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// What is counted.
    pub(crate) element: &'static str,
    /// How many there are.
    pub(crate) size: usize,
    /// How many there are in a quick run.
    pub(crate) quick: usize,
    /// Has all contestants enter.
    pub(crate) enter: fn(&mut Contest),
}

/// All workloads.
pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        id: "w1",
        title: "points",
        element: "point",
        size: 200_000,
        quick: 300,
        enter: points::enter,
    },
    Workload {
        id: "w2",
        title: "records",
        element: "record",
        size: 50_000,
        quick: 30,
        enter: records::enter,
    },
    Workload {
        id: "w3",
        title: "floats",
        element: "float",
        size: 2_000_000,
        quick: 3000,
        enter: floats::enter,
    },
    Workload {
        id: "w4",
        title: "ints",
        element: "int",
        size: 2_000_000,
        quick: 3000,
        enter: ints::enter,
    },
    Workload {
        id: "w5",
        title: "strings",
        element: "string",
        size: 500_000,
        quick: 1000,
        enter: strings::enter,
    },
    Workload {
        id: "w6",
        title: "bytes",
        element: "value of 64 MiB",
        size: 64 << 20,
        quick: 4 << 10,
        enter: bytes::enter,
    },
    Workload {
        id: "w7",
        title: "trait objects",
        element: "shape",
        size: 200_000,
        quick: 300,
        enter: shapes::enter,
    },
    Workload {
        id: "w8",
        title: "graph",
        element: "node",
        size: 100_000,
        quick: 300,
        enter: graph::enter,
    },
    Workload {
        id: "w10",
        title: "tweets",
        element: "document",
        size: 2250,
        quick: 3,
        enter: tweets::enter,
    },
    Workload {
        id: "w11",
        title: "small",
        element: "call",
        size: 1_000_000,
        quick: 100,
        enter: small::enter,
    },
];

/// So many records of W2.
pub(crate) fn record_list(size: usize) -> Vec<records::Record> {
    records::list(size)
}

/// The struct of W11.
pub(crate) fn small_struct() -> small::Small {
    small::value()
}

/// The workload that is chosen by a name.
pub(crate) fn find(name: &str) -> Result<&'static Workload, String> {
    let mut all = WORKLOADS.iter();
    all.find(|workload| workload.id.eq_ignore_ascii_case(name))
        .ok_or_else(|| format!("there is no workload {name}"))
}

/// A short text: mostly lower-case words, and one in sixteen beyond ASCII.
fn text(random: &mut Rng, len: Range<usize>) -> String {
    let mut text: String = (0..random.usize(len)).map(|_| random.lowercase()).collect();
    if random.u8(0..16) == 0 {
        text.push_str("-éß");
    }
    text
}
