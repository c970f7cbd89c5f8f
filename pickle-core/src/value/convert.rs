//! Between trees and graphs: both ways on a stack of one's own.

use std::collections::HashMap;

use pickle_registry::QualName;

use super::keys::Keys;
use super::walk::{Assembly, ObjectShell, Shell};
use super::{BigInt, Object, Value};
use crate::compat;
use crate::construct::{Construct, Decoder, Place};
use crate::encode::Pickler;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{self, Form, Graph, NodeId, NodeRef, View};
use crate::reduce::Reduce;

/// Any pickled object, within the limits of depth and size. Persistent ids are resolved if there
/// is a function that makes values of them.
impl<'g> Construct<'g> for Value {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        if d.takes_ids() {
            return Err(d.wrong_type("an object of its own"));
        }
        if let Some(leaf) = leaf(&d.here().view()) {
            let bytes = leaf.own_bytes();
            d.charge_bytes(bytes as u64)?;
            return Ok(leaf);
        }
        let size = d.measure();
        if let Some(node) = size.cycle {
            return Err(d.located_at(node, ErrorKind::CyclicTree.into()));
        }
        d.charge_values(size.nodes.saturating_sub(1))?;
        d.charge_bytes(size.bytes)?;
        let limit = d.limits().depth;
        if size.depth > limit {
            return Err(d.error(ErrorKind::LimitExceeded {
                limit: "the depth of the object",
                value: limit.into(),
                setter: "depth",
            }));
        }
        let resolved = resolve_below(d)?;
        tree(d.here(), &resolved)
            .map_err(|node| d.located_at(node, ErrorKind::MutatedAfterUse.into()))
    }
}
crate::pointee!(Value);

/// By way of a [`Graph`], so that a tree of any depth can be dumped.
impl Reduce for Value {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        self.to_graph()?.reduce(p)
    }

    fn as_any(&self) -> Option<&dyn std::any::Any> {
        Some(self)
    }
}

impl Graph<'_> {
    /// The pickled object as a plain tree: what is shared is copied.
    ///
    /// ```
    /// use pickle_core::{Graph, Value};
    ///
    /// let value = Graph::parse(b"(I1\nNl.")?.to_value()?;
    /// assert_eq!(value, Value::List([1.into(), Value::None].into()));
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If an object contains itself or is an argument that was changed afterwards, or the limit of [`Limits::depth`](crate::Limits::depth),
    /// [`Limits::tree_nodes`](crate::Limits::tree_nodes) or
    /// [`Limits::constructed_bytes`](crate::Limits::constructed_bytes) is met: before anything
    /// is copied.
    pub fn to_value(&self) -> Result<Value> {
        // The tree borrows nothing, so that any lifetime will do.
        Decoder::new(self.clone()).root()
    }
}

impl Value {
    fn own_bytes(&self) -> usize {
        match self {
            Self::Str(text) => text.len(),
            Self::Surrogates(bytes) | Self::Bytes(bytes) | Self::ByteArray(bytes) => bytes.len(),
            Self::BigInt(value) => value.to_signed_bytes_le().len(),
            _ => 0,
        }
    }
}

/// A value without parts.
fn leaf(view: &View<'_>) -> Option<Value> {
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

/// What becomes a value: a node, or a tuple of callable and state, which is none.
#[derive(Clone, Copy)]
enum Part<'a> {
    Node(NodeRef<'a>),
    Setter(graph::Setter<'a>),
}

/// What the persistent ids below a node are resolved to, each once, in the order of the pickle.
fn resolve_below(d: &mut Decoder<'_>) -> Result<HashMap<NodeId, Value>> {
    if !d.has_resolver::<Value>() {
        return Ok(HashMap::new());
    }
    let mut found = d.graph().persistent_below(d.place());
    found.sort_by_key(|place| place.node);
    let resolve = |place: Place| Ok((place.node, d.at(place, Decoder::persistent)?));
    found.into_iter().map(resolve).collect()
}

/// The tree below a node, whose size has been found to be within the limits. Fails at an instance
/// that is an argument and was changed afterwards: a copy of it would lack something.
fn tree(root: NodeRef<'_>, resolved: &HashMap<NodeId, Value>) -> Result<Value, NodeId> {
    let mut keys = Keys::default();
    let mut assembly = Assembly::default();
    let mut pending = vec![Part::Node(root)];
    while let Some(part) = pending.pop() {
        let before = pending.len();
        let view = match part {
            Part::Node(node) => match node.view() {
                View::Object(object) if object.changes_later() => return Err(node.id()),
                view => match resolved.get(&node.id()) {
                    Some(value) => {
                        assembly.add(value.clone(), Shell::assemble);
                        continue;
                    }
                    None => view,
                },
            },
            Part::Setter(setter) => {
                pending.extend([setter.state, setter.callable].map(Part::Node));
                assembly.begin(Shell::Tuple, 2, Shell::assemble);
                continue;
            }
        };
        if let Some(leaf) = leaf(&view) {
            assembly.add(leaf, Shell::assemble);
            continue;
        }
        let shell = shell(view, &mut keys, &mut pending);
        let count = pending.len() - before;
        pending[before..].reverse();
        assembly.begin(shell, count, Shell::assemble);
    }
    Ok(assembly.result())
}

/// A container without its parts, which are added to `out`.
fn shell<'a>(view: View<'a>, keys: &mut Keys<'a>, out: &mut Vec<Part<'a>>) -> Shell {
    match view {
        View::Tuple(items) => {
            out.extend(items.map(Part::Node));
            Shell::Tuple
        }
        View::Set(items) => {
            out.extend(keys.items(items).into_iter().map(Part::Node));
            Shell::Set
        }
        View::FrozenSet(items) => {
            out.extend(keys.items(items).into_iter().map(Part::Node));
            Shell::FrozenSet
        }
        View::Dict(entries) => {
            out.extend(nodes(keys.entries(entries)));
            Shell::Dict
        }
        View::Persistent(id) => {
            out.push(Part::Node(id));
            Shell::Persistent
        }
        View::Object(object) => Shell::Object(Box::new(object_shell(&object, keys, out))),
        other => {
            if let View::List(items) = other {
                out.extend(items.map(Part::Node));
            }
            Shell::List
        }
    }
}

fn object_shell<'a>(
    object: &graph::Object<'a>,
    keys: &mut Keys<'a>,
    out: &mut Vec<Part<'a>>,
) -> ObjectShell {
    let kwargs = keys.entries(object.kwargs());
    let base = object.base();
    let shell = ObjectShell {
        class: object.class().into_owned(),
        form: object.form(),
        base: base.as_ref().map(|(class, _)| class.clone().into_owned()),
        args: object.args().len(),
        kwargs: kwargs.len(),
        items: object.items().len(),
        added: object.added().len(),
        entries: object.entries().len(),
        states: object.states().count(),
        setters: object.setters().count(),
    };
    out.extend(object.args().map(Part::Node));
    out.extend(nodes(kwargs));
    out.extend(base.map(|(_, value)| Part::Node(value)));
    out.extend(object.items().map(Part::Node));
    out.extend(object.added().map(Part::Node));
    out.extend(nodes(object.entries()));
    out.extend(object.states().map(Part::Node));
    out.extend(object.setters().map(Part::Setter));
    shell
}

fn nodes<'a>(
    entries: impl IntoIterator<Item = (NodeRef<'a>, NodeRef<'a>)>,
) -> impl Iterator<Item = Part<'a>> {
    let entries = entries.into_iter();
    entries.flat_map(|(key, value)| [Part::Node(key), Part::Node(value)])
}

impl Value {
    /// The value as a graph, in which nothing is shared but the globals.
    ///
    /// ```
    /// use pickle_core::Value;
    ///
    /// let value = Value::from(vec![1.into(), "a".into()]);
    /// let graph = value.to_graph()?;
    /// assert_eq!(graph.root().items().len(), 2);
    /// assert_eq!(graph.to_value()?, value);
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a dict key or set item is not hashable, or a setter of an [`Object`] not a tuple of
    /// callable and state.
    pub fn to_graph(&self) -> Result<Graph<'static>> {
        let mut builder = Builder {
            graph: Graph::new(),
            globals: HashMap::new(),
            failed: None,
        };
        let mut assembly = Assembly::default();
        let mut pending = vec![self];
        while let Some(value) = pending.pop() {
            let before = pending.len();
            let has_parts = value.children(&mut pending).is_some();
            let count = pending.len() - before;
            pending[before..].reverse();
            if has_parts {
                assembly.begin(value, count, |value, parts| {
                    builder.container(value, &parts)
                });
            } else {
                let leaf = builder.leaf(value);
                assembly.add(leaf, |value, parts| builder.container(value, &parts));
            }
        }
        match builder.failed {
            Some(error) => Err(error),
            None => {
                builder.graph.set_root(assembly.result());
                Ok(builder.graph)
            }
        }
    }
}

struct Builder<'v> {
    graph: Graph<'static>,
    globals: HashMap<QualName<'v>, NodeId>,
    failed: Option<Error>,
}

impl<'v> Builder<'v> {
    fn leaf(&mut self, value: &'v Value) -> NodeId {
        match value {
            Value::Bool(value) => self.graph.bool(*value),
            Value::Int(value) => self.graph.int(*value),
            Value::BigInt(value) => self.graph.big_int(value.to_signed_bytes_le()),
            Value::Float(value) => self.graph.float(*value),
            Value::Str(text) => self.graph.str(text),
            Value::Surrogates(bytes) => self.graph.surrogates(bytes),
            Value::Bytes(bytes) => self.graph.bytes(bytes),
            Value::ByteArray(bytes) => self.graph.bytearray(bytes),
            Value::Global(name) => self.global(name.borrowed()),
            _ => self.graph.none(),
        }
    }

    fn global(&mut self, name: QualName<'v>) -> NodeId {
        if let Some(id) = self.globals.get(&name) {
            return *id;
        }
        let id = self.graph.new_global(name.module(), name.qualname());
        self.globals.insert(name, id);
        id
    }

    /// A container, of its parts; after a failure any node.
    fn container(&mut self, value: &'v Value, parts: &[NodeId]) -> NodeId {
        self.try_container(value, parts).unwrap_or_else(|error| {
            self.failed.get_or_insert(error);
            self.graph.tuple(&[])
        })
    }

    fn try_container(&mut self, value: &'v Value, parts: &[NodeId]) -> Result<NodeId> {
        let graph = &mut self.graph;
        match value {
            Value::FrozenSet(_) => graph.frozenset(parts),
            Value::Dict(_) => self.dict(parts),
            Value::Object(object) => self.object(object, parts),
            Value::Persistent(_) => Ok(graph.persistent(parts[0])),
            Value::List(_) => {
                let list = graph.list();
                graph.append_all(list, parts)?;
                Ok(list)
            }
            Value::Set(_) => {
                let set = graph.set();
                for part in parts {
                    graph.add(set, *part)?;
                }
                Ok(set)
            }
            _ => Ok(graph.tuple(parts)),
        }
    }

    fn dict(&mut self, parts: &[NodeId]) -> Result<NodeId> {
        let dict = self.graph.dict();
        for entry in parts.chunks_exact(2) {
            self.graph.insert(dict, entry[0], entry[1])?;
        }
        Ok(dict)
    }

    fn object(&mut self, object: &'v Object, parts: &[NodeId]) -> Result<NodeId> {
        let mut rest = parts;
        let mut take = |count: usize| {
            let (taken, behind) = rest.split_at(count);
            rest = behind;
            taken
        };
        let args = take(object.args.len());
        let kwargs = take(2 * object.kwargs.len());
        let base = take(usize::from(object.base.is_some()));
        let items = take(object.items.len());
        let added = take(object.added.len());
        let entries = take(2 * object.entries.len());
        let states = take(object.states.len());
        let setters = take(object.setters.len());

        let class = self.global(object.class.borrowed());
        let id = if let Some((base_class, _)) = &object.base {
            let callable = self.global(compat::RECONSTRUCTOR);
            let base_class = self.global(base_class.borrowed());
            let args = self.graph.tuple(&[class, base_class, base[0]]);
            self.graph.call(callable, args)?
        } else {
            let args = self.graph.tuple(args);
            let has_kwargs = !kwargs.is_empty() || object.form == Form::NewObjEx;
            let kwargs = has_kwargs.then(|| self.dict(kwargs)).transpose()?;
            self.graph.object(object.form, class, args, kwargs)?
        };
        self.graph.append_all(id, items)?;
        for item in added {
            self.graph.add(id, *item)?;
        }
        for entry in entries.chunks_exact(2) {
            self.graph.insert(id, entry[0], entry[1])?;
        }
        for state in states {
            self.graph.set_state(id, *state)?;
        }
        for setter in setters {
            self.setter(id, *setter)?;
        }
        Ok(id)
    }

    fn setter(&mut self, object: NodeId, setter: NodeId) -> Result<()> {
        let parts: Vec<NodeId> = self.graph.node(setter).items().map(NodeRef::id).collect();
        let &[callable, state] = parts.as_slice() else {
            return Err(ErrorKind::WrongType {
                expected: "a tuple of callable and state".into(),
                found: self.graph.node(setter).describe(),
            }
            .into());
        };
        self.graph.set_state_by(object, callable, state)
    }
}
