//! Keys that do not exist, or not there. Each is one error, and the types can be used.

use pickle_core::Reduce;

#[derive(Reduce)]
#[reduce(modul = "app", rename = "Account", kwarg, transparant)]
struct Container {
    #[reduce(renmae = "x", name = "y")]
    x: i32,
    #[reduce(constructor = make, getstate, defualt = HashMap<u8, u8>::new, late)]
    y: i32,
}

#[derive(Reduce)]
enum Variants {
    #[reduce(valeu = 1, flatten)]
    A,
    #[reduce(default)]
    B,
}

#[derive(Reduce)]
#[reduce(name = "A", name = "B")]
struct Twice {
    #[reduce(late, late)]
    x: i32,
}

fn main() {
    let _ = pickle_core::dumps(&(Container { x: 1, y: 2 }, Variants::A, Variants::B));
    let _ = pickle_core::loads::<Box<Twice>>(b".");
}
