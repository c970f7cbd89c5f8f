//! What `copyreg` takes at run time: again and again, and closures.

use std::num::Wrapping;
use std::time::Duration;

use pickle_core::copyreg::{self, Registered};
use pickle_core::{ErrorKind, Pickler, QualName, Reduction, dumps, loads};

fn reduce_duration(duration: &Duration) -> Reduction<'_> {
    Reduction::new(Duration::from_secs, (duration.as_secs(),))
}

/// As in Python, whoever needs a registration can make it, without asking who did before.
#[test]
fn the_same_can_be_registered_again() -> pickle_core::Result<()> {
    let seconds = || QualName::new("run_time", "seconds");
    for _ in 0..3 {
        copyreg::pickle_with(reduce_duration, seconds(), Duration::from_secs)?;
    }
    let duration = Duration::from_secs(3);
    let bytes = dumps(&Registered(duration))?;
    assert_eq!(loads::<Registered<Duration>>(&bytes)?.0, duration);

    let register = copyreg::constructor::<Duration, _>;
    let another_function = register(seconds(), |seconds: u64| Duration::from_secs(seconds));
    let another_name =
        copyreg::constructor::<Duration, _>(QualName::new("run_time", "s"), Duration::from_secs);
    for refused in [another_function, another_name] {
        let error = refused.expect_err("one name stands for one function");
        assert!(matches!(error.kind(), ErrorKind::Lookup(_)), "{error}");
    }

    // Two pointers are of one type, and may be to two functions.
    let pointer: fn(u64) -> Duration = Duration::from_nanos;
    let nanoseconds = || QualName::new("run_time", "nanoseconds");
    copyreg::constructor::<Duration, _>(nanoseconds(), pointer)?;
    assert!(copyreg::constructor::<Duration, _>(nanoseconds(), pointer).is_err());
    Ok(())
}

#[test]
fn a_closure_can_be_a_reducer_if_it_returns_what_is_its_own() -> pickle_core::Result<()> {
    let name = QualName::new("run_time", "wrapping");
    copyreg::constructor::<Wrapping<u8>, _>(name.clone(), Wrapping::<u8>)?;
    copyreg::pickle(move |value: &Wrapping<u8>| Reduction::call(name.clone(), (value.0,)));
    let bytes = dumps(&Registered(Wrapping(3_u8)))?;
    assert_eq!(loads::<Registered<Wrapping<u8>>>(&bytes)?.0, Wrapping(3));

    let (mut bytes, mut table) = (Vec::new(), copyreg::dispatch_table());
    table.pickle(|value: &Wrapping<u8>| match value.0.checked_add(1) {
        Some(next) => Ok(Reduction::call(
            QualName::new("run_time", "wrapping"),
            (next,),
        )),
        None => Err("there is none above"),
    });
    let mut pickler = Pickler::new(&mut bytes).dispatch_table(table);
    pickler.dump(&Registered(Wrapping(3_u8)))?;
    assert!(pickler.dump(&Registered(Wrapping(u8::MAX))).is_err());
    drop(pickler);
    assert_eq!(loads::<Registered<Wrapping<u8>>>(&bytes)?.0, Wrapping(4));
    Ok(())
}
