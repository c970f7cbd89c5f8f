//! Objects with identity: shared ones, trait objects, cycles.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, RwLock};

use pickle_tests::geometry::{
    CellNode, Circle, Drawing, Line, LockedNode, Node, Point, Shape, Square, Tree, Vertex,
};

use super::{Case, loaded, looked_at, same, that, value};

fn point() -> Point {
    Point { x: 1.0, y: 2.0 }
}

pub(crate) fn shared() -> Vec<Case> {
    let two = "(lambda p: (p, [p]))(geometry.Point(1.0, 2.0))";
    let is_one = "obj[0] is obj[1][0] and obj[0] == geometry.Point(1.0, 2.0)";
    vec![
        looked_at(
            "(lambda p: geometry.Line(p, p))(geometry.Point(1.0, 2.0))",
            || {
                let point = Rc::new(point());
                Line {
                    start: Rc::clone(&point),
                    end: point,
                }
            },
            |line: &Line| that(Rc::ptr_eq(&line.start, &line.end) && *line.end == point(), "one"),
        )
        .holding("obj.start is obj.end and obj.start == geometry.Point(1.0, 2.0)"),
        looked_at(
            "geometry.Line(geometry.Point(1.0, 2.0), geometry.Point(1.0, 2.0))",
            || Line {
                start: Rc::new(point()),
                end: Rc::new(point()),
            },
            |line: &Line| {
                let two = !Rc::ptr_eq(&line.start, &line.end);
                that(two && line.start == line.end, "two that are equal")
            },
        )
        .holding("obj.start is not obj.end and obj.start == obj.end"),
        looked_at(
            "(lambda l: [l, l, geometry.Line(l.end, geometry.Point(0.0, 0.0))])\
             (geometry.Line(geometry.Point(1.0, 2.0), geometry.Point(3.0, 4.0)))",
            || {
                let end = Rc::new(Point { x: 3.0, y: 4.0 });
                let line = Rc::new(Line {
                    start: Rc::new(point()),
                    end: Rc::clone(&end),
                });
                let zero = Rc::new(Point { x: 0.0, y: 0.0 });
                vec![
                    Rc::clone(&line),
                    line,
                    Rc::new(Line {
                        start: end,
                        end: zero,
                    }),
                ]
            },
            |lines: &Vec<Rc<Line>>| {
                that(
                    Rc::ptr_eq(&lines[0], &lines[1])
                        && Rc::ptr_eq(&lines[0].end, &lines[2].start)
                        && !Rc::ptr_eq(&lines[0].start, &lines[2].start),
                    "shared",
                )
            },
        )
        .holding("obj[0] is obj[1] and obj[0].end is obj[2].start and obj[2].end == geometry.Point(0.0, 0.0)"),
        looked_at(
            two,
            || {
                let point = Rc::new(RefCell::new(point()));
                (Rc::clone(&point), [point])
            },
            |(a, [b]): &(Rc<RefCell<Point>>, [Rc<RefCell<Point>>; 1])| {
                a.borrow_mut().x = 5.0;
                that(b.borrow().x == 5.0, "one cell")
            },
        )
        .holding(is_one),
        looked_at(
            two,
            || {
                let point = Arc::new(Mutex::new(point()));
                (Arc::clone(&point), vec![point])
            },
            |(a, b): &(Arc<Mutex<Point>>, Vec<Arc<Mutex<Point>>>)| that(Arc::ptr_eq(a, &b[0]), "one"),
        )
        .holding(is_one),
        looked_at(
            two,
            || {
                let point = Arc::new(RwLock::new(point()));
                (Arc::clone(&point), vec![Arc::downgrade(&point)])
            },
            |(a, b): &(Arc<RwLock<Point>>, Vec<std::sync::Weak<RwLock<Point>>>)| {
                that(b[0].upgrade().is_some_and(|b| Arc::ptr_eq(a, &b)), "one")
            },
        )
        .holding(is_one),
        // The same object by value: one for each place.
        looked_at(two, || (point(), vec![point()]), |(a, b): &(Point, Vec<Point>)| {
            same(a, &b[0])
        })
        .holding("obj[0] is not obj[1][0] and obj[0] == obj[1][0]"),
        // A shared list, dict, tuple.
        looked_at(
            "(lambda l: [l, l])([1, [2]])".replace("[1, [2]]", "[[1], [2]]"),
            || {
                let list = Rc::new(vec![vec![1], vec![2]]);
                vec![Rc::clone(&list), list]
            },
            |lists: &Vec<Rc<Vec<Vec<i32>>>>| that(Rc::ptr_eq(&lists[0], &lists[1]), "one"),
        )
        .holding("obj[0] is obj[1] and obj == [[[1], [2]]] * 2"),
        looked_at(
            "(lambda t: [t, t])((1, u'x', None, 2))",
            || {
                let tuple = Arc::new((1, "x".to_owned(), None::<i8>, 2));
                [Arc::clone(&tuple), tuple]
            },
            |[a, b]: &[Arc<(i32, String, Option<i8>, i32)>; 2]| that(Arc::ptr_eq(a, b), "one"),
        )
        .holding("obj[0] is obj[1] and obj[0] == (1, u'x', None, 2)"),
    ]
}

const DRAWING: &str = "geometry.Drawing(u'house', [geometry.Circle(2.0), geometry.Square(3.0), geometry.Circle(0.5)])";

fn areas(found: impl Iterator<Item = f64>) -> Result<(), String> {
    let rounded: Vec<_> = found.map(|area| (area * 100.0).round()).collect();
    same(&rounded, &vec![1257.0, 900.0, 79.0])
}

/// A drawing whose shapes are behind a pointer that `$wrap` makes and `$open` opens.
macro_rules! drawing {
    ($($pointer:ty: $wrap:expr, $open:expr;)+) => {
        vec![$({
            fn shapes() -> Vec<$pointer> {
                vec![
                    $wrap(Circle { radius: 2.0 }),
                    $wrap(Square { side: 3.0 }),
                    $wrap(Circle { radius: 0.5 }),
                ]
            }
            let make = || Drawing { title: "house".into(), shapes: shapes() };
            looked_at(DRAWING, make, |drawing: &Drawing<$pointer>| {
                same(drawing.title.as_str(), "house")?;
                let open: fn(&$pointer) -> f64 = $open;
                areas(drawing.shapes.iter().map(open))
            })
        }),+]
    };
}

pub(crate) fn trait_objects() -> Vec<Case> {
    let mut cases = drawing! {
        Box<dyn Shape>: Box::new, |shape| shape.area();
        Rc<dyn Shape>: Rc::new, |shape| shape.area();
        Arc<dyn Shape>: Arc::new, |shape| shape.area();
        Box<dyn Shape + Send>: Box::new, |shape| shape.area();
        Arc<dyn Shape + Send + Sync>: Arc::new, |shape| shape.area();
        Rc<RefCell<dyn Shape>>: |shape| Rc::new(RefCell::new(shape)), |shape| shape.borrow().area();
        Arc<Mutex<dyn Shape + Send>>: |shape| Arc::new(Mutex::new(shape)),
            |shape| shape.lock().expect("nobody panicked").area();
        Arc<RwLock<dyn Shape + Send + Sync>>: |shape| Arc::new(RwLock::new(shape)),
            |shape| shape.read().expect("nobody panicked").area();
    };
    cases.push(
        looked_at(
            "(lambda c: [c, geometry.Drawing(u't', [c]), c])(geometry.Circle(2.0))",
            || {
                let circle = Rc::new(Circle { radius: 2.0 });
                let drawing = Drawing::<Rc<dyn Shape>> {
                    title: "t".into(),
                    shapes: vec![Rc::clone(&circle) as _],
                };
                (Rc::clone(&circle) as Rc<dyn Shape>, drawing, circle)
            },
            |(shape, drawing, circle): &(Rc<dyn Shape>, Drawing<Rc<dyn Shape>>, Rc<Circle>)| {
                let address = Rc::as_ptr(circle).cast::<()>();
                that(
                    Rc::as_ptr(shape).cast::<()>() == address
                        && Rc::as_ptr(&drawing.shapes[0]).cast::<()>() == address,
                    "one allocation under two types",
                )
            },
        )
        .holding(
            "obj[0] is obj[2] and obj[1].shapes[0] is obj[0] and type(obj[0]) is geometry.Circle",
        ),
    );
    cases.push(
        looked_at(
            "(lambda s: [s, s])(geometry.Square(1.0))",
            || {
                let square = Rc::new(RefCell::new(Square { side: 1.0 }));
                [Rc::clone(&square) as Rc<RefCell<dyn Shape>>, square]
            },
            |[a, b]: &[Rc<RefCell<dyn Shape>>; 2]| {
                a.borrow_mut().scale(3.0);
                same(&b.borrow().area(), &9.0)
            },
        )
        .holding("obj[0] is obj[1] and obj[0].area() == 1.0"),
    );
    // A single class behind a pointer to the trait, and the other way round.
    cases.push(looked_at(
        "[geometry.Circle(2.0)]",
        || vec![Circle { radius: 2.0 }],
        |shapes: &Vec<Box<dyn Shape>>| same(&shapes[0].area().round(), &13.0),
    ));
    cases.push(value("[geometry.Square(2.0)]", vec![Square { side: 2.0 }]));
    cases
}

fn vertices() -> Rc<Vertex> {
    let (a, b, c) = (Vertex::new("a"), Vertex::new("b"), Vertex::new("c"));
    *a.edges.borrow_mut() = vec![Rc::clone(&b), Rc::clone(&a), Rc::clone(&c)];
    *b.edges.borrow_mut() = vec![Rc::clone(&c)];
    *c.edges.borrow_mut() = vec![Rc::clone(&a), Rc::clone(&b)];
    a
}

fn cell_nodes(len: i64) -> Rc<CellNode> {
    let first = CellNode::new(0);
    let mut last = Rc::clone(&first);
    for value in 1..len {
        let node = CellNode::new(value);
        *node.prev.borrow_mut() = Rc::downgrade(&last);
        *last.next.borrow_mut() = Some(Rc::clone(&node));
        last = node;
    }
    first
}

fn locked_nodes() -> Arc<Mutex<LockedNode>> {
    let node = |value| {
        Arc::new(Mutex::new(LockedNode {
            value,
            next: None,
            prev: std::sync::Weak::new(),
        }))
    };
    let (first, second) = (node(1), node(2));
    second.lock().expect("it is new").prev = Arc::downgrade(&first);
    first.lock().expect("it is new").next = Some(second);
    first
}

/// An expression that makes statements of assignments to attributes.
const GRAPH: &str = "(lambda a, b, c: (a.edges.extend([b, a, c]), b.edges.append(c), \
    c.edges.extend([a, b]), a)[3])(geometry.Vertex(u'a'), geometry.Vertex(u'b'), geometry.Vertex(u'c'))";

const TREE: &str = "(lambda r: (geometry.Tree(u'leaf', geometry.Tree(u'left', r)), \
    geometry.Tree(u'right', r), r)[2])(geometry.Tree(u'root'))";

pub(crate) fn cycles() -> Vec<Case> {
    let mut cases = Vec::new();
    for len in [1, 2, 3, 50] {
        cases.push(
            looked_at(
                format!("geometry.linked(list(range({len})))"),
                move || Node::linked(0..len),
                move |first: &Rc<RefCell<Node>>| {
                    same(&Node::values(first), &Some((0..len).collect::<Vec<_>>()))
                },
            )
            .holding(format!("geometry.is_linked(obj, list(range({len})))")),
        );
        cases.push(
            looked_at(
                format!("geometry.linked(list(range({len})))"),
                move || cell_nodes(len),
                move |first: &Rc<CellNode>| {
                    let mut node = Rc::clone(first);
                    for value in 0..len {
                        same(&node.value, &value)?;
                        let next = node.next.borrow().clone();
                        let Some(next) = next else {
                            return same(&(value + 1), &len);
                        };
                        let back = next.prev.borrow().upgrade();
                        that(back.is_some_and(|back| Rc::ptr_eq(&back, &node)), "back")?;
                        node = next;
                    }
                    Err("a longer list".into())
                },
            )
            .holding(format!("geometry.is_linked(obj, list(range({len})))")),
        );
    }
    cases.push(
        looked_at(
            "geometry.linked([1, 2])",
            locked_nodes,
            |first: &Arc<Mutex<LockedNode>>| {
                let second = first
                    .lock()
                    .expect("it is new")
                    .next
                    .clone()
                    .ok_or("one node")?;
                let back = second.lock().expect("it is new").prev.upgrade();
                that(back.is_some_and(|back| Arc::ptr_eq(&back, first)), "back")
            },
        )
        .holding("geometry.is_linked(obj, [1, 2])"),
    );
    let tree = || {
        let left = Tree::new("left", vec![Tree::new("leaf", vec![])]);
        Tree::new("root", vec![left, Tree::new("right", vec![])])
    };
    cases.push(
        looked_at(TREE, tree, |root: &Rc<Tree>| {
            same(&root.outline().as_deref(), &Some("root(left(leaf) right)"))
        })
        .holding(
            "geometry.is_tree(obj) and [obj.name] + [c.name for c in obj.children] \
             + [obj.children[0].children[0].name] == [u'root', u'left', u'right', u'leaf']",
        ),
    );
    // From a leaf up: the root is held by nobody but the pickle.
    cases.push(loaded(
        format!("{TREE}.children[0].children[0]"),
        |leaf: &Rc<Tree>| {
            same(leaf.name.as_str(), "leaf")?;
            that(leaf.parent.borrow().upgrade().is_none(), "dangling")
        },
    ));
    cases.push(loaded(
        format!("(lambda r: (r.children[0].children[0], r))({TREE})"),
        |(leaf, root): &(Rc<Tree>, Rc<Tree>)| {
            same(&root.outline().as_deref(), &Some("root(left(leaf) right)"))?;
            let parent = leaf.parent.borrow().upgrade().ok_or("dangling")?;
            that(
                Rc::ptr_eq(&parent, &root.children.borrow()[0]),
                "the parent",
            )
        },
    ));
    cases.push(
        looked_at(GRAPH, vertices, |a: &Rc<Vertex>| {
            let edges = a.edges.borrow();
            let names: Vec<_> = edges.iter().map(|to| to.name.as_str()).collect();
            same(&names, &vec!["b", "a", "c"])?;
            let (b, c) = (&edges[0], &edges[2]);
            that(
                Rc::ptr_eq(&edges[1], a)
                    && Rc::ptr_eq(&b.edges.borrow()[0], c)
                    && Rc::ptr_eq(&c.edges.borrow()[0], a)
                    && Rc::ptr_eq(&c.edges.borrow()[1], b),
                "the graph",
            )
        })
        .holding(
            "[to.name for to in obj.edges] == [u'b', u'a', u'c'] and obj.edges[1] is obj \
             and obj.edges[0].edges[0] is obj.edges[2] and obj.edges[2].edges[0] is obj \
             and obj.edges[2].edges[1] is obj.edges[0]",
        ),
    );
    // A weak pointer at the root to what comes later.
    cases.push(
        looked_at(
            "(lambda n: (n.next, n))(geometry.linked([1, 2]))",
            || {
                let first = Node::linked([1, 2]);
                let second = first.borrow().next.clone().expect("there are two");
                (Rc::downgrade(&second), first)
            },
            |(second, first): &(Weak<RefCell<Node>>, Rc<RefCell<Node>>)| {
                same(&Node::values(first), &Some(vec![1, 2]))?;
                let next = first.borrow().next.clone().ok_or("one node")?;
                that(
                    second
                        .upgrade()
                        .is_some_and(|second| Rc::ptr_eq(&second, &next)),
                    "next",
                )
            },
        )
        .holding("obj[0] is obj[1].next and geometry.is_linked(obj[1], [1, 2])"),
    );
    cases
}
