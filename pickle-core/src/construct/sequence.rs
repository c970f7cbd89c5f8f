//! The items of a sequence or set, and the entries of a dict, one at a time.

use super::decoder::Place;
use super::{Construct, Decoder};
use crate::error::{Result, Segment};
use crate::graph::NodeRef;
use crate::graph::arena::{Cursor, NodeId, OpIndex};

/// The items that [`Decoder::sequence`] or [`Decoder::set`] found.
///
/// ```
/// use pickle_core::{Construct, Decoder, Result};
///
/// struct Total(i64);
///
/// impl<'g> Construct<'g> for Total {
///     fn construct(d: &mut Decoder<'g>) -> Result<Self> {
///         let mut items = d.sequence()?;
///         let mut total = 0;
///         while let Some(item) = items.item::<i64>(d)? {
///             total += item;
///         }
///         Ok(Total(total))
///     }
/// }
/// pickle_core::pointee!(Total);
///
/// assert_eq!(pickle_core::loads::<Total>(b"(I1\nI2\nl.")?.0, 3);
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Sequence {
    cursor: Cursor,
    view: OpIndex,
    index: usize,
}

impl Sequence {
    pub(super) fn new(cursor: Cursor, view: OpIndex) -> Self {
        Self {
            cursor,
            view,
            index: 0,
        }
    }

    /// How many items are left.
    #[must_use]
    pub fn len(&self, d: &Decoder<'_>) -> usize {
        self.cursor.len(&d.graph.arena)
    }

    /// The next item, or `None` behind the last.
    ///
    /// # Errors
    ///
    /// If the item is not a `T`.
    pub fn item<'g, T: Construct<'g>>(&mut self, d: &mut Decoder<'g>) -> Result<Option<T>> {
        let Some(node) = self.cursor.next(&d.graph.arena) else {
            return Ok(None);
        };
        let place = Place {
            node,
            view: self.view,
        };
        let item = d.at(place, T::construct);
        let item = item.map_err(|error| error.within(Segment::Index(self.index)))?;
        self.index += 1;
        Ok(Some(item))
    }
}

/// A list or tuple as a `Vec`.
pub(crate) fn list<'g, T: Construct<'g>>(d: &mut Decoder<'g>) -> Result<Vec<T>> {
    let mut items = d.sequence()?;
    let mut vec = Vec::with_capacity(cautious::<T>(items.len(d)));
    while let Some(item) = items.item(d)? {
        vec.push(item);
    }
    Ok(vec)
}

/// How many items room is made for at once, of `len`: what the input costs one byte each may
/// be large in memory.
pub(crate) fn cautious<T>(len: usize) -> usize {
    const BYTES: usize = 1 << 20;
    len.min(BYTES / size_of::<T>().max(1))
}

/// The entries that [`Decoder::map`] found.
#[derive(Debug)]
pub struct Map {
    cursor: Cursor,
    view: OpIndex,
}

impl Map {
    pub(super) fn new(cursor: Cursor, view: OpIndex) -> Self {
        Self { cursor, view }
    }

    /// How many entries are left.
    #[must_use]
    pub fn len(&self, d: &Decoder<'_>) -> usize {
        self.cursor.len(&d.graph.arena) / 2
    }

    /// The next key and value, or `None` behind the last.
    ///
    /// # Errors
    ///
    /// If the key is not a `K` or the value not a `V`.
    pub fn entry<'g, K: Construct<'g>, V: Construct<'g>>(
        &mut self,
        d: &mut Decoder<'g>,
    ) -> Result<Option<(K, V)>> {
        let Some((key_node, value_node)) = self.next(d) else {
            return Ok(None);
        };
        let place = |node| Place {
            node,
            view: self.view,
        };
        let repr = |d: &Decoder<'g>| NodeRef::new((&d.graph).into(), key_node, self.view).repr();
        let key = d.at(place(key_node), K::construct);
        let key = key.map_err(|error| error.within(Segment::Key(repr(d))))?;
        let value = d.at(place(value_node), V::construct);
        let value = value.map_err(|error| error.within(Segment::Value(repr(d))))?;
        Ok(Some((key, value)))
    }

    pub(super) fn next(&mut self, d: &Decoder<'_>) -> Option<(NodeId, NodeId)> {
        let arena = &d.graph.arena;
        let key = self.cursor.next(arena)?;
        Some((key, self.cursor.next(arena)?))
    }
}

#[cfg(test)]
mod tests {
    use super::cautious;

    #[test]
    fn room_is_counted_in_bytes() {
        assert_eq!(cautious::<u64>(1_000), 1_000);
        assert_eq!(cautious::<u64>(usize::MAX), 1 << 17);
        assert_eq!(cautious::<[u8; 1 << 20]>(1_000), 1);
        assert_eq!(cautious::<[u8; 1 << 21]>(1_000), 0);
        assert_eq!(cautious::<()>(usize::MAX), 1 << 20);
    }
}
