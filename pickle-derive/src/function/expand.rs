//! Expand: the registration, out of the call. Nothing is decided here, and nothing can fail.
//!
//! ```text
//! const _: () = {
//!     const __PICKLE_MODULE: &str = "app.db";
//!     const __PICKLE_FUNCTION: LinkedFunction = LinkedFunction {
//!         constructor: Some(const {
//!             &Make(|d| {
//!                 let mut args = d.call_arguments(const { &["path", "timeout"] })?;
//!                 let p0 = args.value::<Cow<'_, str>>(d)?;
//!                 let p1 = args.value_or::<u32>(d, || 30)?;
//!                 Returned(Some(connect(&*p0, p1))).take()
//!             })
//!         }),
//!         pointer: Some(const { &(connect as fn(&str, u32) -> io::Result<Connection>) }),
//!         state_setter: None,
//!     };
//!     inventory::submit! { LinkedClass(Entry::new(..., Target::Function(__PICKLE_FUNCTION))) }
//! };
//! ```

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::signature::{Call, DefaultArgument, Parameter, Passing};
use super::{Kind, Registered};
use crate::expand::{class, here, output};

pub(super) fn registration(registered: &Registered) -> TokenStream {
    let Registered {
        root, name, call, ..
    } = registered;
    let p: Path = syn::parse_quote!(#root::__private);
    let module = match &registered.module {
        Some(module) => quote!(#module),
        None => quote!(#root::__module!()),
    };
    let aliases = (!registered.aliases.is_empty()).then(|| {
        let aliases = class::names(&registered.aliases, &p);
        quote!(.with_aliases(const { &[#aliases] }))
    });
    let extension = registered
        .extension
        .map(|code| quote!(.with_extension(#code)));
    let none = quote!(::core::option::Option::None);
    let constructor = match registered.kind {
        Kind::Constructor => constructor(call, &p),
        _ => none.clone(),
    };
    let state_setter = match registered.kind {
        Kind::StateSetter => state_setter(call, &p),
        _ => none,
    };
    let pointer = pointer(call);
    let path = &call.path;
    let items = output(&quote! {
        const __PICKLE_MODULE: &::core::primitive::str = #module;
        const __PICKLE_FUNCTION: #p::LinkedFunction = #p::LinkedFunction {
            constructor: #constructor,
            state_setter: #state_setter,
            pointer: #pointer,
        };
        #p::inventory::submit! {
            #p::LinkedClass(
                #p::Entry::new(
                    #p::QualName::new(__PICKLE_MODULE, #name),
                    #p::RustType::of_val(&#path),
                    #p::Location { file: ::core::file!(), line: ::core::line!() },
                    #p::Target::Function(__PICKLE_FUNCTION),
                )
                #aliases
                #extension
            )
        }
    });
    let conditions = &registered.conditions;
    quote!(#(#conditions)* #items)
}

fn constructor(call: &Call, p: &Path) -> TokenStream {
    let names = call.parameters.iter().map(|parameter| &parameter.name);
    let arguments = call
        .parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let variable = format_ident!("__p{index}");
            let value = argument(parameter);
            quote!(let #variable = #value;)
        });
    let made = returned(call, p);
    quote! {
        ::core::option::Option::Some(const {
            &#p::Make(|__d| {
                let mut __args = __d.call_arguments(const { &[#(#names),*] })?;
                #(#arguments)*
                #made
            })
        })
    }
}

/// Constructs an argument, or takes the parameter's default.
fn argument(parameter: &Parameter) -> TokenStream {
    let ty = held(parameter);
    let span = here(parameter.ty.span());
    let Some(default) = &parameter.default else {
        return quote_spanned!(span=> __args.value::<#ty>(__d)?);
    };
    let default = match default {
        DefaultArgument::Trait => quote_spanned!(span=> ::core::default::Default::default()),
        DefaultArgument::Expression(value) => quote!(#value),
    };
    let default = match parameter.passing {
        Passing::Value => default,
        _ => quote!(::std::borrow::Cow::Borrowed(#default)),
    };
    quote_spanned!(span=> __args.value_or::<#ty>(__d, || #default)?)
}

/// The type of the variable that holds an argument. What a parameter borrows, the pickle may hold
/// in escapes.
fn held(parameter: &Parameter) -> TokenStream {
    match &parameter.passing {
        Passing::Value => parameter.ty.clone(),
        Passing::Reference(to) | Passing::Mutable(to) => quote!(::std::borrow::Cow<'_, #to>),
    }
}

/// Calls the function with the variables.
fn returned(call: &Call, p: &Path) -> TokenStream {
    let path = &call.path;
    let arguments = call
        .parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let variable = format_ident!("__p{index}");
            match parameter.passing {
                Passing::Value => quote!(#variable),
                Passing::Reference(_) => quote!(&*#variable),
                Passing::Mutable(_) => quote!(&mut *#variable),
            }
        });
    let span = here(call.ident.span());
    let called = quote_spanned!(span=> #p::Returned(::core::option::Option::Some(#path(#(#arguments),*))).take());
    quote! {
        #[allow(unused_imports, reason = "a `Result`'s own method comes first")]
        use #p::ReturnedValue as _;
        #called
    }
}

fn state_setter(call: &Call, p: &Path) -> TokenStream {
    let [object, state] = &call.parameters[..] else {
        unreachable!("the signature has been checked")
    };
    let object = &object.ty;
    let span = here(state.ty.span());
    let held = held(state);
    let state = quote_spanned!(span=> <#held as #p::Construct<'_>>::construct(__d)?);
    let set = returned(call, p);
    quote! {
        ::core::option::Option::Some(const {
            &#p::Set(|__p0: #object, __d| {
                let __p1 = #state;
                #set
            })
        })
    }
}

fn pointer(call: &Call) -> TokenStream {
    let Call {
        path, lifetimes, ..
    } = call;
    let binder = (!lifetimes.is_empty()).then(|| quote!(for<#(#lifetimes),*>));
    let types = call.parameters.iter().map(|parameter| &parameter.ty);
    let output = match &call.output {
        Some(output) => quote!(#output),
        None => quote!(_),
    };
    let span = here(call.ident.span());
    quote_spanned! {span=>
        ::core::option::Option::Some(const { &(#path as #binder fn(#(#types),*) -> #output) })
    }
}
