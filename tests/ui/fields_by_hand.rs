//! Functions for fields that do not go together.

use pickle_core::Reduce;

#[derive(Reduce)]
struct Contradictions {
    #[reduce(registered, with = module)]
    a: i32,
    #[reduce(reducer = reduce, reduce_with = write)]
    b: i32,
    #[reduce(registered, flatten)]
    c: i32,
    #[reduce(reducer = reduce, skip)]
    d: i32,
}

fn main() {}
