//! `BigInt`: an int that may have more than 64 bits, as data.

use std::fmt;
use std::str::FromStr;

use crate::bigint;

/// How many decimal digits are printed. More take time in the square of their number.
const DECIMAL_DIGITS: usize = 4_300;

/// An int of any size. It can be kept, compared for equality, printed and turned into Rust's
/// integers; for arithmetic turn its bytes into the type of a crate for that.
///
/// ```
/// use pickle_core::value::BigInt;
///
/// let big: BigInt = "18446744073709551616".parse()?;
/// assert_eq!(big.to_i128(), Some(1 << 64));
/// assert_eq!(big.to_signed_bytes_le(), [0, 0, 0, 0, 0, 0, 0, 0, 1]);
/// # Ok::<(), pickle_core::value::ParseBigIntError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigInt(Box<[u8]>);

impl BigInt {
    /// The int whose two's complement is `bytes`, little-endian. No bytes are 0.
    #[must_use]
    pub fn from_signed_bytes_le(bytes: &[u8]) -> Self {
        match bigint::trimmed(bytes) {
            [] => Self([0].into()),
            bytes => Self(bytes.into()),
        }
    }

    /// The shortest two's complement, little-endian; at least one byte.
    #[must_use]
    pub fn to_signed_bytes_le(&self) -> &[u8] {
        &self.0
    }

    /// The int, if it has up to 128 bits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        bigint::to_i128(&self.0)
    }

    /// The int, if it is from 0 to 2^128-1.
    #[must_use]
    pub fn to_u128(&self) -> Option<u128> {
        bigint::to_u128(&self.0)
    }
}

impl From<i128> for BigInt {
    fn from(value: i128) -> Self {
        Self::from_signed_bytes_le(&value.to_le_bytes())
    }
}

impl From<u128> for BigInt {
    fn from(value: u128) -> Self {
        let mut bytes = [0; 17];
        bytes[..16].copy_from_slice(&value.to_le_bytes());
        Self::from_signed_bytes_le(&bytes)
    }
}

/// A text that is no int in decimal, or one of more than 100,000 digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an int in decimal of up to 100000 digits")]
pub struct ParseBigIntError;

impl FromStr for BigInt {
    type Err = ParseBigIntError;

    fn from_str(text: &str) -> Result<Self, ParseBigIntError> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let is_int = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_int || digits.len() > 100_000 {
            return Err(ParseBigIntError);
        }
        let bytes = bigint::from_digits(text, 10).ok_or(ParseBigIntError)?;
        Ok(Self::from_signed_bytes_le(&bytes))
    }
}

/// In decimal; beyond 4,300 digits in hexadecimal, as turning binary into decimal takes time in the
/// square of the digits.
impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bigint::to_text(&self.0, DECIMAL_DIGITS))
    }
}

impl fmt::Debug for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
