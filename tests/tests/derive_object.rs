//! `#[object]`: trait objects, by the class that the pickle names.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use pickle_core::{ErrorKind, Reduce, dumps, loads, object};

#[object]
trait Shape: Reduce {
    fn area(&self) -> f64;
    fn grow(&mut self) {}
}

#[derive(Reduce, Debug)]
#[reduce(module = "shapes")]
struct Circle {
    radius: f64,
}

#[object]
impl Shape for Circle {
    fn area(&self) -> f64 {
        3.0 * self.radius * self.radius
    }

    fn grow(&mut self) {
        self.radius += 1.0;
    }
}

/// Not `Send`.
#[derive(Reduce, Debug)]
#[reduce(module = "shapes")]
struct Group {
    members: Vec<Rc<dyn Shape>>,
}

#[object]
impl Shape for Group {
    fn area(&self) -> f64 {
        self.members.iter().map(|member| member.area()).sum()
    }
}

/// Has data in some variants, and is found by the class of each.
#[derive(Reduce, Debug)]
#[reduce(module = "shapes")]
enum Many {
    Square { side: f64 },
    Dot,
}

#[object]
impl Shape for Many {
    fn area(&self) -> f64 {
        match self {
            Many::Square { side } => side * side,
            Many::Dot => 0.0,
        }
    }
}

/// A Python enum.
#[derive(Reduce, Debug)]
#[reduce(module = "shapes")]
enum Standard {
    Small = 1,
    Large = 10,
}

#[object]
impl Shape for Standard {
    fn area(&self) -> f64 {
        match self {
            Standard::Small => 1.0,
            Standard::Large => 10.0,
        }
    }
}

#[derive(Reduce, Debug)]
#[reduce(module = "shapes")]
struct Stranger;

#[object]
trait Named {
    fn name(&self) -> String;
}

#[object]
impl Named for Circle {
    fn name(&self) -> String {
        "circle".into()
    }
}

impl std::fmt::Debug for dyn Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a shape of {}", self.area())
    }
}

#[test]
fn the_class_decides_behind_every_pointer() {
    let shape: Box<dyn Shape> = Box::new(Circle { radius: 2.0 });
    let bytes = dumps(&shape).unwrap();
    assert_eq!(loads::<Box<dyn Shape>>(&bytes).unwrap().area(), 12.0);
    assert_eq!(loads::<Rc<dyn Shape>>(&bytes).unwrap().area(), 12.0);
    assert_eq!(loads::<Arc<dyn Shape>>(&bytes).unwrap().area(), 12.0);
    assert_eq!(loads::<Box<dyn Shape + Send>>(&bytes).unwrap().area(), 12.0);
    assert_eq!(
        loads::<Arc<dyn Shape + Send + Sync>>(&bytes)
            .unwrap()
            .area(),
        12.0
    );
    let cell: Rc<RefCell<dyn Shape>> = loads(&bytes).unwrap();
    cell.borrow_mut().grow();
    assert_eq!(cell.borrow().area(), 27.0);
    let mutex: Arc<Mutex<dyn Shape + Send>> = loads(&bytes).unwrap();
    assert_eq!(mutex.lock().unwrap().area(), 12.0);
    let lock: Arc<RwLock<dyn Shape + Send + Sync>> = loads(&bytes).unwrap();
    assert_eq!(lock.read().unwrap().area(), 12.0);
    assert_eq!(loads::<Box<dyn Named>>(&bytes).unwrap().name(), "circle");
}

#[test]
fn enums_are_trait_objects_too() {
    let shapes: Vec<Box<dyn Shape>> = vec![
        Box::new(Many::Square { side: 3.0 }),
        Box::new(Many::Dot),
        Box::new(Standard::Large),
        Box::new(Standard::Small),
    ];
    let loaded: Vec<Box<dyn Shape>> = loads(&dumps(&shapes).unwrap()).unwrap();
    let areas: Vec<_> = loaded.iter().map(|shape| shape.area()).collect();
    assert_eq!(areas, [9.0, 0.0, 10.0, 1.0]);
}

#[test]
fn one_object_is_one_allocation() {
    let circle = Rc::new(Circle { radius: 1.0 });
    let group = Group {
        members: vec![Rc::clone(&circle) as Rc<dyn Shape>, circle.clone()],
    };
    let loaded: (Rc<dyn Shape>, Group, Rc<Circle>) =
        loads(&dumps(&(&circle, &group, &circle)).unwrap()).unwrap();
    let (shape, group, circle) = loaded;
    let address = |shape: &Rc<dyn Shape>| Rc::as_ptr(shape).cast::<()>();
    assert_eq!(address(&shape), Rc::as_ptr(&circle).cast());
    assert_eq!(address(&group.members[0]), address(&shape));
    assert_eq!(address(&group.members[1]), address(&shape));
}

#[test]
fn three_ways_to_be_wrong() {
    let error = |bytes: &[u8]| match loads::<Box<dyn Shape>>(bytes) {
        Ok(shape) => panic!("{shape:?}"),
        Err(error) => error,
    };
    let unknown = error(b"cshapes\nCirlce\n)R.");
    assert!(matches!(unknown.kind(), ErrorKind::Lookup(_)), "{unknown}");
    assert!(unknown.to_string().contains("Circle"), "{unknown}");
    let stranger = error(&dumps(&Stranger).unwrap());
    assert!(
        matches!(stranger.kind(), ErrorKind::NotOfTrait { .. }),
        "{stranger}"
    );
    let number = error(b"I1\n.");
    assert!(
        matches!(number.kind(), ErrorKind::WrongType { .. }),
        "{number}"
    );
}

#[test]
fn what_is_not_send_is_no_send_object() {
    let bytes = dumps(&Group {
        members: Vec::new(),
    })
    .unwrap();
    assert_eq!(loads::<Box<dyn Shape>>(&bytes).unwrap().area(), 0.0);
    match loads::<Box<dyn Shape + Send>>(&bytes) {
        Ok(_) => panic!("a Group is not Send"),
        Err(error) => assert!(
            matches!(error.kind(), ErrorKind::NotOfTrait { .. }),
            "{error}"
        ),
    }
}
