//! Batches, frames, what a pickler's options change, and what it refuses.

use super::super::{Creation, MemoPolicy, Pickler, dumps};
use super::{PLAIN, Py, dump, global, ints};
use crate::error::{ErrorKind, Result};
use crate::reduce::Reduce;

#[test]
fn full_batches_are_followed_as_cpython_follows_them() {
    let check = |value: Py, protocol, end: &str| {
        let bytes = dump(&value, protocol, MemoPolicy::All)
            .escape_ascii()
            .to_string();
        assert!(bytes.ends_with(end), "{}", &bytes[bytes.len() - 40..]);
    };
    check(ints(1000, Py::List), 2, r"M\xe6\x03M\xe7\x03e.");
    check(ints(1001, Py::List), 2, r"M\xe7\x03e(M\xe8\x03e.");
    let dict = |len| Py::Dict((0..len).map(|key| (Py::Int(key), Py::None)).collect());
    check(dict(1000), 2, r"M\xe7\x03Nu(u.");
    check(dict(1001), 2, r"M\xe7\x03Nu(M\xe8\x03Nu.");
    check(ints(1000, Py::Set), 4, r"M\xe7\x03\x90(\x90.");
    check(ints(1001, Py::Set), 4, r"M\xe7\x03\x90(M\xe8\x03\x90.");
}

#[test]
fn frames_end_where_cpython_ends_them() {
    let text = |len| Py::Str(Box::leak("x".repeat(len).into_boxed_str()));
    let list = Py::List(vec![
        text(40_000),
        Py::Int(1),
        text(40_000),
        Py::List(vec![Py::Int(4), text(70_000), Py::Int(5)]),
    ]);
    let bytes = dump(&list, 4, MemoPolicy::All);
    let frame = |at: usize, len: u64| {
        assert_eq!(bytes[at], crate::opcode::Opcode::Frame.byte());
        assert_eq!(bytes[at + 1..at + 9], len.to_le_bytes());
    };
    frame(2, 80_017);
    frame(80_028, 5);
    // The large str stands between frames.
    frame(80_042 + 5 + 70_000, 6);
    assert_eq!(bytes.len(), 80_042 + 5 + 70_000 + 9 + 6);

    assert_eq!(dump(&Py::Int(1), 4, MemoPolicy::All), b"\x80\x04K\x01.");
}

#[test]
fn bytes_are_the_same_with_and_without_a_sink() {
    let list = Py::List(vec![
        ints(100_000, Py::List),
        Py::Bytes(&[7; 100_000]),
        ints(100_000, Py::List),
    ]);
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .dump(&list)
        .expect("a list can be pickled");
    assert_eq!(bytes, dumps(&list).expect("a list can be pickled"));
}

#[test]
fn only_what_can_be_referred_to_is_memoized() {
    let list = Py::List(vec![Py::Plain(1, "a"), Py::Plain(2, "b")]);
    let expected: &[u8] = b"\x80\x04\x95\x31\0\0\0\0\0\0\0](\x8c\x01m\x94\x8c\x01P\x93\x94)\x81}\
        (\x8c\x01x\x94K\x01\x8c\x01y\x94\x8c\x01aubh\x01)\x81}(h\x02K\x02h\x03\x8c\x01bube.";
    assert_eq!(
        dump(&list, 4, MemoPolicy::Shared)
            .escape_ascii()
            .to_string(),
        expected.escape_ascii().to_string()
    );
}

#[test]
fn the_memo_outlives_a_dump_until_it_is_cleared() -> Result<()> {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(2);
    let range = global("builtins", "range");
    pickler.dump(&range)?;
    pickler.dump(&range)?;
    pickler.clear_memo();
    pickler.dump(&range)?;
    let whole = r"\x80\x02c__builtin__\nxrange\nq\x00.";
    let expected = format!(r"{whole}\x80\x02h\x00.{whole}");
    assert_eq!(bytes.escape_ascii().to_string(), expected);
    Ok(())
}

#[test]
fn names_stay_python_3s_if_asked_to() -> Result<()> {
    let mut bytes = Vec::new();
    Pickler::new(&mut bytes)
        .protocol(2)
        .fix_imports(false)
        .dump(&global("builtins", "range"))?;
    assert_eq!(bytes, b"\x80\x02cbuiltins\nrange\nq\0.");
    Ok(())
}

#[test]
fn protocol_6_is_refused() {
    let mut bytes = Vec::new();
    let error = Pickler::new(&mut bytes)
        .protocol(6)
        .dump(&Py::None)
        .expect_err("it has to be refused");
    assert_eq!(*error.kind(), ErrorKind::UnsupportedProtocol(6));
    assert!(bytes.is_empty());
}

#[test]
fn a_name_that_would_break_its_line_is_refused() {
    let mut bytes = Vec::new();
    let mut pickler = Pickler::new(&mut bytes).protocol(3);
    assert!(pickler.dump(&global("m", "a\nb")).is_err());
    assert!(pickler.dump(&global("m", "é")).is_ok());
    let mut pickler = Pickler::new(&mut bytes).protocol(2);
    assert!(pickler.dump(&global("m", "é")).is_err());
}

#[test]
fn the_wrong_number_of_fields_is_an_error() {
    struct Wrong(usize);
    impl Reduce for Wrong {
        fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
            let mut object = p.object(&PLAIN, Creation::NewObj, 0, 0)?;
            object.state(2)?;
            for _ in 0..self.0 {
                object.field("x", &Py::None)?;
            }
            object.end()
        }
    }
    for found in [1, 3] {
        let error = dumps(&Wrong(found)).expect_err("it has to be refused");
        assert_eq!(*error.kind(), ErrorKind::WrongLength { expected: 2, found });
    }
}
