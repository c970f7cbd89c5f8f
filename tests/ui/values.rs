//! Values of the wrong kind.

use pickle_core::Reduce;

#[derive(Reduce)]
#[reduce(module = app, name, extension = 0, rename_all = "snakecase", as = "new", impure = true)]
struct Container {
    #[reduce(default = "make", skip_serializing_if = "Option::is_none")]
    x: Option<i32>,
    #[reduce(rename = x y)]
    y: i32,
}

#[derive(Reduce)]
#[reduce(from = "Vec<u8>", alias = "Old", extension = 5_000_000_000)]
struct Conversions(u8);

#[derive(Reduce)]
enum Values {
    #[reduce(value = 1.5)]
    A,
    #[reduce(value = "b")]
    B,
    #[reduce(value = "b")]
    C,
    #[reduce(value)]
    D,
}

#[derive(Reduce)]
#[reduce(bound = "T Reduce", bound(serialize = ""))]
struct Bounds<T>(T);

#[derive(Reduce)]
#[reduce(crate = "not a path")]
struct Crate;

#[derive(Reduce)]
enum SameName {
    #[reduce(rename = "a")]
    A,
    #[reduce(rename = "a")]
    B,
    #[reduce(rename = "a", skip)]
    C,
}

#[derive(Reduce)]
#[reduce(module = "", name = "", "key")]
struct Empty;

fn main() {}
