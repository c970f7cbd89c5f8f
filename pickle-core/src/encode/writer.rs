//! Opcodes and their arguments, frames, and where the bytes go. Knows no objects.
//!
//! Before an object begins, the writer has to be asked whether a frame ends there: that is one
//! comparison of how much was written with a limit. A second limit answers two questions at once:
//! behind `plain_until`, a frame ends, or a pickle is written in which objects are not plain, for
//! which it is 0. What [`is_plain`](Writer::is_plain) need only be appended.
//!
//! What is short is appended as an array of fixed length, and what is too much of it cut off again:
//! so there are a few stores, where a slice of variable length would be a call of `memcpy`.

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

/// There is room for so many bytes from the first, so that a small pickle is one allocation.
const SMALL_PICKLE: usize = 256;
/// No more memory than this is reserved for what may never be written.
const EXPECTED_MAX: usize = 1 << 30;

/// A place in the memo of whoever loads the stream.
pub(crate) type MemoIndex = u32;

/// The memo index that follows those of `entries` others.
#[inline(always)]
pub(super) fn index(protocol: u8, entries: u64) -> Result<MemoIndex> {
    MemoIndex::try_from(entries).map_err(|_| {
        let what = "a memo of more than 2^32 objects";
        ErrorKind::Unpicklable { what, protocol }.into()
    })
}

/// Up to seven bytes, and how many, the topmost one: an opcode or two that are written often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u64);

impl Word {
    pub(super) const NONE: Self = Self(0);

    /// An opcode that fetches an entry of the memo. None in protocol 0, where it is a line.
    #[inline(always)]
    pub(super) fn get(protocol: u8, index: MemoIndex) -> Self {
        if protocol < const { Opcode::BinGet.protocol() } {
            return Self::NONE;
        }
        Self::binary_get(index)
    }

    /// The same in any other protocol.
    #[inline(always)]
    pub(super) fn binary_get(index: MemoIndex) -> Self {
        let (op, len) = match u8::try_from(index) {
            Ok(_) => (Opcode::BinGet, 2),
            Err(_) => (Opcode::LongBinGet, 5),
        };
        Self(len << 56 | u64::from(index) << 8 | u64::from(op.byte()))
    }

    #[inline(always)]
    pub(super) fn is_some(self) -> bool {
        self.0 != 0
    }

    /// The same with opcodes behind it, if so much can be held.
    pub(super) fn and<const N: usize>(self, ops: [Opcode; N]) -> Self {
        let len = self.len();
        if !self.is_some() || len + N > 7 {
            return Self::NONE;
        }
        let bytes = self.0 << 8 >> 8;
        let ops = (len..).zip(ops).fold(0, |word, (place, op)| {
            word | u64::from(op.byte()) << (8 * place)
        });
        Self(((len + N) as u64) << 56 | ops | bytes)
    }

    /// The bytes, if there are two.
    pub(super) fn pair(self) -> Option<[u8; 2]> {
        let [first, second, ..] = self.0.to_le_bytes();
        (self.len() == 2).then_some([first, second])
    }

    #[inline(always)]
    fn len(self) -> usize {
        (self.0 >> 56) as usize
    }
}

/// The bytes that were written and not yet given to the sink.
pub(crate) struct Writer<'w> {
    bytes: Vec<u8>,
    /// Without one, all bytes stay here.
    sink: Option<&'w mut dyn Write>,
    /// Where the pickle begins, or what is left of it.
    begin: usize,
    framing: bool,
    /// Where the header of the open frame stands.
    frame: Option<usize>,
    /// The number of bytes behind which the next object ends the frame, or flushes what there is.
    full_at: usize,
    /// Whether objects are plain that nothing refers to: see `plain_until`.
    plain: bool,
    /// The same as `full_at`, or 0 if no objects are plain.
    plain_until: usize,
}

impl<'w> Writer<'w> {
    pub(crate) fn new(sink: Option<&'w mut dyn Write>) -> Self {
        Self {
            bytes: Vec::new(),
            sink,
            begin: 0,
            framing: false,
            frame: None,
            full_at: usize::MAX,
            plain: false,
            plain_until: 0,
        }
    }

    /// Begins a pickle. With `plain`, objects that nothing refers to are written in one way only:
    /// in binary, and without a memo entry.
    #[inline(always)]
    pub(super) fn start(&mut self, protocol: u8, plain: bool) {
        self.begin = self.bytes.len();
        self.bytes.reserve(SMALL_PICKLE);
        self.plain = plain && protocol >= Opcode::Frame.protocol();
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
        self.bytes.truncate(self.begin);
        self.frame = None;
    }

    pub(super) fn has_sink(&self) -> bool {
        self.sink.is_some()
    }

    /// Exchanges the bytes and the sink for others.
    pub(super) fn swap(&mut self, bytes: &mut Vec<u8>, sink: &mut Option<&'w mut dyn Write>) {
        std::mem::swap(&mut self.bytes, bytes);
        std::mem::swap(&mut self.sink, sink);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Whether what begins within the next `len` bytes is written the plain way: no frame ends
    /// before it.
    #[inline(always)]
    pub(super) fn is_plain(&self, len: usize) -> bool {
        self.bytes.len() + len <= self.plain_until
    }

    /// Whether the next `len` bytes take no more memory.
    #[inline(always)]
    pub(super) fn has_room(&self, len: usize) -> bool {
        self.bytes.capacity() - self.bytes.len() >= len
    }

    /// How many bytes there are that the sink has not been given.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// How many bytes can be written the plain way.
    pub(super) fn plain_room(&self) -> usize {
        self.plain_until.saturating_sub(self.bytes.len())
    }

    /// Where what is plain is appended.
    #[inline(always)]
    pub(super) fn plain_bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    #[inline(always)]
    pub(super) fn op(&mut self, op: Opcode) {
        self.bytes.push(op.byte());
    }

    #[inline(always)]
    pub(super) fn ops<const N: usize>(&mut self, ops: [Opcode; N]) {
        self.bytes.extend_from_slice(&ops.map(Opcode::byte));
    }

    /// An opcode and its argument of at most 15 bytes.
    #[inline(always)]
    pub(crate) fn op_with<const N: usize>(&mut self, op: Opcode, argument: [u8; N]) {
        let mut bytes = [0; 16];
        bytes[0] = op.byte();
        bytes[1..=N].copy_from_slice(&argument);
        self.bytes.extend_from_slice(&bytes[..=N]);
    }

    /// The first `len` of some bytes.
    #[inline(always)]
    pub(super) fn some_of<const N: usize>(&mut self, bytes: [u8; N], len: usize) {
        let end = self.bytes.len() + len;
        self.bytes.extend_from_slice(&bytes);
        self.bytes.truncate(end);
    }

    #[inline(always)]
    pub(super) fn word(&mut self, word: Word) {
        self.some_of(word.0.to_le_bytes(), word.len());
    }

    /// An opcode, a length in one byte, and what follows.
    #[inline(always)]
    pub(super) fn short(&mut self, op: Opcode, len: u8, payload: &[u8]) {
        match payload.len() {
            8..=16 => self.overlapping::<8, 10>(op, len, payload),
            17..=32 => self.overlapping::<16, 18>(op, len, payload),
            4..8 => self.overlapping::<4, 6>(op, len, payload),
            1..4 => {
                let (first, last) = (payload[0], payload[payload.len() - 1]);
                let middle = payload[payload.len() / 2];
                let mut bytes = [op.byte(), len, first, middle, last];
                bytes[1 + payload.len()] = last;
                self.some_of(bytes, 2 + payload.len());
            }
            _ => {
                self.bytes.extend_from_slice(&[op.byte(), len]);
                self.bytes.extend_from_slice(payload);
            }
        }
    }

    /// The same of a payload of `N` to `2 * N` bytes: behind the head its first `N` bytes, over whose
    /// end the last `N` are written.
    #[inline(always)]
    fn overlapping<const N: usize, const WITH_HEAD: usize>(
        &mut self,
        op: Opcode,
        len: u8,
        payload: &[u8],
    ) {
        let (Some(first), Some(last)) = (payload.first_chunk::<N>(), payload.last_chunk::<N>())
        else {
            return;
        };
        let mut bytes = [0; WITH_HEAD];
        bytes[0] = op.byte();
        bytes[1] = len;
        bytes[2..].copy_from_slice(first);
        self.some_of(bytes, 2 + payload.len() - N);
        self.bytes.extend_from_slice(last);
    }

    /// Makes room for `items` more, if `items_written` took the bytes from `start` on.
    #[cold]
    pub(super) fn expect(&mut self, items: usize, items_written: usize, start: usize) {
        if self.sink.is_some() {
            return;
        }
        let written = self.bytes.len().saturating_sub(start);
        let expected = (written / items_written).saturating_mul(items);
        // An estimate that is far off, or cannot be had, costs no more than it would without.
        let _ = self.bytes.try_reserve(expected.min(EXPECTED_MAX));
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
    #[inline]
    pub(crate) fn put(&mut self, protocol: u8, entries: u64) -> Result<MemoIndex> {
        let index = index(protocol, entries)?;
        if protocol >= Opcode::Memoize.protocol() {
            self.op(Opcode::Memoize);
        } else {
            self.put_index(protocol, index);
        }
        Ok(index)
    }

    #[cold]
    fn put_index(&mut self, protocol: u8, index: MemoIndex) {
        if protocol < Opcode::BinPut.protocol() {
            self.line(Opcode::Put, format_args!("{index}"));
        } else if let Ok(short) = u8::try_from(index) {
            self.op_with(Opcode::BinPut, [short]);
        } else {
            self.op_with(Opcode::LongBinPut, index.to_le_bytes());
        }
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
    #[inline]
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
        self.plain_until = if self.plain { self.full_at } else { 0 };
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
