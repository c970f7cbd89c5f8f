//! Enums: a Python `enum.Enum` if no variant has data, else a class for each variant.

use syn::ext::IdentExt;
use syn::{DataEnum, Fields, Ident};

use super::by_hand::check_field;
use super::fields::Outline;
use super::{Alias, Context, Fate, Form, Member, MemberValue, Variant, Wire};
use crate::attributes::{self, Set, Value};
use crate::case::Case;
use crate::errors::Errors;

impl Context<'_> {
    /// An enum.
    pub(super) fn enumeration<'a>(&self, data: &'a DataEnum, errors: &mut Errors) -> Wire<'a> {
        let attributes = self.attributes;
        if let Some(transparent) = &attributes.transparent {
            errors.on(&transparent.key, "an enum cannot be transparent");
        }
        if let Some(default) = &attributes.default {
            let message = "an enum has no missing fields: mark fields of its variants `default`";
            errors.on(&default.key, message);
        }
        let variants = data.variants.iter();
        let variants: Vec<_> = variants
            .map(|variant| (variant, attributes::Variant::parse(&variant.attrs, errors)))
            .collect();
        check_others(&variants, errors);
        let has_data = |fields: &Fields| !matches!(fields, Fields::Unit);
        if data
            .variants
            .iter()
            .any(|variant| has_data(&variant.fields))
        {
            self.check_variants(errors);
            self.variants(&variants, errors)
        } else {
            self.check_members(errors);
            self.members(&variants, errors)
        }
    }

    fn check_variants(&self, errors: &mut Errors) {
        if let Some(extension) = &self.attributes.extension {
            let message = "an enum with data is a class for each variant, and a code is for one";
            errors.on(&extension.key, message);
        }
        if let Some(form) = &self.attributes.form
            && form.value == Form::Dict
        {
            errors.on(&form.key, "a dict does not tell which variant it is");
        }
    }

    fn check_members(&self, errors: &mut Errors) {
        let of_classes = [
            self.attributes.form.as_ref().map(|set| &set.key),
            self.attributes
                .deny_unknown_fields
                .as_ref()
                .map(|set| &set.key),
        ];
        for key in of_classes.into_iter().flatten() {
            let message = format!("`{key}` has no meaning on an enum whose variants have no data");
            errors.on(key, message);
        }
    }

    fn name_of(&self, ident: &Ident, attributes: &attributes::Variant) -> String {
        match (&attributes.rename, &self.attributes.rename_all) {
            (Some(rename), _) => rename.value.value(),
            (None, Some(case)) => case.value.variant(&ident.unraw().to_string()),
            (None, None) => ident.unraw().to_string(),
        }
    }

    /// The variants as members of a Python enum.
    fn members<'a>(
        &self,
        variants: &[(&'a syn::Variant, attributes::Variant)],
        errors: &mut Errors,
    ) -> Wire<'a> {
        let by_discriminant = variants
            .iter()
            .filter(|(_, attributes)| fate(attributes) == Fate::Normal)
            .all(|(variant, attributes)| {
                variant.discriminant.is_some() || attributes.value.is_some()
            });
        let mut members: Vec<Member<'a>> = Vec::new();
        for (variant, attributes) in variants {
            if let Some(name) = &attributes.name {
                let message = "a member's class is the enum's: `rename` changes the member's name";
                errors.on(&name.key, message);
            }
            if let Some(with) = &attributes.with {
                let message = "only enums with data have variants that can be reduced by hand";
                errors.on(&with.key, message);
            }
            if let Some(rename_all) = &attributes.rename_all {
                errors.on(&rename_all.key, "there are no names to change here");
            }
            let name = self.name_of(&variant.ident, attributes);
            let value = match (&attributes.value, &variant.discriminant) {
                (Some(value), _) => match &value.value {
                    Value::Int(value) => MemberValue::Int(*value),
                    Value::Str(value) => MemberValue::Str(value.clone()),
                },
                (None, Some(_)) if by_discriminant => MemberValue::Discriminant,
                (None, _) => MemberValue::Str(name.clone()),
            };
            let fate = fate(attributes);
            let is_taken = |other: &Member<'_>| {
                fate != Fate::Skipped && other.fate != Fate::Skipped && other.value.equals(&value)
            };
            if members.iter().any(is_taken) {
                let span = match (&attributes.value, &attributes.rename) {
                    (Some(value), _) => value.key.span(),
                    (None, Some(rename)) => rename.value.span(),
                    (None, None) => variant.ident.span(),
                };
                errors.at(span, "another variant has this value");
            }
            let rust = variant.ident.unraw().to_string();
            let screaming = Case::ScreamingSnake.variant(&rust);
            let aliases: Vec<_> = attributes.aliases.iter().map(syn::LitStr::value).collect();
            let mut names = Vec::new();
            for name in [name, rust, screaming].into_iter().chain(aliases.clone()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            members.push(Member {
                ident: &variant.ident,
                discriminant: variant.discriminant.as_ref().map(|(_, value)| value),
                names,
                // An alias of a member that has its name as value is another such value.
                alias_values: match value {
                    MemberValue::Str(_) if attributes.value.is_none() => aliases,
                    _ => Vec::new(),
                },
                value,
                fate,
            });
        }
        Wire::Members(members)
    }

    /// The variants as classes.
    fn variants<'a>(
        &self,
        variants: &[(&'a syn::Variant, attributes::Variant)],
        errors: &mut Errors,
    ) -> Wire<'a> {
        let mut late = 0;
        let mut modelled: Vec<Variant<'a>> = Vec::new();
        for (variant, attributes) in variants {
            if let Some(value) = &attributes.value {
                let message = "only enums whose variants all have no data have values";
                errors.on(&value.key, message);
            }
            if let (Some(rename_all), false) = (
                &attributes.rename_all,
                matches!(variant.fields, Fields::Named(_)),
            ) {
                errors.on(&rename_all.key, "there are no names to change here");
            }
            if let (Some(name), Some(rename)) = (&attributes.name, &attributes.rename) {
                let message = format!("`{}` and `{}` exclude each other", name.key, rename.key);
                errors.on(&rename.key, message);
            }
            let short = self.name_of(&variant.ident, attributes);
            let name = match &attributes.name {
                Some(name) => name.value.value(),
                None => format!("{}.{short}", self.name),
            };
            if let Some(first) = modelled.iter().find(|other| other.record.name == name) {
                let first = first.record.variant.map(ToString::to_string);
                let first = first.unwrap_or_default();
                let message = format!("`{first}` is the class `{name}` already");
                errors.on(&variant.ident, message);
            }
            let outline = Outline {
                variant: Some(&variant.ident),
                name,
                aliases: self.variant_aliases(&short, attributes),
                rename_all: attributes.rename_all.as_ref().map(|case| case.value),
                default: None,
            };
            if let Some(with) = &attributes.with {
                check_with(with, variant, attributes, errors);
            }
            modelled.push(Variant {
                record: self.record(outline, &variant.fields, &mut late, errors),
                fate: fate(attributes),
                with: attributes.with.as_ref().map(|with| with.value.clone()),
            });
        }
        Wire::Variants(modelled)
    }

    /// The variant's own aliases, and its name in each of the enum's.
    fn variant_aliases(&self, short: &str, attributes: &attributes::Variant) -> Vec<Alias> {
        let own = attributes.aliases.iter().map(|alias| {
            let alias = alias.value();
            match alias.split_once(':') {
                Some((module, name)) => Alias {
                    module: Some(module.to_owned()),
                    name: name.to_owned(),
                },
                None => Alias {
                    module: None,
                    name: format!("{}.{alias}", self.name),
                },
            }
        });
        let nested = self.aliases.iter().map(|alias| Alias {
            module: alias.module.clone(),
            name: format!("{}.{short}", alias.name),
        });
        own.chain(nested).collect()
    }
}

impl MemberValue {
    /// Whether both are known to be the same value.
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (MemberValue::Int(a), MemberValue::Int(b)) => a == b,
            (MemberValue::Str(a), MemberValue::Str(b)) => a == b,
            _ => false,
        }
    }
}

/// A variant with a reducer is no class, and its fields are not looked at.
fn check_with(
    with: &Set<syn::ExprPath>,
    variant: &syn::Variant,
    attributes: &attributes::Variant,
    errors: &mut Errors,
) {
    let of_classes = [
        attributes.rename.as_ref().map(|set| &set.key),
        attributes.name.as_ref().map(|set| &set.key),
        attributes.skip.as_ref().map(|set| &set.key),
        attributes.other.as_ref().map(|set| &set.key),
        attributes.rename_all.as_ref().map(|set| &set.key),
    ];
    for key in of_classes.into_iter().flatten() {
        errors.on(
            key,
            format!("`{}` and `{key}` exclude each other", with.key),
        );
    }
    for field in &variant.fields {
        check_field(&field.attrs, errors);
    }
}

fn fate(attributes: &attributes::Variant) -> Fate {
    match (&attributes.skip, &attributes.other) {
        (Some(_), _) => Fate::Skipped,
        (None, Some(_)) => Fate::Other,
        (None, None) => Fate::Normal,
    }
}

fn check_others(variants: &[(&syn::Variant, attributes::Variant)], errors: &mut Errors) {
    let mut found = false;
    for (variant, attributes) in variants {
        let Some(other) = &attributes.other else {
            continue;
        };
        if attributes.skip.is_some() {
            errors.on(&other.key, "`skip` and `other` exclude each other");
        } else if !matches!(variant.fields, Fields::Unit) {
            errors.on(&other.key, "the variant for all others can have no data");
        } else if found {
            errors.on(&other.key, "another variant is for all others already");
        }
        found = true;
    }
}
