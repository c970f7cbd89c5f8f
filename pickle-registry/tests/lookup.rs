//! Finding entries that are linked in, and what is said when that fails.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pickle_registry::{
    Claim, Conflict, Entry, Location, LookupError, QualName, Registry, RustType,
};

struct Circle;
struct Square;
struct Round;

const fn at(line: u32) -> Location {
    Location {
        file: "shapes.rs",
        line,
    }
}

static CIRCLE: Entry<u8> = Entry::new(
    QualName::new("shapes", "Circle"),
    RustType::of::<Circle>(),
    at(10),
    1,
)
.with_aliases(const { &[QualName::new("old", "Circle"), QualName::new("old", "Disc")] })
.with_extension(240);

static SQUARE: Entry<u8> = Entry::new(
    QualName::new("shapes", "Square"),
    RustType::of::<Square>(),
    at(20),
    2,
);

/// In conflict with `CIRCLE`, by an alias and by its extension code.
static ROUND: Entry<u8> = Entry::new(
    QualName::new("shapes", "Round"),
    RustType::of::<Round>(),
    at(5),
    3,
)
.with_aliases(const { &[QualName::new("shapes", "Circle")] })
.with_extension(240);

fn payload<E>(found: Result<&Entry<u8>, E>) -> Option<u8> {
    found.ok().map(|entry| *entry.payload())
}

fn conflict(found: Result<&Entry<u8>, LookupError>) -> Conflict {
    match found {
        Err(LookupError::Conflict(conflict)) => conflict,
        other => panic!("{other:?} is no conflict"),
    }
}

#[test]
fn an_entry_is_found_by_whatever_it_claims() {
    let registry = Registry::new([&CIRCLE, &SQUARE]);
    for (module, qualname) in [("shapes", "Circle"), ("old", "Circle"), ("old", "Disc")] {
        // The name borrows from what does not live long, as one in a stream does.
        let (module, qualname) = (module.to_owned(), qualname.to_owned());
        let found = registry.by_name(&QualName::new(&module, &qualname));
        assert_eq!(payload(found), Some(1));
    }
    assert_eq!(payload(registry.by_type(RustType::of::<Circle>())), Some(1));
    assert_eq!(payload(registry.by_type(RustType::of::<Square>())), Some(2));
    assert_eq!(payload(registry.by_extension(240)), Some(1));
}

#[test]
fn what_nobody_claims_is_not_found() {
    let registry = Registry::new([&CIRCLE]);
    let name = QualName::new("shapes", "Hexagon");
    assert_eq!(
        registry.find_name(&name).map(|found| found.is_none()),
        Ok(true)
    );
    assert_eq!(
        registry.by_name(&name).unwrap_err(),
        LookupError::Unknown {
            name: Box::new(name),
            near: Box::new([]),
        }
    );
    let rust_type = RustType::of::<Square>();
    let error = registry.by_type(rust_type).unwrap_err();
    assert_eq!(error, LookupError::UnknownType { rust_type });
    // Its crate is linked in, or nobody could ask.
    assert_eq!(
        error.to_string(),
        "lookup::Square is not registered under any name: \
         a function needs `#[constructor]` or the like, a type `#[derive(Reduce)]`",
    );
    assert!(registry.by_extension(241).is_err());
}

#[test]
fn names_are_found_as_pairs() {
    static NESTED: Entry<u8> =
        Entry::new(QualName::new("a", "b.C"), RustType::of::<u8>(), at(1), 1);
    static FLAT: Entry<u8> = Entry::new(QualName::new("a.b", "C"), RustType::of::<u16>(), at(2), 2);

    let registry = Registry::new([&NESTED, &FLAT]);
    assert_eq!(
        payload(registry.by_name(&QualName::new("a", "b.C"))),
        Some(1)
    );
    assert_eq!(
        payload(registry.by_name(&QualName::new("a.b", "C"))),
        Some(2)
    );
    assert_eq!(registry.check(), Ok(()));
}

#[test]
fn a_conflict_tells_both_types_with_file_and_line_in_whatever_order_they_are_linked() {
    for linked in [[&CIRCLE, &ROUND], [&ROUND, &CIRCLE]] {
        let registry = Registry::new(linked);
        let conflict = conflict(registry.by_name(&QualName::new("shapes", "Circle")));
        assert_eq!(
            conflict.to_string(),
            "the name shapes.Circle is claimed \
             by lookup::Round (registered as shapes.Round at shapes.rs:5) \
             and by lookup::Circle (registered as shapes.Circle at shapes.rs:10)"
        );
        assert_eq!(conflict.claimants().len(), 2);
    }
}

#[test]
fn a_conflict_leaves_the_rest_working() {
    let registry = Registry::new([&CIRCLE, &ROUND, &SQUARE]);
    assert_eq!(
        *conflict(registry.by_extension(240)).claim(),
        Claim::Extension(240)
    );
    assert_eq!(payload(registry.by_type(RustType::of::<Circle>())), Some(1));
    assert_eq!(
        payload(registry.by_name(&QualName::new("old", "Disc"))),
        Some(1)
    );
    assert_eq!(
        payload(registry.by_name(&QualName::new("shapes", "Round"))),
        Some(3)
    );
    assert_eq!(
        payload(registry.by_name(&QualName::new("shapes", "Square"))),
        Some(2)
    );
}

#[test]
fn a_type_registered_under_two_names_is_a_conflict_of_its_type_alone() {
    static AGAIN: Entry<u8> = Entry::new(
        QualName::new("elsewhere", "Square"),
        RustType::of::<Square>(),
        at(30),
        4,
    );
    let registry = Registry::new([&SQUARE, &AGAIN]);
    let rust_type = RustType::of::<Square>();
    assert_eq!(
        *conflict(registry.by_type(rust_type)).claim(),
        Claim::Type(rust_type)
    );
    assert!(registry.find_type(rust_type.id()).is_err());
    assert_eq!(payload(registry.by_name(AGAIN.name())), Some(4));
    assert_eq!(payload(registry.by_name(SQUARE.name())), Some(2));
}

#[test]
fn check_lists_all_conflicts() {
    static AGAIN: Entry<u8> = Entry::new(
        QualName::new("elsewhere", "Square"),
        RustType::of::<Square>(),
        at(30),
        4,
    );
    let registry = Registry::new([&AGAIN, &CIRCLE, &ROUND, &SQUARE]);
    let conflicts = registry.check().unwrap_err();
    let claims: Vec<&Claim> = conflicts.iter().map(Conflict::claim).collect();
    assert_eq!(
        claims,
        [
            &Claim::Name(QualName::new("shapes", "Circle")),
            &Claim::Type(RustType::of::<Square>()),
            &Claim::Extension(240),
        ]
    );
}

#[test]
fn all_claimants_of_a_name_are_told() {
    static NAMES: [Entry<u8>; 3] = [
        Entry::new(QualName::new("a", "A"), RustType::of::<u8>(), at(3), 0),
        Entry::new(QualName::new("a", "A"), RustType::of::<u16>(), at(1), 0),
        Entry::new(QualName::new("a", "A"), RustType::of::<u32>(), at(2), 0),
    ];
    let registry = Registry::new(&NAMES);
    let conflict = conflict(registry.by_name(&QualName::new("a", "A")));
    let lines: Vec<u32> = conflict
        .claimants()
        .iter()
        .map(|claimant| claimant.declared.line)
        .collect();
    assert_eq!(lines, [1, 2, 3]);
}

#[test]
fn an_entry_is_in_no_conflict_with_itself() {
    static TWICE: Entry<u8> = Entry::new(QualName::new("a", "A"), RustType::of::<u8>(), at(1), 7)
        .with_aliases(
            const {
                &[
                    QualName::new("a", "A"),
                    QualName::new("a", "B"),
                    QualName::new("a", "B"),
                ]
            },
        );
    let registry = Registry::new([&TWICE, &TWICE]);
    assert_eq!(registry.check(), Ok(()));
    assert_eq!(registry.entries().len(), 1);
    assert_eq!(payload(registry.by_name(&QualName::new("a", "B"))), Some(7));
}

#[test]
fn entries_are_sorted_by_name() {
    let registry = Registry::new([&SQUARE, &ROUND, &CIRCLE]);
    let names: Vec<&str> = registry
        .entries()
        .iter()
        .map(|entry| entry.name().qualname())
        .collect();
    assert_eq!(names, ["Circle", "Round", "Square"]);
}

#[test]
fn errors_are_small_and_can_be_sent() {
    fn check<T: std::error::Error + Clone + Send + Sync + 'static>() {}
    check::<LookupError>();
    check::<Conflict>();
    assert!(size_of::<LookupError>() <= 4 * size_of::<usize>());
    assert_eq!(size_of::<Conflict>(), size_of::<usize>());
}
