//! What follows the class of an instance: arguments, and attributes.

use std::borrow::Cow;

use pickle_registry::QualName;

use super::Pickler;
use super::classes::Keys;
use super::names::Name;
use super::object::Form;
use super::pairs::{Pairs, wrong_length};
use super::pointers::Slot;
use super::writer::MemoIndex;
use crate::class::{Class, VERSION};
use crate::error::{Error, Result, Segment};
use crate::opcode::Opcode;
use crate::reduce::Reduce;

/// Writes one instance; see [`Pickler::object`].
#[derive(Debug)]
pub struct ObjectWriter<'p, 'w> {
    pub(super) pickler: &'p mut Pickler<'w>,
    pub(super) form: Form,
    /// The class, if it is one that is part of the program, and its words.
    pub(super) class: Option<(&'static Class, Keys)>,
    /// The pointer that the instance is behind, until it has been created.
    pub(super) slot: Option<Slot>,
    /// Whether it needs a memo entry, and which that is.
    pub(super) referred: bool,
    index: Option<MemoIndex>,
    pub(super) args: usize,
    pub(super) args_left: usize,
    pub(super) kwargs: Pairs,
    pub(super) state: Pairs,
    pub(super) has_state: bool,
    /// Whether the instance is a part of a dict's key or a set's item.
    hashed: bool,
    /// Whether a field that is flattened in is being written.
    flattening: bool,
    /// Whether the state begins with a version.
    versioned: bool,
}

impl<'p, 'w> ObjectWriter<'p, 'w> {
    #[inline(always)]
    pub(super) fn new(pickler: &'p mut Pickler<'w>, form: Form, hashed: bool) -> Self {
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

    pub(super) fn args_written(&mut self) -> Result<()> {
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
        name: &'static Name,
        value: &T,
    ) -> Result<()> {
        self.check_name(name.text)?;
        self.state.before(self.pickler)?;
        self.pickler.key(keys, index, name)?;
        if let Err(error) = self.pickler.reduce(value) {
            return Err(error.within(Segment::Attribute(Cow::Borrowed(name.text))));
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
        name: &'static Name,
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
