//! Lists of numbers, of short strs, and of instances that consist of floats: how long an item is, or may
//! be at most, is known before it is written. So there are runs of items within which no frame ends, and which are
//! appended at once.

use std::any::Any;

use smallvec::SmallVec;

use super::Pickler;
use super::atoms::{INT_BYTES, Int, binary_int};
use super::classes::{Block, FIRST_KEY, INSTANCE};
use super::container::BATCH;
use crate::class::Class;
use crate::error::Result;
use crate::opcode::Opcode;
use crate::reduce::Reduce;

/// Of a float with its opcode.
const FLOAT_BYTES: usize = 9;
/// Of the longest str that has its length in one byte, with its opcode.
const STR_BYTES: usize = 2 + u8::MAX as usize;
/// So much is appended before it is filled in: it is still in the processor's nearest cache then.
const RUN_BYTES: usize = 4096;

/// The float that a field is, of a type that is written as a float: which types are, is known when
/// this is compiled.
#[inline(always)]
pub fn float_of<T: 'static>(field: &T) -> Option<f64> {
    let field: &dyn Any = field;
    let double = field.downcast_ref::<f64>().copied();
    double.or_else(|| field.downcast_ref::<f32>().map(|single| f64::from(*single)))
}

/// Copies of an instance that consists of floats, with zeros where those are filled in.
struct Template {
    bytes: SmallVec<[u8; RUN_BYTES / 2]>,
    copies: usize,
}

/// How long an instance of `N` floats is.
const fn template_len(floats: usize) -> usize {
    float_place(floats, floats - 1) + 8 + 2
}

/// Where the digits of one of its floats are.
const fn float_place(floats: usize, index: usize) -> usize {
    let prefix = if floats == 1 { 5 } else { 6 };
    prefix + 2 + index * (2 + FLOAT_BYTES) + 1
}

impl Pickler<'_> {
    /// A list of what `float` makes of the items: of the very floats that they are.
    pub(crate) fn floats<T: Reduce + Copy>(
        &mut self,
        items: &[T],
        float: impl Fn(T) -> f64,
    ) -> Result<()> {
        self.list_in_runs(items, FLOAT_BYTES, |p, run| {
            let bytes = p.writer.plain_bytes();
            for run in run.chunks(RUN_BYTES / FLOAT_BYTES) {
                let start = bytes.len();
                let end = start + run.len() * FLOAT_BYTES;
                bytes.resize(end, Opcode::BinFloat.byte());
                let places = bytes[start..].as_chunks_mut::<FLOAT_BYTES>().0;
                for (place, item) in places.iter_mut().zip(run) {
                    place[1..].copy_from_slice(&float(*item).to_be_bytes());
                }
            }
            run.len()
        })
    }

    /// A list of what `int` makes of the items: of the very ints that they are.
    pub(crate) fn ints<T: Reduce + Copy>(
        &mut self,
        items: &[T],
        int: impl Fn(T) -> Int,
    ) -> Result<()> {
        self.list_in_runs(items, INT_BYTES, |p, run| {
            let bytes = p.writer.plain_bytes();
            for run in run.chunks(RUN_BYTES / INT_BYTES) {
                let start = bytes.len();
                bytes.resize(start + run.len() * INT_BYTES, 0);
                let mut end = start;
                for item in run {
                    let (digits, len) = binary_int(int(*item));
                    bytes[end..end + INT_BYTES].copy_from_slice(&digits);
                    end += len;
                }
                bytes.truncate(end);
            }
            run.len()
        })
    }

    /// A list of strs.
    pub(crate) fn strs<T: Reduce + AsRef<str>>(&mut self, items: &[T]) -> Result<()> {
        self.list_in_runs(items, STR_BYTES, |p, run| {
            for (index, item) in run.iter().enumerate() {
                let text = item.as_ref().as_bytes();
                let Ok(len) = u8::try_from(text.len()) else {
                    return index;
                };
                p.writer.short(Opcode::ShortBinUnicode, len, text);
            }
            run.len()
        })
    }

    /// A list of instances of `class`, if `floats` are all attributes that an item has: as derived,
    /// in the class's order, of the protocol's own form. If one is no float, it is a list like
    /// others.
    #[doc(hidden)]
    #[inline]
    pub fn instances_of_floats<T: Reduce, const N: usize>(
        &mut self,
        class: &'static Class,
        items: &[T],
        floats: impl Fn(&T) -> [Option<f64>; N],
    ) -> Result<()> {
        let are_floats = |first| floats(first).iter().all(Option::is_some);
        if self.dispatching || !items.first().is_some_and(are_floats) {
            return self.list(items);
        }
        let mut template = None;
        self.list_in_runs(items, template_len(N), |p, run| {
            if template.is_none() {
                let block = p.block(class);
                template = p.template::<N>(block, items.len());
            }
            let Some(template) = &template else {
                return 0;
            };
            let bytes = p.writer.plain_bytes();
            for run in run.chunks(template.copies) {
                let start = bytes.len();
                let len = run.len() * template_len(N);
                bytes.extend_from_slice(&template.bytes[..len]);
                let places = bytes[start..].chunks_exact_mut(template_len(N));
                for (place, item) in places.zip(run) {
                    for (index, float) in floats(item).into_iter().enumerate() {
                        let float = float.unwrap_or_default().to_be_bytes();
                        let (_, place) = place.split_at_mut(float_place(N, index));
                        place[..8].copy_from_slice(&float);
                    }
                }
            }
            run.len()
        })
    }

    /// None if not all names are in the memo, at indices of one byte.
    fn template<const N: usize>(&self, block: Block, items: usize) -> Option<Template> {
        let copies = (RUN_BYTES / 2 / template_len(N)).clamp(1, items);
        let classes = &self.memo.classes;
        let mut bytes = SmallVec::new();
        let add = |bytes: &mut SmallVec<_>, ops: &[Opcode]| {
            bytes.extend(ops.iter().map(|op| op.byte()));
        };
        bytes.extend(classes.class(block).pair()?);
        let before_mark = INSTANCE.len() - 1;
        let ops = if N == 1 {
            &INSTANCE[..before_mark]
        } else {
            &INSTANCE
        };
        add(&mut bytes, ops);
        for index in 0..N {
            bytes.extend(classes.word(block, FIRST_KEY + index).pair()?);
            add(&mut bytes, &[Opcode::BinFloat]);
            bytes.extend([0; FLOAT_BYTES - 1]);
        }
        let set = if N == 1 {
            Opcode::SetItem
        } else {
            Opcode::SetItems
        };
        add(&mut bytes, &[set, Opcode::Build]);
        let one = bytes.clone();
        for _ in 1..copies {
            bytes.extend_from_slice(&one);
        }
        Some(Template { bytes, copies })
    }

    /// A list, of whose items none has more than `width` bytes where `write` writes it, which
    /// says of how many it has done so. The others are written as they themselves say.
    fn list_in_runs<T: Reduce>(
        &mut self,
        items: &[T],
        width: usize,
        mut write: impl FnMut(&mut Self, &[T]) -> usize,
    ) -> Result<()> {
        if items.len() < 2 || !self.writer.is_plain(1) {
            return self.list(items);
        }
        self.check_unhashed("list")?;
        let slot = self.pending.take();
        self.writer.op(Opcode::EmptyList);
        self.memoize(slot)?;
        self.writer.op(Opcode::Mark);
        let start = self.writer.len();
        let mut done = 0;
        for (index, batch) in items.chunks(BATCH).enumerate() {
            if index > 0 {
                self.writer.ops([Opcode::Appends, Opcode::Mark]);
            }
            if index == 1 {
                self.writer.expect(items.len() - BATCH, BATCH, start);
            }
            let mut batch = batch;
            while let Some(first) = batch.first() {
                let fit = (self.writer.plain_room() / width).min(batch.len());
                let mut written = write(self, &batch[..fit]);
                if written == 0 {
                    self.item(done, first)?;
                    written = 1;
                }
                done += written;
                batch = &batch[written..];
            }
        }
        self.writer.op(Opcode::Appends);
        Ok(())
    }
}
