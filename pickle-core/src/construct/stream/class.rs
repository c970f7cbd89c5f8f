//! Classes in a stream: by name or reference, and what is learned of them.
//!
//! After the first instances of a class, nearly all bytes between the values of the next ones are
//! known: the reference to the class, what creates the object and opens its state, a reference for
//! each attribute's name, and what closes the state. A [`Pattern`] is such bytes, learned from the
//! stream itself, and compared as one word. Where it does not fit, the bytes are read one by one.

use std::any::{Any, TypeId};
use std::ptr;

use pickle_registry::QualName;

use super::memo::Entry;
use super::{
    BINPUT, BUILD, GLOBAL, LONG_BINPUT, MEMOIZE, SETITEMS, SHORT_BINUNICODE, STACK_GLOBAL, Stream,
    text_at,
};
use crate::class::{Class, MemberValue, Variant};
use crate::compat;
use crate::utf8::utf8;

/// A class that the stream has named.
#[derive(Debug)]
pub(super) struct Known {
    /// The name, as ranges of the input.
    module: (usize, usize),
    qualname: (usize, usize),
    /// What asked for it last.
    pub(super) class: Option<&'static Class>,
    /// What makes trait objects of it, by the trait object's type.
    casts: Option<(TypeId, &'static (dyn Any + Send + Sync))>,
    /// What follows the class, up to the first attribute's name, and how many memo entries it
    /// makes: of the instance, then of its state.
    pub(super) prefix: Pattern,
    pub(super) memoized: u8,
    /// Where its keys begin.
    pub(super) keys: KeyIndex,
}

impl Known {
    /// The halves of the name, as ranges of the input.
    pub(super) fn names(&mut self) -> [&mut (usize, usize); 2] {
        [&mut self.module, &mut self.qualname]
    }
}

/// Up to eight bytes that are expected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pattern {
    word: u64,
    mask: u64,
    len: u8,
}

impl Pattern {
    /// Fits nothing.
    const NOTHING: Self = Self {
        word: 1,
        mask: 0,
        len: 0,
    };

    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut word = [0; 8];
        let mut mask = [0; 8];
        let (Some(known), Some(compared)) =
            (word.get_mut(..bytes.len()), mask.get_mut(..bytes.len()))
        else {
            return Self::NOTHING;
        };
        known.copy_from_slice(bytes);
        compared.fill(u8::MAX);
        Self {
            word: u64::from_le_bytes(word),
            mask: u64::from_le_bytes(mask),
            // OK because it is at most 8.
            len: bytes.len() as u8,
        }
    }

    /// What is behind the pattern, if the bytes begin with it.
    #[inline]
    pub(super) fn behind<'g>(&self, bytes: &'g [u8]) -> Option<&'g [u8]> {
        let word = u64::from_le_bytes(*bytes.first_chunk()?);
        if word & self.mask == self.word {
            bytes.get(usize::from(self.len)..)
        } else {
            None
        }
    }
}

/// A place among the keys of all classes.
pub(super) type KeyIndex = u32;

/// What stands between two values of an instance: an attribute's name, or the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) pattern: Pattern,
    /// Which field it is; `END` behind the last, `END_OF_ONE` behind the only one.
    pub(super) field: u16,
}

pub(super) const END: u16 = u16::MAX;
pub(super) const END_OF_ONE: u16 = END - 1;

/// Of a class of which one instance was met at the most: it has no keys.
pub(super) const NO_KEYS: KeyIndex = KeyIndex::MAX;

impl Key {
    /// Whether it is the name of this field, by a reference of two bytes.
    pub(super) fn is_short_of(&self, field: usize) -> bool {
        usize::from(self.field) == field && self.pattern.len == 2
    }

    /// Whether it is the end, and these bytes are.
    pub(super) fn is_end(&self, bytes: &[u8]) -> bool {
        self.field == END && self.pattern.len == 2 && bytes == [SETITEMS, BUILD]
    }
}

impl<'g> Stream<'g> {
    /// The class that is referred to here, and what is behind the reference.
    #[inline]
    pub(super) fn known(&self) -> Option<(usize, &'g [u8])> {
        let (entry, rest) = self.reference()?;
        Some((entry.as_class()?, rest))
    }

    /// Reads a class.
    pub(super) fn class(&mut self) -> Option<usize> {
        self.begin_object();
        if let Some((index, rest)) = self.known() {
            self.rest = rest;
            return Some(index);
        }
        let (module, qualname) = match *self.rest {
            [GLOBAL, ref lines @ ..] => {
                let start = self.offset() + 1;
                let mut ends = lines.iter().enumerate();
                let mut end = || ends.find(|(_, byte)| **byte == b'\n').map(|(end, _)| end);
                let (module, qualname) = (end()?, end()?);
                self.rest = lines.get(qualname + 1..)?;
                (
                    (start, start + module),
                    (start + module + 1, start + qualname),
                )
            }
            _ => {
                let names = (self.name()?, self.name()?);
                if self.protocol < 4 || !self.take(STACK_GLOBAL) {
                    return None;
                }
                names
            }
        };
        let index = self.known_as(module, qualname)?;
        self.put_part(Entry::class(index))?;
        Some(index)
    }

    /// A str that is half of a class's name: where its text is.
    fn name(&mut self) -> Option<(usize, usize)> {
        self.begin_object();
        let start = self.offset();
        let (text, at) = match text_at(self.rest) {
            Some((text, rest)) => {
                self.rest = rest;
                let end = self.offset();
                self.put_part(Entry::text(start))?;
                (text, end)
            }
            None => {
                let (entry, rest) = self.reference()?;
                let (text, behind) = text_at(self.input.get(entry.as_text()?..)?)?;
                self.rest = rest;
                (text, self.input.len() - behind.len())
            }
        };
        Some((at - text.len(), at))
    }

    /// The class of that name.
    fn known_as(&mut self, module: (usize, usize), qualname: (usize, usize)) -> Option<usize> {
        let name = self.name_of(module, qualname)?;
        if !is_plain(&name)
            || self.protocol < 4 && name.qualname().contains('.')
            || self.protocol < 3 && compat::to_python3(&name).is_some()
            || !self.policy.permits(&name)
        {
            return None;
        }
        let mut classes = self.scratch.classes.iter();
        let known = classes
            .position(|known| self.name_of(known.module, known.qualname).as_ref() == Some(&name));
        if known.is_some() {
            return known;
        }
        self.scratch.classes.push(Known {
            module,
            qualname,
            class: None,
            casts: None,
            prefix: Pattern::NOTHING,
            memoized: 0,
            keys: NO_KEYS,
        });
        Some(self.scratch.classes.len() - 1)
    }

    /// Reads a class by the name that it is expected to have, if it is a new one.
    pub(super) fn new_class(&mut self, class: &'static Class) -> Option<usize> {
        if self.protocol < 4 || !is_plain(&class.name) || !self.policy.permits(&class.name) {
            return None;
        }
        let before = (self.rest, self.scratch.memo.len());
        let index = self.try_new_class(class);
        if index.is_none() {
            self.rest = before.0;
            self.scratch.memo.truncate(before.1);
        }
        index
    }

    fn try_new_class(&mut self, class: &'static Class) -> Option<usize> {
        let mut classes = self.scratch.classes.iter();
        if classes.any(|known| known.class.is_some_and(|known| ptr::eq(known, class))) {
            return None;
        }
        let module = self.expect_name(class.name.module())?;
        self.begin_object();
        let qualname = self.expect_name(class.name.qualname())?;
        if !self.take(STACK_GLOBAL) {
            return None;
        }
        let index = self.scratch.classes.len();
        self.put_part(Entry::class(index))?;
        self.scratch.classes.push(Known {
            module,
            qualname,
            class: Some(class),
            casts: None,
            prefix: Pattern::NOTHING,
            memoized: 0,
            keys: NO_KEYS,
        });
        Some(index)
    }

    /// A str that is half of a class's name, if it is this one.
    fn expect_name(&mut self, name: &str) -> Option<(usize, usize)> {
        let start = self.offset();
        let end = start + 2 + name.len();
        self.expect_text(name, Entry::text(start))?;
        Some((start + 2, end))
    }

    /// A short str, if it is this one, which goes into the memo as a part of something.
    #[inline(always)]
    pub(super) fn expect_text(&mut self, text: &str, entry: Entry) -> Option<()> {
        let [SHORT_BINUNICODE, len, rest @ ..] = self.rest else {
            return None;
        };
        if usize::from(*len) != text.len() {
            return None;
        }
        let (found, rest) = rest.split_at_checked(text.len())?;
        if !is_same(found, text.as_bytes()) {
            return None;
        }
        match rest {
            [MEMOIZE, rest @ ..] => {
                self.rest = rest;
                self.scratch.memo.push(entry);
            }
            [BINPUT | LONG_BINPUT, ..] => {
                self.rest = rest;
                self.put_part(entry)?;
            }
            _ => self.rest = rest,
        }
        Some(())
    }

    fn name_of(&self, module: (usize, usize), qualname: (usize, usize)) -> Option<QualName<'g>> {
        let text = |(start, end)| utf8(self.input.get(start..end)?);
        Some(QualName::new(text(module)?, text(qualname)?))
    }

    /// Looks at the class that an instance begins with, without moving on: its name, and where to
    /// keep what is made of it.
    pub(in crate::construct) fn peek_class(&mut self) -> Option<usize> {
        self.begin_object();
        if let Some((index, _)) = self.known() {
            return Some(index);
        }
        let (rest, len) = (self.rest, self.scratch.memo.len());
        let index = self.class();
        self.rest = rest;
        self.scratch.memo.truncate(len);
        index
    }

    #[inline]
    pub(in crate::construct) fn casts(
        &self,
        index: usize,
    ) -> Option<(TypeId, &'static (dyn Any + Send + Sync))> {
        self.scratch.classes.get(index)?.casts
    }

    pub(in crate::construct) fn set_casts(
        &mut self,
        index: usize,
        object: TypeId,
        casts: &'static (dyn Any + Send + Sync),
    ) {
        if let Some(known) = self.scratch.classes.get_mut(index) {
            known.casts = Some((object, casts));
        }
    }

    pub(in crate::construct) fn class_name(&self, index: usize) -> Option<QualName<'g>> {
        let known = self.scratch.classes.get(index)?;
        self.name_of(known.module, known.qualname)
    }

    /// Which of some classes the next instance is of.
    #[inline]
    pub(in crate::construct) fn variant(&mut self, variants: &[&Class]) -> Option<usize> {
        if let Some((index, _)) = self.known()
            && let Some(known) = self.scratch.classes.get(index)
            && let Some(class) = known.class
            && let Some(variant) = variants.iter().position(|variant| ptr::eq(*variant, class))
        {
            return Some(variant);
        }
        let index = self.peek_class()?;
        let name = self.class_name(index)?;
        variants.iter().position(|variant| variant.is_named(&name))
    }

    /// A member of an enum: which one of `variants`. From its second time on it is referred to.
    pub(in crate::construct) fn member(
        &mut self,
        class: &'static Class,
        variants: &[Variant],
    ) -> Option<usize> {
        self.begin_object();
        if let Some((entry, rest)) = self.reference()
            && let Some((index, member)) = entry.as_member()
        {
            self.check_class(index, class)?;
            self.count_reference()?;
            self.rest = rest;
            return Some(member);
        }
        let start = self.offset();
        let index = self.class()?;
        self.check_class(index, class)?;
        self.begin_object();
        let member = match self.int() {
            Some(value) => {
                let value = MemberValue::Int(value.into());
                variants.iter().position(|variant| variant.value == value)
            }
            None => {
                let value = self.str()?;
                let is_it = |known| matches!(known, MemberValue::Str(known) if known == value);
                variants.iter().position(|variant| is_it(variant.value))
            }
        }?;
        if !self.close_arguments(false, 1)? {
            return None;
        }
        let entry = match (u32::try_from(index), u16::try_from(member)) {
            (Ok(index), Ok(member)) => Entry::member(index, member),
            _ => Entry::OTHER,
        };
        self.put(start, entry)?;
        Some(member)
    }

    /// Holds a class that the stream names against the one that is asked for, and gives it keys.
    pub(super) fn check_class(&mut self, index: usize, class: &'static Class) -> Option<KeyIndex> {
        let known = self.scratch.classes.get(index)?;
        match known.class {
            Some(known) if !ptr::eq(known, class) => return None,
            Some(_) if known.keys != NO_KEYS => return Some(known.keys),
            Some(_) => {}
            // Two types may have one name; but what is learned of one is not true of the other.
            None if !class.is_named(&self.class_name(index)?) => return None,
            None => {}
        }
        let known = self.scratch.classes.get_mut(index)?;
        known.class = Some(class);
        known.keys = KeyIndex::try_from(self.scratch.keys.len()).ok()?;
        // One for each field, one for the end, and one that never fits.
        let nothing = Key {
            pattern: Pattern::NOTHING,
            field: END,
        };
        let len = self.scratch.keys.len() + class.fields.len() + 2;
        KeyIndex::try_from(len).ok()?;
        self.scratch.keys.resize(len, nothing);
        Some(known.keys)
    }
}

/// Whether two texts of one length are the same: short ones are compared by their ends, which are all
/// of them, without a call.
#[inline(always)]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    fn ends<const N: usize>(bytes: &[u8]) -> Option<([u8; N], [u8; N])> {
        Some((*bytes.first_chunk()?, *bytes.last_chunk()?))
    }
    match one.len() {
        8..=16 => ends::<8>(one) == ends(other),
        4..8 => ends::<4>(one) == ends(other),
        1..4 => ends::<1>(one) == ends(other) && one[one.len() / 2] == other[one.len() / 2],
        _ => one == other,
    }
}

/// Whether a name is of nothing but a class: not of a local one, which cannot be found, nor of
/// what the machine may see through.
fn is_plain(name: &QualName<'_>) -> bool {
    !name.qualname().contains('<') && !compat::is_seen_through(name.module())
}
