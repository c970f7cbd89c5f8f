//! Loads and calls the functions that `code_dump` wrote, and those that CPython did.
//!
//! As in Python's recipe, this program does not name what `code_dump` imports. There, the pickle
//! says what to import. Here, what it may call has to be linked in.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use pickle_core::copyreg::Registered;
use pickle_core::{Function, loads};
use pickle_examples as _;
use rhai::{AST, Engine, Func};

/// What the function by name is, a Rust one.
type OfText = fn(&str) -> String;

const FROM_CPYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/functions.pickle");

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).map(Into::into);
    let path = path.unwrap_or_else(|| env::temp_dir().join("pickle-example-functions.pickle"));
    println!("From code_dump:");
    call(&path)?;
    println!("From CPython:");
    call(FROM_CPYTHON.as_ref())
}

fn call(path: &Path) -> Result<(), Box<dyn Error>> {
    let pickle = fs::read(path)?;
    let (Registered(code), shout): (Registered<AST>, Function<OfText>) = loads(&pickle)?;
    let name = code
        .iter_functions()
        .next()
        .map_or("", |function| function.name);
    println!("    {name}, by value, and {}, by name", shout.name());
    let greet = Func::<(&str,), String>::create_from_ast(Engine::new(), code.clone(), name);
    println!("    {}", greet("world")?);
    println!("    {}", shout(&greet("world")?));
    Ok(())
}
