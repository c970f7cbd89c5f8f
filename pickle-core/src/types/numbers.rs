//! Bools, integers and floats. `u8` is in `bytes`.

use crate::construct::{Construct, Decoder, Row, RowReader};
use crate::encode::Pickler;
use crate::error::Result;
use crate::reduce::Reduce;

impl Reduce for bool {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.bool(*self)
    }
}

impl<'g> Construct<'g> for bool {
    const PURE: bool = true;

    #[inline]
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.bool()
    }
}
crate::pointee!(bool);

/// Writes, for each type that `i64` holds,
///
/// ```text
/// impl Reduce for i32 { fn reduce(&self, p) { p.int(i64::from(*self)) } }
/// impl<'g> Construct<'g> for i32 { fn construct(d) { d.int() } }
/// pointee!(i32);
/// ```
///
/// and for each `wide` one the same, but that numbers beyond `i64` go through `i128`.
macro_rules! integers {
    (narrow: $($narrow:ident)+; wide: $($wide:ident)+;) => {
        $(
            impl Reduce for $narrow {
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    p.int(i64::from(*self))
                }
            }
            integers!(@construct $narrow);
        )+
        $(
            impl Reduce for $wide {
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    match i64::try_from(*self) {
                        Ok(value) => p.int(value),
                        // OK because no platform's is wider than 127 bits.
                        Err(_) => p.i128(*self as i128),
                    }
                }
            }
            integers!(@construct $wide);
        )+
    };
    (@construct $type:ident) => {
        impl<'g> Construct<'g> for $type {
            const PURE: bool = true;

            #[inline]
            fn construct(d: &mut Decoder<'g>) -> Result<Self> {
                d.int()
            }

            fn construct_more(d: &mut Decoder<'g>, _: usize, items: &mut Vec<Self>) -> usize {
                d.ints(items)
            }
        }
        crate::pointee!($type);
    };
}

integers! {
    narrow: i8 i16 i32 i64 u16 u32;
    wide: isize u64 usize i128;
}

impl Reduce for u128 {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.u128(*self)
    }
}

impl<'g> Construct<'g> for u128 {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.u128()
    }
}
crate::pointee!(u128);

impl Reduce for f64 {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.float(*self)
    }
}

impl<'g> Construct<'g> for f64 {
    const PURE: bool = true;
    const ROW: Row = Row::FLOAT;

    #[inline]
    fn from_row<const MEMO: bool>(row: &mut RowReader<'_, MEMO>) -> Option<Self> {
        row.float()
    }

    #[inline]
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.float()
    }
}
crate::pointee!(f64);

impl Reduce for f32 {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.float(f64::from(*self))
    }
}

/// Python has only doubles, few of which an `f32` holds: the nearest is taken, but never an
/// infinity for a finite number.
impl<'g> Construct<'g> for f32 {
    const PURE: bool = true;

    #[expect(clippy::cast_possible_truncation, reason = "checked")]
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let double = d.float()?;
        let single = double as f32;
        if single.is_infinite() && double.is_finite() {
            return Err(d.out_of_range::<f32>());
        }
        Ok(single)
    }
}
crate::pointee!(f32);
