//! [`QualName`]: what things are called. Knows nothing of what bears the name.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// The name of a class or function: its module and its qualified name within that module.
///
/// Names are compared as pairs, never as the joined string:
///
/// ```
/// use pickle_registry::QualName;
///
/// let nested = QualName::new("a", "b.C");
/// let flat = QualName::new("a.b", "C");
/// assert_ne!(nested, flat);
/// assert_eq!(nested.to_string(), flat.to_string());
/// ```
///
/// # Display
///
/// `{}` joins the two with a dot, as Python does in its messages. `{:#}` joins them with a colon,
/// for where the pair matters. Names may come from hostile input and messages end up on terminals
/// and in logs, so both forms escape every character that is not plainly visible: controls,
/// terminal escapes, bidirectional marks, lone combining characters, and the backslash itself. The
/// length is not limited.
///
/// ```
/// # use pickle_registry::QualName;
/// assert_eq!(QualName::new("os", "path\n").to_string(), r"os.path\n");
/// assert_eq!(format!("{:#}", QualName::new("a", "b.C")), "a:b.C");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct QualName<'a> {
    module: Cow<'a, str>,
    qualname: Cow<'a, str>,
}

impl<'a> QualName<'a> {
    /// A name that borrows its parts, and can stand in a `static`.
    ///
    /// ```
    /// # use pickle_registry::QualName;
    /// static DEQUE: QualName<'static> = QualName::new("collections", "deque");
    /// assert_eq!(DEQUE.module(), "collections");
    /// ```
    pub const fn new(module: &'a str, qualname: &'a str) -> Self {
        QualName {
            module: Cow::Borrowed(module),
            qualname: Cow::Borrowed(qualname),
        }
    }

    /// A name that owns its parts.
    ///
    /// ```
    /// # use pickle_registry::QualName;
    /// let name = QualName::owned("app", format!("Point{}", 3));
    /// assert_eq!(name, QualName::new("app", "Point3"));
    /// ```
    pub fn owned(module: impl Into<String>, qualname: impl Into<String>) -> QualName<'static> {
        QualName {
            module: Cow::Owned(module.into()),
            qualname: Cow::Owned(qualname.into()),
        }
    }

    /// The module, such as `collections`.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The dotted path within the module, such as `OrderedDict` or `Outer.Inner`.
    pub fn qualname(&self) -> &str {
        &self.qualname
    }

    /// The same name, free of what it borrowed. To keep the original, `name.clone().into_owned()`
    /// copies no more than once.
    ///
    /// ```
    /// # use pickle_registry::QualName;
    /// fn remember(name: &QualName<'_>) -> QualName<'static> {
    ///     name.clone().into_owned()
    /// }
    /// # assert_eq!(remember(&QualName::new("a", "B")), QualName::new("a", "B"));
    /// ```
    pub fn into_owned(self) -> QualName<'static> {
        QualName {
            module: Cow::Owned(self.module.into_owned()),
            qualname: Cow::Owned(self.qualname.into_owned()),
        }
    }

    /// The same name, borrowing from this one.
    ///
    /// ```
    /// # use pickle_registry::QualName;
    /// let name = QualName::owned("app", "Point");
    /// assert_eq!(name.borrowed(), name);
    /// ```
    pub fn borrowed(&self) -> QualName<'_> {
        QualName::new(&self.module, &self.qualname)
    }

    /// Whether both look the same once joined with a dot.
    pub(crate) fn reads_like(&self, other: &QualName<'_>) -> bool {
        fn joined<'a>(name: &'a QualName<'_>) -> impl Iterator<Item = u8> + 'a {
            let dot = std::iter::once(b'.');
            name.module.bytes().chain(dot).chain(name.qualname.bytes())
        }
        joined(self).eq(joined(other))
    }
}

impl fmt::Display for QualName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_visibly(f, &self.module)?;
        f.write_char(if f.alternate() { ':' } else { '.' })?;
        write_visibly(f, &self.qualname)
    }
}

fn write_visibly(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for c in text.chars() {
        match c {
            // escape_debug would escape quotes too, for literals: here nothing is quoted.
            '\'' | '"' => f.write_char(c)?,
            _ => write!(f, "{}", c.escape_debug())?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::QualName;

    #[test]
    fn names_are_compared_as_pairs() {
        let nested = QualName::new("a", "b.C");
        let flat = QualName::new("a.b", "C");
        assert_ne!(nested, flat);
        assert!(nested.reads_like(&flat));
        assert!(!nested.reads_like(&QualName::new("a", "b.D")));
    }

    #[test]
    fn owned_and_borrowed_names_are_equal() {
        let name = QualName::owned("app", "Point");
        assert_eq!(name, QualName::new("app", "Point"));
        assert_eq!(name.borrowed().into_owned(), name);
    }

    #[test]
    fn what_is_not_plainly_visible_is_escaped() {
        let shown = |qualname| QualName::new("m", qualname).to_string();
        assert_eq!(shown("\u{1b}[31m"), r"m.\u{1b}[31m");
        assert_eq!(shown("a\u{202e}b"), r"m.a\u{202e}b");
        assert_eq!(shown("a\u{200b}b"), r"m.a\u{200b}b");
        assert_eq!(shown("a\0\r\n\t"), r"m.a\0\r\n\t");
        assert_eq!(shown(r"a\n"), r"m.a\\n");
        assert_eq!(
            shown("Größe, 点, 'it', \"it\""),
            "m.Größe, 点, 'it', \"it\""
        );
    }

    #[test]
    fn the_alternate_form_shows_where_a_name_is_split() {
        assert_eq!(format!("{:#}", QualName::new("a.b", "C")), "a.b:C");
        assert_eq!(format!("{:#}", QualName::new("a\n", "C")), r"a\n:C");
    }
}
