//! `Value`: any pickle as a plain tree to match on, for when no Rust type is known.
//!
//! Sharing is copied, and identity with it; a cycle is no tree and an error. [`Graph`](crate::Graph)
//! keeps both. Nothing here is recursive, so that a tree of any depth can be dropped, cloned,
//! compared, hashed, printed, made and dumped on a small stack.

mod big_int;
mod containers;
mod convert;
mod distinct;
mod from;
mod keys;
mod print;
mod tree;
mod walk;

use pickle_registry::QualName;

pub use big_int::{BigInt, ParseBigIntError};
pub use containers::{Boxed, Dict, Values};

pub(crate) use distinct::Distinct;

use crate::graph::Form;

/// Any pickled object as a plain tree to match on.
///
/// ```
/// use pickle_core::Value;
///
/// // pickle.dumps({"name": "Ada", "born": (1815, 12, 10)}, 0)
/// let bytes = b"(dVname\nVAda\nsVborn\n(I1815\nI12\nI10\nts.";
/// let value: Value = pickle_core::loads(bytes)?;
/// let Value::Dict(person) = value else { panic!("a dict") };
/// assert_eq!(person.get("name").and_then(Value::as_str), Some("Ada"));
/// assert_eq!(person.get("born"), Some(&Value::Tuple([1815, 12, 10].map(Value::from).into())));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Equality
///
/// Values are equal if they are of one variant and have equal parts in the same order: `Int(1)`
/// differs from `Float(1.0)` and `Bool(true)`, and sets and dicts are compared in the order of
/// their items. Floats are compared by their bits, so that a nan is equal to itself, and 0.0 differs
/// from -0.0.
///
/// # Debug
///
/// `{:?}` prints what Python would, were names and instances literals, on one line.
#[derive(Default)]
#[non_exhaustive]
pub enum Value {
    /// None.
    #[default]
    None,
    /// A bool.
    Bool(bool),
    /// An int of up to 64 bits.
    Int(i64),
    /// A larger int.
    BigInt(BigInt),
    /// A float.
    Float(f64),
    /// A str.
    Str(String),
    /// A str with lone surrogates, which Rust's `String` cannot hold: in UTF-8 but for these, each
    /// in three bytes, which is what Python calls `surrogatepass`.
    Surrogates(Vec<u8>),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// A bytearray.
    ByteArray(Vec<u8>),
    /// A tuple.
    Tuple(Values),
    /// A list.
    List(Values),
    /// A set: each item once, in the order of the pickle.
    Set(Values),
    /// A frozenset.
    FrozenSet(Values),
    /// A dict: each key once.
    Dict(Dict),
    /// A class, function or other global, by name.
    Global(Box<QualName<'static>>),
    /// An instance, or what else a call made.
    Object(Box<Object>),
    /// An object kept elsewhere, by its id.
    Persistent(Boxed),
}

/// An instance of a class, or what else a call made: what it was called with, and all that it was
/// given afterwards, as in Python's reductions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Object {
    /// The class, or the callable that was called.
    pub class: QualName<'static>,
    /// How it was made.
    pub form: Form,
    /// The arguments.
    pub args: Values,
    /// The keyword arguments.
    pub kwargs: Dict,
    /// The built-in class that an instance of a subclass of it was made by, and the value of that
    /// class that it was given, where the call was one of `copyreg._reconstructor`.
    pub base: Option<(QualName<'static>, Boxed)>,
    /// The list items.
    pub items: Values,
    /// The items that were `add`ed, as to a set.
    pub added: Values,
    /// The dict items.
    pub entries: Dict,
    /// The states, oldest first. Usually there is one, or none.
    pub states: Values,
    /// The states that are set by a call of their own, as tuples of callable and state.
    pub setters: Values,
}

impl Object {
    /// An instance made by `class.__new__(class)`, without attributes.
    #[must_use]
    pub fn new(class: QualName<'static>) -> Self {
        Self {
            class,
            form: Form::NewObj,
            args: Values::default(),
            kwargs: Dict::default(),
            base: None,
            items: Values::default(),
            added: Values::default(),
            entries: Dict::default(),
            states: Values::default(),
            setters: Values::default(),
        }
    }

    /// An attribute, as the latest state that has it has it: of a dict, or of the pair of
    /// `__dict__` and slots.
    ///
    /// ```
    /// use pickle_core::{QualName, Value, value::{Dict, Object}};
    ///
    /// let mut point = Object::new(QualName::new("geometry", "Point"));
    /// let attributes = Dict::from_iter([("x".into(), 3.into())]);
    /// point.states.push(Value::Dict(attributes));
    /// assert_eq!(point.attr("x"), Some(&Value::Int(3)));
    /// ```
    #[must_use]
    pub fn attr(&self, name: &str) -> Option<&Value> {
        self.states.iter().rev().find_map(|state| match state {
            Value::Dict(attributes) => attributes.get(name),
            Value::Tuple(pair) => {
                let [dict, slots] = &**pair else { return None };
                slots.get(name).or_else(|| dict.get(name))
            }
            _ => None,
        })
    }
}

impl Value {
    /// Whether it is None.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The bool, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The int, if it is one of up to 64 bits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The float, if it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The str, if it is one without lone surrogates.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes of a bytes object or bytearray.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) | Self::ByteArray(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The items of a tuple, list, set or frozenset.
    #[must_use]
    pub fn as_slice(&self) -> Option<&[Value]> {
        match self {
            Self::Tuple(items) | Self::List(items) | Self::Set(items) | Self::FrozenSet(items) => {
                Some(items)
            }
            _ => None,
        }
    }

    /// The dict, if it is one.
    #[must_use]
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The instance, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value of a dict's key that is the str `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_dict()?.get(key)
    }

    /// An attribute of an instance.
    #[must_use]
    pub fn attr(&self, name: &str) -> Option<&Value> {
        self.as_object()?.attr(name)
    }
}
