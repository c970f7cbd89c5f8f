//! `Decoder`: where a load stands, what it may yet cost, and what its errors tell.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::VecDeque;
use std::ops::Deref;

use super::Construct;
use super::shared::SharedTable;
use super::stream::Stream;
use crate::copy::Memo;
use crate::decode::{self, Unpickler};
use crate::error::{Error, ErrorKind, Result, Segment};
use crate::graph::arena::{Node, NodeId, OpIndex, Span};
use crate::graph::{Graph, NodeRef};
use crate::limits::Limits;
use crate::persistent::Resolvers;

/// What is left of the stack when more is taken for the next level, and how much that is.
const RED_ZONE: usize = 128 << 10;
const STACK_SEGMENT: usize = 2 << 20;

/// Where a load stands: at one object of the pickle, which a type's
/// [`construct`](Construct::construct) asks for what the type is made of.
///
/// Each of its methods either answers or fails with an error that says what was expected, what
/// was found, and where.
pub struct Decoder<'g> {
    /// What values are made of straight, while there is no graph.
    pub(super) stream: Stream<'g>,
    pub(super) graph: Source<'g>,
    place: Place,
    depth: u32,
    /// How many more values may be made.
    tree_nodes: u64,
    /// How many more bytes may be copied out of the pickle.
    constructed_bytes: u64,
    pub(super) shared: SharedTable,
    /// Late fields whose values are still to be made, if there are any.
    late: Option<Box<Late<'g>>>,
    /// Where each node was made, once an error has asked: a type that tries one way after the
    /// other may fail at every object.
    offsets: OnceCell<Box<[usize]>>,
    /// What persistent ids stand for, in a pickle that is half of a copy.
    pub(super) copying: Option<&'g Memo>,
}

/// The graph that values are made of, if there is one. Else whoever asks for it gets an empty one,
/// and all that the stream has answered is thrown away.
#[derive(Debug, Default)]
pub(super) struct Source<'g>(OnceCell<Graph<'g>>);

impl<'g> Deref for Source<'g> {
    type Target = Graph<'g>;

    #[inline]
    fn deref(&self) -> &Graph<'g> {
        self.0.get_or_init(Graph::nothing)
    }
}

/// A node, as it was at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) node: NodeId,
    pub(crate) view: OpIndex,
}

/// Late fields whose values are still to be made: in the order in which their objects were.
#[derive(Default)]
struct Late<'g>(VecDeque<(Place, LateBuild<'g>)>);

/// Makes a late field's value.
pub(super) type LateBuild<'g> = Box<dyn FnOnce(&mut Decoder<'g>) -> Result<Put> + 'g>;
/// Puts a late field's value into its object.
pub(super) type Put = Box<dyn FnOnce()>;

impl<'g> Decoder<'g> {
    pub(crate) fn new(graph: Graph<'g>) -> Self {
        let limits = graph.limits();
        let tree_nodes = limits.tree_nodes.for_input(graph.len());
        let constructed_bytes = limits.constructed_bytes.for_input(graph.input_len());
        let place = Place {
            node: graph.root,
            view: OpIndex::END,
        };
        Self {
            stream: Stream::none(),
            graph: Source(OnceCell::from(graph)),
            place,
            depth: 0,
            tree_nodes,
            constructed_bytes,
            shared: SharedTable::default(),
            late: None,
            offsets: OnceCell::new(),
            copying: None,
        }
    }

    /// Makes a value straight of a pickle, if that is what a pickler writes for such a value. Else
    /// it takes the graph, which also knows what is wrong, if something is.
    pub(crate) fn straight<T: Construct<'g>>(
        unpickler: &Unpickler<'g>,
        input: &'g [u8],
    ) -> Option<T> {
        if !T::PURE {
            return None;
        }
        let limits = unpickler.settings.limits;
        let stream = Stream::begin(unpickler, input)?;
        let mut decoder = Self::over(stream, limits.constructed_bytes.for_input(input.len()));
        let value = decoder.value().ok();
        let is_whole = decoder.is_straight() && decoder.stream.is_at_stop();
        decoder.stream.end();
        value.filter(|_| is_whole)
    }

    /// In front of a stream, of which so many bytes may be copied.
    pub(super) fn over(stream: Stream<'g>, constructed_bytes: u64) -> Self {
        Self {
            stream,
            graph: Source::default(),
            place: Place {
                node: NodeId(0),
                view: OpIndex::END,
            },
            depth: 0,
            tree_nodes: u64::MAX,
            constructed_bytes,
            shared: SharedTable::default(),
            late: None,
            offsets: OnceCell::new(),
            copying: None,
        }
    }

    /// How many more bytes may be copied.
    pub(super) fn constructed_bytes(&self) -> u64 {
        self.constructed_bytes
    }

    /// Whether values are made of the stream.
    #[inline]
    pub(crate) fn is_straight(&self) -> bool {
        self.graph.0.get().is_none()
    }

    /// The error by which the load starts over, through the graph.
    #[cold]
    pub(crate) fn give_up(&self) -> Error {
        self.error(ErrorKind::Cycle)
    }

    /// Makes a value of the object that the decoder stands at.
    ///
    /// # Errors
    ///
    /// As [`Construct::construct`].
    #[inline]
    pub fn value<T: Construct<'g>>(&mut self) -> Result<T> {
        if !T::PURE {
            self.impure()?;
        }
        T::construct(self)
    }

    /// Goes on with enough stack, where types may be nested in themselves.
    #[inline]
    pub(crate) fn nested<T>(
        &mut self,
        construct: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        stacker::maybe_grow(RED_ZONE, STACK_SEGMENT, || construct(self))
    }

    /// Constructs the root, then all late fields.
    pub(crate) fn root<T: Construct<'g>>(&mut self) -> Result<T> {
        let root = self.at(self.place, Self::value)?;
        let mut puts = Vec::new();
        while let Some((place, build)) = self.next_late() {
            let put = self.at(place, build).map_err(|error| {
                let route = self.route(place.node);
                route.into_iter().fold(error, Error::within)
            })?;
            puts.push(put);
        }
        for put in puts {
            put();
        }
        Ok(root)
    }

    pub(super) fn defer(&mut self, place: Place, build: LateBuild<'g>) {
        let late = self.late.get_or_insert_default();
        late.0.push_back((place, build));
    }

    fn next_late(&mut self) -> Option<(Place, LateBuild<'g>)> {
        self.late.as_mut()?.0.pop_front()
    }

    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// Constructs what is at another place, one level below this one.
    pub(crate) fn at<T>(
        &mut self,
        place: Place,
        construct: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let before = std::mem::replace(&mut self.place, place);
        let result = self.descend(construct).map_err(|error| self.located(error));
        self.place = before;
        result
    }

    pub(crate) fn resolvers(&self) -> &Resolvers {
        &self.graph.unpickler.resolvers
    }

    fn descend<T>(&mut self, construct: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.charge_values(1)?;
        if self.depth >= self.graph.limits().typed_depth {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = stacker::maybe_grow(RED_ZONE, STACK_SEGMENT, || construct(self));
        self.depth -= 1;
        result
    }

    /// Takes `count` values from the budget.
    pub(crate) fn charge_values(&mut self, count: u64) -> Result<()> {
        let Some(left) = self.tree_nodes.checked_sub(count) else {
            let limits = self.graph.limits();
            return Err(self.error(ErrorKind::LimitExceeded {
                limit: "the number of values",
                value: limits.tree_nodes.for_input(self.graph.len()),
                setter: "tree_nodes",
            }));
        };
        self.tree_nodes = left;
        Ok(())
    }

    /// Takes `count` bytes from the budget: before they are copied out of the pickle, as one long
    /// str or bytes object may be referred to any number of times.
    #[inline]
    pub(crate) fn charge_bytes(&mut self, count: u64) -> Result<()> {
        match self.constructed_bytes.checked_sub(count) {
            Some(left) => {
                self.constructed_bytes = left;
                Ok(())
            }
            None => Err(self.too_many_bytes()),
        }
    }

    #[cold]
    fn too_many_bytes(&self) -> Error {
        let limits = self.graph.limits();
        let input = self.graph.input_len();
        self.error(ErrorKind::LimitExceeded {
            limit: "the size of the values",
            value: limits.constructed_bytes.for_input(input),
            setter: "constructed_bytes",
        })
    }

    #[cold]
    fn too_deep(&self) -> Error {
        if self.graph.contains_itself(self.place) {
            return self.error(ErrorKind::Cycle);
        }
        self.error(self.graph.limits().too_deep())
    }

    /// An error about the object that the decoder stands at, with its offset in the bytes.
    #[cold]
    #[must_use]
    pub fn error(&self, kind: ErrorKind) -> Error {
        self.located(Error::from(kind))
    }

    /// Tells the offset of the object that the decoder stands at, if the error, as a user's own
    /// does, knows none.
    #[cold]
    pub(crate) fn located(&self, error: Error) -> Error {
        self.located_at(self.place.node, error)
    }

    /// The same of another object: where the opcode is that made its node.
    #[cold]
    pub(crate) fn located_at(&self, node: NodeId, error: Error) -> Error {
        if error.offset().is_some() || !self.graph.unpickler.settings.offsets {
            return error;
        }
        let offsets = self
            .offsets
            .get_or_init(|| decode::offsets(&self.graph).into());
        match offsets.get(node.index()) {
            Some(offset) => error.at_offset(*offset),
            None => error,
        }
    }

    /// The error that the object is not what a type is made of: `expected` names that, as in
    /// `an int`.
    #[cold]
    #[must_use]
    pub fn wrong_type(&self, expected: impl Into<Cow<'static, str>>) -> Error {
        let found = if self.mismatch() {
            "a shared object that is not copied".to_owned()
        } else {
            self.here().describe()
        };
        self.error(ErrorKind::WrongType {
            expected: expected.into(),
            found,
        })
    }

    /// The object as a node of the graph.
    pub(crate) fn here(&self) -> NodeRef<'_> {
        NodeRef::new((&*self.graph).into(), self.place.node, self.place.view)
    }

    pub(crate) fn node(&self) -> Node {
        self.graph.arena.node(self.place.node)
    }

    /// The pickle's part below the object, as a graph of its own that shares the nodes.
    #[must_use]
    pub fn graph(&self) -> Graph<'g> {
        let mut graph = Graph {
            root: self.place.node,
            ..Graph::clone(&self.graph)
        };
        if self.copying.is_some() {
            self.takes_ids();
            // What a copy goes without, a graph that outlives it does not.
            graph.unpickler = graph.unpickler.limits(Limits::default());
        }
        graph
    }

    pub(crate) fn limits(&self) -> Limits {
        self.graph.limits()
    }

    /// Tells that constructing this type has effects beyond its value, so that it may be done
    /// only after the whole pickle has been read and found sound.
    ///
    /// # Errors
    ///
    /// None when the pickle has been read. Passing the error on with `?` is all there is to do.
    pub fn impure(&mut self) -> Result<()> {
        if self.is_straight() {
            return Err(self.give_up());
        }
        Ok(())
    }

    pub(super) fn text(&self, span: Span) -> &str {
        self.graph.data().text(span)
    }

    pub(super) fn node_at(&self, node: NodeId) -> NodeRef<'_> {
        NodeRef::new((&*self.graph).into(), node, self.place.view)
    }

    pub(super) fn attribute_segment(&self, key: NodeId) -> Segment {
        Segment::Attribute(self.node_at(key).name().into())
    }
}

impl std::fmt::Debug for Decoder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder")
            .field("at", &self.here().describe())
            .finish_non_exhaustive()
    }
}
