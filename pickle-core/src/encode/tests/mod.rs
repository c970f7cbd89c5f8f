//! What a pickler writes. The bytes expected here are CPython 3.13's, of the same objects.

mod graphs;
mod kinds;
mod pickler;
mod sharing;

use pickle_registry::QualName;

use super::{Creation, MemoPolicy, Pickler};
use crate::class::{Class, MemberValue};
use crate::error::Result;
use crate::graph::Graph;
use crate::reduce::Reduce;

/// Values of all the kinds that a pickler has methods for.
enum Py {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(&'static str),
    Bytes(&'static [u8]),
    ByteArray(&'static [u8]),
    Tuple(Vec<Py>),
    List(Vec<Py>),
    Set(Vec<Py>),
    FrozenSet(Vec<Py>),
    Dict(Vec<(Py, Py)>),
    Global(QualName<'static>),
    Plain(i64, &'static str),
    Keyword(i64, i64),
    Red,
}

const fn class(name: &'static str) -> Class {
    Class {
        name: QualName::new("m", name),
        aliases: &[],
        fields: &[],
        positional: 0,
        deny_unknown: false,
    }
}

static PLAIN: Class = class("P");
static KEYWORD: Class = class("KW");
static COLOR: Class = class("Color");

impl Reduce for Py {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        match self {
            Self::None => p.none(),
            Self::Bool(value) => p.bool(*value),
            Self::Int(value) => p.i128(*value),
            Self::Float(value) => p.float(*value),
            Self::Str(value) => p.str(value),
            Self::Bytes(value) => p.bytes(value),
            Self::ByteArray(value) => p.bytearray(value),
            Self::Tuple(items) => p.tuple(items.len(), |p| {
                items.iter().try_for_each(|item| p.save(item))
            }),
            Self::List(items) => p.list(items),
            Self::Set(items) => p.set(items),
            Self::FrozenSet(items) => p.frozenset(items),
            Self::Dict(entries) => p.dict(entries.iter().map(|(key, value)| (key, value))),
            Self::Global(name) => p.global(name),
            Self::Plain(x, y) => {
                let mut object = p.object(&PLAIN, Creation::NewObj, 0, 0)?;
                object.state(2)?;
                object.field("x", &Self::Int((*x).into()))?;
                object.field("y", &Self::Str(y))?;
                object.end()
            }
            Self::Keyword(arg, k) => {
                let mut object = p.object(&KEYWORD, Creation::NewObjEx, 1, 1)?;
                object.arg("arg", &Self::Int((*arg).into()))?;
                object.kwarg("k", &Self::Int((*k).into()))?;
                object.end()
            }
            Self::Red => p.member(&COLOR, MemberValue::Int(1)),
        }
    }
}

fn ints(len: i128, make: fn(Vec<Py>) -> Py) -> Py {
    make((0..len).map(Py::Int).collect())
}

fn global(module: &'static str, qualname: &'static str) -> Py {
    Py::Global(QualName::new(module, qualname))
}

fn dump<T: Reduce + ?Sized>(value: &T, protocol: u8, policy: MemoPolicy) -> Vec<u8> {
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .protocol(protocol)
        .memo(policy)
        .dump(value)
        .expect("the value can be pickled");
    bytes
}

fn check(items: impl IntoIterator<Item = Py>, expected: [&[u8]; 6]) {
    let list = Py::List(items.into_iter().collect());
    for (protocol, expected) in (0..).zip(expected) {
        let bytes = dump(&list, protocol, MemoPolicy::All);
        assert_eq!(
            bytes.escape_ascii().to_string(),
            expected.escape_ascii().to_string(),
            "protocol {protocol}"
        );
        // What was parsed of that is the same again, but for what is seen through.
        let graph = Graph::parse(expected).expect("CPython's pickles can be parsed");
        if protocol >= 4 {
            let again = dump(&graph, protocol, MemoPolicy::All);
            assert_eq!(
                again.escape_ascii().to_string(),
                expected.escape_ascii().to_string(),
                "a graph, protocol {protocol}"
            );
        }
    }
}
