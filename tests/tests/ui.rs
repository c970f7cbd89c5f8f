//! What the derive and `#[object]` say of mistakes. `TRYBUILD=overwrite` blesses the texts.

#[test]
fn ui() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
