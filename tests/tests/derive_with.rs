//! `with`, `reduce_with` and `construct_with`: fields that functions dump and make.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Debug;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::Duration;

use pickle_core::{
    Construct, Decoder, Error, ErrorKind, Graph, MemoPolicy, Pickler, Reduce, Result, Unpickler,
    dumps, loads, module,
};

module!("app");

/// A float of seconds, as Python's `time` has it.
mod seconds {
    use super::*;

    pub(crate) fn reduce(value: &Duration, p: &mut Pickler<'_>) -> Result<()> {
        p.float(value.as_secs_f64())
    }

    pub(crate) fn construct(d: &mut Decoder<'_>) -> Result<Duration> {
        Duration::try_from_secs_f64(d.float()?).map_err(Error::from_source)
    }
}

/// Text with dots, as Python's `ipaddress` prints it.
mod dotted {
    use super::*;

    pub(crate) fn reduce(value: &Ipv4Addr, p: &mut Pickler<'_>) -> Result<()> {
        p.str(&value.to_string())
    }

    pub(crate) fn construct<'g>(d: &mut Decoder<'g>) -> Result<Ipv4Addr> {
        let text: Cow<'g, str> = d.str()?;
        text.parse().map_err(Error::from_source)
    }
}

fn round_trip<T: Reduce + for<'g> Construct<'g> + PartialEq + Debug>(value: &T) {
    for protocol in 0..=5 {
        for policy in [MemoPolicy::Shared, MemoPolicy::All] {
            let mut bytes = Vec::new();
            let mut pickler = Pickler::new(&mut bytes).protocol(protocol).memo(policy);
            pickler.dump(value).unwrap();
            assert_eq!(&loads::<T>(&bytes).unwrap(), value, "protocol {protocol}");
        }
    }
}

/// Both are written as the same object.
fn same(one: &impl Reduce, other: &impl Reduce) {
    let (one, other) = (dumps(one).unwrap(), dumps(other).unwrap());
    let graph = |bytes| Unpickler::new().graph(bytes).map(Graph::into_owned);
    assert_eq!(graph(&one).unwrap(), graph(&other).unwrap());
}

/// The same classes, with fields that are what the functions write.
mod plain {
    use super::*;

    #[derive(Reduce)]
    #[reduce(module = "app", no_register)]
    pub(crate) struct Job {
        pub(crate) name: String,
        pub(crate) timeout: f64,
    }

    #[derive(Reduce)]
    #[reduce(module = "app", no_register)]
    pub(crate) struct Pause(pub(crate) f64, pub(crate) String);

    #[derive(Reduce)]
    #[reduce(module = "app", no_register)]
    pub(crate) enum Step {
        Sleep(f64),
        Connect { to: String },
    }

    #[derive(Reduce)]
    #[reduce(module = "app", no_register)]
    pub(crate) struct Call {
        #[reduce(arg)]
        pub(crate) to: String,
        #[reduce(kwarg)]
        pub(crate) timeout: f64,
        pub(crate) waited: f64,
    }
}

#[derive(Reduce, Debug, PartialEq)]
struct Job {
    name: String,
    #[reduce(with = seconds)]
    timeout: Duration,
}

#[derive(Reduce, Debug, PartialEq)]
struct Pause(
    #[reduce(with = seconds)] Duration,
    #[reduce(with = self::dotted)] Ipv4Addr,
);

#[derive(Reduce, Debug, PartialEq)]
enum Step {
    Sleep(#[reduce(with = seconds)] Duration),
    Connect {
        #[reduce(with = dotted)]
        to: Ipv4Addr,
    },
}

#[derive(Reduce, Debug, PartialEq)]
struct Call {
    #[reduce(arg, with = dotted)]
    to: Ipv4Addr,
    #[reduce(kwarg, with = seconds)]
    timeout: Duration,
    #[reduce(with = seconds)]
    waited: Duration,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(as = "dict")]
struct Options {
    #[reduce(with = seconds)]
    timeout: Duration,
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(transparent)]
struct Seconds(#[reduce(with = seconds)] Duration);

const HALF: Duration = Duration::from_millis(500);
const HOME: Ipv4Addr = Ipv4Addr::LOCALHOST;

#[test]
fn a_module_stands_for_both_sides() {
    let job = Job {
        name: "backup".into(),
        timeout: HALF,
    };
    round_trip(&job);
    same(
        &job,
        &plain::Job {
            name: "backup".into(),
            timeout: 0.5,
        },
    );
}

#[test]
fn every_position_takes_functions() {
    let call = Call {
        to: HOME,
        timeout: HALF,
        waited: Duration::ZERO,
    };
    round_trip(&call);
    same(
        &call,
        &plain::Call {
            to: "127.0.0.1".into(),
            timeout: 0.5,
            waited: 0.0,
        },
    );
    round_trip(&Pause(HALF, HOME));
    same(&Pause(HALF, HOME), &plain::Pause(0.5, "127.0.0.1".into()));
    round_trip(&Step::Sleep(HALF));
    same(&Step::Sleep(HALF), &plain::Step::Sleep(0.5));
    round_trip(&Step::Connect { to: HOME });
    let to = "127.0.0.1".to_owned();
    same(&Step::Connect { to: HOME }, &plain::Step::Connect { to });
    round_trip(&Options { timeout: HALF });
    round_trip(&Seconds(HALF));
    same(&Seconds(HALF), &0.5);
    round_trip(&vec![Some(Seconds(HALF)), None]);
}

#[test]
fn pointers_to_such_types_are_shared() {
    let job = Rc::new(Seconds(HALF));
    let bytes = dumps(&[Rc::clone(&job), job]).unwrap();
    let [one, other]: [Rc<Seconds>; 2] = loads(&bytes).unwrap();
    assert!(Rc::ptr_eq(&one, &other));
    assert_eq!(*one, Seconds(HALF));
}

#[test]
fn the_other_keys_go_with_it() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Retry {
        #[reduce(
            with = seconds,
            rename = "delay",
            alias = "pause",
            default,
            skip_serializing_if = Duration::is_zero
        )]
        wait: Duration,
    }

    round_trip(&Retry { wait: HALF });
    round_trip(&Retry {
        wait: Duration::ZERO,
    });
    let bytes = dumps(&Retry { wait: HALF }).unwrap();
    assert!(bytes.windows(5).any(|window| window == b"delay"));
    let empty = dumps(&Retry {
        wait: Duration::ZERO,
    });
    assert!(!empty.unwrap().windows(5).any(|window| window == b"delay"));
    let old = b"\x80\x04\x8c\x03app\x8c\x05Retry\x93)\x81}\x8c\x05pauseG\x3f\xe0\0\0\0\0\0\0sb.";
    assert_eq!(loads::<Retry>(old).unwrap(), Retry { wait: HALF });
}

#[test]
fn each_side_can_have_a_function_alone() {
    fn rounded(value: &f64, p: &mut Pickler<'_>) -> Result<()> {
        p.float(value.round())
    }

    fn lenient(d: &mut Decoder<'_>) -> Result<u32> {
        Ok(d.int::<i64>()?.try_into().unwrap_or_default())
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Sample {
        #[reduce(reduce_with = rounded)]
        mean: f64,
        #[reduce(construct_with = lenient)]
        count: u32,
    }

    let sample = Sample {
        mean: 1.75,
        count: 3,
    };
    let loaded: Sample = loads(&dumps(&sample).unwrap()).unwrap();
    assert_eq!(
        loaded,
        Sample {
            mean: 2.0,
            ..sample
        }
    );
    let negative = b"\x80\x04\x8c\x03app\x8c\x06Sample\x93)\x81}(\x8c\x05countJ\xff\xff\xff\xff\
        \x8c\x04meanG\0\0\0\0\0\0\0\0ub.";
    assert_eq!(loads::<Sample>(negative).unwrap().count, 0);
}

#[test]
fn both_sides_can_be_functions_of_different_modules() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Mixed {
        #[reduce(reduce_with = seconds::reduce, construct_with = seconds::construct)]
        time: Duration,
    }

    round_trip(&Mixed { time: HALF });
}

#[test]
fn a_type_with_both_functions_can_stand_for_the_module() {
    struct Millis;

    impl Millis {
        fn reduce(value: &Duration, p: &mut Pickler<'_>) -> Result<()> {
            value.as_millis().reduce(p)
        }

        fn construct(d: &mut Decoder<'_>) -> Result<Duration> {
            d.int().map(Duration::from_millis)
        }
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(transparent)]
    struct Wait(#[reduce(with = Millis)] Duration);

    round_trip(&Wait(HALF));
    same(&Wait(HALF), &500);
}

#[test]
fn a_reference_coerces_to_the_functions_parameter() {
    fn shout(value: &str, p: &mut Pickler<'_>) -> Result<()> {
        p.str(&value.to_uppercase())
    }

    #[derive(Reduce)]
    struct Loud {
        #[reduce(reduce_with = shout)]
        text: String,
    }

    let text = "spam".to_owned();
    let loaded: Loud = loads(&dumps(&Loud { text }).unwrap()).unwrap();
    assert_eq!(loaded.text, "SPAM");
}

#[test]
fn what_a_function_makes_may_borrow() {
    /// Words, as one str.
    mod words {
        use super::*;

        pub(crate) fn reduce(value: &[&str], p: &mut Pickler<'_>) -> Result<()> {
            p.str(&value.join(" "))
        }

        pub(crate) fn construct<'g>(d: &mut Decoder<'g>) -> Result<Vec<&'g str>> {
            match d.str()? {
                Cow::Borrowed(text) => Ok(text.split(' ').collect()),
                Cow::Owned(_) => Err(Error::custom("the text is escaped")),
            }
        }
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Line<'a> {
        #[reduce(with = words)]
        words: Vec<&'a str>,
    }

    let bytes = dumps(&Line {
        words: vec!["spam", "eggs"],
    })
    .unwrap();
    let line: Line<'_> = loads(&bytes).unwrap();
    assert_eq!(line.words, ["spam", "eggs"]);
    let inside = bytes.as_ptr_range();
    assert!(inside.contains(&line.words[1].as_ptr()));
}

/// No `Reduce`, no `Construct`.
#[derive(Debug, PartialEq)]
struct Foreign<T>(T);

mod foreign {
    use super::*;

    pub(crate) fn reduce<T: Reduce>(value: &Foreign<T>, p: &mut Pickler<'_>) -> Result<()> {
        value.0.reduce(p)
    }

    pub(crate) fn construct<'g, T: Construct<'g>>(d: &mut Decoder<'g>) -> Result<Foreign<T>> {
        T::construct(d).map(Foreign)
    }
}

#[test]
fn nothing_is_asked_of_the_types_of_such_fields() {
    fn ignored<T>(_: &T, p: &mut Pickler<'_>) -> Result<()> {
        p.none()
    }

    fn absent<T>(d: &mut Decoder<'_>) -> Result<Option<T>> {
        d.none().map(|()| None)
    }

    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(bound = "T: Clone")]
    struct Bounded<T: Clone> {
        #[reduce(reduce_with = ignored, construct_with = absent)]
        nothing: Option<T>,
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Generic<T> {
        #[reduce(reduce_with = ignored, construct_with = absent)]
        nothing: Option<T>,
    }

    #[derive(Reduce, Debug, PartialEq)]
    struct Wrapper<T> {
        #[reduce(with = foreign, bound(reduce = "T: Reduce", construct = "T: Construct<'g>"))]
        inner: Foreign<T>,
    }

    struct Opaque;

    let bytes = dumps(&Generic {
        nothing: Some(Opaque),
    });
    let loaded: Generic<Opaque> = loads(&bytes.unwrap()).unwrap();
    assert!(loaded.nothing.is_none());
    round_trip(&Bounded::<u8> { nothing: None });
    round_trip(&Wrapper {
        inner: Foreign(vec![1, 2]),
    });
}

#[test]
fn attributes_that_functions_make_stand_among_others() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Nightly {
        day: u8,
        #[reduce(flatten)]
        job: Job,
    }

    round_trip(&Nightly {
        day: 7,
        job: Job {
            name: "backup".into(),
            timeout: HALF,
        },
    });
}

#[test]
fn a_type_that_is_only_dumped_needs_one_function() {
    mod length {
        use super::*;

        pub(crate) fn reduce(value: &&[String], p: &mut Pickler<'_>) -> Result<()> {
            value.len().reduce(p)
        }
    }

    #[derive(Reduce)]
    #[reduce(transparent, dump_only)]
    struct Count<'a>(#[reduce(with = length)] &'a [String]);

    same(&Count(&[String::new(), String::new()]), &2);
}

#[test]
fn errors_know_the_place_and_the_cause() {
    let bytes = dumps(&plain::Job {
        name: "backup".into(),
        timeout: -1.0,
    });
    let error = loads::<Job>(&bytes.unwrap()).unwrap_err();
    assert_eq!(error.path().to_string(), "$.timeout");
    assert!(error.offset().is_some());
    assert_eq!(*error.kind(), ErrorKind::Source);
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<std::time::TryFromFloatSecsError>());

    let bytes = dumps(&plain::Pause(0.5, "localhost".into())).unwrap();
    let error = loads::<Pause>(&bytes).unwrap_err();
    assert_eq!(error.path().to_string(), "$.args[1]");
}

#[test]
fn a_reducers_error_names_its_field() {
    fn never(_: &u8, _: &mut Pickler<'_>) -> Result<()> {
        Err(Error::custom("not today"))
    }

    #[derive(Reduce)]
    struct Locked {
        #[reduce(reduce_with = never)]
        key: u8,
    }

    let error = dumps(&[Locked { key: 1 }]).unwrap_err();
    assert_eq!(error.to_string(), "not today (in $[0].key)");
}

mod weak_name {
    use super::*;

    type Link = Option<Rc<RefCell<Ring>>>;

    pub(crate) fn reduce(value: &Link, p: &mut Pickler<'_>) -> Result<()> {
        value.reduce(p)
    }

    pub(crate) fn construct(d: &mut Decoder<'_>) -> Result<Link> {
        Link::construct(d)
    }
}

#[derive(Reduce, Debug)]
struct Ring {
    #[reduce(with = seconds)]
    age: Duration,
    #[reduce(late, with = weak_name)]
    next: Option<Rc<RefCell<Ring>>>,
}

#[test]
fn late_fields_close_cycles_of_objects_in_cells() {
    let ring = Rc::new(RefCell::new(Ring {
        age: HALF,
        next: None,
    }));
    ring.borrow_mut().next = Some(Rc::clone(&ring));
    let loaded: Rc<RefCell<Ring>> = loads(&dumps(&ring).unwrap()).unwrap();
    let next = loaded.borrow_mut().next.take().unwrap();
    assert!(Rc::ptr_eq(&next, &loaded));
    assert_eq!(next.borrow().age, HALF);
    ring.borrow_mut().next = None;
}

#[test]
fn late_fields_are_read_at_once_elsewhere() {
    let ring = Ring {
        age: HALF,
        next: Some(Rc::new(RefCell::new(Ring {
            age: Duration::ZERO,
            next: None,
        }))),
    };
    let bytes = dumps(&ring).unwrap();
    let loaded: Rc<Ring> = loads(&bytes).unwrap();
    assert_eq!(loaded.next.as_ref().unwrap().borrow().age, Duration::ZERO);
    let loaded: Ring = loads(&bytes).unwrap();
    assert_eq!(loaded.age, HALF);
}

mod cell {
    use super::*;

    pub(crate) fn reduce(value: &RefCell<Option<Rc<Knot>>>, p: &mut Pickler<'_>) -> Result<()> {
        value.reduce(p)
    }

    pub(crate) fn construct(d: &mut Decoder<'_>) -> Result<RefCell<Option<Rc<Knot>>>> {
        Construct::construct(d)
    }
}

#[derive(Reduce, Debug)]
struct Knot {
    #[reduce(late, with = cell)]
    me: RefCell<Option<Rc<Knot>>>,
}

/// A function makes the whole cell, which cannot be put into the object behind an `Rc`.
#[test]
fn a_late_cell_that_a_function_makes_is_not_filled_behind_an_rc() {
    let knot = Rc::new(Knot {
        me: RefCell::default(),
    });
    assert!(loads::<Rc<Knot>>(&dumps(&knot).unwrap()).is_ok());
    knot.me.replace(Some(Rc::clone(&knot)));
    let error = loads::<Rc<Knot>>(&dumps(&knot).unwrap()).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Cycle);
    knot.me.take();
}
