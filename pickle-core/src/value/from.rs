//! Values of common Rust types.

use pickle_registry::QualName;

use super::{BigInt, Dict, Object, Value, Values};

/// Writes `impl From<Type> for Value`, each from a row `Type, pattern => expression;`.
macro_rules! from {
    ($($(#[doc = $doc:literal])? $type:ty, $value:pat => $result:expr;)+) => {
        $(
            impl From<$type> for Value {
                $(#[doc = $doc])?
                fn from($value: $type) -> Self {
                    $result
                }
            }
        )+
    };
}

from! {
    (), () => Self::None;
    bool, value => Self::Bool(value);
    u8, value => Self::Int(value.into());
    u16, value => Self::Int(value.into());
    u32, value => Self::Int(value.into());
    u64, value => i128::from(value).into();
    u128, value => BigInt::from(value).into();
    i8, value => Self::Int(value.into());
    i16, value => Self::Int(value.into());
    i32, value => Self::Int(value.into());
    i64, value => Self::Int(value);
    i128, value => BigInt::from(value).into();
    /// An `Int` if it has up to 64 bits.
    BigInt, value => match value.to_i128().and_then(|value| i64::try_from(value).ok()) {
        Some(value) => Self::Int(value),
        None => Self::BigInt(value),
    };
    f32, value => Self::Float(value.into());
    f64, value => Self::Float(value);
    &str, text => Self::Str(text.to_owned());
    String, text => Self::Str(text);
    &[u8], bytes => Self::Bytes(bytes.to_owned());
    /// A list.
    Vec<Value>, items => Self::List(items.into());
    /// A list.
    Values, items => Self::List(items);
    Dict, dict => Self::Dict(dict);
    QualName<'static>, name => Self::Global(Box::new(name));
    Object, object => Self::Object(Box::new(object));
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}
