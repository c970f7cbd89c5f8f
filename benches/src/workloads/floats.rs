//! W3: a list of floats.

use std::rc::Rc;

use crate::contest::Contest;

pub(super) fn enter(contest: &mut Contest) {
    let mut random = fastrand::Rng::with_seed(3);
    let floats: Vec<f64> = (0..contest.size).map(|_| random.f64() * 1000.0).collect();
    contest.race_all(&Rc::new(floats));
}
