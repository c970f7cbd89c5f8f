//! What has to be known of a whole graph before its first opcode is written.

use crate::graph::arena::{Arena, BatchKind, Node, NodeId, OpIndex};

/// What a walk of all that can be reached found out.
pub(super) struct Survey {
    nodes: Vec<Found>,
    /// When something was called or given a state, in order.
    calls: Vec<OpIndex>,
}

#[derive(Clone, Copy, Default)]
struct Found {
    seen: bool,
    /// Whether it is being walked.
    open: bool,
    shared: bool,
    cyclic: bool,
    /// Behind its last batch.
    changed_until: Option<OpIndex>,
}

impl Survey {
    /// Walks in the order in which nodes are written.
    pub(super) fn of(arena: &Arena, root: NodeId) -> Self {
        let mut survey = Self {
            nodes: vec![Found::default(); arena.nodes.len()],
            calls: calls(arena),
        };
        let mut pending = vec![Step::Enter(root)];
        let mut children = Vec::new();
        while let Some(step) = pending.pop() {
            let id = match step {
                Step::Enter(id) => id,
                Step::Leave(id) => {
                    survey.nodes[id.index()].open = false;
                    continue;
                }
            };
            let found = &mut survey.nodes[id.index()];
            if found.seen {
                found.shared = true;
                found.cyclic |= found.open;
                continue;
            }
            found.seen = true;
            found.changed_until = visit(arena, id, &mut children);
            if !children.is_empty() {
                found.open = true;
                pending.push(Step::Leave(id));
                pending.extend(children.drain(..).rev().map(Step::Enter));
            }
        }
        survey
    }

    /// Whether it is referred to more than once.
    pub(super) fn is_shared(&self, id: NodeId) -> bool {
        self.nodes[id.index()].shared
    }

    /// Whether it contains itself.
    pub(super) fn is_cyclic(&self, id: NodeId) -> bool {
        self.nodes[id.index()].cyclic
    }

    /// Whether something was added to it from `view` on.
    pub(super) fn changed_after(&self, id: NodeId, view: OpIndex) -> bool {
        self.changed_until(id) > view
    }

    /// The time from which on nothing was added to it.
    pub(super) fn changed_until(&self, id: NodeId) -> OpIndex {
        self.nodes[id.index()].changed_until.unwrap_or(OpIndex(0))
    }

    /// Whether a call came at or behind one time and before another.
    pub(super) fn called_between(&self, from: OpIndex, to: OpIndex) -> bool {
        let next = self.calls.partition_point(|call| *call < from);
        self.calls.get(next).is_some_and(|call| *call < to)
    }
}

enum Step {
    Enter(NodeId),
    Leave(NodeId),
}

fn calls(arena: &Arena) -> Vec<OpIndex> {
    let objects = arena.objects.iter().map(|object| object.at);
    let states = arena.batches.iter().filter(|batch| is_call(batch.kind));
    let mut calls: Vec<_> = objects.chain(states.map(|batch| batch.at)).collect();
    calls.sort_unstable();
    calls
}

/// Whether a batch's nodes are looked into when it is added.
pub(super) fn is_call(kind: BatchKind) -> bool {
    matches!(kind, BatchKind::State | BatchKind::Setter)
}

/// Collects what a node refers to, and tells until when something was added to it.
fn visit(arena: &Arena, id: NodeId, children: &mut Vec<NodeId>) -> Option<OpIndex> {
    match arena.node(id) {
        Node::Tuple { start, len, .. } | Node::FrozenSet { start, len } => {
            children.extend(arena.slots_of(start, len));
        }
        Node::Object(index) => {
            let object = arena.object(index);
            children.extend([object.callable, object.args]);
            children.extend(object.kwargs);
        }
        Node::Persistent(id) => children.push(id),
        _ => {}
    }
    let mut until = None;
    for batch in arena.batches(arena.chain(id), OpIndex::END) {
        children.extend(arena.slots_of(batch.start, batch.len));
        until = Some(after(batch.at));
    }
    until
}

/// The time right behind an opcode.
pub(super) fn after(at: OpIndex) -> OpIndex {
    OpIndex(at.0.saturating_add(1))
}
