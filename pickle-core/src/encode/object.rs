//! Writing instances: class, arguments, and state.

use std::borrow::Cow;

use pickle_registry::QualName;

use super::Pickler;
use super::classes::{Block, INSTANCE, Keys};
use super::container::{BATCH, Batching};
use super::memo::{MemberKey, Slot};
use super::writer::{MemoIndex, Word};
use crate::class::{Class, MemberValue, VERSION, Variant};
use crate::compat;
use crate::error::{Error, ErrorKind, Result, Segment};
use crate::opcode::Opcode;
use crate::reduce::Reduce;

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
/// by its index in the memo, and four opcodes.
const INSTANCE_BYTES: usize = 9;

/// Writes one instance; see [`Pickler::object`].
#[derive(Debug)]
pub struct ObjectWriter<'p, 'w> {
    pickler: &'p mut Pickler<'w>,
    form: Form,
    /// The class, if it is one that is part of the program, and its words.
    class: Option<(&'static Class, Keys)>,
    /// The pointer that the instance is behind, until it has been created.
    slot: Option<Slot>,
    /// Whether it needs a memo entry, and which that is.
    referred: bool,
    index: Option<MemoIndex>,
    args: usize,
    args_left: usize,
    kwargs: Pairs,
    state: Pairs,
    has_state: bool,
    /// Whether the instance is a part of a dict's key or a set's item.
    hashed: bool,
    /// Whether a field that is flattened in is being written.
    flattening: bool,
    /// Whether the state begins with a version.
    versioned: bool,
}

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
            self.class(class, block)?;
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
        fields: usize,
    ) -> Result<ObjectWriter<'_, 'w>> {
        let block = self.block(class);
        let hashed = std::mem::take(&mut self.hashed);
        let prefix = self.instance_prefix(block);
        if prefix.is_some() && fields > 1 && self.is_plain(INSTANCE_BYTES) {
            self.writer.word(prefix);
        } else {
            self.any_instance(class, block, fields)?;
        }
        let form = Form::Opcode(Opcode::NewObj);
        let mut object = ObjectWriter::new(self, form, hashed);
        object.class = Some((class, Keys::of(block)));
        object.state = Pairs::new(fields, object.pickler);
        object.has_state = fields > 0;
        Ok(object)
    }

    #[inline(never)]
    fn any_instance(&mut self, class: &'static Class, block: Block, fields: usize) -> Result<()> {
        if fields < 2 || !self.writer.is_plain(1) {
            return self.object(class, Creation::NewObj, 0, 0)?.state(fields);
        }
        let slot = self.pending.take();
        self.class(class, block)?;
        if slot.is_none() && self.writer.is_plain(INSTANCE_BYTES) {
            self.writer.ops(INSTANCE);
            return Ok(());
        }
        self.open_tuple(0)?;
        self.writer.ops([Opcode::EmptyTuple, Opcode::NewObj]);
        self.memoize(slot)?;
        self.writer.boundary()?;
        self.writer.ops([Opcode::EmptyDict, Opcode::Mark]);
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

impl<'p, 'w> ObjectWriter<'p, 'w> {
    #[inline(always)]
    fn new(pickler: &'p mut Pickler<'w>, form: Form, hashed: bool) -> Self {
        Self {
            pickler,
            form,
            class: None,
            slot: None,
            referred: false,
            index: None,
            args: 0,
            args_left: 0,
            kwargs: Pairs::NONE,
            state: Pairs::NONE,
            has_state: false,
            hashed,
            flattening: false,
            versioned: false,
        }
    }
}

impl ObjectWriter<'_, '_> {
    /// Writes the next positional argument; `name` is for an error's path.
    ///
    /// # Errors
    ///
    /// As [`Pickler::save`]; this and the other methods also if there are more or fewer
    /// arguments or fields than were announced.
    #[inline]
    pub fn arg<T: Reduce + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.argument(Segment::Attribute(Cow::Borrowed(name)), value)
    }

    /// The same, whatever its error's path says.
    #[inline]
    pub(crate) fn argument<T: Reduce + ?Sized>(
        &mut self,
        segment: Segment,
        value: &T,
    ) -> Result<()> {
        let Some(left) = self.args_left.checked_sub(1) else {
            return Err(wrong_length(self.args, self.args + 1));
        };
        self.pickler
            .save(value)
            .map_err(|error| error.within(segment))?;
        self.args_left = left;
        if left == 0 {
            self.args_written()?;
        }
        Ok(())
    }

    fn args_written(&mut self) -> Result<()> {
        self.pickler.close_args(self.form, self.args)?;
        if self.kwargs.len == 0 {
            return self.created();
        }
        self.pickler.begin()?;
        self.pickler.new_dict();
        self.pickler.memoize(None)?;
        self.kwargs.open(self.pickler);
        Ok(())
    }

    /// Writes the next keyword argument.
    ///
    /// # Errors
    ///
    /// As [`arg`](ObjectWriter::arg).
    pub fn kwarg<T: Reduce + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.kwargs.before(self.pickler)?;
        self.pickler.name(name)?;
        self.save(name, value)?;
        self.kwargs.after(self.pickler);
        if self.kwargs.written == self.kwargs.len {
            self.kwargs.close(self.pickler);
            self.created()?;
        }
        Ok(())
    }

    fn created(&mut self) -> Result<()> {
        self.pickler.close_call(self.form)?;
        if self.referred {
            self.index = Some(self.pickler.put(self.slot.take())?);
            return Ok(());
        }
        self.pickler.memoize(self.slot.take())
    }

    /// Adds to the object what `add` writes: list items, dict items.
    pub(crate) fn add(&mut self, add: impl FnOnce(&mut Pickler<'_>) -> Result<()>) -> Result<()> {
        add(self.pickler)
    }

    /// Writes the state, of whatever type it is, and gives it to the object.
    pub(crate) fn whole_state(&mut self, state: &dyn Reduce) -> Result<()> {
        self.pickler.save(state)?;
        self.pickler.writer.op(Opcode::Build);
        Ok(())
    }

    /// Writes a call of `setter` with the object, which has to be referred to, and a state.
    pub(crate) fn set_state(&mut self, setter: &QualName<'_>, state: &dyn Reduce) -> Result<()> {
        let index = self.index.expect("the object was begun as `referred`");
        self.pickler.global(setter)?;
        self.pickler.get(index)?;
        self.pickler.save(state)?;
        self.pickler.writer.op(Opcode::Tuple2);
        self.pickler.writer.op(Opcode::Reduce);
        self.pickler.writer.op(Opcode::Pop);
        Ok(())
    }

    /// Begins the state: a dict of exactly `fields` attributes. No state is written for 0.
    ///
    /// # Errors
    ///
    /// As [`arg`](ObjectWriter::arg).
    pub fn state(&mut self, fields: usize) -> Result<()> {
        self.state = Pairs::new(fields, self.pickler);
        if fields == 0 {
            return Ok(());
        }
        self.has_state = true;
        self.pickler.begin()?;
        self.pickler.new_dict();
        self.pickler.memoize(None)?;
        self.state.open(self.pickler);
        Ok(())
    }

    /// The words of `class`, whose attributes are written next: of the instance's own, or of one
    /// that is flattened into it.
    #[doc(hidden)]
    #[inline(always)]
    pub fn keys(&mut self, class: &'static Class) -> Keys {
        match self.class {
            Some((own, keys)) if std::ptr::eq(own, class) => keys,
            _ => Keys::of(self.pickler.block(class)),
        }
    }

    /// The same as [`field`](ObjectWriter::field), for the `index`th attribute of a class.
    #[doc(hidden)]
    #[inline(always)]
    pub fn field_of<T: Reduce + ?Sized>(
        &mut self,
        keys: Keys,
        index: usize,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.check_name(name)?;
        self.state.before(self.pickler)?;
        self.pickler.key(keys, index, name)?;
        if let Err(error) = self.pickler.reduce(value) {
            return Err(error.within(Segment::Attribute(Cow::Borrowed(name))));
        }
        self.state.after(self.pickler);
        Ok(())
    }

    /// The same as [`late`](ObjectWriter::late), for the `index`th attribute of a class.
    #[doc(hidden)]
    #[inline]
    pub fn late_of<T: Reduce + ?Sized>(
        &mut self,
        keys: Keys,
        index: usize,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        let depth = u32::from(!self.flattening);
        self.pickler.late_depth += depth;
        self.field_of(keys, index, name, value)?;
        self.pickler.late_depth -= depth;
        Ok(())
    }

    /// Writes the next attribute of the state.
    ///
    /// # Errors
    ///
    /// As [`arg`](ObjectWriter::arg).
    pub fn field<T: Reduce + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.check_name(name)?;
        self.state.before(self.pickler)?;
        self.pickler.name(name)?;
        self.save(name, value)?;
        self.state.after(self.pickler);
        Ok(())
    }

    /// Writes the version of the object's shape, as the next attribute of the state, the one named
    /// `__version__`.
    ///
    /// # Errors
    ///
    /// As [`arg`](ObjectWriter::arg).
    pub fn version(&mut self, version: u64) -> Result<()> {
        self.field(VERSION, &version)?;
        self.versioned = true;
        Ok(())
    }

    /// The version is no attribute that a field which is flattened in could have.
    #[inline(always)]
    fn check_name(&self, name: &str) -> Result<()> {
        if self.versioned && name == VERSION {
            let message = format!("the attribute `{VERSION}` is the object's version");
            return Err(Error::custom(message));
        }
        Ok(())
    }

    /// Writes the next attribute of the state, one that a load fills in after the object exists:
    /// only through such fields may an object contain itself. In a field that is flattened in, it
    /// is an attribute like any other: a load knows it only as a part of that field.
    ///
    /// # Errors
    ///
    /// As [`arg`](ObjectWriter::arg).
    pub fn late<T: Reduce + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        if self.flattening {
            return self.field(name, value);
        }
        self.pickler.late_depth += 1;
        self.field(name, value)?;
        self.pickler.late_depth -= 1;
        Ok(())
    }

    /// Writes the next attribute of the state, whose name is known only now: of a flattened map.
    ///
    /// # Errors
    ///
    /// As [`arg`](ObjectWriter::arg).
    pub fn entry<T: Reduce + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.check_name(name)?;
        self.state.before(self.pickler)?;
        self.pickler.interned(name)?;
        self.pickler
            .save(value)
            .map_err(|error| error.within(Segment::Attribute(name.to_owned().into())))?;
        self.state.after(self.pickler);
        Ok(())
    }

    /// Writes the attributes of a field that is flattened in.
    ///
    /// # Errors
    ///
    /// As [`arg`](ObjectWriter::arg).
    pub fn flattened<T: FlattenReduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        let outer = std::mem::replace(&mut self.flattening, true);
        value.reduce_flat(self)?;
        self.flattening = outer;
        Ok(())
    }

    /// Ends the instance.
    ///
    /// # Errors
    ///
    /// If arguments or fields are missing.
    #[inline(always)]
    pub fn end(self) -> Result<()> {
        if self.args_left > 0 {
            return Err(wrong_length(self.args, self.args - self.args_left));
        }
        self.kwargs.end()?;
        self.state.end()?;
        if self.has_state {
            self.state.build(self.pickler);
        } else {
            self.state.close(self.pickler);
        }
        self.pickler.hashed = self.hashed;
        Ok(())
    }

    #[inline]
    fn save<T: Reduce + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.pickler
            .save(value)
            .map_err(|error| error.within(Segment::Attribute(Cow::Borrowed(name))))
    }
}

/// A dict's entries as they are written, when their number is known ahead.
#[derive(Debug)]
struct Pairs {
    len: usize,
    written: usize,
    /// The opcode that adds each entry by itself, if one does.
    singly: Option<Opcode>,
}

impl Pairs {
    const NONE: Self = Self {
        len: 0,
        written: 0,
        singly: None,
    };

    #[inline(always)]
    fn new(len: usize, p: &Pickler<'_>) -> Self {
        Self {
            len,
            written: 0,
            singly: Batching::DICT.singly(len == 1, p.binary()),
        }
    }

    /// What stands in front of the entries.
    #[inline(always)]
    fn open(&self, p: &mut Pickler<'_>) {
        if self.len > 0 && self.singly.is_none() {
            p.writer.op(Opcode::Mark);
        }
    }

    /// What stands in front of an entry.
    #[inline(always)]
    fn before(&mut self, p: &mut Pickler<'_>) -> Result<()> {
        if self.written == self.len {
            return Err(wrong_length(self.len, self.len + 1));
        }
        let full = self.written > 0 && self.written.is_multiple_of(BATCH);
        if full && self.singly.is_none() {
            p.writer.ops([Batching::DICT.many, Opcode::Mark]);
        }
        Ok(())
    }

    /// What stands behind it.
    #[inline(always)]
    fn after(&mut self, p: &mut Pickler<'_>) {
        self.written += 1;
        if let Some(op) = self.singly {
            p.writer.op(op);
        }
    }

    /// What stands behind the entries.
    #[inline(always)]
    fn close(&self, p: &mut Pickler<'_>) {
        if self.len > 0 && self.singly.is_none() {
            p.writer.op(Batching::DICT.many);
            if self.len.is_multiple_of(BATCH) && Batching::DICT.after_full {
                p.writer.ops([Opcode::Mark, Batching::DICT.many]);
            }
        }
    }

    /// The same for the entries of a state, which is then given to its object.
    #[inline(always)]
    fn build(&self, p: &mut Pickler<'_>) {
        if self.singly.is_none() && !self.len.is_multiple_of(BATCH) {
            p.writer.ops([Batching::DICT.many, Opcode::Build]);
        } else {
            self.close(p);
            p.writer.op(Opcode::Build);
        }
    }

    #[inline(always)]
    fn end(&self) -> Result<()> {
        if self.written < self.len {
            return Err(wrong_length(self.len, self.written));
        }
        Ok(())
    }
}

#[cold]
fn wrong_length(expected: usize, found: usize) -> Error {
    ErrorKind::WrongLength { expected, found }.into()
}

/// A type whose attributes can stand among another's, when dumping: the type of a
/// `#[reduce(flatten)]` field.
///
/// The derive implements it for structs with named fields; maps with string keys have an
/// attribute for each entry.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no attributes that could be flattened into others",
    label = "`FlattenReduce` is not implemented for `{Self}`",
    note = "only structs with named fields that derive `Reduce`, `Option`s of them, and maps have"
)]
pub trait FlattenReduce {
    /// How many attributes it has.
    fn attributes(&self) -> usize;

    /// Writes its attributes with [`ObjectWriter::field`] or [`ObjectWriter::entry`].
    ///
    /// # Errors
    ///
    /// As [`Reduce::reduce`].
    fn reduce_flat(&self, object: &mut ObjectWriter<'_, '_>) -> Result<()>;
}
