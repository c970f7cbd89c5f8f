//! What is dumped here, the CPython that made the original loads to an equal object; and under
//! `MemoPolicy::All` the bytes are those that CPython 3.13 writes itself.

use std::process::ExitCode;

use libtest_mimic::Failed;
use pickle_core::{Encoding, Graph, MemoPolicy, Pickler};
use pickle_tests::corpus::{DUMPED_OTHERWISE, Pickled, corpus};
use pickle_tests::interop::{EVERY_VERSION, InteropTest, NEWEST_VERSION, Verdicts, run};
use pickle_tests::python::{Judge, Version};

const TESTS: &[InteropTest] = &[
    (
        "graphs_dumped_in_every_protocol_load_to_equal_objects",
        EVERY_VERSION,
        redumped_graphs_are_equal,
    ),
    (
        "graphs_dumped_under_all_are_what_cpython_3_13_dumps",
        NEWEST_VERSION,
        redumps_are_identical,
    ),
];

fn main() -> ExitCode {
    pickle_tests::zoo::link();
    run(TESTS)
}

/// Set to have each pickle judged by every interpreter that made it: minutes instead of seconds.
const EVERY_JUDGE: &str = "PICKLE_EVERY_JUDGE";

/// Of those that made a pickle, the oldest and the newest judge it, and one of the others by turns.
fn is_judged_by(index: usize, pickled: &Pickled, version: Version) -> bool {
    let makers = pickled.made_by();
    let turn = makers.get(index % makers.len().max(1));
    let chosen = [makers.first(), makers.last(), turn].contains(&Some(&version));
    chosen || makers.contains(&version) && std::env::var_os(EVERY_JUDGE).is_some()
}

fn redumped_graphs_are_equal(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for (index, pickled) in corpus().iter().enumerate() {
        if !is_judged_by(index, pickled, judge.version()) {
            continue;
        }
        let options = pickled.options(judge.version());
        let graph = graph_for(judge, pickled)?;
        let expected = judge.canon(&options, &pickled.bytes);
        let expected = expected.map_err(|raised| format!("{}: {raised}", pickled.name()))?;
        for protocol in 0..=judge.version().highest_protocol() {
            for policy in [MemoPolicy::Shared, MemoPolicy::All] {
                let wrong = match redump(judge, &graph, protocol, policy) {
                    Err(error) => Some(error.to_string()),
                    Ok(bytes) => match judge.canon(&options, &bytes) {
                        Ok(found) if found == expected => None,
                        Ok(_) => Some(format!("another object: {}", bytes.escape_ascii())),
                        Err(raised) => Some(format!("{raised}: {}", bytes.escape_ascii())),
                    },
                };
                let lost = lost(pickled, protocol, judge.version());
                let wrong = wrong.filter(|_| !lost).map(|wrong| {
                    format!(
                        "{}, dumped in {protocol}, {policy:?}: {wrong}",
                        pickled.name()
                    )
                });
                verdicts.note(wrong);
            }
        }
    }
    verdicts.finish(1000)
}

/// What a protocol has no form for, or Python's own mapping of names loses.
fn lost(pickled: &Pickled, protocol: u8, version: Version) -> bool {
    let text_only = pickled.family == "persistent"
        && (protocol == 0 && pickled.protocol > 0 || version < Version(3, 0));
    // CPython, too, makes its lists for ever, until the stack ends.
    let endless = pickled.case.starts_with("set-with-reduced-key-") && protocol < 4;
    text_only || endless
}

/// In Python 2, what was a `str` must come back as one, which is bytes here; and names of Python 2
/// must stay what they are, as some of Python 3 stand for two.
fn graph_for<'g>(judge: &Judge, pickled: &'g Pickled) -> Result<Graph<'g>, Failed> {
    let mut unpickler = pickled.unpickler();
    if judge.version() < Version(3, 0) {
        unpickler = unpickler.encoding(Encoding::Bytes).fix_imports(false);
    }
    let graph = unpickler.graph(&pickled.bytes);
    Ok(graph.map_err(|error| format!("{}: {error}", pickled.name()))?)
}

/// Python 3 is spared the names of Python 2, which are fewer.
fn redump(
    judge: &Judge,
    graph: &Graph<'_>,
    protocol: u8,
    policy: MemoPolicy,
) -> pickle_core::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes)
        .protocol(protocol)
        .memo(policy)
        .fix_imports(judge.version() < Version(3, 0));
    pickler.dump(graph)?;
    Ok(bytes)
}

/// Besides [`DUMPED_OTHERWISE`], what CPython's dump of the loaded object differs in.
const DIFFERENT: &[(&str, &str)] = &[(
    "state/StateOnlySet(x=1)",
    "its __setstate__ adds an attribute",
)];

/// What other versions wrote is left out: of that, 3.13's classes make other reductions (a
/// `deque` its items instead of an argument, `pathlib` another module, an instance without
/// attributes no state), which says nothing of the pickler.
fn redumps_are_identical(judge: &Judge) -> Result<(), Failed> {
    let newest = judge.version();
    let mut verdicts = Verdicts::default();
    let (mut compared, mut different) = (0, 0);
    for pickled in corpus() {
        if pickled.protocol < 2 || !pickled.was_made_by(newest) {
            continue;
        }
        let options = pickled.options(newest);
        let Ok(expected) = judge.redump(&options, &pickled.bytes, pickled.protocol) else {
            continue;
        };
        let dumped = pickled.dump_as_cpython();
        let bytes = dumped.map_err(|error| format!("{}: {error}", pickled.name()))?;
        compared += 1;
        different += usize::from(bytes != expected);
        let excepted = pickled.is_among(DUMPED_OTHERWISE) || pickled.is_among(DIFFERENT);
        let (ours, theirs) = (bytes.escape_ascii(), expected.escape_ascii());
        let wrong = bytes != expected && !excepted;
        verdicts.note(wrong.then(|| format!("{}:\n  {ours}\n  {theirs}", pickled.name())));
    }
    if different * 100 > compared {
        return Err(format!("{different} of {compared} differ, more than one in a hundred").into());
    }
    verdicts.finish(3000)
}
