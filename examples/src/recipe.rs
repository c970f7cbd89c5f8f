//! Functions of scripts, made picklable by value: what Python's recipe does for code objects.
//!
//! A program that loads such functions links this in, and need not name it.

use std::fmt;

use pickle_core::{Reduction, copyreg};
use rhai::{AST, ASTNode, Engine, ParseError, Stmt};

/// What a closure over variables fails with when it is dumped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The function that has the closure in it.
    pub function: String,
    /// The variables.
    pub captured: Vec<String>,
}

impl fmt::Display for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Closure { function, captured } = self;
        write!(f, "sorry, {function} closes over {}", captured.join(", "))
    }
}

impl std::error::Error for Closure {}

/// Lets functions of scripts be dumped, from now on.
pub fn register() {
    copyreg::pickle(reduce_code);
}

/// Makes a function of its parts. It knows its body: rhai leaves it open what a source is.
///
/// # Errors
///
/// If the body is not a script.
#[pickle_core::constructor(module = "recipe")]
pub fn code(name: &str, parameters: &[String], body: &str) -> Result<AST, ParseError> {
    let parameters = parameters.join(", ");
    let mut code = Engine::new().compile(format!("fn {name}({parameters}) {{ {body} }}"))?;
    code.set_source(body);
    Ok(code)
}

fn reduce_code(script: &AST) -> Result<Reduction<'_>, Box<dyn std::error::Error + Send + Sync>> {
    let body = script
        .source()
        .ok_or("a script, but not a function of one")?;
    // Closures are functions too, without a name of their own, and come in any order.
    let function = script
        .iter_functions()
        .find(|function| !function.name.starts_with("anon$"))
        .ok_or("a script without a function")?;
    let captured = captured(script);
    if !captured.is_empty() {
        let function = function.name.to_owned();
        return Err(Closure { function, captured }.into());
    }
    Ok(Reduction::new(code, (function.name, function.params, body)))
}

/// The variables that closures in the script share with what is around them.
fn captured(script: &AST) -> Vec<String> {
    let mut names = Vec::new();
    script.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Stmt(Stmt::Share(shared))) = path.last() {
            names.extend(shared.iter().map(|(variable, _)| variable.name.to_string()));
        }
        true
    });
    names
}

/// A function that is pickled by its name.
#[must_use]
#[pickle_core::function(module = "recipe")]
pub fn shout(text: &str) -> String {
    text.to_uppercase() + "!"
}
