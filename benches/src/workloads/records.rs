//! W2: a list of records of twelve mixed fields.

use std::collections::HashMap;
use std::rc::Rc;

use fastrand::Rng;
use pickle_core::Reduce;
use serde::{Deserialize, Serialize};

use super::text;
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
pub(crate) struct Record {
    id: u64,
    parent: i32,
    balance: f64,
    ratio: f64,
    name: String,
    email: String,
    note: Option<String>,
    tags: Vec<String>,
    scores: HashMap<String, f64>,
    address: Address,
    status: Status,
    active: bool,
}

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
struct Address {
    street: String,
    city: String,
    zip: u32,
}

#[derive(
    Clone,
    Copy,
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
#[reduce(module = "pickle_benches", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Blocked,
    Deleted,
}

pub(super) fn enter(contest: &mut Contest) {
    contest.race_all(&Rc::new(list(contest.size)));
}

pub(super) fn list(size: usize) -> Vec<Record> {
    let mut random = Rng::with_seed(2);
    (0..size as u64).map(|id| record(id, &mut random)).collect()
}

fn record(id: u64, random: &mut Rng) -> Record {
    let name = text(random, 6..14);
    let subjects = ["algebra", "botany", "chemistry", "drawing", "economics"];
    Record {
        id,
        parent: random.i32(-1..100_000),
        balance: random.f64() * 10_000.0 - 2_000.0,
        ratio: random.f64(),
        email: format!("{name}@example.org"),
        name,
        note: random.bool().then(|| text(random, 10..40)),
        tags: (0..random.usize(0..5))
            .map(|_| text(random, 3..9))
            .collect(),
        scores: random
            .choose_multiple(subjects, 3)
            .into_iter()
            .map(|subject| (subject.to_owned(), random.f64() * 100.0))
            .collect(),
        address: Address {
            street: text(random, 8..20),
            city: text(random, 4..12),
            zip: random.u32(10_000..100_000),
        },
        status: [Status::Active, Status::Blocked, Status::Deleted][random.usize(0..3)],
        active: random.bool(),
    }
}
