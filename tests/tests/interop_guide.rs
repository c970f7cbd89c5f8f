//! The guide's Python programs run, and its table knows every name that CPython has.

use std::process::ExitCode;

use libtest_mimic::Failed;
use pickle_core::{Pickler, Reduce, loads};
use pickle_tests::interop::{EVERY_VERSION, InteropTest, NEWEST_VERSION, run};
use pickle_tests::python::Judge;

const TESTS: &[InteropTest] = &[
    ("names_are_those_that_are_listed", NEWEST_VERSION, names),
    ("programs_of_the_guide_run", NEWEST_VERSION, programs),
    (
        "complex_numbers_are_a_tuple_struct_named_so",
        EVERY_VERSION,
        complex_numbers,
    ),
];

fn main() -> ExitCode {
    run(TESTS)
}

/// `tests/python/names.py` makes the list anew.
fn names(judge: &Judge) -> Result<(), Failed> {
    let live: Vec<String> = loads(&judge.eval("__import__('names').names()", 4)?)?;
    let listed: Vec<_> = include_str!("../python/names.txt").lines().collect();
    let differ = |one: &[&str], other: &[&str]| -> Vec<String> {
        let missing = one.iter().filter(|name| !other.contains(name));
        missing.map(|name| (*name).to_owned()).collect()
    };
    let live: Vec<_> = live.iter().map(String::as_str).collect();
    if live == listed {
        return Ok(());
    }
    let (new, gone) = (differ(&live, &listed), differ(&listed, &live));
    Err(format!("not listed: {new:?}; not there: {gone:?}").into())
}

fn programs(judge: &Judge) -> Result<(), Failed> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../pickle-core/docs/guide.md");
    let run: usize = loads(&judge.eval(&format!("__import__('guide').run({path:?})"), 4)?)?;
    let written = include_str!("../../pickle-core/docs/guide.md")
        .matches("```python")
        .count();
    if (run, run > 10) != (written, true) {
        return Err(format!("{run} of {written} programs were found").into());
    }
    Ok(())
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "builtins", name = "complex")]
struct Complex(f64, f64);

fn complex_numbers(judge: &Judge) -> Result<(), Failed> {
    let number = Complex(1.0, -0.5);
    let mut pickle = Vec::new();
    Pickler::new(&mut pickle).protocol(2).dump(&number)?;
    if !judge.check(&pickle, "obj == 1-0.5j")? {
        return Err("another number".into());
    }
    let loaded: Complex = loads(&judge.eval("1-0.5j", 2)?)?;
    if loaded != number {
        return Err(format!("{loaded:?}").into());
    }
    Ok(())
}
