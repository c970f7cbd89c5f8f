//! Versions: whether an object is of the shape that its type has now, and what becomes of one that
//! is of an older shape. Which types are the older ones, the types themselves know.

use super::decoder::Place;
use super::fields::Part;
use super::late::{Heirs, LateFields};
use super::{Construct, Decoder, Fields};
use crate::class::VERSION;
use crate::error::{Error, ErrorKind, Result, Segment};
use crate::graph::arena::{Arena, Node, NodeId};

impl Fields {
    /// Tells that the class has versions, and this one by now: the attribute `__version__` is then
    /// the object's version, and no attribute that a field could be.
    #[must_use]
    pub fn versioned(mut self, version: u64) -> Self {
        self.graph_mut().version = Some(version);
        self
    }

    /// Checks that the object is of the class's version, as it is also if it has none.
    ///
    /// # Errors
    ///
    /// If it is of another, or its version is not a number.
    pub fn check_version(&self, d: &mut Decoder<'_>) -> Result<()> {
        match (self.found_version(d)?, self.version()) {
            (Some(found), Some(known)) if found < known => Err(self.older(d, found, known)),
            (Some(found), Some(known)) if found > known => Err(self.newer(d, found, known)),
            _ => Ok(()),
        }
    }

    /// Makes a `New` of an object that is of a lower version, or of none: out of the `Old` that it
    /// is. `None` if it is of the class's version. For the derive.
    ///
    /// `late` tells of a field of the class whether it is a late one: its number, and whether it is
    /// a cell. Those that are late in both types, by the name that they have in the pickle, are
    /// left empty in both, and filled in later; what they hold is then not migrated.
    ///
    /// # Errors
    ///
    /// If the object is of a higher version, its version is not a number, it is no `Old`, or the
    /// conversion fails.
    #[doc(hidden)]
    pub fn migrated<'g, Old, New>(
        &self,
        d: &mut Decoder<'g>,
        late: Option<&mut LateFields>,
        late_field: impl Fn(usize) -> Option<(usize, bool)>,
    ) -> Result<Option<New>>
    where
        Old: Construct<'g>,
        New: TryFrom<Old>,
        New::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let found = self.found_version(d)?;
        let known = self.version().unwrap_or_default();
        match found {
            Some(found) if found == known => return Ok(None),
            Some(found) if found > known => return Err(self.newer(d, found, known)),
            _ => {}
        }
        // One level for each step: types that lead to each other in a circle meet the limit.
        let old = d.at(d.place(), |d| match late {
            Some(late) => {
                let heirs = self.heirs(d, late, late_field);
                let outer = late.heirs.replace(heirs);
                let old = Old::construct_early(d, late);
                late.heirs = outer;
                old
            }
            None => d.value(),
        });
        let old = old.map_err(|error| self.beyond(error, found, known))?;
        match New::try_from(old) {
            Ok(new) => Ok(Some(new)),
            Err(source) => {
                let class = self.class.name.clone();
                let kind = ErrorKind::Migration {
                    class,
                    found,
                    known,
                };
                Err(Error::with_source(kind, source))
            }
        }
    }

    fn version(&self) -> Option<u64> {
        self.graph()?.version
    }

    /// The version that the object says it is of.
    fn found_version(&self, d: &mut Decoder<'_>) -> Result<Option<u64>> {
        let is_version = |key: NodeId| match d.graph.arena.node(key) {
            Node::Str(span) => d.text(span) == VERSION,
            _ => false,
        };
        let attributes = self.named_attributes(&d.graph.arena);
        let place = attributes.filter(|(key, _)| is_version(*key)).last();
        place
            .map(|(_, place)| d.at(place, Decoder::int::<u64>))
            .transpose()
            .map_err(|error| error.within(Segment::Attribute(VERSION.into())))
    }

    /// All attributes that have names, in the order in which they are set.
    fn named_attributes<'a>(
        &'a self,
        arena: &'a Arena,
    ) -> impl Iterator<Item = (NodeId, Place)> + 'a {
        let parts = self.graph().map_or(&[][..], |graph| &graph.parts);
        let parts = parts.iter().rev();
        let named = parts.filter_map(|part| match part {
            Part::Named { cursor, view } => Some((*cursor, *view)),
            Part::Positional { .. } | Part::Claimed(_) => None,
        });
        named.flat_map(move |(mut cursor, view)| {
            std::iter::from_fn(move || {
                let key = cursor.next(arena)?;
                let node = cursor.next(arena)?;
                Some((key, Place { node, view }))
            })
        })
    }

    /// The attributes that are late fields of this class which can be filled in later.
    fn heirs(
        &self,
        d: &Decoder<'_>,
        late: &LateFields,
        late_field: impl Fn(usize) -> Option<(usize, bool)>,
    ) -> Heirs {
        let heir = |(key, place): (NodeId, Place)| {
            let Node::Str(span) = d.graph.arena.node(key) else {
                return None;
            };
            let (number, is_cell) = late_field(self.class.field(d.text(span))?)?;
            let field = late.number(number, is_cell, Some(key), place)?;
            Some(((key, place), field))
        };
        self.named_attributes(&d.graph.arena)
            .filter_map(heir)
            .collect()
    }

    /// An older type that says that the object is too new for it leaves a gap to this one.
    #[cold]
    fn beyond(&self, error: Error, found: Option<u64>, known: u64) -> Error {
        match (error.kind(), found) {
            (ErrorKind::NewerVersion { found: refused, .. }, Some(found))
                if *refused == found && error.path().is_root() =>
            {
                let class = self.class.name.clone();
                let kind = ErrorKind::OlderVersion {
                    class,
                    found,
                    known,
                };
                error.into_kind(kind)
            }
            _ => error,
        }
    }

    #[cold]
    fn older(&self, d: &Decoder<'_>, found: u64, known: u64) -> Error {
        let class = self.class.name.clone();
        d.error(ErrorKind::OlderVersion {
            class,
            found,
            known,
        })
    }

    #[cold]
    fn newer(&self, d: &Decoder<'_>, found: u64, known: u64) -> Error {
        let class = self.class.name.clone();
        d.error(ErrorKind::NewerVersion {
            class,
            found,
            known,
        })
    }
}
