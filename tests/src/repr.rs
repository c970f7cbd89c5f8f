//! Python's `repr` of plain data, as the tables of the corpus have it: in ASCII.

use pickle_core::{NodeRef, View};

/// `repr` of a tree of plain data. `None` for anything that a class has to print, and for what is
/// nested deeper than any row is that is no cycle.
///
/// # Panics
///
/// If a number cannot be dumped.
#[must_use]
pub fn repr(node: NodeRef<'_>) -> Option<String> {
    at_depth(node, 50)
}

fn at_depth(node: NodeRef<'_>, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    Some(match node.view() {
        View::None => "None".to_owned(),
        View::Bool(true) => "True".to_owned(),
        View::Bool(false) => "False".to_owned(),
        View::Int(value) => value.to_string(),
        View::Float(value) => float(value),
        View::Str(text) => quoted(text.chars().map(u32::from)),
        View::Bytes(bytes) => format!("b{}", quoted(bytes.iter().copied().map(Byte))),
        View::ByteArray(bytes) => {
            format!("bytearray(b{})", quoted(bytes.iter().copied().map(Byte)))
        }
        View::Tuple(items) if items.len() == 1 => format!("({},)", joined(items, depth)?),
        View::Tuple(items) => format!("({})", joined(items, depth)?),
        View::List(items) => format!("[{}]", joined(items, depth)?),
        View::Set(items) if items.len() == 0 => "set()".to_owned(),
        View::Set(items) if items.len() == 1 => format!("{{{}}}", joined(items, depth)?),
        View::FrozenSet(items) if items.len() == 0 => "frozenset()".to_owned(),
        View::FrozenSet(items) if items.len() == 1 => {
            format!("frozenset({{{}}})", joined(items, depth)?)
        }
        View::Dict(entries) => {
            let mut distinct: Vec<(NodeRef<'_>, NodeRef<'_>)> = Vec::new();
            for (key, value) in entries {
                match distinct
                    .iter_mut()
                    .find(|(other, _)| is_same_key(*other, key))
                {
                    Some(entry) => entry.1 = value,
                    None => distinct.push((key, value)),
                }
            }
            let mut shown = Vec::new();
            for (key, value) in distinct {
                shown.push(format!(
                    "{}: {}",
                    at_depth(key, depth)?,
                    at_depth(value, depth)?
                ));
            }
            format!("{{{}}}", shown.join(", "))
        }
        _ => return None,
    })
}

fn joined<'a>(items: impl Iterator<Item = NodeRef<'a>>, depth: u32) -> Option<String> {
    Some(
        items
            .map(|item| at_depth(item, depth))
            .collect::<Option<Vec<_>>>()?
            .join(", "),
    )
}

/// Python compares numbers by value, and no NaN is like another.
fn is_same_key(one: NodeRef<'_>, other: NodeRef<'_>) -> bool {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the rows have small ints as keys"
    )]
    let number = |node: NodeRef<'_>| {
        let int = node.as_i64().or(node.as_bool().map(i64::from));
        node.as_f64().or(int.map(|int| int as f64))
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => repr(one).is_some() && repr(one) == repr(other),
        _ => false,
    }
}

/// Protocol 0 writes floats as `repr` does.
fn float(value: f64) -> String {
    let mut bytes = Vec::new();
    let mut pickler = pickle_core::Pickler::new(&mut bytes).protocol(0);
    pickler.dump(&value).expect("a float can be dumped");
    let line = bytes
        .strip_prefix(b"F")
        .and_then(|line| line.strip_suffix(b"\n."));
    String::from_utf8_lossy(line.expect("it is a FLOAT")).into_owned()
}

struct Byte(u8);

impl From<Byte> for u32 {
    fn from(byte: Byte) -> Self {
        byte.0.into()
    }
}

fn quoted(codes: impl Iterator<Item: Into<u32>>) -> String {
    let codes: Vec<u32> = codes.map(Into::into).collect();
    let has = |char: char| codes.contains(&u32::from(char));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut shown = String::from(quote);
    for code in codes {
        match char::from_u32(code) {
            Some('\n') => shown.push_str("\\n"),
            Some('\r') => shown.push_str("\\r"),
            Some('\t') => shown.push_str("\\t"),
            Some('\\') => shown.push_str("\\\\"),
            Some(char) if char == quote => shown.extend(['\\', char]),
            Some(char @ ' '..='~') => shown.push(char),
            _ if code < 0x100 => shown.push_str(&format!("\\x{code:02x}")),
            _ if code < 0x1_0000 => shown.push_str(&format!("\\u{code:04x}")),
            _ => shown.push_str(&format!("\\U{code:08x}")),
        }
    }
    shown.push(quote);
    shown
}
