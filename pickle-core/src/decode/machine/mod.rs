//! The pickle machine: carries out opcodes on nodes, as CPython's C unpickler does on objects.
//!
//! Here are its state, its steps, and the one match over all opcodes. What they do is beside it:
//! `stack` knows marks and operands, `memo` what can be got again, `atoms` what a single opcode
//! holds, `containers` what is made of other nodes, `names` globals and persistent ids, `calls`
//! instances and their state, `fold` what a few calls stand for, and `checkpoint` whether there is
//! room for more. Nothing is called: a call is
//! a node, and so is what was added to its result.

mod atoms;
mod calls;
mod checkpoint;
mod containers;
mod fold;
mod memo;
mod names;
mod stack;

use std::collections::HashMap;

use pickle_registry::QualName;

use super::reader::{Reader, wide};
use super::text::BadNumber;
use super::{Policy, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::arena::{Arena, Chain, Data, Node, NodeId, OpIndex};
use crate::opcode::Opcode;
use checkpoint::Checkpoint;
use memo::Memo;
use names::Spelling;

/// The machine's state between two opcodes. It outlives a STOP: the next pickle of the same
/// stream may refer to its memo.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) arena: Arena,
    settings: Settings,
    policy: Policy,
    /// What was named that may not be, and where.
    forbidden: Vec<(QualName<'static>, usize)>,
    /// Where the opcode is that names a global.
    naming: usize,
    /// What NEXT_BUFFER has to give: whether each buffer is read-only.
    buffers: Vec<bool>,
    next_buffer: usize,
    protocol: u8,
    stack: Vec<NodeId>,
    /// The height of the stack at the topmost mark: what is below is out of reach.
    fence: usize,
    /// The fence that each mark took the place of, lowest first.
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
    pub(crate) fn new(settings: Settings, policy: Policy, buffers: Vec<bool>) -> Self {
        Self {
            arena: Arena::default(),
            settings,
            policy,
            forbidden: Vec::new(),
            naming: 0,
            buffers,
            next_buffer: 0,
            protocol: 0,
            stack: Vec::new(),
            fence: 0,
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
    pub(crate) fn run<'i>(&mut self, reader: &mut Reader<'i>, input: &'i [u8]) -> Result<NodeId> {
        self.stack.clear();
        self.marks.clear();
        self.fence = 0;
        self.protocol = 0;
        let mut operation = Operation::new(self, reader.clone(), input);
        let root = loop {
            match operation.step() {
                Ok(Step::Continue) => {}
                Ok(Step::Stop(root)) => break Ok(root),
                Err(error) => break Err(error),
            }
        };
        *reader = operation.reader;
        self.check_names()?;
        root
    }

    /// Whether all that was named may be, which is asked first if something else is wrong, too.
    pub(crate) fn check_names(&mut self) -> Result<()> {
        let globals = std::mem::take(&mut self.forbidden);
        match globals.first() {
            None => Ok(()),
            Some((_, offset)) => {
                let offset = *offset;
                Err(Error::from(ErrorKind::Forbidden { globals }).at_offset(offset))
            }
        }
    }

    /// Carries out one opcode.
    pub(crate) fn step<'i>(&mut self, reader: &mut Reader<'i>, input: &'i [u8]) -> Result<Step> {
        let mut operation = Operation::new(self, reader.clone(), input);
        let step = operation.step()?;
        *reader = operation.reader;
        Ok(step)
    }

    pub(crate) fn node_count(&self) -> usize {
        self.arena.nodes.len()
    }
}

type Done<T = ()> = Result<T>;

/// The machine at an opcode of its input.
struct Operation<'m, 'i> {
    machine: &'m mut Machine,
    /// Behind the opcode, and then behind its argument.
    reader: Reader<'i>,
    input: &'i [u8],
    op: Opcode,
    checkpoint: Checkpoint,
}

impl<'m, 'i> Operation<'m, 'i> {
    fn new(machine: &'m mut Machine, reader: Reader<'i>, input: &'i [u8]) -> Self {
        let checkpoint = Checkpoint::first(machine, reader.rest().len());
        Self {
            machine,
            reader,
            input,
            op: Opcode::Stop,
            checkpoint,
        }
    }

    /// Carries out the next opcode.
    #[inline(always)]
    fn step(&mut self) -> Result<Step> {
        let left = self.reader.rest().len();
        let step = match self.next() {
            Ok(step) => step,
            Err(error) => return Err(error.at_offset(self.input.len() - left)),
        };
        // OK because there was room.
        self.machine.now = OpIndex(self.machine.now.0.wrapping_add(1));
        Ok(step)
    }

    #[inline(always)]
    fn next(&mut self) -> Done<Step> {
        self.op = self.reader.opcode()?;
        let left = self.reader.rest().len();
        if left < self.checkpoint.left {
            self.checkpoint.reach(self.machine, left)?;
        }
        self.carry_out()
    }
}

impl Operation<'_, '_> {
    /// Each opcode is named where its argument is read, so that this knows its layout beforehand.
    #[inline(always)]
    fn carry_out(&mut self) -> Done<Step> {
        use Opcode as Op;
        match self.op {
            Op::Stop => return Ok(Step::Stop(self.pop()?)),

            Op::Proto => self.proto()?,
            Op::Frame => self.frame()?,

            // The stack.
            Op::Mark => self.set_mark(),
            Op::Pop => self.discard()?,
            Op::PopMark => self.discard_to_mark()?,
            Op::Dup => self.duplicate()?,

            // Atoms.
            Op::None => self.push(Node::None),
            Op::NewTrue => self.push(Node::Bool(true)),
            Op::NewFalse => self.push(Node::Bool(false)),
            Op::BinInt => self.int(Op::BinInt)?,
            Op::BinInt1 => self.int(Op::BinInt1)?,
            Op::BinInt2 => self.int(Op::BinInt2)?,
            Op::Int => self.text_int()?,
            Op::Long => self.text_long()?,
            Op::Long1 => self.long(Op::Long1)?,
            Op::Long4 => self.long(Op::Long4)?,
            Op::Float => self.text_float()?,
            Op::BinFloat => self.float()?,

            // Strings and bytes.
            Op::Unicode => self.raw_unicode()?,
            Op::ShortBinUnicode => self.str(Op::ShortBinUnicode)?,
            Op::BinUnicode => self.str(Op::BinUnicode)?,
            Op::BinUnicode8 => self.str(Op::BinUnicode8)?,
            Op::String => self.quoted_string()?,
            Op::BinString | Op::ShortBinString => self.counted_string()?,
            Op::ShortBinBytes => self.bytes(Op::ShortBinBytes)?,
            Op::BinBytes | Op::BinBytes8 => self.bytes(self.op)?,
            Op::ByteArray8 => self.bytearray()?,
            Op::NextBuffer => self.next_buffer()?,
            Op::ReadonlyBuffer => self.readonly_buffer()?,

            // Containers.
            Op::EmptyTuple => self.push(Node::EMPTY_TUPLE),
            Op::Tuple1 => self.counted_tuple(1)?,
            Op::Tuple2 => self.counted_tuple(2)?,
            Op::Tuple3 => self.counted_tuple(3)?,
            Op::Tuple => self.tuple()?,
            Op::EmptyList => self.push(Node::List(Chain::EMPTY)),
            Op::List => self.list()?,
            Op::Append => self.append()?,
            Op::Appends => self.appends()?,
            Op::EmptyDict => self.push(Node::Dict(Chain::EMPTY)),
            Op::Dict => self.dict()?,
            Op::SetItem => self.set_item()?,
            Op::SetItems => self.set_items()?,
            Op::EmptySet => self.push(Node::Set(Chain::EMPTY)),
            Op::AddItems => self.add_items()?,
            Op::FrozenSet => self.frozenset()?,

            // The memo.
            Op::BinGet => self.binary_get(Op::BinGet)?,
            Op::LongBinGet => self.binary_get(Op::LongBinGet)?,
            Op::Get => self.text_get()?,
            Op::BinPut => self.binary_put(Op::BinPut)?,
            Op::LongBinPut => self.binary_put(Op::LongBinPut)?,
            Op::Put => self.text_put()?,
            Op::Memoize => self.put(self.machine.memo.next_index())?,

            // Names.
            Op::Global => self.global()?,
            Op::StackGlobal => self.stack_global()?,
            Op::Ext1 | Op::Ext2 | Op::Ext4 => self.extension()?,

            // Calls.
            Op::Reduce => self.reduce()?,
            Op::NewObj => self.new_obj()?,
            Op::NewObjEx => self.new_obj_ex()?,
            Op::Inst => self.inst()?,
            Op::Obj => self.obj()?,
            Op::Build => self.build()?,

            // Objects kept elsewhere.
            Op::PersId => self.text_persistent()?,
            Op::BinPersId => self.persistent()?,
        }
        Ok(Step::Continue)
    }

    fn proto(&mut self) -> Done {
        let protocol = self.reader.int(self.op.argument())?;
        match u8::try_from(protocol) {
            Ok(protocol @ 0..=5) => {
                self.machine.protocol = protocol;
                Ok(())
            }
            _ => Err(ErrorKind::UnsupportedProtocol(protocol.cast_unsigned()).into()),
        }
    }

    /// The bytes that a FRAME announces must be there; what they hold, and where opcodes lie across
    /// their end, is no matter.
    fn frame(&mut self) -> Done {
        let needed = self.reader.size()?;
        let available = wide(self.reader.rest().len());
        if needed > available {
            return Err(ErrorKind::Truncated { needed, available }.into());
        }
        Ok(())
    }

    /// Makes a node that is not on the stack.
    #[inline(always)]
    fn add(&mut self, node: Node) -> NodeId {
        // OK because there was room.
        let id = NodeId(u32::try_from(self.machine.arena.nodes.len()).unwrap_or(u32::MAX));
        self.machine.arena.nodes.push(node);
        id
    }

    #[inline(always)]
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

    #[cold]
    fn bad(&self, reason: &'static str) -> Error {
        let opcode = self.op.name();
        ErrorKind::BadArgument { opcode, reason }.into()
    }

    #[cold]
    fn underflow(&self) -> Error {
        let opcode = self.op.name();
        ErrorKind::StackUnderflow { opcode }.into()
    }

    #[cold]
    fn bad_operand(&self, expected: &'static str, found: NodeId) -> Error {
        let found = self.machine.arena.node(found).type_name();
        ErrorKind::BadOperand {
            opcode: self.op.name(),
            expected,
            found,
        }
        .into()
    }

    #[cold]
    fn bad_number(&self, error: BadNumber) -> Error {
        match error {
            BadNumber::Syntax => self.bad("no integer"),
            BadNumber::TooManyDigits => ErrorKind::LimitExceeded {
                limit: "the number of digits of an int",
                value: self.machine.settings.limits.digits.into(),
                setter: "digits",
            }
            .into(),
        }
    }
}
