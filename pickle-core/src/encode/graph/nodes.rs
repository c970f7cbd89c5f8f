//! Which opcodes a node takes in each protocol, but for instances. What is in it, tasks write.

use super::super::Pickler;
use super::super::memo::MemoPolicy;
use super::{Creator, Dump, Task};
use crate::compat;
use crate::error::Result;
use crate::graph::arena::{Cursor, Node, NodeId, OpIndex, Span};
use crate::opcode::Opcode;

impl<'w> Dump<'_, 'w, '_> {
    /// Writes a node, as it was at some time.
    pub(super) fn save(&mut self, id: NodeId, view: OpIndex) -> Result<()> {
        if let Some(index) = self.memo[id.index()] {
            self.check_view(id, view)?;
            return self.pickler.get(index);
        }
        let data = self.data;
        match data.arena.node(id) {
            // These are single objects in Python, with or without a memo.
            Node::None => self.atom(id).none(),
            Node::Bool(value) => self.atom(id).bool(value),
            Node::Tuple { len: 0, .. } => self.atom(id).tuple(0, |_| Ok(())),

            Node::Int(value) => {
                self.atom(id).int(value)?;
                self.remember(id)
            }
            Node::BigInt(span) => {
                self.atom(id).big_int(data.bytes(span))?;
                self.remember(id)
            }
            Node::Float(value) => {
                self.atom(id).float(value)?;
                self.remember(id)
            }
            Node::Str(span) | Node::Surrogates(span) => self.save_str(id, span),
            Node::Bytes(span) => {
                self.atom(id).bytes(data.bytes(span))?;
                self.remember_memoized(id)
            }
            Node::ByteArray(span) => {
                self.atom(id).bytearray(data.bytes(span))?;
                self.remember_memoized(id)
            }
            Node::Buffer {
                index, readonly, ..
            } => self.save_buffer(id, index, readonly),
            Node::Global(index) => self.save_global(id, index),
            Node::Persistent(pid) => self.save_persistent(id, pid, view),

            Node::Tuple { start, len, .. } => self.save_tuple(id, start, len, view),
            Node::FrozenSet { start, len } => self.save_frozenset(id, start, len, view),
            Node::List(_) => {
                self.pickler.begin()?;
                self.pickler.new_list();
                self.save_contents(id, view)
            }
            Node::Dict(_) => {
                self.pickler.begin()?;
                self.pickler.new_dict();
                self.save_contents(id, view)
            }
            Node::Set(_) => self.save_set(id, view),
            Node::Object(index) => self.save_object(id, index, view),
        }
    }

    /// Whether all of a node is written when it is saved, so that no task is left of it.
    #[inline]
    pub(super) fn is_atomic(&self, id: NodeId) -> bool {
        self.memo[id.index()].is_some()
            || !matches!(
                self.data.arena.node(id),
                Node::Tuple { .. }
                    | Node::FrozenSet { .. }
                    | Node::List(_)
                    | Node::Dict(_)
                    | Node::Set(_)
                    | Node::Object(_)
                    | Node::Persistent(_)
            )
    }

    /// The name of an attribute.
    pub(super) fn save_name(&mut self, id: NodeId) -> Result<()> {
        match self.data.arena.node(id) {
            Node::Str(span) => self.pickler.interned(self.data.text(span)).map(drop),
            _ => self.save(id, OpIndex::END),
        }
    }

    /// Where a node is written that is no more than an opcode, or a global.
    fn atom(&mut self, id: NodeId) -> &mut Pickler<'w> {
        self.pickler.pending = self.take_root_slot(id);
        self.pickler
    }

    fn save_str(&mut self, id: NodeId, span: Span) -> Result<()> {
        let bytes = self.data.bytes(span);
        let p = self.atom(id);
        if let Some(text) = p.single_object(bytes) {
            let index = p.interned(text)?;
            self.found_at(id, index);
            return Ok(());
        }
        p.surrogates(bytes)?;
        self.remember_memoized(id)
    }

    fn save_buffer(&mut self, id: NodeId, index: u32, readonly: bool) -> Result<()> {
        let buffer = self.graph.unpickler.buffers[index as usize].seen(readonly);
        let p = self.atom(id);
        if p.hand_over(&buffer)? {
            return Ok(());
        }
        p.buffer_in_band(&buffer)?;
        self.remember_memoized(id)
    }

    /// A class or function, or an attribute of one.
    fn save_global(&mut self, id: NodeId, index: u32) -> Result<()> {
        self.atom(id);
        let name = self.data.name(index);
        let attribute_of = self.data.arena.globals[index as usize].attribute_of;
        let (Some(of), Some((_, attribute))) = (attribute_of, name.qualname().rsplit_once('.'))
        else {
            return self.save_named(index);
        };
        if self.pickler.has_global(&name) {
            return self.pickler.global(&name);
        }
        let slot = self.pickler.begin()?;
        self.save_named(of.getattr)?;
        self.pickler.open_tuple(2)?;
        self.save_named(of.object)?;
        let p = &mut *self.pickler;
        p.str(attribute)?;
        p.close_tuple(2);
        p.memoize(None)?;
        p.pending = slot;
        p.global_with(&name, |p| {
            p.writer.op(Opcode::Reduce);
            Ok(())
        })
    }

    /// A global by its name. Where that was made of two strs, the module's is an object like others
    /// under `All`: CPython's functions and classes of one module may have one each.
    fn save_named(&mut self, index: u32) -> Result<()> {
        let name = self.data.name(index);
        let module = self.data.arena.globals[index as usize].module_node;
        let p = &mut *self.pickler;
        match module {
            Some(module)
                if p.policy == MemoPolicy::All
                    && p.protocol >= Opcode::StackGlobal.protocol()
                    && !p.has_global(&name) =>
            {
                let slot = p.begin()?;
                self.save(module, OpIndex::END)?;
                let p = &mut *self.pickler;
                p.str(name.qualname())?;
                p.pending = slot;
                p.global_with(&name, |p| {
                    p.writer.op(Opcode::StackGlobal);
                    Ok(())
                })
            }
            _ => p.global(&name),
        }
    }

    /// A persistent id is a line of text in protocol 0, any object from 1 on.
    fn save_persistent(&mut self, id: NodeId, pid: NodeId, view: OpIndex) -> Result<()> {
        if self.pickler.binary() {
            self.then([
                Task::Save(pid, view),
                Task::Op(Opcode::BinPersId),
                Task::Remember(id),
            ]);
            return Ok(());
        }
        match self.data.arena.node(pid) {
            Node::Str(span) => {
                let text = self.data.text(span);
                if !text.is_ascii() || text.contains('\n') {
                    return Err(self
                        .pickler
                        .unpicklable("a persistent id that is no ASCII line"));
                }
                self.pickler.begin()?;
                self.pickler
                    .writer
                    .line(Opcode::PersId, format_args!("{text}"));
                self.remember(id)
            }
            _ => Err(self.pickler.unpicklable("a persistent id that is no str")),
        }
    }

    fn save_tuple(&mut self, id: NodeId, start: u32, len: u32, view: OpIndex) -> Result<()> {
        let outer = self.begin_creation(id)?;
        let items = Cursor::slots(start, len);
        let len = len as usize;
        self.pickler.open_tuple(len)?;
        self.then([
            Task::Items(items, view),
            Task::Create(id, Creator::Tuple(len), outer),
        ]);
        Ok(())
    }

    fn save_frozenset(&mut self, id: NodeId, start: u32, len: u32, view: OpIndex) -> Result<()> {
        let outer = self.begin_creation(id)?;
        if self.pickler.protocol < Opcode::FrozenSet.protocol() {
            return self.save_as_call(id, id, &compat::FROZENSET, view, outer);
        }
        self.pickler.begin()?;
        self.pickler.writer.op(Opcode::Mark);
        self.then([
            Task::Items(Cursor::slots(start, len), view),
            Task::Create(id, Creator::FrozenSet, outer),
        ]);
        Ok(())
    }

    fn save_set(&mut self, id: NodeId, view: OpIndex) -> Result<()> {
        if self.pickler.protocol < Opcode::EmptySet.protocol() {
            // It cannot be added to, so that whoever sees it sees all of it, as in Python.
            let outer = self.begin_creation(id)?;
            return self.save_as_call(id, id, &compat::SET, OpIndex::END, outer);
        }
        self.pickler.begin()?;
        self.pickler.writer.op(Opcode::EmptySet);
        self.save_contents(id, view)
    }

    /// Goes on with a container that has been created empty.
    fn save_contents(&mut self, id: NodeId, view: OpIndex) -> Result<()> {
        self.memoize(id, view)?;
        self.contents(id, OpIndex(0), view);
        Ok(())
    }
}
