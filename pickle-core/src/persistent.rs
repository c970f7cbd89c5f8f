//! Persistent ids: objects that are kept outside of the pickle, which has their ids.
//!
//! [`PersistentIds`] is what a pickler asks, [`Resolvers`] what a load does. Which opcodes an id
//! takes is the pickler's business.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::sync::Arc;

use crate::construct::{ConstructOwned, Decoder, Place};
use crate::decode::Unpickler;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::arena::Node;
use crate::reduce::Reduce;

/// Functions that say which values are kept outside of the pickle, and by which ids: Python's
/// `persistent_id`, a function for each Rust type. [`Pickler::persistent_id`](crate::Pickler::persistent_id)
/// asks them.
///
/// ```
/// use pickle_core::{PersistentIds, Pickler, Reduce, Unpickler};
///
/// #[derive(Reduce)]
/// struct Blob {
///     id: u32,
/// }
///
/// #[derive(Reduce)]
/// struct User {
///     name: String,
/// }
///
/// let mut ids = PersistentIds::new()
///     .of(|blob: &Blob| Some(blob.id))
///     .of(|user: &User| Some(("user", user.name.clone())));
/// let mut bytes = Vec::new();
/// let ada = User { name: "Ada".to_owned() };
/// Pickler::new(&mut bytes).persistent_id(&mut ids).dump(&(Blob { id: 7 }, ada))?;
///
/// let unpickler = Unpickler::new()
///     .persistent_load(|id| -> pickle_core::Result<_> { Ok(Blob { id }) })
///     .persistent_load(|(_, name): (String, _)| -> pickle_core::Result<_> { Ok(User { name }) });
/// let (blob, user): (Blob, User) = unpickler.loads(&bytes)?;
/// assert_eq!((blob.id, user.name.as_str()), (7, "Ada"));
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[must_use]
pub struct PersistentIds<'a> {
    ask: Box<AskId<'a>>,
}

/// Returns the id of a value that has one.
pub(crate) type AskId<'a> = dyn FnMut(&dyn Any) -> Result<Option<Box<dyn Reduce>>> + 'a;

impl<'a> PersistentIds<'a> {
    /// No functions: nothing has an id.
    pub fn new() -> Self {
        Self {
            ask: Box::new(|_| Ok(None)),
        }
    }

    /// Adds the function for values of type `T`, in place of the one that there is. It returns an
    /// `Option` of an id, or a `Result` of that; `None` is for a value that has no id and is
    /// pickled itself.
    pub fn of<T, R>(self, mut id: impl FnMut(&T) -> R + 'a) -> Self
    where
        T: 'static,
        R: IntoPersistentId,
        Self: 'a,
    {
        let mut others = self.ask;
        Self {
            ask: Box::new(move |value| match value.downcast_ref::<T>() {
                Some(value) => id(value).into_persistent_id(),
                None => others(value),
            }),
        }
    }

    pub(crate) fn ask(&mut self) -> &mut AskId<'a> {
        &mut *self.ask
    }
}

impl Default for PersistentIds<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for PersistentIds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersistentIds").finish_non_exhaustive()
    }
}

/// What a function of [`PersistentIds`] may return: an `Option` of an id, or a `Result` of that.
/// An error is the [`source`](std::error::Error::source) of the one that `dump` returns.
#[diagnostic::on_unimplemented(
    message = "a persistent id is `Some(id)`, or a `Result` of that, not `{Self}`"
)]
pub trait IntoPersistentId {
    /// The id.
    #[doc(hidden)]
    fn into_persistent_id(self) -> Result<Option<Box<dyn Reduce>>>;
}

impl<I: Reduce + 'static> IntoPersistentId for Option<I> {
    fn into_persistent_id(self) -> Result<Option<Box<dyn Reduce>>> {
        Ok(self.map(|id| Box::new(id) as Box<dyn Reduce>))
    }
}

impl<I, E> IntoPersistentId for Result<Option<I>, E>
where
    I: Reduce + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn into_persistent_id(self) -> Result<Option<Box<dyn Reduce>>> {
        self.map_err(Error::from_source)?.into_persistent_id()
    }
}

/// What makes objects of persistent ids, by the type that it makes.
#[derive(Clone, Default)]
pub(crate) struct Resolvers(Option<Arc<Vec<Resolver>>>);

#[derive(Clone)]
struct Resolver {
    rust_type: TypeId,
    name: &'static str,
    /// A `Resolve<T>`.
    resolve: Arc<dyn Any + Send + Sync>,
}

/// Makes a `T` of the id at a place.
type Resolve<T> = Box<dyn Fn(&mut Decoder<'_>, Place) -> Result<T> + Send + Sync>;

impl Resolvers {
    fn add<T: 'static>(&mut self, resolve: Resolve<T>) {
        let resolvers = Arc::make_mut(self.0.get_or_insert_default());
        resolvers.retain(|resolver| resolver.rust_type != TypeId::of::<T>());
        resolvers.push(Resolver {
            rust_type: TypeId::of::<T>(),
            name: type_name::<T>(),
            resolve: Arc::new(resolve),
        });
    }

    fn iter(&self) -> impl Iterator<Item = &Resolver> {
        self.0.iter().flat_map(|resolvers| resolvers.iter())
    }

    fn of<T: 'static>(&self) -> Option<Arc<dyn Any + Send + Sync>> {
        let mut resolvers = self.iter();
        let found = resolvers.find(|resolver| resolver.rust_type == TypeId::of::<T>())?;
        Some(Arc::clone(&found.resolve))
    }

    /// The types that objects are made of, each with its name.
    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeId, &'static str)> {
        self.iter()
            .map(|resolver| (resolver.rust_type, resolver.name))
    }
}

impl fmt::Debug for Resolvers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.iter().map(|resolver| resolver.name);
        f.debug_list().entries(names).finish()
    }
}

impl Unpickler<'_> {
    /// Gives the unpickler a function that finds objects by their persistent ids: Python's
    /// `persistent_load`, typed. `I` is what ids are made of, `T` the type that is asked for where
    /// an id stands. There can be one function for each `T`; a later one replaces it.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use pickle_core::{Reduce, Unpickler};
    ///
    /// #[derive(Reduce)]
    /// struct Color(u32);
    ///
    /// let colors = HashMap::from([("red", 0xff0000)]);
    /// let unpickler = Unpickler::new().persistent_load(move |name: String| {
    ///     let color = colors.get(name.as_str()).ok_or_else(|| format!("no color {name}"))?;
    ///     Ok::<_, String>(Color(*color))
    /// });
    /// assert_eq!(unpickler.loads::<Color>(b"Pred\n.")?.0, 0xff0000);
    ///
    /// let error = unpickler.loads::<Vec<Color>>(b"(lPmud\na.").err().expect("no such color");
    /// assert_eq!(error.path().to_string(), "$[0]");
    /// assert_eq!(std::error::Error::source(&error).expect("ours").to_string(), "no color mud");
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// `T` may be any of
    ///
    /// - a type that derives `Reduce` and has no lifetimes, also where a trait object is asked for
    ///   that it is registered as; a type that is made of another, as a transparent one, if there
    ///   is no function for that;
    /// - what a shared pointer to such a type or trait object is: an `Arc<Blob>` of the function's
    ///   own is one that it can give out again;
    /// - a `Box` of a trait object;
    /// - the `T` of a [`Registered<T>`](crate::copyreg::Registered);
    /// - `bool`, an integer, `f64`, `String`, `Vec<u8>`, or [`Value`](crate::Value).
    ///
    /// The function is called while the value is constructed, when all of the pickle has been read
    /// and found sound: each time that an object of the pickle is met which is an id, but once
    /// for each behind shared pointers, which are then one allocation, as in Python they are
    /// one object. It may be called by several threads at a time: what is for one only, as a
    /// connection to a database, goes into a `Mutex`.
    ///
    /// In protocol 0 all ids are `str`.
    ///
    /// A [`Graph`](crate::Graph) still has the ids, as [`View::Persistent`](crate::View).
    pub fn persistent_load<I, T, E>(
        mut self,
        load: impl Fn(I) -> Result<T, E> + Send + Sync + 'static,
    ) -> Self
    where
        I: ConstructOwned,
        T: 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.resolvers.add::<T>(Box::new(move |d, id| {
            load(d.at(id, I::construct)?).map_err(Error::from_source)
        }));
        self.persistent_ids(true)
    }
}

impl Decoder<'_> {
    /// The object that the decoder stands at, if that is a persistent id, and there is a function
    /// that makes a `T` of it.
    pub(crate) fn resolve<T: 'static>(&mut self) -> Result<Option<T>> {
        let Node::Persistent(node) = self.node() else {
            return Ok(None);
        };
        let Some(resolve) = self.resolvers().of::<T>() else {
            return Ok(None);
        };
        self.impure()?;
        let resolve: &Resolve<T> = resolve
            .downcast_ref()
            .expect("it was found by the type that it makes");
        let id = Place {
            node,
            ..self.place()
        };
        let object = resolve(self, id).map_err(|error| self.located(error))?;
        Ok(Some(object))
    }

    /// The same where it is an error if there is no function.
    pub(crate) fn persistent<T: 'static>(&mut self) -> Result<T> {
        match self.resolve()? {
            Some(object) => Ok(object),
            None => Err(self.unresolved::<T>()),
        }
    }

    /// The same for what can be of another kind: `expected` is that.
    #[cold]
    pub(crate) fn resolve_or_expect<T: 'static>(&mut self, expected: &'static str) -> Result<T> {
        match self.resolve()? {
            Some(object) => Ok(object),
            None => Err(self.wrong_type(expected)),
        }
    }

    /// Whether there is a function that makes a `T` of the persistent id here.
    pub(crate) fn resolves<T: 'static>(&self) -> bool {
        matches!(self.node(), Node::Persistent(_)) && self.has_resolver::<T>()
    }

    pub(crate) fn has_resolver<T: 'static>(&self) -> bool {
        self.resolvers().of::<T>().is_some()
    }

    #[cold]
    pub(crate) fn unresolved<T: ?Sized>(&self) -> Error {
        let rust_type = type_name::<T>();
        if self.is_slot() {
            return self.wrong_type(format!("a `{rust_type}`"));
        }
        self.error(ErrorKind::NoPersistentLoad { rust_type })
    }
}
