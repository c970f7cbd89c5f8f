//! Which names are suggested for one that nobody registered.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, Instant};

use pickle_registry::{Entry, Location, QualName, Registry, RustType};

const HERE: Location = Location::caller();

static ENTRIES: [Entry<()>; 5] = [
    Entry::new(
        QualName::new("app.models", "Point"),
        RustType::of::<u8>(),
        HERE,
        (),
    ),
    Entry::new(
        QualName::new("app.models", "Joint"),
        RustType::of::<u16>(),
        HERE,
        (),
    ),
    Entry::new(
        QualName::new("geometry", "Point"),
        RustType::of::<u32>(),
        HERE,
        (),
    ),
    Entry::new(
        QualName::new("app.models", "Customer"),
        RustType::of::<u64>(),
        HERE,
        (),
    )
    .with_aliases(const { &[QualName::new("app.models", "Client")] }),
    Entry::new(
        QualName::new("app.models", "Outer.Inner"),
        RustType::of::<i8>(),
        HERE,
        (),
    ),
];

fn near(module: &str, qualname: &str) -> Vec<String> {
    Registry::new(&ENTRIES)
        .near_misses(&QualName::new(module, qualname))
        .iter()
        .map(|name| format!("{name:#}"))
        .collect()
}

#[test]
fn a_slip_in_the_right_module_comes_first() {
    assert_eq!(
        near("app.models", "Piont"),
        ["app.models:Point", "geometry:Point"]
    );
}

#[test]
fn case_is_a_slip() {
    assert_eq!(near("APP.models", "customer"), ["app.models:Customer"]);
}

#[test]
fn the_same_name_in_another_module_is_suggested() {
    assert_eq!(near("crm", "Customer"), ["app.models:Customer"]);
}

#[test]
fn a_misspelled_module_is_suggested() {
    assert_eq!(near("ap.models", "Customer"), ["app.models:Customer"]);
}

#[test]
fn aliases_are_suggested() {
    assert_eq!(near("app.models", "Cleint"), ["app.models:Client"]);
}

#[test]
fn unlike_names_are_not_suggested() {
    assert_eq!(near("app.models", "Invoice"), [""; 0]);
    assert_eq!(near("", ""), [""; 0]);
}

#[test]
fn a_name_is_not_suggested_for_itself() {
    let near = near("geometry", "Point");
    assert_eq!(near.first().map(String::as_str), Some("app.models:Point"));
    assert!(
        !near.iter().any(|name| name == "geometry:Point"),
        "{near:?}"
    );
}

#[test]
fn the_message_tells_candidates_and_how_to_link() {
    let registry = Registry::new(&ENTRIES);
    let message = |module, qualname| {
        registry
            .by_name(&QualName::new(module, qualname))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message("app.models", "Piont"),
        "app.models.Piont is not registered (did you mean app.models.Point or geometry.Point?); \
         a crate that is never named in code is not linked in: write `use plugin as _;`"
    );
    assert_eq!(
        message("app.models", "Invoice"),
        "app.models.Invoice is not registered; \
         a crate that is never named in code is not linked in: write `use plugin as _;`"
    );
}

#[test]
fn a_name_that_is_split_elsewhere_is_told_apart() {
    let registry = Registry::new(&ENTRIES);
    let error = registry
        .by_name(&QualName::new("app.models.Outer", "Inner"))
        .unwrap_err();
    assert!(error.to_string().starts_with(
        "app.models.Outer:Inner is not registered (did you mean app.models:Outer.Inner?)"
    ));
}

#[test]
fn hostile_names_are_escaped_in_messages() {
    let registry = Registry::new(&ENTRIES);
    let error = registry
        .by_name(&QualName::new("m\n", "\u{1b}[2J"))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(r"m\n.\u{1b}[2J is not registered")
    );
}

#[test]
fn suggestions_are_few() {
    let entries: Vec<&'static Entry<()>> = (0..50)
        .map(|number| {
            let name = QualName::owned(format!("module{number}"), "Common");
            &*Box::leak(Box::new(Entry::new(name, RustType::of::<u8>(), HERE, ())))
        })
        .collect();
    let near = Registry::new(entries).near_misses(&QualName::new("elsewhere", "Common"));
    assert!((3..=5).contains(&near.len()), "{near:?}");
}

#[test]
fn long_names_cost_no_more_than_short_ones() {
    let long = "x".repeat(10_000_000);
    let started = Instant::now();
    assert_eq!(near(&long, "Customer"), ["app.models:Customer"]);
    assert_eq!(near("app.models", &long), [""; 0]);
    assert_eq!(near(&long, &long), [""; 0]);
    // It takes microseconds, but for the debug build and a busy machine.
    assert!(started.elapsed() < Duration::from_secs(1));
}
