//! W1: a list of points.

use std::rc::Rc;

use pickle_core::Reduce;
use serde::{Deserialize, Serialize};

use crate::contest::Contest;

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
pub(crate) struct Point {
    x: f64,
    y: f64,
}

pub(super) fn enter(contest: &mut Contest) {
    let mut random = fastrand::Rng::with_seed(1);
    let points: Vec<Point> = (0..contest.size)
        .map(|_| Point {
            x: random.f64() * 1000.0,
            y: random.f64() * 1000.0,
        })
        .collect();
    contest.race_all(&Rc::new(points));
}
