//! W8: a graph without cycles: nodes in `Rc`s, each of which is referred to three times on average,
//! by the list of all nodes and by two other nodes.

use std::collections::HashMap;
use std::rc::Rc;

use fory::ForyStruct;
use pickle_core::Reduce;
use serde::{Deserialize, Serialize};

use crate::contest::Contest;
use crate::format::{
    Bincode, Bitcode, Format, PickleCore, Pickled, Postcard, RmpSerde, SerdeJson, SerdePickle,
};

#[derive(Debug, Reduce, ForyStruct, rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
#[reduce(module = "pickle_benches")]
#[rkyv(
    serialize_bounds(
        __S: rkyv::ser::Writer + rkyv::ser::Allocator + rkyv::ser::Sharing,
        __S::Error: rkyv::rancor::Source,
    ),
    deserialize_bounds(__D: rkyv::de::Pooling, __D::Error: rkyv::rancor::Source),
    bytecheck(bounds(
        __C: rkyv::validation::ArchiveContext + rkyv::validation::SharedContext,
        __C::Error: rkyv::rancor::Source,
    ))
)]
struct Node {
    id: u32,
    #[rkyv(omit_bounds)]
    children: Vec<Rc<Node>>,
}

/// All nodes, the newest first: the first one leads to many others.
#[derive(Debug, Reduce, rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
#[reduce(transparent)]
struct Graph(Vec<Rc<Node>>);

/// The graph as a format without identity can express it: children are indices, and come first.
#[derive(
    Debug,
    Serialize,
    Deserialize,
    bincode::Encode,
    bincode::Decode,
    bitcode::Encode,
    bitcode::Decode,
)]
struct FlatNode {
    id: u32,
    children: Vec<u32>,
}

type FlatGraph = Vec<FlatNode>;

pub(super) fn enter(contest: &mut Contest) {
    let graph = Rc::new(generate(contest.size));
    let ours = PickleCore::dump(&*graph);
    contest.race_python(&graph, 1);
    contest.race_as::<SerdePickle, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Pickled, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<RmpSerde, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Postcard, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<SerdeJson, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Bincode, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Bitcode, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race::<OfRkyv, Graph>(&graph);
    contest.race::<OfFory, Graph>(&graph);
    contest.race_floors(&graph, clone, &ours);
}

/// rkyv, with `Rc`s as they are. What it loads is checked.
struct OfRkyv;

impl Format<Graph> for OfRkyv {
    const NAME: &'static str = "rkyv";

    fn dump(value: &Graph) -> Vec<u8> {
        rkyv::to_bytes::<rkyv::rancor::Error>(value)
            .expect("rkyv has Rc")
            .into_vec()
    }

    fn load(bytes: &[u8]) -> Graph {
        rkyv::from_bytes::<Graph, rkyv::rancor::Error>(bytes)
            .expect("rkyv dumped these bytes itself")
    }
}

/// fory in its mode for Rust only, and for a writer and reader of the same types.
struct OfFory;

thread_local! {
    static FORY: fory::Fory = {
        let mut fory = fory::Fory::builder().xlang(false).compatible(false).build();
        fory.register::<Node>(100).expect("the number is free");
        fory
    };
}

impl Format<Graph> for OfFory {
    const NAME: &'static str = "fory";

    fn dump(value: &Graph) -> Vec<u8> {
        FORY.with(|fory| fory.serialize(&value.0))
            .expect("fory has Rc")
    }

    fn load(bytes: &[u8]) -> Graph {
        let nodes = FORY.with(|fory| fory.deserialize(bytes));
        Graph(nodes.expect("fory dumped these bytes itself"))
    }
}

/// A node's children are among so many nodes that were made before it.
const NEAR: usize = 4096;

fn generate(size: usize) -> Graph {
    let mut random = fastrand::Rng::with_seed(8);
    let mut nodes: Vec<Rc<Node>> = Vec::with_capacity(size);
    for id in 0..size {
        let count = if id == 0 { 0 } else { random.usize(1..=3) };
        let oldest = id.saturating_sub(NEAR);
        let children = (0..count).map(|_| Rc::clone(&nodes[random.usize(oldest..id)]));
        let node = Node {
            id: 3 * id as u32,
            children: children.collect(),
        };
        nodes.push(Rc::new(node));
    }
    nodes.reverse();
    Graph(nodes)
}

/// Children get their index before the node that they belong to, in the order of the list from its
/// end.
fn flatten(graph: &Graph) -> FlatGraph {
    let mut indices = HashMap::with_capacity(graph.0.len());
    let mut flat = Vec::with_capacity(graph.0.len());
    for (index, node) in graph.0.iter().rev().enumerate() {
        indices.insert(Rc::as_ptr(node), index as u32);
        let children = node
            .children
            .iter()
            .map(|child| indices[&Rc::as_ptr(child)]);
        flat.push(FlatNode {
            id: node.id,
            children: children.collect(),
        });
    }
    flat
}

fn unflatten(flat: FlatGraph) -> Graph {
    let mut nodes: Vec<Rc<Node>> = Vec::with_capacity(flat.len());
    for node in flat {
        let children = node
            .children
            .iter()
            .map(|&child| Rc::clone(&nodes[child as usize]));
        let node = Node {
            id: node.id,
            children: children.collect(),
        };
        nodes.push(Rc::new(node));
    }
    nodes.reverse();
    Graph(nodes)
}

/// Nodes know their place in the list, so this takes no map.
fn clone(graph: &Graph) -> Graph {
    let mut nodes: Vec<Rc<Node>> = Vec::with_capacity(graph.0.len());
    for node in graph.0.iter().rev() {
        let children = node
            .children
            .iter()
            .map(|child| &nodes[child.id as usize / 3]);
        let node = Node {
            id: node.id,
            children: children.cloned().collect(),
        };
        nodes.push(Rc::new(node));
    }
    nodes.reverse();
    Graph(nodes)
}

/// Equal nodes, and shared alike.
impl PartialEq for Graph {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (flatten(self), flatten(other));
        one.len() == other.len()
            && one
                .iter()
                .zip(&other)
                .all(|(one, other)| one.id == other.id && one.children == other.children)
    }
}
