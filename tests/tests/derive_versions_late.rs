//! Objects of older shapes that are shared, or that contain themselves: `migrate` with `late`.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use pickle_core::{Construct, ErrorKind, Reduce, loads, module};

module!("app");

thread_local! {
    static CONVERSIONS: Cell<u32> = const { Cell::new(0) };
}

type Link = Option<Rc<RefCell<Node>>>;

/// A node of a graph. `next` and `owner` are late in both shapes, `peers` is new.
#[derive(Reduce, Debug)]
#[reduce(version = 2, migrate = NodeV1)]
struct Node {
    label: String,
    #[reduce(late)]
    next: Link,
    #[reduce(late, alias = "parent")]
    owner: Weak<RefCell<Node>>,
    #[reduce(late)]
    peers: Vec<Rc<RefCell<Node>>>,
}

#[derive(Reduce)]
#[reduce(name = "Node", no_register)]
struct NodeV1 {
    id: u32,
    #[reduce(late)]
    next: Link,
    #[reduce(late)]
    parent: Weak<RefCell<Node>>,
    /// Became `peers`.
    #[reduce(late, default)]
    peer: Link,
}

impl From<NodeV1> for Node {
    fn from(node: NodeV1) -> Self {
        CONVERSIONS.with(|count| count.set(count.get() + 1));
        Node {
            label: format!("#{}", node.id),
            next: node.next,
            owner: node.parent,
            peers: node.peer.into_iter().collect(),
        }
    }
}

/// A pickle with one node, and what stands in its state behind its id. The node is memo
/// entry 1.
fn node(id: u32, rest: &str) -> String {
    format!(
        "ccopy_reg\n_reconstructor\n(capp\nNode\nc__builtin__\nobject\nNtRp{id}\n\
         (dVid\nI{id}\ns{rest}b"
    )
}

fn load<T: for<'g> Construct<'g>>(pickle: &str) -> pickle_core::Result<T> {
    loads(format!("{pickle}.").as_bytes())
}

#[test]
fn an_old_object_is_one_object() {
    CONVERSIONS.with(|count| count.set(0));
    let pickle = format!("({}g1\nl", node(1, "Vnext\nNsVparent\nNs"));
    let nodes: Vec<Rc<RefCell<Node>>> = load(&pickle).unwrap();
    assert!(Rc::ptr_eq(&nodes[0], &nodes[1]));
    assert_eq!(nodes[0].borrow().label, "#1");
    assert_eq!(CONVERSIONS.with(Cell::get), 1);
}

#[test]
fn fields_that_are_late_in_both_shapes_close_cycles() {
    let inner = node(2, "Vnext\ng1\nsVparent\ng1\ns");
    let pickle = node(1, &format!("Vnext\n{inner}sVparent\ng1\ns"));
    let first: Rc<RefCell<Node>> = load(&pickle).unwrap();
    let second = first.borrow_mut().next.take().unwrap();
    assert_eq!(second.borrow().label, "#2");
    assert!(Rc::ptr_eq(second.borrow().next.as_ref().unwrap(), &first));
    // By the name that it has in the pickle, which is an alias now.
    let owner = second.borrow().owner.upgrade().unwrap();
    assert!(Rc::ptr_eq(&owner, &first));
}

#[test]
fn a_long_chain_of_old_objects_needs_no_stack() {
    const LENGTH: u32 = 10_000;
    let mut bytes = String::new();
    for id in 1..=LENGTH {
        bytes += &format!(
            "ccopy_reg\n_reconstructor\n(capp\nNode\nc__builtin__\nobject\nNtR\
             (dVid\nI{id}\nsVparent\nNsVnext\n"
        );
    }
    bytes += "N";
    for _ in 0..LENGTH {
        bytes += "sb";
    }
    let first: Rc<RefCell<Node>> = load(&bytes).unwrap();
    let mut length = 1;
    let mut next = first.borrow_mut().next.take();
    while let Some(node) = next {
        length += 1;
        next = node.borrow_mut().next.take();
    }
    assert_eq!(length, LENGTH);
}

#[test]
fn what_is_late_in_the_old_shape_alone_is_migrated() {
    let peer = node(2, "Vnext\nNsVparent\nNs");
    let pickle = node(1, &format!("Vnext\nNsVparent\nNsVpeer\n{peer}s"));
    let first: Rc<RefCell<Node>> = load(&pickle).unwrap();
    assert_eq!(first.borrow().peers[0].borrow().label, "#2");
    // And so no cycle can go through it.
    let error = load::<Rc<RefCell<Node>>>(&node(1, "Vnext\nNsVparent\nNsVpeer\ng1\ns"));
    let error = error.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Cycle);
    assert_eq!(error.path().to_string(), "$.peer");
}

#[test]
fn equal_values_of_two_late_fields_are_not_confused() {
    let pickle = format!(
        "({}{}g1\nl",
        node(2, "Vnext\nNsVparent\nNs"),
        node(1, "Vnext\ng2\nsVparent\ng2\ns")
    );
    let nodes: Vec<Rc<RefCell<Node>>> = load(&pickle).unwrap();
    assert!(Rc::ptr_eq(
        nodes[1].borrow().next.as_ref().unwrap(),
        &nodes[0]
    ));
    assert!(nodes[1].borrow().owner.upgrade().is_some());
    assert!(nodes[1].borrow().peers.is_empty());
}

#[test]
fn without_a_pointer_all_is_migrated_at_once() {
    let next = node(2, "Vnext\nNsVparent\nNs");
    let pickle = node(1, &format!("Vnext\n{next}sVparent\nNs"));
    let first: Node = load(&pickle).unwrap();
    assert_eq!(first.next.unwrap().borrow().label, "#2");
    let first: Rc<Node> = load(&pickle).unwrap();
    assert_eq!(first.next.as_ref().unwrap().borrow().label, "#2");
}

/// Cells, which are filled behind an `Rc`; three shapes.
#[derive(Reduce, Debug)]
#[reduce(version = 3, migrate = KnotV2)]
struct Knot {
    name: String,
    #[reduce(late, alias = "this")]
    me: RefCell<Weak<Knot>>,
    #[reduce(late)]
    other: RefCell<Option<Rc<Knot>>>,
}

#[derive(Reduce)]
#[reduce(name = "Knot", version = 2, migrate = KnotV1, no_register)]
struct KnotV2 {
    name: String,
    #[reduce(late, default)]
    other: RefCell<Option<Rc<Knot>>>,
    #[reduce(late, alias = "this")]
    me: RefCell<Weak<Knot>>,
}

#[derive(Reduce)]
#[reduce(name = "Knot", no_register)]
struct KnotV1 {
    #[reduce(late)]
    this: RefCell<Weak<Knot>>,
}

impl From<KnotV1> for KnotV2 {
    fn from(knot: KnotV1) -> Self {
        KnotV2 {
            name: "old".into(),
            me: knot.this,
            other: RefCell::default(),
        }
    }
}

impl From<KnotV2> for Knot {
    fn from(knot: KnotV2) -> Self {
        Knot {
            name: knot.name + "er",
            me: knot.me,
            other: knot.other,
        }
    }
}

#[test]
fn late_cells_are_filled_through_a_chain_of_shapes() {
    let object = "ccopy_reg\n_reconstructor\n(capp\nKnot\nc__builtin__\nobject\nNtRp1\n";
    let first: Rc<Knot> = load(&format!("{object}(dVthis\ng1\nsb")).unwrap();
    assert_eq!(first.name, "older");
    assert!(Weak::ptr_eq(&first.me.borrow(), &Rc::downgrade(&first)));
    assert!(first.other.borrow().is_none());

    let second = "(dV__version__\nI2\nsVname\nVx\nsVme\ng1\nsVother\ng1\nsb";
    let second: Rc<Knot> = load(&format!("{object}{second}")).unwrap();
    assert_eq!(second.name, "xer");
    assert!(Weak::ptr_eq(&second.me.borrow(), &Rc::downgrade(&second)));
    let other = second.other.take().unwrap();
    assert!(Rc::ptr_eq(&other, &second));
}

#[test]
fn an_attribute_that_is_given_many_times_takes_linear_time() {
    let rest = "Vnext\nNs".repeat(50_000) + "Vparent\nNs";
    let start = Instant::now();
    let node: Rc<RefCell<Node>> = load(&node(1, &rest)).unwrap();
    assert!(node.borrow().next.is_none());
    assert!(start.elapsed() < Duration::from_secs(10));
}
