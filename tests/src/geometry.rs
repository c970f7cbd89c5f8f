//! The classes of `python/geometry.py`, derived.

use std::cell::RefCell;
use std::fmt::Debug;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

use pickle_core::{Reduce, object};

pickle_core::module!("geometry");

/// All state.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub struct Point {
    /// Across.
    pub x: f64,
    /// Up.
    pub y: f64,
}

/// Points that two lines, or both ends, may share.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub struct Line {
    /// From here.
    pub start: Rc<Point>,
    /// To here.
    pub end: Rc<Point>,
}

/// What a drawing consists of.
#[object]
pub trait Shape: Reduce + Debug {
    /// In square units.
    fn area(&self) -> f64;
    /// Makes it larger.
    fn scale(&mut self, factor: f64);
}

/// A shape.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub struct Circle {
    /// Half as wide as the circle.
    pub radius: f64,
}

#[object]
impl Shape for Circle {
    fn area(&self) -> f64 {
        std::f64::consts::PI * self.radius * self.radius
    }

    fn scale(&mut self, factor: f64) {
        self.radius *= factor;
    }
}

/// Another shape.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub struct Square {
    /// As long as wide.
    pub side: f64,
}

#[object]
impl Shape for Square {
    fn area(&self) -> f64 {
        self.side * self.side
    }

    fn scale(&mut self, factor: f64) {
        self.side *= factor;
    }
}

/// Shapes of any class, behind any pointer.
#[derive(Reduce, Debug)]
pub struct Drawing<S> {
    /// What it shows.
    pub title: String,
    /// What it consists of.
    pub shapes: Vec<S>,
}

/// A doubly linked list of cells.
#[derive(Reduce, Debug)]
pub struct Node {
    /// The item.
    pub value: i64,
    /// The following node.
    #[reduce(late)]
    pub next: Option<Rc<RefCell<Node>>>,
    /// The node before.
    #[reduce(late)]
    pub prev: Weak<RefCell<Node>>,
}

impl Node {
    /// The first node of a list of `values`.
    ///
    /// # Panics
    ///
    /// If there are none.
    #[must_use]
    pub fn linked(values: impl IntoIterator<Item = i64>) -> Rc<RefCell<Self>> {
        let mut nodes = values.into_iter().map(|value| {
            Rc::new(RefCell::new(Self {
                value,
                next: None,
                prev: Weak::new(),
            }))
        });
        let first = nodes.next().expect("a list has a node");
        nodes.fold(Rc::clone(&first), |last, node| {
            node.borrow_mut().prev = Rc::downgrade(&last);
            last.borrow_mut().next = Some(Rc::clone(&node));
            node
        });
        first
    }

    /// The values, if each step back undoes a step forward.
    #[must_use]
    pub fn values(first: &Rc<RefCell<Self>>) -> Option<Vec<i64>> {
        let mut values = Vec::new();
        let mut prev: Option<Rc<RefCell<Self>>> = None;
        let mut node = Some(Rc::clone(first));
        while let Some(here) = node {
            let back = here.borrow().prev.upgrade();
            let is_back = match (&back, &prev) {
                (Some(back), Some(prev)) => Rc::ptr_eq(back, prev),
                (None, None) => true,
                _ => false,
            };
            if !is_back {
                return None;
            }
            values.push(here.borrow().value);
            node = here.borrow().next.clone();
            prev = Some(here);
        }
        Some(values)
    }
}

/// The same list with its cells inside.
#[derive(Reduce, Debug)]
#[reduce(name = "Node", no_register)]
pub struct CellNode {
    /// The item.
    pub value: i64,
    /// The following node.
    #[reduce(late)]
    pub next: RefCell<Option<Rc<CellNode>>>,
    /// The node before.
    #[reduce(late)]
    pub prev: RefCell<Weak<CellNode>>,
}

impl CellNode {
    /// A node on its own.
    #[must_use]
    pub fn new(value: i64) -> Rc<Self> {
        Rc::new(Self {
            value,
            next: RefCell::default(),
            prev: RefCell::default(),
        })
    }
}

/// The same list for several threads.
#[derive(Reduce, Debug)]
#[reduce(name = "Node", no_register)]
pub struct LockedNode {
    /// The item.
    pub value: i64,
    /// The following node.
    #[reduce(late)]
    pub next: Option<Arc<Mutex<LockedNode>>>,
    /// The node before.
    #[reduce(late)]
    pub prev: std::sync::Weak<Mutex<LockedNode>>,
}

/// Children that know their parent.
#[derive(Reduce, Debug)]
pub struct Tree {
    /// What it is called.
    pub name: String,
    /// None for the root.
    #[reduce(late)]
    pub parent: RefCell<Weak<Tree>>,
    /// In order.
    pub children: RefCell<Vec<Rc<Tree>>>,
}

impl Tree {
    /// A tree, and what it has as children.
    #[must_use]
    pub fn new(name: &str, children: Vec<Rc<Self>>) -> Rc<Self> {
        let tree = Rc::new(Self {
            name: name.to_owned(),
            parent: RefCell::default(),
            children: RefCell::new(children),
        });
        for child in tree.children.borrow().iter() {
            *child.parent.borrow_mut() = Rc::downgrade(&tree);
        }
        tree
    }

    /// The names as `root(child child(grandchild))`, if all parent pointers are right.
    #[must_use]
    pub fn outline(self: &Rc<Self>) -> Option<String> {
        let children = self.children.borrow();
        let mut outlines = Vec::new();
        for child in children.iter() {
            if !Weak::ptr_eq(&child.parent.borrow(), &Rc::downgrade(self)) {
                return None;
            }
            outlines.push(child.outline()?);
        }
        if outlines.is_empty() {
            return Some(self.name.clone());
        }
        Some(format!("{}({})", self.name, outlines.join(" ")))
    }
}

/// A graph: edges lead anywhere, also to the vertex itself.
#[derive(Reduce, Debug)]
pub struct Vertex {
    /// What it is called.
    pub name: String,
    /// Where one can go from here.
    #[reduce(late)]
    pub edges: RefCell<Vec<Rc<Vertex>>>,
}

impl Vertex {
    /// A vertex without edges.
    #[must_use]
    pub fn new(name: &str) -> Rc<Self> {
        Rc::new(Self {
            name: name.to_owned(),
            edges: RefCell::default(),
        })
    }
}

/// An enum with data.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub enum Event {
    /// No data.
    Quit,
    /// Attributes.
    Move {
        /// Across.
        x: i64,
        /// Up.
        y: i64,
    },
    /// Arguments.
    Write(String, i64),
}

/// A namedtuple.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(as = "newobj")]
pub struct Pair<A, B> {
    /// Item 0.
    pub first: A,
    /// Item 1.
    pub second: B,
}

/// Called.
#[derive(Reduce, Clone, Copy, Debug, PartialEq)]
#[reduce(as = "reduce")]
pub struct Celsius {
    /// Above the freezing point of water.
    pub degrees: f64,
}

/// Called with a keyword.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub struct Meters {
    /// In meters.
    #[reduce(kwarg)]
    pub length: f64,
    /// In meters.
    #[reduce(kwarg)]
    pub width: i64,
}

/// Has no attribute dict, so that its attributes are arguments.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(as = "reduce")]
pub struct Slotted {
    /// A slot.
    pub x: i64,
    /// Another one.
    pub y: String,
}

/// Has ints for values.
#[derive(Reduce, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Color {
    /// 1
    Red = 1,
    /// 2
    Green = 2,
    /// 3
    Blue = 3,
}

/// Has strings for values.
#[derive(Reduce, Clone, Copy, Debug, PartialEq, Eq)]
#[reduce(rename_all = "lowercase")]
pub enum Suit {
    /// 'hearts'
    Hearts,
    /// 'spades'
    Spades,
}

/// Flags, one at a time.
#[derive(Reduce, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// 1
    Read = 1,
    /// 2
    Write = 2,
}

/// A frozen dataclass: its state goes around its `__setattr__`.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub struct Frozen {
    /// A str.
    pub name: String,
    /// An instance.
    pub point: Point,
}

/// A dataclass with a default.
#[derive(Reduce, Clone, Debug, PartialEq)]
pub struct Rectangle {
    /// Across.
    pub width: f64,
    /// Up.
    pub height: f64,
    /// A class attribute unless it is set.
    #[reduce(default, skip_serializing_if = String::is_empty)]
    pub label: String,
}
