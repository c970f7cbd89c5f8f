//! Registration at run time.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Barrier;
use std::thread;

use pickle_registry::{Claim, Entry, Location, QualName, Registry, RustType};

struct Linked;
struct Added;
struct Other;

const NAME: QualName<'static> = QualName::new("app", "Thing");
const ALIAS: QualName<'static> = QualName::new("app.old", "Thing");

static LINKED: Entry<&str> =
    Entry::new(NAME, RustType::of::<Linked>(), Location::caller(), "linked")
        .with_aliases(const { &[ALIAS] })
        .with_extension(240);

fn entry<T: 'static>(name: QualName<'static>, payload: &'static str) -> Entry<&'static str> {
    Entry::new(name, RustType::of::<T>(), Location::caller(), payload)
}

fn named(registry: &Registry<&'static str>, name: &QualName<'_>) -> Option<&'static str> {
    registry.by_name(name).ok().map(|entry| *entry.payload())
}

#[test]
fn an_addition_is_found_by_whatever_it_claims() {
    let registry = Registry::new([&LINKED]);
    let name = QualName::new("plugin", "Thing");
    let alias = const { &[QualName::new("plugin", "Old")] };
    let addition = entry::<Added>(name.clone(), "added");
    let added = registry
        .add(addition.with_aliases(alias).with_extension(7))
        .unwrap();

    assert_eq!(*added.payload(), "added");
    assert_eq!(named(&registry, &name), Some("added"));
    assert_eq!(named(&registry, &alias[0]), Some("added"));
    assert_eq!(
        *registry.by_type(RustType::of::<Added>()).unwrap().payload(),
        "added"
    );
    assert_eq!(*registry.by_extension(7).unwrap().payload(), "added");
    assert_eq!(named(&registry, &NAME), Some("linked"));
}

#[test]
fn an_addition_shadows_what_it_claims_and_nothing_else() {
    let registry = Registry::new([&LINKED]);
    registry.add(entry::<Added>(NAME, "added")).unwrap();

    assert_eq!(named(&registry, &NAME), Some("added"));
    assert_eq!(named(&registry, &ALIAS), Some("linked"));
    assert_eq!(
        *registry
            .by_type(RustType::of::<Linked>())
            .unwrap()
            .payload(),
        "linked"
    );
    assert_eq!(*registry.by_extension(240).unwrap().payload(), "linked");
    let payloads: Vec<&str> = registry
        .entries()
        .iter()
        .map(|entry| *entry.payload())
        .collect();
    assert_eq!(payloads, ["added"]);
}

#[test]
fn a_removal_shows_what_was_shadowed() {
    let registry = Registry::new([&LINKED]);
    registry
        .add(
            entry::<Linked>(NAME, "added")
                .with_aliases(const { &[ALIAS] })
                .with_extension(240),
        )
        .unwrap();
    assert_eq!(*registry.by_extension(240).unwrap().payload(), "added");

    assert_eq!(*registry.remove(&NAME).unwrap().payload(), "added");
    assert_eq!(named(&registry, &NAME), Some("linked"));
    assert_eq!(named(&registry, &ALIAS), Some("linked"));
    assert_eq!(
        *registry
            .by_type(RustType::of::<Linked>())
            .unwrap()
            .payload(),
        "linked"
    );
    assert_eq!(*registry.by_extension(240).unwrap().payload(), "linked");
}

#[test]
fn what_is_linked_in_cannot_be_removed() {
    let registry = Registry::new([&LINKED]);
    assert!(registry.remove(&NAME).is_none());
    assert_eq!(named(&registry, &NAME), Some("linked"));
}

#[test]
fn an_addition_is_not_removed_by_its_alias() {
    let registry = Registry::new([]);
    registry
        .add(entry::<Added>(NAME, "added").with_aliases(const { &[ALIAS] }))
        .unwrap();
    assert!(registry.remove(&ALIAS).is_none());
    assert!(registry.remove(&NAME).is_some());
    assert_eq!(named(&registry, &ALIAS), None);
}

#[test]
fn additions_that_claim_the_same_are_refused() {
    let registry = Registry::new([]);
    let first = entry::<Added>(NAME, "first").with_aliases(const { &[ALIAS] });
    let line = first.declared().line;
    registry.add(first.with_extension(7)).unwrap();

    let conflict = registry.add(entry::<Other>(ALIAS, "second")).unwrap_err();
    assert_eq!(*conflict.claim(), Claim::Name(ALIAS));
    let types: Vec<RustType> = conflict
        .claimants()
        .iter()
        .map(|one| one.rust_type)
        .collect();
    assert!(types.contains(&RustType::of::<Added>()));
    assert!(types.contains(&RustType::of::<Other>()));
    assert!(
        conflict
            .to_string()
            .contains(&format!("{}:{line}", file!()))
    );

    let elsewhere = QualName::new("elsewhere", "Thing");
    let conflict = registry
        .add(entry::<Added>(elsewhere.clone(), "second"))
        .unwrap_err();
    assert_eq!(*conflict.claim(), Claim::Type(RustType::of::<Added>()));
    let conflict = registry
        .add(entry::<Other>(elsewhere.clone(), "second").with_extension(7))
        .unwrap_err();
    assert_eq!(*conflict.claim(), Claim::Extension(7));

    assert_eq!(named(&registry, &elsewhere), None);
    assert!(
        registry
            .find_type(RustType::of::<Other>().id())
            .unwrap()
            .is_none()
    );
    assert_eq!(registry.entries().len(), 1);
}

#[test]
fn what_was_removed_can_be_added_again() {
    let registry = Registry::new([]);
    for payload in ["first", "second"] {
        registry
            .add(entry::<Added>(NAME, payload).with_extension(7))
            .unwrap();
        assert_eq!(named(&registry, &NAME), Some(payload));
        assert!(registry.remove(&NAME).is_some());
        assert_eq!(named(&registry, &NAME), None);
    }
}

#[test]
fn an_addition_settles_a_linked_conflict_but_check_still_tells_it() {
    static RIVAL: Entry<&str> =
        Entry::new(NAME, RustType::of::<Other>(), Location::caller(), "rival");
    let registry = Registry::new([&LINKED, &RIVAL]);
    assert_eq!(named(&registry, &NAME), None);
    registry.add(entry::<Added>(NAME, "added")).unwrap();
    assert_eq!(named(&registry, &NAME), Some("added"));
    assert_eq!(registry.check().unwrap_err().len(), 1);
}

#[test]
fn an_addition_that_names_itself_twice_is_in_no_conflict() {
    let registry = Registry::new([]);
    let twice = entry::<Added>(NAME, "added").with_aliases(const { &[NAME, ALIAS, ALIAS] });
    registry.add(twice).unwrap();
    assert_eq!(named(&registry, &ALIAS), Some("added"));
    registry.remove(&NAME).unwrap();
    assert_eq!(named(&registry, &ALIAS), None);
}

#[test]
fn near_misses_know_additions() {
    let registry = Registry::new([]);
    registry.add(entry::<Added>(NAME, "added")).unwrap();
    assert_eq!(
        registry.near_misses(&QualName::new("app", "Thingy")),
        [NAME]
    );
}

#[test]
fn lookups_go_on_while_others_add_and_remove() {
    const ROUNDS: usize = 200;
    let registry = Registry::new([&LINKED]);
    let start = Barrier::new(4);
    thread::scope(|scope| {
        scope.spawn(|| {
            start.wait();
            for _ in 0..ROUNDS {
                registry.add(entry::<Added>(NAME, "added")).unwrap();
                assert_eq!(named(&registry, &NAME), Some("added"));
                assert!(registry.remove(&NAME).is_some());
                assert_eq!(named(&registry, &NAME), Some("linked"));
            }
        });
        for _ in 0..3 {
            scope.spawn(|| {
                start.wait();
                for _ in 0..ROUNDS {
                    assert!(named(&registry, &NAME).is_some());
                    assert_eq!(named(&registry, &ALIAS), Some("linked"));
                }
            });
        }
    });
}

#[test]
fn of_many_who_add_the_same_name_one_succeeds() {
    let registry = Registry::new([]);
    let start = Barrier::new(8);
    let won: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    usize::from(registry.add(entry::<Added>(NAME, "added")).is_ok())
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(won, 1);
}
