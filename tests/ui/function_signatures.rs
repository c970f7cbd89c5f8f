//! Functions that cannot be registered.

use pickle_core::{constructor, constructors, function, state_setter};

#[constructor]
fn generic<T>(t: T) -> T {
    t
}

#[constructor]
fn constant<const N: usize>(array: [u8; N]) -> u8 {
    array[0]
}

#[constructor]
fn hidden(text: impl Into<String>) -> String {
    text.into()
}

#[constructor]
fn lifetime<'a>(text: &'a str) -> usize {
    text.len()
}

#[constructor]
async fn later() -> u8 {
    1
}

#[constructor]
unsafe fn dangerous() -> u8 {
    1
}

#[constructor]
extern "C" fn foreign() -> u8 {
    1
}

#[constructor]
fn nothing(_: u8) {}

#[constructor]
fn borrowing(text: &str) -> &str {
    text
}

#[constructor]
fn wrapped(text: &str) -> Result<Option<std::borrow::Cow<'_, str>>, String> {
    Ok(Some(text.into()))
}

#[constructor]
fn changing(text: &mut String) -> usize {
    text.len()
}

#[constructor]
fn forever(text: &'static str) -> usize {
    text.len()
}

#[constructor]
fn many(
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    thirteenth: u8,
) -> u8 {
    thirteenth
}

#[function]
fn valued<T>(t: T) -> T {
    t
}

#[state_setter]
fn alone(text: &mut String) {
    text.clear();
}

#[state_setter]
fn owning(text: String, state: u8) {
    drop((text, state));
}

#[state_setter]
fn defaulted(text: &mut String, #[default] state: u8) {
    drop((text, state));
}

#[constructor]
fn defaults(#[default = 1] _: u8, #[default()] _: u8, #[default(1)] #[default(2)] _: u8) -> u8 {
    1
}

#[constructor]
struct Struct;

#[constructor]
impl Struct {}

struct Wrapper<T>(T);

#[constructors]
impl<T> Wrapper<T> {
    #[constructor]
    fn new(value: T) -> Self {
        Self(value)
    }
}

#[constructors]
impl Wrapper<u8> {
    #[constructor]
    fn next(self) -> Self {
        self
    }

    #[constructor]
    #[function]
    fn twice() -> u8 {
        2
    }
}

#[constructors]
impl Wrapper<u16> {
    fn unmarked() {}
}

#[constructors]
impl Default for Wrapper<u32> {
    #[constructor]
    fn default() -> Self {
        Self(0)
    }
}

#[constructors]
fn not_an_impl() {}

fn main() {}
