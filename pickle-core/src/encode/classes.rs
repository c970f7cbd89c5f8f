//! What is constant in a stream: between the fields of an instance, from the second of its class on,
//! nothing stands but opcodes that are the same each time, and among them those that fetch the class
//! and the attributes' names from the memo. Those are kept here as [`Word`]s, ready to be appended.
//!
//! Each class has a [`Block`] of them: its own, and one for each attribute. A word is none until
//! what it fetches has been memoized, and where it would be a line. Blocks are found by the
//! addresses of the statics that they are for, which no two share: the first ones without a hash.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ptr;

use smallvec::SmallVec;

use super::Pickler;
use super::memo::AddressHasher;
use super::writer::Word;
use crate::class::Class;
use crate::error::Result;

/// How many blocks have places that are found by their address alone.
const NEAR: usize = 16;
/// Classes stand next to each other, and are a multiple of this in size.
const CLASS_UNIT: usize = 32;

/// Where a class's words begin.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block(u32);

#[derive(Default)]
pub(super) struct Classes {
    /// The addresses of what the blocks in the same places are for, or 0.
    near: [usize; NEAR],
    blocks: [Block; NEAR],
    /// Those whose place was taken.
    far: HashMap<usize, Block, BuildHasherDefault<AddressHasher>>,
    words: SmallVec<[Word; 32]>,
}

impl Classes {
    /// The block for what is at an address, of `len` words when it is new.
    #[inline]
    pub(super) fn block(&mut self, address: usize, len: usize) -> Block {
        let place = address / CLASS_UNIT % NEAR;
        if self.near[place] == address {
            return self.blocks[place];
        }
        self.far_block(address, place, len)
    }

    #[cold]
    fn far_block(&mut self, address: usize, place: usize, len: usize) -> Block {
        if let Some(&block) = self.far.get(&address) {
            return block;
        }
        let Ok(start) = u32::try_from(self.words.len()) else {
            // OK because this is behind all words: nothing is found there, nor kept.
            return Block(u32::MAX);
        };
        self.words.resize(self.words.len() + len, Word::NONE);
        if self.near[place] == 0 {
            self.near[place] = address;
            self.blocks[place] = Block(start);
        } else {
            self.far.insert(address, Block(start));
        }
        Block(start)
    }

    #[inline(always)]
    pub(super) fn word(&self, block: Block, index: usize) -> Word {
        let word = self.words.get(block.0 as usize + index);
        word.copied().unwrap_or(Word::NONE)
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
        self.memo.classes.block(address, 1 + class.fields.len())
    }

    /// A class as a part of its instance.
    #[inline(always)]
    pub(super) fn class(&mut self, class: &'static Class, block: Block) -> Result<()> {
        let word = self.memo.classes.word(block, 0);
        if word.is_some() {
            self.writer.boundary()?;
            self.writer.word(word);
            return Ok(());
        }
        self.new_class(class, block)
    }

    #[cold]
    #[inline(never)]
    fn new_class(&mut self, class: &'static Class, block: Block) -> Result<()> {
        // An extension code is looked for each time: it may be removed before the next pickle.
        if let Some(index) = self.find_or_write_static(&class.name)? {
            let word = Word::get(self.protocol, index);
            self.memo.classes.set_word(block, 0, word);
        }
        Ok(())
    }

    /// The name of a class's attribute, which is its `index`th.
    #[inline(always)]
    pub(super) fn key(
        &mut self,
        Keys(block): Keys,
        index: usize,
        name: &'static str,
    ) -> Result<()> {
        let word = self.memo.classes.word(block, 1 + index);
        if word.is_some() {
            self.writer.boundary()?;
            self.writer.word(word);
            return Ok(());
        }
        self.new_key(block, index, name)
    }

    #[cold]
    #[inline(never)]
    fn new_key(&mut self, block: Block, index: usize, name: &'static str) -> Result<()> {
        let memoized = self.name(name)?;
        let word = Word::get(self.protocol, memoized);
        self.memo.classes.set_word(block, 1 + index, word);
        Ok(())
    }
}
