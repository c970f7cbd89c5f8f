//! Where and how figures were measured.

use std::process::Command;
use std::rc::Rc;
use std::{env, fs};

use serde::Serialize;

use crate::python::Python;

/// Where and how figures were measured.
#[derive(Serialize)]
pub(crate) struct Machine {
    pub(crate) command: String,
    pub(crate) date: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) rustc: String,
    /// The version of CPython, or why there is none.
    pub(crate) python: Result<String, String>,
    pub(crate) rounds: usize,
}

impl Machine {
    pub(crate) fn new(python: &Result<Rc<Python>, String>, rounds: usize) -> Self {
        Self {
            command: command(),
            date: output("date", &["-u", "+%Y-%m-%d"]),
            processor: processor(),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            rustc: output("rustc", &["--version"]),
            python: match python {
                Ok(python) => Ok(python.version().to_owned()),
                Err(reason) => Err(reason.clone()),
            },
            rounds,
        }
    }

    pub(crate) fn markdown(&self) -> String {
        let python = match &self.python {
            Ok(version) => {
                format!("CPython {version}: C pickler, garbage collector off, protocol 5")
            }
            Err(reason) => format!("no CPython: {reason}"),
        };
        format!(
            "# Results\n\nWritten by `{}`. What is measured, and how, is in `README.md`.\n\n\
             | | |\n|-|-|\n\
             | processor | {}, {} cores |\n| compiler | {}, profile `bench` of the workspace for all |\n\
             | Python | {python} |\n| figures | medians of {} rounds |\n| date | {} |\n\n",
            self.command, self.processor, self.cores, self.rustc, self.rounds, self.date
        )
    }
}

/// The command that was given to cargo.
fn command() -> String {
    let arguments: Vec<_> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let mut command = "cargo bench -p pickle-benches".to_owned();
    if !arguments.is_empty() {
        command.push_str(" -- ");
        command.push_str(&arguments.join(" "));
    }
    command
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line
        .and_then(|line| line.split_once(": "))
        .map(|(_, name)| name);
    name.unwrap_or("unknown").to_owned()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    match output {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => "unknown".to_owned(),
    }
}
