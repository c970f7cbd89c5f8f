//! Writing a parsed pickle again, in any protocol, with identity, sharing and cycles.
//!
//! Iterative: what is to be written stands on a stack of tasks, which are here. `survey` knows
//! what is shared, `nodes` which opcodes a node takes, `calls` which an instance does, `creation`
//! what has a memo entry, `fill` the batches of one container, and `contents` when they come.
//!
//! The order is CPython's, and so are the rules for what contains itself: containers and instances
//! have their memo entry before their contents; a tuple that is found in the memo behind its own
//! items is taken from there.
//!
//! A call sees its arguments as they were at that time. What was added later is written where it
//! can first be seen: in front of the next call, or at the end.

mod calls;
mod contents;
mod creation;
mod fill;
mod nodes;
mod survey;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::Pickler;
use super::object::Form as CallForm;
use super::pointers::Slot;
use super::writer::MemoIndex;
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::arena::{Cursor, Data, NodeId, OpIndex};
use crate::opcode::Opcode;
use crate::reduce::Reduce;
use fill::Fill;
use survey::Survey;

impl Reduce for Graph<'_> {
    /// Writes the pickled object: in another protocol perhaps, but with all its identity.
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        let key = Arc::as_ptr(&self.arena) as usize;
        let (arena, mut memo) = p
            .memo
            .more()
            .graphs
            .remove(&key)
            .unwrap_or_else(|| (Arc::clone(&self.arena), Vec::new()));
        memo.resize(self.len(), None);
        let root_slot = p.pending.take();
        let mut dump = Dump {
            pickler: p,
            graph: self,
            data: self.data(),
            survey: Survey::of(&self.arena, self.root),
            memo,
            root_slot,
            remembered: 0,
            creating: HashMap::new(),
            cycles: 0,
            filling: HashMap::new(),
            states: HashSet::new(),
            unfinished: BTreeSet::new(),
            tasks: vec![
                Task::CatchUp(OpIndex::END),
                Task::Save(self.root, OpIndex::END),
            ],
        };
        while let Some(task) = dump.tasks.pop() {
            dump.carry_out(task)?;
        }
        let memo = dump.memo;
        p.memo.more().graphs.insert(key, (arena, memo));
        Ok(())
    }
}

struct Dump<'p, 'w, 'g> {
    pickler: &'p mut Pickler<'w>,
    graph: &'g Graph<'g>,
    data: Data<'g>,
    survey: Survey<'g>,
    memo: Vec<Option<MemoIndex>>,
    /// The pointer that the graph is behind.
    root_slot: Option<Slot>,
    /// How many nodes have been given a memo entry.
    remembered: usize,
    /// Shared objects that are written before they have a memo entry, and how many nodes had one
    /// when they were begun: only with more may they be begun again, within themselves.
    creating: HashMap<NodeId, usize>,
    /// How many of those contain themselves.
    cycles: usize,
    /// Shared objects whose batches are being written, and those of which some are not.
    filling: HashMap<NodeId, Progress>,
    /// Dicts that are states.
    states: HashSet<NodeId>,
    /// Objects of which batches are not written, by the time of the first.
    unfinished: BTreeSet<(OpIndex, NodeId)>,
    tasks: Vec<Task<'g>>,
}

#[derive(Clone, Copy)]
struct Progress {
    /// All batches before are written.
    until: OpIndex,
    /// When the next one was added.
    next: OpIndex,
}

enum Task<'g> {
    /// Writes a node, as it was at some time.
    Save(NodeId, OpIndex),
    /// Refers to a node that was memoized for this.
    Get(NodeId),
    /// Writes the items of a tuple or frozenset.
    Items(Cursor, OpIndex),
    /// Writes batches.
    Fill(Box<Fill<'g>>),
    /// Writes the name of an attribute.
    Name(NodeId),
    Op(Opcode),
    /// Gives a node that CPython gives no memo entry one, if it can be met again.
    Remember(NodeId),
    CloseArgs(CallForm, usize),
    /// Creates a node of what is on the stack.
    Create(NodeId, Creator, Option<usize>),
    /// Writes the batches of a node that has been created.
    Contents(NodeId, OpIndex),
    /// Adds to all objects what they had at some time.
    CatchUp(OpIndex),
}

#[derive(Clone, Copy)]
enum Creator {
    Tuple(usize),
    FrozenSet,
    Call(CallForm),
    /// INST, which has the class's name with it.
    Inst(u32),
}
impl<'g> Dump<'_, '_, 'g> {
    fn carry_out(&mut self, task: Task<'g>) -> Result<()> {
        match task {
            Task::Save(id, view) => return self.save(id, view),
            Task::Get(id) => {
                let index = self.memo[id.index()].expect("an object with a setter was memoized");
                self.pickler.get(index)?;
            }
            Task::Items(mut items, view) => {
                while let Some(item) = items.next(self.data.arena) {
                    if !self.is_atomic(item) {
                        self.tasks.push(Task::Items(items, view));
                        self.tasks.push(Task::Save(item, view));
                        break;
                    }
                    self.save(item, view)?;
                }
            }
            Task::Fill(fill) => return self.fill(fill),
            Task::Name(id) => return self.save_name(id),
            Task::Op(op) => self.pickler.writer.op(op),
            Task::Remember(id) => self.remember(id)?,
            Task::CloseArgs(form, len) => self.pickler.close_args(form, len)?,
            Task::Create(id, creator, outer) => return self.create(id, creator, outer),
            Task::Contents(id, view) => self.contents(id, OpIndex(0), view),
            Task::CatchUp(view) => self.catch_up(view),
        }
        Ok(())
    }

    /// What comes next, in this order.
    fn then<const N: usize>(&mut self, tasks: [Task<'g>; N]) {
        self.tasks.extend(tasks.into_iter().rev());
    }
}
