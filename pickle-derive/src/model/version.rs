//! Versions: `version` and `migrate`, of a struct with named fields.

use proc_macro2::Ident;
use syn::{DeriveInput, Type};

use super::{Role, Wire};
use crate::attributes::Container;
use crate::errors::Errors;

/// The attribute in which an object says of what version it is.
const ATTRIBUTE: &str = "__version__";

/// The version of a type's shape.
pub(crate) struct Version {
    pub(crate) number: u64,
    /// What an object of a lower version is made of.
    pub(crate) migrate: Option<Type>,
}

/// Gives a struct its version.
pub(super) fn set(
    wire: &mut Wire<'_>,
    input: &DeriveInput,
    attributes: &Container,
    errors: &mut Errors,
) {
    let keys = [
        attributes.version.as_ref().map(|set| &set.key),
        attributes.migrate.as_ref().map(|set| &set.key),
    ];
    for key in keys.into_iter().flatten() {
        check_place(key, wire, attributes, errors);
    }
    if let Some(migrate) = &attributes.migrate {
        let key = &migrate.key;
        if attributes.version.is_none() {
            let message = format!("`{key}` leads to a `version`, and this type has none");
            errors.on(key, message);
        }
        if attributes.dump_only.is_some() {
            let message = format!("`{key}` has no meaning on a type that is `dump_only`");
            errors.on(key, message);
        }
        if is_itself(&migrate.value, &input.ident) {
            let message = format!("`{key}` names the type of the version before, not this one");
            errors.on(&migrate.value, message);
        }
    }
    let (Some(version), Wire::Record(record)) = (&attributes.version, wire) else {
        return;
    };
    for field in &record.fields {
        let mut names = std::iter::once(&field.name).chain(&field.aliases);
        if !matches!(field.role, Role::Flattened | Role::Skipped)
            && names.any(|name| name == ATTRIBUTE)
        {
            let message = format!("the attribute `{ATTRIBUTE}` is the object's version");
            errors.on(&field.member, message);
        }
    }
    record.version = Some(Version {
        number: version.value,
        migrate: attributes.migrate.as_ref().map(|set| set.value.clone()),
    });
}

/// Whether the type has a class with attributes of its own.
fn check_place(key: &Ident, wire: &Wire<'_>, attributes: &Container, errors: &mut Errors) {
    let conversions = [&attributes.from, &attributes.try_from, &attributes.into];
    if let Some(conversion) = conversions.into_iter().flatten().next() {
        let message = format!("`{key}` and `{}` exclude each other", conversion.key);
        return errors.on(key, message);
    }
    let by_hand = &attributes.by_hand;
    let functions = [&by_hand.with, &by_hand.getstate, &by_hand.setstate];
    if let Some(function) = functions.into_iter().flatten().next() {
        let message = format!("`{key}` and `{}` exclude each other", function.key);
        return errors.on(key, message);
    }
    match wire {
        Wire::Record(record) if record.named => {}
        Wire::Transparent(_) => {
            let message = format!("`{key}` is for classes, and a `transparent` type has none");
            errors.on(key, message);
        }
        Wire::Record(_) | Wire::Reduced | Wire::Members(_) | Wire::Variants(_) => {
            errors.on(
                key,
                format!("`{key}` belongs on a struct with named fields"),
            );
        }
    }
}

fn is_itself(ty: &Type, ident: &Ident) -> bool {
    let Type::Path(ty) = ty else {
        return false;
    };
    let (None, Some(name), 1) = (&ty.qself, ty.path.segments.last(), ty.path.segments.len()) else {
        return false;
    };
    name.ident == *ident || name.ident == "Self"
}
