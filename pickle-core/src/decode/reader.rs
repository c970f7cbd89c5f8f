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

/// Reads opcodes and their arguments off a slice.
///
/// Those that read an argument are told what the table has for it. Where the opcode is a constant,
/// so is that, and nothing of the table is left when the program runs.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    /// The position behind them.
    end: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], position: usize) -> Self {
        let rest = bytes.get(position..).unwrap_or_default();
        Self {
            rest,
            end: position.saturating_add(rest.len()),
        }
    }

    /// Where the next opcode begins, or its argument if only that is left of it.
    #[inline]
    pub(crate) fn position(&self) -> usize {
        self.end - self.rest.len()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next opcode with its argument. An error leaves the reader where it was.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Eof`] at the end of the bytes; if they end inside the argument; if the byte is
    /// no opcode.
    pub(crate) fn next(&mut self) -> Result<Located<'a>> {
        let before = self.clone();
        let offset = before.position();
        let located = self.opcode().and_then(|opcode| {
            let argument = self.argument(opcode)?;
            Ok(Located {
                opcode,
                argument,
                offset,
            })
        });
        located.map_err(|error| {
            *self = before;
            error.at_offset(offset)
        })
    }

    /// The next opcode, without its argument.
    #[inline(always)]
    pub(super) fn opcode(&mut self) -> Result<Opcode> {
        let Some((byte, rest)) = self.rest.split_first() else {
            return Err(eof());
        };
        let opcode = Opcode::from_byte(*byte).ok_or_else(|| unknown(*byte))?;
        self.rest = rest;
        Ok(opcode)
    }

    fn argument(&mut self, opcode: Opcode) -> Result<Argument<'a>> {
        let kind = opcode.argument();
        Ok(match kind.layout() {
            Layout::Fixed(0) => Argument::None,
            Layout::Fixed(_) => match kind {
                ArgumentKind::Float8 => Argument::Float(self.float()?),
                ArgumentKind::UInt8 => Argument::Size(self.size()?),
                _ => Argument::Int(self.int(kind)?),
            },
            Layout::Counted { .. } => Argument::Bytes(self.counted(opcode)?),
            Layout::Lines(1) => Argument::Line(self.line(opcode)?),
            Layout::Lines(_) => Argument::Lines(self.line(opcode)?, self.line(opcode)?),
        })
    }

    /// An argument of up to four bytes.
    #[inline(always)]
    pub(super) fn int(&mut self, kind: ArgumentKind) -> Result<i64> {
        Ok(match kind {
            ArgumentKind::Int4 => i32::from_le_bytes(self.array()?).into(),
            ArgumentKind::UInt4 => u32::from_le_bytes(self.array()?).into(),
            ArgumentKind::UInt2 => u16::from_le_bytes(self.array()?).into(),
            _ => u8::from_le_bytes(self.array()?).into(),
        })
    }

    /// An argument of eight bytes that is an unsigned integer.
    #[inline]
    pub(super) fn size(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// An argument that is a float.
    #[inline(always)]
    pub(super) fn float(&mut self) -> Result<f64> {
        Ok(f64::from_be_bytes(self.array()?))
    }

    /// An argument behind its length.
    #[inline(always)]
    pub(super) fn counted(&mut self, opcode: Opcode) -> Result<&'a [u8]> {
        let (width, signed) = match opcode.argument().layout() {
            Layout::Counted { width, signed } => (width, signed),
            _ => (8, false),
        };
        let len = match width {
            1 => u8::from_le_bytes(self.array()?).into(),
            4 => u32::from_le_bytes(self.array()?).into(),
            _ => u64::from_le_bytes(self.array()?),
        };
        if signed && len >> (8 * width - 1) != 0 {
            return Err(negative(opcode));
        }
        let split = usize::try_from(len)
            .ok()
            .and_then(|len| self.rest.split_at_checked(len));
        let (bytes, rest) = split.ok_or_else(|| self.truncated(len))?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A line, without its newline.
    pub(super) fn line(&mut self, opcode: Opcode) -> Result<&'a [u8]> {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let (line, rest) = end
            .and_then(|end| self.rest.split_at_checked(end))
            .ok_or_else(|| ErrorKind::NoNewline {
                opcode: opcode.name(),
            })?;
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(line)
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(self.truncated(wide(N)));
        };
        self.rest = rest;
        Ok(*bytes)
    }

    #[cold]
    fn truncated(&self, needed: u64) -> Error {
        let available = wide(self.rest.len());
        ErrorKind::Truncated { needed, available }.into()
    }
}

#[cold]
fn eof() -> Error {
    ErrorKind::Eof.into()
}

#[cold]
fn unknown(byte: u8) -> Error {
    ErrorKind::UnknownOpcode(byte).into()
}

#[cold]
fn negative(opcode: Opcode) -> Error {
    let opcode = opcode.name();
    let reason = "a negative length";
    ErrorKind::BadArgument { opcode, reason }.into()
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
