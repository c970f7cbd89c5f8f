//! [`Table`]: one layer of registrations. Knows no locks, and no other layers.

use std::any::TypeId;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::hash::Hash;

use crate::{Claim, Claimant, Conflict, Entry, QualName};

/// Entries by whatever they claim. What several claim is kept, and is an error when it is looked
/// up.
pub(crate) struct Table<P: 'static> {
    entries: Vec<&'static Entry<P>>,
    // A lookup's name lives for less than 'static. OK because the map is covariant in its key,
    // whose lifetime shrinks to that of the name.
    names: HashMap<&'static QualName<'static>, Claimants<P>>,
    types: HashMap<TypeId, Claimants<P>>,
    extensions: HashMap<u32, Claimants<P>>,
}

type Lookup<P> = Result<Option<&'static Entry<P>>, Conflict>;

impl<P: 'static> Table<P> {
    pub(crate) fn new() -> Self {
        Table {
            entries: Vec::new(),
            names: HashMap::new(),
            types: HashMap::new(),
            extensions: HashMap::new(),
        }
    }

    pub(crate) fn entries(&self) -> &[&'static Entry<P>] {
        &self.entries
    }

    pub(crate) fn by_name(&self, name: &QualName<'_>) -> Lookup<P> {
        only(self.names.get(&name), |_| {
            Claim::Name(name.clone().into_owned())
        })
    }

    pub(crate) fn by_type(&self, id: TypeId) -> Lookup<P> {
        only(self.types.get(&id), |entry| Claim::Type(entry.rust_type()))
    }

    pub(crate) fn by_extension(&self, code: u32) -> Lookup<P> {
        only(self.extensions.get(&code), |_| Claim::Extension(code))
    }

    /// Adds `entry`, whether or not others claim the same.
    pub(crate) fn insert(&mut self, entry: &'static Entry<P>) {
        if !claim(&mut self.names, entry.name(), entry) {
            return;
        }
        for alias in entry.aliases() {
            claim(&mut self.names, alias, entry);
        }
        claim(&mut self.types, entry.rust_type().id(), entry);
        if let Some(code) = entry.extension() {
            claim(&mut self.extensions, code, entry);
        }
        self.entries.push(entry);
    }

    /// The first claim of `entry`, which is not in the table, that one in the table makes too.
    pub(crate) fn conflict_with(&self, entry: &Entry<P>) -> Option<Conflict> {
        let name = entry.names().find_map(|name| {
            let claimants = self.names.get(name)?;
            Some((Claim::Name(name.clone()), claimants))
        });
        let rust_type = || {
            let claimants = self.types.get(&entry.rust_type().id())?;
            Some((Claim::Type(entry.rust_type()), claimants))
        };
        let extension = || {
            let code = entry.extension()?;
            Some((Claim::Extension(code), self.extensions.get(&code)?))
        };
        let (claim, claimants) = name.or_else(rust_type).or_else(extension)?;
        let held = claimants.all().map(Claimant::from);
        Some(Conflict::new(claim, held.chain([Claimant::from(entry)])))
    }

    /// Removes what `insert` put in. Only where there are no conflicts: it frees every claim.
    pub(crate) fn remove(&mut self, entry: &'static Entry<P>) {
        self.entries.retain(|&held| !std::ptr::eq(held, entry));
        for name in entry.names() {
            self.names.remove(name);
        }
        self.types.remove(&entry.rust_type().id());
        if let Some(code) = entry.extension() {
            self.extensions.remove(&code);
        }
    }

    /// What more than one entry claims: names first, then types, then extension codes.
    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_unstable_by_key(|&(name, _)| *name);
        let mut types: Vec<_> = self.types.values().collect();
        types.sort_by_key(|claimants| {
            let first = claimants.first;
            (first.rust_type().name(), first.declared())
        });
        let mut extensions: Vec<_> = self.extensions.iter().collect();
        extensions.sort_unstable_by_key(|&(code, _)| *code);

        let names = names
            .into_iter()
            .filter_map(|(&name, claimants)| claimants.conflict(|_| Claim::Name(name.clone())));
        let types = types
            .into_iter()
            .filter_map(|claimants| claimants.conflict(|entry| Claim::Type(entry.rust_type())));
        let extensions = extensions
            .into_iter()
            .filter_map(|(&code, claimants)| claimants.conflict(|_| Claim::Extension(code)));
        names.chain(types).chain(extensions).collect()
    }
}

/// The entries, at least one, that make the same claim.
struct Claimants<P: 'static> {
    first: &'static Entry<P>,
    others: Vec<&'static Entry<P>>,
}

impl<P: 'static> Claimants<P> {
    fn all(&self) -> impl Iterator<Item = &'static Entry<P>> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    fn conflict(&self, claim: impl FnOnce(&Entry<P>) -> Claim) -> Option<Conflict> {
        if self.others.is_empty() {
            return None;
        }
        let all = self.all().map(Claimant::from);
        Some(Conflict::new(claim(self.first), all))
    }
}

fn only<P: 'static>(
    claimants: Option<&Claimants<P>>,
    claim: impl FnOnce(&Entry<P>) -> Claim,
) -> Lookup<P> {
    let Some(claimants) = claimants else {
        return Ok(None);
    };
    match claimants.conflict(claim) {
        None => Ok(Some(claimants.first)),
        Some(conflict) => Err(conflict),
    }
}

/// Whether the claim is new: an entry that makes it twice is in no conflict with itself.
fn claim<K: Eq + Hash, P: 'static>(
    claims: &mut HashMap<K, Claimants<P>>,
    key: K,
    entry: &'static Entry<P>,
) -> bool {
    match claims.entry(key) {
        Slot::Vacant(slot) => {
            slot.insert(Claimants {
                first: entry,
                others: Vec::new(),
            });
            true
        }
        Slot::Occupied(mut slot) => {
            let claimants = slot.get_mut();
            let new = claimants.all().all(|held| !std::ptr::eq(held, entry));
            if new {
                claimants.others.push(entry);
            }
            new
        }
    }
}
