//! The extension registry: codes that stand for names. It is global, so that each test has names
//! and codes of its own.

#![allow(clippy::unwrap_used, reason = "tests")]

use pickle_core::copyreg::{ExtensionError, add_extension, remove_extension};
use pickle_core::{
    Construct, ErrorKind, Graph, LookupError, MemoPolicy, Pickler, QualName, Reduce, Result, View,
    loads,
};

const fn name(qualname: &'static str) -> QualName<'static> {
    QualName::new("tests.extensions", qualname)
}

fn dumps(value: &impl Reduce, protocol: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(protocol);
    pickler.dump(value).expect("it can be dumped");
    bytes
}

fn global(name: &QualName<'_>) -> Graph<'static> {
    let line = format!("c{}\n{}\n.", name.module(), name.qualname());
    Graph::parse(line.as_bytes()).unwrap().into_owned()
}

fn loaded_name(pickle: &[u8]) -> Result<QualName<'static>> {
    let graph = Graph::parse(pickle)?;
    match graph.root().view() {
        View::Global(name) => Ok(name.into_owned()),
        other => panic!("{other:?} is no global"),
    }
}

#[track_caller]
fn fails(result: Result<()>, expected: ExtensionError) {
    let error = result.expect_err("it is refused");
    assert_eq!(*error.kind(), ErrorKind::Extension(expected));
}

#[test]
fn a_code_stands_for_a_name_in_the_smallest_opcode_that_holds_it() {
    for (qualname, code, opcode) in [
        ("One", 0x21, &b"\x82\x21"[..]),
        ("OneMost", 0xff, b"\x82\xff"),
        ("Two", 0x100, b"\x83\x00\x01"),
        ("TwoMixed", 0xabcd, b"\x83\xcd\xab"),
        ("TwoMost", 0xffff, b"\x83\xff\xff"),
        ("Four", 0x1_0000, b"\x84\x00\x00\x01\x00"),
        ("FourMixed", 0x12ab_cdef, b"\x84\xef\xcd\xab\x12"),
        ("FourMost", 0x7fff_fffe, b"\x84\xfe\xff\xff\x7f"),
    ] {
        let name = name(qualname);
        add_extension(&name, code).unwrap();
        for protocol in 2..=5 {
            let bytes = dumps(&global(&name), protocol);
            let body = bytes.strip_suffix(b".").unwrap();
            assert!(body.ends_with(opcode), "{qualname}: {bytes:?}");
            assert!(bytes.len() <= 2 + 9 + opcode.len() + 1, "{bytes:?}");
            assert_eq!(loaded_name(&bytes).unwrap(), name);
        }
        for protocol in 0..2 {
            let bytes = dumps(&global(&name), protocol);
            assert!(bytes.starts_with(b"ctests.extensions\n"), "{bytes:?}");
        }
    }
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "tests.extensions")]
struct Uncoded {
    a: u8,
}

#[test]
fn a_class_without_a_code_is_given_one() {
    add_extension(&name("Uncoded"), 0x22).unwrap();
    for protocol in 2..=5 {
        let bytes = dumps(&[Uncoded { a: 1 }, Uncoded { a: 2 }], protocol);
        let codes = bytes.windows(2).filter(|pair| pair == b"\x82\x22").count();
        assert_eq!(codes, 2, "{bytes:?}");
        let loaded: Vec<Uncoded> = loads(&bytes).unwrap();
        assert_eq!(loaded, [Uncoded { a: 1 }, Uncoded { a: 2 }]);
    }
}

#[derive(Reduce, Debug, PartialEq)]
#[reduce(module = "tests.extensions")]
enum Colour {
    Red,
    Green,
}

#[test]
fn members_of_an_enum_with_a_code_come_back() {
    add_extension(&name("Colour"), 0x23).unwrap();
    for protocol in 2..=5 {
        let colours = [Colour::Red, Colour::Green, Colour::Red];
        let bytes = dumps(&colours, protocol);
        assert!(bytes.windows(2).any(|pair| pair == b"\x82\x23"));
        assert_eq!(loads::<[Colour; 3]>(&bytes).unwrap(), colours);
    }
}

#[test]
fn codes_are_1_to_0x7fffffff() {
    let name = name("Limits");
    for code in [1, 0x7fff_ffff] {
        add_extension(&name, code).unwrap();
        assert_eq!(loaded_name(&dumps(&global(&name), 2)).unwrap(), name);
        remove_extension(&name, code).unwrap();
    }
    for code in [0, 0x8000_0000, u32::MAX] {
        fails(add_extension(&name, code), ExtensionError::OutOfRange(code));
    }
}

#[test]
fn adding_the_same_again_does_nothing() {
    let name = name("Repeated");
    add_extension(&name, 0x24).unwrap();
    add_extension(&name, 0x24).unwrap();
    remove_extension(&name, 0x24).unwrap();
    assert!(loaded_name(b"\x82\x24.").is_err());
}

#[test]
fn a_name_has_one_code_and_a_code_one_name() {
    let (one, other) = (name("OneName"), name("OtherName"));
    add_extension(&one, 0x25).unwrap();
    fails(
        add_extension(&one, 0x26),
        ExtensionError::NameInUse {
            name: one.clone(),
            code: 0x26,
            held: 0x25,
        },
    );
    fails(
        add_extension(&other, 0x25),
        ExtensionError::CodeInUse {
            code: 0x25,
            name: other.clone(),
            holder: one.clone(),
        },
    );
    // Names are pairs.
    fails(
        add_extension(&QualName::new("tests", "extensions.OneName"), 0x25),
        ExtensionError::CodeInUse {
            code: 0x25,
            name: QualName::new("tests", "extensions.OneName"),
            holder: one.clone(),
        },
    );
    assert_eq!(loaded_name(b"\x82\x25.").unwrap(), one);
    assert!(loaded_name(b"\x82\x26.").is_err());
}

#[test]
fn only_what_was_added_is_removed() {
    let (one, other) = (name("Removed"), name("Never"));
    add_extension(&one, 0x27).unwrap();
    for (name, code) in [(&one, 0x28), (&other, 0x27), (&other, 0x28)] {
        let expected = ExtensionError::NotRegistered {
            name: name.clone(),
            code,
        };
        fails(remove_extension(name, code), expected);
    }
    assert_eq!(loaded_name(b"\x82\x27.").unwrap(), one);

    remove_extension(&one, 0x27).unwrap();
    let expected = ExtensionError::NotRegistered {
        name: one.clone(),
        code: 0x27,
    };
    fails(remove_extension(&one, 0x27), expected);
    assert_eq!(
        dumps(&global(&one), 2),
        b"\x80\x02ctests.extensions\nRemoved\nq\0."
    );
}

#[derive(Reduce)]
#[reduce(module = "tests.extensions", extension = 0x29)]
struct Linked;

#[test]
fn codes_of_the_attribute_count() {
    let (linked, other) = (name("Linked"), name("NotLinked"));
    add_extension(&linked, 0x29).unwrap();
    fails(
        add_extension(&linked, 0x2a),
        ExtensionError::NameInUse {
            name: linked.clone(),
            code: 0x2a,
            held: 0x29,
        },
    );
    fails(
        add_extension(&other, 0x29),
        ExtensionError::CodeInUse {
            code: 0x29,
            name: other.clone(),
            holder: linked.clone(),
        },
    );
    assert_eq!(loaded_name(b"\x82\x29.").unwrap(), linked);
    assert!(dumps(&Linked, 2).starts_with(b"\x80\x02\x82\x29"));
}

#[test]
fn a_code_of_the_attribute_stays() {
    let error = remove_extension(&name("Linked"), 0x29).unwrap_err();
    let ErrorKind::Extension(ExtensionError::OfClass {
        name: class,
        code: 0x29,
        declared,
    }) = error.kind()
    else {
        panic!("{error}")
    };
    assert_eq!(*class, name("Linked"));
    assert!(declared.file.ends_with("extensions.rs"), "{declared}");

    let expected = ExtensionError::NotRegistered {
        name: name("Linked"),
        code: 0x2b,
    };
    fails(remove_extension(&name("Linked"), 0x2b), expected);
}

#[derive(Reduce)]
#[reduce(module = "tests.extensions", name = "Twice", extension = 0x33)]
struct Twice;

#[derive(Reduce)]
#[reduce(module = "tests.extensions", name = "Twice", extension = 0x34)]
struct TwiceToo;

#[derive(Reduce)]
#[reduce(module = "tests.extensions", extension = 0x34)]
struct SameCode;

#[test]
fn classes_in_conflict_disturb_only_what_they_claim() {
    add_extension(&name("Twice"), 0x35).unwrap();
    assert_eq!(loaded_name(b"\x82\x35.").unwrap(), name("Twice"));
    assert!(dumps(&Twice, 2).starts_with(b"\x80\x02\x82\x35"));
    for error in [
        add_extension(&name("Thrice"), 0x34).unwrap_err(),
        loaded_name(b"\x82\x34.").unwrap_err(),
    ] {
        let ErrorKind::Lookup(LookupError::Conflict(conflict)) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(conflict.claimants().len(), 2);
    }
}

#[derive(Reduce)]
#[reduce(module = "tests.extensions", alias = "tests.extensions:OldName")]
struct Renamed;

#[test]
fn a_former_name_has_a_code_of_its_own() {
    add_extension(&name("OldName"), 0x2c).unwrap();
    assert!(!dumps(&Renamed, 2).contains(&0x82));
    assert!(loads::<Renamed>(b"\x82\x2c)R.").is_ok());
}

#[test]
fn messages_name_both_sides() {
    let (one, other) = (name("Told"), name("Untold"));
    add_extension(&one, 0x2d).unwrap();
    for (result, message) in [
        (
            add_extension(&one, 0x2e),
            "tests.extensions.Told cannot have extension code 46: it has 45 already",
        ),
        (
            add_extension(&other, 0x2d),
            "extension code 45 cannot be that of tests.extensions:Untold: \
             it is that of tests.extensions:Told already",
        ),
        (
            remove_extension(&other, 0x2d),
            "tests.extensions.Untold does not have extension code 45",
        ),
        (
            add_extension(&one, 0),
            "extension code 0 is out of range: codes are 1 to 0x7fffffff",
        ),
    ] {
        assert_eq!(result.unwrap_err().to_string(), message);
    }
}

/// What CPython's does: a name that was written is in the memo, a code never is.
#[test]
fn a_pickler_writes_what_is_registered_at_the_time() {
    let name = name("Changing");
    let graph = global(&name);
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(2).memo(MemoPolicy::All);
    add_extension(&name, 0x2f).unwrap();
    pickler.dump(&[&graph, &graph]).unwrap();
    remove_extension(&name, 0x2f).unwrap();
    pickler.dump(&[&graph, &graph]).unwrap();
    add_extension(&name, 0x2f).unwrap();
    pickler.dump(&[&graph, &graph]).unwrap();
    drop(pickler);
    let expected: [&[u8]; 3] = [
        b"\x80\x02]q\0(\x82\x2f\x82\x2fe.",
        b"\x80\x02]q\x01(ctests.extensions\nChanging\nq\x02h\x02e.",
        b"\x80\x02]q\x03(h\x02h\x02e.",
    ];
    assert_eq!(bytes, expected.concat(), "{}", bytes.escape_ascii());
}

#[test]
fn a_nested_name_has_its_code_from_protocol_4_on() {
    let nested = QualName::new("tests.extensions", "Outer.Inner");
    add_extension(&nested, 0x30).unwrap();
    let graph = Graph::parse(b"\x80\x04\x82\x30.").unwrap();
    for protocol in 0..=5 {
        let bytes = dumps(&graph, protocol);
        assert_eq!(bytes.contains(&0x82), protocol >= 4, "{bytes:?}");
        assert_eq!(Graph::parse(&bytes).unwrap(), graph);
    }
    let error = Graph::parse(b"\x80\x02\x82\x30.").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::BadArgument { .. }),
        "{error}"
    );
}

#[test]
fn names_of_python_2_are_mapped_when_a_code_is_loaded() {
    add_extension(&QualName::new("__builtin__", "xrange"), 0x31).unwrap();
    let loaded = loaded_name(b"\x80\x02\x82\x31.").unwrap();
    assert_eq!(loaded, QualName::new("builtins", "range"));
    let loaded = loaded_name(b"\x80\x03\x82\x31.").unwrap();
    assert_eq!(loaded, QualName::new("__builtin__", "xrange"));
}

#[test]
fn a_code_on_the_wire_is_positive() {
    for pickle in [
        &b"\x82\0."[..],
        b"\x83\0\0.",
        b"\x84\0\0\0\0.",
        b"\x84\xff\xff\xff\xff.",
        b"\x84\0\0\0\x80.",
    ] {
        let error = loaded_name(pickle).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::BadArgument { .. }),
            "{error}"
        );
        assert_eq!(error.offset(), Some(0));
    }
}

#[test]
fn a_code_that_nobody_registered_is_an_error() {
    for (pickle, code) in [
        (&b"\x82\xf9."[..], 0xf9),
        (b"\x83\xf9\0.", 0xf9),
        (b"\x83\xf9\xf9.", 0xf9f9),
        (b"\x84\xf9\xf9\xf9\x79.", 0x79f9_f9f9),
    ] {
        let error = loaded_name(pickle).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::UnknownExtension(code));
    }
}

/// A name that nobody registered as a class is data; it is an error to construct it.
#[test]
fn a_code_registers_no_class() {
    add_extension(&name("Nobody"), 0x32).unwrap();
    fn load<'g, T: Construct<'g>>() -> Option<T> {
        loads(b"\x82\x32)\x81.").ok()
    }
    assert!(load::<Uncoded>().is_none());
    assert!(Graph::parse(b"\x82\x32)\x81.").is_ok());
}

#[test]
fn threads_add_and_remove_while_others_dump_and_load() {
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                let name = QualName::owned("tests.threads", format!("T{thread}"));
                let (graph, code) = (global(&name), 0x7000 + thread);
                for _ in 0..500 {
                    add_extension(&name, code).unwrap();
                    let bytes = dumps(&graph, 2);
                    assert_eq!(bytes[2], 0x83);
                    assert_eq!(loaded_name(&bytes).unwrap(), name);
                    remove_extension(&name, code).unwrap();
                    assert_eq!(dumps(&graph, 2)[2], b'c');
                    assert!(loaded_name(&bytes).is_err());
                }
            });
        }
    });
}
