//! `Reduction`: what a reducer by hand returns, Python's tuple of two to six elements or its str.

use std::fmt;

use pickle_registry::{QualName, RustType};

use super::Reduce;
use crate::class;
use crate::encode::{Creation, ObjectWriter, Pickler};
use crate::error::{Error, Result, Segment};
use crate::wire::{Accepts, Wire};

/// How a value is made again: what Python's `__reduce__` and the reducers of `copyreg` return.
///
/// | Python returns | here |
/// |---|---|
/// | `(function, args)` | [`new`](Reduction::new), [`call`](Reduction::call) |
/// | `(copyreg.__newobj__, (cls, *args))` | [`instance`](Reduction::instance) |
/// | third element, the state | [`state`](Reduction::state) |
/// | fourth, an iterator of list items | [`list_items`](Reduction::list_items) |
/// | fifth, one of dict items | [`dict_items`](Reduction::dict_items) |
/// | sixth, a state setter | [`state_setter`](Reduction::state_setter) |
/// | a str | [`global`](Reduction::global) |
///
/// ```
/// use pickle_core::{Reduce, Reduction, dumps, loads};
///
/// #[derive(Reduce)]
/// #[reduce(module = "app", with = reduce_celsius)]
/// struct Celsius(f64);
///
/// fn reduce_celsius(temperature: &Celsius) -> Reduction<'_> {
///     Reduction::new(from_kelvin, (temperature.0 + 273.15,))
/// }
///
/// #[pickle_core::constructor(module = "app")]
/// fn from_kelvin(kelvin: f64) -> Celsius {
///     Celsius(kelvin - 273.15)
/// }
///
/// let pickle = dumps(&Celsius(20.0))?; // Python: app.from_kelvin(293.15)
/// assert_eq!(loads::<Celsius>(&pickle)?.0, 20.0);
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[must_use]
pub struct Reduction<'a> {
    callable: Callable,
    /// None for the callable itself.
    call: Option<Call<'a>>,
    state: Option<Box<dyn Reduce + 'a>>,
    list_items: Option<Items<'a>>,
    dict_items: Option<Items<'a>>,
    state_setter: Option<Callable>,
}

/// A global, by name or by the Rust function that is registered under one.
enum Callable {
    Name(QualName<'static>),
    Function(RustType),
}

struct Call<'a> {
    creation: Creation,
    args: Box<dyn Arguments + 'a>,
    kwargs: Vec<(&'static str, Box<dyn Reduce + 'a>)>,
}

/// Writes items, in batches.
type Items<'a> = Box<dyn FnOnce(&mut Pickler<'_>) -> Result<()> + 'a>;

impl<'a> Reduction<'a> {
    /// A call of a function that is registered: one marked
    /// [`#[constructor]`](macro@crate::constructor), or registered at run time by
    /// [`copyreg::constructor`](crate::copyreg::constructor). A function that is a type's
    /// `constructor` is written as the type's class.
    ///
    /// That the arguments fit the function's parameters is checked by the compiler: see
    /// [`wire`](crate::wire). There is one for each parameter, also for those that a pickle may
    /// leave out.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a function is named by its path, and has no size"
    )]
    pub fn new<F: 'static, M, A: ArgumentsOf<F, M> + 'a>(function: F, args: A) -> Self {
        Self::of(
            Callable::Function(RustType::of_val(&function)),
            Creation::Reduce,
            args,
        )
    }

    /// A call of any callable that Python knows by this name.
    pub fn call(callable: QualName<'static>, args: impl Arguments + 'a) -> Self {
        Self::of(Callable::Name(callable), Creation::Reduce, args)
    }

    /// `class.__new__(class, *args)`, where the class's `__init__` is not to run.
    pub fn instance(class: QualName<'static>, args: impl Arguments + 'a) -> Self {
        Self::of(Callable::Name(class), Creation::NewObj, args)
    }

    /// A global: the value is an object that Python knows by this name.
    ///
    /// When it is loaded, a constructor without parameters that has this name makes it:
    ///
    /// ```
    /// use pickle_core::{QualName, Reduce, Reduction, dumps, loads};
    ///
    /// #[derive(Debug, PartialEq, Reduce)]
    /// #[reduce(module = "app", with = reduce_logger)]
    /// struct Logger;
    ///
    /// fn reduce_logger(_: &Logger) -> Reduction<'_> {
    ///     Reduction::global(QualName::new("app", "LOGGER")) // Python: return 'LOGGER'
    /// }
    ///
    /// #[pickle_core::constructor(module = "app", name = "LOGGER")]
    /// fn logger() -> Logger {
    ///     Logger
    /// }
    ///
    /// assert_eq!(loads::<Logger>(&dumps(&Logger)?)?, Logger);
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    pub fn global(name: QualName<'static>) -> Self {
        Self {
            callable: Callable::Name(name),
            call: None,
            state: None,
            list_items: None,
            dict_items: None,
            state_setter: None,
        }
    }

    fn of(callable: Callable, creation: Creation, args: impl Arguments + 'a) -> Self {
        Self {
            callable,
            call: Some(Call {
                creation,
                args: Box::new(args),
                kwargs: Vec::new(),
            }),
            state: None,
            list_items: None,
            dict_items: None,
            state_setter: None,
        }
    }

    /// Adds a keyword argument to the call.
    ///
    /// A call with keywords is written as Python's own reducers write it: of an
    /// [`instance`](Reduction::instance) by NEWOBJ_EX, of a function by `functools.partial`.
    /// The function is that of a [`call`](Reduction::call), as [`new`](Reduction::new) has an
    /// argument for each parameter already.
    ///
    /// ```
    /// use pickle_core::{QualName, Reduce, Reduction, dumps, loads};
    ///
    /// #[derive(Reduce)]
    /// #[reduce(module = "app", with = reduce_size)]
    /// struct Size(u64);
    ///
    /// fn reduce_size(size: &Size) -> Reduction<'_> {
    ///     // Python: functools.partial(size, unit='kB'), (size // 1000,)
    ///     Reduction::call(QualName::new("app", "size"), (size.0 / 1000,)).kwarg("unit", "kB")
    /// }
    ///
    /// #[pickle_core::constructor(module = "app")]
    /// fn size(number: u64, #[default("B")] unit: &str) -> Size {
    ///     Size(if unit == "kB" { 1000 * number } else { number })
    /// }
    ///
    /// assert_eq!(loads::<Size>(&dumps(&Size(3000))?)?.0, 3000);
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If this is a [`global`](Reduction::global), which is not called; so do all methods that add
    /// something to the result of a call.
    pub fn kwarg(mut self, name: &'static str, value: impl Reduce + 'a) -> Self {
        let call = self.call.as_mut().expect("a global is not called");
        call.kwargs.push((name, Box::new(value)));
        if call.creation == Creation::NewObj {
            call.creation = Creation::NewObjEx;
        }
        self
    }

    /// Adds the state, which BUILD gives to the object, or the
    /// [state setter](Reduction::state_setter).
    pub fn state(mut self, state: impl Reduce + 'a) -> Self {
        self.check_called();
        self.state = Some(Box::new(state));
        self
    }

    /// Adds items, which the object is extended by as a list is. They are not collected.
    pub fn list_items<I>(mut self, items: I) -> Self
    where
        I: IntoIterator<Item: Reduce> + 'a,
    {
        self.check_called();
        self.list_items = Some(Box::new(|p| p.append_all(items)));
        self
    }

    /// Adds entries, which are set on the object as on a dict. They are not collected.
    pub fn dict_items<I, K: Reduce, V: Reduce>(mut self, entries: I) -> Self
    where
        I: IntoIterator<Item = (K, V)> + 'a,
    {
        self.check_called();
        self.dict_items = Some(Box::new(|p| p.set_all(entries)));
        self
    }

    /// Adds a function that sets the state: one marked
    /// [`#[state_setter]`](macro@crate::state_setter). It is called with the object and the state,
    /// in place of the type's own `setstate`. Without a [`state`](Reduction::state) it is not
    /// called.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a function is named by its path, and has no size"
    )]
    pub fn state_setter<F: 'static>(mut self, function: F) -> Self {
        self.check_called();
        self.state_setter = Some(Callable::Function(RustType::of_val(&function)));
        self
    }

    fn check_called(&self) {
        assert!(self.call.is_some(), "a global is not called");
    }
}

impl fmt::Debug for Reduction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Reduction");
        match &self.callable {
            Callable::Name(name) => debug.field("callable", name),
            Callable::Function(function) => debug.field("callable", function),
        };
        debug
            .field("args", &self.call.as_ref().map(|call| call.args.count()))
            .field("has_state", &self.state.is_some())
            .finish_non_exhaustive()
    }
}

impl Callable {
    fn name(&self) -> Result<QualName<'static>> {
        match self {
            Self::Name(name) => Ok(name.clone()),
            Self::Function(function) => Ok(class::function_name(*function)?.clone()),
        }
    }
}

impl Pickler<'_> {
    /// Writes what a reducer returned.
    ///
    /// # Errors
    ///
    /// If a function is not registered, and as [`save`](Pickler::save).
    pub fn reduction(&mut self, reduction: Reduction<'_>) -> Result<()> {
        self.nested(|p| p.write_reduction(reduction))
    }

    fn write_reduction(&mut self, reduction: Reduction<'_>) -> Result<()> {
        let callable = reduction.callable.name()?;
        let Some(call) = reduction.call else {
            return self.singleton(&callable);
        };
        let setter = match (&reduction.state, &reduction.state_setter) {
            (Some(_), Some(setter)) => Some(setter.name()?),
            _ => None,
        };
        let (args, kwargs) = (call.args.count(), call.kwargs.len());
        let mut object = self.call(&callable, call.creation, (args, kwargs), setter.is_some())?;
        call.args.reduce_each(&mut object)?;
        for (name, value) in call.kwargs {
            object.kwarg(name, &*value)?;
        }
        for items in [reduction.list_items, reduction.dict_items] {
            items.map_or(Ok(()), |items| object.add(items))?;
        }
        match (reduction.state, setter) {
            (Some(state), None) => object.whole_state(&*state)?,
            (Some(state), Some(setter)) => object.set_state(&setter, &*state)?,
            (None, _) => {}
        }
        object.end()
    }
}

/// The arguments of a call: a tuple of up to twelve values that can be pickled.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tuple of up to twelve arguments",
    label = "arguments stand in a tuple: `(x,)` if there is one, `()` if there is none"
)]
pub trait Arguments {
    /// How many there are.
    #[doc(hidden)]
    fn count(&self) -> usize;

    /// Writes each.
    #[doc(hidden)]
    fn reduce_each(&self, object: &mut ObjectWriter<'_, '_>) -> Result<()>;
}

/// [`Arguments`] that function `F`, whose signature is `M`, can be called with.
#[diagnostic::on_unimplemented(
    message = "`{F}` cannot be called with the arguments `{Self}`",
    label = "these arguments do not fit the function's parameters",
    note = "arguments stand in a tuple: `(x,)` if there is one, `()` if there is none"
)]
pub trait ArgumentsOf<F, M>: Arguments {}

macro_rules! arguments {
    ($($len:literal: $($argument:ident $parameter:ident $index:tt),*;)+) => {
        $(
            impl<$($argument: Reduce),*> Arguments for ($($argument,)*) {
                fn count(&self) -> usize {
                    $len
                }

                fn reduce_each(&self, object: &mut ObjectWriter<'_, '_>) -> Result<()> {
                    $(object.argument(Segment::Argument($index), &self.$index)?;)*
                    let _ = object;
                    Ok(())
                }
            }

            impl<F, R, $($argument, $parameter),*> ArgumentsOf<F, fn($($parameter),*) -> R>
                for ($($argument,)*)
            where
                F: Fn($($parameter),*) -> R,
                $(
                    $argument: Reduce + Wire,
                    $parameter: Wire<Form: Accepts<$argument::Form>>,
                )*
            {
            }
        )+
    };
}

arguments! {
    0: ;
    1: A0 P0 0;
    2: A0 P0 0, A1 P1 1;
    3: A0 P0 0, A1 P1 1, A2 P2 2;
    4: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3;
    5: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4;
    6: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4, A5 P5 5;
    7: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4, A5 P5 5, A6 P6 6;
    8: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4, A5 P5 5, A6 P6 6, A7 P7 7;
    9: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4, A5 P5 5, A6 P6 6, A7 P7 7, A8 P8 8;
    10: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4, A5 P5 5, A6 P6 6, A7 P7 7, A8 P8 8, A9 P9 9;
    11: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4, A5 P5 5, A6 P6 6, A7 P7 7, A8 P8 8, A9 P9 9, A10 P10 10;
    12: A0 P0 0, A1 P1 1, A2 P2 2, A3 P3 3, A4 P4 4, A5 P5 5, A6 P6 6, A7 P7 7, A8 P8 8, A9 P9 9, A10 P10 10, A11 P11 11;
}

/// What a reducer may return: a [`Reduction`], or a `Result` of one. An error is the
/// [`source`](std::error::Error::source) of the one that `dumps` returns.
#[diagnostic::on_unimplemented(
    message = "a reducer returns a `Reduction`, or a `Result` of one, not `{Self}`"
)]
pub trait IntoReduction<'a> {
    /// The reduction.
    ///
    /// # Errors
    ///
    /// The reducer's own.
    fn into_reduction(self) -> Result<Reduction<'a>>;
}

// One that lives longer than it has to is what a closure returns.
impl<'a, 'b: 'a> IntoReduction<'a> for Reduction<'b> {
    fn into_reduction(self) -> Result<Reduction<'a>> {
        Ok(self)
    }
}

impl<'a, 'b: 'a, E> IntoReduction<'a> for Result<Reduction<'b>, E>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn into_reduction(self) -> Result<Reduction<'a>> {
        self.map_err(Error::from_source)
    }
}
