//! Sharing and cycles: what is one object stays one object.

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error;
use std::rc::{Rc, Weak};

use pickle_core::{Graph, NodeId, NodeRef, Reduce, View, dumps, loads};
use pickle_examples::Python;

// A field that may lead back to its own object is `late`: the object is made without it, and the
// field filled in when the rest exists. Python does the same with an object's state.

/// A doubly linked list: owned forwards, seen backwards.
#[derive(Reduce)]
#[reduce(module = "links")]
struct Node {
    value: i32,
    #[reduce(late)]
    next: RefCell<Option<Rc<Node>>>,
    #[reduce(late)]
    prev: RefCell<Weak<Node>>,
}

#[derive(Reduce)]
#[reduce(module = "links")]
struct Tree {
    name: String,
    #[reduce(late)]
    parent: RefCell<Weak<Tree>>,
    #[reduce(late)]
    children: RefCell<Vec<Rc<Tree>>>,
}

/// The cities belong to the map. The roads only point at them: cities that owned each other would
/// never be freed.
#[derive(Reduce)]
#[reduce(module = "links")]
struct Map {
    cities: Vec<Rc<City>>,
}

#[derive(Reduce)]
#[reduce(module = "links")]
struct City {
    name: String,
    #[reduce(late)]
    roads: RefCell<Vec<Weak<City>>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let python = Python::find();
    if let Some(python) = &python {
        println!("CPython {} is asked, too.", python.version);
    }
    // Whether an expression about the loaded object `x` holds in Python.
    let ask = |pickle: &[u8], expression: &str| -> Result<(), Box<dyn Error>> {
        if let Some(python) = &python {
            let code = format!(
                "import pickle, sys; x = pickle.load(sys.stdin.buffer); print({expression})"
            );
            let answer = python.run(&code, pickle)?;
            println!(
                "    Python: {expression}: {}",
                String::from_utf8(answer)?.trim()
            );
        }
        Ok(())
    };

    println!("A pair of one string:");
    let text = Rc::new("twice".to_owned());
    let pickle = dumps(&(Rc::clone(&text), text))?;
    let (one, other): (Rc<String>, Rc<String>) = loads(&pickle)?;
    println!("    Rust: still one: {}", Rc::ptr_eq(&one, &other));
    ask(&pickle, "x[0] is x[1]")?;

    println!("A doubly linked list:");
    let pickle = dumps(&linked(&[1, 2, 3]))?;
    let first: Rc<Node> = loads(&pickle)?;
    println!("    Rust: {:?}", values(&first));
    let next = first.next.borrow().clone().ok_or("a list of three")?;
    let back = next.prev.borrow().upgrade().ok_or("a list of three")?;
    println!(
        "    Rust: forth and back is here: {}",
        Rc::ptr_eq(&back, &first)
    );
    ask(&pickle, "x.next.prev is x")?;
    ask(&pickle, "x.next.next.next")?;
    if let Some(python) = &python {
        let appended: Rc<Node> = loads(&python.run(APPEND, &pickle)?)?;
        println!("    Python has appended one: {:?}", values(&appended));
        println!(
            "    Rust: every step back is right: {}",
            is_linked(&appended)
        );
    }

    println!("A tree whose leaves know the way to the root:");
    let pickle = dumps(&tree())?;
    let root: Rc<Tree> = loads(&pickle)?;
    for branch in root.children.borrow().iter() {
        for leaf in branch.children.borrow().iter() {
            println!("    Rust: {}", path(leaf));
        }
    }
    ask(&pickle, "x.children[0].children[0].parent.parent is x")?;

    println!("Cities, and roads that lead in circles:");
    let pickle = dumps(&map())?;
    let map: Map = loads(&pickle)?;
    for city in &map.cities {
        let roads = city.roads.borrow();
        let names: Vec<_> = roads
            .iter()
            .filter_map(Weak::upgrade)
            .map(|city| city.name.clone())
            .collect();
        println!("    Rust: {} leads to {}", city.name, names.join(", "));
    }
    ask(&pickle, "x.cities[0].roads[0] is x.cities[1]")?;
    ask(&pickle, "x.cities[2].roads[-1] is x.cities[2]")?;

    println!("The same map, read without any type:");
    let graph = Graph::parse(&pickle)?;
    print_untyped(graph.root());
    Ok(())
}

const APPEND: &str = "
import links, pickle, sys
first = last = pickle.load(sys.stdin.buffer)
while last.next:
    last = last.next
last.next = links.Node(4)
last.next.prev = last
sys.stdout.buffer.write(pickle.dumps(first))
";

fn linked(values: &[i32]) -> Rc<Node> {
    let nodes: Vec<_> = values
        .iter()
        .map(|&value| {
            Rc::new(Node {
                value,
                next: RefCell::default(),
                prev: RefCell::default(),
            })
        })
        .collect();
    for pair in nodes.windows(2) {
        pair[0].next.replace(Some(Rc::clone(&pair[1])));
        pair[1].prev.replace(Rc::downgrade(&pair[0]));
    }
    Rc::clone(&nodes[0])
}

fn values(first: &Rc<Node>) -> Vec<i32> {
    let next = |node: &Rc<Node>| node.next.borrow().clone();
    std::iter::successors(Some(Rc::clone(first)), next)
        .map(|node| node.value)
        .collect()
}

fn is_linked(first: &Rc<Node>) -> bool {
    let mut node = Rc::clone(first);
    while let Some(next) = { node.next.borrow().clone() } {
        if !Weak::ptr_eq(&next.prev.borrow(), &Rc::downgrade(&node)) {
            return false;
        }
        node = next;
    }
    true
}

fn tree() -> Rc<Tree> {
    let new = |name: &str| {
        Rc::new(Tree {
            name: name.to_owned(),
            parent: RefCell::default(),
            children: RefCell::default(),
        })
    };
    let (root, usr) = (new("root"), new("usr"));
    for (parent, child) in [(&root, &usr), (&usr, &new("bin")), (&usr, &new("lib"))] {
        child.parent.replace(Rc::downgrade(parent));
        parent.children.borrow_mut().push(Rc::clone(child));
    }
    root
}

/// From a leaf up.
fn path(leaf: &Rc<Tree>) -> String {
    let parent = |tree: &Rc<Tree>| tree.parent.borrow().upgrade();
    let names = std::iter::successors(Some(Rc::clone(leaf)), parent).map(|tree| tree.name.clone());
    names.collect::<Vec<_>>().join(" < ")
}

fn map() -> Map {
    let cities = ["Ulm", "Wien", "Graz"].map(|name| {
        Rc::new(City {
            name: name.to_owned(),
            roads: RefCell::default(),
        })
    });
    // The last road leads from Graz to Graz.
    for (from, to) in [(0, 1), (1, 0), (1, 2), (2, 0), (2, 2)] {
        let road = Rc::downgrade(&cities[to]);
        cities[from].roads.borrow_mut().push(road);
    }
    Map {
        cities: cities.into(),
    }
}

/// Every instance that can be reached, each once, however often it is referred to: nodes of one
/// id are one Python object.
fn print_untyped(root: NodeRef<'_>) {
    let mut references: HashMap<NodeId, usize> = HashMap::new();
    let mut instances = Vec::new();
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        let count = references.entry(node.id()).or_default();
        *count += 1;
        if *count > 1 {
            continue;
        }
        if let View::Object(object) = node.view() {
            instances.push(node);
            pending.extend(object.states());
        }
        pending.extend(node.items());
        pending.extend(node.entries().map(|(_, value)| value));
    }
    for node in instances {
        let class = node
            .class()
            .map(|class| class.to_string())
            .unwrap_or_default();
        let name = node.attr("name").and_then(NodeRef::as_str).unwrap_or("-");
        println!("    {class} {name}, references: {}", references[&node.id()]);
    }
}
