//! `#[derive(Reduce)]`, `#[object]`, and `#[constructor]` and its like, for `pickle-core`, which
//! re-exports them.
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
mod function;
mod model;
mod object;
mod parse;
mod register;
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
/// | `register(Type<i32> as "app.IntType")` | the class of one instance of a generic type; see below. A list, and repeatable |
/// | `version = 3` | the version of the fields' names and types, which is written and checked; see below |
/// | `migrate = Type` | what an object of a lower version, or of none, is read as, and then converted from |
/// | `with`, `constructor`, `getstate`, `setstate`, `append`, `setitem` | functions that do what the derive would; see below, by hand |
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
/// | `with = module` | dumped by `module::reduce` and made by `module::construct`, instead of by its type; see below |
/// | `reduce_with = path`, `construct_with = path` | one side of this, by the function that the path names |
/// | `reducer = path` | written as a reducer returns, `fn(&T) -> Reduction<'_>`, and read as what a registered function makes |
/// | `registered` | written by the reducer that `copyreg::pickle`, or the Pickler's own table, has for the type, and read as what a registered function makes |
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
/// # Fields of types of other crates
///
/// A type that cannot derive `Reduce` is dumped and made by two functions. `with` names the *module*
/// that has both, as in serde, or a type that has them as associated functions:
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// use std::time::Duration;
///
/// /// A duration is a float of seconds in Python.
/// mod seconds {
///     use std::time::Duration;
///
///     use pickle_core::{Decoder, Error, Pickler, Result};
///
///     pub fn reduce(value: &Duration, p: &mut Pickler<'_>) -> Result<()> {
///         p.float(value.as_secs_f64())
///     }
///
///     pub fn construct<'g>(d: &mut Decoder<'g>) -> Result<Duration> {
///         Duration::try_from_secs_f64(d.float()?).map_err(Error::from_source)
///     }
/// }
///
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app")]
/// struct Job {
///     #[reduce(with = seconds)]
///     timeout: Duration,
///     #[reduce(with = seconds, default, skip_serializing_if = Duration::is_zero)]
///     delay: Duration,
/// }
///
/// let job = Job { timeout: Duration::from_millis(2500), delay: Duration::ZERO };
/// assert_eq!(loads::<Job>(&dumps(&job)?)?, job); // Python: obj.timeout == 2.5
///
/// let bytes = b"\x80\x04\x8c\x03app\x8c\x03Job\x93)\x81}\x8c\x07timeoutG\xbf\xf0\0\0\0\0\0\0sb.";
/// let error = loads::<Job>(bytes).unwrap_err();
/// assert_eq!(error.path().to_string(), "$.timeout"); // a duration of -1 s
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// `reduce` writes exactly one object. `construct` may borrow what it makes for `'g`. Both are asked for
/// the whole field: for an `Option<Duration>` it takes functions of `Option<Duration>`.
///
/// The keys stand on every field but those that are `skip` or `flatten`: on arguments, on fields of tuple
/// structs and of variants, and on the one field of a `transparent` type, which is then a type of your
/// own with the form that the functions give it. Nothing is asked of the types of such fields, nor of
/// their parameters: functions that need a bound say so with `bound`. A late field with `construct_with`
/// is filled in later where its object is in an `Rc<RefCell<_>>` or the like, and read at once elsewhere,
/// also if it is a cell: the function makes the whole cell.
///
/// Where `with` is given a function, the compiler finds no module of that name: of `with = seconds::reduce`
/// it says `expected type, found function`, of a bare name that it `is not a crate or module`. A function
/// that returns a `Reduction` belongs to `reducer`. One that the module lacks is `not found in` it.
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
/// | `with = path` | a reducer of its fields; see below, by hand |
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
/// # By hand
///
/// What the derive would do, a function can do instead. Paths are those of functions, or of
/// associated ones such as `Self::reduce`.
///
/// | Key on the type | the function |
/// |---|---|
/// | `with = path` | the reducer, `fn(&Self) -> Reduction<'_>`: how the type is written. It is read as what a registered function makes: one marked `#[constructor]`, or the class's `constructor`. Fields are not looked at, and may be of any type |
/// | `constructor = path` | what a call of the class is, `fn(...) -> Self`: marked `#[constructor]` too. A reducer that calls it writes the class's name |
/// | `getstate = path` | the state that is written, `fn(&Self) -> S`, instead of the fields. Without `setstate`, it is a dict of the fields that are read |
/// | `setstate = path` | takes the state that is read, `fn(&mut Self, S)`, instead of the fields. The object is made by the class's `constructor` before, or else by `Default` |
/// | `append = path` | takes a list item, `fn(&mut Self, T)`; with `with` or `setstate` |
/// | `setitem = path` | takes a dict item, `fn(&mut Self, K, V)`; with `with` or `setstate` |
///
/// On a variant, `with = path` is a reducer that is called with references to the variant's fields;
/// what it writes has to be a call of a function that makes the enum.
///
/// Each may return a `Result` of that: its error is the `source()` of the one that `dumps` or
/// `loads` returns.
///
/// ```
/// # use pickle_core::{Reduce, Reduction, dumps, loads};
/// #[derive(Reduce)]
/// #[reduce(
///     module = "app.db",
///     with = reduce_processor,
///     constructor = DataProcessor::new,
///     setstate = DataProcessor::set_processed,
/// )]
/// struct DataProcessor {
///     name: String,
///     processed: u64,
///     started: std::time::Instant, // cannot be pickled
/// }
///
/// fn reduce_processor(processor: &DataProcessor) -> Reduction<'_> {
///     // Python: (DataProcessor, (name,), processed)
///     Reduction::new(DataProcessor::new, (&processor.name,)).state(processor.processed)
/// }
///
/// #[pickle_core::constructors]
/// impl DataProcessor {
///     #[constructor]
///     fn new(name: String) -> Self {
///         DataProcessor { name, processed: 0, started: std::time::Instant::now() }
///     }
///
///     fn set_processed(&mut self, processed: u64) {
///         self.processed = processed;
///     }
/// }
///
/// let mut processor = DataProcessor::new("night".to_owned());
/// processor.processed = 42;
/// let loaded: DataProcessor = loads(&dumps(&processor)?)?;
/// assert_eq!((loaded.name.as_str(), loaded.processed), ("night", 42));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// A type that has neither `with` nor `setstate` reads its fields as ever, and beside them calls of
/// registered functions that make it.
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
/// # Versions
///
/// What can be read by other names (`alias`), or need not be there (`default`), needs no version. For
/// anything else that changes in a struct, its new shape gets a `version`, and the old one is kept as a
/// type of its own, which `migrate` names:
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app", version = 3, migrate = UserV2)]
/// struct User {
///     name: String,
///     emails: Vec<String>,
/// }
///
/// #[derive(Reduce)]
/// #[reduce(module = "app", name = "User", version = 2, migrate = UserV1, no_register)]
/// struct UserV2 {
///     name: String,
///     email: String,
/// }
///
/// // From before there were versions.
/// #[derive(Reduce)]
/// #[reduce(module = "app", name = "User", no_register)]
/// struct UserV1 {
///     first: String,
///     last: String,
///     email: String,
/// }
///
/// impl From<UserV1> for UserV2 {
///     fn from(user: UserV1) -> Self {
///         UserV2 { name: format!("{} {}", user.first, user.last), email: user.email }
///     }
/// }
///
/// impl TryFrom<UserV2> for User {
///     type Error = String;
///
///     fn try_from(user: UserV2) -> Result<Self, String> {
///         if !user.email.contains('@') {
///             return Err(format!("{} has no address", user.name));
///         }
///         Ok(User { name: user.name, emails: vec![user.email] })
///     }
/// }
///
/// // User.__new__(User), then {'first': 'Ada', 'last': 'Lovelace', 'email': 'a@b'}
/// let old = b"capp\nUser\n)\x81}(Vfirst\nVAda\nVlast\nVLovelace\nVemail\nVa@b\nub.";
/// let user: User = loads(old)?;
/// assert_eq!(user, User { name: "Ada Lovelace".into(), emails: vec!["a@b".into()] });
///
/// // {'__version__': 3, 'name': 'Ada Lovelace', 'emails': ['a@b']}
/// assert_eq!(loads::<User>(&dumps(&user)?)?, user);
///
/// let newer = b"capp\nUser\n)\x81}V__version__\nK\x04sb.";
/// let error = loads::<User>(newer).unwrap_err();
/// assert!(error.to_string().starts_with("app.User is of version 4, which a newer program wrote"));
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// The old type reads the same object, so it has the same `name`, and every `alias` under which the
/// object may come; it stays out of the registry. `From` or `TryFrom` converts it; an error is the
/// load error's `source()`.
///
/// | Version in the pickle | with `migrate` | without |
/// |---|---|---|
/// | the type's own | read as the type | read as the type |
/// | none | read as the old type, and converted | read as the type: a first `version` breaks nothing |
/// | lower | read as the old type, and converted | an error: `ErrorKind::OlderVersion` |
/// | higher | an error: `ErrorKind::NewerVersion` | the same |
///
/// The old type does the same with its own version, so each shape only needs to know the one before. An
/// old type without `version` is for all that are lower: to it, as to every type without, `__version__`
/// is an attribute that it does not know.
///
/// **On the wire** the version is the attribute `__version__`, an int, the first of the state: or of the
/// dict, with `as = "dict"`. Types that are all arguments have a state for it. Python puts it into the
/// instance's `__dict__`, where `obj.__version__` finds it, and writes it again. It tells by that of
/// which version an object is: so where Python makes new objects, let `__init__` set
/// `self.__version__ = 3`, or let it be a dataclass's field. An attribute of the *class*, which is what a
/// field with `init=False` has for a default, is in no pickle, and such an object counts as one without
/// a version.
///
/// **Instances without a `__dict__` have no place for it**: dataclasses with `slots=True`, classes with
/// `__slots__` alone, namedtuples. Python refuses to load them with an `AttributeError`, also with
/// `as = "reduce"`; but a frozen dataclass with slots takes the state for a list, silently: its first
/// attribute is then the text `__version__`. Do not give such types a version if Python reads them. What
/// Python wrote of a class with a slot named `__version__` is read; of a frozen dataclass it wrote a list
/// without names, which has no version.
///
/// **Flattened** types have no version of their own: attributes are the object's, and so is the version.
/// A type with a `version` that is flattened into another is written without it, and read as it is today;
/// `migrate` of the outer type is the place for what changed in it.
///
/// **Late fields** of an object in an `Rc` are left empty while it is converted, if both types have them
/// `late` under the name that is in the pickle, and filled in afterwards: so cycles go through a
/// migration. Their values are then those of the new type's field, and no conversion sees them. All other
/// fields are read at once, and converted.
///
/// `version` belongs on structs with named fields that are read and written as themselves: enums, tuple
/// structs, `transparent` types and those with `from` or `into` have none.
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
/// All instances of a generic type have one class, and what is loaded is the instance that is asked
/// for. Where Python or a trait object has to tell them apart, `register` gives each a class of its
/// own. So does [`register!`](../pickle_core/macro.register.html), also in another crate and with the
/// trait objects that are made of it, and says more of both.
///
/// ```
/// # use pickle_core::{Reduce, dumps, loads};
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app")]
/// #[reduce(register(Wrapper<i32> as "app.IntWrapper", Wrapper<String> as "app.TextWrapper"))]
/// struct Wrapper<T> {
///     value: T,
/// }
///
/// let bytes = b"\x80\x04\x8c\x03app\x8c\x0aIntWrapper\x93)\x81}\x8c\x05valueK\x01sb.";
/// assert_eq!(loads::<Wrapper<i32>>(bytes)?, Wrapper { value: 1 });
/// assert!(loads::<Wrapper<String>>(bytes).is_err());
///
/// // This one has no name, and is written as app.Wrapper.
/// assert_eq!(loads::<Wrapper<u8>>(&dumps(&Wrapper { value: 1_u8 })?)?, Wrapper { value: 1 });
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Registration
///
/// A type without parameters and lifetimes is put into the table of all classes that are linked into
/// the program, by its name, its aliases and its extension code. From there a trait object of an
/// [`#[object]`](macro@object) trait finds the type that a pickle names; where the type is known,
/// nothing is looked up, so `dump_only` and `no_register` types, and instances of generic types that
/// have no class of their own, are dumped and loaded like all others. `transparent` types, and those
/// that are both read and written as another, have no class.
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
///   stands for one type. [`register!`](../pickle_core/macro.register.html) names an instance of a
///   generic type together with the trait. A type is not found there either if it is marked
///   `no_register`.
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

/// Registers a function that pickles may call: what Python's reducers name as their callable.
///
/// ```
/// use pickle_core::{Reduce, Reduction, dumps, loads};
///
/// #[derive(Reduce)]
/// #[reduce(module = "app.db", with = reduce_connection)]
/// struct Connection {
///     address: (String, u16),
///     timeout: Option<f64>,
///     socket: Option<std::net::TcpStream>, // cannot be pickled
/// }
///
/// fn reduce_connection(connection: &Connection) -> Reduction<'_> {
///     let (host, port) = &connection.address;
///     Reduction::new(connect, (host, *port, connection.timeout))
/// }
///
/// // Python: def connect(host, port=5432, timeout=None)
/// #[pickle_core::constructor(module = "app.db")]
/// fn connect(
///     host: &str,
///     #[default(5432)] port: u16,
///     timeout: Option<f64>,
/// ) -> Result<Connection, std::num::ParseIntError> {
///     let socket = None;
///     Ok(Connection { address: (host.to_owned(), port), timeout, socket })
/// }
///
/// let connection = connect("localhost", 1234, None)?;
/// let loaded: Connection = loads(&dumps(&connection)?)?; // app.db.connect('localhost', 1234, None)
/// assert_eq!(loaded.address, connection.address);
///
/// // What CPython writes for a reducer that returns connect, ('localhost',)
/// let bytes = b"\x80\x04\x8c\x06app.db\x8c\x07connect\x93\x8c\x09localhost\x85R.";
/// assert_eq!(loads::<Connection>(bytes)?.address.1, 5432);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The function stays as it is. A pickle calls it where a value of the type that it returns is asked
/// for, or a trait object of a trait that the type implements. The type is one that
/// [derives](macro@Reduce), with or without `with`, or else stands in a `copyreg::Registered`. What
/// returns another type is not called, whatever a pickle says. A function without parameters is called
/// also where its name stands alone, as what Python's reducers return as a str does.
///
/// # Arguments
///
/// - Up to twelve, each of a type that can be constructed. `Value` and `Graph<'_>` take anything.
/// - By position or by the parameter's name, as Python's `functools.partial` in a reducer gives them.
///   A parameter that is a pattern, as `(x, y): (f64, f64)`, has no name.
/// - One that is missing is None for an `Option`, and else what the parameter's `#[default(expression)]`
///   is, or for `#[default]` `Default::default()`; without these, it is an error.
/// - A parameter may be a reference, as `&str`, `&[u8]`, `&[T]` or another `&T`: the argument is made as
///   a `Cow` and lives for the call. So it may be text that stands in the pickle in escapes. That does
///   not hold for an `Option<&str>`, which can only be what the pickle holds as it is.
///
/// Arguments that do not fit the parameters are refused by the compiler in `Reduction::new`, and in a
/// pickle an error, with its offset and the argument's path. `Reduction::new` takes an argument for each
/// parameter, also for those that a pickle may leave out.
///
/// # What it returns
///
/// The value, or a `Result` of it, by whatever alias. An error is the `source()` of the one that
/// `loads` returns; it can be anything that `Box<dyn Error + Send + Sync>` can be made of. What is
/// made is `'static`: it borrows nothing of the arguments.
///
/// # What it cannot stand on
///
/// - Functions with type parameters: a name stands for one function. Register one for each type that
///   is needed.
/// - Functions in an impl block, which an attribute on a function cannot see: there,
///   [`#[constructors]`](macro@constructors) stands on the block.
/// - `async`, `unsafe` and `extern` functions.
///
/// # Arguments of the attribute
///
/// | Key | |
/// |---|---|
/// | `module = "app.db"` | the function's module; by default the Rust module's path with dots, or what `pickle_core::module!` says |
/// | `name = "connect"` | its name there, or its qualname; by default the function's own |
/// | `alias = "old.module:name"` | another name that is read, never written; repeatable |
/// | `extension = 240` | the code that `copyreg.add_extension` gave the function, by which it is written in protocols 2 and above |
/// | `crate = "path"` | where `pickle_core` is |
///
/// **Names are data that outlives the program**: see the same heading at [`derive(Reduce)`](macro@Reduce).
#[proc_macro_attribute]
pub fn constructor(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    function::function(function::Kind::Constructor, arguments.into(), item.into()).into()
}

/// Registers a function as a value: Python pickles functions by name, and so is this.
///
/// A pickle cannot call it, and its parameters may be of any types. `pickle_core::Function` is the
/// value.
///
/// ```
/// use pickle_core::{Function, dumps, loads};
///
/// #[pickle_core::function(module = "app.jobs")]
/// fn greeting(name: &str) -> String {
///     format!("Hello, {name}")
/// }
///
/// type Greeting = Function<fn(&str) -> String>;
///
/// let pickle = dumps(&Greeting::new(greeting)?)?; // Python: pickle.dumps(app.jobs.greeting)
/// let loaded: Greeting = loads(&pickle)?;
/// assert_eq!(loaded("world"), "Hello, world");
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// It takes the arguments of [`#[constructor]`](macro@constructor), and stands in the same places. A
/// function may have lifetime parameters here.
#[proc_macro_attribute]
pub fn function(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    function::function(function::Kind::Function, arguments.into(), item.into()).into()
}

/// Registers a function that sets an object's state when it is loaded: the sixth element of what
/// Python's reducers return, called with the object and the state. It is a `fn(&mut T, S)`, or returns a
/// `Result<(), E>`.
///
/// ```
/// use pickle_core::{Reduce, Reduction, dumps, loads};
///
/// #[derive(Reduce)]
/// #[reduce(module = "app", with = reduce_counter)]
/// struct Counter {
///     hits: u64,
/// }
///
/// fn reduce_counter(counter: &Counter) -> Reduction<'_> {
///     // Python: (counter, (), hits, None, None, set_hits)
///     Reduction::new(new_counter, ()).state(counter.hits).state_setter(set_hits)
/// }
///
/// #[pickle_core::constructor(module = "app", name = "counter")]
/// fn new_counter() -> Counter {
///     Counter { hits: 0 }
/// }
///
/// #[pickle_core::state_setter(module = "app")]
/// fn set_hits(counter: &mut Counter, hits: u64) {
///     counter.hits = hits;
/// }
///
/// assert_eq!(loads::<Counter>(&dumps(&Counter { hits: 3 })?)?.hits, 3);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// It takes the arguments of [`#[constructor]`](macro@constructor), and stands in the same places. The
/// state may be a reference, and nothing else is a parameter.
#[proc_macro_attribute]
pub fn state_setter(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    function::function(function::Kind::StateSetter, arguments.into(), item.into()).into()
}

/// Registers the functions in an impl block that are marked `#[constructor]`, `#[function]` or
/// `#[state_setter]`, each with the arguments that it has on a free function. Others are left alone.
///
/// ```
/// use pickle_core::{Reduce, Reduction, dumps, loads};
///
/// #[derive(Reduce, Debug, PartialEq)]
/// #[reduce(module = "app", with = Self::reduce_by_minutes)]
/// struct Duration {
///     seconds: u64,
/// }
///
/// #[pickle_core::constructors]
/// impl Duration {
///     #[constructor(module = "app")] // Duration.from_minutes, a static or class method in Python
///     fn from_minutes(minutes: u64) -> Self {
///         Self { seconds: 60 * minutes }
///     }
///
///     fn reduce_by_minutes(&self) -> Reduction<'_> {
///         Reduction::new(Self::from_minutes, (self.seconds / 60,))
///     }
/// }
///
/// let duration = Duration { seconds: 120 };
/// assert_eq!(loads::<Duration>(&dumps(&duration)?)?, duration);
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// A function's name is by default the type's and its own with a dot between. That is the type's name
/// in Rust: where `name` gives the class another, the function needs a `name` too. A function that is
/// the type's `constructor = path` is written by the class's name.
///
/// `#[function]` and `#[state_setter]` may have a `self`. The block cannot have parameters, as only one
/// function can be registered under a name; `impl Wrapper<i32>` is fine.
///
/// The block's own argument is `crate = "path"`, where `pickle_core` is.
#[proc_macro_attribute]
pub fn constructors(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    function::constructors(arguments.into(), item.into()).into()
}

/// What `pickle_core::register!` expands to, which puts the path of pickle-core in front.
#[doc(hidden)]
#[proc_macro]
pub fn register(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    register::register(input.into()).into()
}
