//! Expand: the impls, out of the model. Nothing is decided here, and nothing can fail.
//!
//! The output stands in one `const _: () = { ... };` and names everything by its absolute path.
//! Its own items begin with `__PICKLE` or `__Pickle`, and its variables with two underscores: a
//! macro cannot hide the former, and a pattern means a user's constant if there is one of its name.

mod class;
mod construct;
mod generics;
mod late;
mod reduce;
mod stub;

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
}

impl Paths {
    fn new(root: &Path, input: &DeriveInput) -> Self {
        Self {
            root: root.clone(),
            private: parse_quote!(#root::__private),
            lifetime: generics::decoder_lifetime(input),
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
    let paths = Paths::new(&model.root, input);
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
    quote! {
        #constants
        #reduce
        #construct
        #registration
    }
}

fn output(items: &TokenStream) -> TokenStream {
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
fn here(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}
