//! Reductions by hand, of two to six elements, by keyword and by name; constructors that a class
//! stands for; states that are no attributes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pickle_core::{QualName, Reduce, Reduction};

use super::{Case, loaded, same, value};

/// `by_hand.Tray`: its kind says how much there is of it.
#[derive(Clone, Debug, Default, PartialEq, Reduce)]
#[reduce(
    module = "by_hand",
    with = reduce_tray,
    setstate = Tray::set_label,
    append = Tray::append,
    setitem = Tray::set_item,
)]
pub(crate) struct Tray {
    kind: String,
    label: Option<String>,
    items: Vec<i32>,
    entries: BTreeMap<String, u8>,
}

impl Tray {
    fn set_label(&mut self, label: Option<String>) {
        self.label = label;
    }

    fn append(&mut self, item: i32) {
        self.items.push(item);
    }

    fn set_item(&mut self, key: String, value: u8) -> Result<(), String> {
        match self.entries.insert(key, value) {
            None => Ok(()),
            Some(_) => Err("it is set twice".to_owned()),
        }
    }
}

#[pickle_core::constructor(module = "by_hand")]
fn tray(kind: &str) -> Tray {
    Tray {
        kind: kind.to_owned(),
        ..Tray::default()
    }
}

#[pickle_core::state_setter(module = "by_hand")]
fn set_label(tray: &mut Tray, label: Option<String>) {
    tray.label = label;
}

fn reduce_tray(tray: &Tray) -> Reduction<'_> {
    let kind = tray.kind.as_str();
    if kind == "keyword" {
        let name = QualName::new("by_hand", "tray");
        return Reduction::call(name, ()).kwarg("kind", &tray.kind);
    }
    let mut reduction = Reduction::new(self::tray, (kind,));
    if kind != "two" && tray.label.is_some() {
        reduction = reduction.state(&tray.label);
    }
    if ["four", "five", "six"].contains(&kind) {
        reduction = reduction.list_items(&tray.items);
    }
    if ["five", "six"].contains(&kind) {
        reduction = reduction.dict_items(&tray.entries);
    }
    if kind == "six" {
        reduction = reduction.state_setter(set_label);
    }
    reduction
}

fn filled(kind: &str, label: Option<&str>, items: usize, entries: usize) -> Case {
    let python = format!(
        "__import__('by_hand').filled({}, {}, list(range({items})), {{'k%04d' % i: i % 256 for i in range({entries})}})",
        text(kind),
        label.map_or("None".to_owned(), text),
    );
    let tray = Tray {
        kind: kind.to_owned(),
        label: label.map(str::to_owned),
        items: (0..).take(items).collect(),
        entries: (0..entries)
            .map(|i| (format!("k{i:04}"), u8::try_from(i % 256).expect("a byte")))
            .collect(),
    };
    value(python, tray)
}

fn text(text: &str) -> String {
    format!("u'{text}'")
}

/// All elements of a reduction, and batches that are empty, alone, full, and more than full.
pub(crate) fn reductions() -> Vec<Case> {
    let mut cases = vec![
        filled("two", None, 0, 0),
        filled("keyword", None, 0, 0),
        filled("three", Some("a"), 0, 0),
        filled("three", None, 0, 0),
        filled("four", Some("b"), 3, 0),
        filled("five", None, 1, 1),
        filled("six", Some("c"), 0, 0).since(3, 8),
        filled("six", Some("d"), 2, 2).since(3, 8),
        filled("six", None, 1, 0).since(3, 8),
    ];
    for len in [1, 999, 1000, 1001, 2000] {
        cases.push(filled("five", Some("e"), len, len));
    }
    cases
}

/// `by_hand.NOTHING`, by its name.
#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "by_hand", with = reduce_nothing)]
struct Nothing;

fn reduce_nothing(_: &Nothing) -> Reduction<'_> {
    Reduction::global(QualName::new("by_hand", "NOTHING"))
}

#[pickle_core::constructor(module = "by_hand", name = "NOTHING")]
fn nothing() -> Nothing {
    Nothing
}

pub(crate) fn globals() -> Vec<Case> {
    let python = "__import__('by_hand').NOTHING";
    vec![
        value(python, Nothing).holding(format!("obj is {python}")),
        value(format!("[{python}] * 2"), vec![Nothing, Nothing]).holding("obj[0] is obj[1]"),
    ]
}

/// `by_hand.Volume`: a class that is called.
#[derive(Clone, Debug, PartialEq, Reduce)]
#[reduce(module = "by_hand", with = reduce_volume, constructor = Volume::new)]
struct Volume([u32; 3]);

#[pickle_core::constructors]
impl Volume {
    #[constructor(module = "by_hand")]
    fn new(width: u32, #[default(1)] height: u32, depth: Option<u32>) -> Volume {
        Volume([width, height, depth.unwrap_or(1)])
    }
}

fn reduce_volume(volume: &Volume) -> Reduction<'_> {
    let Volume([width, height, depth]) = *volume;
    Reduction::new(Volume::new, (width, height, Some(depth)))
}

pub(crate) fn constructors() -> Vec<Case> {
    let volume = "__import__('by_hand').Volume";
    vec![
        value(format!("{volume}(2, 3, 4)"), Volume([2, 3, 4])),
        loaded("__import__('by_hand').Flat(2)", |found: &Volume| {
            same(found, &Volume([2, 1, 1]))
        }),
        value(
            format!("[{volume}(1), {volume}(2, 5)]"),
            vec![Volume([1, 1, 1]), Volume([2, 5, 1])],
        ),
    ]
}

/// `by_hand.Log`: its state is one str.
#[derive(Clone, Debug, Default, PartialEq, Reduce)]
#[reduce(module = "by_hand", getstate = Log::state, setstate = Log::set_state)]
struct Log {
    lines: Vec<String>,
}

impl Log {
    fn state(&self) -> String {
        self.lines.join("\n")
    }

    #[expect(clippy::needless_pass_by_value, reason = "a state is handed over")]
    fn set_state(&mut self, state: Cow<'_, str>) {
        self.lines = state.split('\n').map(str::to_owned).collect();
    }
}

pub(crate) fn states() -> Vec<Case> {
    let lines = ["one", "two"].map(str::to_owned).to_vec();
    let python = "__import__('by_hand').log(['one', 'two'])";
    vec![value(python, Log { lines })]
}
