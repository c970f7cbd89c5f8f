//! Attributes of another among one's own, as the derive writes it.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use pickle_core::__private::{Class, Field};
use pickle_core::{
    Construct, Creation, Decoder, ErrorKind, Flatten, FlattenReduce, ObjectWriter, Pickler,
    QualName, Reduce, Rest, Result, loads,
};

use crate::loaded;

/// An instance with a `name`, and whatever `rest` has.
#[derive(Debug, PartialEq)]
struct Named<F> {
    name: String,
    rest: F,
}

static NAMED: Class = Class {
    name: QualName::new("app", "Named"),
    aliases: &[],
    fields: &[Field {
        name: "name",
        aliases: &[],
    }],
    positional: 1,
    deny_unknown: false,
};

impl<F: FlattenReduce> Reduce for Named<F> {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        let mut object = p.object(&NAMED, Creation::NewObj, 0, 0)?;
        object.state(1 + self.rest.attributes())?;
        object.field("name", &self.name)?;
        self.rest.reduce_flat(&mut object)?;
        object.end()
    }
}

impl<'g, F: Flatten<'g>> Construct<'g> for Named<F> {
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let mut fields = d.object(&NAMED)?.keep_rest();
        let mut name = None;
        while fields.next(d)?.is_some() {
            name = Some(fields.value(d)?);
        }
        let Some(name) = name else {
            return Err(fields.missing(d, &[false]));
        };
        let rest = F::construct_flat(d, &mut fields.into_rest())?;
        Ok(Self { name, rest })
    }
}
pickle_core::pointee!([F: Flatten<'g>] Named<F>);

/// A struct that is flattened.
#[derive(Debug, PartialEq)]
struct Point {
    x: i32,
    y: i32,
}

static POINT: Class = Class {
    name: QualName::new("app", "Point"),
    aliases: &[],
    fields: &[
        Field {
            name: "x",
            aliases: &[],
        },
        Field {
            name: "y",
            aliases: &[],
        },
    ],
    positional: 2,
    deny_unknown: false,
};

impl FlattenReduce for Point {
    fn attributes(&self) -> usize {
        2
    }

    fn reduce_flat(&self, object: &mut ObjectWriter<'_, '_>) -> Result<()> {
        object.field("x", &self.x)?;
        object.field("y", &self.y)
    }
}

impl<'g> Flatten<'g> for Point {
    fn construct_flat(d: &mut Decoder<'g>, rest: &mut Rest) -> Result<Self> {
        let mut fields = rest.fields(&POINT, d);
        let (mut x, mut y) = (None, None);
        while let Some(index) = fields.next(d)? {
            let value = Some(fields.value(d)?);
            if index == 0 { x = value } else { y = value }
        }
        let (Some(x), Some(y)) = (x, y) else {
            return Err(fields.missing(d, &[x.is_some(), y.is_some()]));
        };
        rest.put_back(fields);
        Ok(Self { x, y })
    }
}

#[track_caller]
fn same<F>(rest: F) -> Result<()>
where
    F: FlattenReduce + for<'g> Flatten<'g> + PartialEq + Debug,
{
    let value = Named {
        name: "n".to_owned(),
        rest,
    };
    for back in loaded::<_, Named<F>>(&value)? {
        assert_eq!(back, value);
    }
    Ok(())
}

#[test]
fn maps_take_what_is_left() -> Result<()> {
    same(HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]))?;
    same(BTreeMap::from([("a".to_owned(), vec![1])]))?;
    same(BTreeMap::<String, i32>::new())
}

#[test]
fn an_option_is_there_or_not() -> Result<()> {
    same(Some(Point { x: 1, y: 2 }))?;
    same(None::<Point>)?;
    same(Some(BTreeMap::from([("a".to_owned(), 1)])))
}

const NAMED_WITH: &[u8] = b"capp\nNamed\n)\x81}(Vname\nVn\nVx\nI1\n";

#[test]
fn an_option_lacks_an_attribute_and_is_none() -> Result<()> {
    let input = [NAMED_WITH, b"ub."].concat();
    assert_eq!(loads::<Named<Option<Point>>>(&input)?.rest, None);
    let error = loads::<Named<Point>>(&input).expect_err("y is missing");
    assert!(
        matches!(error.kind(), ErrorKind::MissingAttributes { .. }),
        "{error}"
    );
    Ok(())
}

/// Two flattened fields: the second has what the first leaves.
#[derive(Debug, PartialEq)]
struct Both<A, B>(A, B);

impl<'g, A: Flatten<'g>, B: Flatten<'g>> Flatten<'g> for Both<A, B> {
    fn construct_flat(d: &mut Decoder<'g>, rest: &mut Rest) -> Result<Self> {
        Ok(Self(
            A::construct_flat(d, rest)?,
            B::construct_flat(d, rest)?,
        ))
    }
}

#[test]
fn an_option_that_is_none_takes_nothing() -> Result<()> {
    type Rest = Both<Option<Point>, BTreeMap<String, i32>>;

    let input = [NAMED_WITH, b"ub."].concat();
    let left = BTreeMap::from([("x".to_owned(), 1)]);
    assert_eq!(loads::<Named<Rest>>(&input)?.rest, Both(None, left));

    let input = [NAMED_WITH, b"Vy\nI2\nVz\nI3\nub."].concat();
    let point = Some(Point { x: 1, y: 2 });
    let left = BTreeMap::from([("z".to_owned(), 3)]);
    assert_eq!(loads::<Named<Rest>>(&input)?.rest, Both(point, left));
    Ok(())
}

/// A struct that is flattened, with an instance in it.
#[derive(Debug)]
struct Framed(Named<BTreeMap<String, i32>>);

static FRAMED: Class = Class {
    name: QualName::new("app", "Framed"),
    aliases: &[],
    fields: &[Field {
        name: "frame",
        aliases: &[],
    }],
    positional: 1,
    deny_unknown: false,
};

impl<'g> Flatten<'g> for Framed {
    fn construct_flat(d: &mut Decoder<'g>, rest: &mut Rest) -> Result<Self> {
        let mut fields = rest.fields(&FRAMED, d);
        let frame = match fields.next(d)? {
            Some(_) => fields.value(d)?,
            None => return Err(fields.missing(d, &[false])),
        };
        rest.put_back(fields);
        Ok(Self(frame))
    }
}

#[test]
fn an_option_is_not_none_for_what_another_instance_lacks() -> Result<()> {
    let input = [NAMED_WITH, b"Vframe\ncapp\nNamed\n)\x81ub."].concat();
    let error = loads::<Named<Option<Framed>>>(&input).expect_err("the inner one has no name");
    assert_eq!(error.path().to_string(), "$.frame");
    assert!(
        matches!(error.kind(), ErrorKind::MissingAttributes { .. }),
        "{error}"
    );

    let input = [NAMED_WITH, b"Vframe\ncapp\nNamed\n)\x81}Vname\nVi\nsbub."].concat();
    let framed = loads::<Named<Option<Framed>>>(&input)?.rest;
    assert_eq!(framed.map(|framed| framed.0.name).as_deref(), Some("i"));
    Ok(())
}

#[test]
fn an_attribute_of_the_wrong_type_is_an_error_with_its_name() {
    let input = [NAMED_WITH, b"Vy\nVa\nub."].concat();
    for error in [
        loads::<Named<Option<Point>>>(&input).expect_err("y is a str"),
        loads::<Named<Point>>(&input).expect_err("y is a str"),
        loads::<Named<HashMap<String, i32>>>(&input).expect_err("y is a str"),
    ] {
        assert_eq!(error.path().to_string(), "$.y");
        assert!(
            matches!(error.kind(), ErrorKind::WrongType { .. }),
            "{error}"
        );
    }
}
