//! Buffers: in the pickle, as bytes or a bytearray, or out of it, by a callback.

use super::Pickler;
use crate::buffer::PickleBuffer;
use crate::error::{ErrorKind, Result};
use crate::opcode::Opcode;

/// A function for [`Pickler::buffer_callback`].
pub type BufferCallback<'w> = dyn FnMut(PickleBuffer<'_>) -> Result<bool> + 'w;

impl<'w> Pickler<'w> {
    /// Gives the pickler a function that takes its [`PickleBuffer`]s out of the pickle: Python's
    /// `buffer_callback`. It takes protocol 5, or [`dump`](Pickler::dump) fails.
    ///
    /// The function is called with each buffer in turn. If it returns true, the buffer is written
    /// into the pickle. If it returns false, as a Python callback that returns nothing does, the
    /// buffer is not, and the function has to see to it that whoever loads the pickle gets it.
    /// A buffer that a [`Graph`](crate::Graph) was given is one like others.
    ///
    /// The buffer may borrow its bytes; so a function that keeps it, and does not just send it
    /// somewhere, has to call [`into_owned`](PickleBuffer::into_owned). That copies no bytes but
    /// borrowed ones. A buffer that is referred to twice is handed over twice, as in Python.
    ///
    /// ```
    /// use pickle_core::{PickleBuffer, Pickler};
    ///
    /// let (mut pickle, mut socket) = (Vec::new(), Vec::new());
    /// Pickler::new(&mut pickle)
    ///     .protocol(5)
    ///     .buffer_callback(&mut |buffer| {
    ///         let small = buffer.as_bytes().len() < 1000;
    ///         if !small {
    ///             socket.extend_from_slice(buffer.as_bytes());
    ///         }
    ///         Ok(small)
    ///     })
    ///     .dump(&[PickleBuffer::readonly(vec![0; 4000]), PickleBuffer::readonly(vec![1; 4])])?;
    /// assert_eq!(socket.len(), 4000);
    /// assert!(pickle.ends_with(b"(\x97\x98C\x04\x01\x01\x01\x01e."));
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    #[must_use]
    pub fn buffer_callback(mut self, callback: &'w mut BufferCallback<'w>) -> Self {
        self.buffer_callback = Some(callback);
        self
    }

    /// The protocol that is being written: what Python passes to `__reduce_ex__`.
    #[must_use]
    pub fn chosen_protocol(&self) -> u8 {
        self.protocol
    }

    /// A buffer: what a [`PickleBuffer`] is written as. By this a type of one's own, whose bytes
    /// are in whatever it likes, may have them travel beside the pickle. Below protocol 5 it has to
    /// be written otherwise.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use pickle_core::{PickleBuffer, Pickler, Reduce, Result};
    ///
    /// struct Blob(Arc<[u8]>);
    ///
    /// impl Reduce for Blob {
    ///     fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
    ///         match p.chosen_protocol() {
    ///             ..5 => p.bytes(&self.0),
    ///             _ => p.buffer(&PickleBuffer::shared(self.0.clone())),
    ///         }
    ///     }
    /// }
    ///
    /// let mut pickle = Vec::new();
    /// Pickler::new(&mut pickle)
    ///     .protocol(5)
    ///     .buffer_callback(&mut |_| Ok(false))
    ///     .dump(&Blob(Arc::from(*b"spam")))?;
    /// assert_eq!(pickle, b"\x80\x05\x97\x98.");
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ProtocolTooLow`] below protocol 5, and what the callback fails with.
    pub fn buffer(&mut self, buffer: &PickleBuffer<'_>) -> Result<()> {
        self.check_buffers("a PickleBuffer")?;
        if self.hand_over(buffer)? {
            return Ok(());
        }
        self.buffer_in_band(buffer)
    }

    pub(super) fn buffer_in_band(&mut self, buffer: &PickleBuffer<'_>) -> Result<()> {
        if buffer.is_readonly() {
            self.bytes(buffer.as_bytes())
        } else {
            self.bytearray(buffer.as_bytes())
        }
    }

    /// Whether the callback, if there is one, has taken the buffer, which then has been written.
    ///
    /// It gets no memo entry, even if it is behind a pointer: nor does it in CPython, which hands
    /// it over as often as it is referred to.
    pub(super) fn hand_over(&mut self, buffer: &PickleBuffer<'_>) -> Result<bool> {
        let Some(callback) = &mut self.buffer_callback else {
            return Ok(false);
        };
        if callback(buffer.clone())? {
            return Ok(false);
        }
        self.begin()?;
        self.writer.op(Opcode::NextBuffer);
        if buffer.is_readonly() {
            self.writer.op(Opcode::ReadonlyBuffer);
        }
        Ok(true)
    }

    pub(super) fn check_buffers(&self, what: &'static str) -> Result<()> {
        let needed = Opcode::NextBuffer.protocol();
        if self.protocol >= needed {
            return Ok(());
        }
        Err(ErrorKind::ProtocolTooLow {
            what,
            needed,
            protocol: self.protocol,
        }
        .into())
    }
}
