//! Which dict keys and set items Python would find equal.
//!
//! Each key is given a number, equal keys the same, from its parts' numbers: so a tuple that is
//! shared by many costs no more than once.

use std::collections::HashMap;

use pickle_registry::QualName;

use crate::graph::{Entries, Items, NodeId, NodeRef, View};

/// The numbers given so far.
#[derive(Default)]
pub(super) struct Keys<'a> {
    numbers: HashMap<Key<'a>, u32>,
    of_nodes: HashMap<NodeId, u32>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    None,
    /// An int, a bool, or a float that is a whole number: Python finds 1, True and 1.0 equal.
    Int(i64),
    /// A whole number in two's complement.
    BigInt(Vec<u8>),
    Float(u64),
    Str(&'a [u8]),
    Bytes(&'a [u8]),
    Global(QualName<'a>),
    Tuple(Vec<u32>),
    /// Sorted.
    FrozenSet(Vec<u32>),
    /// What is equal only to itself, as far as can be told without running Python.
    Node(NodeId),
}

impl<'a> Keys<'a> {
    /// A dict's entries, each key once: the first key that was set, and the last value.
    pub(super) fn entries(&mut self, entries: Entries<'a>) -> Vec<(NodeRef<'a>, NodeRef<'a>)> {
        if entries.len() < 2 {
            return entries.collect();
        }
        let mut places = HashMap::with_capacity(entries.len());
        let mut resolved: Vec<(NodeRef<'a>, NodeRef<'a>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match places.entry(self.number(key)) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(resolved.len());
                    resolved.push((key, value));
                }
                std::collections::hash_map::Entry::Occupied(place) => {
                    let place: &usize = place.get();
                    resolved[*place].1 = value;
                }
            }
        }
        resolved
    }

    /// A set's items, each once.
    pub(super) fn items(&mut self, items: Items<'a>) -> Vec<NodeRef<'a>> {
        if items.len() < 2 {
            return items.collect();
        }
        let mut seen = std::collections::HashSet::with_capacity(items.len());
        items
            .filter(|item| seen.insert(self.number(*item)))
            .collect()
    }

    fn number(&mut self, key: NodeRef<'a>) -> u32 {
        let mut pending = vec![key];
        let mut number = 0;
        while let Some(node) = pending.last().copied() {
            if let Some(known) = self.of_nodes.get(&node.id()) {
                number = *known;
                pending.pop();
                continue;
            }
            let key = match node.view() {
                View::Tuple(items) => self.parts(items, &mut pending).map(Key::Tuple),
                View::FrozenSet(items) => self.parts(items, &mut pending).map(|mut parts| {
                    parts.sort_unstable();
                    parts.dedup();
                    Key::FrozenSet(parts)
                }),
                view => Some(atom(node.id(), view)),
            };
            if let Some(key) = key {
                let next = u32::try_from(self.numbers.len()).expect("there are fewer than nodes");
                number = *self.numbers.entry(key).or_insert(next);
                self.of_nodes.insert(node.id(), number);
                pending.pop();
            }
        }
        number
    }

    /// The numbers of all items, or `None` after those that have none were added to `pending`.
    fn parts(&self, items: Items<'a>, pending: &mut Vec<NodeRef<'a>>) -> Option<Vec<u32>> {
        let before = pending.len();
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            match self.of_nodes.get(&item.id()) {
                Some(number) => parts.push(*number),
                None => pending.push(item),
            }
        }
        (pending.len() == before).then_some(parts)
    }
}

fn atom<'a>(id: NodeId, view: View<'a>) -> Key<'a> {
    match view {
        View::None => Key::None,
        View::Bool(value) => Key::Int(value.into()),
        View::Int(value) => Key::Int(value),
        View::BigInt(bytes) => Key::BigInt(bytes.to_vec()),
        View::Float(value) if value.is_nan() => Key::Node(id),
        View::Float(value) => whole(value).unwrap_or(Key::Float(value.to_bits())),
        View::Str(text) => Key::Str(text.as_bytes()),
        View::Surrogates(bytes) => Key::Str(bytes),
        View::Bytes(bytes) => Key::Bytes(bytes),
        View::Global(name) => Key::Global(name),
        _ => Key::Node(id),
    }
}

/// A float that is a whole number, as the int that it is equal to.
fn whole<'a>(value: f64) -> Option<Key<'a>> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if value.fract() != 0.0 || value.is_infinite() {
        return None;
    }
    if (-TWO_TO_63..TWO_TO_63).contains(&value) {
        return Some(Key::Int(value as i64));
    }
    let bits = value.to_bits();
    let exponent = usize::try_from((bits >> 52) & 0x7ff)
        .ok()?
        .checked_sub(1075)?;
    let mantissa = i128::from(bits & ((1 << 52) - 1) | 1 << 52) << (exponent % 8);
    let mantissa = if value < 0.0 { -mantissa } else { mantissa };
    let mut bytes = vec![0; exponent / 8];
    bytes.extend(mantissa.to_le_bytes());
    Some(Key::BigInt(crate::bigint::trimmed(&bytes).to_vec()))
}
