//! Functions that make a value, as the compiler sees them: what a signature returns, and how its
//! parameters are filled.

use super::{Construct, Decoder};
use crate::error::{Error, Result};

/// A function that makes a `T` of the arguments of a call: one of up to twelve parameters that can
/// be [constructed](Construct), which returns a `T` or a `Result` of one. An error is the
/// [`source`](std::error::Error::source) of the one that `loads` returns.
///
/// `M` stands for its signature, and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no constructor of `{T}`",
    label = "a constructor is a function of up to twelve parameters that returns `{T}`, or a `Result` of it",
    note = "its parameters have to own what they hold: `String`, not `&str`"
)]
pub trait Constructor<T, M>: Send + Sync + 'static {
    /// Calls it with the arguments that the decoder stands at.
    #[doc(hidden)]
    fn make(&self, d: &mut Decoder<'_>) -> Result<T>;
}

/// The signature of a constructor that cannot fail.
#[derive(Debug)]
pub struct Plain<S>(S);

/// The signature of a constructor that can.
#[derive(Debug)]
pub struct Fallible<S>(S);

/// A function with signature `M` that returns a `T`, or a `Result` of one, whatever it takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no constructor of `{T}`",
    label = "a constructor is a function of up to twelve parameters that returns `{T}`, or a `Result` of it"
)]
pub trait Returns<T, M> {}

/// Has the compiler check what a function returns.
pub const fn returns<T, M>(_: &impl Returns<T, M>) {}

/// Parameters whose names nobody knows.
macro_rules! nameless {
    ($parameter:ident) => {
        ""
    };
}

macro_rules! constructors {
    ($($($parameter:ident)*;)+) => {
        $(
            impl<F, T, $($parameter),*> Constructor<T, Plain<fn($($parameter),*) -> T>> for F
            where
                F: Fn($($parameter),*) -> T + Send + Sync + 'static,
                $($parameter: for<'g> Construct<'g>,)*
            {
                fn make(&self, d: &mut Decoder<'_>) -> Result<T> {
                    let mut arguments = d.call_arguments(const { &[$(nameless!($parameter)),*] })?;
                    let _ = &mut arguments;
                    Ok(self($(arguments.value::<$parameter>(d)?),*))
                }
            }

            impl<F, T, E, $($parameter),*>
                Constructor<T, Fallible<fn($($parameter),*) -> Result<T, E>>> for F
            where
                F: Fn($($parameter),*) -> Result<T, E> + Send + Sync + 'static,
                E: Into<Box<dyn std::error::Error + Send + Sync>>,
                $($parameter: for<'g> Construct<'g>,)*
            {
                fn make(&self, d: &mut Decoder<'_>) -> Result<T> {
                    let mut arguments = d.call_arguments(const { &[$(nameless!($parameter)),*] })?;
                    let _ = &mut arguments;
                    self($(arguments.value::<$parameter>(d)?),*).map_err(Error::from_source)
                }
            }

            impl<F, T, $($parameter),*> Returns<T, Plain<fn($($parameter),*) -> T>> for F where
                F: Fn($($parameter),*) -> T
            {
            }

            impl<F, T, E, $($parameter),*>
                Returns<T, Fallible<fn($($parameter),*) -> Result<T, E>>> for F
            where
                F: Fn($($parameter),*) -> Result<T, E>,
            {
            }
        )+
    };
}

constructors! {
    ;
    P0;
    P0 P1;
    P0 P1 P2;
    P0 P1 P2 P3;
    P0 P1 P2 P3 P4;
    P0 P1 P2 P3 P4 P5;
    P0 P1 P2 P3 P4 P5 P6;
    P0 P1 P2 P3 P4 P5 P6 P7;
    P0 P1 P2 P3 P4 P5 P6 P7 P8;
    P0 P1 P2 P3 P4 P5 P6 P7 P8 P9;
    P0 P1 P2 P3 P4 P5 P6 P7 P8 P9 P10;
    P0 P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11;
}
