//! [`Registry`]: the link-time registrations, and the run-time ones over them.

use std::any::TypeId;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::near_miss;
use crate::table::Table;
use crate::{Conflict, Entry, LookupError, QualName, RustType};

/// Finds an [`Entry`] by its name or an alias, by its Rust type, or by its extension code.
///
/// # Conflicts
///
/// The entries that are linked in come from crates that need not know each other. Where two claim
/// the same name, type or extension code, looking that up is an error that tells both; everything
/// else goes on working, also what else these two claim. A test that asks for
/// [`check`](Self::check) finds such conflicts before a user does.
///
/// # Additions
///
/// [`add`](Self::add) registers at run time. What an addition claims, it is found by, whatever was
/// linked in; what it does not claim is as it was. Say the linked-in entry for type `A` is named
/// `app.A`, and an addition gives that name to type `B`. Then `app.A` finds `B`'s entry, and type
/// `A` still finds its own, whose name now means another type. Whoever is about to write an entry's
/// name can look that up in turn, as Python does, and refuse if it finds another entry.
///
/// An addition lives for the rest of the program, even once removed: registrations are few, and
/// this way a lookup gives a plain reference, as it does for those in statics.
///
/// As long as nothing has been added, or all of it has been removed, lookups take no lock.
pub struct Registry<P: 'static> {
    linked: Table<P>,
    added: RwLock<Table<P>>,
    /// Whether there is anything in `added`. Written only while the lock is held for writing.
    any_added: AtomicBool,
}

impl<P: Send + Sync + 'static> Registry<P> {
    /// A registry of the entries that are linked in, in any order.
    ///
    /// ```
    /// use pickle_registry::{Entry, Registry};
    ///
    /// let registry: Registry<()> = Registry::new([]);
    /// assert!(registry.entries().is_empty());
    /// ```
    pub fn new(linked: impl IntoIterator<Item = &'static Entry<P>>) -> Self {
        let mut table = Table::new();
        for entry in linked {
            table.insert(entry);
        }
        Registry {
            linked: table,
            added: RwLock::new(Table::new()),
            any_added: AtomicBool::new(false),
        }
    }

    /// The entry that has `name` as its name or as an alias.
    ///
    /// # Errors
    ///
    /// [`LookupError::Unknown`] if there is none, and [`LookupError::Conflict`] if there are
    /// several. To make the former, every known name is held against `name`: where it is an
    /// everyday answer, [`find_name`](Self::find_name) is faster.
    ///
    /// ```
    /// # use pickle_registry::{LookupError, QualName, Registry};
    /// let registry: Registry<()> = Registry::new([]);
    /// let name = QualName::new("app", "Point");
    /// assert!(matches!(registry.by_name(&name), Err(LookupError::Unknown { .. })));
    /// ```
    pub fn by_name(&self, name: &QualName<'_>) -> Result<&'static Entry<P>, LookupError> {
        self.find_name(name)?.ok_or_else(|| LookupError::Unknown {
            name: Box::new(name.clone().into_owned()),
            near: self.near_misses(name).into_boxed_slice(),
        })
    }

    /// The entry that registers a Rust type or function.
    ///
    /// It asks for a [`RustType`], not for a [`TypeId`], so that the error can name the type. Who
    /// has no more than a `TypeId` uses [`find_type`](Self::find_type).
    ///
    /// # Errors
    ///
    /// [`LookupError::UnknownType`] if there is none, and [`LookupError::Conflict`] if there are
    /// several.
    ///
    /// ```
    /// # use pickle_registry::{Registry, RustType};
    /// fn connect() {}
    ///
    /// let registry: Registry<()> = Registry::new([]);
    /// let error = registry.by_type(RustType::of_val(&connect)).unwrap_err();
    /// assert!(error.to_string().contains("connect is not registered"));
    /// ```
    pub fn by_type(&self, rust_type: RustType) -> Result<&'static Entry<P>, LookupError> {
        self.find_type(rust_type.id())?
            .ok_or(LookupError::UnknownType { rust_type })
    }

    /// The entry that has the extension code.
    ///
    /// # Errors
    ///
    /// [`LookupError::UnknownExtension`] if there is none, and [`LookupError::Conflict`] if there
    /// are several.
    ///
    /// ```
    /// # use pickle_registry::{LookupError, Registry};
    /// let registry: Registry<()> = Registry::new([]);
    /// assert_eq!(
    ///     registry.by_extension(240).unwrap_err(),
    ///     LookupError::UnknownExtension { code: 240 },
    /// );
    /// ```
    pub fn by_extension(&self, code: u32) -> Result<&'static Entry<P>, LookupError> {
        self.find(|table| table.by_extension(code))?
            .ok_or(LookupError::UnknownExtension { code })
    }

    /// As [`by_name`](Self::by_name), where that nobody has the name is no error. Then it costs no
    /// more than the lookup, however many names an input makes up.
    ///
    /// # Errors
    ///
    /// [`Conflict`] if several have the name.
    ///
    /// ```
    /// # use pickle_registry::{QualName, Registry};
    /// let registry: Registry<()> = Registry::new([]);
    /// assert!(registry.find_name(&QualName::new("app", "Point"))?.is_none());
    /// # Ok::<(), pickle_registry::Conflict>(())
    /// ```
    pub fn find_name(&self, name: &QualName<'_>) -> Result<Option<&'static Entry<P>>, Conflict> {
        self.find(|table| table.by_name(name))
    }

    /// As [`by_type`](Self::by_type), where that nobody registers the type is no error, or where it
    /// is known by its [`TypeId`] alone, as a `dyn Any`'s is.
    ///
    /// # Errors
    ///
    /// [`Conflict`] if several register the type.
    ///
    /// ```
    /// # use std::any::Any;
    /// # use pickle_registry::Registry;
    /// let registry: Registry<()> = Registry::new([]);
    /// let value: &dyn Any = &7;
    /// assert!(registry.find_type(value.type_id())?.is_none());
    /// # Ok::<(), pickle_registry::Conflict>(())
    /// ```
    pub fn find_type(&self, id: TypeId) -> Result<Option<&'static Entry<P>>, Conflict> {
        self.find(|table| table.by_type(id))
    }

    /// Registers at run time, over what is linked in; see [Additions](Self#additions).
    ///
    /// # Errors
    ///
    /// [`Conflict`] if another addition has the name, an alias, the type or the extension code.
    /// Then nothing has been added.
    ///
    /// ```
    /// use pickle_registry::{Conflict, Entry, Location, QualName, Registry, RustType};
    ///
    /// let registry = Registry::new([]);
    /// let name = QualName::new("builtins", "str");
    /// let entry = || Entry::new(name.clone(), RustType::of::<str>(), Location::caller(), ());
    ///
    /// let added = registry.add(entry())?;
    /// assert_eq!(registry.by_name(&name).unwrap().rust_type(), added.rust_type());
    /// assert!(registry.add(entry()).is_err());
    ///
    /// registry.remove(&name);
    /// assert!(registry.by_name(&name).is_err());
    /// # Ok::<(), Conflict>(())
    /// ```
    pub fn add(&self, entry: Entry<P>) -> Result<&'static Entry<P>, Conflict> {
        let mut added = self.write_added();
        if let Some(conflict) = added.conflict_with(&entry) {
            return Err(conflict);
        }
        let entry: &'static Entry<P> = Box::leak(Box::new(entry));
        added.insert(entry);
        self.any_added.store(true, Ordering::Release);
        Ok(entry)
    }

    /// Removes the addition whose own name (not an alias) is `name`, and returns it. What it hid
    /// shows again. What is linked in cannot be removed.
    pub fn remove(&self, name: &QualName<'_>) -> Option<&'static Entry<P>> {
        let mut added = self.write_added();
        let entry = *added.entries().iter().find(|entry| entry.name() == name)?;
        added.remove(entry);
        let any = !added.entries().is_empty();
        self.any_added.store(any, Ordering::Release);
        Some(entry)
    }

    /// All entries, by name, except those whose name has been given to an addition. Those in
    /// conflict are all there.
    pub fn entries(&self) -> Vec<&'static Entry<P>> {
        let mut entries = self.linked.entries().to_vec();
        if let Some(added) = self.read_added() {
            entries.retain(|entry| matches!(added.by_name(entry.name()), Ok(None)));
            entries.extend(added.entries());
        }
        entries.sort_by_key(|entry| (entry.name(), entry.declared()));
        entries
    }

    /// Whether no two of the entries that are linked in are in conflict. Additions never are, nor
    /// do they settle a conflict for good.
    ///
    /// # Errors
    ///
    /// All the conflicts: names, then types, then extension codes.
    ///
    /// ```
    /// # use pickle_registry::Registry;
    /// # fn registry() -> Registry<()> { Registry::new([]) }
    /// // In a test of the program that links everything:
    /// assert_eq!(registry().check(), Ok(()));
    /// ```
    pub fn check(&self) -> Result<(), Vec<Conflict>> {
        let conflicts = self.linked.conflicts();
        if conflicts.is_empty() {
            Ok(())
        } else {
            Err(conflicts)
        }
    }

    /// A few known names that `name` may be a mistake for, nearest first: another spelling or case,
    /// the same in another module, or the same text with the module ending elsewhere.
    ///
    /// `name` may be hostile: the work is in proportion to the number of entries, whatever its
    /// length.
    ///
    /// ```
    /// use pickle_registry::{Entry, Location, QualName, Registry, RustType};
    ///
    /// static POINT: Entry<()> =
    ///     Entry::new(QualName::new("app", "Point"), RustType::of::<u8>(), Location::caller(), ());
    ///
    /// let registry = Registry::new([&POINT]);
    /// let near = registry.near_misses(&QualName::new("application", "Point"));
    /// assert_eq!(near, [QualName::new("app", "Point")]);
    /// ```
    pub fn near_misses(&self, name: &QualName<'_>) -> Vec<QualName<'static>> {
        near_miss::near_misses(name, self.entries().into_iter().map(Entry::names))
    }

    /// What the additions have, or else what is linked in has.
    fn find(
        &self,
        look: impl Fn(&Table<P>) -> Result<Option<&'static Entry<P>>, Conflict>,
    ) -> Result<Option<&'static Entry<P>>, Conflict> {
        if let Some(added) = self.read_added()
            && let Some(entry) = look(&added)?
        {
            return Ok(Some(entry));
        }
        look(&self.linked)
    }

    /// `None`, without a lock, if there are no additions.
    ///
    /// A poisoned lock is taken all the same: nothing panics halfway through a change, as no code
    /// but this crate's runs under it.
    fn read_added(&self) -> Option<RwLockReadGuard<'_, Table<P>>> {
        // Acquire pairs with the Release in `add` and `remove`: who learns of an addition finds it.
        self.any_added
            .load(Ordering::Acquire)
            .then(|| self.added.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write_added(&self) -> RwLockWriteGuard<'_, Table<P>> {
        self.added.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Send + Sync + 'static> fmt::Debug for Registry<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let added = self.read_added().map_or(0, |added| added.entries().len());
        f.debug_struct("Registry")
            .field("linked", &self.linked.entries().len())
            .field("added", &added)
            .finish()
    }
}
