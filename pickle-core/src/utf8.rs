//! Telling whether bytes are UTF-8, as every str of a pickle is. Most strs are short and ASCII, which
//! takes fewer steps to tell.

use ascii::AsciiStr;

/// Whether bytes are UTF-8. Of short ASCII that is told without a look at each byte, nor a call.
#[inline]
pub(crate) fn is_utf8(bytes: &[u8]) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let words = |one: [u8; 8], other: [u8; 8]| u64::from_ne_bytes(one) | u64::from_ne_bytes(other);
    let halves = |one: [u8; 4], other: [u8; 4]| u32::from_ne_bytes(one) | u32::from_ne_bytes(other);
    // Both ends together are all of up to twice their length.
    let ends = match bytes {
        [] => 0,
        [one] => (*one).into(),
        _ if bytes.len() > 16 => HIGH,
        _ => match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => words(*first, *last),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => halves(*first, *last).into(),
                _ => bytes.iter().fold(0, |all, byte| all | u64::from(*byte)),
            },
        },
    };
    ends & HIGH == 0 || std::str::from_utf8(bytes).is_ok()
}

/// Bytes as text, if they are UTF-8.
#[inline]
pub(crate) fn utf8(bytes: &[u8]) -> Option<&str> {
    const SHORT: usize = 64;
    if bytes.len() <= SHORT
        && let Ok(text) = AsciiStr::from_ascii(bytes)
    {
        return Some(text.as_str());
    }
    std::str::from_utf8(bytes).ok()
}

/// Whether bytes are UTF-8 but for lone surrogates in three bytes each, which Python calls
/// `surrogatepass`.
pub(crate) fn is_surrogatepass(mut bytes: &[u8]) -> bool {
    while let Err(error) = std::str::from_utf8(bytes) {
        let (_, rest) = bytes
            .split_at_checked(error.valid_up_to())
            .unwrap_or_default();
        match rest {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, rest @ ..] => bytes = rest,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_and_all_else_are_told_as_std_tells_them() {
        let mut bytes = [b'a'; 80];
        for len in 0..=bytes.len() {
            for place in 0..len {
                for byte in [0, 0x7f, 0x80, 0xc3, 0xff] {
                    bytes[place] = byte;
                    let of_std = std::str::from_utf8(&bytes[..len]).ok();
                    assert_eq!(utf8(&bytes[..len]), of_std);
                    assert_eq!(is_utf8(&bytes[..len]), of_std.is_some());
                    bytes[place] = b'a';
                }
            }
        }
        assert_eq!(utf8("é".as_bytes()), Some("é"));
        assert!(is_utf8("aé".as_bytes()));
    }

    #[test]
    fn surrogates_pass_and_other_bad_utf_8_does_not() {
        assert!(is_surrogatepass(b"a\xed\xa0\x80b\xed\xbf\xbf"));
        for bad in [&b"\xff"[..], b"\xed\xa0", b"\xc0\x80", b"\xf5\x80\x80\x80"] {
            assert!(!is_surrogatepass(bad), "{}", bad.escape_ascii());
        }
    }
}
