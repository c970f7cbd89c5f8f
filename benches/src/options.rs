//! The command line.

use clap::Parser;

use crate::workloads;

/// Races pickle-core against other formats and CPython.
#[derive(Debug, Parser)]
#[command(name = "cargo bench -p pickle-benches --")]
pub(crate) struct Options {
    /// The workloads to run, w1 to w11, "parallel" or "derive"; all, if none is named
    pub(crate) workloads: Vec<String>,

    /// How many rounds count
    #[arg(long, default_value_t = 9)]
    pub(crate) rounds: usize,

    /// Small sizes, to see that everything works
    #[arg(long)]
    pub(crate) quick: bool,

    /// Only contestants of this name; may be repeated
    #[arg(long)]
    pub(crate) only: Vec<String>,

    /// Times and sizes, and nothing else
    #[arg(long)]
    pub(crate) times_only: bool,

    /// Print only; RESULTS.md and results.json are written only if everything is measured
    #[arg(long)]
    pub(crate) no_write: bool,

    /// What the program does when it runs itself
    #[arg(long, hide = true, num_args = 1..)]
    pub(crate) child: Vec<String>,

    /// Cargo says so
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Whether all chosen workloads exist.
    pub(crate) fn check(&self) -> Result<(), String> {
        let is_special =
            |name: &str| ["w9", "parallel", "derive"].contains(&name.to_lowercase().as_str());
        let mut others = self.workloads.iter().filter(|name| !is_special(name));
        others.try_for_each(|name| workloads::find(name).map(drop))
    }

    /// Whether a workload is to run.
    pub(crate) fn chooses(&self, id: &str) -> bool {
        let mut chosen = self.workloads.iter();
        self.workloads.is_empty() || chosen.any(|name| name.eq_ignore_ascii_case(id))
    }

    /// Whether more than times is measured.
    pub(crate) fn more(&self) -> bool {
        !self.times_only && !self.quick && self.only.is_empty()
    }

    /// Whether everything is measured, and is to be written.
    pub(crate) fn writes(&self) -> bool {
        self.more() && self.workloads.is_empty() && !self.no_write
    }
}
