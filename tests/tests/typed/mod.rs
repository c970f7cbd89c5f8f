//! The cases: a Rust value, and the Python expression for the same object.

pub(crate) mod by_hand;
pub(crate) mod classes;
pub(crate) mod functions;
pub(crate) mod generics;
pub(crate) mod graphs;
pub(crate) mod std_types;
pub(crate) mod versions;

use std::fmt::Debug;

use pickle_core::{ConstructOwned, Encoding, MemoPolicy, Pickler, Reduce, Result, Unpickler};
use pickle_tests::python::Version;

use crate::PYTHON_3;

type Dump = Box<dyn Fn(u8, MemoPolicy) -> Result<Vec<u8>>>;
type Load = Box<dyn Fn(&[u8], Version) -> std::result::Result<(), String>>;

/// One value that travels.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The expression for the object, under every version.
    pub(crate) python: String,
    /// What holds for the loaded object, as `obj`; else it equals the expression and looks so.
    holds: Option<String>,
    /// Whether the text of the object depends on more than its value.
    unordered: bool,
    /// The first version that has the class.
    since: Version,
    /// The lowest protocol in which Python can write it.
    written_from: u8,
    /// Whether Python writes what the Rust type is made of: in Python 2, in Python 3.
    written_by: (bool, bool),
    /// None where there is only something to load.
    pub(crate) dump: Option<Dump>,
    pub(crate) load: Load,
}

/// A value that is compared.
pub(crate) fn value<T>(python: impl Into<String>, value: T) -> Case
where
    T: Reduce + ConstructOwned + PartialEq + Debug + Clone + 'static,
{
    let expected = value.clone();
    looked_at(
        python,
        move || value.clone(),
        move |loaded: &T| same(loaded, &expected),
    )
}

/// A value that cannot be compared: `look` says what is wrong with one that was loaded.
pub(crate) fn looked_at<T, U>(
    python: impl Into<String>,
    make: impl Fn() -> T + 'static,
    look: impl Fn(&U) -> std::result::Result<(), String> + 'static,
) -> Case
where
    T: Reduce,
    U: ConstructOwned,
{
    let mut case = loaded(python, look);
    case.dump = Some(Box::new(move |protocol, policy| {
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes)
            .protocol(protocol)
            .memo(policy)
            .dump(&make())?;
        Ok(bytes)
    }));
    case
}

/// An object that is only loaded.
pub(crate) fn loaded<U: ConstructOwned>(
    python: impl Into<String>,
    look: impl Fn(&U) -> std::result::Result<(), String> + 'static,
) -> Case {
    let python = python.into();
    Case {
        name: format!(
            "`{}` as {}",
            python.chars().take(80).collect::<String>(),
            std::any::type_name::<U>()
        ),
        python,
        holds: None,
        unordered: false,
        since: Version(2, 7),
        written_from: 0,
        written_by: (true, true),
        dump: None,
        load: Box::new(move |bytes, version| {
            let mut unpickler = Unpickler::new();
            if version < PYTHON_3 {
                unpickler = unpickler.encoding(Encoding::Latin1);
            }
            let graph = unpickler.graph(bytes).map_err(|error| error.to_string())?;
            let value: U = graph.construct().map_err(|error| error.to_string())?;
            look(&value)
        }),
    }
}

/// An object that is loaded by a function, as one that borrows.
pub(crate) fn loaded_by(
    python: &str,
    load: impl Fn(&[u8]) -> std::result::Result<(), String> + 'static,
) -> Case {
    let mut case = loaded::<()>(python, |()| Ok(()));
    case.load = Box::new(move |bytes, _| load(bytes));
    case
}

impl Case {
    /// What holds for the loaded object, in Python.
    pub(crate) fn holding(mut self, expression: impl Into<String>) -> Self {
        self.holds = Some(expression.into());
        self
    }

    /// It has sets, or dicts of an order that nobody chose.
    pub(crate) fn unordered(mut self) -> Self {
        self.unordered = true;
        self
    }

    pub(crate) fn since(mut self, major: u8, minor: u8) -> Self {
        self.since = Version(major, minor);
        self
    }

    /// Python can write it from this protocol on.
    pub(crate) fn written_from(mut self, protocol: u8) -> Self {
        self.written_from = protocol;
        self
    }

    /// Python 2 writes something else, such as `str` for bytes.
    pub(crate) fn not_written_by_2(mut self) -> Self {
        self.written_by.0 = false;
        self
    }

    /// Only Python 2 writes this.
    pub(crate) fn written_by_2(mut self) -> Self {
        self.written_by.1 = false;
        self
    }

    /// Python writes it otherwise.
    pub(crate) fn not_written(mut self) -> Self {
        self.written_by = (false, false);
        self
    }

    pub(crate) fn is_evaluated(&self, version: Version, protocol: u8) -> bool {
        let writes = if version < PYTHON_3 {
            self.written_by.0
        } else {
            self.written_by.1
        };
        writes
            && version >= self.since
            && (self.written_from..=version.highest_protocol()).contains(&protocol)
    }

    pub(crate) fn is_checked(&self, version: Version, protocol: u8) -> bool {
        version >= self.since && protocol <= version.highest_protocol()
    }

    pub(crate) fn holds(&self, version: Version) -> String {
        let python = &self.python;
        match &self.holds {
            Some(holds) => holds.clone(),
            None if self.unordered || version < PYTHON_3 => {
                format!(
                    "(lambda e: obj == e and (type(obj) is type(e) or sys.version_info < (3,)))({python})"
                )
            }
            None => format!("(lambda e: obj == e and repr(obj) == repr(e))({python})"),
        }
    }
}

/// What is wrong if two values differ.
pub(crate) fn same<T: PartialEq + Debug + ?Sized>(
    found: &T,
    expected: &T,
) -> std::result::Result<(), String> {
    if found == expected {
        return Ok(());
    }
    let mut text = format!("{found:?} is not {expected:?}");
    if text.len() > 400 {
        text = text.chars().take(400).collect();
    }
    Err(text)
}

/// What is wrong if something does not hold.
pub(crate) fn that(holds: bool, what: &str) -> std::result::Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(format!("not {what}"))
    }
}
