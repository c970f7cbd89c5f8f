//! `Value` and `Graph` by hand: what they hold, and that no depth, sharing or cycle hurts them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::thread;

use pickle_core::value::{BigInt, Dict, Object, Values};
use pickle_core::{
    ErrorKind, Graph, Limits, NodeId, NodeRef, QualName, Unpickler, Value, dumps, loads,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(512 << 10).spawn(run);
    thread
        .expect("a thread starts")
        .join()
        .expect("it does not overflow");
}

/// How often to wrap a value, and how.
type Kind = (usize, fn(Value) -> Value);

const DEEP: usize = 1_000_000;

#[test]
fn a_value_of_any_depth_can_be_used_on_a_small_stack() {
    on_a_small_stack(|| {
        let kinds: [Kind; 4] = [
            (DEEP, |value| Value::List([value].into())),
            (DEEP / 10, |value| Value::Tuple([value].into())),
            (DEEP / 10, |value| {
                Dict::from(vec![(Value::Int(1), value)]).into()
            }),
            (DEEP / 10, |value| {
                let mut object = Object::new(QualName::new("a", "B"));
                object.states.push(value);
                object.into()
            }),
        ];
        for (depth, wrap) in kinds {
            let deep = (0..depth).fold(Value::None, |value, _| wrap(value));
            let copy = deep.clone();
            assert!(copy == deep);
            assert_eq!(hash_of(&copy), hash_of(&deep));
            assert!(format!("{deep:?}").contains("None"));
            let graph = deep.to_graph().expect("nothing is unhashable");
            let bytes = dumps(&graph).expect("a graph of any depth can be dumped");
            assert!(dumps(&deep).expect("and so can a value") == bytes);
            let unpickler = Unpickler::new().limits(Limits::trusted());
            let loaded: Value = unpickler
                .loads(&bytes)
                .expect("trusted pickles have no limit");
            assert!(loaded == deep);
        }
    });
}

#[test]
fn a_graph_of_any_depth_can_be_used_on_a_small_stack() {
    on_a_small_stack(|| {
        let bytes = [vec![b']'; DEEP], vec![b'a'; DEEP - 1], vec![b'.']].concat();
        let unpickler = Unpickler::new().limits(Limits::trusted());
        let graph = unpickler.graph(&bytes).expect("it is a list");
        let copy = graph.clone();
        assert!(copy == graph);
        assert_eq!(hash_of(&copy), hash_of(&graph));
        assert!(format!("{graph:?}").starts_with("Graph of 1000000 nodes"));
    });
}

#[test]
fn a_tree_that_is_too_large_is_refused_before_it_is_made() {
    let laughs = [b"K\x01".to_vec(), b"2\x86".repeat(60), b".".to_vec()].concat();
    let error = Graph::parse(&laughs)
        .and_then(|graph| graph.to_value())
        .expect_err("2^60 nodes");
    assert!(
        matches!(
            error.kind(),
            ErrorKind::LimitExceeded {
                setter: "tree_nodes",
                ..
            }
        ),
        "{error}"
    );
    // A string of 2^20 bytes, 2^10 times.
    let long = [
        b"X\0\0\x10\0".to_vec(),
        vec![b'a'; 1 << 20],
        b"2\x86".repeat(10),
    ]
    .concat();
    let long = [long, b".".to_vec()].concat();
    let error = loads::<Value>(&long).expect_err("2^30 bytes");
    assert!(
        matches!(
            error.kind(),
            ErrorKind::LimitExceeded {
                setter: "constructed_bytes",
                ..
            }
        ),
        "{error}"
    );
    let nested = [vec![b']'; 10_001], vec![b'a'; 10_000], vec![b'.']].concat();
    let error = loads::<Value>(&nested).expect_err("10,001 levels");
    assert!(
        matches!(error.kind(), ErrorKind::LimitExceeded { .. }),
        "{error}"
    );
}

#[test]
fn a_cycle_is_no_tree() -> Outcome {
    let error = loads::<Value>(b"(I1\n]q\0h\0al.").expect_err("it is cyclic");
    assert_eq!(error.kind(), &ErrorKind::CyclicTree);
    assert_eq!(error.offset(), Some(4));
    Ok(())
}

#[test]
fn keys_and_items_that_python_finds_equal_are_one() -> Outcome {
    // {1: 'a', True: 'b', 1.0: 'c', (1, 'x'): 'd', (1.0, 'x'): 'e', 2**64: 'f', 2.0**64: 'g'}
    let bytes = b"(I1\nVa\nI01\nVb\nF1\nVc\n(I1\nVx\ntVd\n(F1\nVx\ntVe\n\
        L18446744073709551616L\nVf\nF18446744073709551616\nVg\nd.";
    let value: Value = loads(bytes)?;
    let two_64: BigInt = "18446744073709551616".parse()?;
    let expected = Dict::from(vec![
        (Value::Int(1), "c".into()),
        (
            Value::Tuple(Values::from_iter([Value::Int(1), "x".into()])),
            "e".into(),
        ),
        (two_64.into(), "g".into()),
    ]);
    assert_eq!(value, Value::Dict(expected));
    let set: Value = loads(b"\x8f(K\x01\x88K\x02\x90.")?;
    assert_eq!(set, Value::Set([1.into(), 2.into()].into()));
    let sets: Value = loads(b"\x8f((K\x01K\x02\x91(K\x02K\x01K\x01\x91\x90.")?;
    assert_eq!(sets.as_slice().map(<[Value]>::len), Some(1));
    Ok(())
}

#[test]
fn debug_shows_what_python_would() -> Outcome {
    let value: Value = loads(b"(NI01\nI-5\nF1e16\nVa'b\n(I1\nt]}S'k'\nI2\nsctime\nsleep\nl.")?;
    assert_eq!(
        format!("{value:?}"),
        r#"[None, True, -5, 1e+16, "a'b", (1,), [], {'k': 2}, time.sleep]"#
    );
    let object: Value = loads(b"ca\nB\n(I1\ntR(I2\neI3\nb.")?;
    assert_eq!(format!("{object:?}"), "<a.B(1) items [2] state 3>");
    Ok(())
}

#[test]
fn graphs_are_compared_with_sharing_and_cycles() -> Outcome {
    let graph = |bytes| Graph::parse(bytes);
    let shared = graph(b"(]q\0h\0l.")?;
    assert_eq!(shared, graph(b"\x80\x02](]2e.")?);
    assert_eq!(hash_of(&shared), hash_of(&graph(b"\x80\x02](]2e.")?));
    assert_ne!(shared, graph(b"(]]l.")?);
    // A list that holds itself, and one that holds another that does.
    assert_eq!(graph(b"]q\0h\0a.")?, graph(b"]q\x07h\x07a.")?);
    assert_ne!(graph(b"]q\0h\0a.")?, graph(b"]]q\0h\0aa.")?);
    // Equal atoms need not be one object, and what is not reached plays no part.
    assert_eq!(graph(b"(Vx\nq\0h\0l.")?, graph(b"I5\n0(Vx\nVx\nl.")?);
    // A set is one in every protocol.
    assert_eq!(
        graph(b"c__builtin__\nset\n((I1\nltR.")?,
        graph(b"\x8f(I1\n\x90.")?
    );
    assert_ne!(graph(b"F0.0\n.")?, graph(b"F-0.0\n.")?);
    // OrderedDict([[1, 2]]), where [1, 2] grows before or after the call.
    let before = graph(b"ca\nB\n(]q\0(I1\neI2\na(h\0ltR0h\0.")?;
    assert_eq!(before, graph(b"](I1\nI2\ne.")?);
    let early = graph(b"](ca\nB\n](I1\neq\0I2\na\x85Rh\0e.")?;
    let late = graph(b"](ca\nB\n](I1\neq\0\x85Rh\0I2\nae.")?;
    assert_ne!(early, late);
    Ok(())
}

#[test]
fn a_graph_can_be_built_and_edited() -> Outcome {
    let mut graph = Graph::new();
    let class = graph.global("geometry", "Point");
    let none = graph.tuple(&[]);
    let point = graph.instance(class, none)?;
    let (x, y) = (graph.float(3.0), graph.float(4.0));
    graph.set_attr(point, "x", x)?;
    graph.set_attr(point, "y", y)?;
    graph.set_root(point);
    let parsed = dumps(&graph)?;
    let mut parsed = Graph::parse(&parsed)?;
    assert_eq!(parsed, graph);

    let id = parsed.root().id();
    let five = parsed.int(5);
    parsed.set_attr(id, "x", five)?;
    parsed.set_attr(id, "z", id)?;
    assert_eq!(parsed.root().attr("x").and_then(NodeRef::as_i64), Some(5));
    assert_eq!(parsed.root().attr("y").and_then(NodeRef::as_f64), Some(4.0));
    assert_eq!(parsed.root().attr("z").map(NodeRef::id), Some(id));

    let list = graph.list();
    let error = graph
        .frozenset(&[list])
        .expect_err("lists are not hashable");
    assert_eq!(error.kind(), &ErrorKind::Unhashable { found: "list" });
    let dict = graph.dict();
    let key = graph.tuple(&[list]);
    assert!(graph.insert(dict, key, list).is_err());
    let refused: [Result<NodeId, _>; 2] = [graph.call(list, none), graph.call(class, list)];
    assert!(refused.iter().all(Result::is_err));
    assert!(graph.append(none, list).is_err() && graph.add(list, none).is_err());
    Ok(())
}

#[test]
fn an_edit_of_an_argument_is_seen_by_the_call() -> Outcome {
    let mut graph = Graph::parse(b"ccollections\nOrderedDict\n((I1\nltR.")?;
    let args: Vec<NodeId> = match graph.root().view() {
        pickle_core::View::Object(object) => object.args().map(NodeRef::id).collect(),
        _ => Vec::new(),
    };
    let two = graph.int(2);
    graph.append(args[0], two)?;
    let Value::Object(object) = graph.to_value()? else {
        panic!("an instance")
    };
    assert_eq!(
        object.args[0].as_slice(),
        Some(&[Value::Int(1), Value::Int(2)][..])
    );
    Ok(())
}

#[test]
fn the_later_of_two_states_counts_whichever_way_it_was_given() -> Outcome {
    #[derive(Debug, PartialEq, pickle_core::Reduce)]
    #[reduce(module = "app")]
    struct Config {
        x: i64,
    }

    let with_states = |setter_first: bool| -> pickle_core::Result<Config> {
        let mut graph = Graph::new();
        let (class, setter) = (
            graph.global("app", "Config"),
            graph.global("app", "configure"),
        );
        let args = graph.tuple(&[]);
        let config = graph.instance(class, args)?;
        for is_setter in [setter_first, !setter_first] {
            let (name, value) = (graph.str("x"), graph.int(if is_setter { 1 } else { 2 }));
            let state = graph.dict();
            graph.insert(state, name, value)?;
            if is_setter {
                graph.set_state_by(config, setter, state)?;
            } else {
                graph.set_state(config, state)?;
            }
        }
        graph.set_root(config);
        assert_eq!(
            graph.root().attr("x").and_then(NodeRef::as_i64),
            Some(1 + i64::from(setter_first))
        );
        graph.construct()
    };
    assert_eq!(with_states(true)?, Config { x: 2 });
    assert_eq!(with_states(false)?, Config { x: 1 });
    Ok(())
}

#[test]
fn a_persistent_id_behind_a_shared_pointer_is_one_object() -> Outcome {
    let mut graph: Graph<'static> = Graph::new();
    let id = graph.str("blob 7");
    let persistent = graph.persistent(id);
    graph.set_root(persistent);
    let shared = std::rc::Rc::new(graph);
    for protocol in 0..=5 {
        let mut bytes = Vec::new();
        let mut pickler = pickle_core::Pickler::new(&mut bytes).protocol(protocol);
        pickler.dump(&(std::rc::Rc::clone(&shared), std::rc::Rc::clone(&shared)))?;
        let loaded = Unpickler::new().persistent_ids(true).graph(&bytes)?;
        let ids: Vec<_> = loaded.root().items().map(NodeRef::id).collect();
        assert_eq!(ids[0], ids[1], "protocol {protocol}");
        let pickle_core::View::Persistent(id) = loaded.node(ids[0]).view() else {
            panic!("protocol {protocol}: {loaded:?}");
        };
        assert_eq!(id.as_str(), Some("blob 7"));
    }
    Ok(())
}

#[test]
fn a_set_that_is_a_call_is_no_key_either() {
    let error = Graph::parse(b"}c__builtin__\nset\n(]tRNs.").expect_err("a set has no hash");
    assert_eq!(error.kind(), &ErrorKind::Unhashable { found: "set" });
    assert!(Graph::parse(b"}c__builtin__\nfrozenset\n(]tRNs.").is_ok());
}

#[test]
fn an_argument_that_got_its_state_later_is_no_value_without_it() -> Outcome {
    // pair = Pair(plain), then plain.a = 1: Python's pair holds the plain that has it.
    let bytes = b"cm\nPair\n(cm\nPlain\n)\x81p0\nt\x81g0\n}Va\nI1\nsb0.";
    let graph = Graph::parse(bytes)?;
    assert_eq!(
        graph
            .root()
            .class()
            .map(|class| class.to_string())
            .as_deref(),
        Some("m.Pair")
    );
    let error = graph.to_value().expect_err("the argument lacks its state");
    assert_eq!(error.kind(), &ErrorKind::MutatedAfterUse);
    assert_eq!(error.offset(), Some(19));

    #[derive(Debug, Default, pickle_core::Reduce)]
    #[reduce(module = "m", default)]
    struct Plain {
        a: i64,
    }
    #[derive(Debug, pickle_core::Reduce)]
    #[reduce(module = "m")]
    struct Pair(Plain);

    let error = loads::<Pair>(bytes).expect_err("the default would hide what is lost");
    assert_eq!(error.kind(), &ErrorKind::MutatedAfterUse);
    Ok(())
}

#[test]
fn a_global_is_listed_once_however_it_is_spelled() -> Outcome {
    // builtins.str.upper by its name, and as what getattr finds of builtins.str.
    let bytes =
        b"\x80\x04(cbuiltins\nstr.upper\ncbuiltins\ngetattr\ncbuiltins\nstr\nVupper\n\x86Rl.";
    let graph = Graph::parse(bytes)?;
    let names: Vec<_> = graph.globals().map(|name| name.to_string()).collect();
    let expected = ["builtins.str.upper", "builtins.getattr", "builtins.str"];
    assert_eq!(names, expected);
    Ok(())
}
