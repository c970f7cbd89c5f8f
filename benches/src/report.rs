//! What is printed, and written to `RESULTS.md`.

use std::fmt::Write;

use serde::Serialize;

use crate::goals::{Direction, GOALS, Goal, Target, is_rival};
use crate::machine::Machine;
use crate::race::{Outcome, Row};

/// Everything that was measured.
#[derive(Serialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) outcomes: Vec<Outcome>,
}

impl Results {
    /// The table of goals.
    pub(crate) fn goals(&self) -> String {
        goals(&self.outcomes)
    }

    /// The whole report.
    pub(crate) fn markdown(&self) -> String {
        let mut text = self.machine.markdown();
        text.push_str(&self.goals());
        for outcome in &self.outcomes {
            text.push('\n');
            text.push_str(&table(outcome));
        }
        text
    }
}

/// The table of one workload.
pub(crate) fn table(outcome: &Outcome) -> String {
    let mut text = format!(
        "## {} {}\n\nEach time, {} of one {}; × is speed beside CPython's.\n\n\
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
    let _ = write!(text, " {bytes} | {} |", row.event);
    text
}

/// The table of goals.
fn goals(outcomes: &[Outcome]) -> String {
    let mut text = "## Goals\n\n\
         | | | | here | goal | reached | ahead of it |\n|-|-|-|-:|-:|-|-|\n"
        .to_owned();
    for goal in GOALS {
        let outcome = outcomes
            .iter()
            .find(|outcome| outcome.workload == goal.workload);
        if let Some(line) = outcome.and_then(|outcome| goal_line(outcome, goal)) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
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
        Target::PerElement(wanted) => {
            let each = all / outcome.elements as f64;
            let here = format!("{} each", duration(each));
            (
                here,
                format!("{} each", duration(wanted)),
                Some(each <= wanted),
            )
        }
        Target::InAll(wanted) => (duration(all), duration(wanted), Some(all <= wanted)),
    };
    let reached = match reached {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
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
    if ahead.is_empty() {
        "none".to_owned()
    } else {
        ahead.join(", ")
    }
}

/// Three digits that matter.
pub(crate) fn figure(value: f64) -> String {
    let digits = match value {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.digits$}")
}

/// Of nanoseconds.
pub(crate) fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..10_000.0 => format!("{} ns", figure(nanoseconds)),
        ..10_000_000.0 => format!("{} µs", figure(nanoseconds / 1e3)),
        _ => format!("{} ms", figure(nanoseconds / 1e6)),
    }
}
