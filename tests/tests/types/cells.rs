//! Cells and locks: free, in use, poisoned, empty.

use std::cell::{Cell, OnceCell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use pickle_core::{ErrorKind, Reduce, Result, dumps};

use crate::loaded;

#[test]
fn cells_come_back() -> Result<()> {
    for cell in loaded::<_, Cell<i32>>(&Cell::new(1))? {
        assert_eq!(cell.get(), 1);
    }
    for cell in loaded::<_, RefCell<Vec<i32>>>(&RefCell::new(vec![1]))? {
        assert_eq!(cell.into_inner(), [1]);
    }
    for cell in loaded::<_, Arc<Mutex<String>>>(&Mutex::new("a"))? {
        assert_eq!(*cell.try_lock().expect("nobody holds it"), "a");
    }
    for cell in loaded::<_, Box<RwLock<i32>>>(&RwLock::new(1))? {
        assert_eq!(*cell.try_read().expect("nobody holds it"), 1);
    }
    for cell in loaded::<_, Cell<Vec<i32>>>(&[1, 2])? {
        assert_eq!(cell.take(), [1, 2]);
    }
    Ok(())
}

#[test]
fn once_cells_are_empty_or_not() -> Result<()> {
    for cell in loaded::<_, OnceCell<i32>>(&OnceCell::<i32>::new())? {
        assert_eq!(cell.get(), None);
        assert_eq!(cell.set(1), Ok(()));
    }
    for cell in loaded::<_, OnceLock<i32>>(&OnceLock::<i32>::new())? {
        assert_eq!(cell.get(), None);
    }
    for cell in loaded::<_, OnceCell<i32>>(&OnceCell::from(2))? {
        assert_eq!(cell.get(), Some(&2));
    }
    for cell in loaded::<_, OnceLock<i32>>(&OnceLock::from(2))? {
        assert_eq!(cell.get(), Some(&2));
    }
    Ok(())
}

#[track_caller]
fn refused(value: &dyn Reduce, kind: &ErrorKind) {
    let error = dumps(value).expect_err("it cannot be read");
    assert_eq!(error.kind(), kind);
    assert_eq!(error.offset(), None);
}

#[test]
fn a_cell_in_use_is_an_error_and_no_deadlock() -> Result<()> {
    let cell = RefCell::new(1);
    let guard = cell.borrow_mut();
    refused(&cell, &ErrorKind::Locked("RefCell"));
    drop(guard);

    let mutex = Mutex::new(1);
    let guard = mutex.lock().expect("it is not poisoned");
    refused(&mutex, &ErrorKind::Locked("Mutex"));
    drop(guard);

    let lock = Arc::new(RwLock::new(1));
    let guard = lock.write().expect("it is not poisoned");
    refused(&vec![Arc::clone(&lock)], &ErrorKind::Locked("RwLock"));
    drop(guard);

    dumps(&(cell, mutex, lock)).map(|_| ())
}

#[test]
fn an_error_says_where_the_lock_is() {
    let cell = RefCell::new(1);
    let _guard = cell.borrow_mut();
    let error = dumps(&(1, vec![(2, &cell)])).expect_err("it is borrowed");
    assert_eq!(error.path().to_string(), "$[1][0][1]");
}

#[test]
fn readers_do_not_disturb() -> Result<()> {
    let cell = RefCell::new(1);
    let guard = cell.borrow();
    dumps(&cell)?;
    drop(guard);

    let lock = RwLock::new(1);
    let guard = lock.read().expect("it is not poisoned");
    dumps(&lock)?;
    drop(guard);
    Ok(())
}

#[test]
fn a_poisoned_lock_is_an_error() {
    let mutex = Rc::new(Mutex::new(1));
    let lock = RwLock::new(1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _mutex = mutex.lock();
        let _lock = lock.write();
        std::panic::resume_unwind(Box::new(()));
    }));
    assert!(panicked.is_err());
    refused(&mutex, &ErrorKind::Poisoned("Mutex"));
    refused(&lock, &ErrorKind::Poisoned("RwLock"));
}

#[test]
fn an_error_lets_the_lock_go() {
    let inner = RefCell::new(1);
    let guard = inner.borrow_mut();
    let outer = Mutex::new(&inner);
    refused(&outer, &ErrorKind::Locked("RefCell"));
    assert!(outer.try_lock().is_ok());
    drop(guard);
}
