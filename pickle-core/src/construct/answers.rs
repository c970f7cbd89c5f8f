//! What a [`Decoder`] answers: the object as a number, a text, bytes, or the items of a container.
//! Of the stream, if there is one, and else of the graph.

use std::borrow::Cow;

use super::Decoder;
use super::sequence::{Map, Sequence};
use super::stream::Stream;
use crate::bigint;
use crate::buffer::PickleBuffer;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::arena::{BatchKind, Cursor, Node};
use crate::graph::{Shape, shape};
use crate::utf8::utf8;

impl<'g> Decoder<'g> {
    /// Whether the object is None.
    #[must_use]
    pub fn is_none(&self) -> bool {
        if self.is_straight() && !self.stream.may_be_none() {
            return false;
        }
        matches!(self.node(), Node::None)
    }

    /// Whether the object is None, of which nothing else is to be made then.
    #[inline]
    pub(crate) fn take_none(&mut self) -> bool {
        if self.is_straight() {
            self.stream.begin_object();
            return self.stream.none_object();
        }
        self.is_none()
    }

    /// None.
    ///
    /// # Errors
    ///
    /// If the object is not None.
    pub fn none(&mut self) -> Result<()> {
        if self.take_none() {
            Ok(())
        } else {
            Err(self.wrong_type("None"))
        }
    }

    /// A bool.
    ///
    /// # Errors
    ///
    /// If the object is not a bool. An int is none.
    #[inline]
    pub fn bool(&mut self) -> Result<bool> {
        if let Some(value) = self.stream.bool() {
            return Ok(value);
        }
        self.bool_otherwise()
    }

    #[inline(never)]
    fn bool_otherwise(&mut self) -> Result<bool> {
        if let Some(value) = self.stream.object(Stream::bool) {
            return Ok(value);
        }
        match self.node() {
            Node::Bool(value) => Ok(value),
            _ => self.resolve_or_expect("a bool"),
        }
    }

    /// An int that fits `T`, one of Rust's integers but `u128`.
    ///
    /// # Errors
    ///
    /// If the object is not an int, or does not fit.
    #[inline]
    pub fn int<T: TryFrom<i128> + 'static>(&mut self) -> Result<T> {
        if let Some(value) = self.stream.int() {
            return T::try_from(value.into()).map_err(|_| self.out_of_range::<T>());
        }
        self.int_otherwise::<T>()
    }

    #[inline(never)]
    fn int_otherwise<T: TryFrom<i128> + 'static>(&mut self) -> Result<T> {
        if let Some(value) = self.stream.object(Stream::int) {
            return T::try_from(value.into()).map_err(|_| self.out_of_range::<T>());
        }
        if let Some(value) = self.stream.long() {
            return T::try_from(value).map_err(|_| self.out_of_range::<T>());
        }
        let value = match self.node() {
            Node::Int(value) => Some(i128::from(value)),
            Node::BigInt(span) => bigint::to_i128(self.graph.data().bytes(span)),
            _ => return self.resolve_or_expect("an int"),
        };
        value
            .and_then(|value| T::try_from(value).ok())
            .ok_or_else(|| self.out_of_range::<T>())
    }

    /// An int from 0 to 2^128-1.
    ///
    /// # Errors
    ///
    /// If the object is not an int, or does not fit.
    pub fn u128(&mut self) -> Result<u128> {
        if let Some(value) = self.stream.object(Stream::int) {
            return u128::try_from(value).map_err(|_| self.out_of_range::<u128>());
        }
        if let Some(value) = self.stream.long() {
            return u128::try_from(value).map_err(|_| self.out_of_range::<u128>());
        }
        let value = match self.node() {
            Node::Int(value) => u128::try_from(value).ok(),
            Node::BigInt(span) => bigint::to_u128(self.graph.data().bytes(span)),
            _ => return self.resolve_or_expect("an int"),
        };
        value.ok_or_else(|| self.out_of_range::<u128>())
    }

    /// The error that the number is not one of a `T`.
    #[cold]
    #[must_use]
    pub fn out_of_range<T>(&self) -> Error {
        let value = self.here().repr();
        self.error(ErrorKind::OutOfRange {
            value,
            target: std::any::type_name::<T>(),
        })
    }

    /// A float, or an int that a float can hold exactly.
    ///
    /// # Errors
    ///
    /// If the object is neither.
    #[inline]
    pub fn float(&mut self) -> Result<f64> {
        if let Some(value) = self.stream.float() {
            return Ok(value);
        }
        self.float_otherwise()
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "checked"
    )]
    #[inline(never)]
    fn float_otherwise(&mut self) -> Result<f64> {
        if let Some(value) = self.stream.object(Stream::number) {
            return Ok(value);
        }
        match self.node() {
            Node::Float(value) => Ok(value),
            Node::Int(value) if (value as f64) as i128 == i128::from(value) => Ok(value as f64),
            Node::Int(_) | Node::BigInt(_) => Err(self.out_of_range::<f64>()),
            _ => self.resolve_or_expect("a float"),
        }
    }

    /// A str, borrowed if the input holds it as it is.
    ///
    /// # Errors
    ///
    /// If the object is not a str, or one with lone surrogates.
    #[inline]
    pub fn str(&mut self) -> Result<Cow<'g, str>> {
        if let Some(text) = self.stream.short_str() {
            return Ok(Cow::Borrowed(text));
        }
        self.str_otherwise()
    }

    #[inline(never)]
    fn str_otherwise(&mut self) -> Result<Cow<'g, str>> {
        if let Some(text) = self.stream.object(Stream::str) {
            return Ok(Cow::Borrowed(text));
        }
        match self.node() {
            Node::Str(span) => Ok(match self.graph.borrowed(span) {
                Cow::Borrowed(bytes) => Cow::Borrowed(valid(bytes)),
                Cow::Owned(bytes) => Cow::Owned(valid(&bytes).to_owned()),
            }),
            Node::Surrogates(_) => Err(self.error(ErrorKind::LoneSurrogates)),
            _ => self.resolve_or_expect("a str").map(Cow::Owned),
        }
    }

    /// A str, copied.
    pub(crate) fn string(&mut self) -> Result<String> {
        let Some(text) = self.stream.short_str() else {
            return self.string_otherwise();
        };
        self.charge_bytes(text.len() as u64)?;
        Ok(text.to_owned())
    }

    #[inline(never)]
    fn string_otherwise(&mut self) -> Result<String> {
        let text = self.str_otherwise()?;
        self.charge_bytes(text.len() as u64)?;
        Ok(text.into_owned())
    }

    /// The bytes of a bytes object, a bytearray or a buffer, borrowed if the input or the buffer's
    /// owner holds them.
    ///
    /// # Errors
    ///
    /// If the object is none of these.
    pub fn bytes(&mut self) -> Result<Cow<'g, [u8]>> {
        if let Some(bytes) = self.stream.object(Stream::bytes) {
            return Ok(Cow::Borrowed(bytes));
        }
        match self.node() {
            Node::Bytes(span) | Node::ByteArray(span) => Ok(self.graph.borrowed(span)),
            Node::Buffer { index, .. } => Ok(self.graph.unpickler.buffers[index as usize]
                .clone()
                .into_cow()),
            _ => self.resolve_or_expect("bytes").map(Cow::Owned),
        }
    }

    /// A bytes object, a bytearray or a buffer as a buffer. One that was given to the
    /// [`Unpickler`](crate::Unpickler::buffers) is not copied, the others only if they cannot be
    /// borrowed from the input.
    ///
    /// # Errors
    ///
    /// If the object is none of these, or a copy would exceed a limit.
    pub fn buffer(&mut self) -> Result<PickleBuffer<'g>> {
        let (bytes, writable) = match self.node() {
            Node::Bytes(span) => (self.graph.borrowed(span), false),
            Node::ByteArray(span) => (self.graph.borrowed(span), true),
            Node::Buffer {
                index, readonly, ..
            } => return Ok(self.graph.unpickler.buffers[index as usize].seen(readonly)),
            _ => return Err(self.wrong_type("bytes")),
        };
        if let Cow::Owned(bytes) = &bytes {
            self.charge_bytes(bytes.len() as u64)?;
        }
        let buffer = PickleBuffer::readonly(bytes);
        Ok(if writable { buffer.writable() } else { buffer })
    }

    /// The buffer that was given, if the object is one.
    pub(crate) fn given_buffer(&self) -> Option<&PickleBuffer<'g>> {
        if self.is_straight() {
            return None;
        }
        match self.node() {
            Node::Buffer { index, .. } => self.graph.unpickler.buffers.get(index as usize),
            _ => None,
        }
    }

    /// Whether the object is a bytes object, a bytearray or a buffer, or is made one of a persistent
    /// id.
    #[must_use]
    pub fn is_bytes(&self) -> bool {
        if self.is_straight() {
            return self.stream.is_bytes();
        }
        matches!(
            self.node(),
            Node::Bytes(_) | Node::ByteArray(_) | Node::Buffer { .. }
        ) || self.resolves::<Vec<u8>>()
    }

    /// The items of a list or tuple.
    ///
    /// # Errors
    ///
    /// If the object is neither.
    pub fn sequence(&mut self) -> Result<Sequence> {
        if let Some(run) = self.stream.list() {
            return Ok(Sequence::in_stream(run));
        }
        let view = self.place().view;
        let cursor = match self.node() {
            Node::List(chain) => Cursor::chain(chain, BatchKind::Items, view),
            Node::Tuple { start, len, .. } => Cursor::slots(start, len),
            _ => return Err(self.wrong_type("a list or tuple")),
        };
        Ok(Sequence::new(cursor, view))
    }

    /// The items of a set or frozenset.
    ///
    /// # Errors
    ///
    /// If the object is neither.
    pub fn set(&mut self) -> Result<Sequence> {
        if let Some(run) = self.stream.set() {
            return Ok(Sequence::in_stream(run));
        }
        let view = self.place().view;
        let cursor = match shape(self.graph.data(), self.place().node, view) {
            Shape::Node(Node::Set(chain)) => Cursor::chain(chain, BatchKind::Items, view),
            Shape::Node(Node::FrozenSet { start, len }) => Cursor::slots(start, len),
            Shape::Set(cursor) | Shape::FrozenSet(cursor) => cursor,
            Shape::Node(_) => return Err(self.wrong_type("a set or frozenset")),
        };
        Ok(Sequence::new(cursor, view))
    }

    /// The entries of a dict. A key that was set twice comes twice: the later value counts.
    ///
    /// # Errors
    ///
    /// If the object is not a dict.
    pub fn map(&mut self) -> Result<Map> {
        if let Some(run) = self.stream.dict() {
            return Ok(Map::in_stream(run));
        }
        match self.node() {
            Node::Dict(chain) => {
                let cursor = Cursor::chain(chain, BatchKind::Pairs, self.place().view);
                Ok(Map::new(cursor, self.place().view))
            }
            _ => Err(self.wrong_type("a dict")),
        }
    }
}

fn valid(bytes: &[u8]) -> &str {
    utf8(bytes).expect("the machine has validated a Str's UTF-8")
}
