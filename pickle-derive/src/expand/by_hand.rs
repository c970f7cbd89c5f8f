//! What functions by hand do: reducers, states, and constructors of classes.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;

use crate::attributes::Set;
use crate::expand::class::class;
use crate::expand::{Paths, generics, here};
use crate::model::Model;

/// Writes what the type's reducer returns.
pub(super) fn reduced(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let reducer = path(&model.by_hand.with);
    reducer.map_or_else(TokenStream::new, |reducer| {
        reduce(reducer, std::iter::once(quote!(self)), paths)
    })
}

/// Writes what a reducer returns.
pub(super) fn reduce(
    reducer: &ExprPath,
    arguments: impl Iterator<Item: ToTokens>,
    paths: &Paths,
) -> TokenStream {
    let p = paths.private_at(reducer.span());
    quote_spanned! {here(reducer.span())=>
        #p::Pickler::reduction(__p, #p::IntoReduction::into_reduction(#reducer(#(#arguments),*))?)
    }
}

/// Writes an instance with the state that `getstate` returns.
pub(super) fn with_state(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let (p, class) = (&paths.private, class(None, paths));
    let Some(getstate) = path(&model.by_hand.getstate) else {
        return TokenStream::new();
    };
    let state = returned(
        &quote_spanned!(here(getstate.span())=> #getstate(self)),
        paths,
    );
    quote! {
        let __state = #state?;
        let __class: &'static #p::Class = #class;
        let __name = ::core::clone::Clone::clone(&__class.name);
        #p::Pickler::reduction(
            __p,
            #p::Reduction::state(#p::Reduction::instance(__name, ()), __state),
        )
    }
}

/// What a function returned, as a result with the error of a load or dump.
fn returned(call: &TokenStream, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    quote! {{
        #[allow(unused_imports, reason = "only what is no `Result` needs it")]
        use #p::ReturnedValue as _;
        #p::Returned(::core::option::Option::Some(#call)).take()
    }}
}

/// Constructs the type by functions alone, if it is to be.
pub(super) fn construct(model: &Model<'_>, paths: &Paths) -> Option<TokenStream> {
    let (p, class) = (&paths.private, class(None, paths));
    let by_hand = &model.by_hand;
    if by_hand.with.is_none() && by_hand.setstate.is_none() {
        return None;
    }
    let some = |value: TokenStream| quote!(::core::option::Option::Some(#value));
    let new = match (&by_hand.with, &by_hand.constructor, path(&by_hand.setstate)) {
        (None, None, Some(setstate)) => some(quote_spanned! {here(setstate.span())=>
            || ::core::default::Default::default()
        }),
        _ => quote!(::core::option::Option::None),
    };
    let takes = |set: &Option<Set<ExprPath>>, arguments: &TokenStream| {
        path(set).map(|path| {
            let call = quote_spanned!(here(path.span())=> #path(__object, #arguments));
            returned(&call, paths)
        })
    };
    let hook = |hook: Option<TokenStream>| match hook {
        Some(call) => some(quote!(|__object, __d| #call)),
        None => quote!(::core::option::Option::None),
    };
    let value = quote!(#p::Construct::construct(__d)?);
    let setstate = hook(takes(&by_hand.setstate, &value));
    let append = hook(takes(&by_hand.append, &value));
    let setitem = match takes(&by_hand.setitem, &quote!(__key, __value)) {
        Some(call) => some(quote! {
            |__object, __map, __d| match #p::Map::entry(__map, __d)? {
                ::core::option::Option::Some((__key, __value)) => {
                    let () = #call?;
                    ::core::result::Result::Ok(true)
                }
                ::core::option::Option::None => ::core::result::Result::Ok(false),
            }
        }),
        None => quote!(::core::option::Option::None),
    };
    Some(quote! {
        #p::construct_custom(__d, &#p::Custom::<Self> {
            class: ::core::option::Option::Some(#class),
            new: #new,
            setstate: #setstate,
            append: #append,
            setitem: #setitem,
        })
    })
}

/// Adds to `construct`, of a type that reads its own class, the ways through functions.
pub(super) fn or_called(model: &Model<'_>, construct: &TokenStream, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    if !generics::is_static(model.generics) {
        return construct.clone();
    }
    let class = class(None, paths);
    let called = path(&model.by_hand.constructor).map(|_| {
        quote! {
            if #p::Decoder::is_call_of(__d, #class) {
                return #p::construct_called(__d);
            }
        }
    });
    quote! {
        #called
        ::core::result::Result::or_else(#construct, |__error| #p::or_called(__d, __error))
    }
}

/// Adds to `construct`, of a type that is made of another, what a persistent id stands for.
pub(super) fn or_persistent(
    model: &Model<'_>,
    construct: &TokenStream,
    paths: &Paths,
) -> TokenStream {
    let p = &paths.private;
    if !generics::is_static(model.generics) {
        return construct.clone();
    }
    quote! {
        #p::or_persistent(__d, |__d| { #construct })
    }
}

/// Has the compiler check that the constructor returns the type.
pub(super) fn check(model: &Model<'_>, paths: &Paths) -> Option<TokenStream> {
    let constructor = path(&model.by_hand.constructor)?;
    let ident = model.ident;
    let p = paths.private_at(constructor.span());
    Some(quote_spanned! {here(constructor.span())=>
        const _: () = #p::returns::<#ident, _>(&#constructor);
    })
}

fn path(set: &Option<Set<ExprPath>>) -> Option<&ExprPath> {
    set.as_ref().map(|set| &set.value)
}
