//! Reducers and hooks that are legal, but do what nobody expects: the pickle is right, or an error
//! says why there is none.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::RefCell;
use std::rc::Rc;

use pickle_core::{ErrorKind, PersistentIds, Pickler, QualName, Reduce, Reduction, dumps};

/// What has an id.
#[derive(Reduce)]
#[reduce(module = "hostile")]
struct Blob(u32);

#[test]
fn pointers_within_an_id_are_kept_as_long_as_the_memo_is() {
    // Each id is in an allocation of its own, which is free as soon as the id has been written.
    let mut ids = PersistentIds::new().of(|blob: &Blob| Some((Rc::new(blob.0),)));
    let blobs: Vec<_> = (0..100).map(|id| Rc::new(RefCell::new(Blob(id)))).collect();
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).persistent_id(&mut ids);
    pickler.dump(&blobs).unwrap();
    let unpickler = pickle_core::Unpickler::new()
        .persistent_load(|(id,): (u32,)| -> pickle_core::Result<_> { Ok(Blob(id)) });
    let loaded: Vec<Blob> = unpickler.loads(&bytes).unwrap();
    let loaded: Vec<_> = loaded.iter().map(|blob| blob.0).collect();
    assert_eq!(loaded, Vec::from_iter(0..100));
}

/// Calls a function with the pickler before it writes what it has.
struct Then<F>(F);

impl<F: Fn(&mut Pickler<'_>) -> pickle_core::Result<()>> Reduce for Then<F> {
    fn reduce(&self, p: &mut Pickler<'_>) -> pickle_core::Result<()> {
        (self.0)(p)
    }
}

/// What is behind a pointer and does something to the pickler.
type Act = fn(&mut Pickler<'_>) -> pickle_core::Result<()>;

#[test]
fn whatever_is_done_to_the_pickler_within_a_dump_does_not_panic() {
    let acts: [(&str, Act); 8] = [
        ("clear and write", |p| {
            p.clear_memo();
            p.none()
        }),
        ("write and clear", |p| {
            p.none()?;
            p.clear_memo();
            Ok(())
        }),
        ("dump", |p| p.dump(&1)),
        ("dump twice", |p| {
            p.dump(&Rc::new(1))?;
            p.dump(&Rc::new(1))
        }),
        ("dump what fails", |p| {
            let cell = RefCell::new(1);
            let _in_use = cell.borrow_mut();
            let _ = p.dump(&(Rc::new(1), &cell));
            p.none()
        }),
        ("save what fails", |p| {
            let cell = RefCell::new(1);
            let _in_use = cell.borrow_mut();
            let _ = p.save(&vec![Rc::new(1)]);
            let _ = p.save(&(Rc::new(1), &cell));
            p.none()
        }),
        ("nothing", |_| Ok(())),
        ("two objects", |p| {
            p.none()?;
            p.none()
        }),
    ];
    for (name, act) in acts {
        for protocol in 0..=5 {
            let shared = Rc::new(Then(act));
            let value = (
                shared.clone(),
                vec![shared.clone()],
                Rc::new(shared.clone()),
            );
            let mut bytes = Vec::new();
            let mut pickler = Pickler::new(&mut bytes).protocol(protocol);
            let _ = pickler.dump(&value);
            assert!(pickler.dump(&1).is_ok(), "{name}");
        }
    }
}

/// A value whose reduction holds the value itself.
#[derive(Reduce)]
#[reduce(module = "hostile", with = reduce_endless)]
struct Endless;

fn reduce_endless(value: &Endless) -> Reduction<'_> {
    Reduction::call(QualName::new("hostile", "Endless"), (value,))
}

#[test]
fn reductions_that_never_end_are_an_error() {
    let call = || QualName::new("hostile", "Blob");
    let mut ids = PersistentIds::new().of(|_: &Blob| Some(vec![Blob(1)]));
    let mut bytes = Vec::new();
    let itself = dumps(&Endless);
    let overridden = Pickler::new(&mut bytes)
        .reducer_override(&mut |value| {
            let is_blob = value.is::<Blob>();
            Ok(is_blob.then(|| Reduction::call(call(), (Blob(1),))))
        })
        .dump(&[Blob(1)]);
    let mut pickler = Pickler::new(&mut bytes).persistent_id(&mut ids);
    let named = pickler.dump(&Rc::new(Blob(1)));
    assert!(pickler.dump(&1).is_ok());
    for error in [
        itself.unwrap_err(),
        overridden.unwrap_err(),
        named.unwrap_err(),
    ] {
        assert_eq!(*error.kind(), ErrorKind::NestedReductions(50_000));
        assert!(error.to_string().len() < 1000, "{error}");
    }
}
