//! Without any Python: of what is dumped of a graph or a value, an equal one is loaded, and what
//! CPython 3.13 wrote is dumped as the same bytes.

#![allow(clippy::unwrap_used, reason = "tests")]

use pickle_core::{ErrorKind, MemoPolicy, Pickler, Reduce, Result, Value};
use pickle_tests::corpus::{DUMPED_OTHERWISE, Pickled, corpus};

/// What was dumped in `protocol`, and loaded again. Names stay Python 3's, as those of Python 2
/// stand for several.
fn redumped<T: Reduce, U>(
    value: &T,
    protocol: u8,
    policy: MemoPolicy,
    load: impl FnOnce(&[u8]) -> Result<U>,
) -> Result<U> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes)
        .protocol(protocol)
        .memo(policy)
        .fix_imports(false);
    pickler.dump(value)?;
    load(&bytes)
}

/// What is wrong with the graphs that are loaded of a graph's dumps in a protocol.
fn wrong_redumps(protocol: u8) -> Vec<String> {
    let mut wrong = Vec::new();
    for pickled in corpus() {
        let graph = pickled.unpickler().graph(&pickled.bytes).unwrap();
        // As CPython wrote it, or as little as is enough.
        let policy = if protocol == pickled.protocol {
            MemoPolicy::All
        } else {
            MemoPolicy::Shared
        };
        let unpickler = pickled.unpickler().fix_imports(false);
        let again = redumped(&graph, protocol, policy, |bytes| {
            Ok(unpickler.graph(bytes)?.into_owned())
        });
        let reason = match again {
            Ok(again) if again == graph => continue,
            Ok(again) => format!("{again:?}\n    instead of {graph:?}"),
            Err(error) => error.to_string(),
        };
        if !is_lost(&pickled, protocol) {
            wrong.push(format!("{}: {reason}", pickled.name()));
        }
    }
    wrong
}

/// What a protocol has no form for, or another one than the original's.
fn is_lost(pickled: &Pickled, protocol: u8) -> bool {
    let case = pickled.case.as_str();
    match pickled.family.as_str() {
        // A persistent id is a line of text.
        "persistent" => protocol == 0,
        // The sign of a nan is not in its text.
        "float" => case == "nan" && protocol == 0,
        // Bytes that came outside the pickle are written into it, as bytearray.
        "buffer" => case.contains("out-of-band"),
        // Below protocol 4, a set that contains itself is an empty one that is added to, or cannot
        // be written at all. Protocol 0 adds items one by one, so that an instance that was made
        // before a list got its first item is made after that.
        "recursive" => {
            let has_set =
                case.contains("set-in-") || case.contains("set-with-") || case.ends_with("set");
            has_set && protocol < 4 && pickled.protocol >= 4
                || case == "ordered-in-instance" && protocol == 0
        }
        _ => false,
    }
}

/// Python 2's C pickler writes what is around an old-style instance such that one is given its
/// state while that is empty: CPython loads no cycle, but the graph has one.
fn is_filled_late(pickled: &Pickled) -> bool {
    pickled.case.ends_with("-around-old-style") && pickled.makers == "cPickle:2.7"
}

macro_rules! redumps {
    ($($name:ident: $protocol:literal,)*) => {$(
        #[test]
        fn $name() {
            let wrong = wrong_redumps($protocol);
            assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
        }
    )*};
}

redumps! {
    graphs_dumped_in_protocol_0_are_loaded_as_equal_ones: 0,
    graphs_dumped_in_protocol_1_are_loaded_as_equal_ones: 1,
    graphs_dumped_in_protocol_2_are_loaded_as_equal_ones: 2,
    graphs_dumped_in_protocol_3_are_loaded_as_equal_ones: 3,
    graphs_dumped_in_protocol_4_are_loaded_as_equal_ones: 4,
    graphs_dumped_in_protocol_5_are_loaded_as_equal_ones: 5,
}

#[test]
fn what_is_no_cycle_is_a_value_whose_dumps_are_loaded_as_equal_ones() {
    let mut wrong = Vec::new();
    let mut converted = 0;
    for pickled in corpus() {
        let unpickler = pickled.unpickler();
        let graph = unpickler.graph(&pickled.bytes).unwrap();
        let value = match graph.to_value() {
            Ok(value) => value,
            Err(error) => {
                // In Python all of these are cycles. Here arguments are as they were when the call
                // was made.
                let expected = match error.kind() {
                    ErrorKind::MutatedAfterUse => pickled.cyclic,
                    ErrorKind::CyclicTree => pickled.cyclic || is_filled_late(&pickled),
                    // A tree of a million nodes is more than the limit.
                    ErrorKind::LimitExceeded { .. } => pickled.case.ends_with("dag"),
                    _ => false,
                };
                if !expected {
                    wrong.push(format!("{}: {error}", pickled.name()));
                }
                continue;
            }
        };
        converted += 1;
        for protocol in [0, 2, 4] {
            let unpickler = unpickler.clone().fix_imports(false);
            let again = redumped(&value, protocol, MemoPolicy::Shared, |bytes| {
                unpickler.loads::<Value>(bytes)
            });
            let reason = match again {
                Ok(again) if again == value => continue,
                Ok(_) => "another value".to_owned(),
                Err(error) => error.to_string(),
            };
            if !is_lost(&pickled, protocol) {
                wrong.push(format!("{} in {protocol}: {reason}", pickled.name()));
            }
        }
    }
    assert!(converted > 6000, "only {converted} values");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Besides [`DUMPED_OTHERWISE`], what has other bytes than those that were read.
const DIFFERENT: &[(&str, &str)] = &[
    ("geometry/Drawing(\"title\"", INTERNED),
    ("geometry/Rectangle(1.0, 2.0, \"label\")", INTERNED),
    ("buffer/empty-out-of-band", IN_BAND),
    ("buffer/raster-", IN_BAND),
    ("buffer/readonly-out-of-band", IN_BAND),
    ("buffer/several-out-of-band", IN_BAND),
    ("buffer/shared-out-of-band", IN_BAND),
    ("buffer/writable-out-of-band", IN_BAND),
    ("recursive/dict-subclass-", ANEW),
    ("recursive/list-subclass-in-", ANEW),
];

const INTERNED: &str = "an attribute's name and its value were one str: loading interns the name";
const IN_BAND: &str = "bytes that came outside the pickle are written into it";
const ANEW: &str = "Python makes the arguments of what contains itself anew";

#[test]
fn what_cpython_3_13_wrote_is_dumped_as_the_same_bytes() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for pickled in corpus() {
        let mut makers = pickled.makers.split(' ');
        if !makers.any(|maker| maker.starts_with("C:") && maker.ends_with("3.13")) {
            continue;
        }
        compared += 1;
        let bytes = pickled.dump_as_cpython().unwrap();
        let excepted = pickled.is_among(DUMPED_OTHERWISE) || pickled.is_among(DIFFERENT);
        if bytes != pickled.bytes && !excepted {
            let name = pickled.name();
            let (ours, theirs) = (bytes.escape_ascii(), pickled.bytes.escape_ascii());
            wrong.push(format!("{name}:\n    {ours}\n    {theirs}"));
        }
    }
    assert!(compared > 5000, "only {compared} pickles");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
