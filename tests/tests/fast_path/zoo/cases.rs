//! The types of the zoo as cases: how a value is made, and how two are compared.

#![allow(clippy::wildcard_imports, reason = "all of the zoo")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

use super::values::*;
use super::*;
use crate::harness::{Case, Numbers, by_debug, by_identity, compare, dump};

/// A case of the zoo: its type, how a value is made, and how two are compared.
macro_rules! case {
    ($type:ty, $same:expr, $make:expr) => {
        Case {
            name: stringify!($type),
            dump: |n, size, protocol, policy| {
                let make: fn(&mut Numbers, usize) -> $type = $make;
                dump(&make(n, size), protocol, policy)
            },
            compare: |limits, bytes| compare::<$type>(limits, bytes, $same),
        }
    };
}

pub(crate) const CASES: &[Case] = &[
    case!(Vec<Point>, by_debug, |n, size| some(n, size, point)),
    case!(Vec<Segment>, by_debug, |n, size| some(n, size, segment)),
    case!(Vec<Vec<Segment>>, by_debug, |n, size| few(n, size, |n| {
        some(n, 4, segment)
    })),
    case!(Vec<Single>, by_debug, |n, size| some(n, size, |_| Single {
        value: 0.5
    })),
    case!((Segment, Vec<f64>, Point), by_debug, |n, size| {
        (segment(n), some(n, size, |_| 0.25), point(n))
    }),
    case!(Vec<Numeric>, by_debug, |n, size| some(n, size, numeric)),
    case!(Vec<i64>, by_debug, |n, size| some(n, size, int)),
    case!(Vec<f32>, by_debug, |n, size| some(n, size, |n| n.below(9)
        as f32)),
    case!(Vec<Texts>, by_debug, |n, size| some(n, size, texts)),
    case!(Vec<Borrowed<'_>>, by_debug, |n, size| some(
        n, size, borrowed
    )),
    case!(Vec<Bytes>, by_debug, |n, size| some(n, size, bytes)),
    case!(Vec<Triple>, by_debug, |n, size| some(n, size, triple)),
    case!(Vec<(Unit, Newtype)>, by_debug, |n, size| some(
        n,
        size,
        |n| { (Unit, Newtype(int(n))) }
    )),
    case!(Vec<(Level, Mood)>, by_debug, |n, size| some(n, size, |n| {
        (level(n), mood(n))
    })),
    case!(Vec<Tree>, by_debug, |n, size| some(n, size, |n| tree(n, 3))),
    case!(Vec<Vec<i64>>, by_debug, |n, size| some(n, size, ints)),
    case!(Vec<Vec<Vec<u8>>>, by_debug, |n, size| some(n, size, |n| {
        few(n, 3, |n| vec![7; n.below(3)])
    })),
    case!(BTreeMap<String, i64>, by_debug, |n, size| {
        (0..size).map(|key| (key.to_string(), int(n))).collect()
    }),
    case!(BTreeSet<i64>, by_debug, |_, size| (0..size as i64)
        .collect()),
    case!(Generic<Generic<i64, Point>, String>, by_debug, |n, size| {
        Generic {
            one: Generic {
                one: int(n),
                many: some(n, size, point),
            },
            many: few(n, size, text),
        }
    }),
    case!(Containers, by_debug, containers),
    case!(Hashed, |one, other| one == other, |n, _| hashed(n)),
    case!(Shared, by_identity, shared),
    case!(Drawing, by_debug, drawing),
    case!(Vec<Rc<str>>, by_identity, |n, size| shared_of(
        n,
        size,
        |n| text(n).into()
    )),
    case!(
        (Vec<Rc<str>>, BTreeMap<Rc<str>, Rc<str>>),
        by_identity,
        |n, size| {
            let names = shared_of(n, size, |n| Rc::<str>::from(text(n)));
            let map = names.iter().map(|name| (name.clone(), name.clone()));
            (names.clone(), map.collect())
        }
    ),
    case!(
        (Vec<Rc<i64>>, Vec<Rc<()>>, Vec<Rc<bool>>),
        by_identity,
        |n, size| {
            let flags = shared_of(n, size, |n| Rc::new(n.one_in(2)));
            let units = shared_of(n, size, |_| Rc::new(()));
            (shared_of(n, size, |n| Rc::new(int(n))), units, flags)
        }
    ),
    case!(Vec<Rc<Vec<i64>>>, by_identity, |n, size| shared_of(
        n,
        size,
        |n| Rc::new(ints(n))
    )),
    case!(Vec<Rc<RefCell<Vec<Rc<Level>>>>>, by_identity, |n, size| {
        let levels = shared_of(n, 3, |n| Rc::new(level(n)));
        shared_of(n, size, |n| {
            Rc::new(RefCell::new(few(n, 2, |n| levels[n.below(3)].clone())))
        })
    }),
    case!(Vec<Arc<Mutex<String>>>, by_identity, |n, size| {
        shared_of(n, size, |n| Arc::new(Mutex::new(text(n))))
    }),
    case!(
        (Vec<Rc<Point>>, Vec<Weak<Point>>),
        by_identity,
        |n, size| {
            let points = shared_of(n, size, |n| Rc::new(point(n)));
            let weak = points.iter().map(Rc::downgrade).collect();
            (points, weak)
        }
    ),
    case!(Vec<Rc<(Rc<i64>, Rc<String>)>>, by_identity, |n, size| {
        let numbers = shared_of(n, 4, |n| Rc::new(int(n)));
        let strings = shared_of(n, 4, |n| Rc::new(text(n)));
        shared_of(n, size, |n| {
            Rc::new((numbers[n.below(4)].clone(), strings[n.below(4)].clone()))
        })
    }),
    case!(Vec<Option<Rc<Tree>>>, by_identity, |n, size| {
        shared_of(n, size, |n| n.one_in(2).then(|| Rc::new(tree(n, 2))))
    }),
    case!(Vec<Box<dyn Figure>>, by_debug, |n, size| some(
        n,
        size,
        |n| {
            let figure: Box<dyn Figure> = match n.below(3) {
                0 => Box::new(Circle { radius: -0.5 }),
                1 => Box::new(point(n)),
                _ => Box::new(triple(n)),
            };
            figure
        }
    )),
    case!(Vec<Rc<dyn Figure>>, by_debug, |n, size| shared_of(
        n,
        size,
        |n| figure(n, 2)
    )),
    case!(
        (Vec<Rc<dyn Figure>>, Vec<Rc<Circle>>),
        by_debug,
        |n, size| {
            let circles = shared_of(n, size, |_| Rc::new(Circle { radius: 2.0 }));
            let figures = circles.iter().map(|circle| circle.clone() as _);
            (figures.collect(), circles.clone())
        }
    ),
    case!(Vec<Rc<RefCell<dyn Figure>>>, by_debug, |n, size| {
        shared_of(n, size, |n| -> Rc<RefCell<dyn Figure>> {
            Rc::new(RefCell::new(point(n)))
        })
    }),
    case!(BTreeMap<String, Arc<dyn Figure>>, by_debug, |n, size| {
        some(n, size, |n| -> (String, Arc<dyn Figure>) {
            (text(n), Arc::new(Circle { radius: 1.0 }))
        })
        .into_iter()
        .collect()
    }),
    case!(
        (Vec<Rc<dyn Figure>>, Vec<Weak<dyn Figure>>),
        by_debug,
        |n, size| {
            let figures = shared_of(n, size, |n| figure(n, 2));
            let weak = figures.iter().map(Rc::downgrade).collect();
            (figures, weak)
        }
    ),
    case!(Vec<Attributes>, by_debug, |n, size| some(
        n, size, attributes
    )),
    case!(Vec<AllDefault>, by_debug, |n, size| some(
        n,
        size,
        all_default
    )),
    case!(Vec<AsReduce>, by_debug, |n, size| some(n, size, |n| {
        AsReduce {
            a: int(n),
            b: few(n, 3, text),
        }
    })),
    case!(Vec<AsNewobj>, by_debug, |n, size| some(n, size, |n| {
        AsNewobj {
            a: int(n),
            b: text(n),
            c: ints(n),
        }
    })),
    case!(Vec<AsDict>, by_debug, |n, size| some(n, size, |n| AsDict {
        a: int(n),
        b: n.one_in(2).then(|| ints(n)),
    })),
    case!(Vec<Meters>, by_debug, |n, size| some(n, size, |_| Meters(
        0.5
    ))),
    case!(Rc<RefCell<Node>>, by_identity, |n, size| nodes(
        n, size, false
    )),
    case!(Vec<Rc<RefCell<Node>>>, by_identity, |n, size| vec![
        nodes(n, size, true),
        nodes(n, 2, false)
    ]),
    case!(Forms, by_debug, forms),
    case!(Impure, by_debug, |n, size| Impure {
        versioned: few(n, size, |n| Versioned { a: int(n) }),
        degrees: few(n, size, |n| Celsius(int(n))),
    }),
    case!(Flat, by_debug, |n, _| Flat {
        a: int(n),
        rest: all_default(n),
    }),
    case!(Value, by_debug, |n, size| Value::List(
        some(n, size, |n| plain(n, 3)).into()
    )),
    case!(Box<Value>, by_debug, |n, size| Box::new(any(
        n,
        size.min(5)
    ))),
    case!((Value, Value), by_debug, |n, _| (plain(n, 2), plain(n, 2))),
    case!(Vec<Value>, by_debug, |n, size| some(n, size, |n| plain(
        n, 2
    ))),
    case!(BTreeMap<String, Value>, by_debug, |n, size| {
        some(n, size, |n| (text(n), plain(n, 2))).into_iter().collect()
    }),
    case!(Vec<WithValue>, by_debug, |n, size| some(n, size, |n| {
        WithValue {
            id: int(n),
            value: plain(n, 2),
            name: text(n),
            more: few(n, 3, |n| plain(n, 1)),
        }
    })),
    case!(
        HashMap<Value, i64>,
        |one, other| one == other,
        |n, size| { (0..size.min(9)).map(|at| (key(n, at), int(n))).collect() }
    ),
    case!(Vec<Rc<Value>>, by_debug, |n, size| shared_of(
        n,
        size,
        |n| Rc::new(plain(n, 2))
    )),
    case!(
        (Drawing, Forms, Vec<Tree>, Containers),
        by_debug,
        |n, size| {
            let trees = few(n, size, |n| tree(n, 3));
            (drawing(n, size), forms(n, size), trees, containers(n, size))
        }
    ),
];
