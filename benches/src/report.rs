//! What is printed, and written to `RESULTS.md`.

use std::fmt::Write;

use serde::Serialize;

use crate::contest::{CPYTHON, CPYTHON_OURS, MEMCPY};
use crate::deep::{self, Ending};
use crate::derive_cost::Cost;
use crate::goals::{Direction, GOALS, Goal, LEVEL_NANOSECONDS, Target, is_rival};
use crate::instructions::Count;
use crate::machine::Machine;
use crate::memory::Peak;
use crate::parallel::Scaling;
use crate::race::{Outcome, Row};

/// Everything that was measured.
#[derive(Serialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) depths: Vec<deep::Row>,
    pub(crate) peaks: Vec<Peak>,
    /// Or why they were not counted.
    pub(crate) instructions: Result<Vec<Count>, String>,
    pub(crate) scalings: Vec<Scaling>,
    /// Or why the program could not be compiled.
    pub(crate) derives: Result<Vec<Cost>, String>,
}

impl Results {
    /// Nothing yet.
    pub(crate) fn new(machine: Machine) -> Self {
        Self {
            machine,
            outcomes: Vec::new(),
            depths: Vec::new(),
            peaks: Vec::new(),
            instructions: Ok(Vec::new()),
            scalings: Vec::new(),
            derives: Ok(Vec::new()),
        }
    }

    /// The whole report.
    pub(crate) fn markdown(&self) -> String {
        let mut text = self.machine.markdown();
        text.push_str(&goals(&self.outcomes, &self.depths));
        for outcome in &self.outcomes {
            text.push_str(&table(outcome));
        }
        text.push_str(&depths(&self.depths));
        text.push_str(&sizes(&self.outcomes));
        text.push_str(&cpython_loads(&self.outcomes));
        text.push_str(&peaks(&self.peaks));
        text.push_str(&instructions(&self.instructions));
        text.push_str(&scalings(&self.scalings));
        text.push_str(&derives(&self.derives));
        text
    }
}

/// The table of one workload.
fn table(outcome: &Outcome) -> String {
    let mut text = format!(
        "\n## {} {}\n\nEach time, {} of one {}; × is speed beside CPython's.\n\n\
         | | dump | × | load | × | bytes | |\n|-|-:|-:|-:|-:|-:|-|\n",
        outcome.workload.to_uppercase(),
        outcome.title,
        outcome.elements,
        outcome.element,
    );
    for row in &outcome.rows {
        let _ = writeln!(text, "{}", line(outcome, row));
    }
    text
}

fn line(outcome: &Outcome, row: &Row) -> String {
    let mut text = format!("| {} |", row.name);
    for direction in Direction::BOTH {
        let all = row.nanoseconds(direction);
        let each = all.map(|all| duration(all / outcome.elements as f64));
        let times = outcome.times_cpython(row, direction).map(figure);
        let cells = (each.unwrap_or_default(), times.unwrap_or_default());
        let _ = write!(text, " {} | {} |", cells.0, cells.1);
    }
    let bytes = figure(row.bytes as f64 / outcome.contained as f64);
    let path = match row.straight {
        Some(true) => "straight",
        Some(false) => "through a graph",
        None => "",
    };
    let notes = [row.event, path]
        .into_iter()
        .filter(|note| !note.is_empty());
    let notes = notes.collect::<Vec<_>>().join(", ");
    let _ = write!(text, " {bytes} | {notes} |");
    text
}

/// The table of goals.
fn goals(outcomes: &[Outcome], depths: &[deep::Row]) -> String {
    let mut text = "## Goals\n\n\
         | | | | here | goal | reached | rivals ahead |\n|-|-|-|-:|-:|-|-|\n"
        .to_owned();
    for goal in GOALS {
        let outcome = outcomes
            .iter()
            .find(|outcome| outcome.workload == goal.workload);
        if let Some(line) = outcome.and_then(|outcome| goal_line(outcome, goal)) {
            let _ = writeln!(text, "{line}");
        }
    }
    for row in depths.iter().filter(|row| row.name == "pickle-core") {
        for direction in Direction::BOTH {
            let _ = writeln!(text, "{}", depth_line(row, depths, direction));
        }
    }
    text
}

/// The goal of depth: the deepest level, in so many nanoseconds a level.
fn depth_line(row: &deep::Row, all: &[deep::Row], direction: Direction) -> String {
    let here = row.deepest(direction);
    let reached = here.is_some_and(|here| here <= LEVEL_NANOSECONDS);
    let ahead = all
        .iter()
        .filter(|rival| rival.shape == row.shape && is_rival(rival.name));
    let ahead = ahead.filter_map(|rival| {
        let there = rival.deepest(direction)?;
        here.is_none_or(|here| there < here)
            .then(|| format!("{} ({})", rival.name, duration(there)))
    });
    format!(
        "| W9 | {}, {}, 10^6 levels | {} | {} | {} each | {} | {} |",
        row.name,
        row.shape,
        direction.word(),
        here.map_or("fails".to_owned(), |here| format!(
            "{} each",
            duration(here)
        )),
        duration(LEVEL_NANOSECONDS),
        yes_or_no(reached),
        or_none(&ahead.collect::<Vec<_>>()),
    )
}

fn goal_line(outcome: &Outcome, goal: &Goal) -> Option<String> {
    let row = outcome.row(goal.line)?;
    let all = row.nanoseconds(goal.direction)?;
    let (here, wanted, reached) = match goal.target {
        Target::TimesCPython(wanted) => {
            let here = outcome.times_cpython(row, goal.direction);
            let text = here.map_or(String::new(), |here| format!("{} ×", figure(here)));
            (text, format!("{wanted} ×"), here.map(|here| here >= wanted))
        }
        Target::InAll(wanted) => (duration(all), duration(wanted), Some(all <= wanted)),
    };
    let reached = reached.map_or("", yes_or_no);
    Some(format!(
        "| {} | {} | {} | {here} | {wanted} | {reached} | {} |",
        outcome.workload.to_uppercase(),
        goal.line,
        goal.direction.word(),
        rivals_ahead(outcome, row, goal.direction),
    ))
}

/// The rivals that are faster than a row, and how many times.
fn rivals_ahead(outcome: &Outcome, row: &Row, direction: Direction) -> String {
    let Some(ours) = row.nanoseconds(direction) else {
        return String::new();
    };
    let rivals = outcome
        .rows
        .iter()
        .filter(|rival| is_rival(&rival.name) && rival.event == row.event);
    let ahead: Vec<_> = rivals
        .filter_map(|rival| {
            let times = ours / rival.nanoseconds(direction)?;
            (times > 1.0).then(|| format!("{} ({times:.2} ×)", rival.name))
        })
        .collect();
    or_none(&ahead)
}

fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join("; ")
}

/// The table of depths.
fn depths(rows: &[deep::Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = "\n## W9 depth\n\nOne level, dump / load, in a process of its own; limits are \
        those of `Limits::trusted()`. \"error\": it refuses, \"crash\": the process is gone.\n\n\
        | | | 10^3 | 10^4 | 10^5 | 10^6 |\n|-|-|-:|-:|-:|-:|\n"
        .to_owned();
    for row in rows {
        let _ = write!(text, "| {} | {} |", row.shape, row.name);
        for cell in &row.cells {
            let _ = write!(text, " {} / {} |", ending(&cell.dump), ending(&cell.load));
        }
        text.push('\n');
    }
    text
}

fn ending(ending: &Ending) -> String {
    match ending {
        Ending::Nanoseconds(each) => duration(*each),
        Ending::Error => "error".to_owned(),
        Ending::Crash => "crash".to_owned(),
        Ending::Nothing => "–".to_owned(),
    }
}

/// A table with a column for each workload, and a row for each name.
fn matrix(title: &str, about: &str, figures: &[(&str, &str, String)]) -> String {
    let columns = distinct(figures.iter().map(|(column, ..)| *column));
    let names = distinct(figures.iter().map(|(_, name, _)| *name));
    if columns.is_empty() {
        return String::new();
    }
    let mut text = format!("\n## {title}\n\n{about}\n\n| |");
    for column in &columns {
        let _ = write!(text, " {} |", column.to_uppercase());
    }
    let _ = writeln!(text, "\n|-|{}", "-:|".repeat(columns.len()));
    for name in names {
        let _ = write!(text, "| {name} |");
        for column in &columns {
            let mut all = figures.iter();
            let found = all.find(|(other, of, _)| other == column && *of == name);
            let _ = write!(text, " {} |", found.map_or("", |(_, _, figure)| figure));
        }
        text.push('\n');
    }
    text
}

/// Each once, in the order in which they come first.
fn distinct<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// The sizes of what the formats dump.
fn sizes(outcomes: &[Outcome]) -> String {
    let mut figures = Vec::new();
    for outcome in outcomes {
        let dumping = outcome
            .rows
            .iter()
            .filter(|row| row.dump.is_some() && row.event.is_empty());
        for row in dumping.filter(|row| row.name != MEMCPY) {
            let bytes = row.bytes as f64 / outcome.contained as f64;
            figures.push((outcome.workload, row.name.as_str(), figure(bytes)));
        }
    }
    matrix("Size", "Bytes an element.", &figures)
}

/// CPython, loading pickle-core's pickle and its own.
fn cpython_loads(outcomes: &[Outcome]) -> String {
    let mut figures = Vec::new();
    for outcome in outcomes {
        let load = |name| outcome.row(name).and_then(|row| row.load);
        if let (Some(own), Some(ours)) = (load(CPYTHON), load(CPYTHON_OURS)) {
            figures.push((outcome.workload, "speed-up", figure(own / ours)));
        }
    }
    matrix(
        "CPython loads",
        "How many times as fast CPython loads what pickle-core dumped, beside what it dumped itself.",
        &figures,
    )
}

/// Peak memory.
fn peaks(peaks: &[Peak]) -> String {
    let figures: Vec<_> = peaks
        .iter()
        .map(|peak| (peak.workload, peak.name.as_str(), figure(peak.bytes)))
        .collect();
    let about = "Peak of what loading takes beyond the pickle, the result included, in bytes an \
        element: resident memory of a process that does nothing else.";
    matrix("Memory", about, &figures)
}

/// Instructions.
fn instructions(counts: &Result<Vec<Count>, String>) -> String {
    let counts = match counts {
        Ok(counts) => counts,
        Err(reason) => return format!("\n## Instructions\n\nNot counted: {reason}.\n"),
    };
    let cell = |each: Option<f64>| each.map_or("–".to_owned(), figure);
    let figures: Vec<_> = counts
        .iter()
        .map(|count| {
            let text = format!("{} / {}", cell(count.dump), cell(count.load));
            (count.workload, count.name, text)
        })
        .collect();
    let about = "Of one element, dump / load, counted by callgrind.";
    matrix("Instructions", about, &figures)
}

/// Threads.
fn scalings(scalings: &[Scaling]) -> String {
    let Some(Scaling { threads, .. }) = scalings.first() else {
        return String::new();
    };
    let figures: Vec<_> = scalings
        .iter()
        .map(|scaling| {
            let text = format!("{} / {}", figure(scaling.dump), figure(scaling.load));
            (scaling.workload, scaling.name, text)
        })
        .collect();
    let about = format!(
        "How much of one thread's work {threads} threads do in the same time, dump / load."
    );
    matrix("Parallel", &about, &figures)
}

/// The cost of the derive macros.
fn derives(costs: &Result<Vec<Cost>, String>) -> String {
    let costs = match costs {
        Ok(costs) if costs.is_empty() => return String::new(),
        Ok(costs) => costs,
        Err(reason) => return format!("\n## Derive\n\nNot measured: {reason}.\n"),
    };
    let mut text =
        "\n## Derive\n\nA program that loads and dumps 100 types of eight fields each: how \
        long it takes to compile without its dependencies (`cargo build --release`), and machine \
        code (`.text`) for each type.\n\n| | compile time, s | code, bytes a type |\n|-|-:|-:|\n"
            .to_owned();
    for cost in costs {
        let (seconds, bytes) = (figure(cost.seconds), figure(cost.bytes));
        let _ = writeln!(text, "| {} | {seconds} | {bytes} |", cost.name);
    }
    text
}

/// Three digits that matter.
fn figure(value: f64) -> String {
    let digits = match value {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.digits$}")
}

/// Of nanoseconds.
fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..10_000.0 => format!("{} ns", figure(nanoseconds)),
        ..10_000_000.0 => format!("{} µs", figure(nanoseconds / 1e3)),
        _ => format!("{} ms", figure(nanoseconds / 1e6)),
    }
}
