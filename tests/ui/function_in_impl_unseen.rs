//! The same where nothing in the function's signature tells.

use pickle_core::constructor;

struct Struct;

impl Struct {
    #[constructor]
    fn make() -> Struct {
        Struct
    }
}

fn main() {}
