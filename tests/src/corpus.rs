//! `corpus/manifest.tsv`: what CPython's picklers wrote.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use pickle_core::{MemoPolicy, Pickler, Unpickler};

use crate::python::{VERSIONS, Version};

const ANEW: &str = "Python makes the arguments of what contains itself anew each time it is met";

/// Of what CPython 3.13 wrote, what we dump in other bytes than it does: the beginning of family and
/// case, and why.
pub const DUMPED_OTHERWISE: &[(&str, &str)] = &[
    (
        "callable/operator.methodcaller(",
        "a call of a partial object has its arguments joined",
    ),
    ("recursive/frozenset-subclass-with-instance", ANEW),
    ("recursive/namedtuple-with-instance", ANEW),
    ("recursive/set-subclass-with-key-", ANEW),
    ("recursive/tuple-subclass-with-instance", ANEW),
    (
        "shared/text-subclass",
        "the argument of a str's subclass is a copy of the one str of a letter",
    ),
];

/// One distinct pickle.
#[derive(Clone, Debug)]
pub struct Pickled {
    /// The kind of object.
    pub family: String,
    /// Which object.
    pub case: String,
    /// The protocol it was written in.
    pub protocol: u8,
    /// Who wrote it: `C:3.6-3.13 Python:3.6` as the generator words it.
    pub makers: String,
    /// Whether the object contains itself.
    pub cyclic: bool,
    /// What a reader has to be told, worded as unpickler options.
    pub flags: Vec<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Pickled {
    /// A name for messages.
    #[must_use]
    pub fn name(&self) -> String {
        format!(
            "{}/{} in protocol {} by {}",
            self.family, self.case, self.protocol, self.makers
        )
    }

    /// Whether a pickler of this version of CPython wrote it.
    #[must_use]
    pub fn was_made_by(&self, version: Version) -> bool {
        let ranges = self
            .makers
            .split(' ')
            .filter_map(|maker| maker.split_once(':'));
        ranges
            .flat_map(|(_, ranges)| ranges.split(','))
            .any(|range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let bound = |text: &str| text.parse::<Version>().expect("it is a version");
                (bound(first)..=bound(last)).contains(&version)
            })
    }

    /// The versions of CPython whose picklers wrote it, oldest first.
    #[must_use]
    pub fn made_by(&self) -> Vec<Version> {
        VERSIONS
            .into_iter()
            .filter(|version| self.was_made_by(*version))
            .collect()
    }

    /// What an interpreter's judge has to be told to load it.
    #[must_use]
    pub fn options(&self, version: Version) -> Vec<String> {
        let flags = self.flags.iter().filter_map(|flag| match flag.as_str() {
            "ext" | "persistent" => None,
            "encoding" => Some("encoding=latin-1".to_owned()),
            flag => Some(flag.to_owned()),
        });
        if version < Version(3, 0) {
            Vec::new()
        } else {
            flags.collect()
        }
    }

    /// What our dump of it under [`MemoPolicy::All`] is, in its own protocol: CPython's bytes.
    ///
    /// # Errors
    ///
    /// If it cannot be parsed or dumped.
    pub fn dump_as_cpython(&self) -> pickle_core::Result<Vec<u8>> {
        let graph = self.unpickler().graph(&self.bytes)?;
        let mut bytes = Vec::new();
        Pickler::new(&mut bytes)
            .protocol(self.protocol)
            .memo(MemoPolicy::All)
            .fix_imports(!self.flags.iter().any(|flag| flag == "fix_imports=0"))
            .dump(&graph)?;
        Ok(bytes)
    }

    /// Whether its family and case begin as one of a table does.
    #[must_use]
    pub fn is_among(&self, table: &[(&str, &str)]) -> bool {
        let title = format!("{}/{}", self.family, self.case);
        table.iter().any(|(start, _)| title.starts_with(start))
    }

    /// An unpickler that is told what the flags say.
    pub fn unpickler(&self) -> Unpickler<'static> {
        let flags = self.flags.iter();
        flags.fold(Unpickler::new(), |unpickler, flag| {
            crate::handmade::with_option(unpickler, flag)
        })
    }
}

/// Every pickle of the corpus.
///
/// # Panics
///
/// If the corpus cannot be read.
#[must_use]
pub fn corpus() -> Vec<Pickled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).expect("it is checked in");
    let mut files: HashMap<String, Vec<u8>> = HashMap::new();
    let rows = manifest.lines().skip(1).map(|line| {
        let columns: Vec<_> = line.split('\t').collect();
        let [
            family,
            case,
            protocol,
            makers,
            cyclic,
            flags,
            offset,
            length,
        ] = columns[..]
        else {
            panic!("a row of the manifest has eight columns: {line}");
        };
        let number = |text: &str| text.parse::<usize>().expect("it is a number");
        let file = files.entry(family.to_owned()).or_insert_with(|| {
            let path = folder.join("pickles").join(format!("{family}.pickles"));
            fs::read(path).expect("a file for each family is checked in")
        });
        let start = number(offset);
        Pickled {
            family: family.to_owned(),
            case: case.to_owned(),
            protocol: protocol.parse().expect("it is a protocol"),
            makers: makers.to_owned(),
            cyclic: cyclic == "cyclic",
            flags: flags
                .split(' ')
                .filter(|flag| *flag != "-")
                .map(str::to_owned)
                .collect(),
            bytes: file[start..start + number(length)].to_vec(),
        }
    });
    rows.collect()
}

/// Bytes of hexadecimal digits.
///
/// # Panics
///
/// If the text is anything else.
#[must_use]
pub fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "an odd number of digits");
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => panic!("{digit:#04x} is not a hexadecimal digit"),
    };
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}
