//! W9: depth: a linked list, and lists in lists, of 10^3 to 10^6 levels. Who survives?
//!
//! Most contestants use the stack, so each of them runs in a process of its own for each number of
//! levels. How the process ends says what became of it.

use std::hint::black_box;
use std::mem;

use pickle_core::{ConstructOwned, Graph, Limits, Reduce, Unpickler, Value, value::Values};
use serde::{Deserialize, Serialize};

use crate::child;
use crate::contest::{CPYTHON, time};
use crate::format::{Bincode, Format, Pickled, Postcard, RmpSerde, SerdeJson, SerdePickle};
use crate::goals::Direction;
use crate::python::{Mode, Origin, Python, Task};
use crate::race::median;

/// The numbers of levels.
pub(crate) const LEVELS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// How often each is run, but for a first time.
const ROUNDS: usize = 5;

/// What became of one contestant.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) shape: &'static str,
    pub(crate) name: &'static str,
    /// For each of [`LEVELS`].
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    /// Nanoseconds a level at the greatest depth, if that is reached.
    pub(crate) fn deepest(&self, direction: Direction) -> Option<f64> {
        match self.cells.last()?.ending(direction) {
            Ending::Nanoseconds(each) => Some(*each),
            _ => None,
        }
    }
}

/// What became of one contestant at one depth.
#[derive(Clone, Serialize)]
pub(crate) struct Cell {
    pub(crate) levels: usize,
    pub(crate) dump: Ending,
    pub(crate) load: Ending,
}

impl Cell {
    fn ending(&self, direction: Direction) -> &Ending {
        match direction {
            Direction::Dump => &self.dump,
            Direction::Load => &self.load,
        }
    }
}

/// How it ended.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ending {
    /// Well, in so many nanoseconds a level.
    Nanoseconds(f64),
    /// With an error.
    Error,
    /// The process was killed, as it is when the stack overflows.
    Crash,
    /// It did not come to it.
    Nothing,
}

/// Reports how long a direction took, in nanoseconds a level.
type Say<'a> = &'a mut dyn FnMut(Direction, f64);

/// Dumps and loads so many levels.
type Run = fn(usize, Say<'_>) -> Result<(), String>;

/// A contestant in one shape.
struct Contestant {
    shape: &'static str,
    name: &'static str,
    run: Run,
}

const fn linked(name: &'static str, run: Run) -> Contestant {
    Contestant {
        shape: "linked list",
        name,
        run,
    }
}

const fn nested(name: &'static str, run: Run) -> Contestant {
    Contestant {
        shape: "lists in lists",
        name,
        run,
    }
}

/// bitcode has no types that contain themselves.
const CONTESTANTS: &[Contestant] = &[
    linked(CPYTHON, cpython::<Link>),
    linked("pickle-core", run::<Trusting, Link>),
    linked("serde-pickle", run::<SerdePickle, Link>),
    linked("pickled", run::<Pickled, Link>),
    linked("rmp-serde", run::<RmpSerde, Link>),
    linked("postcard", run::<Postcard, Link>),
    linked("serde_json", run::<SerdeJson, Link>),
    linked("bincode", run::<Bincode, Link>),
    nested(CPYTHON, cpython::<Nested>),
    nested("pickle-core", run::<Trusting, Nested>),
    nested("pickle-core Value", run::<Trusting, Value>),
    nested("pickle-core Graph", graph),
    nested("serde-pickle", run::<SerdePickle, Nested>),
    nested("pickled", run::<Pickled, Nested>),
    nested("rmp-serde", run::<RmpSerde, Nested>),
    nested("postcard", run::<Postcard, Nested>),
    nested("serde_json", run::<SerdeJson, Nested>),
    nested("bincode", run::<Bincode, Nested>),
];

/// Runs every contestant at every depth, up to where it fails.
pub(crate) fn race(python: bool) -> Vec<Row> {
    CONTESTANTS
        .iter()
        .filter(|contestant| python || contestant.name != CPYTHON)
        .map(|contestant| Row {
            shape: contestant.shape,
            name: contestant.name,
            cells: LEVELS.map(|levels| apart(contestant, levels)).into(),
        })
        .collect()
}

/// In a process of its own.
fn apart(contestant: &Contestant, levels: usize) -> Cell {
    let levels_text = levels.to_string();
    let child = child::run(&["deep", contestant.shape, &levels_text, contestant.name]);
    let failed = if child.killed {
        Ending::Crash
    } else {
        Ending::Error
    };
    let find = |direction: Direction| {
        let mut lines = child.output.lines();
        let figure = lines.find_map(|line| line.strip_prefix(direction.word()));
        let figure = figure.and_then(|figure| figure.trim().parse().ok());
        figure.map(Ending::Nanoseconds)
    };
    let (dump, load) = (find(Direction::Dump), find(Direction::Load));
    let reached_load = dump.is_some() || contestant.name == CPYTHON;
    Cell {
        levels,
        load: load.unwrap_or(if reached_load {
            failed.clone()
        } else {
            Ending::Nothing
        }),
        dump: dump.unwrap_or(failed),
    }
}

/// What the process does.
pub(crate) fn run_child(shape: &str, levels: usize, name: &str) -> Result<(), String> {
    let mut contestants = CONTESTANTS.iter();
    let contestant = contestants
        .find(|contestant| contestant.shape == shape && contestant.name == name)
        .ok_or("there is no such contestant")?;
    (contestant.run)(levels, &mut |direction, nanoseconds| {
        println!("{} {nanoseconds}", direction.word());
    })
}

/// Runs every contestant at a depth that all survive, in this process.
pub(crate) fn try_all(levels: usize, python: bool) -> Result<(), String> {
    for contestant in CONTESTANTS {
        if python || contestant.name != CPYTHON {
            let mut said = 0;
            (contestant.run)(levels, &mut |_, _| said += 1)?;
            assert_eq!(said, 2, "{} dumps and loads", contestant.name);
        }
    }
    Ok(())
}

fn run<F: Format<T>, T: Deep>(levels: usize, say: Say<'_>) -> Result<(), String> {
    let value = T::of(levels);
    let mut bytes = Vec::new();
    say(
        Direction::Dump,
        each(levels, || bytes = F::dump(black_box(&value))),
    );
    let mut loaded = None;
    say(
        Direction::Load,
        each(levels, || loaded = Some(F::load(black_box(&bytes)))),
    );
    if loaded.is_some_and(|loaded| loaded.levels() == levels) {
        Ok(())
    } else {
        Err(format!("{} changes the depth", F::NAME))
    }
}

fn graph(levels: usize, say: Say<'_>) -> Result<(), String> {
    let text = |error: pickle_core::Error| error.to_string();
    let bytes = pickle_core::dumps(&Value::of(levels)).map_err(text)?;
    let graph: Graph = pickle_core::loads(&bytes).map_err(text)?;
    say(
        Direction::Dump,
        each(levels, || drop(pickle_core::dumps(black_box(&graph)))),
    );
    say(
        Direction::Load,
        each(levels, || drop(Graph::parse(black_box(&bytes)))),
    );
    Ok(())
}

fn cpython<T: Deep + Reduce>(levels: usize, say: Say<'_>) -> Result<(), String> {
    let python = Python::start()?;
    let pickle = pickle_core::dumps(&T::of(levels)).map_err(|error| error.to_string())?;
    let task = Task::new(&python, &pickle, Mode::Plain)?;
    let rounds = |time: &dyn Fn() -> std::time::Duration| {
        median((0..ROUNDS).map(|_| time()).collect()).map(|all| all / levels as f64)
    };
    let load = rounds(&|| task.time_load(Origin::Ours, 1));
    say(Direction::Load, load.unwrap_or_default());
    task.dump()?;
    let dump = rounds(&|| task.time_dump(1));
    say(Direction::Dump, dump.unwrap_or_default());
    Ok(())
}

/// Nanoseconds a level.
fn each(levels: usize, mut work: impl FnMut()) -> f64 {
    work();
    let times = (0..ROUNDS).map(|_| time(&mut work)).collect();
    median(times).unwrap_or_default() / levels as f64
}

/// pickle-core, without limits.
struct Trusting;

impl<T: Reduce + ConstructOwned> Format<T> for Trusting {
    const NAME: &'static str = "pickle-core";

    fn dump(value: &T) -> Vec<u8> {
        pickle_core::dumps(value).expect("the value is no deeper than can be dumped")
    }

    fn load(bytes: &[u8]) -> T {
        let unpickler = Unpickler::new().limits(Limits::trusted());
        unpickler.loads(bytes).expect("there are no limits")
    }
}

/// A value of any depth, which is made and dropped without recursion.
trait Deep {
    fn of(levels: usize) -> Self;
    fn levels(&self) -> usize;
}

#[derive(Reduce, Serialize, Deserialize, bincode::Encode, bincode::Decode)]
#[reduce(module = "pickle_benches")]
struct Link {
    value: u32,
    next: Option<Box<Link>>,
}

impl Drop for Link {
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut link) = next {
            next = link.next.take();
        }
    }
}

impl Deep for Link {
    fn of(levels: usize) -> Self {
        let mut link = Self {
            value: 0,
            next: None,
        };
        for value in 1..levels as u32 {
            link = Self {
                value,
                next: Some(Box::new(link)),
            };
        }
        link
    }

    fn levels(&self) -> usize {
        std::iter::successors(Some(self), |link| link.next.as_deref()).count()
    }
}

/// A list of at most one list.
#[derive(Reduce, Serialize, Deserialize, bincode::Encode, bincode::Decode)]
#[reduce(transparent)]
struct Nested(Vec<Nested>);

impl Drop for Nested {
    fn drop(&mut self) {
        let mut inner = mem::take(&mut self.0);
        while let Some(mut list) = inner.pop() {
            inner.append(&mut list.0);
        }
    }
}

impl Deep for Nested {
    fn of(levels: usize) -> Self {
        let mut list = Self(Vec::new());
        for _ in 1..levels {
            list = Self(vec![list]);
        }
        list
    }

    fn levels(&self) -> usize {
        std::iter::successors(Some(self), |list| list.0.first()).count()
    }
}

impl Deep for Value {
    fn of(levels: usize) -> Self {
        let mut list = Self::List(Values::default());
        for _ in 1..levels {
            list = Self::List([list].into_iter().collect());
        }
        list
    }

    fn levels(&self) -> usize {
        std::iter::successors(Some(self), |value| match value {
            Self::List(items) => items.first(),
            _ => None,
        })
        .count()
    }
}
