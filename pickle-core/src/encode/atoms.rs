//! Atoms: None, bools, numbers, strs and bytes, in each protocol.

use super::Pickler;
use super::memo::MemoPolicy;
use super::text;
use crate::bigint;
use crate::compat;
use crate::error::Result;
use crate::opcode::Opcode;

impl Pickler<'_> {
    /// None.
    ///
    /// # Errors
    ///
    /// This and all other methods that write an object: if the sink fails, or the object has no
    /// form in the protocol.
    #[inline]
    pub fn none(&mut self) -> Result<()> {
        if self.is_plain(1) {
            self.writer.op(Opcode::None);
            return Ok(());
        }
        self.any_none()
    }

    #[cold]
    fn any_none(&mut self) -> Result<()> {
        let slot = self.begin()?;
        self.writer.op(Opcode::None);
        self.memoize_atom(slot)
    }

    /// A bool.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    #[inline]
    pub fn bool(&mut self, value: bool) -> Result<()> {
        if self.is_plain(1) {
            self.writer.op(if value {
                Opcode::NewTrue
            } else {
                Opcode::NewFalse
            });
            return Ok(());
        }
        self.any_bool(value)
    }

    #[cold]
    fn any_bool(&mut self, value: bool) -> Result<()> {
        let slot = self.begin()?;
        if self.protocol >= Opcode::NewTrue.protocol() {
            self.writer.op(if value {
                Opcode::NewTrue
            } else {
                Opcode::NewFalse
            });
        } else {
            let digits = if value { "01" } else { "00" };
            self.writer.line(Opcode::Int, format_args!("{digits}"));
        }
        self.memoize_atom(slot)
    }

    /// An int.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    #[inline]
    pub fn int(&mut self, value: i64) -> Result<()> {
        if self.is_plain(1) {
            let (bytes, len) = binary_int(Int::from(value));
            self.writer.some_of(bytes, len);
            return Ok(());
        }
        self.any_int(value)
    }

    #[cold]
    fn any_int(&mut self, value: i64) -> Result<()> {
        let Ok(value) = i32::try_from(value) else {
            return self.big_int(&value.to_le_bytes());
        };
        let slot = self.begin()?;
        if !self.binary() {
            self.writer.line(Opcode::Int, format_args!("{value}"));
        } else if let Ok(value) = u8::try_from(value) {
            self.writer.op_with(Opcode::BinInt1, [value]);
        } else if let Ok(value) = u16::try_from(value) {
            self.writer.op_with(Opcode::BinInt2, value.to_le_bytes());
        } else {
            self.writer.op_with(Opcode::BinInt, value.to_le_bytes());
        }
        self.memoize_atom(slot)
    }

    /// An int of up to 128 bits.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    pub fn i128(&mut self, value: i128) -> Result<()> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => self.big_int(&value.to_le_bytes()),
        }
    }

    /// An int of up to 128 bits, unsigned.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    pub fn u128(&mut self, value: u128) -> Result<()> {
        match i128::try_from(value) {
            Ok(value) => self.i128(value),
            Err(_) => {
                let mut bytes = [0; 17];
                bytes[..16].copy_from_slice(&value.to_le_bytes());
                self.big_int(&bytes)
            }
        }
    }

    /// An int of any size: two's complement, little-endian.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    pub fn big_int(&mut self, bytes: &[u8]) -> Result<()> {
        let bytes = bigint::trimmed(bytes);
        if let Some(value) = bigint::to_i128(bytes).and_then(|value| i32::try_from(value).ok()) {
            return self.int(value.into());
        }
        let slot = self.begin()?;
        if self.protocol < Opcode::Long1.protocol() {
            let decimal = bigint::to_text(bytes, usize::MAX);
            self.writer.line(Opcode::Long, format_args!("{decimal}L"));
        } else if let Ok(len) = u8::try_from(bytes.len()) {
            self.writer.payload(Opcode::Long1, [len], bytes)?;
        } else if let Ok(len) = i32::try_from(bytes.len()) {
            self.writer
                .payload(Opcode::Long4, len.to_le_bytes(), bytes)?;
        } else {
            return Err(self.unpicklable("an int of more than 2^31 bytes"));
        }
        self.memoize_atom(slot)
    }

    /// A float.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    #[inline]
    pub fn float(&mut self, value: f64) -> Result<()> {
        if self.is_plain(1) {
            self.writer.op_with(Opcode::BinFloat, value.to_be_bytes());
            return Ok(());
        }
        self.any_float(value)
    }

    #[cold]
    fn any_float(&mut self, value: f64) -> Result<()> {
        let slot = self.begin()?;
        if self.binary() {
            self.writer.op_with(Opcode::BinFloat, value.to_be_bytes());
        } else {
            let repr = text::float_repr(value);
            self.writer.line(Opcode::Float, format_args!("{repr}"));
        }
        self.memoize_atom(slot)
    }

    /// A str.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    #[inline]
    pub fn str(&mut self, value: &str) -> Result<()> {
        if let Ok(len) = u8::try_from(value.len())
            && self.is_plain(1)
        {
            let text = value.as_bytes();
            self.writer.short(Opcode::ShortBinUnicode, len, text);
            return Ok(());
        }
        self.surrogates(value.as_bytes())
    }

    /// A str of UTF-8 in which lone surrogates may stand, in three bytes each.
    pub(crate) fn surrogates(&mut self, utf8: &[u8]) -> Result<()> {
        if let Some(text) = self.single_object(utf8) {
            return self.interned(text).map(|_| ());
        }
        let slot = self.begin()?;
        self.write_str(utf8)?;
        self.memoize(slot)
    }

    /// The text, if CPython has but one str object of it, which then is in the memo once: those of
    /// at most one character of Latin-1. What is behind a shared pointer stays an object of its own.
    pub(super) fn single_object<'a>(&self, utf8: &'a [u8]) -> Option<&'a str> {
        if self.policy != MemoPolicy::All || self.pending.is_some() || utf8.len() > 2 {
            return None;
        }
        let text = std::str::from_utf8(utf8).ok()?;
        let mut chars = text.chars();
        let latin1 = chars.next().is_none_or(|char| u8::try_from(char).is_ok());
        (latin1 && chars.next().is_none()).then_some(text)
    }

    pub(super) fn write_str(&mut self, utf8: &[u8]) -> Result<()> {
        if !self.binary() {
            self.writer.line_with(Opcode::Unicode, |line| {
                text::raw_unicode_escape(utf8, line);
            });
            return Ok(());
        }
        match Length::of(utf8) {
            Length::One(len) if self.protocol >= Opcode::ShortBinUnicode.protocol() => {
                self.writer.payload(Opcode::ShortBinUnicode, [len], utf8)
            }
            Length::One(len) => {
                let len = u32::from(len).to_le_bytes();
                self.writer.payload(Opcode::BinUnicode, len, utf8)
            }
            Length::Four(len) => self
                .writer
                .payload(Opcode::BinUnicode, len.to_le_bytes(), utf8),
            Length::Eight(len) if self.protocol >= Opcode::BinUnicode8.protocol() => self
                .writer
                .payload(Opcode::BinUnicode8, len.to_le_bytes(), utf8),
            Length::Eight(_) => Err(self.unpicklable("a str of more than 2^32 bytes")),
        }
    }

    /// A bytes object.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    #[inline]
    pub fn bytes(&mut self, value: &[u8]) -> Result<()> {
        if let Ok(len) = u8::try_from(value.len())
            && self.is_plain(1)
        {
            self.writer.short(Opcode::ShortBinBytes, len, value);
            return Ok(());
        }
        self.any_bytes(value)
    }

    fn any_bytes(&mut self, value: &[u8]) -> Result<()> {
        let slot = self.begin()?;
        if self.protocol < Opcode::BinBytes.protocol() {
            self.bytes_as_call(value)?;
            return self.memoize(slot);
        }
        match Length::of(value) {
            Length::One(len) => self.writer.payload(Opcode::ShortBinBytes, [len], value)?,
            Length::Four(len) => {
                self.writer
                    .payload(Opcode::BinBytes, len.to_le_bytes(), value)?;
            }
            Length::Eight(len) if self.protocol >= Opcode::BinBytes8.protocol() => {
                self.writer
                    .payload(Opcode::BinBytes8, len.to_le_bytes(), value)?;
            }
            Length::Eight(_) => {
                return Err(self.unpicklable("a bytes object of more than 2^32 bytes"));
            }
        }
        self.memoize(slot)
    }

    /// `_codecs.encode(text, 'latin1')`, which is a `str` in Python 2.
    fn bytes_as_call(&mut self, value: &[u8]) -> Result<()> {
        if value.is_empty() {
            self.global(&compat::BYTES)?;
            self.tuple(0, |_| Ok(()))?;
        } else {
            self.global(&compat::ENCODE)?;
            let text: String = value.iter().map(|byte| char::from(*byte)).collect();
            self.tuple(2, |p| {
                p.str(&text)?;
                p.name("latin1").map(drop)
            })?;
        }
        self.writer.op(Opcode::Reduce);
        Ok(())
    }

    /// A bytearray.
    ///
    /// # Errors
    ///
    /// As [`none`](Pickler::none).
    pub fn bytearray(&mut self, value: &[u8]) -> Result<()> {
        self.check_unhashed("bytearray")?;
        let slot = self.begin()?;
        if self.protocol >= Opcode::ByteArray8.protocol() {
            let len = (value.len() as u64).to_le_bytes();
            self.writer.payload(Opcode::ByteArray8, len, value)?;
        } else {
            self.global(&compat::BYTEARRAY)?;
            if value.is_empty() {
                self.tuple(0, |_| Ok(()))?;
            } else {
                self.tuple(1, |p| p.bytes(value))?;
            }
            self.writer.op(Opcode::Reduce);
        }
        self.memoize(slot)
    }
}

/// A length, in the fewest bytes that opcodes have for it.
enum Length {
    One(u8),
    Four(u32),
    Eight(u64),
}

impl Length {
    fn of(bytes: &[u8]) -> Self {
        let len = bytes.len();
        match (u8::try_from(len), u32::try_from(len)) {
            (Ok(len), _) => Self::One(len),
            (_, Ok(len)) => Self::Four(len),
            _ => Self::Eight(len as u64),
        }
    }
}

/// How an int is written that has so many bits, and a sign or not.
#[derive(Clone, Copy)]
struct IntForm {
    /// The opcode, and a length if it has one.
    head: u16,
    head_bits: u8,
    /// How many bytes there are with the int's own.
    len: u8,
}

/// By twice the number of bits, and 1 more if the int is negative.
const INT_FORMS: [IntForm; 130] = {
    let mut forms = [IntForm {
        head: 0,
        head_bits: 8,
        len: 0,
    }; 130];
    let mut index = 0;
    while index < 130 {
        let (bits, negative) = (index / 2, index % 2 == 1);
        let (op, len) = match bits {
            0..=8 if !negative => (Opcode::BinInt1, 1),
            0..=16 if !negative => (Opcode::BinInt2, 2),
            0..=31 => (Opcode::BinInt, 4),
            _ => (Opcode::Long1, bits / 8 + 1),
        };
        forms[index].head = op.byte() as u16;
        if let Opcode::Long1 = op {
            forms[index].head |= (len as u16) << 8;
            forms[index].head_bits = 16;
        }
        forms[index].len = forms[index].head_bits / 8 + len as u8;
        index += 1;
    }
    forms
};

/// More bytes than any int in [`binary_int`] takes.
pub(super) const INT_BYTES: usize = 16;

/// An int that 65 bits hold.
#[derive(Clone, Copy)]
pub(crate) struct Int {
    /// The lowest 64, in two's complement.
    bits: u64,
    /// All ones if it is negative, or else 0.
    sign: u64,
}

impl From<i64> for Int {
    #[inline(always)]
    fn from(value: i64) -> Self {
        Self {
            bits: value.cast_unsigned(),
            sign: (value >> 63).cast_unsigned(),
        }
    }
}

impl From<u64> for Int {
    #[inline(always)]
    fn from(value: u64) -> Self {
        Self {
            bits: value,
            sign: 0,
        }
    }
}

/// An int with its opcode, in the fewest bytes: so many of these. Its length is the only thing that
/// is looked at, and not by branches, which numbers of mixed magnitudes would mislead.
#[inline(always)]
pub(super) fn binary_int(Int { bits, sign }: Int) -> ([u8; INT_BYTES], usize) {
    let len = 64 - (bits ^ sign).leading_zeros() as usize;
    let form = INT_FORMS[2 * len + (sign & 1) as usize];
    let digits = u128::from(bits) << (form.head_bits & 31);
    let bytes = (digits | u128::from(form.head)).to_le_bytes();
    (bytes, form.len.into())
}
