//! The arguments of a call, as the parameters of a function.

use pickle_registry::QualName;

use super::decoder::Place;
use super::{Construct, Decoder};
use crate::error::{Error, ErrorKind, Result, Segment};
use crate::graph::View;

impl Decoder<'_> {
    /// The arguments that the object was called with, for a function with the parameters `names`:
    /// positional ones as they come, keywords by name.
    ///
    /// # Errors
    ///
    /// If there are more arguments than parameters, one is given twice, or a keyword is none of
    /// the names.
    pub fn call_arguments(&mut self, names: &'static [&'static str]) -> Result<CallArguments> {
        let mut places = Vec::with_capacity(names.len());
        let callable;
        if let View::Object(object) = self.here().view() {
            let view = object.call_view();
            let place = |node| Some(Place { node, view });
            let mut args = object.new_args();
            let found = args.len(&self.graph.arena);
            callable = object.class().into_owned();
            if found > names.len() {
                return Err(self.error(ErrorKind::TooManyArguments {
                    class: callable,
                    expected: names.len(),
                    found,
                }));
            }
            while let Some(node) = args.next(&self.graph.arena) {
                places.push(place(node));
            }
            places.resize(names.len(), None);
            for (key, value) in object.kwargs() {
                // Parameters without a name have the empty one here.
                let key_text = key.as_str().filter(|key| !key.is_empty());
                let index = names.iter().position(|name| key_text == Some(name));
                let reason = match index {
                    // A dict's later entry replaces the earlier one of the same key.
                    Some(index) if index >= found => {
                        places[index] = place(value.id());
                        continue;
                    }
                    Some(_) => "is given twice",
                    None => "is none of its parameters",
                };
                return Err(self.error(ErrorKind::BadCall {
                    function: callable,
                    argument: key.name(),
                    reason,
                }));
            }
        } else if let View::Global(name) = self.here().view() {
            callable = name.into_owned();
            places.resize(names.len(), None);
        } else {
            return Err(self.wrong_type("a call"));
        }
        Ok(CallArguments {
            callable,
            names,
            places: places.into_iter(),
        })
    }
}

/// The arguments of a call, one for each parameter: what [`Decoder::call_arguments`] found. For
/// what `#[constructor]` expands to.
#[derive(Debug)]
pub struct CallArguments {
    callable: QualName<'static>,
    names: &'static [&'static str],
    places: std::vec::IntoIter<Option<Place>>,
}

impl CallArguments {
    /// The next parameter's argument. A missing one is `None` if the parameter is an `Option`.
    ///
    /// # Errors
    ///
    /// If the argument is missing, or not a `T`.
    pub fn value<'g, T: Construct<'g>>(&mut self, d: &mut Decoder<'g>) -> Result<T> {
        match self.given(d)? {
            Some(value) => Ok(value),
            None => T::absent().ok_or_else(|| self.missing(d)),
        }
    }

    /// The next parameter's argument, or its default.
    ///
    /// # Errors
    ///
    /// If the argument is not a `T`.
    pub fn value_or<'g, T: Construct<'g>>(
        &mut self,
        d: &mut Decoder<'g>,
        default: impl FnOnce() -> T,
    ) -> Result<T> {
        Ok(self.given(d)?.unwrap_or_else(default))
    }

    fn given<'g, T: Construct<'g>>(&mut self, d: &mut Decoder<'g>) -> Result<Option<T>> {
        let index = self.index();
        match self.places.next().flatten() {
            Some(place) => {
                let value = d.at(place, Decoder::value);
                let value = value.map_err(|error| error.within(self.segment(index)));
                value.map(Some)
            }
            None => Ok(None),
        }
    }

    /// Which parameter is next.
    fn index(&self) -> usize {
        self.names.len() - self.places.len()
    }

    fn segment(&self, index: usize) -> Segment {
        match self.names[index] {
            "" => Segment::Argument(index),
            name => Segment::Attribute(name.into()),
        }
    }

    #[cold]
    fn missing(&self, d: &Decoder<'_>) -> Error {
        let index = self.index() - 1;
        let argument = match self.names[index] {
            "" => format!("#{}", index + 1),
            name => name.to_owned(),
        };
        d.error(ErrorKind::BadCall {
            function: self.callable.clone(),
            argument,
            reason: "is missing",
        })
    }
}
