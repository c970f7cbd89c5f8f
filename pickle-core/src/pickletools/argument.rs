//! An opcode's argument as Python's `pickletools` reads it, which is stricter than the unpickler
//! here and laxer there, and as `repr` then shows it.

use std::borrow::Cow;

use crate::bigint;
use crate::decode::text::{self, Integer};
use crate::decode::{Argument, Located};
use crate::error::{Error, ErrorKind, Result};
use crate::opcode::ArgumentKind;
use crate::repr;
use crate::utf8;

/// How many decimal digits an int may have: Python's default limit.
const DIGITS: u32 = 4_300;
/// All ints of so many digits fit so many bytes.
const DIGITS_IN_BYTES: usize = 1_786;

/// What an argument stands for.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Nothing,
    Bool(bool),
    Int(i64),
    Size(u64),
    /// Two's complement, little-endian.
    BigInt(Cow<'a, [u8]>),
    Float(f64),
    Str(String),
    /// A str in UTF-8 but for lone surrogates.
    Surrogates(Cow<'a, [u8]>),
    /// A str, a byte for each character.
    Latin1(&'a [u8]),
    Bytes(&'a [u8]),
    ByteArray(&'a [u8]),
}

/// Reads an argument.
///
/// # Errors
///
/// If it is not what it has to be.
pub(super) fn value<'a>(op: &Located<'a>) -> Result<Value<'a>> {
    let bad = |reason| {
        let opcode = op.opcode.name();
        let kind = ErrorKind::BadArgument { opcode, reason };
        Error::from(kind).at_offset(op.offset)
    };
    let kind = op.opcode.argument();
    match op.argument {
        Argument::None => Ok(Value::Nothing),
        Argument::Int(value) => Ok(Value::Int(value)),
        Argument::Size(value) => Ok(Value::Size(value)),
        Argument::Float(value) => Ok(Value::Float(value)),
        Argument::Bytes(bytes) => counted(kind, bytes).map_err(bad),
        Argument::Line(line) => line_value(kind, line).map_err(bad),
        Argument::Lines(module, name) => {
            let mut pair = unescaped(module).map_err(bad)?;
            pair.push(' ');
            pair.push_str(&unescaped(name).map_err(bad)?);
            Ok(Value::Str(pair))
        }
    }
}

impl Value<'_> {
    /// Python's `repr`; `None` if there is no argument.
    pub(super) fn repr(&self) -> Option<String> {
        let mut text = String::new();
        let out = &mut text;
        match self {
            Self::Nothing => return None,
            Self::Bool(false) => return Some("False".to_owned()),
            Self::Bool(true) => return Some("True".to_owned()),
            Self::Int(value) => return Some(value.to_string()),
            Self::Size(value) => return Some(value.to_string()),
            Self::BigInt(bytes) => return Some(big_int(bytes)),
            Self::Float(value) => repr::write_float(out, *value),
            Self::Str(value) => repr::write_str(out, value),
            Self::Surrogates(utf8) => repr::write_surrogates(out, utf8),
            Self::Latin1(bytes) => {
                let latin1: String = bytes.iter().copied().map(char::from).collect();
                repr::write_str(out, &latin1)
            }
            Self::Bytes(bytes) => repr::write_bytes(out, bytes),
            Self::ByteArray(bytes) => repr::write_bytearray(out, bytes),
        }
        .expect("a String takes all");
        Some(text)
    }

    /// The value as a key of the memo, if it can be one.
    pub(super) fn key(&self) -> Option<Integer> {
        match self {
            Self::Bool(value) => Some(Integer::Small(i64::from(*value))),
            Self::Int(value) => Some(Integer::Small(*value)),
            Self::BigInt(bytes) => Some(Integer::Big(bytes.to_vec())),
            _ => None,
        }
    }
}

/// What Python would not print, as it has more digits than the limit, is shown in hexadecimal ones.
fn big_int(bytes: &[u8]) -> String {
    let bytes = bigint::trimmed(bytes);
    let decimal = bytes.len() <= DIGITS_IN_BYTES;
    bigint::to_text(bytes, if decimal { usize::MAX } else { 0 })
}

fn counted(kind: ArgumentKind, bytes: &[u8]) -> Result<Value<'_>, &'static str> {
    Ok(match kind {
        ArgumentKind::Long1 | ArgumentKind::Long4 => Value::BigInt(bytes.into()),
        ArgumentKind::String1 | ArgumentKind::String4 => Value::Latin1(bytes),
        ArgumentKind::UnicodeString1
        | ArgumentKind::UnicodeString4
        | ArgumentKind::UnicodeString8 => {
            if !utf8::is_surrogatepass(bytes) {
                return Err("it is not UTF-8");
            }
            Value::Surrogates(bytes.into())
        }
        ArgumentKind::ByteArray8 => Value::ByteArray(bytes),
        _ => Value::Bytes(bytes),
    })
}

fn line_value(kind: ArgumentKind, line: &[u8]) -> Result<Value<'_>, &'static str> {
    match kind {
        ArgumentKind::DecimalNlShort => match line {
            b"00" => Ok(Value::Bool(false)),
            b"01" => Ok(Value::Bool(true)),
            _ => decimal(line),
        },
        ArgumentKind::DecimalNlLong => decimal(line.strip_suffix(b"L").unwrap_or(line)),
        ArgumentKind::FloatNl => float(line).map(Value::Float).ok_or("it is not a float"),
        ArgumentKind::StringNl => match line {
            b"'" | b"\"" => Ok(Value::Str(String::new())),
            _ => ascii(text::string(line)?).map(Value::Str),
        },
        ArgumentKind::UnicodeStringNl => {
            text::raw_unicode_escape(line).map(|utf8| Value::Surrogates(utf8.into()))
        }
        _ => unescaped(line).map(Value::Str),
    }
}

/// Python's `int(line)`.
fn decimal(line: &[u8]) -> Result<Value<'_>, &'static str> {
    if line.contains(&0) {
        return Err("it is not an int");
    }
    match text::python_int(line, 10, DIGITS) {
        Ok(Integer::Small(value)) => Ok(Value::Int(value)),
        Ok(Integer::Big(bytes)) => Ok(Value::BigInt(bytes.into())),
        Err(text::BadNumber::Syntax) => Err("it is not an int"),
        Err(text::BadNumber::TooManyDigits) => Err("it has more than 4300 digits"),
    }
}

/// Python's `float(line)`.
fn float(line: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(line).ok()?;
    let is_space = |c: char| c.is_ascii_whitespace() || c == '\x0b';
    let text = text.trim_matches(is_space).as_bytes();
    let mut digits = String::with_capacity(text.len());
    for (i, byte) in text.iter().enumerate() {
        let is_digit = |at: Option<usize>| {
            at.and_then(|at| text.get(at))
                .is_some_and(u8::is_ascii_digit)
        };
        match byte {
            // One may stand between two digits.
            b'_' if is_digit(i.checked_sub(1)) && is_digit(Some(i + 1)) => {}
            _ => digits.push(char::from(*byte)),
        }
    }
    digits.parse().ok()
}

/// A line without quotes, in which escapes are undone all the same.
fn unescaped(line: &[u8]) -> Result<String, &'static str> {
    ascii(text::string(&[b"'", line, b"'"].concat())?)
}

fn ascii(bytes: Vec<u8>) -> Result<String, &'static str> {
    match String::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Ok(text),
        _ => Err("it is not ASCII"),
    }
}
