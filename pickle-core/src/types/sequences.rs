//! Lists: slices, arrays, and the collections with an order.

use std::borrow::Cow;
use std::collections::{BinaryHeap, LinkedList, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use crate::construct::{
    Construct, DeadPointers, Decoder, Pointee, Sequence, Tuple, construct_arc_from,
    construct_rc_from, list,
};
use crate::encode::Pickler;
use crate::error::{Error, ErrorKind, Result};
use crate::reduce::Reduce;

/// The items of a list or tuple that has exactly `len` of them.
pub(super) fn exactly(d: &mut Decoder<'_>, len: usize) -> Result<Exactly> {
    if let Some(tuple) = d.open_tuple(len) {
        return Ok(Exactly::Tuple { tuple, len });
    }
    let items = d.sequence()?;
    let found = items.len(d);
    if found == len {
        Ok(Exactly::Items { items, len })
    } else {
        Err(wrong_length(d, len, found))
    }
}

#[cold]
fn wrong_length(d: &Decoder<'_>, expected: usize, found: usize) -> Error {
    d.error(ErrorKind::WrongLength { expected, found })
}

/// Items of which as many are asked for as there are.
pub(super) enum Exactly {
    /// Of the stream.
    Tuple { tuple: Tuple, len: usize },
    /// Of the graph.
    Items { items: Sequence, len: usize },
}

impl Exactly {
    #[inline]
    pub(super) fn next<'g, T: Construct<'g>>(&mut self, d: &mut Decoder<'g>) -> Result<T> {
        let (items, len) = match self {
            Self::Tuple { .. } => return d.value(),
            Self::Items { items, len } => (items, *len),
        };
        match items.item(d)? {
            Some(item) => Ok(item),
            None => Err(wrong_length(d, len + 1, len)),
        }
    }

    /// To be called behind the last one.
    #[inline]
    pub(super) fn end(self, d: &mut Decoder<'_>) -> Result<()> {
        match self {
            Self::Tuple { tuple, len } => d.close_tuple(tuple, len),
            Self::Items { .. } => Ok(()),
        }
    }
}

/// A list, or bytes if the items are `u8`; so are `Vec`, arrays and pointers to a slice.
impl<T: Reduce> Reduce for [T] {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        T::reduce_slice(self, p)
    }
}

impl<'g, T: Construct<'g>> Pointee<'g> for [T] {
    fn construct_box(d: &mut Decoder<'g>) -> Result<Box<[T]>> {
        T::construct_vec(d).map(Vec::into_boxed_slice)
    }

    fn construct_rc(d: &mut Decoder<'g>) -> Result<Rc<[T]>>
    where
        [T]: 'static,
    {
        construct_rc_from::<Vec<T>, [T]>(d)
    }

    fn construct_arc(d: &mut Decoder<'g>) -> Result<Arc<[T]>>
    where
        [T]: 'static,
    {
        construct_arc_from::<ArcSlice<T>, [T]>(d)
    }

    fn dead() -> DeadPointers<[T]> {
        DeadPointers {
            rc: Some(Rc::downgrade(&Rc::from([]))),
            arc: Some(Arc::downgrade(&Arc::from([]))),
            ..DeadPointers::none()
        }
    }
}

/// A slice that is shared already, if its bytes are out of band.
struct ArcSlice<T>(Arc<[T]>);

impl<'g, T: Construct<'g>> Construct<'g> for ArcSlice<T> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        T::construct_arc_slice(d).map(Self)
    }
}
crate::pointee!([T: Construct<'g>] ArcSlice<T>);

impl<T> From<ArcSlice<T>> for Arc<[T]> {
    fn from(slice: ArcSlice<T>) -> Self {
        slice.0
    }
}

impl<T: Reduce, const N: usize> Reduce for [T; N] {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        T::reduce_slice(self, p)
    }
}

impl<'g, T: Construct<'g>, const N: usize> Construct<'g> for [T; N] {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        Self::try_from(T::construct_vec(d)?).map_err(|items| wrong_length(d, N, items.len()))
    }
}
crate::pointee!([T: Construct<'g>, const N: usize] [T; N]);

impl<T: Reduce> Reduce for Vec<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        T::reduce_slice(self, p)
    }
}

impl<'g, T: Construct<'g>> Construct<'g> for Vec<T> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        T::construct_vec(d)
    }
}
crate::pointee!([T: Construct<'g>] Vec<T>);

/// Borrows bytes that the input holds as they are; every other slice is owned.
impl<'g: 'a, 'a, T: Construct<'g> + Clone + 'a> Construct<'g> for Cow<'a, [T]> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        T::construct_cow(d)
    }
}
crate::pointee!(['a, T: Construct<'g> + Clone + 'a] Cow<'a, [T]> where 'g: 'a);

/// Writes, for each collection,
///
/// ```text
/// impl<T: Reduce> Reduce for VecDeque<T> { fn reduce(&self, p) { p.list(self) } }
/// impl<'g, T: Construct<'g>> Construct<'g> for VecDeque<T> {
///     fn construct(d) { list(d).map(VecDeque::from_iter) }
/// }
/// pointee!([T: Construct<'g>] VecDeque<T>);
/// ```
macro_rules! lists {
    ($($(#[$doc:meta])* $collection:ident $(: $order:ident)?;)+) => {
        $(
            $(#[$doc])*
            impl<T: Reduce> Reduce for $collection<T> {
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    p.list(self)
                }
            }

            impl<'g, T: Construct<'g> $(+ $order)?> Construct<'g> for $collection<T> {
                const PURE: bool = true;

                fn construct(d: &mut Decoder<'g>) -> Result<Self> {
                    list(d).map($collection::from_iter)
                }
            }
            crate::pointee!([T: Construct<'g> $(+ $order)?] $collection<T>);
        )+
    };
}

lists! {
    /// A list, also of `u8`.
    VecDeque;
    /// A list, also of `u8`.
    LinkedList;
    /// A list in the heap's own order; any order makes the same heap.
    BinaryHeap: Ord;
}
