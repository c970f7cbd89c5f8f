//! Mistakes with `#[object]`.

use pickle_core::{Reduce, object};

#[object]
trait Generic<T> {}

#[object]
trait Associated {
    type Item;
}

#[object(krate = "x")]
trait Key {}

#[object]
trait Fine: Reduce {}

#[derive(Reduce)]
struct Wrapper<T>(T);

#[object]
impl<T: Reduce> Fine for Wrapper<T> {}

#[object]
impl Wrapper<i32> {}

#[object]
struct Struct;

fn main() {}
