//! One workload at one size: the lines of its table, and how each is timed.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use pickle_core::{ConstructOwned, Reduce, Unpickler};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::format::{
    Bincode, Bitcode, Format, PickleCore, Pickled, Postcard, RmpSerde, SerdeJson, SerdePickle,
};
use crate::python::{Mode, Origin, Python, Task};
use crate::workloads;

/// Times one dump of everything.
pub(crate) type Dump = Box<dyn Fn() -> Duration>;

/// Times one load of everything.
pub(crate) type Load = Box<dyn Fn(&[u8]) -> Duration>;

/// A line of a workload's table: a contestant, and how it does.
pub(crate) struct Line {
    /// Who runs.
    pub(crate) name: String,
    /// What runs: only lines of one event are compared with each other. Empty for the main event.
    pub(crate) event: &'static str,
    /// What was dumped, which is what is loaded.
    pub(crate) bytes: Rc<[u8]>,
    /// The size of what was dumped.
    pub(crate) size: usize,
    /// None if there is nothing to dump.
    pub(crate) dump: Option<Dump>,
    /// None if there is nothing to load.
    pub(crate) load: Option<Load>,
    /// Whether what is loaded is made straight of the pickle, without a graph; none if that is no
    /// question.
    pub(crate) straight: Option<bool>,
}

impl Line {
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Rc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            event: "",
            size: bytes.len(),
            bytes,
            dump: None,
            load: None,
            straight: None,
        }
    }

    /// A line for which nothing is loaded, so that only the size of the bytes matters.
    pub(crate) fn of_size(name: impl Into<String>, size: usize) -> Self {
        Self {
            size,
            ..Self::new(name, [])
        }
    }

    pub(crate) fn event(self, event: &'static str) -> Self {
        Self { event, ..self }
    }

    pub(crate) fn dump(self, dump: impl Fn() -> Duration + 'static) -> Self {
        Self {
            dump: Some(Box::new(dump)),
            ..self
        }
    }

    pub(crate) fn load(self, load: impl Fn(&[u8]) -> Duration + 'static) -> Self {
        Self {
            load: Some(Box::new(load)),
            ..self
        }
    }

    /// Finds out whether a `T` is made straight of the bytes.
    pub(crate) fn path_of<T: ConstructOwned>(self) -> Self {
        let straight = pickle_core::__private::straight::<T>(&Unpickler::new(), &self.bytes);
        Self {
            straight: Some(straight.is_some()),
            ..self
        }
    }
}

/// One workload at one size.
pub(crate) struct Contest {
    /// How large the value is to be.
    pub(crate) size: usize,
    /// How many elements are dumped each time: what times are divided by.
    pub(crate) elements: usize,
    /// How many elements a pickle holds: what its size is divided by.
    pub(crate) contained: usize,
    /// The contestants that are wanted; all, if it is empty.
    pub(crate) only: Vec<String>,
    /// CPython, if it takes part.
    pub(crate) python: Option<Rc<Python>>,
    /// The contestants that have entered.
    pub(crate) lines: Vec<Line>,
}

impl Contest {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            size,
            elements: size,
            contained: size,
            only: Vec::new(),
            python: None,
            lines: Vec::new(),
        }
    }

    /// A workload with one contestant, and without CPython.
    pub(crate) fn of_one(workload: &str, name: &str, size: usize) -> Result<Self, String> {
        let workload = workloads::find(workload)?;
        let mut contest = Self::new(size);
        contest.only.push(name.to_owned());
        (workload.enter)(&mut contest);
        Ok(contest)
    }

    /// Whether a contestant of this name takes part.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }

    /// A contestant enters, unless it is not wanted.
    pub(crate) fn enter(&mut self, line: Line) {
        if self.wants(&line.name) {
            self.lines.push(line);
        }
    }

    /// A format enters with a value, `times` of which are dumped and loaded. It has to give the same
    /// value back.
    pub(crate) fn race_times<F: Format<T>, T: PartialEq + 'static>(
        &mut self,
        value: &Rc<T>,
        times: usize,
    ) {
        self.race_by::<F, T>(F::NAME, value, times);
    }

    /// A format enters with a value, under another name than its own.
    pub(crate) fn race_named<F: Format<T>, T: PartialEq + 'static>(
        &mut self,
        name: &'static str,
        value: &Rc<T>,
    ) {
        self.race_by::<F, T>(name, value, 1);
    }

    fn race_by<F: Format<T>, T: PartialEq + 'static>(
        &mut self,
        name: &'static str,
        value: &Rc<T>,
        times: usize,
    ) {
        if !self.wants(name) {
            return;
        }
        let bytes = F::dump(value);
        assert!(F::load(&bytes) == **value, "{name} changes the value");
        let value = Rc::clone(value);
        self.enter(
            Line::new(name, bytes)
                .dump(move || time_many(times, || F::dump(black_box(&value))))
                .load(move |bytes| time_many(times, || F::load(black_box(bytes)))),
        );
    }

    /// A format enters with a value.
    pub(crate) fn race<F: Format<T>, T: PartialEq + 'static>(&mut self, value: &Rc<T>) {
        self.race_times::<F, T>(value, 1);
    }

    /// A format enters with a value that it cannot express, but something else that it can.
    pub(crate) fn race_as<F: Format<U>, T: PartialEq + 'static, U: 'static>(
        &mut self,
        value: &Rc<T>,
        to: fn(&T) -> U,
        from: fn(U) -> T,
    ) {
        if !self.wants(F::NAME) {
            return;
        }
        let bytes = F::dump(&to(value));
        assert!(from(F::load(&bytes)) == **value, "{} changes it", F::NAME);
        let value = Rc::clone(value);
        self.enter(
            Line::new(F::NAME, bytes)
                .dump(move || time(|| F::dump(&to(black_box(&value)))))
                .load(move |bytes| time(|| from(F::load(black_box(bytes))))),
        );
    }

    /// All formats that go through serde enter with a value.
    pub(crate) fn race_serde<T>(&mut self, value: &Rc<T>, times: usize)
    where
        T: PartialEq + Serialize + DeserializeOwned + 'static,
    {
        self.race_times::<SerdePickle, T>(value, times);
        self.race_times::<Pickled, T>(value, times);
        self.race_times::<RmpSerde, T>(value, times);
        self.race_times::<Postcard, T>(value, times);
        self.race_times::<SerdeJson, T>(value, times);
    }

    /// All formats with derive macros of their own enter with a value.
    pub(crate) fn race_derived<T>(&mut self, value: &Rc<T>, times: usize)
    where
        T: PartialEq + bincode::Encode + bincode::Decode<()> + 'static,
        T: bitcode::Encode + bitcode::DecodeOwned,
    {
        self.race_times::<Bincode, T>(value, times);
        self.race_times::<Bitcode, T>(value, times);
    }

    /// pickle-core enters with a value, and CPython, which loads its pickle and dumps the value
    /// again. That has to load as the same value here, which is timed, too.
    pub(crate) fn race_python<T>(&mut self, value: &Rc<T>, times: usize)
    where
        T: PartialEq + Reduce + ConstructOwned + 'static,
    {
        let ours = PickleCore::dump(&**value);
        self.enter_python(value, times, &ours);
        self.race_times::<PickleCore, T>(value, times);
        if let Some(line) = self
            .lines
            .last_mut()
            .filter(|line| line.name == PICKLE_CORE)
        {
            let entered = std::mem::replace(line, Line::of_size("", 0));
            *line = entered.path_of::<T>();
        }
    }

    fn enter_python<T>(&mut self, value: &Rc<T>, times: usize, ours: &[u8])
    where
        T: PartialEq + Reduce + ConstructOwned + 'static,
    {
        if ![CPYTHON, CPYTHON_OURS, OF_CPYTHON]
            .iter()
            .any(|name| self.wants(name))
        {
            return;
        }
        let Some(python) = &self.python else {
            return;
        };
        let task = Task::new(python, ours, Mode::Plain).expect("CPython loads what was dumped");
        let task = Rc::new(task);
        let theirs = task.dump().expect("CPython dumps what it loaded");
        let loaded = <PickleCore as Format<T>>::load(&theirs);
        assert!(loaded == **value, "CPython changes the value");
        self.enter(
            Line::new(OF_CPYTHON, &*theirs)
                .event("of CPython's pickle")
                .load(move |bytes| {
                    time_many(times, || <PickleCore as Format<T>>::load(black_box(bytes)))
                })
                .path_of::<T>(),
        );
        let (dumper, loader) = (Rc::clone(&task), Rc::clone(&task));
        self.enter(
            Line::new(CPYTHON, theirs)
                .dump(move || dumper.time_dump(times))
                .load(move |_| loader.time_load(Origin::Own, times)),
        );
        self.enter(
            Line::new(CPYTHON_OURS, ours).load(move |_| task.time_load(Origin::Ours, times)),
        );
    }

    /// The floors enter: copying the pickle's bytes, and a deep clone of the value.
    pub(crate) fn race_floors<T: 'static>(
        &mut self,
        value: &Rc<T>,
        clone: fn(&T) -> T,
        pickle: &[u8],
    ) {
        let pickle: Rc<[u8]> = pickle.into();
        let copied = Rc::clone(&pickle);
        self.enter(
            Line::new(MEMCPY, Rc::clone(&pickle))
                .dump(move || time(|| black_box(&*copied).to_vec())),
        );
        let value = Rc::clone(value);
        self.enter(Line::new(CLONE, pickle).load(move |_| time(|| clone(black_box(&value)))));
    }

    /// The usual: CPython, all formats and the floors enter with a value.
    pub(crate) fn race_all<T>(&mut self, value: &Rc<T>)
    where
        T: PartialEq + Clone + Reduce + ConstructOwned + Serialize + DeserializeOwned + 'static,
        T: bincode::Encode + bincode::Decode<()> + bitcode::Encode + bitcode::DecodeOwned,
    {
        self.race_python(value, 1);
        self.race_serde(value, 1);
        self.race_derived(value, 1);
        self.race_floors(value, T::clone, &PickleCore::dump(value));
    }
}

/// CPython, loading what it dumped itself.
pub(crate) const CPYTHON: &str = "CPython";
/// CPython, loading what pickle-core dumped.
pub(crate) const CPYTHON_OURS: &str = "CPython, of pickle-core's pickle";
/// pickle-core.
pub(crate) const PICKLE_CORE: &str = <PickleCore as Format<()>>::NAME;
/// pickle-core, loading what CPython dumped.
pub(crate) const OF_CPYTHON: &str = "pickle-core, of CPython's pickle";
/// The floor for dumping.
pub(crate) const MEMCPY: &str = "memcpy";
/// The floor for loading.
pub(crate) const CLONE: &str = "clone";

/// How long it takes to make something. To drop it takes no part.
pub(crate) fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let made = measured(work);
    let took = start.elapsed();
    drop(made);
    took
}

/// How long one of many times takes on average: for what takes less than a clock can tell.
pub(crate) fn time_each<T>(times: u32, work: impl FnMut() -> T) -> Duration {
    time_many(times as usize, work) / times
}

/// How long it takes to make something and drop it, many times. Once, dropping takes no part.
pub(crate) fn time_many<T>(times: usize, mut work: impl FnMut() -> T) -> Duration {
    if times == 1 {
        return time(work);
    }
    time(|| {
        for _ in 0..times {
            black_box(work());
        }
    })
}

/// What is timed runs in here, which is how callgrind is told to count it.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}
