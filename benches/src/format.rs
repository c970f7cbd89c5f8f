//! The formats that run against each other, each with one way to dump and one to load a type.
//!
//! Every format allocates its result. A format that has derive macros of its own is used with
//! them, as its users would; the others go through serde.

use pickle_core::{ConstructOwned, Reduce};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A way to make bytes of a `T` and back.
pub(crate) trait Format<T> {
    /// The name of the crate.
    const NAME: &'static str;

    /// Makes bytes of a value.
    fn dump(value: &T) -> Vec<u8>;

    /// Makes a value of bytes that [`dump`](Format::dump) made.
    fn load(bytes: &[u8]) -> T;
}

const DUMPS: &str = "the format can express the value";
const LOADS: &str = "the format dumped these bytes itself";

/// What all of this is for.
pub(crate) struct PickleCore;

impl<T: Reduce + ConstructOwned> Format<T> for PickleCore {
    const NAME: &'static str = "pickle-core";

    fn dump(value: &T) -> Vec<u8> {
        pickle_core::dumps(value).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        pickle_core::loads(bytes).expect(LOADS)
    }
}

pub(crate) struct SerdePickle;

impl<T: Serialize + DeserializeOwned> Format<T> for SerdePickle {
    const NAME: &'static str = "serde-pickle";

    fn dump(value: &T) -> Vec<u8> {
        serde_pickle::to_vec(value, serde_pickle::SerOptions::new()).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        serde_pickle::from_slice(bytes, serde_pickle::DeOptions::new()).expect(LOADS)
    }
}

pub(crate) struct Pickled;

impl<T: Serialize + DeserializeOwned> Format<T> for Pickled {
    const NAME: &'static str = "pickled";

    fn dump(value: &T) -> Vec<u8> {
        pickled::to_vec(value, pickled::SerOptions::new()).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        pickled::from_slice(bytes, pickled::DeOptions::new()).expect(LOADS)
    }
}

pub(crate) struct RmpSerde;

impl<T: Serialize + DeserializeOwned> Format<T> for RmpSerde {
    const NAME: &'static str = "rmp-serde";

    fn dump(value: &T) -> Vec<u8> {
        rmp_serde::to_vec(value).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        rmp_serde::from_slice(bytes).expect(LOADS)
    }
}

pub(crate) struct Postcard;

impl<T: Serialize + DeserializeOwned> Format<T> for Postcard {
    const NAME: &'static str = "postcard";

    fn dump(value: &T) -> Vec<u8> {
        postcard::to_stdvec(value).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        postcard::from_bytes(bytes).expect(LOADS)
    }
}

pub(crate) struct SerdeJson;

impl<T: Serialize + DeserializeOwned> Format<T> for SerdeJson {
    const NAME: &'static str = "serde_json";

    fn dump(value: &T) -> Vec<u8> {
        serde_json::to_vec(value).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        serde_json::from_slice(bytes).expect(LOADS)
    }
}

/// With its own derive macros.
pub(crate) struct Bincode;

impl<T: bincode::Encode + bincode::Decode<()>> Format<T> for Bincode {
    const NAME: &'static str = "bincode";

    fn dump(value: &T) -> Vec<u8> {
        bincode::encode_to_vec(value, bincode::config::standard()).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        let (value, _) =
            bincode::decode_from_slice(bytes, bincode::config::standard()).expect(LOADS);
        value
    }
}

/// Through serde, for what has no `Encode`.
pub(crate) struct BincodeSerde;

impl<T: Serialize + DeserializeOwned> Format<T> for BincodeSerde {
    const NAME: &'static str = "bincode (serde)";

    fn dump(value: &T) -> Vec<u8> {
        bincode::serde::encode_to_vec(value, bincode::config::standard()).expect(DUMPS)
    }

    fn load(bytes: &[u8]) -> T {
        let (value, _) =
            bincode::serde::decode_from_slice(bytes, bincode::config::standard()).expect(LOADS);
        value
    }
}

/// With its own derive macros.
pub(crate) struct Bitcode;

impl<T: bitcode::Encode + bitcode::DecodeOwned> Format<T> for Bitcode {
    const NAME: &'static str = "bitcode";

    fn dump(value: &T) -> Vec<u8> {
        bitcode::encode(value)
    }

    fn load(bytes: &[u8]) -> T {
        bitcode::decode(bytes).expect(LOADS)
    }
}
