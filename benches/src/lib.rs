//! Races pickle-core against other formats and CPython: `README.md` says how.

mod child;
mod contest;
mod deep;
mod derive_cost;
mod format;
mod goals;
mod instructions;
mod machine;
mod memory;
mod options;
mod parallel;
mod python;
mod race;
mod report;
mod workloads;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use clap::Parser;

use crate::contest::Contest;
use crate::machine::Machine;
use crate::options::Options;
use crate::python::Python;
use crate::report::Results;
use crate::workloads::Workload;

/// Does what the command line says.
///
/// # Errors
///
/// If a workload is unknown, or the results cannot be written.
pub fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if !options.child.is_empty() {
        return Ok(child::serve(&options.child)?);
    }
    options.check()?;
    let python = Python::start();
    let mut results = Results::new(Machine::new(&python, options.rounds));
    race_all(&options, &python, &mut results)?;
    println!("{}", results.markdown());
    if options.writes() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::write(folder.join("RESULTS.md"), results.markdown())?;
        let json = serde_json::to_string_pretty(&results)?;
        fs::write(folder.join("results.json"), json + "\n")?;
    }
    Ok(())
}

type MaybePython = Result<Rc<Python>, String>;

fn race_all(options: &Options, python: &MaybePython, results: &mut Results) -> Result<(), String> {
    for workload in workloads::WORKLOADS {
        if options.chooses(workload.id) {
            eprintln!("{} {} ...", workload.id, workload.title);
            race_one(options, workload, python, results)?;
        }
    }
    if options.chooses("w9") && !options.quick {
        eprintln!("w9 depth ...");
        results.depths = deep::race(python.is_ok());
    }
    if options.more() {
        eprintln!("instructions ...");
        results.instructions = instructions::measure(|workload| options.chooses(workload));
    }
    if options.more() && options.chooses("parallel") {
        eprintln!("parallel ...");
        results.scalings = parallel::measure(options.rounds);
    }
    if options.more() && options.chooses("derive") {
        eprintln!("derive ...");
        results.derives = derive_cost::measure();
    }
    Ok(())
}

fn race_one(
    options: &Options,
    workload: &'static Workload,
    python: &MaybePython,
    results: &mut Results,
) -> Result<(), String> {
    let size = if options.quick {
        workload.quick
    } else {
        workload.size
    };
    let mut contest = Contest::new(size);
    contest.only.clone_from(&options.only);
    contest.python = python.as_ref().ok().cloned();
    (workload.enter)(&mut contest);
    results
        .outcomes
        .push(race::race(workload, &contest, options.rounds));
    if options.more() {
        results.peaks.extend(memory::measure(workload, &contest)?);
    }
    Ok(())
}

/// Runs all workloads once at a small size, in which every contestant has to give back what it was
/// given. CPython takes part if it is there.
///
/// # Errors
///
/// If one does not.
pub fn smoke() -> Result<(), String> {
    let python = Python::start();
    if let Err(reason) = &python
        && std::env::var_os("PICKLE_REQUIRE_PYTHON").is_some()
    {
        return Err(reason.clone());
    }
    let options = Options::parse_from(["smoke", "--quick", "--rounds", "1", "--times-only"]);
    let mut results = Results::new(Machine::new(&python, options.rounds));
    race_all(&options, &python, &mut results)?;
    deep::try_all(100, python.is_ok())?;
    let text = results.markdown();
    assert!(text.contains("pickle-core"), "the report has figures");
    Ok(())
}
