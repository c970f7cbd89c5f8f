//! Registered functions: called, with positional and keyword arguments, and as values.

#![allow(
    clippy::needless_pass_by_value,
    reason = "signatures are what is tested"
)]

use pickle_core::{Function, QualName, Reduce, Reduction, TypeOf};

use super::{Case, value};
use pickle_tests::geometry::Point;

pickle_core::module!("functions");

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(with = reduce_connection)]
struct Connection {
    host: String,
    port: u16,
    timeout: Option<f64>,
}

#[pickle_core::constructor]
fn connect(host: &str, #[default(5432)] port: u16, timeout: Option<f64>) -> Connection {
    let host = host.to_owned();
    Connection {
        host,
        port,
        timeout,
    }
}

fn reduce_connection(c: &Connection) -> Reduction<'_> {
    Reduction::new(connect, (&c.host, c.port, c.timeout))
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(with = reduce_lazy)]
struct Lazy(Connection);

#[pickle_core::constructor]
fn connect_lazily(host: &str, #[default(5432)] port: u16, timeout: Option<f64>) -> Lazy {
    Lazy(connect(host, port, timeout))
}

fn reduce_lazy(lazy: &Lazy) -> Reduction<'_> {
    let function = QualName::new("functions", "connect_lazily");
    Reduction::call(function, (&lazy.0.host,)).kwarg("timeout", lazy.0.timeout)
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(with = reduce_grid)]
struct Grid(Vec<u8>);

#[pickle_core::constructors]
impl Grid {
    #[constructor]
    fn of_zeros(size: usize) -> Self {
        Self(vec![0; size])
    }
}

fn reduce_grid(grid: &Grid) -> Reduction<'_> {
    Reduction::new(Grid::of_zeros, (grid.0.len(),))
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(with = reduce_stamp)]
struct Stamp {
    seconds: u32,
}

#[pickle_core::constructors]
impl Stamp {
    #[constructor]
    fn from_minutes(minutes: u32) -> Result<Self, &'static str> {
        let seconds = minutes.checked_mul(60).ok_or("too late")?;
        Ok(Self { seconds })
    }
}

fn reduce_stamp(stamp: &Stamp) -> Reduction<'_> {
    Reduction::new(Stamp::from_minutes, (stamp.seconds / 60,))
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(with = reduce_note)]
struct Note {
    text: String,
    author: String,
}

#[pickle_core::constructor]
fn note(#[default] text: String, #[default] author: String) -> Note {
    Note { text, author }
}

#[pickle_core::state_setter]
fn set_text(note: &mut Note, (text, author): (String, String)) {
    *note = Note { text, author };
}

fn reduce_note(note: &Note) -> Reduction<'_> {
    let reduction = Reduction::call(QualName::new("functions", "note"), ());
    reduction
        .state((&note.text, &note.author))
        .state_setter(set_text)
}

#[pickle_core::function]
fn double(x: i32) -> i32 {
    2 * x
}

#[pickle_core::function]
fn length(text: &str) -> usize {
    text.len()
}

fn text(n: u8) -> String {
    format!("host\n\\{n}")
}

pub(crate) fn calls() -> Vec<Case> {
    let python = |call: &str| format!("__import__('functions').{call}");
    let connection = |timeout| Connection {
        host: text(1),
        port: 5432,
        timeout,
    };
    vec![
        value(python(r"connect(u'host\n\\1')"), connection(None)),
        value(
            python(r"connect(u'host\n\\1', timeout=0.5)"),
            connection(Some(0.5)),
        ),
        value(
            python(r"connect_lazily(u'host\n\\1', timeout=0.5)"),
            Lazy(connection(Some(0.5))),
        ),
        value(
            format!("[{0}, {0}]", python(r"connect(u'host\n\\1')")),
            vec![connection(None); 2],
        ),
        // Python 2 cannot name what is in a class.
        value(python("Grid.of_zeros(3)"), Grid(vec![0; 3])).not_written_by_2(),
        value(python("Stamp(120)"), Stamp { seconds: 120 }).not_written_by_2(),
        value(
            python("Note(u'a text', u'an author')"),
            Note {
                text: "a text".to_owned(),
                author: "an author".to_owned(),
            },
        ),
    ]
}

pub(crate) fn values() -> Vec<Case> {
    let double = Function::<fn(i32) -> i32>::new(double).expect("it is registered");
    let length = Function::<fn(&str) -> usize>::new(length).expect("it is registered");
    vec![
        value("__import__('functions').double", double),
        value("__import__('functions').length", length),
        value(
            "(lambda f: [f, f])(__import__('functions').double)",
            vec![double; 2],
        ),
        value("geometry.Point", TypeOf::<Point>::new()),
        value(
            "[geometry.Point, geometry.Point]",
            vec![TypeOf::<Point>::new(); 2],
        ),
        value(
            "__import__('functions').Grid",
            QualName::new("functions", "Grid"),
        ),
        value(
            "__import__('functions').Grid.of_zeros",
            QualName::new("functions", "Grid.of_zeros"),
        )
        .not_written_by_2(),
        value("len", QualName::new("builtins", "len")),
        value(
            "__import__('functools').partial",
            QualName::new("functools", "partial"),
        ),
        value(
            "__import__('collections').deque",
            QualName::new("collections", "deque"),
        ),
    ]
}
