//! Single pickles that the two ways once made different things of, or that one of them took too
//! much for.

use std::collections::BTreeMap;
use std::rc::Rc;

use pickle_core::{__private, Limits, Reduce, Unpickler, Value};

use crate::harness::{Outcome, by_debug, compare};

pickle_core::module!("forms");

const STRAIGHT: Outcome = Outcome {
    straight: true,
    loaded: true,
};
const BY_GRAPH: Outcome = Outcome {
    straight: false,
    loaded: true,
};
const REFUSED: Outcome = Outcome {
    straight: false,
    loaded: false,
};

#[derive(Reduce, Debug, Default)]
#[reduce(default)]
struct P {
    x: i64,
    y: i64,
}

#[derive(Reduce, Debug, Default)]
#[reduce(as = "dict", default)]
struct D {
    x: i64,
}

fn load<'g, T: pickle_core::Construct<'g> + Reduce + std::fmt::Debug>(bytes: &'g [u8]) -> Outcome {
    compare::<T>(Limits::default(), bytes, by_debug)
}

#[test]
fn an_item_by_itself_is_exactly_one() {
    const HEAD: &[u8] =
        b"\x80\x04](\x8c\x05forms\x8c\x01P\x93\x94)\x81}(\x8c\x01x\x94K\x01\x8c\x01y\x94K\x02ub";
    let rows: &[(&[u8], Outcome)] = &[
        (b"h\x00)\x81}(h\x01K\x01h\x02K\x02ub", STRAIGHT),
        (b"h\x00)\x81}h\x01K\x01sb", STRAIGHT),
        (b"h\x00)\x81}h\x01K\x01sbh\x00)\x81}h\x01K\x01sb", STRAIGHT),
        (b"h\x00)\x81}h\x01K\x01h\x02K\x02sb", REFUSED),
        (b"h\x00)\x81}h\x01K\x01h\x02K\x02ub", REFUSED),
        (b"h\x00)\x81}h\x01K\x01ub", REFUSED),
        (b"h\x00)\x81}(h\x01K\x01h\x02K\x02sb", REFUSED),
        (b"h\x00)\x81}sb", REFUSED),
        (b"h\x00)\x81}h\x01K\x01sbh\x00)\x81}(h\x01K\x01sb", REFUSED),
        (b"h\x00)\x81}(h\x01K\x01ubh\x00)\x81}h\x01K\x01ub", REFUSED),
        (b"h\x00)\x81}h\x01K\x01sbh\x00)\x81}sb", REFUSED),
        (
            b"h\x00)\x81}(h\x01K\x01h\x02K\x02ubh\x00)\x81}h\x01K\x01h\x02K\x02sb",
            REFUSED,
        ),
    ];
    for (items, outcome) in rows {
        let pickle = [HEAD, items, b"e."].concat();
        assert_eq!(
            load::<Vec<P>>(&pickle),
            *outcome,
            "{}",
            items.escape_ascii()
        );
    }
}

#[test]
fn a_dict_of_attributes_ends_by_itself() {
    let rows: &[(&[u8], Outcome)] = &[
        (b"\x80\x04}K\x01}K\x01K\x02ss.", BY_GRAPH),
        // Where a str follows what may be empty, it is most often the next attribute.
        (b"\x80\x04}K\x01}\x8c\x01xK\x02ss.", BY_GRAPH),
        (b"\x80\x04}K\x01}ss.", REFUSED),
        (b"\x80\x04}K\x01}\x8c\x01xK\x02sss.", REFUSED),
    ];
    for (pickle, outcome) in rows {
        let found = load::<BTreeMap<i64, D>>(pickle);
        assert_eq!(found, *outcome, "{}", pickle.escape_ascii());
    }
}

#[test]
fn an_int_that_is_no_float_is_an_item_all_the_same() {
    let pickle = b"\x80\x04](\x8a\x05\0\0\0\0\x01\x95\x0b\0\0\0\0\0\0\0G\0\0\0\0\0\0\0\0e.";
    assert_eq!(load::<Vec<f64>>(pickle), BY_GRAPH);
}

#[test]
fn a_list_is_no_key_by_reference_either() {
    type Both = (Rc<Vec<i64>>, BTreeMap<Rc<Vec<i64>>, i64>);
    assert_eq!(load::<Both>(b"\x80\x04]\x94}h\x00K\x02s\x86."), REFUSED);
    assert_eq!(load::<Both>(b"\x80\x04)\x94}h\x00K\x02s\x86."), BY_GRAPH);
    type Twice = Vec<BTreeMap<Rc<str>, i64>>;
    let twice = b"\x80\x04](}\x8c\x01a\x94K\x01s}h\x00K\x02se.";
    assert_eq!(load::<Twice>(twice), STRAIGHT);
}

#[derive(Reduce, Debug)]
#[reduce(module = "builtins", name = "set", no_register)]
struct Set(Vec<i64>);

#[derive(Reduce, Debug)]
#[reduce(module = "m", name = "f.<locals>.Local", no_register)]
struct Local(i64);

#[test]
fn names_that_are_no_plain_classes_are_left_to_the_graph() {
    assert_eq!(
        load::<Set>(b"\x80\x04\x8c\x08builtins\x8c\x03set\x93]K\x01a\x85R."),
        REFUSED
    );
    assert_eq!(
        load::<Local>(b"\x80\x04\x8c\x01m\x8c\x10f.<locals>.Local\x93K\x01\x85R."),
        REFUSED
    );
}

#[test]
fn room_is_not_made_for_the_same_bytes_again_and_again() {
    // Each list has more than a batch, and all of the pickle behind it.
    let mut pickle = b"\x80\x04](".to_vec();
    for _ in 0..500 {
        pickle.extend(b"](");
        pickle.extend(b"K\x01".repeat(1000));
        pickle.extend(b"e(K\x01e");
    }
    pickle.extend(b"e.");
    let lists: Vec<Vec<i64>> = __private::straight(&Unpickler::new(), &pickle).unwrap();
    let room: usize = lists.iter().map(Vec::capacity).sum();
    assert!(room < 2 * 500 * 1001, "{room}");
}

#[test]
fn a_value_is_made_straight_of_plain_trees_alone() {
    let rows: &[(&[u8], Outcome)] = &[
        (b"N", STRAIGHT),
        (b"\x8a\0", STRAIGHT),
        (b"\x8a\x09\0\0\0\0\0\0\0\0\x01", STRAIGHT),
        (b"\x8a\x09\x01\0\0\0\0\0\0\0\0", STRAIGHT),
        (b"K\x01\x94", STRAIGHT),
        (b"K\x01K\x02\x86\x94", STRAIGHT),
        (b"(](K\x01e}(K\x01K\x02ut", STRAIGHT),
        (b"](K\x01eK\x02a(K\x03e", STRAIGHT),
        (b"}(K\x01NuK\x02Ns(K\x03Nu", STRAIGHT),
        (b"\x8f(K\x01\x90(K\x02\x90", STRAIGHT),
        (b"((K\x01\x91t", STRAIGHT),
        (b"](e}(u\x86", STRAIGHT),
        (b"\x8c\x01a\x94\x94h\x00\x86", STRAIGHT),
        (b"](\x8c\x01a\x94h\x00e\x94", STRAIGHT),
        // References to anything but strs.
        (b"](]\x94h\x00e", BY_GRAPH),
        (b"]\x94(h\x00e", REFUSED),
        (b"(K\x01\x94h\x00t", BY_GRAPH),
        (b"\x8c\x01a\x94\x94h\x01\x86", BY_GRAPH),
        // Keys that come twice, which the graph puts together.
        (b"}(K\x01K\x02\x88K\x03u", BY_GRAPH),
        (b"}(\x8c\x01aN\x8c\x01a\x88u", BY_GRAPH),
        (b"}(K\x01NuK\x01\x88s", BY_GRAPH),
        (b"\x8f(K\x01\x90(K\x01\x90", BY_GRAPH),
        (b"(K\x01\x88\x91", BY_GRAPH),
        // Rare keys.
        (b"}G\x3f\xf0\0\0\0\0\0\0Ns", BY_GRAPH),
        (b"})\x85Ns", BY_GRAPH),
        (b"}(\x91Ns", BY_GRAPH),
        // Keys that cannot be hashed.
        (b"}]Ns", REFUSED),
        (b"}(K\x01N]Nu", REFUSED),
        (b"}]\x85Ns", REFUSED),
        (b"\x8f(}\x90", REFUSED),
        (b"(]\x91", REFUSED),
        // What is no plain tree.
        (b"\x8c\x08builtins\x8c\x03int\x93", BY_GRAPH),
        (b"\x8c\x01m\x8c\x01C\x93)\x81", BY_GRAPH),
        (b"K\x01K\x020", BY_GRAPH),
        (b"K\x012\x86", BY_GRAPH),
        (b"(l", BY_GRAPH),
        (b"\x8c\x03\xed\xa0\x80", BY_GRAPH),
        // What takes too much or too little.
        (b"", REFUSED),
        (b"K\x01K\x02", BY_GRAPH),
        (b"(K\x01", BY_GRAPH),
        (b"\x94", REFUSED),
        (b"(\x94", REFUSED),
        (b"a", REFUSED),
        (b"]a", REFUSED),
        (b"](aK\x01e", REFUSED),
        (b"](K\x01a", REFUSED),
        (b"}(K\x01u", REFUSED),
        (b"}K\x01(Ns", REFUSED),
        (b"\x85", REFUSED),
        (b"K\x01(\x86", REFUSED),
        (b"}(K\x01e", REFUSED),
        (b"](K\x01K\x02u", REFUSED),
    ];
    for (object, outcome) in rows {
        let pickle = [b"\x80\x05", *object, b"."].concat();
        assert_eq!(
            load::<Value>(&pickle),
            *outcome,
            "{}",
            object.escape_ascii()
        );
    }
}

#[test]
fn a_value_among_others_ends_where_it_does() {
    // In front of each, and behind it, there is another item.
    let rows: &[(&[u8], Outcome)] = &[
        (b"K\x01", STRAIGHT),
        (b"K\x01\x85", STRAIGHT),
        (b"K\x01\x8c\x01a\x94\x86\x94", STRAIGHT),
        (b"K\x01](K\x02K\x03eN\x87", STRAIGHT),
        (b"](K\x01eK\x02\x86", STRAIGHT),
        (b"]K\x01a", STRAIGHT),
        (b"]\x94]K\x01aa", STRAIGHT),
        (b"}\x8c\x01aK\x01s", STRAIGHT),
        (b"]", STRAIGHT),
        (b"}", STRAIGHT),
        (b"\x8f", STRAIGHT),
        (b"\x8f(K\x01\x90", STRAIGHT),
        (b"(K\x01\x91", STRAIGHT),
        (b"(](K\x01e)t", STRAIGHT),
        // The items of a tuple might be those of the list in front of it.
        (b"](K\x01K\x02K\x03K\x04t", BY_GRAPH),
    ];
    for (object, outcome) in rows {
        let pickle = [b"\x80\x05](N", *object, b"\x8c\x01be."].concat();
        assert_eq!(
            load::<Vec<Value>>(&pickle),
            *outcome,
            "{}",
            object.escape_ascii()
        );
    }
}
