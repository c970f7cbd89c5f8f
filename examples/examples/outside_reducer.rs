//! A reducer that is written outside the type: how a point is pickled is no business of the point.
//!
//! In Python, `reduce_point` returns `(Point, (point.x, point.y))`, and
//! `copyreg.pickle(Point, reduce_point)` registers it. Here the type names its reducer and its
//! constructor. What is written is what Python writes: a call of the class with two arguments.

use std::error::Error;
use std::{fmt, fs, io};

use pickle_core::{Reduce, Reduction, dumps, loads, pickletools};
use pickle_examples::{Python, data};

#[derive(Reduce)]
#[reduce(module = "points", with = reduce_point, constructor = Point::new)]
struct Point {
    x: i32,
    y: i32,
}

#[pickle_core::constructors]
impl Point {
    #[constructor]
    fn new(x: i32, y: i32) -> Self {
        Point { x, y }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Point({}, {})", self.x, self.y)
    }
}

/// Python: `return (Point, (point.x, point.y))`.
fn reduce_point(point: &Point) -> Reduction<'_> {
    Reduction::new(Point::new, (point.x, point.y))
}

fn main() -> Result<(), Box<dyn Error>> {
    let pickle = dumps(&Point::new(3, 4))?;
    pickletools::dis(&pickle, &mut io::stdout())?;
    let point: Point = loads(&pickle)?;
    println!("Loaded: {point}");

    let point: Point = loads(&fs::read(data("point"))?)?;
    println!("CPython wrote: {point}");

    if let Some(python) = Python::find() {
        python.show(LOAD, &pickle)?;

        let point: Point = loads(&python.run(MIRROR, &pickle)?)?;
        println!("It mirrors the point: {point}");
    }
    Ok(())
}

const LOAD: &str = "import pickle, sys; print(pickle.load(sys.stdin.buffer))";

const MIRROR: &str = "
import pickle, sys
point = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(pickle.dumps(type(point)(point.y, point.x)))
";
