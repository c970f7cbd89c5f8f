//! Tests that ask interpreters: one of each for every version of CPython, ignored where that is
//! not on the machine.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::python::{Judge, VERSIONS, Version, interpreters};

/// A test by name, the versions that it asks, and what it asks one of them.
pub type InteropTest = (
    &'static str,
    &'static [Version],
    fn(&Judge) -> Result<(), Failed>,
);

/// For tests that ask every version.
pub const EVERY_VERSION: &[Version] = &VERSIONS;
/// For tests of what the newest version does.
pub const NEWEST_VERSION: &[Version] = &[Version(3, 13)];

/// Set where the absence of all interpreters must not go unnoticed.
const REQUIRE: &str = "PICKLE_REQUIRE_PYTHON";

/// Runs each test with each interpreter: the `main` of a test binary without libtest.
#[must_use]
pub fn run(tests: &'static [InteropTest]) -> ExitCode {
    let found = interpreters();
    let mut trials = Vec::new();
    for (name, versions, test) in tests {
        for version in versions.iter().copied() {
            let title = format!("{name}::cpython_{version}");
            let trial = match found.get(&version).cloned() {
                Some(program) => Trial::test(title, move || test(&Judge::start(version, &program))),
                None => Trial::test(title, || Ok(()))
                    .with_kind(format!("no CPython {version} on this machine"))
                    .with_ignored_flag(true),
            };
            trials.push(trial);
        }
    }
    if std::env::var_os(REQUIRE).is_some() {
        let none = found.is_empty();
        trials.push(Trial::test("some_cpython_is_on_the_machine", move || {
            if none {
                Err(format!("none was found, and {REQUIRE} is set").into())
            } else {
                Ok(())
            }
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Collects what is wrong with some of many cases into one failure.
#[derive(Debug, Default)]
pub struct Verdicts {
    cases: usize,
    wrong: Vec<String>,
}

impl Verdicts {
    /// Notes a case; `None` if nothing is wrong with it.
    pub fn note(&mut self, wrong: Option<String>) {
        self.cases += 1;
        self.wrong.extend(wrong);
    }

    /// # Errors
    ///
    /// If anything was wrong, or if there were fewer than `least` cases.
    pub fn finish(self, least: usize) -> Result<(), Failed> {
        if self.cases < least {
            return Err(format!("only {} cases, expected {least}", self.cases).into());
        }
        if self.wrong.is_empty() {
            return Ok(());
        }
        let shown = self
            .wrong
            .iter()
            .take(40)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n");
        Err(format!("{} of {} cases:\n{shown}", self.wrong.len(), self.cases).into())
    }
}
