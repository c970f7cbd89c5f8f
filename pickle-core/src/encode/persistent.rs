//! Writing persistent ids: in place of a value, a line of text in protocol 0, any object from 1 on.

use super::{Pickler, dumps};
use crate::decode::Unpickler;
use crate::error::Result;
use crate::limits::Limits;
use crate::opcode::Opcode;
use crate::persistent::PersistentIds;
use crate::reduce::Reduce;
use crate::value::Value;

impl<'w> Pickler<'w> {
    /// Gives the pickler functions that are asked for the ids of values that are kept outside of
    /// the pickle: Python's `persistent_id`. They come before everything else, the memo too: a
    /// value that is met again is asked for again. What is written in its place is only its id,
    /// and never has a memo entry.
    ///
    /// They are found for the values that a [`dispatch_table`](Pickler::dispatch_table)'s reducers
    /// are found for. What is in a shared pointer to a cell, as in an `Rc<RefCell<_>>`, is asked
    /// for until it has been pickled itself.
    ///
    /// An id may be anything that can be pickled. In protocol 0 it is written as a line of what
    /// Python's `str` makes of it, which therefore has to be ASCII, and is always loaded as a str.
    ///
    /// ```
    /// use pickle_core::{PersistentIds, Pickler, Reduce};
    ///
    /// #[derive(Reduce)]
    /// struct Blob(Vec<u8>);
    ///
    /// let store = std::cell::RefCell::new(Vec::new());
    /// let mut bytes = Vec::new();
    /// Pickler::new(&mut bytes)
    ///     .persistent_id(&mut PersistentIds::new().of(|blob: &Blob| {
    ///         store.borrow_mut().push(blob.0.clone());
    ///         Some(store.borrow().len())
    ///     }))
    ///     .dump(&[Blob(vec![0; 4096])])?;
    /// assert_eq!(bytes, b"\x80\x04\x95\x06\0\0\0\0\0\0\0]K\x01Qa.");
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    #[must_use]
    pub fn persistent_id(mut self, ids: &'w mut PersistentIds<'_>) -> Self {
        self.hooks.persistent_id = Some(ids.ask());
        self
    }

    /// Writes a value's persistent id, if it has one. Whether it has.
    pub(super) fn persistent<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<bool> {
        let Some(ask) = &mut self.hooks.persistent_id else {
            return Ok(false);
        };
        let id = match value.as_any() {
            Some(value) => ask(value)?,
            None => None,
        };
        let Some(id) = id else {
            return Ok(false);
        };
        self.pending = None;
        // What is hashed is the object, not its id.
        let hashed = std::mem::take(&mut self.hashed);
        if self.binary() {
            self.nested(|p| p.with_stack(|p| p.reduce_itself(&*id)))?;
            self.writer.op(Opcode::BinPersId);
        } else {
            let text = self.id_text(&*id)?;
            self.begin()?;
            self.writer.line(Opcode::PersId, format_args!("{text}"));
        }
        self.hashed = hashed;
        Ok(true)
    }

    /// What Python's `str` makes of an id, if that can be told, and stand in a line.
    fn id_text(&self, id: &dyn Reduce) -> Result<String> {
        let pickle = dumps(id)?;
        let unpickler = Unpickler::new().limits(Limits::trusted());
        let text = match unpickler.loads(&pickle)? {
            Value::Str(text) => Some(text),
            value if has_literal(&value) => Some(format!("{value:?}")),
            _ => None,
        };
        text.filter(|text| text.is_ascii() && !text.contains('\n'))
            .ok_or_else(|| self.unpicklable("a persistent id that is no ASCII line"))
    }
}

/// Whether a value prints as it does in Python.
fn has_literal(value: &Value) -> bool {
    match value {
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::BigInt(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::Bytes(_) => true,
        Value::Tuple(items) => items.iter().all(has_literal),
        _ => false,
    }
}
