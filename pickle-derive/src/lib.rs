//! `#[derive(Reduce)]` and `#[object]`, for `pickle-core`, which re-exports both.
//!
//! Syntax in, tokens out: this crate knows nothing of pickles. A derive goes through four stages.
//!
//! | Stage | makes of its input | does not know |
//! |---|---|---|
//! | `parse` | keys, and their values' syntax | which keys there are |
//! | `attributes` | typed values, by the place where they stand | the item they stand on |
//! | `model` | what the type is on the wire, with all that was left open decided | tokens of the output |
//! | `expand` | the impls | how to fail |
//!
//! Errors are collected on the way, each on the token it is about. If there are any, the type
//! gets impls that do nothing, so that its users see no others.

#![forbid(unsafe_code)]

mod attributes;
mod case;
mod errors;
mod expand;
mod model;
mod object;
mod parse;
mod suggest;

/// Makes a type a Python class: what is dumped, CPython loads as instances of that class, and the
/// other way round.
///
/// ```
/// use pickle_core::{Reduce, dumps, loads};
///
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app.models")]
/// struct User {
///     name: String,
///     #[reduce(default)]
///     tags: Vec<String>,
/// }
///
/// let user = User { name: "Ada".into(), tags: vec![] };
/// assert_eq!(loads::<User>(&dumps(&user)?)?, user);
///
/// // What CPython writes for such an object that has no `tags`.
/// let bytes = b"\x80\x04\x8c\x0aapp.models\x8c\x04User\x93)\x81}\x8c\x04name\x8c\x03Adasb.";
/// assert_eq!(loads::<User>(bytes)?, user);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Names are data that outlives the program
///
/// A pickle says `app.models.User`, not what that is. **The module defaults to the Rust module's path
/// with dots, the name to the type's name: whoever moves or renames code changes what is written, and
/// can no longer read what was.** So for pickles that are kept, or that Python reads, write the names
/// down: `module = "..."` on each type, or `pickle_core::module!("...")` once for a file. What has been
/// moved keeps its old name as an `alias`; what a field was called, likewise.
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// // Was `Person` in `app.people`, with a `mail`.
/// #[derive(Reduce)]
/// #[reduce(module = "app.models", name = "User", alias = "app.people:Person")]
/// struct User {
///     #[reduce(alias = "mail")]
///     email: String,
/// }
///
/// let old = b"\x80\x04\x8c\x0aapp.people\x8c\x06Person\x93)\x81}\x8c\x04mail\x8c\x03a@bsb.";
/// assert_eq!(loads::<User>(old)?.email, "a@b");
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # On the wire
///
/// | Rust | is in Python | written as |
/// |---|---|---|
/// | struct with named fields | an instance with attributes: a plain class, a dataclass | `obj = cls.__new__(cls)`, then its state `{'field': ...}` |
/// | the same with fields marked `arg` | an instance whose `__new__` takes arguments | `cls.__new__(cls, *args)`, then the state, if any field is left |
/// | the same with fields marked `kwarg` | | `cls.__new__(cls, *args, **kwargs)`, then the state |
/// | tuple struct | an instance made by a call | `cls(*fields)` |
/// | unit struct | | `cls()` |
/// | `as = "reduce"` | an instance made by a call | `cls(*fields)`, then a state of those that are `late` |
/// | `as = "newobj"` | a namedtuple, or a class with a `__new__` of its own | `cls.__new__(cls, *fields)` |
/// | `as = "newobj_ex"` | the same, with keywords | `cls.__new__(cls, *fields, **kwargs)` |
/// | `as = "dict"` | a dict | `{'field': ...}` |
/// | `transparent` | what its one field is | the same |
/// | enum of unit variants | a member of an `enum.Enum` | `cls(value)`. The value is the discriminant if every variant writes one, else the variant's name |
/// | enum with data | each variant is a nested class `Enum.Variant` | each variant as a struct of its kind |
///
/// Where the protocol has no opcode for a form, it is spelt as Python spells it: in protocols 0 and 1
/// `copyreg._reconstructor`, below 4 a `functools.partial` for keywords.
///
/// **Reading takes every form in which Python may have written the class**, whatever `as` says: calls,
/// `__new__` with positional or keyword arguments, and states that are dicts, pairs of a dict and one
/// for slots, or lists in the order of the fields. A positional argument stands for the field at its
/// place, those marked `arg` first. Only `as = "dict"` reads nothing but a dict. An attribute that is
/// missing is an error, also if it is an `Option`, and names all that are; one that the type does not
/// know is ignored.
///
/// # What Python's class can take
///
/// CPython makes of what is written what its class lets it, and has the last word. As of CPython 3.13:
///
/// | Python's class | write it |
/// |---|---|
/// | plain class, dataclass, also `frozen` or `kw_only` | as it is; `as = "reduce"` if its `__init__` has to run |
/// | **dataclass with `slots=True`** | **`as = "reduce"`** |
/// | **dataclass with `slots=True, frozen=True`** | **`as = "reduce"`** |
/// | `__slots__` and an `__init__` with all of them | `as = "reduce"` |
/// | `__slots__` alone, dataclass with `slots=True, kw_only=True` | nothing that is written here makes one; what Python wrote of it is read |
/// | namedtuple, class with a `__new__` of its own | `as = "newobj"`, or `as = "reduce"` |
/// | class with a `__setstate__` that takes a dict | as it is |
/// | Python 2's old-style class | `as = "reduce"`; without an `__init__`, its fields are `late` too |
///
/// An instance with slots has no `__dict__` to put a state into: without `as`, Python raises
/// `AttributeError`. **A frozen dataclass with slots raises nothing.** Python gives it a `__setstate__`
/// that takes a list of values, and a dict is iterated as one: every attribute of the loaded object is
/// then its own *name*. `as = "newobj"` is no way out for either, since a dataclass has no `__new__`
/// that sets attributes.
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// // @dataclass(frozen=True, slots=True)
/// // class Version:
/// //     major: int
/// //     minor: int
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app", as = "reduce")]
/// struct Version {
///     major: u32,
///     minor: u32,
/// }
///
/// let version = Version { major: 3, minor: 13 };
/// assert!(dumps(&version)?.ends_with(b"K\x03K\x0d\x86R.")); // Version(3, 13)
/// assert_eq!(loads::<Version>(&dumps(&version)?)?, version);
///
/// // What CPython 3.13 writes for it: __new__, and a state that is a list.
/// let bytes = b"\x80\x04\x8c\x03app\x8c\x07Version\x93)\x81](K\x03K\x0deb.";
/// assert_eq!(loads::<Version>(bytes)?, version);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # On the type
///
/// | Key | |
/// |---|---|
/// | `module = "app.models"` | the class's module |
/// | `name = "User"` | the class's qualname: `Outer.Inner` for a nested class |
/// | `alias = "old.module:Name"` | another name that is read, never written; repeatable |
/// | `extension = 240` | the code that `copyreg.add_extension` gave the class, by which it is written in protocols 2 and above |
/// | `rename_all = "camelCase"` | how fields, or an enum's variants, are spelt: `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE` |
/// | `as = "reduce"`, `"newobj"`, `"newobj_ex"`, `"dict"` | the form that is written; see above |
/// | `transparent` | the type is what its one field is, and no class |
/// | `from = Type`, `try_from = Type` | read as `Type`, and made of that by `From` or `TryFrom` |
/// | `into = Type` | written as `Type`, by `Clone` and `Into` |
/// | `default`, `default = path` | fields that are missing are those of `Default::default()` or `path()` |
/// | `deny_unknown_fields` | an attribute that the type does not know is an error |
/// | `bound = "T: Trait"` | replaces the inferred bounds; `bound(reduce = "...", construct = "...")` for each impl. `'g` is the lifetime of the bytes that are read |
/// | `dump_only` | no `Construct`: for fields that cannot be read, such as `&'a [Item]` |
/// | `impure` | its `Drop`, `Hash` or the like has effects, and must not run on values that a load then discards |
/// | `no_register` | not in the table of linked classes, so no trait object is made of it |
/// | `crate = "path"` | where `pickle_core` is |
///
/// Types and paths are written bare, names and bounds in quotes.
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// # #[derive(Debug)]
/// # struct TooHot;
/// # impl std::fmt::Display for TooHot {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("too hot") }
/// # }
/// # impl std::error::Error for TooHot {}
/// // A float in Python, and no class.
/// #[derive(Reduce, Clone, Copy, Debug, PartialEq)]
/// #[reduce(transparent)]
/// struct Celsius(f64);
///
/// // Checked when it is read.
/// #[derive(Reduce, Clone, Debug, PartialEq)]
/// #[reduce(try_from = Celsius, into = Celsius)]
/// struct Indoors(Celsius);
///
/// impl TryFrom<Celsius> for Indoors {
///     type Error = TooHot;
///
///     fn try_from(celsius: Celsius) -> Result<Self, TooHot> {
///         if celsius.0 < 40.0 { Ok(Indoors(celsius)) } else { Err(TooHot) }
///     }
/// }
///
/// impl From<Indoors> for Celsius {
///     fn from(indoors: Indoors) -> Celsius {
///         indoors.0
///     }
/// }
///
/// // A dict in Python, for which nothing has to be there.
/// #[derive(Reduce, Default, Debug, PartialEq)]
/// #[reduce(as = "dict", rename_all = "camelCase", default, deny_unknown_fields)]
/// struct Settings {
///     font_size: u8,
///     dark_mode: bool,
/// }
///
/// assert_eq!(dumps(&Indoors(Celsius(21.0)))?, dumps(&21.0)?);
/// let error = loads::<Indoors>(b"F99\n.").unwrap_err();
/// assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "too hot");
///
/// let settings: Settings = loads(b"(dVfontSize\nI12\ns.")?;
/// assert_eq!(settings, Settings { font_size: 12, dark_mode: false });
/// let error = loads::<Settings>(b"(dVfontsize\nI12\ns.").unwrap_err();
/// assert!(error.to_string().contains("no attribute `fontsize`"));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # On a field
///
/// | Key | |
/// |---|---|
/// | `rename = "name"` | the attribute's name |
/// | `alias = "name"` | another name that is read, never written; repeatable |
/// | `default`, `default = path` | the value if the attribute is missing: `Default::default()` or `path()` |
/// | `skip` | not written; when read, the field's default, or else the type's |
/// | `skip_serializing_if = path` | not written if `path(&field)`; it usually has a `default` too |
/// | `flatten` | its attributes stand among the type's: a struct with named fields, an `Option` of one, or a map with string keys, which takes all that are left |
/// | `arg` | a positional argument of `__new__`, or of the call, instead of an attribute |
/// | `kwarg` | a keyword argument of `__new__` |
/// | `late` | filled in after its object exists, so that it may lead back to it; see below |
/// | `bound = "T: Trait"` | replaces what is inferred of this field; `bound(reduce = "...", construct = "...")` as on the type |
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// # use std::collections::BTreeMap;
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app")]
/// struct Request {
///     #[reduce(arg)]
///     url: String,
///     #[reduce(rename = "class")]
///     kind: String,
///     #[reduce(default, skip_serializing_if = Vec::is_empty)]
///     tags: Vec<String>,
///     #[reduce(skip)]
///     attempts: u32,
///     #[reduce(flatten)]
///     others: BTreeMap<String, i64>,
/// }
///
/// let request = Request {
///     url: "/".into(),
///     kind: "GET".into(),
///     tags: vec![],
///     attempts: 3,
///     others: [("timeout".into(), 30)].into(),
/// };
/// // Request.__new__(Request, '/'), then {'class': 'GET', 'timeout': 30}
/// let loaded: Request = loads(&dumps(&request)?)?;
/// assert_eq!(loaded, Request { attempts: 0, ..request });
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # On a variant
///
/// | Key | |
/// |---|---|
/// | `rename = "Name"` | its name: what stands for it in Python's enum, or behind `Enum.` in the class's qualname |
/// | `name = "Qualname"` | the whole qualname of its class, of an enum with data |
/// | `alias = "Name"` | another name that is read; with a module, as in `"old.module:Name"`, another class |
/// | `value = 1`, `value = "text"` | the member's value, of an enum without data |
/// | `rename_all = "camelCase"` | how its fields are spelt |
/// | `skip` | neither written nor read: dumping it is an error |
/// | `other` | a unit variant that is read for every one that the enum does not know |
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// // class Color(enum.Enum):
/// //     RED = 1
/// //     GREEN = 2
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app")]
/// enum Color {
///     Red = 1,
///     Green = 2,
///     #[reduce(other)]
///     Unknown = 0,
/// }
///
/// // class Shape:
/// //     class Circle:       # has radius
/// //     class Line:         # takes two arguments
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app")]
/// enum Shape {
///     Circle { radius: f64 },
///     #[reduce(alias = "Segment")]
///     Line(f64, f64),
/// }
///
/// let red: Color = loads(b"capp\nColor\n(I1\ntR.")?;
/// let blue: Color = loads(b"capp\nColor\n(I3\ntR.")?;
/// assert_eq!((red, blue), (Color::Red, Color::Unknown));
///
/// let segment: Shape = loads(b"\x80\x04\x8c\x03app\x8c\x0dShape.Segment\x93K\x01K\x02\x86R.")?;
/// assert_eq!(segment, Shape::Line(1.0, 2.0));
/// let circle = Shape::Circle { radius: 1.0 };
/// assert_eq!(loads::<Shape>(&dumps(&circle)?)?, circle);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// Members are read by value, and by name, as some versions of Python write them: the variant's own
/// name, its renamed one, and its name in `SCREAMING_SNAKE_CASE` all fit.
///
/// # Late fields and cycles
///
/// Only what is behind an `Rc` or `Arc` has an identity, and so only that can contain itself. Python
/// makes such an object first, and gives it its attributes afterwards; what a class is called with has
/// to exist before. `late` says the same of a field: the object is made with the field at its default,
/// and the field is filled in when all else has been made. It has to be one of these:
///
/// | The field | of an object in |
/// |---|---|
/// | a `RefCell`, `Cell`, `OnceCell`, `Mutex`, `RwLock` or `OnceLock` | `Rc`, `Arc`, or any of those below |
/// | anything | `Rc<RefCell<_>>`, `Arc<Mutex<_>>`, `Arc<RwLock<_>>` and the like |
///
/// It has a `default` of its own or its type is `Default`. Anywhere else, such as in a `Box`, it is a
/// field like any other. A `Weak` leads back to an object that something else holds; it dangles if
/// nothing does.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::{Rc, Weak};
///
/// # use pickle_core::{Reduce, dumps, loads};
/// #[derive(Reduce)]
/// #[reduce(module = "tree")]
/// struct Node {
///     name: String,
///     children: RefCell<Vec<Rc<Node>>>,
///     #[reduce(late)]
///     parent: RefCell<Weak<Node>>,
/// }
///
/// let leaf = Rc::new(Node {
///     name: "leaf".into(),
///     children: RefCell::default(),
///     parent: RefCell::default(),
/// });
/// let root = Rc::new(Node {
///     name: "root".into(),
///     children: RefCell::new(vec![Rc::clone(&leaf)]),
///     parent: RefCell::default(),
/// });
/// *leaf.parent.borrow_mut() = Rc::downgrade(&root);
///
/// let root: Rc<Node> = loads(&dumps(&root)?)?;
/// let leaf = &root.children.borrow()[0];
/// assert!(Rc::ptr_eq(&leaf.parent.borrow().upgrade().unwrap(), &root));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// Here one field of the two on the cycle is late, which suffices. A cycle without one is an error
/// when it is dumped already, with the path of a field that could be marked. A late field is part of
/// the state, so it is neither `arg` nor `kwarg`; and in a struct that is flattened into another, it is
/// a field like any other, as the object is then not its own. What runs during a load, such as a
/// `TryFrom`, sees late fields empty. A long chain is loaded without recursion if its links are late.
///
/// # Generics and lifetimes
///
/// Of each type parameter that a field mentions, `Reduce` and `Construct<'g>` are asked; `Default` and
/// the traits of `flatten` of the field's type. `bound` replaces this.
///
/// A type with a lifetime may borrow from the bytes that are loaded: `&'a str`, `&'a [u8]`, and `Cow`
/// of both. What Python has escaped cannot be borrowed, and is an error that names `Cow`.
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app")]
/// struct Pair<T> {
///     left: T,
///     right: T,
/// }
///
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app")]
/// struct Line<'a> {
///     text: &'a str,
/// }
///
/// #[derive(Reduce)]
/// #[reduce(module = "app", dump_only)]
/// struct Page<'a> {
///     lines: &'a [Line<'a>],
/// }
///
/// let lines = [Line { text: "one" }, Line { text: "two" }];
/// let bytes = dumps(&Page { lines: &lines })?;
///
/// let bytes = dumps(&Pair { left: Line { text: "a" }, right: Line { text: "b" } })?;
/// let pair: Pair<Line<'_>> = loads(&bytes)?; // nothing is copied
/// assert_eq!(pair.right.text, "b");
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Registration
///
/// A type without parameters and lifetimes is put into the table of all classes that are linked into
/// the program, by its name, its aliases and its extension code. From there a trait object of an
/// [`#[object]`](macro@object) trait finds the type that a pickle names; where the type is known,
/// nothing is looked up, so generic types, `dump_only` and `no_register` ones are dumped and loaded
/// like all others. `transparent` types, and those that are both read and written as another, have no
/// class.
///
/// - Two types that claim one name are no error until it is looked up: then the error tells both, with
///   file and line. `pickle_core::registry::check` finds all such pairs, for a test.
/// - A crate that is never named in code is not linked, and its types are not there: `use plugin as _;`.
/// - A derive in the body of a function registers the type too, under the module of the function.
///
/// # What is generated
///
/// Impls of `Reduce`, `Construct<'g>` and `Pointee<'g>`; of `Flatten<'g>` and `FlattenReduce` for
/// structs with named fields; and the registration. `Reduce::as_any` is there for types without
/// lifetimes whose parameters are all declared `'static`. What else is needed stands in an unnamed
/// constant, under names that nobody else can meet.
#[proc_macro_derive(Reduce, attributes(reduce))]
pub fn derive_reduce(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand::derive(&input).into()
}

/// Makes trait objects that can be pickled: on the trait, and on each impl of it.
///
/// The class that a pickle names decides which type is behind the pointer. On the trait, `Box`, `Rc`,
/// `Arc`, `Rc<RefCell<_>>`, `Arc<Mutex<_>>` and `Arc<RwLock<_>>` of `dyn Trait`, `dyn Trait + Send` and
/// `dyn Trait + Send + Sync` can be constructed; the trait gets `Reduce` as a supertrait if it does not
/// name it. On an impl, the type is registered for those of the three that it is fit for.
///
/// ```
/// use pickle_core::{Reduce, dumps, loads, object};
///
/// #[object]
/// trait Shape: Reduce {
///     fn area(&self) -> f64;
/// }
///
/// #[derive(Reduce)]
/// struct Square {
///     side: f64,
/// }
///
/// #[object]
/// impl Shape for Square {
///     fn area(&self) -> f64 {
///         self.side * self.side
///     }
/// }
///
/// let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Square { side: 2.0 })];
/// let loaded: Vec<Box<dyn Shape + Send>> = loads(&dumps(&shapes)?)?;
/// assert_eq!(loaded[0].area(), 4.0);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// One pickled object is one allocation, whatever its pointers' types: `Rc<Square>` and
/// `Rc<dyn Shape>` of it point to the same.
///
/// # What it cannot stand on
///
/// - Traits with generic parameters, lifetimes or associated types: there would be another trait object
///   for each.
/// - Impls with them: the type is found by its class in the table of linked classes, where a name
///   stands for one type. Nor is one found there that is marked `no_register`.
/// - Impls in a crate that is not linked: `use plugin as _;` names it.
///
/// A class that nobody registered, and one that is registered without this trait, are two different
/// errors. The type itself is one that derives `Reduce` and is read without borrowing from the bytes.
///
/// # Argument
///
/// | Key | |
/// |---|---|
/// | `crate = "path"` | where `pickle_core` is: `#[object(crate = "path")]` |
#[proc_macro_attribute]
pub fn object(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    object::object(arguments.into(), item.into()).into()
}
