//! `Pickler`: its options, and whole pickles.

use std::cell::Cell;
use std::io::Write;

use super::buffer::BufferCallback;
use super::dispatch::Hooks;
use super::memo::{Memo, MemoPolicy};
use super::pointers::Slot;
use super::stack::Stack;
use super::writer::Writer;
use crate::error::{Error, ErrorKind, Result};
use crate::reduce::Reduce;

/// The protocol that is written where no other is chosen: Python's, up to 3.13.
pub const DEFAULT_PROTOCOL: u8 = 4;

/// The highest protocol that is written and read, which Python chooses for a negative one.
///
/// ```
/// use pickle_core::{HIGHEST_PROTOCOL, Pickler};
///
/// let mut bytes = Vec::new();
/// Pickler::new(&mut bytes).protocol(HIGHEST_PROTOCOL).dump(&())?;
/// assert_eq!(bytes, b"\x80\x05N.");
/// # Ok::<(), pickle_core::Error>(())
/// ```
pub const HIGHEST_PROTOCOL: u8 = 5;

/// How many reductions may be nested. Values that own each other come to an end, but reducers that
/// return their own value do not. 5,000 are loaded by default.
const NESTED_REDUCTIONS: u32 = 50_000;

/// Writes pickles.
///
/// [`dump`](Pickler::dump) writes a value with all that it consists of; the other methods are
/// what a [`Reduce`] makes itself of, one object each.
///
/// ```
/// use pickle_core::Pickler;
///
/// let mut bytes = Vec::new();
/// Pickler::new(&mut bytes).protocol(2).dump(&0.5)?;
/// assert_eq!(bytes, b"\x80\x02G\x3f\xe0\0\0\0\0\0\0.");
/// # Ok::<(), pickle_core::Error>(())
/// ```
pub struct Pickler<'w> {
    pub(super) writer: Writer<'w>,
    pub(super) protocol: u8,
    pub(super) fix_imports: bool,
    pub(super) policy: MemoPolicy,
    pub(super) memo: Memo,
    pub(super) stack: Stack,
    /// Whether a pickle is being written.
    dumping: bool,
    /// Whether the memo is to be cleared when it has been.
    clearing: bool,
    /// The pointer that the next object is behind.
    pub(super) pending: Option<Slot>,
    /// How many reductions are around the current position.
    nested: u32,
    /// How many late fields are.
    pub(super) late_depth: u32,
    /// Whether what is written is a dict's key or a set's item, or a part of one.
    pub(super) hashed: bool,
    /// Reducers of the pickler's own.
    pub(super) hooks: Hooks<'w>,
    /// Whether any reducer but a value's own may have to be asked.
    pub(super) dispatching: bool,
    /// Which pointers are not followed, where the value is to be copied.
    pub(super) copying: Option<&'w mut crate::copy::Memo>,
    /// What takes buffers out of the pickle.
    pub(super) buffer_callback: Option<&'w mut BufferCallback<'w>>,
}

impl std::fmt::Debug for Pickler<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pickler")
            .field("protocol", &self.protocol)
            .field("fix_imports", &self.fix_imports)
            .field("memo", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Default for Pickler<'_> {
    /// A pickler without a sink: for [`dumps_into`](Pickler::dumps_into).
    fn default() -> Self {
        Self::with_sink(None)
    }
}

/// Pickles a value with default options, into memory.
pub(crate) fn dumps<T: Reduce + ?Sized>(value: &T) -> Result<Vec<u8>> {
    let mut pickler = Pickler::default();
    pickler.pickle(value)?;
    Ok(pickler.writer.into_bytes())
}

impl<'w> Pickler<'w> {
    /// A pickler that writes to `sink`, in protocol 4.
    pub fn new(sink: &'w mut dyn Write) -> Self {
        Self::with_sink(Some(sink))
    }

    /// A pickler that writes into memory, and from there to a sink, if there is one.
    fn with_sink(sink: Option<&'w mut dyn Write>) -> Self {
        Self {
            writer: Writer::new(sink),
            protocol: DEFAULT_PROTOCOL,
            fix_imports: true,
            policy: MemoPolicy::default(),
            memo: Memo::default(),
            stack: Stack::default(),
            dumping: false,
            clearing: false,
            pending: None,
            nested: 0,
            late_depth: 0,
            hashed: false,
            hooks: Hooks::default(),
            dispatching: false,
            copying: None,
            buffer_callback: None,
        }
    }

    /// Chooses the protocol, 0 to 5. [`dump`](Pickler::dump) refuses others.
    #[must_use]
    pub fn protocol(mut self, protocol: u8) -> Self {
        // What is kept there is written in another way in protocol 0.
        self.memo.classes.clear();
        self.protocol = protocol;
        self
    }

    /// Chooses the memo policy.
    #[must_use]
    pub fn memo(self, policy: MemoPolicy) -> Self {
        Self { policy, ..self }
    }

    /// Whether protocols 0 to 2 have Python 2's names for what Python 3 renamed. They do unless
    /// this says otherwise.
    #[must_use]
    pub fn fix_imports(self, fix_imports: bool) -> Self {
        Self {
            fix_imports,
            ..self
        }
    }

    /// Writes one pickle.
    ///
    /// It may refer to objects of the pickles before it: as Python's, such a pickle can only be
    /// loaded by the unpickler that has loaded those. [`clear_memo`](Pickler::clear_memo) makes the
    /// next pickle stand alone.
    ///
    /// # Errors
    ///
    /// If the value has no form in the protocol, contains itself, or is locked; or the sink
    /// fails. The memo is then empty, and the sink may have been given a part of the pickle. Also,
    /// with no effect, if this is called while the pickler is writing a pickle.
    pub fn dump<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        if !self.dumping && !self.writer.has_sink() {
            return Err(Error::custom("the pickler has no sink to dump to"));
        }
        self.pickle(value)
    }

    /// Writes one pickle to the end of a buffer, instead of to the sink.
    ///
    /// With a pickler and a buffer that are used again, small pickles take no memory of their own:
    ///
    /// ```
    /// use pickle_core::{Pickler, Reduce};
    ///
    /// #[derive(Reduce)]
    /// #[reduce(module = "app")]
    /// struct Reading {
    ///     sensor: u16,
    ///     celsius: f64,
    /// }
    ///
    /// # let mut socket: Vec<u8> = Vec::new();
    /// let mut pickler = Pickler::default().protocol(5);
    /// let mut buffer = Vec::new();
    /// for reading in [Reading { sensor: 7, celsius: 19.5 }, Reading { sensor: 8, celsius: 21.0 }] {
    ///     buffer.clear();
    ///     pickler.clear_memo(); // so that each pickle stands alone
    ///     pickler.dumps_into(&reading, &mut buffer)?;
    ///     std::io::Write::write_all(&mut socket, &buffer)?;
    /// }
    /// # let mut pickles = &socket[..];
    /// # assert_eq!(pickle_core::load::<Reading>(&mut pickles)?.sensor, 7);
    /// # assert_eq!(pickle_core::load::<Reading>(&mut pickles)?.celsius, 21.0);
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`dump`](Pickler::dump). The buffer is then as it was.
    pub fn dumps_into<T: Reduce + ?Sized>(
        &mut self,
        value: &T,
        buffer: &mut Vec<u8>,
    ) -> Result<()> {
        if self.dumping {
            return self.pickle(value);
        }
        let mut sink = None;
        self.writer.swap(buffer, &mut sink);
        let pickled = self.pickle(value);
        self.writer.swap(buffer, &mut sink);
        pickled
    }

    /// Writes one pickle of a list, whose items are not collected: with a sink, no more of them is
    /// in memory than a frame, beside what their shared pointers point to.
    ///
    /// ```
    /// use pickle_core::Pickler;
    ///
    /// let mut file = Vec::new();
    /// Pickler::new(&mut file).dump_iter((0..3).map(|number| number * number))?;
    /// assert_eq!(file, pickle_core::dumps(&[0, 1, 4])?);
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`dump`](Pickler::dump), of an item.
    pub fn dump_iter(&mut self, items: impl IntoIterator<Item: Reduce>) -> Result<()> {
        self.dump(&Once(Cell::new(Some(items))))
    }

    /// Writes one pickle to the sink, or if there is none, into memory.
    pub(super) fn pickle<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.begin_pickle()?;
        let reduced = self.reduce(value);
        self.end_pickle(reduced)
    }

    fn begin_pickle(&mut self) -> Result<()> {
        if self.protocol > HIGHEST_PROTOCOL {
            return Err(ErrorKind::UnsupportedProtocol(self.protocol.into()).into());
        }
        if self.dumping {
            return Err(Error::custom("a pickle cannot begin within another"));
        }
        self.dispatching = self.hooks.begin();
        if self.buffer_callback.is_some() {
            self.check_buffers("a buffer_callback")?;
        }
        self.stack = Stack::from_here().unwrap_or_default();
        let plain = self.policy == MemoPolicy::Shared;
        self.writer.start(self.protocol, plain);
        self.dumping = true;
        Ok(())
    }

    fn end_pickle(&mut self, reduced: Result<()>) -> Result<()> {
        let written = reduced.and_then(|()| self.writer.finish());
        self.dumping = false;
        if written.is_err() || std::mem::take(&mut self.clearing) {
            self.clear_memo();
        }
        if written.is_err() {
            self.writer.discard();
            self.clearing = false;
            self.pending = None;
            self.late_depth = 0;
            self.hashed = false;
        }
        written
    }

    /// Forgets all objects written so far. While a pickle is being written, that is put off until
    /// its end.
    pub fn clear_memo(&mut self) {
        if self.dumping {
            self.clearing = true;
            return;
        }
        self.memo.clear();
    }

    /// Writes what a reducer, or a function that gives ids, has returned.
    pub(crate) fn nested<R>(&mut self, write: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        if self.nested >= NESTED_REDUCTIONS {
            return Err(ErrorKind::NestedReductions(self.nested).into());
        }
        self.nested += 1;
        let written = write(self);
        self.nested -= 1;
        written
    }

    /// Writes one object below the one that is being written.
    ///
    /// # Errors
    ///
    /// As [`Reduce::reduce`].
    #[inline]
    pub fn save<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.with_stack(|p| p.reduce(value))
    }

    /// The same where the stack has been seen to.
    #[inline]
    pub(super) fn reduce<T: Reduce + ?Sized>(&mut self, value: &T) -> Result<()> {
        // Whether there is anything to ask for is known of most types ahead.
        if self.dispatching && value.as_any().is_some() {
            return self.dispatch(value);
        }
        value.reduce(self)
    }

    /// Whether opcodes have binary arguments: in all protocols but the first.
    pub(super) fn binary(&self) -> bool {
        self.protocol > 0
    }

    #[cold]
    pub(crate) fn unpicklable(&self, what: &'static str) -> Error {
        ErrorKind::Unpicklable {
            what,
            protocol: self.protocol,
        }
        .into()
    }
}

/// A list of items that are there only once.
struct Once<I>(Cell<Option<I>>);

impl<I: IntoIterator<Item: Reduce>> Reduce for Once<I> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.list_of(self.0.take().into_iter().flatten())
    }
}
