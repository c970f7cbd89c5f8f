//! The tree below an object of a graph, made on a stack of its own.
//!
//! What may be made is known from a measure of the graph. To take it costs more than to make a
//! plain tree; so a tree may be tried first without one, and given up when it turns out larger than
//! is plain.

use std::collections::HashMap;

use super::keys::Keys;
use super::walk::{Assembly, ObjectShell, Shell};
use super::{BigInt, Value};
use crate::construct::Place;
use crate::graph::arena::{BatchKind, Cursor, Node, NodeId, OpIndex};
use crate::graph::{NodeRef, Object, Source, View};

/// How large a tree is, or may be, counted as a [`Measure`](crate::graph::Measure) is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) depth: u32,
    pub(super) nodes: u64,
    pub(super) bytes: u64,
}

/// Why there is no tree.
#[derive(Clone, Copy, Debug)]
pub(super) enum NoTree {
    /// It is not plain, or too large for one that was not measured.
    Unmeasured,
    /// An instance that is an argument was changed afterwards: a copy of it would lack something.
    Mutated(NodeId),
}

/// What becomes a value: a node, or a tuple of callable and state, which is none.
#[derive(Clone, Copy)]
enum Part {
    /// With the level that it is at.
    Node(Place, u32),
    Setter([NodeId; 2], OpIndex),
}

/// A tree while it is made.
pub(super) struct Tree<'g> {
    source: Source<'g>,
    keys: Keys<'g>,
    assembly: Assembly<Shell, Value>,
    pending: Vec<Part>,
    size: Size,
    /// What persistent ids are resolved to.
    resolved: HashMap<NodeId, Value>,
    /// How large it may become, if it was not measured.
    most: Option<Size>,
}

impl<'g> Tree<'g> {
    /// One that was measured.
    pub(super) fn measured(source: Source<'g>, resolved: HashMap<NodeId, Value>) -> Self {
        Self {
            source,
            keys: Keys::new(source),
            assembly: Assembly::default(),
            pending: Vec::new(),
            size: Size {
                depth: 0,
                nodes: 0,
                bytes: 0,
            },
            resolved,
            most: None,
        }
    }

    /// One that is given up if it becomes larger than `most`, or is not plain: if there are
    /// instances or persistent ids in it, or keys that come twice.
    pub(super) fn unmeasured(source: Source<'g>, most: Size) -> Self {
        Self {
            most: Some(most),
            ..Self::measured(source, HashMap::new())
        }
    }

    /// The tree below a place, and how large it is, if it is plain.
    pub(super) fn below(mut self, root: Place) -> Result<(Value, Size), NoTree> {
        self.pending.push(Part::Node(root, 1));
        while let Some(part) = self.pending.pop() {
            match part {
                Part::Node(place, level) => self.node(place, level)?,
                Part::Setter(parts, view) => self.parts(Shell::Tuple, parts, view, 0)?,
            }
        }
        Ok((self.assembly.result(), self.size))
    }

    fn node(&mut self, place: Place, level: u32) -> Result<(), NoTree> {
        self.size.nodes = self.size.nodes.saturating_add(1);
        self.size.depth = self.size.depth.max(level);
        let view = place.view;
        let data = self.source.data;
        let leaf = match data.arena.node(place.node) {
            Node::None => Value::None,
            Node::Bool(value) => Value::Bool(value),
            Node::Int(value) => Value::Int(value),
            Node::Float(value) => Value::Float(value),
            Node::Str(span) => {
                self.count_bytes(span.len())?;
                Value::Str(data.text(span).to_owned())
            }
            Node::List(chain) => {
                let items = Cursor::chain(chain, BatchKind::Items, view);
                return self.parts(Shell::List, items.ids(data.arena), view, level);
            }
            Node::Tuple { start, len, .. } => {
                let items = Cursor::slots(start, len);
                return self.parts(Shell::Tuple, items.ids(data.arena), view, level);
            }
            Node::Dict(chain) => {
                let entries = Cursor::chain(chain, BatchKind::Pairs, view);
                return match self.keys.entries(entries, view) {
                    None => self.parts(Shell::Dict, entries.ids(data.arena), view, level),
                    Some(entries) => {
                        self.check_measured()?;
                        self.parts(Shell::Dict, entries.into_iter().flatten(), view, level)
                    }
                };
            }
            _ => return self.other(place),
        };
        self.assembly.add(leaf, Shell::assemble);
        Ok(())
    }

    /// What is rare in trees.
    fn other(&mut self, place: Place) -> Result<(), NoTree> {
        let node = NodeRef::new(self.source, place.node, place.view).view();
        let view = place.view;
        match node {
            View::Global(_)
            | View::Persistent(_)
            | View::Set(_)
            | View::FrozenSet(_)
            | View::Object(_) => self.check_measured()?,
            _ => {}
        }
        match node {
            View::Persistent(id) => match self.resolved.get(&place.node) {
                Some(value) => self.assembly.add(value.clone(), Shell::assemble),
                None => return self.parts(Shell::Persistent, [id.id()], view, 0),
            },
            View::Set(items) => return self.set(Shell::Set, items.cursor(), view),
            View::FrozenSet(items) => return self.set(Shell::FrozenSet, items.cursor(), view),
            View::Object(object) if object.changes_later() => {
                return Err(NoTree::Mutated(place.node));
            }
            View::Object(object) => self.object(&object),
            node => {
                // OK because what has parts and is not here has been seen to.
                let leaf = leaf(&node).unwrap_or_default();
                self.count_bytes(leaf.own_bytes())?;
                self.assembly.add(leaf, Shell::assemble);
            }
        }
        Ok(())
    }

    fn set(&mut self, shell: Shell, items: Cursor, view: OpIndex) -> Result<(), NoTree> {
        match self.keys.items(items, view) {
            None => self.parts(shell, items.ids(self.source.data.arena), view, 0),
            Some(items) => self.parts(shell, items, view, 0),
        }
    }

    fn object(&mut self, object: &Object<'g>) {
        let before = self.pending.len();
        let shell = self.object_parts(object);
        self.begin(Shell::Object(Box::new(shell)), before);
    }

    fn object_parts(&mut self, object: &Object<'g>) -> ObjectShell {
        let arena = self.source.data.arena;
        let kwargs = object.kwargs();
        let call_view = object.call_view();
        let kwargs: Vec<NodeId> = match self.keys.entries(kwargs.cursor(), call_view) {
            None => kwargs.cursor().ids(arena).collect(),
            Some(entries) => entries.into_iter().flatten().collect(),
        };
        let base = object.base();
        let shell = ObjectShell {
            class: object.class().into_owned(),
            form: object.form(),
            base: base.as_ref().map(|(class, _)| class.clone().into_owned()),
            args: object.args().len(),
            kwargs: kwargs.len() / 2,
            items: object.items().len(),
            added: object.added().len(),
            entries: object.entries().len(),
            states: object.states().count(),
            setters: object.setters().count(),
        };
        let part = |node: NodeRef<'_>| Part::Node(node.place(), 0);
        let pending = &mut self.pending;
        pending.extend(object.args().map(part));
        pending.extend(kwargs.into_iter().map(|node| {
            let view = call_view;
            Part::Node(Place { node, view }, 0)
        }));
        pending.extend(base.map(|(_, value)| part(value)));
        pending.extend(object.items().map(part));
        pending.extend(object.added().map(part));
        pending.extend(object.entries().flat_map(<[_; 2]>::from).map(part));
        pending.extend(object.states().map(part));
        pending.extend(object.setters().map(|setter| {
            let view = setter.state.place().view;
            Part::Setter([setter.callable.id(), setter.state.id()], view)
        }));
        shell
    }

    /// Begins a container of some nodes.
    fn parts(
        &mut self,
        shell: Shell,
        nodes: impl IntoIterator<Item = NodeId>,
        view: OpIndex,
        level: u32,
    ) -> Result<(), NoTree> {
        let before = self.pending.len();
        let part = |node| Part::Node(Place { node, view }, level + 1);
        self.pending.extend(nodes.into_iter().map(part));
        if let Some(most) = self.most
            && (level >= most.depth || self.size.nodes + self.pending.len() as u64 > most.nodes)
        {
            return Err(NoTree::Unmeasured);
        }
        self.begin(shell, before);
        Ok(())
    }

    /// Begins a container of all parts from a place in `pending` on.
    fn begin(&mut self, shell: Shell, first: usize) {
        let parts = &mut self.pending[first..];
        // The first one is to be on top.
        parts.reverse();
        let count = parts.len();
        self.assembly.begin(shell, count, Shell::assemble);
    }

    fn count_bytes(&mut self, bytes: usize) -> Result<(), NoTree> {
        self.size.bytes = self.size.bytes.saturating_add(bytes as u64);
        match self.most {
            Some(most) if self.size.bytes > most.bytes => Err(NoTree::Unmeasured),
            _ => Ok(()),
        }
    }

    fn check_measured(&self) -> Result<(), NoTree> {
        match self.most {
            Some(_) => Err(NoTree::Unmeasured),
            None => Ok(()),
        }
    }
}

/// A value without parts.
pub(super) fn leaf(view: &View<'_>) -> Option<Value> {
    Some(match view {
        View::None => Value::None,
        View::Bool(value) => Value::Bool(*value),
        View::Int(value) => Value::Int(*value),
        View::BigInt(bytes) => Value::BigInt(BigInt::from_signed_bytes_le(bytes)),
        View::Float(value) => Value::Float(*value),
        View::Str(text) => Value::Str((*text).to_owned()),
        View::Surrogates(bytes) => Value::Surrogates(bytes.to_vec()),
        View::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        View::ByteArray(bytes) => Value::ByteArray(bytes.to_vec()),
        View::Buffer(buffer) if buffer.is_readonly() => Value::Bytes(buffer.as_bytes().to_vec()),
        View::Buffer(buffer) => Value::ByteArray(buffer.as_bytes().to_vec()),
        View::Global(name) => Value::Global(Box::new(name.clone().into_owned())),
        _ => return None,
    })
}

impl Value {
    /// How many bytes there are in a value without parts, as far as they are counted.
    pub(super) fn own_bytes(&self) -> usize {
        match self {
            Self::Str(text) => text.len(),
            Self::Surrogates(bytes) | Self::Bytes(bytes) | Self::ByteArray(bytes) => bytes.len(),
            Self::BigInt(value) => value.to_signed_bytes_le().len(),
            _ => 0,
        }
    }
}
