//! An opcode's argument as Python's `pickletools` reads it, which is stricter than the unpickler
//! here and laxer there, and as `repr` then shows it.

use crate::bigint;
use crate::decode::text::{self, Integer};
use crate::decode::{Argument, Located};
use crate::error::{Error, ErrorKind, Result};
use crate::opcode::ArgumentKind;
use crate::repr;

/// How many decimal digits an int may have: Python's default limit.
const DIGITS: u32 = 4_300;

/// The argument, as far as `dis` has to know it.
#[derive(Debug, PartialEq)]
pub(super) enum Shown {
    /// There is none.
    Nothing,
    /// An int, which may be a memo key.
    Int(i64, String),
    /// Anything.
    Other(String),
}

impl Shown {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Int(_, text) | Self::Other(text) => Some(text),
        }
    }
}

/// Shows an argument as Python's `repr` would.
///
/// # Errors
///
/// If it is not what it has to be.
pub(super) fn show(op: &Located<'_>) -> Result<Shown> {
    let bad = |reason| {
        let opcode = op.opcode.name();
        let kind = ErrorKind::BadArgument { opcode, reason };
        Error::from(kind).at_offset(op.offset)
    };
    let kind = op.opcode.argument();
    match op.argument {
        Argument::None => Ok(Shown::Nothing),
        Argument::Int(value) => Ok(Shown::Int(value, value.to_string())),
        Argument::Size(value) => Ok(Shown::Other(value.to_string())),
        Argument::Float(value) => Ok(written(|out| repr::write_float(out, value))),
        Argument::Bytes(bytes) => counted(kind, bytes).map_err(bad),
        Argument::Line(line) => line_argument(kind, line).map_err(bad),
        Argument::Lines(module, name) => {
            let mut pair = unescaped(module).map_err(bad)?;
            pair.push(' ');
            pair.push_str(&unescaped(name).map_err(bad)?);
            Ok(written(|out| repr::write_str(out, &pair)))
        }
    }
}

fn written(write: impl FnOnce(&mut String) -> std::fmt::Result) -> Shown {
    let mut text = String::new();
    write(&mut text).expect("a String takes all");
    Shown::Other(text)
}

fn counted(kind: ArgumentKind, bytes: &[u8]) -> Result<Shown, &'static str> {
    Ok(match kind {
        ArgumentKind::Long1 | ArgumentKind::Long4 => {
            Shown::Other(bigint::to_text(bytes, DIGITS as usize))
        }
        ArgumentKind::String1 | ArgumentKind::String4 => {
            let latin1: String = bytes.iter().copied().map(char::from).collect();
            written(|out| repr::write_str(out, &latin1))
        }
        ArgumentKind::UnicodeString1
        | ArgumentKind::UnicodeString4
        | ArgumentKind::UnicodeString8 => {
            if !text::is_surrogatepass(bytes) {
                return Err("it is not UTF-8");
            }
            written(|out| repr::write_surrogates(out, bytes))
        }
        ArgumentKind::ByteArray8 => written(|out| {
            out.push_str("bytearray(");
            repr::write_bytes(out, bytes)?;
            out.push(')');
            Ok(())
        }),
        _ => written(|out| repr::write_bytes(out, bytes)),
    })
}

fn line_argument(kind: ArgumentKind, line: &[u8]) -> Result<Shown, &'static str> {
    match kind {
        ArgumentKind::DecimalNlShort => match line {
            b"00" => Ok(Shown::Int(0, "False".to_owned())),
            b"01" => Ok(Shown::Int(1, "True".to_owned())),
            _ => decimal(line),
        },
        ArgumentKind::DecimalNlLong => decimal(line.strip_suffix(b"L").unwrap_or(line)),
        ArgumentKind::FloatNl => {
            let value = float(line).ok_or("it is not a float")?;
            Ok(written(|out| repr::write_float(out, value)))
        }
        ArgumentKind::StringNl => {
            let text = match line {
                b"'" | b"\"" => String::new(),
                _ => ascii(text::string(line)?)?,
            };
            Ok(written(|out| repr::write_str(out, &text)))
        }
        ArgumentKind::UnicodeStringNl => {
            let utf8 = text::raw_unicode_escape(line)?;
            Ok(written(|out| repr::write_surrogates(out, &utf8)))
        }
        _ => {
            let text = unescaped(line)?;
            Ok(written(|out| repr::write_str(out, &text)))
        }
    }
}

/// Python's `int(line)`.
fn decimal(line: &[u8]) -> Result<Shown, &'static str> {
    if line.contains(&0) {
        return Err("it is not an int");
    }
    match text::python_int(line, 10, DIGITS) {
        Ok(Integer::Small(value)) => Ok(Shown::Int(value, value.to_string())),
        Ok(Integer::Big(bytes)) => Ok(Shown::Other(bigint::to_text(&bytes, usize::MAX))),
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
