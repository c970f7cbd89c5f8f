//! `u8`, a slice of which is bytes, and bytearray.

use std::borrow::Cow;
use std::sync::Arc;

use crate::buffer::PickleBuffer;
use crate::construct::{Construct, Decoder, list};
use crate::encode::Pickler;
use crate::error::{ErrorKind, Result};
use crate::reduce::Reduce;

/// A slice, `Vec` or array of `u8` is a bytes object.
impl Reduce for u8 {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.int(i64::from(*self))
    }

    fn reduce_slice(items: &[Self], p: &mut Pickler<'_>) -> Result<()> {
        p.bytes(items)
    }
}

/// A `Vec` or array of `u8` is made of bytes, a bytearray, or a list of ints.
impl<'g> Construct<'g> for u8 {
    const PURE: bool = true;

    #[inline]
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.int()
    }

    fn construct_vec(d: &mut Decoder<'g>) -> Result<Vec<Self>> {
        if !d.is_bytes() {
            return list(d);
        }
        let bytes = d.bytes()?;
        d.charge_bytes(bytes.len() as u64)?;
        Ok(bytes.into_owned())
    }

    fn construct_arc_slice(d: &mut Decoder<'g>) -> Result<Arc<[Self]>> {
        match d.given_buffer().and_then(PickleBuffer::as_shared) {
            Some(shared) => Ok(Arc::clone(shared)),
            None => Self::construct_vec(d).map(Arc::from),
        }
    }

    fn construct_cow<'a>(d: &mut Decoder<'g>) -> Result<Cow<'a, [Self]>>
    where
        'g: 'a,
    {
        if !d.is_bytes() {
            return list(d).map(Cow::Owned);
        }
        let bytes = d.bytes()?;
        if let Cow::Owned(bytes) = &bytes {
            d.charge_bytes(bytes.len() as u64)?;
        }
        Ok(bytes)
    }
}
crate::pointee!(u8);

/// Without a copy. Where the stream holds the bytes in escapes, or a buffer was given that owns
/// them, `Cow<[u8]>` is needed.
impl<'g: 'a, 'a> Construct<'g> for &'a [u8] {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        if let Some(buffer) = d.given_buffer() {
            let borrowed = buffer.borrowed();
            return borrowed.ok_or_else(|| d.error(ErrorKind::OwnedBuffer));
        }
        match d.bytes()? {
            Cow::Borrowed(bytes) => Ok(bytes),
            Cow::Owned(_) => Err(d.error(ErrorKind::NotBorrowable("bytes object"))),
        }
    }
}
crate::pointee!(['a] &'a [u8] where 'g: 'a);

/// Python's `bytearray`: bytes that can be changed. A `Vec<u8>` is written as `bytes`.
///
/// It can be made of either, and of a list of ints.
///
/// ```
/// use pickle_core::ByteArray;
///
/// let bytes = pickle_core::dumps(&ByteArray(b"spam".to_vec()))?;
/// let array: ByteArray = pickle_core::loads(&bytes)?;
/// assert_eq!(array.0, b"spam");
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteArray(pub Vec<u8>);

impl From<Vec<u8>> for ByteArray {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<ByteArray> for Vec<u8> {
    fn from(array: ByteArray) -> Self {
        array.0
    }
}

impl Reduce for ByteArray {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.bytearray(&self.0)
    }
}

impl<'g> Construct<'g> for ByteArray {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        u8::construct_vec(d).map(Self)
    }
}
crate::pointee!(ByteArray);
