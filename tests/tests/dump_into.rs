//! Pickles in buffers that are used again, and lists that are never in memory.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{self, Write};
use std::rc::Rc;

use pickle_core::{
    Error, MemoPolicy, Pickler, Reduce, Result, Unpickler, dumps, dumps_into, loads,
};
use pickle_tests::geometry::Point;
use pickle_tests::python::{Judge, Version, interpreters};

struct Failing;

impl Reduce for Failing {
    fn reduce(&self, _: &mut Pickler<'_>) -> Result<()> {
        Err(Error::custom("as asked"))
    }
}

#[test]
fn a_pickle_goes_to_the_end_of_the_buffer() {
    let mut buffer = b"before".to_vec();
    dumps_into(&vec![1, 2], &mut buffer).unwrap();
    dumps_into("spam", &mut buffer).unwrap();
    let expected = [
        b"before".to_vec(),
        dumps(&[1, 2]).unwrap(),
        dumps("spam").unwrap(),
    ];
    assert_eq!(buffer, expected.concat());
}

#[test]
fn frames_are_the_same_wherever_in_the_buffer_they_begin() {
    let strings: Vec<String> = (0..30_000)
        .map(|number| format!("number {number}"))
        .collect();
    let alone = dumps(&strings).unwrap();
    let mut buffer = vec![0; 70_000];
    dumps_into(&strings, &mut buffer).unwrap();
    assert_eq!(buffer[70_000..], alone);
}

#[test]
fn the_buffer_is_as_before_after_an_error() {
    let mut buffer = b"before".to_vec();
    for large in [0, 200_000] {
        let value = ("spam".repeat(large), Failing);
        let error = dumps_into(&value, &mut buffer).unwrap_err();
        assert_eq!(error.to_string(), "as asked (in $[1])");
        assert_eq!(buffer, b"before");
    }
}

#[test]
fn memory_is_used_again() {
    let point = Point { x: 1.0, y: 2.0 };
    let mut pickler = Pickler::default().protocol(5);
    let mut buffer = Vec::with_capacity(256);
    let place = buffer.as_ptr();
    for _ in 0..3 {
        buffer.clear();
        pickler.clear_memo();
        pickler.dumps_into(&point, &mut buffer).unwrap();
        assert_eq!(loads::<Point>(&buffer).unwrap(), point);
        assert_eq!(buffer.as_ptr(), place);
    }
}

#[test]
fn the_memo_is_kept_unless_it_is_cleared() {
    let point = Point { x: 1.0, y: 2.0 };
    for protocol in 0..=5 {
        let (mut one, mut three) = (Vec::new(), Vec::new());
        let mut pickler = Pickler::new(&mut one).protocol(protocol);
        for _ in 0..3 {
            pickler.dump(&point).unwrap();
        }
        let mut pickler = Pickler::default().protocol(protocol);
        for _ in 0..3 {
            pickler.dumps_into(&point, &mut three).unwrap();
        }
        assert_eq!(one, three);
    }
}

#[test]
fn a_pickler_with_a_sink_can_write_elsewhere() {
    let (mut file, mut buffer) = (Vec::new(), Vec::new());
    let mut pickler = Pickler::new(&mut file);
    pickler.dump(&1).unwrap();
    pickler.dumps_into(&2, &mut buffer).unwrap();
    pickler.dump(&3).unwrap();
    assert_eq!(file, [dumps(&1).unwrap(), dumps(&3).unwrap()].concat());
    assert_eq!(buffer, dumps(&2).unwrap());
}

#[test]
fn a_pickler_without_a_sink_dumps_nowhere() {
    let error = Pickler::default().dump(&1).unwrap_err();
    assert_eq!(error.to_string(), "the pickler has no sink to dump to");
}

#[test]
fn what_is_protocol_4_after_0_fetches_as_that_does() {
    let point = Point { x: 1.0, y: 2.0 };
    let mut buffer = Vec::new();
    let mut pickler = Pickler::default();
    for protocol in [4, 0, 2] {
        pickler = pickler.protocol(protocol);
        for _ in 0..3 {
            pickler.dumps_into(&point, &mut buffer).unwrap();
        }
    }
    let stream = Unpickler::new().stream(&buffer[..]).shared_memo();
    let graphs: Vec<_> = stream.collect::<Result<_>>().unwrap();
    assert_eq!(graphs.len(), 9);
    for graph in graphs {
        assert_eq!(graph.construct::<Point>().unwrap(), point);
    }
}

fn iterated<T: Reduce>(
    protocol: u8,
    policy: MemoPolicy,
    items: impl IntoIterator<Item = T>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(protocol).memo(policy);
    pickler.dump_iter(items).unwrap();
    bytes
}

#[test]
fn an_iterator_is_written_as_the_list_that_it_would_be_collected_to() {
    for len in [0, 1, 2, 999, 1000, 1001, 2000, 2001, 30_000] {
        for protocol in 0..=5 {
            for policy in [MemoPolicy::Shared, MemoPolicy::All] {
                let items = || (0..len).map(|x| (x, format!("item {x}"), f64::from(x)));
                let mut expected = Vec::new();
                let mut pickler = Pickler::new(&mut expected).protocol(protocol).memo(policy);
                pickler.dump(&items().collect::<Vec<_>>()).unwrap();
                let found = iterated(protocol, policy, items());
                assert!(
                    found == expected,
                    "{len} items in protocol {protocol}, {policy:?}"
                );
            }
        }
    }
}

#[test]
fn pointers_that_items_share_are_one_object() {
    let shared = Rc::new(7);
    let bytes = iterated(4, MemoPolicy::Shared, (0..3).map(|_| Rc::clone(&shared)));
    let loaded: Vec<Rc<i32>> = loads(&bytes).unwrap();
    assert!(loaded.iter().all(|item| Rc::ptr_eq(item, &loaded[0])));
    // Those that are gone when the next item is made leave no address to it.
    let bytes = iterated(4, MemoPolicy::Shared, (0..100).map(Rc::new));
    assert_eq!(
        loads::<Vec<i32>>(&bytes).unwrap(),
        (0..100).collect::<Vec<_>>()
    );
}

#[test]
fn cpython_loads_what_was_iterated() {
    for (version, program) in interpreters() {
        if version < Version(3, 6) {
            continue;
        }
        let python = Judge::start(version, &program);
        for len in [0, 1, 1000, 12_345] {
            let bytes = iterated(4, MemoPolicy::Shared, (0..len).map(|x| x * x));
            let expected = format!("obj == [x * x for x in range({len})]");
            assert!(
                python.check(&bytes, &expected).unwrap(),
                "{len} items in {version:?}"
            );
        }
    }
}

/// Counts what it is given, and keeps the beginning.
#[derive(Default)]
struct Count {
    bytes: u64,
    largest: usize,
    head: Vec<u8>,
}

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.largest = self.largest.max(bytes.len());
        let missing = 32_usize.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_more_than_a_frame_of_an_iterator_is_kept() {
    for protocol in 0..=5 {
        let mut count = Count::default();
        let items = (0..300_000).map(|number| (number, "spam"));
        Pickler::new(&mut count)
            .protocol(protocol)
            .dump_iter(items)
            .unwrap();
        assert!(count.bytes > 2_000_000);
        assert!(
            count.largest < 70_000,
            "{} in protocol {protocol}",
            count.largest
        );
    }
}

#[test]
#[ignore = "takes 4 GB of memory, and a minute"]
fn lengths_over_32_bits_are_written() {
    let bytes = vec![b'x'; (1 << 32) + 7];
    let mut count = Count::default();
    pickle_core::dump(&bytes, &mut count).unwrap();
    assert_eq!(count.head[..11], *b"\x80\x04\x8e\x07\0\0\0\x01\0\0\0");
    assert_eq!(count.bytes, bytes.len() as u64 + 12);

    let text = String::from_utf8(bytes).unwrap();
    let mut count = Count::default();
    pickle_core::dump(&text, &mut count).unwrap();
    assert_eq!(count.head[..11], *b"\x80\x04\x8d\x07\0\0\0\x01\0\0\0");
    assert_eq!(count.bytes, text.len() as u64 + 12);
    drop(text);

    let mut count = Count::default();
    let floats = (0..500_000_000).map(f64::from);
    Pickler::new(&mut count).dump_iter(floats).unwrap();
    assert!(count.bytes > 1 << 32 && count.largest < 70_000);
}
