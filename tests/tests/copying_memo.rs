//! The memo of `deepcopy_with`: what has been copied, and what users put in.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use pickle_core::copy::{Memo, deepcopy, deepcopy_with};
use pickle_core::{Reduce, object};

#[derive(Reduce, Debug)]
struct Node {
    name: String,
    child: Option<Rc<Node>>,
}

fn node(name: &str, child: Option<Rc<Node>>) -> Rc<Node> {
    Rc::new(Node {
        name: name.to_owned(),
        child,
    })
}

#[object]
trait Shape: Reduce {
    fn area(&self) -> f64;
}

#[derive(Reduce, Debug)]
struct Circle {
    radius: f64,
}

#[object]
impl Shape for Circle {
    fn area(&self) -> f64 {
        3.0 * self.radius * self.radius
    }
}

#[derive(Reduce)]
struct Group {
    members: Vec<Rc<dyn Shape>>,
}

#[object]
impl Shape for Group {
    fn area(&self) -> f64 {
        self.members.iter().map(|member| member.area()).sum()
    }
}

#[test]
fn what_is_in_the_memo_is_not_copied_again() {
    let shared = node("shared", Some(node("below", None)));
    let a = vec![Rc::clone(&shared)];
    let b = (Rc::clone(&shared), shared.child.clone(), 1);
    let mut memo = Memo::new();
    let a = deepcopy_with(&a, &mut memo).unwrap();
    let b = deepcopy_with(&b, &mut memo).unwrap();
    assert!(!Rc::ptr_eq(&a[0], &shared));
    assert!(Rc::ptr_eq(&a[0], &b.0));
    assert!(Rc::ptr_eq(
        a[0].child.as_ref().unwrap(),
        b.1.as_ref().unwrap()
    ));
    // Also where it is the outermost object.
    assert!(Rc::ptr_eq(
        &deepcopy_with(&shared, &mut memo).unwrap(),
        &a[0]
    ));
    // Without the memo it is.
    assert!(!Rc::ptr_eq(&deepcopy(&shared).unwrap(), &a[0]));
}

#[test]
fn the_memo_knows_objects_behind_all_pointers_and_as_every_type() {
    let circle = Rc::new(Circle { radius: 1.0 });
    let (object, cell): (Rc<dyn Shape>, _) = (
        circle.clone(),
        Rc::new(RefCell::new(Circle { radius: 2.0 })),
    );
    let cell_object: Rc<RefCell<dyn Shape>> = cell.clone();
    let (text, lock): (Rc<str>, _) = ("text".into(), Arc::new(Mutex::new(1)));
    let twice = Rc::new(Rc::new(1));

    // First as what they are, then as trait objects.
    let mut memo = Memo::new();
    let concrete = deepcopy_with(&(Rc::clone(&circle), Rc::clone(&cell)), &mut memo).unwrap();
    let objects = deepcopy_with(&(Rc::clone(&object), Rc::clone(&cell_object)), &mut memo).unwrap();
    assert_eq!(Rc::strong_count(&concrete.0), 3);
    assert_eq!(Rc::strong_count(&concrete.1), 3);
    assert_eq!((objects.0.area(), objects.1.borrow().area()), (3.0, 12.0));

    // The other way round.
    let mut memo = Memo::new();
    let objects = deepcopy_with(&(object, cell_object), &mut memo).unwrap();
    let concrete = deepcopy_with(&(circle, cell), &mut memo).unwrap();
    concrete.1.borrow_mut().radius = 1.0;
    assert_eq!(objects.1.borrow().area(), 3.0);
    assert_eq!(Rc::strong_count(&concrete.0), 3);

    let value = (text, lock, twice);
    let one = deepcopy_with(&value, &mut memo).unwrap();
    let other = deepcopy_with(&value, &mut memo).unwrap();
    assert!(Rc::ptr_eq(&one.0, &other.0) && !Rc::ptr_eq(&one.0, &value.0));
    assert!(Arc::ptr_eq(&one.1, &other.1));
    assert!(Rc::ptr_eq(&one.2, &other.2));
    let inner = deepcopy_with(&Rc::clone(&value.2), &mut memo).unwrap();
    assert!(Rc::ptr_eq(&inner, &one.2));
}

#[test]
fn entries_of_the_memo_replace_what_they_stand_for() {
    let (kept, replaced) = (
        node("kept", None),
        node("replaced", Some(node("below", None))),
    );
    let parent = (node("parent", Some(Rc::clone(&kept))), Rc::clone(&replaced));
    let mut memo = Memo::new();
    memo.insert(&kept, Rc::clone(&kept));
    memo.insert(&replaced, node("other", None));
    let (copied, other) = deepcopy_with(&parent, &mut memo).unwrap();
    assert!(Rc::ptr_eq(copied.child.as_ref().unwrap(), &kept));
    assert_eq!(other.name, "other");

    // The newest counts.
    memo.insert(&replaced, node("another", None));
    assert_eq!(deepcopy_with(&replaced, &mut memo).unwrap().name, "another");
}

#[test]
fn entries_of_the_memo_may_be_trait_objects() {
    let circle = Rc::new(Circle { radius: 1.0 });
    let object: Rc<dyn Shape> = circle.clone();
    let group = Group {
        members: vec![Rc::clone(&object)],
    };

    let mut memo = Memo::new();
    memo.insert(&object, Rc::new(Circle { radius: 2.0 }) as Rc<dyn Shape>);
    assert_eq!(deepcopy_with(&group, &mut memo).unwrap().area(), 12.0);
    memo.insert(&circle, Rc::new(Circle { radius: 3.0 }));
    assert_eq!(deepcopy_with(&group, &mut memo).unwrap().area(), 27.0);

    // A trait object is no pointer to any one type.
    memo.insert(&object, Rc::clone(&object));
    let error = deepcopy_with(&circle, &mut memo).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("found a shared object that is not copied"),
        "{error}"
    );
}

/// Else another object could be at the same address.
#[test]
fn the_memo_keeps_originals_and_copies_alive() {
    let mut memo = Memo::new();
    let original = Rc::new(1);
    let (weak, copied) = (
        Rc::downgrade(&original),
        deepcopy_with(&original, &mut memo).unwrap(),
    );
    let weak_copy = Rc::downgrade(&copied);
    drop((original, copied));
    assert!(weak.upgrade().is_some() && weak_copy.upgrade().is_some());
    for i in 0..1000 {
        assert_eq!(*deepcopy_with(&Rc::new(i), &mut memo).unwrap(), i);
    }
    drop(memo);
    assert!(weak.upgrade().is_none() && weak_copy.upgrade().is_none());
}

/// As in Python, where what is its own copy is not in the memo.
#[test]
fn only_what_is_copied_and_has_an_identity_is_in_the_memo() {
    let target = Rc::new(1);
    let mut memo = Memo::new();
    deepcopy_with(&(vec![1, 2], "text".to_owned(), Box::new(1)), &mut memo).unwrap();
    let weak = deepcopy_with(&Rc::downgrade(&target), &mut memo).unwrap();
    assert!(Rc::ptr_eq(&weak.upgrade().unwrap(), &target));
    assert_eq!(Rc::strong_count(&target), 1);
    assert_eq!(format!("{memo:?}"), "Memo { objects: 0, .. }");
    deepcopy_with(&target, &mut memo).unwrap();
    assert_eq!(format!("{memo:?}"), "Memo { objects: 1, .. }");
}

#[test]
fn the_memo_is_as_before_after_an_error() {
    let (good, locked) = (Rc::new(1), Rc::new(RefCell::new(1)));
    let mut memo = Memo::new();
    let copied = deepcopy_with(&good, &mut memo).unwrap();
    let guard = locked.borrow_mut();
    let value = (Rc::clone(&good), Rc::new(2), Rc::clone(&locked));
    assert!(deepcopy_with(&value, &mut memo).is_err());
    drop(guard);
    assert_eq!(format!("{memo:?}"), "Memo { objects: 1, .. }");
    let again = deepcopy_with(&value, &mut memo).unwrap();
    assert!(Rc::ptr_eq(&again.0, &copied));
}

/// One memo, many calls: each takes the time of what is new in it.
#[test]
fn many_objects_are_copied_in_linear_time() {
    let shared = Rc::new(vec![0; 100]);
    let value: Vec<_> = (0..20_000)
        .map(|i| (Rc::new(i), Rc::clone(&shared)))
        .collect();
    let mut memo = Memo::new();
    let all = deepcopy_with(&value, &mut memo).unwrap();
    for (pair, copied) in value.iter().zip(&all) {
        let again = deepcopy_with(&pair.0, &mut memo).unwrap();
        assert!(Rc::ptr_eq(&again, &copied.0));
        assert!(Rc::ptr_eq(&copied.1, &all[0].1));
    }
}
