//! Mistakes in the arguments of `#[constructor]` and its like.

use pickle_core::{constructor, constructors, function, state_setter};

#[constructor(modul = "app", rename = "make", flatten)]
fn misspelt() -> u8 {
    1
}

#[constructor(name = "a", name = "b", extension = 0, alias = "old")]
fn valued() -> u8 {
    1
}

#[function(name = "", module = "")]
fn empty() {}

#[state_setter(module = app)]
fn bare(text: &mut String, state: String) {
    *text = state;
}

struct Struct;

#[constructors(modul = "app")]
impl Struct {
    #[constructor(nam = "make")]
    fn make() -> Self {
        Self
    }
}

fn main() {}
