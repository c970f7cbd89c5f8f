//! Expand: the impls, out of the model. Nothing is decided here, and nothing can fail.
//!
//! The output stands in one `const _: () = { ... };` and names everything by its absolute path.
//! Its own items begin with `__PICKLE` or `__Pickle`, and its variables with two underscores: a
//! macro cannot hide the former, and a pattern means a user's constant if there is one of its name.

mod by_hand;
pub(crate) mod class;
mod construct;
mod generics;
mod late;
mod reduce;
mod row;
mod stub;
mod version;
mod with;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{DeriveInput, Lifetime, Path, parse_quote};

use crate::attributes::Container;
use crate::errors::Errors;
use crate::model::Model;

/// What the output calls things that are not the user's.
struct Paths {
    /// pickle-core.
    root: Path,
    /// Its module for us.
    private: Path,
    /// The decoder's lifetime.
    lifetime: Lifetime,
    /// Whether the type has instances that may have classes of their own.
    instances: bool,
}

impl Paths {
    fn new(model: &Model<'_>, input: &DeriveInput) -> Self {
        let root = &model.root;
        Self {
            root: root.clone(),
            private: parse_quote!(#root::__private),
            lifetime: generics::decoder_lifetime(input),
            instances: model.has_instances,
        }
    }

    /// The private module, where the user's token is: an error about a call is about all of it.
    fn private_at(&self, span: Span) -> TokenStream {
        let tokens = self.private.to_token_stream().into_iter();
        let moved = tokens.map(|mut token| {
            token.set_span(here(span));
            token
        });
        moved.collect()
    }
}

/// `#[derive(Reduce)]`.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let attributes = Container::parse(&input.attrs, &mut errors);
    let model = Model::new(input, attributes, &mut errors);
    let paths = Paths::new(&model, input);
    match errors.into_error() {
        None => output(&expand(&model, &paths)),
        Some(error) => {
            let stub = output(&stub::expand(input, model.dump_only, &paths));
            let errors = error.into_compile_error();
            quote!(#stub #errors)
        }
    }
}

fn expand(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let constants = class::constants(model, paths);
    let reduce = reduce::expand(model, paths);
    let construct = (!model.dump_only).then(|| construct::expand(model, paths));
    let registration = class::registration(model, paths);
    let form = class::form(model, paths);
    let check = by_hand::check(model, paths);
    let generic = model.has_instances.then(|| class::generic(model, paths));
    quote! {
        #constants
        #reduce
        #construct
        #registration
        #generic
        #form
        #check
    }
}

/// The output's items, where nobody else sees them.
pub(crate) fn output(items: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(
            deprecated,
            irrefutable_let_patterns,
            non_upper_case_globals,
            unreachable_patterns,
            unused_mut,
            unused_qualifications,
            unused_variables,
            dead_code,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction,
            reason = "nobody wrote this"
        )]
        const _: () = {
            #items
        };
    }
}

/// Where the user's token is, but as a part of the macro's output: names mean what they mean there,
/// and lints leave it alone.
pub(crate) fn here(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}
