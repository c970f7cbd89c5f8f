//! Dicts and sets.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::LazyLock;

use crate::construct::{Construct, Decoder};
use crate::encode::Pickler;
use crate::error::Result;
use crate::reduce::Reduce;

impl<K: Reduce, V: Reduce, S> Reduce for HashMap<K, V, S> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.dict(self)
    }
}

impl<'g, K, V, S> Construct<'g> for HashMap<K, V, S>
where
    K: Construct<'g> + Eq + Hash,
    V: Construct<'g>,
    S: BuildHasher + Default,
{
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let mut map = Self::default();
        d.entries(&mut map, Self::reserve, |map, key, value| {
            map.insert(key, value);
        })?;
        Ok(map)
    }
}
crate::pointee!(
    [K: Construct<'g> + Eq + Hash, V: Construct<'g>, S: BuildHasher + Default] HashMap<K, V, S>
);

impl<K: Reduce, V: Reduce> Reduce for BTreeMap<K, V> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.dict(self)
    }
}

impl<'g, K: Construct<'g> + Ord, V: Construct<'g>> Construct<'g> for BTreeMap<K, V> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let mut map = Self::new();
        let reserve = |_: &mut Self, _| {};
        d.entries(&mut map, reserve, |map, key, value| {
            map.insert(key, value);
        })?;
        Ok(map)
    }
}
crate::pointee!([K: Construct<'g> + Ord, V: Construct<'g>] BTreeMap<K, V>);

impl<T: Reduce, S> Reduce for HashSet<T, S> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.set(self)
    }
}

/// Of a set or frozenset.
impl<'g, T, S> Construct<'g> for HashSet<T, S>
where
    T: Construct<'g> + Eq + Hash,
    S: BuildHasher + Default,
{
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let mut set = Self::default();
        d.members(&mut set, Self::reserve, |set, item| {
            set.insert(item);
        })?;
        Ok(set)
    }
}
crate::pointee!([T: Construct<'g> + Eq + Hash, S: BuildHasher + Default] HashSet<T, S>);

impl<T: Reduce> Reduce for BTreeSet<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.set(self)
    }
}

/// Of a set or frozenset.
impl<'g, T: Construct<'g> + Ord> Construct<'g> for BTreeSet<T> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let mut set = Self::new();
        let reserve = |_: &mut Self, _| {};
        d.members(&mut set, reserve, |set, item| {
            set.insert(item);
        })?;
        Ok(set)
    }
}
crate::pointee!([T: Construct<'g> + Ord] BTreeSet<T>);

/// Python's `frozenset`: a set that can be a dict's key and another set's item. A `HashSet` is
/// written as `set`.
///
/// It can be made of either.
///
/// ```
/// use std::collections::HashMap;
///
/// use pickle_core::FrozenSet;
///
/// let ends = FrozenSet::from_iter(["Oslo".to_string(), "Bergen".to_string()]);
/// let lengths = HashMap::from([(ends.clone(), 463)]);
///
/// let bytes = pickle_core::dumps(&lengths)?;
/// let lengths: HashMap<FrozenSet<String>, i32> = pickle_core::loads(&bytes)?;
/// assert_eq!(lengths[&ends], 463);
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone)]
pub struct FrozenSet<T, S = RandomState>(pub HashSet<T, S>);

impl<T: Reduce, S> Reduce for FrozenSet<T, S> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.frozenset(&self.0)
    }
}

impl<'g, T, S> Construct<'g> for FrozenSet<T, S>
where
    T: Construct<'g> + Eq + Hash,
    S: BuildHasher + Default,
{
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.value().map(Self)
    }
}
crate::pointee!([T: Construct<'g> + Eq + Hash, S: BuildHasher + Default] FrozenSet<T, S>);

impl<T, S> From<HashSet<T, S>> for FrozenSet<T, S> {
    fn from(set: HashSet<T, S>) -> Self {
        Self(set)
    }
}

impl<T: Eq + Hash, S: BuildHasher + Default> FromIterator<T> for FrozenSet<T, S> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T, S: Default> Default for FrozenSet<T, S> {
    fn default() -> Self {
        Self(HashSet::default())
    }
}

impl<T: fmt::Debug, S> fmt::Debug for FrozenSet<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FrozenSet").field(&self.0).finish()
    }
}

impl<T: Eq + Hash, S: BuildHasher> PartialEq for FrozenSet<T, S> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Eq + Hash, S: BuildHasher> Eq for FrozenSet<T, S> {}

impl<T: Hash, S> Hash for FrozenSet<T, S> {
    /// The sum of the items' hashes, which their order does not change. Those are keyed at random
    /// once a program: each set's own hasher would tell equal sets apart, and a fixed one is
    /// open to collisions by design.
    fn hash<H: Hasher>(&self, state: &mut H) {
        static ITEMS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        let hashes = self.0.iter().map(|item| ITEMS.hash_one(item));
        state.write_u64(hashes.fold(0, u64::wrapping_add));
    }
}
