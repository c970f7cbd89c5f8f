//! The extension registry: codes that stand for names, in protocols 2 and above.
//!
//! Codes come from two places. Those of `#[reduce(extension = 240)]` belong to a class, are in the
//! registry of classes, and stay. Those of [`add_extension`] are here: they are for any name,
//! whether or not it is registered, and can be removed. No code or name is ever in both with
//! another meaning.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock, RwLockReadGuard};

use pickle_registry::{Conflict, Location, LookupError, QualName};

use crate::class::registry;
use crate::error::{ErrorKind, Result};

const LARGEST_CODE: u32 = 0x7fff_ffff;

/// What was added at run time.
struct Added {
    codes: BTreeMap<QualName<'static>, u32>,
    names: BTreeMap<u32, QualName<'static>>,
}

static ADDED: RwLock<Added> = RwLock::new(Added {
    codes: BTreeMap::new(),
    names: BTreeMap::new(),
});

/// Whether there is anything in `ADDED`. Written only while the lock is held for writing.
static ANY_ADDED: AtomicBool = AtomicBool::new(false);

/// Whether any class has a code of its own: all that have are linked in.
static ANY_OF_CLASSES: LazyLock<bool> = LazyLock::new(|| {
    let entries = registry().entries();
    entries.iter().any(|entry| entry.extension().is_some())
});

impl Added {
    fn code(&self, name: &QualName<'_>) -> Option<u32> {
        // OK because the map's keys live longer than the name: it is covariant in them.
        let codes: &BTreeMap<QualName<'_>, u32> = &self.codes;
        codes.get(name).copied()
    }
}

/// Why an extension code was not added or removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtensionError {
    /// A code that no pickle can hold.
    #[error("extension code {0} is out of range: codes are 1 to 0x7fffffff")]
    OutOfRange(u32),
    /// The name has another code.
    #[error("{name} cannot have extension code {code}: it has {held} already")]
    NameInUse {
        /// The name.
        name: QualName<'static>,
        /// The code that it should have.
        code: u32,
        /// The code that it has.
        held: u32,
    },
    /// The code is another name's.
    #[error("extension code {code} cannot be that of {name:#}: it is that of {holder:#} already")]
    CodeInUse {
        /// The code.
        code: u32,
        /// The name that should have it.
        name: QualName<'static>,
        /// The name that has it.
        holder: QualName<'static>,
    },
    /// The name does not have the code, so that it cannot be removed.
    #[error("{name} does not have extension code {code}")]
    NotRegistered {
        /// The name.
        name: QualName<'static>,
        /// The code.
        code: u32,
    },
    /// The code belongs to a class that is linked in, so that it cannot be removed.
    #[error(
        "extension code {code} cannot be removed: \
         it was registered together with the class {name}, at {declared}"
    )]
    OfClass {
        /// The class.
        name: QualName<'static>,
        /// The code.
        code: u32,
        /// Where the class was registered.
        declared: Location,
    },
}

/// Gives a name an extension code, 1 to 0x7fffffff, for the whole program: Python's
/// `copyreg.add_extension`.
///
/// From then on, protocols 2 and above write the code where the name would stand, and loading
/// finds the name by the code. Whoever loads such a pickle must have registered the same. The name
/// need not be that of a registered class. To add what is there already does nothing.
///
/// In protocols 2 and 3, a nested name such as `Outer.Inner` is written as if it had no code: there
/// Python writes the code, but cannot load it.
///
/// ```
/// use pickle_core::{Graph, Pickler, QualName, View, copyreg};
///
/// let name = QualName::new("app.models", "User");
/// copyreg::add_extension(&name, 0x1234)?;
///
/// let graph = Graph::parse(b"\x80\x02\x83\x34\x12.")?; // EXT2 0x1234
/// assert!(matches!(graph.root().view(), View::Global(found) if found == name));
///
/// let mut bytes = Vec::new();
/// Pickler::new(&mut bytes).protocol(2).dump(&graph)?;
/// assert_eq!(bytes, b"\x80\x02\x83\x34\x12.");
///
/// copyreg::remove_extension(&name, 0x1234)?;
/// assert!(Graph::parse(&bytes).is_err());
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Extension`] if the code is out of range, the name has another code, or the code is
/// another name's, be it from here or from `#[reduce(extension = ...)]`.
pub fn add_extension(name: &QualName<'_>, code: u32) -> Result<()> {
    if !(1..=LARGEST_CODE).contains(&code) {
        return Err(failed(ExtensionError::OutOfRange(code)));
    }
    let mut added = ADDED.write().unwrap_or_else(PoisonError::into_inner);
    let held = added.code(name);
    match held.or_else(|| of_class(name).map(|(code, _)| code)) {
        Some(held) if held == code => return Ok(()),
        Some(held) => {
            return Err(failed(ExtensionError::NameInUse {
                name: name.clone().into_owned(),
                code,
                held,
            }));
        }
        None => {}
    }
    let holder = match added.names.get(&code) {
        Some(holder) => Some(holder),
        None => class_of(code)?,
    };
    if let Some(holder) = holder {
        return Err(failed(ExtensionError::CodeInUse {
            code,
            name: name.clone().into_owned(),
            holder: holder.clone(),
        }));
    }
    added.codes.insert(name.clone().into_owned(), code);
    added.names.insert(code, name.clone().into_owned());
    ANY_ADDED.store(true, Ordering::Release);
    Ok(())
}

/// Takes from a name the extension code that [`add_extension`] gave it: Python's
/// `copyreg.remove_extension`.
///
/// # Errors
///
/// [`ErrorKind::Extension`] if the name does not have this very code, or has it from
/// `#[reduce(extension = ...)]`.
pub fn remove_extension(name: &QualName<'_>, code: u32) -> Result<()> {
    let mut added = ADDED.write().unwrap_or_else(PoisonError::into_inner);
    if added.code(name) == Some(code) {
        added.names.remove(&code);
        added.codes.retain(|_, held| *held != code);
        ANY_ADDED.store(!added.codes.is_empty(), Ordering::Release);
        return Ok(());
    }
    let name = name.clone().into_owned();
    Err(failed(match of_class(&name) {
        Some((held, declared)) if held == code => ExtensionError::OfClass {
            name,
            code,
            declared,
        },
        _ => ExtensionError::NotRegistered { name, code },
    }))
}

fn failed(error: ExtensionError) -> crate::Error {
    ErrorKind::Extension(error).into()
}

/// The code that a name is written as.
pub(crate) fn extension_code(name: &QualName<'_>) -> Option<u32> {
    if !ANY_ADDED.load(Ordering::Acquire) && !*ANY_OF_CLASSES {
        return None;
    }
    let added = read_added().and_then(|added| added.code(name));
    added.or_else(|| of_class(name).map(|(code, _)| code))
}

/// The name that a code stands for; `None` if it stands for none.
pub(crate) fn extension_name(
    code: u32,
) -> Result<Option<Cow<'static, QualName<'static>>>, Conflict> {
    if let Some(name) = read_added().and_then(|added| added.names.get(&code).cloned()) {
        return Ok(Some(Cow::Owned(name)));
    }
    Ok(class_of(code)?.map(Cow::Borrowed))
}

/// `None`, without a lock, if nothing was added.
///
/// A poisoned lock is taken all the same: no code but this module's and the registry's runs under
/// it, so that nothing panics halfway through a change.
fn read_added() -> Option<RwLockReadGuard<'static, Added>> {
    // Acquire pairs with the Release of those who write: who learns of an addition finds it.
    ANY_ADDED
        .load(Ordering::Acquire)
        .then(|| ADDED.read().unwrap_or_else(PoisonError::into_inner))
}

/// The code of the class that is written by this very name, and where that was declared. A name that
/// two classes claim is neither's: that is an error to whoever loads it.
fn of_class(name: &QualName<'_>) -> Option<(u32, Location)> {
    let class = registry().find_name(name).ok()??;
    let code = class.extension().filter(|_| class.name() == name)?;
    Some((code, class.declared()))
}

/// The name of the class that has the code.
fn class_of(code: u32) -> Result<Option<&'static QualName<'static>>, Conflict> {
    match registry().by_extension(code) {
        Ok(class) => Ok(Some(class.name())),
        Err(LookupError::Conflict(conflict)) => Err(conflict),
        Err(_) => Ok(None),
    }
}
