//! From bytes to opcodes to a graph.
//!
//! `reader` finds the opcodes, `machine` carries them out on nodes, `stream` takes one pickle off
//! a reader. Nothing here calls anything.

#![deny(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::string_slice
)]

mod items;
mod machine;
mod policy;
mod python2;
mod reader;
mod stream;
pub(crate) mod text;

use std::io::BufRead;
use std::ops::Deref;
use std::sync::Arc;

use crate::buffer::PickleBuffer;
use crate::construct::{Construct, ConstructOwned, Decoder};
use crate::error::Result;
use crate::graph::arena::NodeId;
use crate::graph::{Graph, Input};
use crate::limits::Limits;
use crate::persistent::Resolvers;
use machine::{Machine, Step};

pub use items::LoadIter;
pub(crate) use policy::Policy;
pub use python2::{DecodeErrors, Encoding};
pub use reader::{Argument, Located};
pub(crate) use reader::{Reader, sign_extended};
pub use stream::PickleStream;

/// Loads pickles, with options: Python's `Unpickler`.
///
/// ```
/// use pickle_core::{Encoding, Unpickler};
///
/// // What Python 2 writes for 'caf\xe9'.
/// let text: String = Unpickler::new().encoding(Encoding::Latin1).loads(b"U\x04caf\xe9.")?;
/// assert_eq!(text, "café");
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Unpickler<'g> {
    pub(crate) settings: Settings,
    pub(crate) policy: Policy,
    pub(crate) buffers: Buffers<'g>,
    pub(crate) resolvers: Resolvers,
}

/// Those that were given, if any: an empty `Arc` is one that all threads share, and count.
#[derive(Clone, Debug)]
pub(crate) struct Buffers<'g>(Option<Arc<[PickleBuffer<'g>]>>);

impl<'g> Deref for Buffers<'g> {
    type Target = [PickleBuffer<'g>];

    #[inline]
    fn deref(&self) -> &[PickleBuffer<'g>] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// The options that are plain values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    pub(crate) encoding: Encoding,
    pub(crate) errors: DecodeErrors,
    pub(crate) fix_imports: bool,
    pub(crate) persistent_ids: bool,
    /// Whether errors tell where in the bytes.
    pub(crate) offsets: bool,
}

impl Default for Unpickler<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'g> Unpickler<'g> {
    /// With the options that [`loads`](crate::loads) has.
    pub fn new() -> Self {
        Self {
            settings: Settings {
                limits: Limits::default(),
                encoding: Encoding::default(),
                errors: DecodeErrors::default(),
                fix_imports: true,
                persistent_ids: false,
                offsets: true,
            },
            policy: Policy::default(),
            buffers: Buffers(None),
            resolvers: Resolvers::default(),
        }
    }

    /// For a pickle that is made to be loaded once, for a copy.
    pub(crate) fn for_copy() -> Self {
        let mut unpickler = Self::new().limits(Limits::trusted()).persistent_ids(true);
        unpickler.settings.offsets = false;
        unpickler
    }

    /// What a pickle may cost.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// What the `str` objects of Python 2 become. By default they must be ASCII.
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.settings.encoding = encoding;
        self
    }

    /// What happens where [`encoding`](Unpickler::encoding) cannot decode. By default it is an
    /// error.
    pub fn errors(mut self, errors: DecodeErrors) -> Self {
        self.settings.errors = errors;
        self
    }

    /// Whether names of Python 2 become those of Python 3 in protocols 0 to 2, as
    /// `__builtin__.unicode` becomes `builtins.str`. By default they do.
    pub fn fix_imports(mut self, fix_imports: bool) -> Self {
        self.settings.fix_imports = fix_imports;
        self
    }

    /// Whether a [`Graph`] may hold persistent ids, as nodes. By default they are an error, as
    /// they are in Python where no `persistent_load` is given.
    /// [`persistent_load`](Unpickler::persistent_load) implies it.
    pub fn persistent_ids(mut self, allowed: bool) -> Self {
        self.settings.persistent_ids = allowed;
        self
    }

    /// The buffers that the pickle refers to, in the order in which it does (PEP 574): those that
    /// a [`buffer_callback`](crate::Pickler::buffer_callback) was handed. Too few are an error
    /// where the pickle refers to one that is not there; too many are not, as in Python.
    ///
    /// ```
    /// use pickle_core::{PickleBuffer, Unpickler};
    ///
    /// let unpickler = Unpickler::new().buffers([PickleBuffer::new(&b"abc"[..])]);
    /// let bytes: &[u8] = unpickler.loads(b"\x80\x05\x97.")?;
    /// assert_eq!(bytes, b"abc");
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    pub fn buffers(mut self, buffers: impl IntoIterator<Item = PickleBuffer<'g>>) -> Self {
        self.buffers = Buffers(Some(buffers.into_iter().collect()));
        self
    }

    /// Makes a value of a pickle, as [`loads`](crate::loads) does.
    ///
    /// # Errors
    ///
    /// As [`loads`](crate::loads).
    pub fn loads<T: Construct<'g>>(&self, bytes: &'g [u8]) -> Result<T> {
        if let Some(value) = Decoder::straight(self, bytes) {
            return Ok(value);
        }
        self.graph(bytes)?.construct()
    }

    /// Makes a value of the next pickle of a reader, as [`load`](crate::load) does.
    ///
    /// # Errors
    ///
    /// As [`load`](crate::load).
    pub fn load<T: ConstructOwned>(&self, reader: &mut impl BufRead) -> Result<T> {
        let mut bytes = Vec::new();
        stream::read_pickle(reader, &mut bytes)?;
        if let Some(value) = Decoder::straight(self, &bytes) {
            return Ok(value);
        }
        self.parse(Input::Owned(bytes.into()))?.construct()
    }

    /// Parses a pickle without making anything of it.
    ///
    /// # Errors
    ///
    /// If CPython's unpickler would refuse the bytes, or a limit is met.
    pub fn graph(&self, bytes: &'g [u8]) -> Result<Graph<'g>> {
        self.parse(Input::Borrowed(bytes))
    }

    /// Parses the next pickle of a reader, which is left right behind its STOP.
    ///
    /// # Errors
    ///
    /// If reading fails, CPython's unpickler would refuse the bytes, or a limit is met.
    pub fn read_graph(&self, reader: &mut impl BufRead) -> Result<Graph<'g>> {
        let mut bytes = Vec::new();
        stream::read_pickle(reader, &mut bytes)?;
        self.parse(Input::Owned(bytes.into()))
    }

    /// The pickles of a reader, one after the other, until its end.
    pub fn stream<R: BufRead>(&self, reader: R) -> PickleStream<'g, R> {
        PickleStream::new(self.clone(), reader)
    }

    /// The items of the list that is the next pickle of a reader, as
    /// [`load_iter`](crate::load_iter) makes them. Buffers that were given, and what persistent
    /// ids stand for, are not used.
    ///
    /// ```
    /// use pickle_core::{Limits, Unpickler};
    ///
    /// let bytes = pickle_core::dumps(&[1.5, 2.5])?;
    /// let strict = Unpickler::new().limits(Limits::strict());
    /// let sum: f64 = strict.load_iter::<f64, _>(&bytes[..]).sum::<pickle_core::Result<_>>()?;
    /// assert_eq!(sum, 4.0);
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    pub fn load_iter<T: ConstructOwned, R: BufRead>(&self, reader: R) -> LoadIter<T, R> {
        let unpickler = Unpickler {
            settings: self.settings,
            policy: self.policy.clone(),
            ..Unpickler::new()
        };
        LoadIter::new(unpickler, reader)
    }

    fn parse(&self, input: Input<'g>) -> Result<Graph<'g>> {
        let mut machine = self.machine();
        let bytes = input.bytes();
        let root = machine.run(&mut Reader::new(bytes, 0), bytes)?;
        Ok(self.finish(input, machine.arena.into(), root))
    }

    /// Parses a pickle, and tells which node is at each index of the memo.
    pub(crate) fn graph_and_memo(&self, bytes: &'g [u8]) -> Result<(Graph<'g>, Vec<NodeId>)> {
        let mut machine = self.machine();
        let root = machine.run(&mut Reader::new(bytes, 0), bytes)?;
        let memo = machine.take_memo();
        let graph = self.finish(Input::Borrowed(bytes), machine.arena.into(), root);
        Ok((graph, memo))
    }

    fn machine(&self) -> Machine {
        let readonly = self.buffers.iter().map(PickleBuffer::is_readonly).collect();
        Machine::new(self.settings, self.policy.clone(), readonly)
    }

    fn finish(
        &self,
        input: Input<'g>,
        arena: Arc<crate::graph::arena::Arena>,
        root: NodeId,
    ) -> Graph<'g> {
        Graph {
            input,
            arena,
            root,
            unpickler: self.clone(),
        }
    }

    pub(crate) fn into_owned(self) -> Unpickler<'static> {
        let owned = |buffer: &PickleBuffer<'_>| buffer.clone().into_owned();
        let buffers = self.buffers.0;
        let buffers = buffers.map(|buffers| buffers.iter().map(owned).collect());
        Unpickler {
            settings: self.settings,
            policy: self.policy,
            buffers: Buffers(buffers),
            resolvers: self.resolvers,
        }
    }
}

/// Where the opcode is that made each node, of those that were read: found by reading the graph's
/// input again, as only errors ask.
#[cold]
pub(crate) fn offsets(graph: &Graph<'_>) -> Vec<usize> {
    let bytes = graph.input.bytes();
    let mut machine = graph.unpickler.machine();
    let mut reader = Reader::new(bytes, 0);
    let mut offsets = Vec::new();
    loop {
        let offset = reader.position();
        let step = machine.step(&mut reader, bytes);
        offsets.resize(machine.node_count(), offset);
        match step {
            Ok(Step::Stop(_)) | Err(_) => return offsets,
            Ok(_) => {}
        }
    }
}
