//! Writing instances: their classes, and how each protocol makes them; and members of enums.

use pickle_registry::QualName;

use super::Pickler;
use super::classes::{Block, INSTANCE, Keys, MEMOIZED_INSTANCE};
use super::fields::ObjectWriter;
use super::memo::MemberKey;
use super::names::ClassName;
use super::pairs::Pairs;
use super::writer::{MemoIndex, Word};
use crate::class::{Class, MemberValue, Variant};
use crate::compat;
use crate::error::Result;
use crate::opcode::Opcode;

/// How an instance is made when it is loaded: the derive's `as = "..."`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// `cls(*args)`: REDUCE.
    Reduce,
    /// `cls.__new__(cls, *args)`: NEWOBJ.
    NewObj,
    /// `cls.__new__(cls, *args, **kwargs)`: NEWOBJ_EX.
    NewObjEx,
}

/// How a protocol writes a [`Creation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The class, its arguments, and the opcode.
    Opcode(Opcode),
    /// `copyreg._reconstructor(cls, object, None)`.
    Reconstructor,
    /// `copyreg.__newobj__(cls, *args)`.
    NewObjCall,
    /// `functools.partial(cls.__new__, cls, *args, **kwargs)()`.
    Partial,
    /// `functools.partial(function, *args, **kwargs)()`.
    PartialCall,
}

/// The longest that stands in front of the attributes of an instance without arguments: the class
/// by its index in the memo, four opcodes, and a MEMOIZE.
const INSTANCE_BYTES: usize = 10;

impl<'w> Pickler<'w> {
    /// Begins an instance of `class`. What must follow, in this order: `args` times
    /// [`arg`](ObjectWriter::arg), `kwargs` times [`kwarg`](ObjectWriter::kwarg),
    /// [`state`](ObjectWriter::state) if there is one with its fields,
    /// and [`end`](ObjectWriter::end). With keyword arguments, `creation` has to be
    /// [`Creation::NewObjEx`].
    ///
    /// # Errors
    ///
    /// If the sink fails, or the class's name cannot stand in the protocol.
    pub fn object(
        &mut self,
        class: &'static Class,
        creation: Creation,
        args: usize,
        kwargs: usize,
    ) -> Result<ObjectWriter<'_, 'w>> {
        let block = self.block(class);
        let form = self.form(creation, args, kwargs);
        let slot = self.begin()?;
        let hashed = std::mem::take(&mut self.hashed);
        if let Form::Opcode(_) = form {
            self.class(class, None, block)?;
            self.open_tuple(args)?;
        } else {
            self.open_call(form, &class.name, args)?;
        }
        let mut object = ObjectWriter::new(self, form, hashed);
        object.class = Some((class, Keys::of(block)));
        object.slot = slot;
        object.args = args;
        object.args_left = args;
        object.kwargs = Pairs::new(kwargs, object.pickler);
        if args == 0 {
            object.args_written()?;
        }
        Ok(object)
    }

    /// Begins an instance that has a state of `fields` attributes, and is made without arguments:
    /// [`object`](Pickler::object) and [`state`](ObjectWriter::state) in one.
    #[doc(hidden)]
    #[inline(always)]
    pub fn instance(
        &mut self,
        class: &'static Class,
        name: Option<&'static ClassName>,
        fields: usize,
    ) -> Result<ObjectWriter<'_, 'w>> {
        let block = self.block(class);
        let hashed = std::mem::take(&mut self.hashed);
        let prefix = self.instance_prefix(block, self.pending.is_some());
        if prefix.is_some() && fields > 1 && self.writer.is_plain(INSTANCE_BYTES) {
            self.writer.word(prefix);
            if let Some(slot) = self.pending.take() {
                self.was_put(slot)?;
            }
        } else {
            self.any_instance(class, name, block, fields)?;
        }
        let form = Form::Opcode(Opcode::NewObj);
        let mut object = ObjectWriter::new(self, form, hashed);
        object.class = Some((class, Keys::of(block)));
        object.state = Pairs::new(fields, object.pickler);
        object.has_state = fields > 0;
        Ok(object)
    }

    #[cold]
    #[inline(never)]
    fn any_instance(
        &mut self,
        class: &'static Class,
        name: Option<&'static ClassName>,
        block: Block,
        fields: usize,
    ) -> Result<()> {
        if fields == 0 || !self.writer.is_plain(1) {
            return self.object(class, Creation::NewObj, 0, 0)?.state(fields);
        }
        let slot = self.pending.take();
        self.class(class, name, block)?;
        if fields > 1 && self.writer.is_plain(INSTANCE_BYTES) {
            match slot {
                None => self.writer.ops(INSTANCE),
                Some(slot) => {
                    self.writer.ops(MEMOIZED_INSTANCE);
                    self.was_put(slot)?;
                }
            }
            return Ok(());
        }
        self.open_tuple(0)?;
        self.writer.ops([Opcode::EmptyTuple, Opcode::NewObj]);
        self.memoize(slot)?;
        self.writer.boundary()?;
        if fields == 1 {
            self.writer.op(Opcode::EmptyDict);
        } else {
            self.writer.ops([Opcode::EmptyDict, Opcode::Mark]);
        }
        Ok(())
    }

    /// Begins what a call makes, as a [`Reduction`](crate::Reduction) has it. With `referred`, it
    /// can be referred to while its state is written.
    pub(crate) fn call(
        &mut self,
        callable: &QualName<'_>,
        creation: Creation,
        (args, kwargs): (usize, usize),
        referred: bool,
    ) -> Result<ObjectWriter<'_, 'w>> {
        let form = match creation {
            Creation::Reduce if kwargs > 0 => Form::PartialCall,
            _ => self.form(creation, args, kwargs),
        };
        self.open_object(callable, form, (args, kwargs), referred)
    }

    fn open_object(
        &mut self,
        callable: &QualName<'_>,
        form: Form,
        (args, kwargs): (usize, usize),
        referred: bool,
    ) -> Result<ObjectWriter<'_, 'w>> {
        let slot = self.begin()?;
        // Whether an instance can be hashed is its class's business.
        let hashed = std::mem::take(&mut self.hashed);
        self.open_call(form, callable, args)?;
        let mut object = ObjectWriter::new(self, form, hashed);
        object.slot = slot;
        object.referred = referred;
        object.args = args;
        object.args_left = args;
        object.kwargs = Pairs::new(kwargs, object.pickler);
        if args == 0 {
            object.args_written()?;
        }
        Ok(object)
    }

    /// Begins a dict that holds a struct's fields: the derive's `as = "dict"`. The fields follow as
    /// those of a state, then [`end`](ObjectWriter::end).
    ///
    /// # Errors
    ///
    /// If the sink fails.
    #[inline]
    pub fn dict_object(&mut self, fields: usize) -> Result<ObjectWriter<'_, 'w>> {
        self.check_unhashed("dict")?;
        let slot = self.begin()?;
        self.new_dict();
        self.memoize(slot)?;
        let mut object = ObjectWriter::new(self, Form::Opcode(Opcode::EmptyDict), false);
        object.state = Pairs::new(fields, object.pickler);
        object.state.open(object.pickler);
        Ok(object)
    }

    /// Writes a member of a Python enum: `class(value)`. A member is a single object in Python:
    /// from its second time on it is referred to.
    ///
    /// # Errors
    ///
    /// If the sink fails, or the class's name cannot stand in the protocol.
    pub fn member(&mut self, class: &'static Class, value: MemberValue) -> Result<()> {
        self.find_or_write_member(class, value).map(drop)
    }

    /// The same, telling where the member can be found again, if its class is there by its name.
    fn find_or_write_member(
        &mut self,
        class: &'static Class,
        value: MemberValue,
    ) -> Result<Option<MemoIndex>> {
        let key = match value {
            MemberValue::Int(value) => MemberKey::Int(value),
            MemberValue::Str(value) => MemberKey::Str(value),
        };
        if let Some(class) = self.memo.global(&class.name)
            && let Some(member) = self.memo.member(class, key)
        {
            self.get(member)?;
            return Ok(Some(member));
        }
        let slot = self.begin()?;
        let class = self.find_or_write_static(&class.name)?;
        self.tuple(1, |p| match value {
            MemberValue::Int(value) => p.i128(value),
            MemberValue::Str(value) => p.str(value),
        })?;
        self.writer.op(Opcode::Reduce);
        let Some(class) = class else {
            self.memoize(slot)?;
            return Ok(None);
        };
        let member = self.put(slot)?;
        self.memo.add_member(class, key, member);
        Ok(Some(member))
    }

    /// The same for one of an enum's members, which are part of the program.
    #[doc(hidden)]
    #[inline]
    pub fn member_of(
        &mut self,
        class: &'static Class,
        members: &'static [Variant],
        index: usize,
    ) -> Result<()> {
        let address = std::ptr::from_ref(members).addr();
        let block = self.memo.classes.block(address, members.len());
        let word = self.memo.classes.word(block, index);
        if word.is_some() && self.is_plain(1) {
            self.writer.word(word);
            return Ok(());
        }
        self.any_member_of(class, members, index, block)
    }

    #[cold]
    fn any_member_of(
        &mut self,
        class: &'static Class,
        members: &'static [Variant],
        index: usize,
        block: Block,
    ) -> Result<()> {
        if let Some(member) = self.find_or_write_member(class, members[index].value)? {
            let word = Word::get(self.protocol, member);
            self.memo.classes.set_word(block, index, word);
        }
        Ok(())
    }

    pub(super) fn form(&self, creation: Creation, args: usize, kwargs: usize) -> Form {
        match creation {
            Creation::Reduce => Form::Opcode(Opcode::Reduce),
            Creation::NewObjEx if kwargs > 0 => {
                if self.protocol >= Opcode::NewObjEx.protocol() {
                    Form::Opcode(Opcode::NewObjEx)
                } else {
                    Form::Partial
                }
            }
            _ if self.protocol >= Opcode::NewObj.protocol() => Form::Opcode(Opcode::NewObj),
            _ if args == 0 => Form::Reconstructor,
            _ => Form::NewObjCall,
        }
    }

    /// Writes what stands in front of `args` arguments.
    pub(super) fn open_call(
        &mut self,
        form: Form,
        class: &QualName<'_>,
        args: usize,
    ) -> Result<()> {
        match form {
            Form::Opcode(_) => {
                self.global(class)?;
                self.open_tuple(args)
            }
            Form::Reconstructor => {
                self.global(&compat::RECONSTRUCTOR)?;
                self.open_tuple(3)?;
                self.global(class)?;
                self.global(&compat::OBJECT)?;
                self.none()
            }
            Form::NewObjCall => {
                self.global(&compat::NEWOBJ)?;
                self.open_tuple(args + 1)?;
                self.global(class)
            }
            Form::Partial => {
                let new = format!("{}.__new__", class.qualname());
                self.open_partial(&QualName::new(class.module(), &new))?;
                self.open_tuple(args + 1)?;
                self.global(class)
            }
            Form::PartialCall => {
                self.open_partial(class)?;
                self.open_tuple(args)
            }
        }
    }

    /// A partial object, made of the function alone, and the beginning of its state, which has
    /// the arguments.
    fn open_partial(&mut self, function: &QualName<'_>) -> Result<()> {
        self.global(&compat::PARTIAL)?;
        self.tuple(1, |p| p.global(function))?;
        self.writer.op(Opcode::Reduce);
        self.memoize(None)?;
        self.writer.op(Opcode::Mark);
        self.global(function)
    }

    /// Writes what stands between the arguments and the keyword arguments.
    pub(super) fn close_args(&mut self, form: Form, args: usize) -> Result<()> {
        let len = match form {
            Form::Opcode(_) | Form::PartialCall => args,
            Form::Reconstructor => 3,
            Form::NewObjCall | Form::Partial => args + 1,
        };
        self.close_tuple(len);
        if len > 0 {
            self.memoize(None)?;
        }
        Ok(())
    }

    /// Writes what stands behind all arguments.
    pub(super) fn close_call(&mut self, form: Form) -> Result<()> {
        match form {
            Form::Opcode(op) => self.writer.op(op),
            Form::Reconstructor | Form::NewObjCall => self.writer.op(Opcode::Reduce),
            Form::Partial | Form::PartialCall => {
                self.none()?;
                self.writer.op(Opcode::Tuple);
                self.memoize(None)?;
                self.writer.op(Opcode::Build);
                self.tuple(0, |_| Ok(()))?;
                self.writer.op(Opcode::Reduce);
            }
        }
        Ok(())
    }
}
