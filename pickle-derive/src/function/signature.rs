//! Signatures: how a function that is registered is called. What cannot be registered is an error
//! here.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{
    Attribute, Expr, FnArg, GenericParam, Lifetime, Meta, ParenthesizedGenericArguments, Pat,
    Receiver, ReceiverKind, ReturnType, Safety, Signature, Type, TypeFnPtr, TypeImplTrait,
    TypeReference,
};

use super::Kind;
use crate::errors::Errors;

/// As many as `pickle_core::Arguments` has.
const MOST_PARAMETERS: usize = 12;

/// How a function is called. All tokens can stand outside of the impl block.
pub(super) struct Call {
    /// The path of the function.
    pub(super) path: TokenStream,
    pub(super) ident: Ident,
    /// Of the signature, without bounds.
    pub(super) lifetimes: Vec<Lifetime>,
    pub(super) parameters: Vec<Parameter>,
    /// None for `impl Trait`, which nobody can write.
    pub(super) output: Option<TokenStream>,
}

pub(super) struct Parameter {
    /// Empty for a pattern, which can only be given by position.
    pub(super) name: String,
    /// The whole type.
    pub(super) ty: TokenStream,
    pub(super) passing: Passing,
    pub(super) default: Option<DefaultArgument>,
}

/// How an argument is passed.
pub(super) enum Passing {
    Value,
    /// By reference to a value of this type.
    Reference(TokenStream),
    /// The same, mutably.
    Mutable(TokenStream),
}

/// What a missing argument is.
pub(super) enum DefaultArgument {
    /// `Default::default()`.
    Trait,
    Expression(TokenStream),
}

impl Call {
    /// Takes the attributes off the parameters.
    pub(super) fn new(
        kind: Kind,
        signature: &mut Signature,
        owner: Option<&Type>,
        errors: &mut Errors,
    ) -> Self {
        let defaults: Vec<_> = signature
            .inputs
            .iter_mut()
            .map(|input| take_default(kind, input, errors))
            .collect();
        check(kind, signature, owner, errors);
        let selfless = |tokens: &dyn ToTokens| match owner {
            Some(owner) => without_self(tokens.to_token_stream(), owner),
            None => tokens.to_token_stream(),
        };
        let inputs = signature.inputs.iter().zip(defaults);
        let parameters = inputs.map(|(input, default)| {
            let (name, ty) = match input {
                FnArg::Receiver(receiver) => (String::new(), receiver_type(receiver)),
                FnArg::Typed(input) => (name(&input.pat), (*input.ty).clone()),
            };
            Parameter {
                name,
                passing: match ungrouped(&ty) {
                    Type::Reference(to) if to.mutability.is_some() => {
                        Passing::Mutable(selfless(&to.elem))
                    }
                    Type::Reference(to) => Passing::Reference(selfless(&to.elem)),
                    _ => Passing::Value,
                },
                ty: selfless(&ty),
                default: default.map(|default| match default {
                    Some(value) => DefaultArgument::Expression(selfless(&value)),
                    None => DefaultArgument::Trait,
                }),
            }
        });
        let parameters = parameters.collect();
        let ident = signature.ident.clone();
        Self {
            path: match owner {
                Some(owner) => quote!(<#owner>::#ident),
                None => ident.to_token_stream(),
            },
            ident,
            lifetimes: lifetimes(signature),
            parameters,
            output: match &signature.output {
                ReturnType::Default => Some(quote!(())),
                ReturnType::Type(_, ty) if impl_trait(ty).is_some() => None,
                ReturnType::Type(_, ty) => Some(selfless(ty)),
            },
        }
    }
}

/// `#[default]` is `Some(None)`, `#[default(expression)]` `Some(Some(expression))`.
fn take_default(kind: Kind, input: &mut FnArg, errors: &mut Errors) -> Option<Option<Expr>> {
    let attributes: &mut Vec<Attribute> = match input {
        FnArg::Receiver(receiver) => &mut receiver.attrs,
        FnArg::Typed(input) => &mut input.attrs,
    };
    let mut default = None;
    attributes.retain(|attribute| {
        if !attribute.path().is_ident("default") {
            return true;
        }
        if kind != Kind::Constructor {
            errors.on(attribute, "only a constructor's parameters have defaults");
        } else if default.is_some() {
            errors.on(attribute, "`default` is given twice");
        }
        default = match &attribute.meta {
            Meta::Path(_) => Some(None),
            Meta::List(_) => match attribute.parse_args() {
                Ok(value) => Some(Some(value)),
                Err(error) => {
                    let message = "expected one expression: `#[default(30)]`";
                    errors.at(error.span(), message);
                    None
                }
            },
            Meta::NameValue(meta) => {
                errors.on(meta, "write `#[default(...)]`");
                None
            }
        };
        false
    });
    default
}

fn check(kind: Kind, signature: &Signature, owner: Option<&Type>, errors: &mut Errors) {
    if let Some(asyncness) = &signature.asyncness {
        errors.on(
            asyncness,
            "an async function has made nothing when it returns",
        );
    }
    if let Safety::Unsafe(token) = &signature.safety {
        errors.on(
            token,
            "a pickle may call this with anything: it cannot be unsafe",
        );
    }
    if let Some(abi) = &signature.abi {
        errors.on(
            abi,
            "only Rust's own functions can be registered: wrap this in one",
        );
    }
    check_generics(kind, signature, errors);
    if let Some(receiver) = signature.receiver() {
        check_receiver(kind, receiver, owner, errors);
    }
    if owner.is_none() {
        let mut found = SelfType::default();
        found.visit_signature(signature);
        if let Some(ident) = found.0 {
            errors.on(ident, IN_IMPL);
        }
    }
    match kind {
        Kind::Constructor => check_constructor(signature, errors),
        Kind::StateSetter => check_setter(signature, errors),
        Kind::Function => {}
    }
}

const IN_IMPL: &str =
    "an attribute on a function cannot see its impl block: put `#[constructors]` on that";

fn check_generics(kind: Kind, signature: &Signature, errors: &mut Errors) {
    const CONCRETE: &str = "only one function can be registered under a name: register one without type parameters \
         that calls this one, for each type that is needed";
    for parameter in &signature.generics.params {
        match parameter {
            GenericParam::Lifetime(_) if kind == Kind::Function => {}
            GenericParam::Lifetime(_) => errors.on(
                parameter,
                "leave the lifetime out: what is borrowed here ends with the call",
            ),
            GenericParam::Type(_) | GenericParam::Const(_) => errors.on(parameter, CONCRETE),
        }
    }
    for input in &signature.inputs {
        let FnArg::Typed(input) = input else { continue };
        if let Some(found) = impl_trait(&input.ty) {
            errors.on(found, CONCRETE);
        }
    }
}

fn check_receiver(kind: Kind, receiver: &Receiver, owner: Option<&Type>, errors: &mut Errors) {
    let message = match (kind, owner) {
        (Kind::Constructor, _) => {
            "a constructor makes its type, and so has no `self` to begin with"
        }
        (_, None) => IN_IMPL,
        _ => return,
    };
    errors.on(receiver, message);
}

fn check_constructor(signature: &Signature, errors: &mut Errors) {
    if let Some(excess) = signature.inputs.iter().nth(MOST_PARAMETERS) {
        let message = format!(
            "a constructor has up to {MOST_PARAMETERS} parameters: more are better a struct's fields"
        );
        errors.on(excess, message);
    }
    for input in &signature.inputs {
        let FnArg::Typed(input) = input else { continue };
        if let Type::Reference(reference) = ungrouped(&input.ty) {
            check_reference(reference, errors);
        }
    }
    match &signature.output {
        ReturnType::Default => errors.on(&signature.ident, "a constructor returns what it makes"),
        ReturnType::Type(_, ty) => {
            if let Some(found) = borrowed(ty) {
                let message =
                    "what a constructor makes outlives its arguments: return an owned value";
                errors.on(found, message);
            }
        }
    }
}

/// A parameter that is a reference borrows from what was made for the call.
fn check_reference(reference: &TypeReference, errors: &mut Errors) {
    if let Some(mutability) = &reference.mutability {
        let message = "an argument cannot be changed: take it by value, or as a shared reference";
        errors.on(mutability, message);
    }
    if let Some(lifetime) = reference.lifetime.as_ref().filter(|l| l.ident == "static") {
        let message = "what a pickle holds does not live that long: leave the lifetime out";
        errors.on(lifetime, message);
    }
}

fn check_setter(signature: &Signature, errors: &mut Errors) {
    const SHAPE: &str = "a state setter is a `fn(&mut T, S)`, where `S` is the state";
    let mut inputs = signature.inputs.iter();
    let (Some(object), Some(state), None) = (inputs.next(), inputs.next(), inputs.next()) else {
        errors.on(&signature.ident, SHAPE);
        return;
    };
    let object_type = match object {
        FnArg::Receiver(receiver) => receiver_type(receiver),
        FnArg::Typed(input) => (*input.ty).clone(),
    };
    if !matches!(ungrouped(&object_type), Type::Reference(to) if to.mutability.is_some()) {
        errors.on(object, SHAPE);
    }
    if let FnArg::Typed(state) = state
        && let Type::Reference(reference) = ungrouped(&state.ty)
    {
        check_reference(reference, errors);
    }
}

fn receiver_type(receiver: &Receiver) -> Type {
    let this = quote_spanned!(receiver.self_token.span()=> Self);
    let tokens = match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, mutability) => {
            quote!(#and #lifetime #mutability #this)
        }
        ReceiverKind::Typed(_, ty) => return (**ty).clone(),
        _ => this,
    };
    syn::parse2(tokens).expect("a reference to `Self` is a type")
}

/// The type within what a `macro_rules!` puts around its fragments.
pub(super) fn ungrouped(mut ty: &Type) -> &Type {
    while let Type::Group(group) = ty {
        ty = &group.elem;
    }
    ty
}

/// The name that a keyword argument has.
fn name(pattern: &Pat) -> String {
    match pattern {
        Pat::Ident(pattern) => pattern.ident.unraw().to_string(),
        _ => String::new(),
    }
}

fn lifetimes(signature: &Signature) -> Vec<Lifetime> {
    let lifetimes = signature.generics.lifetimes();
    lifetimes
        .map(|parameter| parameter.lifetime.clone())
        .collect()
}

/// The tokens with the impl block's type in place of `Self`.
fn without_self(tokens: TokenStream, owner: &Type) -> TokenStream {
    let mut replaced = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let owner = owner.to_token_stream().into_iter().map(|mut token| {
                    token.set_span(token.span().located_at(ident.span()));
                    token
                });
                let owner: TokenStream = owner.collect();
                let is_path =
                    matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':');
                replaced.extend(if is_path { quote!(<#owner>) } else { owner });
            }
            TokenTree::Group(group) => {
                let inner = without_self(group.stream(), owner);
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                replaced.extend([TokenTree::Group(new)]);
            }
            token => replaced.extend([token]),
        }
    }
    replaced
}

/// The first `Self`.
#[derive(Default)]
struct SelfType(Option<Ident>);

impl<'ast> Visit<'ast> for SelfType {
    fn visit_receiver(&mut self, _: &'ast Receiver) {}

    fn visit_ident(&mut self, ident: &'ast Ident) {
        if self.0.is_none() && ident == "Self" {
            self.0 = Some(ident.clone());
        }
    }
}

/// The first `impl Trait`.
#[derive(Default)]
struct ImplTrait(Option<TokenStream>);

impl<'ast> Visit<'ast> for ImplTrait {
    fn visit_type_impl_trait(&mut self, found: &'ast TypeImplTrait) {
        self.0.get_or_insert_with(|| found.to_token_stream());
    }
}

fn impl_trait(ty: &Type) -> Option<TokenStream> {
    let mut found = ImplTrait::default();
    found.visit_type(ty);
    found.0
}

/// The first thing that is borrowed for less than `'static`. What a function in the type takes is
/// not borrowed yet.
#[derive(Default)]
struct Borrowed(Option<TokenStream>);

impl<'ast> Visit<'ast> for Borrowed {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        match &reference.lifetime {
            Some(lifetime) => self.visit_lifetime(lifetime),
            None => {
                self.0.get_or_insert_with(|| reference.to_token_stream());
            }
        }
        self.visit_type(&reference.elem);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if lifetime.ident == "_" {
            self.0.get_or_insert_with(|| lifetime.to_token_stream());
        }
    }

    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}

    fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
}

fn borrowed(ty: &Type) -> Option<TokenStream> {
    let mut found = Borrowed::default();
    found.visit_type(ty);
    found.0
}
