//! Registrations that claim the same name, and names that nobody registered. Two types of this
//! program are in conflict on purpose.

#![allow(clippy::unwrap_used, reason = "tests")]

use pickle_core::registry::{self, Claim, Mistake};
use pickle_core::{ErrorKind, LookupError, QualName, Reduce, dumps, loads, object};

#[object]
trait Shape: Reduce {
    fn area(&self) -> f64;
}

mod mine {
    use super::{Reduce, Shape, object};

    #[derive(Reduce)]
    #[reduce(module = "conflicts", name = "Square")]
    pub(super) struct Mine {
        pub(super) side: f64,
    }

    #[object]
    impl Shape for Mine {
        fn area(&self) -> f64 {
            self.side * self.side
        }
    }
}

mod theirs {
    use super::Reduce;

    #[derive(Reduce)]
    #[reduce(module = "conflicts", alias = "conflicts:Square")]
    pub(super) struct Theirs {
        pub(super) side: f64,
    }
}

#[derive(Reduce)]
#[reduce(module = "conflicts")]
struct Circle {
    radius: f64,
}

#[object]
impl Shape for Circle {
    fn area(&self) -> f64 {
        3.0 * self.radius * self.radius
    }
}

#[test]
fn check_tells_both_types_and_where_they_are() {
    let mistakes = registry::check().unwrap_err();
    let [Mistake::Conflict(conflict)] = &mistakes[..] else {
        panic!("{mistakes:?}")
    };
    let name = QualName::new("conflicts", "Square");
    assert_eq!(*conflict.claim(), Claim::Name(name));
    let claimants = conflict.claimants();
    assert_eq!(claimants[0].rust_type.name(), "registry::mine::Mine");
    assert_eq!(claimants[1].rust_type.name(), "registry::theirs::Theirs");
    for claimant in claimants {
        assert!(claimant.declared.file.ends_with("tests/registry.rs"));
    }
    let (one, other) = (claimants[0].declared, claimants[1].declared);
    assert!(one.line < other.line);
    assert_eq!(
        conflict.to_string(),
        format!(
            "the name conflicts.Square is claimed by registry::mine::Mine (registered as \
             conflicts.Square at {one}) and by registry::theirs::Theirs (registered as \
             conflicts.Theirs at {other})"
        )
    );
}

#[test]
fn a_name_in_conflict_is_an_error_where_it_has_to_be_looked_up() {
    let bytes = dumps(&mine::Mine { side: 2.0 }).unwrap();
    let error = loads::<Box<dyn Shape>>(&bytes).err().unwrap();
    let ErrorKind::Lookup(LookupError::Conflict(conflict)) = error.kind() else {
        panic!("{error}")
    };
    let mistakes = vec![Mistake::Conflict(conflict.clone())];
    assert_eq!(registry::check(), Err(mistakes));
    assert_eq!(error.to_string(), format!("{conflict} (at byte 34)"));

    // Nothing is looked up where the type is known.
    assert_eq!(loads::<mine::Mine>(&bytes).unwrap().side, 2.0);
    let theirs = theirs::Theirs { side: 3.0 };
    let theirs: theirs::Theirs = loads(&dumps(&theirs).unwrap()).unwrap();
    assert_eq!(theirs.side, 3.0);
    // And other names are found.
    let circle = dumps(&Circle { radius: 1.0 }).unwrap();
    assert_eq!(loads::<Box<dyn Shape>>(&circle).unwrap().area(), 3.0);
}

#[test]
fn an_unknown_name_is_told_with_those_it_resembles() {
    // conflicts.Cicrle()
    let bytes = b"\x80\x04\x8c\x09conflicts\x8c\x06Cicrle\x93)\x81.";
    let error = loads::<Box<dyn Shape>>(bytes).err().unwrap();
    assert_eq!(
        error.to_string(),
        "conflicts.Cicrle is not registered (did you mean conflicts.Circle?); a crate that is \
         never named in code is not linked in: write `use plugin as _;` (at byte 23)"
    );
    let ErrorKind::Lookup(LookupError::Unknown { name, near }) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(near[..], registry::near_misses(name));
}
