//! Changing a graph: adding to containers, and giving instances state.
//!
//! What is changed here is changed for everyone: where a parsed graph knows that a call saw a list
//! as it was at some time, the call sees an edit as though it had been made before.

use super::arena::{BatchKind, Node, NodeId, OpIndex};
use super::build::slot_count;
use super::view::attr_of_state;
use super::{Graph, NodeRef, View};
use crate::error::Result;

impl Graph<'_> {
    /// Appends an item to a list, or a list item to an instance.
    ///
    /// # Errors
    ///
    /// If `list` is neither.
    pub fn append(&mut self, list: NodeId, item: NodeId) -> Result<()> {
        self.append_all(list, &[item])
    }

    pub(crate) fn append_all(&mut self, list: NodeId, items: &[NodeId]) -> Result<()> {
        match self.arena.node(list) {
            Node::List(_) | Node::Object(_) => {
                if !items.is_empty() {
                    self.extend(list, BatchKind::Items, items);
                }
                Ok(())
            }
            _ => Err(self.wrong_node(list, "a list or an instance")),
        }
    }

    /// Sets a key of a dict, or a dict item of an instance. Where the key is there already, this
    /// later value is the one that counts.
    ///
    /// # Errors
    ///
    /// If `dict` is neither, or the key not hashable.
    pub fn insert(&mut self, dict: NodeId, key: NodeId, value: NodeId) -> Result<()> {
        match self.arena.node(dict) {
            Node::Dict(_) | Node::Object(_) => {
                self.check_hashable(key)?;
                self.extend(dict, BatchKind::Pairs, &[key, value]);
                Ok(())
            }
            _ => Err(self.wrong_node(dict, "a dict or an instance")),
        }
    }

    /// Adds an item to a set, or to an instance that has an `add` as sets have.
    ///
    /// # Errors
    ///
    /// If `set` is neither, or the item not hashable.
    pub fn add(&mut self, set: NodeId, item: NodeId) -> Result<()> {
        let kind = match self.arena.node(set) {
            Node::Set(_) => BatchKind::Items,
            Node::Object(_) => BatchKind::Added,
            _ => return Err(self.wrong_node(set, "a set or an instance")),
        };
        self.check_hashable(item)?;
        self.extend(set, kind, &[item]);
        Ok(())
    }

    /// Gives an instance a state, as BUILD does, behind those that it has.
    ///
    /// # Errors
    ///
    /// If `object` is not an instance.
    pub fn set_state(&mut self, object: NodeId, state: NodeId) -> Result<()> {
        self.check_object(object)?;
        self.batch(object, BatchKind::State, &[state]);
        Ok(())
    }

    /// Has a callable set an instance's state, as the sixth element of Python's reductions does.
    ///
    /// # Errors
    ///
    /// If `object` is not an instance.
    pub fn set_state_by(&mut self, object: NodeId, setter: NodeId, state: NodeId) -> Result<()> {
        self.check_object(object)?;
        self.batch(object, BatchKind::Setter, &[setter, state]);
        Ok(())
    }

    /// Sets an attribute in the state of an instance. An instance without a state is given one.
    ///
    /// The state's dict is changed in place: another instance that shares it changes too.
    ///
    /// ```
    /// use pickle_core::Graph;
    ///
    /// let mut graph = Graph::parse(b"(cgeometry\nPoint\no}(S'x'\nI1\nub.")?;
    /// let point = graph.root().id();
    /// let x = graph.int(2);
    /// graph.set_attr(point, "x", x)?;
    /// assert_eq!(graph.root().attr("x").and_then(|x| x.as_i64()), Some(2));
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If `object` is not an instance, or its latest state neither a dict nor the pair of a dict
    /// and slots.
    pub fn set_attr(&mut self, object: NodeId, name: &str, value: NodeId) -> Result<()> {
        self.check(value);
        self.check_object(object)?;
        let dict = match self.state_dict(object, name)? {
            Some(dict) => dict,
            None => {
                let dict = self.dict();
                self.set_state(object, dict)?;
                dict
            }
        };
        let key = self.str(name);
        self.insert(dict, key, value)
    }

    /// The dict in the latest state of an instance that an attribute stands in or should: the
    /// slots if they have it already.
    fn state_dict(&self, object: NodeId, name: &str) -> Result<Option<NodeId>> {
        let View::Object(view) = self.node(object).view() else {
            return Ok(None);
        };
        let states: Vec<NodeRef<'_>> = view.states().collect();
        let holder = states
            .iter()
            .rev()
            .find(|state| attr_of_state(**state, name).is_some())
            .or(states.last());
        let Some(state) = holder else {
            return Ok(None);
        };
        let is_dict = |node: &NodeRef<'_>| matches!(self.arena.node(node.id()), Node::Dict(_));
        if is_dict(state) {
            return Ok(Some(state.id()));
        }
        if let View::Tuple(pair) = state.view()
            && pair.len() == 2
        {
            let parts: Vec<NodeRef<'_>> = pair.collect();
            let (dict, slots) = (parts[0], parts[1]);
            if is_dict(&slots) && (slots.get(name).is_some() || !is_dict(&dict)) {
                return Ok(Some(slots.id()));
            }
            if is_dict(&dict) {
                return Ok(Some(dict.id()));
            }
        }
        Err(self.wrong_node(state.id(), "a dict, or a pair of a dict and slots"))
    }

    fn check_object(&self, object: NodeId) -> Result<()> {
        match self.arena.node(object) {
            Node::Object(_) => Ok(()),
            _ => Err(self.wrong_node(object, "an instance")),
        }
    }

    fn extend(&mut self, container: NodeId, kind: BatchKind, items: &[NodeId]) {
        for item in items {
            self.check(*item);
        }
        let arena = self.arena_mut();
        let chain = arena.chain(container);
        let end = arena.slots.len();
        if let Some(last) = arena.last_batch(chain)
            && last.kind == kind
            && last.start as usize + last.len as usize == end
        {
            last.len += slot_count(items);
            arena.slots.extend_from_slice(items);
        } else {
            self.batch(container, kind, items);
        }
    }

    fn batch(&mut self, container: NodeId, kind: BatchKind, items: &[NodeId]) {
        let (start, len) = self.slots(items);
        let arena = self.arena_mut();
        let mut chain = arena.chain(container);
        // As though it had been there before any call that saw what else is there.
        let at = arena.last_batch(chain).map_or(OpIndex(0), |last| last.at);
        arena.append(&mut chain, kind, at, start, len);
        arena.set_chain(container, chain);
    }
}
