//! CPython as a contestant: a process that runs `python/contestant.py`.

use std::cell::{Cell, RefCell};
use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::sync::LazyLock;
use std::time::Duration;

/// The environment variable that names the interpreter to use.
const VARIABLE: &str = "PICKLE_PYTHON";

/// Prints the version, if the interpreter is a CPython that has the C pickler.
const PROBE: &str = "import sys, platform, _pickle\n\
                     assert sys.implementation.name == 'cpython' and sys.version_info >= (3, 8)\n\
                     print(platform.python_version())";

/// How CPython dumps a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As it is.
    Plain,
    /// As a `PickleBuffer` of it, with a `buffer_callback`.
    OutOfBand,
    /// As what JSON text makes, which it is given instead of a pickle.
    Json,
}

/// Which pickle CPython loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The one that it dumped itself.
    Own,
    /// The one that it was given.
    Ours,
}

/// A CPython that waits for tasks.
pub(crate) struct Python {
    version: String,
    process: RefCell<Child>,
    channel: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    tasks: Cell<u32>,
}

impl Python {
    /// Starts the interpreter that `PICKLE_PYTHON` names, or else the newest on the path and among
    /// those of pyenv. If there is none, says why.
    pub(crate) fn start() -> Result<Rc<Self>, String> {
        let (program, version) = FOUND.as_ref().map_err(Clone::clone)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/contestant.py");
        let mut process = Command::new(program)
            .arg("-B")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", program.display()))?;
        let (stdin, stdout) = (process.stdin.take(), process.stdout.take());
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
            return Err("its pipes are missing".to_owned());
        };
        Ok(Rc::new(Self {
            version: version.clone(),
            process: RefCell::new(process),
            channel: RefCell::new((stdin, BufReader::new(stdout))),
            tasks: Cell::new(0),
        }))
    }

    /// The version, such as `3.13.0`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Sends a question, and reads the answer: the rest of its first line, and what bytes follow.
    fn ask(&self, question: &str, payload: &[u8]) -> Result<Answer, String> {
        self.exchange(question, payload)
            .unwrap_or_else(|error| Err(format!("CPython is gone: {error}")))
    }

    fn exchange(&self, question: &str, payload: &[u8]) -> io::Result<Result<Answer, String>> {
        let (stdin, stdout) = &mut *self.channel.borrow_mut();
        writeln!(stdin, "{question} {}", payload.len())?;
        stdin.write_all(payload)?;
        stdin.flush()?;
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let mut words = line.trim_end().splitn(3, ' ');
        let (verdict, len) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let text = words.next().unwrap_or("").to_owned();
        let len = len.parse().map_err(io::Error::other)?;
        let mut bytes = vec![0; len];
        stdout.read_exact(&mut bytes)?;
        Ok(match verdict {
            "ok" => Ok(Answer { text, bytes }),
            _ => Err(text),
        })
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It ends by itself when its input does; if it is gone already, all the better.
        let _ = self.ask("quit", b"");
        let _ = self.process.get_mut().wait();
    }
}

struct Answer {
    text: String,
    bytes: Vec<u8>,
}

impl Answer {
    fn duration(&self) -> Duration {
        Duration::from_nanos(
            self.text
                .parse()
                .expect("the script answers with nanoseconds"),
        )
    }
}

/// A value that CPython keeps.
pub(crate) struct Task {
    python: Rc<Python>,
    number: u32,
}

impl Task {
    /// Has CPython load a pickle, or JSON, and keep the value and the pickle. The error is what it
    /// raised.
    pub(crate) fn new(python: &Rc<Python>, pickle: &[u8], mode: Mode) -> Result<Self, String> {
        let number = python.tasks.get();
        python.tasks.set(number + 1);
        let mode = match mode {
            Mode::Plain => "plain",
            Mode::OutOfBand => "out_of_band",
            Mode::Json => "json",
        };
        python.ask(&format!("take {number} {mode}"), pickle)?;
        Ok(Self {
            python: Rc::clone(python),
            number,
        })
    }

    /// Gives it another pickle of the value than the one that it loaded.
    pub(crate) fn give(&self, pickle: &[u8]) -> Result<(), String> {
        self.python.ask(&format!("give {}", self.number), pickle)?;
        Ok(())
    }

    /// Has it dump the value, and keep the pickle.
    pub(crate) fn dump(&self) -> Result<Vec<u8>, String> {
        let answer = self.python.ask(&format!("dump {}", self.number), b"")?;
        Ok(answer.bytes)
    }

    /// How long it takes to dump the value a number of times.
    pub(crate) fn time_dump(&self, times: usize) -> Duration {
        self.time(&format!("time_dump {} {times}", self.number))
    }

    /// How long it takes to load a pickle of the value a number of times.
    pub(crate) fn time_load(&self, origin: Origin, times: usize) -> Duration {
        let origin = match origin {
            Origin::Own => "own",
            Origin::Ours => "ours",
        };
        self.time(&format!("time_load {} {origin} {times}", self.number))
    }

    fn time(&self, question: &str) -> Duration {
        self.python
            .ask(question, b"")
            .expect("it did the same before")
            .duration()
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        // Only memory is lost if it fails.
        let _ = self.python.ask(&format!("forget {}", self.number), b"");
    }
}

/// The interpreter to use, and its version. To look for it takes longer than some workloads.
static FOUND: LazyLock<Result<(PathBuf, String), String>> = LazyLock::new(find);

/// Has a child use the same interpreter, without looking for it.
pub(crate) fn pass_on(command: &mut Command) {
    if let Ok((program, _)) = &*FOUND {
        command.env(VARIABLE, program);
    }
}

fn find() -> Result<(PathBuf, String), String> {
    if let Some(program) = env::var_os(VARIABLE) {
        let program = PathBuf::from(program);
        return match probe(&program) {
            Some(version) => Ok((program, version)),
            None => Err(format!("{VARIABLE} names no CPython of 3.8 or later")),
        };
    }
    let on_path = (8..=14).map(|minor| PathBuf::from(format!("python3.{minor}")));
    on_path
        .chain(["python3".into()])
        .chain(of_pyenv())
        .filter_map(|program| probe(&program).map(|version| (program, version)))
        .max_by_key(|(_, version)| numbers(version))
        .ok_or_else(|| "no CPython of 3.8 or later was found".to_owned())
}

fn of_pyenv() -> impl Iterator<Item = PathBuf> {
    let root = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| env::home_dir().map(|home| home.join(".pyenv")));
    let versions = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    versions
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|folder| folder.path().join("bin/python"))
}

fn probe(program: &Path) -> Option<String> {
    let output = Command::new(program)
        .args(["-c", PROBE])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| version.trim().to_owned())
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}
