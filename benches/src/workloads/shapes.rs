//! W7: a list of trait objects of four classes.

use std::rc::Rc;

use fastrand::Rng;
use fory::{ForyObject, ForyStruct, register_trait_type};
use pickle_core::{Reduce, object};
use serde::{Deserialize, Serialize};

use super::text;
use crate::contest::Contest;
use crate::format::{
    Bincode, BincodeSerde, Bitcode, Format, PickleCore, Postcard, RmpSerde, SerdeJson, SerdePickle,
};

#[object]
trait Shape {
    fn boxed(&self) -> Box<dyn Shape>;
    fn to_any(&self) -> AnyShape;
}

/// The same trait for typetag.
#[typetag::serde]
trait TaggedShape {
    fn to_any(&self) -> AnyShape;
}

/// The same trait for fory.
trait ForyShape: ForyObject {
    fn to_any(&self) -> AnyShape;
}

#[derive(
    Clone,
    Debug,
    PartialEq,
    Reduce,
    Serialize,
    Deserialize,
    bincode::Encode,
    bincode::Decode,
    bitcode::Encode,
    bitcode::Decode,
    ForyStruct,
)]
#[reduce(module = "pickle_benches")]
struct Circle {
    x: f64,
    y: f64,
    radius: f64,
}

#[derive(
    Clone,
    Debug,
    PartialEq,
    Reduce,
    Serialize,
    Deserialize,
    bincode::Encode,
    bincode::Decode,
    bitcode::Encode,
    bitcode::Decode,
    ForyStruct,
)]
#[reduce(module = "pickle_benches")]
struct Rectangle {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

#[derive(
    Clone,
    Debug,
    PartialEq,
    Reduce,
    Serialize,
    Deserialize,
    bincode::Encode,
    bincode::Decode,
    bitcode::Encode,
    bitcode::Decode,
    ForyStruct,
)]
#[reduce(module = "pickle_benches")]
struct Label {
    text: String,
    size: u8,
}

#[derive(
    Clone,
    Debug,
    PartialEq,
    Reduce,
    Serialize,
    Deserialize,
    bincode::Encode,
    bincode::Decode,
    bitcode::Encode,
    bitcode::Decode,
    ForyStruct,
)]
#[reduce(module = "pickle_benches")]
struct Path {
    id: u32,
    closed: bool,
}

/// What a program that knows all its shapes would use instead, and what shapes are compared as.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    bincode::Encode,
    bincode::Decode,
    bitcode::Encode,
    bitcode::Decode,
)]
enum AnyShape {
    Circle(Circle),
    Rectangle(Rectangle),
    Label(Label),
    Path(Path),
}

macro_rules! shapes {
    ($($class:ident)*) => {
        $(
            #[object]
            impl Shape for $class {
                fn boxed(&self) -> Box<dyn Shape> {
                    Box::new(self.clone())
                }

                fn to_any(&self) -> AnyShape {
                    AnyShape::$class(self.clone())
                }
            }

            impl ForyShape for $class {
                fn to_any(&self) -> AnyShape {
                    AnyShape::$class(self.clone())
                }
            }

            #[typetag::serde]
            impl TaggedShape for $class {
                fn to_any(&self) -> AnyShape {
                    AnyShape::$class(self.clone())
                }
            }
        )*

        impl AnyShape {
            fn into_shape(self) -> Box<dyn Shape> {
                match self {
                    $(Self::$class(shape) => Box::new(shape),)*
                }
            }

            fn into_fory(self) -> Box<dyn ForyShape> {
                match self {
                    $(Self::$class(shape) => Box::new(shape),)*
                }
            }

            fn into_tagged(self) -> Box<dyn TaggedShape> {
                match self {
                    $(Self::$class(shape) => Box::new(shape),)*
                }
            }
        }
    };
}

shapes!(Circle Rectangle Label Path);
register_trait_type!(ForyShape, Circle, Rectangle, Label, Path);

impl PartialEq for dyn Shape {
    fn eq(&self, other: &Self) -> bool {
        self.to_any() == other.to_any()
    }
}

impl PartialEq for dyn TaggedShape {
    fn eq(&self, other: &Self) -> bool {
        self.to_any() == other.to_any()
    }
}

impl PartialEq for dyn ForyShape {
    fn eq(&self, other: &Self) -> bool {
        self.to_any() == other.to_any()
    }
}

/// fory in its mode for Rust only, and for a writer and reader of the same types.
struct OfFory;

thread_local! {
    static FORY: fory::Fory = {
        let mut fory = fory::Fory::builder().xlang(false).compatible(false).build();
        let registered = fory
            .register::<Circle>(100)
            .and_then(|()| fory.register::<Rectangle>(101))
            .and_then(|()| fory.register::<Label>(102))
            .and_then(|()| fory.register::<Path>(103));
        registered.expect("the numbers are distinct");
        fory
    };
}

impl Format<ForyShapes> for OfFory {
    const NAME: &'static str = "fory";

    fn dump(value: &ForyShapes) -> Vec<u8> {
        FORY.with(|fory| fory.serialize(value))
            .expect("all shapes are registered")
    }

    fn load(bytes: &[u8]) -> ForyShapes {
        FORY.with(|fory| fory.deserialize(bytes))
            .expect("fory dumped these bytes itself")
    }
}

type ForyShapes = Vec<Box<dyn ForyShape>>;
type Shapes = Vec<Box<dyn Shape>>;
type TaggedShapes = Vec<Box<dyn TaggedShape>>;

pub(super) fn enter(contest: &mut Contest) {
    let mut random = Rng::with_seed(7);
    let any: Vec<AnyShape> = (0..contest.size).map(|_| shape(&mut random)).collect();

    let shapes: Rc<Shapes> = Rc::new(any.iter().cloned().map(AnyShape::into_shape).collect());
    let ours = PickleCore::dump(&*shapes);
    contest.race_python(&shapes, 1);

    let tagged: TaggedShapes = any.iter().cloned().map(AnyShape::into_tagged).collect();
    let tagged = Rc::new(tagged);
    contest.race_named::<RmpSerde, TaggedShapes>("typetag, rmp-serde", &tagged);
    contest.race_named::<Postcard, TaggedShapes>("typetag, postcard", &tagged);
    contest.race_named::<BincodeSerde, TaggedShapes>("typetag, bincode", &tagged);
    contest.race_named::<SerdeJson, TaggedShapes>("typetag, serde_json", &tagged);
    contest.race_named::<SerdePickle, TaggedShapes>("typetag, serde-pickle", &tagged);

    let fory: ForyShapes = any.iter().cloned().map(AnyShape::into_fory).collect();
    contest.race::<OfFory, ForyShapes>(&Rc::new(fory));

    let any = Rc::new(any);
    contest.race_named::<Bincode, Vec<AnyShape>>("enum, bincode", &any);
    contest.race_named::<Bitcode, Vec<AnyShape>>("enum, bitcode", &any);
    contest.race_floors(&shapes, clone, &ours);
}

fn shape(random: &mut Rng) -> AnyShape {
    let (x, y) = (random.f64(), random.f64());
    match random.u8(0..4) {
        0 => AnyShape::Circle(Circle {
            x,
            y,
            radius: random.f64(),
        }),
        1 => AnyShape::Rectangle(Rectangle {
            x,
            y,
            width: random.f64(),
            height: random.f64(),
        }),
        2 => AnyShape::Label(Label {
            text: text(random, 3..12),
            size: random.u8(6..72),
        }),
        _ => AnyShape::Path(Path {
            id: random.u32(..),
            closed: random.bool(),
        }),
    }
}

fn clone(shapes: &Shapes) -> Shapes {
    shapes.iter().map(|shape| shape.boxed()).collect()
}
