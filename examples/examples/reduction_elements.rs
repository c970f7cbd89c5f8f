//! All that a reducer may return: two to six elements, or a name.
//!
//! In Python, these are a tuple, of function, arguments, state, list items, dict items and state
//! setter, or a str. Here they are a `Reduction`, to which the optional ones are added. Loading asks
//! the type for functions that take them: `setstate`, `append` and `setitem`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use pickle_core::{QualName, Reduce, Reduction, Value, copyreg, dumps, loads};
use pickle_examples::{Python, data};

#[derive(Debug, Default, Reduce)]
#[reduce(
    module = "trays",
    with = two,
    constructor = Tray::new,
    setstate = Tray::set_note,
    append = Tray::append,
    setitem = Tray::set_price
)]
struct Tray {
    name: String,
    note: Option<String>,
    parts: Vec<String>,
    prices: BTreeMap<String, u32>,
}

#[pickle_core::constructors]
impl Tray {
    #[constructor]
    fn new(name: String) -> Self {
        Tray {
            name,
            ..Tray::default()
        }
    }

    fn set_note(&mut self, note: String) {
        self.note = Some(note);
    }

    fn append(&mut self, part: String) {
        self.parts.push(part);
    }

    fn set_price(&mut self, part: String, price: u32) {
        self.prices.insert(part, price);
    }
}

/// What a pickle may have called instead of `set_note`.
#[pickle_core::state_setter(module = "trays")]
fn shout(tray: &mut Tray, note: &str) {
    tray.note = Some(note.to_uppercase());
}

/// What stands for Python's object `trays.SPARE`.
#[pickle_core::constructor(module = "trays", name = "SPARE")]
fn spare() -> Tray {
    Tray::new("spare".to_owned())
}

fn two(tray: &Tray) -> Reduction<'_> {
    Reduction::new(Tray::new, (&tray.name,))
}

fn three(tray: &Tray) -> Reduction<'_> {
    two(tray).state(&tray.note)
}

fn four(tray: &Tray) -> Reduction<'_> {
    three(tray).list_items(&tray.parts)
}

fn five(tray: &Tray) -> Reduction<'_> {
    four(tray).dict_items(&tray.prices)
}

fn six(tray: &Tray) -> Reduction<'_> {
    five(tray).state_setter(shout)
}

/// Python: `return 'SPARE'`.
fn name(_: &Tray) -> Reduction<'_> {
    Reduction::global(QualName::new("trays", "SPARE"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let tray = Tray {
        name: "bolts".to_owned(),
        note: Some("handle with care".to_owned()),
        parts: vec!["m4".to_owned(), "m5".to_owned()],
        prices: BTreeMap::from([("m4".to_owned(), 12), ("m5".to_owned(), 15)]),
    };
    let mut pickles = Vec::new();
    let reducers: [fn(&Tray) -> Reduction<'_>; 6] = [two, three, four, five, six, name];
    for reducer in reducers {
        copyreg::pickle(reducer);
        let pickle = dumps(&tray)?;
        println!("{:?}", loads::<Value>(&pickle)?);
        println!("    {:?}", loads::<Tray>(&pickle)?);
        pickles.extend(pickle);
    }

    println!("CPython wrote:");
    for tray in loads::<Vec<Tray>>(&fs::read(data("trays"))?)? {
        println!("    {tray:?}");
    }

    if let Some(python) = Python::find() {
        let code = "import pickle, sys\n\
                    for _ in range(6): print(pickle.load(sys.stdin.buffer))";
        python.show(code, &pickles)?;
    }
    Ok(())
}
