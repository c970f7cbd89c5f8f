//! Rows: instances whose bytes differ in nothing but floats, one right behind the other.
//!
//! Where a class has only floats for fields, or other such classes, all instances of a list after
//! the first ones are of one width, and the same but for the floats' eight bytes each. Then
//! there is no need to ask what comes next: a row is compared with the one before it, and its floats
//! are where those are. The offsets are constants of the type.
//!
//! A row is
//!
//! ```text
//! BINGET class, EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, MARK,   the instance
//! BINGET name, row of the field's type,                  for each field
//! SETITEMS, BUILD
//! ```
//!
//! or the same with MEMOIZE behind NEWOBJ and EMPTY_DICT, as Python writes it; and
//! BINFLOAT with its eight bytes for a float.

use super::memo::Entry;
use super::{BINFLOAT, BINGET, Stream};
use crate::construct::Construct;

/// The shape of a type's rows.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// How many bytes without MEMOIZE; 0 for types that have none.
    width: usize,
    /// How many MEMOIZE.
    memos: usize,
}

const HEAD: usize = 6;
const KEY: usize = 2;
const TAIL: usize = 2;

impl Row {
    /// Of a type whose instances vary.
    pub const NONE: Self = Self { width: 0, memos: 0 };

    /// Of a float.
    pub const FLOAT: Self = Self { width: 9, memos: 0 };

    /// Of a class with these fields.
    #[must_use]
    pub const fn of<const N: usize>(fields: [Self; N]) -> Self {
        // One attribute alone is not behind a MARK.
        if N < 2 {
            return Self::NONE;
        }
        let mut row = Self {
            width: HEAD + TAIL,
            memos: 2,
        };
        let mut field = 0;
        while field < N {
            if fields[field].width == 0 {
                return Self::NONE;
            }
            row.width += KEY + fields[field].width;
            row.memos += fields[field].memos;
            field += 1;
        }
        row
    }

    const fn bytes<const MEMO: bool>(self) -> usize {
        if MEMO {
            self.width + self.memos
        } else {
            self.width
        }
    }

    /// Whether there is such a row.
    pub(in crate::construct) const fn is_some(self) -> bool {
        self.width > 0
    }
}

/// Where a value of a row is read: the bytes between the floats are compared with those of a row
/// that was read before.
#[derive(Debug)]
pub struct RowReader<'a, const MEMO: bool> {
    row: &'a [u8],
    known: &'a [u8],
    /// What was compared, and what was passed.
    compared: usize,
    at: usize,
    same: bool,
}

impl<const MEMO: bool> RowReader<'_, MEMO> {
    #[inline]
    fn compare(&mut self) {
        let passed = self.compared..self.at;
        self.same &= self.row[passed.clone()] == self.known[passed];
        self.compared = self.at;
    }

    /// A float.
    #[inline]
    pub(crate) fn float(&mut self) -> Option<f64> {
        self.at += 1;
        self.compare();
        let value = self.row[self.at..].first_chunk()?;
        self.at += value.len();
        self.compared = self.at;
        Some(f64::from_be_bytes(*value))
    }

    /// Begins an instance.
    #[inline]
    pub fn begin(&mut self) {
        self.at += if MEMO { HEAD + 2 } else { HEAD };
    }

    /// The next field of an instance.
    #[inline]
    pub fn field<'g, T: Construct<'g>>(&mut self) -> Option<T> {
        self.at += KEY;
        T::from_row(self)
    }

    /// Ends an instance.
    #[inline]
    pub fn end(&mut self) {
        self.at += TAIL;
    }
}

impl<'g> Stream<'g> {
    /// Adds the items of a list that are rows to those that were read, the last of which began at
    /// `last`. How many there are.
    #[inline]
    pub(in crate::construct) fn rows<T: Construct<'g>>(
        &mut self,
        last: usize,
        items: &mut Vec<T>,
    ) -> usize {
        let width = self.offset() - last;
        if width == T::ROW.width {
            self.rows_of::<T, false>(last, items)
        } else if width == T::ROW.width + T::ROW.memos {
            self.rows_of::<T, true>(last, items)
        } else {
            0
        }
    }

    fn rows_of<T: Construct<'g>, const MEMO: bool>(
        &mut self,
        last: usize,
        items: &mut Vec<T>,
    ) -> usize {
        let width = T::ROW.bytes::<MEMO>();
        let Some(known) = self.input.get(last..last + width) else {
            return 0;
        };
        // Most often a list ends here.
        if self.peek() != known.first().copied() || self.row_width(known) != Some(width) {
            return 0;
        }
        let before = items.len();
        for row in self.rest.chunks_exact(width) {
            let mut row = RowReader::<MEMO> {
                row,
                known,
                compared: 0,
                at: 0,
                same: true,
            };
            let item = T::from_row(&mut row);
            row.compare();
            match item {
                Some(item) if row.same => items.push(item),
                _ => break,
            }
        }
        let count = items.len() - before;
        self.rest = self.rest.get(count * width..).unwrap_or_default();
        if MEMO {
            let memo = self.scratch.memo.len() + count * T::ROW.memos;
            self.scratch.memo.resize(memo, Entry::OTHER);
        }
        count
    }

    /// How wide an object is that has been read, if it has the form of a row and its fields are in
    /// the order of the type's.
    fn row_width(&self, row: &[u8]) -> Option<usize> {
        let (class, mut rest) = match row {
            [BINFLOAT, ..] => return Some(Row::FLOAT.width),
            [BINGET, index, rest @ ..] => (
                self.scratch.memo.get(usize::from(*index))?.as_class()?,
                rest,
            ),
            _ => return None,
        };
        let known = self.scratch.classes.get(class)?;
        let fields = known.class?.fields.len();
        rest = known.prefix.behind(rest)?;
        for field in 0..fields {
            let key = self.scratch.keys.get(known.keys as usize + field)?;
            if !key.is_short_of(field) {
                return None;
            }
            rest = key.pattern.behind(rest)?;
            rest = rest.get(self.row_width(rest)?..)?;
        }
        // The list goes on behind it.
        let end = self.scratch.keys.get(known.keys as usize + fields)?;
        let tail = rest.get(..TAIL)?;
        (end.is_end(tail)).then(|| row.len() - rest.len() + TAIL)
    }
}
