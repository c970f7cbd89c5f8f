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

#[doc = include_str!("../docs/reduce.md")]
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
