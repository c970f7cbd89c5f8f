//! Functions that pickles may call, declared without any type: Python's `copyreg.constructor`.
//!
//! Python only checks that the object is callable, and then a pickle may call anything. Here a
//! pickle calls what is declared, where what that makes is asked for, and nothing else. What is not
//! callable does not compile:
//!
//! ```compile_fail
//! copyreg::constructor::<Duration, _>(QualName::new("clock", "duration"), 3)?;
//! // error: `{integer}` is no constructor of `Duration`
//! ```

use std::error::Error;
use std::fs;
use std::time::Duration;

use pickle_core::copyreg::{self, Registered};
use pickle_core::{QualName, Reduction, dumps, loads};
use pickle_examples::{Python, data};

/// Declared by its attribute, wherever it is linked in.
#[pickle_core::constructor(module = "clock")]
fn duration(hours: u32, #[default] minutes: u32, #[default] seconds: u32) -> Duration {
    let minutes = u64::from(hours) * 60 + u64::from(minutes);
    Duration::from_secs(minutes * 60 + u64::from(seconds))
}

/// Not declared, until `main` does it.
fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 24 * 60 * 60)
}

fn reduce_duration(time: &Duration) -> Reduction<'_> {
    let (minutes, seconds) = (time.as_secs() / 60, time.as_secs() % 60);
    Reduction::new(duration, (minutes / 60, minutes % 60, seconds))
}

fn reduce_to_days(time: &Duration) -> Reduction<'_> {
    Reduction::new(days, (time.as_secs() / (24 * 60 * 60),))
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("CPython wrote calls of clock.duration:");
    let times: Vec<Registered<Duration>> = loads(&fs::read(data("durations"))?)?;
    for Registered(time) in &times {
        println!("    {time:?}");
    }

    copyreg::pickle(reduce_duration);
    let pickle = dumps(&times)?;
    let python = Python::find();
    if let Some(python) = &python {
        python.show(LOAD, &pickle)?;
    }

    println!("What is not declared is neither dumped");
    copyreg::pickle(reduce_to_days);
    let weekend = Registered(days(2));
    match dumps(&weekend) {
        Ok(_) => println!("    dumped, of all things"),
        Err(error) => println!("    {error}"),
    }
    println!("nor called by what is loaded:");
    show(b"cos\nsystem\n(Vecho oh no\ntR.");

    println!("Declared at run time, it is both:");
    copyreg::constructor::<Duration, _>(QualName::new("clock", "days"), days)?;
    let pickle = dumps(&weekend)?;
    show(&pickle);
    if let Some(python) = &python {
        python.show(LOAD, &pickle)?;
    }

    println!("It is called for a Duration, not for a String:");
    match loads::<Registered<String>>(&pickle) {
        Ok(Registered(text)) => println!("    {text}"),
        Err(error) => println!("    {error}"),
    }
    Ok(())
}

fn show(pickle: &[u8]) {
    match loads::<Registered<Duration>>(pickle) {
        Ok(Registered(time)) => println!("    {time:?}"),
        Err(error) => println!("    {error}"),
    }
}

const LOAD: &str = "
import pickle, sys
loaded = pickle.load(sys.stdin.buffer)
for time in loaded if isinstance(loaded, list) else [loaded]:
    print(time)
";
