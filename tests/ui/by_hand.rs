//! Functions by hand that do not go together, or do not fit.

use pickle_core::{Reduce, Reduction};

fn reduce<T>(_: &T) -> Reduction<'_> {
    unimplemented!()
}

#[derive(Reduce)]
#[reduce(with = reduce, getstate = state, as = "reduce", transparent)]
struct Contradictions(i32);

#[derive(Reduce)]
#[reduce(append = push)]
struct ItemsAlone {
    items: Vec<i32>,
}

#[derive(Reduce)]
#[reduce(with = reduce)]
struct LooksAtFields {
    #[reduce(rename = "y")]
    x: i32,
}

#[derive(Reduce)]
#[reduce(with = reduce)]
struct Borrows<'a>(&'a str);

#[derive(Reduce)]
#[reduce(setstate = set)]
enum StateOfAnEnum {
    A(i32),
}

#[derive(Reduce)]
#[reduce(constructor = generic)]
struct Generic<T>(T);

#[derive(Reduce)]
enum Variants {
    #[reduce(with = reduce, rename = "b")]
    A(#[reduce(skip)] i32),
}

fn main() {}
