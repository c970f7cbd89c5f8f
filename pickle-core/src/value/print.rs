//! Printing a tree of values: what Python would, were names and instances literals.

use std::fmt;

use pickle_registry::QualName;

use super::{Dict, Object, Value};
use crate::repr;

enum Piece<'a> {
    Value(&'a Value),
    Name(&'a QualName<'static>),
    Text(&'static str),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pending = vec![Piece::Value(self)];
        while let Some(piece) = pending.pop() {
            let before = pending.len();
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Name(name) => write!(f, "{name}")?,
                Piece::Value(value) => value.print(&mut pending, f)?,
            }
            // The first piece is to be on top.
            pending[before..].reverse();
        }
        Ok(())
    }
}

impl Value {
    /// Prints a value without parts, or adds those of another to `out`.
    fn print<'a>(&'a self, out: &mut Vec<Piece<'a>>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(value) => write!(f, "{value}"),
            Self::BigInt(value) => write!(f, "{value}"),
            Self::Float(value) => repr::write_float(f, *value),
            Self::Str(text) => repr::write_str(f, text),
            Self::Surrogates(bytes) => repr::write_surrogates(f, bytes),
            Self::Bytes(bytes) => repr::write_bytes(f, bytes),
            Self::ByteArray(bytes) => repr::write_bytearray(f, bytes),
            Self::Global(name) => write!(f, "{name}"),
            Self::Tuple(items) => {
                let close = if items.len() == 1 { ",)" } else { ")" };
                list(items, ["(", close], out);
                Ok(())
            }
            Self::List(items) => {
                list(items, ["[", "]"], out);
                Ok(())
            }
            Self::Set(items) if items.is_empty() => f.write_str("set()"),
            Self::Set(items) => {
                list(items, ["{", "}"], out);
                Ok(())
            }
            Self::FrozenSet(items) if items.is_empty() => f.write_str("frozenset()"),
            Self::FrozenSet(items) => {
                list(items, ["frozenset({", "})"], out);
                Ok(())
            }
            Self::Dict(dict) => {
                entries(dict, out);
                Ok(())
            }
            Self::Persistent(id) => {
                out.extend([
                    Piece::Text("<persistent "),
                    Piece::Value(id),
                    Piece::Text(">"),
                ]);
                Ok(())
            }
            Self::Object(object) => {
                object.print(out);
                Ok(())
            }
        }
    }
}

fn list<'a>(items: &'a [Value], around: [&'static str; 2], out: &mut Vec<Piece<'a>>) {
    out.push(Piece::Text(around[0]));
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(Piece::Text(", "));
        }
        out.push(Piece::Value(item));
    }
    out.push(Piece::Text(around[1]));
}

fn entries<'a>(dict: &'a Dict, out: &mut Vec<Piece<'a>>) {
    out.push(Piece::Text("{"));
    for (i, (key, value)) in dict.iter().enumerate() {
        if i > 0 {
            out.push(Piece::Text(", "));
        }
        out.extend([Piece::Value(key), Piece::Text(": "), Piece::Value(value)]);
    }
    out.push(Piece::Text("}"));
}

impl Object {
    fn print<'a>(&'a self, out: &mut Vec<Piece<'a>>) {
        out.extend([Piece::Text("<"), Piece::Name(&self.class)]);
        list(&self.args, ["(", ")"], out);
        if !self.kwargs.is_empty() {
            out.push(Piece::Text(" keywords "));
            entries(&self.kwargs, out);
        }
        if let Some((class, value)) = &self.base {
            out.extend([
                Piece::Text(" base "),
                Piece::Name(class),
                Piece::Text(" "),
                Piece::Value(value),
            ]);
        }
        for (name, items) in [(" items ", &self.items), (" added ", &self.added)] {
            if !items.is_empty() {
                out.push(Piece::Text(name));
                list(items, ["[", "]"], out);
            }
        }
        if !self.entries.is_empty() {
            out.push(Piece::Text(" entries "));
            entries(&self.entries, out);
        }
        for state in &self.states {
            out.extend([Piece::Text(" state "), Piece::Value(state)]);
        }
        for setter in &self.setters {
            out.extend([Piece::Text(" setter "), Piece::Value(setter)]);
        }
        out.push(Piece::Text(">"));
    }
}
