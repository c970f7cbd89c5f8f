//! From bytes to opcodes: where each begins and what its argument is. It knows the table and
//! nothing of what opcodes do.

use crate::error::{Error, ErrorKind, Result};
use crate::opcode::{ArgumentKind, Layout, Opcode};

/// An opcode with its argument, as it stands in the stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Located<'a> {
    /// The opcode.
    pub opcode: Opcode,
    /// Its argument, not yet decoded beyond what its layout says.
    pub argument: Argument<'a>,
    /// Where its byte is, from the beginning of the stream.
    pub offset: usize,
}

/// An opcode's argument, as [`Opcode::argument`] announces it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Argument<'a> {
    /// There is none.
    None,
    /// A fixed number of bytes, as an integer.
    Int(i64),
    /// Eight bytes, as an unsigned integer.
    Size(u64),
    /// Eight bytes, as a float.
    Float(f64),
    /// What stands behind a length.
    Bytes(&'a [u8]),
    /// A line, without its newline.
    Line(&'a [u8]),
    /// Two lines, without their newlines.
    Lines(&'a [u8], &'a [u8]),
}

/// Reads opcodes off a slice.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position }
    }

    /// Where the next opcode begins.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// The next opcode. An error leaves the reader where it was.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Eof`] at the end of the bytes; if they end inside the argument; if the byte is
    /// no opcode.
    pub(crate) fn next(&mut self) -> Result<Located<'a>> {
        let offset = self.position;
        let fail = |kind: ErrorKind| Error::from(kind).at_offset(offset);
        let Some((byte, rest)) = self.rest().split_first() else {
            return Err(fail(ErrorKind::Eof));
        };
        let opcode =
            Opcode::from_byte(*byte).ok_or_else(|| fail(ErrorKind::UnknownOpcode(*byte)))?;
        let (argument, rest) = argument(opcode, rest).map_err(fail)?;
        self.position = self.bytes.len() - rest.len();
        Ok(Located {
            opcode,
            argument,
            offset,
        })
    }
}

fn argument(opcode: Opcode, rest: &[u8]) -> Result<(Argument<'_>, &[u8]), ErrorKind> {
    let kind = opcode.argument();
    match kind.layout() {
        Layout::Fixed(0) => Ok((Argument::None, rest)),
        Layout::Fixed(width) => {
            let (bytes, rest) = take(rest, wide(width))?;
            Ok((fixed(kind, bytes), rest))
        }
        Layout::Counted { width, signed } => {
            let (bytes, rest) = take(rest, wide(width))?;
            let len = if signed {
                u64::try_from(sign_extended(bytes)).map_err(|_| ErrorKind::BadArgument {
                    opcode: opcode.name(),
                    reason: "a negative length",
                })?
            } else {
                unsigned(bytes)
            };
            let (bytes, rest) = take(rest, len)?;
            Ok((Argument::Bytes(bytes), rest))
        }
        Layout::Lines(1) => {
            let (line, rest) = take_line(opcode, rest)?;
            Ok((Argument::Line(line), rest))
        }
        Layout::Lines(_) => {
            let (first, rest) = take_line(opcode, rest)?;
            let (second, rest) = take_line(opcode, rest)?;
            Ok((Argument::Lines(first, second), rest))
        }
    }
}

fn take(bytes: &[u8], len: u64) -> Result<(&[u8], &[u8]), ErrorKind> {
    let split = usize::try_from(len)
        .ok()
        .and_then(|len| bytes.split_at_checked(len));
    split.ok_or_else(|| ErrorKind::Truncated {
        needed: len,
        available: wide(bytes.len()),
    })
}

fn take_line(opcode: Opcode, bytes: &[u8]) -> Result<(&[u8], &[u8]), ErrorKind> {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (line, rest) = end
        .and_then(|end| bytes.split_at_checked(end))
        .ok_or_else(|| ErrorKind::NoNewline {
            opcode: opcode.name(),
        })?;
    Ok((line, rest.get(1..).unwrap_or_default()))
}

/// The value of a little-endian argument of up to eight bytes, and of a big-endian float.
fn fixed(kind: ArgumentKind, bytes: &[u8]) -> Argument<'_> {
    match kind {
        ArgumentKind::Float8 => {
            let bits = bytes
                .iter()
                .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
            Argument::Float(f64::from_bits(bits))
        }
        ArgumentKind::UInt8 => Argument::Size(unsigned(bytes)),
        ArgumentKind::Int4 => Argument::Int(sign_extended(bytes)),
        // OK because at most four bytes are left.
        _ => Argument::Int(unsigned(bytes).cast_signed()),
    }
}

/// A count of bytes. OK because there are never more than 2^64.
pub(super) fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

pub(crate) fn unsigned(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// Two's complement of up to eight bytes.
pub(crate) fn sign_extended(bytes: &[u8]) -> i64 {
    let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
    let fill = if negative { -1 } else { 0 };
    bytes
        .iter()
        .rev()
        .fold(fill, |value, byte| value << 8 | i64::from(*byte))
}
