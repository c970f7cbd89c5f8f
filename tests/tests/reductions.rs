//! Elements of a reduction that cannot be pickled: the error reaches the caller, with the path.

use std::cell::RefCell;

use pickle_core::copyreg::{Registered, registered};
use pickle_core::{DispatchTable, ErrorKind, Pickler, QualName, Reduce, Reduction};

/// A value that is in use, and so cannot be pickled.
struct InUse<'a>(&'a RefCell<u8>);

impl Reduce for InUse<'_> {
    fn reduce(&self, p: &mut Pickler<'_>) -> pickle_core::Result<()> {
        p.save(self.0)
    }
}

const NAME: QualName<'static> = QualName::new("app", "thing");

/// What is reduced, by which element of its reduction fails.
struct Thing(&'static str, &'static RefCell<u8>);

fn reduce(thing: &Thing) -> Reduction<'_> {
    let bad = || InUse(thing.1);
    match thing.0 {
        "argument" => Reduction::call(NAME, (1, bad())),
        "argument of __new__" => Reduction::instance(NAME, (bad(),)),
        "keyword" => Reduction::instance(NAME, ())
            .kwarg("one", 1)
            .kwarg("two", bad()),
        "state" => Reduction::call(NAME, ()).state((1, bad())),
        "state for a setter" => Reduction::call(NAME, ())
            .state(bad())
            .state_setter(set_nothing),
        "setter" => Reduction::call(NAME, ()).state(1).state_setter(nobody),
        "list item" => Reduction::call(NAME, ()).list_items([None, Some(bad())]),
        "dict key" => Reduction::call(NAME, ()).dict_items([(bad(), 1)]),
        "dict value" => Reduction::call(NAME, ()).dict_items([("a", bad())]),
        "name" => Reduction::global(QualName::new("new\nline", "thing")),
        _ => Reduction::call(NAME, ()),
    }
}

#[pickle_core::state_setter(module = "app")]
fn set_nothing(_: &mut u8, state: u8) {
    let _ = state;
}

fn nobody() {}

/// The error of a dump in protocol 2, where all reductions have a form.
fn error(element: &'static str) -> Option<pickle_core::Error> {
    let cell: &'static RefCell<u8> = Box::leak(Box::new(RefCell::new(0)));
    let _in_use = cell.borrow_mut();
    let mut table = DispatchTable::new();
    table.pickle(reduce);
    let thing = Thing(element, cell);
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(2).dispatch_table(table);
    pickler.dump(&[registered(&thing)]).err()
}

#[test]
fn an_element_that_cannot_be_pickled_is_an_error_with_its_path() {
    for (element, path) in [
        ("argument", "$[0].args[1]"),
        ("argument of __new__", "$[0].args[0]"),
        ("keyword", "$[0].two"),
        ("state", "$[0][1]"),
        ("state for a setter", "$[0]"),
        ("list item", "$[0][1]"),
        ("dict value", "$[0]['a']"),
    ] {
        let error = error(element).expect(element);
        assert_eq!(*error.kind(), ErrorKind::Locked("RefCell"), "{element}");
        assert_eq!(error.path().to_string(), path, "{element}");
    }
    assert!(error("dict key").is_some());
    assert!(error("nothing").is_none());
}

#[test]
fn a_callable_has_to_be_registered_and_its_name_to_have_a_form() {
    let setter = error("setter").expect("nobody registered it");
    assert!(
        setter.to_string().contains("::nobody is not registered"),
        "{setter}"
    );
    let name = error("name").expect("a line has no newlines");
    assert!(
        matches!(name.kind(), ErrorKind::Unpicklable { .. }),
        "{name}"
    );
}

/// What is not a dispatch table's business.
#[test]
fn a_type_without_a_reducer_is_an_error_that_names_it() {
    let error = pickle_core::dumps(&Registered(std::time::Duration::ZERO)).expect_err("no reducer");
    assert_eq!(
        error.to_string(),
        "`core::time::Duration` cannot be pickled: nobody registered a reducer, as \
         `copyreg::pickle` does"
    );
}
