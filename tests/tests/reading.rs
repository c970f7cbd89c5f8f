//! Readers that hand out few bytes at a time: what is loaded and what is left is always the same.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufReader, Read};

use pickle_core::Unpickler;
use pickle_tests::corpus::corpus;

/// Sizes of a reader's buffer. By one byte, each opcode with an argument is read by itself.
const SIZES: [usize; 6] = [2, 3, 7, 16, 64, 8192];

/// What comes of the next pickle, and what is left behind it.
fn read(bytes: &[u8], size: usize) -> (Result<String, String>, Vec<u8>) {
    let mut reader = BufReader::with_capacity(size, bytes);
    let graph = Unpickler::new().read_graph(&mut reader);
    let outcome = match graph {
        Ok(graph) => Ok(format!("{} nodes, {:?}", graph.len(), graph.root())),
        Err(error) => Err(error.to_string()),
    };
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    (outcome, rest)
}

fn assert_any_size(bytes: &[u8], what: &str) {
    let expected = read(bytes, 1);
    for size in SIZES {
        assert_eq!(
            read(bytes, size),
            expected,
            "{what}, {size} bytes at a time"
        );
    }
}

#[test]
fn whole_pickles_are_read_up_to_their_stop() {
    for pickled in corpus() {
        let mut input = pickled.bytes.clone();
        input.extend(b"(next");
        let (outcome, rest) = read(&input, 1);
        assert_eq!(rest, b"(next", "{}", pickled.name());
        let graph = Unpickler::new().graph(&pickled.bytes);
        assert_eq!(outcome.is_ok(), graph.is_ok(), "{}", pickled.name());
        assert_any_size(&input, &pickled.name());
    }
}

#[test]
fn broken_pickles_are_read_as_far() {
    let corpus = corpus();
    let short = corpus.iter().filter(|pickled| pickled.bytes.len() < 80);
    // Each of them passes, but all together take minutes.
    for pickled in short.step_by(97) {
        let mut bytes = pickled.bytes.clone();
        for end in 0..bytes.len() {
            assert_any_size(&bytes[..end], &pickled.name());
        }
        bytes.extend(b"(next");
        for at in 0..pickled.bytes.len() {
            for byte in [0, 0xff, b'.', b'X', b'T', b'c'] {
                let before = std::mem::replace(&mut bytes[at], byte);
                assert_any_size(&bytes, &pickled.name());
                bytes[at] = before;
            }
        }
    }
}
