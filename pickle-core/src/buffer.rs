//! Bytes that travel beside a pickle instead of in it (PEP 574).

use std::borrow::Cow;

/// A buffer for a pickle of protocol 5 that refers to bytes outside it.
///
/// ```
/// use pickle_core::{Buffer, Unpickler};
///
/// let graph = Unpickler::new().buffers([Buffer::new(&b"abc"[..])]).graph(b"\x80\x05\x97.")?;
/// assert_eq!(graph.root().as_bytes(), Some(&b"abc"[..]));
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer<'g> {
    bytes: Cow<'g, [u8]>,
    readonly: bool,
}

impl<'g> Buffer<'g> {
    /// A buffer that Python would call writable: it stands for a bytearray.
    pub fn new(bytes: impl Into<Cow<'g, [u8]>>) -> Self {
        Self {
            bytes: bytes.into(),
            readonly: false,
        }
    }

    /// A buffer that Python would call read-only: it stands for a bytes object.
    pub fn readonly(bytes: impl Into<Cow<'g, [u8]>>) -> Self {
        Self {
            bytes: bytes.into(),
            readonly: true,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, without a copy if the buffer borrows them itself.
    pub(crate) fn to_cow(&self) -> Cow<'g, [u8]> {
        self.bytes.clone()
    }

    /// The same buffer, borrowing its bytes, and read-only if either it is or `readonly`.
    pub(crate) fn reborrow(&self, readonly: bool) -> Buffer<'_> {
        Buffer {
            bytes: Cow::Borrowed(&self.bytes),
            readonly: self.readonly || readonly,
        }
    }

    /// The bytes, if the buffer borrows them.
    pub(crate) fn borrowed(&self) -> Option<&'g [u8]> {
        match self.bytes {
            Cow::Borrowed(bytes) => Some(bytes),
            Cow::Owned(_) => None,
        }
    }

    /// Whether it is read-only.
    #[must_use]
    pub fn is_readonly(&self) -> bool {
        self.readonly
    }

    /// The same buffer, owning the bytes that it borrowed.
    #[must_use]
    pub fn into_owned(self) -> Buffer<'static> {
        Buffer {
            bytes: Cow::Owned(self.bytes.into_owned()),
            readonly: self.readonly,
        }
    }
}
