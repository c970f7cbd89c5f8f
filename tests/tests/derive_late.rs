//! `#[reduce(late)]`: objects that contain themselves.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, OnceLock};

use pickle_core::{ErrorKind, Reduce, dumps, loads};

#[derive(Reduce, Debug)]
struct Node {
    name: String,
    #[reduce(late)]
    next: RefCell<Option<Rc<Node>>>,
    #[reduce(late)]
    parent: RefCell<Weak<Node>>,
}

fn node(name: &str) -> Rc<Node> {
    Rc::new(Node {
        name: name.to_owned(),
        next: RefCell::default(),
        parent: RefCell::default(),
    })
}

#[test]
fn late_cells_close_cycles_behind_rc() {
    let (a, b) = (node("a"), node("b"));
    *a.next.borrow_mut() = Some(Rc::clone(&b));
    *b.next.borrow_mut() = Some(Rc::clone(&a));
    *b.parent.borrow_mut() = Rc::downgrade(&a);
    let loaded: Rc<Node> = loads(&dumps(&a).unwrap()).unwrap();
    let next = loaded.next.take().unwrap();
    assert_eq!(next.name, "b");
    assert!(Rc::ptr_eq(&next.next.take().unwrap(), &loaded));
    assert!(Weak::ptr_eq(&next.parent.take(), &Rc::downgrade(&loaded)));
    a.next.take();
}

#[derive(Reduce, Debug)]
struct Plain {
    name: String,
    #[reduce(late)]
    me: Option<Rc<RefCell<Plain>>>,
    #[reduce(late)]
    others: Vec<Weak<RefCell<Plain>>>,
}

#[test]
fn late_plain_fields_close_cycles_in_cells() {
    let plain = Rc::new(RefCell::new(Plain {
        name: "p".into(),
        me: None,
        others: Vec::new(),
    }));
    plain.borrow_mut().me = Some(Rc::clone(&plain));
    plain.borrow_mut().others = vec![Rc::downgrade(&plain)];
    let loaded: Rc<RefCell<Plain>> = loads(&dumps(&plain).unwrap()).unwrap();
    let me = loaded.borrow_mut().me.take().unwrap();
    assert!(Rc::ptr_eq(&me, &loaded));
    assert!(Rc::ptr_eq(
        &me.borrow().others[0].upgrade().unwrap(),
        &loaded
    ));
    assert_eq!(me.borrow().name, "p");
    plain.borrow_mut().me = None;
}

#[test]
fn late_plain_fields_are_read_at_once_elsewhere() {
    let plain = Plain {
        name: "p".into(),
        me: None,
        others: Vec::new(),
    };
    let bytes = dumps(&plain).unwrap();
    assert_eq!(loads::<Plain>(&bytes).unwrap().name, "p");
    assert_eq!(loads::<Rc<Plain>>(&bytes).unwrap().name, "p");
    assert_eq!(loads::<Box<Plain>>(&bytes).unwrap().name, "p");
}

#[derive(Reduce, Debug)]
enum Link {
    End,
    Cons {
        value: i32,
        #[reduce(late)]
        next: OnceCell<Rc<Link>>,
    },
    Ring(#[reduce(late, rename = "next")] RefCell<Option<Rc<Link>>>),
}

#[test]
fn variants_have_late_fields() {
    let link = Rc::new(Link::Cons {
        value: 1,
        next: OnceCell::new(),
    });
    let ring = Rc::new(Link::Ring(RefCell::new(Some(Rc::clone(&link)))));
    let Link::Cons { next, .. } = &*link else {
        unreachable!()
    };
    next.set(Rc::clone(&ring)).unwrap();
    let loaded: Rc<Link> = loads(&dumps(&link).unwrap()).unwrap();
    let Link::Cons { value: 1, next } = &*loaded else {
        panic!("{loaded:?}")
    };
    let Link::Ring(back) = &**next.get().unwrap() else {
        panic!()
    };
    assert!(Rc::ptr_eq(&back.take().unwrap(), &loaded));
    let Link::Ring(back) = &*ring else {
        unreachable!()
    };
    back.take();
    assert!(matches!(
        *loads::<Rc<Link>>(&dumps(&Link::End).unwrap()).unwrap(),
        Link::End
    ));
}

#[derive(Reduce, Debug)]
struct Generic<T: Copy + From<u8> + 'static> {
    #[reduce(late)]
    cell: Cell<Option<T>>,
    #[reduce(late)]
    lock: OnceLock<Arc<Mutex<T>>>,
    #[reduce(late, default = fallback)]
    plain: T,
}

fn fallback<T: From<u8>>() -> T {
    T::from(7)
}

#[test]
fn late_fields_may_be_generic() {
    let value = Generic {
        cell: Cell::new(Some(1)),
        lock: OnceLock::new(),
        plain: 3,
    };
    assert!(value.lock.set(Arc::new(Mutex::new(2))).is_ok());
    let bytes = dumps(&value).unwrap();
    let loaded: Rc<RefCell<Generic<i32>>> = loads(&bytes).unwrap();
    let loaded = loaded.borrow();
    assert_eq!((loaded.cell.get(), loaded.plain), (Some(1), 3));
    assert_eq!(*loaded.lock.get().unwrap().lock().unwrap(), 2);
}

#[derive(Reduce, Debug)]
#[reduce(transparent)]
struct Wrapper(Node);

#[test]
fn transparent_types_have_the_late_fields_of_their_field() {
    let a = node("a");
    *a.next.borrow_mut() = Some(Rc::clone(&a));
    let bytes = dumps(&a).unwrap();
    a.next.take();
    let loaded: Rc<Wrapper> = loads(&bytes).unwrap();
    let next = loaded.0.next.take().unwrap();
    assert_eq!(next.name, "a");
    next.next.take();
}

#[derive(Reduce, Debug)]
struct Early {
    next: RefCell<Option<Rc<Early>>>,
}

#[test]
fn cycles_elsewhere_are_errors() {
    let early = Rc::new(Early {
        next: RefCell::default(),
    });
    *early.next.borrow_mut() = Some(Rc::clone(&early));
    let error = dumps(&early).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Cycle), "{error}");
    assert_eq!(error.path().to_string(), "$.next");
    early.next.take();
}

#[derive(Reduce, Debug)]
struct Inner {
    y: i32,
    #[reduce(late, default)]
    me: RefCell<Option<Rc<Outer>>>,
}

#[derive(Reduce, Debug)]
struct Outer {
    x: i32,
    #[reduce(flatten)]
    inner: Inner,
}

/// The object is the outer one, and nothing tells it of the inner one's late fields.
#[test]
fn late_fields_that_are_flattened_close_no_cycles() {
    let outer = |x, me| {
        let me = RefCell::new(me);
        let inner = Inner { y: 2, me };
        Rc::new(Outer { x, inner })
    };
    let chain = outer(1, Some(outer(3, None)));
    let loaded: Rc<Outer> = loads(&dumps(&chain).unwrap()).unwrap();
    let next = loaded.inner.me.take().unwrap();
    assert_eq!((loaded.x, loaded.inner.y, next.x), (1, 2, 3));

    *chain.inner.me.borrow_mut() = Some(Rc::clone(&chain));
    let error = dumps(&chain).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Cycle), "{error}");
    assert_eq!(error.path().to_string(), "$.me");
    chain.inner.me.take();
}

#[derive(Reduce, Debug)]
#[reduce(as = "dict")]
struct Dict {
    name: String,
    #[reduce(late)]
    me: RefCell<Weak<Dict>>,
}

#[test]
fn dicts_have_late_fields() {
    let dict = Rc::new_cyclic(|me| Dict {
        name: "d".into(),
        me: RefCell::new(me.clone()),
    });
    let loaded: Rc<Dict> = loads(&dumps(&dict).unwrap()).unwrap();
    assert_eq!(loaded.name, "d");
    assert!(Weak::ptr_eq(&loaded.me.borrow(), &Rc::downgrade(&loaded)));
}
