//! W4: a list of ints of mixed magnitude: every number of bits is as frequent as any other.

use std::rc::Rc;

use crate::contest::Contest;

pub(super) fn enter(contest: &mut Contest) {
    let mut random = fastrand::Rng::with_seed(4);
    let ints: Vec<i64> = (0..contest.size)
        .map(|_| random.i64(..) >> random.u32(0..64))
        .collect();
    contest.race_all(&Rc::new(ints));
}
