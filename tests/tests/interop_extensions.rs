//! Extension codes both ways: CPython has the same codes registered as we have.

use std::process::ExitCode;

use libtest_mimic::Failed;
use pickle_core::copyreg::add_extension;
use pickle_core::{Graph, MemoPolicy, Pickler, QualName, Reduce, View, loads};
use pickle_tests::interop::{EVERY_VERSION, InteropTest, NEWEST_VERSION, Verdicts, run};
use pickle_tests::python::{Judge, Version};

const TESTS: &[InteropTest] = &[
    ("codes_dumped_here_are_loaded_there", EVERY_VERSION, ours),
    ("codes_dumped_there_are_loaded_here", EVERY_VERSION, theirs),
    (
        "graphs_with_codes_are_dumped_as_there",
        NEWEST_VERSION,
        redumps,
    ),
    (
        "nested_names_with_codes_are_loaded_there",
        THREE,
        nested_names,
    ),
    ("bad_codes_are_refused_here_and_there", EVERY_VERSION, bad),
    (
        "names_of_python_2_with_codes_are_mapped_as_there",
        THREE,
        mapped_names,
    ),
];

/// 2.7 has no nested classes, and no mapping of names.
const THREE: &[Version] = EVERY_VERSION.split_at(1).1;

/// For each opcode, a code at either end of what it holds. All of them are classes.
const CODES: [(&str, &str, u32); 6] = [
    ("zoo", "Plain", 1),
    ("zoo", "Child", 0xff),
    ("zoo", "Key", 0x100),
    ("zoo", "List", 0xffff),
    ("zoo", "Outer", 0x1_0000),
    ("collections", "OrderedDict", 0x7fff_ffff),
];
const NESTED: (&str, &str, u32) = ("zoo", "Outer.Inner", 0x51);
const PYTHON_2: (&str, &str, u32) = ("__builtin__", "xrange", 0x52);

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "zoo")]
struct Plain {
    x: i32,
}

fn main() -> ExitCode {
    pickle_tests::zoo::link();
    for (module, qualname, code) in CODES.into_iter().chain([NESTED, PYTHON_2]) {
        add_extension(&QualName::new(module, qualname), code).expect("nobody else has it");
    }
    run(TESTS)
}

/// Registers a code in the judge's interpreter.
fn register(judge: &Judge, (module, qualname, code): (&str, &str, u32)) -> Result<(), Failed> {
    let copyreg = match judge.version() {
        Version(2, _) => "copy_reg",
        _ => "copyreg",
    };
    let call = format!("__import__('{copyreg}').add_extension('{module}', '{qualname}', {code})");
    judge.eval(&call, 2)?;
    Ok(())
}

fn protocols(judge: &Judge) -> std::ops::RangeInclusive<u8> {
    2..=judge.version().highest_protocol()
}

/// The opcode and argument, as the wire format has them.
fn opcode(code: u32) -> Vec<u8> {
    let bytes = code.to_le_bytes();
    match code {
        ..=0xff => [&[0x82], &bytes[..1]].concat(),
        0x100..=0xffff => [&[0x83], &bytes[..2]].concat(),
        _ => [&[0x84], &bytes[..]].concat(),
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn global(module: &str, qualname: &str) -> Graph<'static> {
    let pickle = [
        b"\x80\x04V",
        module.as_bytes(),
        b"\nV",
        qualname.as_bytes(),
        b"\n\x93.",
    ];
    let graph = Graph::parse(&pickle.concat()).map(Graph::into_owned);
    graph.expect("it is a global")
}

fn dump(value: &impl Reduce, protocol: u8) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes).protocol(protocol).dump(value)?;
    Ok(bytes)
}

fn is_global(graph: &Graph<'_>, expected: &QualName<'_>) -> bool {
    matches!(graph.root().view(), View::Global(name) if name == *expected)
}

fn ours(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for coded @ (module, qualname, code) in CODES {
        register(judge, coded)?;
        let class = format!("__import__('{module}').{qualname}");
        for protocol in protocols(judge) {
            let bytes = dump(&global(module, qualname), protocol)?;
            let right = contains(&bytes, &opcode(code))
                && judge.check(&bytes, &format!("obj is {class}"))?;
            verdicts.note((!right).then(|| format!("{qualname} in {protocol}: {bytes:?}")));
        }
    }
    for protocol in protocols(judge) {
        let bytes = dump(&[Plain { x: 1 }, Plain { x: 2 }], protocol)?;
        let right = contains(&bytes, &opcode(1))
            && judge.check(&bytes, "obj == [zoo.Plain(x=1), zoo.Plain(x=2)]")?;
        verdicts.note((!right).then(|| format!("instances in {protocol}: {bytes:?}")));
    }
    verdicts.finish(7)
}

fn theirs(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for coded @ (module, qualname, code) in CODES {
        register(judge, coded)?;
        let class = format!("__import__('{module}').{qualname}");
        for protocol in protocols(judge) {
            let bytes = judge.eval(&class, protocol)?;
            let name = QualName::new(module, qualname);
            let right = contains(&bytes, &opcode(code)) && is_global(&Graph::parse(&bytes)?, &name);
            verdicts.note((!right).then(|| format!("{qualname} in {protocol}: {bytes:?}")));
        }
    }
    for protocol in protocols(judge) {
        let bytes = judge.eval("[zoo.Plain(x=1), zoo.Plain(x=2)]", protocol)?;
        let loaded: Vec<Plain> = loads(&bytes)?;
        let right = contains(&bytes, &opcode(1)) && loaded == [Plain { x: 1 }, Plain { x: 2 }];
        verdicts.note((!right).then(|| format!("instances in {protocol}: {bytes:?}")));
    }
    verdicts.finish(7)
}

fn redumps(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for coded in CODES {
        register(judge, coded)?;
    }
    let classes = CODES.map(|(module, qualname, _)| format!("__import__('{module}').{qualname}"));
    for expression in classes
        .iter()
        .map(|class| format!("[{class}, {class}]"))
        .chain(["[zoo.Plain(x=1), zoo.Plain(x=2), zoo.Key(3)]".to_owned()])
    {
        for protocol in protocols(judge) {
            let expected = judge.eval(&expression, protocol)?;
            let mut bytes = Vec::new();
            Pickler::new(&mut bytes)
                .protocol(protocol)
                .memo(MemoPolicy::All)
                .dump(&Graph::parse(&expected)?)?;
            verdicts.note(
                (bytes != expected).then(|| {
                    format!("{expression} in {protocol}: {bytes:?} instead of {expected:?}")
                }),
            );
        }
    }
    verdicts.finish(28)
}

/// Below 4 CPython writes a pickle that it cannot load: we write the name there.
fn nested_names(judge: &Judge) -> Result<(), Failed> {
    register(judge, NESTED)?;
    let (module, qualname, code) = NESTED;
    let theirs = judge.eval("zoo.Outer.Inner", 2)?;
    let refused = judge.check(&theirs, "True").is_err() && Graph::parse(&theirs).is_err();
    let mut verdicts = Verdicts::default();
    verdicts.note((!refused).then(|| format!("{theirs:?} is loaded")));
    for protocol in protocols(judge) {
        let bytes = dump(&global(module, qualname), protocol)?;
        let right = contains(&bytes, &opcode(code)) == (protocol >= 4)
            && judge.check(&bytes, "obj is zoo.Outer.Inner")?;
        verdicts.note((!right).then(|| format!("in {protocol}: {bytes:?}")));
    }
    verdicts.finish(4)
}

fn bad(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for pickle in [
        &b"\x82\0."[..],
        b"\x83\0\0.",
        b"\x84\0\0\0\0.",
        b"\x84\xff\xff\xff\xff.",
        b"\x84\0\0\0\x80.",
        b"\x82\x77.",
        b"\x83\x77\x77.",
        b"\x84\x77\x77\x77\x77.",
    ] {
        let refused = judge.check(pickle, "True").is_err() && Graph::parse(pickle).is_err();
        verdicts.note((!refused).then(|| format!("{pickle:?} is loaded")));
    }
    verdicts.finish(8)
}

fn mapped_names(judge: &Judge) -> Result<(), Failed> {
    register(judge, PYTHON_2)?;
    let mut verdicts = Verdicts::default();
    let two = b"\x80\x02\x82\x52.";
    let mapped = judge.check(two, "obj is range")?
        && is_global(&Graph::parse(two)?, &QualName::new("builtins", "range"));
    verdicts.note((!mapped).then(|| "protocol 2 maps no name".to_owned()));
    verdicts.finish(1)
}
