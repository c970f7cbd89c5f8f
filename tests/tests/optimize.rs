//! What `optimize` gives: the same object, in fewer memo entries.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::rc::Rc;

use pickle_core::pickletools::{Argument, Opcode, genops, optimize};
use pickle_core::{ErrorKind, Graph, MemoPolicy, Pickler, Reduce, loads};
use pickle_tests::corpus::{Pickled, corpus};
use pickle_tests::geometry::Point;
use pickle_tests::pickletools::{OPTIMIZED, large};

fn opcodes(pickle: &[u8]) -> Vec<Opcode> {
    genops(pickle).map(|op| op.unwrap().opcode).collect()
}

fn dumped<T: Reduce>(value: &T, protocol: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes)
        .protocol(protocol)
        .memo(MemoPolicy::All);
    pickler.dump(value).unwrap();
    drop(pickler);
    bytes
}

#[test]
fn odd_pickles_are_optimized_or_refused() {
    for (pickle, expected) in OPTIMIZED {
        let found = optimize(pickle);
        let name = pickle.escape_ascii();
        match (found, expected) {
            (Ok(found), Ok(expected)) => {
                let (found, expected) = (found.escape_ascii(), expected.escape_ascii());
                assert_eq!(found.to_string(), expected.to_string(), "{name}");
            }
            (Err(error), Err(expected)) => assert_eq!(error.to_string(), *expected, "{name}"),
            (found, expected) => panic!("{name}: {found:?}, not {expected:?}"),
        }
    }
}

/// Python's `pickletools` takes text of Python 2 for ASCII.
fn is_refused(pickled: &Pickled) -> bool {
    let needs_encoding = pickled.flags.iter().any(|flag| flag == "encoding");
    needs_encoding && opcodes(&pickled.bytes).contains(&Opcode::String)
}

#[test]
fn optimized_pickles_of_the_corpus_parse_to_equal_graphs() {
    let (mut equal, mut shorter, mut refused) = (0, 0, 0);
    for pickled in corpus() {
        let optimized = match optimize(&pickled.bytes) {
            Ok(optimized) => optimized,
            Err(error) => {
                let kind = error.kind();
                let is_text = matches!(
                    kind,
                    ErrorKind::BadArgument {
                        opcode: "STRING",
                        ..
                    }
                );
                assert!(
                    is_text && is_refused(&pickled),
                    "{}: {error}",
                    pickled.name()
                );
                refused += 1;
                continue;
            }
        };
        let graph = |bytes| pickled.unpickler().graph(bytes).map(Graph::into_owned);
        let [before, after] = [&pickled.bytes, &optimized].map(|bytes| graph(bytes).unwrap());
        assert!(
            before == after,
            "{}: {}",
            pickled.name(),
            optimized.escape_ascii()
        );
        let again = optimize(&optimized).unwrap();
        assert!(again == optimized, "{} is not optimal", pickled.name());
        equal += 1;
        shorter += usize::from(optimized.len() < pickled.bytes.len());
    }
    assert!(equal > 9000, "only {equal} pickles");
    assert!(2 * shorter > equal, "only {shorter} of {equal} are shorter");
    assert!(refused < 50, "{refused} are refused");
}

#[test]
fn frames_hold_whole_opcodes_and_end_behind_64_kibibytes() {
    for (name, pickle) in large() {
        let optimized = optimize(&pickle).unwrap();
        let (before, after) = (Graph::parse(&pickle), Graph::parse(&optimized));
        assert!(before.unwrap() == after.unwrap(), "{name}");
        let ops: Vec<_> = genops(&optimized).map(|op| op.unwrap()).collect();
        let ends: Vec<_> = ops
            .iter()
            .map(|op| op.offset)
            .skip(1)
            .chain([optimized.len()])
            .collect();
        let mut frame_end = 0;
        for (op, end) in ops.iter().zip(&ends) {
            if let (Opcode::Frame, Argument::Size(len)) = (op.opcode, op.argument) {
                assert!(op.offset >= frame_end, "{name}: a frame in a frame");
                assert!(len >= 4, "{name}: a frame of {len} bytes");
                frame_end = end + usize::try_from(len).unwrap();
                assert!(
                    ends.contains(&frame_end),
                    "{name}: a frame ends within an opcode"
                );
                continue;
            }
            let is_large = end - op.offset > 64 << 10;
            assert!(
                !is_large || op.offset >= frame_end,
                "{name}: a large opcode in a frame"
            );
        }
    }
    // PROTO, a frame of (, BINBYTES of 65,529 and two opcodes more, a frame of what is left.
    let (name, pickle) = large()
        .into_iter()
        .find(|(name, _)| name.contains("a PUT"))
        .unwrap();
    let frames = genops(&optimize(&pickle).unwrap())
        .map(|op| op.unwrap())
        .filter_map(|op| match (op.opcode, op.argument) {
            (Opcode::Frame, Argument::Size(len)) => Some((op.offset, len)),
            _ => None,
        })
        .collect::<Vec<_>>();
    assert_eq!(frames, [(2, 65_536), (65_547, 5)], "{name}");
}

#[test]
fn entries_are_numbered_without_gaps() {
    // 257 strs, of which the last comes twice: its index takes two bytes in the memo of all.
    let mut texts: Vec<Rc<str>> = (0..257).map(|i| Rc::from(i.to_string())).collect();
    texts.push(Rc::clone(&texts[256]));
    for protocol in 0..=5 {
        let bytes = dumped(&texts, protocol);
        let optimized = optimize(&bytes).unwrap();
        let opcodes = opcodes(&optimized);
        assert!(!opcodes.contains(&Opcode::LongBinGet) && !opcodes.contains(&Opcode::LongBinPut));
        let puts = [Opcode::Put, Opcode::BinPut, Opcode::Memoize];
        assert_eq!(opcodes.iter().filter(|op| puts.contains(op)).count(), 1);
        let loaded: Vec<Rc<str>> = loads(&optimized).unwrap();
        assert_eq!(loaded, texts);
        assert!(Rc::ptr_eq(&loaded[256], &loaded[257]));
    }
}

#[test]
fn puts_and_memoizes_may_be_mixed() {
    // ['spam', x, x], where x is 'ham': the third entry, behind one that BINPUT stored at 1
    let pickle = b"\x80\x04\x95\x15\0\0\0\0\0\0\0]\x94(\x8c\x04spamq\x01\x8c\x03ham\x94h\x02e.";
    let optimized = optimize(pickle).unwrap();
    assert_eq!(
        optimized.escape_ascii().to_string(),
        r"\x80\x04\x95\x12\x00\x00\x00\x00\x00\x00\x00](\x8c\x04spam\x8c\x03ham\x94h\x00e.",
    );
    for bytes in [&pickle[..], &optimized] {
        let loaded: Vec<Rc<str>> = loads(bytes).unwrap();
        assert_eq!(loaded, ["spam", "ham", "ham"].map(Rc::from));
        assert!(Rc::ptr_eq(&loaded[1], &loaded[2]));
    }
}

#[test]
fn instances_load_from_optimized_pickles() {
    let point = Rc::new(Point { x: 1.5, y: -2.0 });
    let points = [Rc::clone(&point), Rc::new(Point { x: 0.0, y: 0.0 }), point];
    for protocol in 0..=5 {
        let bytes = dumped(&points, protocol);
        let optimized = optimize(&bytes).unwrap();
        assert!(optimized.len() < bytes.len());
        let loaded: [Rc<Point>; 3] = loads(&optimized).unwrap();
        assert_eq!(loaded, points);
        assert!(Rc::ptr_eq(&loaded[0], &loaded[2]));
    }
}

/// Many entries, wherever they are: this test takes for ever if one of them costs more than those
/// before it.
#[test]
fn indices_of_any_size_and_order_cost_the_same() {
    const MANY: usize = 1 << 17;
    let binary = |code: u8, index: usize| {
        let index = u32::try_from(index).unwrap().to_le_bytes();
        [&[code][..], &index].concat()
    };
    let pickle = |ops: Vec<u8>| [&b"N"[..], &ops, b"."].concat();
    let backwards = (0..MANY).rev().flat_map(|index| binary(b'r', index));
    let sparse = (0..MANY).flat_map(|index| binary(b'r', (index * 4093) & 0xffff_ffff));
    let got = (0..MANY).flat_map(|index| [binary(b'r', index), binary(b'j', index)].concat());
    for (ops, puts) in [
        (vec![b'\x94'; MANY], 0),
        ([&b"q\xff"[..], &vec![b'\x94'; MANY]].concat(), 0),
        (
            backwards
                .chain([vec![b'\x94'], binary(b'j', MANY)].concat())
                .collect(),
            1,
        ),
        (sparse.collect(), 0),
        (got.collect(), MANY),
        (
            b"q\x05".repeat(MANY).into_iter().chain(*b"h\x05").collect(),
            MANY,
        ),
    ] {
        let optimized = optimize(&pickle(ops)).unwrap();
        let stored = [Opcode::BinPut, Opcode::LongBinPut];
        let found = opcodes(&optimized)
            .iter()
            .filter(|op| stored.contains(op))
            .count();
        assert_eq!(found, puts);
    }
}
