//! The table of opcodes is CPython's.

use pickle_core::pickletools::{ArgumentKind, Opcode, StackItem};

/// `pickletools`' name of an argument.
fn argument_name(kind: ArgumentKind) -> &'static str {
    match kind {
        ArgumentKind::None => "-",
        ArgumentKind::DecimalNlShort => "decimalnl_short",
        ArgumentKind::DecimalNlLong => "decimalnl_long",
        ArgumentKind::FloatNl => "floatnl",
        ArgumentKind::StringNl => "stringnl",
        ArgumentKind::StringNlNoEscape => "stringnl_noescape",
        ArgumentKind::StringNlNoEscapePair => "stringnl_noescape_pair",
        ArgumentKind::UnicodeStringNl => "unicodestringnl",
        ArgumentKind::UInt1 => "uint1",
        ArgumentKind::UInt2 => "uint2",
        ArgumentKind::Int4 => "int4",
        ArgumentKind::UInt4 => "uint4",
        ArgumentKind::UInt8 => "uint8",
        ArgumentKind::Float8 => "float8",
        ArgumentKind::Long1 => "long1",
        ArgumentKind::Long4 => "long4",
        ArgumentKind::String1 => "string1",
        ArgumentKind::String4 => "string4",
        ArgumentKind::Bytes1 => "bytes1",
        ArgumentKind::Bytes4 => "bytes4",
        ArgumentKind::Bytes8 => "bytes8",
        ArgumentKind::ByteArray8 => "bytearray8",
        ArgumentKind::UnicodeString1 => "unicodestring1",
        ArgumentKind::UnicodeString4 => "unicodestring4",
        ArgumentKind::UnicodeString8 => "unicodestring8",
    }
}

/// `pickletools`' name of a stack object.
fn item_name(item: StackItem) -> &'static str {
    match item {
        StackItem::Any => "any",
        StackItem::None => "None",
        StackItem::Bool => "bool",
        StackItem::Int => "int",
        StackItem::IntOrBool => "int_or_bool",
        StackItem::Float => "float",
        StackItem::Str => "str",
        StackItem::Bytes => "bytes",
        StackItem::BytesOrStr => "bytes_or_str",
        StackItem::ByteArray => "bytearray",
        StackItem::Buffer => "buffer",
        StackItem::Tuple => "tuple",
        StackItem::List => "list",
        StackItem::Dict => "dict",
        StackItem::Set => "set",
        StackItem::FrozenSet => "frozenset",
        StackItem::Mark => "mark",
        StackItem::StackSlice => "stackslice",
    }
}

fn row(opcode: Opcode) -> String {
    let items = |items: &[StackItem]| {
        items
            .iter()
            .copied()
            .map(item_name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    [
        opcode.name().to_owned(),
        format!("{:02x}", opcode.byte()),
        argument_name(opcode.argument()).to_owned(),
        items(opcode.stack_before()),
        items(opcode.stack_after()),
        opcode.protocol().to_string(),
    ]
    .join("\t")
}

#[test]
fn every_column_of_the_table_is_that_of_pickletools() {
    let mut expected: Vec<_> = include_str!("../corpus/opcodes.tsv").lines().collect();
    let mut rows: Vec<_> = Opcode::ALL.into_iter().map(row).collect();
    expected.sort_unstable();
    rows.sort_unstable();
    assert_eq!(rows, expected);
}

#[test]
fn a_byte_stands_for_its_opcode_or_for_none() {
    let known = (0..=u8::MAX).filter_map(Opcode::from_byte);
    assert_eq!(known.clone().count(), Opcode::ALL.len());
    assert!(
        known
            .clone()
            .all(|opcode| Opcode::from_byte(opcode.byte()) == Some(opcode))
    );
    assert!(known.into_iter().all(|opcode| opcode.doc().ends_with('.')));
}
