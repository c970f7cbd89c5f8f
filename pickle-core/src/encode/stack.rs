//! The stack: values may be nested as deeply as they like, so before a level is entered, it is seen
//! to that there is enough stack for any value that is not nested, and for the beginning of one that
//! is. If there is not, the level goes on on a segment of the heap.
//!
//! To ask the system how much stack is left takes longer than to write an int. So what it says is
//! kept: the addresses that are on the current stack, and not near its end. On a stack that is not
//! known, be it a user's own, addresses are others, and it is asked again.

use std::ptr;

use super::Pickler;
use crate::error::Result;
use crate::reduce::Reduce;

/// With less stack than this left, values nested deeper go on on a segment of the heap.
const RED_ZONE: usize = 128 << 10;
const SEGMENT: usize = 2 << 20;
/// So far up, addresses are on the same stack, if they are on any that values are written on.
const ABOVE: usize = 64 << 10;

/// The addresses from `lowest` on, `len` more, are fit for another level.
#[derive(Clone, Copy, Default)]
pub(super) struct Stack {
    lowest: usize,
    len: usize,
}

impl Stack {
    /// All addresses, where nothing can be known of them.
    const ANY: Self = Self {
        lowest: 0,
        len: usize::MAX,
    };

    /// The part of the current stack from here on, if there is enough of it.
    pub(super) fn from_here() -> Option<Self> {
        let left = stacker::remaining_stack()?.checked_sub(RED_ZONE)?;
        Some(Self {
            lowest: here().saturating_sub(left),
            len: left + ABOVE,
        })
    }
}

/// Roughly where the stack is.
#[inline(always)]
fn here() -> usize {
    let local = 0_u8;
    ptr::from_ref(&local).addr()
}

impl Pickler<'_> {
    #[inline(always)]
    fn has_stack(&self) -> bool {
        here().wrapping_sub(self.stack.lowest) < self.stack.len
    }

    /// Goes on with enough stack.
    #[inline(always)]
    pub(super) fn with_stack<R>(&mut self, go_on: impl FnOnce(&mut Self) -> R) -> R {
        if self.has_stack() {
            return go_on(self);
        }
        self.find_stack(go_on)
    }

    #[cold]
    #[inline(never)]
    fn find_stack<R>(&mut self, go_on: impl FnOnce(&mut Self) -> R) -> R {
        if let Some(stack) = Stack::from_here() {
            self.stack = stack;
            return go_on(self);
        }
        let outer = self.stack;
        let result = stacker::grow(SEGMENT, || {
            self.stack = Stack::from_here().unwrap_or(Stack::ANY);
            go_on(self)
        });
        self.stack = outer;
        result
    }

    /// What `value.reduce(self)` returns, if that has to be called again on another stack: the first
    /// thing that a derived `reduce` asks.
    #[doc(hidden)]
    #[inline(always)]
    pub fn reduce_on_other_stack<T: Reduce + ?Sized>(&mut self, value: &T) -> Option<Result<()>> {
        if self.has_stack() {
            return None;
        }
        Some(self.find_stack(|p| value.reduce(p)))
    }
}
