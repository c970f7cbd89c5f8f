//! Derived types of every shape.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

use pickle_core::{ByteArray, FrozenSet, Reduce, Value, object};

mod cases;
mod values;

pub(crate) use cases::CASES;

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

#[derive(Reduce, Clone, Debug, PartialEq)]
pub(crate) struct WithValue {
    id: i64,
    value: Value,
    name: String,
    more: Vec<Value>,
}
