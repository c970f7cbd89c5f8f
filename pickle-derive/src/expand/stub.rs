//! Stubs: the impls of a type whose attributes are wrong, so that its users see no other errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::expand::{Paths, generics};

/// Impls that compile for any type and are never run.
pub(super) fn expand(input: &DeriveInput, dump_only: bool, paths: &Paths) -> TokenStream {
    let Paths {
        private: p,
        root,
        lifetime: g,
        ..
    } = paths;
    let ident = &input.ident;
    let (parameters, arguments, clause) = input.generics.split_for_impl();
    let reduce = quote! {
        #[automatically_derived]
        impl #parameters #p::Reduce for #ident #arguments #clause {
            fn reduce(&self, __p: &mut #p::Pickler<'_>) -> #p::Result<()> {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #parameters #p::FlattenReduce for #ident #arguments #clause {
            fn attributes(&self) -> ::core::primitive::usize {
                ::core::unreachable!()
            }

            fn reduce_flat(&self, __o: &mut #p::ObjectWriter<'_, '_>) -> #p::Result<()> {
                ::core::unreachable!()
            }
        }
    };
    let reduce = quote! {
        #reduce

        #[automatically_derived]
        impl #parameters #p::GenericInstance for #ident #arguments #clause {
            const OF: &'static #p::Generic = #p::Generic::NOTHING;
        }
    };
    if dump_only {
        return reduce;
    }
    let generics = generics::with_decoder(input.generics.clone(), g);
    let (parameters, _, clause) = generics.split_for_impl();
    quote! {
        #reduce

        #[automatically_derived]
        impl #parameters #p::Construct<#g> for #ident #arguments #clause {
            fn construct(__d: &mut #p::Decoder<#g>) -> #p::Result<Self> {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #parameters #p::Pointee<#g> for #ident #arguments #clause {
            #root::__pointee_methods!(#g);
        }

        #[automatically_derived]
        impl #parameters #p::Flatten<#g> for #ident #arguments #clause {
            fn construct_flat(
                __d: &mut #p::Decoder<#g>,
                __rest: &mut #p::Rest,
            ) -> #p::Result<Self> {
                ::core::unreachable!()
            }
        }
    }
}
