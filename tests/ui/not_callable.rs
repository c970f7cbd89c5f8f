//! What is declared a constructor and cannot be called, or makes something else.

use std::time::Duration;

use pickle_core::{QualName, copyreg};

const NAME: QualName<'static> = QualName::new("clock", "duration");

fn main() -> pickle_core::Result<()> {
    copyreg::constructor::<Duration, _>(NAME, 3)?;
    copyreg::constructor::<Duration, _>(NAME, Duration::as_secs)?;
    Ok(())
}

#[pickle_core::constructor]
static ZERO: Duration = Duration::ZERO;
