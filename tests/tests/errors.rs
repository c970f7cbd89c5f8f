//! What loading and dumping derived types can fail with: each error tells what, where in the
//! bytes and where in the object.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use pickle_core::{
    Construct, ConstructOwned, Error, ErrorKind, Limits, Reduce, Unpickler, dumps, loads, object,
};

pickle_core::module!("m");

#[derive(Reduce, Debug, PartialEq)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Reduce, Debug)]
struct Owner {
    name: String,
}

#[derive(Reduce, Debug)]
struct Item {
    count: u8,
    #[reduce(default)]
    owner: Option<Box<Owner>>,
}

#[derive(Reduce, Debug)]
#[reduce(deny_unknown_fields)]
struct Cart {
    items: Vec<Item>,
    #[reduce(default)]
    prices: BTreeMap<String, f64>,
    #[reduce(default)]
    tags: BTreeSet<u8>,
    #[reduce(default)]
    size: Option<[f64; 3]>,
}

#[derive(Reduce, Debug)]
struct Pair(i32, i32);

#[derive(Reduce, Debug)]
struct Row<'a> {
    name: &'a str,
    #[reduce(default)]
    data: Option<&'a [u8]>,
}

#[derive(Reduce, Debug)]
enum Color {
    Red = 1,
    Blue = 2,
}

#[derive(Reduce, Debug)]
enum Suit {
    Hearts,
    Spades,
}

#[derive(Reduce, Debug)]
enum Event {
    Quit,
    Move { x: i32 },
}

#[object]
trait Shape: Reduce {
    fn area(&self) -> f64;
}

#[derive(Reduce, Debug)]
struct Circle {
    radius: f64,
}

#[object]
impl Shape for Circle {
    fn area(&self) -> f64 {
        self.radius
    }
}

impl std::fmt::Debug for dyn Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.area().fmt(f)
    }
}

thread_local! {
    static CONVERTED: Cell<usize> = const { Cell::new(0) };
}

/// Counts how many were made.
#[derive(Reduce, Debug, Clone)]
#[reduce(try_from = i64, into = i64)]
struct Even(i64);

impl TryFrom<i64> for Even {
    type Error = OddNumber;

    fn try_from(number: i64) -> Result<Self, OddNumber> {
        CONVERTED.set(CONVERTED.get() + 1);
        if number % 2 == 0 {
            Ok(Self(number))
        } else {
            Err(OddNumber(number))
        }
    }
}

impl From<Even> for i64 {
    fn from(even: Even) -> Self {
        even.0
    }
}

#[derive(Debug)]
struct OddNumber(i64);

impl std::fmt::Display for OddNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is odd", self.0)
    }
}

impl std::error::Error for OddNumber {}

/// The error that loading a `T` ends in.
fn failure<T: ConstructOwned + Debug>(bytes: &[u8]) -> Error {
    loads::<T>(bytes).expect_err("it does not fit")
}

/// The same for what borrows.
fn row_failure(bytes: &[u8]) -> Error {
    loads::<Row<'_>>(bytes).expect_err("it does not fit")
}

type Case = (&'static [u8], fn(&[u8]) -> Error, &'static str);

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (input, load, expected) in cases {
        let found = load(input).to_string();
        if found != *expected {
            wrong.push(format!(
                "{}:\n  {found}\n  {expected}",
                input.escape_ascii()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "found, and expected:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn attributes_that_are_missing_or_unknown() {
    check(&[
        (
            b"cm\nPoint\n)\x81.",
            failure::<Point>,
            "m.Point lacks the attributes `x`, `y` (at byte 10)",
        ),
        (
            b"cm\nPoint\n)\x81}Vx\nF1.0\nsb.",
            failure::<Point>,
            "m.Point lacks the attribute `y` (at byte 10)",
        ),
        (
            b"cm\nPoint\n)\x81}Vx\nF1.0\nsbQ.",
            failure::<Point>,
            "the pickle holds a persistent id, but no `Unpickler::persistent_load` was given to resolve it (at byte 22)",
        ),
        // Not the name of a bytes key.
        (
            b"cm\nPoint\n)\x81}(C\x01xK\x01Vy\nK\x02ub.",
            failure::<Point>,
            "m.Point lacks the attribute `x` (at byte 10)",
        ),
        (
            b"cm\nCart\n)\x81}(Vitems\n]Vspam\nNub.",
            failure::<Cart>,
            "m.Cart has no attribute `spam` (at byte 9)",
        ),
        (
            b"cm\nCart\n)\x81}(Vitems\n]V\\u001b[2J\\u000a\nNub.",
            failure::<Cart>,
            r"m.Cart has no attribute `\u{1b}[2J\n` (at byte 9)",
        ),
        (
            b"cm\nCart\n)\x81}Vitems\n](cm\nItem\n)\x81}Vcount\nK\x01sbcm\nItem\n)\x81esb.",
            failure::<Cart>,
            "m.Item lacks the attribute `count` (at byte 51, in $.items[1])",
        ),
    ]);
}

#[test]
fn classes_that_are_others() {
    check(&[
        (
            b"cm\nOwner\n)\x81.",
            failure::<Point>,
            "expected m.Point, found m.Owner (at byte 10)",
        ),
        // Module and name are compared apart.
        (
            b"\x80\x04\x8c\x00\x8c\x07m.Point\x93)\x81.",
            failure::<Point>,
            "expected m.Point, found .m.Point (at byte 15)",
        ),
        (
            b"].",
            failure::<Point>,
            "expected an instance of m.Point, found list of 0 items (at byte 0)",
        ),
        (
            b"cm\nPoint\n.",
            failure::<Point>,
            "expected an instance of m.Point, found the global m.Point (at byte 0)",
        ),
        (
            b"cm\nPoint\n)\x81I5\nb.",
            failure::<Point>,
            "expected a state of attributes, found int 5 (at byte 11)",
        ),
        (
            b"cm\nItem\n)\x81}(Vcount\nK\x01Vowner\nK\x02ub.",
            failure::<Item>,
            "expected an instance of m.Owner, found int 2 (at byte 28, in $.owner)",
        ),
    ]);
}

#[test]
fn trait_objects_of_unknown_classes_and_of_others() {
    check(&[
        (
            b"]cm\nPoint\n)\x81a.",
            failure::<Vec<Box<dyn Shape>>>,
            "m.Point is not registered as `dyn errors::Shape`: is its impl marked `#[object]`? \
             (at byte 11, in $[0])",
        ),
        (
            b"I1\n.",
            failure::<Rc<dyn Shape>>,
            "expected an instance for `dyn errors::Shape`, found int 1 (at byte 0)",
        ),
        (
            b"cm\nCircle\n)\x81}Vradius\nNsb.",
            failure::<Rc<RefCell<dyn Shape>>>,
            "expected a float, found None (at byte 21, in $.radius)",
        ),
    ]);
    let error = failure::<Box<dyn Shape>>(b"cm\nCircel\n)\x81.");
    assert!(matches!(error.kind(), ErrorKind::Lookup(_)), "{error:?}");
    assert_eq!(error.offset(), Some(11));
    let text = error.to_string();
    assert!(
        text.contains("m.Circel") && text.contains("m.Circle"),
        "{text}"
    );
}

#[test]
fn variants_that_do_not_exist() {
    check(&[
        (
            b"cm\nColor\n(I9\ntR.",
            failure::<Color>,
            "m.Color has no variant 9 (at byte 14)",
        ),
        (
            b"cm\nColor\n(VRed\ntR.",
            failure::<Color>,
            "m.Color has no variant 'Red' (at byte 16)",
        ),
        (
            b"cm\nSuit\n(VClubs\ntR.",
            failure::<Suit>,
            "m.Suit has no variant 'Clubs' (at byte 17)",
        ),
        (
            b"I1\n.",
            failure::<Color>,
            "expected a member of m.Color, found int 1 (at byte 0)",
        ),
        (
            b"cm\nColor\n)R.",
            failure::<Color>,
            "expected a member of m.Color, found m.Color instance (at byte 10)",
        ),
        (
            b"cm\nSuit\n(I1\ntR.",
            failure::<Color>,
            "expected m.Color, found m.Suit (at byte 13)",
        ),
        (
            b"\x80\x04\x8c\x01m\x8c\x09Color.RAD\x93.",
            failure::<Color>,
            "m.Color has no variant RAD (at byte 16)",
        ),
        (
            b"\x80\x04\x8c\x01m\x8c\x0aEvent.Jump\x93)R.",
            failure::<Event>,
            "m.Event has no variant m.Event.Jump (at byte 19)",
        ),
        (
            b"N.",
            failure::<Event>,
            "expected a variant of m.Event, found None (at byte 0)",
        ),
        (
            b"\x80\x04\x8c\x01m\x8c\x0aEvent.Move\x93)\x81}\x8c\x01xNsb.",
            failure::<Event>,
            "expected an int, found None (at byte 24, in $.x)",
        ),
        (
            b"\x80\x04\x8c\x01m\x8c\x0aEvent.Quit\x93K\x01\x85R.",
            failure::<Event>,
            "m.Event.Quit takes 0 positional arguments, found 1 (at byte 21)",
        ),
    ]);
}

#[test]
fn arguments_that_do_not_fit() {
    check(&[
        (
            b"cm\nPair\n(I1\nI2\nI3\ntR.",
            failure::<Pair>,
            "m.Pair takes 2 positional arguments, found 3 (at byte 19)",
        ),
        (
            b"cm\nPair\n(I1\ntR.",
            failure::<Pair>,
            "m.Pair lacks the attribute `1` (at byte 13)",
        ),
        (
            b"cm\nPair\n(I1\nNtR.",
            failure::<Pair>,
            "expected an int, found None (at byte 12, in $.args[1])",
        ),
        (
            b"cm\nPair\n(I1\nL3000000000L\ntR.",
            failure::<Pair>,
            "3000000000 does not fit i32 (at byte 12, in $.args[1])",
        ),
    ]);
}

#[test]
fn values_that_do_not_fit_deep_inside() {
    check(&[
        (
            b"cm\nCart\n)\x81}Vitems\n](cm\nItem\n)\x81}Vcount\nM\x00\x01sbesb.",
            failure::<Cart>,
            "256 does not fit u8 (at byte 38, in $.items[0].count)",
        ),
        (
            b"cm\nCart\n)\x81}Vitems\n](cm\nItem\nq\0)\x81}Vcount\nK\x01sbq\x01h\x01h\x01\
              h\0)\x81}(Vcount\nK\x01Vowner\ncm\nOwner\n)\x81ubesb.",
            failure::<Cart>,
            "m.Owner lacks the attribute `name` (at byte 82, in $.items[3].owner)",
        ),
        (
            b"cm\nCart\n)\x81}(Vitems\n]Vprices\n}K\x01K\x02sub.",
            failure::<Cart>,
            "expected a str, found int 1 (at byte 29, in $.prices.key(1))",
        ),
        (
            b"cm\nCart\n)\x81}(Vitems\n]Vprices\n}Va 'b'\nNsub.",
            failure::<Cart>,
            "expected a float, found None (at byte 36, in $.prices[\"a 'b'\"])",
        ),
        (
            b"cm\nCart\n)\x81}(Vitems\n]Vtags\n\x8f(K\x01J\xff\xff\xff\xff\x90ub.",
            failure::<Cart>,
            "-1 does not fit u8 (at byte 30, in $.tags[1])",
        ),
        (
            b"cm\nCart\n)\x81}(Vitems\n]Vsize\nK\x01K\x02\x86ub.",
            failure::<Cart>,
            "expected 3 items, found 2 (at byte 30, in $.size)",
        ),
        (
            b"cm\nOwner\n)\x81}Vname\nX\x03\0\0\0\xed\xa0\x80sb.",
            failure::<Owner>,
            "the str holds lone surrogates, which Rust's str cannot (at byte 18, in $.name)",
        ),
        (
            b"cm\nRow\n)\x81}Vname\nV\\u0041\nsb.",
            row_failure,
            "the str is escaped in the stream and cannot be borrowed: use `Cow`, or own it \
             (at byte 16, in $.name)",
        ),
        (
            b"cm\nRow\n)\x81}(Vname\nVn\nVdata\nc_codecs\nencode\n(V\xff\nVlatin1\ntRub.",
            row_failure,
            "the bytes object is escaped in the stream and cannot be borrowed: use `Cow`, or own \
             it (at byte 55, in $.data)",
        ),
    ]);
}

#[test]
fn errors_of_conversions_are_sources() {
    let error = failure::<Vec<Even>>(b"](K\x02K\x03e.");
    assert_eq!(
        error.to_string(),
        "a reducer or constructor failed (at byte 4, in $[1])"
    );
    let source = error.source().expect("it has a source");
    assert!(source.is::<OddNumber>(), "{source}");
}

#[derive(Reduce, Debug)]
struct Chain {
    next: Option<Box<Chain>>,
}

#[derive(Reduce, Debug)]
struct SharedChain {
    next: Option<Rc<SharedChain>>,
}

#[derive(Reduce, Debug)]
#[reduce(transparent)]
struct Lists(Vec<Lists>);

#[derive(Reduce, Debug)]
#[reduce(transparent)]
struct SharedLists(RefCell<Vec<Rc<SharedLists>>>);

#[test]
fn cycles_where_none_can_be() {
    const TEXT: &str =
        "the object contains itself: mark the field that closes the cycle `#[reduce(late)]`";
    let chain = b"cm\nChain\n)\x81q\0}Vnext\nh\0sb.";
    let error = failure::<Chain>(chain);
    assert_eq!(*error.kind(), ErrorKind::Cycle, "{error}");
    assert_eq!(error.path().attribute(), Some("next"));
    let error = failure::<SharedChain>(b"cm\nSharedChain\n)\x81q\0}Vnext\nh\0sb.");
    assert_eq!(
        error.to_string(),
        format!("{TEXT} (at byte 16, in $.next.next)")
    );
    let error = failure::<Rc<SharedChain>>(b"cm\nSharedChain\n)\x81q\0}Vnext\nh\0sb.");
    assert_eq!(error.to_string(), format!("{TEXT} (at byte 16, in $.next)"));
    let error = failure::<Lists>(b"]q\0h\0a.");
    assert_eq!(*error.kind(), ErrorKind::Cycle, "{error}");
    let error = failure::<Rc<SharedLists>>(b"]q\0h\0a.");
    assert_eq!(error.to_string(), format!("{TEXT} (at byte 0, in $[0])"));

    let lists = Rc::new(SharedLists(RefCell::default()));
    lists.0.borrow_mut().push(Rc::clone(&lists));
    let error = dumps(&(0, &lists)).unwrap_err();
    assert_eq!(error.to_string(), format!("{TEXT} (in $[1][0])"));
    lists.0.borrow_mut().clear();
}

#[test]
fn cells_that_are_in_use_are_named() {
    #[derive(Reduce)]
    struct Cells {
        cell: RefCell<i32>,
        mutex: Arc<Mutex<i32>>,
        lock: RwLock<i32>,
    }
    let cells = Cells {
        cell: RefCell::new(1),
        mutex: Arc::new(Mutex::new(2)),
        lock: RwLock::new(3),
    };
    let error = || dumps(&[&cells]).unwrap_err().to_string();
    {
        let _guard = cells.cell.borrow_mut();
        let expected = "a RefCell is in use elsewhere and cannot be read now (in $[0].cell)";
        assert_eq!(error(), expected);
    }
    {
        let _guard = cells.mutex.lock().unwrap();
        let expected = "a Mutex is in use elsewhere and cannot be read now (in $[0].mutex)";
        assert_eq!(error(), expected);
    }
    {
        let _guard = cells.lock.write().unwrap();
        let expected = "a RwLock is in use elsewhere and cannot be read now (in $[0].lock)";
        assert_eq!(error(), expected);
    }
    {
        let _readers = (cells.cell.borrow(), cells.lock.read().unwrap());
        assert!(dumps(&cells).is_ok());
    }
    let poisoner = Arc::clone(&cells.mutex);
    let panicked = std::thread::spawn(move || {
        let _guard = poisoner.lock().unwrap();
        std::panic::resume_unwind(Box::new(()));
    });
    assert!(panicked.join().is_err());
    assert_eq!(error(), "a Mutex is poisoned (in $[0].mutex)");
}

#[derive(Reduce, Debug)]
struct Bag(Rc<Vec<i32>>);

#[derive(Reduce, Debug)]
#[reduce(name = "Bag", no_register)]
struct OwnBag(Vec<i32>);

/// `(Bag(l), l)`, where `l` gets an item after the call.
const CHANGED: &[u8] = b"(cm\nBag\n]q\0\x85Rh\0K\x01at.";
/// The same the other way round: the list first.
const CHANGED_FIRST: &[u8] = b"(]q\0cm\nBag\nh\0\x85Rh\0K\x01a0t.";
/// An item that was there before the call.
const UNCHANGED: &[u8] = b"(]q\0K\x01acm\nBag\nh\0\x85Rt.";

#[test]
fn arguments_are_as_they_were_when_they_were_used() {
    let (bag, list): (OwnBag, Vec<i32>) = loads(CHANGED).unwrap();
    assert_eq!((bag.0, list), (vec![], vec![1]));
    let (list, bag): (Vec<i32>, OwnBag) = loads(CHANGED_FIRST).unwrap();
    assert_eq!((bag.0, list), (vec![], vec![1]));
    let (list, bag): (Rc<Vec<i32>>, Bag) = loads(UNCHANGED).unwrap();
    assert!(Rc::ptr_eq(&list, &bag.0));
    assert_eq!(*list, [1]);

    check(&[
        (
            CHANGED,
            failure::<(Bag, Rc<Vec<i32>>)>,
            "the object was changed after a call had used it, and is needed in both states \
             (at byte 8, in $[1])",
        ),
        (
            CHANGED_FIRST,
            failure::<(Rc<Vec<i32>>, Bag)>,
            "the object was changed after a call had used it, and is needed in both states \
             (at byte 1, in $[1].args[0])",
        ),
    ]);
}

#[derive(Reduce, Debug)]
#[reduce(transparent)]
struct Doubling(Option<Box<(Doubling, Doubling)>>);

#[test]
fn small_pickles_of_large_values_meet_a_limit() {
    // Each level is a pair of the level below, twice: 2^60 values.
    let mut bytes = b"N".to_vec();
    bytes.extend(b"2\x86".repeat(60));
    bytes.push(b'.');
    let limits = Limits::default().tree_nodes(10_000, 16);
    let error = Unpickler::new()
        .limits(limits)
        .loads::<Doubling>(&bytes)
        .unwrap_err();
    let ErrorKind::LimitExceeded { setter, value, .. } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!((*setter, *value), ("tree_nodes", 10_000 + 16 * 61));

    let mut bytes = b"(C\xff".to_vec();
    bytes.extend([7; 255]);
    bytes.extend(b"2".repeat(999));
    bytes.extend(b"t.");
    let limits = Limits::default().constructed_bytes(0, 1);
    let unpickler = Unpickler::new().limits(limits);
    let error = unpickler.loads::<Vec<Vec<u8>>>(&bytes).unwrap_err();
    let ErrorKind::LimitExceeded { setter, value, .. } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!((*setter, *value), ("constructed_bytes", bytes.len() as u64));
    // Borrowed, they take nothing.
    assert_eq!(unpickler.loads::<Vec<&[u8]>>(&bytes).unwrap().len(), 1000);
}

#[test]
fn nothing_is_constructed_of_a_pickle_that_is_broken_anywhere() {
    let numbers: Vec<Even> = (0..20).map(|number| Even(2 * number)).collect();
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        let mut pickler = pickle_core::Pickler::new(&mut bytes).protocol(protocol);
        pickler.dump(&(&numbers, Point { x: 1.0, y: 2.0 })).unwrap();
        for end in 0..bytes.len() {
            CONVERTED.set(0);
            let result = loads::<(Vec<Even>, Point)>(&bytes[..end]);
            let error = result.expect_err("it has no STOP");
            assert!(
                matches!(
                    error.kind(),
                    ErrorKind::Eof | ErrorKind::Truncated { .. } | ErrorKind::NoNewline { .. }
                ),
                "{end}: {error}"
            );
            assert_eq!(CONVERTED.get(), 0, "{end}");
            let mut reader = &bytes[..end];
            assert!(pickle_core::load::<(Vec<Even>, Point)>(&mut reader).is_err());
            assert_eq!(CONVERTED.get(), 0, "{end}");
        }
        assert!(loads::<(Vec<Even>, Point)>(&bytes).is_ok());
        assert_eq!(CONVERTED.get(), numbers.len());
    }
}

#[test]
fn no_byte_of_a_typed_pickle_makes_a_panic() {
    let cart = Cart {
        items: vec![Item {
            count: 3,
            owner: Some(Box::new(Owner { name: "o".into() })),
        }],
        prices: BTreeMap::from([("p".into(), 0.5)]),
        tags: BTreeSet::from([1, 2]),
        size: Some([1.0, 2.0, 3.0]),
    };
    let mut loaded = 0;
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        let mut pickler = pickle_core::Pickler::new(&mut bytes).protocol(protocol);
        pickler.dump(&cart).unwrap();
        for index in 0..bytes.len() {
            let original = bytes[index];
            for byte in [
                0,
                original ^ 1,
                original ^ 0x80,
                b'.',
                b'0',
                b'R',
                b'(',
                0xff,
            ] {
                bytes[index] = byte;
                match loads::<Cart>(&bytes) {
                    Ok(_) => loaded += 1,
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
            bytes[index] = original;
        }
    }
    // Other numbers, other names.
    assert!(loaded > 100, "{loaded}");
}

/// Runs on a thread with little stack.
fn on_small_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    thread.spawn(test).unwrap().join().unwrap();
}

fn nested_lists(levels: usize) -> Vec<u8> {
    let mut bytes = b"]".repeat(levels);
    bytes.extend(b"a".repeat(levels - 1));
    bytes.push(b'.');
    bytes
}

#[test]
fn depth_is_an_error_before_it_is_an_overflow() {
    on_small_stack(|| {
        let mut lists: Lists = loads(&nested_lists(4_900)).unwrap();
        let mut levels = 0;
        while let Some(inner) = lists.0.pop() {
            lists = inner;
            levels += 1;
        }
        assert_eq!(levels, 4_899);
        for levels in [5_001, 9_999, 100_000, 1_000_000] {
            let error = failure::<Lists>(&nested_lists(levels));
            assert!(
                matches!(error.kind(), ErrorKind::LimitExceeded { setter, .. } if setter.ends_with("depth")),
                "{error}"
            );
            assert!(error.to_string().len() < 1000);
        }
    });
}

#[test]
fn deep_values_are_dumped_on_any_stack() {
    on_small_stack(|| {
        const LEVELS: usize = 100_000;
        let mut chain = Chain { next: None };
        for _ in 1..LEVELS {
            chain = Chain {
                next: Some(Box::new(chain)),
            };
        }
        let bytes = dumps(&chain).unwrap();
        // Its drop is recursive.
        while let Some(next) = chain.next.take() {
            chain = *next;
        }
        let error = failure::<Chain>(&bytes);
        assert!(
            matches!(error.kind(), ErrorKind::LimitExceeded { .. }),
            "{error}"
        );
        let mut chain: Chain = Unpickler::new()
            .limits(Limits::trusted())
            .loads(&bytes)
            .unwrap();
        let mut levels = 1;
        while let Some(next) = chain.next.take() {
            chain = *next;
            levels += 1;
        }
        assert_eq!(levels, LEVELS);
    });
}

#[derive(Reduce, Debug)]
struct Late {
    name: String,
    #[reduce(late)]
    next: RefCell<Option<Rc<Late>>>,
    #[reduce(late, default)]
    count: Cell<u8>,
}

#[test]
fn late_fields_have_paths_from_the_root() {
    const SECOND: &[u8] = b"(cm\nLate\nq\0)\x81}(Vname\nVa\nVnext\nh\0)\x81}(Vname\nVb\nVnext\nNVcount\nM\x00\x01ububt.";
    let error = failure::<(Rc<Late>,)>(SECOND);
    assert_eq!(
        error.to_string(),
        "256 does not fit u8 (at byte 59, in $[0].next.count)"
    );
}

#[derive(Reduce, Debug, PartialEq)]
enum Huge {
    #[reduce(value = 18446744073709551615)]
    Max,
    #[reduce(value = -170141183460469231731687303715884105728)]
    Min,
}

#[test]
fn members_have_values_of_any_size() {
    for huge in [Huge::Max, Huge::Min] {
        for protocol in 0..=5 {
            let mut bytes = Vec::new();
            let mut pickler = pickle_core::Pickler::new(&mut bytes).protocol(protocol);
            pickler.dump(&huge).unwrap();
            assert_eq!(loads::<Huge>(&bytes).unwrap(), huge);
        }
    }
}

/// Tries one type after the other, as no derive does.
#[derive(Debug)]
enum Either {
    Shared(Rc<Chain>),
    Number(i64),
}

impl<'g> Construct<'g> for Either {
    fn construct(d: &mut pickle_core::Decoder<'g>) -> Result<Self, Error> {
        match Rc::<Chain>::construct(d) {
            Ok(shared) => Ok(Self::Shared(shared)),
            Err(_) => i64::construct(d).map(Self::Number),
        }
    }
}
pickle_core::pointee!(Either);

#[test]
fn what_failed_once_fails_for_the_same_reason_again() {
    // An object of another type, seen twice.
    let (first, second): (Either, Either) = loads(b"I7\np0\ng0\n\x86.").unwrap();
    assert!(matches!(
        (first, second),
        (Either::Number(7), Either::Number(7))
    ));
    let error = failure::<(Either, Rc<Chain>)>(b"I7\np0\ng0\n\x86.");
    assert_eq!(
        error.to_string(),
        "expected an instance of m.Chain, found int 7 (at byte 0, in $[1])"
    );
    let chain = failure::<(Either, i64)>(b"cm\nChain\n)\x81}Vnext\nNsbN\x86.");
    assert_eq!(chain.path().to_string(), "$[1]");
    let shared: Either = loads(b"cm\nChain\n)\x81}Vnext\nNsb.").unwrap();
    assert!(matches!(shared, Either::Shared(chain) if chain.next.is_none()));
}
