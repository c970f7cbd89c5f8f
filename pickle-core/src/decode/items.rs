//! The items of one long list off a reader, without the list: what `load_iter` returns.
//!
//! The list is read in parts: a batch of items as picklers write them, a thousand with one opcode,
//! or a single last item. A part ends where as many opcodes have taken marks as there were marks,
//! and is looked at only when all of it has been read: an opcode at its end may still change what
//! an item at its beginning is.

use std::any::type_name;
use std::io::BufRead;
use std::iter::FusedIterator;
use std::vec;

use super::Unpickler;
use super::reader::{Argument, Reader, wide};
use super::stream::read_opcodes;
use crate::construct::{Construct, ConstructOwned, Items, Part, Unread};
use crate::error::{Error, ErrorKind, Result, Segment};
use crate::opcode::{Opcode, StackItem};

/// The items of a pickled list, one after the other: what [`load_iter`](crate::load_iter) returns.
///
/// It ends behind the last item, and behind the first error.
#[derive(Debug)]
pub struct LoadIter<T, R> {
    unpickler: Unpickler<'static>,
    source: Source<R>,
    /// None before the list was opened.
    list: Option<Items>,
    /// What has been made and not yet asked for, and the error behind it.
    items: vec::IntoIter<T>,
    error: Option<Error>,
    /// How many items were made.
    made: usize,
    ended: bool,
}

impl<T, R> LoadIter<T, R> {
    pub(super) fn new(unpickler: Unpickler<'static>, reader: R) -> Self {
        Self {
            unpickler,
            source: Source {
                reader,
                bytes: Vec::new(),
                kept: 0,
                offset: 0,
                frames: Vec::new(),
                announced: None,
            },
            list: None,
            items: Vec::new().into_iter(),
            error: None,
            made: 0,
            ended: false,
        }
    }

    /// The reader: when all items were taken, right behind the pickle's STOP; before that, behind
    /// what has been read of the list so far.
    pub fn into_inner(self) -> R {
        self.source.reader
    }
}

impl<T: ConstructOwned, R: BufRead> LoadIter<T, R> {
    /// Makes the items of the next part, or finds the end.
    fn next_part(&mut self) -> Result<()> {
        let list = match &mut self.list {
            Some(list) => list,
            None => {
                if !<T as Construct<'static>>::PURE {
                    let rust_type = type_name::<T>();
                    return Err(ErrorKind::Impure { rust_type }.into());
                }
                let list = self.source.read_head(&self.unpickler)?;
                self.list.insert(list)
            }
        };
        let Some(is_batch) = self.source.read_part()? else {
            self.ended = true;
            return self.source.check_frames();
        };
        // Behind a full batch most often another one follows.
        let room = if is_batch { self.made.min(BATCH) } else { 0 };
        let mut items = Vec::with_capacity(room);
        let part = Part {
            bytes: &self.source.bytes,
            kept: self.source.kept,
            is_batch,
            read: usize::try_from(self.source.position()).unwrap_or(usize::MAX),
        };
        match list.read(part, &mut items) {
            Ok(kept) => {
                self.source.keep(&kept);
                if !is_batch {
                    self.ended = true;
                    self.error = self.source.check_frames().err();
                }
            }
            Err(unread) => self.error = Some(self.unread(unread, is_batch, &mut items)),
        }
        self.made += items.len();
        self.items = items.into_iter();
        Ok(())
    }

    /// The error about an item that could not be made. The items before it are right if it begins
    /// where the opcodes say that the item behind them does; else the stream was misunderstood, and
    /// they are thrown away.
    #[cold]
    fn unread(&self, unread: Unread, is_batch: bool, items: &mut Vec<T>) -> Error {
        let bytes = self.source.bytes.get(self.source.kept..);
        let bytes = bytes.filter(|_| is_batch).unwrap_or_default();
        let starts = item_starts(bytes);
        let at = unread.at.saturating_sub(self.source.kept);
        let index = starts.partition_point(|start| *start <= at);
        let index = index.saturating_sub(1);
        if index != items.len() || starts.get(index).is_some_and(|start| *start != at) {
            items.clear();
        }
        let offset = self.source.offset_of(unread.at);
        let error = unread.error.at_offset(offset);
        error.within(Segment::Index(self.made + index))
    }
}

impl<T: ConstructOwned, R: BufRead> Iterator for LoadIter<T, R> {
    type Item = Result<T>;

    #[inline]
    fn next(&mut self) -> Option<Result<T>> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            if let Some(error) = self.error.take() {
                self.ended = true;
                return Some(Err(error));
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.next_part() {
                self.error = Some(error);
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), None)
    }
}

impl<T: ConstructOwned, R: BufRead> FusedIterator for LoadIter<T, R> {}

/// A reader, and the bytes of the part that was read last.
#[derive(Debug)]
struct Source<R> {
    reader: R,
    /// What was kept of parts before, and the part, without FRAMEs: these may stand anywhere and
    /// mean nothing but that so many bytes follow.
    bytes: Vec<u8>,
    kept: usize,
    /// Where the part begins in the pickle.
    offset: u64,
    /// Where in the bytes FRAMEs were left out.
    frames: Vec<usize>,
    /// The frame that ends last: what it has announced, and where.
    announced: Option<(u64, u64)>,
}

impl<R: BufRead> Source<R> {
    /// Reads what opens the list.
    fn read_head(&mut self, unpickler: &Unpickler<'static>) -> Result<Items> {
        let last = self.read(|opcode| opcode != Opcode::Proto)?;
        if let Some(list) = Items::begin(unpickler, &self.bytes) {
            self.keep(&[]);
            return Ok(list);
        }
        let limits = unpickler.settings.limits;
        if last == Some(Opcode::EmptyList) && limits.typed_depth == 0 {
            return Err(limits.too_deep().into());
        }
        let found = match last {
            Some(Opcode::EmptyList) => "one that only `load` reads".to_owned(),
            Some(opcode) => opcode.name().to_owned(),
            None => return Err(self.broken()),
        };
        let expected = "a list in protocol 2 or above".into();
        let mut reader = Reader::new(&self.bytes, 0);
        let opcodes = std::iter::from_fn(|| reader.next().ok());
        let at = opcodes.last().map_or(0, |located| located.offset);
        let error = Error::from(ErrorKind::WrongType { expected, found });
        Err(error.at_offset(self.offset_of(at)))
    }

    /// Reads the next part. Tells whether it is a batch; there is none in front of the STOP.
    fn read_part(&mut self) -> Result<Option<bool>> {
        let mut part = PartEnd::default();
        let last = self.read(|opcode| part.is_last(opcode))?;
        match last {
            None => Err(self.broken()),
            Some(Opcode::Stop) if part.is_batch.is_none() => Ok(None),
            Some(last) => Ok(Some(last == Opcode::Appends)),
        }
    }

    /// Appends opcodes to the bytes, but no FRAMEs, up to the last one. A FRAME is said to be one.
    fn read(&mut self, mut is_last: impl FnMut(Opcode) -> bool) -> Result<Option<Opcode>> {
        loop {
            let last = read_opcodes(&mut self.reader, &mut self.bytes, &mut is_last)?;
            if last != Some(Opcode::Frame) {
                return Ok(last);
            }
            self.leave_out_frame();
        }
    }

    fn leave_out_frame(&mut self) {
        let start = self.bytes.len().saturating_sub(FRAME_WIDTH);
        let mut frame = Reader::new(&self.bytes, start);
        if let Ok(Argument::Size(len)) = frame.next().map(|located| located.argument) {
            let position = self.position();
            let end = |(at, len): (u64, u64)| at.saturating_add(len);
            if self
                .announced
                .is_none_or(|last| end(last) < end((position, len)))
            {
                self.announced = Some((position, len));
            }
        }
        self.bytes.truncate(start);
        self.frames.push(start);
    }

    /// At the end: whether all that frames have announced was there.
    fn check_frames(&self) -> Result<()> {
        let Some((at, needed)) = self.announced else {
            return Ok(());
        };
        let available = self.position().saturating_sub(at);
        if needed <= available {
            return Ok(());
        }
        let frame = at.saturating_sub(wide(FRAME_WIDTH));
        let error = Error::from(ErrorKind::Truncated { needed, available });
        Err(error.at_offset(narrow(frame)))
    }

    /// How many bytes of the pickle were read.
    fn position(&self) -> u64 {
        self.offset + wide(self.bytes.len() - self.kept + FRAME_WIDTH * self.frames.len())
    }

    /// Where in the pickle it is that is here in the bytes.
    fn offset_of(&self, at: usize) -> usize {
        let frames = self.frames.partition_point(|frame| *frame <= at);
        let behind = at.saturating_sub(self.kept) + FRAME_WIDTH * frames;
        narrow(self.offset).saturating_add(behind)
    }

    /// Lets the part go, and keeps these bytes of it.
    fn keep(&mut self, bytes: &[u8]) {
        self.offset = self.position();
        self.frames.clear();
        self.bytes.truncate(self.kept);
        self.bytes.extend_from_slice(bytes);
        self.kept = self.bytes.len();
    }

    /// What is wrong with the last opcode that was read.
    #[cold]
    fn broken(&self) -> Error {
        let mut reader = Reader::new(&self.bytes, self.kept);
        loop {
            if let Err(error) = reader.next() {
                let offset = self.offset_of(reader.position());
                return error.without_offset().at_offset(offset);
            }
        }
    }
}

/// How many items picklers write with one opcode at most.
const BATCH: usize = 1000;

/// How many bytes a FRAME takes.
const FRAME_WIDTH: usize = 9;

/// An offset as errors take it.
fn narrow(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Finds the end of a part.
#[derive(Debug, Default)]
struct PartEnd {
    /// Whether it begins with a MARK; `None` before that is known.
    is_batch: Option<bool>,
    /// How many marks are open.
    marks: usize,
}

impl PartEnd {
    #[inline]
    fn is_last(&mut self, opcode: Opcode) -> bool {
        let is_inside = self.is_batch.is_some() && !opcode.is_delimiter();
        !is_inside && self.delimits(opcode)
    }

    /// The same of an opcode that begins or ends something.
    fn delimits(&mut self, opcode: Opcode) -> bool {
        match opcode {
            Opcode::Stop | Opcode::Frame => return true,
            Opcode::Mark => self.marks += 1,
            _ if opcode.is_delimiter() => self.marks = self.marks.saturating_sub(1),
            _ => {}
        }
        match self.is_batch {
            Some(is_batch) => is_batch && self.marks == 0 && opcode == Opcode::Appends,
            None => {
                self.begins(opcode);
                false
            }
        }
    }

    fn begins(&mut self, opcode: Opcode) {
        // The list itself is memoized in front of its first item.
        let is_memo = matches!(
            opcode,
            Opcode::Memoize | Opcode::BinPut | Opcode::LongBinPut
        );
        if !is_memo {
            self.is_batch = Some(opcode == Opcode::Mark);
        }
    }
}

/// Where each item of a batch begins: what is on the stack above the batch's MARK when it ends, and
/// which opcode was the first to make it.
fn item_starts(batch: &[u8]) -> Vec<usize> {
    let mut reader = Reader::new(batch, 0);
    let mut starts: Vec<usize> = Vec::new();
    let mut marks: Vec<(usize, usize)> = Vec::new();
    while let Ok(located) = reader.next() {
        let opcode = located.opcode;
        if opcode == Opcode::Mark {
            marks.push((starts.len(), located.offset));
        }
        if opcode == Opcode::Mark || marks.is_empty() {
            continue;
        }
        let taken = opcode.stack_before();
        let mut start = located.offset;
        if taken.contains(&StackItem::Mark) {
            let Some((height, at)) = marks.pop() else {
                break;
            };
            if marks.is_empty() {
                break;
            }
            starts.truncate(height);
            start = at;
        }
        let below = taken.iter().take_while(|item| **item != StackItem::Mark);
        for _ in below {
            start = starts.pop().unwrap_or(start);
        }
        starts.extend(opcode.stack_after().iter().map(|_| start));
    }
    starts
}
