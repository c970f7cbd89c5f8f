//! Enums: which variant an instance is of, which member of a Python enum an object is.

use pickle_registry::QualName;

use super::Decoder;
use crate::bigint;
use crate::class::{Class, MemberValue, Variant};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{NodeRef, View};

impl Decoder<'_> {
    /// Which of several classes the object is an instance of; `None` if of one that is not among
    /// `variants`.
    ///
    /// # Errors
    ///
    /// If the object is not an instance: `class` is the enum that they are variants of.
    pub fn variant(
        &mut self,
        class: &QualName<'static>,
        variants: &[&Class],
    ) -> Result<Option<usize>> {
        if let Some(variant) = self.stream.variant(variants) {
            return Ok(Some(variant));
        }
        match self.class() {
            Some(found) => Ok(variants.iter().position(|variant| variant.is_named(&found))),
            None => Err(self.wrong_type(format!("a variant of {class}"))),
        }
    }

    /// The error that an enum with data has no variant for the object's class.
    #[cold]
    #[must_use]
    pub fn unknown_class(&self, class: &QualName<'static>) -> Error {
        let found = match self.class() {
            Some(found) => found.to_string(),
            None => self.here().describe(),
        };
        self.error(ErrorKind::UnknownVariant {
            class: class.clone(),
            found,
        })
    }

    /// Which member of a Python enum the object is; `None` if it is one that is not among
    /// `variants`.
    ///
    /// # Errors
    ///
    /// If the object is not a member of `class`.
    pub fn member(&mut self, class: &'static Class, variants: &[Variant]) -> Result<Option<usize>> {
        if let Some(member) = self.stream.member(class, variants) {
            return Ok(Some(member));
        }
        match self.here().view() {
            View::Object(object) if class.is_named(&object.class()) => {
                let mut args = object.args();
                let (Some(value), None) = (args.next(), args.next()) else {
                    return Err(self.wrong_type(format!("a member of {}", class.name)));
                };
                Ok(variants.iter().position(|variant| variant.value.is(value)))
            }
            View::Object(object) => {
                let found = object.class().into_owned();
                let expected = class.name.clone();
                Err(self.error(ErrorKind::WrongClass { expected, found }))
            }
            // `Color.RED`, which some versions of Python write by name.
            View::Global(name) => {
                let member = name
                    .qualname()
                    .rsplit_once('.')
                    .and_then(|(qualname, member)| {
                        class
                            .is_named(&QualName::new(name.module(), qualname))
                            .then_some(member)
                    });
                match member {
                    Some(name) => Ok(variants.iter().position(|v| v.names.contains(&name))),
                    None => Err(self.wrong_type(format!("a member of {}", class.name))),
                }
            }
            _ => Err(self.wrong_type(format!("a member of {}", class.name))),
        }
    }

    /// The error that an enum has no such variant or member.
    #[cold]
    #[must_use]
    pub fn unknown_variant(&self, class: &QualName<'static>) -> Error {
        let found = match self.here().view() {
            View::Object(object) => object.args().next().map(NodeRef::repr),
            View::Global(name) => {
                let member = name.qualname().rsplit_once('.');
                member.map(|(_, member)| member.to_owned())
            }
            _ => None,
        };
        let found = found.unwrap_or_else(|| self.here().describe());
        self.error(ErrorKind::UnknownVariant {
            class: class.clone(),
            found,
        })
    }
}

impl MemberValue {
    fn is(&self, node: NodeRef<'_>) -> bool {
        match *self {
            Self::Int(value) => match node.view() {
                View::Int(found) => i128::from(found) == value,
                View::BigInt(bytes) => bigint::to_i128(bytes) == Some(value),
                _ => false,
            },
            Self::Str(value) => node.as_str() == Some(value),
        }
    }
}
