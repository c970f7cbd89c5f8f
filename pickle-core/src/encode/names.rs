//! Names: strs that Python interns, of which there is one object each, and which come again and
//! again. They are written once, and referred to from then on.
//!
//! Most are a part of the program, so that what stands for them where they are written first is made
//! when that is compiled: a [`Name`], or with its module a [`ClassName`]. A name that was not written
//! need not be searched: it has one of 64 bits, and those of all that were written are known.

use super::Pickler;
use super::writer::{self, MemoIndex};
use crate::class::Class;
use crate::copyreg::extension_code;
use crate::error::Result;
use crate::opcode::Opcode;

/// So much is appended at once, and what is too much of it cut off again.
const SPELLED: usize = 32;

/// What stands in a stream, as long as it is plain: a str and the opcodes behind it.
#[derive(Clone, Copy, Debug)]
struct Spelled {
    bytes: [u8; SPELLED],
    /// 0 if it does not fit.
    len: usize,
}

impl Spelled {
    const fn new(text: &str, ops: &[Opcode]) -> Self {
        let mut bytes = [0; SPELLED];
        let text = text.as_bytes();
        let len = 2 + text.len() + ops.len();
        if len > SPELLED {
            return Self { bytes, len: 0 };
        }
        bytes[0] = Opcode::ShortBinUnicode.byte();
        bytes[1] = text.len() as u8;
        let mut place = 2;
        while place < len {
            let index = place - 2;
            bytes[place] = if index < text.len() {
                text[index]
            } else {
                ops[index - text.len()].byte()
            };
            place += 1;
        }
        Self { bytes, len }
    }
}

/// The name of an attribute or a module.
#[derive(Debug)]
pub struct Name {
    pub(super) text: &'static str,
    bit: u64,
    spelled: Spelled,
}

impl Name {
    /// A name, made when it is compiled.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            bit: name_bit(text),
            spelled: Spelled::new(text, &[Opcode::Memoize]),
        }
    }
}

/// The name of a class.
#[derive(Debug)]
pub struct ClassName {
    module: Name,
    bit: u64,
    qualname: Spelled,
}

impl ClassName {
    /// A name, made when it is compiled.
    #[must_use]
    pub const fn new(module: &'static str, qualname: &'static str) -> Self {
        Self {
            module: Name::new(module),
            bit: name_bit(qualname),
            qualname: Spelled::new(qualname, &[Opcode::StackGlobal, Opcode::Memoize]),
        }
    }
}

/// One of 64 bits. Where that of a name is missing from those of all names, the name is too.
#[inline(always)]
pub(super) const fn name_bit(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let len = bytes.len();
    if len == 0 {
        return 1;
    }
    let parts = [bytes[0], bytes[len / 2], bytes[len - 1], len as u8];
    // 2^32 divided by the golden ratio.
    1 << (u32::from_le_bytes(parts).wrapping_mul(0x9e37_79b9) >> 26)
}

impl Pickler<'_> {
    /// A name as a part of an object.
    #[inline(always)]
    pub(super) fn spelled_name(&mut self, name: &'static Name) -> Result<MemoIndex> {
        match self.new_name(name) {
            Some(index) => Ok(index),
            None => self.name(name.text),
        }
    }

    /// Writes a name as it is spelled, if it is new and there is room for it. Where it is then.
    #[inline(always)]
    pub(super) fn new_name(&mut self, name: &'static Name) -> Option<MemoIndex> {
        let spelled = &name.spelled;
        if spelled.len == 0 || !self.writer.is_plain(1) || !self.writer.has_room(SPELLED) {
            return None;
        }
        let index = MemoIndex::try_from(self.memo.len).ok()?;
        if !self.memo.add_new_name(name.text, name.bit, index) {
            return None;
        }
        self.memo.len += 1;
        self.writer.some_of(spelled.bytes, spelled.len);
        Some(index)
    }

    /// A class as a part of its instance. Where it can be found again, if it is there by its name.
    #[inline(always)]
    pub(super) fn spelled_class(
        &mut self,
        class: &'static Class,
        name: &'static ClassName,
    ) -> Result<Option<MemoIndex>> {
        let spelled = &name.qualname;
        // An extension code is looked for each time: it may be removed before the next pickle.
        if spelled.len == 0
            || self.memo.may_have_global(name.bit)
            || !self.writer.is_plain(2 * SPELLED)
            || extension_code(&class.name).is_some()
        {
            return self.find_or_write_static(&class.name);
        }
        self.spelled_name(&name.module)?;
        let index = writer::index(self.protocol, self.memo.len)?;
        self.writer.some_of(spelled.bytes, spelled.len);
        self.memo.len += 1;
        self.memo.add_static_global(&class.name, name.bit, index);
        Ok(Some(index))
    }

    /// A str that Python interns.
    pub(super) fn interned(&mut self, text: &str) -> Result<MemoIndex> {
        if let Some(index) = self.memo.text(text) {
            self.get(index)?;
            return Ok(index);
        }
        let index = self.new_text(text)?;
        self.memo.add_text(text, index);
        Ok(index)
    }

    /// An interned str that is part of the program.
    pub(super) fn name(&mut self, name: &'static str) -> Result<MemoIndex> {
        if let Some(index) = self.memo.name(name) {
            self.get(index)?;
            return Ok(index);
        }
        let index = self.new_text(name)?;
        self.memo.add_name(name, index);
        Ok(index)
    }

    fn new_text(&mut self, text: &str) -> Result<MemoIndex> {
        let slot = self.begin()?;
        self.write_str(text.as_bytes())?;
        self.put(slot)
    }
}
