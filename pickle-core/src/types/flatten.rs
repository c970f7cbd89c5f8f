//! What can stand in a `#[reduce(flatten)]` field beside structs: maps, which take every attribute
//! that is left, and `Option`.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use crate::construct::{Construct, Decoder, Flatten, Rest};
use crate::encode::{FlattenReduce, ObjectWriter};
use crate::error::{ErrorKind, Result};
use crate::reduce::Reduce;

impl<'g, K, V, S> Flatten<'g> for HashMap<K, V, S>
where
    K: Construct<'g> + Eq + Hash,
    V: Construct<'g>,
    S: BuildHasher + Default,
{
    fn construct_flat(d: &mut Decoder<'g>, rest: &mut Rest) -> Result<Self> {
        Ok(rest.entries(d)?.into_iter().collect())
    }
}

impl<'g, K: Construct<'g> + Ord, V: Construct<'g>> Flatten<'g> for BTreeMap<K, V> {
    fn construct_flat(d: &mut Decoder<'g>, rest: &mut Rest) -> Result<Self> {
        Ok(rest.entries(d)?.into_iter().collect())
    }
}

/// Writes, for each map,
///
/// ```text
/// impl<K: AsRef<str>, V: Reduce> FlattenReduce for BTreeMap<K, V> {
///     fn attributes(&self) { self.len() }
///     fn reduce_flat(&self, object) { an object.entry(key, value) for each }
/// }
/// ```
macro_rules! maps {
    ($([$($generics:tt)*] $map:ty;)+) => {
        $(
            impl<$($generics)*> FlattenReduce for $map {
                fn attributes(&self) -> usize {
                    self.len()
                }

                fn reduce_flat(&self, object: &mut ObjectWriter<'_, '_>) -> Result<()> {
                    self.iter()
                        .try_for_each(|(key, value)| object.entry(key.as_ref(), value))
                }
            }
        )+
    };
}

maps! {
    [K: AsRef<str>, V: Reduce, S] HashMap<K, V, S>;
    [K: AsRef<str>, V: Reduce] BTreeMap<K, V>;
}

/// `None` if attributes are missing that the type needs: it then takes none.
impl<'g, T: Flatten<'g>> Flatten<'g> for Option<T> {
    fn construct_flat(d: &mut Decoder<'g>, rest: &mut Rest) -> Result<Self> {
        let before = rest.clone();
        match T::construct_flat(d, rest) {
            Ok(value) => Ok(Some(value)),
            Err(error)
                if error.path().is_root()
                    && matches!(error.kind(), ErrorKind::MissingAttributes { .. }) =>
            {
                *rest = before;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The value's attributes, or none.
impl<T: FlattenReduce> FlattenReduce for Option<T> {
    fn attributes(&self) -> usize {
        self.as_ref().map_or(0, T::attributes)
    }

    fn reduce_flat(&self, object: &mut ObjectWriter<'_, '_>) -> Result<()> {
        match self {
            Some(value) => value.reduce_flat(object),
            None => Ok(()),
        }
    }
}
