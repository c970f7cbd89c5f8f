#![doc = include_str!("../docs/guide.md")]

#[doc = include_str!("../docs/table.md")]
pub mod table {}
