//! What pickle-core is to reach, cell by cell.

/// To dump or to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    Dump,
    Load,
}

impl Direction {
    pub(crate) const BOTH: [Self; 2] = [Self::Dump, Self::Load];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Dump => "dump",
            Self::Load => "load",
        }
    }
}

/// What is to be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// So many times as fast as CPython.
    TimesCPython(f64),
    /// So many nanoseconds in all at the most, whatever the size.
    InAll(f64),
}

/// A cell with a goal.
pub(crate) struct Goal {
    pub(crate) workload: &'static str,
    /// The contestant that is to reach it.
    pub(crate) line: &'static str,
    pub(crate) direction: Direction,
    pub(crate) target: Target,
}

const fn ratio(
    workload: &'static str,
    line: &'static str,
    direction: Direction,
    times: f64,
) -> Goal {
    Goal {
        workload,
        line,
        direction,
        target: Target::TimesCPython(times),
    }
}

use Direction::{Dump, Load};

/// All goals.
pub(crate) const GOALS: &[Goal] = &[
    ratio("w1", "pickle-core", Dump, 1200.0),
    ratio("w1", "pickle-core", Load, 550.0),
    ratio("w2", "pickle-core", Dump, 90.0),
    ratio("w2", "pickle-core", Load, 15.0),
    ratio("w3", "pickle-core", Dump, 24.0),
    ratio("w3", "pickle-core", Load, 70.0),
    ratio("w4", "pickle-core", Dump, 30.0),
    ratio("w4", "pickle-core", Load, 15.0),
    ratio("w5", "pickle-core", Dump, 50.0),
    ratio("w5", "pickle-core", Load, 6.5),
    ratio("w5", "pickle-core &str", Load, 25.0),
    ratio("w6", "pickle-core, reused", Dump, 6.0),
    Goal {
        workload: "w6",
        line: "pickle-core &[u8]",
        direction: Load,
        target: Target::InAll(300.0),
    },
    Goal {
        workload: "w6",
        line: "pickle-core, out of band",
        direction: Dump,
        target: Target::InAll(300.0),
    },
    Goal {
        workload: "w6",
        line: "pickle-core, out of band",
        direction: Load,
        target: Target::InAll(300.0),
    },
    ratio("w7", "pickle-core", Dump, 140.0),
    ratio("w7", "pickle-core", Load, 25.0),
    ratio("w8", "pickle-core", Dump, 60.0),
    ratio("w8", "pickle-core", Load, 22.0),
    ratio("w10", "pickle-core Graph", Dump, 8.0),
    ratio("w10", "pickle-core Graph", Load, 10.0),
    ratio("w10", "pickle-core Value", Load, 2.5),
    ratio("w11", "pickle-core", Dump, 60.0),
    ratio("w11", "pickle-core", Load, 70.0),
];

/// What one of 10^6 levels may take: the goal of depth.
pub(crate) const LEVEL_NANOSECONDS: f64 = 100.0;

/// Peers that pickle-core is to be ahead of in every cell that they have.
///
/// Formats of columns and of raw memory carry no classes and no identity, and may stay ahead.
pub(crate) fn is_rival(name: &str) -> bool {
    [
        "serde-pickle",
        "rmp-serde",
        "postcard",
        "serde_json",
        "typetag",
    ]
    .iter()
    .any(|rival| name.starts_with(rival))
}
