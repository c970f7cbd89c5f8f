//! What the tests share: the corpus, and the Python interpreters that judge.

#![forbid(unsafe_code)]

pub mod corpus;
pub mod floods;
pub mod generate;
pub mod geometry;
pub mod handmade;
pub mod interop;
pub mod pickletools;
pub mod python;
pub mod repr;
pub mod zoo;
