//! The pickle machine: carries out opcodes on nodes, as CPython's C unpickler does on objects.
//!
//! Here are its state, its steps, and the one match over all opcodes. What they do is beside it:
//! `stack` knows marks and operands, `memo` what can be got again, `atoms` what a single opcode
//! holds, `containers` what is made of other nodes, `names` globals and persistent ids, `calls`
//! instances and their state, and `fold` what a few calls stand for. Nothing is called: a call is
//! a node, and so is what was added to its result.

mod atoms;
mod calls;
mod containers;
mod fold;
mod memo;
mod names;
mod stack;

use std::collections::HashMap;

use super::Settings;
use super::reader::{Argument, Located, Reader, wide};
use super::text::BadNumber;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::arena::{Arena, Chain, Data, Node, NodeId, OpIndex};
use crate::opcode::Opcode;
use memo::Memo;
use names::Spelling;

/// The machine's state between two opcodes. It outlives a STOP: the next pickle of the same
/// stream may refer to its memo.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) arena: Arena,
    settings: Settings,
    /// What NEXT_BUFFER has to give: whether each buffer is read-only.
    buffers: Vec<bool>,
    next_buffer: usize,
    protocol: u8,
    stack: Vec<NodeId>,
    /// Where in the stack the marks are, lowest first.
    marks: Vec<usize>,
    memo: Memo,
    globals: HashMap<Spelling<'static>, u32>,
    /// When the memo was last added to.
    last_put: OpIndex,
    folded: fold::Folded,
    /// How many opcodes came before.
    now: OpIndex,
    /// When a call last saw its arguments: what is added later must stay apart from what it saw.
    last_call: OpIndex,
}

/// What an opcode did to the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Continue,
    /// STOP: this is the object.
    Stop(NodeId),
}

impl Machine {
    pub(crate) fn new(settings: Settings, buffers: Vec<bool>) -> Self {
        Self {
            arena: Arena::default(),
            settings,
            buffers,
            next_buffer: 0,
            protocol: 0,
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Memo::default(),
            globals: HashMap::new(),
            last_put: OpIndex(0),
            folded: fold::Folded::default(),
            now: OpIndex(0),
            last_call: OpIndex(0),
        }
    }

    /// Runs one pickle, up to its STOP.
    pub(crate) fn run(&mut self, reader: &mut Reader<'_>, input: &[u8]) -> Result<NodeId> {
        self.stack.clear();
        self.marks.clear();
        self.protocol = 0;
        loop {
            if let Step::Stop(root) = self.step(reader, input)? {
                return Ok(root);
            }
        }
    }

    /// Carries out one opcode.
    pub(crate) fn step(&mut self, reader: &mut Reader<'_>, input: &[u8]) -> Result<Step> {
        let located = reader.next()?;
        if !self.has_room() {
            return Err(Error::from(ErrorKind::TooLarge).at_offset(located.offset));
        }
        if located.opcode == Opcode::Frame {
            check_frame(&located, reader).map_err(|e| e.at_offset(located.offset))?;
        }
        let end = reader.position();
        let mut operation = Operation {
            machine: self,
            input,
            op: located.opcode,
            end,
        };
        match operation.carry_out(located.argument) {
            Ok(step) => {
                // OK because there was room.
                self.now = OpIndex(self.now.0.saturating_add(1));
                Ok(step)
            }
            Err(kind) => Err(Error::from(kind).at_offset(located.offset)),
        }
    }

    /// Whether indices of 32 bits are enough for whatever the next opcode adds: a few nodes, and
    /// no more slots than the stack has items, of which each opcode pushes one at the most.
    fn has_room(&self) -> bool {
        const HALF: usize = 1 << 31;
        let (nodes, slots) = (self.arena.nodes.len(), self.arena.slots.len());
        nodes < HALF && slots < HALF && wide(HALF) > u64::from(self.now.0)
    }

    pub(crate) fn node_count(&self) -> usize {
        self.arena.nodes.len()
    }
}

/// The bytes that a FRAME announces must be there; what they hold, and where opcodes lie across
/// their end, is no matter.
fn check_frame(located: &Located<'_>, reader: &Reader<'_>) -> Result<()> {
    let Argument::Size(needed) = located.argument else {
        return Ok(());
    };
    let available = wide(reader.rest().len());
    if needed > available {
        return Err(ErrorKind::Truncated { needed, available }.into());
    }
    Ok(())
}

type Done<T = ()> = std::result::Result<T, ErrorKind>;

/// One opcode, while it is carried out.
struct Operation<'m> {
    machine: &'m mut Machine,
    input: &'m [u8],
    op: Opcode,
    /// Where the opcode's argument ends in the input.
    end: usize,
}

impl Operation<'_> {
    fn carry_out(&mut self, argument: Argument<'_>) -> Done<Step> {
        use Opcode as Op;
        match (self.op, argument) {
            (Op::Stop, _) => return Ok(Step::Stop(self.pop()?)),

            (Op::Proto, Argument::Int(protocol)) => self.proto(protocol)?,
            (Op::Frame, _) => {}

            // The stack.
            (Op::Mark, _) => self.set_mark(),
            (Op::Pop, _) => self.discard()?,
            (Op::PopMark, _) => self.discard_to_mark()?,
            (Op::Dup, _) => self.duplicate()?,

            // Atoms.
            (Op::None, _) => self.push(Node::None),
            (Op::NewTrue, _) => self.push(Node::Bool(true)),
            (Op::NewFalse, _) => self.push(Node::Bool(false)),
            (Op::BinInt | Op::BinInt1 | Op::BinInt2, Argument::Int(value)) => {
                self.push(Node::Int(value));
            }
            (Op::Int, Argument::Line(line)) => self.text_int(line)?,
            (Op::Long, Argument::Line(line)) => self.text_long(line)?,
            (Op::Long1 | Op::Long4, Argument::Bytes(bytes)) => self.long(bytes),
            (Op::Float, Argument::Line(line)) => self.text_float(line)?,
            (Op::BinFloat, Argument::Float(value)) => self.push(Node::Float(value)),

            // Strings and bytes.
            (Op::Unicode, Argument::Line(line)) => self.raw_unicode(line)?,
            (Op::ShortBinUnicode | Op::BinUnicode | Op::BinUnicode8, Argument::Bytes(bytes)) => {
                self.push_text(self.payload_span(bytes), bytes)?;
            }
            (Op::String, Argument::Line(line)) => self.quoted_string(line)?,
            (Op::BinString | Op::ShortBinString, Argument::Bytes(bytes)) => {
                self.python2_str(bytes, Some(self.payload_span(bytes)))?;
            }
            (Op::ShortBinBytes | Op::BinBytes | Op::BinBytes8, Argument::Bytes(bytes)) => {
                self.push(Node::Bytes(self.payload_span(bytes)));
            }
            (Op::ByteArray8, Argument::Bytes(bytes)) => {
                self.push(Node::ByteArray(self.payload_span(bytes)));
            }
            (Op::NextBuffer, _) => self.next_buffer()?,
            (Op::ReadonlyBuffer, _) => self.readonly_buffer()?,

            // Containers.
            (Op::EmptyTuple, _) => self.push(Node::EMPTY_TUPLE),
            (Op::Tuple1, _) => self.counted_tuple(1)?,
            (Op::Tuple2, _) => self.counted_tuple(2)?,
            (Op::Tuple3, _) => self.counted_tuple(3)?,
            (Op::Tuple, _) => self.tuple()?,
            (Op::EmptyList, _) => self.push(Node::List(Chain::EMPTY)),
            (Op::List, _) => self.list()?,
            (Op::Append, _) => self.append()?,
            (Op::Appends, _) => self.appends()?,
            (Op::EmptyDict, _) => self.push(Node::Dict(Chain::EMPTY)),
            (Op::Dict, _) => self.dict()?,
            (Op::SetItem, _) => self.set_item()?,
            (Op::SetItems, _) => self.set_items()?,
            (Op::EmptySet, _) => self.push(Node::Set(Chain::EMPTY)),
            (Op::AddItems, _) => self.add_items()?,
            (Op::FrozenSet, _) => self.frozenset()?,

            // The memo.
            (Op::BinGet | Op::LongBinGet, Argument::Int(index)) => {
                self.get(index.cast_unsigned())?;
            }
            (Op::Get, Argument::Line(line)) => self.text_get(line)?,
            (Op::BinPut | Op::LongBinPut, Argument::Int(index)) => {
                self.put(index.cast_unsigned())?;
            }
            (Op::Put, Argument::Line(line)) => self.text_put(line)?,
            (Op::Memoize, _) => self.put(self.machine.memo.next_index())?,

            // Names.
            (Op::Global, Argument::Lines(module, qualname)) => self.global(module, qualname)?,
            (Op::StackGlobal, _) => self.stack_global()?,
            (Op::Ext1 | Op::Ext2 | Op::Ext4, Argument::Int(code)) => self.extension(code)?,

            // Calls.
            (Op::Reduce, _) => self.reduce()?,
            (Op::NewObj, _) => self.new_obj()?,
            (Op::NewObjEx, _) => self.new_obj_ex()?,
            (Op::Inst, Argument::Lines(module, qualname)) => self.inst(module, qualname)?,
            (Op::Obj, _) => self.obj()?,
            (Op::Build, _) => self.build()?,

            // Objects kept elsewhere.
            (Op::PersId, Argument::Line(line)) => self.text_persistent(line)?,
            (Op::BinPersId, _) => self.persistent()?,

            (_, _) => return Err(self.bad("an argument of another kind")),
        }
        Ok(Step::Continue)
    }

    fn proto(&mut self, protocol: i64) -> Done {
        match u8::try_from(protocol) {
            Ok(protocol @ 0..=5) => {
                self.machine.protocol = protocol;
                Ok(())
            }
            _ => Err(ErrorKind::UnsupportedProtocol(protocol.cast_unsigned())),
        }
    }

    /// Makes a node that is not on the stack.
    fn add(&mut self, node: Node) -> NodeId {
        // OK because there was room.
        let id = NodeId(u32::try_from(self.machine.arena.nodes.len()).unwrap_or(u32::MAX));
        self.machine.arena.nodes.push(node);
        id
    }

    fn push(&mut self, node: Node) {
        let id = self.add(node);
        self.machine.stack.push(id);
    }

    fn data(&self) -> Data<'_> {
        Data {
            input: self.input,
            arena: &self.machine.arena,
        }
    }

    fn bad(&self, reason: &'static str) -> ErrorKind {
        ErrorKind::BadArgument {
            opcode: self.op.name(),
            reason,
        }
    }

    fn underflow(&self) -> ErrorKind {
        ErrorKind::StackUnderflow {
            opcode: self.op.name(),
        }
    }

    fn bad_operand(&self, expected: &'static str, found: NodeId) -> ErrorKind {
        let found = self.machine.arena.node(found).type_name();
        ErrorKind::BadOperand {
            opcode: self.op.name(),
            expected,
            found,
        }
    }

    fn bad_number(&self, error: BadNumber) -> ErrorKind {
        match error {
            BadNumber::Syntax => self.bad("no integer"),
            BadNumber::TooManyDigits => ErrorKind::LimitExceeded {
                limit: "the number of digits of an int",
                value: self.machine.settings.limits.digits.into(),
                setter: "digits",
            },
        }
    }
}
