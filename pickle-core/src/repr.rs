//! Python's `repr` of what has no parts: strs, bytes, floats.

use std::fmt::{self, Write};

/// A str, quoted and escaped as Python does.
///
/// What counts as printable is as of the Unicode version that Rust's library knows.
pub(crate) fn write_str(out: &mut impl Write, text: &str) -> fmt::Result {
    let quote = quote(text.contains('\''), text.contains('"'));
    out.write_char(quote)?;
    for c in text.chars() {
        write_char(out, c, quote)?;
    }
    out.write_char(quote)
}

/// A str with lone surrogates, which are encoded in three bytes each.
pub(crate) fn write_surrogates(out: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    let quote = quote(bytes.contains(&b'\''), bytes.contains(&b'"'));
    out.write_char(quote)?;
    let mut rest = bytes;
    loop {
        let (valid, behind) = match std::str::from_utf8(rest) {
            Ok(_) => (rest, &[][..]),
            Err(error) => rest.split_at(error.valid_up_to()),
        };
        for c in std::str::from_utf8(valid).into_iter().flat_map(str::chars) {
            write_char(out, c, quote)?;
        }
        match behind {
            [] => break,
            [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, behind @ ..] => {
                let code = 0xd000 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
                write!(out, "\\u{code:04x}")?;
                rest = behind;
            }
            [other, behind @ ..] => {
                write!(out, "\\x{other:02x}")?;
                rest = behind;
            }
        }
    }
    out.write_char(quote)
}

/// A bytes object.
pub(crate) fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    write_bytes_escaping(out, bytes, false)
}

/// A bytearray, where Python escapes each single quote even between double ones.
pub(crate) fn write_bytearray(out: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    out.write_str("bytearray(")?;
    write_bytes_escaping(out, bytes, true)?;
    out.write_char(')')
}

fn write_bytes_escaping(out: &mut impl Write, bytes: &[u8], single_quotes: bool) -> fmt::Result {
    let quote = quote(bytes.contains(&b'\''), bytes.contains(&b'"'));
    write!(out, "b{quote}")?;
    for byte in bytes {
        match *byte {
            b'\'' if single_quotes => out.write_str("\\'")?,
            b'\t' => out.write_str("\\t")?,
            b'\n' => out.write_str("\\n")?,
            b'\r' => out.write_str("\\r")?,
            b'\\' => out.write_str("\\\\")?,
            byte if char::from(byte) == quote => write!(out, "\\{quote}")?,
            b' '..=b'~' => out.write_char(char::from(*byte))?,
            _ => write!(out, "\\x{byte:02x}")?,
        }
    }
    out.write_char(quote)
}

/// A float: the fewest digits that mean the same number, with an exponent below 1e-4 and from
/// 1e16.
pub(crate) fn write_float(out: &mut impl Write, value: f64) -> fmt::Result {
    if value.is_nan() {
        return out.write_str("nan");
    }
    if value.is_infinite() {
        return out.write_str(if value > 0.0 { "inf" } else { "-inf" });
    }
    let text = shortest(value);
    let (digits, exponent) = text.split_once('e').expect("`{:e}` writes an e");
    let exponent: i32 = exponent
        .parse()
        .expect("`{:e}` writes a number behind the e");
    if (-4..16).contains(&exponent) {
        return write_positional(out, digits, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs())
}

/// The fewest digits that mean the same number, as `1.5e-5`. Where two numbers of so many digits
/// are as near, Rust takes the larger one and Python the even one.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let digits = text.bytes().take_while(|byte| *byte != b'e');
    let decimals = digits.filter(u8::is_ascii_digit).count() - 1;
    let even = format!("{value:.decimals$e}");
    if even.parse() == Ok(value) {
        even
    } else {
        text
    }
}

/// Writes `d.ddd` times ten to a power without the power.
fn write_positional(out: &mut impl Write, digits: &str, exponent: i32) -> fmt::Result {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    out.write_str(sign)?;
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let Ok(whole) = usize::try_from(exponent + 1) else {
        let zeros = exponent.unsigned_abs() as usize;
        return write!(out, "0.{:0>1$}", digits, digits.len() + zeros - 1);
    };
    if whole == 0 {
        return write!(out, "0.{digits}");
    }
    let digits = format!("{digits:0<whole$}");
    let (whole, fraction) = digits.split_at(whole);
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    write!(out, "{whole}.{fraction}")
}

fn quote(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

fn write_char(out: &mut impl Write, c: char, quote: char) -> fmt::Result {
    match c {
        '\t' => out.write_str("\\t"),
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\\' => out.write_str("\\\\"),
        _ if c == quote => write!(out, "\\{c}"),
        ' '..='~' => out.write_char(c),
        _ if is_printable(c) => out.write_char(c),
        _ => match u32::from(c) {
            code @ ..0x100 => write!(out, "\\x{code:02x}"),
            code @ ..0x1_0000 => write!(out, "\\u{code:04x}"),
            code => write!(out, "\\U{code:08x}"),
        },
    }
}

/// Rust escapes what Python does, and beyond that a combining character at a text's beginning.
fn is_printable(c: char) -> bool {
    let mut text = [b'a'; 5];
    let len = 1 + c.encode_utf8(&mut text[1..]).len();
    let text = std::str::from_utf8(&text[..len]).expect("an a and a char are UTF-8");
    text.escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
        let mut text = String::new();
        write(&mut text).expect("a String takes all");
        text
    }

    #[test]
    fn strs_are_quoted_and_escaped_as_python_does() {
        for (text, expected) in [
            ("", "''"),
            ("a'b", "\"a'b\""),
            ("a'\"b", "'a\\'\"b'"),
            ("\\\n\r\t\0\x7f", "'\\\\\\n\\r\\t\\x00\\x7f'"),
            ("\u{e9}\u{301}\u{1f600}", "'\u{e9}\u{301}\u{1f600}'"),
            (
                "\u{85}\u{ad}\u{a0}\u{2028}\u{202e}\u{e000}\u{10ffff}",
                "'\\x85\\xad\\xa0\\u2028\\u202e\\ue000\\U0010ffff'",
            ),
        ] {
            assert_eq!(written(|out| write_str(out, text)), expected);
        }
        let lone = written(|out| write_surrogates(out, b"a\xed\xa0\x80\xc3\xa9\xed\xbf\xbf'"));
        assert_eq!(lone, "\"a\\ud800\u{e9}\\udfff'\"");
        let bytes = written(|out| write_bytes(out, b"\t\n\r\\'\x00 ~\x7f\xff"));
        assert_eq!(bytes, r#"b"\t\n\r\\'\x00 ~\x7f\xff""#);
        for (bytes, expected) in [
            (&b"it's"[..], r#"bytearray(b"it\'s")"#),
            (b"'\"", r#"bytearray(b'\'"')"#),
            (b"\"\\\0", r#"bytearray(b'"\\\x00')"#),
        ] {
            assert_eq!(written(|out| write_bytearray(out, bytes)), expected);
        }
    }

    #[test]
    fn floats_are_written_as_python_does() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e-4, "0.0001"),
            (1.5e-5, "1.5e-05"),
            (5e-324, "5e-324"),
            (-1.797_693_134_862_315_7e308, "-1.7976931348623157e+308"),
            (0.012, "0.012"),
            (0.12, "0.12"),
            (-120.0, "-120.0"),
            (16.003_005_981_445_312, "16.003005981445312"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(written(|out| write_float(out, value)), expected);
        }
    }
}
