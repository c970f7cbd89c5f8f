//! Functions by hand in the derive: `with`, `constructor`, `getstate`, `setstate`, `append` and
//! `setitem`. What CPython makes of it is in `interop_typed`.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use pickle_core::{
    Construct, ErrorKind, Graph, QualName, Reduce, Reduction, Value, View, dumps, loads, object,
};

/// A user's own error.
#[derive(Debug, PartialEq)]
struct Refused(&'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

impl Error for Refused {}

/// What a user's function failed with.
fn refused(error: &pickle_core::Error) -> Option<&Refused> {
    error.source()?.downcast_ref()
}

/// Holds what cannot be pickled.
#[derive(Debug, Reduce)]
#[reduce(module = "by_hand", with = Handle::reduce)]
struct Handle {
    path: String,
    thread: std::thread::ThreadId,
}

impl Handle {
    fn reduce(&self) -> Result<Reduction<'_>, Refused> {
        if self.path.is_empty() {
            return Err(Refused("no path"));
        }
        Ok(Reduction::new(open, (&self.path,)))
    }
}

#[pickle_core::constructor(module = "by_hand")]
fn open(path: &str) -> Result<Handle, Refused> {
    if path == "missing" {
        return Err(Refused("no such file"));
    }
    let thread = std::thread::current().id();
    Ok(Handle {
        path: path.to_owned(),
        thread,
    })
}

fn handle(path: &str) -> Handle {
    Handle {
        path: path.to_owned(),
        thread: std::thread::current().id(),
    }
}

#[test]
fn a_reducer_may_leave_out_what_cannot_be_pickled() -> pickle_core::Result<()> {
    let loaded: Handle = loads(&dumps(&handle("a"))?)?;
    assert_eq!(loaded.path, "a");
    assert_eq!(loaded.thread, std::thread::current().id());
    Ok(())
}

#[test]
fn an_error_of_a_reducer_reaches_the_caller_with_the_path() {
    let error = dumps(&vec![handle("a"), handle("")]).expect_err("it is refused");
    assert_eq!(refused(&error), Some(&Refused("no path")));
    assert_eq!(error.path().to_string(), "$[1]");
}

#[test]
fn an_error_of_a_constructor_reaches_the_caller_with_path_and_offset() -> pickle_core::Result<()> {
    let bytes = dumps(&(1, handle("missing")))?;
    let error = loads::<(i32, Handle)>(&bytes).expect_err("it is refused");
    assert_eq!(refused(&error), Some(&Refused("no such file")));
    assert_eq!(error.path().to_string(), "$[1]");
    assert!(error.offset().is_some());
    Ok(())
}

#[test]
fn an_error_of_this_crate_is_not_wrapped_in_another() {
    #[derive(Reduce)]
    #[reduce(module = "by_hand", with = fail, dump_only)]
    struct Failing;

    fn fail(_: &Failing) -> pickle_core::Result<Reduction<'_>> {
        Err(ErrorKind::Cycle.into())
    }

    let error = dumps(&[Failing]).expect_err("it is refused");
    assert_eq!(*error.kind(), ErrorKind::Cycle);
    assert_eq!(error.path().to_string(), "$[0]");
}

#[test]
fn a_function_that_is_not_registered_is_an_error_that_prints_its_path() {
    #[derive(Reduce)]
    #[reduce(module = "by_hand", with = reduce_lost, dump_only)]
    struct Lost;

    fn lost() -> Lost {
        Lost
    }

    fn reduce_lost(_: &Lost) -> Reduction<'_> {
        Reduction::new(lost, ())
    }

    let error = dumps(&Lost).expect_err("it is refused");
    assert!(
        error.to_string().contains("::lost is not registered"),
        "{error}"
    );
}

#[test]
fn a_shared_object_is_reduced_once() -> pickle_core::Result<()> {
    thread_local!(static REDUCED: Cell<u32> = const { Cell::new(0) });

    #[derive(Reduce)]
    #[reduce(module = "by_hand", with = reduce_counted)]
    struct Counted;

    fn reduce_counted(_: &Counted) -> Reduction<'_> {
        REDUCED.set(REDUCED.get() + 1);
        Reduction::new(counted, ())
    }

    #[pickle_core::constructor(module = "by_hand")]
    fn counted() -> Counted {
        Counted
    }

    let shared = Rc::new(Counted);
    let bytes = dumps(&(Rc::clone(&shared), shared))?;
    assert_eq!(REDUCED.get(), 1);
    let (one, other): (Rc<Counted>, Rc<Counted>) = loads(&bytes)?;
    assert!(Rc::ptr_eq(&one, &other));
    Ok(())
}

/// Reads its own fields, and calls of functions that make it. `Self` is the type, as elsewhere.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "by_hand", constructor = Self::between)]
struct Span {
    start: i64,
    len: i64,
}

#[pickle_core::constructors]
impl Span {
    #[constructor(module = "by_hand")]
    fn between(start: i64, end: i64) -> Self {
        let len = end - start;
        Span { start, len }
    }

    #[constructor(module = "by_hand", name = "span_of")]
    fn of(len: i64) -> Self {
        Span { start: 0, len }
    }
}

#[test]
fn a_class_with_a_constructor_is_called_where_python_calls_it() -> pickle_core::Result<()> {
    let span = Span { start: 2, len: 3 };
    // Written as the derive does, `__new__` and attributes; so it is read.
    let bytes = dumps(&span)?;
    let graph = Graph::parse(&bytes)?;
    assert_eq!(
        graph
            .root()
            .attr("len")
            .and_then(pickle_core::NodeRef::as_i64),
        Some(3)
    );
    assert_eq!(loads::<Span>(&bytes)?, span);
    // by_hand.Span(2, 5), and with keywords.
    assert_eq!(loads::<Span>(b"cby_hand\nSpan\n(I2\nI5\ntR.")?, span);
    let partial = b"\x80\x04cfunctools\npartial\ncby_hand\nSpan\n\x85R(cby_hand\nSpan\n)}\
        (\x8c\x05startK\x02\x8c\x03endK\x05uNtb)R.";
    assert_eq!(loads::<Span>(partial)?, span);
    Ok(())
}

#[test]
fn any_registered_function_that_makes_the_type_will_do() -> pickle_core::Result<()> {
    let span = Span { start: 0, len: 7 };
    assert_eq!(loads::<Span>(b"cby_hand\nspan_of\n(I7\ntR.")?, span);
    assert_eq!(
        loads::<Vec<Option<Box<Span>>>>(b"(lcby_hand\nspan_of\n(I7\ntRa.")?[0].as_deref(),
        Some(&span)
    );
    Ok(())
}

#[test]
fn a_call_that_does_not_fit_says_why() {
    for (pickle, text) in [
        (
            &b"cby_hand\nSpan\n(I2\ntR."[..],
            "its argument `end` is missing",
        ),
        (
            b"cby_hand\nspan_of\n(I2\nI2\ntR.",
            "takes 1 positional arguments, found 2",
        ),
        (b"cby_hand\nspan_of\n(Vx\ntR.", "expected an int, found"),
        (
            b"cby_hand\nopen\n(Vx\ntR.",
            "expected by_hand.Span, found by_hand.open",
        ),
        (
            b"cby_hand\nnowhere\n(Vx\ntR.",
            "expected by_hand.Span, found by_hand.nowhere",
        ),
    ] {
        let error = loads::<Span>(pickle).expect_err("it is refused");
        assert!(error.to_string().contains(text), "{error}");
        assert!(error.offset().is_some(), "{error}");
    }
    let error = loads::<Handle>(b"cby_hand\nspan_of\n(I2\ntR.").expect_err("it is refused");
    assert!(
        matches!(error.kind(), ErrorKind::WrongOutput { .. }),
        "{error}"
    );
    let error = loads::<Handle>(b"cby_hand\nopne\n(Vx\ntR.").expect_err("it is refused");
    assert!(error.to_string().contains("by_hand.open"), "{error}");
    let error = loads::<Handle>(b"cby_hand\nHandle\n)\x81.").expect_err("it is refused");
    assert!(
        matches!(error.kind(), ErrorKind::NoConstructor { .. }),
        "{error}"
    );
}

#[test]
fn what_a_type_has_no_place_for_is_an_error() {
    let open = "cby_hand\nopen\n(Vx\ntR";
    for (added, key) in [
        ("I1\nb.", "setstate"),
        ("I1\na.", "append"),
        ("I1\nI1\ns.", "setitem"),
    ] {
        let error =
            loads::<Handle>(format!("{open}{added}").as_bytes()).expect_err("it is refused");
        assert!(
            matches!(error.kind(), ErrorKind::NoPlaceFor { key: found, .. } if *found == key),
            "{error}"
        );
    }
    // A state of None is none.
    assert!(loads::<Handle>(format!("{open}Nb.").as_bytes()).is_ok());
}

/// A variant that is reduced by hand, beside one that is a class.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "by_hand")]
enum Source {
    Inline {
        text: String,
    },
    #[reduce(with = reduce_file)]
    File(String, Option<std::time::Duration>),
}

fn reduce_file<'a>(path: &'a String, _: &Option<std::time::Duration>) -> Reduction<'a> {
    Reduction::new(source_file, (path,))
}

#[pickle_core::constructor(module = "by_hand")]
fn source_file(path: String) -> Source {
    Source::File(path, None)
}

#[test]
fn a_variant_may_be_reduced_by_hand() -> pickle_core::Result<()> {
    for source in [
        Source::Inline {
            text: "a".to_owned(),
        },
        Source::File("b".to_owned(), None),
    ] {
        assert_eq!(loads::<Source>(&dumps(&source)?)?, source);
    }
    let timed = Source::File("c".to_owned(), Some(std::time::Duration::ZERO));
    assert_eq!(
        loads::<Source>(&dumps(&timed)?)?,
        Source::File("c".to_owned(), None)
    );
    Ok(())
}

#[object]
trait Named {
    fn name(&self) -> String;
}

#[object]
impl Named for Handle {
    fn name(&self) -> String {
        self.path.clone()
    }
}

#[test]
fn trait_objects_are_found_by_the_function_that_makes_them() -> pickle_core::Result<()> {
    let bytes = dumps::<[Box<dyn Named>]>(&[Box::new(handle("x"))])?;
    assert_eq!(loads::<Vec<Box<dyn Named>>>(&bytes)?[0].name(), "x");
    assert_eq!(loads::<Vec<Rc<dyn Named>>>(&bytes)?[0].name(), "x");
    assert_eq!(
        loads::<Vec<Arc<dyn Named + Send + Sync>>>(&bytes)?[0].name(),
        "x"
    );
    Ok(())
}

/// A state that takes what older programs wrote, too.
#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "by_hand", getstate = Counter::state, setstate = Counter::set_state)]
struct Counter {
    count: u64,
    cache: Option<std::thread::ThreadId>,
}

impl Counter {
    fn state(&self) -> (&'static str, u64) {
        ("count", self.count)
    }

    fn set_state(&mut self, state: Value) -> Result<(), Refused> {
        self.count = match state {
            Value::Tuple(pair) if pair.len() == 2 => {
                pair[1].as_i64().and_then(|count| u64::try_from(count).ok())
            }
            Value::Int(count) => u64::try_from(count).ok(),
            _ => None,
        }
        .ok_or(Refused("no count"))?;
        Ok(())
    }
}

#[test]
fn a_state_by_hand_replaces_the_fields() -> pickle_core::Result<()> {
    let counter = Counter {
        count: 3,
        cache: Some(std::thread::current().id()),
    };
    let expected = Counter {
        count: 3,
        cache: None,
    };
    assert_eq!(loads::<Counter>(&dumps(&counter)?)?, expected);
    assert_eq!(
        loads::<Counter>(b"cby_hand\nCounter\n)\x81I3\nb.")?,
        expected
    );
    // by_hand.Counter(), and then its state.
    assert_eq!(loads::<Counter>(b"cby_hand\nCounter\n)RI3\nb.")?, expected);
    let error = loads::<Counter>(b"cby_hand\nCounter\n)\x81Vthree\nb.").expect_err("it is refused");
    assert_eq!(refused(&error), Some(&Refused("no count")));
    Ok(())
}

/// A generic type with a reducer asks nothing of its parameter but that of the reducer.
#[derive(Reduce)]
#[reduce(module = "by_hand", with = reduce_opaque)]
struct Opaque<T: fmt::Display>(T);

fn reduce_opaque<T: fmt::Display>(opaque: &Opaque<T>) -> Reduction<'_> {
    Reduction::new(opaque_text, (opaque.0.to_string(),))
}

#[pickle_core::constructor(module = "by_hand")]
fn opaque_text(text: String) -> Opaque<String> {
    Opaque(text)
}

#[test]
fn a_generic_type_may_be_reduced_by_hand() -> pickle_core::Result<()> {
    let bytes = dumps(&Opaque(7))?;
    assert_eq!(loads::<Opaque<String>>(&bytes)?.0, "7");
    let error = loads::<Opaque<i32>>(&bytes)
        .err()
        .expect("nothing makes it");
    assert!(
        matches!(error.kind(), ErrorKind::WrongOutput { .. }),
        "{error}"
    );
    Ok(())
}

#[test]
fn items_are_taken_from_iterators_as_they_are_written() -> pickle_core::Result<()> {
    #[derive(Reduce)]
    #[reduce(module = "by_hand", with = reduce_squares, dump_only)]
    struct Squares(u64);

    fn reduce_squares(squares: &Squares) -> Reduction<'_> {
        let list = QualName::new("builtins", "list");
        Reduction::call(list, ()).list_items((0..squares.0).map(|n| n * n))
    }

    let bytes = dumps(&Squares(2500))?;
    let graph = Graph::parse(&bytes)?;
    let View::Object(object) = graph.root().view() else {
        panic!("{:?} is no call", graph.root());
    };
    assert_eq!(object.items().len(), 2500);
    assert_eq!(
        object.items().last().and_then(pickle_core::NodeRef::as_i64),
        Some(2499 * 2499)
    );
    Ok(())
}

#[test]
fn keywords_are_written_as_python_writes_them() -> pickle_core::Result<()> {
    #[derive(Reduce)]
    #[reduce(module = "by_hand", with = reduce_options, dump_only)]
    struct Options(bool);

    fn reduce_options(options: &Options) -> Reduction<'_> {
        let name = QualName::new("by_hand", "Options");
        let reduction = if options.0 {
            Reduction::instance(name, (1,))
        } else {
            Reduction::call(name, (1,))
        };
        reduction.kwarg("width", 2).kwarg("height", "x")
    }

    for instance in [true, false] {
        for protocol in 0..=5 {
            let mut bytes = Vec::new();
            pickle_core::Pickler::new(&mut bytes)
                .protocol(protocol)
                .dump(&Options(instance))?;
            let graph = Graph::parse(&bytes)?;
            let View::Object(object) = graph.root().view() else {
                panic!("no object");
            };
            assert_eq!(object.class(), QualName::new("by_hand", "Options"));
            assert_eq!(
                object.args().next().and_then(pickle_core::NodeRef::as_i64),
                Some(1)
            );
            let width = object.kwargs().get("width");
            assert_eq!(width.and_then(pickle_core::NodeRef::as_i64), Some(2));
            assert_eq!(object.kwargs().len(), 2);
        }
    }
    Ok(())
}

#[test]
#[should_panic(expected = "a global is not called")]
fn a_global_takes_no_state() {
    let _ = Reduction::global(QualName::new("by_hand", "NOTHING")).state(1);
}

/// What a constructor may take.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "by_hand", with = reduce_config)]
struct Config(Vec<(String, Value)>);

fn reduce_config(config: &Config) -> Reduction<'_> {
    let pairs: Vec<_> = config.0.iter().map(|(key, value)| (key, value)).collect();
    Reduction::new(config_of, (pairs,))
}

#[pickle_core::constructor(module = "by_hand")]
fn config_of(settings: Value) -> Result<Config, Refused> {
    let pairs = match settings {
        Value::List(pairs) => pairs.iter().map(pair).collect(),
        Value::Dict(dict) => dict
            .iter()
            .map(|(key, value)| Some((key.as_str()?.to_owned(), value.clone())))
            .collect(),
        single => Some(vec![("value".to_owned(), single)]),
    };
    pairs.map(Config).ok_or(Refused("keys are strs"))
}

fn pair(value: &Value) -> Option<(String, Value)> {
    match value {
        Value::Tuple(pair) => Some((pair.first()?.as_str()?.to_owned(), pair.get(1)?.clone())),
        _ => None,
    }
}

#[test]
fn a_constructor_may_take_anything_and_so_all_formats_there_were() -> pickle_core::Result<()> {
    let config = Config(vec![("debug".to_owned(), Value::Bool(true))]);
    assert_eq!(loads::<Config>(&dumps(&config)?)?, config);
    assert_eq!(
        loads::<Config>(b"cby_hand\nconfig_of\n((dVdebug\nI01\nstR.")?,
        config
    );
    let single = Config(vec![("value".to_owned(), Value::Int(3))]);
    assert_eq!(loads::<Config>(b"cby_hand\nconfig_of\n(I3\ntR.")?, single);
    Ok(())
}

/// Nothing is constructed of a pickle that is broken at its end.
#[test]
fn no_constructor_runs_before_the_pickle_has_been_read() {
    thread_local!(static CALLED: Cell<bool> = const { Cell::new(false) });

    struct Marked;

    #[pickle_core::constructor(module = "by_hand")]
    fn mark() -> Marked {
        CALLED.set(true);
        Marked
    }

    let call = b"cby_hand\nmark\n)R";
    let broken = [&call[..], b"0"].concat();
    assert!(loads::<pickle_core::copyreg::Registered<Marked>>(&broken).is_err());
    assert!(!CALLED.get());
    let sound = [&call[..], b"."].concat();
    assert!(loads::<pickle_core::copyreg::Registered<Marked>>(&sound).is_ok());
    assert!(CALLED.get());
}

fn is_construct<T: for<'g> Construct<'g>>() {}

#[test]
fn types_that_are_reduced_by_hand_own_what_they_hold() {
    is_construct::<Handle>();
    is_construct::<Opaque<String>>();
}

mod fields {
    use std::time::Duration;

    use pickle_core::{ErrorKind, QualName, Reduce, Reduction, copyreg, dumps, loads};

    fn reduce_duration(duration: &Duration) -> Reduction<'_> {
        Reduction::new(seconds, (duration.as_secs(),))
    }

    #[pickle_core::constructor(module = "by_hand.fields")]
    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// A reducer for one field.
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(module = "by_hand.fields")]
    struct Timer {
        #[reduce(reducer = reduce_duration, default)]
        left: Duration,
        #[reduce(arg, reducer = reduce_duration)]
        total: Duration,
    }

    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(transparent)]
    struct Timeout(#[reduce(reducer = reduce_duration)] Duration);

    #[test]
    fn a_field_may_have_a_reducer() -> pickle_core::Result<()> {
        let timer = Timer {
            left: Duration::from_secs(3),
            total: Duration::from_secs(60),
        };
        assert_eq!(loads::<Timer>(&dumps(&timer)?)?, timer);
        let timeout = Timeout(Duration::from_secs(1));
        assert_eq!(loads::<Timeout>(&dumps(&timeout)?)?, timeout);
        Ok(())
    }

    /// A type of another crate, which only copyreg knows.
    #[derive(Debug, PartialEq, Reduce)]
    #[reduce(module = "by_hand.fields")]
    struct Host {
        #[reduce(registered)]
        layout: std::alloc::Layout,
        #[reduce(registered, default)]
        other: Option<std::thread::ThreadId>,
    }

    fn reduce_layout(layout: &std::alloc::Layout) -> Reduction<'_> {
        Reduction::new(layout_of, (layout.size(), layout.align()))
    }

    #[pickle_core::constructor(module = "by_hand.fields")]
    fn layout_of(size: usize, align: usize) -> Result<std::alloc::Layout, std::alloc::LayoutError> {
        std::alloc::Layout::from_size_align(size, align)
    }

    fn reduce_nobody(id: &Option<std::thread::ThreadId>) -> Result<Reduction<'_>, String> {
        match id {
            Some(_) => Err("a thread".to_owned()),
            None => Ok(Reduction::call(
                QualName::new("by_hand.fields", "nobody"),
                (),
            )),
        }
    }

    fn nobody() -> Option<std::thread::ThreadId> {
        None
    }

    #[test]
    fn a_field_may_be_of_a_type_that_is_registered() -> pickle_core::Result<()> {
        let host = Host {
            layout: std::alloc::Layout::new::<u64>(),
            other: None,
        };
        let error = dumps(&host).expect_err("it is refused");
        assert!(
            matches!(error.kind(), ErrorKind::NotReducible { .. }),
            "{error}"
        );
        assert_eq!(error.path().to_string(), "$.layout");
        copyreg::pickle(reduce_layout);
        copyreg::pickle_with(
            reduce_nobody,
            QualName::new("by_hand.fields", "nobody"),
            nobody,
        )?;
        assert_eq!(loads::<Host>(&dumps(&host)?)?, host);
        assert!(copyreg::remove::<std::alloc::Layout>());
        assert!(dumps(&host).is_err());
        Ok(())
    }
}
