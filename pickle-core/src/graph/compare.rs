//! Whether two graphs are the same: equality and hash, in time linear in the nodes.
//!
//! Both go by a sequence of tokens that stands for the graph: a walk from the root writes each
//! node when it meets it first, and its number from then on. Two graphs are equal if their tokens
//! are.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use pickle_registry::QualName;

use super::arena::{Form, Node, NodeId, OpIndex};
use super::view::{Source, View};
use super::{Graph, NodeRef, Object};

/// Graphs are equal if they stand for the same objects in the same order, with the same sharing
/// and cycles.
///
/// Which ids the nodes have, and what cannot be reached from the root, plays no part; nor does
/// whether two equal ints, floats, strs, bytes objects or names are one object. Floats are
/// compared by their bits, so that a nan is equal to itself, and 0.0 differs from -0.0. Items of
/// sets and entries of dicts are compared in order. Where objects were changed after a call had
/// used them, that must have happened in the same order.
///
/// ```
/// use pickle_core::Graph;
///
/// // x = []; pickle.dumps([x, x]), and pickle.dumps([[], []])
/// let shared = Graph::parse(b"(]q\0h\0l.")?;
/// let separate = Graph::parse(b"(]]l.")?;
/// assert_eq!(shared, Graph::parse(b"(]2l.")?);
/// assert_ne!(shared, separate);
/// # Ok::<(), pickle_core::Error>(())
/// ```
impl PartialEq for Graph<'_> {
    fn eq(&self, other: &Graph<'_>) -> bool {
        Tokens::new(self).eq(Tokens::new(other))
    }
}

impl Eq for Graph<'_> {}

/// Fits the equality.
impl Hash for Graph<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for token in Tokens::new(self) {
            token.hash(state);
        }
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Token<'a> {
    /// A node that came before, by its number.
    Known(u32),
    None,
    Bool(bool),
    Int(i64),
    BigInt(&'a [u8]),
    Float(u64),
    Str(&'a [u8]),
    Bytes(&'a [u8]),
    ByteArray(&'a [u8]),
    Buffer(Cow<'a, [u8]>, bool),
    Global(QualName<'a>),
    Tuple(usize),
    List(usize),
    Set(usize),
    FrozenSet(usize),
    Dict(usize),
    Object {
        form: Form,
        class: QualName<'a>,
        base: Option<QualName<'a>>,
        /// How many children of each kind.
        counts: [usize; 8],
    },
    Persistent,
    /// How many items or entries of an object were there at which time.
    Times(Vec<(usize, u32)>),
}

struct Tokens<'a> {
    graph: &'a Graph<'a>,
    pending: Vec<NodeId>,
    /// For each node its number, from 1, once it has been met.
    numbers: Vec<u32>,
    met: u32,
    /// The times of all changes, if it matters which came first.
    times: Option<Vec<OpIndex>>,
    /// To be given out before the next node.
    queued: Option<Token<'a>>,
}

impl<'a> Tokens<'a> {
    fn new(graph: &'a Graph<'_>) -> Self {
        Self {
            times: graph.times(),
            ..Self::untimed(graph)
        }
    }

    fn untimed(graph: &'a Graph<'_>) -> Self {
        Self {
            graph,
            pending: vec![graph.root],
            numbers: vec![0; graph.len()],
            met: 0,
            times: None,
            queued: None,
        }
    }

    fn token(&mut self, node: NodeRef<'a>) -> Token<'a> {
        let before = self.pending.len();
        let token = match node.view() {
            View::None => Token::None,
            View::Bool(value) => Token::Bool(value),
            View::Int(value) => Token::Int(value),
            View::BigInt(bytes) => Token::BigInt(bytes),
            View::Float(value) => Token::Float(value.to_bits()),
            View::Str(text) => Token::Str(text.as_bytes()),
            View::Surrogates(bytes) => Token::Str(bytes),
            View::Bytes(bytes) => Token::Bytes(bytes),
            View::ByteArray(bytes) => Token::ByteArray(bytes),
            View::Buffer(buffer) => Token::Buffer(buffer.clone().into_cow(), buffer.is_readonly()),
            View::Global(name) => Token::Global(name),
            View::Tuple(items) => Token::Tuple(self.push(items)),
            View::List(items) => Token::List(self.push(items)),
            View::Set(items) => Token::Set(self.push(items)),
            View::FrozenSet(items) => Token::FrozenSet(self.push(items)),
            View::Dict(entries) => Token::Dict(self.push(entries.flat_map(<[_; 2]>::from))),
            View::Object(object) => self.object(&object),
            View::Persistent(id) => {
                self.push([id]);
                Token::Persistent
            }
        };
        // The first child is to be on top.
        self.pending[before..].reverse();
        token
    }

    fn object(&mut self, object: &Object<'a>) -> Token<'a> {
        let base = object.base();
        let counts = [
            self.push(object.args()),
            self.push(object.kwargs().flat_map(<[_; 2]>::from)),
            self.push(base.iter().map(|(_, value)| *value)),
            self.push(object.states()),
            self.push(object.setters().flat_map(|s| [s.callable, s.state])),
            self.push(object.items()),
            self.push(object.added()),
            self.push(object.entries().flat_map(<[_; 2]>::from)),
        ];
        Token::Object {
            form: object.form(),
            class: object.class(),
            base: base.map(|(class, _)| class),
            counts,
        }
    }

    fn push(&mut self, nodes: impl IntoIterator<Item = NodeRef<'a>>) -> usize {
        let before = self.pending.len();
        self.pending.extend(nodes.into_iter().map(NodeRef::id));
        self.pending.len() - before
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(token) = self.queued.take() {
            return Some(token);
        }
        let id = self.pending.pop()?;
        if has_identity(self.graph.arena.node(id)) {
            let number = &mut self.numbers[id.index()];
            if *number != 0 {
                return Some(Token::Known(*number));
            }
            self.met += 1;
            *number = self.met;
            self.queued = self
                .times
                .as_ref()
                .map(|times| Token::Times(self.graph.ranked(id, times)));
        }
        let source = Source::from(self.graph);
        Some(self.token(NodeRef::new(source, id, OpIndex::END)))
    }
}

/// Whether it matters that a node is one object and not two equal ones.
fn has_identity(node: Node) -> bool {
    match node {
        Node::Tuple { len, .. } => len > 0,
        Node::ByteArray(_)
        | Node::Buffer { .. }
        | Node::FrozenSet { .. }
        | Node::List(_)
        | Node::Dict(_)
        | Node::Set(_)
        | Node::Object(_)
        | Node::Persistent(_) => true,
        _ => false,
    }
}

impl Graph<'_> {
    /// The times of all changes that can be reached, sorted, if any of them came after a call
    /// that had used what was changed.
    fn times(&self) -> Option<Vec<OpIndex>> {
        if self.arena.objects.is_empty() {
            return None;
        }
        let latest = self.latest();
        let is_late = |object: &super::arena::Object| {
            latest.of(object.args) > object.at
                || object.kwargs.is_some_and(|id| latest.of(id) > object.at)
        };
        if !self.arena.objects.iter().any(is_late) {
            return None;
        }
        let mut walk = Tokens::untimed(self);
        walk.by_ref().for_each(drop);
        let mut is_any_late = false;
        let mut times = Vec::new();
        for (id, _) in (0u32..)
            .zip(&walk.numbers)
            .filter(|(_, number)| **number > 0)
        {
            if let Node::Object(index) = self.arena.node(NodeId(id)) {
                is_any_late |= is_late(self.arena.object(index));
            }
            times.extend(self.changes(NodeId(id)).map(|(at, _)| at));
        }
        times.sort_unstable();
        times.dedup();
        is_any_late.then_some(times)
    }

    /// A node's changes, each by the rank of its time among all.
    fn ranked(&self, id: NodeId, times: &[OpIndex]) -> Vec<(usize, u32)> {
        self.changes(id)
            .map(|(at, len)| (times.partition_point(|time| *time < at), len))
            .collect()
    }

    /// When a node was made, if a call did that, and what it was given at which time.
    fn changes(&self, id: NodeId) -> impl Iterator<Item = (OpIndex, u32)> {
        let (made, chain) = match self.arena.node(id) {
            Node::List(chain) | Node::Dict(chain) | Node::Set(chain) => (None, Some(chain)),
            Node::Object(index) => {
                let object = self.arena.object(index);
                (Some((object.at, 0)), Some(object.chain))
            }
            _ => (None, None),
        };
        let batches = chain.map(|chain| self.arena.batches(chain, OpIndex::END));
        let given = batches
            .into_iter()
            .flatten()
            .map(|batch| (batch.at, batch.len));
        made.into_iter().chain(given)
    }
}
