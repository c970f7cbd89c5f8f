//! Copies by way of reducers and constructors: those written by hand, and what goes wrong in them.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::Duration;

use pickle_core::copy::{Memo, copy, deepcopy, deepcopy_with};
use pickle_core::copyreg::{self, Registered};
use pickle_core::{
    Construct, ConstructOwned, Decoder, Error, ErrorKind, Function, Graph, Pickler, QualName,
    Reduce, Reduction, Result, TypeOf, Value,
};

/// Both kinds of copy.
fn copies<T: Reduce + ConstructOwned>(value: &T) -> [T; 2] {
    [copy(value).unwrap(), deepcopy(value).unwrap()]
}

fn check<T: Reduce + ConstructOwned + PartialEq + Debug>(value: &T) {
    for copy in copies(value) {
        assert_eq!(copy, *value);
    }
}

#[test]
fn what_is_in_use_or_poisoned_is_an_error_unless_it_is_shared() {
    #[derive(Reduce)]
    struct Holder {
        cell: Rc<RefCell<i32>>,
    }
    let holder = Holder {
        cell: Rc::new(RefCell::new(1)),
    };
    let guard = holder.cell.borrow_mut();
    let error = deepcopy(&holder).err().unwrap();
    assert_eq!(error.kind(), &ErrorKind::Locked("RefCell"));
    assert_eq!(error.path().to_string(), "$.cell");
    assert_eq!(error.offset(), None);
    assert!(Rc::ptr_eq(&copy(&holder).unwrap().cell, &holder.cell));
    assert_eq!(
        copy(&holder.cell).unwrap_err().kind(),
        &ErrorKind::Locked("RefCell")
    );
    drop(guard);

    let lock = Arc::new(Mutex::new(1));
    let other = Arc::clone(&lock);
    let holder = thread::spawn(move || {
        let _guard = other.lock();
        panic!("the lock is to be poisoned");
    });
    assert!(holder.join().is_err());
    assert_eq!(
        deepcopy(&lock).unwrap_err().kind(),
        &ErrorKind::Poisoned("Mutex")
    );
    assert!(Arc::ptr_eq(&copy(&(Arc::clone(&lock),)).unwrap().0, &lock));
}

/// One that counts how often it is asked, and may refuse.
struct Counted {
    reduced: Rc<Cell<u32>>,
    refuse: bool,
}

impl Reduce for Counted {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        self.reduced.set(self.reduced.get() + 1);
        if self.refuse {
            return Err(Error::from_source("ain't got no stickin' state"));
        }
        p.bool(true)
    }
}

impl<'g> Construct<'g> for Counted {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let refuse = d.bool()?;
        Ok(Self {
            reduced: Rc::default(),
            refuse,
        })
    }
}
pickle_core::pointee!(Counted);

#[test]
fn a_reducer_runs_once_for_each_copy() {
    let counted = Counted {
        reduced: Rc::default(),
        refuse: false,
    };
    assert!(copies(&counted).iter().all(|copied| copied.refuse));
    assert_eq!(counted.reduced.take(), 2);

    let shared = Rc::new(counted);
    let value = vec![Rc::clone(&shared), Rc::clone(&shared)];
    let mut memo = Memo::new();
    for _ in 0..2 {
        deepcopy_with(&value, &mut memo).unwrap();
        assert_eq!(shared.reduced.get(), 1);
    }
    copy(&value).unwrap();
    assert_eq!(shared.reduced.get(), 1);
}

#[test]
fn a_reducers_own_error_reaches_the_caller() {
    let counted = Counted {
        reduced: Rc::default(),
        refuse: true,
    };
    let value = BTreeMap::from([("key".to_owned(), vec![(counted, 1)])]);
    for error in [copy(&value).err().unwrap(), deepcopy(&value).err().unwrap()] {
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "ain't got no stickin' state");
        assert_eq!(error.path().to_string(), "$['key'][0][0]");
        assert_eq!(error.offset(), None);
    }
}

#[derive(Reduce, Debug)]
#[reduce(try_from = (i32, i32), into = (i32, i32))]
#[derive(Clone)]
struct Range {
    start: i32,
    end: i32,
}

impl From<Range> for (i32, i32) {
    fn from(range: Range) -> Self {
        (range.start, range.end)
    }
}

impl TryFrom<(i32, i32)> for Range {
    type Error = String;

    fn try_from((start, end): (i32, i32)) -> Result<Self, String> {
        if start <= end {
            Ok(Self { start, end })
        } else {
            Err(format!("{start}..{end} ends before it starts"))
        }
    }
}

#[derive(Reduce, Debug)]
struct Ranges {
    first: Range,
    #[reduce(late)]
    others: RefCell<Vec<Rc<Range>>>,
}

#[test]
fn a_constructors_own_error_reaches_the_caller() {
    let (good, bad) = (Range { start: 1, end: 2 }, Range { start: 2, end: 1 });
    let ranges = |first, other| Ranges {
        first,
        others: RefCell::new(vec![Rc::new(other)]),
    };
    for (value, path) in [
        (ranges(bad.clone(), good.clone()), "$.first"),
        (ranges(good, bad), "$.others[0]"),
    ] {
        let error = deepcopy(&Rc::new(value)).unwrap_err();
        assert!(
            error.to_string().contains("2..1 ends before it starts") || {
                let source = std::error::Error::source(&error).unwrap();
                source.to_string().contains("2..1 ends before it starts")
            }
        );
        assert_eq!(error.path().to_string(), path);
        assert_eq!(error.offset(), None);
    }
}

/// Writes what it shares, and reads what it owns.
struct Owning {
    text: Rc<str>,
    list: Value,
}

impl Reduce for Owning {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.save(&(&self.text, vec![Rc::new(1), Rc::new(2)]))
    }
}

impl<'g> Construct<'g> for Owning {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let (text, list): (String, Value) = Construct::construct(d)?;
        let text = text.into();
        Ok(Self { text, list })
    }
}
pickle_core::pointee!(Owning);

/// It is new, and what is read as a pointer is shared nevertheless.
#[test]
fn what_is_written_from_a_pointer_may_be_read_as_something_else() {
    let text: Rc<str> = "text".into();
    let list = Value::from(vec![Value::from(1), Value::from(2)]);
    let owning = Rc::new(Owning {
        text: Rc::clone(&text),
        list: list.clone(),
    });
    let value: Vec<_> = (0..100)
        .map(|_| (Rc::clone(&text), Rc::clone(&owning)))
        .collect();

    let copied = copy(&owning).unwrap();
    assert_eq!((&*copied.text, &copied.list), ("text", &list));
    assert!(!Rc::ptr_eq(&copied.text, &text));
    let mixed = copy(&(
        Rc::clone(&text),
        Box::new(Owning {
            text: Rc::clone(&text),
            list,
        }),
    ))
    .unwrap();
    assert!(Rc::ptr_eq(&mixed.0, &text));
    assert_eq!(&*mixed.1.text, "text");

    let mut memo = Memo::new();
    let strong = deepcopy_with(&text, &mut memo).unwrap();
    let copied = deepcopy_with(&value, &mut memo).unwrap();
    assert!(Rc::ptr_eq(&copied[99].0, &strong));
    assert!(Rc::ptr_eq(&copied[99].1, &copied[0].1));
    assert_eq!(&*copied[99].1.text, "text");
}

fn register_duration() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let name = QualName::new("copying.by_hand", "milliseconds");
        copyreg::constructor(name, Duration::from_millis).unwrap();
        copyreg::pickle(reduce_duration);
    });
}

fn reduce_duration(duration: &Duration) -> Reduction<'_> {
    Reduction::new(Duration::from_millis, (duration.subsec_millis(),))
}

#[test]
fn types_of_other_crates_are_copied_by_registered_reducers() {
    register_duration();
    let value = vec![Rc::new(Registered(Duration::from_millis(42)))];
    let [shallow, deep] = copies(&value);
    assert!(Rc::ptr_eq(&shallow[0], &value[0]));
    assert!(!Rc::ptr_eq(&deep[0], &value[0]));
    assert_eq!(deep[0].0, value[0].0);
    let [shallow, deep] = copies(&Registered(Duration::from_millis(42)));
    assert_eq!((shallow.0, deep.0), (value[0].0, value[0].0));
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(with = reduce_tag)]
struct Tag {
    names: Rc<Vec<i32>>,
}

#[pickle_core::constructors]
impl Tag {
    #[constructor(module = "copying.by_hand")]
    fn new(names: Rc<Vec<i32>>) -> Self {
        Self { names }
    }
}

fn reduce_tag(tag: &Tag) -> Reduction<'_> {
    Reduction::new(Tag::new, (&tag.names,))
}

/// Reads as its own what it has in an `Rc`.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(with = reduce_title)]
struct Title(Rc<str>);

#[pickle_core::constructors]
impl Title {
    #[constructor(module = "copying.by_hand")]
    fn new(text: String) -> Self {
        Self(text.into())
    }
}

fn reduce_title(title: &Title) -> Reduction<'_> {
    Reduction::new(Title::new, (&title.0,))
}

#[test]
fn arguments_of_constructors_are_shared_or_copied_as_others_are() {
    let tag = Rc::new(Tag {
        names: Rc::new(vec![42]),
    });
    let [shallow, deep] = copies(&tag);
    assert!(Rc::ptr_eq(&shallow.names, &tag.names));
    assert!(!Rc::ptr_eq(&shallow, &tag));
    assert_eq!(deep, tag);
    assert!(!Rc::ptr_eq(&deep.names, &tag.names));
    check(&vec![Title("one".into()), Title("two".into())]);
}

/// Takes whatever there is.
struct Anything {
    written: (Rc<i32>, Weak<i32>),
    read: Option<Graph<'static>>,
}

impl Reduce for Anything {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.save(&self.written)
    }
}

impl<'g> Construct<'g> for Anything {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let read = Some(d.graph().into_owned());
        let written = (Rc::new(0), Weak::new());
        Ok(Self { written, read })
    }
}
pickle_core::pointee!(Anything);

#[test]
fn a_graph_of_what_is_copied_is_whole() {
    let (one, two) = (Rc::new(1), Rc::new(2));
    let written = (one, Rc::downgrade(&two));
    let values = vec![Anything {
        written,
        read: None,
    }];
    for copied in copies(&values) {
        let graph = copied[0].read.as_ref().unwrap();
        assert_eq!(graph.construct::<(i32, i32)>().unwrap(), (1, 2));
    }
}

#[derive(Reduce)]
#[reduce(with = reduce_global)]
struct Global {
    _place: i32,
}

fn reduce_global(_: &Global) -> Reduction<'_> {
    Reduction::global(QualName::new("copying.by_hand", "GLOBAL"))
}

/// Python: `copy.copy(x) is x` and `copy.deepcopy(x) is x`.
#[test]
fn an_object_that_is_reduced_to_a_name_is_its_own_copy() {
    let global = Rc::new(Global { _place: 1 });
    for copied in copies(&global) {
        assert!(Rc::ptr_eq(&copied, &global));
    }
    let (weak, other) = (Rc::downgrade(&global), Rc::new(Global { _place: 2 }));
    let value = (
        weak,
        Rc::clone(&global),
        vec![Arc::new(1)],
        other,
        Rc::clone(&global),
    );
    let mut memo = Memo::new();
    let copied = deepcopy_with(&value, &mut memo).unwrap();
    assert!(Rc::ptr_eq(&copied.0.upgrade().unwrap(), &global));
    assert!(Rc::ptr_eq(&copied.1, &global));
    assert!(!Arc::ptr_eq(&copied.2[0], &value.2[0]));
    assert!(Rc::ptr_eq(&copied.3, &value.3));
    assert!(Rc::ptr_eq(&copied.4, &global));
    assert_eq!(format!("{memo:?}"), "Memo { objects: 1, .. }");
    // What has no identity has to be made.
    assert!(deepcopy(&Global { _place: 1 }).is_err());
}

#[derive(Reduce, Debug, Default, PartialEq)]
#[reduce(with = reduce_sequence, append = Sequence::push, setstate = Sequence::set_state)]
struct Sequence {
    items: Vec<Rc<Vec<i32>>>,
    note: Option<Rc<i32>>,
}

impl Sequence {
    fn push(&mut self, item: Rc<Vec<i32>>) {
        self.items.push(item);
    }

    fn set_state(&mut self, note: Option<Rc<i32>>) {
        self.note = note;
    }
}

#[pickle_core::constructor(module = "copying.by_hand")]
fn sequence() -> Sequence {
    Sequence::default()
}

fn reduce_sequence(value: &Sequence) -> Reduction<'_> {
    Reduction::new(sequence, ())
        .state(&value.note)
        .list_items(&value.items)
}

/// Python's subclasses of list, and reducers that return four elements.
#[test]
fn list_items_are_shared_or_copied() {
    let items = vec![Rc::new(vec![1, 2]), Rc::new(vec![3])];
    let sequence = Sequence {
        items,
        note: Some(Rc::new(4)),
    };
    check(&sequence);
    let [shallow, deep] = copies(&sequence);
    assert!(Rc::ptr_eq(&shallow.items[0], &sequence.items[0]));
    assert!(!Rc::ptr_eq(&deep.items[0], &sequence.items[0]));
    let note = sequence.note.as_ref().unwrap();
    assert!(Rc::ptr_eq(shallow.note.as_ref().unwrap(), note));
    assert!(!Rc::ptr_eq(deep.note.as_ref().unwrap(), note));
}

/// Keeps the order in which its keys were set.
#[derive(Reduce, Debug, Default, PartialEq)]
#[reduce(with = reduce_table, setitem = Table::set)]
struct Table {
    keys: Vec<String>,
    map: BTreeMap<String, Rc<Vec<i32>>>,
}

impl Table {
    fn set(&mut self, key: String, value: Rc<Vec<i32>>) {
        if self.map.insert(key.clone(), value).is_none() {
            self.keys.push(key);
        }
    }
}

#[pickle_core::constructor(module = "copying.by_hand")]
fn table() -> Table {
    Table::default()
}

fn reduce_table(table: &Table) -> Reduction<'_> {
    let entries = table.keys.iter().map(|key| (key, &table.map[key]));
    Reduction::new(self::table, ()).dict_items(entries)
}

/// Python's subclasses of dict, and reducers that return five elements.
#[test]
fn dict_items_are_shared_or_copied() {
    let mut table = Table::default();
    table.set("note".to_owned(), Rc::new(vec![1, 2]));
    table.set("bar".to_owned(), Rc::new(vec![3]));
    check(&table);
    let [shallow, deep] = copies(&table);
    assert!(Rc::ptr_eq(&shallow.map["note"], &table.map["note"]));
    assert!(!Rc::ptr_eq(&deep.map["note"], &table.map["note"]));
    table.set("baz".to_owned(), Rc::default());
    assert_ne!((&shallow, &deep), (&table, &table));
}

#[derive(Reduce, Debug, Default, PartialEq)]
#[reduce(with = reduce_stateful, setstate = Stateful::set_state)]
struct Stateful {
    note: Rc<Vec<i32>>,
}

impl Stateful {
    #[expect(clippy::needless_pass_by_value, reason = "a state is handed over")]
    fn set_state(&mut self, state: HashMap<String, Rc<Vec<i32>>>) -> Result<(), String> {
        let note = state.get("note").ok_or("it has no note")?;
        self.note = Rc::clone(note);
        Ok(())
    }
}

#[pickle_core::constructor(module = "copying.by_hand")]
fn stateful() -> Stateful {
    Stateful::default()
}

fn reduce_stateful(value: &Stateful) -> Reduction<'_> {
    Reduction::new(stateful, ()).state(HashMap::from([("note", &value.note)]))
}

#[derive(Reduce, Debug, Default, PartialEq)]
#[reduce(with = reduce_stateless)]
struct Stateless {
    note: i32,
}

#[pickle_core::constructor(module = "copying.by_hand")]
fn stateless() -> Stateless {
    Stateless::default()
}

fn reduce_stateless(_: &Stateless) -> Reduction<'_> {
    Reduction::new(stateless, ())
}

#[derive(Reduce, Debug, Default, PartialEq)]
#[reduce(getstate = Bare::state, setstate = Bare::set_state)]
struct Bare {
    note: Rc<Vec<i32>>,
}

impl Bare {
    fn state(&self) -> Result<&Rc<Vec<i32>>, &'static str> {
        if self.note.len() > 1 {
            return Err("ain't got no stickin' state");
        }
        Ok(&self.note)
    }

    fn set_state(&mut self, note: Rc<Vec<i32>>) {
        self.note = note;
    }
}

#[test]
fn states_by_hand_are_shared_or_copied() {
    // An empty list is a state that is false in Python.
    for note in [Rc::new(vec![42]), Rc::default()] {
        let stateful = Stateful {
            note: Rc::clone(&note),
        };
        check(&stateful);
        let [shallow, deep] = copies(&stateful);
        assert!(Rc::ptr_eq(&shallow.note, &note) && !Rc::ptr_eq(&deep.note, &note));
        let bare = Bare {
            note: Rc::clone(&note),
        };
        check(&bare);
        let [shallow, deep] = copies(&bare);
        assert!(Rc::ptr_eq(&shallow.note, &note) && !Rc::ptr_eq(&deep.note, &note));
    }
    assert_eq!(
        copies(&Stateless { note: 42 }),
        [Stateless { note: 0 }, Stateless { note: 0 }]
    );
}

#[test]
fn a_states_own_error_reaches_the_caller() {
    let evil = Bare {
        note: Rc::new(vec![1, 2]),
    };
    for error in [copy(&evil).unwrap_err(), deepcopy(&evil).unwrap_err()] {
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "ain't got no stickin' state");
    }
}

#[derive(Reduce, Debug, Default, PartialEq)]
#[reduce(with = reduce_six)]
struct Six {
    note: Rc<Vec<i32>>,
}

#[pickle_core::constructor(module = "copying.by_hand")]
fn six() -> Six {
    Six::default()
}

#[pickle_core::state_setter(module = "copying.by_hand")]
fn set_six(six: &mut Six, note: Rc<Vec<i32>>) {
    six.note = note;
}

fn reduce_six(six: &Six) -> Reduction<'_> {
    Reduction::new(self::six, ())
        .state(&six.note)
        .state_setter(set_six)
}

/// Python's `copy` does not know the sixth element, which `pickle` does.
#[test]
fn state_setters_are_called() {
    let six = Six {
        note: Rc::new(vec![42]),
    };
    check(&six);
    let [shallow, deep] = copies(&six);
    assert!(Rc::ptr_eq(&shallow.note, &six.note) && !Rc::ptr_eq(&deep.note, &six.note));
}

#[pickle_core::function(module = "copying.by_hand")]
fn double(x: i32) -> i32 {
    2 * x
}

#[test]
fn functions_and_classes_are_copied_by_name() {
    let function = Function::<fn(i32) -> i32>::new(double).unwrap();
    for copied in copies(&vec![function]) {
        assert_eq!(copied[0](21), 42);
    }
    check(&TypeOf::<Tag>::new());
    check(&Rc::new(QualName::new("collections", "deque")));
}
