//! Lists whose items are appended many at a time are, byte for byte, what they are when each item is
//! written by itself: as those of a `VecDeque` are. So are instances whose classes are known.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::VecDeque;
use std::fmt::Debug;

use pickle_core::{DispatchTable, MemoPolicy, Pickler, QualName, Reduce, Reduction, dumps, loads};

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "geometry")]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(transparent)]
struct Meters(f64);

type Real = f64;

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "geometry")]
struct Circle {
    radius: Meters,
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "geometry")]
struct Cuboid {
    a: f32,
    b: Real,
    #[reduce(skip, default)]
    cached: f64,
    c: Meters,
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "geometry")]
struct Labelled {
    x: f64,
    label: u8,
}

fn dump<T: Reduce + ?Sized>(value: &T, protocol: u8, policy: MemoPolicy) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(protocol).memo(policy);
    pickler.dump(value).unwrap();
    bytes
}

/// Lengths of texts in front of a list, so that its frame ends at each place of an item.
fn paddings() -> impl Iterator<Item = usize> {
    [0].into_iter().chain((65_400..65_560).step_by(3))
}

fn check<T: Reduce + Clone + Debug>(name: &str, item: impl Fn(u32) -> T) {
    for len in [0, 1, 2, 3, 40, 999, 1000, 1001, 2000, 2001, 9000] {
        let list: Vec<T> = (0..len).map(&item).collect();
        let deque = VecDeque::from(list.clone());
        for protocol in 0..=5 {
            for policy in [MemoPolicy::Shared, MemoPolicy::All] {
                let (list, deque) = (
                    dump(&list, protocol, policy),
                    dump(&deque, protocol, policy),
                );
                assert!(
                    list == deque,
                    "{len} {name} in protocol {protocol}, {policy:?}"
                );
            }
        }
        assert!(dumps(&list).unwrap() == dump(&list, 4, MemoPolicy::Shared));
    }
    let list: Vec<T> = (0..30).map(&item).collect();
    let deque = VecDeque::from(list.clone());
    for padding in paddings() {
        let text = "x".repeat(padding);
        let list = dumps(&(&text, &list, &list)).unwrap();
        let deque = dumps(&(&text, &deque, &deque)).unwrap();
        assert!(list == deque, "{name} behind {padding} bytes");
    }
}

#[test]
fn floats() {
    check("f64", |n| f64::from(n) / 7.0);
    check("f32", |n| n as f32 / 7.0);
}

#[test]
fn ints() {
    let bits = |n: u32| u64::from(n.wrapping_mul(0x9e37_79b9)) << 32 | u64::from(!n);
    let signed = move |n: u32| bits(n).cast_signed() >> (n % 64);
    check("i8", move |n| signed(n) as i8);
    check("i16", move |n| signed(n) as i16);
    check("u16", move |n| signed(n) as u16);
    check("i32", move |n| (signed(n) >> 32) as i32);
    check("u32", move |n| bits(n) as u32 >> (n % 32));
    check("i64", signed);
    check("u64", move |n| bits(n) >> (n % 64));
    check("i128", move |n| i128::from(signed(n)) << (n % 60));
}

#[test]
fn ints_at_the_ends_of_their_forms() {
    let powers = (0..64).flat_map(|bits| {
        let power = 1_i64 << bits;
        [power.wrapping_sub(1), power, power.wrapping_add(1)]
    });
    let both: Vec<i64> = powers.flat_map(|int| [int, int.wrapping_neg()]).collect();
    let list = dumps(&both).unwrap();
    assert_eq!(list, dumps(&VecDeque::from(both.clone())).unwrap());
    assert_eq!(loads::<Vec<i64>>(&list).unwrap(), both);
    for int in both {
        // One by itself, in a protocol that is written the longer way.
        let mut again = dump(&int, 3, MemoPolicy::Shared);
        again[1] = 4;
        let alone = dumps(&int).unwrap();
        assert!(alone.ends_with(&again[2..]), "{int}");
    }
}

#[test]
fn instances_of_floats() {
    check("points", |n| Point {
        x: n.into(),
        y: 0.5,
    });
    check("circles", |n| Circle {
        radius: Meters(n.into()),
    });
    check("cuboids", |n| Cuboid {
        a: n as f32,
        b: 2.0,
        cached: 3.0,
        c: Meters(n.into()),
    });
    check("what is no float", |n| Labelled {
        x: n.into(),
        label: n as u8,
    });
}

#[test]
fn instances_of_classes_behind_many_others_in_the_memo() {
    let shared: Vec<_> = (0..300).map(std::rc::Rc::new).collect();
    let points: Vec<_> = (0..3000)
        .map(|n| Point {
            x: n.into(),
            y: 0.5,
        })
        .collect();
    let deque = VecDeque::from(points.clone());
    let list = dumps(&(&shared, &points)).unwrap();
    assert_eq!(list, dumps(&(&shared, deque)).unwrap());
    assert_eq!(loads::<(Vec<i32>, Vec<Point>)>(&list).unwrap().1, points);
}

#[test]
fn strs_of_every_length() {
    let texts: Vec<String> = (0..600)
        .map(|len| "äbcdé".chars().cycle().take(len).collect())
        .collect();
    let pickle = dumps(&texts).unwrap();
    assert_eq!(loads::<Vec<String>>(&pickle).unwrap(), texts);
    // A list of another type is written one by one. Frames end at the same items.
    let many: VecDeque<String> = texts.iter().cycle().take(5000).cloned().collect();
    let one_by_one = dumps(&many).unwrap();
    assert_eq!(dumps(&Vec::from_iter(many)).unwrap(), one_by_one);
    let bytes: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    let pickle = dumps(&bytes).unwrap();
    assert_eq!(loads::<Vec<Vec<u8>>>(&pickle).unwrap(), bytes);
}

#[test]
fn reducers_of_the_pickler_see_each_item() {
    fn at(point: &Point) -> Reduction<'_> {
        Reduction::call(QualName::new("geometry", "at"), (point.x,))
    }
    let mut table = DispatchTable::new();
    table.pickle(at);
    let points: Vec<_> = (0..3)
        .map(|n| Point {
            x: n.into(),
            y: 0.5,
        })
        .collect();
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .dispatch_table(table)
        .dump(&points)
        .unwrap();
    let calls = bytes.windows(2).filter(|ops| *ops == b"\x85R").count();
    assert_eq!(calls, 3);
}
