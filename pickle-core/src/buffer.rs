//! Bytes that may travel beside a pickle instead of in it (PEP 574).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Bytes that may travel beside a pickle instead of in it: Python's `PickleBuffer`, in protocol 5.
///
/// A [`Pickler`](crate::Pickler) with a [`buffer_callback`](crate::Pickler::buffer_callback) hands
/// it there, and writes no more than that it is the next one; whoever loads the pickle gives the
/// buffers to [`Unpickler::buffers`](crate::Unpickler::buffers), in the same order. Without a
/// callback it is written as bytes, or as a bytearray if it is writable.
///
/// No bytes are copied on the way: the callback gets the buffer as it is, and what is loaded
/// refers to the buffer that was given.
///
/// ```
/// use std::sync::Arc;
///
/// use pickle_core::{PickleBuffer, Pickler, Unpickler};
///
/// let pixels: Arc<[u8]> = Arc::from(vec![0; 1 << 20]);
///
/// let (mut pickle, mut buffers) = (Vec::new(), Vec::new());
/// Pickler::new(&mut pickle)
///     .protocol(5)
///     .buffer_callback(&mut |buffer| {
///         buffers.push(buffer.into_owned());
///         Ok(false)
///     })
///     .dump(&("spam.png", PickleBuffer::shared(pixels.clone())))?;
/// assert!(pickle.len() < 50);
///
/// let unpickler = Unpickler::new().buffers(buffers);
/// let (name, loaded): (String, Arc<[u8]>) = unpickler.loads(&pickle)?;
/// assert!(Arc::ptr_eq(&loaded, &pixels));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Writable and read-only
///
/// A buffer that is made of [`new`](PickleBuffer::new) is *writable*: it stands for a bytearray,
/// and Python may change what it loads. A read-only one stands for bytes. Here neither changes.
///
/// # Loading
///
/// A `PickleBuffer` is made of bytes, a bytearray, or a buffer. It borrows where the input or the
/// given buffer does. The other types of bytes are made of buffers, too:
///
/// | Type | of a buffer that borrows | that is [`shared`](PickleBuffer::shared) | that owns |
/// |---|---|---|---|
/// | `PickleBuffer` | the same bytes | the same bytes | the same bytes |
/// | `&[u8]` | the same bytes | an error | an error |
/// | `Cow<[u8]>` | the same bytes | a copy | a copy |
/// | `Arc<[u8]>` | a copy | the same allocation | a copy |
/// | `Vec<u8>`, [`ByteArray`](crate::ByteArray), ... | a copy | a copy | a copy |
#[derive(Clone)]
pub struct PickleBuffer<'a> {
    bytes: Bytes<'a>,
    readonly: bool,
}

/// To clone it copies no bytes.
#[derive(Clone)]
enum Bytes<'a> {
    Borrowed(&'a [u8]),
    Owned(Arc<Vec<u8>>),
    Shared(Arc<[u8]>),
}

impl<'a> PickleBuffer<'a> {
    /// A writable buffer, of borrowed or owned bytes: it stands for a bytearray.
    ///
    /// ```
    /// use pickle_core::{ByteArray, PickleBuffer, Pickler};
    ///
    /// let (mut bytes, mut others) = (Vec::new(), Vec::new());
    /// Pickler::new(&mut bytes).protocol(5).dump(&PickleBuffer::new(&b"spam"[..]))?;
    /// Pickler::new(&mut others).protocol(5).dump(&ByteArray(b"spam".to_vec()))?;
    /// assert_eq!(bytes, others);
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    pub fn new(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            bytes: bytes.into().into(),
            readonly: false,
        }
    }

    /// A read-only buffer, of borrowed or owned bytes: it stands for a bytes object.
    pub fn readonly(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            readonly: true,
            ..Self::new(bytes)
        }
    }

    /// A read-only buffer, of bytes that others use as well.
    #[must_use]
    pub fn shared(bytes: Arc<[u8]>) -> Self {
        Self {
            bytes: Bytes::Shared(bytes),
            readonly: true,
        }
    }

    /// The same buffer, but writable: whoever loads it may change what is loaded. What is here
    /// stays as it is.
    #[must_use]
    pub fn writable(self) -> Self {
        Self {
            readonly: false,
            ..self
        }
    }

    /// The bytes: Python's `raw()`.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Borrowed(bytes) => bytes,
            Bytes::Owned(bytes) => bytes,
            Bytes::Shared(bytes) => bytes,
        }
    }

    /// The allocation of a [`shared`](PickleBuffer::shared) buffer.
    #[must_use]
    pub fn as_shared(&self) -> Option<&Arc<[u8]>> {
        match &self.bytes {
            Bytes::Shared(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether it is read-only.
    #[must_use]
    pub fn is_readonly(&self) -> bool {
        self.readonly
    }

    /// The same buffer, owning the bytes that it borrowed. Others are not copied.
    #[must_use]
    pub fn into_owned(self) -> PickleBuffer<'static> {
        let bytes = match self.bytes {
            Bytes::Borrowed(bytes) => Bytes::Owned(Arc::new(bytes.to_vec())),
            Bytes::Owned(bytes) => Bytes::Owned(bytes),
            Bytes::Shared(bytes) => Bytes::Shared(bytes),
        };
        PickleBuffer {
            bytes,
            readonly: self.readonly,
        }
    }

    /// The bytes, borrowed if the buffer borrows them itself. They are copied only if others use
    /// them as well.
    #[must_use]
    pub fn into_cow(self) -> Cow<'a, [u8]> {
        match self.bytes {
            Bytes::Borrowed(bytes) => Cow::Borrowed(bytes),
            Bytes::Owned(bytes) => Cow::Owned(Arc::unwrap_or_clone(bytes)),
            Bytes::Shared(bytes) => Cow::Owned(bytes.to_vec()),
        }
    }

    /// The bytes, if the buffer borrows them.
    pub(crate) fn borrowed(&self) -> Option<&'a [u8]> {
        match self.bytes {
            Bytes::Borrowed(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The same buffer, borrowing its bytes, and read-only if either it is or `readonly`.
    pub(crate) fn reborrow(&self, readonly: bool) -> PickleBuffer<'_> {
        PickleBuffer {
            bytes: Bytes::Borrowed(self.as_bytes()),
            readonly: self.readonly || readonly,
        }
    }

    /// The same buffer, and read-only if either it is or `readonly`.
    pub(crate) fn seen(&self, readonly: bool) -> Self {
        Self {
            bytes: self.bytes.clone(),
            readonly: self.readonly || readonly,
        }
    }
}

impl<'a> From<Cow<'a, [u8]>> for Bytes<'a> {
    fn from(bytes: Cow<'a, [u8]>) -> Self {
        match bytes {
            Cow::Borrowed(bytes) => Self::Borrowed(bytes),
            Cow::Owned(bytes) => Self::Owned(Arc::new(bytes)),
        }
    }
}

impl AsRef<[u8]> for PickleBuffer<'_> {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// Buffers are equal if their bytes are, and both are writable or neither is.
impl PartialEq for PickleBuffer<'_> {
    fn eq(&self, other: &PickleBuffer<'_>) -> bool {
        (self.as_bytes(), self.readonly) == (other.as_bytes(), other.readonly)
    }
}

impl Eq for PickleBuffer<'_> {}

impl fmt::Debug for PickleBuffer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PickleBuffer")
            .field("bytes", &self.as_bytes())
            .field("readonly", &self.readonly)
            .finish()
    }
}
