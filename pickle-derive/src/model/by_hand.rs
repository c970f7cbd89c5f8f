//! What does not go together with functions that do the derive's work by hand.

use syn::{Attribute, Data, DeriveInput, ExprPath, Ident};

use crate::attributes::Container;
use crate::errors::Errors;

/// Refuses keys of the container that contradict such functions.
pub(super) fn check(input: &DeriveInput, attributes: &Container, errors: &mut Errors) {
    let by_hand = &attributes.by_hand;
    let generics = &input.generics;
    let exclude = |key: &syn::Ident, others: &[Option<&syn::Ident>], errors: &mut Errors| {
        for other in others.iter().flatten() {
            errors.on(other, format!("`{key}` and `{other}` exclude each other"));
        }
    };
    let converted = [
        attributes.transparent.as_ref().map(|set| &set.key),
        attributes.from.as_ref().map(|set| &set.key),
        attributes.try_from.as_ref().map(|set| &set.key),
        attributes.into.as_ref().map(|set| &set.key),
    ];
    let given = [
        &by_hand.with,
        &by_hand.getstate,
        &by_hand.setstate,
        &by_hand.append,
        &by_hand.setitem,
        &by_hand.constructor,
    ];
    if let Some(first) = given.into_iter().flatten().next() {
        exclude(&first.key, &converted, errors);
    }
    if let Some(with) = &by_hand.with {
        let of_fields = [
            attributes.form.as_ref().map(|set| &set.key),
            attributes.rename_all.as_ref().map(|set| &set.key),
            attributes.default.as_ref().map(|set| &set.key),
            attributes.deny_unknown_fields.as_ref().map(|set| &set.key),
            by_hand.getstate.as_ref().map(|set| &set.key),
        ];
        exclude(&with.key, &of_fields, errors);
    }
    let reads = [&by_hand.with, &by_hand.setstate];
    if let Some(read) = reads.into_iter().flatten().next()
        && attributes.dump_only.is_none()
        && let Some(lifetime) = generics.lifetimes().next()
    {
        let key = &read.key;
        let message = format!(
            "a type that is read with `{key}` owns what it holds: without that it can be `dump_only`"
        );
        errors.on(&lifetime.lifetime, message);
    }
    for items in [&by_hand.append, &by_hand.setitem].into_iter().flatten() {
        if by_hand.with.is_none() && by_hand.setstate.is_none() {
            let key = &items.key;
            errors.on(key, format!("`{key}` needs `with` or `setstate`"));
        }
    }
    if let Some(constructor) = &by_hand.constructor
        && !generics.params.is_empty()
    {
        let message = "a generic type has no one constructor that could be registered";
        errors.on(&constructor.key, message);
    }
    if let Data::Enum(_) = input.data
        && by_hand.with.is_none()
    {
        for state in [&by_hand.getstate, &by_hand.setstate].into_iter().flatten() {
            let key = &state.key;
            errors.on(key, format!("`{key}` on an enum needs `with`"));
        }
    }
}

/// Names the type where a path starts with `Self`, for a place that is outside of an impl.
pub(super) fn name_self(path: &mut ExprPath, ident: &Ident) {
    let first = &mut path.path.segments[0].ident;
    if first == "Self" {
        let span = first.span();
        *first = ident.clone();
        first.set_span(span);
    }
}

/// Refuses attributes on the fields of a type, or its variants, that has a reducer.
pub(super) fn check_fields(data: &Data, errors: &mut Errors) {
    match data {
        Data::Struct(data) => {
            for field in &data.fields {
                check_field(&field.attrs, errors);
            }
        }
        Data::Enum(data) => {
            for variant in &data.variants {
                check_field(&variant.attrs, errors);
                for field in &variant.fields {
                    check_field(&field.attrs, errors);
                }
            }
        }
        Data::Union(_) => {}
    }
}

/// Refuses attributes on what a reducer makes of what it likes.
pub(super) fn check_field(attributes: &[Attribute], errors: &mut Errors) {
    for attribute in attributes {
        if attribute.path().is_ident("reduce") {
            let message = "with a reducer by hand, fields and variants are not looked at";
            errors.on(attribute, message);
        }
    }
}
