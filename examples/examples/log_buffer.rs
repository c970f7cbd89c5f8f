//! An open file that is dropped when its owner is dumped, and opened again when that is loaded.
//!
//! In Python, `__getstate__` leaves the file handle out and `__setstate__` opens the file again, but
//! the reducer that is registered beside them returns `(LogBuffer, (filename,))` and no state: then
//! neither is called, and text that was not flushed is lost. Here the reducer returns the text, too.

use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use pickle_core::{Reduce, Reduction, dumps, loads};
use pickle_examples::{Python, TemporaryFolder};

#[derive(Reduce)]
#[reduce(
    module = "logs",
    with = reduce_log_buffer,
    constructor = LogBuffer::open,
    setstate = LogBuffer::set_buffer
)]
struct LogBuffer {
    filename: String,
    buffer: String,
    file: File,
}

#[pickle_core::constructors]
impl LogBuffer {
    #[constructor]
    fn open(filename: String) -> io::Result<Self> {
        let file = File::options().append(true).create(true).open(&filename)?;
        Ok(LogBuffer {
            filename,
            buffer: String::new(),
            file,
        })
    }

    fn set_buffer(&mut self, buffer: String) {
        self.buffer = buffer;
    }

    fn write(&mut self, message: &str) {
        self.buffer.push_str(message);
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(self.buffer.as_bytes())?;
        self.buffer.clear();
        Ok(())
    }
}

impl fmt::Display for LogBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Path::new(&self.filename).file_name().unwrap_or_default();
        write!(
            f,
            "LogBuffer({}, buffered={})",
            name.display(),
            self.buffer.len()
        )
    }
}

/// Python: `return (LogBuffer, (log.filename,), log.buffer)`.
fn reduce_log_buffer(log: &LogBuffer) -> Reduction<'_> {
    Reduction::new(LogBuffer::open, (&log.filename,)).state(&log.buffer)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = TemporaryFolder::create("log")?;
    let filename = folder.file("app.log")?;

    let mut log = LogBuffer::open(filename.clone())?;
    log.write("Line 1\n");
    log.flush()?;
    log.write("Line 2\n");
    println!("{log}");
    let mut pickle = dumps(&log)?;
    drop(log); // closes the file, and flushes nothing
    println!("The file: {:?}", fs::read_to_string(&filename)?);

    if let Some(python) = Python::find() {
        println!("CPython adds a line, flushes nothing, and dumps it again.");
        pickle = python.run(ADD, &pickle)?;
    }

    let mut restored: LogBuffer = loads(&pickle)?;
    println!("{restored}");
    restored.write("The last line\n");
    restored.flush()?;
    println!("{restored}");
    println!("The file: {:?}", fs::read_to_string(&filename)?);
    Ok(())
}

const ADD: &str = "
import pickle, sys
log = pickle.load(sys.stdin.buffer)
log.write('Line 3, of Python\\n')
sys.stdout.buffer.write(pickle.dumps(log))
";
