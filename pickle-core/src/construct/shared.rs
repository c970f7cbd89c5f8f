//! The table of shared pointers: one pickled object, one allocation.

use std::any::{Any, TypeId};
use std::collections::HashMap;

use super::decoder::Put;
use super::late::{LateFields, Through};
use super::stream::Target;
use super::{Construct, Decoder};
use crate::copy::PointersTo;
use crate::error::{ErrorKind, Result};
use crate::graph::arena::{NodeId, OpIndex};
use crate::graph::{Graph, Measure, Measures};

/// The pointers made so far. Not made before it is needed, as many loads have no shared pointers.
#[derive(Debug, Default)]
pub(super) struct SharedTable(Option<Box<Made>>);

#[derive(Debug, Default)]
struct Made {
    /// By the object and the pointer's type.
    pointers: HashMap<(NodeId, TypeId), Shared>,
    /// Made when an object is first met in two views, or a tree's size is asked for.
    measures: Option<Measures>,
}

#[derive(Debug)]
struct Shared {
    /// `None` while the object is being constructed.
    pointer: Option<Box<dyn Any>>,
    /// As of when the object was seen.
    view: OpIndex,
}

impl SharedTable {
    /// All pointers to each object.
    pub(super) fn into_pointers(self) -> PointersTo {
        let mut by_node = PointersTo::new();
        let made = self.0.map(|made| made.pointers);
        for ((node, _), shared) in made.into_iter().flatten() {
            by_node.entry(node).or_default().extend(shared.pointer);
        }
        by_node
    }

    fn get(&self, key: &(NodeId, TypeId)) -> Option<&Shared> {
        self.0.as_ref()?.pointers.get(key)
    }

    fn pointers(&mut self) -> &mut HashMap<(NodeId, TypeId), Shared> {
        &mut self.0.get_or_insert_default().pointers
    }

    fn measures(&mut self, graph: &Graph<'_>) -> &mut Measures {
        let measures = &mut self.0.get_or_insert_default().measures;
        measures.get_or_insert_with(|| Measures::new(graph))
    }
}

impl<'g> Decoder<'g> {
    /// Whether any object has been measured.
    pub(crate) fn has_measured(&self) -> bool {
        let made = self.shared.0.as_ref();
        made.is_some_and(|made| made.measures.is_some())
    }

    /// How large the object is as a tree. All questions together take linear time.
    pub(crate) fn measure(&mut self) -> Measure {
        let place = self.place();
        let max = self.graph.limits().tree_nodes.for_input(self.graph.len());
        let measures = self.shared.measures(&self.graph);
        measures.of(&self.graph, place, max)
    }

    /// The pointer to the object that the decoder stands at: the one that is there already, or
    /// a new one, whose late fields are then queued.
    #[inline]
    pub(super) fn shared<T, P>(
        &mut self,
        through: Through,
        wrap: impl FnOnce(T) -> P,
        fill: fn(&P, usize, &mut Decoder<'g>) -> Result<Put>,
    ) -> Result<P>
    where
        T: Construct<'g>,
        P: Clone + 'static,
    {
        if self.is_straight() {
            return self.shared_in_stream::<T, P>(wrap);
        }
        self.shared_of_graph(through, wrap, fill)
    }

    fn shared_of_graph<T, P>(
        &mut self,
        through: Through,
        wrap: impl FnOnce(T) -> P,
        fill: fn(&P, usize, &mut Decoder<'g>) -> Result<Put>,
    ) -> Result<P>
    where
        T: Construct<'g>,
        P: Clone + 'static,
    {
        if let Some(pointer) = self.pointer() {
            return Ok(pointer);
        }
        let place = self.place();
        let key = (place.node, TypeId::of::<P>());
        if let Some(shared) = self.shared.get(&key) {
            let Some(pointer) = &shared.pointer else {
                return Err(self.error(ErrorKind::Cycle));
            };
            let pointer = pointer
                .downcast_ref::<P>()
                .expect("the key has the pointer's type");
            let pointer = pointer.clone();
            let view = shared.view;
            if view != place.view {
                let measures = self.shared.measures(&self.graph);
                let latest = &measures.latest;
                let (differs, walked) = self.graph.differs(latest, place.node, view, place.view);
                self.charge_values(walked)?;
                if differs {
                    return Err(self.error(ErrorKind::MutatedAfterUse));
                }
            }
            return Ok(pointer);
        }
        if let Some(pointer) = self.resolve_shared()? {
            return Ok(pointer);
        }
        self.shared.pointers().insert(
            key,
            Shared {
                pointer: None,
                view: place.view,
            },
        );
        let mut late = LateFields::new(through);
        let value = match T::construct_early(self, &mut late) {
            Ok(value) => value,
            Err(error) => {
                // Else a type that tries another way would meet it as a cycle.
                self.shared.pointers().remove(&key);
                return Err(error);
            }
        };
        let pointer = wrap(value);
        let shared = Shared {
            pointer: Some(Box::new(pointer.clone())),
            view: place.view,
        };
        self.shared.pointers().insert(key, shared);
        for (field, place) in late.fields {
            let pointer = pointer.clone();
            self.defer(place, Box::new(move |d| fill(&pointer, field, d)));
        }
        Ok(pointer)
    }

    /// The same of the stream, where late fields are filled at once: an object that contains itself
    /// is none for it.
    fn shared_in_stream<T, P>(&mut self, wrap: impl FnOnce(T) -> P) -> Result<P>
    where
        T: Construct<'g>,
        P: Clone + 'static,
    {
        let outer = match self.stream.target::<P>() {
            Some(Target::Known(pointer)) => return Ok(pointer),
            Some(Target::New(outer)) => outer,
            None => return Err(self.give_up()),
        };
        let pointer = wrap(self.nested(Self::value)?);
        match self.stream.keep(outer, &pointer) {
            Some(()) => Ok(pointer),
            None => Err(self.give_up()),
        }
    }

    /// The pointer that a persistent id is resolved to, if there is a function that returns such
    /// pointers: once for each object of the pickle.
    pub(super) fn resolve_shared<P: Clone + 'static>(&mut self) -> Result<Option<P>> {
        if self.is_straight() || !self.resolves::<P>() {
            return Ok(None);
        }
        let place = self.place();
        let key = (place.node, TypeId::of::<P>());
        let made = self.shared.get(&key);
        if let Some(pointer) = made.and_then(|shared| shared.pointer.as_ref()?.downcast_ref()) {
            return Ok(Some(P::clone(pointer)));
        }
        let pointer = self.resolve::<P>()?;
        if let Some(pointer) = &pointer {
            let shared = Shared {
                pointer: Some(Box::new(pointer.clone())),
                view: place.view,
            };
            self.shared.pointers().insert(key, shared);
        }
        Ok(pointer)
    }
}
