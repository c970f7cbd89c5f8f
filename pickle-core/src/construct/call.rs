//! Instances that a registered function makes: which function, with which arguments, and what is
//! added to its result afterwards.

use std::any::type_name;

use pickle_registry::{QualName, RustType};

use super::Decoder;
use super::decoder::Place;
use super::sequence::Map;
use crate::class::{self, Class, LinkedFunction, Target, registry};
use crate::error::{Error, ErrorKind, Result, Segment};
use crate::graph::arena::{Batch, BatchKind, Cursor, Form, Node, NodeId};
use crate::graph::{Object, View};

/// What a type with a reducer by hand, or a `setstate`, is made of beside the function that a
/// pickle calls. For the derive.
pub struct Custom<T> {
    /// The type's class.
    pub class: Option<&'static Class>,
    /// The class called without arguments, or its `__new__`, if there is no constructor.
    pub new: Option<fn() -> T>,
    /// Takes a state.
    pub setstate: Option<fn(&mut T, &mut Decoder<'_>) -> Result<()>>,
    /// Takes a list item.
    pub append: Option<fn(&mut T, &mut Decoder<'_>) -> Result<()>>,
    /// Takes the next dict item, and tells if there was one.
    pub setitem: Option<SetItem<T>>,
}

/// Sets one of the items of a map, the next one.
pub(super) type SetItem<T> = fn(&mut T, &mut Map, &mut Decoder<'_>) -> Result<bool>;

impl<T> Custom<T> {
    const NONE: Self = Self {
        class: None,
        new: None,
        setstate: None,
        append: None,
        setitem: None,
    };
}

impl<T> std::fmt::Debug for Custom<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Custom").finish_non_exhaustive()
    }
}

/// Constructs what a registered function makes, one whose output is a `T`.
///
/// # Errors
///
/// If the object is no call of such a function, the function fails, or something is added to the
/// object that `T` has no place for.
pub fn construct_called<T: 'static>(d: &mut Decoder<'_>) -> Result<T> {
    construct_custom(d, &Custom::NONE)
}

/// The same for a type that takes more than a call.
///
/// # Errors
///
/// As [`construct_called`].
pub fn construct_custom<T: 'static>(d: &mut Decoder<'_>, custom: &Custom<T>) -> Result<T> {
    d.impure()?;
    let (name, is_new) = match d.here().view() {
        View::Object(object) if object.changes_later() => {
            return Err(d.error(ErrorKind::MutatedAfterUse));
        }
        View::Object(object) => {
            let is_bare = object.args().len() == 0 && object.kwargs().len() == 0;
            (object.class().into_owned(), !is_call(&object) || is_bare)
        }
        View::Global(name) => (name.into_owned(), false),
        View::Persistent(_) => return d.persistent(),
        _ => return Err(d.wrong_type(format!("an instance for `{}`", type_name::<T>()))),
    };
    let mut value = match (custom.new, custom.class) {
        (Some(new), Some(class)) if is_new && class.is_named(&name) => new(),
        _ => make(d, &name)?,
    };
    d.add_to(&mut value, custom)?;
    Ok(value)
}

/// Constructs a `T` by a function where the object is not of a class that `T` itself reads, which
/// is what `error` says.
#[cold]
pub fn or_called<T: 'static>(d: &mut Decoder<'_>, error: Error) -> Result<T> {
    let is_other = matches!(
        error.kind(),
        ErrorKind::WrongType { .. }
            | ErrorKind::WrongClass { .. }
            | ErrorKind::UnknownVariant { .. }
    );
    if !is_other || !error.path().is_root() {
        return Err(error);
    }
    let function = match d.here().view() {
        View::Object(object) => function_of(&object.class()),
        View::Global(name) => function_of(&name),
        View::Persistent(_) => return d.persistent(),
        _ => return Err(error),
    };
    match function {
        Ok((function, _)) if function.makes::<T>() => construct_called(d),
        _ => Err(error),
    }
}

/// Constructs a `T` that is made of another type, or, if nothing else is made of it, of a persistent
/// id.
///
/// # Errors
///
/// As `construct`, and as the function that resolves the id.
#[inline]
pub fn or_persistent<'g, T: 'static>(
    d: &mut Decoder<'g>,
    construct: impl FnOnce(&mut Decoder<'g>) -> Result<T>,
) -> Result<T> {
    construct(d).or_else(|error| resolve_or(d, error))
}

#[cold]
fn resolve_or<T: 'static>(d: &mut Decoder<'_>, error: Error) -> Result<T> {
    let is_other = matches!(
        error.kind(),
        ErrorKind::WrongType { .. } | ErrorKind::NoPersistentLoad { .. }
    );
    if !is_other || !error.path().is_root() {
        return Err(error);
    }
    d.resolve()?.ok_or(error)
}

/// Whether the callable itself was called, not a class's `__new__`. Python does not call old-style
/// classes without arguments.
fn is_call(object: &Object<'_>) -> bool {
    match object.form() {
        Form::Reduce => object.base().is_none(),
        Form::Inst => object.args().len() > 0,
        Form::NewObj | Form::NewObjEx => false,
    }
}

/// What a call of `name` runs, and the function's type.
pub(crate) fn function_of(name: &QualName<'_>) -> Result<(LinkedFunction, RustType)> {
    let entry = registry().by_name(name)?;
    let rust_type = match *entry.payload() {
        Target::Function(function) => return Ok((function, entry.rust_type())),
        Target::Class { constructor } => constructor.ok_or_else(|| not_callable(name))?,
    };
    let function = class::function(rust_type)?.ok_or_else(|| not_callable(name))?;
    Ok((function, rust_type))
}

#[cold]
fn not_callable(name: &QualName<'_>) -> Error {
    let class = name.clone().into_owned();
    ErrorKind::NoConstructor { class }.into()
}

/// Says of a user's own error which function it is of. Those of arguments have a path.
#[cold]
fn failed(error: Error, function: &QualName<'_>) -> Error {
    if *error.kind() != ErrorKind::Source || !error.path().is_root() {
        return error;
    }
    let function = function.clone().into_owned();
    error.into_kind(ErrorKind::Failed { function })
}

fn make<T: 'static>(d: &mut Decoder<'_>, name: &QualName<'_>) -> Result<T> {
    let (function, _) = function_of(name)?;
    let Some(constructor) = function.constructor else {
        return Err(not_callable(name));
    };
    let mut value: Option<T> = None;
    if function.makes::<T>() {
        let made = constructor.make(d, &mut value);
        made.map_err(|error| failed(error, name))?;
    }
    value.ok_or_else(|| {
        d.error(ErrorKind::WrongOutput {
            function: name.clone().into_owned(),
            makes: constructor.output().name(),
            expected: type_name::<T>(),
        })
    })
}

impl Decoder<'_> {
    /// Whether the object is a call of `class`, to which no state is added.
    #[must_use]
    pub fn is_call_of(&self, class: &Class) -> bool {
        match self.here().view() {
            View::Object(object) => {
                is_call(&object)
                    && class.is_named(&object.class())
                    && object.all_states().next().is_none()
            }
            _ => false,
        }
    }

    /// Adds to a value what was added to the object that it was made of, in that order.
    fn add_to<T: 'static>(&mut self, value: &mut T, custom: &Custom<T>) -> Result<()> {
        let place = self.place();
        let (base, chain) = match self.here().view() {
            View::Object(object) => (
                object.base().map(|(_, base)| base.id()),
                self.graph.arena.chain(place.node),
            ),
            _ => return Ok(()),
        };
        if let Some(base) = base {
            self.add_base(
                value,
                custom,
                Place {
                    node: base,
                    ..place
                },
            )?;
        }
        self.charge_additions()?;
        let batches: Vec<Batch> = self
            .graph
            .arena
            .batches(chain, place.view)
            .copied()
            .collect();
        for batch in batches {
            let items = Cursor::slots(batch.start, batch.len);
            match batch.kind {
                BatchKind::Items | BatchKind::Added => self.append_to(value, custom, items)?,
                BatchKind::Pairs => self.set_items_of(value, custom, items)?,
                BatchKind::State | BatchKind::Setter => {
                    let slots = self.graph.arena.slots_of(batch.start, batch.len);
                    match *slots {
                        [state] => self.give_state(value, custom, state)?,
                        [setter, state, ..] => self.call_setter(value, setter, state)?,
                        [] => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes from the budget what was added to the object that the decoder stands at, however
    /// little each addition has in it. The first one is the object's own.
    pub(super) fn charge_additions(&mut self) -> Result<()> {
        let place = self.place();
        let arena = &self.graph.arena;
        let additions = arena.batches(arena.chain(place.node), place.view).count();
        self.charge_values(additions.saturating_sub(1) as u64)
    }

    /// Adds what protocols 0 and 1 give an instance of a subclass of list or dict as the value of
    /// its base.
    fn add_base<T: 'static>(
        &mut self,
        value: &mut T,
        custom: &Custom<T>,
        base: Place,
    ) -> Result<()> {
        match self.graph.arena.node(base.node) {
            Node::List(chain) => {
                let items = Cursor::chain(chain, BatchKind::Items, base.view);
                self.append_to(value, custom, items)
            }
            Node::Dict(chain) => {
                let pairs = Cursor::chain(chain, BatchKind::Pairs, base.view);
                self.set_items_of(value, custom, pairs)
            }
            _ => Ok(()),
        }
    }

    fn append_to<T>(&mut self, value: &mut T, custom: &Custom<T>, mut items: Cursor) -> Result<()> {
        let view = self.place().view;
        let mut index = 0;
        while let Some(node) = items.next(&self.graph.arena) {
            let Some(append) = custom.append else {
                return Err(self.no_place_for::<T>("list items", "append"));
            };
            self.at(Place { node, view }, |d| append(value, d))
                .map_err(|error| error.within(Segment::Index(index)))?;
            index += 1;
        }
        Ok(())
    }

    fn set_items_of<T>(&mut self, value: &mut T, custom: &Custom<T>, pairs: Cursor) -> Result<()> {
        let mut map = Map::new(pairs, self.place().view);
        if map.len(self) == 0 {
            return Ok(());
        }
        let Some(setitem) = custom.setitem else {
            return Err(self.no_place_for::<T>("dict items", "setitem"));
        };
        while setitem(value, &mut map, self)? {}
        Ok(())
    }

    fn give_state<T>(&mut self, value: &mut T, custom: &Custom<T>, state: NodeId) -> Result<()> {
        let place = self.place();
        match custom.setstate {
            Some(setstate) => self.at(
                Place {
                    node: state,
                    ..place
                },
                |d| setstate(value, d),
            ),
            None if matches!(self.graph.arena.node(state), Node::None) => Ok(()),
            None => Err(self.no_place_for::<T>("state", "setstate")),
        }
    }

    fn call_setter<T: 'static>(
        &mut self,
        value: &mut T,
        setter: NodeId,
        state: NodeId,
    ) -> Result<()> {
        let name = match self.node_at(setter).view() {
            View::Global(name) => name.into_owned(),
            _ => return Err(self.wrong_type("a state setter")),
        };
        let (function, _) = function_of(&name).map_err(|error| self.located(error))?;
        let Some(setter) = function.state_setter else {
            return Err(self.error(ErrorKind::NoStateSetter { function: name }));
        };
        let place = self.place();
        let done = self
            .at(
                Place {
                    node: state,
                    ..place
                },
                |d| setter.set(value, d),
            )
            .map_err(|error| failed(error, &name))?;
        if !done {
            return Err(self.error(ErrorKind::WrongOutput {
                function: name,
                makes: setter.target().name(),
                expected: type_name::<T>(),
            }));
        }
        Ok(())
    }

    #[cold]
    fn no_place_for<T>(&self, what: &'static str, key: &'static str) -> Error {
        self.error(ErrorKind::NoPlaceFor {
            what,
            rust_type: type_name::<T>(),
            key,
        })
    }
}
