//! Where in an object something went wrong.

use std::borrow::Cow;
use std::fmt;

/// Where in an object, as in `$.items[3].owner`: attributes by name, items by index, dict values
/// by key. The root is `$`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    pub(super) segments: Vec<Segment>,
}

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    Attribute(Cow<'static, str>),
    Index(usize),
    /// A dict's value, by the `repr` of its key.
    Value(String),
    /// A dict's key itself.
    Key(String),
    Argument(usize),
}

impl Path {
    /// Whether this is the object itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// The last attribute on the way, if there is one.
    #[must_use]
    pub fn attribute(&self) -> Option<&str> {
        self.segments.iter().find_map(|segment| match segment {
            Segment::Attribute(name) => Some(name.as_ref()),
            _ => None,
        })
    }
}

impl fmt::Display for Path {
    /// Long paths, as of an error 5,000 levels down, are cut in the middle.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 16;
        f.write_str("$")?;
        let hidden = self.segments.len().saturating_sub(2 * SHOWN);
        for (i, segment) in self.segments.iter().rev().enumerate() {
            if hidden > 0 && (SHOWN..SHOWN + hidden).contains(&i) {
                if i == SHOWN {
                    write!(f, "<{hidden} levels>")?;
                }
                continue;
            }
            match segment {
                Segment::Attribute(name) => write!(f, ".{}", name.escape_debug())?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Value(key) => write!(f, "[{key}]")?,
                Segment::Key(key) => write!(f, ".key({key})")?,
                Segment::Argument(index) => write!(f, ".args[{index}]")?,
            }
        }
        Ok(())
    }
}
