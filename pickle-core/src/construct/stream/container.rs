//! Lists, tuples, sets and dicts in a stream: what opens them, and where they end.

use super::memo::Entry;
use super::{
    ADDITEMS, APPEND, APPENDS, Awaited, BUILD, EMPTY_DICT, EMPTY_LIST, EMPTY_SET, EMPTY_TUPLE,
    FROZENSET, MARK, SETITEM, SETITEMS, STOP, Stream, TUPLE, TUPLE1, TUPLE2, TUPLE3,
};
use crate::opcode::Opcode;

/// How many items picklers add with one opcode at most.
pub(in crate::construct) const BATCH: usize = 1000;

/// Where the stream is in a list, a set, a dict, or a tuple of any length.
#[derive(Clone, Copy, Debug)]
pub(in crate::construct) struct Run {
    stage: Stage,
    /// Where the container begins.
    start: usize,
    /// How many items of the batch were read, and where it begins.
    items: usize,
    batch: usize,
    /// How many more a full batch lets expect.
    outlook: usize,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// In front of an item, or of the opcode that takes all since the MARK.
    Batch(u8),
    /// In front of a single item, which this opcode takes.
    Single(u8),
    /// Behind it.
    Taken(u8),
    Done,
}

impl Stream<'_> {
    /// Opens a list, or a tuple behind a MARK.
    #[inline]
    pub(in crate::construct) fn list(&mut self) -> Option<Run> {
        self.begin_object();
        let start = self.offset();
        match self.peek()? {
            EMPTY_LIST if !self.hashed => self.changeable(start, Opcode::Append, APPENDS),
            MARK => self.fixed(start, TUPLE),
            EMPTY_TUPLE => {
                self.take(EMPTY_TUPLE);
                self.put(start, Entry::OTHER)?;
                Some(Run::empty())
            }
            _ => None,
        }
    }

    /// Opens a set or a frozenset.
    #[inline]
    pub(in crate::construct) fn set(&mut self) -> Option<Run> {
        self.begin_object();
        let start = self.offset();
        match self.peek()? {
            EMPTY_SET if !self.hashed => {
                self.take(EMPTY_SET);
                self.put(start, Entry::OTHER)?;
                if self.peek() != Some(MARK) {
                    return Some(Run::empty());
                }
                self.fixed(start, ADDITEMS)
            }
            MARK => self.fixed(start, FROZENSET),
            _ => None,
        }
    }

    /// Opens a dict.
    #[inline]
    pub(in crate::construct) fn dict(&mut self) -> Option<Run> {
        self.begin_object();
        let start = self.offset();
        if self.peek() != Some(EMPTY_DICT) || self.hashed {
            return None;
        }
        self.changeable(start, Opcode::SetItem, SETITEMS)
    }

    /// A container that exists before its items. `one` takes a single item.
    fn changeable(&mut self, start: usize, one: Opcode, many: u8) -> Option<Run> {
        self.rest = self.rest.get(1..)?;
        self.put(start, Entry::OTHER)?;
        let next = self.peek()?;
        if next == MARK {
            return self.fixed(start, many);
        }
        // What cannot be hashed is no key.
        let unhashable = matches!(next, EMPTY_LIST | EMPTY_DICT | EMPTY_SET);
        if is_end(next)
            || many == SETITEMS && unhashable
            || !self.is_single(one, self.is_attribute(start))
        {
            return Some(Run::empty());
        }
        self.enter().then(|| Run {
            stage: Stage::Single(one.byte()),
            ..Run::empty()
        })
    }

    /// A batch of a list that has been opened.
    pub(super) fn batch(&mut self) -> Option<Run> {
        (self.peek()? == MARK).then(|| self.fixed(self.offset(), APPENDS))?
    }

    /// A batch of items behind a MARK.
    fn fixed(&mut self, start: usize, close: u8) -> Option<Run> {
        self.rest = self.rest.get(1..)?;
        let batch = self.offset();
        self.enter().then_some(Run {
            stage: Stage::Batch(close),
            start,
            items: 0,
            batch,
            outlook: 0,
        })
    }

    /// Whether another item follows, in front of which the stream then is.
    #[inline]
    pub(in crate::construct) fn follows(&mut self, run: &mut Run) -> Option<bool> {
        match run.stage {
            Stage::Batch(close) if self.peek()? != close => {
                run.items += 1;
                Some(true)
            }
            Stage::Batch(close) => self.close_batch(run, close),
            Stage::Single(take) => {
                run.stage = Stage::Taken(take);
                Some(true)
            }
            Stage::Taken(take) => {
                run.stage = Stage::Done;
                self.leave();
                self.take(take).then_some(false)
            }
            Stage::Done => Some(false),
        }
    }

    fn close_batch(&mut self, run: &mut Run, close: u8) -> Option<bool> {
        self.rest = self.rest.get(1..)?;
        if matches!(close, TUPLE | FROZENSET) {
            self.put(run.start, Entry::OTHER)?;
        } else if run.items == BATCH && self.take(MARK) {
            // Only behind a full batch another one follows.
            let width = (self.offset() - run.batch) / BATCH;
            run.outlook = self.left() / width.max(1);
            run.items = 0;
            run.batch = self.offset();
            return self.follows(run);
        }
        run.stage = Stage::Done;
        self.leave();
        Some(false)
    }

    /// For how many of `items` more ones of so many bytes each room may be made now.
    pub(in crate::construct) fn room_ahead(&mut self, items: usize, size: usize) -> usize {
        let size = size.max(1);
        let items = items.min(self.room_ahead / size);
        self.room_ahead -= items * size;
        items
    }

    /// Opens a tuple of exactly `len` items.
    pub(in crate::construct) fn tuple(&mut self, len: usize) -> Option<Tuple> {
        self.begin_object();
        let start = self.offset();
        let opened = match len {
            // What is in front of the items of a short one is the first item.
            1..=3 => true,
            0 => false,
            _ => self.take(MARK),
        };
        if !opened || !self.enter() {
            return None;
        }
        // Its first item may begin where it does, and is no attribute itself.
        self.attribute_at = usize::MAX;
        let awaited = std::mem::replace(&mut self.awaited, Awaited::NOTHING);
        Some(Tuple { start, awaited })
    }

    /// Closes it.
    pub(in crate::construct) fn close_tuple(&mut self, tuple: Tuple, len: usize) -> Option<()> {
        self.awaited = tuple.awaited;
        self.leave();
        let close = match len {
            1 => TUPLE1,
            2 => TUPLE2,
            3 => TUPLE3,
            _ => TUPLE,
        };
        if !self.take(close) {
            return None;
        }
        self.put(tuple.start, Entry::OTHER)
    }
}

/// A tuple of a known length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tuple {
    start: usize,
    /// What waits for the tuple, or for what it is in, does not wait for its items.
    awaited: Awaited,
}

impl Run {
    fn empty() -> Self {
        Self {
            stage: Stage::Done,
            start: 0,
            items: 0,
            batch: 0,
            outlook: 0,
        }
    }

    /// A list's last item, if it is not in a batch.
    pub(super) fn single() -> Self {
        Self {
            stage: Stage::Single(APPEND),
            ..Self::empty()
        }
    }

    /// Whether the items are behind a MARK: else there is but one.
    #[inline]
    pub(in crate::construct) fn is_batch(&self) -> bool {
        matches!(self.stage, Stage::Batch(_))
    }

    /// Counts items that were read beside [`follows`](Stream::follows).
    pub(in crate::construct) fn skip(&mut self, items: usize) {
        self.items += items;
    }

    /// How many more items there are likely to be, if all are as those of the batch that has ended:
    /// told once for each batch.
    #[inline]
    pub(in crate::construct) fn outlook(&mut self) -> Option<usize> {
        (self.outlook > 0).then(|| std::mem::take(&mut self.outlook))
    }

    /// Whether the items are those of a set.
    #[inline]
    pub(in crate::construct) fn is_set(&self) -> bool {
        matches!(self.stage, Stage::Batch(ADDITEMS | FROZENSET))
    }

    /// Ends it where it is.
    pub(in crate::construct) fn abandon(&mut self) {
        self.stage = Stage::Done;
    }
}

/// Whether an opcode ends what is around an object that stands in front of it.
pub(super) fn is_end(opcode: u8) -> bool {
    matches!(
        opcode,
        APPEND | APPENDS | SETITEM | SETITEMS | ADDITEMS | FROZENSET | BUILD | STOP
    ) || matches!(opcode, TUPLE | TUPLE1 | TUPLE2 | TUPLE3)
}
