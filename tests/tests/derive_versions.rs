//! `version` and `migrate`: types whose shape has changed, and pickles of all the shapes it had.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::error::Error as _;
use std::rc::Rc;

use pickle_core::{
    Construct, ErrorKind, Graph, Limits, Pickler, Reduce, Unpickler, View, dumps, loads, module,
    object,
};
use pickle_tests::repr::repr;

module!("app");

/// The shape of today.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(version = 3, migrate = UserV2)]
struct User {
    name: String,
    emails: Vec<String>,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "User", version = 2, migrate = UserV1, no_register)]
struct UserV2 {
    name: String,
    email: Option<String>,
}

/// From before there were versions.
#[derive(Reduce, Debug, PartialEq)]
#[reduce(name = "User", no_register)]
struct UserV1 {
    first: String,
    last: String,
}

impl From<UserV1> for UserV2 {
    fn from(user: UserV1) -> Self {
        UserV2 {
            name: format!("{} {}", user.first, user.last),
            email: None,
        }
    }
}

#[derive(Debug, PartialEq)]
struct NoAddress(String);

impl std::fmt::Display for NoAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is no address", self.0)
    }
}

impl std::error::Error for NoAddress {}

impl TryFrom<UserV2> for User {
    type Error = NoAddress;

    fn try_from(user: UserV2) -> Result<Self, NoAddress> {
        match user.email {
            Some(email) if !email.contains('@') => Err(NoAddress(email)),
            email => Ok(User {
                name: user.name,
                emails: email.into_iter().collect(),
            }),
        }
    }
}

fn graph(value: &impl Reduce) -> Graph<'static> {
    let bytes = dumps(value).unwrap();
    Unpickler::new().graph(&bytes).unwrap().into_owned()
}

/// The attributes of the only state, in order, as text.
fn state(value: &impl Reduce) -> Vec<String> {
    let graph = graph(value);
    let View::Object(object) = graph.root().view() else {
        panic!("no object");
    };
    let mut states = object.states();
    let state = states.next().unwrap();
    assert!(states.next().is_none());
    state
        .entries()
        .map(|(key, value)| format!("{}={}", key.as_str().unwrap(), repr(value).unwrap()))
        .collect()
}

/// An instance of a class of `app`, whose state is an expression of the text protocol.
fn instance(class: &str, state: &str) -> Vec<u8> {
    format!("ccopy_reg\n_reconstructor\n(capp\n{class}\nc__builtin__\nobject\nNtR{state}b.")
        .into_bytes()
}

/// A `User` with text as attributes, of a version.
fn user(version: Option<&str>, attributes: &[(&str, &str)]) -> Vec<u8> {
    let mut state = "(d".to_owned();
    if let Some(version) = version {
        state += &format!("V__version__\n{version}\ns");
    }
    for (name, value) in attributes {
        state += &format!("V{name}\nV{value}\ns");
    }
    instance("User", &state)
}

mod writing {
    use super::*;

    #[test]
    fn the_version_is_the_first_attribute() {
        let user = User {
            name: "Ada".into(),
            emails: vec![],
        };
        assert_eq!(state(&user), ["__version__=3", "name='Ada'", "emails=[]"]);
        let bytes = dumps(&user).unwrap();
        assert_eq!(loads::<User>(&bytes).unwrap(), user);
    }

    #[test]
    fn a_type_without_has_none() {
        let user = UserV1 {
            first: "Ada".into(),
            last: "Lovelace".into(),
        };
        assert_eq!(state(&user), ["first='Ada'", "last='Lovelace'"]);
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1)]
    struct Empty {}

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1)]
    struct WithArgument {
        #[reduce(arg)]
        x: i32,
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1)]
    struct WithKeyword {
        #[reduce(arg)]
        x: i32,
        #[reduce(kwarg)]
        y: i32,
        z: i32,
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1, as = "reduce")]
    struct Called {
        x: i32,
        #[reduce(late)]
        y: i32,
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1, as = "newobj")]
    struct Made {
        x: i32,
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1, as = "dict")]
    struct Dict {
        x: i32,
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1)]
    struct Sometimes {
        #[reduce(default, skip_serializing_if = Option::is_none)]
        x: Option<i32>,
    }

    fn round_trip<T: Reduce + for<'g> Construct<'g> + PartialEq + std::fmt::Debug>(value: &T) {
        for protocol in 0..=5 {
            let mut bytes = Vec::new();
            let mut pickler = Pickler::new(&mut bytes).protocol(protocol);
            pickler.dump(value).unwrap();
            assert_eq!(&loads::<T>(&bytes).unwrap(), value, "protocol {protocol}");
        }
    }

    #[test]
    fn every_form_has_a_state_for_it() {
        assert_eq!(state(&Empty {}), ["__version__=1"]);
        assert_eq!(state(&WithArgument { x: 1 }), ["__version__=1"]);
        let keyword = WithKeyword { x: 1, y: 2, z: 3 };
        assert_eq!(state(&keyword), ["__version__=1", "z=3"]);
        assert_eq!(state(&Called { x: 1, y: 2 }), ["__version__=1", "y=2"]);
        assert_eq!(state(&Made { x: 1 }), ["__version__=1"]);
        assert_eq!(state(&Sometimes { x: None }), ["__version__=1"]);
        assert_eq!(
            repr(graph(&Dict { x: 2 }).root()).unwrap(),
            "{'__version__': 1, 'x': 2}"
        );
        round_trip(&Empty {});
        round_trip(&WithArgument { x: 1 });
        round_trip(&keyword);
        round_trip(&Called { x: 1, y: 2 });
        round_trip(&Made { x: 1 });
        round_trip(&Dict { x: 1 });
        round_trip(&Sometimes { x: None });
        round_trip(&Sometimes { x: Some(1) });
    }

    #[test]
    fn a_type_that_is_only_dumped_has_a_version() {
        #[derive(Reduce)]
        #[reduce(version = 7, dump_only)]
        struct Page<'a> {
            lines: &'a [&'a str],
        }

        let page = Page { lines: &["one"] };
        assert_eq!(state(&page), ["__version__=7", "lines=['one']"]);
    }

    #[test]
    fn the_largest_version_is_written_as_any_int() {
        #[derive(Reduce, Debug, PartialEq)]
        #[reduce(version = 18_446_744_073_709_551_615)]
        struct Last {}

        round_trip(&Last {});
    }
}

mod reading {
    use super::*;

    #[test]
    fn older_shapes_are_chained() {
        let ada = |emails: &[&str]| User {
            name: "Ada Lovelace".into(),
            emails: emails.iter().map(ToString::to_string).collect(),
        };
        let first = user(None, &[("first", "Ada"), ("last", "Lovelace")]);
        assert_eq!(loads::<User>(&first).unwrap(), ada(&[]));
        let first = user(Some("I1"), &[("first", "Ada"), ("last", "Lovelace")]);
        assert_eq!(loads::<User>(&first).unwrap(), ada(&[]));
        let second = user(Some("I2"), &[("name", "Ada Lovelace"), ("email", "a@b")]);
        assert_eq!(loads::<User>(&second).unwrap(), ada(&["a@b"]));
        let bytes = dumps(&ada(&["a@b"])).unwrap();
        assert_eq!(loads::<User>(&bytes).unwrap(), ada(&["a@b"]));
    }

    #[test]
    fn the_type_of_an_older_shape_reads_the_shapes_before() {
        let first = user(None, &[("first", "Ada"), ("last", "Lovelace")]);
        assert_eq!(loads::<UserV2>(&first).unwrap().name, "Ada Lovelace");
    }

    #[test]
    fn a_conversion_that_fails_is_the_source() {
        let bytes = user(Some("I2"), &[("name", "Ada"), ("email", "nowhere")]);
        let error = loads::<Vec<User>>(&[b"(", &bytes[..bytes.len() - 1], b"l."].concat());
        let error = error.unwrap_err();
        assert_eq!(error.path().to_string(), "$[0]");
        assert_eq!(
            error.to_string(),
            "app.User could not be migrated from version 2 to version 3 (at byte 59, in $[0])"
        );
        assert!(matches!(
            error.kind(),
            ErrorKind::Migration {
                found: Some(2),
                known: 3,
                ..
            }
        ));
        let source = error.source().unwrap().downcast_ref::<NoAddress>();
        assert_eq!(source, Some(&NoAddress("nowhere".into())));
    }

    #[test]
    fn an_old_shape_that_is_broken_is_an_error_with_its_path() {
        let bytes = user(None, &[("first", "Ada")]);
        let error = loads::<User>(&bytes).unwrap_err();
        assert_eq!(
            error.to_string(),
            "app.User lacks the attribute `last` (at byte 58)"
        );
        let bytes = instance("User", "(dVfirst\nI1\nsVlast\nVx\ns");
        let error = loads::<User>(&bytes).unwrap_err();
        assert_eq!(error.path().to_string(), "$.first");
    }

    #[test]
    fn a_newer_shape_is_an_error_that_says_so() {
        let error = loads::<User>(&user(Some("I4"), &[])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "app.User is of version 4, which a newer program wrote: version 3 is the highest that \
             this one knows (at byte 58)"
        );
        assert!(matches!(
            error.kind(),
            ErrorKind::NewerVersion {
                found: 4,
                known: 3,
                ..
            }
        ));
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 2)]
    struct Alone {
        x: i32,
    }

    #[test]
    fn without_migrate_no_version_is_the_own_one() {
        let bytes = instance("Alone", "(dVx\nI1\ns");
        assert_eq!(loads::<Alone>(&bytes).unwrap(), Alone { x: 1 });
        let bytes = instance("Alone", "(dV__version__\nI2\nsVx\nI1\ns");
        assert_eq!(loads::<Alone>(&bytes).unwrap(), Alone { x: 1 });
    }

    #[test]
    fn without_migrate_every_other_version_is_an_error() {
        let error = loads::<Alone>(&instance("Alone", "(dV__version__\nI1\nsVx\nI1\ns"));
        let error = error.unwrap_err();
        assert_eq!(
            error.to_string(),
            "app.Alone is of version 1, which nothing migrates to version 2: `migrate` names the type \
             that reads it (at byte 59)"
        );
        assert!(matches!(
            error.kind(),
            ErrorKind::OlderVersion {
                found: 1,
                known: 2,
                ..
            }
        ));
        let error = loads::<Alone>(&instance("Alone", "(dV__version__\nI3\nsVx\nI1\ns"));
        assert!(matches!(
            error.unwrap_err().kind(),
            ErrorKind::NewerVersion {
                found: 3,
                known: 2,
                ..
            }
        ));
    }

    /// Nobody named a type of version 4.
    #[derive(Reduce, Debug)]
    #[reduce(name = "User", version = 5, migrate = User, no_register)]
    struct Gap {
        name: String,
    }

    impl From<User> for Gap {
        fn from(user: User) -> Self {
            Gap { name: user.name }
        }
    }

    #[test]
    fn a_version_that_the_chain_leaps_over_was_not_written_by_a_newer_program() {
        let error = loads::<Gap>(&user(Some("I4"), &[])).unwrap_err();
        assert!(matches!(
            error.kind(),
            ErrorKind::OlderVersion {
                found: 4,
                known: 5,
                ..
            }
        ));
        assert!(loads::<Gap>(&user(Some("I2"), &[("name", "x"), ("email", "@")])).is_ok());
    }

    #[test]
    fn a_version_is_an_int() {
        let message = |version| {
            let bytes = instance("User", &format!("(dV__version__\n{version}s"));
            let error = loads::<User>(&bytes).unwrap_err();
            assert_eq!(error.path().to_string(), "$.__version__");
            error.to_string().split(" (").next().unwrap().to_owned()
        };
        assert_eq!(message("V3\n"), "expected an int, found str '3'");
        assert_eq!(message("N"), "expected an int, found None");
        assert_eq!(message("I01\n"), "expected an int, found bool True");
        assert_eq!(message("I-1\n"), "-1 does not fit u64");
        let huge = message("L18446744073709551616L\n");
        assert_eq!(huge, "18446744073709551616 does not fit u64");
    }

    #[test]
    fn it_is_found_wherever_python_keeps_attributes() {
        let found = |state: &str| loads::<Alone>(&instance("Alone", state));
        let is_newer = |state: &str| {
            let error = found(state).unwrap_err();
            matches!(error.kind(), ErrorKind::NewerVersion { found: 3, .. })
        };
        // An instance dict, and slots.
        assert!(is_newer("((dV__version__\nI3\ns(dVx\nI1\nst"));
        assert!(is_newer("((dVx\nI1\ns(dV__version__\nI3\nst"));
        assert!(is_newer("(N(dV__version__\nI3\nsVx\nI1\nst"));
        // Behind all others, and set twice.
        assert!(is_newer("(dVx\nI1\nsV__version__\nI3\ns"));
        assert!(is_newer("(dV__version__\nI2\nsV__version__\nI3\ns"));
        assert!(found("(dV__version__\nI3\nsV__version__\nI2\nsVx\nI1\ns").is_ok());
        // A keyword argument.
        let keyword = b"\x80\x04\x8c\x03app\x8c\x05Alone\x93)}\x8c\x0b__version__K\x03s\x92.";
        assert!(matches!(
            loads::<Alone>(keyword).unwrap_err().kind(),
            ErrorKind::NewerVersion { found: 3, .. }
        ));
        // A list of values, as of a frozen dataclass with slots, has none.
        assert_eq!(found("(lI1\na").unwrap(), Alone { x: 1 });
    }

    #[test]
    fn two_states_count_as_they_are_set() {
        let bytes = instance(
            "Alone",
            "(dV__version__\nI3\nsVx\nI1\nsb(dV__version__\nI2\ns",
        );
        assert_eq!(loads::<Alone>(&bytes).unwrap(), Alone { x: 1 });
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(as = "dict", version = 2, migrate = OptionsV1)]
    struct Options {
        delay: f64,
    }

    #[derive(Reduce)]
    #[reduce(as = "dict")]
    struct OptionsV1 {
        millis: u16,
    }

    impl From<OptionsV1> for Options {
        fn from(options: OptionsV1) -> Self {
            Options {
                delay: f64::from(options.millis) / 1000.0,
            }
        }
    }

    #[test]
    fn dicts_have_versions() {
        let half = Options { delay: 0.5 };
        assert_eq!(loads::<Options>(b"(dVmillis\nI500\ns.").unwrap(), half);
        let bytes = b"(dV__version__\nI1\nsVmillis\nI500\ns.";
        assert_eq!(loads::<Options>(bytes).unwrap(), half);
        let bytes = b"(dV__version__\nI2\nsVdelay\nF0.5\ns.";
        assert_eq!(loads::<Options>(bytes).unwrap(), half);
        assert!(loads::<Options>(b"(dV__version__\nI3\ns.").is_err());
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 2, migrate = CircleB, no_register, name = "Circle")]
    struct CircleA {}

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 2, migrate = CircleA, no_register, name = "Circle")]
    struct CircleB {}

    impl From<CircleA> for CircleB {
        fn from(_: CircleA) -> Self {
            CircleB {}
        }
    }

    impl From<CircleB> for CircleA {
        fn from(_: CircleB) -> Self {
            CircleA {}
        }
    }

    #[test]
    fn types_that_lead_to_each_other_meet_a_limit() {
        let bytes = instance("Circle", "(dV__version__\nI1\ns");
        let error = loads::<CircleA>(&bytes).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::LimitExceeded { .. }));
    }

    #[test]
    fn migrated_values_are_within_the_limits() {
        let bytes = user(None, &[("first", "Ada"), ("last", "Lovelace")]);
        let loaded: Result<User, _> = Unpickler::new().limits(Limits::strict()).loads(&bytes);
        assert_eq!(loaded.unwrap().name, "Ada Lovelace");
    }
}

mod other_attributes {
    use super::*;

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1, deny_unknown_fields)]
    struct Strict {
        x: i32,
    }

    #[test]
    fn a_type_that_refuses_the_unknown_knows_the_version() {
        let strict = Strict { x: 1 };
        assert_eq!(loads::<Strict>(&dumps(&strict).unwrap()).unwrap(), strict);
        let error = loads::<Strict>(&instance("Strict", "(dVy\nI1\ns")).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnknownAttribute { name, .. } if name == "y"));
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Plain {
        x: i32,
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(deny_unknown_fields)]
    struct Refusing {
        x: i32,
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Named {
        __version__: String,
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Open {
        #[reduce(flatten)]
        others: BTreeMap<String, i32>,
    }

    #[test]
    fn to_a_type_without_versions_it_is_an_attribute_like_any_other() {
        let state = "(dV__version__\nI1\nsVx\nI1\ns";
        assert_eq!(
            loads::<Plain>(&instance("Plain", state)).unwrap(),
            Plain { x: 1 }
        );
        let error = loads::<Refusing>(&instance("Refusing", state)).unwrap_err();
        assert!(matches!(
            error.kind(),
            ErrorKind::UnknownAttribute { name, .. } if name == "__version__"
        ));
        let open: Open = loads(&instance("Open", state)).unwrap();
        assert_eq!(open.others["__version__"], 1);
        let named: Named = loads(&instance("Named", "(dV__version__\nV1.0\ns")).unwrap();
        assert_eq!(named.__version__, "1.0");
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 2)]
    struct Outer {
        x: i32,
        #[reduce(flatten)]
        others: BTreeMap<String, i32>,
    }

    #[test]
    fn flattened_maps_do_not_get_the_version_of_their_object() {
        let outer = Outer {
            x: 1,
            others: [("y".to_owned(), 2)].into(),
        };
        assert_eq!(state(&outer), ["__version__=2", "x=1", "y=2"]);
        assert_eq!(loads::<Outer>(&dumps(&outer).unwrap()).unwrap(), outer);
    }

    #[test]
    fn flattened_fields_cannot_claim_the_version() {
        let outer = Outer {
            x: 1,
            others: [("__version__".to_owned(), 1)].into(),
        };
        let error = dumps(&outer).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the attribute `__version__` is the object's version"
        );

        #[derive(Reduce)]
        #[reduce(version = 2)]
        struct AroundNamed {
            #[reduce(flatten)]
            named: Named,
        }
        let named = Named {
            __version__: "1.0".into(),
        };
        assert!(dumps(&AroundNamed { named }).is_err());
    }

    /// Has a version, and is flattened into others.
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 3, migrate = InnerV1)]
    struct Inner {
        y: i32,
    }

    #[derive(Reduce)]
    #[reduce(name = "Inner", no_register)]
    struct InnerV1 {}

    impl TryFrom<InnerV1> for Inner {
        type Error = NoAddress;

        fn try_from(_: InnerV1) -> Result<Self, NoAddress> {
            Err(NoAddress(String::new()))
        }
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Around {
        #[reduce(flatten)]
        inner: Inner,
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1)]
    struct AroundVersioned {
        #[reduce(flatten)]
        inner: Inner,
        #[reduce(flatten)]
        others: BTreeMap<String, i32>,
    }

    /// Attributes are the object's, and so is the version.
    #[test]
    fn a_flattened_type_has_no_version_of_its_own() {
        let around = Around {
            inner: Inner { y: 1 },
        };
        assert_eq!(state(&around), ["y=1"]);
        assert_eq!(loads::<Around>(&dumps(&around).unwrap()).unwrap(), around);
        let bytes = instance("Around", "(dV__version__\nI9\nsVy\nI1\ns");
        assert_eq!(loads::<Around>(&bytes).unwrap(), around);

        let around = AroundVersioned {
            inner: Inner { y: 1 },
            others: BTreeMap::new(),
        };
        assert_eq!(state(&around), ["__version__=1", "y=1"]);
        let loaded: AroundVersioned = loads(&dumps(&around).unwrap()).unwrap();
        assert_eq!(loaded, around);
        let bytes = instance("AroundVersioned", "(dV__version__\nI3\nsVy\nI1\ns");
        assert!(matches!(
            loads::<AroundVersioned>(&bytes).unwrap_err().kind(),
            ErrorKind::NewerVersion {
                found: 3,
                known: 1,
                ..
            }
        ));
    }
}

mod elsewhere {
    use super::*;

    /// Was `Person` in another module, with other names of its attributes, before it had versions.
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 2, migrate = PersonV1, alias = "old.people:Person")]
    struct Account {
        name: String,
        #[reduce(alias = "mail")]
        email: String,
    }

    #[derive(Reduce)]
    #[reduce(module = "old.people", name = "Person", no_register)]
    struct PersonV1 {
        name: Vec<String>,
        #[reduce(alias = "mail")]
        email: String,
    }

    impl From<PersonV1> for Account {
        fn from(person: PersonV1) -> Self {
            Account {
                name: person.name.join(" "),
                email: person.email,
            }
        }
    }

    #[test]
    fn aliases_of_classes_and_attributes_go_with_versions() {
        let bytes = b"cold.people\nPerson\n)\x81}(Vname\n(VAda\nVLovelace\nlVmail\nVa@b\nub.";
        let account: Account = loads(bytes).unwrap();
        assert_eq!(account.name, "Ada Lovelace");
        assert_eq!(account.email, "a@b");
    }

    /// Both are `Shape` to those who look for a trait object.
    #[object]
    trait Shape: Reduce {
        fn area(&self) -> f64;
    }

    #[derive(Reduce)]
    #[reduce(version = 2, migrate = SquareV1)]
    struct Square {
        side: f64,
    }

    #[derive(Reduce)]
    #[reduce(name = "Square", no_register)]
    struct SquareV1 {
        area: f64,
    }

    impl From<SquareV1> for Square {
        fn from(square: SquareV1) -> Self {
            Square {
                side: square.area.sqrt(),
            }
        }
    }

    #[object]
    impl Shape for Square {
        fn area(&self) -> f64 {
            self.side * self.side
        }
    }

    #[test]
    fn trait_objects_are_migrated() {
        let old = instance("Square", "(dVarea\nF4.0\ns");
        let shape: Box<dyn Shape> = loads(&old).unwrap();
        assert_eq!(shape.area().to_bits(), 4.0_f64.to_bits());
        let new = dumps(&Square { side: 2.0 }).unwrap();
        let shape: Rc<dyn Shape> = loads(&new).unwrap();
        assert_eq!(shape.area().to_bits(), 4.0_f64.to_bits());
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 2, migrate = PairV1<T>)]
    struct Pair<T> {
        items: Vec<T>,
    }

    #[derive(Reduce)]
    #[reduce(name = "Pair")]
    struct PairV1<T> {
        left: T,
        right: T,
    }

    impl<T> From<PairV1<T>> for Pair<T> {
        fn from(pair: PairV1<T>) -> Self {
            Pair {
                items: vec![pair.left, pair.right],
            }
        }
    }

    #[test]
    fn generic_types_are_migrated_and_borrow() {
        let old = instance("Pair", "(dVleft\nVa\nsVright\nVb\ns");
        let pair: Pair<&str> = loads(&old).unwrap();
        assert_eq!(pair.items, ["a", "b"]);
        assert!(old.as_ptr_range().contains(&pair.items[0].as_ptr()));
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 2, migrate = LineV1<'a>)]
    struct Line<'a> {
        text: &'a str,
    }

    #[derive(Reduce)]
    #[reduce(name = "Line")]
    struct LineV1<'a> {
        line: &'a str,
    }

    impl<'a> From<LineV1<'a>> for Line<'a> {
        fn from(line: LineV1<'a>) -> Self {
            Line { text: line.line }
        }
    }

    #[test]
    fn types_with_lifetimes_are_migrated() {
        let old = instance("Line", "(dVline\nVspam\ns");
        let line: Line<'_> = loads(&old).unwrap();
        assert_eq!(line.text, "spam");
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(version = 1, migrate = CounterV0)]
    struct Counter {
        count: u64,
    }

    #[derive(Reduce)]
    #[reduce(name = "Counter", version = 0, no_register)]
    struct CounterV0 {
        n: u64,
    }

    impl From<CounterV0> for Counter {
        fn from(counter: CounterV0) -> Self {
            Counter { count: counter.n }
        }
    }

    #[test]
    fn versions_begin_where_one_likes() {
        let counter = Counter { count: 5 };
        let old = instance("Counter", "(dV__version__\nI0\nsVn\nI5\ns");
        assert_eq!(loads::<Counter>(&old).unwrap(), counter);
        let old = instance("Counter", "(dVn\nI5\ns");
        assert_eq!(loads::<Counter>(&old).unwrap(), counter);
    }
}
