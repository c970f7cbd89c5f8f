//! Writing a [`Value`] on a stack of its own, so that a tree of any depth can be dumped.
//!
//! A plain tree of atoms, tuples, lists and dicts is written as it stands. One with instances or
//! sets in it becomes a [`Graph`](crate::Graph), which knows how all of these are written.

use std::slice;

use super::Pickler;
use super::chunks::Chunks;
use super::container::Batching;
use super::pointers::Slot;
use crate::error::Result;
use crate::reduce::Reduce;
use crate::value::Value;

impl Reduce for Value {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        if !self.is_plain() {
            return self.to_graph()?.reduce(p);
        }
        if p.atom(self)? {
            return Ok(());
        }
        let mut open = vec![p.open(self)?];
        while let Some(container) = open.last_mut() {
            match p.go_on(container)? {
                Some(inner) => open.push(p.open(inner)?),
                None => drop(open.pop()),
            }
        }
        Ok(())
    }

    fn as_any(&self) -> Option<&dyn std::any::Any> {
        Some(self)
    }
}

/// A container whose parts are being written.
enum Container<'v> {
    Tuple(slice::Iter<'v, Value>, usize, Option<Slot>),
    List(slice::Iter<'v, Value>, Chunks),
    /// With the value whose key was written last.
    Dict(slice::Iter<'v, (Value, Value)>, Chunks, Option<&'v Value>),
}

impl Pickler<'_> {
    /// Writes a value, unless it is a container with parts of its own.
    #[inline]
    fn atom(&mut self, value: &Value) -> Result<bool> {
        match value {
            Value::Str(text) => self.str(text)?,
            Value::Int(value) => self.int(*value)?,
            Value::Bool(value) => self.bool(*value)?,
            Value::None => self.none()?,
            Value::Float(value) => self.float(*value)?,
            Value::BigInt(value) => self.big_int(value.to_signed_bytes_le())?,
            Value::Surrogates(bytes) => self.surrogates(bytes)?,
            Value::Bytes(bytes) => self.bytes(bytes)?,
            Value::ByteArray(bytes) => self.bytearray(bytes)?,
            Value::Global(name) => self.global(name)?,
            Value::Tuple(items) if items.is_empty() => self.tuple(0, |_| Ok(()))?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Writes the beginning of a container that is not empty, or is a list or dict.
    fn open<'v>(&mut self, value: &'v Value) -> Result<Container<'v>> {
        let slot = self.begin()?;
        Ok(match value {
            Value::Dict(entries) => {
                self.new_dict();
                self.memoize(slot)?;
                let chunks = Chunks::of_all(Batching::DICT, entries.len());
                Container::Dict(entries.iter(), chunks, None)
            }
            Value::List(items) => {
                self.new_list();
                self.memoize(slot)?;
                let chunks = Chunks::of_all(Batching::LIST, items.len());
                Container::List(items.iter(), chunks)
            }
            // OK because a plain tree has no others.
            other => {
                let items = other.as_slice().unwrap_or_default();
                self.open_tuple(items.len())?;
                Container::Tuple(items.iter(), items.len(), slot)
            }
        })
    }

    /// Writes what is left of a container, up to the next one in it, which is returned.
    fn go_on<'v>(&mut self, container: &mut Container<'v>) -> Result<Option<&'v Value>> {
        match container {
            Container::Tuple(items, len, slot) => {
                for item in items {
                    if !self.atom(item)? {
                        return Ok(Some(item));
                    }
                }
                self.close_tuple(*len);
                self.memoize(*slot)?;
                Ok(None)
            }
            Container::List(items, chunks) => loop {
                self.end_entry(chunks);
                let Some(item) = items.next() else {
                    return Ok(None);
                };
                self.begin_entry(chunks);
                if !self.atom(item)? {
                    return Ok(Some(item));
                }
            },
            Container::Dict(entries, chunks, value) => loop {
                if let Some(value) = value.take()
                    && !self.atom(value)?
                {
                    return Ok(Some(value));
                }
                self.end_entry(chunks);
                let Some((key, of_key)) = entries.next() else {
                    return Ok(None);
                };
                self.begin_entry(chunks);
                *value = Some(of_key);
                if !self.atom(key)? {
                    return Ok(Some(key));
                }
            },
        }
    }
}

impl Value {
    /// Whether there are only atoms, tuples, lists and dicts in it, and all keys can be hashed.
    fn is_plain(&self) -> bool {
        // With each value whether it is a key, or a part of one.
        let mut pending = vec![(self, false)];
        while let Some((value, hashed)) = pending.pop() {
            match value {
                Self::Tuple(items) => pending.extend(items.iter().map(|item| (item, hashed))),
                Self::List(_) | Self::Dict(_) | Self::ByteArray(_) if hashed => return false,
                Self::List(items) => {
                    pending.extend(
                        items
                            .iter()
                            .filter(|item| may_have_parts(item))
                            .map(|item| (item, false)),
                    );
                }
                Self::Dict(entries) => {
                    for (key, value) in entries {
                        pending.extend(may_have_parts(key).then_some((key, true)));
                        pending.extend(may_have_parts(value).then_some((value, false)));
                    }
                }
                Self::Set(_) | Self::FrozenSet(_) | Self::Object(_) | Self::Persistent(_) => {
                    return false;
                }
                _ => {}
            }
        }
        true
    }
}

fn may_have_parts(value: &Value) -> bool {
    !matches!(
        value,
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_)
    )
}
