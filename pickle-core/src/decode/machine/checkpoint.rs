//! Room for what is to come: indices that suffice, and memory.
//!
//! Both are looked after once in many opcodes, at places of the input whose distance doubles. How
//! much memory the rest will take is extrapolated from what was read so far: to grow by doubling
//! would touch twice as many pages. Whatever bytes come, no more is reserved than they would take
//! if they went on as they began.

use super::super::reader::wide;
use super::Machine;
use crate::error::{ErrorKind, Result};

/// How much is read before the first conclusions are drawn.
const FIRST: usize = 4 << 10;
/// How far apart two checkpoints are at most.
const FAR: usize = HALF / 8;
/// Half of what an index of 32 bits can tell apart.
const HALF: usize = 1 << 31;

/// The next place of the input where there is something to see to.
pub(super) struct Checkpoint {
    /// How many bytes are left at it: fewer, and it has been passed.
    pub(super) left: usize,
    /// How many bytes the input has.
    len: usize,
    /// How large the machine's vectors were at its beginning.
    before: [usize; 5],
}

impl Checkpoint {
    pub(super) fn first(machine: &mut Machine, len: usize) -> Self {
        let left = if has_room(machine, FIRST) {
            len.saturating_sub(FIRST)
        } else {
            usize::MAX
        };
        Self {
            left,
            len,
            before: sizes(machine),
        }
    }

    /// # Errors
    ///
    /// If an index of 32 bits is too small for what the next opcode may add.
    #[cold]
    #[inline(never)]
    pub(super) fn reach(&mut self, machine: &mut Machine, left: usize) -> Result<()> {
        let read = self.len - left;
        let step = read.min(FAR);
        if has_room(machine, step) {
            self.left = left.saturating_sub(step);
            self.reserve(machine, read, left);
        } else if has_room(machine, 1) {
            // Again at each opcode.
            self.left = usize::MAX;
        } else {
            return Err(ErrorKind::TooLarge.into());
        }
        Ok(())
    }

    /// Makes room for as much of everything as there was per byte up to here, and a bit more.
    fn reserve(&self, machine: &mut Machine, read: usize, left: usize) {
        let [nodes, slots, batches, objects, memo] = self.before;
        let more = |now: usize, before: usize| {
            let [added, left, read] = [now - before, left, read].map(|n| u128::from(wide(n)));
            let expected = added * left / read.max(1);
            usize::try_from(expected + expected / 16).unwrap_or(0)
        };
        let arena = &mut machine.arena;
        arena.nodes.reserve(more(arena.nodes.len(), nodes));
        arena.slots.reserve(more(arena.slots.len(), slots));
        arena.batches.reserve(more(arena.batches.len(), batches));
        arena.objects.reserve(more(arena.objects.len(), objects));
        let entries = machine.memo.dense_mut();
        entries.reserve(more(entries.len(), memo));
    }
}

/// Whether indices of 32 bits are enough for whatever so many bytes of opcodes add: each a few nodes,
/// and no more slots than the stack has items, of which each pushes two at the most.
fn has_room(machine: &Machine, bytes: usize) -> bool {
    let now = usize::try_from(machine.now.0).unwrap_or(usize::MAX);
    let sizes = [machine.arena.nodes.len(), machine.arena.slots.len(), now];
    bytes <= FAR && sizes.iter().all(|size| *size < HALF)
}

fn sizes(machine: &mut Machine) -> [usize; 5] {
    let arena = &machine.arena;
    [
        arena.nodes.len(),
        arena.slots.len(),
        arena.batches.len(),
        arena.objects.len(),
        machine.memo.dense_mut().len(),
    ]
}
