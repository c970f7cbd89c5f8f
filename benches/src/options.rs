//! The command line.

use clap::Parser;

/// Races pickle-core against other formats and CPython.
#[derive(Debug, Parser)]
#[command(name = "cargo bench -p pickle-benches --")]
pub(crate) struct Options {
    /// The workloads to run, such as w1; all, if none is named
    pub(crate) workloads: Vec<String>,

    /// How many rounds count
    #[arg(long, default_value_t = 9)]
    pub(crate) rounds: usize,

    /// Small sizes, to see that everything works
    #[arg(long)]
    pub(crate) quick: bool,

    /// Only contestants of this name
    #[arg(long)]
    pub(crate) only: Option<String>,

    /// Print only, and leave RESULTS.md and results.json alone
    #[arg(long)]
    pub(crate) no_write: bool,

    /// Cargo says so
    #[arg(long, hide = true)]
    bench: bool,
}
