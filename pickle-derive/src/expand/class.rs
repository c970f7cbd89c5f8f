//! Classes: the constants that describe the type, and its registration.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Path};

use crate::attributes::Set;
use crate::expand::{Paths, here};
use crate::model::{Alias, Member, MemberValue, Model, Record, Wire};

/// The static that holds the class of variant `index`, or of a struct.
pub(super) fn class_name(index: Option<usize>) -> Ident {
    match index {
        Some(index) => format_ident!("__PICKLE_CLASS_{index}"),
        None => format_ident!("__PICKLE_CLASS"),
    }
}

/// A reference to the class of variant `index`, or of a struct: that of `Self`, if the type has
/// parameters, as each instance may have its own.
pub(super) fn class(index: Option<usize>, paths: &Paths) -> TokenStream {
    let (p, class) = (&paths.private, class_name(index));
    if paths.instances {
        quote!(#p::class_of::<Self>(&#class)?)
    } else {
        quote!(&#class)
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
        Wire::Record(record) => describe(record, None, paths),
        Wire::Reduced => {
            let name = &model.name;
            let aliases = names(&model.aliases, p);
            bare(name, &aliases, paths)
        }
        Wire::Members(members) => {
            let name = &model.name;
            let aliases = names(&model.aliases, p);
            let (discriminants, same) = discriminants(model, members);
            // Aliases that are values are further rows of the table.
            let rows = members.iter().map(|member| {
                let names = &member.names;
                let value = match &member.value {
                    MemberValue::Int(value) => quote!(Int(#value)),
                    MemberValue::Discriminant => {
                        let variant = member.ident;
                        quote!(Int(#discriminants::#variant as ::core::primitive::i128))
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
            let class = bare(name, &aliases, paths);
            quote! {
                #class
                #same
                static __PICKLE_MEMBERS: [#p::Variant; #len] = [#(#rows),*];
            }
        }
        Wire::Variants(variants) => {
            let name = &model.name;
            let classes = variants
                .iter()
                .enumerate()
                .map(|(index, variant)| describe(&variant.record, Some(index), paths));
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

/// An enum with the type's discriminants, and its declaration if it is not the type itself: which
/// instance of a generic type is meant, a static could not say.
fn discriminants(model: &Model<'_>, members: &[Member<'_>]) -> (Ident, Option<TokenStream>) {
    if model.generics.params.is_empty() {
        return (model.ident.clone(), None);
    }
    let ident = format_ident!("__PickleDiscriminants");
    let reprs = &model.reprs;
    let variants = members.iter().map(|member| {
        let variant = member.ident;
        let value = member.discriminant.map(|value| quote!(= #value));
        quote!(#variant #value)
    });
    let same = quote! {
        #(#reprs)*
        enum #ident { #(#variants),* }
    };
    let mut values = members.iter().map(|member| &member.value);
    let asked = values.any(|value| matches!(value, MemberValue::Discriminant));
    (ident, asked.then_some(same))
}

fn describe(record: &Record<'_>, index: Option<usize>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let class = class_name(index);
    let name = &record.name;
    let aliases = names(&record.aliases, p);
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

/// A class of which no attributes are known.
fn bare(name: &str, aliases: &TokenStream, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    quote! {
        static __PICKLE_CLASS: #p::Class = #p::Class {
            name: #p::QualName::new(__PICKLE_MODULE, #name),
            aliases: &[#aliases],
            fields: &[],
            positional: 0,
            deny_unknown: false,
        };
    }
}

/// The aliases as `QualName`s.
pub(crate) fn names(aliases: &[Alias], p: &Path) -> TokenStream {
    let aliases = aliases.iter().map(|Alias { module, name }| match module {
        Some(module) => quote!(#p::QualName::new(#module, #name)),
        None => quote!(#p::QualName::new(__PICKLE_MODULE, #name)),
    });
    quote!(#(#aliases),*)
}

/// What the instances of a generic type have in common, and those that are registered.
pub(super) fn generic(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let (ident, name) = (model.ident, &model.name);
    let rust = declared_as(model);
    let nested = matches!(model.wire, Wire::Variants(_));
    let classes: Vec<_> = match &model.wire {
        Wire::Variants(variants) => {
            let variants = variants.iter().enumerate();
            variants
                .filter(|(_, variant)| variant.is_class())
                .map(|(index, _)| class_name(Some(index)))
                .collect()
        }
        _ => vec![class_name(None)],
    };
    let (parameters, arguments, clause) = model.generics.split_for_impl();
    let linked = (!model.no_register).then(|| {
        quote! {
            #p::inventory::submit! {
                #p::LinkedGeneric(&__PICKLE_GENERIC)
            }
        }
    });
    let instances = model.instances.iter();
    let instances = instances.map(|instance| instance.expand(&paths.root));
    quote! {
        static __PICKLE_GENERIC: #p::Generic = #p::Generic {
            rust: #rust,
            name: #p::QualName::new(__PICKLE_MODULE, #name),
            classes: &[#(&#classes),*],
            nested: #nested,
            declared: #p::Location { file: ::core::file!(), line: ::core::line!() },
        };

        #[automatically_derived]
        impl #parameters #p::GenericInstance for #ident #arguments #clause {
            const OF: &'static #p::Generic = &__PICKLE_GENERIC;
        }

        #linked
        #(#instances)*
    }
}

/// The type with its parameters: `Wrapper<T>`.
fn declared_as(model: &Model<'_>) -> String {
    let parameters = model
        .generics
        .params
        .iter()
        .map(|parameter| match parameter {
            GenericParam::Lifetime(parameter) => parameter.lifetime.to_string(),
            GenericParam::Type(parameter) => parameter.ident.to_string(),
            GenericParam::Const(parameter) => parameter.ident.to_string(),
        });
    let parameters: Vec<_> = parameters.collect();
    format!("{}<{}>", model.ident, parameters.join(", "))
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
        for variant in variants.iter().filter(|variant| variant.is_class()) {
            aliases.push(Alias {
                module: None,
                name: variant.record.name.clone(),
            });
            aliases.extend(variant.record.aliases.iter().cloned());
        }
    }
    let aliases = (!aliases.is_empty()).then(|| {
        let aliases = names(&aliases, p);
        quote!(.with_aliases(const { &[#aliases] }))
    });
    let constructor = match &model.by_hand.constructor {
        Some(Set { value: path, .. }) => {
            let of_val = quote_spanned!(here(path.span())=> #p::RustType::of_val(&#path));
            quote!(::core::option::Option::Some(#of_val))
        }
        None => quote!(::core::option::Option::None),
    };
    let extension = model.extension.map(|code| quote!(.with_extension(#code)));
    quote! {
        #p::inventory::submit! {
            #p::LinkedClass(
                #p::Entry::new(
                    #p::QualName::new(__PICKLE_MODULE, #name),
                    #p::RustType::of::<#ident>(),
                    #p::Location { file: ::core::file!(), line: ::core::line!() },
                    #p::Target::Class { constructor: #constructor },
                )
                #aliases
                #extension
            )
        }
    }
}

/// `impl Wire`: what the type is as an argument.
pub(super) fn form(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let ident = model.ident;
    let (parameters, arguments, clause) = model.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #parameters #p::Wire for #ident #arguments #clause {
            type Form = #p::Instance<Self>;
        }
    }
}
