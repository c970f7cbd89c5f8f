//! Trait objects: the pickle names a class, and what is loaded is the Rust type that has that name
//! and implements the trait.

use std::error::Error;
use std::f64::consts::PI;
use std::fs;

use pickle_core::{ErrorKind, Reduce, dumps, loads, object};
use pickle_examples::{Python, data};

// On the trait, `#[object]` makes `Box<dyn Shape>` and the like something that can be dumped and
// loaded. On an impl, it adds the type to those that are loaded as a `dyn Shape`.
#[object]
trait Shape {
    fn area(&self) -> f64;
}

#[derive(Reduce)]
#[reduce(module = "shapes")]
struct Circle {
    radius: f64,
}

#[object]
impl Shape for Circle {
    fn area(&self) -> f64 {
        PI * self.radius * self.radius
    }
}

#[derive(Reduce)]
#[reduce(module = "shapes")]
struct Square {
    side: f64,
}

#[object]
impl Shape for Square {
    fn area(&self) -> f64 {
        self.side * self.side
    }
}

/// A class that is no shape.
#[derive(Debug, Reduce)]
#[reduce(module = "shapes")]
struct Label {
    text: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let shapes: Vec<Box<dyn Shape>> = vec![
        Box::new(Circle { radius: 1.0 }),
        Box::new(Square { side: 2.0 }),
    ];
    let pickle = dumps(&shapes)?;
    println!("From Rust:");
    print_areas(&pickle)?;

    println!("From CPython:");
    print_areas(&fs::read(data("shapes"))?)?;

    println!("Not every class will do:");
    for name in ["triangle", "label"] {
        match print_areas(&fs::read(data(name))?) {
            Ok(()) => println!("    {name}: all of it is shapes"),
            Err(error) => {
                let why = match error.kind() {
                    ErrorKind::Lookup(_) => "an unknown class",
                    ErrorKind::NotOfTrait { .. } => "a class of another kind",
                    _ => "something else",
                };
                println!("    {name}: {why}");
                println!("        {error}");
            }
        }
    }

    let label: Label = loads(&dumps(&Label {
        text: "as itself, the label loads".to_owned(),
    })?)?;
    println!("{label:?}");

    if let Some(python) = Python::find() {
        let code = "import pickle, sys\n\
                    for shape in pickle.load(sys.stdin.buffer):\n    \
                        print(shape, '%.3f' % shape.area())";
        python.show(code, &pickle)?;

        let code = "import pickle, sys\n\
                    shapes = pickle.load(sys.stdin.buffer)\n\
                    shapes[0].radius *= 2\n\
                    sys.stdout.buffer.write(pickle.dumps(shapes[::-1]))";
        println!("It doubles the circle, and returns the shapes in reverse:");
        print_areas(&python.run(code, &pickle)?)?;
    }
    Ok(())
}

fn print_areas(pickle: &[u8]) -> pickle_core::Result<()> {
    let shapes: Vec<Box<dyn Shape>> = loads(pickle)?;
    for shape in shapes {
        println!("    area {:.3}", shape.area());
    }
    Ok(())
}
