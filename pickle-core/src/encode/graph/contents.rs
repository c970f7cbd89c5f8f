//! When the batches of containers and instances are written: behind what creates them, or later,
//! in front of the first call that sees them. How a run of batches is cut, `fill` knows.

use super::super::memo::MemoPolicy;
use super::fill::Fill;
use super::{Dump, Progress, Task};
use crate::error::{ErrorKind, Result};
use crate::graph::arena::{BatchKind, Node, NodeId, OpIndex};
use crate::opcode::Opcode;

impl<'g> Dump<'_, '_, 'g> {
    /// Writes what a node has from `from` on.
    pub(super) fn contents(&mut self, id: NodeId, from: OpIndex, view: OpIndex) {
        if self.data.arena.chain(id).is_empty() {
            return;
        }
        let mut fill = Fill::new(self.data.arena, id, from, view);
        if self.survey.is_shared(id) || self.survey.changed_after(id, view) || self.cycles > 0 {
            let next = fill.next_at().unwrap_or(OpIndex::END);
            self.filling.insert(id, Progress { until: from, next });
        }
        self.tasks.push(Task::Fill(Box::new(fill)));
    }

    pub(super) fn fill(&mut self, mut fill: Box<Fill<'g>>) -> Result<()> {
        let view = fill.view;
        let is_state = self.states.contains(&fill.id);
        loop {
            self.pickler.end_entry(&mut fill.chunks);
            if fill.chunks.is_done() && !self.next_run(&mut fill)? {
                return Ok(());
            }
            if fill.chunks.is_done() {
                // The run was a state, which is no sequence of entries.
                self.save_state(fill);
                return Ok(());
            }
            self.pickler.begin_entry(&mut fill.chunks);
            let (first, second) = fill.entry(self.data.arena);
            if !self.is_atomic(first) {
                self.tasks.push(Task::Fill(fill));
                self.tasks
                    .extend(second.map(|second| Task::Save(second, view)));
                self.tasks.push(if is_state {
                    Task::Name(first)
                } else {
                    Task::Save(first, view)
                });
                return Ok(());
            }
            if is_state {
                self.save_name(first)?;
            } else {
                self.save(first, view)?;
            }
            if let Some(second) = second {
                if !self.is_atomic(second) {
                    self.tasks.push(Task::Fill(fill));
                    self.tasks.push(Task::Save(second, view));
                    return Ok(());
                }
                self.save(second, view)?;
            }
        }
    }

    /// Goes to the next run of batches, if there is one.
    fn next_run(&mut self, fill: &mut Fill<'g>) -> Result<bool> {
        let written = fill.run().until;
        let Some(run) = fill.next_run(self.data.arena, &self.survey) else {
            self.filled(fill);
            return Ok(false);
        };
        if let Some(progress) = self.filling.get_mut(&fill.id) {
            // The run before it is all written.
            *progress = Progress {
                until: written.max(progress.until),
                next: run.at,
            };
        }
        if run.kind == BatchKind::Added && self.pickler.protocol < Opcode::AddItems.protocol() {
            return Err(self.pickler.unpicklable("an instance with items added"));
        }
        Ok(true)
    }

    /// Notes how much of a node is written, when there are no more batches in the view.
    fn filled(&mut self, fill: &Fill<'g>) {
        let id = fill.id;
        if !self.filling.is_empty() {
            self.filling.remove(&id);
        }
        if !self.survey.changed_after(id, fill.view) {
            return;
        }
        let arena = self.data.arena;
        let mut rest = Fill::new(arena, id, fill.view, OpIndex::END);
        if let Some(next) = rest.next_at() {
            let until = fill.view;
            self.filling.insert(id, Progress { until, next });
            self.unfinished.insert((next, id));
        }
    }

    /// Python interns the names of attributes, so that equal ones are one object. Under `All`, what
    /// is a state's key is therefore another object than the same str as a value.
    pub(super) fn note_state(&mut self, state: NodeId) {
        if self.pickler.policy != MemoPolicy::All {
            return;
        }
        let arena = self.data.arena;
        match arena.node(state) {
            Node::Dict(_) => {
                self.states.insert(state);
            }
            Node::Tuple { start, len: 2, .. } => {
                let halves = arena.slots_of(start, 2);
                let dicts = halves
                    .iter()
                    .filter(|id| matches!(arena.node(**id), Node::Dict(_)));
                self.states.extend(dicts);
            }
            _ => {}
        }
    }

    fn save_state(&mut self, mut fill: Box<Fill<'g>>) {
        let view = fill.view.min(fill.run().at);
        let id = fill.id;
        match fill.state() {
            (None, state) => {
                self.note_state(state);
                self.then([
                    Task::Save(state, view),
                    Task::CatchUp(view),
                    Task::Op(Opcode::Build),
                    Task::Fill(fill),
                ]);
            }
            (Some(setter), state) => {
                self.then([
                    Task::Save(setter, view),
                    Task::Get(id),
                    Task::Save(state, view),
                    Task::Op(Opcode::Tuple2),
                    Task::CatchUp(view),
                    Task::Op(Opcode::Reduce),
                    Task::Op(Opcode::Pop),
                    Task::Fill(fill),
                ]);
            }
        }
    }

    /// Adds to all objects what they had at some time, and what is not written yet.
    pub(super) fn catch_up(&mut self, view: OpIndex) {
        let Some(&(next, id)) = self.unfinished.first() else {
            return;
        };
        if next >= view {
            return;
        }
        self.unfinished.remove(&(next, id));
        let index = self.memo[id.index()].expect("what is unfinished was memoized");
        self.pickler.write_get(index);
        self.then([Task::Op(Opcode::Pop), Task::CatchUp(view)]);
        self.contents(id, next, view);
    }

    /// Whether what is written of a node is what it was at some time.
    #[inline]
    pub(super) fn check_view(&self, id: NodeId, view: OpIndex) -> Result<()> {
        if view == OpIndex::END || !self.survey.changed_after(id, view) {
            return Ok(());
        }
        self.check_changed(id, view)
    }

    fn check_changed(&self, id: NodeId, view: OpIndex) -> Result<()> {
        if let Node::Set(_) = self.data.arena.node(id)
            && self.pickler.protocol < Opcode::EmptySet.protocol()
        {
            return Ok(());
        }
        let (until, missing) = match self.filling.get(&id) {
            Some(progress) => {
                let waiting = self.unfinished.contains(&(progress.next, id));
                (progress.until, progress.next < view && !waiting)
            }
            None => (self.survey.changed_until(id), false),
        };
        if until > view || missing {
            return Err(ErrorKind::MutatedAfterUse.into());
        }
        Ok(())
    }
}
