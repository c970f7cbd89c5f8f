//! Tools around the opcodes: Python's `pickletools`. Nothing here builds an object, let alone runs
//! anything.

mod argument;
mod dis;
mod optimize;

use std::iter::FusedIterator;

pub use crate::decode::{Argument, Located};
pub use crate::opcode::{ArgumentKind, Opcode, StackItem};
pub use dis::{Disassembler, Finding, dis};
pub use optimize::optimize;

use crate::decode::Reader;
use crate::error::Result;

/// The opcodes of a pickle, up to its STOP, each with its argument and offset.
///
/// ```
/// use pickle_core::pickletools::{Opcode, genops};
///
/// for op in genops(b"\x80\x02K\x07.") {
///     let op = op?;
///     println!("{} {} {:?}", op.offset, op.opcode.name(), op.argument);
/// }
/// let last = genops(b"\x80\x02K\x07.").last().expect("there are three")?;
/// assert_eq!((last.opcode, last.offset), (Opcode::Stop, 4));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// The last item, if the bytes end before a STOP or inside an argument, or if a byte is no opcode.
///
/// # Input safety
///
/// Any bytes are safe to read. Nothing is allocated.
pub fn genops(pickle: &[u8]) -> Genops<'_> {
    genops_at(pickle, 0)
}

/// The opcodes of the pickle that begins at `offset` of `bytes`, with offsets from the beginning
/// of `bytes`: as Python's `genops` reads a file.
///
/// ```
/// use pickle_core::pickletools::genops_at;
///
/// let bytes = b"K\x07.N.rest";
/// let mut ops = genops_at(bytes, 3);
/// assert_eq!(ops.by_ref().count(), 2);
/// assert_eq!(&bytes[ops.offset()..], b"rest");
/// ```
///
/// # Errors
///
/// The last item, as of [`genops`].
pub fn genops_at(bytes: &[u8], offset: usize) -> Genops<'_> {
    Genops {
        reader: Reader::new(bytes, offset),
        ended: false,
    }
}

/// The iterator of [`genops`].
#[derive(Clone, Debug)]
pub struct Genops<'a> {
    reader: Reader<'a>,
    /// By STOP or an error.
    ended: bool,
}

impl Genops<'_> {
    /// Where what has been read ends: behind STOP, where the next pickle begins.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.reader.position()
    }
}

impl<'a> Iterator for Genops<'a> {
    type Item = Result<Located<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let op = self.reader.next();
        self.ended = op.as_ref().map_or(true, |op| op.opcode == Opcode::Stop);
        Some(op)
    }
}

impl FusedIterator for Genops<'_> {}
