//! What an `Unpickler` is told that a pickle may name: exact pairs, held against every global as it
//! is parsed, on both ways of loading.

use pickle_core::{Error, ErrorKind, Pickler, QualName, Reduce, Unpickler, copyreg};

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "policy")]
struct Point {
    x: i64,
    y: i64,
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "policy")]
struct Line {
    from: Point,
    to: Point,
}

const LINE: Line = Line {
    from: Point { x: 1, y: 2 },
    to: Point { x: 3, y: 4 },
};

/// What was refused: names, and where they are.
fn forbidden(error: &Error) -> Vec<(String, usize)> {
    let ErrorKind::Forbidden { globals } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(error.offset(), globals.first().map(|(_, at)| *at as u64));
    let globals = globals.iter();
    globals
        .map(|(name, at)| (format!("{name:#}"), *at))
        .collect()
}

fn refused(unpickler: &Unpickler<'_>, pickle: &'static [u8]) -> Vec<(String, usize)> {
    match Unpickler::clone(unpickler).graph(pickle) {
        Ok(graph) => panic!("{graph:?}"),
        Err(error) => forbidden(&error),
    }
}

#[test]
fn every_opcode_that_names_a_global_is_held_against_the_list() {
    let careful = Unpickler::new().allow([("builtins", "int")]);
    let extension = QualName::new("policy", "Extension");
    copyreg::add_extension(&extension, 0x7a11).expect("the code is free");
    let cases: &[(&'static [u8], &str, usize)] = &[
        (b"cposix\nsystem\n.", "posix:system", 0),
        (b"(S'id'\niposix\nsystem\n.", "posix:system", 7),
        (b"(cposix\nsystem\nS'id'\no.", "posix:system", 1),
        (
            b"\x80\x04\x8c\x05posix\x8c\x06system\x93.",
            "posix:system",
            17,
        ),
        (b"\x80\x02\x83\x11\x7a.", "policy:Extension", 2),
        // Names of Python 2, as Python 3 knows them.
        (b"c__builtin__\neval\n.", "builtins:eval", 0),
        // An attribute of a class, fetched by a call.
        (
            b"c__builtin__\ngetattr\n(c__builtin__\nint\nS'real'\ntR.",
            "builtins:getattr",
            0,
        ),
    ];
    for (pickle, name, offset) in cases {
        let refused = refused(&careful, pickle);
        let expected = ((*name).to_owned(), *offset);
        assert_eq!(
            refused.first(),
            Some(&expected),
            "{}",
            pickle.escape_ascii()
        );
    }
    copyreg::remove_extension(&extension, 0x7a11).expect("it was added");
}

#[test]
fn what_is_thrown_away_counts_too() {
    let careful = Unpickler::new().allow([("builtins", "int")]);
    let pickles: [&'static [u8]; 6] = [
        b"cos\nsystem\n0N.",
        b"(cos\nsystem\n1N.",
        b"cos\nsystem\np0\n0N.",
        b"(dS'k'\ncos\nsystem\nsS'k'\nNs.",
        b"cos\nsystem\n(S'id'\ntR0N.",
        b"\x80\x04(\x8c\x02os\x8c\x06system\x93K\x011N.",
    ];
    for pickle in pickles {
        let refused = refused(&careful, pickle);
        assert_eq!(refused.len(), 1, "{}", pickle.escape_ascii());
        assert_eq!(refused[0].0, "os:system", "{}", pickle.escape_ascii());
    }
}

#[test]
fn pairs_are_compared_and_not_joined_names_or_prefixes() {
    let careful = Unpickler::new().allow([("a", "b.c"), ("collections", "OrderedDict")]);
    let allowed: [&'static [u8]; 2] = [
        b"\x80\x04\x8c\x01a\x8c\x03b.c\x93.",
        b"ccollections\nOrderedDict\n.",
    ];
    for pickle in allowed {
        assert!(careful.graph(pickle).is_ok(), "{}", pickle.escape_ascii());
    }
    let others: [&'static [u8]; 7] = [
        b"ca.b\nc\n.",
        b"\x80\x04\x8c\x01a\x8c\x01b\x93.",
        b"\x80\x04\x8c\x01a\x8c\x05b.c.d\x93.",
        b"ccollections\nOrderedDict2\n.",
        b"ccollections\nordereddict\n.",
        b"ccollections\nOrderedDict\r\n.",
        b"ccollections.OrderedDict\nOrderedDict\n.",
    ];
    for pickle in others {
        assert_eq!(
            refused(&careful, pickle).len(),
            1,
            "{}",
            pickle.escape_ascii()
        );
    }
}

#[test]
fn all_that_is_refused_is_reported_at_once() {
    let careful = Unpickler::new().allow([("builtins", "int")]);
    // The second `os.system` is not told again; that the stream breaks does not hide the first.
    let pickle = b"cos\nsystem\ncbuiltins\nint\ncos\nsystem\ncnt\nsystem\n\x1b[31m";
    let refused = refused(&careful, pickle);
    let expected = [("os:system".to_owned(), 0), ("nt:system".to_owned(), 36)];
    assert_eq!(refused, expected);

    let many = (0..20)
        .map(|number| format!("cm\nf{number}\n0"))
        .collect::<String>();
    let many = careful
        .graph(many.as_bytes())
        .expect_err("it names what it may not");
    assert_eq!(
        many.to_string(),
        "the pickle may not name m.f0, nor m.f1 at byte 7, nor m.f2 at byte 14, nor m.f3 at byte \
         21, nor m.f4 at byte 28, nor m.f5 at byte 35, nor m.f6 at byte 42, nor m.f7 at byte 49, \
         nor 12 others (at byte 0)"
    );
    let escaped = careful
        .graph(b"cm\n\x1b[31mf\n.")
        .expect_err("it names what it may not");
    assert_eq!(
        escaped.to_string(),
        r"the pickle may not name m.\u{1b}[31mf (at byte 0)"
    );
}

#[test]
fn typed_loads_are_narrowed_below_the_registry() {
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        let dumped = Pickler::new(&mut bytes).protocol(protocol).dump(&LINE);
        dumped.expect("it can be pickled");
        // What low protocols make instances with.
        let low = [("copyreg", "_reconstructor"), ("builtins", "object")];
        let both = Unpickler::new()
            .allow([("policy", "Line"), ("policy", "Point")])
            .allow(low);
        let line = both.loads::<Line>(&bytes).ok();
        assert_eq!(line, Some(LINE), "protocol {protocol}");

        let one = Unpickler::new().allow([("policy", "Line")]).allow(low);
        let not_other = Unpickler::new().deny([("policy", "Point")]);
        for unpickler in [one, not_other] {
            let error = unpickler
                .loads::<Line>(&bytes)
                .expect_err("it names what it may not");
            let refused = forbidden(&error);
            assert_eq!(refused.len(), 1, "protocol {protocol}");
            assert_eq!(refused[0].0, "policy:Point", "protocol {protocol}");
            let mut reader = &bytes[..];
            let error = unpickler
                .load::<Line>(&mut reader)
                .expect_err("it names what it may not");
            assert_eq!(forbidden(&error), refused, "protocol {protocol}");
            let mut stream = unpickler.stream(&bytes[..]);
            let error = stream.load::<Line>().expect_err("it names what it may not");
            assert_eq!(forbidden(&error), refused, "protocol {protocol}");
            assert_eq!(stream.load::<Line>().ok(), Some(None));
        }
    }
}

#[test]
fn items_are_not_made_of_what_is_refused() {
    let bytes = pickle_core::dumps(&[Point { x: 1, y: 2 }, Point { x: 3, y: 4 }]);
    let bytes = bytes.expect("they can be pickled");
    let narrow = Unpickler::new().deny([("policy", "Point")]);
    let items: Vec<_> = narrow.load_iter::<Point, _>(&bytes[..]).collect();
    assert_eq!(items.len(), 1);
    assert!(items[0].is_err());
}

#[test]
fn find_class_renames_and_refuses() {
    let unpickler = Unpickler::new().find_class(|name| match name.module() {
        "elsewhere" => Some(QualName::owned("policy", name.qualname())),
        "policy" => Some(name.clone().into_owned()),
        _ => None,
    });
    let moved = b"\x80\x02celsewhere\nPoint\n)\x81}(U\x01xK\x01U\x01yK\x02ub.";
    assert_eq!(unpickler.loads(moved).ok(), Some(Point { x: 1, y: 2 }));
    let line = pickle_core::dumps(&LINE).expect("it can be pickled");
    assert_eq!(unpickler.loads(&line).ok(), Some(LINE));
    assert_eq!(refused(&unpickler, b"cos\nsystem\n.")[0].0, "os:system");
    // The lists are asked about what it has become.
    let narrower = unpickler.deny([("policy", "Point")]);
    assert_eq!(refused(&narrower, moved)[0].0, "policy:Point");
}

#[test]
fn without_a_list_everything_may_be_named() {
    let graph = Unpickler::new().graph(b"cposix\nsystem\n.");
    assert!(graph.is_ok());
    assert!(
        Unpickler::new()
            .allow([])
            .graph(b"cposix\nsystem\n.")
            .is_err()
    );
    assert!(
        Unpickler::new()
            .deny([])
            .graph(b"cposix\nsystem\n.")
            .is_ok()
    );
}
