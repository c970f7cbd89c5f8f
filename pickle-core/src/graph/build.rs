//! Building a graph by hand: nodes are made here, and what is in them is added in `change`.

use std::sync::Arc;

use super::arena::{Arena, Chain, Form, Global, Node, NodeId, Object, OpIndex, Span};
use super::{Graph, Input, unhashable};
use crate::bigint;
use crate::decode::Unpickler;
use crate::error::{Error, ErrorKind, Result};

impl<'g> Graph<'g> {
    /// A graph of one node, None, which is its root.
    ///
    /// ```
    /// use pickle_core::Graph;
    ///
    /// let mut graph = Graph::new();
    /// let list = graph.list();
    /// graph.append(list, list)?;
    /// graph.set_root(list);
    /// let first = graph.root().items().next().expect("it holds itself");
    /// assert_eq!(first.id(), graph.root().id());
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let arena = Arena {
            nodes: vec![Node::None],
            ..Arena::default()
        };
        Self {
            input: Input::Borrowed(&[]),
            arena: Arc::new(arena),
            root: NodeId(0),
            unpickler: Unpickler::new(),
        }
    }

    /// Chooses which node is the pickled object.
    ///
    /// # Panics
    ///
    /// If the id is of another graph, and this one has fewer nodes; so do all methods that are
    /// given ids.
    pub fn set_root(&mut self, id: NodeId) {
        self.check(id);
        self.root = id;
    }

    /// Adds None.
    pub fn none(&mut self) -> NodeId {
        self.push(Node::None)
    }

    /// Adds a bool.
    pub fn bool(&mut self, value: bool) -> NodeId {
        self.push(Node::Bool(value))
    }

    /// Adds an int.
    pub fn int(&mut self, value: i64) -> NodeId {
        self.push(Node::Int(value))
    }

    /// Adds an int of any size: two's complement, little-endian.
    ///
    /// ```
    /// let mut graph = pickle_core::Graph::new();
    /// let small = graph.big_int(&[0xff, 0xff, 0xff]);
    /// assert_eq!(graph.node(small).as_i64(), Some(-1));
    /// ```
    pub fn big_int(&mut self, bytes: &[u8]) -> NodeId {
        let bytes = bigint::trimmed(bytes);
        match bigint::to_i128(bytes).and_then(|value| i64::try_from(value).ok()) {
            Some(value) => self.int(value),
            None => {
                let span = self.made(bytes);
                self.push(Node::BigInt(span))
            }
        }
    }

    /// Adds a float.
    pub fn float(&mut self, value: f64) -> NodeId {
        self.push(Node::Float(value))
    }

    /// Adds a str.
    pub fn str(&mut self, text: &str) -> NodeId {
        let span = self.made(text.as_bytes());
        self.push(Node::Str(span))
    }

    /// Adds a str with lone surrogates, in UTF-8 but for these, in the form that
    /// [`View::Surrogates`](super::View::Surrogates) shows.
    pub(crate) fn surrogates(&mut self, bytes: &[u8]) -> NodeId {
        let span = self.made(bytes);
        self.push(Node::Surrogates(span))
    }

    /// Adds a bytes object.
    pub fn bytes(&mut self, bytes: &[u8]) -> NodeId {
        let span = self.made(bytes);
        self.push(Node::Bytes(span))
    }

    /// Adds a bytearray.
    pub fn bytearray(&mut self, bytes: &[u8]) -> NodeId {
        let span = self.made(bytes);
        self.push(Node::ByteArray(span))
    }

    /// Adds a tuple.
    pub fn tuple(&mut self, items: &[NodeId]) -> NodeId {
        let hashable = items
            .iter()
            .all(|id| unhashable(self.data(), *id).is_none());
        let (start, len) = self.slots(items);
        self.push(Node::Tuple {
            start,
            len,
            hashable,
        })
    }

    /// Adds an empty list, to [`append`](Graph::append) to.
    pub fn list(&mut self) -> NodeId {
        self.push(Node::List(Chain::EMPTY))
    }

    /// Adds an empty dict, to [`insert`](Graph::insert) into.
    pub fn dict(&mut self) -> NodeId {
        self.push(Node::Dict(Chain::EMPTY))
    }

    /// Adds an empty set, to [`add`](Graph::add) to.
    pub fn set(&mut self) -> NodeId {
        self.push(Node::Set(Chain::EMPTY))
    }

    /// Adds a frozenset.
    ///
    /// # Errors
    ///
    /// If an item is not hashable.
    pub fn frozenset(&mut self, items: &[NodeId]) -> Result<NodeId> {
        for item in items {
            self.check_hashable(*item)?;
        }
        let (start, len) = self.slots(items);
        Ok(self.push(Node::FrozenSet { start, len }))
    }

    /// Adds a class, function or other global.
    pub fn global(&mut self, module: &str, qualname: &str) -> NodeId {
        let data = self.data();
        let known = (0u32..).zip(&self.arena.globals).find(|(_, global)| {
            data.bytes(global.module) == module.as_bytes()
                && data.bytes(global.qualname) == qualname.as_bytes()
        });
        let index = match known {
            Some((index, _)) => index,
            None => return self.new_global(module, qualname),
        };
        self.push(Node::Global(index))
    }

    /// Adds a global that is known not to be there.
    pub(crate) fn new_global(&mut self, module: &str, qualname: &str) -> NodeId {
        let (module, qualname) = (self.made(module.as_bytes()), self.made(qualname.as_bytes()));
        let arena = self.arena_mut();
        arena.globals.push(Global {
            module,
            qualname,
            attribute_of: None,
            module_node: None,
        });
        let index = index_of_last(arena.globals.len());
        self.push(Node::Global(index))
    }

    /// Adds the result of a call, `callable(*args)`: REDUCE.
    ///
    /// # Errors
    ///
    /// If the callable is not a [`global`](Graph::global), or `args` not a tuple.
    pub fn call(&mut self, callable: NodeId, args: NodeId) -> Result<NodeId> {
        self.object(Form::Reduce, callable, args, None)
    }

    /// Adds the result of a call with keyword arguments, `callable(*args, **kwargs)`.
    ///
    /// # Errors
    ///
    /// If the callable is not a [`global`](Graph::global), `args` not a tuple, or `kwargs` not a
    /// dict.
    pub fn call_ex(&mut self, callable: NodeId, args: NodeId, kwargs: NodeId) -> Result<NodeId> {
        self.object(Form::Reduce, callable, args, Some(kwargs))
    }

    /// Adds an instance, `class.__new__(class, *args)`: NEWOBJ.
    ///
    /// ```
    /// use pickle_core::Graph;
    ///
    /// let mut graph = Graph::new();
    /// let class = graph.global("geometry", "Point");
    /// let args = graph.tuple(&[]);
    /// let point = graph.instance(class, args)?;
    /// let x = graph.float(3.0);
    /// graph.set_attr(point, "x", x)?;
    /// assert_eq!(graph.node(point).attr("x").and_then(|x| x.as_f64()), Some(3.0));
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the class is not a [`global`](Graph::global), or `args` not a tuple.
    pub fn instance(&mut self, class: NodeId, args: NodeId) -> Result<NodeId> {
        self.object(Form::NewObj, class, args, None)
    }

    /// Adds an instance made with keyword arguments, `class.__new__(class, *args, **kwargs)`:
    /// NEWOBJ_EX.
    ///
    /// # Errors
    ///
    /// If the class is not a [`global`](Graph::global), `args` not a tuple, or `kwargs` not a dict.
    pub fn instance_ex(&mut self, class: NodeId, args: NodeId, kwargs: NodeId) -> Result<NodeId> {
        self.object(Form::NewObjEx, class, args, Some(kwargs))
    }

    pub(crate) fn object(
        &mut self,
        form: Form,
        callable: NodeId,
        args: NodeId,
        kwargs: Option<NodeId>,
    ) -> Result<NodeId> {
        if !matches!(self.arena.node(callable), Node::Global(_)) {
            return Err(self.wrong_node(callable, "a global"));
        }
        if !matches!(self.arena.node(args), Node::Tuple { .. }) {
            return Err(self.wrong_node(args, "a tuple"));
        }
        if let Some(kwargs) = kwargs
            && !matches!(self.arena.node(kwargs), Node::Dict(_))
        {
            return Err(self.wrong_node(kwargs, "a dict"));
        }
        let arena = self.arena_mut();
        arena.objects.push(Object {
            form,
            callable,
            args,
            kwargs,
            at: OpIndex::END,
            chain: Chain::EMPTY,
        });
        let index = index_of_last(arena.objects.len());
        Ok(self.push(Node::Object(index)))
    }

    /// Adds an object that is kept elsewhere, by its id.
    pub fn persistent(&mut self, id: NodeId) -> NodeId {
        self.check(id);
        self.push(Node::Persistent(id))
    }

    pub(super) fn slots(&mut self, items: &[NodeId]) -> (u32, u32) {
        for item in items {
            self.check(*item);
        }
        let arena = self.arena_mut();
        let start = u32::try_from(arena.slots.len()).expect("16 GiB of references are too many");
        arena.slots.extend_from_slice(items);
        (start, slot_count(items))
    }

    fn push(&mut self, node: Node) -> NodeId {
        let arena = self.arena_mut();
        arena.nodes.push(node);
        NodeId(index_of_last(arena.nodes.len()))
    }

    fn made(&mut self, bytes: &[u8]) -> Span {
        let made = &mut self.arena_mut().made;
        let span = Span::made(made.len(), bytes.len());
        made.extend_from_slice(bytes);
        span
    }

    pub(super) fn arena_mut(&mut self) -> &mut Arena {
        Arc::make_mut(&mut self.arena)
    }

    pub(super) fn check(&self, id: NodeId) {
        assert!(id.index() < self.len(), "the node is of another graph");
    }

    pub(super) fn check_hashable(&self, id: NodeId) -> Result<()> {
        if unhashable(self.data(), id).is_none() {
            return Ok(());
        }
        let found = self.node(id).type_name();
        Err(ErrorKind::Unhashable { found }.into())
    }

    pub(super) fn wrong_node(&self, id: NodeId, expected: &'static str) -> Error {
        let found = self.node(id).describe();
        let expected = expected.into();
        ErrorKind::WrongType { expected, found }.into()
    }
}

impl Default for Graph<'_> {
    fn default() -> Self {
        Self::new()
    }
}

fn index_of_last(len: usize) -> u32 {
    u32::try_from(len - 1).expect("64 GiB of nodes are too many")
}

pub(super) fn slot_count(items: &[NodeId]) -> u32 {
    u32::try_from(items.len()).expect("16 GiB of references are too many")
}
