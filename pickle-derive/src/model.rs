//! Model: what the type is on the wire. Everything that an attribute may leave open is decided
//! here, and everything that does not go together is an error here. Knows no tokens of the output.

mod by_hand;
mod fields;
mod variants;
mod version;
mod with;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprPath, GenericParam, Generics, Ident, LitStr, Path,
    Type, parse_quote,
};

pub(crate) use self::version::Version;
pub(crate) use self::with::ReduceWith;
pub(crate) use crate::attributes::{Bounds, ByHand, DefaultValue, Form};
use crate::attributes::{Container, Set};
use crate::errors::Errors;
use crate::register::Instance;

/// A type that derives `Reduce`.
pub(crate) struct Model<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// Its `#[repr(...)]`s.
    pub(crate) reprs: Vec<&'a Attribute>,
    /// The path of pickle-core.
    pub(crate) root: Path,
    /// The module, if an attribute names it.
    pub(crate) module: Option<LitStr>,
    /// The qualname.
    pub(crate) name: String,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) extension: Option<u32>,
    pub(crate) wire: Wire<'a>,
    /// The type that is constructed instead, to be converted: `from` and `try_from`.
    pub(crate) from: Option<Conversion>,
    /// The type that is dumped instead: `into`.
    pub(crate) into: Option<Type>,
    pub(crate) impure: bool,
    pub(crate) dump_only: bool,
    pub(crate) registered: bool,
    /// Whether it has type or const parameters, and a class, which each instance may have of its own.
    pub(crate) has_instances: bool,
    /// Those that are registered.
    pub(crate) instances: Vec<Instance>,
    pub(crate) no_register: bool,
    pub(crate) bounds: Bounds,
    pub(crate) by_hand: ByHand,
}

/// A type to construct first.
pub(crate) struct Conversion {
    pub(crate) ty: Type,
    pub(crate) fallible: bool,
}

/// A name that is read, and never written.
#[derive(Clone)]
pub(crate) struct Alias {
    /// The module; none if it is that of the type.
    pub(crate) module: Option<String>,
    pub(crate) name: String,
}

/// The form on the wire.
pub(crate) enum Wire<'a> {
    /// An instance of one class: a struct.
    Record(Record<'a>),
    /// What its only field is.
    Transparent(Record<'a>),
    /// A Python `enum.Enum`.
    Members(Vec<Member<'a>>),
    /// An instance of one of several classes: an enum with data.
    Variants(Vec<Variant<'a>>),
    /// What a reducer by hand makes of it. The fields do not matter.
    Reduced,
}

/// A struct, or a variant of an enum with data: a class with attributes.
pub(crate) struct Record<'a> {
    /// The variant's name.
    pub(crate) variant: Option<&'a Ident>,
    /// The class's qualname.
    pub(crate) name: String,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) form: Form,
    /// As they are declared.
    pub(crate) fields: Vec<Field<'a>>,
    /// Whether its fields have names, so that it can be flattened into another.
    pub(crate) named: bool,
    /// What gives all fields that are missing.
    pub(crate) default: Option<DefaultValue>,
    pub(crate) deny_unknown: bool,
    /// The version of its shape, if there are several.
    pub(crate) version: Option<Version>,
}

pub(crate) struct Field<'a> {
    pub(crate) member: syn::Member,
    pub(crate) ty: &'a Type,
    pub(crate) role: Role,
    /// The attribute's name.
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) skip_if: Option<ExprPath>,
    /// The function that dumps it, instead of its type.
    pub(crate) reduce_with: Option<ReduceWith>,
    /// The function that makes it, instead of its type.
    pub(crate) construct_with: Option<ExprPath>,
    pub(crate) bounds: Bounds,
}

/// What a field is to its object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A positional argument.
    Argument,
    /// A keyword argument.
    Keyword,
    /// An attribute of the state.
    State,
    /// An attribute of the state that may be filled in later; its number among those of the type.
    Late(usize),
    /// Its own attributes are attributes of the state.
    Flattened,
    /// Not there.
    Skipped,
}

/// A member of a Python enum.
pub(crate) struct Member<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) discriminant: Option<&'a Expr>,
    /// The names it is read by.
    pub(crate) names: Vec<String>,
    pub(crate) value: MemberValue,
    /// Other values it is read by.
    pub(crate) alias_values: Vec<String>,
    pub(crate) fate: Fate,
}

pub(crate) enum MemberValue {
    Int(i128),
    /// The variant's discriminant.
    Discriminant,
    Str(String),
}

/// A variant of an enum with data.
pub(crate) struct Variant<'a> {
    pub(crate) record: Record<'a>,
    pub(crate) fate: Fate,
    /// The reducer, if it has one. It is then read as what that writes.
    pub(crate) with: Option<ExprPath>,
}

impl Variant<'_> {
    /// Whether the variant's fields are written and read by what they are.
    pub(crate) fn is_class(&self) -> bool {
        self.fate != Fate::Skipped && self.with.is_none()
    }
}

/// What becomes of a variant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Normal,
    /// Neither written nor read.
    Skipped,
    /// Read where no other fits.
    Other,
}

impl Record<'_> {
    /// The fields that are attributes of the class, in the order in which positional arguments
    /// stand for them: arguments first.
    pub(crate) fn attributes(&self) -> Vec<usize> {
        let is_attribute = |role| !matches!(role, Role::Flattened | Role::Skipped);
        let roles = || self.fields.iter().map(|field| field.role).enumerate();
        let arguments = roles().filter(|(_, role)| *role == Role::Argument);
        let others = roles().filter(|(_, role)| *role != Role::Argument && is_attribute(*role));
        arguments.chain(others).map(|(index, _)| index).collect()
    }

    /// Whether all that is written of an instance is its state.
    pub(crate) fn is_all_state(&self) -> bool {
        let mut roles = self.fields.iter().map(|field| field.role);
        !roles.any(|role| matches!(role, Role::Argument | Role::Keyword))
    }
}

impl<'a> Model<'a> {
    /// All classes that the type's instances may have.
    pub(crate) fn records(&self) -> Vec<&Record<'a>> {
        match &self.wire {
            Wire::Record(record) | Wire::Transparent(record) => vec![record],
            Wire::Members(_) | Wire::Reduced => Vec::new(),
            Wire::Variants(variants) => variants.iter().map(|variant| &variant.record).collect(),
        }
    }

    /// All fields of the type, but those of variants that are no classes.
    pub(crate) fn fields(&self) -> Vec<&Field<'a>> {
        let records = match &self.wire {
            Wire::Variants(variants) => variants
                .iter()
                .filter(|variant| variant.is_class())
                .map(|variant| &variant.record)
                .collect(),
            _ => self.records(),
        };
        records
            .into_iter()
            .flat_map(|record| &record.fields)
            .collect()
    }

    pub(crate) fn new(
        input: &'a DeriveInput,
        mut attributes: Container,
        errors: &mut Errors,
    ) -> Self {
        if let Some(constructor) = &mut attributes.by_hand.constructor {
            by_hand::name_self(&mut constructor.value, &input.ident);
        }
        let name = match &attributes.name {
            Some(name) => name.value.value(),
            None => input.ident.unraw().to_string(),
        };
        let aliases = attributes
            .aliases
            .iter()
            .filter_map(|alias| full_alias(alias, errors))
            .collect::<Vec<_>>();
        let context = Context {
            name: &name,
            aliases: &aliases,
            attributes: &attributes,
        };
        by_hand::check(input, &attributes, errors);
        let mut wire = match &input.data {
            _ if attributes.by_hand.with.is_some() => {
                by_hand::check_fields(&input.data, errors);
                Wire::Reduced
            }
            Data::Struct(data) => {
                let span = input.ident.span();
                let record = context.structure(span, &data.fields, errors);
                if attributes.transparent.is_some() {
                    Wire::Transparent(record)
                } else {
                    Wire::Record(record)
                }
            }
            Data::Enum(data) => context.enumeration(data, errors),
            Data::Union(data) => {
                let message = "a union cannot be pickled: nobody knows which field it holds";
                errors.on(data.union_token, message);
                Wire::Members(Vec::new())
            }
        };
        let has_lifetimes = input.generics.lifetimes().next().is_some();
        let converted = attributes.into.is_some()
            && (attributes.from.is_some() || attributes.try_from.is_some());
        let has_class = !converted && !matches!(wire, Wire::Transparent(_));
        let registered = has_class
            && input.generics.params.is_empty()
            && attributes.no_register.is_none()
            && attributes.dump_only.is_none();
        let is_dict = matches!(&wire, Wire::Record(record) if record.form == Form::Dict);
        let mut parameters = input.generics.params.iter();
        let has_instances = has_class
            && !is_dict
            && parameters.any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)));
        if let Some(instances) = &attributes.instances
            && !has_instances
        {
            let message = "only a generic type that is a class has instances to register";
            errors.on(&instances.key, message);
        }
        if let Some(extension) = &attributes.extension
            && !registered
        {
            let reason = if has_lifetimes {
                "a type with lifetimes is not"
            } else if !input.generics.params.is_empty() {
                "a generic type is not"
            } else {
                "this type is not"
            };
            let message = format!("an extension code stands in the registry, and {reason}");
            errors.on(&extension.key, message);
        }
        check_conversions(&attributes, errors);
        version::set(&mut wire, input, &attributes, errors);
        for part in [&attributes.module, &attributes.name].into_iter().flatten() {
            if part.value.value().is_empty() {
                let message = format!("a class's {} cannot be empty", part.key);
                errors.on(&part.value, message);
            }
        }
        Model {
            ident: &input.ident,
            generics: &input.generics,
            reprs: input
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("repr"))
                .collect(),
            root: match attributes.root {
                Some(root) => root.value,
                None => parse_quote!(::pickle_core),
            },
            module: attributes.module.map(|module| module.value),
            name,
            aliases,
            extension: attributes.extension.map(|extension| extension.value),
            wire,
            from: match (attributes.from, attributes.try_from) {
                (Some(Set { value: ty, .. }), _) => Some(Conversion {
                    ty,
                    fallible: false,
                }),
                (None, Some(Set { value: ty, .. })) => Some(Conversion { ty, fallible: true }),
                (None, None) => None,
            },
            into: attributes.into.map(|into| into.value),
            impure: attributes.impure.is_some(),
            dump_only: attributes.dump_only.is_some(),
            registered,
            has_instances,
            instances: attributes.instances.map_or_else(Vec::new, |set| set.value),
            no_register: attributes.no_register.is_some(),
            bounds: attributes.bounds,
            by_hand: attributes.by_hand,
        }
    }
}

/// What the parts of a type need to know of the whole.
struct Context<'c> {
    name: &'c str,
    aliases: &'c [Alias],
    attributes: &'c Container,
}

/// Reads `"module:Name"`.
pub(crate) fn full_alias(alias: &LitStr, errors: &mut Errors) -> Option<Alias> {
    let text = alias.value();
    match text.split_once(':') {
        Some((module, name)) if !module.is_empty() && !name.is_empty() => Some(Alias {
            module: Some(module.to_owned()),
            name: name.to_owned(),
        }),
        _ => {
            errors.on(
                alias,
                "an alias names its module too: `alias = \"module:Name\"`",
            );
            None
        }
    }
}

fn check_conversions(attributes: &Container, errors: &mut Errors) {
    if let (Some(from), Some(try_from)) = (&attributes.from, &attributes.try_from) {
        errors.on(
            &try_from.key,
            format!("`{}` and `try_from` exclude each other", from.key),
        );
    }
    let from = attributes.from.as_ref().or(attributes.try_from.as_ref());
    if let (Some(from), Some(_)) = (from, &attributes.dump_only) {
        errors.on(
            &from.key,
            format!(
                "`{}` has no meaning on a type that is `dump_only`",
                from.key
            ),
        );
    }
}

/// The span of a key's value, if it has one, or of what the key would stand on.
fn span_of<T: Spanned>(value: Option<&Set<T>>, otherwise: Span) -> Span {
    value.map_or(otherwise, |set| set.value.span())
}
