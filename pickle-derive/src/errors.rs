//! Errors: all of them at once, each on the user's own token. Knows no attribute.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// What was found wrong so far.
#[derive(Default)]
pub(crate) struct Errors {
    combined: Option<syn::Error>,
}

impl Errors {
    /// Notes an error on `tokens`.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes an error at `span`.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.combined {
            Some(combined) => combined.combine(error),
            None => self.combined = Some(error),
        }
    }

    /// Whether anything was.
    pub(crate) fn any(&self) -> bool {
        self.combined.is_some()
    }

    /// All errors as one, if there were any.
    pub(crate) fn into_error(self) -> Option<syn::Error> {
        self.combined
    }
}
