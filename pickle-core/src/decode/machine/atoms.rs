//! Nodes that one opcode makes of its argument alone: numbers, strings, bytes, and buffers. What
//! is a valid text of them, `text` and `python2` know.

use super::super::Settings;
use super::super::python2::Decoded;
use super::super::reader::sign_extended;
use super::super::text::{self, Integer};
use super::{Done, Operation};
use crate::bigint;
use crate::error::ErrorKind;
use crate::graph::arena::{Node, Span};
use crate::opcode::Opcode;
use crate::utf8;

impl Operation<'_, '_> {
    /// BININT, BININT1 and BININT2.
    #[inline(always)]
    pub(super) fn int(&mut self, op: Opcode) -> Done {
        let value = self.reader.int(op.argument())?;
        self.push(Node::Int(value));
        Ok(())
    }

    /// BINFLOAT.
    #[inline(always)]
    pub(super) fn float(&mut self) -> Done {
        let value = self.reader.float()?;
        self.push(Node::Float(value));
        Ok(())
    }

    /// BINUNICODE and its like.
    #[inline(always)]
    pub(super) fn str(&mut self, op: Opcode) -> Done {
        let bytes = self.reader.counted(op)?;
        self.push_text(self.payload_span(bytes), bytes)
    }

    /// BINBYTES and its like.
    #[inline(always)]
    pub(super) fn bytes(&mut self, op: Opcode) -> Done {
        let bytes = self.reader.counted(op)?;
        self.push(Node::Bytes(self.payload_span(bytes)));
        Ok(())
    }

    pub(super) fn bytearray(&mut self) -> Done {
        let bytes = self.reader.counted(self.op)?;
        self.push(Node::ByteArray(self.payload_span(bytes)));
        Ok(())
    }

    /// BINSTRING and SHORT_BINSTRING.
    pub(super) fn counted_string(&mut self) -> Done {
        let bytes = self.reader.counted(self.op)?;
        self.python2_str(bytes, Some(self.payload_span(bytes)))
    }

    pub(super) fn text_int(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        let value = text::int(line, self.machine.settings.limits.digits);
        match value.map_err(|error| self.bad_number(error))? {
            text::Int::Bool(value) => self.push(Node::Bool(value)),
            text::Int::Int(value) => self.push_integer(value),
        }
        Ok(())
    }

    pub(super) fn text_long(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        let value = text::long(line, self.machine.settings.limits.digits);
        let value = value.map_err(|error| self.bad_number(error))?;
        self.push_integer(value);
        Ok(())
    }

    fn push_integer(&mut self, value: Integer) {
        let node = match value {
            Integer::Small(value) => Node::Int(value),
            Integer::Big(bytes) => Node::BigInt(self.make(bigint::trimmed(&bytes))),
        };
        self.push(node);
    }

    /// LONG1 and LONG4.
    #[inline(always)]
    pub(super) fn long(&mut self, op: Opcode) -> Done {
        let bytes = self.reader.counted(op)?;
        let trimmed = bigint::trimmed(bytes);
        let node = if trimmed.len() <= 8 {
            Node::Int(sign_extended(trimmed))
        } else {
            let span = self.payload_span(bytes);
            Node::BigInt(Span::new(span.start(), trimmed.len()))
        };
        self.push(node);
        Ok(())
    }

    pub(super) fn text_float(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        let value = text::float(line).ok_or_else(|| self.bad("no float, or one too large"))?;
        self.push(Node::Float(value));
        Ok(())
    }

    /// UNICODE.
    pub(super) fn raw_unicode(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        let utf8 = text::raw_unicode_escape(line).map_err(|reason| self.bad(reason))?;
        let span = if utf8 == line {
            self.line_span(line)
        } else {
            self.make(&utf8)
        };
        self.push_text(span, &utf8)
    }

    #[inline]
    fn push_text(&mut self, span: Span, bytes: &[u8]) -> Done {
        if utf8::is_utf8(bytes) {
            self.push(Node::Str(span));
            return Ok(());
        }
        self.push_surrogates(span, bytes)
    }

    #[cold]
    fn push_surrogates(&mut self, span: Span, bytes: &[u8]) -> Done {
        if !utf8::is_surrogatepass(bytes) {
            return Err(self.bad("it is not UTF-8"));
        }
        self.push(Node::Surrogates(span));
        Ok(())
    }

    /// STRING.
    pub(super) fn quoted_string(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        let bytes = text::string(line).map_err(|reason| self.bad(reason))?;
        self.python2_str(&bytes, None)
    }

    /// A Python 2 `str`. `span` is where the bytes are, if they are somewhere as they are.
    fn python2_str(&mut self, bytes: &[u8], span: Option<Span>) -> Done {
        let Settings {
            encoding, errors, ..
        } = self.machine.settings;
        let decoded = encoding.decode(bytes, errors);
        let decoded = decoded.ok_or_else(|| ErrorKind::Undecodable {
            encoding: encoding.name(),
        })?;
        match decoded {
            Decoded::Bytes => {
                let span = span.unwrap_or_else(|| self.make(bytes));
                self.push(Node::Bytes(span));
                Ok(())
            }
            Decoded::Same => {
                let span = span.unwrap_or_else(|| self.make(bytes));
                self.push_text(span, bytes)
            }
            Decoded::Utf8(utf8) => {
                let span = self.make(&utf8);
                self.push_text(span, &utf8)
            }
        }
    }

    pub(super) fn next_buffer(&mut self) -> Done {
        let index = self.machine.next_buffer;
        let given = self.machine.buffers.len();
        let Some(readonly) = self.machine.buffers.get(index).copied() else {
            return Err(ErrorKind::MissingBuffer { index, given }.into());
        };
        self.machine.next_buffer += 1;
        let index = u32::try_from(index).map_err(|_| ErrorKind::MissingBuffer { index, given })?;
        self.push(Node::Buffer {
            index,
            readonly,
            hashable: readonly,
        });
        Ok(())
    }

    pub(super) fn readonly_buffer(&mut self) -> Done {
        let top = self.top()?;
        let node = match self.machine.arena.node(top) {
            // It stays the same object.
            Node::Bytes(_) | Node::Buffer { readonly: true, .. } => return Ok(()),
            Node::Buffer {
                index, hashable, ..
            } => Node::Buffer {
                index,
                readonly: true,
                hashable,
            },
            Node::ByteArray(span) => Node::Bytes(span),
            _ => return Err(self.bad_operand("a buffer", top)),
        };
        self.pop()?;
        self.push(node);
        Ok(())
    }

    /// The span of an argument that ends where the opcode does.
    fn payload_span(&self, bytes: &[u8]) -> Span {
        Span::new(
            self.reader.position().saturating_sub(bytes.len()),
            bytes.len(),
        )
    }

    /// The span of an argument that is a line.
    pub(super) fn line_span(&self, line: &[u8]) -> Span {
        Span::new(
            self.reader.position().saturating_sub(line.len() + 1),
            line.len(),
        )
    }

    pub(super) fn make(&mut self, bytes: &[u8]) -> Span {
        let start = self.machine.arena.made.len();
        self.machine.arena.made.extend_from_slice(bytes);
        Span::made(start, bytes.len())
    }
}
