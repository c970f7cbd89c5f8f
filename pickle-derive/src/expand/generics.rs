//! Generics: what the impls ask of the type's parameters.
//!
//! A parameter that a field's type mentions must be `Reduce` or `Construct`, and so must an
//! associated type of one. A field's type as a whole is asked for something only where its
//! parameters do not say it: `Default` and `Flatten`. Asking it of every field's type would not end
//! for types that contain themselves.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{
    GenericParam, Generics, Ident, Lifetime, LifetimeParam, Type, TypeParamBound, TypePath,
    WherePredicate, parse_quote,
};

use crate::expand::Paths;
use crate::model::{DefaultValue, Model, Role};

/// The generics of `impl Reduce`.
pub(super) fn for_reduce(model: &Model<'_>, paths: &Paths) -> Generics {
    let p = &paths.private;
    let mut bounds = Inferred::new(model.generics);
    if let Some(given) = &model.bounds.reduce {
        bounds.predicates.extend(given.value.clone());
    } else if let Some(into) = &model.into {
        bounds.whole(into, &quote!(#p::Reduce));
    } else if model.by_hand.getstate.is_some() {
        // What it returns is the compiler's business.
    } else {
        for field in model.fields() {
            if let Some(given) = &field.bounds.reduce {
                bounds.predicates.extend(given.value.clone());
                continue;
            }
            match field.role {
                Role::Skipped => {}
                Role::Flattened => bounds.whole(field.ty, &quote!(#p::FlattenReduce)),
                _ if field.reduce_with.is_some() => {}
                _ => bounds.parameters(field.ty, &quote!(#p::Reduce)),
            }
        }
    }
    bounds.apply(model.generics.clone())
}

/// The generics of `impl Construct<'g>`, with `'g`.
pub(super) fn for_construct(model: &Model<'_>, paths: &Paths) -> Generics {
    let p = &paths.private;
    let g = &paths.lifetime;
    let default = quote!(::core::default::Default);
    let mut bounds = Inferred::new(model.generics);
    if let Some(given) = &model.bounds.construct {
        bounds.predicates.extend(given.value.clone());
    } else if let Some(from) = &model.from {
        bounds.whole(&from.ty, &quote!(#p::Construct<#g>));
    } else if model.by_hand.with.is_some() || model.by_hand.setstate.is_some() {
        if !is_static(model.generics) {
            bounds.push(&quote!(Self), &quote!('static));
        }
    } else {
        let versions = model.records().into_iter();
        for migrate in versions.filter_map(|record| record.version.as_ref()?.migrate.as_ref()) {
            bounds.whole(migrate, &quote!(#p::Construct<#g>));
        }
        let has_default = model.records().iter().any(|r| r.default.is_some());
        for field in model.fields() {
            if let Some(given) = &field.bounds.construct {
                bounds.predicates.extend(given.value.clone());
                continue;
            }
            let by_trait = match (&field.default, field.role) {
                (None, Role::Skipped) => !has_default,
                (None, role) => matches!(role, Role::Late(_)),
                (Some(DefaultValue::Trait), _) => true,
                (Some(DefaultValue::Function(_)), _) => false,
            };
            if by_trait {
                bounds.whole(field.ty, &default);
            }
            match field.role {
                Role::Skipped => {}
                Role::Flattened => bounds.whole(field.ty, &quote!(#p::Flatten<#g>)),
                _ if field.construct_with.is_some() => {}
                _ => bounds.parameters(field.ty, &quote!(#p::Construct<#g>)),
            }
        }
    }
    let by_trait = |default: &Option<DefaultValue>| matches!(default, Some(DefaultValue::Trait));
    if model
        .records()
        .iter()
        .any(|record| by_trait(&record.default))
        && model.generics.type_params().next().is_some()
    {
        bounds.push(&quote!(Self), &default);
    }
    with_decoder(bounds.apply(model.generics.clone()), g)
}

/// Adds the decoder's lifetime, which outlives all others: the type may borrow for less.
pub(super) fn with_decoder(mut generics: Generics, g: &Lifetime) -> Generics {
    let lifetimes: Vec<_> = generics.lifetimes().map(|l| l.lifetime.clone()).collect();
    if !lifetimes.is_empty() {
        let clause = generics.make_where_clause();
        for lifetime in lifetimes {
            clause.predicates.push(parse_quote!(#g: #lifetime));
        }
    }
    let parameter = GenericParam::Lifetime(LifetimeParam::new(g.clone()));
    generics.params.insert(0, parameter);
    generics
}

/// A lifetime for the decoder that the item does not mention: `'g`, as documented, if it can be.
pub(super) fn decoder_lifetime(item: &impl ToTokens) -> Lifetime {
    fn mentions_g(tokens: TokenStream) -> bool {
        let mut after_quote = false;
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => mentions_g(group.stream()),
            TokenTree::Punct(punct) => {
                after_quote = punct.as_char() == '\'';
                false
            }
            TokenTree::Ident(ident) => std::mem::take(&mut after_quote) && ident == "g",
            TokenTree::Literal(_) => false,
        })
    }
    // In a `bound`, 'g stands in a literal, and is meant to be ours.
    let taken = mentions_g(item.to_token_stream());
    let name = if taken { "'__g" } else { "'g" };
    Lifetime::new(name, Span::call_site())
}

/// Whether all types that the parameters stand for are known to be `'static`.
pub(super) fn is_static(generics: &Generics) -> bool {
    let is_static = |bound: &TypeParamBound| matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static");
    let in_clause = |ident: &Ident| {
        let predicates = generics.where_clause.iter().flat_map(|c| &c.predicates);
        predicates.into_iter().any(|predicate| match predicate {
            WherePredicate::Type(predicate) => {
                matches!(&predicate.bounded_ty, Type::Path(path) if path.path.is_ident(ident))
                    && predicate.bounds.iter().any(is_static)
            }
            _ => false,
        })
    };
    generics.lifetimes().next().is_none()
        && generics
            .type_params()
            .all(|param| param.bounds.iter().any(is_static) || in_clause(&param.ident))
}

/// Predicates, as they are inferred from fields.
struct Inferred {
    parameters: HashSet<Ident>,
    predicates: Vec<WherePredicate>,
    seen: HashSet<String>,
}

impl Inferred {
    fn new(generics: &Generics) -> Self {
        Self {
            parameters: generics
                .type_params()
                .map(|param| param.ident.clone())
                .collect(),
            predicates: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Asks `bound` of each parameter that `ty` mentions.
    fn parameters(&mut self, ty: &Type, bound: &TokenStream) {
        for parameter in mentions(ty, &self.parameters) {
            self.push(&parameter, bound);
        }
    }

    /// Asks `bound` of `ty` itself, if it mentions a parameter.
    fn whole(&mut self, ty: &Type, bound: &TokenStream) {
        if !mentions(ty, &self.parameters).is_empty() {
            self.push(ty, bound);
        }
    }

    fn push(&mut self, ty: &impl ToTokens, bound: &TokenStream) {
        if self.seen.insert(quote!(#ty: #bound).to_string()) {
            self.predicates.push(parse_quote!(#ty: #bound));
        }
    }

    fn apply(self, mut generics: Generics) -> Generics {
        if !self.predicates.is_empty() {
            generics
                .make_where_clause()
                .predicates
                .extend(self.predicates);
        }
        generics
    }
}

/// The parameters in a type, and their associated types.
fn mentions(ty: &Type, parameters: &HashSet<Ident>) -> Vec<TypePath> {
    struct Mentions<'a> {
        parameters: &'a HashSet<Ident>,
        found: Vec<TypePath>,
    }

    impl<'ast> Visit<'ast> for Mentions<'_> {
        fn visit_type_path(&mut self, ty: &'ast TypePath) {
            let segments = &ty.path.segments;
            if segments
                .last()
                .is_some_and(|last| last.ident == "PhantomData")
            {
                return;
            }
            let of_parameter = match &ty.qself {
                // <T as Trait>::Assoc
                Some(qself) => match &*qself.ty {
                    Type::Path(path) => path
                        .path
                        .get_ident()
                        .is_some_and(|ident| self.parameters.contains(ident)),
                    _ => false,
                },
                // T, T::Assoc
                None => segments.first().is_some_and(|first| {
                    ty.path.leading_colon.is_none() && self.parameters.contains(&first.ident)
                }),
            };
            if of_parameter {
                self.found.push(ty.clone());
            } else {
                visit::visit_type_path(self, ty);
            }
        }
    }

    let mut mentions = Mentions {
        parameters,
        found: Vec::new(),
    };
    mentions.visit_type(ty);
    mentions.found
}
