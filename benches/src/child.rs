//! The program itself, run again for what has to be a process of its own.

use std::env;
use std::process::{Command, Stdio};

use crate::goals::Direction;
use crate::{deep, instructions, memory, python};

/// How a child ended.
pub(crate) struct Child {
    /// What it printed.
    pub(crate) output: String,
    /// What it printed as errors.
    pub(crate) errors: String,
    /// Whether it ended well.
    pub(crate) success: bool,
    /// Whether a signal ended it.
    pub(crate) killed: bool,
}

/// Runs a child to its end.
pub(crate) fn run(arguments: &[&str]) -> Child {
    let program = env::current_exe().expect("a running program has a path");
    let mut command = Command::new(program);
    python::pass_on(&mut command);
    run_command(command.arg("--child").args(arguments))
}

/// Runs a child under another program.
pub(crate) fn run_under(command: &mut Command, arguments: &[&str]) -> Child {
    let program = env::current_exe().expect("a running program has a path");
    run_command(command.arg(program).arg("--child").args(arguments))
}

fn run_command(command: &mut Command) -> Child {
    let output = command
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) => Child {
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
            success: output.status.success(),
            killed: output.status.code().is_none(),
        },
        Err(error) => Child {
            output: String::new(),
            errors: error.to_string(),
            success: false,
            killed: false,
        },
    }
}

/// What a child does.
pub(crate) fn serve(arguments: &[String]) -> Result<(), String> {
    let number = |text: &str| text.parse::<usize>().map_err(|error| error.to_string());
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["deep", shape, levels, name] => deep::run_child(shape, number(levels)?, name),
        ["memory", workload, name, file] => memory::run_child(workload, name, file.as_ref()),
        ["count", workload, name, direction, size] => {
            let mut directions = Direction::BOTH.into_iter();
            let direction = directions.find(|known| known.word() == direction);
            let direction = direction.ok_or("there is no such direction")?;
            instructions::run_child(workload, name, direction, number(size)?)
        }
        _ => Err("there is nothing of this kind to do".to_owned()),
    }
}
