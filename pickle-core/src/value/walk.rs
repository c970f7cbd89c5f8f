//! Walking a tree of values on a stack of one's own: equality, hash and clone.

use std::hash::{Hash, Hasher};

use pickle_registry::QualName;

use super::{Boxed, Dict, Object, Value};
use crate::graph::Form;

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        Heads::new(self).eq(Heads::new(other))
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for head in Heads::new(self) {
            head.hash(state);
        }
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        let mut assembly = Assembly::default();
        let mut pending = vec![self];
        while let Some(value) = pending.pop() {
            let before = pending.len();
            match value.children(&mut pending) {
                Some(shell) => {
                    let count = pending.len() - before;
                    pending[before..].reverse();
                    assembly.begin(shell, count, Shell::assemble);
                }
                None => assembly.add(value.leaf(), Shell::assemble),
            }
        }
        assembly.result()
    }
}

/// A value without its parts.
#[derive(PartialEq, Eq, Hash)]
enum Head<'a> {
    None,
    Bool(bool),
    Int(i64),
    BigInt(&'a [u8]),
    Float(u64),
    Str(&'a str),
    Surrogates(&'a [u8]),
    Bytes(&'a [u8]),
    ByteArray(&'a [u8]),
    Global(&'a QualName<'static>),
    Parts(Shell, usize),
}

struct Heads<'a>(Vec<&'a Value>);

impl<'a> Heads<'a> {
    fn new(root: &'a Value) -> Self {
        Self(vec![root])
    }
}

impl<'a> Iterator for Heads<'a> {
    type Item = Head<'a>;

    fn next(&mut self) -> Option<Head<'a>> {
        Some(match self.0.pop()? {
            Value::None => Head::None,
            Value::Bool(value) => Head::Bool(*value),
            Value::Int(value) => Head::Int(*value),
            Value::BigInt(value) => Head::BigInt(value.to_signed_bytes_le()),
            Value::Float(value) => Head::Float(value.to_bits()),
            Value::Str(text) => Head::Str(text),
            Value::Surrogates(bytes) => Head::Surrogates(bytes),
            Value::Bytes(bytes) => Head::Bytes(bytes),
            Value::ByteArray(bytes) => Head::ByteArray(bytes),
            Value::Global(name) => Head::Global(name),
            value => {
                let before = self.0.len();
                let shell = value.children(&mut self.0).expect("all others have parts");
                Head::Parts(shell, self.0.len() - before)
            }
        })
    }
}

/// A container or instance without its parts.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Shell {
    Tuple,
    List,
    Set,
    FrozenSet,
    Dict,
    Persistent,
    Object(Box<ObjectShell>),
}

/// An instance, with the number of its parts in place of them.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct ObjectShell {
    pub(super) class: QualName<'static>,
    pub(super) form: Form,
    pub(super) base: Option<QualName<'static>>,
    pub(super) args: usize,
    pub(super) kwargs: usize,
    pub(super) items: usize,
    pub(super) added: usize,
    pub(super) entries: usize,
    pub(super) states: usize,
    pub(super) setters: usize,
}

impl Value {
    /// Adds a container's parts to `out`, in the order in which [`Shell::assemble`] takes them.
    pub(super) fn children<'a>(&'a self, out: &mut Vec<&'a Value>) -> Option<Shell> {
        Some(match self {
            Self::Tuple(items) => {
                out.extend(items);
                Shell::Tuple
            }
            Self::List(items) => {
                out.extend(items);
                Shell::List
            }
            Self::Set(items) => {
                out.extend(items);
                Shell::Set
            }
            Self::FrozenSet(items) => {
                out.extend(items);
                Shell::FrozenSet
            }
            Self::Dict(dict) => {
                entries(dict, out);
                Shell::Dict
            }
            Self::Persistent(id) => {
                out.push(id);
                Shell::Persistent
            }
            Self::Object(object) => Shell::Object(Box::new(object.children(out))),
            _ => return None,
        })
    }

    /// A copy of a value without parts.
    fn leaf(&self) -> Self {
        match self {
            Self::Bool(value) => Self::Bool(*value),
            Self::Int(value) => Self::Int(*value),
            Self::BigInt(value) => Self::BigInt(value.clone()),
            Self::Float(value) => Self::Float(*value),
            Self::Str(text) => Self::Str(text.clone()),
            Self::Surrogates(bytes) => Self::Surrogates(bytes.clone()),
            Self::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Self::ByteArray(bytes) => Self::ByteArray(bytes.clone()),
            Self::Global(name) => Self::Global(name.clone()),
            _ => Self::None,
        }
    }
}

fn entries<'a>(dict: &'a Dict, out: &mut Vec<&'a Value>) {
    out.extend(dict.iter().flat_map(|(key, value)| [key, value]));
}

impl Object {
    fn children<'a>(&'a self, out: &mut Vec<&'a Value>) -> ObjectShell {
        out.extend(&self.args);
        entries(&self.kwargs, out);
        out.extend(self.base.iter().map(|(_, value)| &**value));
        out.extend(&self.items);
        out.extend(&self.added);
        entries(&self.entries, out);
        out.extend(&self.states);
        out.extend(&self.setters);
        ObjectShell {
            class: self.class.clone(),
            form: self.form,
            base: self.base.as_ref().map(|(class, _)| class.clone()),
            args: self.args.len(),
            kwargs: self.kwargs.len(),
            items: self.items.len(),
            added: self.added.len(),
            entries: self.entries.len(),
            states: self.states.len(),
            setters: self.setters.len(),
        }
    }
}

impl Shell {
    /// The value, of its parts.
    pub(super) fn assemble(self, parts: Vec<Value>) -> Value {
        match self {
            Self::Tuple => Value::Tuple(parts.into()),
            Self::List => Value::List(parts.into()),
            Self::Set => Value::Set(parts.into()),
            Self::FrozenSet => Value::FrozenSet(parts.into()),
            Self::Dict => Value::Dict(pairs(parts.into_iter())),
            Self::Persistent => {
                let id = parts.into_iter().next();
                Value::Persistent(Boxed::new(id.expect("it has one part")))
            }
            Self::Object(shell) => Value::Object(Box::new(shell.assemble(parts.into_iter()))),
        }
    }
}

impl ObjectShell {
    fn assemble(self, mut parts: std::vec::IntoIter<Value>) -> Object {
        Object {
            class: self.class,
            form: self.form,
            args: parts.by_ref().take(self.args).collect(),
            kwargs: pairs(parts.by_ref().take(2 * self.kwargs)),
            base: self
                .base
                .and_then(|class| Some((class, Boxed::new(parts.next()?)))),
            items: parts.by_ref().take(self.items).collect(),
            added: parts.by_ref().take(self.added).collect(),
            entries: pairs(parts.by_ref().take(2 * self.entries)),
            states: parts.by_ref().take(self.states).collect(),
            setters: parts.collect(),
        }
    }
}

fn pairs(mut parts: impl Iterator<Item = Value>) -> Dict {
    let mut entries = Vec::with_capacity(parts.size_hint().0 / 2);
    while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
        entries.push((key, value));
    }
    entries.into()
}

/// Makes a tree of a pre-order walk over another: a container is made when its last part is.
pub(super) struct Assembly<S, T> {
    /// Containers whose parts are being made: where these begin in `done`, and how many there
    /// will be.
    begun: Vec<(S, usize, usize)>,
    done: Vec<T>,
}

impl<S, T> Default for Assembly<S, T> {
    fn default() -> Self {
        Self {
            begun: Vec::new(),
            done: Vec::new(),
        }
    }
}

impl<S, T> Assembly<S, T> {
    /// Begins a container of the `count` parts that follow.
    pub(super) fn begin(&mut self, shell: S, count: usize, assemble: impl FnMut(S, Vec<T>) -> T) {
        self.begun.push((shell, self.done.len(), count));
        self.settle(assemble);
    }

    /// Adds what has no parts.
    pub(super) fn add(&mut self, leaf: T, assemble: impl FnMut(S, Vec<T>) -> T) {
        self.done.push(leaf);
        self.settle(assemble);
    }

    fn settle(&mut self, mut assemble: impl FnMut(S, Vec<T>) -> T) {
        while let Some((shell, start, _)) = self
            .begun
            .pop_if(|(_, start, count)| self.done.len() == *start + *count)
        {
            let parts = self.done.split_off(start);
            self.done.push(assemble(shell, parts));
        }
    }

    /// The tree, after all its parts.
    pub(super) fn result(mut self) -> T {
        self.done.pop().expect("the walk had a root")
    }
}
