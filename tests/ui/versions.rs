//! Where `version` and `migrate` cannot stand, and what they cannot be.

use pickle_core::Reduce;

#[derive(Reduce)]
#[reduce(version = 1)]
enum Members {
    A,
}

#[derive(Reduce)]
#[reduce(version = 2, migrate = Members)]
enum Variants {
    A(i32),
}

#[derive(Reduce)]
#[reduce(version = 1)]
struct Tuple(i32);

#[derive(Reduce)]
#[reduce(version = 1)]
struct Unit;

#[derive(Reduce)]
#[reduce(version = 1, transparent)]
struct Transparent {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 1, try_from = u8)]
struct From {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 1, into = u8)]
struct Into {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 1, setstate = set)]
struct Setstate {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 1, with = reduce)]
struct With {
    x: i32,
}

#[derive(Reduce)]
#[reduce(migrate = Unit)]
struct NoVersion {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 2, migrate = Unit, dump_only)]
struct DumpOnly {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 2, migrate = Itself)]
struct Itself {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 1)]
struct Names {
    __version__: i32,
    #[reduce(alias = "__version__")]
    x: i32,
    #[reduce(kwarg, rename = "__version__")]
    y: i32,
    #[reduce(skip)]
    z: i32,
}

#[derive(Reduce)]
#[reduce(version = "1", migrate = "Unit")]
struct Quoted {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version, migrate)]
struct NoValue {
    x: i32,
}

#[derive(Reduce)]
#[reduce(version = 18446744073709551616)]
struct TooLarge {
    #[reduce(version = 1, migrate = Unit)]
    x: i32,
}

fn main() {}
