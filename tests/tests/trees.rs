//! Plain trees, and the memo: what is done in a faster way than the general one gives the same.

use std::collections::HashMap;

use pickle_core::value::{Dict, Values};
use pickle_core::{ErrorKind, Limits, MemoPolicy, Pickler, Reduce, Unpickler, Value, loads};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn dump(value: &impl Reduce, protocol: u8, policy: MemoPolicy) -> pickle_core::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(protocol).memo(policy);
    pickler.dump(value)?;
    Ok(bytes)
}

fn ints(count: i64) -> Values {
    (0..count).collect()
}

fn dict(count: i64) -> Value {
    let entries = (0..count).map(|n| (format!("key {n}").into(), n.into()));
    entries.collect::<Dict>().into()
}

#[test]
fn a_plain_tree_is_written_as_its_graph_is() -> Outcome {
    let mut parts = vec![
        Value::None,
        true.into(),
        (-70_000).into(),
        u64::MAX.into(),
        0.5.into(),
        "a".into(),
        "é".into(),
        "a longer text".into(),
        Value::Surrogates(b"\xed\xa0\x80".to_vec()),
        Value::Bytes(vec![1; 300]),
        Value::ByteArray(vec![2; 70_000]),
        pickle_core::QualName::new("builtins", "int").into(),
    ];
    for count in [0, 1, 2, 3, 4, 999, 1000, 1001, 2000] {
        parts.push(Value::Tuple(ints(count)));
        parts.push(Value::List(ints(count)));
        parts.push(dict(count));
    }
    let key = Value::Tuple([Value::from(1), Value::Tuple(Values::default())].into());
    parts.push(Dict::from(vec![(key, dict(1))]).into());
    parts.push(Value::List(
        [Value::List([dict(2), dict(0)].into()), dict(1)].into(),
    ));
    for value in parts.iter().chain([&Value::List(parts.clone().into())]) {
        for protocol in 0..=5 {
            for policy in [MemoPolicy::Shared, MemoPolicy::All] {
                let direct = dump(value, protocol, policy)?;
                let by_graph = dump(&value.to_graph()?, protocol, policy)?;
                assert!(direct == by_graph, "{value:?} in protocol {protocol}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_key_that_python_cannot_hash_is_refused_before_anything_is_written() {
    let list = || Value::List(Values::default());
    for (key, found) in [
        (list(), "list"),
        (dict(1), "dict"),
        (Value::ByteArray(vec![1]), "bytearray"),
        (Value::Tuple([list()].into()), "tuple"),
    ] {
        let value = Value::from(Dict::from(vec![(key, Value::None)]));
        let mut bytes = Vec::new();
        let error = Pickler::new(&mut bytes).dump(&value).expect_err(found);
        assert!(matches!(error.kind(), ErrorKind::Unhashable { found: f } if *f == found));
        assert!(bytes.is_empty());
    }
}

/// A list that holds the next one twice, and so on: 2^depth leaves.
fn doubling(depth: usize) -> Vec<u8> {
    let mut bytes = b"]".to_vec();
    for _ in 0..depth {
        bytes.extend(b"2\x86");
    }
    bytes.push(b'.');
    bytes
}

#[test]
fn a_tree_costs_the_same_whether_it_is_measured_or_not() -> Outcome {
    // As large as the graph, twice as large, and far larger.
    for depth in 1..14 {
        let nodes = (1_u64 << (depth + 1)) - 1;
        let bytes = doubling(depth);
        let enough = Limits::default().tree_nodes(nodes, 0);
        let value: Value = Unpickler::new().limits(enough).loads(&bytes)?;
        assert_eq!(value.as_slice().map(<[_]>::len), Some(2));
        let little = Limits::default().tree_nodes(nodes - 1, 0);
        let error = Unpickler::new().limits(little).loads::<Value>(&bytes);
        let error = error.expect_err("one is missing");
        assert!(matches!(error.kind(), ErrorKind::LimitExceeded { .. }));
        assert_eq!(error.offset(), Some(bytes.len() as u64 - 2));
    }
    Ok(())
}

#[test]
fn a_tree_is_as_deep_as_the_limit_allows_and_no_deeper() -> Outcome {
    // The innermost list is at level 3.
    let bytes = b"]]]aa.";
    let loads = |depth| {
        let limits = Limits::default().depth(depth);
        Unpickler::new().limits(limits).loads::<Value>(bytes)
    };
    loads(3)?;
    let error = loads(2).expect_err("it is too deep");
    assert!(matches!(
        error.kind(),
        ErrorKind::LimitExceeded {
            setter: "depth",
            ..
        }
    ));
    Ok(())
}

#[test]
fn a_key_that_is_set_twice_counts_once_in_any_dict() -> Outcome {
    let value: Value = loads(b"}(I1\nI2\nI5\nI6\nG\x3f\xf0\0\0\0\0\0\0I3\nI01\nI4\nu.")?;
    let expected = Dict::from(vec![(1.into(), 4.into()), (5.into(), 6.into())]);
    assert_eq!(value, expected.into());
    Ok(())
}

#[test]
fn the_memo_holds_what_was_put_at_whatever_index() -> Outcome {
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % below
    };
    for spread in [1, 3, 10, 1_000, 100_000, 1 << 31] {
        let mut bytes = b"\x80\x04(".to_vec();
        let mut memo: HashMap<u32, u8> = HashMap::new();
        for round in 0..3_000_u32 {
            let value = random(256) as u8;
            bytes.extend([b'K', value]);
            let index = if random(4) == 0 {
                bytes.push(0x94);
                u32::try_from(memo.len())?
            } else {
                let index = u32::try_from(u64::from(round) * random(spread) % (1 << 31))?;
                bytes.push(b'r');
                bytes.extend(index.to_le_bytes());
                index
            };
            bytes.push(b'0');
            memo.insert(index, value);
        }
        let mut expected = Vec::new();
        for (index, value) in &memo {
            bytes.push(b'j');
            bytes.extend(index.to_le_bytes());
            expected.push(*value);
        }
        bytes.extend(b"l.");
        assert_eq!(loads::<Vec<u8>>(&bytes)?, expected);
    }
    Ok(())
}

#[test]
fn strs_of_any_length_are_checked_to_their_last_byte() -> Outcome {
    for len in 0..40_u8 {
        let text = "x".repeat(len.into());
        let mut bytes = vec![0x8c, len];
        bytes.extend(text.as_bytes());
        bytes.push(b'.');
        assert_eq!(loads::<&str>(&bytes)?, text);
        for place in 2..usize::from(len) + 2 {
            let mut broken = bytes.clone();
            broken[place] = 0xff;
            assert!(loads::<&str>(&broken).is_err(), "byte {place} of {len}");
        }
    }
    Ok(())
}
