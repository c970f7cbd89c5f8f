//! The guide's table has a row for every public name that CPython has. That `names.txt` lists them
//! all is held to in `interop_guide`.

use std::collections::BTreeSet;

const NAMES: &str = include_str!("../python/names.txt");
const TABLE: &str = include_str!("../../pickle-core/docs/table.md");

/// A row: the names in its first cell, in full, and what its second cell says of them.
struct Row {
    names: Vec<String>,
    here: &'static str,
}

/// The rows, their names completed by the heading that they stand below.
fn rows() -> Vec<Row> {
    let mut module = "";
    let mut rows = Vec::new();
    for line in TABLE.lines() {
        if let Some(heading) = line.strip_prefix("# ") {
            module = match heading.trim_matches('`') {
                "Special methods" => "object",
                module => module,
            };
        }
        let row = line
            .strip_prefix("| ")
            .and_then(|row| row.strip_suffix(" |"));
        let Some((names, here)) = row.and_then(|row| row.split_once(" | ")) else {
            continue;
        };
        let names = names.split('`').skip(1).step_by(2);
        let names = names.map(|name| format!("{module}.{name}")).collect();
        rows.push(Row { names, here });
    }
    rows.retain(|row| !row.names.is_empty());
    rows
}

#[test]
fn every_public_name_of_cpython_has_one_row() {
    let mut missing: BTreeSet<_> = NAMES.lines().map(str::to_owned).collect();
    assert!(missing.len() > 250, "only {} names", missing.len());
    let mut wrong = Vec::new();
    for name in rows().into_iter().flat_map(|row| row.names) {
        if !missing.remove(&name) {
            wrong.push(format!("no such name, or a second row: {name}"));
        }
    }
    wrong.extend(missing.iter().map(|name| format!("no row: {name}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Links are checked by rustdoc.
#[test]
fn every_row_links_what_is_here_or_says_why_it_is_not() {
    for Row { names, here } in rows() {
        let is_link = here.contains("](crate::") || here.contains("](macro@crate::");
        let is_reason = here
            .strip_prefix("Not here")
            .is_some_and(|rest| rest.contains("because"));
        assert!(is_link || is_reason, "{names:?}: {here}");
        assert!(!here.contains("yet"), "{names:?}: {here}");
    }
}
