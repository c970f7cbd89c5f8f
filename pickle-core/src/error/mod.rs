//! The one error type: what went wrong, where in the bytes, where in the object.
//!
//! What an error does not tell is the value it failed on beyond a short excerpt: a pickle of a
//! few bytes can stand for an object too large to print.

mod kind;
mod path;

use std::fmt;

use pickle_registry::{Conflict, LookupError};

pub use kind::ErrorKind;
pub use path::Path;
pub(crate) use path::Segment;

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an object could not be dumped or loaded.
///
/// One word in size. [`kind`](Error::kind) says what went wrong and can be matched on,
/// [`offset`](Error::offset) where in the bytes, [`path`](Error::path) where in the object; the
/// `Display` text has all three. A cause that came from elsewhere (an I/O error, a user's own
/// error) is in [`source`](std::error::Error::source) and not in the text.
///
/// ```
/// let error = pickle_core::loads::<Vec<u8>>(b"(I1\nI300\nl.").unwrap_err();
/// assert_eq!(error.offset(), Some(4));
/// assert_eq!(error.path().to_string(), "$[1]");
/// assert_eq!(error.to_string(), "300 does not fit u8 (at byte 4, in $[1])");
/// ```
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    offset: Option<u64>,
    /// Innermost segment first: each level that an error passes through adds its own.
    path: Path,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of a user's own [`Reduce`](crate::Reduce) or [`Construct`](crate::Construct).
    ///
    /// ```
    /// let error = pickle_core::Error::custom("the socket is not connected");
    /// assert_eq!(error.to_string(), "the socket is not connected");
    /// ```
    #[must_use]
    pub fn custom(message: impl fmt::Display) -> Self {
        ErrorKind::Custom(message.to_string()).into()
    }

    /// A user's own error, kept whole as this one's [`source`](std::error::Error::source).
    #[must_use]
    pub fn from_source(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        // One of this type has its own path and kind.
        match source.into().downcast::<Self>() {
            Ok(error) => *error,
            Err(source) => Self::with_source(ErrorKind::Source, source),
        }
    }

    /// An error of a kind that has a user's own error as its source.
    #[cold]
    pub(crate) fn with_source(
        kind: ErrorKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let mut error = Self::from(kind);
        error.0.source = Some(source.into());
        error
    }

    /// The same error, as one of another kind.
    #[cold]
    pub(crate) fn into_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where in the bytes: of the opcode that made the value in question. `None` when nothing was
    /// read, as when dumping.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// Where in the object.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    pub(crate) fn at_offset(mut self, offset: usize) -> Self {
        self.0.offset.get_or_insert(offset as u64);
        self
    }

    /// Forgets where in the bytes: of bytes that the caller never sees.
    #[cold]
    pub(crate) fn without_offset(mut self) -> Self {
        self.0.offset = None;
        self
    }

    /// Tells that the error came from below `segment`.
    #[must_use]
    #[cold]
    pub(crate) fn within(mut self, segment: Segment) -> Self {
        self.0.path.segments.push(segment);
        self
    }
}

impl From<ErrorKind> for Error {
    #[cold]
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Repr {
            kind,
            offset: None,
            path: Path::default(),
            source: None,
        }))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        let mut this = Self::from(ErrorKind::Io(error.kind()));
        this.0.source = Some(Box::new(error));
        this
    }
}

impl From<LookupError> for Error {
    fn from(error: LookupError) -> Self {
        ErrorKind::Lookup(error).into()
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        ErrorKind::Lookup(LookupError::Conflict(conflict)).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.kind)?;
        match (self.0.offset, self.0.path.is_root()) {
            (Some(offset), true) => write!(f, " (at byte {offset})"),
            (Some(offset), false) => write!(f, " (at byte {offset}, in {})", self.0.path),
            (None, false) => write!(f, " (in {})", self.0.path),
            (None, true) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.0.kind);
        debug
            .field("offset", &self.0.offset)
            .field("path", &format_args!("{}", self.0.path));
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
