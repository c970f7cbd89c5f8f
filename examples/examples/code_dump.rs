//! Functions by value and by name, to a file that `code_load` reads.
//!
//! Python pickles a function by its name, and its code not at all, until a recipe registers a
//! reducer for it: here `examples/src/recipe.rs`, for functions of scripts. The reducer refuses
//! closures over variables, whose values are not part of the code, with an error of its own.

use std::error::Error;
use std::{env, fs};

use pickle_core::{Function, copyreg, dumps};
use pickle_examples::Python;
use pickle_examples::recipe::{self, Closure};

fn main() -> Result<(), Box<dyn Error>> {
    recipe::register();
    let path = env::args_os().nth(1).map(Into::into);
    let path = path.unwrap_or_else(|| env::temp_dir().join("pickle-example-functions.pickle"));

    let greet = recipe::code("greet", &["who".to_owned()], r#""hello, " + who"#)?;
    let shout = Function::<fn(&str) -> String>::new(recipe::shout)?;
    let pickle = dumps(&(copyreg::registered(&greet), shout))?;
    fs::write(path, &pickle)?;
    println!("Dumped a function by value and {} by name.", shout.name());

    let greeter = recipe::code("greeter", &["greeting".to_owned()], "|who| greeting + who")?;
    match dumps(&copyreg::registered(&greeter)) {
        Ok(_) => println!("dumped, of all things"),
        Err(error) => {
            println!("A closure: {error}");
            if let Some(closure) = error.source().and_then(|it| it.downcast_ref::<Closure>()) {
                println!("    {closure}");
            }
        }
    }

    if let Some(python) = Python::find() {
        python.show(LOAD, &pickle)?;
    }
    Ok(())
}

const LOAD: &str = "
import pickle, sys, types
code, shout = pickle.load(sys.stdin.buffer)
greet = types.FunctionType(code, globals())
print(greet('world'))
print(shout(greet('world')))
";
