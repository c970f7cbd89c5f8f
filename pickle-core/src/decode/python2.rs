//! Python 2's `str`, which is bytes or text as the reader chooses.

use super::text;

/// What the `str` objects of Python 2 become: the `encoding` of Python's `pickle.loads`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// Text in ASCII: Python's default.
    #[default]
    Ascii,
    /// Text in Latin-1: what NumPy arrays and `datetime` objects of Python 2 need.
    Latin1,
    /// Text in UTF-8.
    Utf8,
    /// Bytes.
    Bytes,
}

/// What happens to a byte that the [`Encoding`] cannot decode: the `errors` of Python's
/// `pickle.loads`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrors {
    /// It is an error.
    #[default]
    Strict,
    /// It is left out.
    Ignore,
    /// It becomes U+FFFD.
    Replace,
    /// It becomes a lone surrogate, U+DC80 to U+DCFF, from which Python can make it again.
    SurrogateEscape,
    /// It becomes `\xNN`.
    BackslashReplace,
}

/// A Python 2 `str`, decoded.
#[derive(Debug)]
pub(super) enum Decoded {
    /// The bytes as they are: as a bytes object.
    Bytes,
    /// The bytes as they are: valid UTF-8.
    Same,
    /// Other UTF-8, which may hold lone surrogates.
    Utf8(Vec<u8>),
}

impl Encoding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Latin1 => "latin-1",
            Self::Utf8 => "UTF-8",
            Self::Bytes => "bytes",
        }
    }

    /// `None` if the bytes cannot be decoded.
    pub(super) fn decode(self, bytes: &[u8], errors: DecodeErrors) -> Option<Decoded> {
        match self {
            Self::Bytes => return Some(Decoded::Bytes),
            _ if bytes.is_ascii() => return Some(Decoded::Same),
            Self::Utf8 if std::str::from_utf8(bytes).is_ok() => return Some(Decoded::Same),
            Self::Latin1 => return Some(Decoded::Utf8(latin1(bytes))),
            Self::Ascii | Self::Utf8 => {}
        }
        let mut utf8 = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let [first, ..] = rest {
            let good = match self {
                Self::Utf8 => match std::str::from_utf8(rest) {
                    Ok(_) => rest.len(),
                    Err(error) => error.valid_up_to(),
                },
                _ => usize::from(first.is_ascii()),
            };
            let (text, tail) = rest.split_at_checked(good)?;
            utf8.extend(text);
            let Some((bad, tail)) = tail.split_first().filter(|_| good < rest.len()) else {
                break;
            };
            if good == 0 || self == Self::Utf8 {
                errors.handle(*bad, &mut utf8)?;
                rest = tail;
            } else {
                rest = rest.get(good..)?;
            }
        }
        Some(Decoded::Utf8(utf8))
    }
}

impl DecodeErrors {
    fn handle(self, byte: u8, utf8: &mut Vec<u8>) -> Option<()> {
        match self {
            Self::Strict => return None,
            Self::Ignore => {}
            Self::Replace => text::push_code_point(utf8, 0xfffd),
            Self::SurrogateEscape => text::push_code_point(utf8, 0xdc00 + u32::from(byte)),
            Self::BackslashReplace => utf8.extend(format!("\\x{byte:02x}").as_bytes()),
        }
        Some(())
    }
}

/// UTF-8 of Latin-1.
pub(super) fn latin1(bytes: &[u8]) -> Vec<u8> {
    let mut utf8 = Vec::with_capacity(bytes.len());
    for byte in bytes {
        text::push_code_point(&mut utf8, u32::from(*byte));
    }
    utf8
}

/// Latin-1 of UTF-8, if all of it fits.
pub(super) fn to_latin1(utf8: &str) -> Option<Vec<u8>> {
    utf8.chars().map(|char| u8::try_from(char).ok()).collect()
}
