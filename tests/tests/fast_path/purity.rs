//! Types whose construction has effects: nothing of a pickle that is broken at its last byte is
//! constructed, whatever it is in.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

use pickle_core::{
    __private, Construct, Decoder, Pickler, Reduce, Reduction, Result, Unpickler, object,
};

use crate::harness::{POLICIES, dump};

pickle_core::module!("purity");

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

fn count() {
    CALLS.with(|calls| calls.set(calls.get() + 1));
}

fn calls() -> u32 {
    CALLS.with(|calls| calls.replace(0))
}

/// Says nothing about what it does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ByHand(i64);

impl Reduce for ByHand {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.save(&self.0)
    }
}

impl<'g> Construct<'g> for ByHand {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        count();
        d.value().map(Self)
    }
}
pickle_core::pointee!(ByHand);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
#[reduce(from = i64, into = i64)]
struct FromInt(i64);

impl From<i64> for FromInt {
    fn from(value: i64) -> Self {
        count();
        Self(value)
    }
}

impl From<FromInt> for i64 {
    fn from(value: FromInt) -> Self {
        value.0
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
#[reduce(try_from = i64, into = i64)]
struct TryFromInt(i64);

impl TryFrom<i64> for TryFromInt {
    type Error = String;

    fn try_from(value: i64) -> std::result::Result<Self, String> {
        count();
        Ok(Self(value))
    }
}

impl From<TryFromInt> for i64 {
    fn from(value: TryFromInt) -> Self {
        value.0
    }
}

mod counted {
    use super::{Construct, Decoder, Pickler, Reduce, Result, count};

    pub(super) fn reduce(value: &i64, p: &mut Pickler<'_>) -> Result<()> {
        value.reduce(p)
    }

    pub(super) fn construct(d: &mut Decoder<'_>) -> Result<i64> {
        count();
        i64::construct(d)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
struct With {
    #[reduce(with = counted)]
    value: i64,
}

fn default_value() -> i64 {
    count();
    7
}

fn always<T>(_: &T) -> bool {
    true
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
struct Defaulted {
    #[reduce(default = default_value, skip_serializing_if = always)]
    value: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
struct Skipped {
    #[reduce(skip, default = default_value)]
    value: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
#[reduce(with = reduce_made)]
struct Made(i64);

fn reduce_made(made: &Made) -> Reduction<'_> {
    Reduction::new(make, (made.0,))
}

#[pickle_core::constructor]
fn make(value: i64) -> Made {
    count();
    Made(value)
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
#[reduce(getstate = get_state, setstate = set_state)]
struct Stateful(i64);

fn get_state(stateful: &Stateful) -> i64 {
    stateful.0
}

fn set_state(stateful: &mut Stateful, state: i64) {
    count();
    stateful.0 = state;
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Reduce)]
#[reduce(impure)]
struct Impure {
    value: ByHand,
}

#[derive(Reduce)]
struct Named<T> {
    other: i64,
    value: T,
}

#[derive(Reduce)]
struct Position<T>(i64, T);

#[derive(Reduce)]
#[reduce(transparent)]
struct Through<T>(T);

#[derive(Reduce)]
#[reduce(as = "dict")]
struct Dict<T> {
    value: T,
}

#[derive(Reduce)]
#[reduce(as = "newobj")]
struct Argument<T> {
    value: T,
}

#[derive(Reduce)]
struct Flat<T> {
    title: String,
    #[reduce(flatten)]
    inner: Named<T>,
}

#[derive(Reduce)]
enum Variant<T> {
    One(T),
    Two { value: T },
}

#[derive(Reduce)]
struct Late<T: 'static> {
    #[reduce(late)]
    value: RefCell<Option<Rc<T>>>,
}

#[object]
trait Thing: Reduce {}

/// Dumps a value, breaks the pickle at its end, and loads what is left.
fn check<W: Reduce + for<'g> Construct<'g>>(value: &W) {
    for protocol in 2..=5 {
        for policy in POLICIES {
            let bytes = dump(value, protocol, policy);
            let name = std::any::type_name::<W>();
            calls();
            let straight: Option<W> = __private::straight(&Unpickler::new(), &bytes);
            assert!(straight.is_none() && calls() == 0, "{name}");
            assert!(pickle_core::loads::<W>(&bytes).is_ok(), "{name}");
            assert!(calls() > 0, "{name}");
            let (_, open) = bytes.split_last().unwrap();
            for end in [&b""[..], b"0.", b"a.", b"\xff", b"\x95\x7f\0\0\0\0\0\0\0."] {
                let broken = [open, end].concat();
                assert!(pickle_core::loads::<W>(&broken).is_err(), "{name}");
                assert_eq!(calls(), 0, "{name}");
            }
        }
    }
}

fn check_everywhere<T>(t: T)
where
    T: Reduce + for<'g> Construct<'g> + Copy + Ord + std::hash::Hash + 'static,
{
    check(&t);
    check(&vec![t, t]);
    check(&VecDeque::from([t]));
    check(&[t, t]);
    check(&Some(t));
    check(&Box::new(t));
    check(&Rc::new(t));
    let twice = Rc::new(t);
    check(&vec![twice.clone(), twice]);
    check(&Arc::new(t));
    check(&Rc::new(RefCell::new(t)));
    check(&Arc::new(Mutex::new(t)));
    check(&Rc::<[T]>::from([t]));
    check(&BTreeMap::from([(t, 1)]));
    check(&BTreeMap::from([(1, t)]));
    check(&HashMap::from([((1, t), Vec::<i64>::new())]));
    check(&BTreeSet::from([(t,)]));
    check(&(t,));
    check(&(1, t));
    check(&(1, 2, 3, t));
    check(&Cell::new(t));
    check(&RefCell::new(t));
    check(&std::cell::OnceCell::from(t));
    check(&Named { other: 1, value: t });
    check(&Position(1, t));
    check(&Through(Through(t)));
    check(&Dict { value: t });
    check(&Argument { value: t });
    check(&Flat {
        title: String::new(),
        inner: Named { other: 1, value: t },
    });
    check(&vec![Variant::One(t), Variant::Two { value: t }]);
    check(&Rc::new(Late {
        value: RefCell::new(Some(Rc::new(t))),
    }));
    let strong = Rc::new(t);
    let weak: Weak<T> = Rc::downgrade(&strong);
    check(&(weak, 1));
    check(&(
        1,
        vec![Some(Box::new(Named {
            other: 2,
            value: (t, t),
        }))],
    ));
}

#[test]
fn an_impl_by_hand() {
    check_everywhere(ByHand(1));
}

#[test]
fn conversions() {
    check_everywhere(FromInt(1));
    check_everywhere(TryFromInt(1));
}

#[test]
fn functions_of_fields() {
    check_everywhere(With { value: 1 });
    check_everywhere(Defaulted { value: 1 });
    check_everywhere(Skipped { value: 7 });
}

#[test]
fn functions_of_types() {
    check_everywhere(Made(1));
    check_everywhere(Stateful(1));
    check_everywhere(Impure { value: ByHand(1) });
}

#[derive(Reduce)]
struct FlatDefault {
    #[reduce(flatten)]
    inner: Defaulted,
    other: i64,
}

#[derive(Reduce)]
struct Concrete {
    value: ByHand,
}

#[object]
impl Thing for Concrete {}

#[derive(Reduce)]
struct WithDefault {
    #[reduce(default = default_value, skip_serializing_if = always)]
    value: i64,
}

#[object]
impl Thing for WithDefault {}

#[object]
impl Thing for Made {}

#[test]
fn types_of_their_own() {
    check(&FlatDefault {
        inner: Defaulted { value: 7 },
        other: 1,
    });
    let things: [fn() -> Rc<dyn Thing>; 3] = [
        || Rc::new(Concrete { value: ByHand(1) }),
        || Rc::new(WithDefault { value: 7 }),
        || Rc::new(Made(1)),
    ];
    for thing in things {
        check(&thing());
        check(&vec![thing()]);
        check(&BTreeMap::from([("a".to_owned(), vec![Some(thing())])]));
    }
    let thing: Box<dyn Thing> = Box::new(Concrete { value: ByHand(1) });
    check(&thing);
    let thing: Rc<RefCell<dyn Thing>> = Rc::new(RefCell::new(WithDefault { value: 7 }));
    check(&thing);
}
