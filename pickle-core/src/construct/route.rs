//! The way from the root of a graph to one of its nodes, for the path of an error in a late field:
//! when that is made, the levels above it have been left.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;

use super::Decoder;
use crate::error::Segment;
use crate::graph::arena::{NodeId, OpIndex};
use crate::graph::{NodeRef, View};

impl Decoder<'_> {
    /// One of the shortest ways to a node, its last step first; empty if there is none.
    #[cold]
    pub(super) fn route(&self, target: NodeId) -> Vec<Segment> {
        let root = NodeRef::new((&*self.graph).into(), self.graph.root, OpIndex::END);
        let mut parents = HashMap::from([(root.id(), None)]);
        let mut pending = VecDeque::from([root]);
        while let Some(node) = pending.pop_front() {
            if node.id() == target {
                break;
            }
            let _ = steps(node, |child, _| {
                parents.entry(child.id()).or_insert_with(|| {
                    pending.push_back(child);
                    Some(node)
                });
                ControlFlow::Continue(())
            });
        }
        let mut route = Vec::new();
        let mut node = target;
        while let Some(Some(parent)) = parents.get(&node) {
            let step = steps(*parent, |child, segment| {
                if child.id() == node {
                    ControlFlow::Break(segment())
                } else {
                    ControlFlow::Continue(())
                }
            });
            route.extend(step.break_value());
            node = parent.id();
        }
        route
    }
}

/// Visits what is one step below a node as an error's path sees it: an attribute, whatever it was
/// written in, is one step.
fn steps<'a>(
    node: NodeRef<'a>,
    mut visit: impl FnMut(NodeRef<'a>, &dyn Fn() -> Segment) -> ControlFlow<Segment>,
) -> ControlFlow<Segment> {
    match node.view() {
        View::Tuple(items) | View::List(items) | View::Set(items) | View::FrozenSet(items) => {
            for (index, item) in items.enumerate() {
                visit(item, &|| Segment::Index(index))?;
            }
        }
        View::Dict(entries) => {
            for (key, value) in entries {
                visit(value, &|| Segment::Value(key.repr()))?;
                visit(key, &|| Segment::Key(key.repr()))?;
            }
        }
        View::Object(object) => {
            let args = object.args();
            let base = object.base().into_iter().flat_map(|(_, base)| base.items());
            for (index, arg) in args.chain(base).enumerate() {
                visit(arg, &|| Segment::Argument(index))?;
            }
            let mut attribute =
                |key: NodeRef<'a>, value| visit(value, &|| Segment::Attribute(key.name().into()));
            for (key, value) in object.kwargs() {
                attribute(key, value)?;
            }
            let setters = object.setters().map(|setter| setter.state);
            for state in object.states().chain(setters) {
                // A dict, or one for attributes and one for slots.
                let halves = match state.view() {
                    View::Tuple(items) => items,
                    _ => state.no_items(),
                };
                for part in std::iter::once(state).chain(halves) {
                    for (key, value) in part.entries() {
                        attribute(key, value)?;
                    }
                }
            }
        }
        _ => {}
    }
    ControlFlow::Continue(())
}
