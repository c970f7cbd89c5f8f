//! Objects behind shared pointers, and such as refer to themselves.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::{Creation, MemoPolicy, Pickler, dumps};
use super::{Py, class, dump};
use crate::class::Class;
use crate::error::{ErrorKind, Result};
use crate::reduce::Reduce;

static NODE: Class = class("Node");

/// A shared pointer, as the crate's own impls write one.
struct Shared<T>(Rc<T>);

impl<T: Reduce + 'static> Reduce for Shared<T> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.shared(
            Rc::as_ptr(&self.0).cast(),
            || Box::new(Rc::clone(&self.0)),
            &*self.0,
        )
    }
}

/// What may refer to itself.
#[derive(Default)]
struct Node {
    late: bool,
    next: RefCell<Option<Rc<Node>>>,
}

impl Reduce for Node {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        let mut object = p.object(&NODE, Creation::NewObj, 0, 0)?;
        object.state(1)?;
        let next = self.next.borrow().clone().map(Shared);
        match next {
            Some(next) if self.late => object.late("next", &next)?,
            Some(next) => object.field("next", &next)?,
            None => object.field("next", &Py::None)?,
        }
        object.end()
    }
}

#[test]
fn an_object_behind_two_pointers_is_written_once() {
    let int = Rc::new(Py::Int(7));
    let pair = [Shared(Rc::clone(&int)), Shared(int)];
    let twice = Shared(Rc::new(Shared(Rc::clone(&pair[0].0))));
    struct All([Shared<Py>; 2], Shared<Shared<Py>>);
    impl Reduce for All {
        fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
            p.tuple(3, |p| {
                p.save(&self.1)?;
                p.save(&self.0[0])?;
                p.save(&self.0[1])
            })
        }
    }
    let all = All(pair, twice);
    assert_eq!(
        dump(&all, 2, MemoPolicy::Shared),
        b"\x80\x02K\x07q\0h\0h\0\x87."
    );
}

#[test]
fn a_cycle_is_written_through_a_late_field_and_refused_through_others() {
    let cycle = |late| {
        let node = Rc::new(Node {
            late,
            ..Node::default()
        });
        *node.next.borrow_mut() = Some(Rc::clone(&node));
        node
    };
    let late = cycle(true);
    assert_eq!(
        dump(&Shared(Rc::clone(&late)), 2, MemoPolicy::Shared)
            .escape_ascii()
            .to_string(),
        r"\x80\x02cm\nNode\nq\x00)\x81q\x01}X\x04\x00\x00\x00nextq\x02h\x01sb."
    );
    let other = cycle(false);
    let error = dumps(&Shared(Rc::clone(&other))).expect_err("it has to be refused");
    assert_eq!(*error.kind(), ErrorKind::Cycle);
    assert_eq!(error.path().to_string(), "$.next");
    for node in [late, other] {
        node.next.take();
    }
}
