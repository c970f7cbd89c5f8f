//! Calls of the functions that dump and make a field instead of its type.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;

use crate::expand::{Paths, by_hand, here};
use crate::model::ReduceWith;

/// A call, where the user's path is: an error about it is about the function that was named.
pub(super) fn call(function: &ExprPath, arguments: &[TokenStream]) -> TokenStream {
    quote_spanned!(here(function.span())=> #function(#(#arguments),*))
}

/// Dumps the field that `value` refers to.
pub(super) fn reduce(function: &ReduceWith, value: TokenStream, paths: &Paths) -> TokenStream {
    match function {
        ReduceWith::Writer(function) => call(function, &[value, quote!(__p)]),
        ReduceWith::Reducer(reducer) => by_hand::reduce(reducer, std::iter::once(value), paths),
    }
}

/// A reference to what is dumped as `function` dumps the field that `binding` refers to.
pub(super) fn reduced(function: &ReduceWith, binding: &Ident, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let reduce = reduce(function, quote!(#binding), paths);
    quote!(&#p::ReduceWith(|__p: &mut #p::Pickler<'_>| #reduce))
}
