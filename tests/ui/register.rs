//! Mistakes with `register!`, and with what the derive takes of it.

use pickle_core::{Reduce, object, register};

#[object]
trait Shape: Reduce {}

#[derive(Reduce)]
#[reduce(register(Wrapper<i32>), register = "app.IntWrapper")]
struct Wrapper<T> {
    value: T,
}

#[derive(Reduce)]
#[reduce(register(Plain as "app.Plain"))]
struct Plain;

#[derive(Reduce)]
#[reduce(transparent, register(Transparent<i32> as "app.Transparent"))]
struct Transparent<T>(T);

register!(Wrapper<i32>);
register!(Wrapper<i32> as);
register!(Wrapper<i32> as app.IntWrapper);
register!(Wrapper<i32> as "IntWrapper", Wrapper<u8> as "app:", Wrapper<u16> as ".Name");
register!(Wrapper<i32> as "app.A" Wrapper<i32> as "app.B");
register!(Wrapper<i32> as "app.A": Shape; Wrapper<u8> as "app.B": dyn Send);
register!(Wrapper<i32> as "app.A": dyn Shape + 'static);
register! {
    Wrapper<i32> as "app.A", aliass = "app.C";
    Wrapper<u8> as "app.B", name = "app.C";
    Wrapper<u16> as "app.C", alias = "C", extension = 0;
    Wrapper<u32> as "app.D", extension = 1, extension = 2;
}

fn main() {}
