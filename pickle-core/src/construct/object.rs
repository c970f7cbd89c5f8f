//! Instances: where their attributes are, in whatever Python wrote them in.
//!
//! Python may have chosen any of a call, `__new__` with positional or keyword arguments, and a
//! state that is a dict, a pair of dicts for `__dict__` and slots, or a list in the order of the
//! fields. [`Fields`] makes one sequence of attributes of all of them, and later ones win. What
//! the attributes are worth, it does not look into.

use pickle_registry::QualName;

use super::Decoder;
use super::decoder::Place;
use super::fields::{Fields, Part};
use crate::class::Class;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::View;
use crate::graph::arena::{BatchKind, Cursor, Node, OpIndex};

impl<'g> Decoder<'g> {
    /// The attributes of an instance of `class`.
    ///
    /// # Errors
    ///
    /// If the object is not an instance, or one of another class.
    #[inline]
    pub fn object(&mut self, class: &'static Class) -> Result<Fields> {
        let mut fields = Fields::of(class);
        self.open(&mut fields)?;
        Ok(fields)
    }

    /// The same into [`Fields::of`] the class.
    ///
    /// # Errors
    ///
    /// As [`object`](Decoder::object).
    #[doc(hidden)]
    #[inline]
    pub fn open(&mut self, fields: &mut Fields) -> Result<()> {
        if !self.stream.instance(fields.class, &mut fields.instance) {
            *fields = self.object_of_graph(fields.class)?;
        }
        Ok(())
    }

    #[inline(never)]
    fn object_of_graph(&mut self, class: &'static Class) -> Result<Fields> {
        match self.class() {
            Some(found) if class.is_named(&found) => {}
            Some(found) => {
                let found = found.into_owned();
                let expected = class.name.clone();
                return Err(self.error(ErrorKind::WrongClass { expected, found }));
            }
            None => return Err(self.wrong_type(format!("an instance of {}", class.name))),
        }
        self.fields(class)
    }

    /// The attributes that a dict has as its keys: the `as = "dict"` form of a struct.
    ///
    /// # Errors
    ///
    /// If the object is not a dict.
    pub fn dict_object(&mut self, class: &'static Class) -> Result<Fields> {
        if let Some(instance) = self.stream.dict_object() {
            let mut fields = Fields::of(class);
            fields.instance = instance;
            return Ok(fields);
        }
        let place = self.place();
        match self.node() {
            Node::Dict(chain) => {
                let cursor = Cursor::chain(chain, BatchKind::Pairs, place.view);
                Ok(Fields::new(
                    class,
                    place,
                    vec![Part::Named {
                        cursor,
                        view: place.view,
                    }],
                ))
            }
            _ => Err(self.wrong_type("a dict")),
        }
    }

    pub(super) fn class(&self) -> Option<QualName<'_>> {
        match self.here().view() {
            View::Object(object) => Some(object.class()),
            _ => None,
        }
    }

    fn fields(&mut self, class: &'static Class) -> Result<Fields> {
        self.charge_additions()?;
        let place = self.place();
        let mut parts = Vec::new();
        let View::Object(object) = self.here().view() else {
            return Ok(Fields::new(class, place, parts));
        };
        if object.changes_later() {
            return Err(self.error(ErrorKind::MutatedAfterUse));
        }
        let view = object.call_view();
        let keywords = Part::Named {
            cursor: object.kwargs().cursor(),
            view,
        };
        let arguments = Part::Positional {
            cursor: object.new_args(),
            view,
            next: 0,
        };
        let states = object.all_states().map(|(at, state)| (at, state.id()));
        let states: Vec<_> = states.collect();
        // The last one goes first onto the stack of parts.
        for (at, node) in states.into_iter().rev() {
            let view = place.view;
            self.state_parts(Place { node, view }, at, &mut parts)?;
        }
        parts.extend([keywords, arguments]);
        Ok(Fields::new(class, place, parts))
    }

    /// What a state says of attributes, which the object took out of it at a time, as they were
    /// then. What they are is changed for both.
    fn state_parts(&mut self, state: Place, at: OpIndex, parts: &mut Vec<Part>) -> Result<()> {
        let view = state.view;
        let arena = &self.graph.arena;
        let named = |chain| {
            let cursor = Cursor::chain(chain, BatchKind::Pairs, view.min(at));
            Part::Named { cursor, view }
        };
        match arena.node(state.node) {
            Node::None => {}
            Node::Dict(chain) => parts.push(named(chain)),
            Node::List(chain) => {
                let cursor = Cursor::chain(chain, BatchKind::Items, view.min(at));
                parts.push(Part::Positional {
                    cursor,
                    view,
                    next: 0,
                });
            }
            Node::Tuple { start, len: 2, .. } => {
                let mut pair = Cursor::slots(start, 2);
                let dict_and_slots = [pair.next(arena), pair.next(arena)];
                for half in dict_and_slots.into_iter().rev().flatten() {
                    match arena.node(half) {
                        Node::None => {}
                        Node::Dict(chain) => parts.push(named(chain)),
                        _ => return Err(self.wrong_state(state)),
                    }
                }
            }
            _ => return Err(self.wrong_state(state)),
        }
        Ok(())
    }

    #[cold]
    fn wrong_state(&mut self, state: Place) -> Error {
        self.at(state, |d| {
            Err::<(), _>(d.wrong_type("a state of attributes"))
        })
        .expect_err("the closure always fails")
    }
}
