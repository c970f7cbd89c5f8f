//! Instances, and whatever else a call made: how it was called, and what was added to the result.

use pickle_registry::QualName;

use super::super::arena::{self, BatchKind, Chain, Cursor, Data, Form, Node, OpIndex};
use super::shape::callable_name;
use super::{Entries, Items, NodeRef, View};
use crate::compat;

/// An instance of a class, or what else a call made: callable, arguments, and all that was added
/// afterwards, as in Python's reductions.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    node: NodeRef<'a>,
    index: u32,
}

/// A state that is not given to the instance by BUILD but by a call: the sixth element of
/// Python's reductions.
#[derive(Clone, Copy, Debug)]
pub struct Setter<'a> {
    /// The callable.
    pub callable: NodeRef<'a>,
    /// What it is called with, behind the instance.
    pub state: NodeRef<'a>,
}

impl<'a> Object<'a> {
    pub(super) fn new(node: NodeRef<'a>, index: u32) -> Self {
        Self { node, index }
    }

    fn data(&self) -> Data<'a> {
        self.node.source.data
    }

    fn raw(&self) -> &'a arena::Object {
        self.data().arena.object(self.index)
    }

    /// How it was made.
    #[must_use]
    pub fn form(&self) -> Form {
        self.raw().form
    }

    /// Its class, or the callable that was called: a call of `copyreg._reconstructor` counts as
    /// one of the class that it is given.
    #[must_use]
    pub fn class(&self) -> QualName<'a> {
        let name = callable_name(self.data(), self.raw());
        let name = name.expect("the machine calls nothing but globals");
        match self.reconstructed() {
            Some((class, ..)) => class,
            None => name,
        }
    }

    /// What it was called with.
    #[must_use]
    pub fn args(&self) -> Items<'a> {
        if self.reconstructed().is_some() {
            return self.node.no_items();
        }
        self.raw_args()
    }

    fn raw_args(&self) -> Items<'a> {
        let raw = self.raw();
        let cursor = match self.data().arena.node(raw.args) {
            Node::Tuple { start, len, .. } => Cursor::slots(start, len),
            _ => Cursor::slots(0, 0),
        };
        Items {
            source: self.node.source,
            cursor,
            view: self.call_view(),
        }
    }

    /// What its class's `__new__` was called with, as far as the call tells. Protocols 0 and 1
    /// give an instance of a built-in class's subclass the value of that class; from protocol 2
    /// on, the same value is what `__getnewargs__` returns: a namedtuple's items, or the number or
    /// the string itself.
    pub(crate) fn new_args(&self) -> Cursor {
        let Some((_, value)) = self.base() else {
            return self.args().cursor();
        };
        let arena = self.data().arena;
        match arena.node(value.id()) {
            Node::Tuple { start, len, .. } => Cursor::slots(start, len),
            Node::Int(_) | Node::BigInt(_) | Node::Float(_) | Node::Str(_) | Node::Bytes(_) => {
                match arena.node(self.raw().args) {
                    Node::Tuple { start, .. } => Cursor::slots(start + 2, 1),
                    _ => Cursor::slots(0, 0),
                }
            }
            _ => Cursor::slots(0, 0),
        }
    }

    /// The keyword arguments that it was called with.
    #[must_use]
    pub fn kwargs(&self) -> Entries<'a> {
        match self.raw().kwargs {
            Some(id) => NodeRef::new(self.node.source, id, self.call_view()).entries(),
            None => Entries(self.node.no_items()),
        }
    }

    /// The built-in class that an instance of a subclass of it was made by, and the value of that
    /// class that it was given, where the call was one of `copyreg._reconstructor`.
    #[must_use]
    pub fn base(&self) -> Option<(QualName<'a>, NodeRef<'a>)> {
        self.reconstructed().map(|(_, base, state)| (base, state))
    }

    fn reconstructed(&self) -> Option<(QualName<'a>, QualName<'a>, NodeRef<'a>)> {
        let raw = self.raw();
        if raw.form != Form::Reduce
            || !callable_name(self.data(), raw)
                .is_some_and(|name| compat::is(&name, &compat::RECONSTRUCTOR))
        {
            return None;
        }
        let mut args = self.raw_args();
        match (args.next()?.view(), args.next()?.view(), args.next()?) {
            (View::Global(class), View::Global(base), state) => Some((class, base, state)),
            _ => None,
        }
    }

    /// The states that it was given, oldest first. Usually there is one, or none.
    pub fn states(&self) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
        self.batches(BatchKind::State).map(|slots| slots[0])
    }

    /// The states that were set by a call.
    pub fn setters(&self) -> impl Iterator<Item = Setter<'a>> + use<'a> {
        self.batches(BatchKind::Setter).map(|slots| Setter {
            callable: slots[0],
            state: slots[1],
        })
    }

    /// Whether it is seen as an argument, and was given more afterwards. Python keeps a reference to
    /// an instance, and so would see that: what is seen here is less than the object.
    pub(crate) fn changes_later(&self) -> bool {
        let view = self.node.view;
        let mut batches = self.data().arena.batches(self.chain(), OpIndex::END);
        view != OpIndex::END && batches.any(|batch| batch.at >= view)
    }

    /// The states that it was given in either way, oldest first, and when.
    pub(crate) fn all_states(&self) -> impl Iterator<Item = (OpIndex, NodeRef<'a>)> + use<'a> {
        let node = self.node;
        let arena = self.data().arena;
        arena
            .batches(self.chain(), node.view)
            .filter(|batch| matches!(batch.kind, BatchKind::State | BatchKind::Setter))
            .filter_map(move |batch| {
                let state = arena.slots_of(batch.start, batch.len).last()?;
                // In a graph made by hand, nothing has a time.
                let is_timed = batch.at != OpIndex(0);
                let at = if is_timed { batch.at } else { OpIndex::END };
                Some((at, node.at(*state)))
            })
    }

    fn batches(&self, kind: BatchKind) -> impl Iterator<Item = [NodeRef<'a>; 2]> + use<'a> {
        let node = self.node;
        let arena = self.data().arena;
        arena
            .batches(self.chain(), node.view)
            .filter(move |batch| batch.kind == kind)
            .map(move |batch| {
                let slots = arena.slots_of(batch.start, batch.len);
                [slots[0], slots[slots.len() - 1]].map(|id| node.at(id))
            })
    }

    /// The list items that it was given.
    #[must_use]
    pub fn items(&self) -> Items<'a> {
        self.cursor(BatchKind::Items)
    }

    /// The items that were `add`ed to it, as to a set.
    #[must_use]
    pub fn added(&self) -> Items<'a> {
        self.cursor(BatchKind::Added)
    }

    /// The dict items that it was given.
    #[must_use]
    pub fn entries(&self) -> Entries<'a> {
        Entries(self.cursor(BatchKind::Pairs))
    }

    /// An attribute, as the latest state has it: of a dict, or of the pair of `__dict__` and
    /// slots.
    #[must_use]
    pub fn attr(&self, name: &str) -> Option<NodeRef<'a>> {
        self.all_states()
            .filter_map(|(_, state)| attr_of_state(state, name))
            .last()
    }

    fn cursor(&self, kind: BatchKind) -> Items<'a> {
        let cursor = Cursor::chain(self.chain(), kind, self.node.view);
        Items {
            source: self.node.source,
            cursor,
            view: self.node.view,
        }
    }

    fn chain(&self) -> Chain {
        self.raw().chain
    }

    /// Arguments are seen as they were when the call was made.
    pub(crate) fn call_view(&self) -> OpIndex {
        self.node.view.min(self.raw().at)
    }
}

pub(in crate::graph) fn attr_of_state<'a>(state: NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    match state.view() {
        View::Dict(entries) => entries.get(name),
        View::Tuple(mut pair) if pair.len() == 2 => {
            let (dict, slots) = (pair.next()?, pair.next()?);
            slots.get(name).or_else(|| dict.get(name))
        }
        _ => None,
    }
}
