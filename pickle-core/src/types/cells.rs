//! Cells and locks: what they hold. One that is in use is an error, never waited for.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock, TryLockError};

use crate::construct::{Construct, DeadPointers, Decoder, Pointee};
use crate::encode::Pickler;
use crate::error::{Error, ErrorKind, Result};
use crate::reduce::Reduce;

impl<T: Reduce + Copy> Reduce for Cell<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.save(&self.get())
    }
}

impl<'g, T: Construct<'g>> Construct<'g> for Cell<T> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.value().map(Self::new)
    }
}
crate::pointee!([T: Construct<'g>] Cell<T>);

/// Writes, for each cell that is empty at first,
///
/// ```text
/// impl<T: Reduce> Reduce for OnceCell<T> {
///     fn reduce(&self, p) { Reduce::reduce(&self.get(), p) }
///     fn as_any(&self) { self.get()?.as_any() }
/// }
/// impl<'g, T: Construct<'g>> Construct<'g> for OnceCell<T> {
///     fn construct(d) { Option::construct(d).map(|value| value.map_or_else(OnceCell::new, OnceCell::from)) }
/// }
/// pointee!([T: Construct<'g>] OnceCell<T>);
/// ```
macro_rules! once {
    ($($cell:ident)+) => {
        $(
            /// What it holds, or None if it is empty.
            impl<T: Reduce> Reduce for $cell<T> {
                fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
                    Reduce::reduce(&self.get(), p)
                }

                fn as_any(&self) -> Option<&dyn Any> {
                    self.get()?.as_any()
                }
            }

            impl<'g, T: Construct<'g>> Construct<'g> for $cell<T> {
                const PURE: bool = true;

                fn construct(d: &mut Decoder<'g>) -> Result<Self> {
                    let value: Option<T> = d.value()?;
                    Ok(value.map_or_else(Self::new, Self::from))
                }
            }
            crate::pointee!([T: Construct<'g>] $cell<T>);
        )+
    };
}

once!(OnceCell OnceLock);

impl<T: Reduce + ?Sized> Reduce for RefCell<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        match self.try_borrow() {
            Ok(value) => p.save(&*value),
            Err(_) => Err(Error::from(ErrorKind::Locked("RefCell"))),
        }
    }
}

impl<T: Reduce + ?Sized> Reduce for Mutex<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        let value = self.try_lock().map_err(|error| in_use(&error, "Mutex"))?;
        p.save(&*value)
    }
}

impl<T: Reduce + ?Sized> Reduce for RwLock<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        let value = self.try_read().map_err(|error| in_use(&error, "RwLock"))?;
        p.save(&*value)
    }
}

#[cold]
fn in_use<G>(error: &TryLockError<G>, lock: &'static str) -> Error {
    Error::from(match error {
        TryLockError::WouldBlock => ErrorKind::Locked(lock),
        TryLockError::Poisoned(_) => ErrorKind::Poisoned(lock),
    })
}

/// Writes, for each cell that a trait object can be in,
///
/// ```text
/// impl<'g, T: Construct<'g>> Construct<'g> for RefCell<T> {
///     fn construct(d) { T::construct(d).map(RefCell::new) }
/// }
/// impl<'g, T: Pointee<'g> + ?Sized> Pointee<'g> for RefCell<T> {
///     fn construct_box(d) { T::construct_box_cell(d) }
///     fn construct_rc(d) { T::construct_rc_cell(d) }
///     fn construct_arc(d) { T::construct_arc_cell(d) }
///     fn dead() { ... }
/// }
/// ```
macro_rules! cells {
    ($($cell:ident: $boxed:ident, $rc:ident $dead_rc:ident, $arc:ident $dead_arc:ident;)+) => {
        $(
            impl<'g, T: Construct<'g>> Construct<'g> for $cell<T> {
                const PURE: bool = true;

                fn construct(d: &mut Decoder<'g>) -> Result<Self> {
                    d.value().map(Self::new)
                }
            }

            impl<'g, T: Pointee<'g> + ?Sized> Pointee<'g> for $cell<T> {
                fn construct_box(d: &mut Decoder<'g>) -> Result<Box<Self>> {
                    T::$boxed(d)
                }

                fn construct_rc(d: &mut Decoder<'g>) -> Result<Rc<Self>>
                where
                    Self: 'static,
                {
                    T::$rc(d)
                }

                fn construct_arc(d: &mut Decoder<'g>) -> Result<Arc<Self>>
                where
                    Self: 'static,
                {
                    T::$arc(d)
                }

                fn dead() -> DeadPointers<Self> {
                    let inner = T::dead();
                    DeadPointers {
                        rc: inner.$dead_rc,
                        arc: inner.$dead_arc,
                        ..DeadPointers::none()
                    }
                }
            }
        )+
    };
}

cells! {
    RefCell: construct_box_cell, construct_rc_cell rc_cell, construct_arc_cell arc_cell;
    Mutex: construct_box_mutex, construct_rc_mutex rc_mutex, construct_arc_mutex arc_mutex;
    RwLock: construct_box_rwlock, construct_rc_rwlock rc_rwlock, construct_arc_rwlock arc_rwlock;
}
