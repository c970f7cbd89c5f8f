//! How much more is done when all processors dump and load at once: what threads share slows
//! each of them down.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use pickle_core::{ConstructOwned, Reduce};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::format::{Format, PickleCore, Postcard};
use crate::race::median;
use crate::workloads::{record_list, small_struct};

/// How much of one thread's work all of them do in the same time.
#[derive(Serialize)]
pub(crate) struct Scaling {
    pub(crate) workload: &'static str,
    pub(crate) name: &'static str,
    pub(crate) threads: usize,
    pub(crate) dump: f64,
    pub(crate) load: f64,
}

/// Measures a list of records, and one small struct many times over.
pub(crate) fn measure(rounds: usize) -> Vec<Scaling> {
    let (records, small) = (record_list(1000), small_struct());
    let scalings = [
        scale("w2", &records, 30, rounds),
        scale("w11", &small, 200_000, rounds),
    ];
    scalings.into_iter().flatten().collect()
}

fn scale<T>(workload: &'static str, value: &T, times: usize, rounds: usize) -> [Scaling; 2]
where
    T: Reduce + ConstructOwned + Serialize + DeserializeOwned + Sync,
{
    [
        scale_one::<PickleCore, T>(workload, value, times, rounds),
        scale_one::<Postcard, T>(workload, value, times, rounds),
    ]
}

fn scale_one<F: Format<T>, T: Sync>(
    workload: &'static str,
    value: &T,
    times: usize,
    rounds: usize,
) -> Scaling {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let bytes = F::dump(value);
    let dump = || drop(black_box(F::dump(black_box(value))));
    let load = || drop(black_box(F::load(black_box(&bytes))));
    Scaling {
        workload,
        name: F::NAME,
        threads,
        dump: speed_up(threads, times, rounds, dump),
        load: speed_up(threads, times, rounds, load),
    }
}

/// How much of one thread's work `threads` of them do in the same time.
fn speed_up(threads: usize, times: usize, rounds: usize, work: impl Fn() + Sync) -> f64 {
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        alone.push(time_threads(1, times, &work));
        together.push(time_threads(threads, times, &work));
    }
    let medians = median(alone).zip(median(together));
    medians.map_or(0.0, |(alone, together)| threads as f64 * alone / together)
}

/// How long it takes until all threads have done their work so many times.
fn time_threads(threads: usize, times: usize, work: &(impl Fn() + Sync)) -> Duration {
    let ready = Barrier::new(threads + 1);
    let mut start = None;
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                ready.wait();
                (0..times).for_each(|_| work());
            });
        }
        ready.wait();
        start = Some(Instant::now());
    });
    start.map_or(Duration::ZERO, |start| start.elapsed())
}
