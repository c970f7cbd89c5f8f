//! Instances in a stream: the class by name or reference, how it is created, and its attributes.
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
    BUILD, EMPTY_DICT, EMPTY_TUPLE, GLOBAL, MARK, MEMOIZE, NEWOBJ, REDUCE, SETITEM, SETITEMS,
    SHORT_BINUNICODE, STACK_GLOBAL, Stream, TUPLE, TUPLE1, TUPLE2, TUPLE3, text_at,
};
use crate::class::{Class, MemberValue, Variant};
use crate::compat;

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
    memoized: u8,
    /// Where its keys begin.
    pub(super) keys: usize,
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

    fn of(bytes: &[u8]) -> Self {
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

/// What stands between two values of an instance: an attribute's name, or the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) pattern: Pattern,
    /// Which field it is; `END` behind the last.
    field: u16,
}

const END: u16 = u16::MAX;

/// Of a class of which one instance was met at the most: it has no keys.
const NO_KEYS: usize = usize::MAX;

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

/// Where the stream is in an instance.
#[derive(Clone, Copy, Debug)]
pub(in crate::construct) struct Instance {
    stage: Stage,
    /// Where the instance begins.
    start: usize,
    /// The key that is likely to be next, and the one behind all of the class.
    key: usize,
    last_key: usize,
    /// The field that is likely to be next.
    position: usize,
    /// Whether the state is one item, set by itself.
    single: bool,
    /// Whether the instance has to be hashable, which is its class's business.
    hashed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Among the arguments of a call; those behind a MARK may be any number.
    Arguments {
        marked: bool,
        taken: usize,
    },
    State,
    /// In a dict that is not given to an instance.
    Dict,
    Done,
}

/// What is next in an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::construct) enum Attribute {
    /// The value of this field of the class.
    Field(usize),
    /// The value of this field, as an argument.
    Argument(usize),
    End,
}

impl<'g> Stream<'g> {
    /// The class that is referred to here, and what is behind the reference.
    #[inline]
    fn known(&self) -> Option<(usize, &'g [u8])> {
        let (entry, rest) = self.reference()?;
        Some((entry.as_class()?, rest))
    }

    /// Reads a class.
    fn class(&mut self) -> Option<usize> {
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
        let nested = name.qualname().contains('.');
        if nested && (self.protocol < 4 || name.qualname().contains('<'))
            || self.protocol < 3 && compat::to_python3(&name).is_some()
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
    fn new_class(&mut self, class: &'static Class) -> Option<usize> {
        if self.protocol < 4 {
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
    #[inline]
    fn expect_text(&mut self, text: &str, entry: Entry) -> Option<()> {
        let [SHORT_BINUNICODE, len, rest @ ..] = self.rest else {
            return None;
        };
        if usize::from(*len) != text.len() {
            return None;
        }
        self.rest = rest.strip_prefix(text.as_bytes())?;
        self.put_part(entry)
    }

    fn name_of(&self, module: (usize, usize), qualname: (usize, usize)) -> Option<QualName<'g>> {
        let text = |(start, end)| std::str::from_utf8(self.input.get(start..end)?).ok();
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

    /// Opens an instance of a class.
    #[inline]
    pub(in crate::construct) fn instance(&mut self, class: &'static Class) -> Option<Instance> {
        if let Some((index, rest)) = self.known()
            && let Some(known) = self.scratch.classes.get(index)
            && known.class.is_some_and(|known| ptr::eq(known, class))
            && let Some(rest) = known.prefix.behind(rest)
        {
            let (key, memoized) = (known.keys, known.memoized);
            let start = self.offset();
            if !self.enter() {
                return None;
            }
            self.rest = rest;
            if memoized > 0 {
                self.memoized(start, Entry::OTHER);
                if memoized > 1 {
                    self.scratch.memo.push(Entry::OTHER);
                }
            }
            return Some(Instance {
                stage: Stage::State,
                start,
                key,
                last_key: key + class.fields.len() + 1,
                position: 0,
                single: false,
                hashed: self.hash(false),
            });
        }
        self.new_instance(class)
    }

    /// The same by its bytes, which are learned.
    fn new_instance(&mut self, class: &'static Class) -> Option<Instance> {
        self.begin_object();
        let start = self.offset();
        let (index, key) = match self.new_class(class) {
            Some(index) => (index, usize::MAX),
            None => {
                let index = self.class()?;
                (index, self.check_class(index, class)?)
            }
        };
        if !self.enter() {
            return None;
        }
        let mut instance = Instance {
            stage: Stage::Arguments {
                marked: false,
                taken: 0,
            },
            start,
            key,
            last_key: key.saturating_add(class.fields.len() + 1),
            position: 0,
            single: false,
            hashed: self.hash(false),
        };
        self.begin_object();
        let (opened, memo) = (self.offset(), self.scratch.memo.len());
        match *self.rest {
            [EMPTY_TUPLE, NEWOBJ | REDUCE, ref rest @ ..] => {
                self.rest = rest;
                self.created(&mut instance, class, 0)?;
            }
            [MARK, ref rest @ ..] => {
                self.rest = rest;
                instance.stage = Stage::Arguments {
                    marked: true,
                    taken: 0,
                };
            }
            _ => {}
        }
        if instance.stage == Stage::State && !instance.single && key != usize::MAX {
            self.learn_prefix(index, opened, memo);
        }
        Some(instance)
    }

    /// Holds a class that the stream names against the one that is asked for, and gives it keys.
    fn check_class(&mut self, index: usize, class: &'static Class) -> Option<usize> {
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
        known.keys = self.scratch.keys.len();
        // One for each field, one for the end, and one that never fits.
        let nothing = Key {
            pattern: Pattern::NOTHING,
            field: END,
        };
        let len = known.keys + class.fields.len() + 2;
        self.scratch.keys.resize(len, nothing);
        Some(known.keys)
    }

    fn learn_prefix(&mut self, index: usize, opened: usize, memo: usize) {
        let Some(bytes) = self.input.get(opened..self.offset()) else {
            return;
        };
        let memoized = self.scratch.memo.len() - memo;
        let constant = [EMPTY_TUPLE, NEWOBJ, REDUCE, MEMOIZE, EMPTY_DICT, MARK];
        let is_constant = bytes.iter().all(|byte| constant.contains(byte));
        let in_order = memoized == 0 || bytes.get(2) == Some(&MEMOIZE);
        if let (Some(known), true) = (
            self.scratch.classes.get_mut(index),
            is_constant && in_order && memoized <= 2,
        ) {
            known.prefix = Pattern::of(bytes);
            // OK because it is at most 2.
            known.memoized = memoized as u8;
        }
    }

    /// The instance exists: what follows is its state, if it has one.
    fn created(
        &mut self,
        instance: &mut Instance,
        class: &'static Class,
        taken: usize,
    ) -> Option<()> {
        self.put(instance.start, Entry::OTHER)?;
        self.begin_object();
        // Behind an instance whose fields are all there, a dict is more likely the next object.
        if taken < class.fields.len() && self.peek() == Some(EMPTY_DICT) {
            instance.stage = Stage::State;
            return self.open_state(instance);
        }
        self.close_instance(instance);
        Some(())
    }

    #[inline]
    fn close_instance(&mut self, instance: &mut Instance) {
        instance.stage = Stage::Done;
        self.hashed = instance.hashed;
        self.leave();
    }

    /// Opens a dict of attributes.
    fn open_state(&mut self, instance: &mut Instance) -> Option<()> {
        if !self.take(EMPTY_DICT) {
            return None;
        }
        self.put_part(Entry::OTHER)?;
        instance.single = !self.take(MARK);
        Some(())
    }

    /// Opens a dict whose keys are the attributes.
    pub(in crate::construct) fn dict_object(&mut self) -> Option<Instance> {
        self.begin_object();
        if self.hashed || self.peek() != Some(EMPTY_DICT) || !self.enter() {
            return None;
        }
        let start = self.offset();
        let mut instance = Instance {
            stage: Stage::Dict,
            start,
            key: usize::MAX,
            last_key: usize::MAX,
            position: 0,
            single: false,
            hashed: false,
        };
        self.open_state(&mut instance)?;
        Some(instance)
    }

    /// What is next in an instance: if it is a field, its value.
    #[inline]
    pub(in crate::construct) fn next_attribute(
        &mut self,
        instance: &mut Instance,
        class: &'static Class,
    ) -> Option<Attribute> {
        if let Some(key) = self.scratch.keys.get(instance.key)
            && instance.stage == Stage::State
            && let Some(rest) = key.pattern.behind(self.rest)
        {
            self.rest = rest;
            if key.field == END {
                self.close_instance(instance);
                return Some(Attribute::End);
            }
            let field = usize::from(key.field);
            instance.key += 1;
            self.upcoming = instance.key;
            return Some(Attribute::Field(field));
        }
        self.new_attribute(instance, class)
    }

    fn new_attribute(
        &mut self,
        instance: &mut Instance,
        class: &'static Class,
    ) -> Option<Attribute> {
        match instance.stage {
            Stage::Arguments { marked, taken } => {
                if !self.close_arguments(marked, taken)? {
                    self.begin_object();
                    instance.stage = Stage::Arguments {
                        marked,
                        taken: taken + 1,
                    };
                    return (taken < class.positional).then_some(Attribute::Argument(taken));
                }
                self.created(instance, class, taken)?;
                self.new_attribute(instance, class)
            }
            Stage::State | Stage::Dict => self.new_key(instance, class),
            Stage::Done => Some(Attribute::End),
        }
    }

    /// Whether the arguments of a call end here, and the call.
    fn close_arguments(&mut self, marked: bool, taken: usize) -> Option<bool> {
        let close = match taken {
            _ if marked => TUPLE,
            1 => TUPLE1,
            2 => TUPLE2,
            3 => TUPLE3,
            _ => return Some(false),
        };
        if !self.take(close) {
            return Some(false);
        }
        self.put_part(Entry::OTHER)?;
        (self.take(NEWOBJ) || self.take(REDUCE)).then_some(true)
    }

    /// The next attribute's name, or the end of the state, by their bytes, which are learned.
    fn new_key(&mut self, instance: &mut Instance, class: &'static Class) -> Option<Attribute> {
        let start = self.offset();
        let set = if instance.single { SETITEM } else { SETITEMS };
        if self.take(set) {
            if instance.stage == Stage::State && !self.take(BUILD) {
                return None;
            }
            self.learn_key(instance, start, END);
            self.close_instance(instance);
            return Some(Attribute::End);
        }
        self.begin_object();
        let start = self.offset();
        // The first instance has its attributes by their names, in the order of the fields.
        if let Some(field) = class.fields.get(instance.position)
            && self.expect_text(field.name, Entry::text(start)).is_some()
        {
            let field = instance.position;
            instance.position += 1;
            instance.key = instance.last_key.min(instance.key.saturating_add(1));
            self.upcoming = instance.key;
            self.upcoming_of = Some(class);
            return Some(Attribute::Field(field));
        }
        let entries = self.scratch.memo.len();
        let text = self.str()?;
        let field = class.field(text)?;
        instance.position = field + 1;
        if let (Ok(number), true) = (u16::try_from(field), entries == self.scratch.memo.len()) {
            self.learn_key(instance, start, number);
        }
        instance.key = instance.last_key.min(instance.key.saturating_add(1));
        self.upcoming = instance.key;
        self.upcoming_of = Some(class);
        Some(Attribute::Field(field))
    }

    /// Whether what is next is likely to be the name of another attribute of the instance whose
    /// attribute is being read.
    pub(super) fn is_upcoming(&self) -> bool {
        let key = self.scratch.keys.get(self.upcoming);
        if key.is_some_and(|key| key.pattern.behind(self.rest).is_some()) {
            return true;
        }
        let text = text_at(self.rest).map(|(text, _)| text);
        let text = text.or_else(|| {
            let (entry, _) = self.reference()?;
            let (text, _) = text_at(self.input.get(entry.as_text()?..)?)?;
            Some(text)
        });
        let field = text.and_then(|text| self.upcoming_of?.field(text));
        field.is_some()
    }

    fn learn_key(&mut self, instance: &Instance, start: usize, field: u16) {
        if instance.key < instance.last_key
            && let Some(bytes) = self.input.get(start..self.offset())
            && let Some(key) = self.scratch.keys.get_mut(instance.key)
        {
            key.pattern = Pattern::of(bytes);
            key.field = field;
        }
    }
}
