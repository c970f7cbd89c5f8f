//! Persistent ids, to CPython and back: what has an id here, each interpreter is asked to load by
//! that id, and what has one there, is resolved here.

use std::process::ExitCode;

use libtest_mimic::Failed;
use pickle_core::copyreg::Registered;
use pickle_core::{Encoding, MemoPolicy, PersistentIds, Pickler, Reduce, Unpickler, Value};
use pickle_tests::interop::{EVERY_VERSION, InteropTest, Verdicts, run};
use pickle_tests::python::{Judge, Version};

const TESTS: &[InteropTest] = &[
    ("ids_of_every_type_are_loaded_there", EVERY_VERSION, dumped),
    ("ids_of_every_type_are_loaded_here", EVERY_VERSION, loaded),
    ("the_bytes_are_the_same", &FROM_3_7, same_bytes),
    ("ids_that_are_no_ascii_are_refused", EVERY_VERSION, refused),
];

/// The others write frames around less, or memoize less.
const FROM_3_7: [Version; 7] = [
    Version(3, 7),
    Version(3, 8),
    Version(3, 9),
    Version(3, 10),
    Version(3, 11),
    Version(3, 12),
    Version(3, 13),
];

fn main() -> ExitCode {
    run(TESTS)
}

/// What is kept elsewhere: `zoo.Persistent` there.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "zoo", name = "Plain")]
struct Kept {
    number: usize,
}

/// Writes objects with the id of a case.
type Dump = fn(u8, usize) -> pickle_core::Result<Vec<u8>>;

/// Ids: the literal of each in Python, and a dump of so many objects of that id.
const IDS: &[(&str, Dump)] = &[
    ("'id-1'", |protocol, count| dump(protocol, count, "id-1")),
    ("''", |protocol, count| dump(protocol, count, "")),
    ("'two words'", |protocol, count| {
        dump(protocol, count, "two words")
    }),
    ("7", |protocol, count| dump(protocol, count, 7)),
    ("0", |protocol, count| dump(protocol, count, 0)),
    ("-70000", |protocol, count| dump(protocol, count, -70_000)),
    ("2**100", |protocol, count| {
        dump(protocol, count, 1_u128 << 100)
    }),
    ("False", |protocol, count| dump(protocol, count, false)),
    ("0.1", |protocol, count| dump(protocol, count, 0.1)),
    ("('table', 7)", |protocol, count| {
        dump(protocol, count, ("table", 7))
    }),
    ("(1, (2.5, True), 'its')", |protocol, count| {
        dump(protocol, count, (1, (2.5, true), "its"))
    }),
];

fn dump<I: Reduce + Clone + 'static>(
    protocol: u8,
    count: usize,
    id: I,
) -> pickle_core::Result<Vec<u8>> {
    let objects: Vec<_> = (0..count).map(|number| Kept { number }).collect();
    let mut ids = PersistentIds::new().of(move |_: &Kept| Some(id.clone()));
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .protocol(protocol)
        .memo(MemoPolicy::All)
        .persistent_id(&mut ids)
        .dump(&objects)?;
    Ok(bytes)
}

/// The id that a loader gets, in Python: protocol 0 has but text.
fn received(literal: &str, protocol: u8) -> String {
    match protocol {
        // What Python 2 has in front of a text's or behind a long's digits is not ours.
        0 => format!("str({literal}).replace('L', '')"),
        _ => format!("({literal})"),
    }
}

fn protocols(judge: &Judge) -> impl Iterator<Item = u8> {
    0..=judge.version().highest_protocol()
}

fn dumped(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for protocol in protocols(judge) {
        for (literal, dump) in IDS {
            if judge.version() < Version(3, 0) && protocol == 0 && *literal == "''" {
                // cPickle takes an empty line for the end of the bytes.
                continue;
            }
            let pickle = dump(protocol, 2)?;
            let expected = received(literal, protocol);
            let holds = format!(
                "len(obj) == 2 and all(type(o) is zoo.Persistent and o.pid == {expected} \
                 for o in obj) and obj[0] is not obj[1]"
            );
            let wrong = match judge.check(&pickle, &holds) {
                Ok(true) => None,
                Ok(false) => Some("another id was loaded".to_owned()),
                Err(raised) => Some(raised.to_string()),
            };
            let shown = pickle.escape_ascii();
            verdicts.note(
                wrong.map(|wrong| format!("{literal} in protocol {protocol}: {wrong}: {shown}")),
            );
        }
    }
    verdicts.finish(3 * IDS.len() - 1)
}

fn loaded(judge: &Judge) -> Result<(), Failed> {
    let unpickler = Unpickler::new()
        .encoding(Encoding::Latin1)
        .persistent_load(|id: Value| pickle_core::Result::<_>::Ok(format!("{id:?}")))
        .persistent_load(|id: Value| -> pickle_core::Result<_> {
            let text = format!("{id:?}");
            Ok(Kept { number: text.len() })
        });
    let mut verdicts = Verdicts::default();
    for protocol in protocols(judge) {
        for (literal, _) in IDS {
            let pid = match protocol {
                0 => format!("str({literal})"),
                _ => format!("({literal})"),
            };
            // What the id is printed as, there.
            let printed = judge.eval(&format!("repr({pid})"), 2);
            let printed = printed.map_err(|raised| raised.to_string())?;
            let printed: String = unpickler.loads(&printed)?;
            let expression = format!("[zoo.Persistent({pid}), [zoo.Persistent({pid})], 1]");
            let pickle = judge.eval(&expression, protocol);
            let pickle = pickle.map_err(|raised| raised.to_string())?;
            let (text, [kept], one): (String, [Kept; 1], u8) = unpickler.loads(&pickle)?;
            // Python 2 marks a long.
            let long = judge.version() < Version(3, 0) && literal.contains("**") && protocol > 0;
            let expected = printed.strip_suffix('L').filter(|_| long);
            let expected = expected.unwrap_or(&printed);
            verdicts
                .note((text != expected).then(|| {
                    format!("{literal} in protocol {protocol}: {text} is not {expected}")
                }));
            verdicts
                .note((kept.number != expected.len() || one != 1).then(|| "the type".to_owned()));
        }
    }
    verdicts.finish(3 * IDS.len())
}

fn same_bytes(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for protocol in protocols(judge) {
        for (literal, dump) in IDS {
            let expression = format!("[zoo.Persistent({literal})]");
            let there = judge.eval(&expression, protocol);
            let there = there.map_err(|raised| raised.to_string())?;
            let here = dump(protocol, 1)?;
            verdicts.note((here != there).then(|| {
                let (here, there) = (here.escape_ascii(), there.escape_ascii());
                format!("{literal} in protocol {protocol}: {here} is not {there}")
            }));
        }
    }
    verdicts.finish(3 * IDS.len())
}

fn refused(judge: &Judge) -> Result<(), Failed> {
    let there = judge.eval("zoo.Persistent(u'\\u2205')", 0);
    let here = dump(0, 1, "\u{2205}");
    if there.is_ok() || here.is_ok() {
        return Err(format!("dumped: there {there:?}, here {here:?}").into());
    }
    let pickle = "P\u{2205}\n.".as_bytes();
    let unpickler = Unpickler::new().persistent_load(|id: String| pickle_core::Result::<_>::Ok(id));
    let here = unpickler.loads::<Registered<String>>(pickle);
    // Python 2 loads any line.
    let there = judge.version() < Version(3, 0) || judge.canon(&[], pickle).is_err();
    if here.is_ok() || !there {
        return Err("loaded an id that is no ASCII".into());
    }
    Ok(())
}
