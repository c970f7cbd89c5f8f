//! What can go wrong, and how it is said.

use std::borrow::Cow;

use pickle_registry::{Location, LookupError, QualName};

use crate::copyreg::ExtensionError;
use crate::pickletools::Finding;

/// What went wrong. The `Display` text is a part of [`Error`](crate::Error)'s.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    // The stream.
    /// The bytes end between two opcodes, before STOP: Python's `EOFError`.
    #[error("the pickle ends before its STOP opcode")]
    Eof,
    /// The bytes end inside an opcode's argument or inside a frame.
    #[error("the pickle is truncated: {needed} bytes were announced, {available} are left")]
    Truncated {
        /// How many bytes were announced.
        needed: u64,
        /// How many are left.
        available: u64,
    },
    /// The line that an opcode's argument should be has no end.
    #[error("the pickle is truncated: {opcode} needs a line that ends in a newline")]
    NoNewline {
        /// Name of the opcode.
        opcode: &'static str,
    },
    /// A byte that is no opcode.
    #[error("byte {0:#04x} is not an opcode")]
    UnknownOpcode(u8),
    /// More objects than a graph has room for, in one pickle or in those that share a memo.
    #[error("the pickle has more than 2^31 objects")]
    TooLarge,
    /// A PROTO above 5.
    #[error("pickle protocol {0} is not supported: 5 is the highest")]
    UnsupportedProtocol(u64),
    /// An opcode's argument is not what it has to be.
    #[error("{opcode} has a bad argument: {reason}")]
    BadArgument {
        /// Name of the opcode.
        opcode: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An opcode needs more operands than the stack, above the topmost mark, has.
    #[error("{opcode} finds too few operands on the stack")]
    StackUnderflow {
        /// Name of the opcode.
        opcode: &'static str,
    },
    /// An opcode needs a mark and there is none.
    #[error("{opcode} finds no mark on the stack")]
    NoMark {
        /// Name of the opcode.
        opcode: &'static str,
    },
    /// An operand on the stack is of the wrong type.
    #[error("{opcode} needs {expected}, but found {found}")]
    BadOperand {
        /// Name of the opcode.
        opcode: &'static str,
        /// What it needs.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A dict key or a set item that Python cannot hash.
    #[error("{found} cannot be a dict key or a set item: it is not hashable")]
    Unhashable {
        /// Python's name of the type.
        found: &'static str,
    },
    /// A GET of what was never PUT.
    #[error("memo index {0} was never stored")]
    MemoMiss(u64),
    /// A Python 2 `str` that the chosen encoding cannot decode.
    #[error(
        "a Python 2 str is not {encoding}: choose another `encoding`, such as latin-1 or bytes"
    )]
    Undecodable {
        /// The encoding that was chosen.
        encoding: &'static str,
    },
    /// An extension code that nobody registered.
    #[error("extension code {0} is not registered: `copyreg::add_extension` gives it to a name")]
    UnknownExtension(i64),
    /// Globals that the pickle was forbidden to name, by
    /// [`Unpickler::allow`](crate::Unpickler::allow) and its like: all that it names. The error's
    /// offset is that of the first.
    #[error("the pickle may not name {}", forbidden(globals))]
    Forbidden {
        /// Each with the offset of the opcode that first names it.
        globals: Vec<(QualName<'static>, usize)>,
    },
    /// A persistent id in a pickle whose loader was given no meaning for them.
    #[error(
        "the pickle holds a persistent id, but no `Unpickler::persistent_load` was given to resolve it"
    )]
    PersistentId,
    /// A persistent id where a Rust type is asked for that nothing was given to resolve it to.
    #[error(
        "the pickle has a persistent id for a `{rust_type}`: `Unpickler::persistent_load` needs a \
         function that returns one"
    )]
    NoPersistentLoad {
        /// The Rust type asked for.
        rust_type: &'static str,
    },
    /// A persistent id where a trait object is asked for that can be made by two functions.
    #[error(
        "the pickle has a persistent id for a `{object}`, which may be a `{one}` or a `{other}`: \
         `Unpickler::persistent_load` needs a function that returns the trait object"
    )]
    AmbiguousPersistentLoad {
        /// The trait object asked for.
        object: &'static str,
        /// What one function returns.
        one: &'static str,
        /// What another one does.
        other: &'static str,
    },
    /// NEXT_BUFFER in a pickle whose loader was given no more buffers.
    #[error(
        "the pickle refers to out-of-band buffer {index}, but only {given} were given to `Unpickler::buffers`"
    )]
    MissingBuffer {
        /// Which buffer, from 0.
        index: usize,
        /// How many the loader was given.
        given: usize,
    },
    /// Opcodes that can be read but do not fit together, as a disassembler sees it.
    #[error(transparent)]
    Unsound(Finding),
    /// A limit of [`Limits`](crate::Limits) was met.
    #[error("{limit} exceeds the limit of {value}: `Limits::{setter}` raises it")]
    LimitExceeded {
        /// What is limited.
        limit: &'static str,
        /// The limit's value.
        value: u64,
        /// The method of [`Limits`](crate::Limits) that sets it.
        setter: &'static str,
    },

    // From an object in the pickle to a Rust value.
    /// The object is not of a type that the Rust type can be made of.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What the Rust type is made of.
        expected: Cow<'static, str>,
        /// What the pickle has: type, and value if that is short.
        found: String,
    },
    /// A number that does not fit.
    #[error("{value} does not fit {target}")]
    OutOfRange {
        /// The number, shortened if it is long.
        value: String,
        /// The Rust type.
        target: &'static str,
    },
    /// Too many or too few items.
    #[error("expected {expected} items, found {found}")]
    WrongLength {
        /// How many the Rust type holds.
        expected: usize,
        /// How many the pickle has.
        found: usize,
    },
    /// An instance without attributes that the Rust type needs.
    #[error("{class} lacks {}", quoted(names))]
    MissingAttributes {
        /// The class.
        class: QualName<'static>,
        /// The attributes.
        names: Vec<&'static str>,
    },
    /// An instance with an attribute that the Rust type refuses.
    #[error("{class} has no attribute `{}`", name.escape_debug())]
    UnknownAttribute {
        /// The class.
        class: QualName<'static>,
        /// The attribute, shortened if it is long.
        name: String,
    },
    /// More positional arguments than the Rust type has fields.
    #[error("{class} takes {expected} positional arguments, found {found}")]
    TooManyArguments {
        /// The class.
        class: QualName<'static>,
        /// How many it takes.
        expected: usize,
        /// How many the pickle has.
        found: usize,
    },
    /// An instance of a version that is higher than the Rust type's.
    #[error(
        "{class} is of version {found}, which a newer program wrote: version {known} is the highest \
         that this one knows"
    )]
    NewerVersion {
        /// The class.
        class: QualName<'static>,
        /// The version in the pickle.
        found: u64,
        /// The Rust type's version.
        known: u64,
    },
    /// An instance of a lower version than the Rust type's, which no `migrate` leads to.
    #[error(
        "{class} is of version {found}, which nothing migrates to version {known}: `migrate` names \
         the type that reads it"
    )]
    OlderVersion {
        /// The class.
        class: QualName<'static>,
        /// The version in the pickle.
        found: u64,
        /// The Rust type's version.
        known: u64,
    },
    /// An instance of a lower version whose conversion failed: the user's error is the source.
    #[error("{class} could not be migrated from {} to version {known}", version(*found))]
    Migration {
        /// The class.
        class: QualName<'static>,
        /// The version in the pickle, if it says one.
        found: Option<u64>,
        /// The Rust type's version.
        known: u64,
    },
    /// An instance of another class.
    #[error("expected {expected}, found {found}")]
    WrongClass {
        /// The class asked for.
        expected: QualName<'static>,
        /// The class in the pickle.
        found: QualName<'static>,
    },
    /// An enum that has no such variant.
    #[error("{class} has no variant {found}")]
    UnknownVariant {
        /// The enum.
        class: QualName<'static>,
        /// Name or value of the variant.
        found: String,
    },
    /// A class that is registered, but not as implementing the trait asked for.
    #[error("{class} is not registered as `{object}`: is its impl marked `#[object]`?")]
    NotOfTrait {
        /// The class.
        class: QualName<'static>,
        /// The trait object asked for.
        object: &'static str,
    },
    /// A class that every instance of a generic type has that is not registered by
    /// [`register!`](crate::register), where the class has to say which Rust type to make.
    #[error(
        "{class} is the class of every `{generic}` (declared at {declared}) and does not say which \
         one to make: give each a class of its own, as in \
         `pickle_core::register!({generic} as \"app.Name\": {object})`"
    )]
    GenericClass {
        /// The class.
        class: QualName<'static>,
        /// The generic type.
        generic: &'static str,
        /// Where that is declared.
        declared: Location,
        /// The trait object asked for.
        object: &'static str,
    },
    /// A name that is not registered, or twice.
    #[error(transparent)]
    Lookup(LookupError),
    /// A name that is called and is a class, or a function, that no constructor stands for.
    #[error(
        "{class} cannot be called: its type needs `constructor = path`, or it is no `#[constructor]`"
    )]
    NoConstructor {
        /// The name.
        class: QualName<'static>,
    },
    /// A function that makes, or takes the state of, another type than the one asked for.
    #[error("{function} is for `{makes}`, not for `{expected}`")]
    WrongOutput {
        /// The function.
        function: QualName<'static>,
        /// The Rust type that it is for.
        makes: &'static str,
        /// The Rust type asked for.
        expected: &'static str,
    },
    /// A function whose `fn` pointer type is not the one asked for, or that has none.
    #[error("{function} is no `{expected}`")]
    WrongSignature {
        /// The function.
        function: QualName<'static>,
        /// The type asked for.
        expected: &'static str,
    },
    /// A call whose arguments do not fit the function's parameters.
    #[error("{function} is called wrongly: its argument `{}` {reason}", argument.escape_debug())]
    BadCall {
        /// The function.
        function: QualName<'static>,
        /// The argument's name, shortened if it is long.
        argument: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A state, or items, that were added to an object of a type that takes none.
    #[error("`{rust_type}` has no place for the {what} in the pickle: it needs `{key}`")]
    NoPlaceFor {
        /// What was added.
        what: &'static str,
        /// The Rust type.
        rust_type: &'static str,
        /// The key of `#[reduce(...)]` that takes it.
        key: &'static str,
    },
    /// A function that is called as a state setter and is none.
    #[error("{function} is no state setter: is it marked `#[state_setter]`?")]
    NoStateSetter {
        /// The function.
        function: QualName<'static>,
    },
    /// An extension code that cannot be added or removed.
    #[error(transparent)]
    Extension(ExtensionError),
    /// A str whose lone surrogates a Rust `String` cannot hold.
    #[error("the str holds lone surrogates, which Rust's str cannot")]
    LoneSurrogates,
    /// A borrowed `&str` or `&[u8]` where the stream does not hold the bytes as they are.
    #[error("the {0} is escaped in the stream and cannot be borrowed: use `Cow`, or own it")]
    NotBorrowable(&'static str),
    /// A borrowed `&[u8]` of an out-of-band buffer that owns or shares its bytes.
    #[error("the buffer that was given owns its bytes: load `Arc<[u8]>`, `Cow` or `PickleBuffer`")]
    OwnedBuffer,
    /// An object that was used as an argument and changed afterwards is needed in both states.
    #[error("the object was changed after a call had used it, and is needed in both states")]
    MutatedAfterUse,
    /// A type whose construction may have effects, where values are made before all of the pickle
    /// has been read.
    #[error(
        "making a `{rust_type}` may have effects, and waits until all of the pickle has been read: \
         `load` does that"
    )]
    Impure {
        /// The Rust type.
        rust_type: &'static str,
    },
    /// An item that is not in a form that picklers write for the Rust type, where items are made
    /// before all of the pickle has been read.
    #[error(
        "the item is not in the form that picklers write for a `{rust_type}`: `load` reads other \
         forms, and says what is wrong"
    )]
    UnusualItem {
        /// The Rust type.
        rust_type: &'static str,
    },
    /// An object that contains itself, not through a late field.
    #[error("the object contains itself: mark the field that closes the cycle `#[reduce(late)]`")]
    Cycle,
    /// A cycle where a tree was asked for.
    #[error("the object contains itself and is no tree: load it as a `Graph`")]
    CyclicTree,

    // From a Rust value to a pickle.
    /// Reducers, or functions that give persistent ids, were asked within what they had returned,
    /// as many times as this: those that return the value that they were asked for never end.
    #[error("{0} reductions are nested: does a reducer return the value that it was given?")]
    NestedReductions(u32),
    /// A `RefCell`, `Mutex` or `RwLock` that is in use.
    #[error("a {0} is in use elsewhere and cannot be read now")]
    Locked(&'static str),
    /// A `Mutex` or `RwLock` whose holder panicked.
    #[error("a {0} is poisoned")]
    Poisoned(&'static str),
    /// A value that has no form in the chosen protocol.
    #[error("{what} cannot be pickled in protocol {protocol}")]
    Unpicklable {
        /// What it is.
        what: &'static str,
        /// The protocol.
        protocol: u8,
    },

    /// A value whose type has no reducer.
    #[error(
        "`{rust_type}` cannot be pickled: nobody registered a reducer, as `copyreg::pickle` does"
    )]
    NotReducible {
        /// The Rust type.
        rust_type: &'static str,
    },
    /// Something that there is only in higher protocols.
    #[error("{what} needs protocol {needed} or above, not {protocol}")]
    ProtocolTooLow {
        /// What it is.
        what: &'static str,
        /// The lowest protocol that has it.
        needed: u8,
        /// The protocol.
        protocol: u8,
    },

    // From elsewhere.
    /// Reading or writing failed; the `std::io::Error` is the source.
    #[error("reading or writing failed: {0}")]
    Io(std::io::ErrorKind),
    /// A user's own message.
    #[error("{0}")]
    Custom(String),
    /// A registered function failed with a user's own error, which is the source.
    #[error("{function} failed")]
    Failed {
        /// The function, as the pickle names it.
        function: QualName<'static>,
    },
    /// A user's own error, which is the source.
    #[error("a reducer or constructor failed")]
    Source,
}

fn version(found: Option<u64>) -> String {
    match found {
        Some(found) => format!("version {found}"),
        None => "a shape without a version".to_owned(),
    }
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let noun = if quoted.len() == 1 {
        "attribute"
    } else {
        "attributes"
    };
    format!("the {noun} {}", quoted.join(", "))
}

fn forbidden(globals: &[(QualName<'static>, usize)]) -> String {
    const SHOWN: usize = 8;
    let mut text = String::new();
    for (index, (name, offset)) in globals.iter().take(SHOWN).enumerate() {
        text += &match index {
            0 => name.to_string(),
            _ => format!(", nor {name} at byte {offset}"),
        };
    }
    match globals.len().saturating_sub(SHOWN) {
        0 => {}
        1 => text += ", nor another one",
        more => text += &format!(", nor {more} others"),
    }
    text
}
