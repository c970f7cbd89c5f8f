//! What a user's function returns, be it a value or a `Result` of one.

use crate::error::{Error, Result};

/// What a user's function returned, for what attributes expand to: they cannot know whether its
/// return type, perhaps an alias, is a `Result`.
///
/// `Returned(Some(connect(path))).take()` is a method call, which finds the first of these that
/// is there for the type: the method of a `Returned<Result<T, E>>` itself, and else that of
/// [`ReturnedValue`], which takes a mutable reference.
#[derive(Debug)]
pub struct Returned<R>(pub Option<R>);

impl<T, E> Returned<Result<T, E>> {
    /// What the `Result` holds. An error is the [`source`](std::error::Error::source) of the one
    /// returned.
    ///
    /// # Errors
    ///
    /// The function's own.
    pub fn take(self) -> Result<T>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        taken(self.0).map_err(Error::from_source)
    }
}

/// The answer for what is no `Result`.
pub trait ReturnedValue {
    /// What was returned.
    type Value;

    /// It.
    ///
    /// # Errors
    ///
    /// None.
    fn take(&mut self) -> Result<Self::Value>;
}

impl<T> ReturnedValue for Returned<T> {
    type Value = T;

    fn take(&mut self) -> Result<T> {
        Ok(taken(self.0.take()))
    }
}

fn taken<T>(returned: Option<T>) -> T {
    returned.expect("a `Returned` is made full, and taken from once")
}
