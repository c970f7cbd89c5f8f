//! Reducers and constructors that are registered at run time, and do not fit the type.

use pickle_core::{QualName, Reduction, copyreg};

const NAME: QualName<'static> = QualName::new("instances", "C");

struct C {
    a: i32,
}

fn pickle_c(c: &C) -> Reduction<'_> {
    Reduction::call(NAME, (c.a,))
}

fn not_reduced(c: &C) -> i32 {
    c.a
}

struct D {
    a: i32,
}

impl D {
    fn new(a: i32) -> Self {
        D { a }
    }
}

fn main() -> pickle_core::Result<()> {
    copyreg::pickle::<C, _>(3);
    copyreg::pickle(not_reduced);
    copyreg::pickle::<D, _>(pickle_c);
    copyreg::pickle_with(pickle_c, NAME, 3)?;
    copyreg::pickle_with(pickle_c, NAME, D::new)?;
    Ok(())
}
