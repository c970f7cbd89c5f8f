//! `copy`, `deepcopy` and the memo: what is new in a copy, and what is shared with the original.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::rc::{Rc, Weak};
use std::sync;
use std::sync::{Arc, Mutex, RwLock};

use pickle_core::copy::{copy, deepcopy};
use pickle_core::{ByteArray, ConstructOwned, ErrorKind, FrozenSet, Reduce, Value, dumps, object};

/// Both kinds of copy.
fn copies<T: Reduce + ConstructOwned>(value: &T) -> [T; 2] {
    [copy(value).unwrap(), deepcopy(value).unwrap()]
}

fn check<T: Reduce + ConstructOwned + PartialEq + Debug>(value: &T) {
    for copy in copies(value) {
        assert_eq!(copy, *value);
    }
}

#[derive(Reduce, Debug, PartialEq, Clone)]
struct Point {
    x: f64,
    y: f64,
}

// Values.

#[test]
fn atoms_are_equal_to_their_originals() {
    check(&());
    check(&true);
    check(&42);
    check(&i128::MIN);
    check(&u128::MAX);
    check(&2.5);
    check(&f64::INFINITY);
    check(&'\u{1234}');
    check(&"hello\u{1234}".to_owned());
    check(&"text".repeat(100_000));
    check(&(0..=255).collect::<Vec<u8>>());
    check(&Some(1));
    check(&None::<i32>);
    check(&Rc::<str>::from("rc"));
    check(&Arc::<[u8]>::from([1, 2]));
}

#[test]
fn containers_are_new_and_hold_equal_items() {
    check(&vec![1, 2, 3]);
    check(&Vec::<i32>::new());
    check(&(1, "two".to_owned(), vec![3.0]));
    check(&[[1, 2], [3, 4]]);
    check(&VecDeque::from([1_u8, 2]));
    check(&HashMap::from([
        ("foo".to_owned(), 1),
        ("bar".to_owned(), 2),
    ]));
    check(&BTreeMap::from([((1, 'a'), vec![()])]));
    check(&BTreeSet::from([1, 2, 3]));
    check(&BTreeSet::<i32>::new());
    check(&FrozenSet(HashSet::from([1, 2, 3])));
    check(&ByteArray(b"abc".to_vec()));
    check(&ByteArray(Vec::new()));
    check(&(0..5000).map(|i| vec![i]).collect::<Vec<_>>());
    let heap = copy(&BinaryHeap::from([1, 3, 2])).unwrap();
    assert_eq!(heap.into_sorted_vec(), [1, 2, 3]);
}

#[test]
fn dynamic_values_are_copied() {
    let value = Value::from(vec![Value::from(1), Value::from("two"), Value::None]);
    check(&value);
    let mut deep = Value::None;
    for _ in 0..100_000 {
        deep = Value::List([deep].into());
    }
    assert!(deepcopy(&deep).unwrap() == deep);
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "reduce")]
struct Called {
    values: Vec<i32>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "newobj")]
struct NewArgs {
    #[reduce(arg)]
    values: Vec<i32>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "newobj_ex")]
struct NewArgsEx {
    #[reduce(kwarg)]
    values: Vec<i32>,
    state: f64,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "dict")]
struct Dict {
    values: Vec<i32>,
}

#[derive(Reduce, Debug, PartialEq)]
struct Pair(i32, String);

#[derive(Reduce, Debug, PartialEq)]
struct Unit;

#[derive(Reduce, Debug, PartialEq, Clone, Copy)]
enum Color {
    Red = 1,
    Green = 2,
}

#[derive(Reduce, Debug, PartialEq)]
enum Tree {
    Leaf,
    Node { left: Box<Tree>, right: Box<Tree> },
    Labelled(String, Box<Tree>),
}

#[test]
fn instances_are_copied_whatever_form_they_have_in_a_pickle() {
    check(&Point { x: 1.0, y: 0.0 });
    check(&Called { values: vec![42] });
    check(&NewArgs { values: vec![42] });
    check(&NewArgsEx {
        values: vec![42],
        state: 0.0,
    });
    check(&Dict { values: vec![42] });
    check(&Pair(1, "one".to_owned()));
    check(&Unit);
    check(&vec![Color::Red, Color::Green, Color::Red]);
    check(&Tree::Node {
        left: Box::new(Tree::Leaf),
        right: Box::new(Tree::Labelled("right".to_owned(), Box::new(Tree::Leaf))),
    });
}

/// Python says `copy.replace(point, x=1.0)`.
#[test]
fn struct_update_syntax_replaces_fields_of_a_copy() {
    let point = Point { x: 11.0, y: 22.0 };
    let replaced = Point {
        x: 1.0,
        ..copy(&point).unwrap()
    };
    assert_eq!(replaced, Point { x: 1.0, y: 22.0 });
    assert_eq!(point, Point { x: 11.0, y: 22.0 });
}

#[test]
fn what_does_not_survive_a_pickle_does_not_survive_a_copy() {
    #[derive(Reduce)]
    struct Cached {
        value: i32,
        #[reduce(skip)]
        cache: Option<i32>,
    }
    for copied in copies(&Cached {
        value: 1,
        cache: Some(2),
    }) {
        assert_eq!((copied.value, copied.cache), (1, None));
    }
    assert_eq!(copies(&Some(None::<i32>)), [None, None]);
}

#[test]
fn the_copy_is_independent_of_the_original() {
    let original = Rc::new(RefCell::new(vec![vec![1], vec![2]]));
    let copied = deepcopy(&original).unwrap();
    original.borrow_mut()[0].push(9);
    assert_eq!(*copied.borrow(), [vec![1], vec![2]]);
    let copied = copy(&original).unwrap();
    original.borrow_mut().clear();
    assert_eq!(*copied.borrow(), [vec![1, 9], vec![2]]);
}

// Identity.

#[test]
fn deepcopy_keeps_what_is_shared_within_the_value() {
    let x = Rc::new(vec![1]);
    let value = vec![Rc::clone(&x), Rc::clone(&x), Rc::new(vec![1])];
    let copied = deepcopy(&value).unwrap();
    assert_eq!(copied, value);
    assert!(!Rc::ptr_eq(&copied[0], &x));
    assert!(Rc::ptr_eq(&copied[0], &copied[1]));
    assert!(!Rc::ptr_eq(&copied[0], &copied[2]));
}

#[test]
fn copy_shares_what_is_behind_pointers_within_the_value() {
    #[derive(Reduce)]
    #[expect(clippy::redundant_allocation, reason = "any type will do")]
    struct Holder {
        owned: Vec<Rc<String>>,
        list: Rc<Vec<i32>>,
        text: Rc<str>,
        bytes: Arc<[u8]>,
        cell: Rc<RefCell<i32>>,
        lock: Arc<Mutex<i32>>,
        rwlock: Option<Arc<RwLock<i32>>>,
        nested: Rc<Rc<i32>>,
        map: BTreeMap<i32, Box<Rc<i32>>>,
        set: BTreeSet<Rc<i32>>,
    }
    let holder = Holder {
        owned: vec![Rc::new("a".to_owned())],
        list: Rc::new(vec![1]),
        text: "text".into(),
        bytes: [1, 2].into(),
        cell: Rc::new(RefCell::new(1)),
        lock: Arc::new(Mutex::new(1)),
        rwlock: Some(Arc::new(RwLock::new(1))),
        nested: Rc::new(Rc::new(1)),
        map: BTreeMap::from([(1, Box::new(Rc::new(1)))]),
        set: BTreeSet::from([Rc::new(1), Rc::new(2)]),
    };
    let copied = copy(&holder).unwrap();
    assert!(Rc::ptr_eq(&copied.owned[0], &holder.owned[0]));
    assert!(Rc::ptr_eq(&copied.list, &holder.list));
    assert!(Rc::ptr_eq(&copied.text, &holder.text));
    assert!(Arc::ptr_eq(&copied.bytes, &holder.bytes));
    assert!(Rc::ptr_eq(&copied.cell, &holder.cell));
    assert!(Arc::ptr_eq(&copied.lock, &holder.lock));
    let (rwlock, original) = (copied.rwlock.unwrap(), holder.rwlock.unwrap());
    assert!(Arc::ptr_eq(&rwlock, &original));
    assert!(Rc::ptr_eq(&copied.nested, &holder.nested));
    assert!(Rc::ptr_eq(&copied.map[&1], &holder.map[&1]));
    let (one, other) = (copied.set.first().unwrap(), holder.set.first().unwrap());
    assert!(Rc::ptr_eq(one, other));
}

#[derive(Reduce, Debug)]
struct Node {
    name: String,
    child: Option<Rc<Node>>,
    #[reduce(late)]
    back: RefCell<Option<Rc<Node>>>,
}

fn node(name: &str, child: Option<Rc<Node>>) -> Rc<Node> {
    Rc::new(Node {
        name: name.to_owned(),
        child,
        back: RefCell::default(),
    })
}

#[test]
fn the_outermost_object_is_new_and_only_that() {
    let child = node("child", None);
    let parent = node("parent", Some(Rc::clone(&child)));
    let copied = copy(&parent).unwrap();
    assert!(!Rc::ptr_eq(&copied, &parent));
    assert_eq!(copied.name, "parent");
    assert!(Rc::ptr_eq(copied.child.as_ref().unwrap(), &child));

    // What is no object of its own in a pickle does not count.
    let copied = copy(&Some(RefCell::new(Box::new(Rc::clone(&parent))))).unwrap();
    let copied = copied.unwrap().into_inner();
    assert!(!Rc::ptr_eq(&copied, &parent));
    assert!(Rc::ptr_eq(copied.child.as_ref().unwrap(), &child));
    let copied = copy(&Rc::new(Rc::clone(&parent))).unwrap();
    assert!(!Rc::ptr_eq(&*copied, &parent));

    // A tuple and a list do.
    let copied = copy(&(Rc::clone(&parent),)).unwrap();
    assert!(Rc::ptr_eq(&copied.0, &parent));
    let copied = copy(&[Rc::clone(&parent), Rc::clone(&parent)]).unwrap();
    assert!(Rc::ptr_eq(&copied[0], &parent) && Rc::ptr_eq(&copied[1], &parent));
}

// Cycles.

/// As in Python, where the copy of an instance that holds itself holds the original.
#[test]
fn copies_of_what_holds_itself() {
    let original = node("me", None);
    *original.back.borrow_mut() = Some(Rc::clone(&original));

    let copied = copy(&original).unwrap();
    assert!(!Rc::ptr_eq(&copied, &original));
    assert!(Rc::ptr_eq(
        copied.back.borrow().as_ref().unwrap(),
        &original
    ));

    let copied = deepcopy(&original).unwrap();
    assert!(!Rc::ptr_eq(&copied, &original));
    assert!(Rc::ptr_eq(copied.back.borrow().as_ref().unwrap(), &copied));

    copied.back.take();
    original.back.take();
}

#[derive(Reduce)]
#[reduce(as = "dict")]
struct Mapping {
    #[reduce(late)]
    foo: OnceCell<Rc<Mapping>>,
}

#[derive(Reduce)]
struct InCell {
    #[reduce(late)]
    others: Vec<Rc<RefCell<InCell>>>,
}

#[derive(Reduce)]
struct InLock {
    count: i32,
    #[reduce(late)]
    me: Option<Arc<Mutex<InLock>>>,
}

#[test]
fn cycles_are_kept_whatever_cell_closes_them() {
    let mapping = Rc::new(Mapping {
        foo: OnceCell::new(),
    });
    assert!(mapping.foo.set(Rc::clone(&mapping)).is_ok());
    let copied = deepcopy(&mapping).unwrap();
    assert!(!Rc::ptr_eq(&copied, &mapping));
    assert!(Rc::ptr_eq(copied.foo.get().unwrap(), &copied));

    let cell = Rc::new(RefCell::new(InCell { others: Vec::new() }));
    cell.borrow_mut().others = vec![Rc::clone(&cell), Rc::clone(&cell)];
    let copied = deepcopy(&cell).unwrap();
    let others = std::mem::take(&mut copied.borrow_mut().others);
    assert!(others.iter().all(|other| Rc::ptr_eq(other, &copied)));
    assert!(!Rc::ptr_eq(&copied, &cell));
    cell.borrow_mut().others.clear();

    let lock = Arc::new(Mutex::new(InLock { count: 7, me: None }));
    lock.lock().unwrap().me = Some(Arc::clone(&lock));
    let copied = deepcopy(&lock).unwrap();
    let me = copied.lock().unwrap().me.take().unwrap();
    assert!(Arc::ptr_eq(&me, &copied));
    assert_eq!(me.lock().unwrap().count, 7);
    lock.lock().unwrap().me = None;
}

#[derive(Reduce, Debug)]
struct Early {
    next: RefCell<Option<Rc<Early>>>,
}

/// Python's tuples and constructor arguments: they cannot be there before themselves. `copy`
/// does not go so far.
#[test]
fn cycles_elsewhere_are_errors_of_deepcopy() {
    let early = Rc::new(Early {
        next: RefCell::default(),
    });
    *early.next.borrow_mut() = Some(Rc::clone(&early));
    let error = deepcopy(&early).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Cycle), "{error}");
    assert_eq!(error.path().to_string(), "$.next");
    let copied = copy(&early).unwrap();
    assert!(Rc::ptr_eq(copied.next.borrow().as_ref().unwrap(), &early));
    early.next.take();
}

// Weak pointers.

#[derive(Reduce, Debug)]
struct Employee {
    name: String,
    reports: RefCell<Vec<Rc<Employee>>>,
    #[reduce(late)]
    boss: RefCell<Weak<Employee>>,
}

fn employee(name: &str, reports: Vec<Rc<Employee>>) -> Rc<Employee> {
    let employee = Rc::new(Employee {
        name: name.to_owned(),
        reports: RefCell::new(reports),
        boss: RefCell::default(),
    });
    for report in &*employee.reports.borrow() {
        *report.boss.borrow_mut() = Rc::downgrade(&employee);
    }
    employee
}

fn boss(employee: &Employee) -> Rc<Employee> {
    employee.boss.borrow().upgrade().unwrap()
}

#[test]
fn weak_pointers_of_a_copy_point_where_the_originals_do() {
    let ada = employee("Ada", vec![employee("Bob", vec![])]);
    let bob = Rc::clone(&ada.reports.borrow()[0]);
    assert!(Rc::ptr_eq(&boss(&copy(&bob).unwrap()), &ada));
    let copied = copy(&ada).unwrap();
    assert!(Rc::ptr_eq(&copied.reports.borrow()[0], &bob));
}

#[test]
fn weak_pointers_of_a_deep_copy_point_into_it_if_their_targets_are_copied() {
    let ada = employee("Ada", vec![employee("Bob", vec![employee("Eve", vec![])])]);
    let bob = Rc::clone(&ada.reports.borrow()[0]);

    let copied = deepcopy(&ada).unwrap();
    let copied_bob = Rc::clone(&copied.reports.borrow()[0]);
    assert!(!Rc::ptr_eq(&copied, &ada) && !Rc::ptr_eq(&copied_bob, &bob));
    assert!(Rc::ptr_eq(&boss(&copied_bob), &copied));
    assert!(Rc::ptr_eq(
        &boss(&copied_bob.reports.borrow()[0]),
        &copied_bob
    ));

    // The boss is not a part of Bob, but those below him are.
    let copied = deepcopy(&bob).unwrap();
    assert!(Rc::ptr_eq(&boss(&copied), &ada));
    assert!(Rc::ptr_eq(&boss(&copied.reports.borrow()[0]), &copied));
    assert_eq!(Rc::strong_count(&ada), 1);
}

/// In any order: the target may come after the pointer to it.
#[test]
fn weak_pointers_may_come_before_their_targets() {
    let name = Rc::new("spam".to_owned());
    let text: Arc<str> = "text".into();
    let value = (
        Rc::downgrade(&name),
        Rc::clone(&name),
        (Arc::downgrade(&text), text),
    );
    let (weak, strong, (weak_text, text)) = deepcopy(&value).unwrap();
    assert!(!Rc::ptr_eq(&strong, &name));
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &strong));
    assert!(Arc::ptr_eq(&weak_text.upgrade().unwrap(), &text));
}

/// As `copy.copy` and `copy.deepcopy` of a `weakref.ref`.
#[test]
fn a_weak_pointer_by_itself_keeps_its_target() {
    let name = Rc::new(RefCell::new(1));
    for weak in copies(&Rc::downgrade(&name)) {
        assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &name));
    }
    let weak = Rc::downgrade(&name);
    drop(name);
    for weak in copies(&weak) {
        assert!(weak.upgrade().is_none());
    }
    for weak in copies(&sync::Weak::<i32>::new()) {
        assert!(weak.upgrade().is_none());
    }
}

/// Python's `WeakValueDictionary`.
#[test]
fn maps_of_weak_values_keep_their_targets() {
    let (b, d) = (Rc::new(1), Rc::new(2));
    let entry = |key: &str, value| (Rc::new(key.to_owned()), Rc::downgrade(value));
    let map = BTreeMap::from([entry("a", &b), entry("c", &d)]);
    let [shallow, deep] = copies(&map);
    let key = |map: &BTreeMap<_, _>| Rc::clone(map.first_key_value().unwrap().0);
    assert!(Rc::ptr_eq(&key(&shallow), &key(&map)));
    assert!(!Rc::ptr_eq(&key(&deep), &key(&map)));
    for copied in [&shallow, &deep] {
        let values: Vec<_> = copied.values().filter_map(Weak::upgrade).collect();
        assert!(Rc::ptr_eq(&values[0], &b) && Rc::ptr_eq(&values[1], &d));
    }
    drop(d);
    for copied in [shallow, deep] {
        assert_eq!(copied.values().filter_map(Weak::upgrade).count(), 1);
    }
}

/// Python's `WeakKeyDictionary`. A `Weak` cannot be hashed, and is the key of no map in Rust.
#[test]
fn weak_keys_keep_their_targets_and_their_values_are_copied() {
    let (a, c) = (Rc::new("a".to_owned()), Rc::new("c".to_owned()));
    let pairs = vec![
        (Rc::downgrade(&a), Rc::new(1)),
        (Rc::downgrade(&c), Rc::new(2)),
    ];
    let [shallow, deep] = copies(&pairs);
    for copied in [&shallow, &deep] {
        assert!(Rc::ptr_eq(&copied[0].0.upgrade().unwrap(), &a));
        assert!(Rc::ptr_eq(&copied[1].0.upgrade().unwrap(), &c));
    }
    assert!(Rc::ptr_eq(&shallow[0].1, &pairs[0].1));
    assert!(!Rc::ptr_eq(&deep[0].1, &pairs[0].1));
    assert_eq!(deep[0].1, pairs[0].1);
    drop(c);
    assert!(shallow[1].0.upgrade().is_none() && deep[1].0.upgrade().is_none());
}

// Trait objects.

#[object]
trait Shape: Reduce {
    fn area(&self) -> f64;
    fn grow(&mut self) {}
}

#[derive(Reduce, Debug)]
struct Circle {
    radius: f64,
}

#[object]
impl Shape for Circle {
    fn area(&self) -> f64 {
        3.0 * self.radius * self.radius
    }

    fn grow(&mut self) {
        self.radius += 1.0;
    }
}

#[derive(Reduce)]
struct Group {
    members: Vec<Rc<dyn Shape>>,
}

#[object]
impl Shape for Group {
    fn area(&self) -> f64 {
        self.members.iter().map(|member| member.area()).sum()
    }
}

#[test]
fn trait_objects_are_copied_behind_every_pointer() {
    let circle = || Circle { radius: 1.0 };
    let boxed: Box<dyn Shape> = Box::new(circle());
    for mut copied in copies(&boxed) {
        copied.grow();
        assert_eq!((copied.area(), boxed.area()), (12.0, 3.0));
    }
    let rc: Rc<dyn Shape> = Rc::new(circle());
    for copied in copies(&rc) {
        assert!(!Rc::ptr_eq(&copied, &rc));
        assert_eq!(copied.area(), 3.0);
    }
    let cell: Rc<RefCell<dyn Shape>> = Rc::new(RefCell::new(circle()));
    for copied in copies(&cell) {
        copied.borrow_mut().grow();
        assert_eq!((copied.borrow().area(), cell.borrow().area()), (12.0, 3.0));
    }
    let lock: Arc<Mutex<dyn Shape>> = Arc::new(Mutex::new(circle()));
    for copied in copies(&lock) {
        assert_eq!(copied.lock().unwrap().area(), 3.0);
    }
}

#[test]
fn trait_objects_are_shared_as_others_are() {
    let circle = Rc::new(Circle { radius: 1.0 });
    let group = Group {
        members: vec![circle.clone(), circle.clone()],
    };
    let shared: Rc<dyn Shape> = Rc::new(group);
    let value = (
        Rc::clone(&circle),
        Rc::clone(&shared),
        Rc::downgrade(&shared),
    );

    // One object, as which type ever it is asked for.
    let (copied, group, weak) = deepcopy(&value).unwrap();
    assert_eq!(Rc::strong_count(&copied), 3);
    assert!(Rc::ptr_eq(&group, &weak.upgrade().unwrap()));
    assert!(!Rc::ptr_eq(&copied, &circle));

    let (copied, group, weak) = copy(&value).unwrap();
    assert!(Rc::ptr_eq(&copied, &circle));
    assert!(Rc::ptr_eq(&group, &shared));
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &shared));

    let cells: Vec<Rc<RefCell<dyn Shape>>> = vec![Rc::new(RefCell::new(Circle { radius: 1.0 }))];
    assert!(Rc::ptr_eq(&copy(&cells).unwrap()[0], &cells[0]));
    let locks: Vec<Arc<RwLock<dyn Shape>>> = vec![Arc::new(RwLock::new(Circle { radius: 1.0 }))];
    assert!(Arc::ptr_eq(&copy(&locks).unwrap()[0], &locks[0]));
}

// Size.

#[derive(Reduce)]
struct Nested(Option<Box<Nested>>);

impl Drop for Nested {
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut nested) = next {
            next = nested.0.take();
        }
    }
}

#[test]
fn nesting_has_no_limit() {
    const LEVELS: usize = 20_000;
    let mut nested = Nested(None);
    for _ in 0..LEVELS {
        nested = Nested(Some(Box::new(nested)));
    }
    for copied in copies(&nested) {
        let mut levels = 0;
        let mut next = &copied;
        while let Some(below) = &next.0 {
            levels += 1;
            next = below;
        }
        assert_eq!(levels, LEVELS);
    }
}

#[derive(Reduce)]
struct Link {
    #[reduce(late)]
    next: RefCell<Option<Rc<Link>>>,
    #[reduce(late)]
    previous: RefCell<Weak<Link>>,
}

#[test]
fn chains_of_pointers_have_no_limit() {
    const LENGTH: usize = 20_000;
    let mut links: Vec<_> = (0..LENGTH)
        .map(|_| {
            let (next, previous) = Default::default();
            Rc::new(Link { next, previous })
        })
        .collect();
    for pair in links.windows(2) {
        *pair[0].next.borrow_mut() = Some(Rc::clone(&pair[1]));
        *pair[1].previous.borrow_mut() = Rc::downgrade(&pair[0]);
    }
    let mut copied = deepcopy(&links[0]).unwrap();
    let mut length = 1;
    while let Some(next) = { copied.next.take() } {
        assert!(Rc::ptr_eq(
            &next.previous.borrow().upgrade().unwrap(),
            &copied
        ));
        copied = next;
        length += 1;
    }
    assert_eq!(length, LENGTH);
    while let Some(link) = links.pop() {
        link.next.take();
    }
}

/// Ids of the user's own are no business of a copy's.
#[test]
fn persistent_ids_in_a_value_stay_what_they_are() {
    let graph = pickle_core::Unpickler::new()
        .persistent_ids(true)
        .graph(b"\x80\x04K\x00Q.")
        .unwrap();
    let id: Value = graph.construct().unwrap();
    let value = (id, Rc::new(1));
    let [shallow, deep] = copies(&value);
    assert_eq!(shallow.0, value.0);
    assert_eq!(deep.0, value.0);
    assert!(Rc::ptr_eq(&shallow.1, &value.1));
    assert_ne!(dumps(&shallow.0).unwrap(), dumps(&1).unwrap());
}
