//! A list in parts: a stream that goes on in other bytes when those of a part are let go.
//!
//! What a stream has learned is bound to its bytes by offsets alone: of the strs in the memo, and of
//! the names of classes. Before the bytes go, those that these mean are copied, to stand in front
//! of the next part's.

use super::container::Run;
use super::memo::Entry;
use super::{EMPTY_LIST, Stream, text_at};

impl<'g> Stream<'g> {
    /// Moves on behind what opens a list.
    pub(in crate::construct) fn open_parts(&mut self) -> bool {
        self.take(EMPTY_LIST)
    }

    /// The same stream in front of other bytes: those behind the first `kept`, which are what
    /// [`keep_texts`](Stream::keep_texts) has copied.
    pub(in crate::construct) fn over<'h>(self, input: &'h [u8], kept: usize) -> Stream<'h> {
        let rest = input.get(kept..).unwrap_or_default();
        Stream {
            policy: self.policy,
            protocol: self.protocol,
            levels: self.levels,
            tree_depth: self.tree_depth,
            references: self.references,
            ..Stream::new(input, rest, self.scratch)
        }
    }

    /// Opens a part: a batch of items, or the last one by itself. In front of the first part the
    /// list may be memoized.
    pub(in crate::construct) fn part(&mut self, is_batch: bool) -> Option<Run> {
        self.put_part(Entry::OTHER)?;
        if is_batch {
            self.batch()
        } else {
            self.enter().then(Run::single)
        }
    }

    /// How many entries the memo has.
    pub(in crate::construct) fn memo_len(&self) -> usize {
        self.scratch.memo.len()
    }

    /// Copies the strs that the memo has behind its first `before` entries, and the names of
    /// classes that are not among the first `kept` bytes: they will stand behind those.
    pub(in crate::construct) fn keep_texts(&mut self, before: usize, kept: usize) -> Vec<u8> {
        let input = self.input;
        let mut copy = Vec::new();
        for entry in self.scratch.memo.iter_mut().skip(before) {
            let text = entry.as_text().and_then(|start| input.get(start..));
            let Some(text) = text else { continue };
            let Some((_, behind)) = text_at(text) else {
                continue;
            };
            *entry = Entry::text(kept + copy.len());
            copy.extend_from_slice(text.get(..text.len() - behind.len()).unwrap_or_default());
        }
        for known in &mut self.scratch.classes {
            for name in known.names() {
                if name.0 < kept {
                    continue;
                }
                let start = kept + copy.len();
                copy.extend_from_slice(input.get(name.0..name.1).unwrap_or_default());
                *name = (start, kept + copy.len());
            }
        }
        copy
    }

    /// Allows so many more references to strs.
    pub(in crate::construct) fn allow_references(&mut self, count: u64) {
        self.references = self.references.saturating_add(count);
    }

    /// Whether no more containers could be opened.
    pub(in crate::construct) fn is_deepest(&self) -> bool {
        self.levels == 0
    }

    /// Whether no more references to strs could be followed.
    pub(in crate::construct) fn is_out_of_references(&self) -> bool {
        self.references == 0
    }
}
