//! Fields that functions dump and make, instead of their types: `with`, `reduce_with`,
//! `construct_with`, `reducer` and `registered`.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{ExprPath, PathSegment, parse_quote, parse_quote_spanned};

use super::Context;
use crate::attributes::{Field, Set};
use crate::errors::Errors;

/// The function that dumps a field.
pub(crate) enum ReduceWith {
    /// It writes the object.
    Writer(ExprPath),
    /// It returns a reduction.
    Reducer(ExprPath),
}

/// The functions for one field.
pub(super) struct Functions {
    pub(super) reduce: Option<ReduceWith>,
    pub(super) construct: Option<ExprPath>,
}

impl Context<'_> {
    /// The functions that a field's keys name, which it takes.
    pub(super) fn functions(&self, attributes: &mut Field, errors: &mut Errors) -> Functions {
        let given = [
            attributes.with.as_ref().map(|set| &set.key),
            attributes.reducer.as_ref().map(|set| &set.key),
            attributes.registered.as_ref().map(|set| &set.key),
            attributes.reduce_with.as_ref().map(|set| &set.key),
            attributes.construct_with.as_ref().map(|set| &set.key),
        ];
        let given: Vec<_> = given.into_iter().flatten().cloned().collect();
        for key in &given {
            if attributes.skip.is_some() {
                errors.on(key, "the field is not there");
            } else if attributes.flatten.is_some() {
                let message = format!("`{key}` is for one object, and a flattened field is none");
                errors.on(key, message);
            }
        }
        // One for both sides, or one for each.
        let both = given
            .iter()
            .find(|key| *key != "reduce_with" && *key != "construct_with");
        for other in given.iter().filter(|key| Some(*key) != both) {
            if let Some(both) = both {
                errors.on(other, format!("`{both}` and `{other}` exclude each other"));
            }
        }
        if let (Some(construct), Some(_)) = (&attributes.construct_with, &self.attributes.dump_only)
        {
            let key = &construct.key;
            let message = format!("`{key}` has no meaning on a type that is `dump_only`");
            errors.on(key, message);
        }
        let registered = attributes.registered.take().map(|set| set.key);
        let reducer = attributes.reducer.take();
        let module = match (attributes.with.take(), &registered, &reducer) {
            (Some(with), _, _) => Some(with.value),
            (None, Some(key), _) | (None, None, Some(Set { key, .. })) => {
                Some(self.registered(key))
            }
            (None, None, None) => None,
        };
        let function = |own: Option<Set<ExprPath>>, name| {
            own.map(|set| set.value)
                .or_else(|| module.as_ref().map(|module| within(module, name)))
        };
        Functions {
            reduce: match reducer {
                Some(reducer) => Some(ReduceWith::Reducer(reducer.value)),
                None => function(attributes.reduce_with.take(), "reduce").map(ReduceWith::Writer),
            },
            construct: match self.attributes.dump_only {
                Some(_) => None,
                None => function(attributes.construct_with.take(), "construct"),
            },
        }
    }

    /// The module for types that are registered at run time.
    fn registered(&self, key: &Ident) -> ExprPath {
        let root = match &self.attributes.root {
            Some(root) => root.value.clone(),
            None => parse_quote!(::pickle_core),
        };
        parse_quote_spanned!(key.span()=> #root::__private::registered)
    }
}

/// A function of a module.
fn within(module: &ExprPath, name: &str) -> ExprPath {
    let mut path = module.clone();
    // An error about the function is about the module that lacks it.
    let span = module
        .path
        .segments
        .last()
        .map_or_else(Span::call_site, Spanned::span);
    path.path
        .segments
        .push(PathSegment::from(Ident::new(name, span)));
    path
}
