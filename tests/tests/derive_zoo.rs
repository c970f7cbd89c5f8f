//! Derived types of every shape, in one another: what is dumped loads to the same value, in every
//! protocol and under both memo policies.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use pickle_core::{Construct, MemoPolicy, Pickler, Reduce, dumps, loads};

fn round_trip<T: Reduce + for<'g> Construct<'g> + PartialEq + Debug>(value: &T) {
    for protocol in 0..=5 {
        for policy in [MemoPolicy::Shared, MemoPolicy::All] {
            let mut bytes = Vec::new();
            Pickler::new(&mut bytes)
                .protocol(protocol)
                .memo(policy)
                .dump(value)
                .unwrap_or_else(|error| panic!("{value:?} in protocol {protocol}: {error}"));
            match loads::<T>(&bytes) {
                Ok(loaded) => assert_eq!(&loaded, value, "protocol {protocol}"),
                Err(error) => panic!("{value:?} in protocol {protocol}: {error}"),
            }
        }
    }
}

#[derive(Reduce, Clone, Debug, Default, PartialEq)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Reduce, Debug, PartialEq)]
struct Pair<T, U = f64>(T, U);

#[derive(Reduce, Debug, PartialEq)]
struct Unit;

#[derive(Reduce, Debug, PartialEq)]
struct Hollow {}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(transparent)]
struct Meters(f64);

#[derive(Reduce, Debug, PartialEq)]
#[reduce(transparent)]
struct Tagged<T, K> {
    value: T,
    #[reduce(skip)]
    kind: PhantomData<K>,
}

#[derive(Reduce, Debug, PartialEq, Eq, Hash, Clone, Copy, PartialOrd, Ord)]
enum Color {
    Red = 1,
    DarkBlue = 2,
}

#[derive(Reduce, Debug, PartialEq)]
enum Shape<T> {
    Circle { radius: T },
    Line(Point, Pair<T>),
    Empty,
}

#[derive(Reduce, Debug, PartialEq)]
struct Deep<T, const N: usize>
where
    T: Debug,
{
    shapes: Pair<Pair<Shape<T>, Meters>, Shape<Pair<f64>>>,
    array: [Pair<Option<T>, Unit>; N],
    colors: HashMap<Color, Vec<Shape<T>>>,
    nothing: (),
    #[reduce(flatten)]
    point: Point,
    #[reduce(skip)]
    cache: Option<T>,
}

fn deep<T: Debug>(a: T, b: T, c: T) -> Deep<T, 1> {
    Deep {
        shapes: Pair(
            Pair(Shape::Circle { radius: a }, Meters(2.0)),
            Shape::Line(Point { x: 1.0, y: 2.0 }, Pair(Pair(3.0, 4.0), 5.0)),
        ),
        array: [Pair(Some(b), Unit)],
        colors: [(
            Color::DarkBlue,
            vec![Shape::Empty, Shape::Circle { radius: c }],
        )]
        .into(),
        nothing: (),
        point: Point { x: -0.5, y: 1e300 },
        cache: None,
    }
}

#[test]
fn generics_nest() {
    round_trip(&deep(1, 2, 3));
    round_trip(&deep("a".to_owned(), String::new(), "é".to_owned()));
    round_trip(&Pair(
        deep(1, 2, 3),
        deep(
            Pair(Color::Red, 1),
            Pair(Color::Red, 2),
            Pair(Color::DarkBlue, 3),
        ),
    ));
    round_trip(&Tagged {
        value: vec![Unit, Unit],
        kind: PhantomData::<*const u8>,
    });
    round_trip(&Hollow {});
}

trait Family {
    type Member;
}

#[derive(Debug, PartialEq)]
struct Numbers;

impl Family for Numbers {
    type Member = i64;
}

#[derive(Reduce, Debug, PartialEq)]
struct Clan<F: Family> {
    eldest: F::Member,
    others: Vec<<F as Family>::Member>,
    family: PhantomData<F>,
}

#[test]
fn associated_types_are_bounded_themselves() {
    round_trip(&Clan::<Numbers> {
        eldest: 9,
        others: vec![1, 2],
        family: PhantomData,
    });
}

#[derive(Reduce, Debug, PartialEq)]
struct Tree<T> {
    value: T,
    left: Option<Box<Self>>,
    right: Option<Box<Tree<T>>>,
}

#[derive(Reduce, Debug, PartialEq)]
enum Expr {
    Literal(f64),
    Add(Box<Expr>, Box<Expr>),
    Call { name: String, args: Vec<Expr> },
}

#[test]
fn recursive_types_need_no_bounds_on_themselves() {
    let leaf = || {
        Box::new(Tree {
            value: 1,
            left: None,
            right: None,
        })
    };
    round_trip(&Tree {
        value: 2,
        left: Some(leaf()),
        right: Some(leaf()),
    });
    let one = || Box::new(Expr::Literal(1.0));
    let call = Expr::Call {
        name: "f".into(),
        args: vec![Expr::Add(one(), one())],
    };
    round_trip(&Expr::Add(one(), Box::new(call)));
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(bound = "K: Reduce + Ord, V: Reduce")]
#[reduce(dump_only)]
struct Sorted<K, V> {
    entries: BTreeMap<K, V>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(bound(construct = "K: Construct<'g> + Ord, V: Construct<'g>"))]
struct Indexed<K, V> {
    entries: BTreeMap<K, V>,
}

#[test]
fn bounds_can_be_given() {
    let entries = || [(1, "one".to_owned())].into();
    round_trip(&Indexed { entries: entries() });
    assert!(dumps(&Sorted { entries: entries() }).is_ok());
}

#[derive(Reduce, Debug, PartialEq)]
struct Row<'a, T> {
    name: &'a str,
    data: &'a [u8],
    cells: Vec<T>,
}

#[derive(Reduce, Debug)]
#[reduce(dump_only)]
struct Window<'a, 'b, T> {
    rows: &'a [Row<'b, T>],
    title: &'b str,
}

#[test]
fn lifetimes_may_be_shorter_than_the_input() {
    fn shorten<'a>(row: Row<'a, &'a str>, _: &'a str) -> Row<'a, &'a str> {
        row
    }
    let row = Row {
        name: "n",
        data: b"\xff",
        cells: vec!["a", "b"],
    };
    let bytes = dumps(&row).unwrap();
    let local = String::new();
    let loaded: Row<'_, &str> = loads(&bytes).unwrap();
    assert_eq!(shorten(loaded, &local), row);
    assert!(
        dumps(&Window {
            rows: &[row],
            title: "t"
        })
        .is_ok()
    );
}

#[derive(Reduce, Debug, PartialEq)]
struct Shared<T: 'static> {
    rc: Rc<T>,
    arc: Arc<Pair<T>>,
}

#[test]
fn shared_fields_of_a_parameter_need_it_static() {
    round_trip(&Shared {
        rc: Rc::new(1),
        arc: Arc::new(Pair(2, 0.5)),
    });
}

#[test]
fn types_in_functions_are_types_too() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Local<T> {
        inner: T,
    }
    #[derive(Reduce, Debug, PartialEq)]
    enum Kind {
        A,
        B,
    }
    round_trip(&Local {
        inner: vec![Kind::A, Kind::B],
    });
}

#[derive(Reduce, Clone, Debug, Default, PartialEq)]
#[reduce(default)]
struct Settings<T> {
    value: T,
    #[reduce(default)]
    list: Vec<T>,
}

#[test]
fn defaults_of_parameters_are_bounded() {
    round_trip(&Settings {
        value: 1,
        list: vec![2],
    });
}
