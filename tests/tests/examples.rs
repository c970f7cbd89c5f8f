//! The programs in `examples/`: run as the README says, their output compared line by line.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::{Arguments, Failed, Trial};
use pickle_tests::python::{VERSIONS, Version, interpreters};

/// Programs that are run one after the other, and what they print together.
struct Example {
    name: &'static str,
    programs: &'static [&'static str],
    oldest: Version,
}

const EXAMPLES: &[Example] = &[
    Example::of(&["blob_store"]),
    Example::of(&["code_dump", "code_load"]),
    Example::of(&["constructor_and_state"]),
    Example::of(&["database_connection"]),
    Example::of(&["foreign_type"]),
    Example::of(&["graph"]),
    Example::of(&["log_buffer"]),
    Example::of(&["old_formats"]),
    Example::of(&["open_file"]),
    Example::of(&["outside_reducer"]),
    Example {
        oldest: Version(2, 7),
        ..Example::of(&["portable"])
    },
    Example::of(&["positional_arguments"]),
    Example::of(&["quickstart"]),
    Example::of(&["reduction_elements"]),
    Example::of(&["run_time_registration"]),
    Example::of(&["shapes"]),
    Example::of(&["unknown_name"]),
    Example::of(&["valid_constructor"]),
];

/// The classes of most examples are dataclasses.
const OLDEST: Version = Version(3, 7);

impl Example {
    /// Known by the first program's name.
    const fn of(programs: &'static [&'static str]) -> Self {
        Self {
            name: programs[0],
            programs,
            oldest: OLDEST,
        }
    }
}

/// A test that asks an interpreter.
type Test = Box<dyn FnOnce(&Path) -> Result<(), Failed> + Send>;

fn main() -> ExitCode {
    let found = interpreters();
    let mut trials: Vec<_> = EXAMPLES
        .iter()
        .map(|example| {
            Trial::test(format!("{}::without_python", example.name), || {
                // What cannot be started is no Python.
                let expected = expected(&format!("{}-without-python", example.name));
                compare(&expected, &run(example, Path::new("no-such-python"))?)
            })
        })
        .collect();
    for version in VERSIONS {
        let mut ask = |name, test: Test| {
            let title = format!("{name}::cpython_{version}");
            trials.push(match found.get(&version).cloned() {
                Some(program) => Trial::test(title, move || test(&program)),
                None => Trial::test(title, || Ok(()))
                    .with_kind(format!("no CPython {version} on this machine"))
                    .with_ignored_flag(true),
            });
        };
        for example in EXAMPLES.iter().filter(|it| version >= it.oldest) {
            let test = move |program: &Path| output_is_as_expected(example, version, program);
            ask(example.name, Box::new(test));
        }
        if version >= OLDEST {
            let arguments = ["examples/python/make_data.py", "--check"];
            let check = move |program: &Path| python(program, &arguments).map(drop);
            ask("make_data", Box::new(check));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// `{version}` stands for the interpreter's in full, `{highest}` for its highest protocol.
fn output_is_as_expected(
    example: &Example,
    version: Version,
    program: &Path,
) -> Result<(), Failed> {
    let full = "import platform; print(platform.python_version())";
    let full = python(program, &["-c", full])?;
    let expected = expected(example.name)
        .replace("{version}", full.trim())
        .replace("{highest}", &version.highest_protocol().to_string());
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
fn run(example: &Example, python: &Path) -> Result<String, Failed> {
    // Examples run side by side: what one program leaves for the next is in a file of its own.
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let file = format!(
        "pickle-example-{}-{}",
        std::process::id(),
        RUNS.fetch_add(1, Ordering::Relaxed),
    );
    let file = std::env::temp_dir().join(file);
    // Cargo does not lock the build any more while tests run.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut printed = String::new();
    for program in example.programs {
        let mut command = Command::new(&cargo);
        command.args(["run", "--quiet", "--example", program]);
        command.env("PYTHON", python);
        if example.programs.len() > 1 {
            command.arg("--").arg(&file);
        }
        printed += &output(&mut command)?;
    }
    if file.exists() {
        std::fs::remove_file(file)?;
    }
    Ok(printed)
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
