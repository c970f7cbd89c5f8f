//! `corpus/handmade.tsv`: pickles that no pickler writes, with CPython's verdicts.

use std::fs;
use std::path::Path;

use pickle_core::{DecodeErrors, Encoding, PickleBuffer, Unpickler};

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Handmade {
    /// Unique; its first word is the group.
    pub name: String,
    /// The bytes.
    pub pickle: Vec<u8>,
    /// Words for the unpickler, as `encoding=bytes`.
    pub options: Vec<String>,
    /// What the C unpickler says: `ok` and the object's `repr`, or an exception and its message.
    pub verdict: String,
    /// The same if every name is one of a class that takes any call, item and state.
    pub inert: String,
}

impl Handmade {
    /// Whether the pickle is well formed, apart from what it names.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.inert == "ok"
    }

    /// An unpickler with the row's options.
    ///
    /// # Panics
    ///
    /// If there is an option that the tests do not know.
    pub fn unpickler(&self) -> Unpickler<'static> {
        self.options
            .iter()
            .fold(Unpickler::new(), |unpickler, option| {
                with_option(unpickler, option)
            })
    }
}

/// Applies an option as the corpus words it.
///
/// # Panics
///
/// If the tests do not know the option.
pub fn with_option(unpickler: Unpickler<'static>, option: &str) -> Unpickler<'static> {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    match (name, value) {
        ("encoding", "bytes") => unpickler.encoding(Encoding::Bytes),
        ("encoding", "ASCII" | "ascii") => unpickler.encoding(Encoding::Ascii),
        ("encoding", "latin1" | "latin-1") => unpickler.encoding(Encoding::Latin1),
        ("encoding", "utf-8" | "utf8" | "UTF-8") => unpickler.encoding(Encoding::Utf8),
        ("errors", "ignore") => unpickler.errors(DecodeErrors::Ignore),
        ("errors", "replace") => unpickler.errors(DecodeErrors::Replace),
        ("errors", "surrogateescape") => unpickler.errors(DecodeErrors::SurrogateEscape),
        ("errors", "backslashreplace") => unpickler.errors(DecodeErrors::BackslashReplace),
        ("errors", "strict") => unpickler.errors(DecodeErrors::Strict),
        ("fix_imports", value) => unpickler.fix_imports(value != "0"),
        ("persistent", _) => unpickler.persistent_ids(true),
        ("buffers", value) => unpickler.buffers(value.split(',').map(|buffer| {
            let (kind, hex) = buffer
                .split_once(':')
                .expect("a buffer is written as r:HEX or w:HEX");
            let bytes = crate::corpus::unhex(hex);
            if kind == "r" {
                PickleBuffer::readonly(bytes)
            } else {
                PickleBuffer::new(bytes)
            }
        })),
        // What these name is registered elsewhere, or the reader's own business.
        ("encoding" | "ext", "") => unpickler.encoding(Encoding::Latin1),
        _ => panic!("no test knows the option {option}"),
    }
}

/// Every row.
///
/// # Panics
///
/// If the table cannot be read.
#[must_use]
pub fn handmade() -> Vec<Handmade> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/handmade.tsv");
    let table = fs::read_to_string(path).expect("the table is checked in");
    let rows = table.lines().skip(1).map(|line| {
        let mut columns = line.split('\t');
        let mut column = || columns.next().expect("a row has six columns").to_owned();
        let name = column();
        let pickle = crate::corpus::unhex(&column());
        let options = column();
        let options = match options.as_str() {
            "-" => Vec::new(),
            words => words.split(' ').map(str::to_owned).collect(),
        };
        let verdict = column();
        let _python = column();
        Handmade {
            name,
            pickle,
            options,
            verdict,
            inert: column(),
        }
    });
    rows.collect()
}
