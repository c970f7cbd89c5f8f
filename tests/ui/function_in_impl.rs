//! Attributes on functions in an impl block, which cannot see it.

use pickle_core::{constructor, function, state_setter};

struct Struct;

impl Struct {
    #[constructor]
    fn new() -> Self {
        Self
    }

    #[function]
    fn get(&self) -> u8 {
        1
    }

    #[state_setter]
    fn set(&mut self, state: u8) {
        drop(state);
    }
}

fn main() {}
