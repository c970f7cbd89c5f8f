//! Types with versions, and Python's classes that know theirs.

use std::cell::RefCell;
use std::rc::Rc;

use libtest_mimic::Failed;
use pickle_core::{Encoding, NodeRef, Pickler, Reduce, Unpickler, loads};
use pickle_tests::interop::Verdicts;
use pickle_tests::python::{Judge, Version};

use super::{Case, loaded, looked_at, same, that, value};
use crate::PYTHON_3;

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", version = 3, migrate = UserV2)]
struct User {
    name: String,
    emails: Vec<String>,
}

#[derive(Reduce)]
#[reduce(module = "versions", name = "User", version = 2, migrate = UserV1, no_register)]
struct UserV2 {
    name: String,
    email: String,
}

#[derive(Reduce)]
#[reduce(module = "versions", name = "User", no_register)]
struct UserV1 {
    first: String,
    last: String,
}

impl From<UserV1> for UserV2 {
    fn from(user: UserV1) -> Self {
        UserV2 {
            email: format!("{}@home", user.first),
            name: format!("{} {}", user.first, user.last),
        }
    }
}

impl From<UserV2> for User {
    fn from(user: UserV2) -> Self {
        User {
            name: user.name,
            emails: vec![user.email],
        }
    }
}

/// What Python migrates by itself, as is done here.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", version = 2, migrate = MigratingV1)]
struct Migrating {
    total: i32,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", name = "Migrating", version = 1, no_register)]
struct MigratingV1 {
    parts: Vec<i32>,
}

impl From<MigratingV1> for Migrating {
    fn from(old: MigratingV1) -> Self {
        Migrating {
            total: old.parts.iter().sum(),
        }
    }
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", name = "Labelled", version = 1, no_register)]
struct Labelled {
    #[reduce(arg)]
    label: String,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", version = 2)]
struct Data {
    x: i32,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", version = 1)]
struct DataFrozen {
    x: i32,
}

/// Written by Python as a pair of states; Python has no place for what is written here.
#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", version = 2)]
struct Slots {
    x: i32,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", as = "reduce", version = 1)]
struct DataSlots {
    x: i32,
}

#[derive(Reduce, Clone, Debug, PartialEq)]
#[reduce(module = "versions", as = "reduce", version = 1)]
struct DataFrozenSlots {
    x: i32,
}

#[derive(Reduce, Debug)]
#[reduce(module = "versions", version = 2, migrate = NodeV1)]
struct Node {
    label: String,
    #[reduce(late)]
    next: Option<Rc<RefCell<Node>>>,
    #[reduce(late, alias = "parent")]
    owner: Option<Rc<RefCell<Node>>>,
}

#[derive(Reduce)]
#[reduce(module = "versions", name = "Node", no_register)]
struct NodeV1 {
    id: u32,
    #[reduce(late)]
    next: Option<Rc<RefCell<Node>>>,
    #[reduce(late)]
    parent: Option<Rc<RefCell<Node>>>,
}

impl From<NodeV1> for Node {
    fn from(node: NodeV1) -> Self {
        Node {
            label: node.id.to_string(),
            next: node.next,
            owner: node.parent,
        }
    }
}

fn node(label: &str) -> Rc<RefCell<Node>> {
    Rc::new(RefCell::new(Node {
        label: label.to_owned(),
        next: None,
        owner: None,
    }))
}

/// Takes a ring of two apart, so that it can be dropped.
fn is_ring(first: &Rc<RefCell<Node>>, labels: [&str; 2]) -> Result<(), String> {
    let second = first.borrow_mut().next.take().ok_or("no next")?;
    let back = second.borrow_mut().next.take().ok_or("no way back")?;
    let owners = [first, &second].map(|node| node.borrow_mut().owner.take());
    let all_own = owners
        .iter()
        .all(|owner| owner.as_ref().is_some_and(|owner| Rc::ptr_eq(owner, first)));
    that(Rc::ptr_eq(&back, first), "a ring")?;
    that(all_own, "owned by the first")?;
    same(&first.borrow().label.as_str(), &labels[0])?;
    same(&second.borrow().label.as_str(), &labels[1])
}

fn user() -> User {
    User {
        name: "Ada Lovelace".to_owned(),
        emails: vec!["Ada@home".to_owned()],
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let here = |expression: &str| format!("__import__('versions').{expression}");
    let is_user = |loaded: &User| same(loaded, &user());
    vec![
        value(here("User(u'Ada Lovelace', [u'Ada@home'])"), user()).unordered(),
        loaded(here("user_of(first=u'Ada', last=u'Lovelace')"), is_user),
        loaded(
            here("user_of(__version__=1, first=u'Ada', last=u'Lovelace')"),
            is_user,
        ),
        loaded(
            here("user_of(__version__=2, name=u'Ada Lovelace', email=u'Ada@home')"),
            is_user,
        ),
        loaded(
            format!("[{}]", here("user_of(__version__=2, name=u'', email=u'')")),
            |users: &Vec<Rc<User>>| same(&users[0].emails.len(), &1),
        ),
        value(here("Migrating(6)"), Migrating { total: 6 }),
        looked_at(
            here("Migrating(6)"),
            || MigratingV1 {
                parts: vec![1, 2, 3],
            },
            |migrating: &Migrating| same(&migrating.total, &6),
        ),
        value(here("Labelled(u'x')"), Labelled { label: "x".into() }).written_from(2),
        value(here("Data(1)"), Data { x: 1 }).since(3, 7),
        looked_at(
            here("DataFrozen(1)"),
            || DataFrozen { x: 1 },
            |data: &DataFrozen| same(&data.x, &1),
        )
        .since(3, 7)
        .holding("obj.x == 1 and obj.__dict__ == {'__version__': 1, 'x': 1}"),
        loaded(here("Slots(1)"), |slots: &Slots| same(&slots.x, &1)).written_from(2),
        looked_at(
            here("ring([u'a', u'b'])"),
            || {
                let (first, second) = (node("a"), node("b"));
                first.borrow_mut().next = Some(Rc::clone(&second));
                first.borrow_mut().owner = Some(Rc::clone(&first));
                second.borrow_mut().next = Some(Rc::clone(&first));
                second.borrow_mut().owner = Some(Rc::clone(&first));
                first
            },
            |first: &Rc<RefCell<Node>>| is_ring(first, ["a", "b"]),
        )
        .holding(
            "obj.next.next is obj and obj.owner is obj and obj.next.owner is obj \
             and obj.__version__ == obj.next.__version__ == 2 and obj.next.label == u'b'",
        ),
        loaded(here("old_ring([1, 2])"), |first: &Rc<RefCell<Node>>| {
            is_ring(first, ["1", "2"])
        }),
    ]
}

fn dumped<T: Reduce>(value: &T, protocol: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let dumped = Pickler::new(&mut bytes).protocol(protocol).dump(value);
    dumped.expect("the protocol exists");
    bytes
}

/// Python keeps the version in the instance's `__dict__`, and writes it again.
pub(crate) fn come_back(judge: &Judge) -> Result<(), Failed> {
    let mut verdicts = Verdicts::default();
    for protocol in 0..=judge.version().highest_protocol() {
        let bytes = dumped(&user(), protocol);
        let kept = judge.check(&bytes, "obj.__dict__['__version__'] == 3");
        verdicts.note((kept != Ok(true)).then(|| format!("protocol {protocol}: {kept:?}")));
        let again = judge.redump(&[], &bytes, protocol)?;
        let encoding = if judge.version() < PYTHON_3 {
            Encoding::Latin1
        } else {
            Encoding::Ascii
        };
        let graph = Unpickler::new().encoding(encoding).graph(&again)?;
        let version = graph.root().attr("__version__").and_then(NodeRef::as_i64);
        let loaded: User = graph.construct()?;
        verdicts.note((version != Some(3)).then(|| format!("protocol {protocol}: {version:?}")));
        verdicts.note(same(&loaded, &user()).err());
    }
    verdicts.finish(9)
}

/// Instances with slots alone have no place for a version that a state dict holds.
pub(crate) fn slots_have_no_place(judge: &Judge) -> Result<(), Failed> {
    let refused = judge.check(&dumped(&Slots { x: 1 }, 2), "True");
    let refused = refused.map_err(|raised| raised.0);
    if !matches!(&refused, Err(raised) if raised.starts_with("AttributeError")) {
        return Err(format!("slots: {refused:?}").into());
    }
    if judge.version() < Version(3, 10) {
        return Ok(());
    }
    let refused = judge.check(&dumped(&DataSlots { x: 1 }, 2), "True");
    if !matches!(&refused, Err(raised) if raised.0.starts_with("AttributeError")) {
        return Err(format!("a dataclass with slots: {refused:?}").into());
    }
    // It takes the dict for the list of its attributes.
    let silent = dumped(&DataFrozenSlots { x: 1 }, 2);
    if judge.check(&silent, "obj.x == '__version__'")? {
        assert_eq!(loads::<DataFrozenSlots>(&silent)?.x, 1);
        return Ok(());
    }
    Err("a frozen dataclass with slots has come to its senses".into())
}
