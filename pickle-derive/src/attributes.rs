//! Attributes: which keys exist where, and what their values are. Knows nothing of the item that
//! they stand on, nor whether two of them go together.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ExprPath, Lit, LitInt, LitStr, Path, Token, Type, WherePredicate};

use crate::case::Case;
use crate::errors::Errors;
use crate::register::{self, Instance};
use crate::{parse, suggest};

/// A value, and the key that gave it, where errors about it point.
pub(crate) struct Set<T> {
    pub(crate) key: Ident,
    pub(crate) value: T,
}

/// How an instance is made: `as = "..."`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Reduce,
    NewObj,
    NewObjEx,
    Dict,
}

/// What a missing attribute becomes.
#[derive(Clone)]
pub(crate) enum DefaultValue {
    /// `Default::default()`.
    Trait,
    /// What a function returns.
    Function(ExprPath),
}

/// `bound`, for each of the two traits. The predicates replace those that are inferred.
#[derive(Default)]
pub(crate) struct Bounds {
    pub(crate) reduce: Option<Set<Vec<WherePredicate>>>,
    pub(crate) construct: Option<Set<Vec<WherePredicate>>>,
}

#[derive(Default)]
pub(crate) struct Container {
    pub(crate) module: Option<Set<LitStr>>,
    pub(crate) name: Option<Set<LitStr>>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) extension: Option<Set<u32>>,
    pub(crate) rename_all: Option<Set<Case>>,
    pub(crate) form: Option<Set<Form>>,
    pub(crate) transparent: Option<Set<()>>,
    pub(crate) from: Option<Set<Type>>,
    pub(crate) try_from: Option<Set<Type>>,
    pub(crate) into: Option<Set<Type>>,
    pub(crate) bounds: Bounds,
    pub(crate) root: Option<Set<Path>>,
    pub(crate) deny_unknown_fields: Option<Set<()>>,
    pub(crate) default: Option<Set<DefaultValue>>,
    pub(crate) impure: Option<Set<()>>,
    pub(crate) dump_only: Option<Set<()>>,
    pub(crate) no_register: Option<Set<()>>,
    pub(crate) instances: Option<Set<Vec<Instance>>>,
    pub(crate) version: Option<Set<u64>>,
    pub(crate) migrate: Option<Set<Type>>,
    pub(crate) by_hand: ByHand,
}

/// Functions that do what else the derive does: paths.
#[derive(Default)]
pub(crate) struct ByHand {
    /// The reducer.
    pub(crate) with: Option<Set<ExprPath>>,
    pub(crate) constructor: Option<Set<ExprPath>>,
    pub(crate) getstate: Option<Set<ExprPath>>,
    pub(crate) setstate: Option<Set<ExprPath>>,
    pub(crate) append: Option<Set<ExprPath>>,
    pub(crate) setitem: Option<Set<ExprPath>>,
}

impl ByHand {
    fn slot(&mut self, key: &str) -> Option<&mut Option<Set<ExprPath>>> {
        Some(match key {
            "with" => &mut self.with,
            "constructor" => &mut self.constructor,
            "getstate" => &mut self.getstate,
            "setstate" => &mut self.setstate,
            "append" => &mut self.append,
            "setitem" => &mut self.setitem,
            _ => return None,
        })
    }
}

#[derive(Default)]
pub(crate) struct Field {
    pub(crate) rename: Option<Set<LitStr>>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) default: Option<Set<DefaultValue>>,
    pub(crate) skip: Option<Set<()>>,
    pub(crate) skip_serializing_if: Option<Set<ExprPath>>,
    pub(crate) flatten: Option<Set<()>>,
    pub(crate) arg: Option<Set<()>>,
    pub(crate) kwarg: Option<Set<()>>,
    pub(crate) late: Option<Set<()>>,
    pub(crate) with: Option<Set<ExprPath>>,
    pub(crate) reduce_with: Option<Set<ExprPath>>,
    pub(crate) construct_with: Option<Set<ExprPath>>,
    pub(crate) reducer: Option<Set<ExprPath>>,
    pub(crate) registered: Option<Set<()>>,
    pub(crate) bounds: Bounds,
}

#[derive(Default)]
pub(crate) struct Variant {
    pub(crate) rename: Option<Set<LitStr>>,
    pub(crate) name: Option<Set<LitStr>>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) value: Option<Set<Value>>,
    pub(crate) skip: Option<Set<()>>,
    pub(crate) other: Option<Set<()>>,
    pub(crate) rename_all: Option<Set<Case>>,
    /// The reducer.
    pub(crate) with: Option<Set<ExprPath>>,
}

/// The arguments of `#[constructor]` and its like.
#[derive(Default)]
pub(crate) struct Function {
    pub(crate) module: Option<Set<LitStr>>,
    pub(crate) name: Option<Set<LitStr>>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) extension: Option<Set<u32>>,
    pub(crate) root: Option<Set<Path>>,
}

/// `value = ...`: a Python enum member's value.
pub(crate) enum Value {
    Int(i128),
    Str(String),
}

/// Where a `#[reduce(...)]` stands: which keys it may have.
struct Site {
    /// As in "on a field".
    name: &'static str,
    keys: &'static [&'static str],
}

const CONTAINER: Site = Site {
    name: "a struct or enum",
    keys: &[
        "module",
        "name",
        "alias",
        "extension",
        "rename_all",
        "as",
        "transparent",
        "from",
        "try_from",
        "into",
        "bound",
        "crate",
        "deny_unknown_fields",
        "default",
        "impure",
        "dump_only",
        "no_register",
        "register",
        "with",
        "constructor",
        "getstate",
        "setstate",
        "append",
        "setitem",
        "version",
        "migrate",
    ],
};

const FIELD: Site = Site {
    name: "a field",
    keys: &[
        "rename",
        "alias",
        "default",
        "skip",
        "skip_serializing_if",
        "flatten",
        "arg",
        "kwarg",
        "late",
        "with",
        "reduce_with",
        "construct_with",
        "reducer",
        "registered",
        "bound",
    ],
};

const VARIANT: Site = Site {
    name: "a variant",
    keys: &[
        "rename",
        "name",
        "alias",
        "value",
        "skip",
        "other",
        "rename_all",
        "with",
    ],
};

const FUNCTION: Site = Site {
    name: "a function",
    keys: &["module", "name", "alias", "extension", "crate"],
};

impl Site {
    /// The error that `key` does not exist here: it belongs elsewhere, or is misspelt.
    fn unknown(&self, key: &Ident) -> syn::Error {
        let word = key.to_string();
        let what = match self.name {
            name if name == CONTAINER.name => Some("type"),
            name if name == FUNCTION.name => Some("function"),
            _ => None,
        };
        if let Some(what) = what.filter(|_| word == "rename") {
            let message =
                format!("`rename` belongs on a field or variant: a {what} is given a `name`");
            return syn::Error::new(key.span(), message);
        }
        let elsewhere = [CONTAINER, FIELD, VARIANT]
            .into_iter()
            .find(|site| site.keys.contains(&word.as_str()));
        let message = match (
            suggest::nearest(&word, self.keys.iter().copied()),
            elsewhere,
        ) {
            (_, Some(site)) => {
                format!("`{word}` belongs on {}, not on {}", site.name, self.name)
            }
            (Some(near), None) => format!("unknown key `{word}`: did you mean `{near}`?"),
            (None, None) => {
                let keys: Vec<_> = self.keys.iter().map(|key| format!("`{key}`")).collect();
                format!(
                    "unknown key `{word}`: {} takes {}",
                    self.name,
                    keys.join(", ")
                )
            }
        };
        syn::Error::new(key.span(), message)
    }
}

impl Container {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = Self::default();
        parse::keys(attributes, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "module" => set(&mut this.module, &key, parse::text(&key, input)?, errors),
                "name" => set(&mut this.name, &key, parse::text(&key, input)?, errors),
                "alias" => this.aliases.push(parse::text(&key, input)?),
                "extension" => set(&mut this.extension, &key, extension(&key, input)?, errors),
                "rename_all" => set(&mut this.rename_all, &key, case(&key, input)?, errors),
                "as" => set(&mut this.form, &key, form(&key, input)?, errors),
                "from" => set(&mut this.from, &key, parse::ty(&key, input)?, errors),
                "try_from" => set(&mut this.try_from, &key, parse::ty(&key, input)?, errors),
                "into" => set(&mut this.into, &key, parse::ty(&key, input)?, errors),
                "bound" => bound(&mut this.bounds, &key, input, errors)?,
                "crate" => set(
                    &mut this.root,
                    &key,
                    parse::crate_path(&key, input)?,
                    errors,
                ),
                "default" => set(&mut this.default, &key, default(&key, input)?, errors),
                "transparent" => flag(&mut this.transparent, &key, input, errors)?,
                "deny_unknown_fields" => {
                    flag(&mut this.deny_unknown_fields, &key, input, errors)?;
                }
                "impure" => flag(&mut this.impure, &key, input, errors)?,
                "dump_only" => flag(&mut this.dump_only, &key, input, errors)?,
                "no_register" => flag(&mut this.no_register, &key, input, errors)?,
                "register" => register(&mut this.instances, key, input, errors)?,
                "version" => set(&mut this.version, &key, version(&key, input)?, errors),
                "migrate" => set(&mut this.migrate, &key, parse::ty(&key, input)?, errors),
                word => {
                    let slot = this.by_hand.slot(word);
                    let slot = slot.ok_or_else(|| CONTAINER.unknown(&key))?;
                    set(slot, &key, parse::path(&key, input)?, errors);
                }
            }
            Ok(())
        });
        this
    }
}

impl Field {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = Self::default();
        parse::keys(attributes, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "rename" => set(&mut this.rename, &key, parse::text(&key, input)?, errors),
                "alias" => this.aliases.push(parse::text(&key, input)?),
                "default" => set(&mut this.default, &key, default(&key, input)?, errors),
                "skip_serializing_if" => {
                    let path = parse::path(&key, input)?;
                    set(&mut this.skip_serializing_if, &key, path, errors);
                }
                "with" => {
                    let module = parse::bare(&key, input, "path::to::module")?;
                    set(&mut this.with, &key, module, errors);
                }
                "reduce_with" => {
                    let path = parse::path(&key, input)?;
                    set(&mut this.reduce_with, &key, path, errors);
                }
                "construct_with" => {
                    let path = parse::path(&key, input)?;
                    set(&mut this.construct_with, &key, path, errors);
                }
                "reducer" => set(&mut this.reducer, &key, parse::path(&key, input)?, errors),
                "registered" => flag(&mut this.registered, &key, input, errors)?,
                "bound" => bound(&mut this.bounds, &key, input, errors)?,
                "skip" => flag(&mut this.skip, &key, input, errors)?,
                "flatten" => flag(&mut this.flatten, &key, input, errors)?,
                "arg" => flag(&mut this.arg, &key, input, errors)?,
                "kwarg" => flag(&mut this.kwarg, &key, input, errors)?,
                "late" => flag(&mut this.late, &key, input, errors)?,
                _ => return Err(FIELD.unknown(&key)),
            }
            Ok(())
        });
        this
    }
}

impl Variant {
    pub(crate) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = Self::default();
        parse::keys(attributes, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "rename" => set(&mut this.rename, &key, parse::text(&key, input)?, errors),
                "name" => set(&mut this.name, &key, parse::text(&key, input)?, errors),
                "alias" => this.aliases.push(parse::text(&key, input)?),
                "value" => set(&mut this.value, &key, value(&key, input)?, errors),
                "rename_all" => set(&mut this.rename_all, &key, case(&key, input)?, errors),
                "skip" => flag(&mut this.skip, &key, input, errors)?,
                "other" => flag(&mut this.other, &key, input, errors)?,
                "with" => set(&mut this.with, &key, parse::path(&key, input)?, errors),
                _ => return Err(VARIANT.unknown(&key)),
            }
            Ok(())
        });
        this
    }
}

impl Function {
    pub(crate) fn parse(arguments: TokenStream, errors: &mut Errors) -> Self {
        let mut this = Self::default();
        let keys = |input: ParseStream<'_>| {
            parse::list(input, errors, |key, input, errors| {
                match key.to_string().as_str() {
                    "module" => set(&mut this.module, &key, parse::text(&key, input)?, errors),
                    "name" => set(&mut this.name, &key, parse::text(&key, input)?, errors),
                    "alias" => this.aliases.push(parse::text(&key, input)?),
                    "extension" => set(&mut this.extension, &key, extension(&key, input)?, errors),
                    "crate" => set(
                        &mut this.root,
                        &key,
                        parse::crate_path(&key, input)?,
                        errors,
                    ),
                    _ => return Err(FUNCTION.unknown(&key)),
                }
                Ok(())
            })
        };
        if let Err(error) = keys.parse2(arguments) {
            errors.push(error);
        }
        this
    }
}

pub(crate) fn set<T>(slot: &mut Option<Set<T>>, key: &Ident, value: T, errors: &mut Errors) {
    if slot.is_some() {
        errors.on(key, format!("`{key}` is given twice"));
    } else {
        let key = key.clone();
        *slot = Some(Set { key, value });
    }
}

fn flag(
    slot: &mut Option<Set<()>>,
    key: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    parse::flag(key, input)?;
    set(slot, key, (), errors);
    Ok(())
}

/// Reads nothing, or `= path`.
fn default(key: &Ident, input: ParseStream<'_>) -> syn::Result<DefaultValue> {
    if input.peek(Token![=]) {
        parse::path(key, input).map(DefaultValue::Function)
    } else {
        parse::flag(key, input).map(|()| DefaultValue::Trait)
    }
}

/// Reads `(Type as "module.Name", ...)`. It may stand more than once.
fn register(
    slot: &mut Option<Set<Vec<Instance>>>,
    key: Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    if !input.peek(syn::token::Paren) {
        let message = "`register` needs a list: `register(Type<i32> as \"module.Name\")`";
        return Err(syn::Error::new(key.span(), message));
    }
    let list;
    syn::parenthesized!(list in input);
    let instances = register::list(&list, errors);
    let value = Vec::new();
    slot.get_or_insert(Set { key, value })
        .value
        .extend(instances);
    Ok(())
}

/// Reads `= "predicates"`, or `(reduce = "predicates", construct = "predicates")`.
fn bound(
    bounds: &mut Bounds,
    key: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    if !input.peek(syn::token::Paren) {
        let predicates = parse::predicates(key, input)?;
        set(&mut bounds.reduce, key, predicates.clone(), errors);
        // One error is enough if it is given twice.
        set(
            &mut bounds.construct,
            key,
            predicates,
            &mut Errors::default(),
        );
        return Ok(());
    }
    let list;
    syn::parenthesized!(list in input);
    while !list.is_empty() {
        let side: Ident = list.parse()?;
        let slot = match side.to_string().as_str() {
            "reduce" => &mut bounds.reduce,
            "construct" => &mut bounds.construct,
            _ => {
                list.parse::<proc_macro2::TokenStream>()?;
                let message = "expected `reduce = \"...\"` or `construct = \"...\"`";
                return Err(syn::Error::new(side.span(), message));
            }
        };
        set(slot, &side, parse::predicates(&side, &list)?, errors);
        if !list.is_empty() {
            list.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

pub(crate) fn extension(key: &Ident, input: ParseStream<'_>) -> syn::Result<u32> {
    let code: LitInt = parse::bare(key, input, "240")?;
    match code.base10_parse::<u32>() {
        Ok(value) if (1..=0x7fff_ffff).contains(&value) => Ok(value),
        _ => Err(syn::Error::new_spanned(
            code,
            "an extension code is a number from 1 to 0x7fffffff",
        )),
    }
}

fn version(key: &Ident, input: ParseStream<'_>) -> syn::Result<u64> {
    let number: LitInt = parse::bare(key, input, "3")?;
    number
        .base10_parse()
        .map_err(|_| syn::Error::new_spanned(number, "a version is a number below 2^64"))
}

fn case(key: &Ident, input: ParseStream<'_>) -> syn::Result<Case> {
    one_of(key, input, &Case::ALL)
}

fn form(key: &Ident, input: ParseStream<'_>) -> syn::Result<Form> {
    const FORMS: [(&str, Form); 4] = [
        ("reduce", Form::Reduce),
        ("newobj", Form::NewObj),
        ("newobj_ex", Form::NewObjEx),
        ("dict", Form::Dict),
    ];
    one_of(key, input, &FORMS)
}

/// Reads one of a few words in quotes.
fn one_of<T: Copy>(
    key: &Ident,
    input: ParseStream<'_>,
    words: &[(&'static str, T)],
) -> syn::Result<T> {
    let text = parse::text(key, input)?;
    let given = text.value();
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == given) {
        return Ok(*value);
    }
    let message = match suggest::nearest(&given, words.iter().map(|(word, _)| *word)) {
        Some(near) => format!("unknown `{key}`: did you mean \"{near}\"?"),
        None => {
            let words: Vec<_> = words
                .iter()
                .map(|(word, _)| format!("\"{word}\""))
                .collect();
            format!("unknown `{key}`: it is one of {}", words.join(", "))
        }
    };
    Err(syn::Error::new_spanned(text, message))
}

fn value(key: &Ident, input: ParseStream<'_>) -> syn::Result<Value> {
    const EXPECTED: &str = "a member's value is an int or a string literal";
    if !input.peek(Token![=]) {
        let message = format!("`{key}` needs a value: `{key} = 1` or `{key} = \"...\"`");
        return Err(syn::Error::new(key.span(), message));
    }
    input.parse::<Token![=]>()?;
    let minus: Option<Token![-]> = input.parse()?;
    let literal: Lit = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), EXPECTED))?;
    match (&literal, minus) {
        (Lit::Str(text), None) => Ok(Value::Str(text.value())),
        (Lit::Int(int), minus) => {
            let sign = if minus.is_some() { "-" } else { "" };
            let digits = format!("{sign}{}", int.base10_digits());
            digits.parse().map(Value::Int).map_err(|_| {
                syn::Error::new_spanned(int, "a member's value is an int of up to 128 bits")
            })
        }
        _ => Err(syn::Error::new_spanned(literal, EXPECTED)),
    }
}
