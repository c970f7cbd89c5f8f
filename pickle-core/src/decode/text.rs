//! The text arguments of protocol 0, as C reads them: with the quirks of `strtol` and of Python's
//! own number syntax.

use super::reader::wide;
use crate::bigint;

/// An integer of any size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Integer {
    Small(i64),
    /// Two's complement, little-endian.
    Big(Vec<u8>),
}

/// What INT's line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Int {
    Bool(bool),
    Int(Integer),
}

/// Why a line is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadNumber {
    Syntax,
    TooManyDigits,
}

/// INT: C's `strtol` of base 0, where `010` is 8; what that does not take, in Python's syntax. A
/// 0 or 1 in two characters is a bool: that is how Python tells them.
pub(super) fn int(line: &[u8], max_digits: u32) -> Result<Int, BadNumber> {
    if line.is_empty() {
        return Err(BadNumber::Syntax);
    }
    match strtol(line) {
        Some(value @ (0 | 1)) if line.len() == 2 => Ok(Int::Bool(value == 1)),
        Some(value) => Ok(Int::Int(Integer::Small(value))),
        None => python_int(line, 0, max_digits).map(Int::Int),
    }
}

/// LONG: Python's syntax, with an optional `L` at the end.
pub(super) fn long(line: &[u8], max_digits: u32) -> Result<Integer, BadNumber> {
    if line.is_empty() {
        return Err(BadNumber::Syntax);
    }
    python_int(line.strip_suffix(b"L").unwrap_or(line), 0, max_digits)
}

/// PUT and GET: a decimal memo index.
pub(super) fn index(line: &[u8]) -> Result<Integer, BadNumber> {
    if line.is_empty() {
        return Err(BadNumber::Syntax);
    }
    python_int(line, 10, 40)
}

/// A C string ends at its first NUL.
fn c_string(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    text
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// C's `strtol(line, &end, 0)`, if it takes the whole line and the value fits a `long`.
fn strtol(line: &[u8]) -> Option<i64> {
    let text = c_string(line);
    if text.is_empty() {
        // Nothing was converted, but the string ends where conversion did.
        return Some(0);
    }
    let (negative, digits) = sign(trim_start(text));
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', _, ..] => (8, digits),
        _ => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value: i128 = 0;
    for digit in digits {
        let digit = char::from(*digit).to_digit(radix)?;
        value = value.checked_mul(radix.into())?.checked_add(digit.into())?;
    }
    i64::try_from(if negative { -value } else { value }).ok()
}

/// Python's `int(text, base)`, for base 10 and for 0, which takes the prefix of a literal.
pub(crate) fn python_int(line: &[u8], base: u32, max_digits: u32) -> Result<Integer, BadNumber> {
    // A NUL ends the C string; `int` in Python would refuse it.
    let mut text = trim_start(c_string(line));
    while let [rest @ .., last] = text
        && is_space(*last)
    {
        text = rest;
    }
    let (negative, text) = sign(text);
    let (radix, prefixed, text) = match (base, text) {
        (0, [b'0', b'x' | b'X', rest @ ..]) => (16, true, rest),
        (0, [b'0', b'o' | b'O', rest @ ..]) => (8, true, rest),
        (0, [b'0', b'b' | b'B', rest @ ..]) => (2, true, rest),
        _ => (10, false, text),
    };
    // One underscore may stand between digits, and behind a prefix.
    let text = if prefixed {
        text.strip_prefix(b"_").unwrap_or(text)
    } else {
        text
    };
    let mut digits = String::with_capacity(text.len() + 1);
    if negative {
        digits.push('-');
    }
    let mut after_digit = false;
    for byte in text {
        match byte {
            b'_' if after_digit => after_digit = false,
            byte if char::from(*byte).is_digit(radix) => {
                digits.push(char::from(*byte));
                after_digit = true;
            }
            _ => return Err(BadNumber::Syntax),
        }
    }
    if !after_digit {
        return Err(BadNumber::Syntax);
    }
    let unsigned = digits.trim_start_matches('-');
    // As a literal, a decimal number has no leading zero unless it is zero.
    if base == 0 && radix == 10 && unsigned.starts_with('0') && unsigned.bytes().any(|b| b != b'0')
    {
        return Err(BadNumber::Syntax);
    }
    if let Ok(value) = i64::from_str_radix(&digits, radix) {
        return Ok(Integer::Small(value));
    }
    if wide(unsigned.len()) > u64::from(max_digits) {
        return Err(BadNumber::TooManyDigits);
    }
    bigint::from_digits(&digits, radix)
        .map(Integer::Big)
        .ok_or(BadNumber::Syntax)
}

/// FLOAT: Python's syntax without blanks and underscores. What overflows is refused.
pub(super) fn float(line: &[u8]) -> Option<f64> {
    if line.is_empty() {
        return None;
    }
    let text = std::str::from_utf8(c_string(line)).ok()?;
    let value: f64 = text.parse().ok()?;
    let overflows = value.is_infinite() && text.bytes().any(|byte| byte.is_ascii_digit());
    (!overflows).then_some(value)
}

/// STRING: what stands between the quotes, with the escapes of a Python bytes literal.
pub(crate) fn string(line: &[u8]) -> Result<Vec<u8>, &'static str> {
    let inner = match line {
        [b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"'] => inner,
        _ => return Err("it must be quoted"),
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let [escape, tail @ ..] = rest else {
            return Err("it ends in a backslash");
        };
        rest = tail;
        match escape {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => bytes.push(*escape),
            b'b' => bytes.push(0x08),
            b'f' => bytes.push(0x0c),
            b't' => bytes.push(b'\t'),
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b'v' => bytes.push(0x0b),
            b'a' => bytes.push(0x07),
            b'0'..=b'7' => {
                // What is beyond a byte is cut off.
                let mut value = *escape - b'0';
                for _ in 0..2 {
                    if let [digit @ b'0'..=b'7', tail @ ..] = rest {
                        value = value << 3 | (digit - b'0');
                        rest = tail;
                    } else {
                        break;
                    }
                }
                bytes.push(value);
            }
            b'x' => {
                let (value, tail) = hex(rest, 2).ok_or("it has a bad \\x escape")?;
                let [byte, ..] = value.to_le_bytes();
                bytes.push(byte);
                rest = tail;
            }
            other => bytes.extend([b'\\', *other]),
        }
    }
    Ok(bytes)
}

/// UNICODE: raw-unicode-escape. Latin-1, but for `\uXXXX` and `\UXXXXXXXX`. Lone surrogates come
/// out in three bytes each.
pub(crate) fn raw_unicode_escape(line: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut utf8 = Vec::with_capacity(line.len());
    let mut rest = line;
    while let [first, tail @ ..] = rest {
        rest = tail;
        let digits = match (first, rest) {
            (b'\\', [b'u', ..]) => 4,
            (b'\\', [b'U', ..]) => 8,
            (b'\\', [other, tail @ ..]) => {
                utf8.push(b'\\');
                push_code_point(&mut utf8, u32::from(*other));
                rest = tail;
                continue;
            }
            _ => {
                push_code_point(&mut utf8, u32::from(*first));
                continue;
            }
        };
        let (value, tail) =
            hex(rest.get(1..).unwrap_or_default(), digits).ok_or("it has a bad \\u escape")?;
        if value > 0x10_ffff {
            return Err("it has a \\U escape beyond Unicode");
        }
        push_code_point(&mut utf8, value);
        rest = tail;
    }
    Ok(utf8)
}

fn hex(text: &[u8], digits: usize) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(digits)?;
    let mut value = 0;
    for digit in digits {
        value = value << 4 | char::from(*digit).to_digit(16)?;
    }
    Some((value, rest))
}

/// UTF-8 of a code point, surrogates included.
pub(super) fn push_code_point(utf8: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(char) => utf8.extend(char.encode_utf8(&mut [0; 4]).as_bytes()),
        // Surrogates are all that is left below 0x110000: U+D800 to U+DFFF.
        None => {
            let [low, high, ..] = code.to_le_bytes();
            utf8.extend([
                0xed,
                0x80 | (high & 0x0f) << 2 | low >> 6,
                0x80 | low & 0x3f,
            ]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(value: i64) -> Result<Int, BadNumber> {
        Ok(Int::Int(Integer::Small(value)))
    }

    #[test]
    fn int_is_read_as_c_reads_it() {
        let cases: &[(&[u8], Result<Int, BadNumber>)] = &[
            (b"01", Ok(Int::Bool(true))),
            (b"00", Ok(Int::Bool(false))),
            (b"+1", Ok(Int::Bool(true))),
            (b" 1", Ok(Int::Bool(true))),
            (b"1", small(1)),
            (b"001", small(1)),
            (b"010", small(8)),
            (b"0x1F", small(31)),
            (b"  -12", small(-12)),
            (b"1_0", small(10)),
            (b"0o17", small(15)),
            (b"5\0rest", small(5)),
            (b"1L", Err(BadNumber::Syntax)),
            (b"08", Err(BadNumber::Syntax)),
            (b"", Err(BadNumber::Syntax)),
            (b"0x", Err(BadNumber::Syntax)),
            (b"1__0", Err(BadNumber::Syntax)),
            (b"9223372036854775807", small(i64::MAX)),
            (b"-9223372036854775808", small(i64::MIN)),
        ];
        for (line, expected) in cases {
            assert_eq!(int(line, 100), *expected, "{}", line.escape_ascii());
        }
        let two_63 = Integer::Big(vec![0, 0, 0, 0, 0, 0, 0, 0x80, 0]);
        assert_eq!(int(b"9223372036854775808", 100), Ok(Int::Int(two_63)));
        assert_eq!(long(&[b'7'; 101], 100), Err(BadNumber::TooManyDigits));
    }

    #[test]
    fn escapes_of_surrogates_are_three_bytes() {
        let utf8 = raw_unicode_escape(b"\\ud800\\\\u0041\xe9").ok();
        assert_eq!(utf8.as_deref(), Some(&b"\xed\xa0\x80\\\\u0041\xc3\xa9"[..]));
    }
}
