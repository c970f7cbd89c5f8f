//! Buffers both ways, in band and out of band, and what the interpreters make of the hard cases.

use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

use libtest_mimic::Failed;
use pickle_core::{Graph, MemoPolicy, PickleBuffer, Pickler, Reduce, Reduction, Unpickler, loads};
use pickle_tests::interop::{EVERY_VERSION, InteropTest, Verdicts, run};
use pickle_tests::python::{Judge, Version, hex};

const TESTS: &[InteropTest] = &[
    (
        "instances_that_functions_make_of_buffers_go_both_ways",
        SINCE_3_8,
        made_of_buffers,
    ),
    (
        "buffers_dumped_here_in_band_are_loaded_there",
        SINCE_3_8,
        ours_in_band,
    ),
    (
        "buffers_dumped_here_out_of_band_are_loaded_there",
        SINCE_3_8,
        ours_out_of_band,
    ),
    ("buffers_dumped_there_are_loaded_here", SINCE_3_8, theirs),
    (
        "pickles_and_what_callbacks_are_handed_are_the_same",
        SINCE_3_8,
        callbacks,
    ),
    ("what_is_refused_there_is_refused_here", SINCE_3_8, refusals),
    (
        "what_loads_there_loads_here_to_the_same",
        SINCE_3_8,
        loading,
    ),
];

/// Those that have protocol 5.
const SINCE_3_8: &[Version] = EVERY_VERSION.split_at(3).1;

fn main() -> ExitCode {
    run(TESTS)
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "zoo", as = "reduce")]
struct Raster<'a> {
    pixels: PickleBuffer<'a>,
}

fn rasters() -> [Raster<'static>; 2] {
    let raster = |pixels| Raster { pixels };
    [
        raster(PickleBuffer::new(&b"spam"[..])),
        raster(PickleBuffer::readonly(&b"eggs"[..])),
    ]
}
const RASTERS: &str = "[zoo.Raster(bytearray(b'spam')), zoo.Raster(b'eggs')]";

/// What a pickler writes, and the buffers that its callback takes.
fn dump(
    value: &impl Reduce,
    mut in_band: impl FnMut(usize) -> bool,
) -> Result<(Vec<u8>, Vec<PickleBuffer<'static>>), Failed> {
    let (mut bytes, mut buffers) = (Vec::new(), Vec::new());
    Pickler::new(&mut bytes)
        .protocol(5)
        .memo(MemoPolicy::All)
        .buffer_callback(&mut |buffer| {
            buffers.push(buffer.into_owned());
            Ok(in_band(buffers.len() - 1))
        })
        .dump(value)?;
    Ok((bytes, buffers))
}

/// The judge's option for what it is given.
fn option(buffers: &[PickleBuffer<'_>]) -> String {
    let words = buffers.iter().map(|buffer| {
        let kind = if buffer.is_readonly() { "r" } else { "w" };
        format!("{kind}:{}", hex(buffer.as_bytes()))
    });
    format!("buffers={}", words.collect::<Vec<_>>().join(","))
}

/// Whether `expression` holds of what the judge loads of a pickle and the buffers beside it.
fn check(
    judge: &Judge,
    pickle: &[u8],
    buffers: &[PickleBuffer<'_>],
    expression: &str,
) -> Result<bool, Failed> {
    let option = option(buffers);
    let (pickle, expression) = (hex(pickle), hex(expression.as_bytes()));
    let answer = judge.ask(&["check", &option, &pickle, &expression])?;
    Ok(answer == b"True")
}

fn ours_in_band(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for policy in [MemoPolicy::Shared, MemoPolicy::All] {
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes)
            .protocol(5)
            .memo(policy)
            .dump(&rasters())?;
        let equal = judge.check(&bytes, &format!("obj == {RASTERS}"))?;
        verdicts.note((!equal).then(|| format!("{policy:?}: {bytes:?}")));
    }
    verdicts.finish(2)
}

fn ours_out_of_band(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for in_band in 0..4 {
        let mut taken = Vec::new();
        let (bytes, buffers) = dump(&rasters(), |index| in_band & 1 << index != 0)?;
        for (index, buffer) in buffers.into_iter().enumerate() {
            if in_band & 1 << index == 0 {
                taken.push(buffer);
            }
        }
        let equal = if taken.is_empty() {
            judge.check(&bytes, &format!("obj == {RASTERS}"))?
        } else {
            check(judge, &bytes, &taken, &format!("obj == {RASTERS}"))?
        };
        verdicts.note((!equal).then(|| format!("{in_band:#b}: {bytes:?}")));
    }
    // The very objects that were given, if the pickle does not make them read-only.
    let (bytes, buffers) = dump(&rasters().map(|raster| raster.pixels), |_| false)?;
    let types = "[type(x) for x in obj] == [bytearray, bytes]";
    let same = check(judge, &bytes, &buffers, types)?;
    verdicts.note((!same).then(|| "not what was given".to_owned()));
    verdicts.finish(5)
}

fn theirs(judge: &Judge) -> Result<(), Failed> {
    let expected = rasters().map(|raster| raster.pixels);
    let python = "[zoo.PickleBuffer(bytearray(b'spam')), zoo.PickleBuffer(b'eggs')]";
    let in_band = judge.eval(python, 5)?;
    if loads::<[PickleBuffer<'_>; 2]>(&in_band)? != expected {
        return Err("in band".into());
    }
    let (pickle, buffers) = dumped_there(judge, python, "[False, False]")?;
    let unpickler = Unpickler::new().buffers(buffers.iter().map(Buffer::given));
    let loaded: [PickleBuffer<'_>; 2] = unpickler.loads(&pickle)?;
    if loaded != expected {
        return Err("out of band".into());
    }
    for ((_, given), loaded) in buffers.iter().map(Buffer::parts).zip(&loaded) {
        if given.as_ptr() != loaded.as_bytes().as_ptr() {
            return Err("a copy".into());
        }
    }
    Ok(())
}

/// Whether it is read-only, and the bytes.
#[derive(Debug, PartialEq)]
struct Buffer((bool, Vec<u8>));

impl Buffer {
    fn parts(&self) -> (bool, &[u8]) {
        (self.0.0, &self.0.1)
    }

    fn given(&self) -> PickleBuffer<'_> {
        match self.parts() {
            (true, bytes) => PickleBuffer::readonly(bytes),
            (false, bytes) => PickleBuffer::new(bytes),
        }
    }
}

/// What CPython writes, and the buffers that its callback is handed; it returns each of `answers`
/// in turn.
fn dumped_there(
    judge: &Judge,
    expression: &str,
    answers: &str,
) -> Result<(Vec<u8>, Vec<Buffer>), Failed> {
    let program = format!(
        "(lambda pickle, got, answers: \
            (pickle.dumps({expression}, 5, buffer_callback=lambda buffer: \
                (got.append(buffer), answers.pop(0))[1]), \
            [(memoryview(b).readonly, bytes(b)) for b in got])\
         )(__import__('pickle'), [], {answers})"
    );
    let (pickle, buffers): (Vec<u8>, Vec<(bool, Vec<u8>)>) = loads(&judge.eval(&program, 5)?)?;
    Ok((pickle, buffers.into_iter().map(Buffer).collect()))
}

/// The order of buffers, some of them met twice; what the callback returns for each that it is
/// handed; and whether that is true.
const CALLS: &[(&[usize], &str, &[bool])] = &[
    (&[], "[]", &[]),
    (&[0, 1], "[False, False]", &[false, false]),
    (&[0, 1], "[True, True]", &[true, true]),
    (&[0, 1], "[None, None]", &[false, false]),
    (&[0, 1], "[0, 1]", &[false, true]),
    (&[0, 1], "['', 'x']", &[false, true]),
    (&[0, 1], "[[], [0]]", &[false, true]),
    (&[0, 1], "[True, False]", &[true, false]),
    (&[0, 0, 1, 1], "[False] * 4", &[false; 4]),
    (&[0, 0, 1, 1], "[True] * 2", &[true; 2]),
    (&[0, 0, 0, 0], "[False, True]", &[false, true]),
    (&[1, 1, 1, 1], "[False, False, True]", &[false, false, true]),
    (&[2, 3, 2, 3], "[False] * 4", &[false; 4]),
    (&[2, 3, 2, 3], "[True] * 2", &[true; 2]),
    (&[4, 5, 0], "[True] * 3", &[true; 3]),
    (&[4, 5, 0, 4], "[False] * 4", &[false; 4]),
];

const SIZES: [usize; 6] = [4, 4, 0, 0, 70_000, 70_000];

fn callbacks(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for (order, python_answers, answers) in CALLS {
        let buffers: Vec<_> = SIZES
            .into_iter()
            .enumerate()
            .map(|(index, size)| {
                let bytes = vec![b'x'; size];
                Rc::new(if index % 2 == 0 {
                    PickleBuffer::new(bytes)
                } else {
                    PickleBuffer::readonly(bytes)
                })
            })
            .collect();
        let value: Vec<_> = order
            .iter()
            .map(|index| Rc::clone(&buffers[*index]))
            .collect();
        let (bytes, handed) = dump(&value, |index| answers[index])?;
        let expression = format!(
            "(lambda made: [made[i] for i in {order:?}])(\
                [zoo.PickleBuffer((bytes if i % 2 else bytearray)(b'x' * size)) \
                 for i, size in enumerate({SIZES:?})])"
        );
        let (expected, expected_handed) = dumped_there(judge, &expression, python_answers)?;
        let handed: Vec<_> = handed
            .into_iter()
            .map(|buffer| Buffer((buffer.is_readonly(), buffer.as_bytes().to_vec())))
            .collect();
        verdicts.note((bytes != expected).then(|| {
            let (bytes, expected) = (bytes.escape_ascii(), expected.escape_ascii());
            format!("{order:?} with {python_answers}: {bytes} instead of {expected}")
        }));
        verdicts
            .note((handed != expected_handed).then(|| {
                format!("{order:?} with {python_answers}: other buffers are handed over")
            }));
    }
    verdicts.finish(2 * CALLS.len())
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "zoo", name = "Raster", with = Made::reduce)]
struct Made {
    pixels: Arc<[u8]>,
}

impl Made {
    fn reduce(&self) -> Reduction<'_> {
        let pixels = PickleBuffer::shared(Arc::clone(&self.pixels));
        Reduction::new(make_raster, (pixels,))
    }
}

#[pickle_core::constructor(module = "zoo")]
fn make_raster(pixels: Arc<[u8]>) -> Made {
    Made { pixels }
}

fn made_of_buffers(judge: &Judge) -> Result<(), Failed> {
    let made = Made {
        pixels: Arc::from(*b"spam"),
    };
    let python = "zoo.Raster(b'spam')";
    let mut verdicts = Verdicts::default();
    for (in_band, answers) in [(true, "[True]"), (false, "[False]")] {
        let (bytes, mut buffers) = dump(&made, |_| in_band)?;
        let (expected, handed) = dumped_there(judge, python, answers)?;
        verdicts.note((bytes != expected).then(|| format!("{bytes:?} instead of {expected:?}")));
        let equal = format!("obj == {python}");
        let same = if in_band {
            buffers.clear();
            judge.check(&bytes, &equal)?
        } else {
            check(judge, &bytes, &buffers, &equal)?
        };
        verdicts.note((!same).then(|| format!("{bytes:?} is not {python}")));

        let given = handed.iter().map(Buffer::given);
        let loaded: Made = Unpickler::new().buffers(given).loads(&expected)?;
        verdicts.note((loaded != made).then(|| format!("{loaded:?}")));
    }
    verdicts.finish(6)
}

fn refusals(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for protocol in 0..5 {
        let there = judge.eval("zoo.PickleBuffer(b'spam')", protocol);
        let here = Pickler::new(&mut Vec::new())
            .protocol(protocol)
            .dump(&PickleBuffer::readonly(&b"spam"[..]));
        let wrong = there.is_ok() || here.is_ok();
        verdicts.note(wrong.then(|| format!("a buffer in protocol {protocol}")));

        let call = format!("__import__('pickle').dumps(1, {protocol}, buffer_callback=[].append)");
        let there = judge.eval(&call, 2);
        let here = Pickler::new(&mut Vec::new())
            .protocol(protocol)
            .buffer_callback(&mut |_| Ok(false))
            .dump(&1);
        let wrong = there.is_ok() || here.is_ok();
        verdicts.note(wrong.then(|| format!("a callback in protocol {protocol}")));
    }
    let part = "__import__('pickle').dumps(zoo.PickleBuffer(memoryview(b'foobar')[::2]), 5)";
    let wrong = judge.eval(part, 2).is_ok();
    verdicts.note(wrong.then(|| "a buffer with gaps".to_owned()));
    verdicts.finish(11)
}

/// Pickles that refer to a few buffers.
const LOADS: &[&[u8]] = &[
    b"\x80\x05\x97.",
    b"\x80\x05\x97\x98.",
    b"\x80\x05\x97\x98\x98.",
    b"\x80\x04\x97.",
    b"\x97.",
    b"\x80\x05(\x97\x97l.",
    b"\x80\x05(\x97\x97\x97l.",
    b"\x80\x05(\x97\x94h\0\x98l.",
    b"\x80\x05}\x97Ns.",
    b"\x80\x05}\x97\x98Ns.",
    b"\x80\x05\x8f(\x97\x98\x90.",
    b"\x80\x05(\x97\x91.",
    b"\x80\x05N\x98.",
    b"\x80\x05\x98.",
    b"\x80\x05C\x04spam\x98.",
];

fn loading(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    let given = [
        [
            PickleBuffer::readonly(&b"spam"[..]),
            PickleBuffer::readonly(&b"eggs"[..]),
        ],
        [
            PickleBuffer::new(&b"spam"[..]),
            PickleBuffer::new(&b"eggs"[..]),
        ],
        [
            PickleBuffer::new(&b"spam"[..]),
            PickleBuffer::readonly(&b"eggs"[..]),
        ],
    ];
    for pickle in LOADS {
        for buffers in &given {
            let there = check(judge, pickle, buffers, "True").is_ok();
            let here = Unpickler::new().buffers(buffers.clone()).graph(pickle);
            let title = format!("{} of {buffers:?}", pickle.escape_ascii());
            verdicts
                .note((there != here.is_ok()).then(|| format!("{title}: loads there: {there}")));
            let Some(found) = here.ok().and_then(|graph| leaf(&graph)) else {
                continue;
            };
            let expression = format!(
                "(memoryview(obj).readonly, bytes(obj)) == ({}, bytes.fromhex('{}'))",
                if found.is_readonly() { "True" } else { "False" },
                hex(found.as_bytes())
            );
            let same = check(judge, pickle, buffers, &expression)?;
            verdicts.note((!same).then(|| format!("{title}: {expression} is false there")));
        }
    }
    verdicts.finish(3 * LOADS.len())
}

fn leaf(graph: &Graph<'static>) -> Option<PickleBuffer<'static>> {
    graph.construct().ok()
}
