//! The Python interpreters of the machine, each as a judge that answers questions about pickles.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::corpus::unhex;

/// The versions of CPython that the tests ask, if they are there.
pub const VERSIONS: [Version; 9] = [
    Version(2, 7),
    Version(3, 6),
    Version(3, 7),
    Version(3, 8),
    Version(3, 9),
    Version(3, 10),
    Version(3, 11),
    Version(3, 12),
    Version(3, 13),
];

/// A minor version of CPython.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u8, pub u8);

impl Version {
    /// The highest protocol that this version reads and writes.
    #[must_use]
    pub fn highest_protocol(self) -> u8 {
        match self {
            Self(2, _) => 2,
            Self(3, ..=7) => 4,
            _ => 5,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl std::str::FromStr for Version {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self(major.parse()?, minor.parse()?))
    }
}

/// The interpreters that were found, by version: `pythonX.Y` on the path, and those of pyenv.
#[must_use]
pub fn interpreters() -> BTreeMap<Version, PathBuf> {
    let mut found = BTreeMap::new();
    let on_path = VERSIONS.map(|version| PathBuf::from(format!("python{version}")));
    for program in on_path
        .into_iter()
        .chain(of_pyenv())
        .chain(["python3".into()])
    {
        if let Some(version) = version_of(&program) {
            found.entry(version).or_insert(program);
        }
    }
    found.retain(|version, _| VERSIONS.contains(version));
    found
}

fn of_pyenv() -> Vec<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| std::env::home_dir().map(|home| home.join(".pyenv")));
    let versions = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let folders = versions.into_iter().flatten().filter_map(Result::ok);
    let mut programs: Vec<_> = folders
        .map(|folder| folder.path().join("bin/python"))
        .collect();
    programs.sort();
    programs
}

fn version_of(program: &Path) -> Option<Version> {
    let script = "import sys; print('%d.%d %s' % (sys.version_info[0], sys.version_info[1], \
                  getattr(sys, 'implementation', None) and sys.implementation.name or 'cpython'))";
    let output = Command::new(program)
        .args(["-c", script])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (version, name) = text.trim().split_once(' ')?;
    (output.status.success() && name == "cpython").then(|| version.parse().ok())?
}

/// One interpreter, running `python/judge.py`.
#[derive(Debug)]
pub struct Judge {
    version: Version,
    process: Child,
    channel: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
}

/// What the judge answers when Python raises: the exception's name and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised(pub String);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Judge {
    /// Starts the judge under an interpreter.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    #[must_use]
    pub fn start(version: Version, program: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/judge.py");
        let mut process = Command::new(program)
            .arg(script)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the interpreter was found, so it starts");
        let stdin = process.stdin.take().expect("it is piped");
        let stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        Self {
            version,
            process,
            channel: RefCell::new((stdin, stdout)),
        }
    }

    /// The interpreter's version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Asks a question, in the words of `judge.py`.
    ///
    /// # Errors
    ///
    /// If Python raises.
    ///
    /// # Panics
    ///
    /// If the interpreter is gone.
    pub fn ask(&self, words: &[&str]) -> Result<Vec<u8>, Raised> {
        let mut channel = self.channel.borrow_mut();
        let (stdin, stdout) = &mut *channel;
        let line = words.join(" ") + "\n";
        stdin.write_all(line.as_bytes()).expect("the judge reads");
        stdin.flush().expect("the judge reads");
        let mut answer = String::new();
        stdout.read_line(&mut answer).expect("the judge answers");
        let words: Vec<_> = answer.trim_end_matches('\n').split(' ').collect();
        match words[..] {
            ["ok", hex] => Ok(unhex(hex)),
            ["error", exception, hex] => {
                let message = String::from_utf8_lossy(&unhex(hex)).into_owned();
                Err(Raised(format!("{exception}: {message}")))
            }
            _ => panic!("CPython {} answered {answer:?} to {line}", self.version),
        }
    }

    /// The object that a pickle loads to, as text: the same for equal objects with equal sharing.
    ///
    /// # Errors
    ///
    /// If Python raises.
    pub fn canon(&self, options: &[String], pickle: &[u8]) -> Result<Vec<u8>, Raised> {
        self.ask(&with_options("canon", options, &[&hex(pickle)]))
    }

    fn truth(&self, words: &[&str]) -> Result<bool, Raised> {
        self.ask(words).map(|answer| answer == b"True")
    }

    /// The loaded object, pickled again by the C pickler.
    ///
    /// # Errors
    ///
    /// If Python raises.
    pub fn redump(
        &self,
        options: &[String],
        pickle: &[u8],
        protocol: u8,
    ) -> Result<Vec<u8>, Raised> {
        self.ask(&with_options(
            "redump",
            options,
            &[&hex(pickle), &protocol.to_string()],
        ))
    }

    /// The value of an expression, pickled. It sees the modules `zoo` and `geometry`.
    ///
    /// # Errors
    ///
    /// If Python raises.
    pub fn eval(&self, expression: &str, protocol: u8) -> Result<Vec<u8>, Raised> {
        self.ask(&["eval", &hex(expression.as_bytes()), &protocol.to_string()])
    }

    /// Whether an expression holds in which `obj` is the loaded object.
    ///
    /// # Errors
    ///
    /// If Python raises.
    pub fn check(&self, pickle: &[u8], expression: &str) -> Result<bool, Raised> {
        self.truth(&["check", &hex(pickle), &hex(expression.as_bytes())])
    }

    /// The text of `pickletools.dis` for pickles that follow each other, with empty annotations, and
    /// what it raised in the end.
    ///
    /// # Panics
    ///
    /// If the judge itself fails.
    #[must_use]
    pub fn dis(&self, options: &[String], pickles: &[u8]) -> (String, Option<Raised>) {
        let answer = self
            .ask(&with_options("dis", options, &[&hex(pickles)]))
            .expect("what dis raises is a part of the answer");
        let answer = String::from_utf8_lossy(&answer);
        let (text, raised) = answer.split_once('\0').expect("there are two parts");
        let raised = (!raised.is_empty()).then(|| Raised(raised.to_owned()));
        (text.to_owned(), raised)
    }

    /// What `pickletools.optimize` makes of a pickle.
    ///
    /// # Errors
    ///
    /// If Python raises.
    pub fn optimize(&self, pickle: &[u8]) -> Result<Vec<u8>, Raised> {
        self.ask(&["optimize", &hex(pickle)])
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        // It has nothing to lose.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn with_options<'a>(
    command: &'a str,
    options: &'a [String],
    arguments: &[&'a str],
) -> Vec<&'a str> {
    let options = options.iter().map(String::as_str);
    [command]
        .into_iter()
        .chain(options)
        .chain(arguments.iter().copied())
        .collect()
}

/// Hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
