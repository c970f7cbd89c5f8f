//! Python's `copy` for Rust types, through the same reducers and constructors as pickles.
//!
//! [`deepcopy`] dumps a value and loads it, in memory: what is shared within the value is shared
//! within the copy, cycles included. It copies trait objects too, which `Clone` cannot.
//!
//! ```
//! use std::rc::Rc;
//!
//! use pickle_core::{Reduce, copy, object};
//!
//! #[object]
//! trait Shape: Reduce {
//!     fn area(&self) -> f64;
//! }
//!
//! #[derive(Reduce)]
//! struct Square {
//!     side: f64,
//! }
//!
//! #[object]
//! impl Shape for Square {
//!     fn area(&self) -> f64 {
//!         self.side * self.side
//!     }
//! }
//!
//! let square: Rc<dyn Shape> = Rc::new(Square { side: 2.0 });
//! let shapes = vec![Rc::clone(&square), square];
//!
//! let deep = copy::deepcopy(&shapes)?;
//! assert_eq!(deep[0].area(), 4.0);
//! assert!(!Rc::ptr_eq(&deep[0], &shapes[0]));
//! assert!(Rc::ptr_eq(&deep[0], &deep[1]));
//!
//! let shallow = copy::copy(&shapes)?;
//! assert!(Rc::ptr_eq(&shallow[0], &shapes[0]));
//! # Ok::<(), pickle_core::Error>(())
//! ```
//!
//! # What is copied
//!
//! Python copies an object by its identity, and in Rust only what is behind an `Rc` or `Arc` has
//! one. What a value owns is a part of it, a `Box` and the items of a `Vec` no less than an
//! integer, and is as new in the copy as the value itself.
//!
//! | Within the value | [`copy`] | [`deepcopy`] |
//! |---|---|---|
//! | owned | new | new |
//! | `Rc`, `Arc` | the same allocation | a new one, once for all pointers to it |
//! | `Weak` | points where the original does | points to the copy of its target, if the value holds that by an `Rc` or `Arc`; else where the original does |
//!
//! The outermost object is new in any case: `copy` of an `Rc<Node>` is another `Rc`, to another
//! node whose own `Rc`s are the original's. What has no object of its own in a pickle, such as
//! `Some`, a `RefCell` or a `transparent` struct, is not the outermost object, but what it holds is.
//!
//! A value can be copied if it can be dumped and loaded; what does not survive that does not
//! survive a copy either: `Some(None)` becomes `None`, and fields that are skipped have their
//! defaults. What is written from an `Rc` and read as something else, as a reducer's `Rc<str>` is by
//! a constructor that takes a `String`, cannot be shared and is new. When that is found out,
//! reducers and constructors have run, and run again.
//!
//! # From Python
//!
//! | Python | here |
//! |---|---|
//! | `copy.copy(x)` | [`copy(&x)`](copy) |
//! | `copy.deepcopy(x)` | [`deepcopy(&x)`](deepcopy) |
//! | `copy.deepcopy(x, memo)` | [`deepcopy_with(&x, &mut memo)`](deepcopy_with) |
//! | `memo[id(x)] = y` | [`memo.insert(&x, y)`](Memo::insert) |
//! | `copy.replace(x, field=value)` | struct update syntax, of a copy: `Point { x: 1.0, ..copy::copy(&point)? }` |
//! | `copy.Error` | [`Error`], as for all that can go wrong |
//! | `__copy__` | a `Clone` of one's own, called by its name |
//! | `__deepcopy__` | a reducer, which pickles go through as well; for a single object, [`Memo::insert`] |
//! | `__replace__` | a method of one's own |
//!
//! Python's `deepcopy` leaves weak references alone, also where their targets are copied, so that
//! a child of the copy has a parent in the original. Here it has the copied parent.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::construct::ConstructOwned;
use crate::decode::Unpickler;
use crate::encode::{self, Written};
use crate::error::{Error, Result};
use crate::graph::NodeId;
use crate::reduce::Reduce;

/// Copies a value, but not what is behind the `Rc`s and `Arc`s in it: Python's `copy.copy`.
///
/// ```
/// use std::rc::Rc;
///
/// use pickle_core::{Reduce, copy};
///
/// #[derive(Reduce)]
/// struct Layer {
///     name: String,
///     pixels: Rc<Vec<u8>>,
/// }
///
/// let layer = Layer { name: "sky".to_owned(), pixels: Rc::new(vec![0; 1024]) };
/// let mut copied = copy::copy(&layer)?;
/// copied.name.push_str(" 2");
/// assert_eq!(layer.name, "sky");
/// assert!(Rc::ptr_eq(&copied.pixels, &layer.pixels));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// As [`deepcopy`].
pub fn copy<T: Reduce + ConstructOwned>(value: &T) -> Result<T> {
    let mut memo = Memo {
        shallow: true,
        ..Memo::default()
    };
    memo.call(value, false)
}

/// Copies a value and all that it consists of: Python's `copy.deepcopy`.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::{Rc, Weak};
///
/// use pickle_core::{Reduce, copy};
///
/// #[derive(Reduce)]
/// struct Page {
///     title: String,
///     #[reduce(late)]
///     links: RefCell<Vec<Weak<Page>>>,
/// }
///
/// let page = Rc::new(Page { title: "Home".to_owned(), links: RefCell::default() });
/// page.links.borrow_mut().push(Rc::downgrade(&page));
///
/// let copied = copy::deepcopy(&page)?;
/// assert_eq!(copied.title, "Home");
/// assert!(Weak::ptr_eq(&copied.links.borrow()[0], &Rc::downgrade(&copied)));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// As [`dumps`](crate::dumps) and [`loads`](crate::loads): if the value contains itself other than
/// through a late field, is locked, or a reducer or constructor fails. There are no limits, and
/// the error has no [`offset`](crate::Error::offset).
pub fn deepcopy<T: Reduce + ConstructOwned>(value: &T) -> Result<T> {
    Memo::default().call(value, false)
}

/// Copies a value as [`deepcopy`] does, but for what has been copied with this memo before:
/// Python's `copy.deepcopy` with a memo.
///
/// ```
/// use std::rc::Rc;
///
/// use pickle_core::copy::{self, Memo};
///
/// let name = Rc::new("spam".to_owned());
/// let (one, other) = (vec![Rc::clone(&name)], (Rc::clone(&name), 1));
///
/// let mut memo = Memo::new();
/// let one = copy::deepcopy_with(&one, &mut memo)?;
/// let other = copy::deepcopy_with(&other, &mut memo)?;
/// assert!(!Rc::ptr_eq(&one[0], &name));
/// assert!(Rc::ptr_eq(&one[0], &other.0));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// As [`deepcopy`]; the memo is then as it was before. Also if the memo has a pointer of another
/// type than is asked for.
pub fn deepcopy_with<T: Reduce + ConstructOwned>(value: &T, memo: &mut Memo) -> Result<T> {
    memo.call(value, true)
}

/// What has been copied, and what to: the memo of [`deepcopy_with`].
///
/// It knows objects behind `Rc` and `Arc`, and keeps both the originals and their copies alive, as
/// Python's does.
#[derive(Default)]
pub struct Memo {
    shallow: bool,
    /// The object behind an original pointer, by its address.
    objects: HashMap<usize, usize>,
    /// The pointers to each object's copy, no two of one type.
    copies: Vec<Pointers>,
    /// No other object has the address of one that is kept.
    originals: Pointers,
    call: Call,
}

/// `Rc`s and `Arc`s.
pub(crate) type Pointers = Vec<Box<dyn Any>>;

/// Those that a copy has to each object.
pub(crate) type PointersTo = HashMap<NodeId, Pointers>;

/// What is known of the copy that is being made.
#[derive(Default)]
struct Call {
    /// The pointers that were met.
    slots: Vec<Slot>,
    by_address: HashMap<usize, usize>,
    /// The last one, unless it is to be followed.
    innermost: Option<usize>,
    /// What was written, by the address of the pointer to it.
    nodes: HashMap<usize, NodeId>,
    /// The slots of objects that were written although they are not copied.
    by_node: HashMap<NodeId, usize>,
    /// Types of pointers that are read as something else, so that what is behind them is written.
    followed: HashSet<TypeId>,
    /// Those that were found to be.
    mismatched: RefCell<HashSet<TypeId>>,
    /// Whether they were read without an error.
    misread: Cell<bool>,
}

struct Slot {
    address: usize,
    /// No two are of one type.
    originals: Pointers,
}

/// What to write for a pointer that was not written before.
pub(crate) enum Met {
    /// Its slot: what is behind it is not copied, or was copied before.
    Unfollowed(usize),
    /// What is behind it, as if there were no pointer.
    Outermost,
    /// What is behind it, once.
    New,
}

impl Memo {
    /// A memo that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes `copy` the copy of an object: Python's `memo[id(original)] = copy`. With a clone of
    /// the original, the object is not copied but shared.
    ///
    /// The pointer has to be of the type that is copied, or, for a trait object, the concrete one.
    ///
    /// ```
    /// use std::rc::Rc;
    ///
    /// use pickle_core::copy::{self, Memo};
    ///
    /// let (kept, other) = (Rc::new(1), Rc::new(2));
    /// let mut memo = Memo::new();
    /// memo.insert(&kept, Rc::clone(&kept));
    ///
    /// let copied = copy::deepcopy_with(&vec![Rc::clone(&kept), Rc::clone(&other)], &mut memo)?;
    /// assert!(Rc::ptr_eq(&copied[0], &kept));
    /// assert!(!Rc::ptr_eq(&copied[1], &other));
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    pub fn insert<P: Identity>(&mut self, original: &P, copy: P) {
        self.objects.insert(original.address(), self.copies.len());
        self.copies.push(vec![Box::new(copy)]);
        self.originals.push(Box::new(original.clone()));
    }

    /// Makes a copy, and forgets what only that had to know.
    fn call<T: Reduce + ConstructOwned>(&mut self, value: &T, learn: bool) -> Result<T> {
        self.call = Call::default();
        let mut result = self.transfer(value);
        while (result.is_err() || self.call.misread.get()) && self.call.follow() {
            result = self.transfer(value);
        }
        let call = std::mem::take(&mut self.call);
        let (value, pointers) = result.map_err(Error::without_offset)?;
        if learn {
            self.learn(call, pointers);
        }
        Ok(value)
    }

    /// Dumps and loads.
    fn transfer<T: Reduce + ConstructOwned>(&mut self, value: &T) -> Result<(T, PointersTo)> {
        let Written { bytes, addresses } = encode::dump_for_copy(value, self)?;
        let (graph, memo) = Unpickler::for_copy().graph_and_memo(&bytes)?;
        let node = |index| memo.get(usize::try_from(index).ok()?).copied();
        self.call.nodes = addresses
            .into_iter()
            .filter_map(|(address, index)| Some((address, node(index)?)))
            .collect();
        let nodes = self.call.nodes.iter();
        self.call.by_node = nodes
            .filter(|(address, _)| self.has(**address))
            .filter_map(|(address, node)| Some((*node, *self.call.by_address.get(address)?)))
            .collect();
        graph.construct_copy(self)
    }

    fn learn(&mut self, call: Call, mut pointers: PointersTo) {
        let mut objects = HashMap::new();
        for Slot { address, originals } in call.slots {
            let Some(node) = call.nodes.get(&address) else {
                continue;
            };
            if self.has(address) {
                continue;
            }
            if let Some(pointers) = pointers.remove(node) {
                objects.insert(*node, self.copies.len());
                self.copies.push(pointers);
            }
            // A pointer to a pointer is one object with it.
            if let Some(object) = objects.get(node) {
                self.objects.insert(address, *object);
                self.originals.extend(originals);
            }
        }
    }

    /// Whether only the outermost object is copied.
    pub(crate) fn is_shallow(&self) -> bool {
        self.shallow
    }

    /// Whether the copy's pointer to an object is there before the object is written.
    fn has(&self, address: usize) -> bool {
        self.shallow || self.objects.contains_key(&address)
    }

    /// The number that is written for a pointer, unless what is behind it has to be.
    pub(crate) fn unfollowed(&mut self, address: usize, original: Box<dyn Any>) -> Option<usize> {
        let followed = self.call.followed.contains(&(*original).type_id());
        let slot = self.slot(address, original);
        (!followed).then_some(slot)
    }

    /// Notes a pointer, behind which perhaps is the outermost object.
    pub(crate) fn meet(&mut self, address: usize, original: Box<dyn Any>, outermost: bool) -> Met {
        self.call.innermost = self.unfollowed(address, original);
        match self.call.innermost {
            _ if self.shallow && outermost => Met::Outermost,
            Some(slot) if self.has(address) => Met::Unfollowed(slot),
            _ => Met::New,
        }
    }

    /// The slot of the pointer that was met last.
    pub(crate) fn innermost(&self) -> Option<usize> {
        self.call.innermost
    }

    /// A number for a pointer, the same for all pointers to an object.
    fn slot(&mut self, address: usize, original: Box<dyn Any>) -> usize {
        let slots = &mut self.call.slots;
        let slot = *self.call.by_address.entry(address).or_insert_with(|| {
            let originals = Vec::new();
            slots.push(Slot { address, originals });
            slots.len() - 1
        });
        let originals = &mut slots[slot].originals;
        let id = (*original).type_id();
        if !originals.iter().any(|known| (**known).type_id() == id) {
            originals.push(original);
        }
        slot
    }

    /// What there is for a slot: pointers to the object's copy, or else to itself.
    pub(crate) fn pointers(&self, slot: usize) -> Option<&[Box<dyn Any>]> {
        let Slot { address, originals } = self.call.slots.get(slot)?;
        let copies = self
            .objects
            .get(address)
            .map(|object| &self.copies[*object]);
        Some(copies.unwrap_or(originals))
    }

    /// The slot of an object that was written.
    pub(crate) fn slot_of(&self, node: NodeId) -> Option<usize> {
        self.call.by_node.get(&node).copied()
    }

    pub(crate) fn has_slots(&self) -> bool {
        !self.call.slots.is_empty()
    }

    /// Tells that something else than a pointer was asked for at a slot.
    pub(crate) fn mismatch(&self, slot: usize) {
        if let Some(slot) = self.call.slots.get(slot) {
            let types = slot.originals.iter().map(|pointer| (**pointer).type_id());
            self.call.mismatched.borrow_mut().extend(types);
        }
    }

    /// Tells that the number itself was taken from a slot.
    pub(crate) fn misread(&self, slot: usize) {
        self.mismatch(slot);
        self.call.misread.set(true);
    }

    /// Tells that a pointer of another type than the memo has was asked for.
    pub(crate) fn disagree(&self) {
        if !self.shallow {
            self.call.mismatched.borrow_mut().clear();
        }
    }

    /// What was written of a slot's object elsewhere.
    pub(crate) fn node(&self, slot: usize) -> Option<NodeId> {
        let address = self.call.slots.get(slot)?.address;
        self.call.nodes.get(&address).copied()
    }
}

impl Call {
    /// Begins again, if there are more pointers to follow.
    fn follow(&mut self) -> bool {
        let mut followed = std::mem::take(&mut self.followed);
        let before = followed.len();
        followed.extend(self.mismatched.take());
        let more = followed.len() > before;
        *self = Self {
            followed,
            ..Self::default()
        };
        more
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo")
            .field("objects", &self.objects.len())
            .finish_non_exhaustive()
    }
}

/// A pointer to an object that has an identity: `Rc` and `Arc`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no object with an identity",
    label = "only what is behind an `Rc` or `Arc` has one"
)]
pub trait Identity: Clone + 'static + sealed::Address {}

mod sealed {
    pub trait Address {
        fn address(&self) -> usize;
    }
}

impl<T: ?Sized + 'static> Identity for Rc<T> {}

impl<T: ?Sized> sealed::Address for Rc<T> {
    fn address(&self) -> usize {
        Rc::as_ptr(self).cast::<()>() as usize
    }
}

impl<T: ?Sized + 'static> Identity for Arc<T> {}

impl<T: ?Sized> sealed::Address for Arc<T> {
    fn address(&self) -> usize {
        Arc::as_ptr(self).cast::<()>() as usize
    }
}
