//! One value in every protocol, exchanged with any Python: 2.7, or 3.6 and later.
//!
//! What the pickle says is the same in all of them, but not how: protocols 0 to 2 call
//! `copy_reg._reconstructor` and spell modules as Python 2 does, later ones have opcodes for more.
//! As in Python, a reducer returns a function and arguments, and knows nothing of this.

use std::collections::BTreeSet;
use std::error::Error;
use std::rc::Rc;

use pickle_core::{Pickler, Reduce, Reduction, Unpickler, loads};
use pickle_examples::Python;

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "portable")]
struct Album {
    title: String,
    artist: Rc<Artist>,
    tracks: Vec<Track>,
    tags: BTreeSet<String>,
    price: Price,
    copies: u128,
    label: Option<String>,
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "portable")]
struct Artist {
    name: String,
    born: i32,
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "portable")]
struct Track {
    title: String,
    artist: Rc<Artist>,
    minutes: f64,
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "portable", with = reduce_price)]
struct Price {
    cents: u32,
}

fn reduce_price(it: &Price) -> Reduction<'_> {
    Reduction::new(price, (it.cents,))
}

#[pickle_core::constructor(module = "portable")]
fn price(cents: u32) -> Price {
    Price { cents }
}

fn main() -> Result<(), Box<dyn Error>> {
    let album = album();
    for protocol in 0..=5 {
        let loaded: Album = loads(&dumps(&album, protocol)?)?;
        println!(
            "Rust to Rust in protocol {protocol}: {}",
            same(&loaded, &album)
        );
    }
    let Some(python) = Python::find_any() else {
        return Ok(());
    };

    let highest = python.run("import pickle; print(pickle.HIGHEST_PROTOCOL)", b"")?;
    let highest: u8 = String::from_utf8(highest)?.trim().parse()?;
    println!("CPython {} knows protocols 0 to {highest}.", python.version);

    let mut pickles = Vec::new();
    for protocol in 0..=highest {
        pickles.extend(dumps(&album, protocol)?);
    }
    let dumped = python.run("import portable; portable.load_and_dump()", &pickles)?;
    println!("    It has loaded what Rust dumped in each, and dumped the same in each.");

    let mut equal = Vec::new();
    for graph in Unpickler::new().stream(&dumped[..]) {
        equal.push(same(&graph?.construct()?, &album));
    }
    let all = equal == vec![true; usize::from(highest) + 1];
    println!("    Rust loads all of them: {all}");
    Ok(())
}

fn dumps(album: &Album, protocol: u8) -> pickle_core::Result<Vec<u8>> {
    let mut pickle = Vec::new();
    Pickler::new(&mut pickle).protocol(protocol).dump(album)?;
    Ok(pickle)
}

/// Whether they are equal, and the artist is one and the same person.
fn same(loaded: &Album, album: &Album) -> bool {
    loaded == album && Rc::ptr_eq(&loaded.tracks[0].artist, &loaded.artist)
}

fn album() -> Album {
    let artist = Rc::new(Artist {
        name: "Sofía Gubaidulina".to_owned(),
        born: 1931,
    });
    Album {
        title: "Offertorium".to_owned(),
        tracks: vec![Track {
            title: "Konzert".to_owned(),
            artist: Rc::clone(&artist),
            minutes: 34.5,
        }],
        artist,
        tags: ["orchestra", "violin"].map(str::to_owned).into(),
        price: price(1799),
        copies: 1 << 70,
        label: None,
    }
}
