//! Runs a contest: rounds, each of which runs every contestant once, and their medians.

use std::time::Duration;

use serde::Serialize;

use crate::contest::{CPYTHON, Contest};
use crate::goals::Direction;
use crate::workloads::Workload;

/// What came out of a contest.
#[derive(Serialize)]
pub(crate) struct Outcome {
    pub(crate) workload: &'static str,
    pub(crate) title: &'static str,
    pub(crate) element: &'static str,
    /// How many were dumped and loaded each time.
    pub(crate) elements: usize,
    /// How many a pickle holds.
    pub(crate) contained: usize,
    pub(crate) rows: Vec<Row>,
}

/// What came out for one contestant.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// What it ran in: rows of different events are not compared.
    pub(crate) event: &'static str,
    /// The size of what it dumped.
    pub(crate) bytes: usize,
    /// Nanoseconds to dump everything.
    pub(crate) dump: Option<f64>,
    /// Nanoseconds to load everything.
    pub(crate) load: Option<f64>,
    /// Whether it was made straight of the pickle, without a graph.
    pub(crate) straight: Option<bool>,
}

impl Row {
    pub(crate) fn nanoseconds(&self, direction: Direction) -> Option<f64> {
        match direction {
            Direction::Dump => self.dump,
            Direction::Load => self.load,
        }
    }
}

impl Outcome {
    pub(crate) fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// How many times as fast as CPython a row is: as CPython in the same event, or else in the main
    /// one.
    pub(crate) fn times_cpython(&self, row: &Row, direction: Direction) -> Option<f64> {
        let of_event = |event: &str| {
            let mut rows = self.rows.iter();
            let row = rows.find(|row| row.name.starts_with(CPYTHON) && row.event == event);
            row.and_then(|row| row.nanoseconds(direction))
        };
        let cpython = of_event(row.event).or_else(|| of_event(""))?;
        Some(cpython / row.nanoseconds(direction)?)
    }
}

/// Runs all contestants of a workload, each once a round, after a round that does not count. Each round
/// has an order of its own: whoever runs behind CPython, which is another process, finds cold caches.
pub(crate) fn race(workload: &Workload, contest: &Contest, rounds: usize) -> Outcome {
    let mut times: Vec<[Vec<Duration>; 2]> = Vec::new();
    times.resize_with(contest.lines.len(), Default::default);
    let mut random = fastrand::Rng::with_seed(0);
    let mut order: Vec<usize> = (0..contest.lines.len()).collect();
    for round in 0..=rounds {
        random.shuffle(&mut order);
        for &place in &order {
            let (line, [dumps, loads]) = (&contest.lines[place], &mut times[place]);
            let dump = line.dump.as_ref().map(|dump| dump());
            let load = line.load.as_ref().map(|load| load(&line.bytes));
            if round > 0 {
                dumps.extend(dump);
                loads.extend(load);
            }
        }
    }
    let rows = contest.lines.iter().zip(times);
    Outcome {
        workload: workload.id,
        title: workload.title,
        element: workload.element,
        elements: contest.elements,
        contained: contest.contained,
        rows: rows
            .map(|(line, [dumps, loads])| Row {
                name: line.name.clone(),
                event: line.event,
                bytes: line.size,
                dump: median(dumps),
                load: median(loads),
                straight: line.straight,
            })
            .collect(),
    }
}

/// In nanoseconds.
pub(crate) fn median(mut times: Vec<Duration>) -> Option<f64> {
    times.sort_unstable();
    let middle = times.get(times.len() / 2)?;
    Some(middle.as_nanos() as f64)
}
