//! Pickles off a reader, of which no byte behind a STOP is taken.

use std::io::{BufRead, ErrorKind, Read};
use std::sync::Arc;

use super::Unpickler;
use super::machine::Machine;
use super::reader::{Reader, sign_extended, unsigned, wide};
use crate::construct::{ConstructOwned, Decoder};
use crate::error::Result;
use crate::graph::arena::Arena;
use crate::graph::{Graph, Input};
use crate::opcode::{Layout, Opcode};

/// Appends the bytes of the next pickle to `bytes`: as far as its STOP, or as far as it can be
/// read if it is broken. What is wrong with it, the machine will say.
///
/// Never more is allocated than has been read.
pub(super) fn read_pickle(reader: &mut impl BufRead, bytes: &mut Vec<u8>) -> Result<()> {
    read_opcodes(reader, bytes, |opcode| opcode == Opcode::Stop)?;
    Ok(())
}

/// Appends the next opcodes to `bytes`, up to the first one that is said to be the last, and
/// returns that. There is none if the bytes are broken or end before it.
///
/// Opcodes are found in what the reader has at hand, and taken from it together. One that is not
/// all there is read by itself.
pub(super) fn read_opcodes(
    reader: &mut impl BufRead,
    bytes: &mut Vec<u8>,
    mut is_last: impl FnMut(Opcode) -> bool,
) -> Result<Option<Opcode>> {
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        let (rest, last) = behind_opcodes(available, &mut is_last);
        let len = available.len() - rest.len();
        bytes.extend_from_slice(available.get(..len).unwrap_or_default());
        reader.consume(len);
        if last.is_some() {
            return Ok(last);
        }
        match read_opcode(reader, bytes)? {
            Some(opcode) if !is_last(opcode) => {}
            last => return Ok(last),
        }
    }
}

/// What is behind the opcodes that are all there, up to the last one, and that.
fn behind_opcodes<'a>(
    bytes: &'a [u8],
    is_last: &mut impl FnMut(Opcode) -> bool,
) -> (&'a [u8], Option<Opcode>) {
    let mut rest = bytes;
    while let Some((opcode, behind)) = behind_opcode(rest) {
        rest = behind;
        if is_last(opcode) {
            return (rest, Some(opcode));
        }
    }
    (rest, None)
}

/// The first opcode and what is behind its argument, if that is all there and not broken.
#[inline]
fn behind_opcode(bytes: &[u8]) -> Option<(Opcode, &[u8])> {
    let opcode = Opcode::from_byte(*bytes.first()?)?;
    // The usual widths by branches: a predicted one does not wait for the byte that it depends on.
    let behind = match opcode.width() {
        Some(1) => bytes.get(1..)?,
        Some(2) => bytes.get(2..)?,
        Some(9) => bytes.get(9..)?,
        Some(width) => bytes.get(width..)?,
        None => behind_varying(opcode, bytes)?,
    };
    Some((opcode, behind))
}

/// The same where the argument's width varies.
fn behind_varying(opcode: Opcode, bytes: &[u8]) -> Option<&[u8]> {
    if let Layout::Counted { width, signed } = opcode.argument().layout()
        && !signed
    {
        let (len, rest) = bytes.get(1..)?.split_at_checked(width)?;
        return rest.get(usize::try_from(unsigned(len)).ok()?..);
    }
    let mut reader = Reader::new(bytes, 0);
    reader.next().ok()?;
    Some(reader.rest())
}

/// Appends the next opcode, or as much as there is of it; then, and if the byte is none or its
/// argument's length is broken, it is not returned.
fn read_opcode(reader: &mut impl BufRead, bytes: &mut Vec<u8>) -> Result<Option<Opcode>> {
    let start = bytes.len();
    read_exactly(reader, 1, bytes)?;
    let opcode = bytes.get(start).copied().and_then(Opcode::from_byte);
    let Some(opcode) = opcode else {
        return Ok(None);
    };
    let complete = match opcode.argument().layout() {
        Layout::Fixed(width) => read_exactly(reader, wide(width), bytes)?,
        Layout::Counted { width, signed } => {
            let start = bytes.len();
            read_exactly(reader, wide(width), bytes)? && {
                let len = bytes.get(start..).unwrap_or_default();
                // A negative length is the machine's to refuse.
                let negative = signed && sign_extended(len) < 0;
                !negative && read_exactly(reader, unsigned(len), bytes)?
            }
        }
        Layout::Lines(lines) => {
            let mut complete = true;
            for _ in 0..lines {
                complete = complete && reader.read_until(b'\n', bytes)? > 0;
            }
            complete
        }
    };
    Ok(complete.then_some(opcode))
}

/// Appends `len` bytes, or those that are left. Tells whether there were as many.
fn read_exactly(reader: &mut impl BufRead, len: u64, bytes: &mut Vec<u8>) -> Result<bool> {
    let read = reader.take(len).read_to_end(bytes)?;
    Ok(wide(read) == len)
}

/// Whether nothing is left. A read that a signal interrupts is tried again, as `std`'s own are.
fn is_at_end(reader: &mut impl BufRead) -> Result<bool> {
    loop {
        match reader.fill_buf() {
            Ok(bytes) => return Ok(bytes.is_empty()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The pickles of a reader, one after the other: what [`Unpickler::stream`] returns.
///
/// As an iterator it yields a [`Graph`] for each; [`load`](PickleStream::load) makes a value of
/// the next. It ends where the reader ends, and behind the first error.
///
/// ```
/// use pickle_core::Unpickler;
///
/// let mut stream = Unpickler::new().stream(&b"I1\n.I2\n."[..]);
/// assert_eq!(stream.load::<i32>()?, Some(1));
/// assert_eq!(stream.load::<i32>()?, Some(2));
/// assert_eq!(stream.load::<i32>()?, None);
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Debug)]
pub struct PickleStream<'g, R> {
    unpickler: Unpickler<'g>,
    reader: R,
    shared: Option<Shared>,
    ended: bool,
}

/// All bytes so far and what was made of them, if pickles may refer to earlier ones. Bytes and
/// arena go back and forth between the machine and the last graph: they are copied only if that
/// is still in use when the next pickle is read.
#[derive(Debug)]
struct Shared {
    bytes: Arc<Vec<u8>>,
    arena: Arc<Arena>,
    machine: Machine,
}

impl<'g, R: BufRead> PickleStream<'g, R> {
    pub(super) fn new(unpickler: Unpickler<'g>, reader: R) -> Self {
        Self {
            unpickler,
            reader,
            shared: None,
            ended: false,
        }
    }

    /// Lets pickles refer to objects of earlier ones, as those do that one
    /// [`Pickler`](crate::Pickler) has written with several calls of `dump`. All that was read
    /// stays in memory then.
    #[must_use]
    pub fn shared_memo(mut self) -> Self {
        self.shared = Some(Shared {
            bytes: Arc::default(),
            arena: Arc::default(),
            machine: self.unpickler.machine(),
        });
        self
    }

    /// Makes a value of the next pickle; `None` at the reader's end.
    ///
    /// # Errors
    ///
    /// As [`load`](crate::load).
    pub fn load<T: ConstructOwned>(&mut self) -> Result<Option<T>> {
        let graph = if self.shared.is_none() && !self.ended {
            let bytes = self.next_bytes().transpose();
            self.ended = !matches!(bytes, Some(Ok(_)));
            let Some(bytes) = bytes.transpose()? else {
                return Ok(None);
            };
            if let Some(value) = Decoder::straight(&self.unpickler, &bytes) {
                return Ok(Some(value));
            }
            let graph = self.unpickler.parse(Input::Owned(bytes.into()));
            self.ended = graph.is_err();
            Some(graph?)
        } else {
            self.next().transpose()?
        };
        graph.map(|graph| graph.construct()).transpose()
    }

    /// The reader, right behind the last pickle's STOP.
    pub fn into_inner(self) -> R {
        self.reader
    }

    fn next_bytes(&mut self) -> Result<Option<Vec<u8>>> {
        if is_at_end(&mut self.reader)? {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        read_pickle(&mut self.reader, &mut bytes)?;
        Ok(Some(bytes))
    }

    fn next_graph(&mut self) -> Result<Option<Graph<'g>>> {
        if is_at_end(&mut self.reader)? {
            return Ok(None);
        }
        let Some(shared) = &mut self.shared else {
            return self.unpickler.read_graph(&mut self.reader).map(Some);
        };
        let bytes = Arc::make_mut(&mut shared.bytes);
        let start = bytes.len();
        read_pickle(&mut self.reader, bytes)?;
        shared.machine.arena = std::mem::take(Arc::make_mut(&mut shared.arena));
        let root = shared.machine.run(&mut Reader::new(bytes, start), bytes)?;
        shared.arena = Arc::new(std::mem::take(&mut shared.machine.arena));
        let input = Input::Owned(Arc::clone(&shared.bytes));
        Ok(Some(self.unpickler.finish(
            input,
            Arc::clone(&shared.arena),
            root,
        )))
    }
}

impl<'g, R: BufRead> Iterator for PickleStream<'g, R> {
    type Item = Result<Graph<'g>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let graph = self.next_graph().transpose();
        self.ended = !matches!(graph, Some(Ok(_)));
        graph
    }
}
