//! `#[object]`: trait objects of a trait, and the casts of its impls. What both expand to stands in
//! macros of pickle-core, `__object_pointee!` and `__link_casts!`: this only finds out what for.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{
    GenericParam, Generics, Ident, ItemImpl, ItemTrait, Path, Token, TraitItem, TypeParamBound,
    parse_quote,
};

use crate::errors::Errors;
use crate::{parse, suggest};

/// What `#[object]` stands on.
enum Target {
    Trait(ItemTrait),
    Impl(ItemImpl),
}

impl Parse for Target {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if let Ok(target) = input.fork().parse::<ItemImpl>() {
            input.parse::<ItemImpl>()?;
            return Ok(Target::Impl(target));
        }
        if let Ok(target) = input.fork().parse::<ItemTrait>() {
            input.parse::<ItemTrait>()?;
            return Ok(Target::Trait(target));
        }
        let message = "`#[object]` stands on a trait or on an `impl Trait for Type`";
        Err(syn::Error::new(input.span(), message))
    }
}

/// `#[object]`, with its arguments and what it stands on.
pub(crate) fn object(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let root = root("object", arguments, &mut errors);
    let output = match syn::parse2::<Target>(item.clone()) {
        Ok(Target::Trait(item)) => on_trait(item, &root, &mut errors),
        Ok(Target::Impl(item)) => on_impl(&item, &root, &mut errors),
        Err(error) => {
            errors.push(error);
            item
        }
    };
    let errors = errors.into_error().map(syn::Error::into_compile_error);
    quote!(#output #errors)
}

/// Reads `crate = "..."`, the only argument there is.
pub(crate) fn root(attribute: &str, arguments: TokenStream, errors: &mut Errors) -> Path {
    let parser = |input: ParseStream<'_>| {
        let mut root = None;
        while !input.is_empty() {
            let key = input.call(<Ident as syn::ext::IdentExt>::parse_any)?;
            if key != "crate" {
                let message = match suggest::nearest(&key.to_string(), ["crate"]) {
                    Some(near) => format!("unknown key `{key}`: did you mean `{near}`?"),
                    None => format!("unknown key `{key}`: `#[{attribute}]` takes `crate`"),
                };
                return Err(syn::Error::new(key.span(), message));
            }
            root = Some(parse::crate_path(&key, input)?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(root)
    };
    let root = parser.parse2(arguments).unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    root.unwrap_or_else(|| parse_quote!(::pickle_core))
}

fn on_trait(mut item: ItemTrait, root: &Path, errors: &mut Errors) -> TokenStream {
    refuse_generics(&item.generics, "trait", errors);
    for associated in &item.items {
        let TraitItem::Type(associated) = associated else {
            continue;
        };
        let message = "a trait with associated types has no one trait object for them all";
        errors.on(&associated.ident, message);
    }
    let names_reduce = item.supertraits.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|segment| segment.ident == "Reduce")
        }
        _ => false,
    });
    let has_errors = errors.any();
    if !names_reduce {
        item.colon_token.get_or_insert_with(Default::default);
        item.supertraits
            .push(parse_quote!(#root::__private::Reduce));
    }
    if has_errors {
        return quote!(#item);
    }
    let ident = &item.ident;
    quote! {
        #item

        #root::__object_pointee! {
            dyn #ident;
            dyn #ident + ::core::marker::Send;
            dyn #ident + ::core::marker::Send + ::core::marker::Sync;
        }
    }
}

fn on_impl(item: &ItemImpl, root: &Path, errors: &mut Errors) -> TokenStream {
    refuse_generics(&item.generics, "impl", errors);
    let Some((path, _)) = &item.trait_ else {
        let message = "`#[object]` needs to know the trait: `impl Trait for Type`";
        errors.at(span_of_self(item), message);
        return quote!(#item);
    };
    if errors.any() {
        return quote!(#item);
    }
    let class = &item.self_ty;
    quote! {
        #item

        #root::__link_casts! { #class =>
            #path [],
            #path [Send],
            #path [Send Sync],
        }
    }
}

fn span_of_self(item: &ItemImpl) -> Span {
    item.self_ty.span()
}

fn refuse_generics(generics: &Generics, what: &str, errors: &mut Errors) {
    for parameter in &generics.params {
        let kind = match parameter {
            GenericParam::Lifetime(_) => "lifetimes",
            GenericParam::Type(_) | GenericParam::Const(_) => "parameters",
        };
        let why = match what {
            "trait" => "each type that they stand for makes another trait object",
            _ => {
                "each type that they stand for needs a class of its own. Mark the trait alone, and \
                 name those that are pickled, as in \
                 `pickle_core::register!(Wrapper<i32> as \"app.IntWrapper\": dyn Trait)`"
            }
        };
        errors.on(
            parameter,
            format!("`#[object]` cannot stand on {what}s with {kind}: {why}"),
        );
    }
}
