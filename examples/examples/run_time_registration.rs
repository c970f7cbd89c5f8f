//! Registration at run time: Python's `copyreg.pickle(type, function, constructor)`.
//!
//! `copy` and `dumps` ask the same reducer, so that `pickling a C instance...` is printed once for
//! each. A reducer of a type comes before the one that the type was linked with; a Pickler's own
//! table replaces the global one. Where Python raises a TypeError for what is not callable, the
//! compiler does, which also sees to it that the constructor makes the type:
//!
//! ```compile_fail
//! copyreg::pickle_with(pickle_c, QualName::new("instances", "C"), 3)?;
//! // error: `{integer}` is no constructor of `C`
//! copyreg::pickle_with(pickle_c, QualName::new("instances", "C"), D::new)?;
//! // error: `fn(i32) -> D {D::new}` is no constructor of `C`
//! ```

use std::error::Error;
use std::fs;

use pickle_core::copyreg::{self, Registered};
use pickle_core::{DispatchTable, Pickler, QualName, Reduce, Reduction, copy, dumps, loads};
use pickle_examples::{Python, data};

/// Derives nothing, as a type of another crate.
#[derive(Debug, PartialEq)]
struct C {
    a: i32,
}

impl C {
    fn new(a: i32) -> Self {
        C { a }
    }
}

/// Python: `return C, (c.a,)`.
fn pickle_c(c: &C) -> Reduction<'_> {
    println!("pickling a C instance...");
    Reduction::new(C::new, (c.a,))
}

/// Has been registered when `main` begins.
#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "instances", with = pickle_d, constructor = D::new)]
struct D {
    a: i32,
}

#[pickle_core::constructors]
impl D {
    #[constructor]
    fn new(a: i32) -> Self {
        D { a }
    }
}

fn pickle_d(d: &D) -> Reduction<'_> {
    println!("pickling a D instance...");
    Reduction::new(D::new, (d.a,))
}

fn pickle_doubled(d: &D) -> Reduction<'_> {
    println!("pickling a D instance, doubled...");
    Reduction::new(D::new, (2 * d.a,))
}

fn pickle_hidden(_: &D) -> Reduction<'_> {
    println!("pickling a D instance, hidden...");
    Reduction::new(D::new, (0,))
}

fn main() -> Result<(), Box<dyn Error>> {
    let c = Registered(C::new(1)); // a C as something that can be pickled, if that is registered
    show_error(dumps(&c));

    let name = QualName::new("instances", "C");
    copyreg::pickle_with(pickle_c, name.clone(), C::new)?;
    let d = copy::copy(&c)?;
    println!("{d:?}");
    let p = dumps(&c)?;
    println!("{}", p.escape_ascii());
    assert_eq!(loads::<Registered<C>>(&p)?, c);
    println!("{:?}", copy::deepcopy(&vec![c, d])?);

    let instances: Vec<Registered<C>> = loads(&fs::read(data("instances"))?)?;
    println!("CPython wrote: {instances:?}");

    println!("\nBefore what is linked comes what is registered at run time:");
    let d = D::new(21);
    println!("{:?}", copy::copy(&d)?);
    copyreg::pickle(pickle_doubled);
    println!("{:?}", copy::copy(&d)?);

    println!("\nBefore that comes a Pickler's own table:");
    let mut table = DispatchTable::new();
    table.pickle(pickle_hidden);
    let mut pickle = Vec::new();
    Pickler::new(&mut pickle)
        .dispatch_table(table.clone())
        .dump(&d)?;
    println!("{:?}", loads::<D>(&pickle)?);
    // It replaces the global one, which knows of C. A copy of that, with more in it, does not.
    let c = Registered(C::new(2));
    show_error(Pickler::new(&mut Vec::new()).dispatch_table(table).dump(&c));
    let mut table = copyreg::dispatch_table();
    table.pickle(pickle_hidden);
    Pickler::new(&mut Vec::new())
        .dispatch_table(table)
        .dump(&(c, d))?;

    println!("\nWhat is registered at run time can be removed:");
    assert!(copyreg::remove::<C>() && copyreg::remove::<D>());
    show_error(dumps(&Registered(C::new(3))));
    println!("{:?}", copy::copy(&D::new(22))?);
    assert!(copyreg::remove_constructor(&name));
    show_error(loads::<Registered<C>>(&p));

    if let Some(python) = Python::find() {
        python.show(LOAD, &[p, dumps(&D::new(5))?].concat())?;
    }
    Ok(())
}

fn show_error<T>(result: pickle_core::Result<T>) {
    match result {
        Ok(_) => println!("no error, of all things"),
        Err(error) => println!("error: {error}"),
    }
}

const LOAD: &str = "
import copy, pickle, sys
c = pickle.load(sys.stdin.buffer)
d = copy.copy(c)
print(d)
p = pickle.dumps(c)
print(pickle.loads(p) == c)
# Tables are asked for the exact type: the reducer of C is none of its subclass D.
print(copy.copy(pickle.load(sys.stdin.buffer)))
";
