//! `Construct` and `Pointee`: how a Rust value is made of an object of the pickle.
//!
//! A value's `construct` asks the [`Decoder`] for what it needs of the object that the decoder
//! stands at. It answers from a graph, when the whole pickle has been read; or, to types that
//! are pure, straight from the opcodes: see `stream`.

mod answers;
mod arguments;
mod call;
mod constructor;
mod copy;
mod decoder;
mod dynamic;
mod fields;
mod items;
mod late;
mod object;
mod pointee;
mod returned;
mod route;
mod sequence;
mod shared;
mod stream;
mod variant;
mod version;
mod weak;

pub use arguments::CallArguments;
pub(crate) use call::function_of;
pub use call::{Custom, construct_called, construct_custom, or_called, or_persistent};
pub use constructor::{Constructor, returns};
pub use decoder::Decoder;
pub(crate) use decoder::Place;
pub use dynamic::{AnyCasts, Casts, NotCasting, construct_dyn, construct_shared_dyn, dead_dyn};
pub use fields::{Fields, Flatten, Rest};
pub(crate) use items::{Items, Part, Unread};
pub use late::{CellField, LateCell, LateFields, LateProbe, PlainField};
pub use pointee::{
    Pointee, construct_arc, construct_arc_cell, construct_arc_mutex, construct_arc_rwlock,
    construct_box, construct_box_cell, construct_box_mutex, construct_box_rwlock, construct_rc,
    construct_rc_cell, construct_rc_mutex, construct_rc_rwlock,
};
pub(crate) use pointee::{construct_arc_from, construct_rc_from};
pub use returned::{Returned, ReturnedValue};
pub(crate) use sequence::list;
pub use sequence::{Map, Sequence};
pub(crate) use stream::Tuple;
pub use stream::{Row, RowReader};
pub use weak::DeadPointers;

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use late::{FillMut, FillRef};

/// A value that can be made of a pickle and borrows nothing of it: what can be loaded from a
/// reader.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made of a pickle without borrowing from it",
    label = "`Construct` is not implemented for `{Self}` and any lifetime",
    note = "a struct or enum of yours needs `#[derive(pickle_core::Reduce)]`, without `dump_only`"
)]
pub trait ConstructOwned: for<'g> Construct<'g> {}

impl<T: for<'g> Construct<'g>> ConstructOwned for T {}

/// A value that can be made of a pickled object. `'g` is the lifetime of the bytes that it may
/// borrow from.
///
/// `#[derive(Reduce)]` writes this for structs and enums. An impl by hand comes with
/// [`pointee!`](crate::pointee), which makes `Box`, `Rc` and `Arc` of the type:
///
/// ```
/// use pickle_core::{Construct, Decoder, Result};
///
/// struct Celsius(f64);
///
/// impl<'g> Construct<'g> for Celsius {
///     fn construct(d: &mut Decoder<'g>) -> Result<Self> {
///         Ok(Celsius(d.float()?))
///     }
/// }
/// pickle_core::pointee!(Celsius);
///
/// let boxed: Box<Celsius> = pickle_core::loads(b"F0.5\n.")?;
/// assert_eq!(boxed.0, 0.5);
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made of a pickle",
    label = "`Construct` is not implemented for `{Self}`",
    note = "a struct or enum of yours needs `#[derive(pickle_core::Reduce)]`, without `dump_only`",
    note = "a type of another crate can be in a `copyreg::Registered`: in a field, say `registered`, \
            `with = module` or `skip`",
    note = "of references, only `&str` and `&[u8]` can be: a type with others can be `dump_only`"
)]
pub trait Construct<'g>: Pointee<'g> + Sized {
    /// Whether [`construct`](Construct::construct) does nothing but make a value of the decoder's
    /// answers. Such values are made while the pickle is read, which is several times faster,
    /// and thrown away if it then turns out to be broken or unusual, to be made again.
    ///
    /// For an impl by hand this is `false` unless it says otherwise. It may, if `construct` has no
    /// effects, and takes the object as a whole: every item of a sequence that it has asked for.
    const PURE: bool = false;

    /// How the type's objects look where they differ in nothing but floats. For the derive.
    #[doc(hidden)]
    const ROW: Row = Row::NONE;

    /// Makes a value of a row. For the derive.
    #[doc(hidden)]
    fn from_row<const MEMO: bool>(row: &mut RowReader<'_, MEMO>) -> Option<Self> {
        let _ = row;
        None
    }

    /// Adds to the items of a list as many more as are the likes of the last one, which began at
    /// `last` in the stream. How many they are.
    #[doc(hidden)]
    fn construct_more(d: &mut Decoder<'g>, last: usize, items: &mut Vec<Self>) -> usize {
        d.rows(last, items)
    }

    /// Makes a value of the object that the decoder stands at.
    ///
    /// # Errors
    ///
    /// If the object is not what the type is made of.
    fn construct(d: &mut Decoder<'g>) -> Result<Self>;

    /// What a parameter is whose argument is missing, if that is allowed: `None` for an `Option`.
    #[doc(hidden)]
    fn absent() -> Option<Self> {
        None
    }

    /// Makes a `Vec`, as [`Reduce::reduce_slice`](crate::Reduce::reduce_slice) writes a slice: of
    /// a list or tuple, but of bytes for `u8`.
    ///
    /// # Errors
    ///
    /// As `construct`.
    #[doc(hidden)]
    fn construct_vec(d: &mut Decoder<'g>) -> Result<Vec<Self>> {
        list(d)
    }

    /// Makes a shared slice: for `u8`, the one that is out of band, if there is one.
    ///
    /// # Errors
    ///
    /// As `construct`.
    #[doc(hidden)]
    fn construct_arc_slice(d: &mut Decoder<'g>) -> Result<Arc<[Self]>> {
        Self::construct_vec(d).map(Arc::from)
    }

    /// Makes a slice that is borrowed if the input holds it: only one of `u8`.
    ///
    /// # Errors
    ///
    /// As `construct`.
    #[doc(hidden)]
    fn construct_cow<'a>(d: &mut Decoder<'g>) -> Result<Cow<'a, [Self]>>
    where
        Self: Clone + 'a,
        'g: 'a,
    {
        Self::construct_vec(d).map(Cow::Owned)
    }

    /// Like `construct`, but leaves those late fields empty that can be filled through a pointer
    /// to the value, and notes them in `late`. For the derive.
    ///
    /// # Errors
    ///
    /// As `construct`.
    #[doc(hidden)]
    fn construct_early(d: &mut Decoder<'g>, late: &mut LateFields) -> Result<Self> {
        let _ = late;
        Self::construct(d)
    }

    /// Makes the value of late field `field`, and returns what puts it into a shared value. For
    /// the derive.
    ///
    /// # Errors
    ///
    /// As `construct`.
    #[doc(hidden)]
    fn fill_ref(field: usize, d: &mut Decoder<'g>) -> Result<FillRef<Self>>
    where
        Self: 'static,
    {
        let _ = (field, d);
        Err(Error::from(ErrorKind::Cycle))
    }

    /// Makes the value of late field `field`, and returns what puts it into a value in a cell.
    /// For the derive.
    ///
    /// # Errors
    ///
    /// As `construct`.
    #[doc(hidden)]
    fn fill_mut(field: usize, d: &mut Decoder<'g>) -> Result<FillMut<Self>>
    where
        Self: 'static,
    {
        let _ = (field, d);
        Err(Error::from(ErrorKind::Cycle))
    }
}
