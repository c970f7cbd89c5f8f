//! Reducers that come before a type's own: dispatch tables and `reducer_override`.
//!
//! The global table is the whole process's: each test has types of its own.

use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error as _;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use pickle_core::copyreg::{self, Registered, registered};
use pickle_core::{
    DispatchTable, PersistentIds, Pickler, QualName, Reduce, Reduction, Result, Unpickler, Value,
    dumps, loads, object,
};

type Outcome = std::result::Result<(), Box<dyn std::error::Error>>;

/// A call of `str`, as CPython's own tests have it.
fn text(text: impl Into<String>) -> Reduction<'static> {
    Reduction::call(QualName::new("builtins", "str"), (text.into(),))
}

/// Lets a closure be a reducer: where it is written, the compiler has to see that it is for all
/// lifetimes.
fn reducer<T, F: for<'v> Fn(&'v T) -> Reduction<'v>>(reducer: F) -> F {
    reducer
}

/// The same for an override.
fn overriding<F>(reducer: F) -> F
where
    F: for<'v> FnMut(&'v dyn Any) -> Result<Option<Reduction<'v>>>,
{
    reducer
}

/// What a pickle holds, as `Value` prints it.
fn shown(bytes: &[u8]) -> Result<String> {
    let value: Value = Unpickler::new().persistent_ids(true).loads(bytes)?;
    Ok(format!("{value:?}"))
}

fn with_table(value: &(impl Reduce + ?Sized), table: &DispatchTable) -> Result<String> {
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .dispatch_table(table.clone())
        .dump(value)?;
    shown(&bytes)
}

/// A type of which nobody knows anything but its own `Reduce`, and its reducers.
macro_rules! types {
    ($($name:ident)+) => {
        $(
            #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Reduce)]
            #[reduce(module = "app")]
            struct $name(u8);

            impl $name {
                #[allow(dead_code, reason = "not every type is reduced by it")]
                fn reduce_1(&self) -> Reduction<'_> {
                    text(format!("{} {}", stringify!($name), self.0))
                }
            }
        )+
    };
}

// Which table counts.

types!(Default1 Default2);

#[test]
fn without_a_table_of_its_own_a_pickler_asks_the_global_one() -> Outcome {
    let both = (Default1(1), Default2(2));
    assert_eq!(
        shown(&dumps(&both)?)?,
        "(<app.Default1(1)>, <app.Default2(2)>)"
    );
    copyreg::pickle(Default1::reduce_1);
    let reduced = "(<builtins.str('Default1 1')>, <app.Default2(2)>)";
    assert_eq!(shown(&dumps(&both)?)?, reduced);
    let mut bytes = Vec::new();
    for protocol in 0..=5 {
        bytes.clear();
        Pickler::new(&mut bytes).protocol(protocol).dump(&both)?;
        assert_eq!(shown(&bytes)?, reduced);
    }
    assert!(copyreg::remove::<Default1>());
    Ok(())
}

types!(Own1 Own2);

#[test]
fn a_table_of_its_own_replaces_the_global_one() -> Outcome {
    copyreg::pickle(Own1::reduce_1);
    let both = (Own1(1), Own2(2));

    let mut table = DispatchTable::new();
    assert!(table.is_empty());
    assert_eq!(with_table(&both, &table)?, "(<app.Own1(1)>, <app.Own2(2)>)");
    table.pickle(Own2::reduce_1);
    assert_eq!(
        with_table(&both, &table)?,
        "(<app.Own1(1)>, <builtins.str('Own2 2')>)"
    );
    // Others go on asking the global one.
    assert_eq!(
        shown(&dumps(&both)?)?,
        "(<builtins.str('Own1 1')>, <app.Own2(2)>)"
    );
    // A copy of the global one can be added to.
    let mut table = copyreg::dispatch_table();
    table.pickle(Own2::reduce_1);
    assert_eq!(
        with_table(&both, &table)?,
        "(<builtins.str('Own1 1')>, <builtins.str('Own2 2')>)"
    );
    assert!(!copyreg::dispatch_table().contains::<Own2>());
    copyreg::remove::<Own1>();
    Ok(())
}

types!(Removed);

#[test]
fn a_reducer_can_be_replaced_and_removed_again() -> Outcome {
    let value = Removed(1);
    let own = "<app.Removed(1)>";

    let mut table = DispatchTable::new();
    table.pickle(Removed::reduce_1);
    assert_eq!(with_table(&value, &table)?, "<builtins.str('Removed 1')>");
    table.pickle(reducer(|_: &Removed| text("reduce_2")));
    assert_eq!(with_table(&value, &table)?, "<builtins.str('reduce_2')>");
    assert!(table.contains::<Removed>() && table.remove::<Removed>());
    assert!(!table.contains::<Removed>() && !table.remove::<Removed>());
    assert_eq!(with_table(&value, &table)?, own);

    copyreg::pickle(Removed::reduce_1);
    copyreg::pickle(reducer(|_: &Removed| text("reduce_2")));
    assert_eq!(shown(&dumps(&value)?)?, "<builtins.str('reduce_2')>");
    assert!(copyreg::remove::<Removed>());
    assert!(!copyreg::remove::<Removed>());
    assert_eq!(shown(&dumps(&value)?)?, own);
    Ok(())
}

types!(During);

#[test]
fn what_is_registered_during_a_dump_counts_from_the_next_one() -> Outcome {
    struct Registers;
    impl Reduce for Registers {
        fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
            copyreg::pickle(During::reduce_1);
            p.none()
        }
    }
    let values = (During(1), Registers, During(1));
    assert_eq!(
        shown(&dumps(&values)?)?,
        "(<app.During(1)>, None, <app.During(1)>)"
    );
    assert_eq!(shown(&dumps(&During(1))?)?, "<builtins.str('During 1')>");
    copyreg::remove::<During>();
    Ok(())
}

#[derive(Reduce)]
#[reduce(module = "app", with = ByHand::itself)]
struct ByHand;

impl ByHand {
    fn itself(&self) -> Reduction<'_> {
        text("own reducer")
    }
}

#[test]
fn the_order_is_persistent_id_override_table_and_own_reducer() -> Outcome {
    let dumped = |table: bool, override_it: bool, persistent: bool| {
        let mut ids = PersistentIds::new().of(|_: &ByHand| persistent.then_some("id"));
        let mut hook =
            overriding(|value| Ok((override_it && value.is::<ByHand>()).then(|| text("override"))));
        let mut own = DispatchTable::new();
        if table {
            own.pickle(reducer(|_: &ByHand| text("table")));
        }
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes)
            .dispatch_table(own)
            .reducer_override(&mut hook)
            .persistent_id(&mut ids)
            .dump(&ByHand)?;
        shown(&bytes)
    };
    assert_eq!(dumped(true, true, true)?, "<persistent 'id'>");
    assert_eq!(dumped(true, true, false)?, "<builtins.str('override')>");
    assert_eq!(dumped(true, false, false)?, "<builtins.str('table')>");
    assert_eq!(
        dumped(false, false, false)?,
        "<builtins.str('own reducer')>"
    );

    copyreg::pickle(reducer(|_: &ByHand| text("global")));
    assert_eq!(shown(&dumps(&ByHand)?)?, "<builtins.str('global')>");
    assert_eq!(dumped(true, false, false)?, "<builtins.str('table')>");
    assert_eq!(
        dumped(false, false, false)?,
        "<builtins.str('own reducer')>"
    );
    copyreg::remove::<ByHand>();
    Ok(())
}

// Where values are found.

types!(Leaf);

#[derive(Reduce)]
#[reduce(transparent)]
struct Wrapped(Leaf);

#[derive(Reduce)]
#[reduce(module = "app")]
enum Content {
    Tuple(Leaf),
    Named { leaf: Leaf },
}

#[object]
trait Part {}

#[object]
impl Part for Leaf {}

#[derive(Reduce)]
#[reduce(module = "app")]
struct Holder {
    plain: Leaf,
    many: Vec<Leaf>,
    keyed: BTreeMap<Leaf, Leaf>,
    hashed: HashMap<Leaf, u8>,
    set: HashSet<Leaf>,
    optional: (Option<Leaf>, Option<Leaf>),
    boxed: Box<Leaf>,
    shared: Rc<Leaf>,
    weak: Weak<Leaf>,
    cell: RefCell<Leaf>,
    wrapped: Wrapped,
    contents: [Content; 2],
    part: Box<dyn Part>,
    shared_part: Arc<dyn Part>,
    #[reduce(late)]
    late: RefCell<Vec<Leaf>>,
}

fn holder() -> Holder {
    let shared = Rc::new(Leaf(9));
    Holder {
        plain: Leaf(0),
        many: vec![Leaf(1), Leaf(2)],
        keyed: BTreeMap::from([(Leaf(3), Leaf(4))]),
        hashed: HashMap::from([(Leaf(5), 0)]),
        set: HashSet::from([Leaf(6)]),
        optional: (Some(Leaf(7)), None),
        boxed: Box::new(Leaf(8)),
        weak: Rc::downgrade(&shared),
        shared,
        cell: RefCell::new(Leaf(10)),
        wrapped: Wrapped(Leaf(11)),
        contents: [Content::Tuple(Leaf(12)), Content::Named { leaf: Leaf(13) }],
        part: Box::new(Leaf(14)),
        shared_part: Arc::new(Leaf(15)),
        late: RefCell::new(vec![Leaf(16)]),
    }
}

#[test]
fn values_are_found_wherever_they_are_nested() -> Outcome {
    let holder = holder();
    let mut table = DispatchTable::new();
    table.pickle(Leaf::reduce_1);
    let all = with_table(&holder, &table)?;
    for number in 0..17 {
        assert!(
            all.contains(&format!("<builtins.str('Leaf {number}')>")),
            "{number}: {all}"
        );
    }
    assert!(!all.contains("app.Leaf"));

    let mut seen = Vec::new();
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .reducer_override(&mut |value| {
            seen.extend(value.downcast_ref::<Leaf>().map(|leaf| leaf.0));
            Ok(None)
        })
        .dump(&holder)?;
    assert_eq!(seen, (0..17).collect::<Vec<_>>());
    assert_eq!(bytes, dumps(&holder)?);
    Ok(())
}

types!(Inner);

#[derive(Reduce)]
#[reduce(module = "app")]
struct Outer(Inner);

#[test]
fn a_reducer_is_for_exactly_its_type() -> Outcome {
    let mut table = DispatchTable::new();
    table.pickle(Inner::reduce_1);
    assert_eq!(
        with_table(&Outer(Inner(1)), &table)?,
        "<app.Outer(<builtins.str('Inner 1')>)>"
    );
    Ok(())
}

#[test]
fn what_a_reduction_consists_of_is_asked_for_too() -> Outcome {
    let mut table = DispatchTable::new();
    table.pickle(reducer(|outer: &Outer| {
        let name = QualName::new("app", "remake");
        Reduction::call(name, (&outer.0,)).state(Inner(7))
    }));
    table.pickle(Inner::reduce_1);
    assert_eq!(
        with_table(&Outer(Inner(1)), &table)?,
        "<app.remake(<builtins.str('Inner 1')>) state <builtins.str('Inner 7')>>"
    );
    Ok(())
}

types!(Shared);

#[test]
fn behind_shared_pointers_a_value_is_reduced_once() -> Outcome {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let mut table = DispatchTable::new();
    table.pickle(reducer(move |shared: &Shared| {
        counted.fetch_add(1, Ordering::Relaxed);
        Reduction::call(QualName::new("app", "Shared"), (shared.0,))
    }));
    let shared = Rc::new(Shared(1));
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes)
            .protocol(protocol)
            .dispatch_table(table.clone())
            .dump(&[Rc::clone(&shared), Rc::clone(&shared)])?;
        assert_eq!(calls.swap(0, Ordering::Relaxed), 1);
        let [one, other]: [Rc<Shared>; 2] = loads(&bytes)?;
        assert!(Rc::ptr_eq(&one, &other));
        assert_eq!(*one, *shared);
    }
    Ok(())
}

// Types of other crates.

#[test]
fn registered_values_need_a_reducer_in_the_table_that_counts() -> Outcome {
    use std::num::Wrapping;
    fn reduce(number: &Wrapping<u8>) -> Reduction<'_> {
        text(number.to_string())
    }
    let value = Registered(Wrapping(7_u8));
    let refused = "`core::num::wrapping::Wrapping<u8>` cannot be pickled: nobody registered a \
                   reducer, as `copyreg::pickle` does";
    let error = dumps(&value).expect_err("nobody registered a reducer");
    assert_eq!(error.to_string(), refused);
    copyreg::pickle(reduce);
    assert_eq!(shown(&dumps(&value)?)?, "<builtins.str('7')>");
    assert_eq!(
        shown(&dumps(&registered(&value.0))?)?,
        "<builtins.str('7')>"
    );
    let error = with_table(&value, &DispatchTable::new()).expect_err("the table is empty");
    assert_eq!(error.to_string(), refused);
    copyreg::remove::<Wrapping<u8>>();
    assert!(dumps(&value).is_err());
    Ok(())
}

// State setters.

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "app", setstate = Stateful::setstate, getstate = Stateful::getstate)]
#[derive(Default)]
struct Stateful {
    set_by: String,
}

impl Stateful {
    fn getstate(&self) -> &str {
        &self.set_by
    }

    fn setstate(&mut self, _: String) {
        self.set_by = "setstate".to_owned();
    }
}

#[pickle_core::state_setter(module = "app")]
fn set_stateful(object: &mut Stateful, _: String) {
    object.set_by = "state setter".to_owned();
}

#[test]
fn a_state_setter_of_a_reducer_comes_before_the_types_own() -> Outcome {
    let value = Stateful::default();
    assert_eq!(loads::<Stateful>(&dumps(&value)?)?.set_by, "setstate");
    let mut table = DispatchTable::new();
    table.pickle(reducer(|value: &Stateful| {
        Reduction::instance(QualName::new("app", "Stateful"), ())
            .state(value.set_by.as_str())
            .state_setter(set_stateful)
    }));
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes)
            .protocol(protocol)
            .dispatch_table(table.clone())
            .dump(&value)?;
        assert_eq!(loads::<Stateful>(&bytes)?.set_by, "state setter");
    }
    Ok(())
}

// The override.

types!(F MyClass Log);

#[test]
fn an_override_takes_the_values_that_it_wants() -> Outcome {
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes)
            .protocol(protocol)
            .reducer_override(&mut |value| {
                Ok(if value.is::<F>() {
                    let int = QualName::new("builtins", "int");
                    Some(Reduction::call(int, (5,)))
                } else if value.is::<MyClass>() {
                    Some(text("some str"))
                } else {
                    None
                })
            })
            .dump(&(F(0), MyClass(0), Log(0)))?;
        assert_eq!(
            shown(&bytes)?,
            "(<builtins.int(5)>, <builtins.str('some str')>, <app.Log(0)>)"
        );
    }
    Ok(())
}

#[test]
fn an_override_may_keep_a_state_and_borrow_of_the_value() -> Outcome {
    #[derive(Reduce)]
    #[reduce(module = "app")]
    struct Secret {
        name: String,
    }
    let mut names = Vec::new();
    let mut bytes = Vec::new();
    let mut hook = overriding(|value| {
        let secret = value.downcast_ref::<Secret>();
        names.extend(secret.map(|secret| secret.name.clone()));
        let name = QualName::new("app", "Public");
        Ok(secret.map(|secret| Reduction::call(name, (&secret.name,))))
    });
    let mut pickler = Pickler::new(&mut bytes).reducer_override(&mut hook);
    for name in ["a", "b"] {
        let name = name.to_owned();
        pickler.dump(&[Secret { name }])?;
        pickler.clear_memo();
    }
    let mut reader = &bytes[..];
    for name in ["a", "b"] {
        let value: Value = pickle_core::load(&mut reader)?;
        assert_eq!(format!("{value:?}"), format!("[<app.Public('{name}')>]"));
    }
    assert_eq!(names, ["a", "b"]);
    Ok(())
}

// Errors.

#[derive(Debug, thiserror::Error)]
#[error("the reducer just failed")]
struct JustFailed;

types!(Failing);

#[test]
fn an_error_of_a_reducer_is_the_source_of_the_dumps() {
    fn fail(_: &Failing) -> std::result::Result<Reduction<'_>, JustFailed> {
        Err(JustFailed)
    }
    let values = [Failing(0)];
    let check = |error: pickle_core::Error| {
        assert!(
            error
                .source()
                .expect("the reducer's error")
                .is::<JustFailed>()
        );
        assert_eq!(error.path().to_string(), "$[0]");
    };

    let mut table = DispatchTable::new();
    table.pickle(fail);
    check(with_table(&values, &table).expect_err("it fails"));

    copyreg::pickle(fail);
    check(dumps(&values).expect_err("it fails"));
    copyreg::remove::<Failing>();

    let mut bytes = Vec::new();
    let error = Pickler::new(&mut bytes)
        .reducer_override(&mut |_| Err(pickle_core::Error::from_source(JustFailed)))
        .dump(&values);
    check(error.expect_err("it fails"));
}

types!(Sometimes);

#[test]
fn after_an_error_the_pickler_can_go_on() -> Outcome {
    let mut bytes = Vec::new();
    let mut hook = overriding(|value| match value.downcast_ref::<Sometimes>() {
        Some(Sometimes(0)) => Err(pickle_core::Error::custom("not zero")),
        _ => Ok(None),
    });
    let mut pickler = Pickler::new(&mut bytes).reducer_override(&mut hook);
    let shared = Rc::new(RefCell::new(Sometimes(0)));
    assert!(pickler.dump(&HashSet::from([Sometimes(0)])).is_err());
    assert!(pickler.dump(&shared).is_err());
    shared.borrow_mut().0 = 1;
    pickler.dump(&(vec![0], shared))?;
    assert_eq!(shown(&bytes)?, "([0], <app.Sometimes(1)>)");
    Ok(())
}

#[test]
fn an_unregistered_function_in_a_reduction_is_an_error() {
    types!(Unregistered);
    fn remake(number: u8) -> Unregistered {
        Unregistered(number)
    }
    let mut table = DispatchTable::new();
    table.pickle(reducer(|value: &Unregistered| {
        Reduction::new(remake, (value.0,))
    }));
    let error = with_table(&Unregistered(1), &table).expect_err("nobody registered it");
    assert!(error.to_string().contains("remake"), "{error}");
}

// Several at a time.

types!(Dropped);

#[test]
fn a_table_is_dropped_with_its_pickler() -> Outcome {
    let held = Arc::new(());
    let captured = Arc::clone(&held);
    let mut table = DispatchTable::new();
    table.pickle(reducer(move |_: &Dropped| {
        let _ = &captured;
        text("dropped")
    }));
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).dispatch_table(table);
    pickler.dump(&Dropped(0))?;
    assert_eq!(Arc::strong_count(&held), 2);
    drop(pickler);
    assert_eq!(Arc::strong_count(&held), 1);
    Ok(())
}

types!(Steady Flickering);

#[test]
fn threads_may_register_and_dump_at_the_same_time() {
    copyreg::pickle(Steady::reduce_1);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let dumping: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let values: Vec<_> = (0..20).map(|_| (Steady(1), Flickering(1))).collect();
                    for _ in 0..200 {
                        let bytes = dumps(&values).expect("both can be dumped");
                        let all = shown(&bytes).expect("they load");
                        assert_eq!(all.matches("<builtins.str('Steady 1')>").count(), 20);
                        // One dump has one table.
                        let reduced = all.matches("<builtins.str('Flickering 1')>").count();
                        let own = all.matches("<app.Flickering(1)>").count();
                        assert!(
                            matches!((reduced, own), (20, 0) | (0, 20)),
                            "{reduced} {own}"
                        );
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                copyreg::pickle(Flickering::reduce_1);
                copyreg::remove::<Flickering>();
            }
        });
        let results: Vec<_> = dumping
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect();
        done.store(true, Ordering::Relaxed);
        assert!(results.iter().all(std::result::Result::is_ok));
    });
    copyreg::remove::<Steady>();
}
