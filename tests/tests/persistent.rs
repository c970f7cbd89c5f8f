//! Persistent ids: which values are asked for one, what is written in their place, and what is
//! made of it again.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error as _;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use pickle_core::copyreg::{Registered, registered};
use pickle_core::{
    ErrorKind, Graph, Limits, MemoPolicy, NodeId, PersistentIds, Pickler, QualName, Reduce,
    Reduction, Result, Unpickler, Value, View, object,
};

use pickle_tests::corpus::corpus;

type Outcome = std::result::Result<(), Box<dyn std::error::Error>>;

const PROTOCOLS: std::ops::RangeInclusive<u8> = 0..=5;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Reduce)]
#[reduce(module = "store")]
struct Blob {
    key: String,
}

fn blob(key: &str) -> Blob {
    Blob {
        key: key.to_owned(),
    }
}

/// Dumps with each blob's key as its id. Also how often was asked.
fn dumps_keys(value: &(impl Reduce + ?Sized), protocol: u8) -> Result<(Vec<u8>, usize)> {
    let mut asked = 0;
    let mut ids = PersistentIds::new().of(|blob: &Blob| {
        asked += 1;
        Some(blob.key.clone())
    });
    let bytes = dumps_with(value, protocol, &mut ids)?;
    drop(ids);
    Ok((bytes, asked))
}

fn dumps_with(
    value: &(impl Reduce + ?Sized),
    protocol: u8,
    ids: &mut PersistentIds<'_>,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .protocol(protocol)
        .persistent_id(ids)
        .dump(value)?;
    Ok(bytes)
}

/// What a function returns that cannot fail.
fn ok<T>(object: T) -> Result<T> {
    Ok(object)
}

/// Makes blobs of keys.
fn by_key() -> Unpickler<'static> {
    Unpickler::new().persistent_load(|key: String| ok(Blob { key }))
}

/// The nodes of a graph that are persistent ids.
fn persistent_nodes(graph: &Graph<'_>) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut pending = vec![graph.root()];
    let mut seen = HashSet::new();
    while let Some(node) = pending.pop() {
        if !seen.insert(node.id()) {
            continue;
        }
        if matches!(node.view(), View::Persistent(_)) {
            found.push(node.id());
        }
        let mut parts: Vec<_> = node.items().collect();
        parts.extend(node.entries().flat_map(|(key, value)| [key, value]));
        pending.extend(parts.into_iter().rev());
    }
    found
}

/// The ids in a pickle.
fn ids_in(bytes: &[u8]) -> Result<Vec<Value>> {
    let mut graph = Unpickler::new().persistent_ids(true).graph(bytes)?;
    let mut ids = Vec::new();
    for node in persistent_nodes(&graph) {
        if let View::Persistent(id) = graph.node(node).view() {
            graph.set_root(id.id());
            ids.push(graph.to_value()?);
        }
    }
    Ok(ids)
}

// What is written.

#[test]
fn an_id_takes_a_line_in_protocol_0_and_is_an_object_from_1_on() -> Outcome {
    let expected: [&[u8]; 3] = [b"Pa\n.", b"X\x01\0\0\0aQ.", b"\x80\x02X\x01\0\0\0aQ."];
    for (protocol, expected) in (0..).zip(expected) {
        let (bytes, asked) = dumps_keys(&blob("a"), protocol)?;
        assert_eq!(bytes, expected);
        assert_eq!(asked, 1);
    }
    Ok(())
}

#[test]
fn an_id_is_asked_for_each_time_and_never_memoized() -> Outcome {
    let mut bytes = Vec::new();
    let mut ids = PersistentIds::new().of(|_: &Blob| Some(1));
    Pickler::new(&mut bytes)
        .protocol(1)
        .memo(MemoPolicy::All)
        .persistent_id(&mut ids)
        .dump(&vec![blob("a"), blob("b")])?;
    // As CPython writes it.
    assert_eq!(bytes, b"]q\0(K\x01QK\x01Qe.");
    Ok(())
}

#[test]
fn falsy_ids_are_ids() -> Outcome {
    for protocol in PROTOCOLS {
        let empty = dumps_with(
            &blob("a"),
            protocol,
            &mut PersistentIds::new().of(|_: &Blob| Some("")),
        )?;
        assert_eq!(ids_in(&empty)?, [Value::from("")]);
        assert_eq!(by_key().loads::<Blob>(&empty)?, blob(""));
    }
    let zero = dumps_with(
        &blob("a"),
        4,
        &mut PersistentIds::new().of(|_: &Blob| Some(0)),
    )?;
    assert_eq!(ids_in(&zero)?, [Value::from(0)]);
    Ok(())
}

#[test]
fn a_value_without_an_id_is_pickled_itself() -> Outcome {
    for protocol in PROTOCOLS {
        let blobs = [blob("inside"), blob("kept")];
        let mut ids =
            PersistentIds::new().of(|blob: &Blob| (blob.key == "kept").then(|| blob.key.clone()));
        let bytes = dumps_with(&blobs, protocol, &mut ids)?;
        assert_eq!(ids_in(&bytes)?, [Value::from("kept")]);
        assert_eq!(by_key().loads::<[Blob; 2]>(&bytes)?, blobs);
    }
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(transparent)]
struct Wrapped(Blob);

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "store")]
enum Content {
    Nothing,
    Stored(Blob),
    Named { name: String, blob: Blob },
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "store")]
struct Holder {
    plain: Blob,
    many: Vec<Blob>,
    keyed: BTreeMap<Blob, Blob>,
    hashed: HashMap<Blob, u8>,
    set: HashSet<Blob>,
    optional: (Option<Blob>, Option<Blob>),
    boxed: Box<Blob>,
    shared: Rc<Blob>,
    cell: RefCell<Blob>,
    wrapped: Wrapped,
    contents: [Content; 3],
    array: [Blob; 1],
}

#[test]
fn values_are_found_wherever_they_are_nested() -> Outcome {
    let holder = Holder {
        plain: blob("plain"),
        many: vec![blob("first"), blob("second")],
        keyed: BTreeMap::from([(blob("key"), blob("value"))]),
        hashed: HashMap::from([(blob("hash key"), 1)]),
        set: HashSet::from([blob("item")]),
        optional: (Some(blob("some")), None),
        boxed: Box::new(blob("boxed")),
        shared: Rc::new(blob("shared")),
        cell: RefCell::new(blob("cell")),
        wrapped: Wrapped(blob("wrapped")),
        contents: [
            Content::Nothing,
            Content::Stored(blob("variant")),
            Content::Named {
                name: "n".to_owned(),
                blob: blob("field"),
            },
        ],
        array: [blob("array")],
    };
    for protocol in PROTOCOLS {
        let (bytes, asked) = dumps_keys(&holder, protocol)?;
        assert_eq!(asked, 15);
        assert!(!bytes.windows(4).any(|part| part == b"Blob"));
        assert_eq!(by_key().loads::<Holder>(&bytes)?, holder);
    }
    Ok(())
}

#[test]
fn an_id_may_be_of_any_type() -> Outcome {
    fn id<I: Reduce + Clone + 'static>(id: I) -> Result<Value> {
        let mut ids = PersistentIds::new().of(move |_: &Blob| Some(id.clone()));
        let bytes = dumps_with(&vec![blob("a")], 4, &mut ids)?;
        Ok(ids_in(&bytes)?.remove(0))
    }
    assert_eq!(id(-7)?, Value::Int(-7));
    assert_eq!(id(0.5)?, Value::Float(0.5));
    assert_eq!(id(vec![1_u8])?, Value::Bytes(vec![1]));
    assert_eq!(id(())?, Value::None);
    let pair = Value::Tuple(["blobs".into(), 7.into()].into());
    assert_eq!(id(("blobs", 7))?, pair);
    assert!(matches!(
        id(blob("id"))?,
        Value::Persistent(_) | Value::Object(_)
    ));
    Ok(())
}

#[test]
fn an_id_is_not_asked_for_its_own_id_but_its_parts_are() -> Outcome {
    let mut ids = PersistentIds::new().of(|blob: &Blob| {
        (blob.key != "end").then(|| {
            (
                Blob {
                    key: "end".to_owned(),
                },
                1,
            )
        })
    });
    let bytes = dumps_with(&blob("a"), 4, &mut ids)?;
    let Value::Tuple(parts) = ids_in(&bytes)?.remove(0) else {
        panic!("a tuple");
    };
    assert!(matches!(parts[0], Value::Object(_)));

    let mut ids = PersistentIds::new().of(|blob: &Blob| Some(blob.clone()));
    let bytes = dumps_with(&blob("a"), 4, &mut ids)?;
    assert!(matches!(ids_in(&bytes)?[..], [Value::Object(_)]));
    Ok(())
}

#[test]
fn in_protocol_0_an_id_is_what_pythons_str_makes_of_it() -> Outcome {
    fn line<I: Reduce + Clone + 'static>(id: I) -> Result<String> {
        let mut ids = PersistentIds::new().of(move |_: &Blob| Some(id.clone()));
        let bytes = dumps_with(&blob("a"), 0, &mut ids)?;
        let line = bytes
            .strip_prefix(b"P")
            .and_then(|line| line.strip_suffix(b"\n."));
        Ok(String::from_utf8(line.expect("PERSID and STOP").to_vec()).expect("ASCII"))
    }
    assert_eq!(line("a b")?, "a b");
    assert_eq!(line("")?, "");
    assert_eq!(line("a\r\\n")?, "a\r\\n");
    assert_eq!(line(-7)?, "-7");
    assert_eq!(line(u128::MAX)?, u128::MAX.to_string());
    assert_eq!(line(true)?, "True");
    assert_eq!(line(1e16)?, "1e+16");
    assert_eq!(line(("blobs", 7))?, "('blobs', 7)");
    assert_eq!(line((b"x".to_vec(),))?, "(b'x',)");

    for refused in ["∅", "two\nlines"] {
        let error = line(refused).expect_err("it is no line of ASCII");
        let expected = "a persistent id that is no ASCII line cannot be pickled in protocol 0";
        assert_eq!(error.to_string(), expected);
    }
    // What Python prints for an instance is the class's business.
    let error = line(blob("a")).expect_err("it has no text");
    assert!(matches!(
        error.kind(),
        ErrorKind::Unpicklable { protocol: 0, .. }
    ));
    Ok(())
}

#[test]
fn a_list_may_be_the_id_of_a_dicts_key() -> Outcome {
    let keyed = BTreeMap::from([(blob("a"), 1)]);
    let mut ids = PersistentIds::new().of(|_: &Blob| Some(vec![1, 2]));
    let bytes = dumps_with(&keyed, 4, &mut ids)?;
    let unpickler = Unpickler::new().persistent_load(|_: Vec<u8>| ok(blob("a")));
    assert_eq!(unpickler.loads::<BTreeMap<Blob, u8>>(&bytes)?, keyed);
    Ok(())
}

// Shared pointers.

#[test]
fn behind_a_shared_pointer_it_is_asked_for_each_time() -> Outcome {
    let shared = Rc::new(blob("a"));
    let twice = vec![Rc::clone(&shared), shared];
    for protocol in PROTOCOLS {
        let (bytes, asked) = dumps_keys(&twice, protocol)?;
        assert_eq!(asked, 2);
        assert_eq!(ids_in(&bytes)?, ["a".into(), "a".into()]);
    }
    Ok(())
}

#[test]
fn behind_pointers_to_pointers_and_cells_it_is_no_cycle() -> Outcome {
    let nested = Rc::new(Rc::new(blob("nested")));
    let cell = Rc::new(RefCell::new(blob("cell")));
    let locked = Arc::new(Mutex::new(Box::new(blob("locked"))));
    let weak = Rc::downgrade(&cell);
    let all = (
        [Rc::clone(&nested), nested],
        [Rc::clone(&cell), cell],
        [Arc::clone(&locked), locked],
        weak,
    );
    for protocol in PROTOCOLS {
        let (bytes, asked) = dumps_keys(&all, protocol)?;
        assert_eq!(asked, 7);
        assert_eq!(ids_in(&bytes)?.len(), 7);
    }
    Ok(())
}

#[test]
fn a_pointer_whose_value_loses_its_id_is_shared_from_then_on() -> Outcome {
    let shared = Rc::new(RefCell::new(blob("a")));
    let thrice = vec![Rc::clone(&shared), Rc::clone(&shared), shared];
    let mut asked = 0;
    let mut ids = PersistentIds::new().of(|_: &Blob| {
        asked += 1;
        (asked == 1).then_some("a")
    });
    let bytes = dumps_with(&thrice, 4, &mut ids)?;
    let [first, second, third] = by_key().loads::<[Rc<RefCell<Blob>>; 3]>(&bytes)?;
    assert!(!Rc::ptr_eq(&first, &second));
    assert!(Rc::ptr_eq(&second, &third));
    Ok(())
}

#[test]
fn a_pointer_whose_value_gets_an_id_is_not_taken_from_the_memo() -> Outcome {
    let shared = Rc::new(blob("a"));
    let mut asked = 0;
    let mut ids = PersistentIds::new().of(|_: &Blob| {
        asked += 1;
        (asked > 1).then_some("a")
    });
    let bytes = dumps_with(&[Rc::clone(&shared), shared], 4, &mut ids)?;
    assert_eq!(ids_in(&bytes)?, [Value::from("a")]);
    Ok(())
}

#[derive(Reduce)]
#[reduce(module = "store")]
struct Node {
    blob: Rc<Blob>,
    #[reduce(late)]
    own: RefCell<Weak<Node>>,
}

#[test]
fn an_object_in_a_cycle_may_hold_one_or_be_one() -> Outcome {
    let node = Rc::new(Node {
        blob: Rc::new(blob("a")),
        own: RefCell::default(),
    });
    node.own.replace(Rc::downgrade(&node));
    for protocol in PROTOCOLS {
        let (bytes, _) = dumps_keys(&node, protocol)?;
        let loaded: Rc<Node> = by_key().loads(&bytes)?;
        assert_eq!(*loaded.blob, blob("a"));
        assert!(Weak::ptr_eq(&loaded.own.borrow(), &Rc::downgrade(&loaded)));

        let mut ids = PersistentIds::new().of(|_: &Node| Some("node"));
        let bytes = dumps_with(&[Rc::clone(&node), Rc::clone(&node)], protocol, &mut ids)?;
        let unpickler = Unpickler::new().persistent_load(|id: String| {
            ok(Node {
                blob: Rc::new(blob(&id)),
                own: RefCell::default(),
            })
        });
        let loaded: Vec<Rc<Node>> = unpickler.loads(&bytes)?;
        assert_eq!(*loaded[1].blob, blob("node"));
    }
    Ok(())
}

// Errors of a dump.

#[derive(Debug, thiserror::Error)]
#[error("the disk is full")]
struct DiskFull;

#[test]
fn an_error_of_the_function_is_the_source_of_the_dumps() {
    let mut ids = PersistentIds::new().of(|_: &Blob| Err::<Option<u8>, _>(DiskFull));
    let error = dumps_with(&vec![blob("a")], 4, &mut ids).expect_err("the disk is full");
    let source = error.source().expect("the function's error");
    assert!(source.is::<DiskFull>());
    assert_eq!(error.path().to_string(), "$[0]");
}

#[test]
fn after_an_error_the_pickler_can_go_on() -> Outcome {
    let mut bytes = Vec::new();
    let mut ids = PersistentIds::new().of(|blob: &Blob| match &*blob.key {
        "" => Err(DiskFull),
        key => Ok(Some(key.to_owned())),
    });
    let mut pickler = Pickler::new(&mut bytes).persistent_id(&mut ids);
    let shared = Rc::new(RefCell::new(blob("")));
    assert!(pickler.dump(&BTreeMap::from([(blob(""), 1)])).is_err());
    assert!(pickler.dump(&shared).is_err());
    shared.borrow_mut().key.push('a');
    pickler.dump(&(vec![1], shared))?;
    assert_eq!(ids_in(&bytes)?, [Value::from("a")]);
    Ok(())
}

#[test]
fn a_function_finds_what_is_being_dumped_in_use() -> Outcome {
    let list = RefCell::new(vec![blob("a")]);
    let mut ids = PersistentIds::new().of(|_: &Blob| match list.try_borrow_mut() {
        Ok(mut list) => {
            list.clear();
            Ok(None::<()>)
        }
        Err(error) => Err(error),
    });
    let error = dumps_with(&list, 4, &mut ids).expect_err("the list is borrowed");
    assert!(
        error
            .source()
            .expect("the function's error")
            .is::<std::cell::BorrowMutError>()
    );
    Ok(())
}

// What is loaded.

#[test]
fn each_type_has_a_function_of_its_own() -> Outcome {
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(module = "store")]
    struct User {
        number: u32,
    }
    let value = (blob("a"), User { number: 7 }, blob("b"));
    let mut ids = PersistentIds::new()
        .of(|blob: &Blob| Some(blob.key.clone()))
        .of(|user: &User| Some(("users", user.number)));
    let bytes = dumps_with(&value, 4, &mut ids)?;
    let unpickler = by_key().persistent_load(|(table, number): (String, u32)| {
        assert_eq!(table, "users");
        ok(User { number })
    });
    assert_eq!(unpickler.loads::<(Blob, User, Blob)>(&bytes)?, value);
    Ok(())
}

#[test]
fn a_later_function_for_a_type_replaces_the_earlier() -> Outcome {
    let mut ids = PersistentIds::new()
        .of(|_: &Blob| Some("one"))
        .of(|_: &Blob| Some("two"));
    let bytes = dumps_with(&blob("a"), 4, &mut ids)?;
    assert_eq!(ids_in(&bytes)?, [Value::from("two")]);
    let unpickler = by_key().persistent_load(|_: String| ok(blob("later")));
    assert_eq!(unpickler.loads::<Blob>(&bytes)?, blob("later"));
    Ok(())
}

/// Makes blobs of keys, and counts them.
fn counting() -> (Arc<AtomicUsize>, Unpickler<'static>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let unpickler = Unpickler::new().persistent_load(move |key: String| {
        counted.fetch_add(1, Ordering::Relaxed);
        ok(Blob { key })
    });
    (calls, unpickler)
}

#[test]
fn one_object_behind_shared_pointers_is_resolved_once_and_two_are_twice() -> Outcome {
    // [persistent('k'), the same, persistent('k')]
    let bytes = b"\x80\x02](X\x01\0\0\0kQq\x01h\x01X\x01\0\0\0kQe.";
    let (calls, unpickler) = counting();
    let [one, same, other]: [Rc<Blob>; 3] = unpickler.loads(bytes)?;
    assert!(Rc::ptr_eq(&one, &same) && !Rc::ptr_eq(&one, &other));
    assert_eq!(calls.swap(0, Ordering::Relaxed), 2);
    // Owned values have no identity.
    unpickler.loads::<[Blob; 3]>(bytes)?;
    assert_eq!(calls.load(Ordering::Relaxed), 3);
    Ok(())
}

#[test]
fn a_function_may_return_shared_pointers_that_it_keeps() -> Outcome {
    let kept = Arc::new(blob("kept"));
    let given = Arc::clone(&kept);
    let unpickler = Unpickler::new().persistent_load(move |_: Value| ok(Arc::clone(&given)));
    let loaded: Vec<Arc<Blob>> = unpickler.loads(b"(lP1\naP2\na.")?;
    assert!(loaded.iter().all(|blob| Arc::ptr_eq(blob, &kept)));

    // Else each object of the pickle is one allocation.
    let unpickler =
        Unpickler::new().persistent_load(|key: String| ok(Rc::new(RefCell::new(Blob { key }))));
    let [one, same, other]: [Rc<RefCell<Blob>>; 3] = unpickler.loads(b"(lPa\np0\nag0\naPb\na.")?;
    assert!(Rc::ptr_eq(&one, &same) && !Rc::ptr_eq(&one, &other));
    Ok(())
}

#[test]
fn nothing_is_resolved_before_the_pickle_has_been_read() {
    let (calls, unpickler) = counting();
    let error = unpickler
        .loads::<Vec<Blob>>(b"(lPa\na")
        .expect_err("it has no end");
    assert!(matches!(error.kind(), ErrorKind::Eof));
    assert_eq!(calls.load(Ordering::Relaxed), 0);
}

#[test]
fn values_of_any_type_are_resolved_where_they_are_registered() -> Outcome {
    use std::time::Duration;
    let durations = [1, 2].map(|seconds| Registered(Duration::from_secs(seconds)));
    let mut ids = PersistentIds::new().of(|duration: &Duration| Some(duration.as_secs()));
    let bytes = dumps_with(&durations, 4, &mut ids)?;
    let unpickler = Unpickler::new().persistent_load(|seconds| ok(Duration::from_secs(seconds)));
    assert_eq!(
        unpickler.loads::<[Registered<Duration>; 2]>(&bytes)?,
        durations
    );

    let by_reference = dumps_with(&registered(&durations[0].0), 4, &mut ids)?;
    assert_eq!(ids_in(&by_reference)?, [Value::from(1)]);
    Ok(())
}

#[test]
fn atoms_are_resolved() -> Outcome {
    let unpickler = Unpickler::new()
        .persistent_load(|id: String| ok(id.len() as i64))
        .persistent_load(|id: String| ok(id.len() as u128))
        .persistent_load(|id: String| ok(id.len() as f64))
        .persistent_load(|id: String| ok(id.is_empty()))
        .persistent_load(|id: String| ok(id.repeat(2)))
        .persistent_load(|id: String| ok(id.into_bytes()));
    type Atoms<'a> = (
        i64,
        u128,
        f64,
        bool,
        String,
        std::borrow::Cow<'a, str>,
        Vec<u8>,
    );
    let (int, large, float, bool, text, cow, bytes): Atoms<'_> =
        unpickler.loads(b"(Pab\nPab\nPab\nPab\nPab\nPab\nPab\nt.")?;
    assert_eq!((int, large, float, bool), (2, 2, 2.0, false));
    assert_eq!((&*text, &*cow, &*bytes), ("abab", "abab", &b"ab"[..]));
    let mixed: Vec<i64> = unpickler.loads(b"(I1\nPab\nI3\nl.")?;
    assert_eq!(mixed, [1, 2, 3]);
    let error = unpickler
        .loads::<u16>(b"Pab\n.")
        .expect_err("there is none of u16");
    assert_eq!(
        error.to_string(),
        "expected an int, found a persistent id (at byte 0)"
    );
    Ok(())
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "store")]
enum Genre {
    Science,
    Fiction,
}

#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "store", from = u32, into = u32)]
struct Number(u32);

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

impl From<Number> for u32 {
    fn from(number: Number) -> Self {
        number.0
    }
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "store", with = Connection::reduce)]
struct Connection(String);

impl Connection {
    fn reduce(&self) -> Reduction<'_> {
        Reduction::call(QualName::new("store", "connect"), (&self.0,))
    }
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "store")]
struct Pair<T: 'static> {
    left: T,
    right: T,
}

#[test]
fn types_of_every_form_have_ids_and_are_resolved() -> Outcome {
    type All = (
        Genre,
        Wrapped,
        Rc<Wrapped>,
        Number,
        Connection,
        Content,
        Pair<u8>,
    );
    let all: All = (
        Genre::Fiction,
        Wrapped(blob("wrapped")),
        Rc::new(Wrapped(blob("shared"))),
        Number(7),
        Connection("c".to_owned()),
        Content::Nothing,
        Pair { left: 1, right: 2 },
    );
    let mut ids = PersistentIds::new()
        .of(|genre: &Genre| Some(*genre == Genre::Fiction))
        .of(|wrapped: &Wrapped| Some(wrapped.0.key.clone()))
        .of(|number: &Number| Some(number.0))
        .of(|connection: &Connection| Some(connection.0.clone()))
        .of(|_: &Content| Some("nothing"))
        .of(|pair: &Pair<u8>| Some((pair.left, pair.right)));
    let bytes = dumps_with(&all, 4, &mut ids)?;
    assert_eq!(ids_in(&bytes)?.len(), 7);
    let unpickler = Unpickler::new()
        .persistent_load(|is_fiction| {
            ok(match is_fiction {
                true => Genre::Fiction,
                false => Genre::Science,
            })
        })
        .persistent_load(|key: String| ok(Wrapped(blob(&key))))
        .persistent_load(|number: u32| ok(Number(number)))
        .persistent_load(|name: String| ok(Connection(name)))
        .persistent_load(|_: String| ok(Content::Nothing))
        .persistent_load(|(left, right)| ok(Pair::<u8> { left, right }));
    assert_eq!(unpickler.loads::<All>(&bytes)?, all);
    Ok(())
}

// Trait objects.

#[object]
trait Shape {
    fn sides(&self) -> u32;
}

#[derive(Reduce)]
#[reduce(module = "store")]
struct Polygon {
    sides: u32,
}

#[object]
impl Shape for Polygon {
    fn sides(&self) -> u32 {
        self.sides
    }
}

#[derive(Reduce)]
#[reduce(module = "store")]
struct Circle;

#[object]
impl Shape for Circle {
    fn sides(&self) -> u32 {
        0
    }
}

fn polygons() -> Unpickler<'static> {
    by_key().persistent_load(|sides| ok(Polygon { sides }))
}

#[test]
fn trait_objects_have_ids_by_the_types_behind_them() -> Outcome {
    let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Polygon { sides: 3 }), Box::new(Circle)];
    let mut ids = PersistentIds::new().of(|polygon: &Polygon| Some(polygon.sides));
    for protocol in 1..=5 {
        let bytes = dumps_with(&shapes, protocol, &mut ids)?;
        assert_eq!(ids_in(&bytes)?, [Value::from(3)]);
        let loaded: Vec<Box<dyn Shape>> = polygons().loads(&bytes)?;
        let sides: Vec<_> = loaded.iter().map(|shape| shape.sides()).collect();
        assert_eq!(sides, [3, 0]);
    }
    Ok(())
}

#[test]
fn a_shared_trait_object_and_its_class_are_one_allocation() -> Outcome {
    let pickle = b"\x80\x02K\x05Qq\x01h\x01h\x01\x87.";
    let (shape, polygon, again): (Rc<dyn Shape>, Rc<Polygon>, Rc<dyn Shape>) =
        polygons().loads(pickle)?;
    assert_eq!(shape.sides(), 5);
    assert!(std::ptr::addr_eq(Rc::as_ptr(&shape), Rc::as_ptr(&polygon)));
    assert!(std::ptr::addr_eq(Rc::as_ptr(&shape), Rc::as_ptr(&again)));
    Ok(())
}

#[test]
fn a_function_may_return_the_trait_object_itself() -> Outcome {
    let pickle = b"\x80\x02K\x05Qq\x01h\x01\x86.";
    let unpickler = polygons()
        .persistent_load(|_: u8| ok(Circle))
        .persistent_load(|_: u8| -> Result<Rc<dyn Shape>> { Ok(Rc::new(Circle)) });
    let (one, other): (Rc<dyn Shape>, Rc<dyn Shape>) = unpickler.loads(pickle)?;
    assert_eq!(one.sides(), 0);
    assert!(Rc::ptr_eq(&one, &other));

    let unpickler = unpickler.persistent_load(|sides: u32| -> Result<Box<dyn Shape>> {
        Ok(Box::new(Polygon { sides }))
    });
    let (shape, _): (Box<dyn Shape>, Box<dyn Shape>) = unpickler.loads(pickle)?;
    assert_eq!(shape.sides(), 5);
    Ok(())
}

#[test]
fn two_functions_for_a_trait_object_are_an_error_that_names_both() {
    let unpickler = polygons().persistent_load(|_: u8| ok(Circle));
    let error = unpickler
        .loads::<Box<dyn Shape>>(b"\x80\x02K\x05Q.")
        .err()
        .expect("ambiguous");
    assert!(matches!(
        error.kind(),
        ErrorKind::AmbiguousPersistentLoad { .. }
    ));
    assert_eq!(
        error.to_string(),
        "the pickle has a persistent id for a `dyn persistent::Shape`, which may be a \
         `persistent::Polygon` or a `persistent::Circle`: `Unpickler::persistent_load` needs a \
         function that returns the trait object (at byte 4)"
    );
}

// Errors of a load.

#[test]
fn without_any_function_a_persistent_id_is_an_error() {
    for pickle in [&b"Pa\n."[..], b"K\x01Q."] {
        let error = pickle_core::loads::<Blob>(pickle).expect_err("nothing resolves it");
        assert!(matches!(error.kind(), ErrorKind::PersistentId));
    }
}

#[test]
fn without_a_function_for_the_type_the_error_names_it() {
    fn why<T: pickle_core::ConstructOwned>(unpickler: &Unpickler<'static>) -> String {
        let error = unpickler
            .loads::<Vec<T>>(b"(lPa\na.")
            .err()
            .expect("nothing resolves it");
        assert!(matches!(error.kind(), ErrorKind::NoPersistentLoad { .. }));
        error.to_string()
    }
    let ids_only = Unpickler::new().persistent_ids(true);
    let message = |name: &str| {
        format!(
            "the pickle has a persistent id for a `{name}`: `Unpickler::persistent_load` needs a \
             function that returns one (at byte 2, in $[0])"
        )
    };
    assert_eq!(why::<Blob>(&ids_only), message("persistent::Blob"));
    assert_eq!(why::<Content>(&ids_only), message("persistent::Content"));
    assert_eq!(why::<Rc<Node>>(&by_key()), message("persistent::Node"));
    assert_eq!(
        why::<Box<dyn Shape>>(&by_key()),
        message("dyn persistent::Shape")
    );
    assert_eq!(
        why::<Registered<std::time::Duration>>(&by_key()),
        message("core::time::Duration")
    );
}

#[test]
fn an_error_of_the_function_is_the_source_and_has_offset_and_path() {
    let unpickler = Unpickler::new().persistent_load(|_: String| Err::<Blob, _>(DiskFull));
    for pickle in [&b"(lPa\na."[..], b"]X\x01\0\0\0aQa."] {
        let error = unpickler
            .loads::<Vec<Rc<Blob>>>(pickle)
            .expect_err("the disk is full");
        assert!(
            error
                .source()
                .expect("the function's error")
                .is::<DiskFull>()
        );
        let offset = pickle.iter().position(|byte| b"PQ".contains(byte));
        assert_eq!(error.offset(), offset.map(|offset| offset as u64));
        assert_eq!(error.path().to_string(), "$[0]");
    }
}

#[test]
fn an_id_of_another_type_than_the_functions_is_an_error_at_the_id() {
    let error = by_key()
        .loads::<Vec<Blob>>(b"]K\x07Qa.")
        .expect_err("no str");
    assert_eq!(
        error.to_string(),
        "expected a str, found int 7 (at byte 1, in $[0])"
    );
}

#[test]
fn the_ids_are_charged_to_the_budget() -> Outcome {
    let text = "k".repeat(1000);
    let mut pickle = format!("(lP{text}\np0\na").into_bytes();
    pickle.extend(b"g0\na".repeat(100));
    pickle.push(b'.');
    let limits = Limits::default().constructed_bytes(50_000, 0);
    let error = by_key()
        .limits(limits)
        .loads::<Vec<Blob>>(&pickle)
        .expect_err("101 copies of 1000 bytes");
    assert!(matches!(
        error.kind(),
        ErrorKind::LimitExceeded {
            setter: "constructed_bytes",
            ..
        }
    ));
    // One allocation has one id.
    by_key().limits(limits).loads::<Vec<Rc<Blob>>>(&pickle)?;
    Ok(())
}

#[test]
fn an_id_that_contains_itself_is_an_error() {
    // x = []; x.append(persistent(x))
    let pickle = b"\x80\x02]q\0h\0Qa.";
    let unpickler = Unpickler::new().persistent_load(|ids: Vec<Registered<Blob>>| {
        ok(ids.into_iter().next().map_or_else(|| blob(""), |id| id.0))
    });
    let error = unpickler.loads::<Vec<Blob>>(pickle).expect_err("a cycle");
    assert!(matches!(error.kind(), ErrorKind::Cycle));
}

// Without types.

#[test]
fn a_graph_has_the_ids_and_can_be_made_a_value_of() -> Outcome {
    let (bytes, _) = dumps_keys(&vec![blob("a"), blob("b")], 4)?;
    let (calls, unpickler) = counting();
    let graph = unpickler.graph(&bytes)?;
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    let ids: Vec<_> = graph
        .root()
        .items()
        .filter_map(|node| match node.view() {
            View::Persistent(id) => id.as_str(),
            _ => None,
        })
        .collect();
    assert_eq!(ids, ["a", "b"]);
    let owned = graph.clone().into_owned();
    let blobs = std::thread::spawn(move || owned.construct::<Vec<Blob>>());
    assert_eq!(
        blobs.join().expect("it does not panic")?,
        [blob("a"), blob("b")]
    );
    assert_eq!(calls.load(Ordering::Relaxed), 2);
    Ok(())
}

#[test]
fn a_value_has_the_ids_or_what_a_function_makes_of_them() -> Outcome {
    // {persistent('k'): [persistent('a'), the same]}
    let pickle = b"\x80\x02}X\x01\0\0\0kQ]X\x01\0\0\0aQq\x01ah\x01as.";
    let ids: Value = Unpickler::new().persistent_ids(true).loads(pickle)?;
    assert_eq!(
        format!("{ids:?}"),
        "{<persistent 'k'>: [<persistent 'a'>, <persistent 'a'>]}"
    );
    let order = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&order);
    let unpickler = by_key().persistent_load(move |key: String| {
        noted.lock().expect("nobody panics").push(key.clone());
        ok(Value::from(key.repeat(3)))
    });
    let values: Value = unpickler.loads(pickle)?;
    assert_eq!(format!("{values:?}"), "{'kkk': ['aaa', 'aaa']}");
    assert_eq!(*order.lock().expect("nobody panics"), ["k", "a"]);
    assert_eq!(unpickler.loads::<Value>(b"Pab\n.")?, "ababab".into());
    assert_eq!(unpickler.graph(pickle)?.to_value()?, values);

    // The id is what the pickle has: it may have ids in it.
    let unpickler = Unpickler::new().persistent_load(|id: Value| ok(Value::List([id].into())));
    let nested: Value = unpickler.loads(b"\x80\x02X\x01\0\0\0kQ\x85Q.")?;
    assert_eq!(format!("{nested:?}"), "[(['k'],)]");
    Ok(())
}

// What CPython's picklers wrote.

/// What `zoo.Persistent` stands for, by the text of its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kept(String);

#[derive(Reduce)]
#[reduce(module = "zoo")]
struct Plain {
    a: Registered<Kept>,
    b: Registered<Kept>,
}

#[test]
fn every_persistent_id_of_the_corpus_is_resolved() -> Outcome {
    type Shared = (
        Registered<Kept>,
        Registered<Kept>,
        (Registered<Kept>, u8),
        HashMap<u8, Registered<Kept>>,
        Plain,
    );
    let expected = HashMap::from([
        ("text", "'id-1'"),
        ("empty", "''"),
        ("digits", "'12'"),
        ("int", "7"),
        ("zero", "0"),
        ("tuple", "('table', 7)"),
        ("false", "False"),
        ("list", "[]"),
        ("shared", "'same'"),
        ("in-cycle", "'in'"),
    ]);
    let mut found = HashSet::new();
    for pickled in corpus() {
        if pickled.family != "persistent" {
            continue;
        }
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let unpickler = pickled.unpickler().persistent_load(move |id: Value| {
            counted.fetch_add(1, Ordering::Relaxed);
            ok(Kept(format!("{id:?}")))
        });
        let kept = match pickled.case.as_str() {
            "shared" => {
                let (one, other, (third, _), by_key, plain) =
                    unpickler.loads::<Shared>(&pickled.bytes)?;
                let all = [&other, &third, &by_key[&1], &plain.a, &plain.b];
                assert!(all.iter().all(|kept| **kept == one));
                assert_eq!(calls.load(Ordering::Relaxed), 6, "{}", pickled.name());
                one
            }
            "in-cycle" => {
                // What contains itself has no type here: but the id has.
                let mut graph = unpickler.graph(&pickled.bytes)?;
                graph.set_root(persistent_nodes(&graph)[0]);
                graph.construct()?
            }
            _ => unpickler.loads(&pickled.bytes)?,
        };
        assert_eq!(kept.0.0, expected[&*pickled.case], "{}", pickled.name());
        found.insert(pickled.case);
    }
    assert_eq!(found.len(), expected.len());
    Ok(())
}
