//! Hostile pickles of what reducers and constructors by hand, persistent ids and the like brought:
//! none costs more than its share of time and memory.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use pickle_core::{
    ConstructOwned, ErrorKind, Limits, Reduce, Reduction, Result, Unpickler, Value, loads,
};

/// A point with a class of its own, which others may also make by a function.
#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "hostile")]
struct Point {
    #[reduce(default)]
    x: i32,
}

#[pickle_core::constructor(module = "hostile")]
fn origin() -> Point {
    Point { x: 0 }
}

/// A point that only a function makes.
#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "hostile", with = reduce_called)]
struct Called(i32);

fn reduce_called(called: &Called) -> Reduction<'_> {
    Reduction::new(call, (Some(called.0),))
}

#[pickle_core::constructor(module = "hostile")]
fn call(x: Option<i32>) -> Called {
    Called(x.unwrap_or_default())
}

/// What is made of an id.
#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(transparent)]
struct Wrapper(String);

/// A list of `n` times `item`, made in protocol 4 and behind `prefix`, which leaves nothing on the
/// stack.
fn list(prefix: &[u8], item: &[u8], n: usize) -> Vec<u8> {
    [b"\x80\x04", prefix, b"](", &item.repeat(n), b"e."].concat()
}

/// Loads a pickle of many thousand objects, in what would not be enough time for the square of
/// their number.
fn assert_linear(load: impl Fn(usize)) {
    let start = Instant::now();
    load(30_000);
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
}

#[test]
fn objects_that_functions_make_take_linear_time() {
    assert_linear(|n| {
        let pickle = list(b"chostile\norigin\n\x94)R0", b"h\0)R", n);
        assert_eq!(loads::<Vec<Point>>(&pickle).unwrap().len(), n);
    });
}

#[test]
fn persistent_ids_of_wrapped_types_take_linear_time() {
    let unpickler = Unpickler::new().persistent_load(|id: String| -> Result<_> { Ok(Wrapper(id)) });
    assert_linear(|n| {
        let pickle = list(b"", b"\x8c\x01aQ", n);
        assert_eq!(unpickler.loads::<Vec<Wrapper>>(&pickle).unwrap().len(), n);
    });
}

/// The setter of the limit that a load meets which may make but few values more than there are.
fn limit<T: ConstructOwned>(pickle: &[u8]) -> Option<&'static str> {
    let limits = Limits::default().tree_nodes(100, 4);
    let unpickler = Unpickler::new().limits(limits.constructed_bytes(100, 4));
    match unpickler.loads::<T>(pickle).err()?.kind() {
        ErrorKind::LimitExceeded { setter, .. } => Some(setter),
        _ => None,
    }
}

#[test]
fn attributes_that_nobody_knows_are_values_like_others() {
    let state = |n| [b"}\x94(".as_slice(), &b"\x8c\x01yN".repeat(n), b"u0"].concat();
    let prefix = |n| [b"chostile\nPoint\n\x940".as_slice(), &state(n)].concat();
    let points = |n| list(&prefix(n), b"h\0)\x81h\x01b", n);
    assert_eq!(loads::<Vec<Point>>(&points(50)).unwrap().len(), 50);
    assert_eq!(limit::<Vec<Point>>(&points(200)), Some("tree_nodes"));
}

#[test]
fn empty_states_are_values_like_others() {
    for (class, state) in [("Point", "}b"), ("Point", "Nb"), ("call", "Nb")] {
        let points = |n| {
            let class = format!("chostile\n{class}\n)R");
            let states = state.repeat(n);
            let object = [class.as_bytes(), b"\x94", states.as_bytes(), b"0"].concat();
            list(&object, b"h\0", n)
        };
        let outcome = |n| match class {
            "call" => limit::<Vec<Called>>(&points(n)),
            _ => limit::<Vec<Point>>(&points(n)),
        };
        assert_eq!(outcome(10), None);
        assert_eq!(outcome(200), Some("tree_nodes"), "{class} {state}");
    }
}

#[test]
fn list_items_between_calls_are_values_like_others() {
    // A call keeps what is added after it apart from what was added before.
    let object = |n| {
        [
            b"chostile\nPoint\n)R\x94",
            &b"Nach\ny\n)R0".repeat(n)[..],
            b"0",
        ]
        .concat()
    };
    let points = |n| list(&object(n), b"h\0", n);
    assert_eq!(limit::<Vec<Point>>(&points(200)), Some("tree_nodes"));
}

#[test]
fn parts_of_paths_are_values_like_others() {
    for part in ["/", "", "a"] {
        let prefix = |n| {
            let parts = format!("V{part}\n").repeat(n);
            [b"cpathlib\nPurePath\n\x940(", parts.as_bytes(), b"t\x940"].concat()
        };
        let paths = |n| list(&prefix(n), b"h\0h\x01R", n);
        assert_eq!(loads::<Vec<PathBuf>>(&paths(50)).unwrap().len(), 50);
        assert_eq!(limit::<Vec<PathBuf>>(&paths(400)), Some("tree_nodes"));
    }
}

#[test]
fn all_parts_of_a_path_are_copied_within_the_budget() {
    // An absolute part begins the path anew, so that the result is short.
    for first in [b'a', b'/'] {
        let text = [&[first][..], &[b'a'; 4095]].concat();
        let part = [b"X\0\x10\0\0", &text[..], b"\x940"].concat();
        let path = |n| {
            [
                &part,
                &b"cpathlib\nPurePath\n("[..],
                &b"h\0".repeat(n),
                b"tR.",
            ]
            .concat()
        };
        assert!(loads::<PathBuf>(&path(10)).is_ok());
        assert_eq!(limit::<PathBuf>(&path(50)), Some("constructed_bytes"));
    }
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "hostile", with = reduce_held)]
struct Held(Rc<Vec<u8>>);

fn reduce_held(held: &Held) -> Reduction<'_> {
    Reduction::new(hold, (&held.0,))
}

#[pickle_core::constructor(module = "hostile")]
fn hold(list: Rc<Vec<u8>>) -> Held {
    Held(list)
}

/// As many calls on a list of as many items, which is changed only after all calls: each of them
/// sees it as the others do.
fn calls_on_one_list(n: usize) -> Vec<u8> {
    let list = [b"](".as_slice(), &b"K\x01".repeat(n), b"e\x940"].concat();
    let prefix = [&list, b"chostile\nhold\n\x940](".as_slice()].concat();
    [&prefix, &b"h\x01h\0\x85R".repeat(n)[..], b"eh\0K\x02a0."].concat()
}

#[test]
fn asking_what_changed_between_calls_takes_values_from_the_budget() {
    let held: Vec<Held> = loads(&calls_on_one_list(100)).unwrap();
    let first = &held[0];
    assert!(held.iter().all(|held| Rc::ptr_eq(&held.0, &first.0)));
    assert_eq!(
        limit::<Vec<Held>>(&calls_on_one_list(1000)),
        Some("tree_nodes")
    );
}

#[test]
fn a_tree_of_many_calls_on_one_list_is_measured_within_the_budget() {
    // As a tree, each call has a list of its own, and none of them is the list in the end.
    let start = Instant::now();
    let pickle = calls_on_one_list(1 << 15);
    let error = loads::<Value>(&pickle).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::LimitExceeded { .. }));
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(loads::<Value>(&calls_on_one_list(100)).is_ok());
}

/// Made by a function of another, and given more.
#[derive(Debug, Default, Reduce)]
#[reduce(module = "hostile", with = reduce_deep, append = append_deep, setstate = set_deep)]
struct Deep {
    inner: Option<Box<Deep>>,
    items: Vec<Deep>,
    state: Option<Box<Deep>>,
}

fn reduce_deep(deep: &Deep) -> Reduction<'_> {
    let reduction = Reduction::new(deepen, (&deep.inner,)).list_items(&deep.items);
    match &deep.state {
        Some(state) => reduction.state(state),
        None => reduction,
    }
}

#[pickle_core::constructor(module = "hostile")]
fn deepen(inner: Option<Box<Deep>>) -> Deep {
    Deep {
        inner,
        ..Deep::default()
    }
}

fn append_deep(deep: &mut Deep, item: Deep) {
    deep.items.push(item);
}

fn set_deep(deep: &mut Deep, state: Box<Deep>) {
    deep.state = Some(state);
}

/// Runs on a thread with little stack.
fn on_small_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    thread.spawn(test).unwrap().join().unwrap();
}

#[test]
fn deep_reductions_are_loaded_or_refused_on_a_small_stack() {
    on_small_stack(|| {
        let wraps: [fn(Deep) -> Deep; 3] = [
            |deep| Deep {
                inner: Some(Box::new(deep)),
                ..Deep::default()
            },
            |deep| Deep {
                items: vec![deep],
                ..Deep::default()
            },
            |deep| Deep {
                state: Some(Box::new(deep)),
                ..Deep::default()
            },
        ];
        for wrap in wraps {
            let deep = (0..2_000).fold(Deep::default(), |deep, _| wrap(deep));
            let pickle = pickle_core::dumps(&deep).unwrap();
            loads::<Deep>(&pickle).unwrap();
        }
        let calls = [
            b"\x80\x04chostile\ndeepen\n\x940".as_slice(),
            &b"h\0".repeat(100_000),
            b"N",
            &b"\x85R".repeat(100_000),
            b".",
        ];
        assert_eq!(limit::<Deep>(&calls.concat()), Some("typed_depth"));
        let ids = [b"K\x01".as_slice(), &b"Q".repeat(100_000), b"."].concat();
        let unpickler = Unpickler::new().persistent_load(|id: i64| -> Result<_> { Ok(id) });
        assert!(unpickler.loads::<i64>(&ids).is_err());
        assert!(unpickler.loads::<Value>(&ids).is_err());
        assert!(unpickler.loads::<Vec<u8>>(&ids).is_err());
    });
}

#[test]
fn an_instance_that_is_given_more_after_a_call_had_it_is_refused() {
    let additions: [&[u8]; 4] = [b"Nb", b"h\x01b", b"h\0N\x85Ra", b"(h\0N\x85Re"];
    for addition in additions {
        let pickle = [
            b"\x80\x04chostile\ndeepen\n\x940h\0h\0N\x85R\x94\x85Rh\x01".as_slice(),
            addition,
            b"\x86.",
        ];
        let error = loads::<(Deep, Deep)>(&pickle.concat()).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::MutatedAfterUse);
        let error = loads::<(Deep, Rc<Deep>)>(&pickle.concat()).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::MutatedAfterUse);
    }
}

#[test]
fn names_in_errors_are_escaped() {
    let texts: [&[u8]; 12] = [
        b"chostile\nx\x1b[m\n)R.",
        b"chostile\x07\nPoint\n)R.",
        b"chostile\nx\x1b[m\n.",
        b"chostile\nPoint\n)RNcx\x1b\nsetter\n\x94h\0N\x86R0.",
        b"\x80\x04chostile\nPoint\n)R\x94cx\x1b\nsetter\nh\0N\x86R0.",
        b"\x80\x04chostile\nPoint\n)}\x8c\x02\x1bxNs\x92.",
        b"\x80\x04chostile\ncall\n)}\x8c\x02\x1bxNs\x92.",
        b"\x80\x04chostile\nPoint\n)R}\x8c\x01x\x8c\x02\x1bxsb.",
        b"\x80\x04\x8c\x02\x1bxQ.",
        b"\x80\x04chostile\nLevel\n\x8c\x02\x1bx\x85R.",
        b"chostile\nLevel.\x1b[m\n.",
        b"chostile\n\x1b[m.Level\n.",
    ];
    for pickle in texts {
        let errors = [
            loads::<Point>(pickle).err(),
            loads::<Called>(pickle).err(),
            loads::<Level>(pickle).err(),
            loads::<Held>(pickle).err(),
            loads::<Wrapper>(pickle).err(),
            loads::<Deep>(pickle).err(),
            loads::<pickle_core::TypeOf<Point>>(pickle).err(),
            loads::<Value>(pickle).err(),
        ];
        assert!(errors.iter().flatten().count() > 3);
        for error in errors.iter().flatten() {
            let text = format!("{error} {error:?}");
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
    }
}

#[derive(Debug, Reduce)]
#[reduce(module = "hostile")]
enum Level {
    Low = 1,
}

#[test]
fn attributes_are_those_that_the_state_had_when_it_was_given() {
    // Python copies them, and does not see what the dict gets afterwards.
    let pickle = b"\x80\x04chostile\nPoint\n)R}\x94bh\0\x8c\x01xK\x05s0.";
    assert_eq!(loads::<Point>(pickle).unwrap(), Point { x: 0 });
    let pickle = b"\x80\x04chostile\nPoint\n)RN}\x94\x86bh\0\x8c\x01xK\x05s0.";
    assert_eq!(loads::<Point>(pickle).unwrap(), Point { x: 0 });
    let pickle = b"\x80\x04chostile\nPoint\n)R}\x94\x8c\x01xK\x04sbh\0\x8c\x01xK\x05s0.";
    assert_eq!(loads::<Point>(pickle).unwrap(), Point { x: 4 });
}

#[pickle_core::constructor(module = "hostile")]
fn named(x: i32) -> Called {
    Called(x)
}

#[test]
fn the_last_of_keywords_with_one_name_counts() {
    let pickle = b"\x80\x04chostile\nnamed\n)}(\x8c\x01xK\x01\x8c\x01xK\x02u\x92.";
    assert_eq!(loads::<Called>(pickle).unwrap(), Called(2));
    let pickle = b"\x80\x04chostile\nnamed\nK\x01\x85}\x8c\x01xK\x01s\x92.";
    let error = loads::<Called>(pickle).unwrap_err();
    assert!(error.to_string().contains("`x` is given twice"), "{error}");
}
