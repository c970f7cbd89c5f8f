//! Names of modules, classes and attributes: in a pickle each is written once and referred to from
//! then on, whoever wrote it first.

use std::collections::BTreeMap;
use std::fmt::Debug;

use pickle_core::{Construct, MemoPolicy, Pickler, Reduce, Result, dumps, loads};

/// In each protocol and memo policy.
fn comes_back<T>(value: &T) -> Result<()>
where
    T: Reduce + for<'g> Construct<'g> + PartialEq + Debug,
{
    for protocol in 0..=5 {
        for policy in [MemoPolicy::Shared, MemoPolicy::All] {
            let mut bytes = Vec::new();
            Pickler::new(&mut bytes)
                .protocol(protocol)
                .memo(policy)
                .dump(value)?;
            assert_eq!(&loads::<T>(&bytes)?, value, "protocol {protocol}");
        }
    }
    Ok(())
}

fn times(bytes: &[u8], name: &str) -> usize {
    let windows = bytes.windows(name.len());
    windows.filter(|window| *window == name.as_bytes()).count()
}

#[derive(Clone, Debug, Default, PartialEq, Reduce)]
#[reduce(module = "shop.models")]
struct Item {
    identifier: u32,
    price: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Reduce)]
#[reduce(module = "shop.models")]
struct Order {
    identifier: u32,
    item: Item,
    items: Vec<Item>,
    #[reduce(rename = "shop.models")]
    models: String,
}

#[test]
fn a_name_that_another_class_or_a_module_has_written_is_referred_to() -> Result<()> {
    let order = Order {
        items: vec![Item::default(); 3],
        ..Order::default()
    };
    comes_back(&order)?;
    let bytes = dumps(&order)?;
    for name in ["shop.models", "identifier", "price", "items", "Order"] {
        assert_eq!(times(&bytes, name), 1, "{name}");
    }
    Ok(())
}

#[derive(Debug, PartialEq, Reduce)]
#[reduce(module = "shop")]
struct Tagged {
    item: Item,
    #[reduce(flatten)]
    tags: BTreeMap<String, u32>,
}

#[test]
fn keys_of_a_flattened_map_are_names_like_others() -> Result<()> {
    let keys = ["price", "shop.models", "other", "Item"];
    let tags = keys.map(|key| (key.to_owned(), 1));
    let tagged = Tagged {
        item: Item::default(),
        tags: tags.into(),
    };
    let bytes = dumps(&[&tagged, &tagged])?;
    for name in ["price", "shop.models", "other"] {
        assert_eq!(times(&bytes, name), 1, "{name}");
    }
    comes_back(&tagged)
}

/// The first two have the same length, and the same letters at their ends and in the middle.
#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "shop")]
struct Alike {
    first_x_letter: u8,
    force_x_fitter: u8,
    #[reduce(rename = "")]
    empty: u8,
    #[reduce(rename = "é")]
    accent: u8,
}

#[test]
fn names_that_look_alike_are_different_names() -> Result<()> {
    comes_back(&vec![Alike::default(), Alike::default()])?;
    let bytes = dumps(&vec![Alike::default(), Alike::default()])?;
    for name in ["first_x_letter", "force_x_fitter", "é"] {
        assert_eq!(times(&bytes, name), 1, "{name}");
    }
    Ok(())
}

/// Names of 29, 30, 255 and 256 bytes.
#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "a.module.whose.name.is.longer.than.most.of.them.are.and.will.be")]
struct AClassWhoseNameIsLongerThanMostOfThemAreAndWillBe {
    #[reduce(rename = "twenty_nine_bytes_are_no_more")]
    fits: u8,
    #[reduce(rename = "thirty_bytes_are_just_too_many")]
    too_long: u8,
    #[reduce(
        rename = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
    )]
    short: u8,
    #[reduce(
        rename = "x012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    )]
    long: u8,
}

#[test]
fn long_names_are_written_once_as_well() -> Result<()> {
    let value = AClassWhoseNameIsLongerThanMostOfThemAreAndWillBe::default;
    comes_back(&vec![value(), value()])?;
    let bytes = dumps(&vec![value(), value()])?;
    for name in ["twenty_nine", "thirty_bytes", "x0123", "a.module", "AClass"] {
        assert_eq!(times(&bytes, name), 1, "{name}");
    }
    Ok(())
}

/// More names than are compared one after the other.
#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "shop")]
#[rustfmt::skip]
struct Many {
    aa: u8, ab: u8, ac: u8, ad: u8, ae: u8, af: u8, ag: u8, ah: u8, ai: u8, aj: u8, ak: u8, al: u8,
    ba: u8, bb: u8, bc: u8, bd: u8, be: u8, bf: u8, bg: u8, bh: u8, bi: u8, bj: u8, bk: u8, bl: u8,
}

#[derive(Debug, Default, PartialEq, Reduce)]
#[reduce(module = "shop")]
struct ManyAgain {
    aa: u8,
    bl: u8,
    many: Many,
}

#[test]
fn many_names_are_found_again() -> Result<()> {
    let value = (Many::default(), ManyAgain::default(), Many::default());
    comes_back(&value)?;
    let bytes = dumps(&value)?;
    for name in ["aa", "ag", "bd", "bl"] {
        assert_eq!(times(&bytes, name), 1, "{name}");
    }
    Ok(())
}

#[test]
fn a_pickler_that_is_used_again_writes_names_anew_when_its_memo_was_cleared() -> Result<()> {
    let order = Order::default();
    let mut pickler = Pickler::default();
    for _ in 0..3 {
        let mut buffer = Vec::new();
        pickler.clear_memo();
        pickler.dumps_into(&order, &mut buffer)?;
        assert_eq!(buffer, dumps(&order)?);
    }
    let mut buffer = Vec::new();
    pickler.dumps_into(&order, &mut buffer)?;
    for name in ["shop.models", "identifier", "price", "Order"] {
        assert_eq!(times(&buffer, name), 0, "{name}");
    }
    Ok(())
}
