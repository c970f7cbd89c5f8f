//! The batches of a container or instance, as they are written: merged, and cut as CPython cuts.

use std::iter::Peekable;

use super::super::chunks::Chunks;
use super::super::container::Batching;
use super::survey::{Survey, after, is_call};
use crate::graph::arena::{Arena, BatchKind, Batches, Node, NodeId, OpIndex};

/// Something whose batches are being written.
pub(super) struct Fill<'g> {
    pub(super) id: NodeId,
    pub(super) view: OpIndex,
    target: Target,
    batches: Peekable<Batches<'g>>,
    run: Run,
    /// Slots of the run, and how many more come with further batches.
    items: &'g [NodeId],
    behind: usize,
    /// Entries of the run.
    pub(super) chunks: Chunks,
    /// How many slots make an entry.
    width: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    List,
    Set,
    Dict,
    Instance,
}

/// Batches of one kind that nobody can tell from one.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) kind: BatchKind,
    /// When its first batch was added.
    pub(super) at: OpIndex,
    /// Behind its last batch.
    pub(super) until: OpIndex,
}

impl<'g> Fill<'g> {
    /// What a node has from `from` on, as of `view`.
    pub(super) fn new(arena: &'g Arena, id: NodeId, from: OpIndex, view: OpIndex) -> Self {
        let mut batches = arena.batches(arena.chain(id), view).peekable();
        while batches.next_if(|batch| batch.at < from).is_some() {}
        let target = match arena.node(id) {
            Node::Object(_) => Target::Instance,
            Node::Set(_) => Target::Set,
            Node::Dict(_) => Target::Dict,
            _ => Target::List,
        };
        Self {
            id,
            view,
            target,
            batches,
            run: Run {
                kind: BatchKind::Items,
                at: from,
                until: from,
            },
            items: &[],
            behind: 0,
            chunks: Chunks::of_all(Batching::LIST, 0),
            width: 1,
        }
    }

    /// The same of a set or frozenset, into a list that stands for it.
    pub(super) fn into_list(mut self, arena: &'g Arena) -> Self {
        self.target = Target::List;
        if let Node::FrozenSet { start, len } = arena.node(self.id) {
            self.items = arena.slots_of(start, len);
            self.start();
        }
        self
    }

    /// When the next batch was added.
    pub(super) fn next_at(&mut self) -> Option<OpIndex> {
        self.batches.peek().map(|batch| batch.at)
    }

    /// Goes to the next run. Calls may tell the batches of what contains itself from each other.
    pub(super) fn next_run(&mut self, arena: &'g Arena, survey: &Survey<'_>) -> Option<Run> {
        let first = self.batches.next()?;
        self.run = Run {
            kind: first.kind,
            at: first.at,
            until: after(first.at),
        };
        self.items = arena.slots_of(first.start, first.len);
        self.behind = 0;
        if is_call(self.run.kind) {
            return Some(self.run);
        }
        let cyclic = survey.is_cyclic(self.id);
        for batch in self.batches.clone() {
            if batch.kind != self.run.kind
                || cyclic && survey.called_between(self.run.until, batch.at)
            {
                break;
            }
            self.behind += batch.len as usize;
            self.run.until = after(batch.at);
        }
        self.start();
        Some(self.run)
    }

    pub(super) fn run(&self) -> Run {
        self.run
    }

    /// A run that is a state: what sets it, unless BUILD does, and the state.
    pub(super) fn state(&mut self) -> (Option<NodeId>, NodeId) {
        let items = std::mem::take(&mut self.items);
        let (state, setter) = items
            .split_last()
            .expect("a state is one slot, or two with its setter");
        (setter.first().copied(), *state)
    }

    fn start(&mut self) {
        let (mut batching, width) = match (self.run.kind, self.target) {
            (BatchKind::Pairs, _) => (Batching::DICT, 2),
            (BatchKind::Added, _) | (_, Target::Set) => (Batching::SET, 1),
            _ => (Batching::LIST, 1),
        };
        self.width = width;
        let entries = (self.items.len() + self.behind) / width;
        self.chunks = if self.target == Target::Instance {
            batching.after_full = false;
            Chunks::new(batching, entries, true)
        } else {
            Chunks::of_all(batching, entries)
        };
    }

    /// The next entry: a key or item, and a value.
    #[inline]
    pub(super) fn entry(&mut self, arena: &'g Arena) -> (NodeId, Option<NodeId>) {
        let first = self.slot(arena);
        (first, (self.width == 2).then(|| self.slot(arena)))
    }

    #[inline]
    fn slot(&mut self, arena: &'g Arena) -> NodeId {
        loop {
            if let Some((first, rest)) = self.items.split_first() {
                self.items = rest;
                return *first;
            }
            self.next_slots(arena);
        }
    }

    #[cold]
    fn next_slots(&mut self, arena: &'g Arena) {
        let batch = self.batches.next().expect("the run has counted its slots");
        self.items = arena.slots_of(batch.start, batch.len);
        self.behind -= self.items.len();
    }
}
