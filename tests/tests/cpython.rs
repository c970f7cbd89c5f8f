//! The tables in `CPYTHON.md` and `THREATS.md`.

use std::fs;
use std::path::Path;

/// The cells of each row, heads of tables left out.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = text.lines().filter_map(|line| {
        let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
        Some(row.split(" | ").map(str::trim).collect())
    });
    rows.filter(|row: &Vec<&str>| !matches!(row.first(), Some(&"CPython" | &"Attack")))
}

/// What stands between backquotes and has the form of a test's name, in file and function.
fn tests(cell: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'/'))
    };
    let words = cell.split('`').skip(1).step_by(2);
    words
        .filter_map(|word| word.split_once("::"))
        .filter(move |(file, name)| is_name(file) && is_name(name))
        .filter(|(file, _)| !file.starts_with("pickle_"))
}

#[test]
fn rows_name_tests_that_exist() {
    for table in ["CPYTHON.md", "THREATS.md"] {
        check(table);
    }
}

fn check(table: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(folder.join(table)).expect("it is checked in");
    let mut named = 0;
    let mut wrong = Vec::new();
    for row in rows(&text) {
        let filled = row.iter().filter(|cell| !cell.is_empty()).count();
        if row.len() < 2 || filled < row.len() {
            wrong.push(format!("an empty cell: {row:?}"));
        }
        for (file, name) in row.iter().skip(1).flat_map(|cell| tests(cell)) {
            named += 1;
            let path = folder.join("tests").join(file).with_extension("rs");
            let source = fs::read_to_string(path).unwrap_or_default();
            let is_there = [format!("fn {name}("), format!("\"{name}\"")]
                .iter()
                .any(|definition| source.contains(definition));
            if !is_there {
                wrong.push(format!("no test: {file}::{name}"));
            }
        }
    }
    assert!(named > 30, "only {named} tests are named in {table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
