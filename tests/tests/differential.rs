//! Pickles at random, against CPython's C unpickler: what it takes is taken and what it refuses is
//! refused, and what is made of it is the same, whatever it names.

use std::process::ExitCode;

use libtest_mimic::Failed;
use pickle_core::pickletools::{Argument, Opcode, genops};
use pickle_core::{Graph, Pickler, Unpickler};
use pickle_tests::generate::{Choices, Seeded, pickle};
use pickle_tests::interop::{InteropTest, NEWEST_VERSION, run};
use pickle_tests::python::{Judge, hex};

const TESTS: &[InteropTest] = &[(
    "random_pickles_are_loaded_as_there",
    NEWEST_VERSION,
    random_pickles,
)];

fn main() -> ExitCode {
    run(TESTS)
}

fn setting(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.parse().expect("it is a number"))
}

/// A pickle of a plan, every second one with a change.
fn made(numbers: &mut Seeded) -> Vec<u8> {
    let opcodes = 4 + numbers.below(40);
    let mut bytes = pickle(numbers, opcodes);
    if numbers.below(2) == 0 {
        let at = numbers.below(bytes.len());
        match numbers.below(4) {
            0 => bytes[at] = numbers.below(256) as u8,
            1 => bytes[at] ^= 1 << numbers.below(8),
            2 => drop(bytes.remove(at)),
            _ => bytes.insert(at, b"0(t]}aesub\x85\x86R\x812h"[numbers.below(16)]),
        }
    }
    bytes
}

fn random_pickles(judge: &Judge) -> Result<(), Failed> {
    let rounds = setting("PICKLE_FUZZ_ROUNDS", 2000);
    let mut numbers = Seeded(setting("PICKLE_FUZZ_SEED", 5));
    let (mut taken, mut wrong) = (0, Vec::new());
    for _ in 0..rounds {
        let bytes = made(&mut numbers);
        match compare(judge, &bytes) {
            Ok(is_taken) => taken += u64::from(is_taken),
            Err(how) => wrong.push(format!("b\"{}\": {how}", bytes.escape_ascii())),
        }
    }
    println!("{taken} of {rounds} were taken");
    if !(rounds / 5..rounds * 9 / 10).contains(&taken) {
        wrong.push(format!("{taken} of {rounds} were taken"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let shown = wrong.iter().take(20).map(String::as_str);
    let shown = shown.collect::<Vec<_>>().join("\n");
    Err(format!("{} of {rounds}:\n{shown}", wrong.len()).into())
}

/// Whether a FRAME announces anything. From a file, which is what an `Unpickler` of Python reads, the C
/// unpickler loses its place where a frame ends inside an opcode; `pickle.loads` does not, and nor
/// does a graph.
fn has_frame(bytes: &[u8]) -> bool {
    let mut operations = genops(bytes).map_while(Result::ok);
    operations.any(|op| op.opcode == Opcode::Frame && op.argument != Argument::Size(0))
}

/// Whether the pickle was taken here and there.
fn compare(judge: &Judge, bytes: &[u8]) -> Result<bool, String> {
    if has_frame(bytes) {
        return Ok(false);
    }
    let theirs = judge.ask(&["inert", &hex(bytes)]);
    let ours = Unpickler::new().graph(bytes);
    let (theirs, graph) = match (theirs, ours) {
        (Ok(theirs), Ok(graph)) => (theirs, graph),
        (Err(_), Err(_)) => return Ok(false),
        (Ok(_), Err(error)) => return Err(format!("refused here: {error}")),
        (Err(raised), Ok(_)) => return Err(format!("refused there: {}", raised.0)),
    };
    let again = dumped(&graph).map_err(|error| format!("not dumped again: {error}"))?;
    let ours = judge.ask(&["inert", &hex(&again)]);
    let ours = ours.map_err(|raised| format!("b\"{}\": {}", again.escape_ascii(), raised.0))?;
    if ours == theirs {
        return Ok(true);
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Err(format!(
        "\n    {}\n    instead of\n    {}",
        text(&ours),
        text(&theirs)
    ))
}

fn dumped(graph: &Graph<'_>) -> pickle_core::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes).protocol(5).dump(graph)?;
    Ok(bytes)
}
