//! `genops` and `dis`: what they read and print, and where they stop.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{self, Write};

use pickle_core::pickletools::{
    Argument, Disassembler, Finding, Opcode, dis, genops, genops_at, optimize,
};
use pickle_core::{ErrorKind, MemoPolicy, Pickler, Result};
use pickle_tests::corpus::corpus;
use pickle_tests::pickletools::DISASSEMBLED;

fn disassembled(mut disassembler: Disassembler, pickle: &[u8]) -> (String, Result<()>) {
    let mut text = Vec::new();
    let result = disassembler.dis(pickle, &mut text);
    (String::from_utf8(text).unwrap(), result)
}

const OPS: &[u8] = b"(I123\nM\x39\x05G?\xf0\0\0\0\0\0\0cmod\nC\nU\x02ab\x80\x02t.";

fn ops() -> Vec<(Opcode, Argument<'static>, usize)> {
    vec![
        (Opcode::Mark, Argument::None, 0),
        (Opcode::Int, Argument::Line(b"123"), 1),
        (Opcode::BinInt2, Argument::Int(1337), 6),
        (Opcode::BinFloat, Argument::Float(1.0), 9),
        (Opcode::Global, Argument::Lines(b"mod", b"C"), 18),
        (Opcode::ShortBinString, Argument::Bytes(b"ab"), 25),
        (Opcode::Proto, Argument::Int(2), 29),
        (Opcode::Tuple, Argument::None, 31),
        (Opcode::Stop, Argument::None, 32),
    ]
}

#[test]
fn genops_gives_each_opcode_with_its_argument_and_offset() {
    let found = genops(OPS).map(|op| op.unwrap());
    let found: Vec<_> = found
        .map(|op| (op.opcode, op.argument, op.offset))
        .collect();
    assert_eq!(found, ops());
}

#[test]
fn genops_reads_a_pickle_amid_other_bytes() {
    let bytes = [b"before", OPS, b"behind"].concat();
    let mut found = genops_at(&bytes, 6);
    assert_eq!(found.offset(), 6);
    for (opcode, argument, offset) in ops() {
        let op = found.next().unwrap().unwrap();
        assert_eq!(
            (op.opcode, op.argument, op.offset),
            (opcode, argument, 6 + offset)
        );
    }
    assert!(found.next().is_none());
    assert_eq!(&bytes[found.offset()..], b"behind");
}

#[test]
fn genops_ends_with_an_error_at_the_opcode_that_it_cannot_read() {
    for (pickle, error) in [
        (
            &b"N"[..],
            "the pickle ends before its STOP opcode (at byte 1)",
        ),
        (
            b"NI1",
            "the pickle is truncated: INT needs a line that ends in a newline (at byte 1)",
        ),
        (
            b"NJ\x12",
            "the pickle is truncated: 4 bytes were announced, 1 are left (at byte 1)",
        ),
        (b"N\xff", "byte 0xff is not an opcode (at byte 1)"),
    ] {
        let mut ops = genops(pickle);
        assert_eq!(ops.next().unwrap().unwrap().opcode, Opcode::None);
        assert_eq!(ops.next().unwrap().unwrap_err().to_string(), error);
        assert!(ops.next().is_none());
        assert_eq!(ops.offset(), 1);
    }
    let behind = genops_at(b"N.", 3).next().unwrap();
    assert_eq!(
        behind.unwrap_err().to_string(),
        "the pickle ends before its STOP opcode (at byte 3)"
    );
}

#[test]
fn odd_pickles_are_disassembled_up_to_what_is_wrong_with_them() {
    for (pickle, lines, error) in DISASSEMBLED {
        let name = pickle.escape_ascii();
        let (text, result) = disassembled(Disassembler::new(), pickle);
        assert_eq!(text.lines().collect::<Vec<_>>(), *lines, "{name}");
        let found = result.err().map(|error| error.to_string());
        assert_eq!(found.as_deref(), *error, "{name}");
        let mut plain = Vec::new();
        assert_eq!(dis(pickle, &mut plain).is_err(), error.is_some(), "{name}");
        assert_eq!(plain, text.as_bytes(), "{name}");
    }
}

#[test]
fn a_finding_can_be_matched_on() {
    let kind = |pickle: &[u8]| {
        let error = dis(pickle, &mut io::sink()).unwrap_err();
        match error.kind() {
            ErrorKind::Unsound(finding) => finding.clone(),
            other => panic!("{other}"),
        }
    };
    assert_eq!(kind(b"t."), Finding::NoMark);
    assert_eq!(
        kind(b"Nq\x05q\x05."),
        Finding::MemoRedefined("5".to_owned())
    );
    assert_eq!(kind(b"h\x05."), Finding::MemoMiss("5".to_owned()));
    let (needed, found) = (2, 1);
    assert_eq!(kind(b"Nb."), Finding::StackUnderflow { needed, found });
}

#[test]
fn marks_indent_by_as_many_blanks_as_they_are_told_to() {
    for indent_level in [0, 2, 7] {
        let (text, result) =
            disassembled(Disassembler::new().indent_level(indent_level), b"(N(tl.");
        result.unwrap();
        let blanks = |level: usize| " ".repeat(level * indent_level);
        let (one, two) = (blanks(1), blanks(2));
        let expected = [
            "    0: (    MARK".to_owned(),
            format!("    1: N    {one}NONE"),
            format!("    2: (    {one}MARK"),
            format!("    3: t    {two}TUPLE      (MARK at 2)"),
            format!("    4: l    {one}LIST       (MARK at 0)"),
            "    5: .    STOP".to_owned(),
            "highest protocol among opcodes = 0".to_owned(),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn annotations_stand_in_a_column_that_long_lines_move() {
    let annotated = |column, pickle: &[u8]| {
        let (text, result) = disassembled(Disassembler::new().annotate(column), pickle);
        result.unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let [mark, none, tuple, stop] =
        [Opcode::Mark, Opcode::None, Opcode::Tuple, Opcode::Stop].map(Opcode::doc);
    let footer = "highest protocol among opcodes = 0".to_owned();
    let tuple_line = format!("    2: t        TUPLE      (MARK at 0) {tuple}");
    let stop_line = format!("    3: .    STOP                       {stop}");
    assert_eq!(
        annotated(1, b"(Nt."),
        [
            format!("    0: (    MARK {mark}"),
            format!("    1: N        NONE {none}"),
            tuple_line.clone(),
            stop_line.clone(),
            footer.clone(),
        ]
    );
    assert_eq!(
        annotated(20, b"(Nt."),
        [
            format!("    0: (    MARK            {mark}"),
            format!("    1: N        NONE        {none}"),
            tuple_line,
            stop_line,
            footer,
        ]
    );
    // Behind column 50 the next line begins anew.
    let lines = annotated(20, &[&b"("[..], b"V", &[b'x'; 40], b"\nt."].concat());
    assert!(lines[1].ends_with(&format!("' {}", Opcode::Unicode.doc())));
    assert_eq!(
        lines[2],
        format!("   43: t        TUPLE      (MARK at 0) {tuple}")
    );
}

#[test]
fn ints_are_shown_in_decimal_up_to_python_s_limit_of_digits() {
    // 2 to the power of 14,280 is 5109...8176, with 4,299 digits.
    let power = |bytes: u16| {
        let zeros = vec![0; usize::from(bytes) - 1];
        let [low, high] = bytes.to_le_bytes();
        let (text, result) = disassembled(
            Disassembler::new(),
            &[&[0x8b, low, high, 0, 0], &zeros[..], b"\x01."].concat(),
        );
        result.unwrap();
        let line = text.lines().next().unwrap();
        line.strip_prefix("    0: \\x8b LONG4      ")
            .unwrap()
            .to_owned()
    };
    let decimal = power(1786);
    assert_eq!(decimal.len(), 4_299);
    assert!(
        decimal.starts_with("51090256") && decimal.ends_with("13938176"),
        "{decimal}"
    );
    let hexadecimal = power(1800);
    assert_eq!(hexadecimal.trim_end_matches('0'), "0x1");
}

#[test]
fn pickles_of_one_pickler_are_disassembled_with_one_memo() {
    let list = [1, 2];
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(2).memo(MemoPolicy::All);
    pickler.dump("shared").unwrap();
    pickler.dump(&list[..]).unwrap();
    drop(pickler);
    bytes.extend_from_slice(b"\x80\x02h\0h\x01\x86.");

    let mut disassembler = Disassembler::new();
    let mut text = Vec::new();
    let mut ends = vec![0];
    while ends.last() < Some(&bytes.len()) {
        let start = *ends.last().unwrap();
        ends.push(disassembler.dis_at(&bytes, start, &mut text).unwrap());
    }
    assert_eq!(ends, [0, 16, 28, 36]);
    let text = String::from_utf8(text).unwrap();
    let third = [
        "   28: \\x80 PROTO      2",
        "   30: h    BINGET     0",
        "   32: h    BINGET     1",
        "   34: \\x86 TUPLE2",
        "   35: .    STOP",
        "highest protocol among opcodes = 2",
    ];
    assert!(text.lines().collect::<Vec<_>>().ends_with(&third), "{text}");

    // Another memo knows nothing of them.
    let alone = Disassembler::new().dis_at(&bytes, ends[2], &mut io::sink());
    let error = alone.unwrap_err().to_string();
    assert_eq!(error, "memo key 0 has never been stored into (at byte 30)");
}

#[test]
fn a_writer_that_fails_ends_the_disassembly() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = dis(b"N.", &mut Full).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Io(io::ErrorKind::StorageFull));
}

/// Each byte in turn cut off or changed, in pickles of every family and protocol.
#[test]
fn broken_pickles_are_an_error_and_no_panic() {
    let mut seen = std::collections::HashSet::new();
    let mut pickles = corpus();
    pickles.retain(|pickled| {
        let is_short = pickled.bytes.len() < 300;
        is_short && seen.insert((pickled.family.clone(), pickled.protocol))
    });
    assert!(pickles.len() > 50, "only {}", pickles.len());
    for pickled in pickles {
        for at in 0..pickled.bytes.len() {
            let cut = &pickled.bytes[..at];
            assert!(optimize(cut).is_err() && dis(cut, &mut io::sink()).is_err());
            for bits in [0x01, 0x20, 0x80, 0xff] {
                let mut changed = pickled.bytes.clone();
                changed[at] ^= bits;
                let _ = dis(&changed, &mut io::sink());
                if let Ok(optimized) = optimize(&changed) {
                    assert!(genops(&optimized).all(|op| op.is_ok()));
                }
            }
        }
    }
}
