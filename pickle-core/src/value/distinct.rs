//! Whether a dict's keys or a set's items can be hashed, and are distinct: told quickly of those
//! that most dicts have, and of no others.

use super::Value;

/// Room for the hashes of one container's keys at a time.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    /// A hash table, in which 0 is a free slot. Keys with one hash are taken for equal, so that
    /// nothing else need be kept.
    slots: Vec<u64>,
}

impl Distinct {
    pub(crate) fn shrink_to(&mut self, kept: usize) {
        self.slots.clear();
        self.slots.shrink_to(kept);
    }

    /// Whether all keys can be hashed, and Python finds no two of them equal. It is not said of
    /// keys that are rare: nested tuples, frozensets, and floats that may equal an int. Nor is it of
    /// keys that someone has chosen so that their hashes meet.
    pub(crate) fn are<'v>(&mut self, keys: impl ExactSizeIterator<Item = &'v Value>) -> bool {
        let size = (2 * keys.len()).next_power_of_two();
        let mut steps = 8 * size;
        self.slots.clear();
        self.slots.resize(size, 0);
        for key in keys {
            let Some(hash) = hash(key) else {
                return false;
            };
            let hash = hash.max(1);
            // OK because only the low bits matter.
            let mut place = hash as usize;
            loop {
                let Some(slot) = self.slots.get_mut(place & (size - 1)) else {
                    return false;
                };
                if *slot == 0 {
                    *slot = hash;
                    break;
                }
                if *slot == hash || steps == 0 {
                    return false;
                }
                steps -= 1;
                place += 1;
            }
        }
        true
    }
}

/// A number that is the same for keys that Python finds equal.
fn hash(key: &Value) -> Option<u64> {
    match key {
        Value::Tuple(items) => items
            .iter()
            .try_fold(mix(6, items.len() as u64), |hash, item| {
                Some(mix(hash, atom(item)?))
            }),
        key => atom(key),
    }
}

fn atom(key: &Value) -> Option<u64> {
    Some(match key {
        Value::None => mix(1, 0),
        Value::Bool(value) => mix(2, u64::from(*value)),
        Value::Int(value) => mix(2, value.cast_unsigned()),
        // Any other may equal an int, or not itself.
        Value::Float(value) if value.is_finite() && value.fract() != 0.0 => mix(3, value.to_bits()),
        Value::Str(text) => bytes(4, text.as_bytes()),
        Value::Bytes(value) => bytes(5, value),
        _ => return None,
    })
}

fn bytes(seed: u64, bytes: &[u8]) -> u64 {
    let mut hash = mix(seed, bytes.len() as u64);
    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk::<8>() {
        hash = mix(hash, u64::from_le_bytes(*word));
        rest = behind;
    }
    // What is left is less than a word. If there is one, its end is what is left, and some before.
    let last = match (
        bytes.last_chunk::<8>(),
        rest.first_chunk::<4>(),
        rest.last_chunk::<4>(),
    ) {
        (Some(word), ..) => u64::from_le_bytes(*word),
        (_, Some(low), Some(high)) => {
            u64::from(u32::from_le_bytes(*low)) << 32 | u64::from(u32::from_le_bytes(*high))
        }
        _ => rest
            .iter()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    mix(hash, last)
}

/// Folds the product of two words.
fn mix(hash: u64, word: u64) -> u64 {
    // 2^64 divided by the golden ratio, and digits of pi.
    let hash = (hash ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(word);
    let product = u128::from(hash) * u128::from(0x243f_6a88_85a3_08d3_u64);
    (product ^ (product >> 64)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Values;

    fn tuple(items: impl IntoIterator<Item = i64>) -> Value {
        Value::Tuple(items.into_iter().collect())
    }

    fn are(keys: &[Value]) -> bool {
        Distinct::default().are(keys.iter())
    }

    #[test]
    fn keys_that_python_finds_different_are_distinct() {
        let keys = [
            Value::None,
            false.into(),
            1.into(),
            (-1).into(),
            0.5.into(),
            "".into(),
            "1".into(),
            "12345678".into(),
            "123456789".into(),
            Value::Bytes(b"1".into()),
            Value::Bytes(b"".into()),
            tuple([]),
            tuple([1]),
            tuple([1, 2]),
            tuple([2, 1]),
        ];
        assert!(are(&keys));
        assert!(are(&[]));
        let many: Vec<Value> = (0..10_000).map(|key| format!("key {key}").into()).collect();
        assert!(are(&many));
        let many: Vec<Value> = (0..10_000).map(Value::from).collect();
        assert!(are(&many));
    }

    #[test]
    fn keys_that_python_finds_equal_are_not() {
        for keys in [
            [1.into(), true.into()],
            ["a".into(), "a".into()],
            ["a longer one".into(), "a longer one".into()],
            [Value::None, Value::None],
            [0.5.into(), 0.5.into()],
            [Value::Bytes(b"a".into()), Value::Bytes(b"a".into())],
            [
                Value::Tuple([1.into(), "a".into()].into()),
                Value::Tuple([true.into(), "a".into()].into()),
            ],
        ] {
            assert!(!are(&keys), "{keys:?}");
        }
    }

    #[test]
    fn of_rare_keys_and_those_that_cannot_be_hashed_nothing_is_said() {
        for key in [
            Value::Float(1.0),
            Value::Float(-0.0),
            Value::Float(f64::NAN),
            Value::List(Values::default()),
            Value::ByteArray(Vec::new()),
            Value::FrozenSet(Values::default()),
            Value::Tuple([tuple([])].into()),
            Value::Tuple([Value::List(Values::default())].into()),
        ] {
            assert!(!are(&[key]));
        }
    }
}
