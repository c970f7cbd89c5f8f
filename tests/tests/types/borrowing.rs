//! Text and bytes without a copy.

use std::borrow::Cow;
use std::collections::HashMap;

use pickle_core::{ErrorKind, MemoPolicy, Result, loads};

use crate::dump;

/// Where in `input` the bytes are, if they are there.
fn offset(input: &[u8], part: &[u8]) -> Option<usize> {
    let start = part.as_ptr().addr().checked_sub(input.as_ptr().addr())?;
    (start + part.len() <= input.len()).then_some(start)
}

/// A str of each opcode that can hold one as it is, and where.
const TEXTS: &[(&[u8], usize)] = &[
    (b"Vspam\n.", 1),
    (b"X\x04\0\0\0spam.", 5),
    (b"\x8c\x04spam.", 2),
    (b"\x8d\x04\0\0\0\0\0\0\0spam.", 9),
];

const BYTES: &[(&[u8], usize)] = &[
    (b"C\x04spam.", 2),
    (b"B\x04\0\0\0spam.", 5),
    (b"\x8e\x04\0\0\0\0\0\0\0spam.", 9),
    (b"\x96\x04\0\0\0\0\0\0\0spam.", 9),
];

#[test]
fn text_points_into_the_input() -> Result<()> {
    for (input, at) in TEXTS {
        let text: &str = loads(input)?;
        assert_eq!(text, "spam");
        assert_eq!(offset(input, text.as_bytes()), Some(*at));
        match loads::<Cow<'_, str>>(input)? {
            Cow::Borrowed(text) => assert_eq!(offset(input, text.as_bytes()), Some(*at)),
            Cow::Owned(_) => panic!("{} was copied", input.escape_ascii()),
        }
    }
    Ok(())
}

#[test]
fn bytes_point_into_the_input() -> Result<()> {
    for (input, at) in BYTES {
        let bytes: &[u8] = loads(input)?;
        assert_eq!(bytes, b"spam");
        assert_eq!(offset(input, bytes), Some(*at));
        match loads::<Cow<'_, [u8]>>(input)? {
            Cow::Borrowed(bytes) => assert_eq!(offset(input, bytes), Some(*at)),
            Cow::Owned(_) => panic!("{} was copied", input.escape_ascii()),
        }
    }
    Ok(())
}

#[test]
fn containers_hold_borrowed_parts() -> Result<()> {
    let value = (
        vec!["a", "b"],
        HashMap::from([("key", Some(&b"value"[..]))]),
        Box::new("boxed"),
    );
    let input = dump(&value, 4, MemoPolicy::Shared)?;
    type Borrowed<'a> = (
        Vec<&'a str>,
        HashMap<&'a str, Option<&'a [u8]>>,
        Box<&'a str>,
    );

    let back: Borrowed<'_> = loads(&input)?;
    assert_eq!(back, value);
    assert!(
        back.0
            .iter()
            .all(|text| offset(&input, text.as_bytes()).is_some())
    );
    assert!(
        back.1
            .keys()
            .all(|key| offset(&input, key.as_bytes()).is_some())
    );
    Ok(())
}

#[test]
fn what_is_escaped_can_only_be_owned() -> Result<()> {
    let input = b"(lp0\nVa\\u0062c\np1\na.";
    let error = loads::<Vec<&str>>(input).expect_err("the b is escaped");
    assert_eq!(error.kind(), &ErrorKind::NotBorrowable("str"));
    assert_eq!(error.offset(), Some(5));
    assert_eq!(error.path().to_string(), "$[0]");
    assert!(error.to_string().contains("use `Cow`"), "{error}");
    assert_eq!(loads::<Vec<Cow<'_, str>>>(input)?, ["abc"]);
    assert_eq!(loads::<Vec<String>>(input)?, ["abc"]);

    for protocol in 0..=2 {
        let input = dump(&b"a\n\xff"[..], protocol, MemoPolicy::Shared)?;
        let error = loads::<&[u8]>(&input).expect_err("bytes are text before protocol 3");
        assert_eq!(error.kind(), &ErrorKind::NotBorrowable("bytes object"));
        assert_eq!(loads::<Cow<'_, [u8]>>(&input)?, &b"a\n\xff"[..]);
    }
    Ok(())
}

#[test]
fn a_list_of_ints_is_owned_bytes() -> Result<()> {
    let cow: Cow<'_, [u8]> = loads(b"(K\x01K\x02l.")?;
    assert!(matches!(cow, Cow::Owned(_)));
    assert_eq!(cow, &[1, 2][..]);
    let error = loads::<&[u8]>(b"(K\x01K\x02l.").expect_err("a list is not borrowable");
    assert!(
        matches!(error.kind(), ErrorKind::WrongType { .. }),
        "{error}"
    );
    Ok(())
}

#[test]
fn other_slices_are_owned() -> Result<()> {
    let cow: Cow<'static, [i32]> = loads(b"(K\x01K\x02l.")?;
    assert!(matches!(cow, Cow::Owned(_)));
    Ok(())
}
