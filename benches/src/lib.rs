//! Races pickle-core against other formats and CPython: `README.md` says how.

mod contest;
mod format;
mod goals;
mod machine;
mod options;
mod python;
mod race;
mod report;
mod workloads;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use clap::Parser;

use crate::contest::Contest;
use crate::machine::Machine;
use crate::options::Options;
use crate::python::Python;
use crate::report::Results;
use crate::workloads::{WORKLOADS, Workload};

/// Does what the command line says.
///
/// # Errors
///
/// If a workload is unknown, or the results cannot be written.
pub fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let chosen = choose(&options.workloads)?;
    let python = Python::start();
    let version = match &python {
        Ok(python) => Ok(python.version().to_owned()),
        Err(reason) => Err(reason.clone()),
    };

    let mut outcomes = Vec::new();
    for workload in chosen {
        let size = if options.quick {
            workload.quick
        } else {
            workload.size
        };
        let mut contest = Contest::new(size);
        contest.only.clone_from(&options.only);
        contest.python = python.as_ref().ok().cloned();
        (workload.enter)(&mut contest);
        let outcome = race::race(workload, &contest, options.rounds);
        println!("{}", report::table(&outcome));
        outcomes.push(outcome);
    }

    let results = Results {
        machine: Machine::new(command(), version, options.rounds),
        outcomes,
    };
    println!("{}", results.goals());
    if !options.no_write {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::write(folder.join("RESULTS.md"), results.markdown())?;
        let json = serde_json::to_string_pretty(&results)?;
        fs::write(folder.join("results.json"), json + "\n")?;
    }
    Ok(())
}

/// The workloads of these names, or all.
fn choose(names: &[String]) -> Result<Vec<&'static Workload>, String> {
    if names.is_empty() {
        return Ok(WORKLOADS.iter().collect());
    }
    let find = |name: &String| {
        let mut all = WORKLOADS.iter();
        all.find(|workload| workload.id.eq_ignore_ascii_case(name))
            .ok_or_else(|| format!("there is no workload {name}"))
    };
    names.iter().map(find).collect()
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
