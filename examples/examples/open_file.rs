//! A `File` half-way through reading: dumped as its position and contents.
//!
//! Python's open files cannot be pickled, until `copyreg.pickle` is given a reducer for their type.
//! What it returns makes a file in memory when the pickle is loaded, wherever that is: readable,
//! seekable, and at the position where the original was and still is.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};
use std::{env, fs, process};

use pickle_core::copyreg::{self, Registered};
use pickle_core::{Reduction, dumps, loads};
use pickle_examples::{Python, text};

/// What a file is loaded as.
type InMemory = Cursor<Vec<u8>>;

#[pickle_core::constructor(module = "files", name = "unpickle_file")]
fn in_memory(position: u64, contents: Vec<u8>) -> InMemory {
    let mut file = Cursor::new(contents);
    file.set_position(position);
    file
}

/// Reads all of the file, and puts it back to where it was.
fn reduce_file(mut file: &File) -> io::Result<Reduction<'_>> {
    let position = file.stream_position()?;
    let mut contents = Vec::new();
    file.rewind()?;
    let read = file.read_to_end(&mut contents);
    file.seek(SeekFrom::Start(position))?;
    read?;
    Ok(Reduction::new(in_memory, (position, contents)))
}

fn main() -> Result<(), Box<dyn Error>> {
    copyreg::pickle(reduce_file);
    let mut file = File::open(text("knuth"))?;
    let mut half = [0; 120];
    file.read_exact(&mut half)?;

    let pickle = dumps(&copyreg::registered(&file))?;
    let Registered(mut loaded) = loads::<Registered<InMemory>>(&pickle)?;
    let rest = io::read_to_string(&mut loaded)?;
    println!(
        "{} <here> {}",
        String::from_utf8_lossy(&half),
        rest.trim_end()
    );

    println!();
    println!("The original is still at {}.", file.stream_position()?);
    loaded.rewind()?;
    println!("The first line again: {}", line(&mut loaded)?);

    // A reducer may fail. Its own error is the source of the one that `dumps` returns.
    let path = env::temp_dir().join(format!("pickle-example-{}.txt", process::id()));
    let write_only = File::create(&path)?;
    if let Err(error) = dumps(&copyreg::registered(&write_only)) {
        let is_io = error
            .source()
            .is_some_and(|source| source.downcast_ref::<io::Error>().is_some());
        println!("Opened for writing alone: {error}, by an io::Error: {is_io}");
    }
    fs::remove_file(path)?;

    if let Some(python) = Python::find() {
        python.show(LOAD, &pickle)?;

        println!("It opens the file itself, reads two lines, and dumps it:");
        let Registered(mut file) = loads::<Registered<InMemory>>(&python.run(DUMP, b"")?)?;
        println!("    position {}", file.position());
        println!("    next line: {}", line(&mut file)?);
    }
    Ok(())
}

fn line(file: &mut InMemory) -> io::Result<String> {
    let mut line = String::new();
    file.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

const LOAD: &str = "
import pickle, sys
file = pickle.load(sys.stdin.buffer)
print(type(file).__name__, 'at', file.tell())
print('next line:', file.readline().decode().strip())
";

const DUMP: &str = "
import files, pickle, sys
with open(files.KNUTH, 'rb') as file:
    file.readline()
    file.readline()
    sys.stdout.buffer.write(pickle.dumps(file))
";
