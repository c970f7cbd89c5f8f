//! Values that cannot be copied.

use pickle_core::Reduce;
use pickle_core::copy::{Memo, copy, deepcopy};

struct Socket;

#[derive(Reduce)]
#[reduce(dump_only)]
struct View<'a> {
    items: &'a [i32],
}

fn main() {
    let _ = copy(&Socket);
    let _ = deepcopy(&View { items: &[] });
    Memo::new().insert(&1, 2);
}
