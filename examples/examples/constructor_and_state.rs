//! Constructor arguments *and* state: what cannot be pickled is in neither, and is made anew.
//!
//! In Python, the reducer returns `(DataProcessor, (name,), state)`: the class is called with the
//! name, and the object is given the state by `__setstate__`. The cache is left out, and comes back
//! empty. Here the three are `constructor`, `Reduction::state` and `setstate`.

use std::collections::HashMap;
use std::error::Error;
use std::time::{Duration, Instant};
use std::{fmt, fs, io};

use pickle_core::{Reduce, Reduction, dumps, loads, pickletools};
use pickle_examples::{Python, data};

#[derive(Reduce)]
#[reduce(
    module = "processors",
    with = reduce_processor,
    constructor = DataProcessor::new,
    setstate = DataProcessor::set_state
)]
struct DataProcessor {
    name: String,
    processed: u64,
    /// Counts of words, and when each was made: an `Instant` means nothing to another process.
    cache: HashMap<String, (usize, Instant)>,
}

/// The state: a dict of Python's.
#[derive(Reduce)]
#[reduce(as = "dict", no_register)]
struct State {
    name: String,
    processed: u64,
}

#[pickle_core::constructors]
impl DataProcessor {
    #[constructor]
    fn new(name: String) -> Self {
        DataProcessor {
            name,
            processed: 0,
            cache: HashMap::new(),
        }
    }

    /// Python's `__getstate__`.
    fn state(&self) -> State {
        State {
            name: self.name.clone(),
            processed: self.processed,
        }
    }

    /// Python's `__setstate__`.
    fn set_state(&mut self, state: State) {
        self.name = state.name;
        self.processed = state.processed;
    }

    /// Asks the cache, if that is not too old.
    fn count_words(&mut self, text: &str) -> usize {
        match self.cache.get(text) {
            Some((count, made)) if made.elapsed() < Duration::from_secs(3600) => *count,
            _ => {
                let count = text.split_whitespace().count();
                self.processed += 1;
                self.cache.insert(text.to_owned(), (count, Instant::now()));
                count
            }
        }
    }
}

impl fmt::Display for DataProcessor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, processed, size) = (&self.name, self.processed, self.cache.len());
        write!(
            f,
            "DataProcessor({name}, processed={processed}, cache_size={size})"
        )
    }
}

/// Python: `return (DataProcessor, (processor.name,), processor.__getstate__())`.
fn reduce_processor(processor: &DataProcessor) -> Reduction<'_> {
    Reduction::new(DataProcessor::new, (&processor.name,)).state(processor.state())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut processor = DataProcessor::new("my_processor".to_owned());
    for text in ["copyreg", "register pickle support functions", "copyreg"] {
        println!("{} in {text:?}", processor.count_words(text));
    }
    println!("{processor}");

    let pickle = dumps(&processor)?;
    pickletools::dis(&pickle, &mut io::stdout())?;
    let mut loaded: DataProcessor = loads(&pickle)?;
    println!("Loaded: {loaded}");
    loaded.count_words("copyreg");
    println!("It works on: {loaded}");

    let loaded: DataProcessor = loads(&fs::read(data("processor"))?)?;
    println!("CPython wrote: {loaded}");

    if let Some(python) = Python::find() {
        python.show(LOAD, &pickle)?;

        let loaded: DataProcessor = loads(&python.run(WORK, &pickle)?)?;
        println!("It counts the words of two texts: {loaded}");
    }
    Ok(())
}

const LOAD: &str = "import pickle, sys; print(pickle.load(sys.stdin.buffer))";

const WORK: &str = "
import pickle, sys
processor = pickle.load(sys.stdin.buffer)
processor.count_words('spam')
processor.count_words('spam and eggs')
sys.stdout.buffer.write(pickle.dumps(processor))
";
