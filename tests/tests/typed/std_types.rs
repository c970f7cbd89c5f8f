//! The standard library's types.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use pickle_core::{ByteArray, FrozenSet, loads};

use super::{Case, loaded, loaded_by, looked_at, same, that, value};

/// Each listed number of one type.
macro_rules! ints {
    ($($type:ident: $($number:expr),+;)+) => {
        vec![$($({
            let number: $type = $number;
            value(number.to_string(), number)
        }),+),+]
    };
}

pub(crate) fn numbers() -> Vec<Case> {
    let mut cases = ints! {
        i8: i8::MIN, -1, 0, 1, i8::MAX;
        u8: 0, 1, u8::MAX;
        i16: i16::MIN, -129, 255, 256, i16::MAX;
        u16: 255, 256, u16::MAX;
        i32: i32::MIN, i32::MIN + 1, -65_536, -1, 65_535, 65_536, i32::MAX;
        u32: 1 << 31, u32::MAX;
        i64: i64::MIN, i64::MIN + 1, -(1 << 31) - 1, 1 << 31, 1 << 32, (1 << 39) - 1, 1 << 39,
            -(1 << 39), -(1 << 39) - 1, (1 << 53) + 1, i64::MAX;
        u64: 1 << 63, (1 << 63) - 1, u64::MAX;
        i128: i128::MIN, i128::MIN + 1, -(1 << 63) - 1, 1 << 63, 1 << 64, 1 << 126, i128::MAX;
        u128: 0, 1 << 127, (1 << 127) - 1, u128::MAX;
        isize: isize::MIN, isize::MAX;
        usize: usize::MIN, usize::MAX;
    };
    for (text, number) in [
        ("0.0", 0.0),
        ("-0.0", -0.0),
        ("1.0", 1.0),
        ("-1.5", -1.5),
        ("0.1", 0.1),
        ("1e16", 1e16),
        ("1e22", 1e22),
        ("123456789012345680.0", 123_456_789_012_345_680.0),
        ("1e-05", 1e-5),
        ("0.0001", 0.0001),
        ("5e-324", 5e-324),
        ("2.2250738585072014e-308", f64::MIN_POSITIVE),
        ("1.7976931348623157e+308", f64::MAX),
        ("-1.7976931348623157e+308", f64::MIN),
        ("float('inf')", f64::INFINITY),
        ("-float('inf')", f64::NEG_INFINITY),
        ("float('nan')", f64::NAN),
    ] {
        let bits = move |loaded: &f64| {
            let alike = loaded.to_bits() == number.to_bits() || loaded.is_nan() && number.is_nan();
            that(alike, text)
        };
        let looks = format!("type(obj) is float and repr(obj) == repr({text})");
        cases.push(looked_at(text, move || number, bits).holding(looks));
    }
    for number in [
        0.5f32,
        -0.0,
        16_777_216.0,
        f32::MAX,
        f32::MIN_POSITIVE,
        f32::INFINITY,
    ] {
        let text = format!("float('{number:e}')");
        cases.push(value(
            format!("{:?}", f64::from(number)).replace("inf", "float('inf')"),
            number,
        ));
        // To the nearest: the text is not what a double of it is.
        if number.is_finite() {
            cases.push(
                looked_at(
                    text,
                    move || number,
                    move |loaded: &f32| same(loaded, &number),
                )
                .holding(format!("abs(obj / {number:e} - 1) < 1e-6 if obj else True")),
            );
        }
    }
    // An int where a float is asked for.
    cases.push(value("1.0", 1.0).holding("obj == 1"));
    cases.push(looked_at(
        "9007199254740992",
        || 9_007_199_254_740_992u64,
        |loaded: &f64| same(loaded, &9_007_199_254_740_992.0),
    ));
    cases.extend([value("True", true), value("False", false)]);
    cases.extend([
        value("None", ()),
        value("None", None::<i32>),
        value("5", Some(5)),
    ]);
    cases.push(looked_at("()", || (), |(): &()| Ok(())).holding("obj is None"));
    cases.push(value("None", std::marker::PhantomData::<i32>));
    cases
}

/// A Python expression for text that all versions read alike.
fn text(text: &str) -> String {
    let mut literal = String::from("u'");
    for char in text.chars() {
        match char {
            ' '..='~' if char != '\'' && char != '\\' => literal.push(char),
            _ => write!(literal, "\\U{:08x}", u32::from(char)).expect("a String grows"),
        }
    }
    literal + "'"
}

pub(crate) fn text_and_bytes() -> Vec<Case> {
    let mut cases = Vec::new();
    let texts = [
        String::new(),
        "a".into(),
        "it's \"quoted\" \\ \\u0041 \\U00000041".into(),
        "\0\t\n\r\u{1a}\u{1b}\u{7f}\u{80}\u{85}\u{a0}\u{ff}\u{100}".into(),
        "\u{7ff}\u{800}\u{2028}\u{d7ff}\u{e000}\u{feff}\u{fffe}\u{ffff}".into(),
        "\u{10000}\u{1d11e}\u{10ffff}".into(),
        "x".repeat(255),
        "x".repeat(256),
        "é".repeat(127) + "x",
        "é".repeat(128),
    ];
    for string in texts {
        cases.push(value(text(&string), string));
    }
    for (unit, count) in [
        ("x", 65_535),
        ("x", 65_536),
        ("é", 32_768),
        ("\u{1d11e}", 16_384),
        ("\u{1d11e}\n", 4_000),
    ] {
        cases.push(value(
            format!("{} * {count}", text(unit)),
            unit.repeat(count),
        ));
    }
    for char in [
        '\0', 'a', '\\', '\n', 'ÿ', '\u{d7ff}', '\u{e000}', '\u{ffff}',
    ] {
        cases.push(value(text(&char.to_string()), char));
    }
    for char in ['\u{10000}', '\u{10ffff}'] {
        cases.push(value(text(&char.to_string()), char));
    }
    cases.push(value("u'shared'", Rc::<str>::from("shared")));
    cases.push(value("u'boxed'", Box::<str>::from("boxed")));
    cases.push(value("u'/usr/lib'", PathBuf::from("/usr/lib")));
    for (python, path) in [
        ("PurePosixPath('/usr/lib/python3')", "/usr/lib/python3"),
        ("PurePosixPath('lib', 'x.py')", "lib/x.py"),
        ("PurePath('.')", "."),
        ("Path('a b')", "a b"),
    ] {
        let python = format!("__import__('pathlib').{python}");
        let look = move |found: &PathBuf| same(found, &PathBuf::from(path));
        cases.push(loaded(python.clone(), look).since(3, 6));
        let look = move |found: &Rc<Path>| same(&**found, Path::new(path));
        cases.push(loaded(python, look).since(3, 6));
    }
    cases.push(loaded_by("u'cow\\n'", |bytes| {
        let loaded: Cow<'_, str> = loads(bytes).map_err(|error| error.to_string())?;
        same(&*loaded, "cow\n")
    }));
    for len in [0usize, 1, 255, 256, 65_536] {
        let bytes: Vec<u8> = (0..len)
            .map(|i| (i % 256).try_into().expect("it is below"))
            .collect();
        let list = format!("bytearray(i % 256 for i in range({len}))");
        cases.push(value(format!("bytes({list})"), bytes.clone()).not_written_by_2());
        cases.push(value(list, ByteArray(bytes)));
    }
    cases.push(value("b'\\0\\xff\\\\'", [0u8, 255, 92]).not_written_by_2());
    cases.push(value("b'\\0\\n'", Box::<[u8]>::from([0, 10])).not_written_by_2());
    cases.push(value("[0, 255]", VecDeque::from([0u8, 255])));
    cases.push(looked_at(
        "[0, 255]",
        || vec![0u16, 255],
        |loaded: &Vec<u8>| same(loaded, &vec![0, 255]),
    ));
    cases.push(loaded_by("[u'ab', u'']", |bytes| {
        // Text opcodes hold escapes only where there is something to escape.
        let loaded: Vec<&str> = loads(bytes).map_err(|error| error.to_string())?;
        that(loaded == ["ab", ""], "borrowed")
    }));
    cases.push(
        loaded_by("(b'ab', b'\\xff')", |bytes| {
            let loaded: (&[u8], &[u8]) = loads(bytes).map_err(|error| error.to_string())?;
            that(loaded == (b"ab", b"\xff"), "borrowed")
        })
        .written_from(3),
    );
    cases
}

pub(crate) fn containers() -> Vec<Case> {
    let mut cases = vec![
        value("[]", Vec::<i32>::new()),
        value(
            "[[], [1], [[2, 3]]]",
            vec![vec![], vec![vec![1]], vec![vec![2, 3]]],
        )
        .holding("obj == [[], [[1]], [[2, 3]]]")
        .not_written(),
        value(
            "[[[]], [[1], [2, 3]]]",
            vec![vec![vec![]], vec![vec![1], vec![2, 3]]],
        ),
        value("[None, 1, None]", vec![None, Some(1), None]),
        value("[1.0, -0.5]", vec![1.0, -0.5]),
        value("[True, False]", vec![true, false]),
        value("[1, 2, 3]", [1, 2, 3]),
        value("[1, 2, 3]", LinkedList::from([1, 2, 3])),
        value("[1, 2, 3]", VecDeque::from([1, 2, 3])),
        looked_at(
            "[1, 2, 3]",
            || BinaryHeap::from([3, 1, 2]),
            |loaded: &BinaryHeap<i32>| same(&loaded.clone().into_sorted_vec(), &vec![1, 2, 3]),
        )
        .holding("sorted(obj) == [1, 2, 3] and type(obj) is list"),
        value("{}", BTreeMap::<i32, i32>::new()),
        value(
            "{u'a': [1], u'b': []}",
            BTreeMap::from([("a".to_owned(), vec![1]), ("b".to_owned(), vec![])]),
        ),
        value(
            "{u'a': 1, u'b': 2}",
            HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]),
        )
        .unordered(),
        value(
            "{(1, u'x'): None, (2, u''): True}",
            BTreeMap::from([
                ((1, "x".to_owned()), None),
                ((2, String::new()), Some(true)),
            ]),
        ),
        value("{None: 1, 7: 2}", BTreeMap::from([(None, 1), (Some(7), 2)])),
        value("set()", BTreeSet::<i32>::new()).unordered(),
        value("set([1, 2, 3])", BTreeSet::from([1, 2, 3])).unordered(),
        value(
            "set([u'a', u'b'])",
            HashSet::from(["a".to_owned(), "b".to_owned()]),
        )
        .unordered(),
        value("frozenset()", FrozenSet::<i32>::default()).unordered(),
        value("frozenset([1, 2])", frozen([1, 2])).unordered(),
        value(
            "set([frozenset([1]), frozenset([2, 3])])",
            HashSet::from([frozen([1]), frozen([2, 3])]),
        )
        .unordered(),
        value(
            "{frozenset([1]): set([2])}",
            HashMap::from([(frozen([1]), HashSet::from([2]))]),
        )
        .unordered(),
        value("()", Vec::<i32>::new()).holding("obj == []"),
        value("(1, 2)", vec![1, 2]).holding("obj == [1, 2]"),
        value("[1, 2]", (1, 2)).holding("obj == (1, 2)"),
        value("frozenset([1])", HashSet::from([1])).holding("obj == set([1])"),
        value("set([1])", frozen([1])).holding("obj == frozenset([1]) and type(obj) is frozenset"),
    ];
    cases.extend(tuples());
    cases
}

fn frozen<const N: usize>(items: [i32; N]) -> FrozenSet<i32> {
    items.into_iter().collect()
}

fn tuples() -> Vec<Case> {
    vec![
        value("(1,)", (1,)),
        value("(1, u'2')", (1, "2".to_owned())),
        value("(1, 2.0, None)", (1, 2.0, ())),
        value("(1, 2, 3, 4)", (1, 2, 3, 4)),
        value("(((1,), 2), (3, (4,)))", (((1,), 2), (3, (4,)))),
        value(
            "(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)",
            (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        ),
        looked_at(
            "tuple(range(16))",
            || (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
            |t: &(
                u8,
                i8,
                u16,
                i16,
                u32,
                i32,
                u64,
                i64,
                u128,
                i128,
                usize,
                isize,
                u8,
                u8,
                u8,
                u8,
            )| {
                that(
                    (t.0, t.1, t.7, t.9, t.11, t.12, t.15) == (0, 1, 7, 9, 11, 12, 15),
                    "counted up",
                )
            },
        ),
    ]
}

/// Sizes around the batches that picklers write.
pub(crate) fn batches() -> Vec<Case> {
    let mut cases = Vec::new();
    for len in [1, 999, 1000, 1001, 2001] {
        let range = 0..len;
        cases.push(value(
            format!("list(range({len}))"),
            range.clone().collect::<Vec<i32>>(),
        ));
        cases.push(value(
            format!("dict((i, u'%d' % i) for i in range({len}))"),
            range
                .clone()
                .map(|i| (i, i.to_string()))
                .collect::<BTreeMap<i32, String>>(),
        ));
        cases.push(
            value(
                format!("set(range({len}))"),
                range.clone().collect::<BTreeSet<i32>>(),
            )
            .unordered(),
        );
        cases.push(
            value(
                format!("frozenset(range({len}))"),
                range.clone().collect::<FrozenSet<i32>>(),
            )
            .unordered(),
        );
    }
    cases
}

pub(crate) fn pointers() -> Vec<Case> {
    let once = OnceCell::from(4);
    let lock = OnceLock::from("x".to_owned());
    vec![
        value("[1]", Box::new(vec![Box::new(1)])),
        value("[1]", Rc::new(vec![Rc::new(1)])),
        value("[1]", Arc::new(vec![Arc::new(1)])),
        value("[1, 2]", Rc::<[i32]>::from([1, 2])),
        value("[1, 2]", Arc::<[i32]>::from([1, 2])),
        value("3", Cell::new(3)),
        value("[3]", RefCell::new(vec![3])),
        value("4", once),
        value("None", OnceCell::<i32>::new()),
        value("u'x'", lock),
        looked_at(
            "5",
            || Mutex::new(5),
            |loaded: &Mutex<i32>| same(&*loaded.lock().expect("nobody panicked"), &5),
        ),
        looked_at(
            "5",
            || RwLock::new(5),
            |loaded: &RwLock<i32>| same(&*loaded.read().expect("nobody panicked"), &5),
        ),
        looked_at(
            "5",
            || Arc::new(Mutex::new(5)),
            |loaded: &Rc<RwLock<i32>>| same(&*loaded.read().expect("nobody panicked"), &5),
        ),
        value("[[1], None]", (Some(Box::new(vec![1])), None::<Rc<i32>>))
            .holding("obj == ([1], None)"),
        looked_at(
            "None",
            || Rc::downgrade(&Rc::new(1)),
            |loaded: &std::rc::Weak<i32>| that(loaded.upgrade().is_none(), "dangling"),
        ),
        looked_at(
            "(lambda s: [s, s, [s]])(u'ab' * 9)",
            || {
                let shared = Rc::new("ab".repeat(9));
                (Rc::clone(&shared), Rc::downgrade(&shared), vec![shared])
            },
            |(a, b, c): &(Rc<String>, std::rc::Weak<String>, Vec<Rc<String>>)| {
                let weak = b.upgrade().is_some_and(|b| Rc::ptr_eq(a, &b));
                that(weak && Rc::ptr_eq(a, &c[0]) && **a == "ab".repeat(9), "one")
            },
        )
        .holding("obj[0] is obj[1] and obj[1] is obj[2][0] and obj[0] == u'ab' * 9"),
    ]
}
