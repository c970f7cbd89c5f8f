//! Weak pointers without a target: what None reads as.
//!
//! `Weak::new` needs to know a type's size. A trait object has none, so that a dead pointer to it
//! comes from a type that is behind it.

use std::cell::RefCell;
use std::sync::{Mutex, RwLock};
use std::{rc, sync};

/// A dead weak pointer of each kind, where there can be one.
#[derive(Debug)]
pub struct DeadPointers<T: ?Sized> {
    /// `rc::Weak<T>`.
    pub rc: Option<rc::Weak<T>>,
    /// `sync::Weak<T>`.
    pub arc: Option<sync::Weak<T>>,
    /// `rc::Weak<RefCell<T>>`.
    pub rc_cell: Option<rc::Weak<RefCell<T>>>,
    /// `rc::Weak<Mutex<T>>`.
    pub rc_mutex: Option<rc::Weak<Mutex<T>>>,
    /// `rc::Weak<RwLock<T>>`.
    pub rc_rwlock: Option<rc::Weak<RwLock<T>>>,
    /// `sync::Weak<RefCell<T>>`.
    pub arc_cell: Option<sync::Weak<RefCell<T>>>,
    /// `sync::Weak<Mutex<T>>`.
    pub arc_mutex: Option<sync::Weak<Mutex<T>>>,
    /// `sync::Weak<RwLock<T>>`.
    pub arc_rwlock: Option<sync::Weak<RwLock<T>>>,
}

impl<T> DeadPointers<T> {
    /// Those of a type of known size: all. None of them allocates.
    #[must_use]
    pub fn new() -> Self {
        Self {
            rc: Some(rc::Weak::new()),
            arc: Some(sync::Weak::new()),
            rc_cell: Some(rc::Weak::new()),
            rc_mutex: Some(rc::Weak::new()),
            rc_rwlock: Some(rc::Weak::new()),
            arc_cell: Some(sync::Weak::new()),
            arc_mutex: Some(sync::Weak::new()),
            arc_rwlock: Some(sync::Weak::new()),
        }
    }
}

impl<T> Default for DeadPointers<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized> DeadPointers<T> {
    /// Those of a type that nothing is known of: none.
    #[must_use]
    pub fn none() -> Self {
        Self {
            rc: None,
            arc: None,
            rc_cell: None,
            rc_mutex: None,
            rc_rwlock: None,
            arc_cell: None,
            arc_mutex: None,
            arc_rwlock: None,
        }
    }
}
