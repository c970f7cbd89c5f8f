//! Types that functions cannot be registered with, and calls that do not fit.

use std::time::Duration;

use pickle_core::{QualName, Reduction, constructor, copyreg, state_setter};

struct Unpickled;

#[constructor]
fn parameter(_: Unpickled) -> u8 {
    1
}

#[constructor]
fn error(ok: bool) -> Result<u8, Unpickled> {
    ok.then_some(1).ok_or(Unpickled)
}

struct Text<'a>(&'a str);

#[constructor]
fn elided(text: &str) -> Text {
    Text(text)
}

#[constructor]
fn default(#[default("one")] _: u8) -> u8 {
    1
}

#[state_setter]
fn answering(text: &mut String, state: String) -> bool {
    *text = state;
    true
}

#[constructor]
fn connect(path: String, port: u16) -> Unpickled {
    drop((path, port));
    Unpickled
}

fn reduce_wrong_type(_: &Unpickled) -> Reduction<'_> {
    Reduction::new(connect, ("path", "port"))
}

fn reduce_too_few(_: &Unpickled) -> Reduction<'_> {
    Reduction::new(connect, ("path",))
}

fn reduce_no_tuple(_: &Unpickled) -> Reduction<'_> {
    Reduction::new(connect, "path")
}

fn reduce_unpicklable(_: &Unpickled) -> Reduction<'_> {
    Reduction::new(parameter, (Unpickled,))
}

fn reduce_no_function(_: &Unpickled) -> Reduction<'_> {
    Reduction::new("connect", ("path", 1))
}

fn reduce_duration(_: &Duration) -> Reduction<'_> {
    Reduction::new(Duration::from_secs, (1_u64,))
}

fn main() {
    let name = || QualName::new("app", "duration");
    // Makes another type.
    let _ = copyreg::pickle_with::<Duration, _, _>(reduce_duration, name(), connect);
    // Is not callable.
    let _ = copyreg::constructor::<Duration, _>(name(), Duration::from_secs(1));
    // Is no reducer of the type.
    copyreg::pickle::<String, _>(reduce_duration);
}
