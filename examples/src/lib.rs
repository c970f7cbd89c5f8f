//! What the programs in `examples/` share: a Python to exchange pickles with, a folder for files,
//! and functions of scripts.

#![forbid(unsafe_code)]

pub mod recipe;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Prints the version.
const PROBE: &str = "import platform; print(platform.python_version())";

/// What most modules in `examples/python` import: Python has it from 3.7 on.
const DATACLASSES: &str = "import dataclasses";

/// A Python interpreter that can import the classes of `examples/python`.
#[derive(Debug)]
pub struct Python {
    program: OsString,
    /// As in `3.13.0`.
    pub version: String,
}

impl Python {
    /// The interpreter that the environment variable `PYTHON` names, else `python3` or `python` on
    /// the path, from 3.7 on. `None`, after saying so, if there is none that is new enough.
    #[must_use]
    pub fn find() -> Option<Self> {
        let found = Self::find_with(DATACLASSES);
        if found.is_none() {
            println!("No Python from 3.7 on is on this machine: nobody to ask.");
        }
        found
    }

    /// The same of any version, also of 2.7, for programs whose classes it can import.
    #[must_use]
    pub fn find_any() -> Option<Self> {
        let found = Self::find_with("");
        if found.is_none() {
            println!("No Python is on this machine: nobody to ask.");
        }
        found
    }

    fn find_with(imports: &str) -> Option<Self> {
        let programs = match env::var_os("PYTHON") {
            Some(program) => vec![program],
            None => vec!["python3".into(), "python".into()],
        };
        programs.into_iter().find_map(|program| {
            let mut python = Self {
                program,
                version: String::new(),
            };
            let output = python.run(&format!("{imports}\n{PROBE}"), b"").ok()?;
            python.version = String::from_utf8(output).ok()?.trim().to_owned();
            Some(python)
        })
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

/// A text in `examples/data`.
#[must_use]
pub fn text(name: &str) -> PathBuf {
    folder("data").join(format!("{name}.txt"))
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// An empty folder of this process, for as long as this is there.
#[derive(Debug)]
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// Makes one, with `name` as a part of its name.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn create(name: &str) -> io::Result<Self> {
        let name = format!("pickle-{name}-{}", std::process::id());
        let path = env::temp_dir().join(name);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// The path of a file in it, as a str, which is what pickles hold.
    ///
    /// # Errors
    ///
    /// If it is no Unicode.
    pub fn file(&self, name: &str) -> io::Result<String> {
        let path = self.0.join(name).into_os_string();
        path.into_string()
            .map_err(|path| io::Error::other(format!("{} is no Unicode", path.display())))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What is left is the system's to remove.
        let _ = fs::remove_dir_all(&self.0);
    }
}
