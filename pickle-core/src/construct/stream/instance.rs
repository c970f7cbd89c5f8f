//! Instances in a stream: how one is created, and its attributes.

use std::ptr;

use super::class::{END, END_OF_ONE, KeyIndex, NO_KEYS, Pattern};
use super::memo::Entry;
use super::{
    BUILD, EMPTY_DICT, EMPTY_TUPLE, MARK, MEMOIZE, NEWOBJ, REDUCE, SETITEM, SETITEMS, Stream,
    TUPLE, TUPLE1, TUPLE2, TUPLE3, text_at,
};
use crate::class::Class;

/// Where the stream is in an instance.
#[derive(Clone, Copy, Debug)]
pub(in crate::construct) struct Instance {
    /// Where the instance begins.
    start: usize,
    /// In a state, the key that is likely to be next.
    key: KeyIndex,
    /// The first of the class's keys, if it has some.
    first_key: KeyIndex,
    /// How many arguments were read, or which field is likely to be next in a state.
    position: usize,
    stage: Stage,
    /// How many items of the state are still to come: none, one, or [`MANY`].
    items: u8,
    /// Whether the instance has to be hashable, which is its class's business.
    hashed: bool,
}

/// The state's items are those behind a MARK.
const MANY: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Among the arguments of a call, as many as the opcode behind them takes.
    Arguments,
    /// Among those behind a MARK.
    MarkedArguments,
    State,
    /// In a dict that is not given to an instance.
    Dict,
    Done,
    /// Not in the stream: in the graph.
    Elsewhere,
}

impl Instance {
    /// Of a graph.
    pub(in crate::construct) const ELSEWHERE: Self = Self::at(Stage::Elsewhere, 0, NO_KEYS, false);

    const fn at(stage: Stage, start: usize, key: KeyIndex, hashed: bool) -> Self {
        Self {
            start,
            key,
            first_key: key,
            position: 0,
            stage,
            items: MANY,
            hashed,
        }
    }

    #[inline]
    pub(in crate::construct) fn is_elsewhere(&self) -> bool {
        self.stage == Stage::Elsewhere
    }

    /// Whether the state can go on with this field, or end so: one item by itself is exactly one.
    #[inline]
    fn advance(&mut self, field: u16) -> bool {
        match (self.items, field) {
            (MANY, _) => field != END_OF_ONE,
            (0, END_OF_ONE) => true,
            (1, ..END_OF_ONE) => {
                self.items = 0;
                true
            }
            _ => false,
        }
    }
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

impl Instance {
    /// The one behind the end: it fits nothing.
    fn last_key(&self, class: &Class) -> KeyIndex {
        // OK because the class has so many keys.
        self.first_key + class.fields.len() as KeyIndex + 1
    }

    /// Goes on to the next key.
    fn next_key(&mut self, class: &Class) {
        if self.key != NO_KEYS {
            self.key = (self.key + 1).min(self.last_key(class));
        }
    }
}

impl Stream<'_> {
    /// Opens an instance of a class, if one is next.
    pub(in crate::construct) fn instance(
        &mut self,
        class: &'static Class,
        instance: &mut Instance,
    ) -> bool {
        match self
            .known_instance(class)
            .or_else(|| self.new_instance(class))
        {
            Some(opened) => {
                *instance = opened;
                true
            }
            None => false,
        }
    }

    #[inline]
    fn known_instance(&mut self, class: &'static Class) -> Option<Instance> {
        let (index, rest) = self.known()?;
        let known = self.scratch.classes.get(index)?;
        if !known.class.is_some_and(|known| ptr::eq(known, class)) {
            return None;
        }
        let rest = known.prefix.behind(rest)?;
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
        let hashed = self.hash(false);
        Some(Instance::at(Stage::State, start, key, hashed))
    }

    /// The same by its bytes, which are learned.
    fn new_instance(&mut self, class: &'static Class) -> Option<Instance> {
        self.begin_object();
        let start = self.offset();
        let (index, key) = match self.new_class(class) {
            Some(index) => (index, NO_KEYS),
            None => {
                let index = self.class()?;
                (index, self.check_class(index, class)?)
            }
        };
        if !self.enter() {
            return None;
        }
        let mut instance = Instance::at(Stage::Arguments, start, NO_KEYS, self.hash(false));
        instance.first_key = key;
        self.begin_object();
        let (opened, memo) = (self.offset(), self.scratch.memo.len());
        match *self.rest {
            [EMPTY_TUPLE, NEWOBJ | REDUCE, ref rest @ ..] => {
                self.rest = rest;
                self.created(&mut instance, class, 0)?;
            }
            [MARK, ref rest @ ..] => {
                self.rest = rest;
                instance.stage = Stage::MarkedArguments;
            }
            _ => {}
        }
        if instance.stage == Stage::State && instance.items == MANY && key != NO_KEYS {
            self.learn_prefix(index, opened, memo);
        }
        Some(instance)
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
            instance.key = instance.first_key;
            instance.position = 0;
            return self.open_state(instance);
        }
        self.close_instance(instance);
        Some(())
    }

    #[inline]
    fn close_instance(&mut self, instance: &mut Instance) {
        instance.stage = Stage::Done;
        instance.key = NO_KEYS;
        self.hashed = instance.hashed;
        self.leave();
    }

    /// Opens a dict of attributes.
    fn open_state(&mut self, instance: &mut Instance) -> Option<()> {
        if !self.take(EMPTY_DICT) {
            return None;
        }
        self.put_part(Entry::OTHER)?;
        instance.items = if self.take(MARK) { MANY } else { 1 };
        Some(())
    }

    /// Opens a dict whose keys are the attributes.
    pub(in crate::construct) fn dict_object(&mut self) -> Option<Instance> {
        self.begin_object();
        if self.hashed || self.peek() != Some(EMPTY_DICT) || !self.enter() {
            return None;
        }
        let start = self.offset();
        let mut instance = Instance::at(Stage::Dict, start, NO_KEYS, false);
        self.open_state(&mut instance)?;
        Some(instance)
    }

    /// The field whose value is next in an instance, if its key is the one that is expected.
    #[inline]
    pub(in crate::construct) fn expected_field(
        &mut self,
        instance: &mut Instance,
    ) -> Option<usize> {
        let key = self.scratch.keys.get(instance.key as usize)?;
        let rest = key.pattern.behind(self.rest)?;
        if key.field >= END_OF_ONE || !instance.advance(key.field) {
            return None;
        }
        self.rest = rest;
        instance.key += 1;
        self.upcoming = instance.key;
        self.attribute_at = self.left();
        Some(usize::from(key.field))
    }

    /// Whether the instance ends here, as it is expected to.
    #[inline]
    pub(in crate::construct) fn expected_end(&mut self, instance: &mut Instance) -> bool {
        if let Some(key) = self.scratch.keys.get(instance.key as usize)
            && key.field >= END_OF_ONE
            && let Some(rest) = key.pattern.behind(self.rest)
            && instance.advance(key.field)
        {
            self.rest = rest;
            self.close_instance(instance);
            return true;
        }
        false
    }

    /// What is next in an instance: if it is a field, its value.
    pub(in crate::construct) fn next_attribute(
        &mut self,
        instance: &mut Instance,
        class: &'static Class,
    ) -> Option<Attribute> {
        if self.expected_end(instance) {
            return Some(Attribute::End);
        }
        let attribute = self.new_attribute(instance, class)?;
        if let Attribute::Field(_) = attribute {
            self.at_attribute(instance, class);
        }
        Some(attribute)
    }

    #[inline]
    fn at_attribute(&mut self, instance: &Instance, class: &'static Class) {
        self.upcoming = instance.key;
        self.upcoming_of = Some(class);
        self.attribute_at = self.left();
    }

    /// The field whose value is next, if its name is written out and the fields are in their order: as
    /// in the first instance of a class.
    #[inline]
    pub(in crate::construct) fn first_key(
        &mut self,
        instance: &mut Instance,
        class: &'static Class,
    ) -> Option<usize> {
        if instance.stage != Stage::State || instance.items != MANY || instance.key != NO_KEYS {
            return None;
        }
        let position = instance.position;
        let start = self.offset();
        self.expect_text(class.fields.get(position)?.name, Entry::text(start))?;
        instance.position = position + 1;
        self.at_attribute(instance, class);
        Some(position)
    }

    fn new_attribute(
        &mut self,
        instance: &mut Instance,
        class: &'static Class,
    ) -> Option<Attribute> {
        match instance.stage {
            Stage::Arguments | Stage::MarkedArguments => {
                let taken = instance.position;
                if !self.close_arguments(instance.stage == Stage::MarkedArguments, taken)? {
                    self.begin_object();
                    instance.position += 1;
                    return (taken < class.positional).then_some(Attribute::Argument(taken));
                }
                self.created(instance, class, taken)?;
                self.new_attribute(instance, class)
            }
            Stage::State | Stage::Dict => self.new_key(instance, class),
            Stage::Done | Stage::Elsewhere => Some(Attribute::End),
        }
    }

    /// Whether the arguments of a call end here, and the call.
    pub(super) fn close_arguments(&mut self, marked: bool, taken: usize) -> Option<bool> {
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
        let (set, end) = match instance.items {
            MANY => (SETITEMS, END),
            _ => (SETITEM, END_OF_ONE),
        };
        if self.take(set) {
            if !instance.advance(end) || instance.stage == Stage::State && !self.take(BUILD) {
                return None;
            }
            self.learn_key(instance, class, start, end);
            self.close_instance(instance);
            return Some(Attribute::End);
        }
        if !instance.advance(0) {
            return None;
        }
        self.begin_object();
        let start = self.offset();
        let entries = self.scratch.memo.len();
        let text = self.str()?;
        let field = class.field(text)?;
        instance.position = field + 1;
        if let (Ok(number), true) = (u16::try_from(field), entries == self.scratch.memo.len()) {
            self.learn_key(instance, class, start, number);
        }
        instance.next_key(class);
        Some(Attribute::Field(field))
    }

    /// Whether what is next is likely to be the name of another attribute of the instance whose
    /// attribute is being read.
    pub(super) fn is_upcoming(&self) -> bool {
        let key = self.scratch.keys.get(self.upcoming as usize);
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

    fn learn_key(&mut self, instance: &Instance, class: &Class, start: usize, field: u16) {
        if instance.key != NO_KEYS
            && instance.key < instance.last_key(class)
            && let Some(bytes) = self.input.get(start..self.offset())
            && let Some(key) = self.scratch.keys.get_mut(instance.key as usize)
        {
            key.pattern = Pattern::of(bytes);
            key.field = field;
        }
    }
}
