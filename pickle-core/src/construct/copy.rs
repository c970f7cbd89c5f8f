//! Constructing a copy: where the pickle has a persistent id of `encode::copy`, there is a pointer
//! already.

use std::any::Any;

use super::decoder::Place;
use super::{Construct, Decoder};
use crate::bigint;
use crate::copy::{Memo, PointersTo};
use crate::encode::slot_of_id;
use crate::error::Result;
use crate::graph::arena::{Node, OpIndex};
use crate::graph::{Graph, NodeId};

impl<'g> Graph<'g> {
    /// Makes the value, and tells the pointers that it has to each object.
    pub(crate) fn construct_copy<T: Construct<'g>>(
        self,
        memo: &'g Memo,
    ) -> Result<(T, PointersTo)> {
        let mut decoder = Decoder::new(self);
        decoder.copying = Some(memo);
        let value = decoder.root()?;
        Ok((value, decoder.shared.into_pointers()))
    }
}

impl<'g> Decoder<'g> {
    fn slot(&self, node: NodeId) -> Option<usize> {
        let Node::Persistent(id) = self.graph.arena.node(node) else {
            return None;
        };
        let Node::BigInt(span) = self.graph.arena.node(id) else {
            return None;
        };
        slot_of_id(bigint::to_i128(self.graph.data().bytes(span))?)
    }

    /// Whether the object is a copy's id for a pointer, and none of the user's own.
    #[cold]
    pub(crate) fn is_slot(&self) -> bool {
        self.copying.is_some() && self.slot(self.place().node).is_some()
    }

    /// The pointers that are there for the object that the decoder stands at.
    pub(super) fn pointers(&self) -> Option<&'g [Box<dyn Any>]> {
        let memo = self.copying?;
        let node = self.place().node;
        memo.pointers(self.slot(node).or_else(|| memo.slot_of(node))?)
    }

    /// The one of a type, if there is one.
    pub(super) fn pointer<P: Clone + 'static>(&self) -> Option<P> {
        self.pointers()?
            .iter()
            .find_map(|pointer| pointer.downcast_ref())
            .cloned()
    }

    /// The pointer that is there, or else one to what is constructed.
    #[inline]
    pub(crate) fn pointer_or<P: Clone + 'static>(
        &mut self,
        construct: impl FnOnce(&mut Self) -> Result<P>,
    ) -> Result<P> {
        if self.copying.is_none() {
            return construct(self);
        }
        if let Some(pointer) = self.pointer() {
            return Ok(pointer);
        }
        let pointer = construct(self);
        if let (Err(_), Some(memo)) = (&pointer, self.copying)
            && self.is_slot()
        {
            memo.disagree();
        }
        pointer
    }

    /// Tells the copy that what is behind a pointer is asked for, if the decoder stands at one.
    #[cold]
    pub(crate) fn mismatch(&self) -> bool {
        match (self.copying, self.slot(self.place().node)) {
            (Some(memo), Some(slot)) => {
                memo.mismatch(slot);
                true
            }
            _ => false,
        }
    }

    /// Whether a part of the object is only a number that stands for a pointer. A type that takes
    /// whatever the object consists of takes that too: the copy then begins again.
    pub(crate) fn takes_ids(&self) -> bool {
        let Some(memo) = self.copying.filter(|memo| memo.has_slots()) else {
            return false;
        };
        let parts = self.graph.reachable(self.place()).into_iter();
        let slots: Vec<_> = parts.filter_map(|node| self.slot(node)).collect();
        for slot in &slots {
            memo.misread(*slot);
        }
        !slots.is_empty()
    }

    /// Constructs what a weak pointer points to: where the target itself stands in the pickle, if
    /// it is a part of what is copied.
    pub(crate) fn at_target<T>(
        &mut self,
        construct: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let node = self
            .copying
            .and_then(|memo| memo.node(self.slot(self.place().node)?));
        match node {
            Some(node) => {
                let view = OpIndex::END;
                self.at(Place { node, view }, construct)
            }
            None => construct(self),
        }
    }
}
