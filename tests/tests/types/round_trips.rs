//! What is dumped comes back, in every protocol under both policies.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::fmt::Debug;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use pickle_core::{ByteArray, Construct, FrozenSet, Reduce, Result};

use crate::loaded;

#[expect(clippy::needless_pass_by_value, reason = "a table reads better so")]
#[track_caller]
fn same<T: Reduce + for<'g> Construct<'g> + PartialEq + Debug>(value: T) -> Result<()> {
    becomes(&value, &value)
}

#[track_caller]
fn becomes<T, U>(value: &T, expected: &U) -> Result<()>
where
    T: Reduce + ?Sized,
    U: for<'g> Construct<'g> + PartialEq + Debug,
{
    for back in loaded::<T, U>(value)? {
        assert_eq!(back, *expected);
    }
    Ok(())
}

#[test]
fn bools() -> Result<()> {
    same(vec![true, false])
}

/// All that differ in how many bytes or which opcode they take.
fn edges() -> impl Iterator<Item = i128> {
    let powers = (0..127).map(|bit| 1i128 << bit);
    powers
        .flat_map(|power| [-power - 1, -power, 1 - power, power - 1, power, power + 1])
        .chain([i128::MIN, i128::MIN + 1, i128::MAX - 1, i128::MAX])
}

macro_rules! integers {
    ($($type:ident)+) => {
        #[test]
        fn integers() -> Result<()> {
            $({
                let mut values: Vec<$type> = edges().flat_map($type::try_from).collect();
                values.extend([$type::MIN, $type::MAX]);
                same(values)?;
                same($type::MIN)?;
                same($type::MAX)?;
            })+
            Ok(())
        }
    };
}

integers!(i8 i16 i32 i64 i128 isize u16 u32 u64 u128 usize);

#[test]
fn u8_by_itself_and_in_what_is_a_list() -> Result<()> {
    for byte in 0..=u8::MAX {
        same(byte)?;
    }
    same(VecDeque::from_iter(0..=u8::MAX))
}

#[test]
fn doubles_keep_every_bit() -> Result<()> {
    let values = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        f64::MIN,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::EPSILON,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    for value in values {
        for back in loaded::<f64, f64>(&value)? {
            assert_eq!(back.to_bits(), value.to_bits(), "{value}");
        }
    }
    assert!(loaded(&f64::NAN)?.into_iter().all(f64::is_nan));
    Ok(())
}

#[test]
fn singles_keep_every_bit() -> Result<()> {
    let values = [
        0.0,
        -0.0,
        0.1,
        f32::MIN,
        f32::MAX,
        f32::MIN_POSITIVE,
        f32::from_bits(1),
        f32::INFINITY,
        f32::NEG_INFINITY,
    ];
    for value in values {
        for back in loaded::<f32, f32>(&value)? {
            assert_eq!(back.to_bits(), value.to_bits(), "{value}");
        }
    }
    assert!(loaded(&f32::NAN)?.into_iter().all(f32::is_nan));
    Ok(())
}

#[test]
fn a_single_takes_the_nearest_of_a_double() -> Result<()> {
    becomes(&0.1f64, &0.1f32)?;
    becomes(&1e-60f64, &0.0f32)?;
    becomes(&16_777_217, &16_777_216.0f32)
}

#[test]
fn ints_that_are_exact_are_floats() -> Result<()> {
    becomes(&3, &3.0)?;
    becomes(&(1i64 << 53), &9_007_199_254_740_992.0)?;
    becomes(&i64::MIN, &-9_223_372_036_854_775_808.0)
}

#[test]
fn chars() -> Result<()> {
    for char in "\0a\n\r\\'\u{1a}\u{7f}\u{80}\u{ff}\u{100}\u{2028}\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}"
        .chars()
    {
        same(char)?;
    }
    Ok(())
}

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        "a",
        "\0",
        "\n",
        "\r\n",
        "\\",
        "\\u0041",
        "\\\\x",
        "\u{1a}",
        "'\"",
        "é",
        "\u{ff}\u{100}",
        "日本",
        "😀",
        "a\u{10ffff}\n",
    ]
    .map(String::from)
    .into();
    for len in [255, 256, 65_535, 65_536] {
        texts.push("x".repeat(len));
        texts.push("é".repeat(len / 2));
    }
    texts
}

#[test]
fn strings() -> Result<()> {
    for text in texts() {
        same(text.clone())?;
        becomes(text.as_str(), &text)?;
        becomes(
            &Cow::Borrowed(text.as_str()),
            &text.clone().into_boxed_str(),
        )?;
        becomes(
            &Rc::<str>::from(text.as_str()),
            &Arc::<str>::from(text.as_str()),
        )?;
    }
    same(texts())
}

#[test]
fn bytes() -> Result<()> {
    let every: Vec<u8> = (0..=u8::MAX).collect();
    let mut values = vec![vec![], b"\n".to_vec(), b"\\'".to_vec(), every];
    values.extend([255, 256, 65_536].map(|len| vec![0xe9; len]));
    for bytes in values {
        same(bytes.clone())?;
        same(ByteArray(bytes.clone()))?;
        becomes(bytes.as_slice(), &bytes.clone().into_boxed_slice())?;
        becomes(&Cow::Borrowed(bytes.as_slice()), &bytes)?;
        becomes(
            &Rc::<[u8]>::from(bytes.as_slice()),
            &Arc::<[u8]>::from(bytes.as_slice()),
        )?;
        becomes(&bytes, &ByteArray(bytes.clone()))?;
        becomes(&ByteArray(bytes.clone()), &bytes)?;
        becomes(&VecDeque::from(bytes.clone()), &bytes)?;
    }
    same(*b"spam")?;
    same([0u8; 0])?;
    same(vec![*b"ab", *b"cd"])
}

#[test]
fn units() -> Result<()> {
    same(())?;
    same(PhantomData::<str>)?;
    same(vec![(), ()])
}

#[test]
fn options() -> Result<()> {
    same(None::<i32>)?;
    same(Some(1))?;
    same(vec![Some("a".to_owned()), None])?;
    becomes(&Some(None::<i32>), &None::<Option<i32>>)?;
    becomes(&Some(()), &None::<()>)
}

#[test]
fn tuples() -> Result<()> {
    same((1,))?;
    same((1, "2".to_owned()))?;
    same((1, 2.0, true))?;
    same((1, (2, (3,)), 4, ()))?;
    same((1, 2, 3, 4, 5))?;
    same((1, 2, 3, 4, 5, 6))?;
    same((1, 2, 3, 4, 5, 6, 7))?;
    same((1, 2, 3, 4, 5, 6, 7, 8))?;
    same((1, 2, 3, 4, 5, 6, 7, 8, 9))?;
    same((1, 2, 3, 4, 5, 6, 7, 8, 9, 10))?;
    same((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))?;
    same((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))?;
    // Longer ones have no `PartialEq`.
    becomes(&(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13), &first::<13>())?;
    becomes(
        &(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
        &first::<14>(),
    )?;
    becomes(
        &(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        &first::<15>(),
    )?;
    let sixteen = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    becomes(&sixteen, &first::<16>())?;
    for (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) in loaded(&sixteen)? {
        let back: [i32; 16] = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
        assert_eq!(back, first());
    }
    Ok(())
}

fn first<const N: usize>() -> [i32; N] {
    let mut next = 0;
    [(); N].map(|()| {
        next += 1;
        next
    })
}

#[test]
fn lists_become_tuples_and_the_other_way_round() -> Result<()> {
    becomes(&[1, 2], &(1, 2))?;
    becomes(&(1, 2), &vec![1, 2])
}

/// Python writes items in batches of 1,000.
const SIZES: [usize; 8] = [0, 1, 2, 999, 1_000, 1_001, 2_000, 2_001];

#[test]
fn lists() -> Result<()> {
    for size in SIZES {
        let items: Vec<i64> = (0i64..).map(|i| i * 7919 % 65_537).take(size).collect();
        same(items.clone())?;
        same(VecDeque::from(items.clone()))?;
        same(LinkedList::from_iter(items.clone()))?;
        becomes(items.as_slice(), &items.clone().into_boxed_slice())?;
        becomes(&Cow::Borrowed(items.as_slice()), &items)?;
        becomes(
            &Rc::<[i64]>::from(items.as_slice()),
            &Arc::<[i64]>::from(items.as_slice()),
        )?;
        let mut sorted = items.clone();
        sorted.sort_unstable();
        for heap in loaded::<_, BinaryHeap<i64>>(&BinaryHeap::from(items))? {
            assert_eq!(heap.into_sorted_vec(), sorted);
        }
    }
    same([[1, 2], [3, 4], [5, 6]])?;
    same([String::new(), "a".to_owned()])?;
    same([0i32; 0])?;
    same([7; 1_001])
}

#[test]
fn dicts() -> Result<()> {
    for size in SIZES {
        let entries = (0..size).map(|i| (i, i.to_string()));
        same(entries.clone().collect::<HashMap<_, _>>())?;
        same(entries.clone().collect::<BTreeMap<_, _>>())?;
        same(entries.collect::<HashMap<_, _, BuildHasherDefault<DefaultHasher>>>())?;
    }
    same(BTreeMap::from([
        ((1, "a".to_owned()), vec![1.5]),
        ((2, "b".to_owned()), vec![]),
    ]))?;
    same(HashMap::from([(
        b"key".to_vec(),
        HashMap::from([(true, ())]),
    )]))
}

#[test]
fn sets() -> Result<()> {
    for size in SIZES {
        same((0..size).collect::<HashSet<_>>())?;
        same((0..size).collect::<BTreeSet<_>>())?;
        same((0..size).collect::<HashSet<_, BuildHasherDefault<DefaultHasher>>>())?;
        same((0..size).collect::<FrozenSet<_>>())?;
        becomes(
            &(0..size).collect::<HashSet<_>>(),
            &(0..size).collect::<FrozenSet<_>>(),
        )?;
        becomes(
            &(0..size).collect::<FrozenSet<_>>(),
            &(0..size).collect::<BTreeSet<_>>(),
        )?;
    }
    Ok(())
}

#[test]
fn a_frozenset_is_an_item_and_a_key() -> Result<()> {
    let set = |items: &[i32]| FrozenSet::<i32>::from_iter(items.iter().copied());
    same(HashSet::from([set(&[]), set(&[1, 2]), set(&[2, 3])]))?;
    same(FrozenSet::<_>::from_iter([set(&[1])]))?;
    for map in loaded::<_, HashMap<FrozenSet<i32>, i32>>(&HashMap::from([(set(&[1, 2]), 3)]))? {
        assert_eq!(map.get(&set(&[2, 1])), Some(&3));
    }
    Ok(())
}

#[test]
fn pointers_and_references_are_what_they_point_to() -> Result<()> {
    same(Box::new(1))?;
    same(Rc::new("a".to_owned()))?;
    same(Arc::new(vec![1]))?;
    same(Box::new(Rc::new(Arc::new(Some(1)))))?;
    becomes(&&&1, &1)?;
    becomes(&&mut 1, &Rc::new(1))?;
    becomes(&Box::new(1), &Cow::<i32>::Owned(1))?;
    becomes::<Box<dyn Reduce>, _>(&(Box::new((1, 2)) as _), &(1, 2))
}

#[test]
fn a_chain_of_boxes_as_deep_as_the_limit_allows() -> Result<()> {
    struct Node(Option<Box<Node>>);

    impl Reduce for Node {
        fn reduce(&self, p: &mut pickle_core::Pickler<'_>) -> Result<()> {
            p.tuple(1, |p| p.save(&self.0))
        }
    }

    impl<'g> Construct<'g> for Node {
        fn construct(d: &mut pickle_core::Decoder<'g>) -> Result<Self> {
            <(Option<Box<Node>>,)>::construct(d).map(|(next,)| Node(next))
        }
    }
    pickle_core::pointee!(Node);

    let chain = (0..3_000).fold(Node(None), |next, _| Node(Some(Box::new(next))));
    for back in loaded::<_, Node>(&chain)? {
        let mut depth = 0;
        let mut node = &back;
        while let Some(next) = &node.0 {
            (depth, node) = (depth + 1, next);
        }
        assert_eq!(depth, 3_000);
    }
    Ok(())
}
