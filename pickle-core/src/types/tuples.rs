//! Unit, `Option`, `PhantomData` and tuples.

use std::any::Any;
use std::marker::PhantomData;

use super::sequences::exactly;
use crate::construct::{Construct, Decoder};
use crate::encode::Pickler;
use crate::error::{Result, Segment};
use crate::graph::View;
use crate::reduce::Reduce;

/// None; made of None or the empty tuple.
impl Reduce for () {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.none()
    }
}

impl<'g> Construct<'g> for () {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        if d.take_none() {
            return Ok(());
        }
        match d.here().view() {
            View::Tuple(items) if items.len() == 0 => Ok(()),
            _ => Err(d.wrong_type("None or an empty tuple")),
        }
    }
}
crate::pointee!(());

/// None, as `()` is.
impl<T: ?Sized> Reduce for PhantomData<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.none()
    }
}

impl<'g, T: ?Sized> Construct<'g> for PhantomData<T> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        <()>::construct(d)?;
        Ok(Self)
    }
}
crate::pointee!([T: ?Sized] PhantomData<T>);

/// The value itself, or None: so that `Some(None)` and `Some(())` read as `None`.
impl<T: Reduce> Reduce for Option<T> {
    #[inline]
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        match self {
            Some(value) => value.reduce(p),
            None => p.none(),
        }
    }

    fn as_any(&self) -> Option<&dyn Any> {
        self.as_ref()?.as_any()
    }
}

impl<'g, T: Construct<'g>> Construct<'g> for Option<T> {
    const PURE: bool = true;

    #[inline]
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        if d.take_none() {
            return Ok(None);
        }
        d.value().map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}
crate::pointee!([T: Construct<'g>] Option<T>);

fn item<T: Reduce>(p: &mut Pickler<'_>, index: usize, item: &T) -> Result<()> {
    p.save(item)
        .map_err(|error| error.within(Segment::Index(index)))
}

/// Writes, for each length,
///
/// ```text
/// impl<A: Reduce, B: Reduce> Reduce for (A, B) {
///     fn reduce(&self, p) {
///         p.tuple(2, |p| {
///             item(p, 0, &self.0)?;
///             item(p, 1, &self.1)?;
///             Ok(())
///         })
///     }
/// }
///
/// impl<'g, A: Construct<'g>, B: Construct<'g>> Construct<'g> for (A, B) {
///     fn construct(d) {
///         let mut items = exactly(d, 2)?;
///         let tuple = (items.next(d)?, items.next(d)?);
///         items.end(d)?;
///         Ok(tuple)
///     }
/// }
/// pointee!([A: Construct<'g>, B: Construct<'g>] (A, B));
/// ```
macro_rules! tuples {
    ($($len:literal: $($name:ident $index:tt),+;)+) => {
        $(
            impl<$($name: Reduce),+> Reduce for ($($name,)+) {
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    p.tuple($len, |p| {
                        $(item(p, $index, &self.$index)?;)+
                        Ok(())
                    })
                }
            }

            impl<'g, $($name: Construct<'g>),+> Construct<'g> for ($($name,)+) {
                const PURE: bool = true;

                fn construct(d: &mut Decoder<'g>) -> Result<Self> {
                    let mut items = exactly(d, $len)?;
                    let tuple = ($(items.next::<$name>(d)?,)+);
                    items.end(d)?;
                    Ok(tuple)
                }
            }
            crate::pointee!([$($name: Construct<'g>),+] ($($name,)+));
        )+
    };
}

tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
    13: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12;
    14: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13;
    15: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14;
    16: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15;
}
