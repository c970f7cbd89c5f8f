//! What each type is in Python.

use std::any::Any;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet, LinkedList, VecDeque};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use pickle_core::{ByteArray, FrozenSet, Graph, Pickler, Reduce, Result, View};

use crate::{POLICIES, dump};

#[test]
fn what_stands_for_another_value_is_recognized_as_it() {
    #[derive(Clone)]
    struct Known;

    impl Reduce for Known {
        fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
            p.none()
        }

        fn as_any(&self) -> Option<&dyn Any> {
            Some(self)
        }
    }

    let cases: [&dyn Reduce; 7] = [
        &Known,
        &&Known,
        &Box::new(Known),
        &Cow::Borrowed(&Known),
        &Some(Known),
        &OnceCell::from(Known),
        &OnceLock::from(Box::new(Known)),
    ];
    for value in cases {
        assert!(value.as_any().is_some_and(<dyn Any>::is::<Known>));
    }
    assert!(None::<Known>.as_any().is_none());
    assert!(1.as_any().is_none());
}

fn name(view: &View<'_>) -> &'static str {
    match view {
        View::None => "None",
        View::Bool(_) => "bool",
        View::Int(_) | View::BigInt(_) => "int",
        View::Float(_) => "float",
        View::Str(_) => "str",
        View::Bytes(_) => "bytes",
        View::ByteArray(_) => "bytearray",
        View::Tuple(_) => "tuple",
        View::List(_) => "list",
        View::Dict(_) => "dict",
        View::Set(_) => "set",
        View::FrozenSet(_) => "frozenset",
        _ => "another",
    }
}

#[test]
fn every_type_is_the_python_type_that_the_table_says() -> Result<()> {
    let cases: &[(&str, &dyn Reduce)] = &[
        ("bool", &true),
        ("int", &1u8),
        ("int", &i64::MIN),
        ("int", &u128::MAX),
        ("float", &1.0f32),
        ("float", &1.0f64),
        ("str", &'a'),
        ("str", &"a"),
        ("str", &"a".to_owned()),
        ("str", &Cow::Borrowed("a")),
        ("str", &Rc::<str>::from("a")),
        ("str", &Box::<str>::from("a")),
        ("bytes", &vec![1u8]),
        ("bytes", &[1u8; 2]),
        ("bytes", &&[1u8][..]),
        ("bytes", &Cow::Borrowed(&[1u8][..])),
        ("bytes", &Box::<[u8]>::from([1])),
        ("bytes", &Arc::<[u8]>::from([1])),
        ("bytearray", &ByteArray(vec![1])),
        ("list", &VecDeque::from([1u8])),
        ("list", &LinkedList::from([1u8])),
        ("list", &BinaryHeap::from([1u8])),
        ("list", &vec![Box::new(1u8)]),
        ("list", &vec![1i8]),
        ("list", &[1, 2]),
        ("list", &Rc::<[i32]>::from([1])),
        ("tuple", &(1,)),
        ("tuple", &(1, 2, 3, 4)),
        ("dict", &BTreeMap::from([(1, 2)])),
        ("set", &HashSet::from([1])),
        ("set", &BTreeSet::<i32>::new()),
        ("frozenset", &FrozenSet::<i32>::from_iter([1])),
        ("None", &()),
        ("None", &None::<i32>),
        ("None", &PhantomData::<i32>),
        ("None", &OnceCell::<i32>::new()),
        ("None", &OnceLock::<i32>::new()),
        ("None", &std::rc::Weak::<i32>::new()),
        ("None", &std::sync::Weak::<i32>::new()),
        ("int", &Some(1)),
        ("int", &OnceCell::from(1)),
        ("int", &Cell::new(1)),
        ("int", &RefCell::new(1)),
        ("int", &Mutex::new(1)),
        ("int", &RwLock::new(1)),
    ];
    for (index, (expected, value)) in cases.iter().enumerate() {
        for protocol in 0..=5 {
            for policy in POLICIES {
                let bytes = dump(*value, protocol, policy)?;
                let graph = Graph::parse(&bytes)?;
                assert_eq!(
                    name(&graph.root().view()),
                    *expected,
                    "case {index}, protocol {protocol}: {}",
                    bytes.escape_ascii()
                );
            }
        }
    }
    Ok(())
}
