//! A Rust struct that is a Python dataclass on the wire: dumped, looked at, loaded, and exchanged
//! with CPython.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader};

use pickle_core::{Reduce, dumps, load, loads, pickletools};
use pickle_examples::{Python, data};

// `module` says where Python finds the classes: in `examples/python/library.py`.

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "library")]
struct Author {
    name: String,
    born: Option<i32>,
}

// An enum without data is Python's `enum.Enum`, whose members are pickled by value.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "library", rename_all = "lowercase")]
enum Genre {
    Science,
    Fiction,
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "library")]
struct Book {
    title: String,
    author: Author,
    genre: Genre,
    isbn: Option<String>,
    ratings: BTreeMap<String, u8>,
}

/// Claims that the ratings of a `library.Book` are words. They are numbers.
#[derive(Debug, Reduce)]
#[reduce(module = "library", name = "Book", no_register)]
struct Misread {
    title: String,
    ratings: BTreeMap<String, String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let book = Book {
        title: "The Art of Computer Programming".to_owned(),
        author: Author {
            name: "Donald Knuth".to_owned(),
            born: Some(1938),
        },
        genre: Genre::Science,
        isbn: None,
        ratings: BTreeMap::from([("depth".to_owned(), 5), ("haste".to_owned(), 1)]),
    };

    let pickle = dumps(&book)?;
    println!("A book in {} bytes:", pickle.len());
    pickletools::dis(&pickle, &mut io::stdout())?;

    let loaded: Book = loads(&pickle)?;
    assert_eq!(loaded, book);
    println!("\nLoaded back, it is equal.");

    println!("\nCPython wrote these:");
    let mut file = BufReader::new(File::open(data("books"))?);
    let books: Vec<Book> = load(&mut file)?;
    for book in &books {
        println!("{book:?}");
    }

    println!("\nThe same read as something else:");
    let bytes = fs::read(data("books"))?;
    match loads::<Vec<Misread>>(&bytes) {
        Ok(books) => println!("{books:?}"),
        Err(error) => {
            println!("error: {error}");
            println!("its path: {}", error.path());
            println!("its offset: {:?}", error.offset());
        }
    }

    println!();
    if let Some(python) = Python::find() {
        // The module `library` is imported by pickle itself, as for any pickle.
        let code = "import pickle, sys; print(pickle.load(sys.stdin.buffer))";
        python.show(code, &pickle)?;
    }
    Ok(())
}
