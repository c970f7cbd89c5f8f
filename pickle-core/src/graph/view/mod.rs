//! Walking a graph: `NodeRef`, and `View` to match on.
//!
//! The few calls are seen through that Python writes in place of an opcode that a lower protocol
//! lacks: `shape` knows that `set([...])` is a set, `object` that `copyreg._reconstructor(cls, ...)`
//! makes an instance of cls.

mod object;
mod shape;

use pickle_registry::QualName;

use super::Graph;
use super::arena::{BatchKind, Cursor, Data, Node, NodeId, OpIndex};
use crate::buffer::PickleBuffer;
use crate::construct::Place;

pub(super) use object::attr_of_state;
pub use object::{Object, Setter};
pub(crate) use shape::{Shape, shape, unhashable};

/// A node of a [`Graph`], to be walked from.
///
/// Two `NodeRef`s with one [`id`](NodeRef::id) are one Python object.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    source: Source<'a>,
    id: NodeId,
    /// What was added from here on is not seen.
    view: OpIndex,
}

/// What a node is looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) data: Data<'a>,
    pub(crate) buffers: &'a [PickleBuffer<'a>],
}

impl<'a> From<&'a Graph<'_>> for Source<'a> {
    fn from(graph: &'a Graph<'_>) -> Self {
        Self {
            data: graph.data(),
            buffers: &graph.unpickler.buffers,
        }
    }
}

/// A node to match on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum View<'a> {
    /// None.
    None,
    /// A bool.
    Bool(bool),
    /// An int of up to 64 bits.
    Int(i64),
    /// A larger int: two's complement, little-endian.
    BigInt(&'a [u8]),
    /// A float.
    Float(f64),
    /// A str.
    Str(&'a str),
    /// A str with lone surrogates, in what Python calls UTF-8 with `surrogatepass`.
    Surrogates(&'a [u8]),
    /// A bytes object.
    Bytes(&'a [u8]),
    /// A bytearray.
    ByteArray(&'a [u8]),
    /// A buffer that came outside the stream, read-only if either it or the pickle says so.
    Buffer(PickleBuffer<'a>),
    /// A tuple.
    Tuple(Items<'a>),
    /// A list.
    List(Items<'a>),
    /// A dict: keys as they were set, one that was set twice comes twice.
    Dict(Entries<'a>),
    /// A set.
    Set(Items<'a>),
    /// A frozenset.
    FrozenSet(Items<'a>),
    /// A class, function or other global, by name.
    Global(QualName<'a>),
    /// An instance, or what else a call made.
    Object(Object<'a>),
    /// An object kept elsewhere, by its id.
    Persistent(NodeRef<'a>),
}

impl<'a> NodeRef<'a> {
    pub(crate) fn new(source: Source<'a>, id: NodeId, view: OpIndex) -> Self {
        Self { source, id, view }
    }

    pub(crate) fn source(self) -> Source<'a> {
        self.source
    }

    pub(crate) fn place(self) -> Place {
        Place {
            node: self.id,
            view: self.view,
        }
    }

    /// Which node it is: equal for the same Python object, and only for it.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The node, to match on.
    #[must_use]
    pub fn view(self) -> View<'a> {
        let data = self.source.data;
        let items = |cursor| Items {
            source: self.source,
            cursor,
            view: self.view,
        };
        match shape(data, self.id, self.view) {
            Shape::Node(node) => match node {
                Node::None => View::None,
                Node::Bool(value) => View::Bool(value),
                Node::Int(value) => View::Int(value),
                Node::BigInt(span) => View::BigInt(data.bytes(span)),
                Node::Float(value) => View::Float(value),
                Node::Str(span) => View::Str(data.text(span)),
                Node::Surrogates(span) => View::Surrogates(data.bytes(span)),
                Node::Bytes(span) => View::Bytes(data.bytes(span)),
                Node::ByteArray(span) => View::ByteArray(data.bytes(span)),
                Node::Buffer {
                    index, readonly, ..
                } => View::Buffer(self.source.buffers[index as usize].reborrow(readonly)),
                Node::Tuple { start, len, .. } => View::Tuple(items(Cursor::slots(start, len))),
                Node::FrozenSet { start, len } => View::FrozenSet(items(Cursor::slots(start, len))),
                Node::List(chain) => {
                    View::List(items(Cursor::chain(chain, BatchKind::Items, self.view)))
                }
                Node::Set(chain) => {
                    View::Set(items(Cursor::chain(chain, BatchKind::Items, self.view)))
                }
                Node::Dict(chain) => View::Dict(Entries(items(Cursor::chain(
                    chain,
                    BatchKind::Pairs,
                    self.view,
                )))),
                Node::Global(index) => View::Global(data.name(index)),
                Node::Object(index) => View::Object(Object::new(self, index)),
                Node::Persistent(id) => View::Persistent(self.at(id)),
            },
            Shape::Set(cursor) => View::Set(items(cursor)),
            Shape::FrozenSet(cursor) => View::FrozenSet(items(cursor)),
        }
    }

    /// Python's name for the node's type; for an instance, `instance`.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match shape(self.source.data, self.id, self.view) {
            Shape::Node(node) => node.type_name(),
            Shape::Set(_) => "set",
            Shape::FrozenSet(_) => "frozenset",
        }
    }

    /// The int, if it is one of up to 64 bits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self.view() {
            View::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The float, if it is one.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        match self.view() {
            View::Float(value) => Some(value),
            _ => None,
        }
    }

    /// The bool, if it is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.view() {
            View::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The str, if it is one without lone surrogates.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        match self.view() {
            View::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes of a bytes object, bytearray or buffer.
    #[must_use]
    pub fn as_bytes(self) -> Option<&'a [u8]> {
        match self.view() {
            View::Bytes(bytes) | View::ByteArray(bytes) => Some(bytes),
            View::Buffer(buffer) => buffer.borrowed(),
            _ => None,
        }
    }

    /// Whether it is None.
    #[must_use]
    pub fn is_none(self) -> bool {
        matches!(self.view(), View::None)
    }

    /// The items of a list, tuple, set or frozenset, and the list items of an instance; nothing
    /// for other nodes.
    #[must_use]
    pub fn items(self) -> Items<'a> {
        match self.view() {
            View::Tuple(items) | View::List(items) | View::Set(items) | View::FrozenSet(items) => {
                items
            }
            View::Object(object) => object.items(),
            _ => self.no_items(),
        }
    }

    /// The entries of a dict, and the dict items of an instance; nothing for other nodes.
    #[must_use]
    pub fn entries(self) -> Entries<'a> {
        match self.view() {
            View::Dict(entries) => entries,
            View::Object(object) => object.entries(),
            _ => Entries(self.no_items()),
        }
    }

    /// The value of a dict's key that is the str `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<NodeRef<'a>> {
        self.entries().get(key)
    }

    /// An attribute of an instance, as its state has it.
    #[must_use]
    pub fn attr(self, name: &str) -> Option<NodeRef<'a>> {
        match self.view() {
            View::Object(object) => object.attr(name),
            _ => None,
        }
    }

    /// The class of an instance, or the callable of another call's result.
    #[must_use]
    pub fn class(self) -> Option<QualName<'a>> {
        match self.view() {
            View::Object(object) => Some(object.class()),
            _ => None,
        }
    }

    fn at(self, id: NodeId) -> Self {
        Self { id, ..self }
    }

    pub(crate) fn no_items(self) -> Items<'a> {
        Items {
            source: self.source,
            cursor: Cursor::slots(0, 0),
            view: self.view,
        }
    }
}

/// The items of a list, tuple, set or frozenset.
#[derive(Clone)]
pub struct Items<'a> {
    source: Source<'a>,
    cursor: Cursor,
    view: OpIndex,
}

impl Items<'_> {
    pub(crate) fn cursor(&self) -> Cursor {
        self.cursor
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = NodeRef<'a>;

    fn next(&mut self) -> Option<NodeRef<'a>> {
        let id = self.cursor.next(self.source.data.arena)?;
        Some(NodeRef {
            source: self.source,
            id,
            view: self.view,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.cursor.len(self.source.data.arena);
        (len, Some(len))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The entries of a dict, as pairs of key and value.
#[derive(Clone)]
pub struct Entries<'a>(Items<'a>);

impl<'a> Entries<'a> {
    pub(crate) fn cursor(&self) -> Cursor {
        self.0.cursor
    }

    /// The value of the last entry whose key is the str `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<NodeRef<'a>> {
        self.clone()
            .filter(|(k, _)| k.as_str() == Some(key))
            .last()
            .map(|(_, value)| value)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (NodeRef<'a>, NodeRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.0.next()?;
        Some((key, self.0.next()?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.0.len() / 2;
        (len, Some(len))
    }
}

impl ExactSizeIterator for Entries<'_> {}
