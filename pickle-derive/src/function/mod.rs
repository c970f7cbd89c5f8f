//! `#[constructor]`, `#[function]` and `#[state_setter]`, and `#[constructors]` on impl blocks that
//! have such functions.
//!
//! | Stage | makes of its input | does not know |
//! |---|---|---|
//! | `signature` | what is called how, and what cannot be | names on the wire |
//! | `expand` | the registration | how to fail |

mod expand;
mod signature;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, ImplItem, ItemFn, ItemImpl, Path, Signature, Type, parse_quote};

use crate::attributes;
use crate::errors::Errors;
use crate::model::{Alias, full_alias};
use crate::object;

use signature::Call;

/// What a function is registered as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What pickles may call to make something.
    Constructor,
    /// A value, no more.
    Function,
    /// What pickles may call to set a state.
    StateSetter,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Constructor, Self::Function, Self::StateSetter];

    fn attribute(self) -> &'static str {
        match self {
            Self::Constructor => "constructor",
            Self::Function => "function",
            Self::StateSetter => "state_setter",
        }
    }
}

/// A function that is registered, and as what.
struct Registered {
    kind: Kind,
    root: Path,
    /// None for the derive's default.
    module: Option<String>,
    name: String,
    aliases: Vec<Alias>,
    extension: Option<u32>,
    call: Call,
    /// `#[cfg(...)]`s, which hold for the registration too.
    conditions: Vec<Attribute>,
}

/// One of the three attributes, with its arguments and what it stands on.
pub(crate) fn function(kind: Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let keys = attributes::Function::parse(arguments, &mut errors);
    let Ok(mut function) = syn::parse2::<ItemFn>(item.clone()) else {
        errors.push(not_a_function(kind, &item));
        return with_errors(item, errors);
    };
    let root = parse_quote!(::pickle_core);
    let registered = register(
        kind,
        keys,
        &mut function.sig,
        &function.attrs,
        None,
        &root,
        &mut errors,
    );
    let registration = (!errors.any()).then(|| expand::registration(&registered));
    with_errors(quote!(#function #registration), errors)
}

fn not_a_function(kind: Kind, item: &TokenStream) -> syn::Error {
    let attribute = kind.attribute();
    let hint = if syn::parse2::<ItemImpl>(item.clone()).is_ok() {
        ": on an impl block stands `#[constructors]`"
    } else {
        ""
    };
    let first = item.clone().into_iter().next();
    let message = format!("`#[{attribute}]` stands on a function{hint}");
    syn::Error::new_spanned(first, message)
}

/// `#[constructors]`, with its arguments and what it stands on.
pub(crate) fn constructors(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let root = object::root("constructors", arguments, &mut errors);
    let Ok(mut block) = syn::parse2::<ItemImpl>(item.clone()) else {
        let first = item.clone().into_iter().next();
        errors.on(first, "`#[constructors]` stands on an `impl Type`");
        return with_errors(item, errors);
    };
    if let Some((path, _)) = &block.trait_ {
        let message = "`#[constructors]` stands on a type's own impl, not on one of a trait";
        errors.on(path, message);
    }
    for parameter in &block.generics.params {
        let message = "only one function can be registered under a name: register a function \
                       without parameters that calls this one, for each type that is needed";
        errors.on(parameter, message);
    }
    let owner = Owner::new(&block.self_ty);
    let mut registered = Vec::new();
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else {
            continue;
        };
        for (kind, keys) in take_marks(&mut function.attrs, &root, &mut errors) {
            let signature = &mut function.sig;
            registered.push(register(
                kind,
                keys,
                signature,
                &function.attrs,
                Some(&owner),
                &root,
                &mut errors,
            ));
        }
    }
    if registered.is_empty() {
        let message = "nothing here is marked `#[constructor]`, `#[function]` or `#[state_setter]`";
        errors.at(block.self_ty.span(), message);
    }
    let registrations = (!errors.any()).then(|| {
        let registrations = registered.iter().map(expand::registration);
        quote!(#(#registrations)*)
    });
    with_errors(quote!(#block #registrations), errors)
}

/// The type that an impl block is of, whose functions are registered.
struct Owner<'a> {
    ty: &'a Type,
    /// Its name, if it has one.
    ident: Option<&'a Ident>,
}

impl<'a> Owner<'a> {
    fn new(ty: &'a Type) -> Self {
        let ident = match signature::ungrouped(ty) {
            Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
            _ => None,
        };
        Self { ty, ident }
    }
}

/// Takes the marks off a function in an impl block.
fn take_marks(
    attributes: &mut Vec<Attribute>,
    root: &Path,
    errors: &mut Errors,
) -> Vec<(Kind, attributes::Function)> {
    let mut marks = Vec::new();
    attributes.retain(|attribute| {
        let Some(kind) = Kind::ALL
            .into_iter()
            .find(|kind| names(attribute.path(), root, kind.attribute()))
        else {
            return true;
        };
        let arguments = match &attribute.meta {
            syn::Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        if !marks.is_empty() {
            errors.on(attribute, "a function is registered once");
        }
        marks.push((kind, attributes::Function::parse(arguments, errors)));
        false
    });
    marks
}

/// Whether the path is `word`, or `pickle_core::word`, by whatever name that is known.
fn names(path: &Path, root: &Path, word: &str) -> bool {
    let before = path.segments.len().saturating_sub(1);
    let is_word = path.segments.last().is_some_and(|last| last.ident == word);
    let is_ours = |root: &Path| {
        let ours = root.segments.iter().map(|segment| &segment.ident);
        path.segments.iter().take(before).map(|s| &s.ident).eq(ours)
    };
    is_word && (before == 0 || is_ours(root) || is_ours(&parse_quote!(pickle_core)))
}

fn register(
    kind: Kind,
    keys: attributes::Function,
    signature: &mut Signature,
    attributes: &[Attribute],
    owner: Option<&Owner<'_>>,
    root: &Path,
    errors: &mut Errors,
) -> Registered {
    for part in [&keys.module, &keys.name].into_iter().flatten() {
        if part.value.value().is_empty() {
            let message = format!("a function's {} cannot be empty", part.key);
            errors.on(&part.value, message);
        }
    }
    let ident = signature.ident.unraw();
    let name = match (keys.name, owner) {
        (Some(name), _) => name.value.value(),
        (None, None) => ident.to_string(),
        (
            None,
            Some(Owner {
                ident: Some(owner), ..
            }),
        ) => format!("{}.{ident}", owner.unraw()),
        (None, Some(_)) => {
            let message = "the type has no name to begin the function's with: `name = \"...\"`";
            errors.on(&signature.ident, message);
            ident.to_string()
        }
    };
    let aliases = keys.aliases.iter();
    Registered {
        kind,
        root: keys.root.map_or_else(|| root.clone(), |root| root.value),
        module: keys.module.map(|module| module.value.value()),
        name,
        aliases: aliases
            .filter_map(|alias| full_alias(alias, errors))
            .collect(),
        extension: keys.extension.map(|extension| extension.value),
        call: Call::new(kind, signature, owner.map(|owner| owner.ty), errors),
        conditions: conditions(attributes),
    }
}

fn conditions(attributes: &[Attribute]) -> Vec<Attribute> {
    let conditions = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.cloned().collect()
}

fn with_errors(item: impl ToTokens, errors: Errors) -> TokenStream {
    let errors = errors.into_error().map(syn::Error::into_compile_error);
    quote!(#item #errors)
}
