//! What a pickle may cost: each limit with its default and the reason for it.
//!
//! Every node of a [`Graph`](crate::Graph) costs at least one byte of input, so that parsing is
//! linear and needs no limit of its own. Limited is what is more than linear, in proportion to the
//! input, so that an honest pickle of several gigabytes meets none.

use crate::error::ErrorKind;

/// What loading a pickle may cost.
///
/// ```
/// use pickle_core::{Limits, Unpickler};
///
/// let graph = Unpickler::new().limits(Limits::strict()).graph(b"]].")?;
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(crate) depth: u32,
    pub(crate) typed_depth: u32,
    pub(crate) tree_nodes: Allowance,
    pub(crate) constructed_bytes: Allowance,
    pub(crate) digits: u32,
}

/// A fixed amount and a multiple of the size of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    fixed: u64,
    factor: u64,
}

impl Allowance {
    pub(crate) const fn for_input(self, size: usize) -> u64 {
        self.fixed
            .saturating_add(self.factor.saturating_mul(size as u64))
    }

    /// How much more there may be for `size` more of the input.
    pub(crate) const fn for_more(self, size: usize) -> u64 {
        self.factor.saturating_mul(size as u64)
    }

    /// How much more there may be than there is of what is counted, if as much as there is is
    /// always allowed.
    pub(crate) const fn beyond_itself(self) -> Option<u64> {
        if self.factor > 0 || self.fixed == u64::MAX {
            Some(self.fixed)
        } else {
            None
        }
    }
}

impl Default for Limits {
    /// For bytes from anywhere, of programs that mean well and some that do not.
    fn default() -> Self {
        Self {
            // CPython's C pickler writes 4,999 levels at the most.
            depth: 10_000,
            // CPython writes chains of 3,333 objects; a user's own recursive `Drop` overflows a
            // small stack at 7,000.
            typed_depth: 5_000,
            tree_nodes: Allowance {
                fixed: 1 << 20,
                factor: 16,
            },
            constructed_bytes: Allowance {
                fixed: 64 << 20,
                factor: 16,
            },
            // A decimal integer takes time in the square of its digits: a million take a second.
            digits: 100_000,
        }
    }
}

impl Limits {
    /// What is wrong with an object that is nested deeper than typed values may be.
    #[cold]
    pub(crate) fn too_deep(&self) -> ErrorKind {
        ErrorKind::LimitExceeded {
            limit: "the depth of the object",
            value: self.typed_depth.into(),
            setter: "typed_depth",
        }
    }

    /// For bytes of an attacker: what CPython's own limits are near, and nothing beyond.
    pub fn strict() -> Self {
        Self {
            depth: 1_000,
            typed_depth: 500,
            tree_nodes: Allowance {
                fixed: 1 << 16,
                factor: 4,
            },
            constructed_bytes: Allowance {
                fixed: 1 << 20,
                factor: 4,
            },
            // As CPython limits text integers by default.
            digits: 4_300,
        }
    }

    /// For bytes of one's own: no limits. A pickle of a few bytes may then take all memory.
    pub fn trusted() -> Self {
        let none = Allowance {
            fixed: u64::MAX,
            factor: 0,
        };
        Self {
            depth: u32::MAX,
            typed_depth: u32::MAX,
            tree_nodes: none,
            constructed_bytes: none,
            digits: u32::MAX,
        }
    }

    /// How deep a [`Value`](crate::Value) may be nested. A [`Graph`](crate::Graph) is flat, however
    /// deep the objects in it are.
    pub fn depth(mut self, levels: u32) -> Self {
        self.depth = levels;
        self
    }

    /// How deep objects may be nested where Rust values are made of them. Rust's own `Drop` of
    /// such values is recursive, which is why only [`Limits::trusted`] goes without.
    pub fn typed_depth(mut self, levels: u32) -> Self {
        self.typed_depth = levels;
        self
    }

    /// How many values may be made of the pickle, where shared objects count each time that they
    /// are copied: `fixed`, and `factor` for each node of the graph.
    pub fn tree_nodes(mut self, fixed: u64, factor: u64) -> Self {
        self.tree_nodes = Allowance { fixed, factor };
        self
    }

    /// How many bytes may be made of the pickle beyond those in it: `fixed`, and `factor` for
    /// each byte of the input.
    pub fn constructed_bytes(mut self, fixed: u64, factor: u64) -> Self {
        self.constructed_bytes = Allowance { fixed, factor };
        self
    }

    /// How many digits an integer in decimal text may have.
    pub fn digits(mut self, digits: u32) -> Self {
        self.digits = digits;
        self
    }
}
