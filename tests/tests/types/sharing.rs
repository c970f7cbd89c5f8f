//! Identity: one object, one allocation, before and after.

#![expect(
    clippy::arc_with_non_send_sync,
    reason = "it can be made, so it can be loaded"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{self, Rc};
use std::sync::{self, Arc, Mutex, RwLock};

use pickle_core::__private::DeadPointers;
use pickle_core::{
    Construct, Decoder, ErrorKind, FrozenSet, Pickler, Pointee, Reduce, Result, dumps, loads,
};

use crate::{failure, loaded};

/// Dumps a pair of one pointer twice, and its clone's equal, and expects the same back.
macro_rules! identity {
    ($($name:ident: $type:ty = $make:expr;)+) => {
        $(
            #[test]
            fn $name() -> Result<()> {
                let (one, other): ($type, $type) = ($make, $make);
                let value = (one.clone(), vec![one], other);
                for (first, again, other) in loaded::<_, ($type, Vec<$type>, $type)>(&value)? {
                    assert!(same(&*first, &*again[0]));
                    assert!(!same(&*first, &*other));
                }
                Ok(())
            }
        )+
    };
}

fn same<T: ?Sized, U: ?Sized>(one: &T, other: &U) -> bool {
    std::ptr::addr_eq(one, other)
}

identity! {
    rc_of_an_int: Rc<i32> = Rc::new(1);
    rc_of_a_bool: Rc<bool> = Rc::new(true);
    rc_of_a_string: Rc<String> = Rc::new("a".to_owned());
    rc_of_a_vec: Rc<Vec<i32>> = Rc::new(vec![1]);
    rc_of_bytes: Rc<Vec<u8>> = Rc::new(vec![1]);
    rc_of_a_tuple: Rc<(i32, i32)> = Rc::new((1, 2));
    rc_of_an_empty_vec: Rc<Vec<i32>> = Rc::default();
    rc_of_an_option: Rc<Option<i32>> = Rc::new(Some(1));
    rc_of_none: Rc<Option<i32>> = Rc::new(None);
    rc_of_unit: Rc<()> = Rc::new(());
    rc_of_a_float: Rc<f64> = Rc::new(0.0);
    rc_of_a_set: Rc<FrozenSet<i32>> = Rc::default();
    rc_of_a_dict: Rc<BTreeMap<i32, i32>> = Rc::default();
    rc_empty_str: Rc<str> = Rc::from("");
    rc_str: Rc<str> = Rc::from("a");
    rc_slice: Rc<[i32]> = Rc::from([1, 2]);
    rc_byte_slice: Rc<[u8]> = Rc::from([1, 2]);
    rc_of_an_rc: Rc<Rc<i32>> = Rc::new(Rc::new(1));
    rc_refcell: Rc<RefCell<i32>> = Rc::new(RefCell::new(1));
    rc_mutex: Rc<Mutex<i32>> = Rc::new(Mutex::new(1));
    rc_rwlock: Rc<RwLock<i32>> = Rc::new(RwLock::new(1));
    arc_of_a_string: Arc<String> = Arc::new("a".to_owned());
    arc_str: Arc<str> = Arc::from("a");
    arc_slice: Arc<[String]> = Arc::from(["a".to_owned()]);
    arc_refcell: Arc<RefCell<i32>> = Arc::new(RefCell::new(1));
    arc_mutex: Arc<Mutex<Vec<i32>>> = Arc::new(Mutex::new(vec![1]));
    arc_rwlock: Arc<RwLock<i32>> = Arc::new(RwLock::new(1));
    rc_dyn: Rc<dyn Shape> = Rc::new(Square(1));
    arc_dyn: Arc<dyn Shape> = Arc::new(Square(1));
    rc_refcell_dyn: Rc<RefCell<dyn Shape>> = Rc::new(RefCell::new(Square(1)));
    arc_mutex_dyn: Arc<Mutex<dyn Shape>> = Arc::new(Mutex::new(Square(1)));
}

/// A trait object by hand, with the one class that there is.
trait Shape: Reduce {
    fn side(&self) -> i32;
}

struct Square(i32);

impl Shape for Square {
    fn side(&self) -> i32 {
        self.0
    }
}

impl Reduce for Square {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.tuple(1, |p| p.save(&self.0))
    }
}

impl<'g> Construct<'g> for Square {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        <(i32,)>::construct(d).map(|(side,)| Self(side))
    }
}
pickle_core::pointee!(Square);

impl<'g> Pointee<'g> for dyn Shape {
    fn construct_box(d: &mut Decoder<'g>) -> Result<Box<Self>> {
        Square::construct_box(d).map(|square| square as _)
    }

    fn construct_rc(d: &mut Decoder<'g>) -> Result<Rc<Self>> {
        Square::construct_rc(d).map(|square| square as _)
    }

    fn construct_arc(d: &mut Decoder<'g>) -> Result<Arc<Self>> {
        Square::construct_arc(d).map(|square| square as _)
    }

    fn construct_rc_cell(d: &mut Decoder<'g>) -> Result<Rc<RefCell<Self>>> {
        Square::construct_rc_cell(d).map(|square| square as _)
    }

    fn construct_arc_mutex(d: &mut Decoder<'g>) -> Result<Arc<Mutex<Self>>> {
        Square::construct_arc_mutex(d).map(|square| square as _)
    }

    fn construct_box_cell(d: &mut Decoder<'g>) -> Result<Box<RefCell<Self>>> {
        Square::construct_box_cell(d).map(|square| square as _)
    }

    fn dead() -> DeadPointers<Self> {
        DeadPointers {
            rc_cell: Some(rc::Weak::<RefCell<Square>>::new()),
            ..DeadPointers::none()
        }
    }
}

#[test]
fn a_concrete_and_an_abstract_pointer_are_one() -> Result<()> {
    let square = Rc::new(Square(2));
    let shape: Rc<dyn Shape> = square.clone();
    for (square, shape) in loaded::<_, (Rc<Square>, Rc<dyn Shape>)>(&(square, shape))? {
        assert!(same(&*square, &*shape));
        assert_eq!(shape.side(), 2);
    }
    Ok(())
}

#[test]
fn a_box_is_never_shared() -> Result<()> {
    let square = Rc::new(RefCell::new(Square(2)));
    let twice = (square.clone(), square);
    for (one, other) in loaded::<_, (Box<RefCell<dyn Shape>>, Box<dyn Shape>)>(&twice)? {
        assert_eq!(one.borrow().side() + other.side(), 4);
    }
    Ok(())
}

#[test]
fn pointers_of_other_types_are_each_one_of_their_own() -> Result<()> {
    let one = Rc::new(5u8);
    let value = (one.clone(), one.clone(), one.clone(), one);
    for (small, large, again, plain) in loaded::<_, (Rc<u8>, Rc<i64>, Rc<i64>, i32)>(&value)? {
        assert_eq!((*small, *large, plain), (5, 5, 5));
        assert!(Rc::ptr_eq(&large, &again));
    }
    Ok(())
}

#[test]
fn pointers_that_live_no_longer_than_a_call_are_not_confused() -> Result<()> {
    struct Fresh(i32);

    impl Reduce for Fresh {
        fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
            p.save(&Rc::new(self.0))
        }
    }

    let fresh: Vec<Fresh> = (0..100).map(Fresh).collect();
    for back in loaded::<_, Vec<i32>>(&fresh)? {
        assert_eq!(back, Vec::from_iter(0..100));
    }
    Ok(())
}

#[test]
fn a_weak_pointer_finds_its_target() -> Result<()> {
    let strong = Rc::new("a".to_owned());
    let weak = Rc::downgrade(&strong);
    for (strong, weak) in
        loaded::<_, (Rc<String>, rc::Weak<String>)>(&(strong.clone(), weak.clone()))?
    {
        assert!(rc::Weak::ptr_eq(&weak, &Rc::downgrade(&strong)));
    }
    for (weak, strong) in loaded::<_, (rc::Weak<String>, Rc<String>)>(&(weak, strong))? {
        assert!(rc::Weak::ptr_eq(&weak, &Rc::downgrade(&strong)));
        assert_eq!(weak.upgrade().as_deref().map(String::as_str), Some("a"));
    }

    let strong: Arc<str> = Arc::from("a");
    let weak = Arc::downgrade(&strong);
    for (weak, strong) in loaded::<_, (sync::Weak<str>, Arc<str>)>(&(weak, strong))? {
        assert!(
            weak.upgrade()
                .is_some_and(|found| Arc::ptr_eq(&found, &strong))
        );
    }

    let strong: Rc<RefCell<dyn Shape>> = Rc::new(RefCell::new(Square(3)));
    let weak = Rc::downgrade(&strong);
    type Pair = (rc::Weak<RefCell<dyn Shape>>, Rc<RefCell<dyn Shape>>);
    for (weak, strong) in loaded::<_, Pair>(&(weak, strong))? {
        assert!(
            weak.upgrade()
                .is_some_and(|found| Rc::ptr_eq(&found, &strong))
        );
    }
    Ok(())
}

#[test]
fn a_weak_pointer_alone_dangles_after_the_load() -> Result<()> {
    let strong = Rc::new(1);
    for weak in loaded::<_, rc::Weak<i32>>(&Rc::downgrade(&strong))? {
        assert_eq!(weak.upgrade(), None);
    }
    let strong = Arc::new(1);
    for weak in loaded::<_, sync::Weak<i32>>(&Arc::downgrade(&strong))? {
        assert_eq!(weak.upgrade(), None);
    }
    Ok(())
}

#[test]
fn a_dead_weak_pointer_is_none() -> Result<()> {
    let gone = Rc::downgrade(&Rc::new(1));
    assert_eq!(dumps(&gone)?, dumps(&())?);
    for weak in loaded::<_, rc::Weak<i32>>(&gone)? {
        assert_eq!(weak.upgrade(), None);
    }
    for weak in loaded::<_, rc::Weak<RefCell<i32>>>(&gone)? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, sync::Weak<Mutex<Vec<i32>>>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, sync::Weak<RwLock<i32>>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, rc::Weak<RefCell<dyn Shape>>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, rc::Weak<str>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, sync::Weak<str>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, rc::Weak<[i32]>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, sync::Weak<[i32]>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    // Nothing is known of this one's size.
    let error = failure::<rc::Weak<dyn Shape>>(b"N.");
    assert!(matches!(error.kind(), ErrorKind::Custom(_)), "{error}");
    assert!(loads::<Option<rc::Weak<dyn Shape>>>(b"N.")?.is_none());
    Ok(())
}
