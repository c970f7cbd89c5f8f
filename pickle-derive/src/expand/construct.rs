//! `impl Construct` and `impl Pointee`, and `impl Flatten` for structs with named fields.
//!
//! An instance can be constructed by value, with its late fields left empty, or out of the
//! attributes of an object that it is flattened into. All three are one function, the method
//! of a trait that only the expansion knows:
//!
//! ```text
//! fn construct_with(d, late: Option<&mut LateFields>, rest: Option<&mut Rest>) -> Result<Self> {
//!     let mut fields = ...;
//!     let mut x = None;
//!     let mut next = fields.next(d)?;
//!     if next == Some(0) {
//!         x = Some(fields.value(d)?);
//!         next = fields.end_or_next(d)?;
//!     }
//!     while let Some(index) = next {
//!         match index {
//!             0 => x = Some(fields.value_of_any(d)?),
//!             _ => {}
//!         }
//!         next = fields.next(d)?;
//!     }
//!     let found = [x.is_some()];
//!     let Some(x) = x else { return Err(fields.missing(d, &found)) };
//!     Ok(Self { x })
//! }
//! ```
//!
//! The attributes of most instances are in the order of the fields, and are all read in front of the
//! loop, without a jump that depends on what comes next.
//!
//! No field's type is named there, so that a `&'a str` may be made of a `&'g str`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::class::{class, class_name};
use crate::expand::reduce::{binding, binding_at};
use crate::expand::{Paths, by_hand, generics, here, late, row, version, with};
use crate::model::{
    Conversion, DefaultValue, Fate, Field, Form, Member, Model, Record, Role, Variant, Wire,
};

pub(super) fn expand(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let Paths {
        private: p,
        root,
        lifetime: g,
        ..
    } = paths;
    let ident = model.ident;
    let generics = generics::for_construct(model, paths);
    let (parameters, _, clause) = generics.split_for_impl();
    let (_, arguments, _) = model.generics.split_for_impl();
    let pure = !is_impure(model) && !matches!(model.wire, Wire::Reduced);
    let impure = is_impure(model).then(|| quote!(#p::Decoder::impure(__d)?;));
    let mut early = None;
    let mut row = None;
    let mut rest = None;
    let by_hand = by_hand::construct(model, paths);
    let construct = match (&model.from, &model.wire) {
        (Some(from), _) => by_hand::or_persistent(model, &convert(from, paths), paths),
        _ if by_hand.is_some() => by_hand.unwrap_or_default(),
        (None, Wire::Reduced) => TokenStream::new(),
        (None, Wire::Members(members)) => with(
            &parameters,
            model,
            &clause,
            &read_member(members, paths),
            paths,
            &mut rest,
        ),
        (None, Wire::Transparent(record)) => {
            early = Some(late::transparent(model, record, paths));
            let construct = read_transparent(record, None, paths);
            by_hand::or_persistent(model, &construct, paths)
        }
        (None, Wire::Record(record)) => {
            early = late::methods(model, paths);
            row = row::methods(model, record, paths).filter(|_| impure.is_none());
            if record.named {
                rest = Some(quote! {
                    #[automatically_derived]
                    impl #parameters #p::Flatten<#g> for #ident #arguments #clause {
                        fn construct_flat(
                            __d: &mut #p::Decoder<#g>,
                            __rest: &mut #p::Rest,
                        ) -> #p::Result<Self> {
                            #impure
                            __PickleConstruct::construct_with(
                                __d,
                                ::core::option::Option::None,
                                ::core::option::Option::Some(__rest),
                            )
                        }
                    }
                });
            }
            with(
                &parameters,
                model,
                &clause,
                &read_record(record, None, paths),
                paths,
                &mut rest,
            )
        }
        (None, Wire::Variants(variants)) => {
            early = late::methods(model, paths);
            with(
                &parameters,
                model,
                &clause,
                &read_variant(variants, paths),
                paths,
                &mut rest,
            )
        }
    };
    quote! {
        #[automatically_derived]
        impl #parameters #p::Construct<#g> for #ident #arguments #clause {
            const PURE: ::core::primitive::bool = #pure;

            #row

            fn construct(__d: &mut #p::Decoder<#g>) -> #p::Result<Self> {
                #impure
                #construct
            }

            #early
        }

        #[automatically_derived]
        impl #parameters #p::Pointee<#g> for #ident #arguments #clause {
            #root::__pointee_methods!(#g);
        }

        #rest
    }
}

/// Puts `body` into `construct_with`, among the `rest` of the items, and returns the call of it.
fn with(
    parameters: &syn::ImplGenerics<'_>,
    model: &Model<'_>,
    clause: &Option<&syn::WhereClause>,
    body: &TokenStream,
    paths: &Paths,
    rest: &mut Option<TokenStream>,
) -> TokenStream {
    let Paths {
        private: p,
        lifetime: g,
        ..
    } = paths;
    let ident = model.ident;
    let (_, arguments, _) = model.generics.split_for_impl();
    let items = rest.take();
    *rest = Some(quote! {
        trait __PickleConstruct<#g>: ::core::marker::Sized {
            fn construct_with(
                __d: &mut #p::Decoder<#g>,
                __late: ::core::option::Option<&mut #p::LateFields>,
                __rest: ::core::option::Option<&mut #p::Rest>,
            ) -> #p::Result<Self>;
        }

        #[automatically_derived]
        impl #parameters __PickleConstruct<#g> for #ident #arguments #clause {
            fn construct_with(
                __d: &mut #p::Decoder<#g>,
                mut __late: ::core::option::Option<&mut #p::LateFields>,
                mut __rest: ::core::option::Option<&mut #p::Rest>,
            ) -> #p::Result<Self> {
                #body
            }
        }

        #items
    });
    let construct = quote! {
        __PickleConstruct::construct_with(
            __d,
            ::core::option::Option::None,
            ::core::option::Option::None,
        )
    };
    by_hand::or_called(model, &construct, paths)
}

/// Whether constructing the type runs functions that may have effects; or has to look for a version
/// before it reads what stands in front of it.
pub(super) fn is_impure(model: &Model<'_>) -> bool {
    let is_function =
        |default: &Option<DefaultValue>| matches!(default, Some(DefaultValue::Function(_)));
    model.impure
        || model.from.is_some()
        || model
            .records()
            .iter()
            .any(|record| is_function(&record.default) || record.version.is_some())
        || model
            .fields()
            .iter()
            .any(|field| is_function(&field.default) || field.construct_with.is_some())
}

fn convert(from: &Conversion, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let ty = &from.ty;
    let span = here(ty.span());
    let value = quote_spanned!(span=> #p::Decoder::value::<#ty>(__d)?);
    if from.fallible {
        quote_spanned! {span=>
            <Self as ::core::convert::TryFrom<#ty>>::try_from(#value)
                .map_err(#p::Error::from_source)
        }
    } else {
        quote_spanned! {span=>
            ::core::result::Result::Ok(<Self as ::core::convert::From<#ty>>::from(#value))
        }
    }
}

fn read_member(members: &[Member<'_>], paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let class = class(None, paths);
    // Aliases that are values stand behind the members.
    let aliases = members
        .iter()
        .flat_map(|member| member.alias_values.iter().map(move |_| member));
    let arms = members.iter().chain(aliases).enumerate();
    let arms = arms
        .filter(|(_, member)| member.fate != Fate::Skipped)
        .map(|(index, member)| {
            let ident = member.ident;
            quote! {
                ::core::option::Option::Some(#index) => ::core::result::Result::Ok(Self::#ident)
            }
        });
    let other = members.iter().find(|member| member.fate == Fate::Other);
    let otherwise = match other.map(|member| member.ident) {
        Some(ident) => quote!(::core::result::Result::Ok(Self::#ident)),
        None => quote! {
            ::core::result::Result::Err(#p::Decoder::unknown_variant(__d, &__class.name))
        },
    };
    quote! {
        let __class: &'static #p::Class = #class;
        match #p::Decoder::member(__d, __class, &__PICKLE_MEMBERS)? {
            #(#arms,)*
            _ => #otherwise,
        }
    }
}

fn read_variant(variants: &[Variant<'_>], paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let there = variants.iter().enumerate();
    let there = || there.clone().filter(|(_, variant)| variant.is_class());
    let classes: Vec<_> = there().map(|(index, _)| class_name(Some(index))).collect();
    let (name, classes) = if paths.instances {
        let count = classes.len();
        (
            quote!(#p::name_of::<Self>(&__PICKLE_ENUM)?),
            quote!(&#p::classes_of::<Self, #count>([#(&#classes),*])?),
        )
    } else {
        (quote!(&__PICKLE_ENUM), quote!(&[#(&#classes),*]))
    };
    let arms = there().enumerate().map(|(position, (index, variant))| {
        let read = read_record(&variant.record, Some(index), paths);
        quote!(::core::option::Option::Some(#position) => { #read })
    });
    let other = variants.iter().find(|variant| variant.fate == Fate::Other);
    let otherwise = match other.and_then(|variant| variant.record.variant) {
        Some(ident) => quote!(::core::result::Result::Ok(Self::#ident)),
        None => quote! {
            ::core::result::Result::Err(#p::Decoder::unknown_class(__d, #name))
        },
    };
    quote! {
        match #p::Decoder::variant(__d, #name, #classes)? {
            #(#arms)*
            _ => #otherwise,
        }
    }
}

/// A transparent type, whose field is what `method` makes, or else what `construct` does.
pub(super) fn read_transparent(
    record: &Record<'_>,
    method: Option<&TokenStream>,
    paths: &Paths,
) -> TokenStream {
    let g = &paths.lifetime;
    let fields = record.fields.iter().map(|field| {
        let member = &field.member;
        let value = match (field.role, &record.default) {
            (Role::Skipped, Some(_)) if field.default.is_none() => quote!(__default.#member),
            (Role::Skipped, _) => default(field),
            _ => {
                let p = paths.private_at(field.ty.span());
                match &field.construct_with {
                    Some(function) => {
                        let construct = with::call(function, &[quote!(__d)]);
                        quote_spanned!(here(function.span())=> #construct?)
                    }
                    None => match method {
                        Some(method) => quote_spanned! {here(field.ty.span())=>
                            <_ as #p::Construct<#g>>::#method?
                        },
                        None => quote_spanned! {here(field.ty.span())=>
                            #p::Decoder::value(__d)?
                        },
                    },
                }
            }
        };
        quote!(#member: #value)
    });
    let fallback = container_default(record);
    quote! {
        #fallback
        ::core::result::Result::Ok(Self { #(#fields),* })
    }
}

/// An instance of the record's class; `index` is that of the variant.
fn read_record(record: &Record<'_>, index: Option<usize>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let attributes = record.attributes();
    let bindings: Vec<Ident> = attributes.iter().map(|index| binding(*index)).collect();
    let read = |index: usize, value| read_field(index, &record.fields[index], value, paths);
    let last = attributes.len().saturating_sub(1);
    let in_order = attributes.iter().enumerate().map(|(position, index)| {
        let read = read(*index, "value");
        let next = format_ident!(
            "{}",
            if position == last {
                "end_or_next"
            } else {
                "next"
            }
        );
        quote! {
            if let ::core::option::Option::Some(#position) = __next {
                #read
                __next = #p::Fields::#next(&mut __fields, __d)?;
            }
        }
    });
    let arms = attributes.iter().enumerate().map(|(position, index)| {
        let read = read(*index, "value_of_any");
        quote!(#position => { #read })
    });
    let found = attributes.iter().map(|index| {
        let binding = binding(*index);
        if record.default.is_some() || record.fields[*index].default.is_some() {
            quote!(true)
        } else {
            quote!(::core::option::Option::is_some(&#binding))
        }
    });
    let (required, defaulted): (Vec<usize>, Vec<usize>) = attributes
        .iter()
        .partition(|index| record.default.is_none() && record.fields[**index].default.is_none());
    let required = required
        .iter()
        .map(|index| binding(*index))
        .collect::<Vec<_>>();
    let found = (!required.is_empty()).then(|| {
        let len = bindings.len();
        quote!(let __found: [::core::primitive::bool; #len] = [#(#found),*];)
    });
    let fallback = container_default(record);
    let defaulted = defaulted.into_iter().map(|index| {
        let (field, binding) = (&record.fields[index], binding(index));
        let otherwise = otherwise(record, field);
        quote! {
            let #binding = match #binding {
                ::core::option::Option::Some(__value) => __value,
                ::core::option::Option::None => #otherwise,
            };
        }
    });
    let skipped = record.fields.iter().enumerate();
    let skipped = skipped
        .filter(|(_, field)| field.role == Role::Skipped)
        .map(|(index, field)| {
            let (binding, otherwise) = (binding(index), otherwise(record, field));
            quote!(let #binding = #otherwise;)
        });
    let begin = begin(record, index, paths);
    let flattened = read_flattened(record, index, paths);
    let members = record.fields.iter().enumerate().map(|(index, field)| {
        let member = &field.member;
        let binding = match &field.construct_with {
            Some(function) => binding_at(index, here(function.span())),
            None => binding(index),
        };
        quote!(#member: #binding)
    });
    let variant = record.variant.map(|variant| quote!(::#variant));
    quote! {
        #begin
        #(let mut #bindings = ::core::option::Option::None;)*
        let mut __next = #p::Fields::next(&mut __fields, __d)?;
        #(#in_order)*
        while let ::core::option::Option::Some(__index) = __next {
            match __index {
                #(#arms)*
                _ => {}
            }
            __next = #p::Fields::next(&mut __fields, __d)?;
        }
        #found
        #(
            let ::core::option::Option::Some(#required) = #required else {
                return ::core::result::Result::Err(
                    #p::Fields::missing(&__fields, __d, &__found),
                );
            };
        )*
        #fallback
        #(#defaulted)*
        #(#skipped)*
        #flattened
        ::core::result::Result::Ok(Self #variant { #(#members),* })
    }
}

/// Finds the attributes: those of the object, or those that are left of another's.
fn begin(record: &Record<'_>, index: Option<usize>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let class = class(index, paths);
    let object = match record.form {
        Form::Dict => quote!(#p::Decoder::dict_object(__d, #class)?),
        Form::Reduce | Form::NewObj | Form::NewObjEx => {
            quote!(#p::Decoder::object(__d, #class)?)
        }
    };
    let object = if has_flattened(record) {
        quote!(#p::Fields::keep_rest(#object))
    } else {
        object
    };
    let object = version::checked(record, object, paths);
    let is_plain = record.form != Form::Dict && record.version.is_none() && !has_flattened(record);
    let otherwise = if is_plain {
        quote!(#p::Decoder::open(__d, &mut __fields)?)
    } else {
        quote!(__fields = #object)
    };
    let begin = quote!(let mut __fields = #p::Fields::of(#class););
    if can_be_flattened(record) {
        quote! {
            #begin
            match &mut __rest {
                ::core::option::Option::Some(__rest) => {
                    __fields = #p::Rest::fields(__rest, #class, __d);
                }
                ::core::option::Option::None => #otherwise,
            }
        }
    } else {
        quote!(#begin #otherwise;)
    }
}

/// Reads the field that is next; `method` makes its value, if no function of the user's does.
fn read_field(index: usize, field: &Field<'_>, method: &str, paths: &Paths) -> TokenStream {
    let p = &paths.private_at(field.ty.span());
    let binding = binding(index);
    let method = Ident::new(method, here(field.ty.span()));
    let read = match &field.construct_with {
        Some(function) => {
            let construct = with::call(function, &[quote!(__d)]);
            quote!(#p::Fields::value_with(&__fields, __d, |__d| #construct)?)
        }
        None => quote_spanned! {here(field.ty.span())=>
            #p::Fields::#method(&__fields, __d)?
        },
    };
    let value = match field.role {
        Role::Late(number) => late::defer_or(number, field, &read, paths),
        _ => read,
    };
    quote!(#binding = ::core::option::Option::Some(#value);)
}

/// The flattened fields, out of the attributes that no other field claimed.
fn read_flattened(record: &Record<'_>, index: Option<usize>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let fields = record.fields.iter().enumerate();
    let mut fields = fields
        .filter(|(_, field)| field.role == Role::Flattened)
        .peekable();
    if fields.peek().is_none() {
        // Else they are lost for the object that this one is flattened into.
        return if can_be_flattened(record) {
            quote! {
                if let ::core::option::Option::Some(__rest) = __rest {
                    #p::Rest::put_back(__rest, __fields);
                }
            }
        } else {
            TokenStream::new()
        };
    }
    let reads = fields.map(|(index, field)| {
        let (p, binding) = (paths.private_at(field.ty.span()), binding(index));
        quote_spanned! {here(field.ty.span())=>
            let #binding = #p::Flatten::construct_flat(__d, __rest)?;
        }
    });
    let class = class(index, paths);
    let deny = record.deny_unknown.then(|| {
        quote! {
            if __is_whole {
                #p::Rest::deny(__rest, #class, __d)?;
            }
        }
    });
    quote! {
        let __is_whole = ::core::option::Option::is_none(&__rest);
        let mut __own_rest;
        let __rest = match __rest {
            ::core::option::Option::Some(__rest) => {
                #p::Rest::put_back(__rest, __fields);
                __rest
            }
            ::core::option::Option::None => {
                __own_rest = #p::Fields::into_rest(__fields);
                &mut __own_rest
            }
        };
        #(#reads)*
        #deny
    }
}

fn has_flattened(record: &Record<'_>) -> bool {
    record
        .fields
        .iter()
        .any(|field| field.role == Role::Flattened)
}

fn can_be_flattened(record: &Record<'_>) -> bool {
    record.named && record.variant.is_none()
}

/// The value that the container's `default` takes missing fields from.
fn container_default(record: &Record<'_>) -> Option<TokenStream> {
    let default = match record.default.as_ref()? {
        DefaultValue::Trait => quote!(::core::default::Default::default()),
        DefaultValue::Function(path) => quote_spanned!(here(path.span())=> #path()),
    };
    let name = format_ident!("__default");
    Some(quote!(let #name: Self = #default;))
}

/// What a field is that the pickle does not have.
fn otherwise(record: &Record<'_>, field: &Field<'_>) -> TokenStream {
    if field.default.is_none() && record.default.is_some() {
        let member = &field.member;
        quote!(__default.#member)
    } else {
        default(field)
    }
}

/// The field's own default.
pub(super) fn default(field: &Field<'_>) -> TokenStream {
    match &field.default {
        Some(DefaultValue::Function(path)) => quote_spanned!(here(path.span())=> #path()),
        Some(DefaultValue::Trait) | None => {
            quote_spanned!(here(field.ty.span())=> ::core::default::Default::default())
        }
    }
}
