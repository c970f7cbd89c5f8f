//! Peak memory of loading, in a process of its own, as the kernel counts it.

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;

use serde::Serialize;

use crate::child;
use crate::contest::{CLONE, CPYTHON, CPYTHON_OURS, Contest, OF_CPYTHON};
use crate::workloads::Workload;

/// The workloads whose memory is measured.
const WORKLOADS: [&str; 7] = ["w1", "w2", "w3", "w4", "w5", "w7", "w8"];

/// What loading took beyond the pickle, the result included.
#[derive(Serialize)]
pub(crate) struct Peak {
    pub(crate) workload: &'static str,
    pub(crate) name: String,
    /// Bytes an element.
    pub(crate) bytes: f64,
}

/// Measures every contestant that loads by itself.
pub(crate) fn measure(workload: &Workload, contest: &Contest) -> Result<Vec<Peak>, String> {
    let mut peaks = Vec::new();
    if !WORKLOADS.contains(&workload.id) {
        return Ok(peaks);
    }
    for line in &contest.lines {
        let elsewhere = [CPYTHON, CPYTHON_OURS, OF_CPYTHON, CLONE].contains(&line.name.as_str());
        if elsewhere || line.load.is_none() {
            continue;
        }
        let mut file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        file.write_all(&line.bytes)
            .map_err(|error| error.to_string())?;
        let path = file.path().to_str().ok_or("the path is no text")?;
        let child = child::run(&["memory", workload.id, &line.name, path]);
        let bytes: f64 = child.output.trim().parse().map_err(|_| child.errors)?;
        peaks.push(Peak {
            workload: workload.id,
            name: line.name.clone(),
            bytes: bytes / contest.elements as f64,
        });
    }
    Ok(peaks)
}

/// Loads a file, and prints how many bytes that took at the most.
pub(crate) fn run_child(workload: &str, name: &str, file: &Path) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let contest = Contest::of_one(workload, name, 1)?;
    let line = contest.lines.first().ok_or("there is no such contestant")?;
    let load = line.load.as_ref().ok_or("it does not load")?;
    let bytes = fs::read(file).map_err(text)?;
    // What the last run of the allocator left free would be taken for nothing.
    fs::write("/proc/self/clear_refs", "5").map_err(text)?;
    let before = status("VmRSS:")?;
    black_box(load(&bytes));
    println!("{}", status("VmHWM:")?.saturating_sub(before));
    Ok(())
}

/// A line of the process's status, in bytes.
fn status(key: &str) -> Result<u64, String> {
    let status = fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let words = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes: u64 = words
        .and_then(|words| words.parse().ok())
        .ok_or("the kernel does not say")?;
    Ok(kilobytes << 10)
}
