//! What is constant in a stream: between the fields of an instance, from the second of its class on,
//! nothing stands but opcodes that are the same each time, and among them those that fetch the class
//! and the attributes' names from the memo. Those are kept here as [`Word`]s, ready to be appended.
//!
//! Each class has a [`Block`] of them: its own, what an instance without arguments begins with, and
//! one for each attribute. A word is none until what it fetches has been memoized, and where it would
//! be a line. Blocks are found by the addresses of the statics that they are for, which no two share:
//! the first ones without a search. What is met only once needs no block.

use std::ptr;

use super::Pickler;
use super::names::{ClassName, Name};
use super::writer::Word;
use crate::class::Class;
use crate::error::Result;
use crate::opcode::Opcode;

/// How many blocks have places that are found by their address alone.
const NEAR: usize = 16;
/// Classes stand next to each other, and are a multiple of this in size.
const CLASS_UNIT: usize = 32;

/// Where a class's words begin.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block(u32);

impl Block {
    /// Behind all words: nothing is found there, nor kept.
    const NOWHERE: Self = Self(u32::MAX);

    #[inline(always)]
    fn is_kept(self) -> bool {
        self.0 != Self::NOWHERE.0
    }
}

/// Which of a class's words fetches the class.
const CLASS: usize = 0;
/// Which one is all that stands in front of an instance's state, and the mark behind that.
const PREFIX: usize = 1;
/// Which one is the same for an instance that gets a memo entry.
const MEMOIZED_PREFIX: usize = 2;
/// Which one is the first attribute's.
pub(super) const FIRST_KEY: usize = 3;

#[derive(Default)]
pub(super) struct Classes {
    /// The addresses of what the blocks in the same places are for, or 0. Each address has two
    /// places.
    near: [usize; NEAR],
    blocks: [Block; NEAR],
    /// Those whose place was taken, in the order of their addresses.
    far: Vec<(usize, Block)>,
    words: Vec<Word>,
}

impl Classes {
    /// The block for what is at an address, of `len` words when it is new.
    #[inline]
    pub(super) fn block(&mut self, address: usize, len: usize) -> Block {
        let place = address / CLASS_UNIT % NEAR;
        if self.near[place] == address {
            let block = self.blocks[place];
            if block.is_kept() {
                return block;
            }
            return self.second_time(place, len);
        }
        if self.near[place ^ 1] == address && self.blocks[place ^ 1].is_kept() {
            return self.blocks[place ^ 1];
        }
        self.far_block(address, place, len)
    }

    #[cold]
    #[inline(never)]
    fn second_time(&mut self, place: usize, len: usize) -> Block {
        self.blocks[place] = self.new_block(len);
        self.blocks[place]
    }

    #[cold]
    #[inline(never)]
    fn far_block(&mut self, address: usize, place: usize, len: usize) -> Block {
        for place in [place, place ^ 1] {
            if self.near[place] == address {
                return self.second_time(place, len);
            }
            if self.near[place] == 0 {
                self.near[place] = address;
                self.blocks[place] = Block::NOWHERE;
                return Block::NOWHERE;
            }
        }
        match self.far.binary_search_by_key(&address, |(far, _)| *far) {
            Ok(place) => self.far[place].1,
            Err(place) => {
                let block = self.new_block(len);
                self.far.insert(place, (address, block));
                block
            }
        }
    }

    fn new_block(&mut self, len: usize) -> Block {
        let start = self.words.len();
        self.words.resize(start + len, Word::NONE);
        u32::try_from(start).map_or(Block::NOWHERE, Block)
    }

    #[inline(always)]
    pub(super) fn word(&self, block: Block, index: usize) -> Word {
        let word = self.words.get(block.0 as usize + index);
        word.copied().unwrap_or(Word::NONE)
    }

    pub(super) fn class(&self, block: Block) -> Word {
        self.word(block, CLASS)
    }

    pub(super) fn set_word(&mut self, block: Block, index: usize, word: Word) {
        if let Some(place) = self.words.get_mut(block.0 as usize + index) {
            *place = word;
        }
    }

    pub(super) fn clear(&mut self) {
        self.near = Default::default();
        self.far.clear();
        self.words.clear();
    }
}

/// What stands between the class of an instance without arguments and the first of several
/// attributes, if nothing is memoized.
pub(super) const INSTANCE: [Opcode; 4] = [
    Opcode::EmptyTuple,
    Opcode::NewObj,
    Opcode::EmptyDict,
    Opcode::Mark,
];

/// The same, if the instance is.
pub(super) const MEMOIZED_INSTANCE: [Opcode; 5] = [
    Opcode::EmptyTuple,
    Opcode::NewObj,
    Opcode::Memoize,
    Opcode::EmptyDict,
    Opcode::Mark,
];

/// The words of a class's attributes, while they are written.
#[derive(Clone, Copy, Debug)]
pub struct Keys(Block);

impl Keys {
    #[inline(always)]
    pub(super) fn of(block: Block) -> Self {
        Self(block)
    }
}

impl Pickler<'_> {
    #[inline(always)]
    pub(super) fn block(&mut self, class: &'static Class) -> Block {
        let address = ptr::from_ref(class).addr();
        self.memo
            .classes
            .block(address, FIRST_KEY + class.fields.len())
    }

    /// A class as a part of its instance.
    #[inline(always)]
    pub(super) fn class(
        &mut self,
        class: &'static Class,
        name: Option<&'static ClassName>,
        block: Block,
    ) -> Result<()> {
        let word = self.memo.classes.word(block, CLASS);
        if word.is_some() {
            self.writer.boundary()?;
            self.writer.word(word);
            return Ok(());
        }
        self.new_class(class, name, block)
    }

    #[inline(never)]
    fn new_class(
        &mut self,
        class: &'static Class,
        name: Option<&'static ClassName>,
        block: Block,
    ) -> Result<()> {
        let index = match name {
            Some(name) => self.spelled_class(class, name)?,
            None => self.find_or_write_static(&class.name)?,
        };
        if let Some(index) = index
            && block.is_kept()
        {
            let class = Word::get(self.protocol, index);
            let classes = &mut self.memo.classes;
            classes.set_word(block, CLASS, class);
            classes.set_word(block, PREFIX, class.and(INSTANCE));
            classes.set_word(block, MEMOIZED_PREFIX, class.and(MEMOIZED_INSTANCE));
        }
        Ok(())
    }

    /// All that stands in front of the first of several attributes of an instance, if that is known
    /// where it is plain.
    #[inline(always)]
    pub(super) fn instance_prefix(&self, block: Block, memoized: bool) -> Word {
        let prefix = if memoized { MEMOIZED_PREFIX } else { PREFIX };
        self.memo.classes.word(block, prefix)
    }

    /// The name of a class's attribute, which is its `index`th.
    #[inline(always)]
    pub(super) fn key(
        &mut self,
        Keys(block): Keys,
        index: usize,
        name: &'static Name,
    ) -> Result<()> {
        let word = self.memo.classes.word(block, FIRST_KEY + index);
        if word.is_some() {
            self.writer.boundary()?;
            self.writer.word(word);
            return Ok(());
        }
        self.new_key(block, index, name)
    }

    #[cold]
    #[inline(never)]
    fn new_key(&mut self, block: Block, index: usize, name: &'static Name) -> Result<()> {
        if !block.is_kept() && self.new_name(name).is_some() {
            return Ok(());
        }
        self.any_key(block, index, name)
    }

    #[inline(never)]
    fn any_key(&mut self, block: Block, index: usize, name: &'static Name) -> Result<()> {
        let memoized = self.spelled_name(name)?;
        let word = Word::get(self.protocol, memoized);
        self.memo.classes.set_word(block, FIRST_KEY + index, word);
        Ok(())
    }
}
