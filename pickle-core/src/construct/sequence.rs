//! The items of a sequence or set, and the entries of a dict, one at a time.

use super::decoder::Place;
use super::stream::{BATCH, Run, Tuple};
use super::{Construct, Decoder};
use crate::error::{Error, Result, Segment};
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
    /// Where the stream is, if the items are made of it.
    run: Option<Run>,
}

impl Sequence {
    pub(super) fn new(cursor: Cursor, view: OpIndex) -> Self {
        Self {
            cursor,
            view,
            index: 0,
            run: None,
        }
    }

    pub(super) fn in_stream(run: Run) -> Self {
        Self {
            run: Some(run),
            ..Self::new(Cursor::slots(0, 0), OpIndex::END)
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
    #[inline]
    pub fn item<'g, T: Construct<'g>>(&mut self, d: &mut Decoder<'g>) -> Result<Option<T>> {
        if let Some(run) = &mut self.run {
            if !follows(run, d)? {
                return Ok(None);
            }
            return item_of_set(run, d).map(Some);
        }
        self.item_of_graph(d)
    }

    fn item_of_graph<'g, T: Construct<'g>>(&mut self, d: &mut Decoder<'g>) -> Result<Option<T>> {
        let Some(node) = self.cursor.next(&d.graph.arena) else {
            return Ok(None);
        };
        let place = Place {
            node,
            view: self.view,
        };
        let item = d.at(place, Decoder::value);
        let item = item.map_err(|error| error.within(Segment::Index(self.index)))?;
        self.index += 1;
        Ok(Some(item))
    }
}

/// Whether another item follows in the stream.
#[inline]
fn follows(run: &mut Run, d: &mut Decoder<'_>) -> Result<bool> {
    match d.stream.follows(run) {
        Some(follows) => Ok(follows),
        None => Err(abandon(run, d)),
    }
}

/// The next item, of a set or a list.
fn item_of_set<'g, T: Construct<'g>>(run: &mut Run, d: &mut Decoder<'g>) -> Result<T> {
    let outer = d.stream.hash(d.stream.is_hashed() || run.is_set());
    let item = value(run, d)?;
    d.stream.hash(outer);
    Ok(item)
}

/// The next entry of a dict.
#[inline]
fn entry<'g, K, V>(run: &mut Run, d: &mut Decoder<'g>) -> Result<(K, V)>
where
    K: Construct<'g>,
    V: Construct<'g>,
{
    // What can be hashed is no dict.
    d.stream.hash(true);
    let key = value(run, d)?;
    d.stream.hash(false);
    Ok((key, value(run, d)?))
}

/// The next item or part of one.
#[inline]
fn value<'g, T: Construct<'g>>(run: &mut Run, d: &mut Decoder<'g>) -> Result<T> {
    let before = d.stream.left();
    match d.value() {
        Ok(value) if d.stream.left() < before => Ok(value),
        // A type that takes no object would take none for ever.
        Ok(_) => Err(abandon(run, d)),
        Err(error) => {
            run.abandon();
            Err(error)
        }
    }
}

#[cold]
fn abandon(run: &mut Run, d: &Decoder<'_>) -> Error {
    run.abandon();
    d.give_up()
}

/// A list or tuple as a `Vec`.
pub(crate) fn list<'g, T: Construct<'g>>(d: &mut Decoder<'g>) -> Result<Vec<T>> {
    if let Some(run) = d.stream.list() {
        return d.nested(|d| list_in_stream(run, d));
    }
    let mut items = d.sequence()?;
    let mut vec = Vec::with_capacity(cautious::<T>(items.len(d)));
    while let Some(item) = items.item_of_graph(d)? {
        vec.push(item);
    }
    Ok(vec)
}

fn list_in_stream<'g, T: Construct<'g>>(run: Run, d: &mut Decoder<'g>) -> Result<Vec<T>> {
    let mut vec = Vec::new();
    items_in_stream(run, d, &mut vec).map_err(|(error, _)| error)?;
    // Behind the first batch, room may have been made for too many.
    if vec.len() > BATCH && vec.capacity() / 2 > vec.len() {
        vec.shrink_to_fit();
    }
    Ok(vec)
}

/// Adds the items to those that there are. An error comes with where the item begins that it is in.
#[inline]
pub(super) fn items_in_stream<'g, T: Construct<'g>>(
    mut run: Run,
    d: &mut Decoder<'g>,
    vec: &mut Vec<T>,
) -> Result<(), (Error, usize)> {
    loop {
        let before = d.stream.offset();
        if !follows(&mut run, d).map_err(|error| (error, before))? {
            return Ok(());
        }
        if let Some(items) = run.outlook() {
            let room = vec.capacity() - vec.len();
            let more = items.saturating_sub(room);
            vec.reserve(room + d.stream.room_ahead(more, size_of::<T>()));
        }
        let start = d.stream.offset();
        vec.push(value(&mut run, d).map_err(|error| (error, start))?);
        if run.is_batch() {
            run.skip(T::construct_more(d, start, vec));
        }
    }
}

impl<'g> Decoder<'g> {
    #[inline]
    pub(super) fn rows<T: Construct<'g>>(&mut self, last: usize, items: &mut Vec<T>) -> usize {
        if T::ROW.is_some() {
            return self.stream.rows(last, items);
        }
        0
    }

    /// Inserts the entries of a dict into `map`, which makes room for them first, where their number
    /// is known.
    pub(crate) fn entries<M, K: Construct<'g>, V: Construct<'g>>(
        &mut self,
        map: &mut M,
        reserve: impl FnOnce(&mut M, usize),
        mut insert: impl FnMut(&mut M, K, V),
    ) -> Result<()> {
        if let Some(mut run) = self.stream.dict() {
            return self.nested(|d| {
                while follows(&mut run, d)? {
                    let (key, value) = entry(&mut run, d)?;
                    insert(map, key, value);
                }
                Ok(())
            });
        }
        let mut entries = self.map()?;
        reserve(map, cautious::<(K, V)>(entries.len(self)));
        while let Some((key, value)) = entries.entry_of_graph(self)? {
            insert(map, key, value);
        }
        Ok(())
    }

    /// The same of the items of a set or frozenset.
    pub(crate) fn members<S, T: Construct<'g>>(
        &mut self,
        set: &mut S,
        reserve: impl FnOnce(&mut S, usize),
        mut insert: impl FnMut(&mut S, T),
    ) -> Result<()> {
        if let Some(mut run) = self.stream.set() {
            return self.nested(|d| {
                while follows(&mut run, d)? {
                    let item = item_of_set(&mut run, d)?;
                    insert(set, item);
                }
                Ok(())
            });
        }
        let mut items = self.set()?;
        reserve(set, cautious::<T>(items.len(self)));
        while let Some(item) = items.item_of_graph(self)? {
            insert(set, item);
        }
        Ok(())
    }

    /// The ints that follow in a list.
    pub(crate) fn ints<T: TryFrom<i128>>(&mut self, items: &mut Vec<T>) -> usize {
        self.stream.ints(items)
    }

    /// The short strs that follow in a list, copied.
    pub(crate) fn strings(&mut self, items: &mut Vec<String>) -> usize {
        let before = items.len();
        while let Some(text) = self.stream.short_str()
            && self.charge_bytes(text.len() as u64).is_ok()
        {
            items.push(text.to_owned());
        }
        items.len() - before
    }

    /// The same, borrowed.
    pub(crate) fn strs<'a>(&mut self, items: &mut Vec<&'a str>) -> usize
    where
        'g: 'a,
    {
        let before = items.len();
        while let Some(text) = self.stream.short_str() {
            items.push(text);
        }
        items.len() - before
    }

    /// Opens a tuple of exactly `len` items in the stream, each of which is a
    /// [`value`](Decoder::value); none where there is no stream.
    #[inline]
    pub(crate) fn open_tuple(&mut self, len: usize) -> Option<Tuple> {
        if self.is_straight() {
            return self.stream.tuple(len);
        }
        None
    }

    #[inline]
    pub(crate) fn close_tuple(&mut self, tuple: Tuple, len: usize) -> Result<()> {
        match self.stream.close_tuple(tuple, len) {
            Some(()) => Ok(()),
            None => Err(self.give_up()),
        }
    }
}

/// How many items room is made for at once, of `len`: what the input costs one byte each may
/// be large in memory.
fn cautious<T>(len: usize) -> usize {
    const BYTES: usize = 1 << 20;
    len.min(BYTES / size_of::<T>().max(1))
}

/// The entries that [`Decoder::map`] found.
#[derive(Debug)]
pub struct Map {
    cursor: Cursor,
    view: OpIndex,
    /// Where the stream is, if the entries are made of it.
    run: Option<Run>,
}

impl Map {
    pub(super) fn new(cursor: Cursor, view: OpIndex) -> Self {
        Self {
            cursor,
            view,
            run: None,
        }
    }

    pub(super) fn in_stream(run: Run) -> Self {
        Self {
            run: Some(run),
            ..Self::new(Cursor::slots(0, 0), OpIndex::END)
        }
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
        if let Some(run) = &mut self.run {
            if !follows(run, d)? {
                return Ok(None);
            }
            return entry(run, d).map(Some);
        }
        self.entry_of_graph(d)
    }

    fn entry_of_graph<'g, K: Construct<'g>, V: Construct<'g>>(
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
        let repr = |d: &Decoder<'g>| NodeRef::new((&*d.graph).into(), key_node, self.view).repr();
        let key = d.at(place(key_node), Decoder::value);
        let key = key.map_err(|error| error.within(Segment::Key(repr(d))))?;
        let value = d.at(place(value_node), Decoder::value);
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
