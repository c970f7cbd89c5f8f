//! Integers beyond 64 bits, as the wire has them: two's complement, little-endian.

use num_bigint::{BigInt as Number, Sign};

/// The value, if it fits.
pub(crate) fn to_i128(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
    let fill = if negative { 0xff } else { 0 };
    let mut wide = [fill; 17];
    let significant = bytes.len() - bytes.iter().rev().take_while(|byte| **byte == fill).count();
    wide.get_mut(..significant)?
        .copy_from_slice(&bytes[..significant]);
    // The seventeenth byte must be all sign.
    let (low, high) = wide.split_first_chunk::<16>().expect("17 bytes have 16");
    let value = i128::from_le_bytes(*low);
    (high[0] == fill && (value < 0) == negative).then_some(value)
}

/// The value, if it fits.
pub(crate) fn to_u128(bytes: &[u8]) -> Option<u128> {
    if bytes.last().is_some_and(|byte| *byte >= 0x80) {
        return None;
    }
    let significant = bytes.len() - bytes.iter().rev().take_while(|byte| **byte == 0).count();
    let mut wide = [0; 16];
    wide.get_mut(..significant)?
        .copy_from_slice(&bytes[..significant]);
    Some(u128::from_le_bytes(wide))
}

/// The shortest form of a value's bytes: no more sign bytes than the sign needs.
pub(crate) fn trimmed(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes;
    while let [.., below, last] = bytes
        && (*last == 0 && *below < 0x80 || *last == 0xff && *below >= 0x80)
    {
        bytes = &bytes[..bytes.len() - 1];
    }
    bytes
}

/// Reads digits with an optional sign, which the caller has checked to be nothing else.
pub(crate) fn from_digits(digits: &str, radix: u32) -> Option<Vec<u8>> {
    Number::parse_bytes(digits.as_bytes(), radix).map(|number| number.to_signed_bytes_le())
}

/// Decimal digits up to `max_digits`, hexadecimal ones beyond, as turning binary into decimal
/// takes time in the square of the digits.
pub(crate) fn to_text(bytes: &[u8], max_digits: usize) -> String {
    let number = Number::from_signed_bytes_le(bytes);
    // A byte is 2.4 decimal digits.
    if bytes.len() <= max_digits.saturating_mul(10) / 25 {
        return number.to_string();
    }
    let sign = if number.sign() == Sign::Minus {
        "-"
    } else {
        ""
    };
    format!("{sign}0x{:x}", number.magnitude())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_at_the_edges_of_128_bits_fit_or_do_not() {
        for value in [0, -1, 1, i128::from(i64::MAX) + 1, i128::MIN, i128::MAX] {
            assert_eq!(to_i128(&value.to_le_bytes()), Some(value));
            assert_eq!(to_i128(trimmed(&value.to_le_bytes())), Some(value));
            let number = Number::from(value);
            assert_eq!(trimmed(&value.to_le_bytes()), number.to_signed_bytes_le());
        }
        for value in [u128::MAX, 1 << 127] {
            let bytes = Number::from(value).to_signed_bytes_le();
            assert_eq!(to_u128(&bytes), Some(value));
            assert_eq!(to_i128(&bytes), None);
        }
        assert_eq!(
            to_u128(&(Number::from(u128::MAX) + 1u8).to_signed_bytes_le()),
            None
        );
        assert_eq!(
            to_i128(&(Number::from(i128::MIN) - 1u8).to_signed_bytes_le()),
            None
        );
        assert_eq!(to_u128(&[0xff]), None);
        assert_eq!(to_i128(&[]), Some(0));
    }
}
