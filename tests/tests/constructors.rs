//! Functions that are registered by attribute: what pickles may call them with, and what they
//! return.

#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(
    clippy::needless_pass_by_value,
    clippy::ptr_arg,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    clippy::unnecessary_wraps,
    reason = "signatures are what is tested"
)]

use std::cell::RefCell;
use std::error::Error as _;
use std::fmt;

use pickle_core::copyreg::{self, Registered};
use pickle_core::{
    ErrorKind, Graph, LookupError, Pickler, QualName, Reduce, Reduction, Value, dumps, loads,
    object,
};

pickle_core::module!("app.db");

/// What the constructors make: how they were called.
#[derive(Clone, Debug, PartialEq)]
struct Call(String);

/// Gives its reduction once.
struct Once<'a>(RefCell<Option<Reduction<'a>>>);

impl Reduce for Once<'_> {
    fn reduce(&self, p: &mut Pickler<'_>) -> pickle_core::Result<()> {
        p.reduction(self.0.take().unwrap())
    }
}

fn pickle(reduction: Reduction<'_>) -> Vec<u8> {
    dumps(&Once(RefCell::new(Some(reduction)))).unwrap()
}

fn named<'a>(name: &'static str, args: impl pickle_core::Arguments + 'a) -> Reduction<'a> {
    Reduction::call(QualName::new("app.db", name), args)
}

fn load<T: 'static>(reduction: Reduction<'_>) -> pickle_core::Result<T> {
    loads::<Registered<T>>(&pickle(reduction)).map(|Registered(value)| value)
}

fn called(reduction: Reduction<'_>) -> String {
    load::<Call>(reduction).unwrap().0
}

fn error(reduction: Reduction<'_>) -> String {
    load::<Call>(reduction).unwrap_err().to_string()
}

mod parameters {
    use super::*;

    pickle_core::module!("app.db");

    #[pickle_core::constructor]
    fn connect(
        host: String,
        r#type: &str,
        #[default(5432)] port: u16,
        #[default] retries: u8,
        timeout: Option<f64>,
    ) -> Call {
        Call(format!("{host} {type} {port} {retries} {timeout:?}"))
    }

    #[test]
    fn arguments_are_given_by_position_or_by_name() {
        let all = named("connect", ("a", "b", 1, 2, 3.0));
        assert_eq!(called(all), "a b 1 2 Some(3.0)");
        let names = named("connect", ("a",));
        let names = names.kwarg("timeout", 3.0).kwarg("type", "b");
        assert_eq!(called(names), "a b 5432 0 Some(3.0)");
        let names = named("connect", ()).kwarg("type", "b").kwarg("host", "a");
        assert_eq!(called(names), "a b 5432 0 None");
    }

    #[test]
    fn what_is_missing_has_a_default_or_is_none_or_an_error() {
        assert_eq!(called(named("connect", ("a", "b"))), "a b 5432 0 None");
        assert_eq!(
            called(named("connect", ("a", "b", 1, 2, ()))),
            "a b 1 2 None"
        );
        assert_eq!(
            error(named("connect", ("a",))),
            "app.db.connect is called wrongly: its argument `type` is missing (at byte 35)"
        );
    }

    #[test]
    fn a_call_that_python_refuses_is_an_error() {
        let cases = [
            (
                named("connect", (1, 2, 3, 4, 5, 6)),
                "app.db.connect takes 5 positional arguments, found 6",
            ),
            (
                named("connect", ("a", "b")).kwarg("host", "c"),
                "app.db.connect is called wrongly: its argument `host` is given twice",
            ),
            (
                named("connect", ("a", "b")).kwarg("user", "c"),
                "app.db.connect is called wrongly: its argument `user` is none of its parameters",
            ),
            (
                named("connect", ("a", "b", 70000)),
                "70000 does not fit u16",
            ),
            (named("connect", ("a", 1)), "expected a str, found int 1"),
        ];
        for (reduction, message) in cases {
            let error = error(reduction);
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn an_error_in_an_argument_tells_which() {
        let error = load::<Call>(named("connect", ("a", "b", -1))).unwrap_err();
        assert_eq!(error.path().to_string(), "$.port");
        assert!(error.offset().is_some());
    }

    #[pickle_core::constructor]
    fn add((x, y): (i32, i32), _: i32, [z]: [i32; 1]) -> Call {
        Call(format!("{}", x + y + z))
    }

    #[test]
    fn patterns_are_given_by_position_alone() {
        assert_eq!(called(named("add", ((1, 2), 0, [3]))), "6");
        for name in ["", "_", "x"] {
            let error = error(named("add", ((1, 2), 0)).kwarg(name, [3]));
            assert!(error.contains("is none of its parameters"), "{error}");
        }
        assert!(error(named("add", ((1, 2), 0))).contains("its argument `#3` is missing"));
    }

    #[pickle_core::constructor]
    fn borrowed(
        text: &str,
        bytes: &[u8],
        numbers: &[i32],
        vector: &Vec<String>,
        #[default("utf-8")] encoding: &str,
        #[default] rest: &[u8],
    ) -> Call {
        Call(format!(
            "{text} {bytes:?} {numbers:?} {vector:?} {encoding} {rest:?}"
        ))
    }

    #[test]
    fn parameters_may_borrow_what_the_pickle_holds_in_escapes() {
        // In protocol 0, backslashes are escaped, and bytes are those of a str.
        for protocol in 0..=5 {
            let mut bytes = Vec::new();
            let args = ("\\n", &b"\\\xff"[..], &[1, 2][..], vec!["\n"]);
            let reduction = Once(RefCell::new(Some(Reduction::new(borrowed_4, args))));
            Pickler::new(&mut bytes)
                .protocol(protocol)
                .dump(&reduction)
                .unwrap();
            let Registered(Call(text)) = loads(&bytes).unwrap();
            assert_eq!(text, r#"\n [92, 255] [1, 2] ["\n"] utf-8 []"#);
        }
    }

    #[pickle_core::constructor(alias = "app.old:borrowed")]
    fn borrowed_4(text: &str, bytes: &[u8], numbers: &[i32], vector: &Vec<String>) -> Call {
        borrowed(text, bytes, numbers, vector, "utf-8", &[])
    }

    #[pickle_core::constructor]
    fn anything(value: Value, graph: Graph<'_>, borrowed: &Value) -> Call {
        let class = graph.root().class().unwrap();
        Call(format!("{value:?} {class} {borrowed:?}"))
    }

    #[test]
    fn a_value_or_graph_takes_anything() {
        struct Unknown;
        impl Reduce for Unknown {
            fn reduce(&self, p: &mut Pickler<'_>) -> pickle_core::Result<()> {
                p.reduction(Reduction::call(QualName::new("nobody", "knows"), ()))
            }
        }
        let reduction = named("anything", (vec![1], Unknown, "x"));
        assert_eq!(called(reduction), "[1] nobody.knows 'x'");
    }

    #[pickle_core::constructor]
    fn none() -> Call {
        Call("nothing".into())
    }

    #[pickle_core::constructor]
    fn twelve(
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
    ) -> Call {
        Call(format!("{:?}", [a, b, c, d, e, f, g, h, i, j, k, l]))
    }

    #[test]
    fn a_constructor_has_none_to_twelve() {
        assert_eq!(called(Reduction::new(none, ())), "nothing");
        let reduction = Reduction::new(twelve, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        assert_eq!(called(reduction), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]");
    }

    macro_rules! of_type {
        ($function:ident, $type:ty) => {
            #[pickle_core::constructor]
            fn $function(argument: $type) -> Call {
                Call(format!("{argument:?}"))
            }
        };
    }

    of_type!(of_str, &str);
    of_type!(of_option, Option<u8>);

    #[test]
    fn macros_may_write_the_types() {
        let bytes = b"capp.db\nof_str\n(V\\u000a\ntR.";
        assert_eq!(loads::<Registered<Call>>(bytes).unwrap().0.0, r#""\n""#);
        let reduction = named("of_str", ()).kwarg("argument", "x");
        assert_eq!(called(reduction), r#""x""#);
        assert_eq!(called(named("of_option", ())), "None");
    }

    #[pickle_core::constructor]
    const fn constant(#[cfg_attr(any(), unknown)] mut n: u8) -> u8 {
        n += 1;
        n
    }

    const TWO: u8 = constant(1);

    #[test]
    fn the_function_stays_what_it_is() {
        assert_eq!(load::<u8>(Reduction::new(constant, (TWO,))).unwrap(), 3);
    }
}

mod names {
    use super::*;

    pickle_core::module!("app.db");

    #[pickle_core::constructor(module = "app.moved", name = "made")]
    #[allow(clippy::used_underscore_items, reason = "a name like another")]
    fn _make() -> Call {
        Call("made".into())
    }

    #[pickle_core::constructor(alias = "app.v1:one", alias = "app.v0:one", extension = 0x7abc)]
    fn one() -> Call {
        Call("one".into())
    }

    #[pickle_core::constructor]
    fn r#match() -> Call {
        Call("match".into())
    }

    mod inner {
        use super::Call;

        #[pickle_core::constructor]
        pub(super) fn deep() -> Call {
            Call("deep".into())
        }
    }

    #[test]
    fn the_module_is_that_of_the_attribute_the_file_or_the_path() {
        let global = |name: &str| format!("{name}\n(tR.");
        let cases = [
            ("capp.moved\nmade", "made"),
            ("capp.v1\none", "one"),
            ("capp.v0\none", "one"),
            ("capp.db\none", "one"),
            ("capp.db\nmatch", "match"),
            ("cconstructors.names.inner\ndeep", "deep"),
        ];
        for (name, made) in cases {
            let Registered(Call(text)) = loads(global(name).as_bytes()).unwrap();
            assert_eq!(text, made);
        }
        assert!(pickle(Reduction::new(inner::deep, ())).ends_with(b"deep\x93\x94)R."));
    }

    #[test]
    fn an_extension_code_is_written_for_the_name() {
        let bytes = pickle(Reduction::new(one, ()));
        assert!(bytes.ends_with(b"\x83\xbc\x7a)R."));
        let Registered(Call(text)) = loads(&bytes).unwrap();
        assert_eq!(text, "one");
    }

    #[test]
    fn a_function_that_nobody_registered_prints_its_path() {
        fn stranger() -> Call {
            Call(String::new())
        }
        let once = Once(RefCell::new(Some(Reduction::new(stranger, ()))));
        let error = dumps(&once).unwrap_err();
        assert!(error.to_string().contains("::stranger is not registered"));
    }

    #[test]
    fn a_name_that_nobody_registered_has_near_misses() {
        let error = load::<Call>(named("matc", ())).unwrap_err();
        let ErrorKind::Lookup(LookupError::Unknown { near, .. }) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(near[0], QualName::new("app.db", "match"));
    }

    #[test]
    fn functions_in_functions_are_registered_too() {
        #[pickle_core::constructor(module = "app.local")]
        fn local() -> Call {
            Call("local".into())
        }
        assert_eq!(called(Reduction::new(local, ())), "local");
    }

    #[pickle_core::constructor(crate = "::pickle_core")]
    #[cfg(any())]
    fn absent() -> Nothing {}

    #[test]
    fn nothing_is_registered_that_is_configured_away() {
        assert!(error(named("absent", ())).contains("app.db.absent is not registered"));
    }
}

mod returns {
    use super::*;

    pickle_core::module!("app.db");

    #[derive(Debug, PartialEq)]
    struct Refused(&'static str);

    impl fmt::Display for Refused {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "refused: {}", self.0)
        }
    }

    impl std::error::Error for Refused {}

    type Answer<T> = Result<T, Refused>;

    #[pickle_core::constructor]
    fn aliased(ok: bool) -> Answer<Call> {
        ok.then(|| Call("made".into()))
            .ok_or(Refused("it is false"))
    }

    #[pickle_core::constructor]
    fn worded(ok: bool) -> Result<Call, &'static str> {
        ok.then(|| Call("made".into())).ok_or("no")
    }

    #[pickle_core::constructor]
    fn boxed(ok: bool) -> Result<Call, Box<dyn std::error::Error + Send + Sync>> {
        Ok(aliased(ok)?)
    }

    #[pickle_core::constructor]
    fn ours(ok: bool) -> pickle_core::Result<Call> {
        let text = if ok { dumps(&1) } else { dumps(&"made") }?;
        loads::<i32>(&text).map(|_| Call("made".into()))
    }

    #[test]
    fn a_result_is_a_value_or_the_errors_source() {
        for name in ["aliased", "worded", "boxed", "ours"] {
            assert_eq!(called(named(name, (true,))), "made", "{name}");
        }
        let pickle = pickle(named("aliased", (false,)));
        let error =
            loads::<Vec<Registered<Call>>>(&[b"(", &pickle[11..pickle.len() - 1], b"l."].concat());
        let error = error.map(|_| ()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Failed { .. }), "{error}");
        assert!(error.to_string().contains("aliased failed"), "{error}");
        let source = error.source().unwrap().downcast_ref::<Refused>();
        assert_eq!(source, Some(&Refused("it is false")));
        assert_eq!(error.path().to_string(), "$[0]");
        assert_eq!(error.offset(), Some(23));

        let error = load::<Call>(named("worded", (false,))).unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "no");
        let error = load::<Call>(named("boxed", (false,))).unwrap_err();
        assert!(error.source().unwrap().is::<Refused>());
        let error = load::<Call>(named("ours", (false,))).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WrongType { .. }));
    }

    #[pickle_core::constructor]
    fn optional(some: bool) -> Option<Call> {
        some.then(|| Call("some".into()))
    }

    #[pickle_core::constructor]
    fn hidden(n: u32) -> impl Fn(u32) -> u32 + 'static {
        move |m| n + m
    }

    #[test]
    fn any_type_can_be_returned() {
        let made = load::<Option<Call>>(named("optional", (true,))).unwrap();
        assert_eq!(made, Some(Call("some".into())));
        assert_eq!(hidden(1)(2), 3);
    }

    #[test]
    fn another_type_is_an_error() {
        assert_eq!(
            error(named("optional", (true,))),
            "app.db.optional is for `core::option::Option<constructors::Call>`, not for \
             `constructors::Call` (at byte 34)"
        );
    }
}

mod impl_blocks {
    use super::*;

    pickle_core::module!("app.db");

    #[derive(Reduce, Clone, Debug, PartialEq, Eq)]
    #[reduce(with = Self::reduced)]
    struct Grid(Vec<u8>);

    #[pickle_core::constructors]
    impl Grid {
        const SIZE: usize = 2;

        #[constructor]
        fn new(#[default(Self::SIZE)] size: usize) -> Self {
            Self(vec![0; size])
        }

        #[pickle_core::constructor(name = "joined", module = "app.grids")]
        fn join(left: Self, #[default(Self(vec![9]))] right: Self) -> Result<Self, String> {
            match &left.0[..] {
                [] => Err("nothing to join".to_owned()),
                _ => Ok(Self([left.0, right.0].concat())),
            }
        }

        #[state_setter]
        fn fill(&mut self, value: u8) {
            self.0.fill(value);
        }

        #[function]
        fn len(&self) -> usize {
            self.0.len()
        }

        fn unmarked(self) -> Vec<u8> {
            self.0
        }

        fn reduced(&self) -> Reduction<'_> {
            Reduction::new(Self::new, (self.0.len(),))
        }
    }

    #[test]
    fn associated_functions_are_named_for_type_and_function() {
        let bytes = pickle(Reduction::new(Grid::new, (3,)));
        assert!(bytes.ends_with(b"\x8c\x06app.db\x94\x8c\x08Grid.new\x93\x94K\x03\x85R."));
        assert_eq!(loads::<Grid>(&bytes).unwrap().unmarked(), [0, 0, 0]);
        let bytes = pickle(Reduction::call(QualName::new("app.db", "Grid.new"), ()));
        assert_eq!(loads::<Grid>(&bytes).unwrap(), Grid(vec![0, 0]));
    }

    #[test]
    fn self_is_the_type() {
        let joined = |size| Reduction::new(Grid::join, (Grid(vec![0; size]), Grid(vec![])));
        assert_eq!(loads::<Grid>(&pickle(joined(1))).unwrap(), Grid(vec![0]));
        let error = loads::<Grid>(&pickle(joined(0))).unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "nothing to join");
        let left = (Grid(vec![0; 1]),);
        let defaulted = Reduction::call(QualName::new("app.grids", "joined"), left);
        assert_eq!(loads::<Grid>(&pickle(defaulted)).unwrap(), Grid(vec![0, 9]));
    }

    #[test]
    fn methods_can_be_state_setters_and_values() {
        let reduction = Reduction::new(Grid::new, (2,)).state(7);
        let reduction = reduction.state_setter(Grid::fill);
        assert_eq!(loads::<Grid>(&pickle(reduction)).unwrap(), Grid(vec![7, 7]));
        let len = pickle_core::Function::<fn(&Grid) -> usize>::new(Grid::len).unwrap();
        assert_eq!(len(&Grid(vec![1])), 1);
        assert_eq!(len.name().qualname(), "Grid.len");
    }

    struct Wrapper<T>(T);

    #[pickle_core::constructors]
    impl Wrapper<i32> {
        #[constructor(name = "IntWrapper")]
        fn new(#[default(Self::zero())] value: i32) -> Self {
            Self(value)
        }

        fn zero() -> i32 {
            0
        }
    }

    #[test]
    fn one_instance_of_a_generic_type_has_constructors() {
        let made = load::<Wrapper<i32>>(named("IntWrapper", ())).unwrap();
        assert_eq!(made.0, 0);
    }
}

mod state_setters {
    use super::*;

    pickle_core::module!("app.db");

    #[pickle_core::constructor]
    fn empty() -> Call {
        Call(String::new())
    }

    #[pickle_core::state_setter]
    fn set_text(call: &mut Call, text: &str) {
        call.0.push_str(text);
    }

    #[pickle_core::state_setter]
    fn set_checked(call: &mut Call, (text, ok): (String, bool)) -> Result<(), String> {
        call.0 = text;
        if ok { Ok(()) } else { Err("not ok".to_owned()) }
    }

    #[test]
    fn a_state_setter_takes_the_object_and_the_state() {
        let reduction = |text| Reduction::new(empty, ()).state(text).state_setter(set_text);
        assert_eq!(called(reduction("\\x")), "\\x");
        let reduction = |ok| {
            let reduction = Reduction::new(empty, ()).state(("text", ok));
            reduction.state_setter(set_checked)
        };
        assert_eq!(called(reduction(true)), "text");
        let error = load::<Call>(reduction(false)).unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "not ok");
    }

    #[test]
    fn a_state_setter_is_no_constructor_and_no_constructor_a_state_setter() {
        assert!(error(named("set_text", ())).contains("app.db.set_text cannot be called"));
        let reduction = Reduction::new(empty, ()).state("").state_setter(empty);
        assert!(error(reduction).contains("app.db.empty is no state setter"));
    }
}

mod trait_objects {
    use super::*;

    pickle_core::module!("app.db");

    #[object]
    trait Shape: Reduce {
        fn area(&self) -> f64;
    }

    #[derive(Reduce)]
    #[reduce(with = reduce_tile)]
    struct Tile {
        area: f64,
    }

    fn reduce_tile(made: &Tile) -> Reduction<'_> {
        Reduction::new(tile, (made.area, 1.0))
    }

    #[pickle_core::constructor]
    fn tile(width: f64, height: f64) -> Result<Tile, String> {
        let area = width * height;
        (area > 0.0)
            .then_some(Tile { area })
            .ok_or_else(|| "it is flat".to_owned())
    }

    #[pickle_core::function]
    fn area(tile: &Tile) -> f64 {
        tile.area
    }

    #[object]
    impl Shape for Tile {
        fn area(&self) -> f64 {
            area(self)
        }
    }

    fn shape(reduction: Reduction<'_>) -> pickle_core::Result<Box<dyn Shape>> {
        loads(&pickle(reduction))
    }

    #[test]
    fn a_function_makes_a_trait_object_of_what_it_returns() {
        let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Tile { area: 2.0 })];
        let loaded: Vec<Box<dyn Shape + Send>> = loads(&dumps(&shapes).unwrap()).unwrap();
        assert_eq!(loaded[0].area(), 2.0);
        let error = shape(named("tile", (0.0, 1.0))).map(|_| ()).unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "it is flat");
    }

    #[test]
    fn a_function_that_makes_none_is_an_error() {
        let error = shape(named("empty", ())).map(|_| ()).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::NotOfTrait { .. }),
            "{error}"
        );
        let error = shape(named("area", ())).map(|_| ()).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::NoConstructor { .. }),
            "{error}"
        );
    }
}

mod run_time {
    use super::*;

    pickle_core::module!("app.db");

    #[pickle_core::constructor]
    fn linked(text: String) -> Call {
        Call(format!("linked {text}"))
    }

    fn added(text: String) -> Call {
        Call(format!("added {text}"))
    }

    #[test]
    fn what_is_added_at_run_time_hides_what_is_linked_in() {
        let pickle = pickle(Reduction::new(linked, ("x",)));
        let name = QualName::new("app.db", "linked");
        copyreg::constructor::<Call, _>(name.clone(), added).unwrap();
        assert_eq!(loads::<Registered<Call>>(&pickle).unwrap().0.0, "added x");
        assert!(copyreg::remove_constructor(&name));
        assert_eq!(loads::<Registered<Call>>(&pickle).unwrap().0.0, "linked x");
    }
}
