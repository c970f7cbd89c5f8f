//! Disassemblies and optimized pickles are those of CPython 3.13's `pickletools`, as far as what it
//! prints before it raises, and what that says.

use std::process::ExitCode;

use libtest_mimic::Failed;
use pickle_core::pickletools::{Disassembler, Finding, Opcode, optimize};
use pickle_core::{Error, ErrorKind};
use pickle_tests::corpus::corpus;
use pickle_tests::handmade::handmade;
use pickle_tests::interop::{InteropTest, NEWEST_VERSION, Verdicts, run};
use pickle_tests::pickletools::{DISASSEMBLED, OPTIMIZED, large};
use pickle_tests::python::{Judge, Raised};

const TESTS: &[InteropTest] = &[
    (
        "disassemblies_are_those_of_pickletools_3_13",
        NEWEST_VERSION,
        disassemblies_are_those_of_pickletools,
    ),
    (
        "handmade_pickles_are_found_wrong_where_pickletools_3_13_does",
        NEWEST_VERSION,
        handmade_pickles_are_found_wrong_where_pickletools_does,
    ),
    (
        "disassemblies_are_indented_and_annotated_as_by_pickletools_3_13",
        NEWEST_VERSION,
        disassemblies_are_indented_and_annotated_as_by_pickletools,
    ),
    (
        "optimized_pickles_are_those_of_pickletools_3_13",
        NEWEST_VERSION,
        optimized_pickles_are_those_of_pickletools,
    ),
    (
        "optimized_handmade_pickles_are_those_of_pickletools_3_13",
        NEWEST_VERSION,
        optimized_handmade_pickles_are_those_of_pickletools,
    ),
];

fn main() -> ExitCode {
    run(TESTS)
}

/// Every pickle that some pickler wrote.
fn written() -> impl Iterator<Item = (String, Vec<u8>)> {
    corpus()
        .into_iter()
        .map(|pickled| (pickled.name(), pickled.bytes))
}

/// Every pickle that none wrote.
fn made_by_hand() -> impl Iterator<Item = (String, Vec<u8>)> {
    let named = |bytes: &[u8]| (bytes.escape_ascii().to_string(), bytes.to_vec());
    handmade()
        .into_iter()
        .map(|row| (row.name, row.pickle))
        .chain(DISASSEMBLED.iter().map(move |case| named(case.0)))
        .chain(OPTIMIZED.iter().map(move |case| named(case.0)))
}

fn disassemblies_are_those_of_pickletools(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for (name, bytes) in written() {
        let wrong = compare_dis(judge, 4, 0, &bytes);
        verdicts.note(wrong.map(|wrong| format!("{name}: {wrong}")));
    }
    verdicts.finish(9000)
}

fn handmade_pickles_are_found_wrong_where_pickletools_does(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for (name, bytes) in made_by_hand() {
        let wrong = compare_dis(judge, 4, 0, &bytes);
        verdicts.note(wrong.map(|wrong| format!("{name}: {wrong}")));
    }
    verdicts.finish(2500)
}

/// Two pickles one after the other, mostly with entries of the memo that both define.
fn disassemblies_are_indented_and_annotated_as_by_pickletools(judge: &Judge) -> Result<(), Failed> {
    const OPTIONS: [(usize, usize); 5] = [(4, 1), (2, 20), (0, 30), (8, 60), (1, 0)];
    let mut verdicts = Verdicts::default();
    let pickles: Vec<_> = written().collect();
    for (pair, (indent_level, annotate)) in pickles.chunks_exact(2).zip(OPTIONS.into_iter().cycle())
    {
        let [(name, first), (_, second)] = pair else {
            continue;
        };
        let wrong = compare_dis(
            judge,
            indent_level,
            annotate,
            &[&first[..], second].concat(),
        );
        verdicts.note(wrong.map(|wrong| format!("{name} and the next: {wrong}")));
    }
    verdicts.finish(4500)
}

/// What is wrong with our disassembly of pickles that follow each other.
fn compare_dis(
    judge: &Judge,
    indent_level: usize,
    annotate: usize,
    bytes: &[u8],
) -> Option<String> {
    let options = [
        format!("indentlevel={indent_level}"),
        format!("annotate={annotate}"),
    ];
    let (mut expected, raised) = judge.dis(&options, bytes);
    let mut disassembler = Disassembler::new()
        .indent_level(indent_level)
        .annotate(annotate);
    let mut text = Vec::new();
    let mut end = 0;
    let mut failure = None;
    while failure.is_none() && (end == 0 || end < bytes.len()) {
        match disassembler.dis_at(bytes, end, &mut text) {
            Ok(next) => end = next,
            Err(error) => failure = Some(error),
        }
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if annotate > 0 {
        text = text.lines().map(without_annotation).collect();
    }
    let verdicts_agree = match (&failure, &raised) {
        (None, None) => true,
        (Some(error), Some(Raised(raised))) if raised.starts_with("IndexError") => {
            // CPython trips over a mark that it has taken for an object, within the line.
            expected.push_str(text.get(expected.len()..).unwrap_or_default());
            *error.kind() == ErrorKind::Unsound(Finding::NoMark)
        }
        (Some(error), Some(raised)) => says_the_same(error, raised),
        _ => false,
    };
    (!verdicts_agree || text != expected).then(|| {
        format!(
            "{}\n{text}{failure:?}\n{expected}{raised:?}",
            bytes.escape_ascii()
        )
    })
}

fn without_annotation(line: &str) -> String {
    let annotations = Opcode::ALL.into_iter().map(Opcode::doc);
    let longest = annotations
        .filter(|doc| line.ends_with(doc))
        .map(str::len)
        .max();
    format!("{}\n", &line[..line.len() - longest.unwrap_or(0)])
}

/// Whether an error is of the kind that Python raised, at the same place.
fn says_the_same(error: &Error, Raised(raised): &Raised) -> bool {
    let names = |parts: &[&str]| parts.iter().any(|part| raised.contains(part));
    match error.kind() {
        ErrorKind::Eof => raised == "ValueError: pickle exhausted before seeing STOP",
        ErrorKind::UnknownOpcode(_) => error.offset().is_some_and(|offset| {
            raised.starts_with(&format!("ValueError: at position {offset}, opcode "))
        }),
        ErrorKind::NoNewline { .. } => names(&["no newline found when trying to read "]),
        ErrorKind::Truncated { .. } => names(&[
            "not enough data in stream to read ",
            " remain",
            " byte count > sys.maxsize: ",
        ]),
        ErrorKind::BadArgument { .. } => names(&[
            "UnicodeDecodeError: ",
            "invalid literal for int() with base 10: ",
            "Exceeds the limit (4300 digits) for integer string conversion",
            "could not convert string to float: ",
            "no string quotes around ",
            "strinq quote ",
            " byte count < 0: ",
            "invalid \\x escape at position ",
            "Trailing \\ in string",
        ]),
        ErrorKind::UnsupportedProtocol(_) => names(&["pickle protocol must be <= 5"]),
        ErrorKind::Unsound(finding) => *raised == format!("ValueError: {finding}"),
        _ => false,
    }
}

fn optimized_pickles_are_those_of_pickletools(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    let large = large()
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes));
    for (name, bytes) in written().chain(large) {
        let wrong = compare_optimized(judge, &bytes);
        verdicts.note(wrong.map(|wrong| format!("{name}: {wrong}")));
    }
    verdicts.finish(9000)
}

fn optimized_handmade_pickles_are_those_of_pickletools(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for (name, bytes) in made_by_hand() {
        let wrong = compare_optimized(judge, &bytes);
        verdicts.note(wrong.map(|wrong| format!("{name}: {wrong}")));
    }
    verdicts.finish(2500)
}

/// What is wrong with our optimized form of a pickle.
fn compare_optimized(judge: &Judge, bytes: &[u8]) -> Option<String> {
    let found = optimize(bytes);
    let expected = judge.optimize(bytes);
    let agree = match (&found, &expected) {
        (Ok(found), Ok(expected)) => found == expected,
        (Err(error), Ok(expected)) => {
            // CPython writes a GET of None, which nothing loads.
            is_memo_miss(error) && expected.windows(6).any(|text| text == b"gNone\n")
        }
        (Err(error), Err(Raised(raised))) if is_memo_miss(error) => raised.contains("NoneType"),
        (Err(error), Err(raised)) => says_the_same(error, raised),
        (Ok(_), Err(_)) => false,
    };
    let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
    (!agree).then(|| {
        format!(
            "{}\n  {:?}\n  {:?}",
            shown(bytes),
            found.as_deref().map(shown),
            expected.as_deref().map(shown)
        )
    })
}

fn is_memo_miss(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsound(Finding::MemoMiss(_)))
}
