//! Instructions an element, counted by callgrind: figures that a busy machine does not change.

use std::process::{Command, Stdio};

use serde::Serialize;

use crate::child;
use crate::contest::Contest;
use crate::goals::Direction;

/// The workloads that are counted, each with the smaller one of two sizes.
const WORKLOADS: [(&str, usize); 5] = [
    ("w1", 5000),
    ("w2", 1000),
    ("w5", 5000),
    ("w8", 3000),
    ("w11", 500),
];

const CONTESTANTS: [&str; 5] = [
    "pickle-core",
    "serde-pickle",
    "rmp-serde",
    "postcard",
    "clone",
];

/// What one contestant executes.
#[derive(Serialize)]
pub(crate) struct Count {
    pub(crate) workload: &'static str,
    pub(crate) name: &'static str,
    /// Instructions an element.
    pub(crate) dump: Option<f64>,
    /// Instructions an element.
    pub(crate) load: Option<f64>,
}

/// Counts the contestants of those of the workloads that are chosen.
pub(crate) fn measure(chosen: impl Fn(&str) -> bool) -> Result<Vec<Count>, String> {
    let present = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !present.is_ok_and(|status| status.success()) {
        return Err("there is no valgrind".to_owned());
    }
    let mut counts = Vec::new();
    for (workload, size) in WORKLOADS {
        if !chosen(workload) {
            continue;
        }
        for name in CONTESTANTS {
            let of = |direction| each(workload, name, direction, size);
            counts.push(Count {
                workload,
                name,
                dump: of(Direction::Dump).ok(),
                load: of(Direction::Load).ok(),
            });
        }
    }
    Ok(counts)
}

/// Instructions an element: the difference of two sizes, so that what happens once does not count.
fn each(workload: &str, name: &str, direction: Direction, size: usize) -> Result<f64, String> {
    let small = count(workload, name, direction, size)?;
    let large = count(workload, name, direction, 2 * size)?;
    Ok((large - small) / size as f64)
}

/// The instructions within what is timed.
fn count(workload: &str, name: &str, direction: Direction, size: usize) -> Result<f64, String> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args([
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        "--toggle-collect=*contest*measured*",
    ]);
    let size = size.to_string();
    let child = child::run_under(
        &mut valgrind,
        &["count", workload, name, direction.word(), &size],
    );
    let collected = child
        .errors
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    match collected {
        Some((_, number)) if child.success => {
            number.trim().parse().map_err(|_| child.errors.clone())
        }
        _ => Err(child.errors),
    }
}

/// Dumps or loads once.
pub(crate) fn run_child(
    workload: &str,
    name: &str,
    direction: Direction,
    size: usize,
) -> Result<(), String> {
    let contest = Contest::of_one(workload, name, size)?;
    let line = contest.lines.first().ok_or("there is no such contestant")?;
    let took = match direction {
        Direction::Dump => line.dump.as_ref().map(|dump| dump()),
        Direction::Load => line.load.as_ref().map(|load| load(&line.bytes)),
    };
    took.map(drop).ok_or("it does not go this way".to_owned())
}
