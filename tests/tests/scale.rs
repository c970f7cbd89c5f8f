//! Lists of any length: item by item as all at once, and in as little memory.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::rc::Rc;

use pickle_core::pickletools::{self, Opcode};
use pickle_core::{
    ConstructOwned, ErrorKind, Limits, MemoPolicy, Pickler, Reduce, Unpickler, Value, load,
    load_iter, loads,
};
use pickle_tests::geometry::{Circle, Line, Point, Shape, Square};
use pickle_tests::python::{Judge, interpreters};

const LENGTHS: [usize; 8] = [0, 1, 2, 999, 1000, 1001, 2000, 2001];
const POLICIES: [MemoPolicy; 2] = [MemoPolicy::Shared, MemoPolicy::All];

fn dumps_as<T: Reduce>(value: &T, protocol: u8, policy: MemoPolicy) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(protocol).memo(policy);
    pickler.dump(value).unwrap();
    bytes
}

/// What comes item by item, from a reader that hands out so many bytes at a time; and then the
/// bytes behind the pickle.
fn items<T: ConstructOwned>(bytes: &[u8], size: usize) -> Vec<T> {
    let mut reader = BufReader::with_capacity(size, bytes);
    let items = load_iter::<T, _>(&mut reader).collect::<Result<Vec<T>, _>>();
    let items = items.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(load::<String>(&mut reader).unwrap(), "next");
    items
}

fn assert_items<T>(make: impl Fn(usize) -> T, lengths: &[usize], sizes: &[usize])
where
    T: ConstructOwned + Reduce + Debug + PartialEq,
{
    for &len in lengths {
        let list: Vec<T> = (0..len).map(&make).collect();
        for protocol in 2..=5 {
            for policy in POLICIES {
                let mut bytes = dumps_as(&list, protocol, policy);
                let all: Vec<T> = loads(&bytes).unwrap();
                bytes.extend(dumps_as(&"next", 4, MemoPolicy::Shared));
                for &size in sizes {
                    let loaded = items::<T>(&bytes, size);
                    assert!(loaded == all, "{len} in protocol {protocol} by {size}");
                }
            }
        }
    }
}

fn point(number: usize) -> Point {
    Point {
        x: number as f64,
        y: -0.5,
    }
}

fn mixed(number: usize) -> (i64, String, Option<Vec<u32>>, BTreeMap<String, f64>) {
    let list = (!number.is_multiple_of(3)).then(|| (0..number as u32 % 5).collect());
    let map = (0..number % 4).map(|key| (format!("key {key}"), 0.5));
    (number as i64 - 7, format!("é{number}"), list, map.collect())
}

#[test]
fn items_are_those_of_the_list() {
    let sizes = [1, 3, 7, 64, 8192];
    assert_items(|number| number as u64, &LENGTHS, &sizes);
    assert_items(|number| number as f64, &LENGTHS, &[7, 8192]);
    assert_items(|number| format!("{number}"), &LENGTHS, &[7, 8192]);
    assert_items(|_| "x".repeat(300), &LENGTHS, &[7, 8192]);
    assert_items(point, &LENGTHS, &sizes);
    assert_items(mixed, &LENGTHS, &sizes);
    assert_items(any, &LENGTHS, &[7, 8192]);
    assert_items(|number| (number > 1).then(|| point(number)), &LENGTHS, &[7]);
}

#[test]
fn items_may_be_lists_themselves() {
    // A list of one item is one that could be empty, with the next item behind it.
    for len in [0, 1, 2, 999, 1000] {
        assert_items(|_| vec![1_i32; len], &[0, 1, 2, 3], &[7, 8192]);
    }
    assert_items(|number| vec![vec![number; number % 3]; 1], &LENGTHS, &[7]);
}

#[test]
fn items_of_long_lists_are_those_of_the_list() {
    assert_items(|number| number as i64 * 1000, &[100_000], &[8192]);
    assert_items(point, &[100_000], &[8192]);
    assert_items(|number| format!("{number}"), &[100_000], &[8192]);
}

#[test]
fn items_share_what_they_share_across_batches() {
    let end = Rc::new(point(1));
    let lines: Vec<Line> = (0..2500)
        .map(|number| Line {
            start: Rc::new(point(number)),
            end: Rc::clone(&end),
        })
        .collect();
    for protocol in 2..=5 {
        for policy in POLICIES {
            let bytes = dumps_as(&lines, protocol, policy);
            let loaded = load_iter::<Line, _>(&bytes[..]).collect::<Result<Vec<_>, _>>();
            let loaded = loaded.unwrap();
            assert_eq!(loaded, lines);
            assert!(
                loaded
                    .iter()
                    .all(|line| Rc::ptr_eq(&line.end, &loaded[0].end))
            );
        }
    }
}

#[test]
fn items_may_be_trait_objects() {
    let shapes = (0..2500).map(|number| -> Box<dyn Shape> {
        match number % 2 {
            0 => Box::new(Circle { radius: 1.0 }),
            _ => Box::new(Square { side: 2.0 }),
        }
    });
    let shapes: Vec<_> = shapes.collect();
    let bytes = dumps_as(&shapes, 4, MemoPolicy::Shared);
    let loaded = load_iter::<Box<dyn Shape>, _>(&bytes[..]).collect::<Result<Vec<_>, _>>();
    assert_eq!(format!("{:?}", loaded.unwrap()), format!("{shapes:?}"));
}

#[test]
fn each_python_writes_lists_that_come_item_by_item() {
    for (version, program) in interpreters() {
        let judge = Judge::start(version, &program);
        // Python 2's str is a form of its own.
        for protocol in 3..=version.highest_protocol() {
            for len in [0, 1, 2, 1000, 1001, 9000] {
                let points = format!("[geometry.Point(float(i), -0.5) for i in range({len})]");
                let bytes = judge.eval(&points, protocol).unwrap();
                let loaded = load_iter::<Point, _>(&bytes[..]).collect::<Result<Vec<_>, _>>();
                let loaded = loaded.unwrap_or_else(|error| panic!("{version}, {len}: {error}"));
                assert!(loaded.into_iter().eq((0..len).map(point)));

                let words = format!("[(i, str(i % 700)) for i in range({len})]");
                let bytes = judge.eval(&words, protocol).unwrap();
                let all: Vec<(usize, String)> = loads(&bytes).unwrap();
                let loaded = load_iter(&bytes[..]).collect::<Result<Vec<(usize, String)>, _>>();
                let loaded = loaded.unwrap_or_else(|error| panic!("{version}, {len}: {error}"));
                assert_eq!(loaded, all);
            }
        }
    }
}

/// The items before the first error, and that.
fn until_error<T: ConstructOwned>(bytes: &[u8]) -> (Vec<T>, Option<pickle_core::Error>) {
    let mut list = load_iter::<T, _>(bytes);
    let mut items = Vec::new();
    let error = loop {
        match list.next() {
            Some(Ok(item)) => items.push(item),
            Some(Err(error)) => break Some(error),
            None => break None,
        }
    };
    assert!(list.next().is_none());
    (items, error)
}

#[test]
fn batches_in_front_of_where_a_pickle_is_cut_off_are_loaded() {
    let list: Vec<Point> = (0..2001).map(point).collect();
    for policy in POLICIES {
        let bytes = dumps_as(&list, 4, policy);
        for end in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
            let (items, error) = until_error::<Point>(&bytes[..end]);
            let error = error.expect("it has no end");
            let expected = Unpickler::new().graph(&bytes[..end]).unwrap_err();
            let frames = matches!(expected.kind(), ErrorKind::Truncated { .. });
            let same = error.kind() == expected.kind() && error.offset() == expected.offset();
            assert!(same || frames, "{end}: {error}, not {expected}");
            assert_eq!(items, list[..items.len()]);
            assert!([0, 1000, 2000, 2001].contains(&items.len()), "{end}");
        }
    }
}

#[test]
fn items_in_front_of_one_of_another_type_are_loaded() {
    for len in [3, 1500] {
        for wrong in [0, 1, 2, len - 1] {
            let mut bytes = b"\x80\x04](".to_vec();
            let mut offset = 0;
            for index in 0..len {
                if index > 0 && index % 1000 == 0 {
                    bytes.extend(b"e(");
                }
                if index == wrong {
                    offset = bytes.len();
                    bytes.extend(b"\x8c\x01a\x94");
                } else {
                    bytes.extend(b"K\x05");
                }
            }
            bytes.extend(b"e.");
            let (items, error) = until_error::<i64>(&bytes);
            let error = error.unwrap();
            assert_eq!(items, vec![5; wrong], "{error}");
            assert!(
                matches!(error.kind(), ErrorKind::UnusualItem { .. }),
                "{error}"
            );
            assert_eq!(error.path().to_string(), format!("$[{wrong}]"));
            assert_eq!(error.offset(), Some(offset as u64));
        }
    }
}

#[test]
fn what_is_no_list_is_refused() {
    for (pickle, offset) in [
        (&b"\x80\x04K\x01."[..], 2),
        (b"\x80\x04).", 2),
        (b"\x80\x01].", 2),
        (b"].", 0),
        (b"(lp0\n.", 0),
    ] {
        let (items, error) = until_error::<i64>(pickle);
        let error = error.unwrap();
        assert!(items.is_empty());
        assert!(
            matches!(error.kind(), ErrorKind::WrongType { .. }),
            "{error}"
        );
        assert_eq!(error.offset(), Some(offset), "{error}");
    }
    let (items, error) = until_error::<i64>(b"\x80\x04](K\x01K\x02e\x85.");
    assert_eq!(items, [1, 2]);
    let error = error.unwrap();
    assert_eq!(error.path().to_string(), "$[2]");
}

#[test]
fn frames_may_stand_anywhere_and_have_to_be_there() {
    let frame = |len: u8| [&[0x95, len][..], &[0; 7]].concat();
    let pieces: [&[u8]; 9] = [
        b"\x80\x04",
        b"]",
        b"\x94",
        b"(",
        b"K\x01",
        b"]",
        b"(K\x02K\x03e",
        b"e",
        b".",
    ];
    for at in 1..pieces.len() {
        let mut bytes = pieces[..at].concat();
        bytes.extend(frame(1));
        bytes.extend(pieces[at..].concat());
        // The list in the list is no int, wherever the frame is.
        let (items, error) = until_error::<i64>(&bytes);
        assert_eq!(items, [1]);
        let offset = if at <= 5 { 16 } else { 7 };
        let error = error.unwrap();
        assert_eq!(error.offset(), Some(offset), "{at}: {error}");

        let list = bytes.clone();
        let all = Unpickler::new().graph(&list).unwrap();
        assert_eq!(all.len(), 5, "{all:?}");
    }
    for len in [0, 1, 4, 5] {
        let mut bytes = b"\x80\x04](K\x01".to_vec();
        bytes.extend(frame(len));
        bytes.extend(b"K\x02e.");
        let (items, error) = until_error::<i64>(&bytes);
        assert_eq!(items, [1, 2]);
        let expected = Unpickler::new().graph(&bytes).err();
        assert_eq!(
            error.as_ref().map(ToString::to_string),
            expected.map(|e| e.to_string())
        );
        assert_eq!(error.is_some(), len == 5);
    }
}

#[derive(Debug, Reduce)]
#[reduce(impure)]
struct Logged {
    #[allow(dead_code, reason = "only its type matters")]
    name: String,
}

/// A value of any kind, some of which share strs.
fn any(number: usize) -> Value {
    let text = Value::from(format!("{}", number % 7));
    match number % 6 {
        0 => Value::None,
        1 => (number as i64).into(),
        2 => text,
        3 => Value::List([text, 0.5.into()].into()),
        4 => Value::Tuple([Value::List([text].into()), true.into()].into()),
        _ => Value::Dict(
            [(
                "key".into(),
                Value::Dict([(text, 1.into())].into_iter().collect()),
            )]
            .into_iter()
            .collect(),
        ),
    }
}

#[test]
fn types_with_effects_are_refused_before_anything_is_read() {
    let mut reader = &b"whatever"[..];
    let mut list = load_iter::<Logged, _>(&mut reader);
    let error = list.next().unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Impure { .. }), "{error}");
    assert!(list.next().is_none());
    assert_eq!(reader, b"whatever");
}

#[test]
fn limits_hold_for_the_whole_list() {
    let nested = vec![vec![vec![1_i64, 2]]; 3];
    let bytes = dumps_as(&nested, 4, MemoPolicy::Shared);
    for depth in 0..6 {
        let unpickler = Unpickler::new().limits(Limits::default().typed_depth(depth));
        let all = unpickler.loads::<Vec<Vec<Vec<i64>>>>(&bytes);
        let list = unpickler.load_iter::<Vec<Vec<i64>>, _>(&bytes[..]);
        match (all, list.collect::<Result<Vec<_>, _>>()) {
            (Ok(all), Ok(items)) => assert_eq!(items, all),
            (Err(all), Err(item)) => assert_eq!(item.kind(), all.kind()),
            (all, items) => panic!("{depth}: {all:?}, {items:?}"),
        }
    }

    // One long str, referred to again and again.
    let mut bytes = b"\x80\x04](X\x10\x27\0\0".to_vec();
    bytes.extend([b'a'; 10_000]);
    bytes.push(0x94);
    for index in 0..5000 {
        if index % 1000 == 999 {
            bytes.extend(b"e(");
        }
        bytes.extend(b"h\0");
    }
    bytes.extend(b"e.");
    let list = || load_iter::<String, _>(&bytes[..]);
    assert!(list().all(|item| item.is_ok()));
    let limits = Limits::default().constructed_bytes(1_000_000, 16);
    let list = Unpickler::new()
        .limits(limits)
        .load_iter::<String, _>(&bytes[..]);
    let results: Vec<_> = list.collect();
    let error = results.last().unwrap().as_ref().unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::LimitExceeded {
                setter: "constructed_bytes",
                ..
            }
        ),
        "{error}"
    );
    assert!(results.len() < 200, "{}", results.len());
}

/// If all of a broken pickle comes item by item, it comes at once too; and if it comes at once, what
/// comes item by item is the beginning of it.
fn assert_sound<T: ConstructOwned + Debug>(bytes: &[u8]) {
    let (items, error) = until_error::<T>(bytes);
    match load::<Vec<T>>(&mut &bytes[..]) {
        Ok(all) => {
            let start = format!("{:?}", &all[..items.len().min(all.len())]);
            assert_eq!(format!("{items:?}"), start, "{}", bytes.escape_ascii());
            assert!(error.is_some() || items.len() == all.len());
        }
        Err(at_once) => assert!(error.is_some(), "{at_once}: {}", bytes.escape_ascii()),
    }
}

fn assert_mutations_are_sound<T: ConstructOwned + Reduce + Debug>(list: &Vec<T>) {
    for policy in POLICIES {
        let mut bytes = dumps_as(list, 4, policy);
        for at in 2..bytes.len() {
            for byte in b"\0\x01]a(e.}su)\x85K\x94h0N\x95" {
                let before = std::mem::replace(&mut bytes[at], *byte);
                assert_sound::<T>(&bytes);
                bytes[at] = before;
            }
        }
    }
}

#[test]
fn items_of_broken_pickles_are_those_of_the_list() {
    assert_mutations_are_sound(&vec![vec![1_u8.into(); 1], vec![], vec![2_i32, 3]]);
    assert_mutations_are_sound(&vec![point(1), point(2)]);
    assert_mutations_are_sound(&(0..3).map(mixed).collect());
}

/// A number of kilobytes that Linux tells of this process.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Some bytes, then some others again and again, then STOP.
struct Endless<'a> {
    first: &'a [u8],
    again: &'a [u8],
    times: u64,
    part: &'a [u8],
    read: u64,
}

impl<'a> Endless<'a> {
    fn new(first: &'a [u8], again: &'a [u8], times: u64) -> Self {
        Self {
            first,
            again,
            times,
            part: first,
            read: 0,
        }
    }

    fn len(&self) -> u64 {
        self.first.len() as u64 + self.times * self.again.len() as u64 + 1
    }
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Endless<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.part.is_empty() {
            let left = (self.len() - self.read) as usize;
            self.part = match left {
                0 => b"",
                1 => b".",
                _ => self.again,
            };
        }
        Ok(self.part)
    }

    fn consume(&mut self, count: usize) {
        self.part = &self.part[count..];
        self.read += count as u64;
    }
}

#[test]
#[ignore = "reads more than 4 GB, which takes a minute"]
fn a_list_of_more_than_four_gigabytes_takes_no_more_memory_than_a_batch() {
    let list: Vec<Point> = (0..2000).map(point).collect();
    let mut bytes = dumps_as(&list, 4, MemoPolicy::Shared);
    // A frame ends with the pickle that it was written for.
    bytes.drain(2..11);
    let ends = pickletools::genops(&bytes).map(Result::unwrap);
    let ends = ends.filter(|located| located.opcode == Opcode::Appends);
    let ends: Vec<usize> = ends.map(|located| located.offset + 1).collect();
    let (first, again) = (&bytes[..ends[0]], &bytes[ends[0]..ends[1]]);
    let times = (9 << 29) / again.len() as u64;

    let mut reader = Endless::new(first, again, times);
    let before = memory("VmRSS");
    let (mut count, mut sum, mut most) = (0_u64, 0.0, 0);
    for point in load_iter::<Point, _>(&mut reader) {
        sum += point.unwrap().y;
        if count.is_multiple_of(1 << 22) {
            most = most.max(memory("VmRSS"));
        }
        count += 1;
    }
    assert_eq!(count, 1000 * (times + 1));
    assert_eq!(sum, -0.5 * count as f64);
    assert_eq!(reader.read, reader.len());
    assert!(reader.read > 1 << 32);
    let grown = most.saturating_sub(before);
    eprintln!("{count} items in {} bytes: {grown} kB more", reader.read);
    assert!(grown < 4096, "{grown} kB");
}

/// Counts bytes, and keeps the first and the last.
#[derive(Default)]
struct Ends {
    first: Vec<u8>,
    last: Option<u8>,
    written: u64,
}

impl Write for Ends {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let missing = 32_usize.saturating_sub(self.first.len());
        self.first.extend(bytes.iter().take(missing));
        self.last = bytes.last().copied().or(self.last);
        self.written += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
#[ignore = "takes 9 GB of memory"]
fn bytes_may_have_a_length_of_more_than_32_bits() {
    const LEN: u64 = (1 << 32) + (1 << 20);
    let mut sink = Ends::default();
    let value = vec![7_u8; LEN as usize];
    Pickler::new(&mut sink).dump(&value).unwrap();
    drop(value);
    let head = [&b"\x80\x04\x8e"[..], &LEN.to_le_bytes()].concat();
    assert_eq!(sink.first[..head.len()], head);
    assert_eq!(sink.last, Some(b'.'));
    assert_eq!(sink.written, head.len() as u64 + LEN + 1);
    eprintln!("dumped: {} kB at most", memory("VmHWM"));

    let block = vec![7; 1 << 20];
    let mut reader = Endless::new(&head, &block, LEN >> 20);
    let loaded: Vec<u8> = load(&mut reader).unwrap();
    assert_eq!(loaded.len() as u64, LEN);
    assert!(loaded.iter().all(|byte| *byte == 7));
    assert_eq!(reader.read, reader.len());
    eprintln!("loaded: {} kB at most", memory("VmHWM"));
}
