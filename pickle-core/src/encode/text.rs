//! Protocol 0's text: numbers and strs as Python spells them.

use std::fmt::Write;

use crate::repr;

/// Python's `repr` of a float: the shortest digits that give the same float again, with an
/// exponent below 1e-4 and from 1e16 on.
pub(super) fn float_repr(value: f64) -> String {
    let mut text = String::new();
    repr::write_float(&mut text, value).expect("a String takes all");
    text
}

/// Python's raw-unicode-escape of UTF-8 that may hold lone surrogates, with all that would not
/// survive in a line of text escaped as well.
pub(super) fn raw_unicode_escape(utf8: &[u8], out: &mut Vec<u8>) {
    let mut escaped = String::new();
    for c in code_points(utf8) {
        match c {
            0 | 0x0a | 0x0d | 0x1a | 0x5c | 0x100..=0xffff => {
                escaped.clear();
                write!(escaped, "\\u{c:04x}").expect("a String takes all");
                out.extend_from_slice(escaped.as_bytes());
            }
            0x1_0000.. => {
                escaped.clear();
                write!(escaped, "\\U{c:08x}").expect("a String takes all");
                out.extend_from_slice(escaped.as_bytes());
            }
            _ => out.extend(u8::try_from(c)),
        }
    }
}

/// The code points of well-formed UTF-8, in which surrogates may stand as well.
fn code_points(utf8: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut rest = utf8.iter();
    std::iter::from_fn(move || {
        let lead = *rest.next()?;
        let (start, more) = match lead {
            0..0x80 => (lead, 0),
            0x80..0xe0 => (lead & 0x1f, 1),
            0xe0..0xf0 => (lead & 0x0f, 2),
            0xf0.. => (lead & 0x07, 3),
        };
        let tail = rest.by_ref().take(more);
        Some(tail.fold(u32::from(start), |c, byte| c << 6 | u32::from(byte & 0x3f)))
    })
}

#[cfg(test)]
mod tests {
    use super::{float_repr, raw_unicode_escape};

    #[test]
    fn floats_are_spelled_as_python_spells_them() {
        for (value, repr) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.234e-7, "1.234e-07"),
            (1e100, "1e+100"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(float_repr(value), repr);
        }
    }

    #[test]
    fn what_a_line_cannot_hold_is_escaped() {
        let escaped = |text: &[u8]| {
            let mut out = Vec::new();
            raw_unicode_escape(text, &mut out);
            out
        };
        assert_eq!(escaped("aé\\\n".as_bytes()), b"a\xe9\\u005c\\u000a");
        assert_eq!(escaped("\0\r\u{1a}".as_bytes()), b"\\u0000\\u000d\\u001a");
        assert_eq!(escaped("点𝄞".as_bytes()), b"\\u70b9\\U0001d11e");
        assert_eq!(escaped(b"x\xed\xa0\x80"), b"x\\ud800");
    }
}
