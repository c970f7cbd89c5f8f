//! Pickles of what reducers by hand write, changed at random but always in the same way: whatever
//! becomes of them, nothing panics, and nothing is constructed of a pickle that is broken.

#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "constructors own what they take"
)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::PathBuf;
use std::rc::Rc;

use pickle_core::pickletools::{genops, optimize};
use pickle_core::{
    Graph, MemoPolicy, PersistentIds, PickleBuffer, Pickler, QualName, Reduce, Reduction,
    Unpickler, Value, copyreg, object,
};

pickle_core::module!("hostile");

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

fn count_call() {
    CALLS.with(|calls| calls.set(calls.get() + 1));
}

#[object]
trait Shape: Reduce {
    fn size(&self) -> usize;
}

/// Made by a function, with all that can be added afterwards.
#[derive(Debug, Default, Reduce)]
#[reduce(with = reduce_bag, constructor = bag, setstate = set_bag, append = append_bag, setitem = set_bag_item)]
struct Bag {
    name: String,
    state: Option<(u8, String)>,
    items: Vec<i64>,
    entries: BTreeMap<String, Value>,
}

#[pickle_core::object]
impl Shape for Bag {
    fn size(&self) -> usize {
        self.items.len()
    }
}

fn reduce_bag(bag: &Bag) -> Reduction<'_> {
    Reduction::new(bag_of, (&bag.name,))
        .list_items(&bag.items)
        .dict_items(&bag.entries)
        .state(&bag.state)
}

#[pickle_core::constructor]
fn bag_of(name: String) -> Bag {
    count_call();
    Bag {
        name,
        ..Bag::default()
    }
}

#[pickle_core::constructor]
fn bag(name: Option<String>) -> Bag {
    bag_of(name.unwrap_or_default())
}

fn set_bag(bag: &mut Bag, state: Option<(u8, String)>) {
    bag.state = state;
}

fn append_bag(bag: &mut Bag, item: i64) {
    bag.items.push(item);
}

fn set_bag_item(bag: &mut Bag, key: String, value: Value) {
    bag.entries.insert(key, value);
}

/// Its state is set by a function.
#[derive(Debug, Reduce)]
#[reduce(with = reduce_cell)]
struct Slot(Rc<RefCell<Option<PathBuf>>>);

fn reduce_cell(slot: &Slot) -> Reduction<'_> {
    Reduction::new(slot_of, (slot.0.clone(),))
        .state((1u8, "x"))
        .state_setter(set_slot)
}

#[pickle_core::constructor]
fn slot_of(cell: Rc<RefCell<Option<PathBuf>>>) -> Slot {
    count_call();
    Slot(cell)
}

#[pickle_core::state_setter]
fn set_slot(_: &mut Slot, state: (u8, String)) {
    let _ = state;
}

/// A class with a version.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(version = 2, migrate = OldPoint)]
struct Point {
    x: f64,
    #[reduce(default)]
    label: Option<String>,
}

#[pickle_core::object]
impl Shape for Point {
    fn size(&self) -> usize {
        1
    }
}

#[derive(Reduce)]
#[reduce(name = "Point", no_register)]
struct OldPoint {
    x: i64,
}

impl TryFrom<OldPoint> for Point {
    type Error = String;

    fn try_from(old: OldPoint) -> Result<Self, String> {
        let x = i32::try_from(old.x).map_err(|error| error.to_string())?;
        Ok(Point {
            x: x.into(),
            label: None,
        })
    }
}

#[pickle_core::constructor]
fn polar(r: f64, #[default(0.0)] phi: f64) -> Point {
    count_call();
    Point {
        x: r * phi,
        label: None,
    }
}

#[derive(Debug, Reduce)]
enum Choice {
    One,
    Two { left: Rc<Point>, right: Rc<Point> },
    Three(Vec<Point>),
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Reduce)]
enum Level {
    Low = 1,
    High = 10,
}

/// What has an id.
#[derive(Debug, Reduce)]
struct Blob(u32);

#[derive(Reduce)]
struct Node {
    id: u16,
    #[reduce(late)]
    next: Option<Rc<RefCell<Node>>>,
}

/// One of each.
#[derive(Reduce)]
struct Zoo<'a> {
    bags: Vec<Rc<Bag>>,
    slot: Slot,
    points: (Point, Choice, Choice, Choice),
    levels: BTreeMap<Level, Rc<Level>>,
    blobs: Vec<Rc<Blob>>,
    shapes: Vec<Rc<dyn Shape>>,
    nodes: Rc<RefCell<Node>>,
    path: Vec<PathBuf>,
    buffer: PickleBuffer<'a>,
    name: QualName<'static>,
    any: Value,
}

fn zoo() -> Zoo<'static> {
    let bag = Rc::new(Bag {
        name: "b\u{1b}ag".to_owned(),
        state: Some((1, "state".to_owned())),
        items: vec![1, 2, 300],
        entries: [("key".to_owned(), Value::Int(1))].into(),
    });
    let point = Rc::new(Point {
        x: 0.5,
        label: Some("half".to_owned()),
    });
    let nodes = Rc::new(RefCell::new(Node { id: 1, next: None }));
    let next = Node {
        id: 2,
        next: Some(nodes.clone()),
    };
    nodes.borrow_mut().next = Some(Rc::new(RefCell::new(next)));
    let low = Rc::new(Level::Low);
    Zoo {
        bags: vec![bag.clone(), bag.clone()],
        slot: Slot(Rc::new(RefCell::new(Some("/tmp".into())))),
        points: (
            Point {
                x: -1.0,
                label: None,
            },
            Choice::Two {
                left: point.clone(),
                right: point.clone(),
            },
            Choice::Three(vec![Point {
                x: 1e9,
                label: None,
            }]),
            Choice::One,
        ),
        levels: [(Level::Low, low.clone()), (Level::High, low)].into(),
        blobs: vec![Rc::new(Blob(7)), Rc::new(Blob(8))],
        shapes: vec![bag, point],
        nodes,
        path: vec!["a/b".into()],
        buffer: PickleBuffer::new(b"buffer".to_vec()),
        name: QualName::new("os", "system"),
        any: Value::List([Value::None, Value::Float(0.25)].into()),
    }
}

/// A pickle in protocol 5, with or without ids and buffers apart.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (apart, policy) in [
        (false, MemoPolicy::Shared),
        (false, MemoPolicy::All),
        (true, MemoPolicy::All),
    ] {
        let mut bytes = Vec::new();
        let mut ids = PersistentIds::new().of(|blob: &Blob| Some(blob.0));
        let mut callback = |_: PickleBuffer<'_>| Ok(false);
        let mut pickler = Pickler::new(&mut bytes).protocol(5).memo(policy);
        if apart {
            pickler = pickler
                .persistent_id(&mut ids)
                .buffer_callback(&mut callback);
        }
        pickler.dump(&zoo()).unwrap();
        drop(pickler);
        seeds.push(bytes);
    }
    seeds
}

/// Numbers that look like random ones.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// What pushes one object.
const OBJECTS: [&[u8]; 12] = [
    b"N",
    b"K\x01",
    b")",
    b"]",
    b"}",
    b"\x97",
    b"\x8c\x03\x1b[m",
    b"J\xff\xff\xff\xff",
    b"K\x07Q",
    b"cpathlib\nPath\n)R",
    b"chostile\nbag_of\n\x8c\x01b\x85R",
    b"chostile\npolar\nG\0\0\0\0\0\0\0\0\x85R",
];

/// What leaves the stack as high as it was: additions to the object on top, or one that comes and
/// goes.
const ADDITIONS: [&[u8]; 10] = [
    b"Nb",
    b"}b",
    b"K\x01a",
    b"(NNe",
    b"\x8c\x01kNs",
    b"}\x8c\x01xK\x02sb",
    b"N\x86b",
    b"20",
    b"\x94",
    b"(1",
];

/// Changes an opcode or two, most of them so that the stack is as high as before.
fn mutate(pickle: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(2) {
        let ops: Vec<_> = genops(pickle).map_while(Result::ok).collect();
        let Some(op) = ops.get(numbers.below(ops.len())) else {
            return;
        };
        let (name, start) = (op.opcode.name(), op.offset);
        let end = ops.iter().map(|op| op.offset).find(|end| *end > start);
        let end = end.unwrap_or(pickle.len());
        let pushes = name.contains("INT") || name.contains("UNICODE") || name.contains("FLOAT");
        let pushes = pushes || name.contains("GET") || name.contains("BYTES") || name == "NONE";
        let entry = [b'h', numbers.below(200) as u8];
        let object = match numbers.below(2) {
            0 => OBJECTS[numbers.below(OBJECTS.len())],
            _ => &entry,
        };
        let addition = ADDITIONS[numbers.below(ADDITIONS.len())];
        let replacement: Vec<u8> = match numbers.below(8) {
            0..3 if pushes => object.to_vec(),
            3 => [&pickle[start..end], object, b"0"].concat(),
            4 => [&pickle[start..end], object, b"a"].concat(),
            5 => [&pickle[start..end], object, b"b"].concat(),
            6 => {
                let mut text = pickle[start..end].to_vec();
                let at = numbers.below(text.len());
                text[at] = numbers.below(256) as u8;
                text
            }
            _ => [&pickle[start..end], addition].concat(),
        };
        pickle.splice(start..end, replacement);
    }
}

fn check_message(error: &pickle_core::Error) {
    let mut messages = vec![error.to_string(), format!("{error:?}")];
    messages.extend(error.source().map(ToString::to_string));
    for message in messages {
        assert!(!message.chars().any(char::is_control), "{message:?}");
        assert!(message.len() < 2000, "{message}");
    }
}

#[test]
fn a_changed_pickle_is_loaded_or_refused() {
    let _ = copyreg::add_extension(&QualName::new("hostile", "Point"), 200);
    let unpickler = Unpickler::new()
        .persistent_load(|id: u32| -> pickle_core::Result<_> { Ok(Blob(id)) })
        .buffers([PickleBuffer::readonly(b"spam".to_vec())]);
    let seeds = seeds();
    for seed in &seeds {
        assert!(unpickler.loads::<Zoo<'_>>(seed).is_ok());
    }
    let mut numbers = Numbers(2026);
    let (mut loaded, mut optimized) = (0, 0);
    for _ in 0..ROUNDS {
        let mut pickle = seeds[numbers.below(seeds.len())].clone();
        // The frame says how long it is.
        pickle.drain(2..if pickle[2] == 0x95 { 11 } else { 2 });
        mutate(&mut pickle, &mut numbers);
        let graph = unpickler.graph(&pickle);
        CALLS.with(|calls| calls.set(0));
        match unpickler.loads::<Zoo<'_>>(&pickle) {
            Ok(zoo) => {
                loaded += 1;
                // What holds itself is never freed.
                zoo.nodes.borrow_mut().next = None;
                assert!(zoo.shapes.iter().map(|shape| shape.size()).sum::<usize>() < 1000);
            }
            Err(error) => check_message(&error),
        }
        let calls = CALLS.with(Cell::get);
        assert!(graph.is_ok() || calls == 0, "{}", pickle.escape_ascii());
        assert!(calls < 100);
        let Ok(graph) = graph else { continue };
        if let Err(error) = unpickler.loads::<Value>(&pickle) {
            check_message(&error);
        }
        let short = optimize(&pickle).unwrap();
        let same = unpickler.graph(&short).unwrap();
        assert!(same == graph, "{}", pickle.escape_ascii());
        optimized += 1;
        dump_again(&graph);
    }
    assert!(
        loaded > ROUNDS / 20 && optimized > loaded,
        "{loaded} {optimized}"
    );
}

fn dump_again(graph: &Graph<'_>) {
    for protocol in [0, 2, 4, 5] {
        let mut bytes = Vec::new();
        if let Err(error) = Pickler::new(&mut bytes).protocol(protocol).dump(graph) {
            check_message(&error);
        }
    }
}

const ROUNDS: usize = 2000;
