//! Keys that do not go together, or not with what they stand on.

use pickle_core::Reduce;

#[derive(Reduce)]
#[reduce(as = "reduce")]
struct Roles {
    #[reduce(arg, kwarg)]
    a: i32,
    #[reduce(kwarg)]
    b: i32,
    #[reduce(skip, rename = "x")]
    c: i32,
    #[reduce(flatten, default)]
    d: i32,
    #[reduce(skip_serializing_if = is_zero)]
    e: i32,
    #[reduce(rename = "a")]
    f: i32,
    #[reduce(alias = "a")]
    g: i32,
}

#[derive(Reduce)]
#[reduce(as = "dict", rename_all = "lowercase")]
struct Tuple(#[reduce(late)] i32, #[reduce(skip_serializing_if = is_zero)] i32);

#[derive(Reduce)]
#[reduce(transparent, name = "X")]
struct Transparent {
    #[reduce(rename = "x")]
    a: i32,
    b: i32,
}

#[derive(Reduce)]
#[reduce(transparent, as = "reduce", default)]
enum Members {
    #[reduce(name = "X", other)]
    A,
    #[reduce(other)]
    B,
    #[reduce(skip, other)]
    C,
}

#[derive(Reduce)]
#[reduce(as = "dict", extension = 240)]
enum Variants {
    #[reduce(value = 1)]
    A,
    #[reduce(other)]
    B(i32),
    #[reduce(rename = "B")]
    C { x: i32 },
}

#[derive(Reduce)]
#[reduce(from = u8, try_from = u16, dump_only, extension = 240)]
struct Conversions(u8);

#[derive(Reduce)]
#[reduce(extension = 240)]
struct Generic<T>(T);

#[derive(Reduce)]
union Union {
    a: u8,
    b: i8,
}

fn main() {}
