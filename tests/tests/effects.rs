//! What each opcode does, seen in the graph: a row for each, and for what only a few of them do.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use pickle_core::pickletools::Opcode;
use pickle_core::{Encoding, NodeId, NodeRef, Object, PickleBuffer, Unpickler, View};

/// A graph as text in which each object with parts has its number, by which it is named from then
/// on: `1[7 1]` is a list that contains an int and itself.
#[derive(Default)]
struct Shown {
    numbers: HashMap<NodeId, usize>,
    text: String,
}

impl Shown {
    fn node(&mut self, node: NodeRef<'_>) {
        let atom = match node.view() {
            View::None => "None".to_owned(),
            View::Bool(value) => format!("{value}"),
            View::Int(value) => format!("{value}"),
            View::BigInt(bytes) => format!("int:{}", bytes.escape_ascii()),
            View::Float(value) => format!("{value:?}"),
            View::Str(text) => format!("{text:?}"),
            View::Surrogates(bytes) => format!("surrogates:{}", bytes.escape_ascii()),
            View::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
            View::Global(name) => format!("{name}"),
            _ => return self.parts(node),
        };
        self.text.push_str(&atom);
    }

    fn parts(&mut self, node: NodeRef<'_>) {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(node.id()).or_insert(next);
        self.text.push_str(&number.to_string());
        if number != next {
            return;
        }
        match node.view() {
            View::Tuple(items) => self.all("(", items, ")"),
            View::List(items) => self.all("[", items, "]"),
            View::Set(items) => self.all("{", items, "}"),
            View::FrozenSet(items) => self.all("frozen{", items, "}"),
            View::Dict(entries) => self.all("{:", entries.flat_map(<[_; 2]>::from), "}"),
            View::ByteArray(bytes) => self.text += &format!("bytearray:{}", bytes.escape_ascii()),
            View::Buffer(buffer) => {
                let kind = if buffer.is_readonly() { "r" } else { "w" };
                self.text += &format!("{kind}:{}", buffer.as_bytes().escape_ascii());
            }
            View::Persistent(id) => self.all("persistent(", [id], ")"),
            View::Object(object) => self.object(&object),
            other => panic!("{other:?} has no parts"),
        }
    }

    fn object(&mut self, object: &Object<'_>) {
        self.text += &format!("{:?} {}", object.form(), object.class());
        self.all("(", object.args(), ")");
        for (kind, parts) in [
            ("kwargs", object.kwargs().flat_map(<[_; 2]>::from).collect()),
            ("states", object.states().collect()),
            (
                "setters",
                object
                    .setters()
                    .flat_map(|setter| [setter.callable, setter.state])
                    .collect(),
            ),
            ("items", object.items().collect()),
            ("added", object.added().collect()),
            (
                "entries",
                object.entries().flat_map(<[_; 2]>::from).collect(),
            ),
        ] as [(&str, Vec<NodeRef<'_>>); 6]
        {
            if !parts.is_empty() {
                self.all(&format!(" {kind}("), parts, ")");
            }
        }
    }

    fn all<'a>(&mut self, open: &str, parts: impl IntoIterator<Item = NodeRef<'a>>, close: &str) {
        self.text.push_str(open);
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            self.node(part);
        }
        self.text.push_str(close);
    }
}

/// The opcode that a row is about, a pickle, and what it loads to. Bytes of Python 2 are ASCII,
/// and two buffers are there: a writable one, and one that is read-only.
type Row = (Opcode, &'static [u8], &'static str);

const ROWS: &[Row] = &[
    // Numbers.
    (Opcode::Int, b"(I-7\nI00\nI01\nI1\nl.", "1[-7 false true 1]"),
    (
        Opcode::BinInt,
        b"(J\xff\xff\xff\xffJ\0\0\0\x80l.",
        "1[-1 -2147483648]",
    ),
    (Opcode::BinInt1, b"K\xff.", "255"),
    (Opcode::BinInt2, b"M\x01\xff.", "65281"),
    (
        Opcode::Long,
        b"(L-7L\nL18446744073709551616L\nl.",
        r"1[-7 int:\x00\x00\x00\x00\x00\x00\x00\x00\x01]",
    ),
    (Opcode::Long1, b"(\x8a\x02\x00\xff\x8a\0l.", "1[-256 0]"),
    (Opcode::Long4, b"\x8b\x02\0\0\0\xff\x00.", "255"),
    (Opcode::Float, b"(F-0.5\nF-0\nl.", "1[-0.5 -0.0]"),
    (Opcode::BinFloat, b"G\x3f\xf8\0\0\0\0\0\0.", "1.5"),
    (Opcode::None, b"N.", "None"),
    (Opcode::NewTrue, b"\x88.", "true"),
    (Opcode::NewFalse, b"\x89.", "false"),
    // Text and bytes.
    (Opcode::String, b"S'a\\x62'\n.", r#""ab""#),
    (Opcode::BinString, b"T\x02\0\0\0ab.", r#""ab""#),
    (Opcode::ShortBinString, b"U\x02ab.", r#""ab""#),
    (
        Opcode::Unicode,
        b"(Vab\nV\\u2603\nV\\ud800\nl.",
        r#"1["ab" "☃" surrogates:\xed\xa0\x80]"#,
    ),
    (Opcode::ShortBinUnicode, b"\x8c\x02ab.", r#""ab""#),
    (Opcode::BinUnicode, b"X\x02\0\0\0ab.", r#""ab""#),
    (Opcode::BinUnicode8, b"\x8d\x02\0\0\0\0\0\0\0ab.", r#""ab""#),
    (Opcode::ShortBinBytes, b"C\x02ab.", r#"b"ab""#),
    (Opcode::BinBytes, b"B\x02\0\0\0ab.", r#"b"ab""#),
    (Opcode::BinBytes8, b"\x8e\x02\0\0\0\0\0\0\0ab.", r#"b"ab""#),
    (
        Opcode::ByteArray8,
        b"\x96\x02\0\0\0\0\0\0\0ab.",
        "1bytearray:ab",
    ),
    (Opcode::NextBuffer, b"(\x97\x97l.", "1[2w:one 3r:two]"),
    (
        Opcode::ReadonlyBuffer,
        b"(\x97\x98\x97\x98l.",
        "1[2r:one 3r:two]",
    ),
    // Tuples.
    (Opcode::EmptyTuple, b").", "1()"),
    (Opcode::EmptyTuple, b"})Ns.", "1{:2() None}"),
    (Opcode::Tuple1, b"K\x01K\x02K\x03K\x04\x85.", "1(4)"),
    (Opcode::Tuple2, b"K\x01K\x02K\x03K\x04\x86.", "1(3 4)"),
    (Opcode::Tuple3, b"K\x01K\x02K\x03K\x04\x87.", "1(2 3 4)"),
    (Opcode::Tuple, b"K\x01(K\x02K\x03K\x04K\x05t.", "1(2 3 4 5)"),
    // What can be changed.
    (Opcode::EmptyList, b"].", "1[]"),
    (Opcode::List, b"K\x01(K\x02K\x03l.", "1[2 3]"),
    (Opcode::Append, b"]K\x01aK\x02a.", "1[1 2]"),
    (
        Opcode::Append,
        b"czoo\nList\n)\x81K\x01a.",
        "1NewObj zoo.List() items(1)",
    ),
    (Opcode::Appends, b"](K\x01K\x02e(K\x03e.", "1[1 2 3]"),
    (
        Opcode::Appends,
        b"czoo\nList\n)\x81(K\x01K\x02e.",
        "1NewObj zoo.List() items(1 2)",
    ),
    (Opcode::EmptyDict, b"}.", "1{:}"),
    (Opcode::Dict, b"K\x01(K\x02K\x03K\x04K\x05d.", "1{:2 3 4 5}"),
    (Opcode::SetItem, b"}K\x01K\x02s.", "1{:1 2}"),
    (
        Opcode::SetItem,
        b"czoo\nDict\n)\x81K\x01K\x02s.",
        "1NewObj zoo.Dict() entries(1 2)",
    ),
    (Opcode::SetItems, b"}(K\x01K\x02K\x03K\x04u.", "1{:1 2 3 4}"),
    (
        Opcode::SetItems,
        b"czoo\nDict\n)\x81(K\x01K\x02u.",
        "1NewObj zoo.Dict() entries(1 2)",
    ),
    (Opcode::EmptySet, b"\x8f.", "1{}"),
    (Opcode::AddItems, b"\x8f(K\x01K\x02\x90.", "1{1 2}"),
    (
        Opcode::AddItems,
        b"czoo\nSet\n)\x81(K\x01K\x02\x90.",
        "1NewObj zoo.Set() added(1 2)",
    ),
    (Opcode::FrozenSet, b"K\x01(K\x02K\x03\x91.", "1frozen{2 3}"),
    // The stack.
    (Opcode::Pop, b"K\x01K\x020.", "1"),
    (Opcode::Pop, b"K\x01(0.", "1"),
    (Opcode::Dup, b"(]2l.", "1[2[] 2]"),
    (Opcode::Mark, b"K\x01(.", ""),
    (Opcode::Mark, b"]K\x01(K\x02K\x03t\x86.", "1(1 2(2 3))"),
    (Opcode::PopMark, b"K\x01(K\x02K\x031.", "1"),
    // The memo.
    (Opcode::Get, b"(]p7\n]p8\ng7\ng8\nl.", "1[2[] 3[] 2 3]"),
    (
        Opcode::BinGet,
        b"(]q\x07]q\x08h\x07h\x08l.",
        "1[2[] 3[] 2 3]",
    ),
    (
        Opcode::LongBinGet,
        b"(]r\x07\x01\0\0]r\x08\x01\0\0j\x07\x01\0\0j\x08\x01\0\0l.",
        "1[2[] 3[] 2 3]",
    ),
    (
        Opcode::Put,
        b"(]p256\n]p0\nj\0\x01\0\0h\0l.",
        "1[2[] 3[] 2 3]",
    ),
    (Opcode::BinPut, b"(]q\xff]q\0g255\ng0\nl.", "1[2[] 3[] 2 3]"),
    (
        Opcode::LongBinPut,
        b"(]r\0\x01\0\0]r\0\0\0\0g256\ng0\nl.",
        "1[2[] 3[] 2 3]",
    ),
    (
        Opcode::Memoize,
        b"(]\x94]q\x05]\x94g0\ng2\ng5\nl.",
        "1[2[] 3[] 4[] 2 4 3]",
    ),
    // Names.
    (Opcode::Global, b"czoo\nPlain\n.", "zoo.Plain"),
    (
        Opcode::Global,
        b"\x80\x02c__builtin__\nunicode\n.",
        "builtins.str",
    ),
    (
        Opcode::StackGlobal,
        b"\x80\x04\x8c\x03zoo\x8c\x0bOuter.Inner\x93.",
        "zoo.Outer.Inner",
    ),
    (Opcode::Ext1, b"\x82\xf0.", "zoo.Extended1"),
    (Opcode::Ext2, b"\x83\x34\x12.", "zoo.Extended2"),
    (Opcode::Ext4, b"\x84\x78\x56\x34\x12.", "zoo.Extended4"),
    // Calls, and what they are followed by.
    (
        Opcode::Reduce,
        b"czoo\nf\nK\x01K\x02\x86R.",
        "1Reduce zoo.f(1 2)",
    ),
    (
        Opcode::NewObj,
        b"czoo\nC\nK\x01K\x02\x86\x81.",
        "1NewObj zoo.C(1 2)",
    ),
    (
        Opcode::NewObjEx,
        b"czoo\nC\nK\x01\x85}Va\nK\x02s\x92.",
        r#"1NewObjEx zoo.C(1) kwargs("a" 2)"#,
    ),
    (
        Opcode::Inst,
        b"K\x01(K\x02K\x03izoo\nC\n.",
        "1Inst zoo.C(2 3)",
    ),
    (
        Opcode::Obj,
        b"K\x01(czoo\nC\nK\x02K\x03o.",
        "1Inst zoo.C(2 3)",
    ),
    (
        Opcode::Build,
        b"czoo\nC\n)\x81}Va\nK\x01sb.",
        r#"1NewObj zoo.C() states(2{:"a" 1})"#,
    ),
    (
        Opcode::Build,
        b"czoo\nC\n)\x81NbNb.",
        "1NewObj zoo.C() states(None None)",
    ),
    (Opcode::Build, b"]Nb.", "1[]"),
    (
        Opcode::Pop,
        b"czoo\nC\n)\x81q\0czoo\nf\nh\0K\x01\x86R0.",
        "1NewObj zoo.C() setters(zoo.f 1)",
    ),
    // Objects kept elsewhere.
    (Opcode::PersId, b"Pab\n.", r#"1persistent("ab")"#),
    (Opcode::BinPersId, b"]Q.", "1persistent(2[])"),
    // The pickle itself.
    (
        Opcode::Proto,
        b"\x80\x04c__builtin__\nunicode\n.",
        "__builtin__.unicode",
    ),
    (Opcode::Proto, b"\x80\x03cm\na.b\n.", ""),
    (Opcode::Proto, b"\x80\x06N.", ""),
    (Opcode::Frame, b"\x95\x02\0\0\0\0\0\0\0N.", "None"),
    (Opcode::Frame, b"\x95\x03\0\0\0\0\0\0\0N.", ""),
    (Opcode::Stop, b"K\x01K\x02.", "2"),
    (Opcode::Stop, b"K\x01", ""),
];

/// What a pickle loads to; nothing if it is refused.
fn shown(pickle: &[u8]) -> String {
    let buffers = [
        PickleBuffer::new(b"one".to_vec()),
        PickleBuffer::readonly(b"two".to_vec()),
    ];
    let unpickler = Unpickler::new()
        .encoding(Encoding::Ascii)
        .persistent_ids(true)
        .buffers(buffers);
    let Ok(graph) = unpickler.graph(pickle) else {
        return String::new();
    };
    let mut shown = Shown::default();
    shown.node(graph.root());
    shown.text
}

#[test]
fn each_opcode_has_its_effect() {
    pickle_tests::zoo::link();
    for (opcode, pickle, expected) in ROWS {
        assert_eq!(
            shown(pickle),
            *expected,
            "{opcode:?}: {}",
            pickle.escape_ascii()
        );
    }
}

#[test]
fn no_opcode_is_without_a_row() {
    let is_missing = |opcode: &Opcode| !ROWS.iter().any(|(of, ..)| of == opcode);
    let missing: Vec<_> = Opcode::ALL.into_iter().filter(is_missing).collect();
    assert_eq!(missing, []);
}
