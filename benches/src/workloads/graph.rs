//! W8: a graph without cycles: nodes in `Rc`s, each of which is referred to three times on average,
//! by the list of all nodes and by two other nodes.

use std::collections::HashMap;
use std::rc::Rc;

use pickle_core::Reduce;
use serde::{Deserialize, Serialize};

use crate::contest::Contest;
use crate::format::{
    Bincode, Bitcode, Format, PickleCore, Pickled, Postcard, RmpSerde, SerdeJson, SerdePickle,
};

#[derive(Debug, Reduce)]
#[reduce(module = "pickle_benches")]
struct Node {
    id: u32,
    children: Vec<Rc<Node>>,
}

/// All nodes, the newest first: the first one leads to many others.
#[derive(Debug, Reduce)]
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
    contest.race_python(1, &ours, |theirs| {
        <PickleCore as Format<Graph>>::load(theirs) == *graph
    });
    contest.race::<PickleCore, Graph>(&graph);
    contest.race_as::<SerdePickle, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Pickled, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<RmpSerde, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Postcard, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<SerdeJson, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Bincode, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_as::<Bitcode, Graph, FlatGraph>(&graph, flatten, unflatten);
    contest.race_floors(&graph, clone, &ours);
}

fn generate(size: usize) -> Graph {
    let mut random = fastrand::Rng::with_seed(8);
    let mut nodes: Vec<Rc<Node>> = Vec::with_capacity(size);
    for id in 0..size {
        let count = if id == 0 { 0 } else { random.usize(1..=3) };
        let children = (0..count).map(|_| Rc::clone(&nodes[random.usize(0..id)]));
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
