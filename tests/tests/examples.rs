//! The programs in `examples/`: run as the README says, their output compared line by line.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use pickle_tests::python::{VERSIONS, Version, interpreters};

const EXAMPLES: [&str; 3] = ["quickstart", "shapes", "graph"];

/// The classes of the examples are dataclasses.
const OLDEST: Version = Version(3, 7);

fn main() -> ExitCode {
    let found = interpreters();
    let mut trials: Vec<_> = EXAMPLES
        .map(|example| {
            Trial::test(format!("{example}::without_python"), move || {
                // What cannot be started is no Python.
                let expected = expected(&format!("{example}-without-python"));
                compare(&expected, &run(example, Path::new("no-such-python"))?)
            })
        })
        .into();
    for version in VERSIONS.into_iter().filter(|version| *version >= OLDEST) {
        let mut ask = |name: &str, test: fn(&str, &Path) -> Result<(), Failed>| {
            let title = format!("{name}::cpython_{version}");
            let name = name.to_owned();
            trials.push(match found.get(&version).cloned() {
                Some(program) => Trial::test(title, move || test(&name, &program)),
                None => Trial::test(title, || Ok(()))
                    .with_kind(format!("no CPython {version} on this machine"))
                    .with_ignored_flag(true),
            });
        };
        for example in EXAMPLES {
            ask(example, output_is_as_expected);
        }
        ask("make_data", |script, program| {
            python(
                program,
                &[&format!("examples/python/{script}.py"), "--check"],
            )
            .map(drop)
        });
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn output_is_as_expected(example: &str, program: &Path) -> Result<(), Failed> {
    let version = "import platform; print(platform.python_version())";
    let version = python(program, &["-c", version])?;
    let expected = expected(example).replace("{version}", version.trim());
    compare(&expected, &run(example, program)?)
}

fn compare(expected: &str, found: &str) -> Result<(), Failed> {
    let mut lines = expected.lines();
    for (i, found) in found.lines().enumerate() {
        match lines.next() {
            Some(expected) if expected == found => {}
            expected => {
                let expected = expected.unwrap_or("nothing more");
                let line = i + 1;
                return Err(format!("line {line}:\nexpected {expected}\n   found {found}").into());
            }
        }
    }
    match lines.next() {
        Some(line) => Err(format!("the output ends before: {line}").into()),
        None => Ok(()),
    }
}

fn expected(name: &str) -> String {
    let path = workspace().join(format!("examples/expected/{name}.txt"));
    std::fs::read_to_string(path).expect("the output of each example is checked in")
}

/// What an example prints if `PYTHON` names the program.
fn run(example: &str, program: &Path) -> Result<String, Failed> {
    // Cargo does not lock the build any more while tests run.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--example", example]);
    command.env("PYTHON", program);
    output(&mut command)
}

fn python(program: &Path, arguments: &[&str]) -> Result<String, Failed> {
    let mut command = Command::new(program);
    output(command.args(arguments).env("PYTHONDONTWRITEBYTECODE", "1"))
}

fn output(command: &mut Command) -> Result<String, Failed> {
    let output = command.current_dir(workspace()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
