//! REDUCE, and the calls that stand for an opcode which lower protocols lack.
//!
//! Python writes a nested class below protocol 4 as a call of `getattr`, keyword construction as
//! one of `functools.partial`, bytes as one of `_codecs.encode`. These are not calls that
//! anybody wants to see: the machine makes of each the node that it stands for.

use std::collections::HashMap;

use pickle_registry::QualName;

use super::super::python2::to_latin1;
use super::{Done, Operation};
use crate::compat;
use crate::graph::arena::{
    AttributeOf, BatchKind, Chain, Form, Node, NodeId, Object, OpIndex, Span,
};

/// What folding has made so far, so that the same call repeated makes nothing new.
#[derive(Debug, Default)]
pub(super) struct Folded {
    latin1: HashMap<Span, Span>,
    /// How many bytes of nested names and joined arguments.
    made: usize,
}

/// How many bytes of nested names and joined arguments may be made of an input, beside four times
/// its length: honest ones make less than one time. Beyond, calls stay what they are.
const MADE: usize = 64 << 10;

/// Is given the global that is called, and its arguments.
type Fold = fn(&mut Operation<'_, '_>, u32, NodeId) -> Option<Node>;

/// Whose calls are seen through, and how. `functools.partial` is one step further.
static FOLDS: [(QualName<'_>, Fold); 6] = [
    (compat::GETATTR, |op, getattr, args| {
        op.fold_getattr(getattr, args)
    }),
    (compat::ENCODE, |op, _, args| op.fold_encode(args)),
    (compat::BYTES, |op, _, args| op.fold_bytes(args)),
    (compat::BYTEARRAY, |op, _, args| op.fold_bytearray(args)),
    (compat::NEWOBJ, |op, _, args| op.fold_newobj(args)),
    (compat::NEWOBJ_EX, |op, _, args| op.fold_newobj_ex(args)),
];

impl Operation<'_, '_> {
    /// What a call of `callable` makes.
    pub(super) fn called(&mut self, callable: NodeId, args: NodeId) -> Done<Node> {
        self.check_args(args)?;
        match self.machine.arena.node(callable) {
            Node::Global(index) => {
                let name = self.data().name(index);
                let fold = FOLDS.iter().find(|(known, _)| compat::is(&name, known));
                let folded = fold.and_then(|(_, fold)| fold(self, index, args));
                Ok(folded.unwrap_or_else(|| self.call(Form::Reduce, callable, args, None)))
            }
            Node::Object(index) => {
                let folded = self.fold_partial(index, args)?;
                folded.ok_or_else(|| self.bad_operand("a callable's name", callable))
            }
            _ => Err(self.bad_operand("a callable's name", callable)),
        }
    }

    /// The items of a tuple, if there are `N`.
    fn items<const N: usize>(&self, tuple: NodeId) -> Option<[NodeId; N]> {
        self.all_items(tuple)?.try_into().ok()
    }

    fn all_items(&self, tuple: NodeId) -> Option<&[NodeId]> {
        let arena = &self.machine.arena;
        let Node::Tuple { start, len, .. } = arena.node(tuple) else {
            return None;
        };
        Some(arena.slots_of(start, len))
    }

    fn node(&self, id: NodeId) -> Node {
        self.machine.arena.node(id)
    }

    /// `getattr(Outer, 'Inner')` is the global `Outer.Inner`.
    fn fold_getattr(&mut self, getattr: u32, args: NodeId) -> Option<Node> {
        let [object, attribute] = self.items(args)?;
        let (Node::Global(object), Node::Str(span)) = (self.node(object), self.node(attribute))
        else {
            return None;
        };
        let name = self.data().name(object);
        let len = name.module().len() + name.qualname().len() + span.len() + 1;
        self.afford(len)?;
        let name = self.data().name(object);
        let module = name.module().to_owned();
        let qualname = format!("{}.{}", name.qualname(), self.data().text(span));
        // CPython 3.13 memoizes the arguments of a method's call, but not those of a nested class's.
        let is_attribute = self.machine.protocol >= 4 || self.machine.just_memoized();
        let attribute_of = is_attribute.then_some(AttributeOf { object, getattr });
        Some(self.global_of(QualName::owned(module, qualname), attribute_of))
    }

    fn afford(&mut self, bytes: usize) -> Option<()> {
        let made = self.machine.folded.made.saturating_add(bytes);
        let affordable = made <= MADE.saturating_add(self.input.len().saturating_mul(4));
        affordable.then(|| self.machine.folded.made = made)
    }

    /// `_codecs.encode(text, 'latin1')` is bytes.
    fn fold_encode(&mut self, args: NodeId) -> Option<Node> {
        let [text, encoding] = self.items(args)?;
        self.latin1(text, encoding).map(Node::Bytes)
    }

    fn latin1(&mut self, text: NodeId, encoding: NodeId) -> Option<Span> {
        let (Node::Str(text), Node::Str(encoding)) = (self.node(text), self.node(encoding)) else {
            return None;
        };
        if !matches!(self.data().text(encoding), "latin1" | "latin-1") {
            return None;
        }
        if let Some(span) = self.machine.folded.latin1.get(&text) {
            return Some(*span);
        }
        let bytes = to_latin1(self.data().text(text))?;
        let span = if bytes.is_ascii() {
            text
        } else {
            self.make(&bytes)
        };
        self.machine.folded.latin1.insert(text, span);
        Some(span)
    }

    /// `bytes()` is empty.
    fn fold_bytes(&mut self, args: NodeId) -> Option<Node> {
        let [] = self.items(args)?;
        Some(Node::Bytes(Span::new(0, 0)))
    }

    /// `bytearray()`, `bytearray(bytes)` and, as Python 2 has it, `bytearray(text, 'latin-1')`.
    fn fold_bytearray(&mut self, args: NodeId) -> Option<Node> {
        match *self.all_items(args)? {
            [] => Some(Node::ByteArray(Span::new(0, 0))),
            [bytes] => match self.node(bytes) {
                Node::Bytes(span) => Some(Node::ByteArray(span)),
                _ => None,
            },
            [text, encoding] => self.latin1(text, encoding).map(Node::ByteArray),
            _ => None,
        }
    }

    /// `copyreg.__newobj__(cls, *args)` is NEWOBJ.
    fn fold_newobj(&mut self, args: NodeId) -> Option<Node> {
        let (class, args) = self.split_class(args)?;
        Some(self.call(Form::NewObj, class, args, None))
    }

    /// `copyreg.__newobj_ex__(cls, args, kwargs)` is NEWOBJ_EX.
    fn fold_newobj_ex(&mut self, args: NodeId) -> Option<Node> {
        let [class, args, kwargs] = self.items(args)?;
        self.new_object(Form::NewObjEx, class, args, Some(kwargs))
            .ok()
    }

    /// `functools.partial(function, *args, **kwargs)(*more)` is a call with keyword arguments, and
    /// if the function is `cls.__new__`, NEWOBJ_EX. The partial is made of its function alone and
    /// then given function, arguments, keywords and attributes as its state.
    fn fold_partial(&mut self, partial: u32, more: NodeId) -> Done<Option<Node>> {
        let object = *self.machine.arena.object(partial);
        let Some((function, args, kwargs)) = self.partial(&object) else {
            return Ok(None);
        };
        let Node::Global(name) = self.node(function) else {
            return Ok(None);
        };
        let kwargs = match self.node(kwargs) {
            Node::None => None,
            Node::Dict(_) => Some(kwargs),
            _ => return Ok(None),
        };
        let Some(args) = self.joined(args, more) else {
            return Ok(None);
        };
        if self.data().name(name).qualname().ends_with(".__new__")
            && let Some((class, args)) = self.split_class(args)
        {
            let form = if kwargs.is_some() {
                Form::NewObjEx
            } else {
                Form::NewObj
            };
            return self.new_object(form, class, args, kwargs).map(Some);
        }
        Ok(Some(self.call(Form::Reduce, function, args, kwargs)))
    }

    /// Function, arguments and keywords of a partial object.
    fn partial(&self, object: &Object) -> Option<(NodeId, NodeId, NodeId)> {
        let Node::Global(name) = self.node(object.callable) else {
            return None;
        };
        if object.form != Form::Reduce || !compat::is(&self.data().name(name), &compat::PARTIAL) {
            return None;
        }
        let [function, args, kwargs, _] = self.items(self.only_state(object.chain)?)?;
        Some((function, args, kwargs))
    }

    /// The items of two tuples as one tuple.
    fn joined(&mut self, first: NodeId, second: NodeId) -> Option<NodeId> {
        let (one, other) = (self.all_items(first)?, self.all_items(second)?);
        if other.is_empty() {
            return Some(first);
        }
        let items = [one, other].concat();
        self.afford(items.len().saturating_mul(size_of::<NodeId>()))?;
        let start = u32::try_from(self.machine.arena.slots.len()).ok()?;
        let len = u32::try_from(items.len()).ok()?;
        self.machine.arena.slots.extend(items);
        // Arguments are never hashed.
        Some(self.add(Node::Tuple {
            start,
            len,
            hashable: false,
        }))
    }

    fn only_state(&self, chain: Chain) -> Option<NodeId> {
        let mut batches = self.machine.arena.batches(chain, OpIndex::END);
        let (batch, None) = (batches.next()?, batches.next()) else {
            return None;
        };
        if batch.kind != BatchKind::State {
            return None;
        }
        self.machine
            .arena
            .slots_of(batch.start, batch.len)
            .first()
            .copied()
    }

    /// The class in front of its arguments: a tuple's first item, and a tuple of the others.
    fn split_class(&mut self, tuple: NodeId) -> Option<(NodeId, NodeId)> {
        let Node::Tuple {
            start,
            len,
            hashable,
        } = self.node(tuple)
        else {
            return None;
        };
        let class = *self.all_items(tuple)?.first()?;
        let Node::Global(_) = self.node(class) else {
            return None;
        };
        let rest = Node::Tuple {
            start: start + 1,
            len: len - 1,
            hashable,
        };
        Some((class, self.add(rest)))
    }
}
