//! What takes twice as many bytes takes twice as much time: whatever is done with a pickle, and
//! whatever it holds. Times are those of the processor, and the shortest of a few runs.

use std::collections::HashMap;
use std::hint::black_box;

use cpu_time::ThreadTime;
use pickle_core::pickletools::optimize;
use pickle_core::{Graph, Limits, Unpickler, Value, dumps};
use pickle_tests::floods::FLOODS;

/// A time that cannot be told from a shorter one, in seconds.
const TICK: f64 = 0.002;
/// How much more twice as many bytes may take.
const RATIO: f64 = 2.6;
/// How often a bad ratio is measured anew.
const TRIES: usize = 5;

fn seconds(work: &mut impl FnMut()) -> f64 {
    let runs = (0..2).map(|_| {
        let start = ThreadTime::now();
        work();
        start.elapsed().as_secs_f64()
    });
    runs.fold(f64::INFINITY, f64::min)
}

/// Whether `work`, on a pickle of so many bytes, of twice as many, and of four times, takes twice and
/// four times as long.
fn is_linear(name: &str, len: usize, pickle: impl Fn(usize) -> Vec<u8>, work: impl Fn(&[u8])) {
    let pickles = [1, 2, 4].map(|times| pickle(len * times));
    let mut times = [0.0; 3];
    for _ in 0..TRIES {
        times = [0, 1, 2].map(|index| seconds(&mut || work(&pickles[index])).max(TICK));
        if times[1] < RATIO * times[0] && times[2] < RATIO * times[1] {
            return;
        }
    }
    panic!("{name}: {times:?} seconds for {len} bytes, twice as many, and four times");
}

fn trusting() -> Unpickler<'static> {
    Unpickler::new().limits(Limits::trusted())
}

#[test]
fn parsing_and_dropping_is_linear() {
    for flood in FLOODS {
        let parse = |bytes: &[u8]| drop(black_box(trusting().graph(bytes)));
        is_linear(flood.name, 50_000, |len| flood.of_len(len), parse);
    }
}

#[test]
fn what_is_done_with_a_graph_is_linear() {
    for flood in FLOODS {
        is_linear(
            flood.name,
            20_000,
            |len| flood.of_len(len),
            |bytes| {
                if let Ok(graph) = trusting().graph(bytes) {
                    assert!(graph == graph.clone());
                    black_box(format!("{graph:?}"));
                    black_box(dumps(&graph).is_ok());
                }
                black_box(optimize(bytes).is_ok());
            },
        );
    }
}

#[test]
fn making_a_value_is_linear() {
    for flood in FLOODS {
        is_linear(
            flood.name,
            20_000,
            |len| flood.of_len(len),
            |bytes| {
                if let Ok(value) = Unpickler::new().loads::<Value>(bytes) {
                    black_box(dumps(&value).is_ok());
                    assert!(value == value.clone());
                    black_box(format!("{value:?}"));
                }
            },
        );
    }
}

#[test]
fn making_typed_values_is_linear() {
    type Anything = Vec<Option<Vec<Option<i64>>>>;
    for flood in FLOODS {
        is_linear(
            flood.name,
            20_000,
            |len| flood.of_len(len),
            |bytes| {
                black_box(Unpickler::new().loads::<Anything>(bytes).is_ok());
                black_box(Unpickler::new().loads::<Vec<String>>(bytes).is_ok());
                black_box(
                    Unpickler::new()
                        .loads::<HashMap<String, f64>>(bytes)
                        .is_ok(),
                );
            },
        );
    }
}

#[test]
fn distinct_names_are_linear() {
    let names = |len: usize| {
        let names = (0..len / 10).map(|number| format!("cm\n{number}\n0"));
        (names.collect::<String>() + "N.").into_bytes()
    };
    is_linear("globals", 20_000, names, |bytes| {
        drop(black_box(Graph::parse(bytes)));
        let careful = Unpickler::new().allow([("m", "1")]);
        drop(black_box(careful.graph(bytes)));
    });
}
