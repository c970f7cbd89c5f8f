//! Fields: their names, and what each is to its object.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Fields, Ident};

use super::{Alias, Context, DefaultValue, Field, Form, Record, Role, span_of};
use crate::attributes::{self, Set};
use crate::case::Case;
use crate::errors::Errors;

/// A struct or variant whose fields are to be modelled.
pub(super) struct Outline<'a> {
    pub(super) variant: Option<&'a Ident>,
    pub(super) name: String,
    pub(super) aliases: Vec<Alias>,
    pub(super) rename_all: Option<Case>,
    pub(super) default: Option<DefaultValue>,
}

impl Context<'_> {
    /// A struct.
    pub(super) fn structure<'a>(
        &self,
        span: Span,
        fields: &'a Fields,
        errors: &mut Errors,
    ) -> Record<'a> {
        let attributes = self.attributes;
        if let (Some(rename_all), false) =
            (&attributes.rename_all, matches!(fields, Fields::Named(_)))
        {
            errors.on(&rename_all.key, "there are no names to change here");
        }
        if let (Some(form), false) = (&attributes.form, matches!(fields, Fields::Named(_)))
            && form.value == Form::Dict
        {
            errors.on(&form.key, "a dict needs fields with names");
        }
        let outline = Outline {
            variant: None,
            name: self.name.to_owned(),
            aliases: self.aliases.to_vec(),
            rename_all: attributes.rename_all.as_ref().map(|case| case.value),
            default: attributes
                .default
                .as_ref()
                .map(|default| default.value.clone()),
        };
        let record = self.record(outline, fields, &mut 0, errors);
        if let Some(transparent) = &attributes.transparent {
            self.check_transparent(&transparent.key, span, &record, errors);
        }
        record
    }

    /// A struct or variant. `late` counts the late fields of the type.
    pub(super) fn record<'a>(
        &self,
        outline: Outline<'a>,
        fields: &'a Fields,
        late: &mut usize,
        errors: &mut Errors,
    ) -> Record<'a> {
        let named = matches!(fields, Fields::Named(_));
        let transparent = self.attributes.transparent.is_some();
        let form = self.attributes.form.as_ref().map(|form| form.value);
        let mut has_keywords = false;
        let mut claimed = HashMap::new();
        let mut modelled = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let mut attributes = attributes::Field::parse(&field.attrs, errors);
            let member = match &field.ident {
                Some(ident) => syn::Member::Named(ident.clone()),
                None => syn::Member::Unnamed(syn::Index {
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    // Where a wrong type is reported.
                    span: field.ty.span(),
                }),
            };
            let name = match (&attributes.rename, &field.ident) {
                (Some(rename), _) => rename.value.value(),
                (None, Some(ident)) => {
                    let name = ident.unraw().to_string();
                    outline
                        .rename_all
                        .map_or(name.clone(), |case| case.field(&name))
                }
                (None, None) => index.to_string(),
            };
            let unmarked = match form {
                None if named => Role::State,
                Some(Form::Dict) => Role::State,
                None | Some(Form::Reduce | Form::NewObj | Form::NewObjEx) => Role::Argument,
            };
            let role = role(&attributes, late, errors).unwrap_or(unmarked);
            has_keywords |= role == Role::Keyword;
            if transparent {
                check_transparent_field(&attributes, errors);
            } else {
                let has_name = named || attributes.rename.is_some();
                check_role(role, form, named, has_name, &attributes, errors);
            }
            let with = self.functions(&mut attributes, errors);
            let span = span_of(attributes.rename.as_ref(), member.span());
            let aliases = attributes.aliases.iter();
            let aliases: Vec<_> = aliases.map(|a| (a.value(), a.span())).collect();
            if !matches!(role, Role::Skipped | Role::Flattened) {
                let names = std::iter::once((name.clone(), span)).chain(aliases.iter().cloned());
                for (name, span) in names {
                    if claimed.insert(name.clone(), index).is_some() {
                        errors.at(span, format!("the attribute `{name}` is claimed twice"));
                    }
                }
            }
            modelled.push(Field {
                member,
                ty: &field.ty,
                role,
                name,
                aliases: aliases.into_iter().map(|(alias, _)| alias).collect(),
                default: attributes.default.map(|default| default.value),
                skip_if: attributes.skip_serializing_if.map(|path| path.value),
                reduce_with: with.reduce,
                construct_with: with.construct,
                bounds: attributes.bounds,
            });
        }
        Record {
            variant: outline.variant,
            name: outline.name,
            aliases: outline.aliases,
            form: form.unwrap_or(match (named, has_keywords) {
                (true, false) => Form::NewObj,
                (true, true) => Form::NewObjEx,
                (false, _) => Form::Reduce,
            }),
            fields: modelled,
            named,
            default: outline.default,
            deny_unknown: self.attributes.deny_unknown_fields.is_some(),
            version: None,
        }
    }

    fn check_transparent(&self, key: &Ident, span: Span, record: &Record<'_>, errors: &mut Errors) {
        let there = record.fields.iter();
        let there = there.filter(|field| field.role != Role::Skipped).count();
        if there != 1 {
            let message = format!(
                "a transparent type is what its one field is, but this one has {there} fields"
            );
            errors.at(span, message);
        }
        let container = self.attributes;
        let of_classes = [
            container.module.as_ref().map(|set| &set.key),
            container.name.as_ref().map(|set| &set.key),
            container.extension.as_ref().map(|set| &set.key),
            container.form.as_ref().map(|set| &set.key),
            container.deny_unknown_fields.as_ref().map(|set| &set.key),
            container.no_register.as_ref().map(|set| &set.key),
        ];
        for other in of_classes.into_iter().flatten() {
            let message = format!("`{other}` is for classes, and a `{key}` type has none");
            errors.on(other, message);
        }
    }
}

/// The role that a field is marked with. Only one can be.
fn role(attributes: &attributes::Field, late: &mut usize, errors: &mut Errors) -> Option<Role> {
    let marks = [
        (&attributes.skip, Role::Skipped),
        (&attributes.flatten, Role::Flattened),
        (&attributes.arg, Role::Argument),
        (&attributes.kwarg, Role::Keyword),
        (&attributes.late, Role::Late(*late)),
    ];
    let mut marks = marks
        .into_iter()
        .filter_map(|(mark, role)| Some((&mark.as_ref()?.key, role)));
    let (first, role) = marks.next()?;
    for (second, _) in marks {
        errors.on(
            second,
            format!("`{first}` and `{second}` exclude each other"),
        );
    }
    if matches!(role, Role::Late(_)) {
        *late += 1;
    }
    Some(role)
}

fn check_role(
    role: Role,
    form: Option<Form>,
    named: bool,
    has_name: bool,
    attributes: &attributes::Field,
    errors: &mut Errors,
) {
    if let Some(kwarg) = &attributes.kwarg {
        let allowed = form == Some(Form::NewObjEx) || (form.is_none() && named);
        if !allowed {
            errors.on(&kwarg.key, "keyword arguments need `as = \"newobj_ex\"`");
        }
    }
    if let (Some(arg), Some(Form::Dict)) = (&attributes.arg, form) {
        errors.on(&arg.key, "a dict has no arguments");
    }
    if !has_name && let Some(mark) = attributes.kwarg.as_ref().or(attributes.late.as_ref()) {
        let key = &mark.key;
        let message = format!("`{key}` needs an attribute's name: `{key}, rename = \"...\"`");
        errors.on(key, message);
    }
    if let (Some(skip_if), Role::Argument) = (&attributes.skip_serializing_if, role) {
        let message = "a positional argument cannot be left out";
        errors.on(&skip_if.key, message);
    }
    // What a field without a name of its own cannot have.
    let what = match role {
        Role::Skipped => "is not there",
        Role::Flattened => "has no name of its own",
        _ => return,
    };
    let mut refuse = |key: &Ident| errors.on(key, format!("the field {what}"));
    if let Some(Set { key, .. }) = &attributes.rename {
        refuse(key);
    }
    if let Some(Set { key, .. }) = &attributes.skip_serializing_if {
        refuse(key);
    }
    if let (Some(Set { key, .. }), Role::Flattened) = (&attributes.default, role) {
        refuse(key);
    }
    for alias in &attributes.aliases {
        errors.on(alias, format!("the field {what}"));
    }
}

/// The one field of a transparent type has no name, and no role.
fn check_transparent_field(attributes: &attributes::Field, errors: &mut Errors) {
    let of_attributes = [
        attributes.rename.as_ref().map(|set| &set.key),
        attributes.skip_serializing_if.as_ref().map(|set| &set.key),
        attributes.flatten.as_ref().map(|set| &set.key),
        attributes.arg.as_ref().map(|set| &set.key),
        attributes.kwarg.as_ref().map(|set| &set.key),
        attributes.late.as_ref().map(|set| &set.key),
    ];
    for key in of_attributes.into_iter().flatten() {
        let message = format!("`{key}` has no meaning in a transparent type");
        errors.on(key, message);
    }
}
