//! `PickleBuffer`.

use crate::buffer::PickleBuffer;
use crate::construct::{Construct, Decoder};
use crate::encode::Pickler;
use crate::error::Result;
use crate::reduce::Reduce;

/// Handed to the pickler's callback, or written as bytes or a bytearray. Protocol 5 and above.
impl Reduce for PickleBuffer<'_> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.buffer(self)
    }
}

/// Made of bytes, a bytearray or a buffer, borrowed if the input or the given buffer is.
impl<'g: 'a, 'a> Construct<'g> for PickleBuffer<'a> {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.buffer()
    }
}
crate::pointee!(['a] PickleBuffer<'a> where 'g: 'a);
