//! Late fields: left empty while their object is made, and filled in when it can be pointed at.
//!
//! Whether a field can be reached behind an `Rc` depends on its type being a cell, which the macro
//! cannot see. `LateProbe` answers by the choice of a method, so one expansion serves both.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::{Paths, by_hand, construct, here, with};
use crate::model::{Field, Model, Record, Role};

/// The value of late field `number`: empty if it can be filled in later, else what `read` reads.
pub(super) fn defer_or(
    number: usize,
    field: &Field<'_>,
    read: &TokenStream,
    paths: &Paths,
) -> TokenStream {
    let p = &paths.private;
    let empty = construct::default(field);
    let is_cell = is_cell(field, paths);
    quote! {
        match &mut __late {
            ::core::option::Option::Some(__late)
                if #p::LateFields::can_defer(__late, #is_cell, &__fields) =>
            {
                #p::Fields::value_with(&__fields, __d, |__d| {
                    ::core::result::Result::Ok(#p::LateFields::defer(__late, #number, &__fields))
                })?;
                #empty
            }
            _ => #read,
        }
    }
}

/// Whether the field's value can be put in through a shared reference. What a function makes is
/// the whole field.
pub(super) fn is_cell(field: &Field<'_>, paths: &Paths) -> TokenStream {
    if field.construct_with.is_some() {
        return quote!(false);
    }
    let ty = field.ty;
    let p = paths.private_at(ty.span());
    quote_spanned! {here(ty.span())=> {
        #[allow(unused_imports, reason = "one of the two has the method")]
        use #p::{CellField as _, PlainField as _};
        (&#p::LateProbe::<#ty>::new()).is_cell()
    }}
}

/// The methods of `Construct` that a type with late fields has.
pub(super) fn methods(model: &Model<'_>, paths: &Paths) -> Option<TokenStream> {
    let Paths {
        private: p,
        lifetime: g,
        ..
    } = paths;
    let records = model.records();
    let late = || {
        records.iter().flat_map(|record| {
            record.fields.iter().filter_map(|field| match field.role {
                Role::Late(number) => Some((*record, field, number)),
                _ => None,
            })
        })
    };
    late().next()?;
    let by_type = late().filter(|(_, field, _)| field.construct_with.is_none());
    let by_ref = by_type.map(|(record, field, number)| {
        let (ty, slot) = (field.ty, slot(record, field));
        let p = paths.private_at(ty.span());
        quote_spanned! {here(ty.span())=>
            #number => (&#p::LateProbe::<#ty>::new()).fill(__d, |__object: &Self| match __object {
                #slot => ::core::option::Option::Some(__slot),
                _ => ::core::option::Option::None,
            }),
        }
    });
    let by_mut = late().map(|(record, field, number)| {
        let (ty, slot) = (field.ty, slot(record, field));
        let p = paths.private_at(ty.span());
        let construct = match &field.construct_with {
            Some(function) => with::call(function, &[quote!(__d)]),
            None => quote_spanned!(here(ty.span())=> #p::Construct::construct(__d)),
        };
        quote_spanned! {here(ty.span())=>
            #number => {
                let __value: #ty = #construct?;
                ::core::result::Result::Ok(::std::boxed::Box::new(move |__object: &mut Self| {
                    match __object {
                        #slot => *__slot = __value,
                        _ => {}
                    }
                }))
            }
        }
    });
    let impure = construct::is_impure(model).then(|| quote!(#p::Decoder::impure(__d)?;));
    let early = quote! {
        __PickleConstruct::construct_with(
            __d,
            ::core::option::Option::Some(__late),
            ::core::option::Option::None,
        )
    };
    let early = by_hand::or_called(model, &early, paths);
    let unknown = quote! {
        _ => ::core::result::Result::Err(#p::Decoder::error(__d, #p::ErrorKind::Cycle)),
    };
    Some(quote! {
        fn construct_early(
            __d: &mut #p::Decoder<#g>,
            __late: &mut #p::LateFields,
        ) -> #p::Result<Self> {
            #impure
            #early
        }

        #[allow(unused_imports, reason = "one of the two has the method")]
        fn fill_ref(
            __field: ::core::primitive::usize,
            __d: &mut #p::Decoder<#g>,
        ) -> #p::Result<::std::boxed::Box<dyn ::core::ops::FnOnce(&Self)>>
        where
            Self: 'static,
        {
            use #p::{CellField as _, PlainField as _};
            match __field {
                #(#by_ref)*
                #unknown
            }
        }

        fn fill_mut(
            __field: ::core::primitive::usize,
            __d: &mut #p::Decoder<#g>,
        ) -> #p::Result<::std::boxed::Box<dyn ::core::ops::FnOnce(&mut Self)>>
        where
            Self: 'static,
        {
            match __field {
                #(#by_mut)*
                #unknown
            }
        }
    })
}

/// The pattern that finds the field in an object, as `__slot`.
fn slot(record: &Record<'_>, field: &Field<'_>) -> TokenStream {
    let member = &field.member;
    let variant = record.variant.map(|variant| quote!(::#variant));
    quote!(Self #variant { #member: __slot, .. })
}

/// A transparent type has the late fields of its one field.
pub(super) fn transparent(model: &Model<'_>, record: &Record<'_>, paths: &Paths) -> TokenStream {
    let Paths {
        private: p,
        lifetime: g,
        ..
    } = paths;
    let early =
        construct::read_transparent(record, Some(&quote!(construct_early(__d, __late))), paths);
    let early = by_hand::or_persistent(model, &early, paths);
    let field = record
        .fields
        .iter()
        .find(|field| field.role != Role::Skipped);
    let Some(field) = field.filter(|field| field.construct_with.is_none()) else {
        return TokenStream::new();
    };
    let (member, ty) = (&field.member, field.ty);
    let inner = {
        let p = paths.private_at(ty.span());
        quote_spanned!(here(ty.span())=> <#ty as #p::Construct<#g>>)
    };
    quote! {
        fn construct_early(
            __d: &mut #p::Decoder<#g>,
            __late: &mut #p::LateFields,
        ) -> #p::Result<Self> {
            #early
        }

        fn fill_ref(
            __field: ::core::primitive::usize,
            __d: &mut #p::Decoder<#g>,
        ) -> #p::Result<::std::boxed::Box<dyn ::core::ops::FnOnce(&Self)>>
        where
            Self: 'static,
        {
            let __put = #inner::fill_ref(__field, __d)?;
            ::core::result::Result::Ok(::std::boxed::Box::new(move |__object: &Self| {
                __put(&__object.#member)
            }))
        }

        fn fill_mut(
            __field: ::core::primitive::usize,
            __d: &mut #p::Decoder<#g>,
        ) -> #p::Result<::std::boxed::Box<dyn ::core::ops::FnOnce(&mut Self)>>
        where
            Self: 'static,
        {
            let __put = #inner::fill_mut(__field, __d)?;
            ::core::result::Result::Ok(::std::boxed::Box::new(move |__object: &mut Self| {
                __put(&mut __object.#member)
            }))
        }
    }
}
