//! What has to be known of a whole graph before its first opcode is written.

use crate::graph::arena::{Arena, BatchKind, Node, NodeId, OpIndex};

/// What a walk of all that can be reached found out.
pub(super) struct Survey<'g> {
    arena: &'g Arena,
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
}

impl Found {
    /// Whether it is met for the first time.
    fn meet(&mut self) -> bool {
        self.shared |= self.seen;
        self.cyclic |= self.open;
        !std::mem::replace(&mut self.seen, true)
    }
}

impl<'g> Survey<'g> {
    /// Walks in the order in which nodes are written.
    pub(super) fn of(arena: &'g Arena, root: NodeId) -> Self {
        let mut nodes = vec![Found::default(); arena.nodes.len()];
        let mut pending = vec![Step::Enter(root)];
        while let Some(step) = pending.pop() {
            let id = match step {
                Step::Enter(id) => id,
                Step::Leave(id) => {
                    nodes[id.index()].open = false;
                    continue;
                }
            };
            if !nodes[id.index()].meet() {
                continue;
            }
            nodes[id.index()].open = true;
            let before = pending.len();
            pending.push(Step::Leave(id));
            each_child(arena, id, |child| {
                let found = &mut nodes[child.index()];
                if found.seen || !has_parts(arena.node(child)) {
                    found.meet();
                } else {
                    pending.push(Step::Enter(child));
                }
            });
            // The first one is to be on top.
            pending[before + 1..].reverse();
        }
        Self {
            arena,
            nodes,
            calls: calls(arena),
        }
    }

    /// Whether it is referred to more than once.
    #[inline]
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
        let last = self.arena.newest(self.arena.chain(id));
        last.map_or(OpIndex(0), |batch| after(batch.at))
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

fn has_parts(node: Node) -> bool {
    match node {
        Node::Tuple { len, .. } | Node::FrozenSet { len, .. } => len > 0,
        Node::List(_) | Node::Dict(_) | Node::Set(_) | Node::Object(_) | Node::Persistent(_) => {
            true
        }
        _ => false,
    }
}

/// Calls `visit` with what a node refers to.
fn each_child(arena: &Arena, id: NodeId, mut visit: impl FnMut(NodeId)) {
    match arena.node(id) {
        Node::Tuple { start, len, .. } | Node::FrozenSet { start, len } => {
            arena.slots_of(start, len).iter().copied().for_each(visit);
            return;
        }
        Node::Object(index) => {
            let object = arena.object(index);
            visit(object.callable);
            visit(object.args);
            object.kwargs.into_iter().for_each(&mut visit);
        }
        Node::Persistent(id) => visit(id),
        _ => {}
    }
    for batch in arena.batches(arena.chain(id), OpIndex::END) {
        let slots = arena.slots_of(batch.start, batch.len);
        slots.iter().copied().for_each(&mut visit);
    }
}

/// The time right behind an opcode.
pub(super) fn after(at: OpIndex) -> OpIndex {
    OpIndex(at.0.saturating_add(1))
}
