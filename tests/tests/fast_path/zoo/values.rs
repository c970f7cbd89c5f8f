//! Values of the types of the zoo.

#![allow(clippy::wildcard_imports, reason = "all of the zoo")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use pickle_core::value::Dict;
use pickle_core::{ByteArray, Value};

use super::*;
use crate::harness::Numbers;

pub(super) fn point(n: &mut Numbers) -> Point {
    const FLOATS: [f64; 6] = [0.0, -0.0, 1.5, f64::MAX, f64::NEG_INFINITY, 1e-300];
    Point {
        x: n.pick(&FLOATS),
        y: n.pick(&FLOATS),
    }
}

pub(super) fn int(n: &mut Numbers) -> i64 {
    let bits = n.below(64);
    n.next().cast_signed() >> bits
}

/// One of few, so that some are met again.
pub(super) fn text(n: &mut Numbers) -> String {
    const TEXTS: [&str; 9] = [
        "",
        "a",
        "x",
        "list",
        "é",
        "value",
        "fast.path",
        "Point",
        "name",
    ];
    match n.below(40) {
        0 => "long".repeat(100),
        _ => n.pick(&TEXTS).to_owned(),
    }
}

pub(super) fn some<T>(
    n: &mut Numbers,
    size: usize,
    mut make: impl FnMut(&mut Numbers) -> T,
) -> Vec<T> {
    (0..size).map(|_| make(n)).collect()
}

/// Few, of any number up to `size`.
pub(super) fn few<T>(n: &mut Numbers, size: usize, make: impl FnMut(&mut Numbers) -> T) -> Vec<T> {
    let count = n.below(size.min(4) + 1);
    some(n, count, make)
}

pub(super) fn ints(n: &mut Numbers) -> Vec<i64> {
    few(n, 3, int)
}

pub(super) fn level(n: &mut Numbers) -> Level {
    match n.below(3) {
        0 => Level::Low,
        1 => Level::High,
        _ => Level::Below,
    }
}

pub(super) fn mood(n: &mut Numbers) -> Mood {
    if n.one_in(2) { Mood::Fine } else { Mood::Other }
}

pub(super) fn segment(n: &mut Numbers) -> Segment {
    Segment {
        from: point(n),
        weight: 0.5,
        to: point(n),
    }
}

pub(super) fn numeric(n: &mut Numbers) -> Numeric {
    let wide = n.next();
    Numeric {
        a: wide as i8,
        b: wide as u8,
        c: wide as i16,
        d: wide as u16,
        e: wide as i32,
        f: wide as u32,
        g: int(n),
        h: wide,
        i: wide as isize,
        j: wide as usize,
        k: i128::from(int(n)) * i128::from(int(n)),
        l: u128::from(wide) << n.below(63),
        m: 0.25,
        n: n.one_in(2),
        o: n.pick(&['a', 'é', '\0', '\u{10ffff}']),
    }
}

pub(super) fn texts(n: &mut Numbers) -> Texts {
    let rc: Rc<str> = text(n).into();
    Texts {
        owned: text(n),
        boxed: text(n).into(),
        same: if n.one_in(2) {
            rc.clone()
        } else {
            text(n).into()
        },
        rc,
        arc: text(n).into(),
        option: n.one_in(2).then(|| text(n)),
        path: text(n).into(),
        nothing: (),
    }
}

pub(super) fn borrowed(n: &mut Numbers) -> Borrowed<'static> {
    const TEXTS: [&str; 4] = ["", "text", "cow", "é\n"];
    const BYTES: [&[u8]; 3] = [b"", b"bytes", b"\xff\0."];
    Borrowed {
        text: n.pick(&TEXTS),
        cow: n.pick(&TEXTS).into(),
        bytes: n.pick(&BYTES),
        data: n.pick(&BYTES).into(),
        again: n.pick(&TEXTS),
    }
}

pub(super) fn bytes(n: &mut Numbers) -> Bytes {
    let len = n.pick(&[0, 1, 5, 255, 256]);
    let bytes = vec![n.below(256) as u8; len];
    Bytes {
        array: [1, 2, 3],
        mutable: ByteArray(bytes.clone()),
        list: bytes.iter().copied().take(4).collect(),
        shared: bytes.clone().into(),
        bytes,
    }
}

pub(super) fn triple(n: &mut Numbers) -> Triple {
    let next = n.one_in(2).then(|| Box::new(triple(n)));
    Triple(int(n), text(n), next)
}

pub(super) fn tree(n: &mut Numbers, depth: usize) -> Tree {
    let below = |n: &mut Numbers| tree(n, depth - 1);
    match n.below(if depth == 0 { 2 } else { 6 }) {
        0 => Tree::Empty,
        1 => Tree::Leaf(0.5),
        2 => Tree::Pair(Box::new(below(n)), Box::new(below(n))),
        3 => Tree::Many(few(n, 4, below)),
        4 => Tree::Named {
            name: text(n),
            level: level(n),
            below: n.one_in(2).then(|| Box::new(below(n))),
        },
        _ => Tree::Four(int(n), int(n), ints(n), text(n)),
    }
}

pub(super) fn containers(n: &mut Numbers, size: usize) -> Containers {
    Containers {
        lists: few(n, size, |n| few(n, 4, ints)),
        pairs: some(n, size, |n| (ints(n), few(n, 2, text))),
        fours: few(n, size, |n| {
            let numbers = few(n, 2, |n| n.below(9) as u16);
            (int(n), numbers, int(n), few(n, 2, point))
        }),
        one: (text(n),),
        five: (int(n), (int(n), int(n)), [1, 2, 3], (), true),
        queue: few(n, size, |n| n.one_in(2).then(|| ints(n))).into(),
        maps: few(n, size, |n| {
            let inner = few(n, 3, |n| (int(n), few(n, 2, text)));
            (text(n), inner.into_iter().collect())
        })
        .into_iter()
        .collect(),
        keys: few(n, size, |n| ((int(n), text(n)), level(n)))
            .into_iter()
            .collect(),
        vec_keys: BTreeMap::new(),
        set: few(n, size, text).into_iter().collect(),
        sets: few(n, size, |n| {
            few(n, 3, |n| (int(n), int(n))).into_iter().collect()
        }),
        levels: few(n, 3, |n| (level(n), mood(n))).into_iter().collect(),
        cell: Cell::new(int(n)),
        ref_cell: RefCell::new(ints(n)),
    }
}

pub(super) fn hashed(n: &mut Numbers) -> Hashed {
    Hashed {
        map: few(n, 4, |n| (text(n), ints(n))).into_iter().collect(),
        keys: few(n, 3, |n| (ints(n).into_iter().collect(), text(n)))
            .into_iter()
            .collect(),
        set: few(n, 3, |n| (level(n), text(n))).into_iter().collect(),
        frozen: few(n, 3, |n| few(n, 3, text).into_iter().collect())
            .into_iter()
            .collect(),
    }
}

/// Pointers, of which some are the same.
pub(super) fn shared_of<P: Clone>(
    n: &mut Numbers,
    size: usize,
    mut make: impl FnMut(&mut Numbers) -> P,
) -> Vec<P> {
    let mut all: Vec<P> = Vec::new();
    for _ in 0..size {
        let next = match n.below(all.len() + 1) {
            at if n.one_in(2) && at < all.len() => all[at].clone(),
            _ => make(n),
        };
        all.push(next);
    }
    all
}

pub(super) fn shared(n: &mut Numbers, size: usize) -> Shared {
    let points = shared_of(n, size, |n| Rc::new(point(n)));
    let levels = shared_of(n, 3, |n| Rc::new(level(n)));
    let numbers = shared_of(n, 4, |n| Rc::new(int(n)));
    let strings = shared_of(n, 4, |n| Rc::new(text(n)));
    let names = shared_of(n, size.min(9), |n| Rc::<str>::from(text(n)));
    Shared {
        weak: points.iter().take(4).map(Rc::downgrade).collect(),
        units: shared_of(n, 3, |_| Rc::new(())),
        flags: shared_of(n, 4, |n| Rc::new(n.one_in(2))),
        lists: shared_of(n, 4, |n| Rc::new(ints(n))),
        cells: shared_of(n, 3, |n| {
            Rc::new(RefCell::new(few(n, 2, |n| levels[n.below(3)].clone())))
        }),
        arcs: shared_of(n, 3, |n| Arc::new(Mutex::new(text(n)))),
        pairs: shared_of(n, 3, |n| {
            Rc::new((numbers[n.below(4)].clone(), strings[n.below(4)].clone()))
        }),
        optional: shared_of(n, 4, |n| n.one_in(2).then(|| Rc::new(tree(n, 2)))),
        by_name: names
            .iter()
            .take(2)
            .map(|name| (name.clone(), name.clone()))
            .collect(),
        points,
        names,
        atoms: numbers,
    }
}

pub(super) fn figure(n: &mut Numbers, depth: usize) -> Rc<dyn Figure> {
    match n.below(if depth == 0 { 3 } else { 4 }) {
        0 => Rc::new(Circle { radius: 0.5 }),
        1 => Rc::new(point(n)),
        2 => Rc::new(triple(n)),
        _ => Rc::new(Group {
            name: text(n),
            parts: few(n, 3, |n| figure(n, depth - 1)),
        }),
    }
}

pub(super) fn drawing(n: &mut Numbers, size: usize) -> Drawing {
    let circles = shared_of(n, 2, |_| Rc::new(Circle { radius: 2.0 }));
    let mut shared = shared_of(n, size, |n| figure(n, 2));
    shared.extend(
        circles
            .iter()
            .map(|circle| circle.clone() as Rc<dyn Figure>),
    );
    Drawing {
        boxed: some(n, size, |n| -> Box<dyn Figure> {
            match n.below(3) {
                0 => Box::new(Circle { radius: -0.5 }),
                1 => Box::new(point(n)),
                _ => Box::new(triple(n)),
            }
        }),
        weak: shared.iter().take(2).map(Rc::downgrade).collect(),
        shared,
        circles,
        cells: shared_of(n, 3, |n| -> Rc<RefCell<dyn Figure>> {
            Rc::new(RefCell::new(point(n)))
        }),
        map: few(n, 3, |n| -> (String, Arc<dyn Figure>) {
            (text(n), Arc::new(Circle { radius: 1.0 }))
        })
        .into_iter()
        .collect(),
    }
}

pub(super) fn nodes(n: &mut Numbers, size: usize, cyclic: bool) -> Rc<RefCell<Node>> {
    let label: Rc<str> = text(n).into();
    let node = |id: usize| Node {
        id: id as u16,
        next: None,
        other: None,
        label: label.clone(),
    };
    let first = Rc::new(RefCell::new(node(0)));
    let mut last = first.clone();
    for id in 1..size.min(50) {
        let next = Rc::new(RefCell::new(node(id)));
        if cyclic {
            next.borrow_mut().other = Some(Rc::downgrade(&last));
        }
        last.borrow_mut().next = Some(next.clone());
        last = next;
    }
    first
}

pub(super) fn attributes(n: &mut Numbers) -> Attributes {
    Attributes {
        first_field: int(n),
        zero: 0,
        skipped: 0,
        option: n.one_in(2).then(|| int(n)),
        second_field: ints(n),
    }
}

pub(super) fn all_default(n: &mut Numbers) -> AllDefault {
    AllDefault {
        a: n.pick(&[0, 1]),
        list: ints(n),
    }
}

pub(super) fn forms(n: &mut Numbers, size: usize) -> Forms {
    Forms {
        attributes: few(n, size, attributes),
        strict: Strict {
            a: int(n),
            list: ints(n),
        },
        defaults: few(n, size, all_default),
        pair: (
            all_default(n),
            few(n, 3, |n| (text(n), int(n))).into_iter().collect(),
        ),
        dicts: some(n, size, |n| AsDict {
            a: int(n),
            b: n.one_in(2).then(|| ints(n)),
        }),
        empties: few(n, size, |n| EmptyDict { a: n.pick(&[0, 7]) }),
        empty: few(n, size, |n| (text(n), EmptyDict { a: n.pick(&[0, 7]) }))
            .into_iter()
            .collect(),
        called: few(n, size, |n| AsReduce {
            a: int(n),
            b: few(n, 3, text),
        }),
        created: AsNewobj {
            a: int(n),
            b: text(n),
            c: ints(n),
        },
        flat: Vec::new(),
        newtypes: some(n, size, |n| Newtype(int(n))),
        units: vec![Unit; size.min(4)],
        meters: some(n, size, |_| Meters(0.5)),
        triple: triple(n),
    }
}

pub(super) fn atom(n: &mut Numbers) -> Value {
    match n.below(12) {
        0 => Value::None,
        1 => Value::Bool(n.one_in(2)),
        2 | 3 => int(n).into(),
        4 => Value::from(i128::from(int(n)) * i128::from(int(n))),
        5 => Value::Float(n.pick(&[0.5, -0.0, 1e300, f64::INFINITY])),
        6 => Value::Bytes(bytes(n).bytes),
        _ => text(n).into(),
    }
}

/// A tree of so many levels, of what every protocol has an opcode for.
pub(super) fn plain(n: &mut Numbers, depth: usize) -> Value {
    let below = |n: &mut Numbers| plain(n, depth - 1);
    match n.below(if depth == 0 { 2 } else { 6 }) {
        0 | 1 => match atom(n) {
            Value::Bytes(_) => Value::None,
            atom => atom,
        },
        2 | 3 => Value::List(few(n, 4, below).into()),
        4 => Value::Tuple(few(n, 4, below).into()),
        _ => {
            let mut dict = Dict::default();
            for _ in 0..n.below(5) {
                dict.insert(text(n), below(n));
            }
            Value::Dict(dict)
        }
    }
}

/// A tree of all that there is, with keys of every kind.
pub(super) fn any(n: &mut Numbers, depth: usize) -> Value {
    let below = |n: &mut Numbers| any(n, depth - 1);
    let count = n.below(4);
    match n.below(if depth == 0 { 2 } else { 10 }) {
        0 => atom(n),
        1 => Value::ByteArray(bytes(n).bytes),
        2..=4 => Value::List(few(n, 4, below).into()),
        5 => Value::Tuple(few(n, 4, below).into()),
        6 => Value::Set((0..count).map(|item| key(n, item)).collect()),
        7 => Value::FrozenSet((0..count).map(|item| key(n, item)).collect()),
        _ => Value::Dict((0..count).map(|at| (key(n, at), below(n))).collect()),
    }
}

/// One that differs from those of other numbers.
pub(super) fn key(n: &mut Numbers, number: usize) -> Value {
    let number = Value::from(number as i64 + 2);
    match n.below(8) {
        0..=2 => number,
        3 => Value::Tuple([number, atom(n)].into()),
        4 => Value::Tuple([Value::Tuple([number].into())].into()),
        5 => Value::FrozenSet([number].into()),
        _ => format!("{number:?}").into(),
    }
}
