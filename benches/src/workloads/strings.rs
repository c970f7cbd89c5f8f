//! W5: a list of short strings, owned and borrowed from the input.

use std::hint::black_box;
use std::rc::Rc;

use super::text;
use crate::contest::{Contest, Line, time};
use crate::format::{Format, PickleCore, Postcard, RmpSerde, SerdeJson};

pub(super) fn enter(contest: &mut Contest) {
    let mut random = fastrand::Rng::with_seed(5);
    let strings: Vec<String> = (0..contest.size)
        .map(|_| text(&mut random, 3..20))
        .collect();
    let strings = Rc::new(strings);
    contest.race_all(&strings);

    enter_borrowed::<PickleCore>(contest, &strings, |bytes| pickle_core::loads(bytes).ok());
    enter_borrowed::<RmpSerde>(contest, &strings, |bytes| rmp_serde::from_slice(bytes).ok());
    enter_borrowed::<Postcard>(contest, &strings, |bytes| postcard::from_bytes(bytes).ok());
    enter_borrowed::<SerdeJson>(contest, &strings, |bytes| {
        serde_json::from_slice(bytes).ok()
    });
}

type LoadBorrowed = for<'a> fn(&'a [u8]) -> Option<Vec<&'a str>>;

fn enter_borrowed<F: Format<Vec<String>>>(
    contest: &mut Contest,
    strings: &Vec<String>,
    load: LoadBorrowed,
) {
    let name = format!("{} &str", F::NAME);
    if !contest.wants(&name) {
        return;
    }
    let bytes = F::dump(strings);
    assert!(
        load(&bytes).is_some_and(|loaded| loaded == *strings),
        "{name} changes the value"
    );
    contest.enter(
        Line::new(name, bytes)
            .event("borrowed")
            .load(move |bytes| time(|| load(black_box(bytes)))),
    );
}
