//! Parse: the list of keys in `#[reduce(...)]`. Knows what a list looks like, not which keys exist.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, ExprPath, Lit, LitStr, Path, Token, Type, WherePredicate};

use crate::errors::Errors;

/// Calls `each` for every key in the `#[reduce(...)]` attributes among `attributes`. It reads the
/// key's value, if there is one; when it fails, that error is noted and the next key is next.
pub(crate) fn keys(
    attributes: &[Attribute],
    errors: &mut Errors,
    mut each: impl FnMut(Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    for attribute in attributes {
        if !attribute.path().is_ident("reduce") {
            continue;
        }
        let parsed =
            attribute.parse_args_with(|input: ParseStream<'_>| list(input, errors, &mut each));
        if let Err(error) = parsed {
            errors.push(error);
        }
    }
}

/// The same for the list that an attribute has as its arguments.
pub(crate) fn list(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut each: impl FnMut(Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) -> syn::Result<()> {
    while !input.is_empty() {
        let key = Ident::parse_any(input)
            .map_err(|error| syn::Error::new(error.span(), "expected a key"))?;
        if let Err(error) = each(key, input, errors) {
            errors.push(error);
            skip_value(input)?;
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

/// Skips what is left before the next comma that is not one of `<...>`.
fn skip_value(input: ParseStream<'_>) -> syn::Result<()> {
    let mut angles = 0_u32;
    while !input.is_empty() && (angles > 0 || !input.peek(Token![,])) {
        if let TokenTree::Punct(punct) = input.parse()? {
            match punct.as_char() {
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Skips what is left of a list's item, and the semicolon behind it.
pub(crate) fn skip_to_semicolon(input: ParseStream<'_>) {
    while let Ok(token) = input.parse::<TokenTree>() {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
            break;
        }
    }
}

/// Reads `= "text"`.
pub(crate) fn text(key: &Ident, input: ParseStream<'_>) -> syn::Result<LitStr> {
    equals(key, input, "\"...\"")?;
    match input.parse::<Lit>() {
        Ok(Lit::Str(text)) => Ok(text),
        Ok(other) => Err(syn::Error::new_spanned(
            other,
            format!("expected a string literal: `{key} = \"...\"`"),
        )),
        Err(error) => Err(syn::Error::new(
            error.span(),
            format!("expected a string literal: `{key} = \"...\"`"),
        )),
    }
}

/// Reads `= value`, where the value is written bare. `shape` shows one.
pub(crate) fn bare<T: Parse>(key: &Ident, input: ParseStream<'_>, shape: &str) -> syn::Result<T> {
    equals(key, input, shape)?;
    if input.peek(LitStr) {
        let quoted: LitStr = input.parse()?;
        let value = quoted.value();
        return Err(syn::Error::new_spanned(
            quoted,
            format!("drop the quotes: `{key} = {value}`"),
        ));
    }
    input.parse()
}

/// Reads `= path`.
pub(crate) fn path(key: &Ident, input: ParseStream<'_>) -> syn::Result<ExprPath> {
    bare(key, input, "path::to::function")
}

/// Reads `= Type`.
pub(crate) fn ty(key: &Ident, input: ParseStream<'_>) -> syn::Result<Type> {
    bare(key, input, "Type")
}

/// Reads `= "path"`, where serde has the quotes and so have we, or `= path`.
pub(crate) fn crate_path(key: &Ident, input: ParseStream<'_>) -> syn::Result<Path> {
    equals(key, input, "\"path\"")?;
    if !input.peek(LitStr) {
        return input.call(Path::parse_mod_style);
    }
    let text: LitStr = input.parse()?;
    text.parse_with(Path::parse_mod_style)
        .map_err(|_| syn::Error::new_spanned(text, "expected a path in the quotes"))
}

/// Reads `= "T: Bound, U: Bound"`.
pub(crate) fn predicates(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<WherePredicate>> {
    let text = text(key, input)?;
    let list = Punctuated::<WherePredicate, Token![,]>::parse_terminated;
    Ok(text.parse_with(list)?.into_iter().collect())
}

/// Checks that a key which stands alone does.
pub(crate) fn flag(key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        Ok(())
    } else {
        Err(input.error(format!("`{key}` takes no value")))
    }
}

fn equals(key: &Ident, input: ParseStream<'_>, shape: &str) -> syn::Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Ok(())
    } else {
        Err(syn::Error::new(
            key.span(),
            format!("`{key}` needs a value: `{key} = {shape}`"),
        ))
    }
}
