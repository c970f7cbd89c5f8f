//! What is registered: a class's shape on the wire, and the global table of all that were linked.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::LazyLock;

use pickle_registry::{Entry, QualName, Registry, RustType};

use crate::construct::{Constructor, Decoder};
use crate::error::Result;
use crate::instance;

/// How a Rust type looks in Python: its class, and the attributes that instances have.
///
/// The derive makes one for each type, and one for each variant of an enum with data.
#[derive(Debug)]
pub struct Class {
    /// The class's name.
    pub name: QualName<'static>,
    /// Names it had before, or has elsewhere: read, never written.
    pub aliases: &'static [QualName<'static>],
    /// The attributes, in the order in which positional arguments stand for them.
    pub fields: &'static [Field],
    /// How many of `fields`, from the first, may stand as positional arguments.
    pub positional: usize,
    /// Whether an attribute that is not in `fields` is an error. Else it is ignored.
    pub deny_unknown: bool,
}

/// One attribute of a [`Class`].
#[derive(Debug)]
pub struct Field {
    /// The attribute's name.
    pub name: &'static str,
    /// Names it had before: read, never written.
    pub aliases: &'static [&'static str],
}

/// The attribute that holds the version of an object's shape, where its type has versions.
pub(crate) const VERSION: &str = "__version__";

impl Class {
    /// Whether `name` is the class's name or one of its aliases.
    #[must_use]
    pub fn is_named(&self, name: &QualName<'_>) -> bool {
        self.name == *name || self.aliases.iter().any(|alias| alias == name)
    }

    /// Which of `fields` an attribute is.
    #[must_use]
    pub fn field(&self, attribute: &str) -> Option<usize> {
        self.fields
            .iter()
            .position(|field| field.name == attribute || field.aliases.contains(&attribute))
    }
}

/// What a registered name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A class.
    Class {
        /// The function that a call of the class is, if there is one: it is registered itself.
        constructor: Option<RustType>,
    },
    /// A function.
    Function(LinkedFunction),
}

/// What can be done with a function.
#[derive(Clone, Copy, Default)]
pub struct LinkedFunction {
    /// It can be called to make something.
    pub constructor: Option<&'static dyn MakeAny>,
    /// It can be called to set something's state.
    pub state_setter: Option<&'static dyn SetAny>,
    /// It can be held as a value, a `fn` pointer.
    pub pointer: Option<&'static (dyn Any + Send + Sync)>,
}

/// Makes a value of the arguments that a decoder stands at, whatever type it is of.
pub trait MakeAny: Send + Sync {
    /// The type.
    fn output(&self) -> RustType;

    /// Makes one and puts it into `out`, which has to be an `Option` of the type.
    ///
    /// # Errors
    ///
    /// If the arguments do not fit, or the function fails.
    fn make(&self, d: &mut Decoder<'_>, out: &mut dyn Any) -> Result<()>;
}

/// A constructor that is linked in.
#[derive(Debug)]
pub struct Make<T>(pub fn(&mut Decoder<'_>) -> Result<T>);

impl<T: 'static> MakeAny for Make<T> {
    fn output(&self) -> RustType {
        RustType::of::<T>()
    }

    fn make(&self, d: &mut Decoder<'_>, out: &mut dyn Any) -> Result<()> {
        put(out, (self.0)(d)?);
        Ok(())
    }
}

/// A constructor that is added at run time.
struct Leaked<F, T, M>(F, PhantomData<fn() -> (T, M)>);

impl<F: Constructor<T, M>, T: 'static, M: 'static> MakeAny for Leaked<F, T, M> {
    fn output(&self) -> RustType {
        RustType::of::<T>()
    }

    fn make(&self, d: &mut Decoder<'_>, out: &mut dyn Any) -> Result<()> {
        put(out, self.0.make(d)?);
        Ok(())
    }
}

fn put<T: 'static>(out: &mut dyn Any, value: T) {
    if let Some(out) = out.downcast_mut::<Option<T>>() {
        *out = Some(value);
    }
}

/// Sets a value's state, whatever type it is of.
pub trait SetAny: Send + Sync {
    /// The type.
    fn target(&self) -> RustType;

    /// Sets the state that the decoder stands at, if the value is of the type. Whether it is.
    ///
    /// # Errors
    ///
    /// If the state does not fit, or the function fails.
    fn set(&self, value: &mut dyn Any, d: &mut Decoder<'_>) -> Result<bool>;
}

/// A state setter that is linked in.
#[derive(Debug)]
pub struct Set<T>(pub fn(&mut T, &mut Decoder<'_>) -> Result<()>);

impl<T: 'static> SetAny for Set<T> {
    fn target(&self) -> RustType {
        RustType::of::<T>()
    }

    fn set(&self, value: &mut dyn Any, d: &mut Decoder<'_>) -> Result<bool> {
        match value.downcast_mut() {
            Some(value) => (self.0)(value, d).map(|()| true),
            None => Ok(false),
        }
    }
}

impl LinkedFunction {
    /// A constructor, for the rest of the program.
    pub(crate) fn leaked<T: 'static, M: 'static>(function: impl Constructor<T, M>) -> Self {
        Self {
            constructor: Some(Box::leak(Box::new(Leaked(function, PhantomData)))),
            ..Self::default()
        }
    }

    /// Whether it makes a `T`.
    pub(crate) fn makes<T: 'static>(&self) -> bool {
        let output = self.constructor.map(MakeAny::output);
        output.is_some_and(|output| output.id() == TypeId::of::<T>())
    }
}

impl std::fmt::Debug for LinkedFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkedFunction")
            .field("output", &self.constructor.map(MakeAny::output))
            .field("target", &self.state_setter.map(SetAny::target))
            .finish_non_exhaustive()
    }
}

/// A registration that the derive or an attribute submits at link time.
#[derive(Debug)]
pub struct LinkedClass(pub Entry<Target>);

inventory::collect!(LinkedClass);

/// How to make a trait object of a registered class: submitted at link time by `#[object]` on an
/// impl.
pub struct LinkedCast {
    /// The class's Rust type.
    pub class: fn() -> TypeId,
    /// The trait object's type, as `dyn Shape + Send`.
    pub object: fn() -> TypeId,
    /// A `construct::Casts<dyn Shape + Send>`; none if the class is not `Send`.
    pub casts: fn() -> Option<&'static (dyn Any + Send + Sync)>,
}

impl std::fmt::Debug for LinkedCast {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkedCast").finish_non_exhaustive()
    }
}

inventory::collect!(LinkedCast);

/// The global registry: every class whose derive was linked into the program, and those added at
/// run time.
pub(crate) fn registry() -> &'static Registry<Target> {
    static REGISTRY: LazyLock<Registry<Target>> = LazyLock::new(|| {
        let classes = inventory::iter::<LinkedClass>().map(|class| &class.0);
        Registry::new(classes.chain(instance::entries()))
    });
    &REGISTRY
}

/// The name that a function is written by: that of the class whose `constructor` it is, or its own.
pub(crate) fn function_name(function: RustType) -> Result<&'static QualName<'static>> {
    static CLASSES: LazyLock<HashMap<TypeId, &'static QualName<'static>>> = LazyLock::new(|| {
        let linked = inventory::iter::<LinkedClass>();
        linked
            .filter_map(|LinkedClass(entry)| match entry.payload() {
                Target::Class { constructor } => Some(((*constructor)?.id(), entry.name())),
                Target::Function(_) => None,
            })
            .collect()
    });
    if let Some(class) = CLASSES.get(&function.id()) {
        return Ok(class);
    }
    Ok(registry().by_type(function)?.name())
}

/// The function of that type; none if a class is registered for it.
pub(crate) fn function(rust_type: RustType) -> Result<Option<LinkedFunction>> {
    match *registry().by_type(rust_type)?.payload() {
        Target::Function(function) => Ok(Some(function)),
        Target::Class { .. } => Ok(None),
    }
}

/// One member of an enum of unit variants, which is a Python `enum.Enum`.
#[derive(Debug)]
pub struct Variant {
    /// The names that Python may know the member by.
    pub names: &'static [&'static str],
    /// The member's value.
    pub value: MemberValue,
}

/// The value of a Python enum's member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberValue {
    /// An int.
    Int(i128),
    /// A str.
    Str(&'static str),
}
