//! `impl Reduce`, and `impl FlattenReduce` for structs with named fields.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::class::{class, class_name};
use crate::expand::{Paths, by_hand, generics, here, version, with};
use crate::model::{Fate, Field, Form, Member, Model, Record, Role, Variant, Wire};

pub(super) fn expand(model: &Model<'_>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let ident = model.ident;
    let generics = generics::for_reduce(model, paths);
    let (parameters, _, clause) = generics.split_for_impl();
    let (_, arguments, _) = model.generics.split_for_impl();
    let mut flatten = None;
    let body = match (&model.into, &model.wire) {
        (Some(into), _) => quote_spanned! {here(into.span())=>
            let __value: #into =
                ::core::convert::Into::into(::core::clone::Clone::clone(self));
            #p::Pickler::save(__p, &__value)
        },
        (None, Wire::Record(_)) if model.by_hand.getstate.is_some() => {
            by_hand::with_state(model, paths)
        }
        (None, Wire::Record(record)) => {
            if record.named {
                let methods = flatten_methods(record, paths);
                flatten = Some(quote! {
                    #[automatically_derived]
                    impl #parameters #p::FlattenReduce for #ident #arguments #clause {
                        #methods
                    }
                });
            }
            if record.named && record.is_all_state() {
                all_state(record, paths)
            } else {
                let pattern = pattern(record);
                let write = write(record, None, paths);
                quote! {
                    let Self #pattern = self;
                    #write
                }
            }
        }
        (None, Wire::Reduced) => by_hand::reduced(model, paths),
        (None, Wire::Transparent(record)) => {
            let field = record
                .fields
                .iter()
                .find(|field| field.role != Role::Skipped);
            field.map_or_else(TokenStream::new, |field| {
                let (p, member) = (paths.private_at(field.ty.span()), &field.member);
                match &field.reduce_with {
                    Some(function) => with::reduce(function, quote!(&self.#member), paths),
                    None => {
                        quote_spanned!(here(field.ty.span())=> #p::Pickler::save(__p, &self.#member))
                    }
                }
            })
        }
        (None, Wire::Members(members)) => write_member(members, paths),
        (None, Wire::Variants(variants)) => write_variant(variants, paths),
    };
    let on_other_stack = matches!(model.wire, Wire::Record(_) | Wire::Variants(_)).then(|| {
        quote! {
            if let ::core::option::Option::Some(__reduced) =
                #p::Pickler::reduce_on_other_stack(__p, self)
            {
                return __reduced;
            }
        }
    });
    let floats = floats(model, paths);
    let as_any = generics::is_static(model.generics).then(|| {
        quote! {
            fn as_any(&self) -> ::core::option::Option<&dyn ::core::any::Any> {
                ::core::option::Option::Some(self)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #parameters #p::Reduce for #ident #arguments #clause {
            fn reduce(&self, __p: &mut #p::Pickler<'_>) -> #p::Result<()> {
                #on_other_stack
                #body
            }

            #floats
            #as_any
        }
        #flatten
    }
}

/// The variable that field `index` is bound to.
pub(super) fn binding(index: usize) -> Ident {
    format_ident!("__f{index}")
}

/// The same, where the compiler points if the field's type is not fit for what is done with it.
pub(super) fn binding_at(index: usize, span: Span) -> Ident {
    format_ident!("__f{index}", span = span)
}

/// `{ x: __f0, y: __f1, .. }`, without the fields that are skipped. It fits tuples too.
fn pattern(record: &Record<'_>) -> TokenStream {
    let bindings = record.fields.iter().enumerate();
    let bindings = bindings
        .filter(|(_, field)| field.role != Role::Skipped)
        .map(|(index, field)| {
            let (member, binding) = (&field.member, binding(index));
            quote!(#member: #binding,)
        });
    quote!({ #(#bindings)* .. })
}

/// An instance that is all state, or a dict: what `FlattenReduce` writes.
fn all_state(record: &Record<'_>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let class = class(None, paths);
    let attributes = quote!(#p::FlattenReduce::attributes(self));
    let attributes = version::counted(record, attributes);
    let version = version::write(record, &quote!(&mut __object), paths);
    let class_name = if paths.instances {
        quote!(::core::option::Option::None)
    } else {
        let name = &record.name;
        quote! {
            ::core::option::Option::Some(const { &#p::ClassName::new(__PICKLE_MODULE, #name) })
        }
    };
    let begin = match creation(record.form, paths) {
        Some(_) if record.form == Form::NewObj => quote! {
            let mut __object = #p::Pickler::instance(__p, #class, #class_name, #attributes)?;
        },
        Some(creation) => quote! {
            let mut __object = #p::Pickler::object(__p, #class, #creation, 0, 0)?;
            #p::ObjectWriter::state(&mut __object, #attributes)?;
        },
        None => quote! {
            let mut __object = #p::Pickler::dict_object(__p, #attributes)?;
        },
    };
    quote! {
        #begin
        #version
        #p::FlattenReduce::reduce_flat(self, &mut __object)?;
        #p::ObjectWriter::end(__object)
    }
}

/// An instance with arguments: its fields are bound by the record's pattern. `index` is that of the
/// variant.
fn write(record: &Record<'_>, index: Option<usize>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let class = class(index, paths);
    let creation = creation(record.form, paths);
    let with = |wanted: fn(Role) -> bool| {
        let fields = record.fields.iter().enumerate();
        fields
            .filter(move |(_, field)| wanted(field.role))
            .collect::<Vec<_>>()
    };
    let arguments = with(|role| role == Role::Argument);
    let keywords = with(|role| role == Role::Keyword);
    let state = with(|role| matches!(role, Role::State | Role::Late(_) | Role::Flattened));
    let argument_count = arguments.len();
    let keyword_count = count(&keywords, paths);
    let writes = |fields: &[(usize, &Field<'_>)]| {
        let writes = fields
            .iter()
            .map(|(index, field)| write_field(*index, field, record, paths));
        writes.collect::<TokenStream>()
    };
    let (write_arguments, write_keywords) = (writes(&arguments), writes(&keywords));
    let version = version::write(record, &quote!(__o), paths);
    let write_state = (!state.is_empty() || version.is_some()).then(|| {
        let (count, writes) = (count(&state, paths), writes(&state));
        let count = version::counted(record, count);
        let keys = keys(index, paths);
        quote! {
            #p::ObjectWriter::state(&mut __object, #count)?;
            let __o = &mut __object;
            #keys
            #version
            #writes
        }
    });
    quote! {
        let mut __object =
            #p::Pickler::object(__p, #class, #creation, #argument_count, #keyword_count)?;
        let __o = &mut __object;
        #write_arguments
        #write_keywords
        #write_state
        #p::ObjectWriter::end(__object)
    }
}

fn flatten_methods(record: &Record<'_>, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let pattern = pattern(record);
    let fields = record.fields.iter().enumerate();
    let fields: Vec<_> = fields
        .filter(|(_, field)| field.role != Role::Skipped)
        .collect();
    let varies = |field: &Field<'_>| field.role == Role::Flattened || field.skip_if.is_some();
    let bind = fields.iter().any(|(_, field)| varies(field));
    let bind = bind.then(|| quote!(let Self #pattern = self;));
    let count = count(&fields, paths);
    let keys = keys(None, paths);
    let writes = fields.iter().map(|(index, field)| {
        if matches!(field.role, Role::Argument | Role::Keyword) {
            // An argument is an attribute where its object is flattened into another.
            write_as("field_of", *index, field, record, paths)
        } else {
            write_field(*index, field, record, paths)
        }
    });
    quote! {
        fn attributes(&self) -> ::core::primitive::usize {
            #bind
            #count
        }

        #[inline]
        fn reduce_flat(&self, __o: &mut #p::ObjectWriter<'_, '_>) -> #p::Result<()> {
            let Self #pattern = self;
            #keys
            #(#writes)*
            ::core::result::Result::Ok(())
        }
    }
}

/// How many attributes some fields have at the moment.
fn count(fields: &[(usize, &Field<'_>)], paths: &Paths) -> TokenStream {
    let always = fields
        .iter()
        .filter(|(_, field)| field.role != Role::Flattened && field.skip_if.is_none())
        .count();
    let sometimes = fields.iter().filter_map(|(index, field)| {
        if field.role == Role::Flattened {
            let span = here(field.ty.span());
            let (p, binding) = (paths.private_at(span), binding_at(*index, span));
            return Some(quote_spanned!(span=> + #p::FlattenReduce::attributes(#binding)));
        }
        let skip_if = field.skip_if.as_ref()?;
        let binding = binding(*index);
        let skip = quote_spanned!(here(skip_if.span())=> #skip_if(#binding));
        Some(quote!(+ if #skip { 0 } else { 1 }))
    });
    quote!(#always #(#sometimes)*)
}

/// The words of the attributes that are written next.
fn keys(index: Option<usize>, paths: &Paths) -> TokenStream {
    let (p, class) = (&paths.private, class_name(index));
    quote!(let __keys = #p::ObjectWriter::keys(__o, &#class);)
}

/// Writes one field in its role.
fn write_field(index: usize, field: &Field<'_>, record: &Record<'_>, paths: &Paths) -> TokenStream {
    let method = match field.role {
        Role::Argument => "arg",
        Role::Keyword => "kwarg",
        Role::State => "field_of",
        Role::Late(_) => "late_of",
        Role::Flattened => {
            let span = here(field.ty.span());
            let (p, binding) = (paths.private_at(span), binding_at(index, span));
            return quote_spanned!(span=> #p::ObjectWriter::flattened(__o, #binding)?;);
        }
        Role::Skipped => return TokenStream::new(),
    };
    write_as(method, index, field, record, paths)
}

fn write_as(
    method: &str,
    index: usize,
    field: &Field<'_>,
    record: &Record<'_>,
    paths: &Paths,
) -> TokenStream {
    let name = &field.name;
    let place = method.ends_with("_of").then(|| {
        let attributes = record.attributes();
        let place = attributes.into_iter().position(|field| field == index);
        quote!(__keys, #place,)
    });
    let span = here(field.ty.span());
    let (p, binding) = (paths.private_at(span), binding_at(index, span));
    let method = Ident::new(method, span);
    let value = match &field.reduce_with {
        Some(function) => with::reduced(function, &binding, paths),
        None => quote!(#binding),
    };
    let name = match place {
        Some(_) => quote!(const { &#p::Name::new(#name) }),
        None => quote!(#name),
    };
    let write = quote_spanned! {span=>
        #p::ObjectWriter::#method(__o, #place #name, #value)?;
    };
    match &field.skip_if {
        Some(skip_if) => {
            let skip = quote_spanned!(here(skip_if.span())=> #skip_if(#binding));
            quote!(if !#skip { #write })
        }
        None => write,
    }
}

/// `reduce_slice` of a type that may be written as nothing but floats: which of its fields' types are,
/// `float_of` tells.
fn floats(model: &Model<'_>, paths: &Paths) -> Option<TokenStream> {
    let p = &paths.private;
    let has_parameters = model.generics.type_params().next().is_some()
        || model.generics.const_params().next().is_some();
    if has_parameters || model.into.is_some() || model.by_hand.getstate.is_some() {
        return None;
    }
    match &model.wire {
        Wire::Record(record) if record.form == Form::NewObj && record.version.is_none() => {
            let fields = record.fields.iter();
            let fields: Vec<_> = fields.filter(|field| field.role != Role::Skipped).collect();
            let all = fields
                .iter()
                .all(|field| field.role == Role::State && field.skip_if.is_none());
            if !all || !(1..=MOST_FLOATS).contains(&fields.len()) {
                return None;
            }
            if !fields.iter().all(|field| may_be_float(field)) {
                return None;
            }
            let class = class(None, paths);
            let floats = fields.iter().map(|field| {
                let (span, member) = (here(field.ty.span()), &field.member);
                let p = paths.private_at(field.ty.span());
                quote_spanned!(span=> #p::float_of(&__item.#member))
            });
            Some(quote! {
                fn reduce_slice(__items: &[Self], __p: &mut #p::Pickler<'_>) -> #p::Result<()> {
                    #p::Pickler::instances_of_floats(__p, #class, __items, |__item| {
                        [#(#floats),*]
                    })
                }
            })
        }
        _ => None,
    }
}

/// More floats than this in an instance are not looked for.
const MOST_FLOATS: usize = 16;

/// Whether a field's type is a name alone, as that of a float is.
fn may_be_float(field: &Field<'_>) -> bool {
    let plain = |path: &syn::Path| {
        let mut segments = path.segments.iter();
        segments.all(|segment| segment.arguments.is_none()) && !path.is_ident("String")
    };
    field.reduce_with.is_none()
        && matches!(field.ty, syn::Type::Path(ty) if ty.qself.is_none() && plain(&ty.path))
}

fn creation(form: Form, paths: &Paths) -> Option<TokenStream> {
    let p = &paths.private;
    match form {
        Form::Reduce => Some(quote!(#p::Creation::Reduce)),
        Form::NewObj => Some(quote!(#p::Creation::NewObj)),
        Form::NewObjEx => Some(quote!(#p::Creation::NewObjEx)),
        Form::Dict => None,
    }
}

fn write_member(members: &[Member<'_>], paths: &Paths) -> TokenStream {
    let p = &paths.private;
    if members.is_empty() {
        return quote!(match *self {});
    }
    let class = class(None, paths);
    let arms = members.iter().enumerate().map(|(index, member)| {
        let ident = member.ident;
        if member.fate == Fate::Skipped {
            let error = skipped(ident, paths);
            quote!(Self::#ident => return #error)
        } else {
            quote!(Self::#ident => #index)
        }
    });
    quote! {
        let __index: ::core::primitive::usize = match self { #(#arms,)* };
        #p::Pickler::member_of(__p, #class, &__PICKLE_MEMBERS, __index)
    }
}

fn write_variant(variants: &[Variant<'_>], paths: &Paths) -> TokenStream {
    let arms = variants.iter().enumerate().map(|(index, variant)| {
        let Variant { record, fate, with } = variant;
        let ident = record.variant;
        if let Some(reducer) = with {
            let bindings = (0..record.fields.len()).map(binding);
            let (pattern, reduce) = (pattern(record), by_hand::reduce(reducer, bindings, paths));
            quote!(Self::#ident #pattern => { #reduce })
        } else if *fate == Fate::Skipped {
            let error = ident.map(|ident| skipped(ident, paths));
            quote!(Self::#ident { .. } => #error)
        } else {
            let (pattern, write) = (pattern(record), write(record, Some(index), paths));
            quote!(Self::#ident #pattern => { #write })
        }
    });
    quote!(match self { #(#arms,)* })
}

/// The error that a variant marked `skip` is dumped.
fn skipped(ident: &Ident, paths: &Paths) -> TokenStream {
    let p = &paths.private;
    let message = format!("the variant `{ident}` is marked `skip` and cannot be pickled");
    quote!(::core::result::Result::Err(#p::Error::custom(#message)))
}
