//! Derived types and std's, to CPython and back: what is dumped here, each interpreter loads as
//! the object that its own source text makes, and what it dumps, is loaded here with the right
//! values, identities and cycles.

#![allow(clippy::type_complexity, reason = "the types are what is tested")]

mod typed;

use std::process::ExitCode;

use libtest_mimic::Failed;
use pickle_core::MemoPolicy;
use pickle_tests::interop::{EVERY_VERSION, InteropTest, Verdicts, run};
use pickle_tests::python::{Judge, Version};

use typed::Case;

const TESTS: &[InteropTest] = &[
    ("numbers", EVERY_VERSION, |judge| {
        try_all(judge, &typed::std_types::numbers())
    }),
    ("text_and_bytes", EVERY_VERSION, |judge| {
        try_all(judge, &typed::std_types::text_and_bytes())
    }),
    ("containers", EVERY_VERSION, |judge| {
        try_all(judge, &typed::std_types::containers())
    }),
    ("batches", EVERY_VERSION, |judge| {
        try_all(judge, &typed::std_types::batches())
    }),
    ("pointers_and_cells", EVERY_VERSION, |judge| {
        try_all(judge, &typed::std_types::pointers())
    }),
    ("structs_in_every_form", EVERY_VERSION, |judge| {
        try_all(judge, &typed::classes::structs())
    }),
    ("enums", EVERY_VERSION, |judge| {
        try_all(judge, &typed::classes::enums())
    }),
    ("attributes_of_the_derive", EVERY_VERSION, |judge| {
        try_all(judge, &typed::classes::attributes())
    }),
    ("instances_of_generic_types", EVERY_VERSION, |judge| {
        try_all(judge, &typed::generics::instances())
    }),
    ("old_style_instances", EVERY_VERSION, |judge| {
        try_all(judge, &typed::classes::old_style())
    }),
    (
        "reductions_of_two_to_six_elements",
        EVERY_VERSION,
        |judge| try_all(judge, &typed::by_hand::reductions()),
    ),
    ("reductions_by_name", EVERY_VERSION, |judge| {
        try_all(judge, &typed::by_hand::globals())
    }),
    ("constructors_of_classes", EVERY_VERSION, |judge| {
        try_all(judge, &typed::by_hand::constructors())
    }),
    ("states_by_hand", EVERY_VERSION, |judge| {
        try_all(judge, &typed::by_hand::states())
    }),
    ("calls_of_functions", EVERY_VERSION, |judge| {
        try_all(judge, &typed::functions::calls())
    }),
    ("functions_and_classes_as_values", EVERY_VERSION, |judge| {
        try_all(judge, &typed::functions::values())
    }),
    ("shared_objects", EVERY_VERSION, |judge| {
        try_all(judge, &typed::graphs::shared())
    }),
    ("trait_objects", EVERY_VERSION, |judge| {
        try_all(judge, &typed::graphs::trait_objects())
    }),
    ("cycles", EVERY_VERSION, |judge| {
        try_all(judge, &typed::graphs::cycles())
    }),
    ("versions", EVERY_VERSION, |judge| {
        try_all(judge, &typed::versions::cases())
    }),
    (
        "versions_come_back",
        EVERY_VERSION,
        typed::versions::come_back,
    ),
    (
        "slots_have_no_place_for_a_version",
        EVERY_VERSION,
        typed::versions::slots_have_no_place,
    ),
];

fn main() -> ExitCode {
    run(TESTS)
}

/// Each case under each protocol and policy, in both directions and around here.
fn try_all(judge: &Judge, cases: &[Case]) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    let mut expected = 0;
    for case in cases {
        for protocol in 0..=5 {
            for policy in [MemoPolicy::Shared, MemoPolicy::All] {
                expected += 1;
                verdicts.note(dump_and_check(judge, case, protocol, policy));
            }
            if case.is_evaluated(judge.version(), protocol) {
                expected += 1;
                verdicts.note(eval_and_load(judge, case, protocol));
            }
        }
    }
    verdicts.finish(expected)
}

fn dump_and_check(judge: &Judge, case: &Case, protocol: u8, policy: MemoPolicy) -> Option<String> {
    let title = format!("{} in protocol {protocol}, {policy:?}", case.name);
    let bytes = match (case.dump.as_ref()?)(protocol, policy) {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("{title}: cannot be dumped: {error}")),
    };
    let shown = || {
        let shown = bytes.escape_ascii().to_string();
        shown.chars().take(600).collect::<String>()
    };
    if let Err(wrong) = (case.load)(&bytes, judge.version()) {
        return Some(format!("{title}: here again: {wrong}: {}", shown()));
    }
    if !case.is_checked(judge.version(), protocol) {
        return None;
    }
    match judge.check(&bytes, &case.holds(judge.version())) {
        Ok(true) => None,
        Ok(false) => Some(format!(
            "{title}: loaded there, this is false: {}: {}",
            case.holds(judge.version()),
            shown()
        )),
        Err(raised) => Some(format!("{title}: there: {raised}: {}", shown())),
    }
}

fn eval_and_load(judge: &Judge, case: &Case, protocol: u8) -> Option<String> {
    let title = format!(
        "{} of {} in protocol {protocol}",
        case.name,
        judge.version()
    );
    let bytes = match judge.eval(&case.python, protocol) {
        Ok(bytes) => bytes,
        Err(raised) => return Some(format!("{title}: {} raises {raised}", case.python)),
    };
    let wrong = (case.load)(&bytes, judge.version()).err()?;
    let shown = bytes.escape_ascii().to_string();
    let shown: String = shown.chars().take(600).collect();
    Some(format!("{title}: {wrong}: {shown}"))
}

/// The first version of Python 3.
const PYTHON_3: Version = Version(3, 0);
