//! Opcodes and their arguments, frames, and where the bytes go. Knows no objects.

use std::fmt::{self, Write as _};
use std::io::Write;

use crate::error::{ErrorKind, Result};
use crate::opcode::Opcode;

/// A frame ends at the first object that begins behind so many bytes of it. What is larger than
/// that in one piece stands outside frames.
const FRAME_TARGET: usize = 64 * 1024;
/// A frame of fewer bytes than this is not worth its header.
const FRAME_MIN: usize = 4;
/// Opcode and length.
const FRAME_HEADER: usize = 9;

/// A place in the memo of whoever loads the stream.
pub(crate) type MemoIndex = u32;

/// The bytes that were written and not yet given to the sink.
pub(crate) struct Writer<'w> {
    bytes: Vec<u8>,
    /// Without one, all bytes stay here.
    sink: Option<&'w mut dyn Write>,
    framing: bool,
    /// Where the header of the open frame stands.
    frame: Option<usize>,
    /// The number of bytes behind which the next object ends the frame, or flushes what there is.
    full_at: usize,
}

impl<'w> Writer<'w> {
    pub(crate) fn new(sink: Option<&'w mut dyn Write>) -> Self {
        Self {
            bytes: Vec::new(),
            sink,
            framing: false,
            frame: None,
            full_at: usize::MAX,
        }
    }

    /// Begins a pickle.
    pub(super) fn start(&mut self, protocol: u8) {
        if protocol >= Opcode::Proto.protocol() {
            self.op_with(Opcode::Proto, [protocol]);
        }
        self.start_frames(protocol);
    }

    /// Begins what comes behind a PROTO: with a frame, if the protocol has them.
    pub(crate) fn start_frames(&mut self, protocol: u8) {
        self.framing = protocol >= Opcode::Frame.protocol();
        self.open_frame();
    }

    /// Ends a pickle, and gives all of it to the sink.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.op(Opcode::Stop);
        self.close_frame();
        if let Some(sink) = &mut self.sink {
            sink.write_all(&self.bytes)?;
            self.bytes.clear();
            sink.flush()?;
        }
        Ok(())
    }

    /// Forgets what the sink has not been given.
    pub(super) fn discard(&mut self) {
        self.bytes.clear();
        self.frame = None;
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn op(&mut self, op: Opcode) {
        self.bytes.push(op.byte());
    }

    pub(crate) fn op_with<const N: usize>(&mut self, op: Opcode, argument: [u8; N]) {
        self.bytes.reserve(1 + N);
        self.bytes.push(op.byte());
        self.bytes.extend_from_slice(&argument);
    }

    /// An opcode and its argument, both as they stand in another pickle.
    pub(crate) fn copy(&mut self, opcode: &[u8]) {
        if opcode.len() <= FRAME_TARGET {
            self.bytes.extend_from_slice(opcode);
            return;
        }
        self.close_frame();
        self.bytes.extend_from_slice(opcode);
        self.open_frame();
    }

    /// Stores what is on top in the memo, at the index that follows those of `entries` others.
    pub(crate) fn put(&mut self, protocol: u8, entries: u64) -> Result<MemoIndex> {
        let index = MemoIndex::try_from(entries).map_err(|_| ErrorKind::Unpicklable {
            what: "a memo of more than 2^32 objects",
            protocol,
        })?;
        if protocol >= Opcode::Memoize.protocol() {
            self.op(Opcode::Memoize);
        } else if protocol < Opcode::BinPut.protocol() {
            self.line(Opcode::Put, format_args!("{index}"));
        } else if let Ok(short) = u8::try_from(index) {
            self.op_with(Opcode::BinPut, [short]);
        } else {
            self.op_with(Opcode::LongBinPut, index.to_le_bytes());
        }
        Ok(index)
    }

    /// Fetches an entry of the memo.
    pub(crate) fn get(&mut self, protocol: u8, index: MemoIndex) {
        if protocol < Opcode::BinGet.protocol() {
            self.line(Opcode::Get, format_args!("{index}"));
        } else if let Ok(short) = u8::try_from(index) {
            self.op_with(Opcode::BinGet, [short]);
        } else {
            self.op_with(Opcode::LongBinGet, index.to_le_bytes());
        }
    }

    /// An opcode and its argument, a line of text.
    pub(super) fn line(&mut self, op: Opcode, argument: fmt::Arguments<'_>) {
        struct Text<'a>(&'a mut Vec<u8>);
        impl fmt::Write for Text<'_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                self.0.extend_from_slice(text.as_bytes());
                Ok(())
            }
        }
        self.op(op);
        Text(&mut self.bytes)
            .write_fmt(argument)
            .expect("writing into a Vec cannot fail");
        self.bytes.push(b'\n');
    }

    /// An opcode whose argument, a line, is made in place.
    pub(super) fn line_with(&mut self, op: Opcode, make: impl FnOnce(&mut Vec<u8>)) {
        self.op(op);
        make(&mut self.bytes);
        self.bytes.push(b'\n');
    }

    /// An opcode, the length of what follows, and what follows.
    pub(super) fn payload<const N: usize>(
        &mut self,
        op: Opcode,
        len: [u8; N],
        payload: &[u8],
    ) -> Result<()> {
        if payload.len() >= FRAME_TARGET {
            return self.large_payload(op, len, payload);
        }
        self.bytes.reserve(1 + N + payload.len());
        self.bytes.push(op.byte());
        self.bytes.extend_from_slice(&len);
        self.bytes.extend_from_slice(payload);
        Ok(())
    }

    #[cold]
    fn large_payload<const N: usize>(
        &mut self,
        op: Opcode,
        len: [u8; N],
        payload: &[u8],
    ) -> Result<()> {
        self.close_frame();
        self.op_with(op, len);
        match &mut self.sink {
            Some(sink) => {
                sink.write_all(&self.bytes)?;
                self.bytes.clear();
                sink.write_all(payload)?;
            }
            None => self.bytes.extend_from_slice(payload),
        }
        self.open_frame();
        Ok(())
    }

    /// Tells that an object begins here: a frame that is full ends, and the sink gets it.
    #[inline]
    pub(crate) fn boundary(&mut self) -> Result<()> {
        if self.bytes.len() < self.full_at {
            return Ok(());
        }
        self.turn_over()
    }

    #[cold]
    fn turn_over(&mut self) -> Result<()> {
        self.close_frame();
        if let Some(sink) = &mut self.sink {
            sink.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        self.open_frame();
        Ok(())
    }

    /// More bytes follow always, a STOP at the least, so that a frame can be opened ahead of them.
    fn open_frame(&mut self) {
        let start = self.bytes.len();
        self.full_at = if self.framing {
            self.frame = Some(start);
            self.op_with(Opcode::Frame, [0; FRAME_HEADER - 1]);
            start + FRAME_HEADER + FRAME_TARGET
        } else if self.sink.is_some() {
            FRAME_TARGET
        } else {
            usize::MAX
        };
    }

    fn close_frame(&mut self) {
        let Some(start) = self.frame.take() else {
            return;
        };
        let body = start + FRAME_HEADER;
        let len = self.bytes.len() - body;
        if len < FRAME_MIN {
            self.bytes.drain(start..body);
        } else {
            self.bytes[start + 1..body].copy_from_slice(&(len as u64).to_le_bytes());
        }
    }
}
