//! `register!`, and the derive's `register(...)`: names for instances of generic types.
//!
//! ```text
//! Wrapper<i32> as "app.IntWrapper": dyn Shape, alias = "app.old:IntWrapper", extension = 240
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Ident, LitStr, Path, Token, Type, TypeParamBound, TypeTraitObject};

use crate::attributes::{self, Set};
use crate::errors::Errors;
use crate::expand::{here, output};
use crate::{parse, suggest};

/// An instance, and what it is called.
pub(crate) struct Instance {
    ty: Type,
    name: ClassName,
    aliases: Vec<ClassName>,
    extension: Option<Set<u32>>,
    objects: Vec<Object>,
}

/// A module, and the qualname in it.
struct ClassName {
    module: String,
    qualname: String,
}

/// A trait object that may be made of the instance.
struct Object {
    /// As it was written.
    bounds: TypeTraitObject,
    /// The trait without `Send` and `Sync`.
    path: Path,
}

/// `register!`, behind the path of pickle-core and a semicolon.
pub(crate) fn register(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parser = |input: ParseStream<'_>| {
        let root = input.call(Path::parse_mod_style)?;
        input.parse::<Token![;]>()?;
        Ok((root, list(input, &mut errors)))
    };
    let items = match parser.parse2(input) {
        Ok(_) if errors.any() => TokenStream::new(),
        Ok((root, instances)) => {
            let items = instances.iter().map(|instance| instance.expand(&root));
            output(&items.collect())
        }
        Err(error) => {
            errors.push(error);
            TokenStream::new()
        }
    };
    let errors = errors.into_error().map(syn::Error::into_compile_error);
    quote!(#items #errors)
}

/// Reads instances up to the input's end, those that can be read.
pub(crate) fn list(input: ParseStream<'_>, errors: &mut Errors) -> Vec<Instance> {
    let mut instances = Vec::new();
    while !input.is_empty() {
        match Instance::parse(input, errors) {
            Ok(instance) => instances.push(instance),
            Err(error) => {
                errors.push(error);
                parse::skip_to_semicolon(input);
            }
        }
    }
    instances
}

impl Instance {
    /// Reads one, and what separates it from the next.
    fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        let ty: Type = input.parse()?;
        if !input.peek(Token![as]) {
            let message = "expected `as \"module.Name\"`: the name of this type's class";
            let span = if input.is_empty() {
                ty.span()
            } else {
                input.span()
            };
            return Err(syn::Error::new(span, message));
        }
        input.parse::<Token![as]>()?;
        let name = input.parse::<LitStr>().map_err(|error| {
            let message = "expected the class's name in quotes, as in \"app.IntWrapper\"";
            syn::Error::new(error.span(), message)
        })?;
        let mut this = Instance {
            ty,
            name: ClassName::new(&name, errors),
            aliases: Vec::new(),
            extension: None,
            objects: Vec::new(),
        };
        if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            this.objects.push(Object::parse(input, errors)?);
        }
        loop {
            if input.is_empty() {
                break;
            }
            if input.peek(Token![;]) {
                input.parse::<Token![;]>()?;
                break;
            }
            if !input.peek(Token![,]) {
                let message = "expected `,` or `;` before the next type";
                return Err(syn::Error::new(input.span(), message));
            }
            input.parse::<Token![,]>()?;
            if input.peek(Token![dyn]) && !this.objects.is_empty() {
                this.objects.push(Object::parse(input, errors)?);
            } else if input.peek(Ident) && input.peek2(Token![=]) {
                this.option(input, errors)?;
            } else {
                break;
            }
        }
        Ok(this)
    }

    fn option(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let key: Ident = input.parse()?;
        match key.to_string().as_str() {
            "alias" => {
                let alias = parse::text(&key, input)?;
                self.aliases.push(ClassName::new(&alias, errors));
            }
            "extension" => {
                let code = attributes::extension(&key, input)?;
                attributes::set(&mut self.extension, &key, code, errors);
            }
            word => {
                let message = match suggest::nearest(word, ["alias", "extension"]) {
                    Some(near) => format!("unknown key `{word}`: did you mean `{near}`?"),
                    None => {
                        format!("unknown key `{word}`: an instance takes `alias` and `extension`")
                    }
                };
                return Err(syn::Error::new(key.span(), message));
            }
        }
        Ok(())
    }

    /// The registration, and the casts to trait objects.
    pub(crate) fn expand(&self, root: &Path) -> TokenStream {
        let ty = &self.ty;
        let span = here(ty.span());
        let of = quote_spanned!(span=> <#ty as #root::__private::GenericInstance>::OF);
        let p = quote!(#root::__private);
        let name = self.name.expand(root);
        let aliases = self.aliases.iter().map(|alias| alias.expand(root));
        let (extension, check) = match &self.extension {
            Some(Set { key, value }) => (
                quote!(::core::option::Option::Some(#value)),
                quote_spanned! {here(key.span())=>
                    const _: () = ::core::assert!(
                        !#of.nested,
                        "an enum with data is a class for each variant, and a code is for one",
                    );
                },
            ),
            None => (quote!(::core::option::Option::None), TokenStream::new()),
        };
        let casts = self.objects.iter().map(|object| object.expand(ty, root));
        quote! {
            #p::inventory::submit! {
                #p::LinkedInstance {
                    of: #of,
                    rust_type: #p::RustType::of::<#ty>(),
                    name: #name,
                    aliases: const { &[#(#aliases),*] },
                    extension: #extension,
                    declared: #p::Location { file: ::core::file!(), line: ::core::line!() },
                }
            }
            #check
            #(#casts)*
        }
    }
}

impl ClassName {
    /// Splits a name at its colon, or else at its last dot.
    fn new(name: &LitStr, errors: &mut Errors) -> Self {
        let text = name.value();
        let (module, qualname) = text
            .split_once(':')
            .or_else(|| text.rsplit_once('.'))
            .unwrap_or(("", &text));
        if module.is_empty() || qualname.is_empty() {
            let message = "a class is named with its module: \"app.Name\", or \"app:Outer.Name\" \
                           for one that is nested";
            errors.on(name, message);
        }
        ClassName {
            module: module.to_owned(),
            qualname: qualname.to_owned(),
        }
    }

    fn expand(&self, root: &Path) -> TokenStream {
        let ClassName { module, qualname } = self;
        quote!(#root::__private::QualName::new(#module, #qualname))
    }
}

impl Object {
    fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if !input.peek(Token![dyn]) {
            let message = "expected a trait object: `dyn Trait`";
            return Err(syn::Error::new(input.span(), message));
        }
        let bounds: TypeTraitObject = input.parse()?;
        let is_auto = |path: &Path| {
            let last = path.segments.last();
            last.is_some_and(|last| last.ident == "Send" || last.ident == "Sync")
        };
        let mut of_trait = None;
        for bound in &bounds.bounds {
            match bound {
                TypeParamBound::Trait(bound) => {
                    if !is_auto(&bound.path) {
                        of_trait.get_or_insert_with(|| bound.path.clone());
                    }
                }
                _ => {
                    let message = "a trait object that can be pickled is a `dyn Trait`, with or \
                                   without `Send` and `Sync`";
                    errors.on(bound, message);
                }
            }
        }
        match of_trait {
            Some(path) => Ok(Object { bounds, path }),
            None => {
                let message = "expected the `#[object]` trait: `dyn Trait`";
                Err(syn::Error::new_spanned(bounds, message))
            }
        }
    }

    /// The casts, and a check that the type is fit for the one that was asked for.
    fn expand(&self, ty: &Type, root: &Path) -> TokenStream {
        let Object { bounds, path } = self;
        let span = here(ty.span());
        let asked = &bounds.bounds;
        let p = quote!(#root::__private);
        let is = quote_spanned!(span=> __is::<#ty>);
        let object = quote_spanned!(here(bounds.span())=> __object::<#bounds>);
        quote! {
            const _: fn() = {
                fn __is<__T>()
                where
                    __T: #asked + for<'__g> #p::Construct<'__g> + 'static,
                {
                }
                fn __object<__O: ?::core::marker::Sized + for<'__g> #p::Pointee<'__g>>() {}
                let _: fn() = #object;
                #is
            };
            #root::__link_casts! { #ty =>
                #path [],
                #path [Send],
                #path [Send Sync],
            }
        }
    }
}
