//! What CPython's C unpickler accepts, a graph of the same object is made of; what it refuses, is
//! refused.

use pickle_tests::handmade::{Handmade, handmade};
use pickle_tests::repr::repr;

/// Where verdict or object are others than CPython's: the beginning of the name, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        r"memo '\x80\x03X\x01\x00\x00\x00ar\xff\xff\xff\xff.'",
        "the memo is sparse",
    ),
    (
        r"int b'I11111111111111111111111111111'...4304",
        "the limit of digits is 100,000",
    ),
    (
        r"long b'L11111111111111111111111111111'...4305",
        "the limit of digits is 100,000",
    ),
    (
        r"buffers '\x96\x01\x00\x00\x00\x00\x00\x00\x00a\x98.'",
        "a read-only bytearray is bytes",
    ),
    (r"append '\x96\x01", "a bytearray's bytes are not items"),
    (r"dict ']NaK\x00K\x07s.'", "a list has no keys"),
    (r"dict ']Na(K\x00K\x07u.'", "a list has no keys"),
    (
        r"newobj-ex 'cbuiltins\nint\n)}K\x01Ns\x92.'",
        "keywords are looked at by the call",
    ),
];

fn is_excepted(row: &Handmade) -> bool {
    EXCEPTIONS
        .iter()
        .any(|(name, _)| row.name.starts_with(name))
}

/// Rows whose verdict can be compared: there is no `Encoding` for two codecs.
fn rows() -> Vec<Handmade> {
    const OTHER_ENCODINGS: [&str; 2] = ["encoding=koi8-r", "encoding=no-such-codec"];
    pickle_tests::zoo::link();
    let mut rows = handmade();
    rows.retain(|row| {
        !row.options
            .iter()
            .any(|o| OTHER_ENCODINGS.contains(&o.as_str()))
    });
    assert!(rows.len() > 2000, "only {} rows", rows.len());
    rows
}

/// Whether CPython takes the bytes. Names are none of a graph's business, except that dotted ones
/// and those of local objects are refused as such.
fn is_accepted_by_cpython(row: &Handmade) -> bool {
    let refused_name = ["Can't get attribute '", "Can't get local attribute '"]
        .iter()
        .any(|text| {
            let name = row.verdict.split_once(text).map(|(_, name)| name);
            name.and_then(|name| name.split_once('\''))
                .is_some_and(|(name, _)| {
                    name.contains("<locals>")
                        || name.contains('.') && !row.pickle.starts_with(b"\x80\x04")
                })
        });
    row.is_well_formed() && !refused_name
}

#[test]
fn handmade_pickles_are_accepted_and_refused_as_cpython_does() {
    let mut wrong = Vec::new();
    for row in &rows() {
        let result = row.unpickler().graph(&row.pickle).map(|_| ());
        if result.is_ok() != is_accepted_by_cpython(row) && !is_excepted(row) {
            wrong.push(format!(
                "{}: {result:?}, but CPython: {}",
                row.name, row.inert
            ));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn plain_handmade_pickles_load_to_the_objects_that_cpython_loads() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for row in &rows() {
        let Some(expected) = row.verdict.strip_prefix("ok ") else {
            continue;
        };
        let Ok(graph) = row.unpickler().graph(&row.pickle) else {
            continue;
        };
        let Some(found) = repr(graph.root()) else {
            continue;
        };
        compared += 1;
        if found != expected && !is_excepted(row) {
            wrong.push(format!("{}: {found}, but CPython: {expected}", row.name));
        }
    }
    assert!(compared > 300, "only {compared} rows compared");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_error_of_the_machine_has_the_offset_of_its_opcode() {
    for row in rows()
        .iter()
        .filter(|row| !row.is_well_formed() && !is_excepted(row))
    {
        let Err(error) = row.unpickler().graph(&row.pickle) else {
            continue;
        };
        let offset = error
            .offset()
            .unwrap_or_else(|| panic!("{}: {error} has none", row.name));
        assert!(offset <= row.pickle.len() as u64, "{}: {error}", row.name);
    }
}
