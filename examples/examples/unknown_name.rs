//! Names that the receiving end does not know.
//!
//! Python imports the module that a pickle names, and an error says what was not found. Here every
//! name is looked up among those that are linked in or were added at run time, before anything is
//! made. The error says which name it was, where it stands, which known ones resemble it, and what
//! may be missing. All of it can be asked for, too.

use std::error::Error;
use std::fs;

use pickle_core::{
    Error as PickleError, ErrorKind, LookupError, QualName, Reduce, copyreg, dumps, loads, object,
};
use pickle_examples::{Python, data};

#[object]
trait Filter {
    fn apply(&self, text: &str) -> String;
}

#[derive(Reduce)]
#[reduce(module = "filters")]
struct Upper;

#[object]
impl Filter for Upper {
    fn apply(&self, text: &str) -> String {
        text.to_uppercase()
    }
}

#[derive(Reduce)]
#[reduce(module = "filters")]
struct Reverse;

#[object]
impl Filter for Reverse {
    fn apply(&self, text: &str) -> String {
        text.chars().rev().collect()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // Python's filters.Reversed is spelt otherwise here.
    let reversed = fs::read(data("reversed"))?;
    apply("CPython's filters", &reversed);
    // Python's rot13.Rot13 would be in a plugin, which this program does not have.
    apply(
        "CPython's filters and one of a plugin",
        &fs::read(data("rot13"))?,
    );

    // `#[reduce(alias = "filters:Reversed")]` on the type would do the same.
    copyreg::constructor::<Reverse, _>(QualName::new("filters", "Reversed"), || Reverse)?;
    apply(
        "The first ones again, now that the name is known",
        &reversed,
    );

    if let Some(python) = Python::find() {
        println!("It has no filters.Reverse:");
        python.show(TRY, &dumps(&Reverse)?)?;
    }
    Ok(())
}

fn apply(title: &str, pickle: &[u8]) {
    println!("{title}:");
    match loads::<Vec<Box<dyn Filter>>>(pickle) {
        Ok(filters) => {
            let text = "Stressed".to_owned();
            let text = filters
                .iter()
                .fold(text, |text, filter| filter.apply(&text));
            println!("    {text}");
        }
        Err(error) => explain(&error),
    }
}

fn explain(error: &PickleError) {
    println!("    error: {error}");
    if let ErrorKind::Lookup(LookupError::Unknown { name, near }) = error.kind() {
        println!(
            "    module: {}, qualname: {}",
            name.module(),
            name.qualname()
        );
        println!("    offset: {:?}, path: {}", error.offset(), error.path());
        for near in near {
            println!("    perhaps {near}");
        }
    }
}

const TRY: &str = "
import pickle, sys
try:
    pickle.load(sys.stdin.buffer)
except AttributeError as error:
    print('AttributeError: ' + str(error).partition(' on ')[0])
";
