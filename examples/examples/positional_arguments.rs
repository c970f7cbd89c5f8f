//! Positional arguments that are a tuple already.
//!
//! In Python, `Vector(x, y, z)` keeps its arguments as a tuple, and its reducer returns them as they
//! are: `(Vector, v.coords)`. Here the same tuple is the arguments of `Vector::new`, and that it fits
//! the function's parameters is checked by the compiler.
//!
//! ```compile_fail
//! Reduction::new(Vector::new, (1, 2)); // error: function is expected to take 2 arguments, but it takes 3 arguments
//! ```

use std::error::Error;
use std::fs;

use pickle_core::{Reduce, Reduction, dumps, loads};
use pickle_examples::{Python, data};

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "vectors", with = reduce_vector, constructor = Vector::new)]
struct Vector {
    coords: (i64, i64, i64),
}

#[pickle_core::constructors]
impl Vector {
    #[constructor]
    fn new(x: i64, y: i64, z: i64) -> Self {
        Vector { coords: (x, y, z) }
    }
}

/// Python: `return (Vector, v.coords)`.
fn reduce_vector(v: &Vector) -> Reduction<'_> {
    Reduction::new(Vector::new, v.coords)
}

fn main() -> Result<(), Box<dyn Error>> {
    let v = Vector::new(1, 2, 3);
    let pickle = dumps(&v)?;
    let loaded: Vector = loads(&pickle)?;
    assert_eq!(loaded, v);
    println!("{loaded:?}");

    let vectors: Vec<Vector> = loads(&fs::read(data("vectors"))?)?;
    println!("CPython wrote: {vectors:?}");

    // The arguments in a pickle are checked, too: this one calls Vector(1, 2).
    match loads::<Vector>(b"cvectors\nVector\n(I1\nI2\ntR.") {
        Ok(vector) => println!("{vector:?}, of two arguments"),
        Err(error) => println!("error: {error}"),
    }

    if let Some(python) = Python::find() {
        python.show(LOAD, &pickle)?;

        let cross: Vector = loads(&python.run(CROSS, &dumps(&vectors)?)?)?;
        println!("It multiplies its own two: {cross:?}");
    }
    Ok(())
}

const LOAD: &str = "import pickle, sys; print(pickle.load(sys.stdin.buffer))";

const CROSS: &str = "
import pickle, sys
v, w = pickle.load(sys.stdin.buffer)
(a, b, c), (d, e, f) = v.coords, w.coords
product = type(v)(b * f - c * e, c * d - a * f, a * e - b * d)
sys.stdout.buffer.write(pickle.dumps(product))
";
