//! Classes: the constants that describe the type, and its registration.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::expand::Paths;
use crate::model::{Alias, Fate, MemberValue, Model, Record, Wire};

/// The static that holds the class of variant `index`, or of a struct.
pub(super) fn class_name(index: Option<usize>) -> Ident {
    match index {
        Some(index) => format_ident!("__PICKLE_CLASS_{index}"),
        None => format_ident!("__PICKLE_CLASS"),
    }
}

/// The items that all impls of the type refer to: `__PICKLE_MODULE`, `__PICKLE_CLASS...`, and the
/// `__PICKLE_MEMBERS` of a Python enum.
pub(super) fn constants(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let Paths {
        private: p, root, ..
    } = paths;
    let module = match &model.module {
        Some(module) => quote!(#module),
        None => quote!(#root::__module!()),
    };
    let classes = match &model.wire {
        Wire::Transparent(_) => return TokenStream::new(),
        Wire::Record(record) => class(record, None, paths),
        Wire::Members(members) => {
            let name = &model.name;
            let aliases = names(&model.aliases, paths);
            // Aliases that are values are further rows of the table.
            let rows = members.iter().map(|member| {
                let names = &member.names;
                let value = match &member.value {
                    MemberValue::Int(value) => quote!(Int(#value)),
                    MemberValue::Discriminant => {
                        let (ident, variant) = (model.ident, member.ident);
                        quote!(Int(#ident::#variant as ::core::primitive::i128))
                    }
                    MemberValue::Str(value) => quote!(Str(#value)),
                };
                quote!(#p::Variant { names: &[#(#names),*], value: #p::MemberValue::#value })
            });
            let alias_rows = members.iter().flat_map(|member| &member.alias_values);
            let alias_rows = alias_rows.map(
                |value| quote!(#p::Variant { names: &[], value: #p::MemberValue::Str(#value) }),
            );
            let rows: Vec<_> = rows.chain(alias_rows).collect();
            let len = rows.len();
            quote! {
                static __PICKLE_CLASS: #p::Class = #p::Class {
                    name: #p::QualName::new(__PICKLE_MODULE, #name),
                    aliases: &[#aliases],
                    fields: &[],
                    positional: 0,
                    deny_unknown: false,
                };
                static __PICKLE_MEMBERS: [#p::Variant; #len] = [#(#rows),*];
            }
        }
        Wire::Variants(variants) => {
            let name = &model.name;
            let classes = variants
                .iter()
                .enumerate()
                .map(|(index, variant)| class(&variant.record, Some(index), paths));
            quote! {
                static __PICKLE_ENUM: #p::QualName<'static> =
                    #p::QualName::new(__PICKLE_MODULE, #name);
                #(#classes)*
            }
        }
    };
    quote! {
        const __PICKLE_MODULE: &::core::primitive::str = #module;
        #classes
    }
}

fn class(record: &Record<'_>, index: Option<usize>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let class = class_name(index);
    let name = &record.name;
    let aliases = names(&record.aliases, paths);
    let attributes = record.attributes();
    let positional = attributes.len();
    let fields = attributes.into_iter().map(|index| {
        let (name, aliases) = (&record.fields[index].name, &record.fields[index].aliases);
        quote!(#p::Field { name: #name, aliases: &[#(#aliases),*] })
    });
    let deny_unknown = record.deny_unknown;
    quote! {
        static #class: #p::Class = #p::Class {
            name: #p::QualName::new(__PICKLE_MODULE, #name),
            aliases: &[#aliases],
            fields: &[#(#fields),*],
            positional: #positional,
            deny_unknown: #deny_unknown,
        };
    }
}

fn names(aliases: &[Alias], paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let aliases = aliases.iter().map(|Alias { module, name }| match module {
        Some(module) => quote!(#p::QualName::new(#module, #name)),
        None => quote!(#p::QualName::new(__PICKLE_MODULE, #name)),
    });
    quote!(#(#aliases),*)
}

/// The entry in the table of all classes that are linked into a program.
pub(super) fn registration(model: &Model<'_>, paths: &Paths) -> TokenStream {
    if !model.registered {
        return TokenStream::new();
    }
    let p = &paths.private;
    let (ident, name) = (model.ident, &model.name);
    let mut aliases = model.aliases.clone();
    if let Wire::Variants(variants) = &model.wire {
        for variant in variants
            .iter()
            .filter(|variant| variant.fate != Fate::Skipped)
        {
            aliases.push(Alias {
                module: None,
                name: variant.record.name.clone(),
            });
            aliases.extend(variant.record.aliases.iter().cloned());
        }
    }
    let aliases = (!aliases.is_empty()).then(|| {
        let aliases = names(&aliases, paths);
        quote!(.with_aliases(const { &[#aliases] }))
    });
    let extension = model.extension.map(|code| quote!(.with_extension(#code)));
    quote! {
        #p::inventory::submit! {
            #p::LinkedClass(
                #p::Entry::new(
                    #p::QualName::new(__PICKLE_MODULE, #name),
                    #p::RustType::of::<#ident>(),
                    #p::Location { file: ::core::file!(), line: ::core::line!() },
                    #p::ClassEntry,
                )
                #aliases
                #extension
            )
        }
    }
}
