//! A type of another crate: a compiled script, which has neither a derive of ours nor serde.
//!
//! Python cannot pickle its compiled code either, until `copyreg.pickle(types.CodeType, ...)` is
//! given a reducer for it. The reducer returns a function and arguments, here the script's text,
//! and whoever loads the pickle calls the function: it has to be there on both sides.

use std::error::Error;

use pickle_core::copyreg::{self, Registered};
use pickle_core::{Reduction, dumps, loads};
use pickle_examples::Python;
use rhai::{AST, Engine, ParseError};

/// A script of both languages.
const SCRIPT: &str = r#"
print("suppose he's got a pointed stick");
"#;

/// Compiles a script that knows its text: rhai leaves it open what a script's source is.
#[pickle_core::constructor(module = "script", name = "unpickle_code")]
fn compile(text: &str) -> Result<AST, ParseError> {
    let mut script = Engine::new().compile(text)?;
    script.set_source(text);
    Ok(script)
}

fn reduce_script(script: &AST) -> Result<Reduction<'_>, &'static str> {
    let text = script.source().ok_or("the script does not know its text")?;
    Ok(Reduction::new(compile, (text,)))
}

fn main() -> Result<(), Box<dyn Error>> {
    let script = compile(SCRIPT)?;
    Engine::new().run_ast(&script)?;

    // `registered` is the script as something that can be pickled, if a reducer for it is known.
    match dumps(&copyreg::registered(&script)) {
        Ok(_) => println!("dumped, of all things"),
        Err(error) => println!("error: {error}"),
    }

    copyreg::pickle(reduce_script);
    let pickle = dumps(&copyreg::registered(&script))?;
    let Registered(loaded) = loads::<Registered<AST>>(&pickle)?;
    Engine::new().run_ast(&loaded)?;

    if let Some(python) = Python::find() {
        let code = "import pickle, sys; exec(pickle.load(sys.stdin.buffer))";
        python.show(code, &pickle)?;

        println!("It compiles a script of its own, which Rust runs:");
        let Registered(script) = loads::<Registered<AST>>(&python.run(DUMP, b"")?)?;
        Engine::new().run_ast(&script)?;
    }
    Ok(())
}

const DUMP: &str = "
import pickle, script, sys
code = script.unpickle_code('print(\"and suppose that he has not\")')
sys.stdout.buffer.write(pickle.dumps(code))
";
