//! Types of fields that cannot be what they are asked to be.

use pickle_core::Reduce;

struct Unmarked;

#[derive(Reduce)]
struct Itself {
    field: Unmarked,
}

#[derive(Reduce)]
struct Flat {
    #[reduce(flatten)]
    number: u32,
}

#[derive(Reduce)]
struct Borrowing<'a> {
    items: &'a [u32],
}

trait Plain {}

#[derive(Reduce)]
struct Object {
    object: Box<dyn Plain>,
}

fn main() {}
