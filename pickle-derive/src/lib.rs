//! `#[derive(Reduce)]`.
