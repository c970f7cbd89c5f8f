//! Instances of generic types, which are classes of their own in Python.

use std::rc::Rc;

use pickle_core::{Reduce, object, register};

use super::{Case, looked_at, same, value};

pickle_core::module!("generics");

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(register(Wrapper<i64> as "generics.IntWrapper"))]
#[reduce(register(Wrapper<String> as "generics:Text.Wrapper"))]
struct Wrapper<T> {
    value: T,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
enum Shape<T> {
    Circle { radius: T },
    Dot {},
}

#[derive(Reduce, Clone, Debug, PartialEq)]
enum Level<const BASE: u8> {
    Low = 1,
    High = 2,
}

/// What instances have in common.
#[object]
trait Area: Reduce {
    fn area(&self) -> f64;
}

impl<T: Reduce + Copy + Into<f64>> Area for Shape<T> {
    fn area(&self) -> f64 {
        match *self {
            Shape::Circle { radius } => 3.0 * radius.into() * radius.into(),
            Shape::Dot {} => 0.0,
        }
    }
}

register! {
    Shape<i32> as "generics.IntShape": dyn Area;
    Shape<f64> as "generics.FloatShape": dyn Area;
    Level<10> as "generics.Level10";
}

pub(crate) fn instances() -> Vec<Case> {
    let text = || Wrapper {
        value: "a".to_owned(),
    };
    let shapes: fn() -> Vec<Rc<dyn Area>> = || {
        vec![
            Rc::new(Shape::Circle { radius: 2 }),
            Rc::new(Shape::Circle { radius: 0.5 }),
            Rc::new(Shape::<i32>::Dot {}),
        ]
    };
    vec![
        value("generics.IntWrapper(1)", Wrapper { value: 1_i64 }),
        value("generics.Text.Wrapper(u'a')", text()).not_written_by_2(),
        value("generics.Wrapper(0.5)", Wrapper { value: 0.5 }),
        value(
            "generics.Wrapper((generics.Text.Wrapper(u'a'), generics.IntWrapper(1)))",
            Wrapper {
                value: (text(), Wrapper { value: 1_i64 }),
            },
        )
        .not_written_by_2(),
        value("generics.IntShape.Circle(1)", Shape::Circle { radius: 1 }).not_written_by_2(),
        value(
            "generics.FloatShape.Circle(0.5)",
            Shape::Circle { radius: 0.5 },
        )
        .not_written_by_2(),
        value("generics.FloatShape.Dot()", Shape::<f64>::Dot {}).not_written_by_2(),
        value("generics.Level10.HIGH", Level::<10>::High).since(3, 6),
        looked_at(
            "(lambda c: [c, generics.FloatShape.Circle(0.5), generics.IntShape.Dot()])\
             (generics.IntShape.Circle(2))",
            shapes,
            |shapes: &Vec<Rc<dyn Area>>| {
                let areas: Vec<_> = shapes.iter().map(|shape| shape.area()).collect();
                same(&areas, &vec![12.0, 0.75, 0.0])
            },
        )
        .holding(
            "[type(o) for o in obj] == [generics.IntShape.Circle, generics.FloatShape.Circle, \
             generics.IntShape.Dot] and (obj[0].radius, obj[1].radius) == (2, 0.5)",
        )
        .not_written_by_2(),
    ]
    .into_iter()
    .map(Case::importing_generics)
    .collect()
}

impl Case {
    /// Expressions see few modules of their own accord.
    fn importing_generics(mut self) -> Self {
        const IMPORTED: &str = "(__import__('generics'))";
        self.python = format!("(lambda generics: {}){IMPORTED}", self.python);
        let holds = self.holds.as_ref();
        self.holds =
            holds.map(|holds| format!("(lambda obj: lambda generics: {holds})(obj){IMPORTED}"));
        self
    }
}
