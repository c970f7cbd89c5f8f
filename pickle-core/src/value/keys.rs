//! Which dict keys and set items Python would find equal.
//!
//! Each key is given a number, equal keys the same, from its parts' numbers: so a tuple that is
//! shared by many costs no more than once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use pickle_registry::QualName;

use crate::graph::arena::{Cursor, NodeId, OpIndex};
use crate::graph::{Items, NodeRef, Source, View};

/// The numbers given so far.
pub(super) struct Keys<'a> {
    source: Source<'a>,
    numbers: HashMap<Key<'a>, u32>,
    of_nodes: HashMap<NodeId, u32, BuildHasherDefault<IdHasher>>,
    /// For each number, in which container it was last met.
    met: Vec<u64>,
    containers: u64,
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
    pub(super) fn new(source: Source<'a>) -> Self {
        Self {
            source,
            numbers: HashMap::new(),
            of_nodes: HashMap::default(),
            met: Vec::new(),
            containers: 0,
        }
    }

    /// A dict's entries with each key once, the first that was set, and the last value; `None` if
    /// that is how they stand.
    pub(super) fn entries(&mut self, entries: Cursor, view: OpIndex) -> Option<Vec<[NodeId; 2]>> {
        let arena = self.source.data.arena;
        let pairs = |mut cursor: Cursor| {
            std::iter::from_fn(move || Some([cursor.next(arena)?, cursor.next(arena)?]))
        };
        if self.are_distinct(pairs(entries).map(|[key, _]| key), view) {
            return None;
        }
        let mut places = HashMap::new();
        let mut resolved: Vec<[NodeId; 2]> = Vec::new();
        for [key, value] in pairs(entries) {
            let place = *places
                .entry(self.number(key, view))
                .or_insert(resolved.len());
            match resolved.get_mut(place) {
                Some([_, old]) => *old = value,
                None => resolved.push([key, value]),
            }
        }
        Some(resolved)
    }

    /// A set's items, each once; `None` if that is how they stand.
    pub(super) fn items(&mut self, items: Cursor, view: OpIndex) -> Option<Vec<NodeId>> {
        let arena = self.source.data.arena;
        if self.are_distinct(items.ids(arena), view) {
            return None;
        }
        self.containers += 1;
        Some(
            items
                .ids(arena)
                .filter(|item| self.is_new(*item, view))
                .collect(),
        )
    }

    fn are_distinct(&mut self, mut keys: impl Iterator<Item = NodeId>, view: OpIndex) -> bool {
        let Some(first) = keys.next() else {
            return true;
        };
        let Some(second) = keys.next() else {
            return true;
        };
        self.containers += 1;
        [first, second]
            .into_iter()
            .chain(keys)
            .all(|key| self.is_new(key, view))
    }

    /// Whether no equal key was met in the same container.
    fn is_new(&mut self, key: NodeId, view: OpIndex) -> bool {
        let number = self.number(key, view) as usize;
        if self.met.len() <= number {
            self.met.resize(self.numbers.len(), 0);
        }
        std::mem::replace(&mut self.met[number], self.containers) != self.containers
    }

    fn number(&mut self, key: NodeId, view: OpIndex) -> u32 {
        match self.of_nodes.get(&key) {
            Some(number) => *number,
            None => self.new_number(NodeRef::new(self.source, key, view)),
        }
    }

    fn new_number(&mut self, key: NodeRef<'a>) -> u32 {
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

/// For ids of nodes. They count up from 0: to find many that collide, one needs a graph of the
/// square of as many.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32((*byte).into());
        }
    }

    fn write_u32(&mut self, id: u32) {
        // 2^64 divided by the golden ratio.
        self.0 = (self.0 ^ u64::from(id)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // hashbrown takes the lowest bits for the bucket.
        self.0.rotate_left(32)
    }
}
