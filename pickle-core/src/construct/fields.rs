//! The attributes of an instance, one after the other: which field each is, and what is left over
//! for fields that are flattened in. Where they stand in the graph, `object` knows.

use super::decoder::Place;
use super::stream::{Attribute, Instance};
use super::{Construct, Decoder};
use crate::class::{Class, VERSION};
use crate::error::{Error, ErrorKind, Result, Segment};
use crate::graph::arena::{Cursor, Node, NodeId, OpIndex};

/// The attributes of an instance, one at a time: what [`Decoder::object`] found.
#[derive(Debug)]
pub struct Fields {
    pub(super) class: &'static Class,
    /// Where the stream is, if the attributes are made of it.
    pub(super) instance: Instance,
    /// Where they are in the graph, if there is one, and what is left over.
    graph: Option<Box<Attributes>>,
}

/// The attributes of an instance in the graph.
#[derive(Debug)]
pub(super) struct Attributes {
    /// What is still to come, the next one last.
    pub(super) parts: Vec<Part>,
    /// The value that the last [`Fields::next`] found.
    pub(super) place: Place,
    /// The name of that attribute in the pickle; none for a positional argument.
    pub(super) key: Option<NodeId>,
    /// Which it is, for an error's path.
    at: At,
    rest: Option<Rest>,
    /// The class's version, if it has one.
    pub(super) version: Option<u64>,
}

/// Attributes that no field claimed, for `#[reduce(flatten)]`.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    attributes: Vec<(NodeId, Place)>,
}

/// A place where Python keeps attributes.
#[derive(Debug)]
pub(super) enum Part {
    Positional {
        cursor: Cursor,
        view: OpIndex,
        next: usize,
    },
    Named {
        cursor: Cursor,
        view: OpIndex,
    },
    Claimed(std::vec::IntoIter<(NodeId, Place)>),
}

#[derive(Clone, Copy, Debug)]
enum At {
    Field(usize),
    Argument(usize),
}

/// A type whose attributes can stand among another's: the type of a `#[reduce(flatten)]` field.
///
/// The derive implements it for structs with named fields; maps with string keys take whatever is
/// left.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made of attributes that stand among others",
    label = "`Flatten` is not implemented for `{Self}`",
    note = "only structs with named fields that derive `Reduce`, `Option`s of them, and maps can be"
)]
pub trait Flatten<'g>: Sized {
    /// Takes its attributes out of `rest`.
    ///
    /// # Errors
    ///
    /// As [`Construct::construct`].
    fn construct_flat(d: &mut Decoder<'g>, rest: &mut Rest) -> Result<Self>;
}

impl Fields {
    pub(super) fn new(class: &'static Class, place: Place, parts: Vec<Part>) -> Self {
        Self {
            class,
            instance: Instance::ELSEWHERE,
            graph: Some(Box::new(Attributes::new(place, parts))),
        }
    }

    /// None yet: for [`Decoder::open`].
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn of(class: &'static Class) -> Self {
        Self {
            class,
            instance: Instance::ELSEWHERE,
            graph: None,
        }
    }

    /// Those of the graph, of which there are none in a stream.
    pub(super) fn graph(&self) -> Option<&Attributes> {
        self.graph.as_deref()
    }

    pub(super) fn graph_mut(&mut self) -> &mut Attributes {
        self.graph.get_or_insert_with(|| {
            let place = Place {
                node: NodeId(0),
                view: OpIndex::END,
            };
            Box::new(Attributes::new(place, Vec::new()))
        })
    }

    /// Keeps the attributes that no field claims, for fields that are flattened in.
    #[must_use]
    pub fn keep_rest(mut self) -> Self {
        self.graph_mut().rest = Some(Rest::default());
        self
    }

    /// The next attribute that is a field of the class: its index among the class's fields.
    ///
    /// # Errors
    ///
    /// If there are more positional arguments than the class takes, or an attribute that it
    /// refuses.
    #[inline]
    pub fn next(&mut self, d: &mut Decoder<'_>) -> Result<Option<usize>> {
        match d.stream.expected_field(&mut self.instance) {
            Some(index) => Ok(Some(index)),
            None => self.next_otherwise(d),
        }
    }

    /// The same where the attributes are expected to end.
    ///
    /// # Errors
    ///
    /// As [`next`](Fields::next).
    #[doc(hidden)]
    #[inline]
    pub fn end_or_next(&mut self, d: &mut Decoder<'_>) -> Result<Option<usize>> {
        if d.stream.expected_end(&mut self.instance) {
            return Ok(None);
        }
        self.next_otherwise(d)
    }

    #[inline(never)]
    fn next_otherwise(&mut self, d: &mut Decoder<'_>) -> Result<Option<usize>> {
        if let Some(index) = d.stream.first_key(&mut self.instance, self.class) {
            return Ok(Some(index));
        }
        if self.instance.is_elsewhere() {
            return self.next_of_graph(d);
        }
        match d.stream.next_attribute(&mut self.instance, self.class) {
            Some(Attribute::Field(index) | Attribute::Argument(index)) => Ok(Some(index)),
            Some(Attribute::End) => Ok(None),
            None => Err(d.give_up()),
        }
    }

    #[inline(never)]
    fn next_of_graph(&mut self, d: &mut Decoder<'_>) -> Result<Option<usize>> {
        let Some(graph) = &mut self.graph else {
            return Ok(None);
        };
        let class = self.class;
        while let Some(part) = graph.parts.last_mut() {
            let (key, place) = match part {
                Part::Positional { cursor, view, next } => {
                    if let Some(node) = cursor.next(&d.graph.arena) {
                        let index = *next;
                        *next += 1;
                        graph.place = Place { node, view: *view };
                        graph.key = None;
                        if index >= class.positional {
                            let found = index + 1 + cursor.len(&d.graph.arena);
                            return Err(self.too_many(d, found));
                        }
                        graph.at = At::Argument(index);
                        return Ok(Some(index));
                    }
                    graph.parts.pop();
                    continue;
                }
                Part::Named { cursor, view } => {
                    let arena = &d.graph.arena;
                    let Some(entry) = cursor.next(arena).zip(cursor.next(arena)) else {
                        graph.parts.pop();
                        continue;
                    };
                    (
                        entry.0,
                        Place {
                            node: entry.1,
                            view: *view,
                        },
                    )
                }
                Part::Claimed(attributes) => {
                    let Some(attribute) = attributes.next() else {
                        graph.parts.pop();
                        continue;
                    };
                    attribute
                }
            };
            if let Some(index) = graph.named(class, d, key, place)? {
                graph.at = At::Field(index);
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    /// The value of the attribute that [`next`](Fields::next) found.
    ///
    /// # Errors
    ///
    /// If it is not a `T`.
    #[inline]
    pub fn value<'g, T: Construct<'g>>(&self, d: &mut Decoder<'g>) -> Result<T> {
        if self.instance.is_elsewhere() {
            return self.value_of_any(d);
        }
        d.value()
    }

    /// The same where it is not likely to be called: behind attributes in an order of their own.
    ///
    /// # Errors
    ///
    /// As [`value`](Fields::value).
    #[doc(hidden)]
    #[inline(never)]
    pub fn value_of_any<'g, T: Construct<'g>>(&self, d: &mut Decoder<'g>) -> Result<T> {
        self.value_with(d, Decoder::value)
    }

    /// The value of the attribute that [`next`](Fields::next) found, made by `construct`.
    ///
    /// # Errors
    ///
    /// As `construct`.
    pub fn value_with<'g, T>(
        &self,
        d: &mut Decoder<'g>,
        construct: impl FnOnce(&mut Decoder<'g>) -> Result<T>,
    ) -> Result<T> {
        match &self.graph {
            Some(graph) if self.instance.is_elsewhere() => {
                let value = d.at(graph.place, construct);
                value.map_err(|error| error.within(graph.segment(self.class)))
            }
            // If a value of the stream fails, all of it is made again, of the graph.
            _ => construct(d),
        }
    }

    /// The attributes that no field claimed.
    #[must_use]
    pub fn into_rest(self) -> Rest {
        let rest = self.graph.and_then(|graph| graph.rest);
        rest.unwrap_or_default()
    }

    /// The error that the instance lacks attributes: those fields of which `found` is false.
    #[cold]
    #[must_use]
    pub fn missing(&self, d: &Decoder<'_>, found: &[bool]) -> Error {
        let fields = self.class.fields.iter().zip(found);
        let names = fields
            .filter(|(_, found)| !**found)
            .map(|(field, _)| field.name)
            .collect();
        let class = self.class.name.clone();
        d.error(ErrorKind::MissingAttributes { class, names })
    }

    #[cold]
    fn too_many(&self, d: &Decoder<'_>, found: usize) -> Error {
        let (class, expected) = (self.class.name.clone(), self.class.positional);
        d.error(ErrorKind::TooManyArguments {
            class,
            expected,
            found,
        })
    }
}

impl Attributes {
    fn new(place: Place, parts: Vec<Part>) -> Self {
        Self {
            parts,
            place,
            key: None,
            at: At::Field(0),
            rest: None,
            version: None,
        }
    }

    fn segment(&self, class: &Class) -> Segment {
        match self.at {
            At::Field(index) => Segment::Attribute(class.fields[index].name.into()),
            At::Argument(index) => Segment::Argument(index),
        }
    }

    /// Which field of the class an attribute is, if it is one.
    fn named(
        &mut self,
        class: &'static Class,
        d: &mut Decoder<'_>,
        key: NodeId,
        place: Place,
    ) -> Result<Option<usize>> {
        let name = match d.graph.arena.node(key) {
            Node::Str(span) => Some(d.text(span)),
            _ => None,
        };
        let is_version = self.version.is_some() && name == Some(VERSION);
        if let Some(index) = name.and_then(|name| class.field(name)) {
            self.place = place;
            self.key = Some(key);
            return Ok(Some(index));
        }
        // Many objects may have one state, of any size.
        d.charge_values(1)?;
        if is_version {
            return Ok(None);
        }
        if let Some(rest) = &mut self.rest {
            rest.attributes.push((key, place));
        } else if class.deny_unknown {
            let name = d.node_at(key).name();
            let class = class.name.clone();
            return Err(d.error(ErrorKind::UnknownAttribute { class, name }));
        }
        Ok(None)
    }
}

impl Rest {
    /// The attributes among these that are fields of `class`, which takes them out.
    pub fn fields(&mut self, class: &'static Class, d: &Decoder<'_>) -> Fields {
        let attributes = std::mem::take(&mut self.attributes);
        let part = Part::Claimed(attributes.into_iter());
        Fields::new(class, d.place(), vec![part]).keep_rest()
    }

    /// Puts back what the [`Fields`] of a flattened type did not claim.
    pub fn put_back(&mut self, fields: Fields) {
        self.attributes = fields.into_rest().attributes;
    }

    /// Every attribute as a key and a value, which takes them out.
    ///
    /// # Errors
    ///
    /// If a key is not a `K` or a value not a `V`.
    pub fn entries<'g, K: Construct<'g>, V: Construct<'g>>(
        &mut self,
        d: &mut Decoder<'g>,
    ) -> Result<Vec<(K, V)>> {
        let attributes = std::mem::take(&mut self.attributes);
        let mut entries = Vec::with_capacity(attributes.len());
        for (key, value) in attributes {
            let segment = |d: &Decoder<'g>| d.attribute_segment(key);
            let name = d.at(Place { node: key, ..value }, Decoder::value);
            let name = name.map_err(|error| error.within(segment(d)))?;
            let value = d.at(value, Decoder::value);
            let value = value.map_err(|error| error.within(segment(d)))?;
            entries.push((name, value));
        }
        Ok(entries)
    }

    /// Fails if any attribute is left that no flattened field took: `deny_unknown_fields`.
    ///
    /// # Errors
    ///
    /// If one is left.
    pub fn deny(&self, class: &'static Class, d: &Decoder<'_>) -> Result<()> {
        match self.attributes.first() {
            Some((key, _)) => {
                let (class, name) = (class.name.clone(), d.node_at(*key).name());
                Err(d.error(ErrorKind::UnknownAttribute { class, name }))
            }
            None => Ok(()),
        }
    }
}
