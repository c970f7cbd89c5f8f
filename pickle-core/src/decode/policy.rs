//! Which globals a pickle may name. What is not allowed is refused by its name, when the pickle is
//! parsed, whether or not anything is made of it.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use pickle_registry::QualName;

use super::Unpickler;

/// A function for [`Unpickler::find_class`].
type FindClass = dyn Fn(&QualName<'_>) -> Option<QualName<'static>> + Send + Sync;

/// The rules, if there are any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy(Option<Arc<Rules>>);

#[derive(Clone, Default)]
struct Rules {
    /// If there are some, no others are.
    allowed: Option<HashSet<QualName<'static>>>,
    denied: HashSet<QualName<'static>>,
    find_class: Option<Arc<FindClass>>,
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("allowed", &self.allowed)
            .field("denied", &self.denied)
            .finish_non_exhaustive()
    }
}

impl Policy {
    fn rules(&mut self) -> &mut Rules {
        Arc::make_mut(self.0.get_or_insert_default())
    }

    /// Whether a global may stand in a pickle.
    #[inline]
    pub(crate) fn permits(&self, name: &QualName<'_>) -> bool {
        match &self.0 {
            None => true,
            Some(rules) => rules.permit(name),
        }
    }

    /// Whether names may become others.
    pub(crate) fn renames(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|rules| rules.find_class.is_some())
    }

    /// What a global is called from here on: `None` if nobody finds it.
    pub(super) fn find_class(&self, name: &QualName<'_>) -> Option<QualName<'static>> {
        let find_class = self.0.as_ref()?.find_class.as_ref()?;
        find_class(name)
    }
}

impl Rules {
    fn permit(&self, name: &QualName<'_>) -> bool {
        // OK because the sets' names live longer than this one: they are covariant in it.
        let (allowed, denied): (Option<&HashSet<QualName<'_>>>, &HashSet<QualName<'_>>) =
            (self.allowed.as_ref(), &self.denied);
        allowed.is_none_or(|allowed| allowed.contains(name)) && !denied.contains(name)
    }
}

impl Unpickler<'_> {
    /// Allows pickles to name these globals, each a module and a qualified name, and no others but
    /// those that another call allows. Without a call, all are allowed: nothing but what the
    /// program has registered can be made of a pickle anyway.
    ///
    /// Every global counts, be it the class of an instance, a function, or one that the pickle
    /// throws away again; as do those that Python's pickler names on its own account in low
    /// protocols, such as `copyreg._reconstructor`. Names of Python 2 count as Python 3's, if they
    /// are [mapped](Unpickler::fix_imports). What a pickle must not name is reported all at once, as
    /// [`ErrorKind::Forbidden`](crate::ErrorKind::Forbidden).
    ///
    /// ```
    /// use pickle_core::{Graph, Unpickler};
    ///
    /// let careful = Unpickler::new().allow([("geometry", "Point"), ("datetime", "date")]);
    /// let error = careful.graph(b"cposix\nsystem\n(S'id'\ntR0N.").unwrap_err();
    /// assert_eq!(error.to_string(), "the pickle may not name posix.system (at byte 0)");
    /// ```
    pub fn allow<'n>(mut self, names: impl IntoIterator<Item = (&'n str, &'n str)>) -> Self {
        let rules = self.policy.rules();
        let allowed = rules.allowed.get_or_insert_default();
        allowed.extend(names.into_iter().map(owned));
        self
    }

    /// Forbids pickles to name these globals, be they [allowed](Unpickler::allow) or not.
    ///
    /// A list of what is dangerous is never complete. It grades what is seen; what may be
    /// loaded, `allow` decides.
    ///
    /// ```
    /// use pickle_core::Unpickler;
    ///
    /// let unpickler = Unpickler::new().deny([("builtins", "eval"), ("os", "system")]);
    /// assert!(unpickler.graph(b"c__builtin__\neval\n.").is_err());
    /// assert!(unpickler.graph(b"cbuiltins\nmap\n.").is_ok());
    /// ```
    pub fn deny<'n>(mut self, names: impl IntoIterator<Item = (&'n str, &'n str)>) -> Self {
        self.policy
            .rules()
            .denied
            .extend(names.into_iter().map(owned));
        self
    }

    /// Gives the unpickler a function that is asked for each global that a pickle names, before
    /// [`allow`](Unpickler::allow) and [`deny`](Unpickler::deny) are: Python's
    /// `Unpickler.find_class`. It returns the global's name, or another one that is to be taken for
    /// it, or `None` to forbid it.
    ///
    /// ```
    /// use pickle_core::{QualName, Unpickler};
    ///
    /// // All that has moved from one module to another.
    /// let unpickler = Unpickler::new().find_class(|name| {
    ///     let module = name.module().replace("old.models", "models");
    ///     Some(QualName::owned(module, name.qualname()))
    /// });
    /// let graph = unpickler.graph(b"cold.models\nUser\n.")?;
    /// assert_eq!(graph.globals().next(), Some(QualName::new("models", "User")));
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    pub fn find_class(
        mut self,
        find: impl Fn(&QualName<'_>) -> Option<QualName<'static>> + Send + Sync + 'static,
    ) -> Self {
        self.policy.rules().find_class = Some(Arc::new(find));
        self
    }
}

fn owned((module, qualname): (&str, &str)) -> QualName<'static> {
    QualName::owned(module, qualname)
}
