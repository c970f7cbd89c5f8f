//! Calls, which are nodes: instances however they are made, and the states that they are given.
//! What a call returns, and what its class makes of a state, is not known here.

use super::{Done, Operation};
use crate::graph::arena::{BatchKind, Chain, Form, Node, NodeId, Object};

impl Operation<'_, '_> {
    pub(super) fn reduce(&mut self) -> Done {
        let args = self.pop()?;
        let callable = self.pop()?;
        let node = self.called(callable, args)?;
        self.push(node);
        Ok(())
    }

    pub(super) fn new_obj(&mut self) -> Done {
        let args = self.pop()?;
        let class = self.pop()?;
        let node = self.new_object(Form::NewObj, class, args, None)?;
        self.push(node);
        Ok(())
    }

    pub(super) fn new_obj_ex(&mut self) -> Done {
        let kwargs = self.pop()?;
        let args = self.pop()?;
        let class = self.pop()?;
        let node = self.new_object(Form::NewObjEx, class, args, Some(kwargs))?;
        self.push(node);
        Ok(())
    }

    pub(super) fn inst(&mut self) -> Done {
        self.begin_name();
        let (module, qualname) = self.lines()?;
        let mark = self.mark()?;
        self.check_lines(&[module, qualname])?;
        if !module.is_ascii() || !qualname.is_ascii() {
            return Err(self.bad("a name that is not ASCII"));
        }
        let class = self.class_of_lines(module, qualname)?;
        let class = self.add(class);
        self.instance(class, mark)
    }

    pub(super) fn obj(&mut self) -> Done {
        let mark = self.mark()?;
        let Some(&class) = self.machine.stack.get(mark) else {
            return Err(self.underflow());
        };
        self.instance(class, mark + 1)?;
        let instance = self.pop()?;
        self.machine.stack.truncate(mark);
        self.machine.stack.push(instance);
        Ok(())
    }

    /// INST and OBJ: makes an instance of what is above `height`.
    fn instance(&mut self, class: NodeId, height: usize) -> Done {
        let Node::Global(_) = self.machine.arena.node(class) else {
            return Err(self.bad_operand("a class", class));
        };
        let args = self.tuple_from(height);
        let args = self.add(args);
        let node = self.call(Form::Inst, class, args, None);
        self.push(node);
        Ok(())
    }

    pub(super) fn call(
        &mut self,
        form: Form,
        callable: NodeId,
        args: NodeId,
        kwargs: Option<NodeId>,
    ) -> Node {
        let at = self.machine.now;
        self.machine.last_call = at;
        let index = u32::try_from(self.machine.arena.objects.len()).unwrap_or(u32::MAX);
        let object = Object {
            form,
            callable,
            args,
            kwargs,
            at,
            chain: Chain::EMPTY,
        };
        self.machine.arena.objects.push(object);
        Node::Object(index)
    }

    pub(super) fn check_args(&self, args: NodeId) -> Done {
        match self.machine.arena.node(args) {
            Node::Tuple { .. } => Ok(()),
            _ => Err(self.bad_operand("a tuple of arguments", args)),
        }
    }

    pub(super) fn new_object(
        &mut self,
        form: Form,
        class: NodeId,
        args: NodeId,
        kwargs: Option<NodeId>,
    ) -> Done<Node> {
        self.check_args(args)?;
        if let Some(kwargs) = kwargs
            && !matches!(self.machine.arena.node(kwargs), Node::Dict(_))
        {
            return Err(self.bad_operand("a dict of keyword arguments", kwargs));
        }
        match self.machine.arena.node(class) {
            Node::Global(_) => Ok(self.call(form, class, args, kwargs)),
            _ => Err(self.bad_operand("a class", class)),
        }
    }

    pub(super) fn build(&mut self) -> Done {
        let height = self.height_below(1)?;
        let target = self.target(height)?;
        let state = self.top()?;
        match self.machine.arena.node(target) {
            Node::Object(_) => self.extend_node(target, BatchKind::State, height),
            _ if matches!(self.machine.arena.node(state), Node::None) => {
                self.pop()?;
            }
            _ => return Err(self.bad_operand("an instance", target)),
        }
        Ok(())
    }

    /// A call that is discarded right behind its first argument sets the state of that: the sixth
    /// element of a reduction.
    pub(super) fn note_setter(&mut self, discarded: NodeId) {
        let Ok(target) = self.top() else { return };
        let arena = &self.machine.arena;
        let Node::Object(index) = arena.node(discarded) else {
            return;
        };
        let Object {
            form: Form::Reduce,
            callable,
            args,
            chain,
            ..
        } = *arena.object(index)
        else {
            return;
        };
        let Node::Tuple { start, len, .. } = arena.node(args) else {
            return;
        };
        let [instance, state] = *arena.slots_of(start, len) else {
            return;
        };
        if instance == target && chain.is_empty() && matches!(arena.node(target), Node::Object(_)) {
            let height = self.machine.stack.len();
            self.machine.stack.extend([callable, state]);
            self.extend_node(target, BatchKind::Setter, height);
        }
    }
}
