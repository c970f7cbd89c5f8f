//! Containers of values. Each drops what is below it without recursion, so that [`Value`] itself
//! need not, and can be matched by move.

use std::fmt;
use std::mem;
use std::ops::{Deref, DerefMut};

use super::Value;

/// Values in order: a `Vec` that can hold trees of any depth.
///
/// ```
/// use pickle_core::value::Values;
///
/// let mut values: Values = ["a", "b"].into_iter().collect();
/// values.push("c");
/// assert_eq!(values.len(), 3);
/// assert_eq!(values[2].as_str(), Some("c"));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Values(Vec<Value>);

impl Values {
    /// Adds a value behind the others.
    pub fn push(&mut self, value: impl Into<Value>) {
        self.0.push(value.into());
    }

    /// Adds the values that stand in `from`, from the first one on.
    pub(crate) fn append(&mut self, from: &mut Vec<Value>, first: usize) {
        if self.0.is_empty() {
            // Most often that is all.
            self.0 = from.split_off(first);
        } else {
            self.0.extend(from.drain(first..));
        }
    }

    /// The `Vec`.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Value> {
        mem::take(&mut self.0)
    }
}

impl Drop for Values {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        take_parts(&mut self.0, &mut pending);
        drop_all(pending);
    }
}

impl Deref for Values {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0
    }
}

impl DerefMut for Values {
    fn deref_mut(&mut self) -> &mut [Value] {
        &mut self.0
    }
}

impl From<Vec<Value>> for Values {
    fn from(values: Vec<Value>) -> Self {
        Self(values)
    }
}

impl<const N: usize> From<[Value; N]> for Values {
    fn from(values: [Value; N]) -> Self {
        Self(values.into())
    }
}

impl<T: Into<Value>> FromIterator<T> for Values {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().map(Into::into).collect())
    }
}

impl IntoIterator for Values {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'a> IntoIterator for &'a Values {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

/// Keys with their values, in order, each key once: a dict.
///
/// ```
/// use pickle_core::value::Dict;
///
/// let mut dict = Dict::default();
/// assert_eq!(dict.insert("a", 1), None);
/// assert_eq!(dict.insert("a", 2), Some(1.into()));
/// assert_eq!(dict.get("a"), Some(&2.into()));
/// ```
///
/// Looking for a key goes over the entries one by one, as JSON-like trees are usually walked and
/// not queried. Where that is too slow, collect the entries into a map.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Dict(Vec<(Value, Value)>);

impl Dict {
    /// The value of the key that is the str `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        let entry = self.0.iter().rfind(|(k, _)| k.as_str() == Some(key));
        entry.map(|(_, value)| value)
    }

    /// The value of a key.
    #[must_use]
    pub fn get_value(&self, key: &Value) -> Option<&Value> {
        let entry = self.0.iter().rfind(|(k, _)| k == key);
        entry.map(|(_, value)| value)
    }

    /// Sets the value of a key, and returns the one that it had.
    pub fn insert(&mut self, key: impl Into<Value>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => Some(mem::replace(old, value)),
            None => {
                self.0.push((key, value));
                None
            }
        }
    }

    /// Adds the keys and values that stand in turns in `from`, from the first one on.
    pub(crate) fn append(&mut self, from: &mut Vec<Value>, first: usize) {
        let parts = from.get_mut(first..).unwrap_or_default();
        let (entries, _) = parts.as_chunks_mut();
        if self.0.is_empty() {
            // Most often that is all.
            self.0.reserve_exact(entries.len());
        }
        self.0.extend(entries.iter_mut().map(|entry| {
            let [key, value] = mem::take(entry);
            (key, value)
        }));
        from.truncate(first);
    }

    /// The `Vec`.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<(Value, Value)> {
        mem::take(&mut self.0)
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        take_entries(&mut self.0, &mut pending);
        drop_all(pending);
    }
}

impl Deref for Dict {
    type Target = [(Value, Value)];

    fn deref(&self) -> &[(Value, Value)] {
        &self.0
    }
}

/// Entries as they come: it is the caller who sees to it that no key comes twice.
impl From<Vec<(Value, Value)>> for Dict {
    fn from(entries: Vec<(Value, Value)>) -> Self {
        Self(entries)
    }
}

/// Entries as they come: it is the caller who sees to it that no key comes twice.
impl FromIterator<(Value, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl IntoIterator for Dict {
    type Item = (Value, Value);
    type IntoIter = std::vec::IntoIter<(Value, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'a> IntoIterator for &'a Dict {
    type Item = &'a (Value, Value);
    type IntoIter = std::slice::Iter<'a, (Value, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.0.iter().map(|(key, value)| (key, value));
        f.debug_map().entries(entries).finish()
    }
}

/// One value, behind a pointer.
///
/// ```
/// use pickle_core::value::Boxed;
///
/// let id = Boxed::new("blob-7");
/// assert_eq!(id.as_str(), Some("blob-7"));
/// assert_eq!(id.into_value(), "blob-7".into());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Boxed(Box<Value>);

impl Boxed {
    /// Puts a value behind a pointer.
    pub fn new(value: impl Into<Value>) -> Self {
        Self(Box::new(value.into()))
    }

    /// The value.
    #[must_use]
    pub fn into_value(mut self) -> Value {
        mem::take(&mut *self.0)
    }
}

impl Drop for Boxed {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        take_parts([&mut *self.0], &mut pending);
        drop_all(pending);
    }
}

impl Deref for Boxed {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl DerefMut for Boxed {
    fn deref_mut(&mut self) -> &mut Value {
        &mut self.0
    }
}

fn has_parts(value: &Value) -> bool {
    match value {
        Value::Tuple(items) | Value::List(items) | Value::Set(items) | Value::FrozenSet(items) => {
            !items.is_empty()
        }
        Value::Dict(dict) => !dict.is_empty(),
        Value::Object(_) | Value::Persistent(_) => true,
        _ => false,
    }
}

/// Moves those values that have parts themselves behind others.
fn take_parts<'a>(values: impl IntoIterator<Item = &'a mut Value>, pending: &mut Vec<Value>) {
    let values = values.into_iter().filter(|value| has_parts(value));
    pending.extend(values.map(mem::take));
}

fn take_entries(entries: &mut [(Value, Value)], pending: &mut Vec<Value>) {
    let values = entries.iter_mut().flat_map(|(key, value)| [key, value]);
    take_parts(values, pending);
}

/// Takes out of each container what has parts itself before it is dropped, and the others with it.
fn drop_all(mut pending: Vec<Value>) {
    while let Some(value) = pending.pop() {
        match value {
            Value::Tuple(mut items)
            | Value::List(mut items)
            | Value::Set(mut items)
            | Value::FrozenSet(mut items) => take_parts(&mut items.0, &mut pending),
            Value::Dict(mut dict) => take_entries(&mut dict.0, &mut pending),
            Value::Persistent(mut id) => take_parts([&mut *id.0], &mut pending),
            Value::Object(mut object) => {
                let object = &mut *object;
                for items in [
                    &mut object.args,
                    &mut object.items,
                    &mut object.added,
                    &mut object.states,
                    &mut object.setters,
                ] {
                    take_parts(&mut items.0, &mut pending);
                }
                take_entries(&mut object.kwargs.0, &mut pending);
                take_entries(&mut object.entries.0, &mut pending);
                if let Some((_, base)) = &mut object.base {
                    take_parts([&mut *base.0], &mut pending);
                }
            }
            _ => {}
        }
    }
}
