//! Pickles of all the shapes that a class had, as real interpreters wrote them
//! (`corpus-old/generate.py`): each loads as what the class is today.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::{Rc, Weak};

use pickle_core::{Reduce, dumps, loads};

/// Never had a version: only its module and the module of its members have changed.
#[derive(Reduce, Debug)]
#[reduce(module = "library.models", alias = "library.people:Club")]
struct Club {
    name: String,
    #[reduce(late)]
    members: Vec<Rc<RefCell<Member>>>,
    #[reduce(late)]
    head: Weak<RefCell<Member>>,
}

#[derive(Reduce, Debug)]
#[reduce(
    module = "library.models",
    alias = "library.people:Person",
    version = 3,
    migrate = MemberV2
)]
struct Member {
    name: String,
    emails: Vec<String>,
    #[reduce(late, alias = "group")]
    club: Weak<RefCell<Club>>,
}

#[derive(Reduce)]
#[reduce(
    module = "library.models",
    name = "Member",
    alias = "library.people:Person",
    version = 2,
    migrate = MemberV1,
    no_register
)]
struct MemberV2 {
    name: String,
    email: String,
    #[reduce(late, alias = "group")]
    club: Weak<RefCell<Club>>,
}

/// Version 1, and the shape before, which differs in nothing but names.
#[derive(Reduce)]
#[reduce(
    module = "library.models",
    name = "Member",
    alias = "library.people:Person",
    version = 1,
    no_register
)]
struct MemberV1 {
    first: String,
    last: String,
    #[reduce(alias = "mail")]
    email: String,
    #[reduce(late, alias = "group")]
    club: Weak<RefCell<Club>>,
}

impl From<MemberV1> for MemberV2 {
    fn from(member: MemberV1) -> Self {
        MemberV2 {
            name: format!("{} {}", member.first, member.last),
            email: member.email,
            club: member.club,
        }
    }
}

impl From<MemberV2> for Member {
    fn from(member: MemberV2) -> Self {
        Member {
            name: member.name,
            emails: vec![member.email],
            club: member.club,
        }
    }
}

/// Every file, by name.
fn corpus() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus-old/pickles");
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

fn check(name: &str, club: &Rc<RefCell<Club>>) {
    let Club {
        name: of_club,
        members,
        head,
    } = &*club.borrow();
    assert_eq!(of_club, "Analysts", "{name}");
    let people: Vec<_> = members
        .iter()
        .map(|member| {
            let Member {
                name: own,
                emails,
                club: back,
            } = &*member.borrow();
            assert!(Weak::ptr_eq(back, &Rc::downgrade(club)), "{name}");
            (own.clone(), emails.clone())
        })
        .collect();
    let expected = [
        ("Ada Lovelace", "ada@example.org"),
        ("Grace Hopper", "grace@example.org"),
    ];
    let expected = expected.map(|(name, email)| (name.to_owned(), vec![email.to_owned()]));
    assert_eq!(people, expected, "{name}");
    assert!(Weak::ptr_eq(head, &Rc::downgrade(&members[0])), "{name}");
}

#[test]
fn every_shape_is_there() {
    let mut files = BTreeMap::new();
    for name in corpus().keys() {
        let shape = name.split('-').next().unwrap().to_owned();
        *files.entry(shape).or_insert(0) += 1;
    }
    let expected = ["v0", "v1", "v2", "v3"].map(|shape| (shape.to_owned(), 9));
    assert_eq!(files, BTreeMap::from(expected));
}

#[test]
fn every_old_pickle_loads_as_what_the_class_is_today() {
    for (name, bytes) in corpus() {
        match loads::<Rc<RefCell<Club>>>(&bytes) {
            Ok(club) => check(&name, &club),
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

/// And is then dumped as of today.
#[test]
fn what_was_loaded_is_dumped_in_the_newest_shape() {
    for (name, bytes) in corpus() {
        let club: Rc<RefCell<Club>> = loads(&bytes).unwrap();
        let bytes = dumps(&club).unwrap();
        let graph = pickle_core::Graph::parse(&bytes).unwrap();
        let members = graph.root().attr("members").unwrap().items();
        for member in members {
            assert_eq!(member.class().unwrap().to_string(), "library.models.Member");
            let version = member.attr("__version__").unwrap().as_i64();
            assert_eq!(version, Some(3), "{name}");
        }
        check(&name, &loads(&bytes).unwrap());
    }
}
