//! Tools around the opcodes: Python's `pickletools`. Nothing here builds an object, let alone runs
//! anything.

mod argument;
mod dis;

use std::iter::FusedIterator;

pub use crate::decode::{Argument, Located};
pub use crate::opcode::{ArgumentKind, Opcode, StackItem};
pub use dis::{Disassembler, Finding, dis};

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
    Genops {
        reader: Some(Reader::new(pickle, 0)),
    }
}

/// The iterator of [`genops`].
#[derive(Clone, Debug)]
pub struct Genops<'a> {
    /// `None` behind STOP or an error.
    reader: Option<Reader<'a>>,
}

impl<'a> Iterator for Genops<'a> {
    type Item = Result<Located<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let op = self.reader.as_mut()?.next();
        if op.as_ref().map_or(true, |op| op.opcode == Opcode::Stop) {
            self.reader = None;
        }
        Some(op)
    }
}

impl FusedIterator for Genops<'_> {}
