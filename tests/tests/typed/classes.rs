//! Classes in every form that an instance can be written in, and what the derive's attributes
//! make of them.

use std::collections::BTreeMap;

use pickle_core::{Reduce, loads};
use pickle_tests::geometry::{
    Access, Celsius, Color, Event, Frozen, Meters, Pair, Point, Rectangle, Slotted, Suit,
};

use super::{Case, loaded, loaded_by, looked_at, same, that, value};

/// `geometry.Point`, written as a call.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "geometry", name = "Point", as = "reduce", no_register)]
struct CalledPoint {
    x: f64,
    y: f64,
}

/// `geometry.Point`, written as half a call.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Reduce3", as = "reduce", no_register)]
struct Reduce3 {
    #[reduce(arg)]
    x: i32,
    #[reduce(late)]
    y: String,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "geometry", as = "dict", no_register)]
struct Dict {
    x: f64,
    #[reduce(rename = "not an identifier")]
    y: Option<Vec<u8>>,
}

/// A tuple struct is called.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Reduce2", no_register)]
struct Reduce2(i32, String);

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Plain", no_register)]
struct Unit;

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Plain", no_register)]
struct Hollow {}

/// `__new__` with positional arguments.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", as = "newobj", no_register)]
struct NewArgs {
    x: i32,
    y: String,
}

/// `__new__` with both, and state.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
struct NewArgsEx {
    #[reduce(arg)]
    first: i32,
    #[reduce(kwarg)]
    unit: String,
    #[reduce(kwarg)]
    zero: (),
    extra: Vec<i32>,
}

/// `__new__` with both, written as the class's `__new__` can be called.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "NewArgsEx", no_register)]
struct OnlyKeywords {
    #[reduce(kwarg)]
    unit: String,
}

/// A namedtuple's attributes; `zoo.PointPlus` has a dict, too.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", as = "newobj", no_register)]
struct PointPlus {
    x: i32,
    y: i32,
    #[reduce(late)]
    label: String,
}

/// Slots, and nothing of which an instance must have all.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
struct Slots {
    x: i32,
    #[reduce(default)]
    y: Option<String>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
struct SlotsAndDict {
    x: i32,
    z: i32,
    #[reduce(default)]
    free: Option<String>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
struct SlotsBelowDict {
    x: i32,
    free: String,
}

macro_rules! data {
    ($($class:ident $form:literal)+) => {
        $(
            #[derive(Reduce, Clone, Debug, PartialEq)]
            #[reduce(module = "zoo", as = $form, no_register)]
            struct $class {
                x: i32,
                y: i32,
            }
        )+
    };
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
struct Data {
    x: i32,
    y: i32,
}

data! {
    DataFrozen "reduce" DataSlots "reduce" DataFrozenSlots "reduce"
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
struct DataKeyword {
    x: i32,
    y: i32,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register, deny_unknown_fields)]
struct DataChild {
    x: i32,
    y: i32,
    z: i32,
}

fn pair(python: &str) -> Case {
    value(
        python,
        Pair {
            first: 1,
            second: "two".to_owned(),
        },
    )
}

pub(crate) fn structs() -> Vec<Case> {
    let point = Point { x: 1.0, y: -0.0 };
    let keywords = NewArgsEx {
        first: 1,
        unit: "m".into(),
        zero: (),
        extra: vec![2],
    };
    vec![
        value("geometry.Point(1.0, -0.0)", point.clone()),
        value("geometry.Point(1.0, 2.0)", CalledPoint { x: 1.0, y: 2.0 }),
        value(
            "{u'x': 1.5, u'not an identifier': None}",
            Dict { x: 1.5, y: None },
        ),
        value(
            "{u'x': 1.5, u'not an identifier': b'\\xff'}",
            Dict {
                x: 1.5,
                y: Some(vec![255]),
            },
        )
        .not_written_by_2(),
        value("zoo.Reduce2(1, u'two')", Reduce2(1, "two".into())),
        value(
            "zoo.Reduce3(1, u'two')",
            Reduce3 {
                x: 1,
                y: "two".into(),
            },
        ),
        value("zoo.Plain()", Unit),
        value("zoo.Plain()", Hollow {}),
        value(
            "zoo.NewArgs(1, u'two')",
            NewArgs {
                x: 1,
                y: "two".into(),
            },
        )
        .holding("type(obj) is zoo.NewArgs and obj.made_from == (1, u'two')")
        // In protocols 0 and 1, Python loses the arguments.
        .written_from(2),
        value(
            "zoo.with_attributes(zoo.NewArgsEx(1, unit=u'm', zero=None), extra=[2])",
            keywords,
        )
        .holding("obj.made_from == ((1,), [('unit', u'm'), ('zero', None)]) and obj.extra == [2]")
        // In protocols 0 and 1, Python loses the arguments.
        .written_from(2)
        // 2.7 knows nothing of keyword arguments.
        .not_written_by_2(),
        value(
            "zoo.NewArgsEx(unit=u'km')",
            OnlyKeywords { unit: "km".into() },
        )
        .holding("obj.made_from == ((), [('unit', u'km')])")
        .written_from(2)
        .not_written_by_2(),
        value("geometry.Celsius(-273.15)", Celsius { degrees: -273.15 }).unordered(),
        value(
            "geometry.Meters(length=1.5, width=2)",
            Meters {
                length: 1.5,
                width: 2,
            },
        ),
        pair("geometry.Pair(1, u'two')"),
        value(
            "geometry.Pair(geometry.Point(1.0, 2.0), geometry.Pair([], None))",
            Pair {
                first: Point { x: 1.0, y: 2.0 },
                second: Pair {
                    first: Vec::<i32>::new(),
                    second: (),
                },
            },
        ),
        value(
            "zoo.with_attributes(zoo.PointPlus(1, 2), label=u'p')",
            PointPlus {
                x: 1,
                y: 2,
                label: "p".into(),
            },
        )
        .holding("type(obj) is zoo.PointPlus and obj == (1, 2) and obj.label == u'p'")
        // Its namedtuples have a `__getstate__` that loses the dict.
        .not_written_by_2(),
        value(
            "geometry.Slotted(1, u'y')",
            Slotted {
                x: 1,
                y: "y".into(),
            },
        )
        .holding("obj == geometry.Slotted(1, u'y')")
        .written_from(2),
        value(
            "geometry.Frozen(u'f', geometry.Point(1.0, -0.0))",
            Frozen {
                name: "f".into(),
                point,
            },
        )
        .since(3, 7),
    ]
    .into_iter()
    .chain(slots())
    .chain(dataclasses())
    .collect()
}

/// What Python writes as `(dict, slots)`.
fn slots() -> Vec<Case> {
    vec![
        loaded("zoo.Slots(x=1, y=u'y')", |slots: &Slots| {
            same(
                slots,
                &Slots {
                    x: 1,
                    y: Some("y".into()),
                },
            )
        })
        .written_from(2),
        loaded("zoo.Slots(x=1)", |slots: &Slots| {
            same(slots, &Slots { x: 1, y: None })
        })
        .written_from(2),
        loaded(
            "zoo.SlotsAndDict(x=1, z=3, free=u'f')",
            |slots: &SlotsAndDict| {
                let expected = SlotsAndDict {
                    x: 1,
                    z: 3,
                    free: Some("f".into()),
                };
                same(slots, &expected)
            },
        )
        .written_from(2),
        loaded("zoo.SlotsAndDict(x=1, z=3)", |slots: &SlotsAndDict| {
            let expected = SlotsAndDict {
                x: 1,
                z: 3,
                free: None,
            };
            same(slots, &expected)
        })
        .written_from(2),
        loaded(
            "zoo.SlotsBelowDict(x=1, free=u'f')",
            |slots: &SlotsBelowDict| {
                let expected = SlotsBelowDict {
                    x: 1,
                    free: "f".into(),
                };
                same(slots, &expected)
            },
        )
        .written_from(2),
        loaded("zoo.SlotsState(x=1, y=u'y')", |slots: &SlotsState| {
            let expected = SlotsState {
                x: 1,
                y: "y".into(),
            };
            same(slots, &expected)
        }),
    ]
}

/// Its state is a list.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
struct SlotsState {
    x: i32,
    y: String,
}

fn dataclasses() -> Vec<Case> {
    vec![
        value("zoo.Data(1, 2)", Data { x: 1, y: 2 }).since(3, 7),
        value("zoo.DataFrozen(1, 2)", DataFrozen { x: 1, y: 2 }).since(3, 7),
        value("zoo.DataSlots(1, 2)", DataSlots { x: 1, y: 2 })
            .since(3, 10)
            .written_from(2),
        value("zoo.DataFrozenSlots(1, 2)", DataFrozenSlots { x: 1, y: 2 }).since(3, 10),
        value("zoo.DataKeyword(x=1, y=2)", DataKeyword { x: 1, y: 2 }).since(3, 10),
        value("zoo.DataChild(1, 2, 3)", DataChild { x: 1, y: 2, z: 3 }).since(3, 7),
        value(
            "geometry.Rectangle(1.0, 2.0, u'r')",
            Rectangle {
                width: 1.0,
                height: 2.0,
                label: "r".into(),
            },
        )
        .since(3, 7),
        value(
            "geometry.Rectangle(1.0, 2.0)",
            Rectangle {
                width: 1.0,
                height: 2.0,
                label: String::new(),
            },
        )
        .since(3, 7),
    ]
}

#[derive(Reduce, Clone, Copy, Debug, PartialEq)]
#[reduce(module = "zoo", rename_all = "SCREAMING_SNAKE_CASE", no_register)]
enum Level {
    Low = 1,
    High = 10,
}

#[derive(Reduce, Clone, Copy, Debug, PartialEq)]
#[reduce(module = "zoo", rename_all = "lowercase", no_register)]
enum Mood {
    Good,
    Bad,
}

#[derive(Reduce, Clone, Copy, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Home.Room", no_register)]
enum Room {
    Kitchen = 1,
}

#[derive(Reduce, Clone, Copy, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
enum Ordinal {
    First = 1,
}

#[derive(Reduce, Clone, Copy, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
enum Word {
    #[reduce(value = "yes")]
    Yes,
    #[reduce(value = "no")]
    No,
}

#[derive(Reduce, Clone, Copy, Debug, PartialEq)]
#[reduce(module = "zoo", no_register)]
enum Perm {
    R = 4,
    W = 2,
    X = 1,
    #[reduce(other)]
    More = 0,
}

/// The class of a variant with one.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "geometry", name = "Event", no_register)]
enum PythonEvent {
    Quit {},
    Move {
        x: i64,
        y: i64,
    },
    Write {
        args: (String, i64),
    },
    #[reduce(other)]
    Unknown,
}

pub(crate) fn enums() -> Vec<Case> {
    let mut cases = vec![
        value(
            "[geometry.Color.RED, geometry.Color.BLUE]",
            vec![Color::Red, Color::Blue],
        )
        .since(3, 6),
        value(
            "{geometry.Color.GREEN: 1}",
            BTreeMap::from([(Color::Green, 1)]),
        )
        .since(3, 6),
        looked_at(
            "geometry.Color(1)",
            || Color::Red,
            |color: &Color| same(color, &Color::Red),
        )
        .holding("obj.value == 1 and type(obj) is geometry.Color")
        .not_written_by_2(),
        value(
            "(geometry.Suit.HEARTS, geometry.Suit('spades'))",
            (Suit::Hearts, Suit::Spades),
        )
        .since(3, 6),
        value("geometry.Access.READ", Access::Read)
            .holding("obj is geometry.Access.READ")
            .since(3, 6),
        value("geometry.Access.WRITE", Access::Write)
            .holding("obj is geometry.Access.WRITE")
            .since(3, 6),
        value("[zoo.Level.LOW, zoo.Level(10)]", [Level::Low, Level::High]).since(3, 6),
        value("[zoo.Mood.GOOD, zoo.Mood.BAD]", [Mood::Good, Mood::Bad]).since(3, 6),
        value("zoo.Home.Room.KITCHEN", Room::Kitchen).since(3, 6),
        value("zoo.Ordinal.FIRST", Ordinal::First).since(3, 6),
        value("[zoo.Word.YES, zoo.Word.NO]", [Word::Yes, Word::No]).since(3, 11),
        loaded(
            "[zoo.Perm.R, zoo.Perm.W, zoo.Perm.X]",
            |perms: &Vec<Perm>| same(perms, &vec![Perm::R, Perm::W, Perm::X]),
        )
        .since(3, 6),
        loaded("zoo.Perm.R | zoo.Perm.W", |perm: &Perm| {
            same(perm, &Perm::More)
        })
        .since(3, 6),
        loaded("zoo.Perm(0)", |perm: &Perm| same(perm, &Perm::More)).since(3, 6),
    ];
    let event = |event: &Event| {
        value(
            match event {
                Event::Quit => "geometry.Event.Quit()".to_owned(),
                Event::Move { x, y } => format!("geometry.Event.Move({x}, {y})"),
                Event::Write(text, size) => format!("geometry.Event.Write(u'{text}', {size})"),
            },
            event.clone(),
        )
        .not_written_by_2()
    };
    cases.push(event(&Event::Quit));
    cases.push(event(&Event::Move { x: 1, y: -2 }));
    // Its attributes are one, `args`.
    cases.push(event(&Event::Write("w".into(), 12)).not_written());
    let python = |python, event: PythonEvent| value(python, event).not_written_by_2();
    cases.push(python("geometry.Event.Quit()", PythonEvent::Quit {}));
    cases.push(python(
        "geometry.Event.Move(1, 2)",
        PythonEvent::Move { x: 1, y: 2 },
    ));
    cases.push(python(
        "geometry.Event.Write(u'w', 12)",
        PythonEvent::Write {
            args: ("w".into(), 12),
        },
    ));
    cases.push(loaded(
        "[zoo.Plain(), geometry.Event()]",
        |events: &Vec<PythonEvent>| same(events, &vec![PythonEvent::Unknown, PythonEvent::Unknown]),
    ));
    cases
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Plain", rename_all = "camelCase", no_register)]
struct User {
    user_name: String,
    #[reduce(rename = "class")]
    kind: i32,
    #[reduce(skip)]
    cache: Option<Vec<u8>>,
    #[reduce(default = answer)]
    answer: i32,
    #[reduce(alias = "mail", alias = "post", default, skip_serializing_if = Option::is_none)]
    email: Option<String>,
}

fn answer() -> i32 {
    42
}

fn user() -> User {
    User {
        user_name: "u".into(),
        kind: 1,
        cache: None,
        answer: 42,
        email: None,
    }
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Plain", no_register)]
struct Flat {
    id: i32,
    #[reduce(flatten)]
    point: Point,
    #[reduce(flatten)]
    rest: BTreeMap<String, i32>,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Plain", no_register)]
#[reduce(default)]
struct Defaults {
    a: i32,
    b: String,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            a: 7,
            b: "b".into(),
        }
    }
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(transparent)]
struct Id(u64);

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(try_from = i64, into = i64)]
struct Even(i64);

impl TryFrom<i64> for Even {
    type Error = String;

    fn try_from(value: i64) -> Result<Self, String> {
        if value % 2 == 0 {
            Ok(Self(value))
        } else {
            Err(format!("{value} is odd"))
        }
    }
}

impl From<Even> for i64 {
    fn from(even: Even) -> Self {
        even.0
    }
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(
    module = "gone",
    name = "Old",
    alias = "zoo:Plain",
    alias = "zoo:Child",
    no_register
)]
struct Renamed {
    x: i32,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Plain", no_register)]
struct Row<'a> {
    name: &'a str,
    rest: Vec<&'a str>,
}

pub(crate) fn attributes() -> Vec<Case> {
    vec![
        value(
            "zoo.Plain(**{'userName': u'u', 'class': 1, 'answer': 42})",
            user(),
        )
        .unordered(),
        loaded(
            "zoo.Plain(**{'userName': u'u', 'class': 1})",
            |loaded: &User| same(loaded, &user()),
        ),
        loaded(
            "zoo.Plain(**{'userName': u'u', 'class': 1, 'cache': 5, 'spam': [zoo.Key(1)]})",
            |loaded: &User| same(loaded, &user()),
        ),
        loaded(
            "zoo.Plain(**{'userName': u'u', 'class': 1, 'post': u'p'})",
            |loaded: &User| {
                let expected = User {
                    email: Some("p".into()),
                    ..user()
                };
                same(loaded, &expected)
            },
        ),
        value(
            "zoo.Plain(id=1, x=2.0, y=3.0, left=4, right=5)",
            Flat {
                id: 1,
                point: Point { x: 2.0, y: 3.0 },
                rest: BTreeMap::from([("left".into(), 4), ("right".into(), 5)]),
            },
        )
        .unordered(),
        value(
            "zoo.Plain(id=1, x=2.0, y=3.0)",
            Flat {
                id: 1,
                point: Point { x: 2.0, y: 3.0 },
                rest: BTreeMap::new(),
            },
        )
        .unordered(),
        loaded("zoo.Plain()", |loaded: &Defaults| {
            same(loaded, &Defaults::default())
        }),
        loaded("zoo.Plain(b=u'other')", |loaded: &Defaults| {
            let expected = Defaults {
                b: "other".into(),
                ..Defaults::default()
            };
            same(loaded, &expected)
        }),
        value("18446744073709551615", Id(u64::MAX)),
        value("-4", Even(-4)),
        loaded(
            "[zoo.Plain(x=1), zoo.Child(x=1)]",
            |loaded: &Vec<Renamed>| same(loaded, &vec![Renamed { x: 1 }, Renamed { x: 1 }]),
        ),
        loaded_by("zoo.Plain(name=u'n', rest=[u'a', u'b' * 300])", |bytes| {
            let row: Row<'_> = loads(bytes).map_err(|error| error.to_string())?;
            let long = "b".repeat(300);
            let expected = Row {
                name: "n",
                rest: vec!["a", &long],
            };
            same(&row, &expected)
        }),
    ]
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", as = "reduce", no_register)]
struct Classic {
    #[reduce(late)]
    x: i32,
    #[reduce(late)]
    y: String,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", as = "reduce", no_register)]
struct ClassicInit {
    x: i32,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "zoo", as = "reduce", no_register)]
struct ClassicInitEmpty;

/// INST and OBJ, which only Python 2 writes. Its old-style classes can only be called.
pub(crate) fn old_style() -> Vec<Case> {
    vec![
        value(
            "zoo.Classic(x=1, y=u'y')",
            Classic {
                x: 1,
                y: "y".into(),
            },
        )
        .unordered(),
        // A str of Python 2.
        loaded("zoo.Classic(x=1, y='y')", |classic: &Classic| {
            same(classic.y.as_str(), "y")
        })
        .written_by_2(),
        value("zoo.ClassicInit(1)", ClassicInit { x: 1 }).unordered(),
        value("zoo.ClassicInitEmpty()", ClassicInitEmpty).unordered(),
        loaded(
            "(lambda c: [c, c])(zoo.Classic(x=1, y=u'y'))",
            |both: &Vec<std::rc::Rc<Classic>>| that(std::rc::Rc::ptr_eq(&both[0], &both[1]), "one"),
        ),
    ]
}
