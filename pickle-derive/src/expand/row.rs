//! The part of `impl Construct` for types whose fields are all floats, or again such types: where
//! the fields are in the bytes of an instance.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::expand::{Paths, here};
use crate::model::{Form, Model, Record, Role};

/// Whether a type is a float, or floats, only the compiler knows: so this is there for all types
/// that might be.
pub(super) fn methods(
    model: &Model<'_>,
    record: &Record<'_>,
    paths: &Paths,
) -> Option<TokenStream> {
    let is_plain = record.named
        && record.form == Form::NewObj
        && record.version.is_none()
        && model.generics.lifetimes().next().is_none()
        && record.fields.iter().all(|field| {
            field.role == Role::State && field.construct_with.is_none() && may_be_floats(field.ty)
        });
    if !is_plain || record.fields.len() < 2 {
        return None;
    }
    let Paths {
        private: p,
        lifetime: g,
        ..
    } = paths;
    let rows = record.fields.iter().map(|field| {
        let ty = field.ty;
        let p = paths.private_at(ty.span());
        quote_spanned!(here(ty.span())=> <#ty as #p::Construct<#g>>::ROW)
    });
    let fields = record.fields.iter().map(|field| {
        let (member, p) = (&field.member, paths.private_at(field.ty.span()));
        quote_spanned!(here(field.ty.span())=> #member: #p::RowReader::field(__row)?)
    });
    Some(quote! {
        const ROW: #p::Row = #p::Row::of([#(#rows),*]);

        #[inline]
        fn from_row<const __MEMO: ::core::primitive::bool>(
            __row: &mut #p::RowReader<'_, __MEMO>,
        ) -> ::core::option::Option<Self> {
            #p::RowReader::begin(__row);
            let __value = Self { #(#fields),* };
            #p::RowReader::end(__row);
            ::core::option::Option::Some(__value)
        }
    })
}

/// Whether a type's name is not one that is known to be of something else.
fn may_be_floats(ty: &Type) -> bool {
    const OTHERS: [&str; 15] = [
        "String", "bool", "char", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
        "u64", "u128", "usize",
    ];
    let Type::Path(path) = ty else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| {
        last.arguments.is_empty() && OTHERS.iter().all(|name| last.ident != name)
    })
}
