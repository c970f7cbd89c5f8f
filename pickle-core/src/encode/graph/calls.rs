//! Instances and whatever else a call made: the opcodes of the call, and its arguments. What is
//! added to the result, it does not know.

use pickle_registry::QualName;

use super::super::object::Form as CallForm;
use super::fill::Fill;
use super::{Creator, Dump, Task};
use crate::compat;
use crate::error::Result;
use crate::graph::arena::{Cursor, Form, Node, NodeId, Object, OpIndex};
use crate::opcode::Opcode;

impl<'g> Dump<'_, '_, 'g> {
    pub(super) fn save_object(&mut self, id: NodeId, index: u32, view: OpIndex) -> Result<()> {
        let object = *self.data.arena.object(index);
        let outer = self.begin_creation(id)?;
        if let Some((callable, list)) = self.recursive_set(id, &object) {
            return self.save_as_call(id, list, &callable, OpIndex::END, outer);
        }
        let Node::Global(class) = self.data.arena.node(object.callable) else {
            return Err(self.pickler.unpicklable("a call of what is no global"));
        };
        let Node::Tuple { start, len, .. } = self.data.arena.node(object.args) else {
            let what = "a call without a tuple of arguments";
            return Err(self.pickler.unpicklable(what));
        };
        let args = Cursor::slots(start, len);
        let len = len as usize;
        let call_view = view.min(object.at);
        self.pickler.begin()?;
        self.tasks.push(Task::Contents(id, view));
        if object.form == Form::Inst && self.can_be_inst(class) {
            self.save_inst(id, object.callable, class, args, call_view, outer);
            return Ok(());
        }
        let form = self.call_form(&object, len);
        self.tasks
            .push(Task::Create(id, Creator::Call(form), outer));
        self.tasks.push(Task::CatchUp(call_view));
        if let Some(kwargs) = object.kwargs
            && takes_kwargs(form)
        {
            self.note_state(kwargs);
            self.tasks.push(Task::Save(kwargs, call_view));
        }
        if let CallForm::Opcode(_) = form {
            self.then([
                Task::Save(object.callable, call_view),
                Task::Save(object.args, call_view),
            ]);
            return Ok(());
        }
        self.pickler.open_call(form, &self.data.name(class), len)?;
        self.then([Task::Items(args, call_view), Task::CloseArgs(form, len)]);
        Ok(())
    }

    /// How an object with `len` arguments is called, unless by INST or OBJ.
    fn call_form(&self, object: &Object, len: usize) -> CallForm {
        match (object.form, object.kwargs) {
            (Form::Inst, _) if len == 0 => CallForm::NewObjCall,
            (Form::Inst, _) | (Form::Reduce, None) => CallForm::Opcode(Opcode::Reduce),
            (Form::Reduce, Some(_)) => CallForm::PartialCall,
            (Form::NewObjEx, Some(_)) if self.pickler.protocol >= Opcode::NewObjEx.protocol() => {
                CallForm::Opcode(Opcode::NewObjEx)
            }
            (Form::NewObjEx, Some(kwargs)) if !self.data.arena.chain(kwargs).is_empty() => {
                CallForm::Partial
            }
            (Form::NewObj | Form::NewObjEx, _) => self.new_obj(),
        }
    }

    /// Below protocol 2, `copyreg.__newobj__`: `_reconstructor` would have to be told the built-in
    /// class that the instance is one of.
    fn new_obj(&self) -> CallForm {
        if self.pickler.protocol >= Opcode::NewObj.protocol() {
            CallForm::Opcode(Opcode::NewObj)
        } else {
            CallForm::NewObjCall
        }
    }

    /// A line cannot hold a nested name.
    fn can_be_inst(&self, class: u32) -> bool {
        self.pickler.binary() || !self.data.name(class).qualname().contains('.')
    }

    /// What INST and OBJ make stays what it is, in Python 2 an instance of an old-style class.
    fn save_inst(
        &mut self,
        id: NodeId,
        callable: NodeId,
        class: u32,
        args: Cursor,
        call_view: OpIndex,
        outer: Option<usize>,
    ) {
        self.pickler.writer.op(Opcode::Mark);
        let creator = if self.pickler.binary() {
            Creator::Call(CallForm::Opcode(Opcode::Obj))
        } else {
            Creator::Inst(class)
        };
        self.then([
            Task::Items(args, call_view),
            Task::CatchUp(call_view),
            Task::Create(id, creator, outer),
        ]);
        if self.pickler.binary() {
            self.tasks.push(Task::Save(callable, call_view));
        }
    }

    /// `set([...])` or `frozenset([...])` of the items of a node.
    pub(super) fn save_as_call(
        &mut self,
        id: NodeId,
        items: NodeId,
        callable: &QualName<'static>,
        view: OpIndex,
        outer: Option<usize>,
    ) -> Result<()> {
        let p = &mut *self.pickler;
        p.begin()?;
        p.global(callable)?;
        p.open_tuple(1)?;
        p.new_list();
        p.memoize(None)?;
        let call = CallForm::Opcode(Opcode::Reduce);
        let arena = self.data.arena;
        let items = Fill::new(arena, items, OpIndex(0), view).into_list(arena);
        self.then([
            Task::Fill(Box::new(items)),
            Task::CloseArgs(call, 1),
            Task::Create(id, Creator::Call(call), outer),
        ]);
        Ok(())
    }

    /// The list of `set([...])` or `frozenset([...])`, where that contains itself: Python makes a
    /// list anew each time that it meets the set.
    fn recursive_set(&self, id: NodeId, object: &Object) -> Option<(QualName<'static>, NodeId)> {
        let arena = self.data.arena;
        let (Node::Global(name), Node::Tuple { start, len, .. }) =
            (arena.node(object.callable), arena.node(object.args))
        else {
            return None;
        };
        let name = self.data.name(name);
        let known = [compat::SET, compat::FROZENSET];
        let callable = known.into_iter().find(|known| compat::is(&name, known))?;
        let [list] = *arena.slots_of(start, len) else {
            return None;
        };
        let recursive = self.pickler.protocol < Opcode::EmptySet.protocol()
            && self.survey.is_cyclic(id)
            && object.chain.is_empty()
            && matches!(arena.node(list), Node::List(_))
            && self.survey.changed_until(list) <= object.at;
        recursive.then_some((callable, list))
    }
}

fn takes_kwargs(form: CallForm) -> bool {
    matches!(
        form,
        CallForm::Partial | CallForm::PartialCall | CallForm::Opcode(Opcode::NewObjEx)
    )
}
