//! Short descriptions of nodes, for errors: never a whole value, and nothing unescaped.

use std::borrow::Cow;
use std::fmt;

use super::Graph;
use super::view::{Entries, Items, NodeRef, Object, View};
use crate::bigint;
use crate::repr;

/// How many characters of a str are shown.
const SHOWN: usize = 32;
/// How many digits of an int are shown in decimal.
const DIGITS: usize = 40;

impl NodeRef<'_> {
    /// Type and, if it is short, value: `int 300`, `list of 3 items`, `geometry.Point instance`.
    pub(crate) fn describe(self) -> String {
        match self.view() {
            View::None => "None".to_owned(),
            View::Tuple(items) | View::List(items) | View::Set(items) | View::FrozenSet(items) => {
                format!("{} of {}", self.type_name(), count(items.len(), "item"))
            }
            View::Dict(entries) => format!("dict of {}", count(entries.len(), "entry")),
            View::Global(name) => format!("the global {name}"),
            View::Object(object) => format!("{} instance", object.class()),
            View::Persistent(_) => "a persistent id".to_owned(),
            _ => format!("{} {}", self.type_name(), self.repr()),
        }
    }

    /// The value as Python's `repr` would start: shortened, and for containers only the type.
    pub(crate) fn repr(self) -> String {
        match self.view() {
            View::None => "None".to_owned(),
            View::Bool(true) => "True".to_owned(),
            View::Bool(false) => "False".to_owned(),
            View::Int(value) => value.to_string(),
            View::BigInt(bytes) => shortened(&bigint::to_text(bytes, DIGITS), 2 * DIGITS),
            View::Float(value) => written(|out| repr::write_float(out, value)),
            View::Str(text) => written(|out| repr::write_str(out, &text_excerpt(text))),
            View::Surrogates(bytes) => {
                written(|out| repr::write_surrogates(out, &bytes_excerpt(bytes)))
            }
            View::Bytes(bytes) => written(|out| repr::write_bytes(out, &bytes_excerpt(bytes))),
            View::ByteArray(bytes) => {
                written(|out| repr::write_bytearray(out, &bytes_excerpt(bytes)))
            }
            View::Buffer(buffer) => format!("buffer of {}", count(buffer.as_bytes().len(), "byte")),
            _ => self.describe(),
        }
    }

    /// The beginning of a str, as it is: whoever shows it has to escape it. Another node's `repr`.
    pub(crate) fn name(self) -> String {
        match self.view() {
            View::Str(text) => text_excerpt(text).into_owned(),
            _ => self.repr(),
        }
    }
}

fn written(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut out = String::new();
    write(&mut out).expect("writing into a String does not fail");
    out
}

fn text_excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn bytes_excerpt(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes.get(..SHOWN) {
        Some(shown) if bytes.len() > SHOWN => Cow::Owned([shown, b"..."].concat()),
        _ => Cow::Borrowed(bytes),
    }
}

fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn count(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        (_, None) => format!("{n} {noun}s"),
    }
}

/// One level: [`View`] and [`Graph`](super::Graph) show more.
impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {}", self.id().0, self.describe())
    }
}

impl fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object")
            .field("class", &format_args!("{}", self.class()))
            .field("args", &self.args())
            .field("kwargs", &self.kwargs())
            .field("states", &self.states().collect::<Vec<_>>())
            .field("items", &self.items())
            .field("added", &self.added())
            .field("entries", &self.entries())
            .finish()
    }
}

/// A line for each object that can be reached from the root, and each object once: others refer to
/// it by number. Long strs, bytes and ints are shortened.
///
/// ```
/// let graph = pickle_core::Graph::parse(b"(I1\n(dq\0S'a'\nh\0sl.")?;
/// assert_eq!(
///     format!("{graph:?}"),
///     "Graph of 4 nodes\n\
///      #3 list of 2 items: 1, #1\n\
///      #1 dict of 1 entry: 'a': #1",
/// );
/// # Ok::<(), pickle_core::Error>(())
/// ```
impl fmt::Debug for Graph<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph of {}", count(self.len(), "node"))?;
        let mut lines = Lines {
            seen: vec![false; self.len()],
            pending: Vec::new(),
        };
        lines.refer(self.root());
        if lines.pending.is_empty() {
            write!(f, "\n#{} {}", self.root.0, self.root().describe())?;
        }
        while let Some(node) = lines.pending.pop() {
            let before = lines.pending.len();
            lines.line(node, f)?;
            // The first one mentioned is to come first.
            lines.pending[before..].reverse();
        }
        Ok(())
    }
}

/// What has been mentioned, and which of that has still to be shown.
struct Lines<'a> {
    seen: Vec<bool>,
    pending: Vec<NodeRef<'a>>,
}

impl<'a> Lines<'a> {
    /// What stands for a node in the line of another: its number, or all of it if it has no parts.
    fn refer(&mut self, node: NodeRef<'a>) -> String {
        let has_parts = matches!(
            node.view(),
            View::Tuple(_)
                | View::List(_)
                | View::Set(_)
                | View::FrozenSet(_)
                | View::Dict(_)
                | View::Object(_)
                | View::Persistent(_)
        );
        if !has_parts {
            return node.repr();
        }
        let id = node.id();
        if !std::mem::replace(&mut self.seen[id.index()], true) {
            self.pending.push(node);
        }
        format!("#{}", id.0)
    }

    fn line(&mut self, node: NodeRef<'a>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n#{} {}", node.id().0, node.describe())?;
        let mut parts = Vec::new();
        match node.view() {
            View::Tuple(items) | View::List(items) | View::Set(items) | View::FrozenSet(items) => {
                parts.extend(items.map(|item| self.refer(item)));
            }
            View::Dict(entries) => parts.extend(self.entries(entries, ": ")),
            View::Object(object) => self.parts(&object, &mut parts),
            View::Persistent(id) => parts.push(self.refer(id)),
            _ => {}
        }
        let mut separator = ": ";
        for part in parts {
            write!(f, "{separator}{part}")?;
            separator = ", ";
        }
        Ok(())
    }

    fn parts(&mut self, object: &Object<'a>, parts: &mut Vec<String>) {
        parts.extend(object.args().map(|arg| self.refer(arg)));
        parts.extend(self.entries(object.kwargs(), "="));
        if let Some((class, value)) = object.base() {
            parts.push(format!("base {class} of {}", self.refer(value)));
        }
        parts.extend(
            object
                .items()
                .map(|item| format!("append {}", self.refer(item))),
        );
        parts.extend(
            object
                .added()
                .map(|item| format!("add {}", self.refer(item))),
        );
        for (key, value) in object.entries() {
            parts.push(format!("set {}: {}", self.refer(key), self.refer(value)));
        }
        parts.extend(
            object
                .states()
                .map(|state| format!("state {}", self.refer(state))),
        );
        for setter in object.setters() {
            let (callable, state) = (self.refer(setter.callable), self.refer(setter.state));
            parts.push(format!("state {state} by {callable}"));
        }
    }

    fn entries(&mut self, entries: Entries<'a>, between: &str) -> Vec<String> {
        entries
            .map(|(key, value)| format!("{}{between}{}", self.refer(key), self.refer(value)))
            .collect()
    }
}
