//! Between trees and graphs: both ways on a stack of one's own.

use std::collections::HashMap;

use pickle_registry::QualName;

use super::tree::{NoTree, Size, Tree, leaf};
use super::walk::Assembly;
use super::{Object, Value};
use crate::compat;
use crate::construct::{Construct, Decoder, Place};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Form, Graph, NodeId, NodeRef};

/// Any pickled object, within the limits of depth and size. Persistent ids are resolved if there
/// is a function that makes values of them.
impl<'g> Construct<'g> for Value {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        if d.is_straight() {
            return d.tree();
        }
        if d.takes_ids() {
            return Err(d.wrong_type("an object of its own"));
        }
        if let Some(leaf) = leaf(&d.here().view()) {
            let bytes = leaf.own_bytes();
            d.charge_bytes(bytes as u64)?;
            return Ok(leaf);
        }
        if let Some(tree) = plain_tree(d)? {
            return Ok(tree);
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
        match Tree::measured(d.here().source(), resolved).below(d.place()) {
            Ok((tree, _)) => Ok(tree),
            Err(NoTree::Mutated(node)) => {
                Err(d.located_at(node, ErrorKind::MutatedAfterUse.into()))
            }
            // OK because nothing that was measured is given up.
            Err(NoTree::Unmeasured) => Err(d.error(ErrorKind::CyclicTree)),
        }
    }
}
crate::pointee!(Value);

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
    /// [`Limits::constructed_bytes`](crate::Limits::constructed_bytes) is met: before more is
    /// copied than twice what the graph has.
    pub fn to_value(&self) -> Result<Value> {
        // The tree borrows nothing, so that any lifetime will do.
        Decoder::new(self.clone()).root()
    }
}

/// The tree, if it is plain: not much larger than its graph. What is not is tried once in a load.
fn plain_tree(d: &mut Decoder<'_>) -> Result<Option<Value>> {
    if d.has_measured() {
        return Ok(None);
    }
    let data = d.here().source().data;
    let (nodes, slots) = (data.arena.nodes.len(), data.arena.slots.len());
    let most = Size {
        depth: d.limits().depth,
        nodes: 2 * (nodes + slots) as u64,
        bytes: 2 * (data.input.len() + data.arena.made.len()) as u64,
    };
    match Tree::unmeasured(d.here().source(), most).below(d.place()) {
        Ok((tree, size)) => {
            d.charge_values(size.nodes.saturating_sub(1))?;
            d.charge_bytes(size.bytes)?;
            Ok(Some(tree))
        }
        Err(_) => Ok(None),
    }
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
