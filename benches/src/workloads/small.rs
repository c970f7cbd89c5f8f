//! W11: one small struct, many times over: what a call costs.

use std::hint::black_box;
use std::rc::Rc;

use pickle_core::{Pickler, Reduce, Unpickler};
use serde::{Deserialize, Serialize};

use crate::contest::{Contest, Line, time_many};
use crate::format::{Format, PickleCore};

#[derive(
    Clone,
    Debug,
    PartialEq,
    Reduce,
    Serialize,
    Deserialize,
    bincode::Encode,
    bincode::Decode,
    bitcode::Encode,
    bitcode::Decode,
)]
#[reduce(module = "pickle_benches")]
pub(crate) struct Small {
    id: u32,
    name: String,
    score: f64,
    active: bool,
}

pub(super) fn value() -> Small {
    Small {
        id: 4711,
        name: "Ada Lovelace".to_owned(),
        score: 98.25,
        active: true,
    }
}

pub(super) fn enter(contest: &mut Contest) {
    let times = contest.size;
    contest.contained = 1;
    let small = Rc::new(value());
    let ours = PickleCore::dump(&*small);
    contest.race_python(&small, times);
    contest.race_serde(&small, times);
    contest.race_derived(&small, times);

    let value = Rc::clone(&small);
    contest.enter(
        Line::new("pickle-core, reused", ours.clone())
            .dump(move || {
                let (mut pickler, mut buffer) = (Pickler::default(), Vec::new());
                time_many(times, || {
                    buffer.clear();
                    pickler.clear_memo();
                    let dumped = pickler.dumps_into(black_box(&*value), &mut buffer);
                    dumped.expect("it was dumped before");
                    black_box(&buffer).len()
                })
            })
            .load(move |bytes| {
                let unpickler = Unpickler::new();
                time_many(times, || {
                    let loaded: Small = unpickler
                        .loads(black_box(bytes))
                        .expect("it was loaded before");
                    loaded
                })
            }),
    );
    let copied = ours.clone();
    contest.enter(
        Line::new("memcpy", ours.clone())
            .dump(move || time_many(times, || black_box(&copied).clone())),
    );
    contest.enter(
        Line::new("clone", ours)
            .load(move |_| time_many(times, || Small::clone(black_box(&small)))),
    );
}
