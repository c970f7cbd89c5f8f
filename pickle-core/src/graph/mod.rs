//! `Graph`: any pickle as data, with identity, sharing and cycles. Nothing has run.
//!
//! [`Graph`] owns the nodes, [`NodeRef`] walks them, [`View`] is a node to match on.

pub(crate) mod arena;
mod build;
mod change;
mod compare;
mod describe;
mod view;
mod walk;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use arena::{Arena, Data, OpIndex};
use pickle_registry::QualName;

pub(crate) use view::{Shape, Source, shape, unhashable};
pub(crate) use walk::{Measure, Measures};

pub use arena::{Form, NodeId};
pub use view::{Entries, Items, NodeRef, Object, Setter, View};

use crate::construct::{Construct, Decoder};
use crate::decode::Unpickler;
use crate::error::Result;
use crate::limits::Limits;

/// A parsed pickle: an arena of nodes over the input, which it borrows or owns.
///
/// ```
/// use pickle_core::Graph;
///
/// // pickle.dumps(geometry.Point(3.0, 4.0), 2)
/// let bytes = b"\x80\x02cgeometry\nPoint\n)\x81}(U\x01xG\x40\x08\0\0\0\0\0\0\
///     U\x01yG\x40\x10\0\0\0\0\0\0ub.";
/// let graph = Graph::parse(bytes)?;
/// let point = graph.root();
/// assert_eq!(point.class().expect("an instance").to_string(), "geometry.Point");
/// assert_eq!(point.attr("y").and_then(|y| y.as_f64()), Some(4.0));
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Graph<'g> {
    pub(crate) input: Input<'g>,
    pub(crate) arena: Arc<Arena>,
    pub(crate) root: NodeId,
    /// Its options and buffers: an error reads the input again for the offset of a node.
    pub(crate) unpickler: Unpickler<'g>,
}

/// The bytes that a graph was parsed from.
#[derive(Clone, Debug)]
pub(crate) enum Input<'g> {
    Borrowed(&'g [u8]),
    Owned(Arc<Vec<u8>>),
}

impl Input<'_> {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

impl<'g> Graph<'g> {
    /// Parses a pickle. Bytes behind its STOP are ignored, as `pickle.loads` does.
    ///
    /// [`Unpickler::graph`] does the same with options.
    ///
    /// # Errors
    ///
    /// If CPython's unpickler would refuse the bytes, or a limit is met.
    ///
    /// # Input safety
    ///
    /// Any bytes are safe to parse: see [`loads`](crate::loads).
    pub fn parse(input: &'g [u8]) -> Result<Self> {
        Unpickler::new().graph(input)
    }

    /// The pickled object.
    #[must_use]
    pub fn root(&self) -> NodeRef<'_> {
        self.node(self.root)
    }

    /// The node of an id that this graph gave out.
    ///
    /// # Panics
    ///
    /// If the id is of another graph, and this one has fewer nodes.
    #[must_use]
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef::new(self.into(), id, OpIndex::END)
    }

    /// How many nodes there are, reachable or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arena.nodes.len()
    }

    /// Whether there are no nodes. A parsed graph has at least its root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arena.nodes.is_empty()
    }

    /// Every global named in the pickle, reachable or not, each once.
    pub fn globals(&self) -> impl Iterator<Item = QualName<'_>> {
        let data = self.data();
        let mut listed = HashSet::new();
        (0u32..)
            .take(self.arena.globals.len())
            .map(move |index| data.name(index))
            .filter(move |name| listed.insert(name.clone()))
    }

    /// Makes a Rust value of the pickled object, as [`loads`](crate::loads) does.
    ///
    /// # Errors
    ///
    /// If the object is not of the type asked for, or a limit is met.
    pub fn construct<T: Construct<'g>>(&self) -> Result<T> {
        Decoder::new(self.clone()).root()
    }

    /// The same graph, owning the bytes that it borrowed.
    #[must_use]
    pub fn into_owned(self) -> Graph<'static> {
        let input = match self.input {
            Input::Borrowed(bytes) => Input::Owned(Arc::new(bytes.to_vec())),
            Input::Owned(bytes) => Input::Owned(bytes),
        };
        Graph {
            input,
            arena: self.arena,
            root: self.root,
            unpickler: self.unpickler.into_owned(),
        }
    }

    /// None, of no pickle.
    #[cold]
    pub(crate) fn nothing() -> Self {
        let mut arena = Arena::default();
        arena.nodes.push(arena::Node::None);
        Self {
            input: Input::Borrowed(&[]),
            arena: Arc::new(arena),
            root: NodeId(0),
            unpickler: Unpickler::new(),
        }
    }

    pub(crate) fn data(&self) -> Data<'_> {
        Data {
            input: self.input.bytes(),
            arena: &self.arena,
        }
    }

    /// How many bytes it was parsed from, those beside the pickle included.
    pub(crate) fn input_len(&self) -> usize {
        let buffers = self.unpickler.buffers.iter();
        let lens = buffers.map(|buffer| buffer.as_bytes().len());
        lens.fold(self.input.bytes().len(), usize::saturating_add)
    }

    pub(crate) fn limits(&self) -> Limits {
        self.unpickler.settings.limits
    }

    /// Bytes that live as long as the input does, if the graph borrows it and holds them there.
    pub(crate) fn borrowed(&self, span: arena::Span) -> Cow<'g, [u8]> {
        let borrowed = match self.input {
            Input::Borrowed(input) => span.of_input(input),
            Input::Owned(_) => None,
        };
        borrowed.map_or_else(
            || Cow::Owned(self.data().bytes(span).to_vec()),
            Cow::Borrowed,
        )
    }
}

/// The part below the object, which shares the nodes with the whole. As a constructor's parameter it
/// takes anything, by reference as in Python: what the pickle adds to the argument after the call
/// is seen too.
///
/// ```
/// use pickle_core::{Graph, loads};
///
/// // pickle.dumps([app.Unknown(), 2], 0), shortened
/// let bytes = b"(lcapp\nUnknown\n(tRaI2\na.";
/// let (unknown, two): (Graph<'_>, i32) = loads(bytes)?;
/// assert_eq!(unknown.root().class().expect("an instance").to_string(), "app.Unknown");
/// assert_eq!(two, 2);
/// # Ok::<(), pickle_core::Error>(())
/// ```
impl<'g> Construct<'g> for Graph<'g> {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        Ok(d.graph())
    }
}
crate::pointee!(Graph<'g>);
