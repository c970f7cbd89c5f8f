//! What the programs in `examples/` share: a Python to exchange pickles with.

#![forbid(unsafe_code)]

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Fails for a Python in which the classes of `examples/python` cannot be imported.
const PROBE: &str = "import platform, dataclasses; print(platform.python_version())";

/// A Python interpreter, 3.7 or later, that can import the classes of `examples/python`.
#[derive(Debug)]
pub struct Python {
    program: OsString,
    /// As in `3.13.0`.
    pub version: String,
}

impl Python {
    /// The interpreter that the environment variable `PYTHON` names, else `python3` or `python` on
    /// the path. `None`, after saying so, if there is none that is new enough.
    #[must_use]
    pub fn find() -> Option<Self> {
        let programs = match env::var_os("PYTHON") {
            Some(program) => vec![program],
            None => vec!["python3".into(), "python".into()],
        };
        let found = programs.into_iter().find_map(|program| {
            let mut python = Self {
                program,
                version: String::new(),
            };
            let output = python.run(PROBE, b"").ok()?;
            python.version = String::from_utf8(output).ok()?.trim().to_owned();
            Some(python)
        });
        if found.is_none() {
            println!("No Python from 3.7 on is on this machine: nobody to ask.");
        }
        found
    }

    /// Runs Python code that reads `stdin`, and returns what it prints.
    ///
    /// # Errors
    ///
    /// If the interpreter cannot be started, or raises: then the error has the traceback.
    pub fn run(&self, code: &str, stdin: &[u8]) -> io::Result<Vec<u8>> {
        let mut process = Command::new(&self.program)
            .args(["-c", code])
            .env("PYTHONPATH", folder("python"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONIOENCODING", "utf-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // Code that reads nothing may be done before all is written.
        let written = process
            .stdin
            .take()
            .map_or(Ok(()), |mut pipe| pipe.write_all(stdin));
        let output = process.wait_with_output()?;
        if !output.status.success() {
            return Err(io::Error::other(
                String::from_utf8_lossy(&output.stderr).into_owned(),
            ));
        }
        written?;
        Ok(output.stdout)
    }

    /// Prints the interpreter's version, and what Python code that reads `stdin` prints.
    ///
    /// # Errors
    ///
    /// As [`run`](Python::run).
    pub fn show(&self, code: &str, stdin: &[u8]) -> io::Result<()> {
        println!("CPython {} says:", self.version);
        let printed = self.run(code, stdin)?;
        for line in String::from_utf8_lossy(&printed).lines() {
            println!("    {line}");
        }
        Ok(())
    }
}

/// A pickle in `examples/data`, which CPython made: see `examples/python/make_data.py`.
#[must_use]
pub fn data(name: &str) -> PathBuf {
    folder("data").join(format!("{name}.pickle"))
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}
