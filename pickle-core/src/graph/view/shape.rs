//! Sets that are calls: below protocol 4 Python writes `set([...])` and `frozenset([...])`.

use pickle_registry::QualName;

use super::super::arena::{BatchKind, Cursor, Data, Form, Node, NodeId, Object, OpIndex};
use crate::compat;

/// A node, after the calls that stand in place of an opcode.
pub(crate) enum Shape {
    Node(Node),
    Set(Cursor),
    FrozenSet(Cursor),
}

pub(crate) fn shape(data: Data<'_>, id: NodeId, view: OpIndex) -> Shape {
    let node = data.arena.node(id);
    let Node::Object(index) = node else {
        return Shape::Node(node);
    };
    let object = data.arena.object(index);
    if object.form != Form::Reduce || !object.chain.is_empty() {
        return Shape::Node(node);
    }
    let name = callable_name(data, object);
    let collection = match name {
        Some(name) if compat::is(&name, &compat::SET) => Shape::Set,
        Some(name) if compat::is(&name, &compat::FROZENSET) => Shape::FrozenSet,
        _ => return Shape::Node(node),
    };
    let Node::Tuple { start, len, .. } = data.arena.node(object.args) else {
        return Shape::Node(node);
    };
    match len {
        0 => collection(Cursor::slots(0, 0)),
        1 => match data.arena.node(data.arena.slots[start as usize]) {
            Node::List(chain) => {
                let view = view.min(object.at);
                collection(Cursor::chain(chain, BatchKind::Items, view))
            }
            Node::Tuple { start, len, .. } => collection(Cursor::slots(start, len)),
            _ => Shape::Node(node),
        },
        _ => Shape::Node(node),
    }
}

/// The name of a node's type, if Python cannot hash it. Instances count as hashable: only their
/// class knows.
pub(crate) fn unhashable(data: Data<'_>, id: NodeId) -> Option<&'static str> {
    match data.arena.node(id) {
        Node::Tuple { hashable: true, .. } | Node::Buffer { hashable: true, .. } => None,
        node @ (Node::List(_)
        | Node::Dict(_)
        | Node::Set(_)
        | Node::ByteArray(_)
        | Node::Buffer { .. }
        | Node::Tuple { .. }) => Some(node.type_name()),
        Node::Object(_) => match shape(data, id, OpIndex::END) {
            Shape::Set(_) => Some("set"),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn callable_name<'a>(data: Data<'a>, object: &Object) -> Option<QualName<'a>> {
    match data.arena.node(object.callable) {
        Node::Global(index) => Some(data.name(index)),
        _ => None,
    }
}
