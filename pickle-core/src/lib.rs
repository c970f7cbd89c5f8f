//! Python's `pickle`, `copy` and `pickletools` for Rust types, on the real wire format.
//!
//! [`derive(Reduce)`](macro@Reduce) makes a Rust type a Python class on the wire: what [`dumps`]
//! writes, CPython loads as an instance of that class, and the other way round.
//!
//! ```
//! use pickle_core::{Reduce, dumps, loads};
//!
//! #[derive(Debug, PartialEq, Reduce)]
//! #[reduce(module = "geometry")] // Python's geometry.Point
//! struct Point {
//!     x: f64,
//!     y: f64,
//! }
//!
//! let bytes = dumps(&Point { x: 3.0, y: 4.0 })?;
//! assert_eq!(loads::<Point>(&bytes)?, Point { x: 3.0, y: 4.0 });
//! # Ok::<(), pickle_core::Error>(())
//! ```
//!
//! # Where to look
//!
//! | For | there is |
//! |---|---|
//! | the way from Python, program by program, and every name of its modules | [`guide`], [`guide::table`] |
//! | typed values | [`dumps`], [`loads`], [`dump`], [`load`] |
//! | many small pickles | [`dumps_into`] |
//! | lists that are longer than memory, item by item | [`load_iter`], [`Pickler::dump_iter`] |
//! | options: protocol, memo, limits, Python 2's `str`, several pickles in a stream | [`Pickler`], [`Unpickler`] |
//! | a type's form in Python | [`derive(Reduce)`](macro@Reduce), [`module!`], or [`Reduce`](trait@Reduce) and [`Construct`] by hand |
//! | trait objects | [`object`](macro@object) |
//! | reducers by hand | [`Reduction`], [`derive(Reduce)`](macro@Reduce#by-hand) |
//! | types of other crates, and extension codes for any name | [`copyreg`] |
//! | reducers of one pickler's own | [`DispatchTable`], [`Pickler::reducer_override`] |
//! | functions that pickles call | [`constructor`](macro@constructor), [`constructors`](macro@constructors), [`state_setter`](macro@state_setter) |
//! | functions and classes as values | [`function`](macro@function), [`Function`], [`TypeOf`], [`QualName`] |
//! | a class for each instance of a generic type | [`register!`] |
//! | pickles of unknown types, with identity and cycles | [`Graph`] |
//! | the same as a plain tree | [`Value`] |
//! | the opcodes of a pickle | [`pickletools`] |
//! | what went wrong and where | [`Error`] |
//! | copies of values, trait objects and cycles among them | [`copy`](mod@copy) |
//! | which types are registered under one name | [`registry::check`] |
//! | bytes that travel beside a pickle | [`PickleBuffer`] |
//! | what a pickle may cost, and what it may name | [`Limits`], [`Unpickler::allow`] |
//! | objects that are kept elsewhere | [`PersistentIds`], [`Unpickler::persistent_load`] |
//!
//! # Identity
//!
//! Python's objects have an identity; in Rust only what is behind an `Rc` or `Arc` has one. Two
//! `Rc`s of one allocation are one Python object, and come back as one allocation:
//!
//! ```
//! use std::rc::Rc;
//!
//! let name = Rc::new("spam".to_owned());
//! let bytes = pickle_core::dumps(&(Rc::clone(&name), name))?;
//! let (one, other): (Rc<String>, Rc<String>) = pickle_core::loads(&bytes)?;
//! assert!(Rc::ptr_eq(&one, &other));
//! # Ok::<(), pickle_core::Error>(())
//! ```
//!
//! An object that contains itself closes the cycle through a field that is marked
//! `#[reduce(late)]`: it is filled in when the object exists, as Python does with an object's state.
//! Constructor arguments cannot be cyclic, in Rust and in Python.
//!
//! ```
//! use std::cell::RefCell;
//! use std::rc::{Rc, Weak};
//!
//! use pickle_core::{Reduce, dumps, loads};
//!
//! #[derive(Reduce)]
//! struct Owner {
//!     name: String,
//!     #[reduce(late)]
//!     own: RefCell<Weak<Owner>>,
//! }
//!
//! let owner = Rc::new(Owner { name: "Ada".to_owned(), own: RefCell::default() });
//! owner.own.replace(Rc::downgrade(&owner));
//!
//! let loaded: Rc<Owner> = loads(&dumps(&owner)?)?;
//! assert!(Weak::ptr_eq(&loaded.own.borrow(), &Rc::downgrade(&loaded)));
//! # Ok::<(), pickle_core::Error>(())
//! ```
//!
//! # Input safety
//!
//! Bytes may come from anywhere: see [`loads`], and [`Limits`] for what they may cost. Unlike Python's,
//! a pickle cannot choose what is called: the type that is asked for does, among what is registered,
//! and [`Unpickler::allow`] narrows even that.

#![forbid(unsafe_code)]

// The derive's output names this crate as its users do.
extern crate self as pickle_core;

mod bigint;
mod buffer;
mod class;
mod compat;
mod construct;
pub mod copy;
pub mod copyreg;
mod decode;
mod encode;
mod error;
mod function;
mod graph;
pub mod guide;
mod instance;
mod limits;
mod module;
mod opcode;
mod persistent;
pub mod pickletools;
mod reduce;
pub mod registry;
mod repr;
mod types;
mod utf8;
pub mod value;
pub mod wire;

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

use std::io::{BufRead, Write};

pub use buffer::PickleBuffer;
pub use construct::{
    Construct, ConstructOwned, Constructor, Decoder, Fields, Flatten, Map, Pointee, Rest, Sequence,
};
pub use decode::{DecodeErrors, Encoding, LoadIter, PickleStream, Unpickler};
pub use encode::{
    BufferCallback, Creation, DEFAULT_PROTOCOL, FlattenReduce, HIGHEST_PROTOCOL, MemoPolicy,
    ObjectWriter, Pickler, ReducerOverride,
};
pub use error::{Error, ErrorKind, Path, Result};
pub use function::Function;
pub use graph::{Entries, Form, Graph, Items, NodeId, NodeRef, Object, Setter, View};
pub use limits::Limits;
pub use persistent::{IntoPersistentId, PersistentIds};
pub use pickle_derive::{Reduce, constructor, constructors, function, object, state_setter};
pub use pickle_registry::{Conflict, LookupError, QualName};
pub use reduce::{
    Arguments, ArgumentsOf, DispatchTable, IntoReduction, Reduce, Reducer, Reduction,
};
pub use types::{ByteArray, FrozenSet, TypeOf};
pub use value::Value;

/// What the derive's output names. No part of the public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::class::{
        Class, Field, LinkedCast, LinkedClass, LinkedFunction, Make, MemberValue, Set, Target,
        Variant,
    };
    pub use crate::construct::{AnyCasts, CellField, LateProbe, NotCasting, PlainField};
    pub use crate::construct::{
        CallArguments, Custom, Map, Returned, ReturnedValue, construct_called, construct_custom,
        or_called, or_persistent, returns,
    };
    pub use crate::construct::{
        Casts, DeadPointers, LateCell, LateFields, Row, RowReader, construct_arc,
        construct_arc_cell, construct_arc_mutex, construct_arc_rwlock, construct_box,
        construct_box_cell, construct_box_mutex, construct_box_rwlock, construct_dyn, construct_rc,
        construct_rc_cell, construct_rc_mutex, construct_rc_rwlock, construct_shared_dyn, dead_dyn,
    };
    pub use crate::copyreg::field as registered;
    pub use crate::encode::{ClassName, Keys, Name, float_of};
    pub use crate::instance::{
        Generic, GenericInstance, LinkedGeneric, LinkedInstance, class_of, classes_of, name_of,
    };
    pub use crate::module::{
        DefaultModule, ModuleName, ModuleProbe, dotted, dotted_len, module_name,
    };
    pub use crate::reduce::ReduceWith;
    pub use crate::wire::{Instance, Wire};
    pub use crate::{
        Construct, Creation, Decoder, Error, ErrorKind, Fields, Flatten, FlattenReduce,
        IntoReduction, ObjectWriter, Pickler, Pointee, Reduce, Reduction, Rest, Result,
    };
    pub use inventory;
    pub use pickle_derive::register;

    /// Makes a value without a graph; none if that takes one. For tests and benchmarks.
    pub fn straight<'g, T: Construct<'g>>(
        unpickler: &crate::Unpickler<'g>,
        bytes: &'g [u8],
    ) -> Option<T> {
        Decoder::straight(unpickler, bytes)
    }

    pub use pickle_registry::{Entry, Location, QualName, RustType};
}

/// Pickles a value, in protocol 4: Python's `pickle.dumps`.
///
/// [`Pickler`] does the same with options.
///
/// ```
/// let bytes = pickle_core::dumps(&(1, "one"))?;
/// assert_eq!(pickle_core::loads::<(i32, &str)>(&bytes)?, (1, "one"));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// If the value contains itself other than through a late field, is locked, or a
/// [`Reduce`] of its own fails.
pub fn dumps<T: Reduce + ?Sized>(value: &T) -> Result<Vec<u8>> {
    encode::dumps(value)
}

/// Pickles a value to the end of a buffer, in protocol 4: as [`dumps`], but with memory that is there
/// already.
///
/// ```
/// let mut buffer = Vec::new();
/// for value in ["one", "two"] {
///     buffer.clear();
///     pickle_core::dumps_into(value, &mut buffer)?;
///     assert_eq!(pickle_core::loads::<&str>(&buffer)?, value);
/// }
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// As [`dumps`]. The buffer is then as it was.
pub fn dumps_into<T: Reduce + ?Sized>(value: &T, buffer: &mut Vec<u8>) -> Result<()> {
    Pickler::default().dumps_into(value, buffer)
}

/// Pickles a value into a writer, in protocol 4: Python's `pickle.dump`.
///
/// ```
/// let mut file = Vec::new();
/// pickle_core::dump(&1, &mut file)?;
/// pickle_core::dump(&"one", &mut file)?;
///
/// let mut reader = &file[..];
/// assert_eq!(pickle_core::load::<i32>(&mut reader)?, 1);
/// assert_eq!(pickle_core::load::<String>(&mut reader)?, "one");
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// As [`dumps`], and if writing fails. What was written before stays written.
pub fn dump<T: Reduce + ?Sized>(value: &T, writer: &mut impl Write) -> Result<()> {
    Pickler::new(writer).dump(value)
}

/// Makes a value of a pickle: Python's `pickle.loads`. Bytes behind the pickle's end are ignored.
///
/// [`Unpickler`] does the same with options.
///
/// ```
/// // pickle.dumps({'x': 3.0, 'y': 4.0}, 0)
/// let bytes = b"(dVx\nF3.0\nsVy\nF4.0\ns.";
/// let point: std::collections::BTreeMap<&str, f64> = pickle_core::loads(bytes)?;
/// assert_eq!(point["y"], 4.0);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// If CPython's unpickler would refuse the bytes, the pickled object is not what `T` is made of,
/// or a limit is met. An error says what, where in the bytes and where in the object.
///
/// # Input safety
///
/// Bytes may come from anywhere. They are read to their end before anything runs that could have
/// an effect: constructors, conversions, functions for persistent ids, and every [`Construct`] by
/// hand that does not say that it is [`PURE`](Construct::PURE). What is constructed is `T` and the
/// types that it is made of, nothing that the pickle names beside. No input panics, overflows
/// the stack, or takes more memory than [`Limits`] allow for its size.
///
/// # Speed
///
/// What picklers usually write for a type is read straight into the type, without a [`Graph`] in
/// between: some ten times as fast. That can make values which are then thrown away, of types that
/// are pure: of user's code, only `Hash`, `Eq`, `Ord`, `Default` and `Drop` are run for them.
pub fn loads<'g, T: Construct<'g>>(bytes: &'g [u8]) -> Result<T> {
    Unpickler::new().loads(bytes)
}

/// Makes a value of the next pickle of a reader: Python's `pickle.load`. The reader is left right
/// behind the pickle; so it may be a socket.
///
/// [`Unpickler::stream`] reads all pickles of a reader.
///
/// # Errors
///
/// As [`loads`], and if reading fails.
///
/// # Input safety
///
/// As [`loads`]. Never more is allocated than was read.
pub fn load<T: ConstructOwned>(reader: &mut impl BufRead) -> Result<T> {
    Unpickler::new().load(reader)
}

/// The items of a pickled list, off a reader, one after the other: for lists that are longer than
/// memory.
///
/// ```
/// let mut file = Vec::new();
/// pickle_core::dump(&["spam", "eggs"], &mut file)?;
///
/// let mut letters = 0;
/// for word in pickle_core::load_iter::<String, _>(&file[..]) {
///     letters += word?.len();
/// }
/// assert_eq!(letters, 8);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// What it holds at a time is one batch of items, of which picklers write 1000 at once, and what
/// later ones may refer to. With [`MemoPolicy::Shared`] that is names, and objects behind `Rc` and
/// `Arc`; but CPython lets every str be referred to, so that memory grows with the strs of its
/// pickles, and by eight bytes for each object.
///
/// # Errors
///
/// Each item is a `Result`; behind an error there are no more. Items come before the verdict on
/// what follows them: of a pickle that is broken or cut off, all batches before that one are
/// loaded, and in a batch with an object that is no `T`, the items in front of it.
///
/// The pickle has to be a list, in protocol 2 or above, in the form that picklers write:
/// [`load`] reads others, as it does types whose construction may have effects, which are an error
/// here.
///
/// # Input safety
///
/// As [`load`]. [`Limits`] hold for the pickle as a whole.
pub fn load_iter<T: ConstructOwned, R: BufRead>(reader: R) -> LoadIter<T, R> {
    Unpickler::new().load_iter(reader)
}
