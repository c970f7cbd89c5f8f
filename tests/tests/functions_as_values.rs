//! Functions and classes as values: by name.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{HashMap, HashSet};

use pickle_core::copyreg::{self, Registered};
use pickle_core::registry::Mistake;
use pickle_core::{
    ErrorKind, Function, LookupError, QualName, Reduce, Reduction, TypeOf, dumps, loads, registry,
};

pickle_core::module!("app");

#[pickle_core::function]
fn double(x: i32) -> i32 {
    2 * x
}

#[pickle_core::function(name = "half", alias = "app.old:halve")]
fn halve(x: i32) -> i32 {
    x / 2
}

#[pickle_core::function]
fn length(text: &str) -> usize {
    text.len()
}

#[pickle_core::function]
fn longest<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.len() < other.len() { other } else { one }
}

#[pickle_core::function]
fn trimmed(text: &str) -> &str {
    text.trim()
}

#[pickle_core::function]
fn shout(texts: &mut [String], times: usize) {
    texts
        .iter_mut()
        .for_each(|text| *text += &"!".repeat(times));
}

#[derive(Clone, Debug, PartialEq)]
struct Doubled(i32);

#[pickle_core::constructor]
fn doubled(x: i32) -> Doubled {
    Doubled(2 * x)
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(alias = "app.old:Person")]
struct User {
    name: String,
}

#[derive(Reduce)]
enum Shape {
    Circle { radius: f64 },
    Point,
}

#[derive(Reduce)]
struct Generic<T>(T);

#[derive(Reduce, Debug, PartialEq)]
#[reduce(constructor = Range::new, with = Range::reduced)]
struct Range {
    end: u32,
}

#[pickle_core::constructors]
impl Range {
    #[constructor]
    fn new(end: u32) -> Self {
        Self { end }
    }

    fn reduced(&self) -> Reduction<'_> {
        Reduction::new(Self::new, (self.end,))
    }
}

type IntToInt = Function<fn(i32) -> i32>;

#[test]
fn a_function_is_dumped_by_name_and_called_when_loaded() {
    let function = IntToInt::new(double).unwrap();
    assert_eq!(function(2), 4);
    assert_eq!(function.name(), &QualName::new("app", "double"));
    let bytes = dumps(&(function, function)).unwrap();
    let (one, other): (IntToInt, IntToInt) = loads(&bytes).unwrap();
    assert_eq!((one(3), other), (6, function));
    assert_eq!(format!("{function:?}"), "Function(app.double)");
}

#[test]
fn functions_are_equal_by_name() {
    let functions = [double, halve];
    let [double, halve] = [IntToInt::new(double), IntToInt::new(halve)].map(Result::unwrap);
    assert_ne!(double, halve);
    let set = HashSet::from([double, halve, double]);
    assert_eq!(set.len(), functions.len());
    let loaded: HashSet<IntToInt> = loads(&dumps(&set).unwrap()).unwrap();
    assert_eq!(loaded, set);
}

#[test]
fn an_alias_is_read_and_never_written() {
    let loaded: IntToInt = loads(b"capp.old\nhalve\n.").unwrap();
    assert_eq!(loaded(8), 4);
    assert_eq!(loaded.name().to_string(), "app.half");
    assert!(
        dumps(&loaded)
            .unwrap()
            .ends_with(b"\x8c\x03app\x94\x8c\x04half\x93\x94.")
    );
}

#[test]
fn parameters_may_be_borrowed() {
    let length = Function::<fn(&str) -> usize>::new(length).unwrap();
    let text = "spam".to_owned();
    let loaded: Function<fn(&str) -> usize> = loads(&dumps(&length).unwrap()).unwrap();
    assert_eq!(loaded(&text), 4);
    let longest = Function::<for<'a> fn(&'a str, &'a str) -> &'a str>::new(longest).unwrap();
    assert_eq!(longest(&text, "eggs!"), "eggs!");
    let trimmed = Function::<fn(&str) -> &str>::new(trimmed).unwrap();
    assert_eq!(trimmed(" x "), "x");
    let shout = Function::<fn(&mut [String], usize)>::new(shout).unwrap();
    let mut texts = vec![text];
    shout(&mut texts, 2);
    assert_eq!(texts, ["spam!!"]);
}

#[test]
fn constructors_are_values_too() {
    let function = Function::<fn(i32) -> Doubled>::new(doubled).unwrap();
    let loaded: Function<fn(i32) -> Doubled> = loads(&dumps(&function).unwrap()).unwrap();
    assert_eq!(loaded(1), Doubled(2));
    let called: Registered<Doubled> = loads(b"capp\ndoubled\n(I1\ntR.").unwrap();
    assert_eq!(called.0, Doubled(2));
}

#[test]
fn a_classs_constructor_is_the_class() {
    let function = Function::<fn(u32) -> Range>::new(Range::new).unwrap();
    assert_eq!(function.name(), &QualName::new("app", "Range"));
    let bytes = dumps(&function).unwrap();
    assert!(bytes.ends_with(b"\x8c\x05Range\x93\x94."));
    loads::<TypeOf<Range>>(&bytes).unwrap();
    for pickle in [&bytes, &b"\x80\x04\x8c\x03app\x8c\x09Range.new\x93."[..]] {
        let loaded: Function<fn(u32) -> Range> = loads(pickle).unwrap();
        assert_eq!(loaded, function);
        assert_eq!(loaded(3), Range { end: 3 });
    }
    let range: Range = loads(&dumps(&Range { end: 4 }).unwrap()).unwrap();
    assert_eq!(range, Range { end: 4 });
}

#[test]
fn a_function_that_is_no_constructor_cannot_be_called_by_a_pickle() {
    let error = loads::<Registered<i32>>(b"capp\ndouble\n(I1\ntR.").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NoConstructor { .. }),
        "{error}"
    );
}

#[test]
fn another_signature_is_an_error() {
    let error = Function::<fn(i64) -> i64>::new(double).unwrap_err();
    assert_eq!(error.to_string(), "app.double is no `fn(i64) -> i64`");
    let error = loads::<Function<fn(&str) -> usize>>(b"capp\ndouble\n.").unwrap_err();
    let ErrorKind::WrongSignature { function, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(function.qualname(), "double");
    assert!(
        error.to_string().ends_with("-> usize` (at byte 0)"),
        "{error}"
    );
}

#[test]
fn what_is_no_registered_function_is_an_error() {
    fn stranger(x: i32) -> i32 {
        x
    }
    let error = IntToInt::new(stranger).unwrap_err();
    assert!(
        error.to_string().contains("::stranger is not registered"),
        "{error}"
    );

    let error = loads::<Vec<IntToInt>>(b"(capp\nduoble\nl.").unwrap_err();
    let ErrorKind::Lookup(LookupError::Unknown { near, .. }) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(near[0], QualName::new("app", "double"));
    assert_eq!(
        (error.offset(), error.path().to_string()),
        (Some(1), "$[0]".to_owned())
    );

    let error = loads::<IntToInt>(b"capp\nUser\n.").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NoConstructor { .. }),
        "{error}"
    );
    let error = loads::<IntToInt>(b"I1\n.").unwrap_err();
    let message = "expected the name of a `fn(i32) -> i32`, found int 1 (at byte 0)";
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_function_that_is_registered_at_run_time_is_no_value() {
    fn late(x: i32) -> Doubled {
        Doubled(x)
    }
    copyreg::constructor::<Doubled, _>(QualName::new("app.late", "late"), late).unwrap();
    let error = Function::<fn(i32) -> Doubled>::new(late).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WrongSignature { .. }),
        "{error}"
    );
}

#[test]
fn a_class_is_dumped_by_name() {
    let class = TypeOf::<User>::new();
    let bytes = dumps(&class).unwrap();
    assert!(bytes.ends_with(b"\x8c\x03app\x94\x8c\x04User\x93\x94."));
    assert_eq!(loads::<TypeOf<User>>(&bytes).unwrap(), class);
    assert_eq!(
        loads::<TypeOf<User>>(b"capp.old\nPerson\n.").unwrap(),
        class
    );
    assert_eq!(TypeOf::<User>::name().unwrap().to_string(), "app.User");
    loads::<TypeOf<Shape>>(b"capp\nShape\n.").unwrap();
    loads::<TypeOf<Shape>>(b"\x80\x04\x8c\x03app\x8c\x0cShape.Circle\x93.").unwrap();
    assert!(dumps(&[Shape::Circle { radius: 1.0 }, Shape::Point]).is_ok());
}

#[test]
fn another_class_is_an_error() {
    let error = loads::<TypeOf<User>>(b"capp\nShape\n.").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected app.User, found app.Shape (at byte 0)"
    );
    let error = loads::<TypeOf<User>>(b"I1\n.").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected the class app.User, found int 1 (at byte 0)"
    );
    let error = dumps(&TypeOf::<Generic<i32>>::new()).unwrap_err();
    assert!(
        error.to_string().contains("Generic<i32> is not registered"),
        "{error}"
    );
    let error = loads::<TypeOf<Generic<i32>>>(b"capp\nGeneric\n.").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Lookup(_)), "{error}");
    assert!(dumps(&Generic(1)).is_ok());
}

#[test]
fn any_global_is_data_by_name() {
    let names = [
        QualName::new("app", "User"),
        QualName::new("nobody", "knows.this"),
        QualName::new("builtins", "len"),
    ];
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        let mut pickler = pickle_core::Pickler::new(&mut bytes).protocol(protocol);
        // Nested names are calls of getattr below protocol 4.
        pickler.dump(&names.iter().collect::<Vec<_>>()).unwrap();
        let loaded: Vec<QualName<'static>> = loads(&bytes).unwrap();
        assert_eq!(loaded, names, "protocol {protocol}");
    }
    let by_name: HashMap<String, QualName<'static>> =
        loads(b"(dVkey\nc__builtin__\nunichr\ns.").unwrap();
    assert_eq!(by_name["key"], QualName::new("builtins", "chr"));
    let error = loads::<QualName<'static>>(b"Vapp.User\n.").unwrap_err();
    assert!(
        error.to_string().starts_with("expected a class, function"),
        "{error}"
    );
}

mod as_arguments {
    use super::*;

    pickle_core::module!("app");

    #[derive(Debug, PartialEq)]
    struct Task(String);

    #[pickle_core::constructor]
    #[expect(clippy::needless_pass_by_value, reason = "arguments are handed over")]
    fn task(
        function: Function<fn(i32) -> i32>,
        class: TypeOf<User>,
        any: QualName<'static>,
        other: QualName<'static>,
    ) -> Task {
        Task(format!("{} {class:?} {any} {other}", function(1)))
    }

    struct Dumped;

    impl Reduce for Dumped {
        fn reduce(&self, p: &mut pickle_core::Pickler<'_>) -> pickle_core::Result<()> {
            let double = IntToInt::new(double)?;
            let class = TypeOf::<User>::new();
            p.reduction(Reduction::new(
                task,
                (double, class, QualName::new("x", "y"), class),
            ))
        }
    }

    #[test]
    fn they_fit_parameters_of_their_types_and_of_any_name() {
        let Registered(Task(text)) = loads(&dumps(&Dumped).unwrap()).unwrap();
        assert_eq!(text, "2 TypeOf(functions_as_values::User) x.y app.User");
    }
}

mod checks {
    use pickle_core::__private::{Entry, LinkedClass, Location, RustType, Target, inventory};

    use super::*;

    struct Made;
    struct Unmade;

    fn unregistered() -> Unmade {
        Unmade
    }

    macro_rules! class {
        ($type:ident, $constructor:path) => {
            inventory::submit! {
                LinkedClass(Entry::new(
                    QualName::new("app.checks", stringify!($type)),
                    RustType::of::<$type>(),
                    Location { file: file!(), line: line!() },
                    Target::Class { constructor: Some(RustType::of_val(&$constructor)) },
                ))
            }
        };
    }

    class!(Made, doubled);
    class!(Unmade, unregistered);

    #[test]
    fn check_finds_constructors_that_do_not_make_their_class() {
        let mistakes = registry::check().unwrap_err();
        let mut wrong: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        wrong.sort();
        let file = file!();
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        for (wrong, (name, end)) in wrong.iter().zip([
            (
                "Made",
                "functions_as_values::doubled, makes a functions_as_values::Doubled",
            ),
            (
                "Unmade",
                "functions_as_values::checks::unregistered, is not registered: it needs a \
                 `#[constructor]`",
            ),
        ]) {
            let start = format!(
                "the constructor of functions_as_values::checks::{name} (registered as \
                 app.checks.{name} at {file}:"
            );
            assert!(wrong.starts_with(&start) && wrong.ends_with(end), "{wrong}");
        }
        assert!(
            mistakes
                .iter()
                .all(|mistake| matches!(mistake, Mistake::Constructor(_)))
        );
    }

    #[test]
    fn a_constructor_that_makes_another_type_is_an_error_when_it_is_called() {
        let error = loads::<Registered<Made>>(b"capp.checks\nMade\n(I1\ntR.").map(|_| ());
        let error = error.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::WrongOutput { .. }),
            "{error}"
        );
        let error = loads::<Registered<Unmade>>(b"capp.checks\nUnmade\n(I1\ntR.").map(|_| ());
        assert!(matches!(error.unwrap_err().kind(), ErrorKind::Lookup(_)));
    }
}
