//! Types that `register!` cannot register.

use pickle_core::{Reduce, object, register};

#[object]
trait Shape: Reduce {}

trait Other: Reduce {}

#[derive(Reduce)]
struct Wrapper<T> {
    value: T,
}

#[derive(Reduce)]
struct Plain;

#[derive(Reduce)]
#[reduce(transparent)]
struct Transparent<T>(T);

#[derive(Reduce)]
#[reduce(as = "dict")]
struct Dict<T> {
    value: T,
}

#[derive(Reduce)]
enum Either<A, B> {
    Left(A),
    Right(B),
}

impl<T: Reduce> Shape for Wrapper<T> {}
impl<T: Reduce> Other for Wrapper<T> {}

register!(Plain as "app.Plain");
register!(Vec<i32> as "app.Vec");
register!(Transparent<i32> as "app.Transparent");
register!(Dict<i32> as "app.Dict");
register!(Either<i32, i32> as "app.Either", extension = 240);
register!(Wrapper<i32> as "app.IntWrapper": dyn Other);
register!(Wrapper<u8> as "app.ByteWrapper": dyn Shape + Sync);

fn main() {}
