//! Versions: how one is written, and what comes before the attributes of an object are read.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::{Paths, here, late};
use crate::model::{Record, Role};

/// How many attributes there are with the version, if there are `attributes` without.
pub(super) fn counted(record: &Record<'_>, attributes: TokenStream) -> TokenStream {
    match record.version {
        Some(_) => quote!(1 + #attributes),
        None => attributes,
    }
}

/// Writes the version as the first attribute.
pub(super) fn write(
    record: &Record<'_>,
    object: &TokenStream,
    paths: &Paths,
) -> Option<TokenStream> {
    let p = &paths.private;
    let number = record.version.as_ref()?.number;
    Some(quote!(#p::ObjectWriter::version(#object, #number)?;))
}

/// The `Fields` of an object that is of the type's version. For one that is of a lower version,
/// returns what it is migrated to.
pub(super) fn checked(record: &Record<'_>, object: TokenStream, paths: &Paths) -> TokenStream {
    let Some(version) = &record.version else {
        return object;
    };
    let p = &paths.private;
    let number = version.number;
    let check = match &version.migrate {
        None => quote!(#p::Fields::check_version(&__object, __d)?;),
        Some(old) => {
            let span = here(old.span());
            let (p, late_field) = (paths.private_at(span), late_field(record, paths));
            quote_spanned! {span=>
                if let ::core::option::Option::Some(__value) =
                    #p::Fields::migrated::<#old, Self>(
                        &__object,
                        __d,
                        ::core::option::Option::as_deref_mut(&mut __late),
                        #late_field,
                    )?
                {
                    return ::core::result::Result::Ok(__value);
                }
            }
        }
    };
    quote! {{
        let __object = #p::Fields::versioned(#object, #number);
        #check
        __object
    }}
}

/// A function from the place of an attribute among the class's to the number of the late field that
/// it is, and whether that is a cell.
fn late_field(record: &Record<'_>, paths: &Paths) -> TokenStream {
    let attributes = record.attributes().into_iter().enumerate();
    let arms = attributes.filter_map(|(position, index)| {
        let field = &record.fields[index];
        let Role::Late(number) = field.role else {
            return None;
        };
        let is_cell = late::is_cell(field, paths);
        Some(quote!(#position => ::core::option::Option::Some((#number, #is_cell)),))
    });
    quote! {
        |__field: ::core::primitive::usize| match __field {
            #(#arms)*
            _ => ::core::option::Option::None,
        }
    }
}
