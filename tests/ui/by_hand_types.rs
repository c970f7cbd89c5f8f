//! Functions by hand whose types do not fit.

use pickle_core::{Reduce, Reduction};

#[pickle_core::constructor]
fn make_other(x: i32) -> Other {
    Other { x }
}

#[derive(Reduce)]
#[reduce(constructor = make_other)]
struct WrongConstructor {
    x: i32,
}

#[derive(Reduce)]
struct Other {
    x: i32,
}

#[derive(Reduce)]
#[reduce(with = no_reducer)]
struct NoReduction;

fn no_reducer(_: &NoReduction) -> i32 {
    1
}

#[derive(Reduce)]
#[reduce(with = reduce_wrong)]
struct WrongArguments(String);

fn reduce_wrong(wrong: &WrongArguments) -> Reduction<'_> {
    Reduction::new(make_other, (&wrong.0,))
}

#[derive(Reduce)]
#[reduce(with = reduce_many)]
struct TooManyArguments;

fn reduce_many(_: &TooManyArguments) -> Reduction<'_> {
    Reduction::new(make_other, (1, 2))
}

#[derive(Reduce)]
#[reduce(setstate = set)]
struct NoDefault {
    x: i32,
}

fn set(no_default: &mut NoDefault, x: i32) {
    no_default.x = x;
}

fn main() {}
