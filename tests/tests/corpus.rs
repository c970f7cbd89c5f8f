//! Everything that CPython's picklers wrote can be read.

use pickle_tests::corpus::corpus;

#[test]
fn every_pickle_of_the_corpus_loads_as_a_graph() {
    let mut wrong = Vec::new();
    let pickles = corpus();
    for pickled in &pickles {
        if let Err(error) = pickled.unpickler().graph(&pickled.bytes) {
            wrong.push(format!("{}: {error}", pickled.name()));
        }
    }
    assert!(pickles.len() > 5000, "only {} pickles", pickles.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        pickles.len(),
        wrong.join("\n")
    );
}
