//! Parsed pickles, written again.

use super::super::{MemoPolicy, Pickler, dumps};
use super::dump;
use crate::error::{ErrorKind, Result};
use crate::graph::Graph;
use crate::reduce::Reduce;

struct Nest(Option<Box<Nest>>);

impl Reduce for Nest {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.list(self.0.as_deref())
    }
}

impl Drop for Nest {
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut nest) = next {
            next = nest.0.take();
        }
    }
}

#[test]
fn levels_of_any_number_need_no_stack() {
    let levels = || {
        let mut nest = Nest(None);
        for _ in 0..200_000 {
            nest = Nest(Some(Box::new(nest)));
        }
        let bytes = dumps(&nest).expect("lists can be pickled");
        let graph = crate::decode::Unpickler::new()
            .limits(crate::limits::Limits::trusted())
            .graph(&bytes)
            .expect("it was just written");
        assert_eq!(dumps(&graph).expect("so were these"), bytes);
    };
    let small = std::thread::Builder::new().stack_size(512 << 10);
    small
        .spawn(levels)
        .expect("threads can be spawned")
        .join()
        .expect("it does not panic");
}

/// Pickles of objects that contain themselves in every way, by CPython.
#[test]
fn graphs_that_contain_themselves_are_written_as_cpython_writes_them() {
    for pickle in RECURSIVE {
        let graph = Graph::parse(pickle).expect("CPython's pickles can be parsed");
        assert_eq!(
            dump(&graph, 4, MemoPolicy::All).escape_ascii().to_string(),
            pickle.escape_ascii().to_string()
        );
    }
}

const RECURSIVE: [&[u8]; 7] = [
    b"\x80\x04\x95\x06\x00\x00\x00\x00\x00\x00\x00]\x94h\x00a.", // rl
    b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00]\x94h\x00\x85\x94a0h\x01.", // rt
    b"\x80\x04\x95\x08\x00\x00\x00\x00\x00\x00\x00]\x94h\x00\x85\x94a.", // rt2
    b"\x80\x04\x95\x19\x00\x00\x00\x00\x00\x00\x00(]\x94(h\x00K\x01K\x02K\x03t\x94aK\x01K\x02K\x031h\x01.", // rt4
    b"\x80\x04\x95\x08\x00\x00\x00\x00\x00\x00\x00}\x94K\x01h\x00s.", // rd
    b"\x80\x04\x95/\x00\x00\x00\x00\x00\x00\x00\x8c\x01m\x94\x8c\x01P\x94\x93\x94)\x81\x94}\x94(\x8c\x01x\x94K\x01\x8c\x01y\x94K\x02\x8c\x02me\x94h\x03\x8c\x01l\x94]\x94h\x03aub.", // rp
    b"\x80\x04\x95\x14\x00\x00\x00\x00\x00\x00\x00]\x94\x8c\x01m\x94\x8c\x01R\x94\x93\x94h\x00\x85\x94R\x94a.", // rr
];

#[test]
fn old_style_instances_stay_what_they_are() {
    let graph =
        Graph::parse(b"(im\nOld\n(dS'a'\nI1\nsb.").expect("Python 2's pickles can be parsed");
    let shared = |protocol| {
        dump(&graph, protocol, MemoPolicy::Shared)
            .escape_ascii()
            .to_string()
    };
    assert_eq!(shared(0), r"(im\nOld\n(dVa\nI1\nsb.");
    assert_eq!(
        shared(2),
        r"\x80\x02(cm\nOld\nq\x00o}X\x01\x00\x00\x00aK\x01sb."
    );
}

#[test]
fn what_changes_after_a_call_is_written_after_it() {
    // l = []; x = f(l); l.append(1); then (x, l), or x alone
    for (pickle, expected) in [
        (
            &b"]q\0cm\nf\n(h\0tRh\0K\x01a\x86."[..],
            r"\x80\x02cm\nf\nq\x00]q\x01\x85Rh\x01\x86h\x01K\x01a0.",
        ),
        (
            b"cm\nf\n(]q\0tRh\0K\x01a0.",
            r"\x80\x02cm\nf\nq\x00]q\x01\x85Rh\x01K\x01a0.",
        ),
    ] {
        let graph = Graph::parse(pickle).expect("it is well formed");
        let bytes = dump(&graph, 2, MemoPolicy::Shared);
        assert_eq!(bytes.escape_ascii().to_string(), expected);
    }
    // l = []; x = f(l); l.append(1); then (l, x): l cannot come first and be empty for f.
    let graph =
        Graph::parse(b"]q\0cm\nf\n(h\0tRq\x010h\0K\x01ah\x01\x86.").expect("it is well formed");
    let error = dumps(&graph).expect_err("it has to be refused");
    assert_eq!(*error.kind(), ErrorKind::MutatedAfterUse);
}
