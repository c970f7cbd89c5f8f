//! Generic types: one class for all instances, and one of its own for each that is registered.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use pickle_core::registry::Mistake;
use pickle_core::{
    ConstructOwned, ErrorKind, Graph, LookupError, Pickler, QualName, Reduce, View, dumps, loads,
    object, register, registry,
};
use pickle_tests::geometry::Pair;

pickle_core::module!("app");

/// The class that an object is dumped as, with its module.
fn class_of<T: Reduce + ?Sized>(value: &T) -> String {
    let bytes = dumps(value).unwrap();
    let graph = Graph::parse(&bytes).unwrap();
    match graph.root().view() {
        View::Object(object) => format!("{:#}", object.class()),
        other => panic!("{other:?}"),
    }
}

/// `value` is dumped as `class`, and comes back.
#[track_caller]
fn is_dumped_as<T: Reduce + ConstructOwned + PartialEq + Debug>(value: &T, class: &str) {
    assert_eq!(class_of(value), class);
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        let mut pickler = Pickler::new(&mut bytes).protocol(protocol);
        pickler.dump(value).unwrap();
        assert_eq!(loads::<T>(&bytes).unwrap(), *value, "protocol {protocol}");
    }
}

/// The text of the error that `bytes` are no `T`.
#[track_caller]
fn refusal<T: ConstructOwned>(bytes: &[u8]) -> String {
    match loads::<T>(bytes) {
        Ok(_) => panic!("{}", bytes.escape_ascii()),
        Err(error) => error.to_string(),
    }
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(alias = "app.old:Box", register(Wrapper<i32> as "app.IntWrapper"))]
#[reduce(register(Wrapper<String> as "app:Text.Wrapper", Wrapper<&'static str> as "app.StrWrapper"))]
struct Wrapper<T> {
    value: T,
}

#[derive(Reduce, Debug, PartialEq)]
struct Couple<A, B>(A, B);

#[derive(Reduce, Debug, PartialEq)]
struct Unit<T> {
    #[reduce(skip)]
    kind: PhantomData<T>,
}

register! {
    Wrapper<Wrapper<i32>> as "app.Nested",
        alias = "app.old:Nested", alias = "app.older.Nested", extension = 199;
    Couple<i32, String> as "app.IntText", Couple<String, i32> as "app.TextInt";
    Unit<*const u8> as "app.Pointer",
}

#[test]
fn a_registered_instance_has_a_class_of_its_own() {
    is_dumped_as(&Wrapper { value: 1 }, "app:IntWrapper");
    let text = Wrapper {
        value: "a".to_owned(),
    };
    is_dumped_as(&text, "app:Text.Wrapper");
    is_dumped_as(&Couple(1, "a".to_owned()), "app:IntText");
    is_dumped_as(&Couple("a".to_owned(), 1), "app:TextInt");
    is_dumped_as(&Unit::<*const u8> { kind: PhantomData }, "app:Pointer");
}

#[test]
fn the_others_have_the_class_of_their_type() {
    is_dumped_as(&Wrapper { value: 1_u8 }, "app:Wrapper");
    is_dumped_as(&Wrapper { value: vec![1] }, "app:Wrapper");
    is_dumped_as(&Couple(1, 2), "app:Couple");
    is_dumped_as(&Unit::<*mut u8> { kind: PhantomData }, "app:Unit");
}

#[test]
fn instances_within_an_instance_have_theirs() {
    let nested = Wrapper {
        value: Wrapper { value: 1 },
    };
    is_dumped_as(&nested, "app:Nested");
    let bytes = dumps(&Wrapper { value: [nested] }).unwrap();
    for name in ["Wrapper", "IntWrapper"] {
        let name = name.as_bytes();
        assert!(bytes.windows(name.len()).any(|bytes| bytes == name));
    }
    // The extension code stands for app.Nested.
    assert!(bytes.windows(2).any(|bytes| bytes == b"\x82\xc7"));
}

/// `module.name(*arguments)`, with the arguments as opcodes.
fn call(module: &str, name: &str, arguments: &str) -> Vec<u8> {
    let mut bytes = b"\x80\x04".to_vec();
    bytes.extend(format!("c{module}\n{name}\n({arguments}tR.").into_bytes());
    bytes
}

#[test]
fn an_instance_is_read_by_its_names_and_those_of_its_type() {
    for (module, name) in [
        ("app", "IntWrapper"),
        ("app", "Wrapper"),
        ("app.old", "Box"),
    ] {
        let loaded: Wrapper<i32> = loads(&call(module, name, "I1\n")).unwrap();
        assert_eq!(loaded.value, 1);
    }
    assert_eq!(
        refusal::<Wrapper<i32>>(&call("app", "Nested", "I1\n")),
        "expected app.IntWrapper, found app.Nested (at byte 19)"
    );
    assert_eq!(
        refusal::<Wrapper<i64>>(&call("app", "IntWrapper", "I1\n")),
        "expected app.Wrapper, found app.IntWrapper (at byte 23)"
    );
    for (module, name) in [
        ("app", "Nested"),
        ("app.old", "Nested"),
        ("app.older", "Nested"),
        ("app", "Wrapper"),
    ] {
        let bytes = call(module, name, "capp\nWrapper\n(I1\ntR");
        let loaded: Wrapper<Wrapper<i32>> = loads(&bytes).unwrap();
        assert_eq!(loaded.value.value, 1);
    }
}

#[test]
fn an_error_names_the_instance() {
    assert_eq!(
        refusal::<Wrapper<i32>>(&call("app", "IntWrapper", "")),
        "app.IntWrapper lacks the attribute `value` (at byte 20)"
    );
}

/// An enum with data.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(alias = "app.old:Form")]
enum Shape<T> {
    Circle {
        radius: T,
    },
    #[reduce(alias = "Segment", alias = "app.old:Edge")]
    Line(T, T),
    Empty,
    #[reduce(name = "Elsewhere")]
    Other(T),
    #[reduce(skip)]
    Hidden(T),
}

register!(Shape<i32> as "app.IntShape", alias = "app.old:IntForm");

#[test]
fn variants_are_nested_in_the_instance() {
    is_dumped_as(&Shape::Circle { radius: 1 }, "app:IntShape.Circle");
    is_dumped_as(&Shape::Line(1, 2), "app:IntShape.Line");
    is_dumped_as(&Shape::<i32>::Empty, "app:IntShape.Empty");
    is_dumped_as(&Shape::Other(1), "app:IntShape.Elsewhere");

    is_dumped_as(&Shape::Circle { radius: 1.0 }, "app:Shape.Circle");
    is_dumped_as(&Shape::Other(1.0), "app:Elsewhere");
    assert!(dumps(&Shape::Hidden(1)).is_err());
}

#[test]
fn variants_are_read_by_the_names_of_both() {
    for (module, name) in [
        ("app", "IntShape.Line"),
        ("app", "IntShape.Segment"),
        ("app", "Shape.Line"),
        ("app", "Shape.Segment"),
        ("app.old", "IntForm.Line"),
        ("app.old", "IntForm.Segment"),
        ("app.old", "Form.Line"),
        ("app.old", "Edge"),
    ] {
        let bytes = call(module, name, "I1\nI2\n");
        assert_eq!(
            loads::<Shape<i32>>(&bytes).unwrap(),
            Shape::Line(1, 2),
            "{name}"
        );
    }
    assert_eq!(
        refusal::<Shape<i32>>(&dumps(&Wrapper { value: 1 }).unwrap()),
        "app.IntShape has no variant app.IntWrapper (at byte 32)"
    );
}

/// Enums without data have no type parameters, as they have nothing to use them for.
#[derive(Reduce, Debug, PartialEq)]
#[repr(u8)]
enum Level<const BASE: u8> {
    Low = 1,
    High = 200,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(rename_all = "lowercase")]
enum Suit<const RANKS: usize> {
    Hearts,
    Spades,
}

register! {
    Level<10> as "app.Level10",
    Suit<13> as "app.Cards",
}

#[test]
fn members_are_of_the_instances_enum() {
    is_dumped_as(&Level::<10>::Low, "app:Level10");
    is_dumped_as(&Level::<10>::High, "app:Level10");
    is_dumped_as(&Level::<9>::High, "app:Level");
    is_dumped_as(&Suit::<13>::Spades, "app:Cards");
    is_dumped_as(&Suit::<8>::Spades, "app:Suit");

    // By name: getattr(app.Level10, 'High')
    let bytes = b"cbuiltins\ngetattr\n(capp\nLevel10\nVHigh\ntR.";
    assert_eq!(loads::<Level<10>>(bytes).unwrap(), Level::High);
    assert_eq!(
        refusal::<Level<9>>(bytes),
        "expected a member of app.Level, found the global app.Level10.High (at byte 39)"
    );
    assert_eq!(
        refusal::<Level<10>>(b"capp\nLevel10\n(I7\ntR."),
        "app.Level10 has no variant 7 (at byte 18)"
    );
}

#[derive(Reduce, Debug, PartialEq)]
struct Grid<T, const WIDTH: usize, const WIDE: bool = false> {
    cells: [T; WIDTH],
}

const THREE: usize = 3;

register!(Grid<u8, 2> as "app.Grid2"; Grid<u8, { THREE }, true> as "app.Grid3",);

#[test]
fn const_parameters_make_instances() {
    is_dumped_as(&Grid::<_, 2> { cells: [1_u8, 2] }, "app:Grid2");
    is_dumped_as(&Grid::<_, 3, true> { cells: [1_u8; 3] }, "app:Grid3");
    is_dumped_as(&Grid::<_, 3> { cells: [1_u8; 3] }, "app:Grid");
    is_dumped_as(&Grid::<_, 2> { cells: [1_i8, 2] }, "app:Grid");
}

#[derive(Reduce, Debug, PartialEq)]
struct Labelled<'a, T> {
    label: Cow<'a, str>,
    value: T,
}

#[derive(Reduce, Debug, PartialEq)]
struct Label<'a> {
    text: &'a str,
}

register!(Labelled<'static, f64> as "app.LabelledFloat");

#[test]
fn an_instance_is_one_whatever_its_lifetimes() {
    let label = "a".to_owned();
    let local = Labelled {
        label: Cow::Borrowed(&label),
        value: 1.0,
    };
    assert_eq!(class_of(&local), "app:LabelledFloat");
    let bytes = dumps(&local).unwrap();
    assert_eq!(loads::<Labelled<'_, f64>>(&bytes).unwrap(), local);

    let local = Wrapper {
        value: label.as_str(),
    };
    assert_eq!(class_of(&local), "app:StrWrapper");
    let bytes = dumps(&local).unwrap();
    let loaded: Wrapper<&str> = loads(&bytes).unwrap();
    assert!(bytes.as_ptr_range().contains(&loaded.value.as_ptr()));

    let local = Wrapper {
        value: Label { text: &label },
    };
    assert_eq!(class_of(&local), "app:Wrapper");
    let bytes = dumps(&local).unwrap();
    assert_eq!(loads::<Wrapper<Label<'_>>>(&bytes).unwrap(), local);
}

register!(Pair<u8, u16> as "app.Bytes");

#[test]
fn an_instance_of_another_crates_type_can_be_registered() {
    let pair = |first, second| Pair { first, second };
    is_dumped_as(&pair(1_u8, 2_u16), "app:Bytes");
    let other = Pair {
        first: 1_u16,
        second: 2_u8,
    };
    is_dumped_as(&other, "geometry:Pair");
}

/// A struct whose fields are flattened into others, and that has such fields.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(deny_unknown_fields)]
struct Outer<T> {
    own: T,
    #[reduce(flatten)]
    inner: Wrapper<T>,
}

register!(Outer<i32> as "app.IntOuter");

#[test]
fn a_flattened_instance_is_no_instance_of_its_class() {
    let outer = Outer {
        own: 1,
        inner: Wrapper { value: 2 },
    };
    is_dumped_as(&outer, "app:IntOuter");
    let bytes = dumps(&outer).unwrap();
    assert!(!bytes.windows(10).any(|bytes| bytes == b"IntWrapper"));
    assert_eq!(
        refusal::<Outer<i32>>(b"capp\nOuter\n)\x81}(Vown\nI1\nVvalue\nI2\nVmore\nNub."),
        "app.IntOuter has no attribute `more` (at byte 12)"
    );
}

/// A cycle through a generic type.
#[derive(Reduce)]
struct Ring<T: 'static> {
    value: T,
    #[reduce(late)]
    next: Option<Rc<RefCell<Ring<T>>>>,
}

register!(Ring<i32> as "app.IntRing");

#[test]
fn a_registered_instance_may_contain_itself() {
    let ring = Rc::new(RefCell::new(Ring {
        value: 1,
        next: None,
    }));
    ring.borrow_mut().next = Some(Rc::clone(&ring));
    assert_eq!(class_of(&ring), "app:IntRing");
    let loaded: Rc<RefCell<Ring<i32>>> = loads(&dumps(&ring).unwrap()).unwrap();
    assert_eq!(loaded.borrow().value, 1);
    assert!(Rc::ptr_eq(loaded.borrow().next.as_ref().unwrap(), &loaded));
    for ring in [ring, loaded] {
        ring.borrow_mut().next = None;
    }
}

/// Its state is what a function makes of it.
#[derive(Reduce, Debug, Default, PartialEq)]
#[reduce(getstate = Stack::state, setstate = Stack::set_state)]
#[reduce(register(Stack<i32> as "app.IntStack"))]
struct Stack<T: Reduce + Clone + Default + ConstructOwned + 'static> {
    items: Vec<T>,
}

impl<T: Reduce + Clone + Default + ConstructOwned> Stack<T> {
    fn state(&self) -> (Vec<T>,) {
        (self.items.clone(),)
    }

    fn set_state(&mut self, (items,): (Vec<T>,)) {
        self.items = items;
    }
}

#[test]
fn an_instance_with_a_state_by_hand_has_its_class() {
    is_dumped_as(&Stack { items: vec![1, 2] }, "app:IntStack");
    is_dumped_as(&Stack { items: vec![true] }, "app:Stack");
}

#[object]
trait Area: Reduce {
    fn area(&self) -> f64;
}

/// `#[object]` stands on the trait alone.
#[derive(Reduce, Debug, PartialEq)]
struct Square<T> {
    side: T,
}

impl<T: Copy + Into<f64> + Reduce> Area for Square<T> {
    fn area(&self) -> f64 {
        self.side.into() * self.side.into()
    }
}

#[derive(Reduce, Debug, PartialEq)]
enum Polygon<T> {
    Rectangle { width: T, height: T },
    Point,
}

impl<T: Copy + Into<f64> + Reduce> Area for Polygon<T> {
    fn area(&self) -> f64 {
        match *self {
            Polygon::Rectangle { width, height } => width.into() * height.into(),
            Polygon::Point => 0.0,
        }
    }
}

impl Area for Level<10> {
    fn area(&self) -> f64 {
        match self {
            Level::Low => 1.0,
            Level::High => 200.0,
        }
    }
}

/// Not `Send`.
#[derive(Reduce)]
struct Group<P> {
    members: Vec<P>,
}

impl Area for Group<Rc<dyn Area>> {
    fn area(&self) -> f64 {
        self.members.iter().map(|member| member.area()).sum()
    }
}

/// A concrete impl is marked as any other.
#[object]
impl Area for Wrapper<i32> {
    fn area(&self) -> f64 {
        self.value.into()
    }
}

#[object]
trait Named {
    fn name(&self) -> &'static str;
}

impl<T: Reduce> Named for Square<T> {
    fn name(&self) -> &'static str {
        std::any::type_name::<T>()
    }
}

register! {
    Square<i32> as "app.IntSquare": dyn Area + Send + Sync, dyn Named, alias = "app:Square";
    Square<f64> as "app.FloatSquare": dyn Area, dyn Area + Send;
    Square<u8> as "app.ByteSquare": dyn Named;
    Polygon<f32> as "app.FloatPolygon": dyn Area,
    Level<11> as "app.Level11",
    Group<Rc<dyn Area>> as "app.Shapes": dyn Area,
}

register!(Polygon<u8> as "app.BytePolygon": dyn Area);

#[object]
impl Area for Level<11> {
    fn area(&self) -> f64 {
        11.0
    }
}

fn shapes() -> Vec<Rc<dyn Area>> {
    vec![
        Rc::new(Square { side: 2 }),
        Rc::new(Square { side: 0.5 }),
        Rc::new(Polygon::Rectangle {
            width: 2.0_f32,
            height: 3.0,
        }),
        Rc::new(Polygon::<f32>::Point),
        Rc::new(Polygon::Rectangle {
            width: 3_u8,
            height: 4,
        }),
        Rc::new(Level::<11>::High),
        Rc::new(Wrapper { value: 5 }),
    ]
}

#[test]
fn the_instances_class_decides_behind_every_pointer() {
    fn areas<P>(bytes: &[u8], area: impl Fn(&P) -> f64) -> Vec<f64>
    where
        Vec<P>: ConstructOwned,
    {
        let shapes: Vec<P> = loads(bytes).unwrap();
        shapes.iter().map(area).collect()
    }

    let bytes = dumps(&shapes()).unwrap();
    for areas in [
        areas::<Box<dyn Area>>(&bytes, |shape| shape.area()),
        areas::<Rc<dyn Area>>(&bytes, |shape| shape.area()),
        areas::<Arc<dyn Area>>(&bytes, |shape| shape.area()),
        areas::<Box<dyn Area + Send>>(&bytes, |shape| shape.area()),
        areas::<Arc<dyn Area + Send + Sync>>(&bytes, |shape| shape.area()),
        areas::<Rc<RefCell<dyn Area>>>(&bytes, |shape| shape.borrow().area()),
        areas::<Arc<Mutex<dyn Area + Send>>>(&bytes, |shape| shape.lock().unwrap().area()),
        areas::<Arc<RwLock<dyn Area + Send + Sync>>>(&bytes, |shape| shape.read().unwrap().area()),
    ] {
        assert_eq!(areas, [4.0, 0.25, 6.0, 0.0, 12.0, 11.0, 5.0]);
    }
}

#[test]
fn one_object_of_an_instance_is_one_allocation() {
    let square = Rc::new(Square { side: 2 });
    let both = (Rc::clone(&square) as Rc<dyn Area>, square);
    let (shape, square): (Rc<dyn Area>, Rc<Square<i32>>) = loads(&dumps(&both).unwrap()).unwrap();
    assert_eq!(Rc::as_ptr(&shape).cast::<()>(), Rc::as_ptr(&square).cast());
}

#[test]
fn an_instance_is_linked_to_the_trait_objects_it_is_fit_for() {
    let group = Group { members: shapes() };
    assert_eq!(class_of(&group), "app:Shapes");
    let bytes = dumps(&group).unwrap();
    let loaded: Box<dyn Area> = loads(&bytes).unwrap();
    assert_eq!(loaded.area(), group.area());
    assert_eq!(
        refusal::<Box<dyn Area + Send>>(&bytes).split(':').next(),
        Some("app.Shapes is not registered as `dyn derive_generics")
    );
}

#[test]
fn an_instance_without_the_trait_is_not_of_the_trait() {
    let bytes = dumps(&Square { side: 2_u8 }).unwrap();
    assert_eq!(loads::<Box<dyn Named>>(&bytes).unwrap().name(), "u8");
    let error = loads::<Box<dyn Area>>(&bytes).err().unwrap();
    assert!(
        matches!(error.kind(), ErrorKind::NotOfTrait { .. }),
        "{error}"
    );
}

#[test]
fn an_instance_may_be_what_the_generic_name_stands_for() {
    // app.Square, as it was written before the instances were registered.
    let bytes = dumps(&Square { side: 2_i64 }).unwrap();
    assert_eq!(class_of(&Square { side: 2_i64 }), "app:Square");
    let loaded: Box<dyn Named> = loads(&bytes).unwrap();
    assert_eq!(loaded.name(), "i32");
}

#[test]
fn a_forgotten_registration_is_an_error_that_says_how() {
    for (bytes, class, generic) in [
        (
            dumps(&Wrapper { value: 1_u8 }).unwrap(),
            QualName::new("app", "Wrapper"),
            "Wrapper<T>",
        ),
        (
            b"capp.old\nBox\n)\x81.".to_vec(),
            QualName::new("app.old", "Box"),
            "Wrapper<T>",
        ),
        (
            dumps(&Polygon::<f64>::Point).unwrap(),
            QualName::new("app", "Polygon.Point"),
            "Polygon<T>",
        ),
        (
            dumps(&Level::<1>::Low).unwrap(),
            QualName::new("app", "Level"),
            "Level<BASE>",
        ),
        (
            dumps(&Grid { cells: [0] } as &Grid<i32, 1>).unwrap(),
            QualName::new("app", "Grid"),
            "Grid<T, WIDTH, WIDE>",
        ),
        (
            dumps(&Labelled {
                label: "a".into(),
                value: 1,
            })
            .unwrap(),
            QualName::new("app", "Labelled"),
            "Labelled<'a, T>",
        ),
    ] {
        let error = loads::<Box<dyn Area>>(&bytes).err().unwrap();
        let ErrorKind::GenericClass {
            class: found,
            generic: rust,
            declared,
            ..
        } = error.kind()
        else {
            panic!("{error}")
        };
        assert_eq!((found, *rust), (&class, generic));
        assert!(declared.file.ends_with("derive_generics.rs"));
        let offset = error.offset().unwrap();
        assert_eq!(
            error.to_string(),
            format!(
                "{class} is the class of every `{generic}` (declared at {declared}) and does not \
                 say which one to make: give each a class of its own, as in \
                 `pickle_core::register!({generic} as \"app.Name\": dyn derive_generics::Area)` \
                 (at byte {offset})"
            )
        );
    }
}

#[derive(Reduce)]
#[reduce(no_register)]
struct Private<T> {
    value: T,
}

#[test]
fn a_generic_type_that_is_not_registered_is_not_known() {
    let error = loads::<Box<dyn Area>>(&dumps(&Private { value: 1 }).unwrap());
    let error = error.err().unwrap();
    let is_unknown = matches!(error.kind(), ErrorKind::Lookup(LookupError::Unknown { .. }));
    assert!(is_unknown, "{error}");
}

#[test]
fn names_of_instances_are_suggested() {
    let near = registry::near_misses(&QualName::new("app", "IntSqaure"));
    assert_eq!(near[0], QualName::new("app", "IntSquare"));
}

#[test]
fn an_instance_can_be_registered_in_a_function() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Local<T>(T);

    register!(Local<i32> as "app.IntLocal");

    is_dumped_as(&Local(1), "app:IntLocal");
    is_dumped_as(&Local(1_u8), "app:Local");
}

/// Registrations in conflict.
mod conflicts {
    use super::{Reduce, register};

    pickle_core::module!("conflicts");

    #[derive(Reduce, Debug, PartialEq)]
    pub(super) struct Twice<T>(pub(super) T);

    register!(Twice<i32> as "conflicts.One");
    register!(Twice<i32> as "conflicts.Two");

    #[derive(Reduce, Debug, PartialEq)]
    pub(super) enum Shared<T> {
        Variant(T),
    }

    register!(Shared<i32> as "conflicts.Same");
    register!(Shared<u32> as "conflicts.Same", alias = "conflicts.Alone");

    #[derive(Reduce, Debug, PartialEq)]
    pub(super) struct Plain;

    register!(Twice<u8> as "conflicts.Plain", extension = 201);
    register!(Twice<u16> as "conflicts.Coded", extension = 201);
}

#[test]
fn check_finds_conflicts_of_instances() {
    let conflicts = registry::check().unwrap_err();
    let texts: Vec<_> = conflicts
        .iter()
        .map(|mistake| {
            let Mistake::Conflict(conflict) = mistake else {
                panic!("{mistake}")
            };
            let claimants = conflict.claimants().iter();
            let claimants: Vec<_> = claimants
                .map(|claimant| {
                    assert!(claimant.declared.file.ends_with("derive_generics.rs"));
                    let rust_type = claimant.rust_type.name().rsplit("::").next().unwrap();
                    format!("{rust_type} as {}", claimant.name)
                })
                .collect();
            format!("{}: {}", conflict.claim(), claimants.join(", "))
        })
        .collect();
    assert_eq!(
        texts,
        [
            "the name conflicts.Plain: Plain as conflicts.Plain, Twice<u8> as conflicts.Plain",
            "the name conflicts.Same: Shared<i32> as conflicts.Same, \
             Shared<u32> as conflicts.Same",
            "the name conflicts.Same.Variant: Shared<i32> as conflicts.Same, \
             Shared<u32> as conflicts.Same",
            "the Rust type derive_generics::conflicts::Twice<i32>: Twice<i32> as conflicts.One, \
             Twice<i32> as conflicts.Two",
            "the extension code 201: Twice<u8> as conflicts.Plain, Twice<u16> as conflicts.Coded",
        ]
    );
}

#[test]
fn an_instance_with_two_names_has_none() {
    use conflicts::Twice;

    let conflict = "the Rust type derive_generics::conflicts::Twice<i32> is claimed by";
    let error = dumps(&Twice(1)).unwrap_err();
    assert!(error.to_string().starts_with(conflict), "{error}");
    let refusal = refusal::<Twice<i32>>(&call("conflicts", "One", "I1\n"));
    assert!(refusal.starts_with(conflict), "{refusal}");
    assert!(refusal.ends_with("(at byte 22)"), "{refusal}");
    is_dumped_as(&Twice("a".to_owned()), "conflicts:Twice");
}

#[test]
fn instances_of_one_name_are_dumped_and_loaded_as_what_they_are() {
    use conflicts::{Plain, Shared, Twice};

    is_dumped_as(&Shared::Variant(1_i32), "conflicts:Same.Variant");
    is_dumped_as(&Shared::Variant(1_u32), "conflicts:Same.Variant");
    is_dumped_as(&Twice(1_u8), "conflicts:Plain");
    is_dumped_as(&Plain, "conflicts:Plain");
    for bytes in [
        dumps(&Shared::Variant(1_i32)).unwrap(),
        dumps(&Plain).unwrap(),
    ] {
        let error = loads::<Box<dyn Area>>(&bytes).err().unwrap();
        let is_conflict = matches!(error.kind(), ErrorKind::Lookup(LookupError::Conflict(_)));
        assert!(is_conflict, "{error}");
    }
}
