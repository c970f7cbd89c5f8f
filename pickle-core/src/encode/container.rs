//! Tuples, lists, sets and dicts: batches, and the forms that lower protocols lack opcodes for.

use pickle_registry::QualName;

use super::{Pickler, dumps};
use crate::compat;
use crate::error::{ErrorKind, Result, Segment};
use crate::graph::Graph;
use crate::opcode::Opcode;
use crate::reduce::Reduce;

/// How many items one opcode adds at most.
pub(super) const BATCH: usize = 1000;

/// Which opcodes add items to a container, and where CPython's C pickler has a habit of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batching {
    /// For an item that is alone.
    pub(super) one: Option<Opcode>,
    pub(super) many: Opcode,
    /// Whether an empty batch follows one that is full. Only a container whose length is a
    /// multiple of the batch's ends with a full one.
    pub(super) after_full: bool,
}

impl Batching {
    pub(super) const LIST: Self = Self {
        one: Some(Opcode::Append),
        many: Opcode::Appends,
        after_full: false,
    };
    pub(super) const DICT: Self = Self {
        one: Some(Opcode::SetItem),
        many: Opcode::SetItems,
        after_full: true,
    };
    pub(super) const SET: Self = Self {
        one: None,
        many: Opcode::AddItems,
        after_full: true,
    };

    /// For the dict items of a reduction, which are never counted ahead.
    const DICT_ITEMS: Self = Self {
        after_full: false,
        ..Self::DICT
    };

    /// The opcode for each item by itself, where a batch of `len` needs one.
    #[inline(always)]
    pub(super) fn singly(&self, len_is_one: bool, binary: bool) -> Option<Opcode> {
        self.one.filter(|_| len_is_one || !binary)
    }
}

impl Pickler<'_> {
    /// A tuple of `len` items, which `items` [`save`](Pickler::save)s: exactly so many.
    ///
    /// # Errors
    ///
    /// As `items`.
    pub fn tuple(&mut self, len: usize, items: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let slot = self.begin()?;
        self.open_tuple(len)?;
        items(self)?;
        self.close_tuple(len);
        if len == 0 {
            self.memoize_atom(slot)
        } else {
            self.memoize(slot)
        }
    }

    /// What stands in front of a tuple's items.
    #[inline]
    pub(super) fn open_tuple(&mut self, len: usize) -> Result<()> {
        self.writer.boundary()?;
        if !self.counted_tuple(len) {
            self.writer.op(Opcode::Mark);
        }
        Ok(())
    }

    /// What stands behind them.
    #[inline]
    pub(super) fn close_tuple(&mut self, len: usize) {
        self.writer.op(match len {
            _ if !self.counted_tuple(len) => Opcode::Tuple,
            0 => Opcode::EmptyTuple,
            1 => Opcode::Tuple1,
            2 => Opcode::Tuple2,
            _ => Opcode::Tuple3,
        });
    }

    /// Whether an opcode knows by itself how many items it takes.
    #[inline]
    pub(super) fn counted_tuple(&self, len: usize) -> bool {
        match len {
            0 => self.protocol >= Opcode::EmptyTuple.protocol(),
            1..=3 => self.protocol >= Opcode::Tuple1.protocol(),
            _ => false,
        }
    }

    /// A list.
    ///
    /// # Errors
    ///
    /// As [`save`](Pickler::save), of an item; and if the list is a dict's key or a set's item, as
    /// Python cannot hash it: so, too, for sets, dicts and bytearrays.
    pub fn list<'a, T: Reduce + ?Sized + 'a>(
        &mut self,
        items: impl IntoIterator<Item = &'a T>,
    ) -> Result<()> {
        self.check_unhashed("list")?;
        self.list_anywhere(items)
    }

    fn list_anywhere<'a, T: Reduce + ?Sized + 'a>(
        &mut self,
        items: impl IntoIterator<Item = &'a T>,
    ) -> Result<()> {
        let slot = self.begin()?;
        self.new_list();
        self.memoize(slot)?;
        self.items(&Batching::LIST, items)
    }

    #[inline]
    pub(super) fn new_list(&mut self) {
        if self.binary() {
            self.writer.op(Opcode::EmptyList);
        } else {
            self.writer.op(Opcode::Mark);
            self.writer.op(Opcode::List);
        }
    }

    #[inline]
    pub(super) fn new_dict(&mut self) {
        if self.binary() {
            self.writer.op(Opcode::EmptyDict);
        } else {
            self.writer.op(Opcode::Mark);
            self.writer.op(Opcode::Dict);
        }
    }

    /// A set.
    ///
    /// # Errors
    ///
    /// As [`list`](Pickler::list).
    pub fn set<'a, T: Reduce + ?Sized + 'a>(
        &mut self,
        items: impl IntoIterator<Item = &'a T>,
    ) -> Result<()> {
        self.check_unhashed("set")?;
        let slot = self.begin()?;
        self.hashed = true;
        if self.protocol < Opcode::EmptySet.protocol() {
            self.call_with_list(&compat::SET, items)?;
            self.memoize(slot)?;
        } else {
            self.writer.op(Opcode::EmptySet);
            self.memoize(slot)?;
            self.items(&Batching::SET, items)?;
        }
        self.hashed = false;
        Ok(())
    }

    /// A frozenset.
    ///
    /// # Errors
    ///
    /// As [`save`](Pickler::save), of an item.
    pub fn frozenset<'a, T: Reduce + ?Sized + 'a>(
        &mut self,
        items: impl IntoIterator<Item = &'a T>,
    ) -> Result<()> {
        let slot = self.begin()?;
        let hashed = std::mem::replace(&mut self.hashed, true);
        if self.protocol < Opcode::FrozenSet.protocol() {
            self.call_with_list(&compat::FROZENSET, items)?;
            self.hashed = hashed;
            return self.memoize(slot);
        }
        self.writer.op(Opcode::Mark);
        self.with_stack(|p| {
            items
                .into_iter()
                .enumerate()
                .try_for_each(|(index, item)| p.item(index, item))
        })?;
        self.hashed = hashed;
        self.writer.op(Opcode::FrozenSet);
        self.memoize(slot)
    }

    /// What Python cannot hash is no dict's key and no set's item.
    #[inline]
    pub(super) fn check_unhashed(&self, found: &'static str) -> Result<()> {
        if self.hashed {
            return Err(ErrorKind::Unhashable { found }.into());
        }
        Ok(())
    }

    fn call_with_list<'a, T: Reduce + ?Sized + 'a>(
        &mut self,
        callable: &QualName<'static>,
        items: impl IntoIterator<Item = &'a T>,
    ) -> Result<()> {
        self.global(callable)?;
        self.tuple(1, |p| p.list_anywhere(items))?;
        self.writer.op(Opcode::Reduce);
        Ok(())
    }

    fn items<'a, T: Reduce + ?Sized + 'a>(
        &mut self,
        batching: &Batching,
        items: impl IntoIterator<Item = &'a T>,
    ) -> Result<()> {
        let items = items.into_iter().enumerate();
        self.batches(batching, items, |p, (index, item)| p.item(index, item))
    }

    #[inline]
    pub(super) fn item<T: Reduce + ?Sized>(&mut self, index: usize, item: &T) -> Result<()> {
        self.reduce(item)
            .map_err(|error| error.within(Segment::Index(index)))
    }

    /// A dict.
    ///
    /// # Errors
    ///
    /// As [`list`](Pickler::list), of a key or value.
    pub fn dict<'a, K: Reduce + ?Sized + 'a, V: Reduce + ?Sized + 'a>(
        &mut self,
        entries: impl IntoIterator<Item = (&'a K, &'a V)>,
    ) -> Result<()> {
        self.check_unhashed("dict")?;
        let slot = self.begin()?;
        self.new_dict();
        self.memoize(slot)?;
        self.batches(&Batching::DICT, entries.into_iter(), |p, (key, value)| {
            p.entry(key, value)
        })
    }

    #[inline]
    fn entry<K: Reduce + ?Sized, V: Reduce + ?Sized>(&mut self, key: &K, value: &V) -> Result<()> {
        self.hashed = true;
        self.reduce(key)
            .map_err(|error| error.within(Segment::Key(repr(key))))?;
        self.hashed = false;
        self.reduce(value)
            .map_err(|error| error.within(Segment::Value(repr(key))))
    }

    /// A list of items that are made while it is written.
    pub(super) fn list_of(&mut self, items: impl Iterator<Item: Reduce>) -> Result<()> {
        let slot = self.begin()?;
        self.new_list();
        self.memoize(slot)?;
        self.append_all(items)
    }

    /// Appends items to the object on top: the fourth element of a reduction.
    pub(crate) fn append_all(&mut self, items: impl IntoIterator<Item: Reduce>) -> Result<()> {
        let items = items.into_iter().enumerate();
        self.batches(&Batching::LIST, items, |p, (index, item)| {
            p.item(index, &item)
        })
    }

    /// Sets items of the object on top: the fifth element of a reduction.
    pub(crate) fn set_all<K: Reduce, V: Reduce>(
        &mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Result<()> {
        self.batches(
            &Batching::DICT_ITEMS,
            entries.into_iter(),
            |p, (key, value)| p.entry(&key, &value),
        )
    }

    fn batches<I: Iterator>(
        &mut self,
        batching: &Batching,
        mut items: I,
        save: impl FnMut(&mut Self, I::Item) -> Result<()>,
    ) -> Result<()> {
        let Some(first) = items.next() else {
            return Ok(());
        };
        self.with_stack(|p| p.batches_of(batching, first, items, save))
    }

    fn batches_of<I: Iterator>(
        &mut self,
        batching: &Batching,
        first: I::Item,
        mut items: I,
        mut save: impl FnMut(&mut Self, I::Item) -> Result<()>,
    ) -> Result<()> {
        let mut next = items.next();
        let singly = batching.singly(next.is_none(), self.binary());
        if singly.is_none() {
            self.writer.op(Opcode::Mark);
        }
        let mut item = first;
        let mut len = 0;
        let mut full_batches = 0;
        let mut start = 0;
        loop {
            save(self, item)?;
            len += 1;
            if let Some(op) = singly {
                self.writer.op(op);
            }
            let Some(following) = next else {
                break;
            };
            if len == BATCH && singly.is_none() {
                self.writer.ops([batching.many, Opcode::Mark]);
                len = 0;
                full_batches += 1;
                // How much is to come is told from the second batch: what others refer to is
                // written with the first items.
                match full_batches {
                    1 => start = self.writer.len(),
                    2 => {
                        let left = items.size_hint().0.saturating_add(1);
                        self.writer.expect(left, BATCH, start);
                    }
                    _ => {}
                }
            }
            item = following;
            next = items.next();
        }
        if singly.is_none() {
            self.writer.op(batching.many);
            if len == BATCH && batching.after_full {
                self.writer.ops([Opcode::Mark, batching.many]);
            }
        }
        Ok(())
    }
}

/// A dict's key, for an error's path.
#[cold]
fn repr<K: Reduce + ?Sized>(key: &K) -> String {
    dumps(key)
        .and_then(|pickle| Ok(Graph::parse(&pickle)?.root().repr()))
        .unwrap_or_default()
}
