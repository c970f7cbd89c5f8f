//! Derived types of every shape, and values of them.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

use pickle_core::{ByteArray, FrozenSet, Reduce, object};

use crate::harness::{Case, Numbers, by_debug, by_identity, compare, dump};

pickle_core::module!("fast.path");

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Point {
    x: f64,
    y: f64,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Segment {
    from: Point,
    weight: f64,
    to: Point,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Single {
    value: f64,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Numeric {
    a: i8,
    b: u8,
    c: i16,
    d: u16,
    e: i32,
    f: u32,
    g: i64,
    h: u64,
    i: isize,
    j: usize,
    k: i128,
    l: u128,
    m: f32,
    n: bool,
    o: char,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Texts {
    owned: String,
    boxed: Box<str>,
    rc: Rc<str>,
    same: Rc<str>,
    arc: Arc<str>,
    option: Option<String>,
    path: PathBuf,
    nothing: (),
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Borrowed<'a> {
    text: &'a str,
    cow: Cow<'a, str>,
    bytes: &'a [u8],
    data: Cow<'a, [u8]>,
    again: &'a str,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Bytes {
    bytes: Vec<u8>,
    array: [u8; 3],
    mutable: ByteArray,
    list: VecDeque<u8>,
    shared: Rc<[u8]>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Triple(i64, String, Option<Box<Triple>>);

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Newtype(i64);

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Unit;

#[derive(Reduce, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Level {
    Low = 1,
    High = 300,
    Below = -5,
}

#[derive(Reduce, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mood {
    Fine,
    Other,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Empty,
    Leaf(f64),
    Pair(Box<Tree>, Box<Tree>),
    Many(Vec<Tree>),
    Named {
        name: String,
        level: Level,
        below: Option<Box<Tree>>,
    },
    Four(i64, i64, Vec<i64>, String),
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Generic<T, U = T> {
    one: T,
    many: Vec<U>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(transparent)]
pub(crate) struct Meters(f64);

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Containers {
    lists: Vec<Vec<Vec<i64>>>,
    pairs: Vec<(Vec<i64>, Vec<String>)>,
    fours: Vec<(i64, Vec<u16>, i64, Vec<Point>)>,
    one: (String,),
    five: (i64, (i64, i64), [i64; 3], (), bool),
    queue: VecDeque<Option<Vec<i64>>>,
    maps: BTreeMap<String, BTreeMap<i64, Vec<String>>>,
    keys: BTreeMap<(i64, String), Level>,
    vec_keys: BTreeMap<Vec<i64>, ()>,
    set: BTreeSet<String>,
    sets: Vec<BTreeSet<(i64, i64)>>,
    levels: BTreeMap<Level, Mood>,
    cell: Cell<i64>,
    ref_cell: RefCell<Vec<i64>>,
}

#[derive(Reduce, Debug, PartialEq)]
pub(crate) struct Hashed {
    map: HashMap<String, Vec<i64>>,
    keys: HashMap<FrozenSet<i64>, String>,
    set: HashSet<(Level, String)>,
    frozen: FrozenSet<FrozenSet<String>>,
}

#[derive(Reduce, Clone, Debug)]
pub(crate) struct Shared {
    points: Vec<Rc<Point>>,
    names: Vec<Rc<str>>,
    atoms: Vec<Rc<i64>>,
    units: Vec<Rc<()>>,
    flags: Vec<Rc<bool>>,
    lists: Vec<Rc<Vec<i64>>>,
    cells: Vec<Rc<RefCell<Vec<Rc<Level>>>>>,
    arcs: Vec<Arc<Mutex<String>>>,
    pairs: Vec<Rc<(Rc<i64>, Rc<String>)>>,
    weak: Vec<Weak<Point>>,
    optional: Vec<Option<Rc<Tree>>>,
    by_name: BTreeMap<Rc<str>, Rc<str>>,
}

#[object]
pub(crate) trait Figure: Reduce + Debug {}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Circle {
    radius: f64,
}

#[object]
impl Figure for Circle {}

#[derive(Reduce, Clone, Debug)]
pub(crate) struct Group {
    name: String,
    parts: Vec<Rc<dyn Figure>>,
}

#[object]
impl Figure for Group {}

#[object]
impl Figure for Point {}

#[object]
impl Figure for Triple {}

#[derive(Reduce, Debug)]
pub(crate) struct Drawing {
    boxed: Vec<Box<dyn Figure>>,
    shared: Vec<Rc<dyn Figure>>,
    circles: Vec<Rc<Circle>>,
    cells: Vec<Rc<RefCell<dyn Figure>>>,
    weak: Vec<Weak<dyn Figure>>,
    map: BTreeMap<String, Arc<dyn Figure>>,
}

#[derive(Reduce)]
pub(crate) struct Node {
    id: u16,
    #[reduce(late)]
    next: Option<Rc<RefCell<Node>>>,
    #[reduce(late)]
    other: Option<Weak<RefCell<Node>>>,
    label: Rc<str>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(rename_all = "camelCase", alias = "old:Attributes")]
pub(crate) struct Attributes {
    first_field: i64,
    #[reduce(default)]
    zero: i64,
    #[reduce(skip)]
    skipped: i64,
    #[reduce(default, skip_serializing_if = Option::is_none)]
    option: Option<i64>,
    #[reduce(rename = "Second", alias = "second")]
    second_field: Vec<i64>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(deny_unknown_fields)]
pub(crate) struct Strict {
    a: i64,
    list: Vec<i64>,
}

#[derive(Reduce, Clone, Debug, Default, PartialEq)]
#[reduce(default)]
pub(crate) struct AllDefault {
    #[reduce(skip_serializing_if = is_zero)]
    a: i64,
    #[reduce(skip_serializing_if = Vec::is_empty)]
    list: Vec<i64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "it is a predicate")]
fn is_zero(value: &i64) -> bool {
    *value == 0
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(as = "dict")]
pub(crate) struct AsDict {
    a: i64,
    #[reduce(default, skip_serializing_if = Option::is_none)]
    b: Option<Vec<i64>>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(as = "dict", default)]
#[derive(Default)]
pub(crate) struct EmptyDict {
    #[reduce(skip_serializing_if = is_zero)]
    a: i64,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(as = "reduce")]
pub(crate) struct AsReduce {
    a: i64,
    b: Vec<String>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(as = "newobj")]
pub(crate) struct AsNewobj {
    a: i64,
    #[reduce(arg)]
    b: String,
    #[reduce(arg)]
    c: Vec<i64>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Flat {
    a: i64,
    #[reduce(flatten)]
    rest: AllDefault,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(from = i64, into = i64)]
pub(crate) struct Celsius(i64);

impl From<i64> for Celsius {
    fn from(value: i64) -> Self {
        Self(value)
    }
}

impl From<Celsius> for i64 {
    fn from(value: Celsius) -> Self {
        value.0
    }
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(version = 3)]
pub(crate) struct Versioned {
    a: i64,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Forms {
    attributes: Vec<Attributes>,
    strict: Strict,
    defaults: Vec<AllDefault>,
    pair: (AllDefault, BTreeMap<String, i64>),
    dicts: Vec<AsDict>,
    empties: Vec<EmptyDict>,
    empty: BTreeMap<String, EmptyDict>,
    called: Vec<AsReduce>,
    created: AsNewobj,
    flat: Vec<Flat>,
    newtypes: Vec<Newtype>,
    units: Vec<Unit>,
    meters: Vec<Meters>,
    triple: Triple,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct Impure {
    versioned: Vec<Versioned>,
    degrees: Vec<Celsius>,
}

fn point(n: &mut Numbers) -> Point {
    const FLOATS: [f64; 6] = [0.0, -0.0, 1.5, f64::MAX, f64::NEG_INFINITY, 1e-300];
    Point {
        x: n.pick(&FLOATS),
        y: n.pick(&FLOATS),
    }
}

fn int(n: &mut Numbers) -> i64 {
    let bits = n.below(64);
    n.next().cast_signed() >> bits
}

/// One of few, so that some are met again.
fn text(n: &mut Numbers) -> String {
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

fn some<T>(n: &mut Numbers, size: usize, mut make: impl FnMut(&mut Numbers) -> T) -> Vec<T> {
    (0..size).map(|_| make(n)).collect()
}

/// Few, of any number up to `size`.
fn few<T>(n: &mut Numbers, size: usize, make: impl FnMut(&mut Numbers) -> T) -> Vec<T> {
    let count = n.below(size.min(4) + 1);
    some(n, count, make)
}

fn ints(n: &mut Numbers) -> Vec<i64> {
    few(n, 3, int)
}

fn level(n: &mut Numbers) -> Level {
    match n.below(3) {
        0 => Level::Low,
        1 => Level::High,
        _ => Level::Below,
    }
}

fn mood(n: &mut Numbers) -> Mood {
    if n.one_in(2) { Mood::Fine } else { Mood::Other }
}

fn segment(n: &mut Numbers) -> Segment {
    Segment {
        from: point(n),
        weight: 0.5,
        to: point(n),
    }
}

fn numeric(n: &mut Numbers) -> Numeric {
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

fn texts(n: &mut Numbers) -> Texts {
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

fn borrowed(n: &mut Numbers) -> Borrowed<'static> {
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

fn bytes(n: &mut Numbers) -> Bytes {
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

fn triple(n: &mut Numbers) -> Triple {
    let next = n.one_in(2).then(|| Box::new(triple(n)));
    Triple(int(n), text(n), next)
}

fn tree(n: &mut Numbers, depth: usize) -> Tree {
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

fn containers(n: &mut Numbers, size: usize) -> Containers {
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

fn hashed(n: &mut Numbers) -> Hashed {
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
fn shared_of<P: Clone>(
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

fn shared(n: &mut Numbers, size: usize) -> Shared {
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

fn figure(n: &mut Numbers, depth: usize) -> Rc<dyn Figure> {
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

fn drawing(n: &mut Numbers, size: usize) -> Drawing {
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

fn nodes(n: &mut Numbers, size: usize, cyclic: bool) -> Rc<RefCell<Node>> {
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

fn attributes(n: &mut Numbers) -> Attributes {
    Attributes {
        first_field: int(n),
        zero: 0,
        skipped: 0,
        option: n.one_in(2).then(|| int(n)),
        second_field: ints(n),
    }
}

fn all_default(n: &mut Numbers) -> AllDefault {
    AllDefault {
        a: n.pick(&[0, 1]),
        list: ints(n),
    }
}

fn forms(n: &mut Numbers, size: usize) -> Forms {
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
    case!(
        (Drawing, Forms, Vec<Tree>, Containers),
        by_debug,
        |n, size| {
            let trees = few(n, size, |n| tree(n, 3));
            (drawing(n, size), forms(n, size), trees, containers(n, size))
        }
    ),
];
