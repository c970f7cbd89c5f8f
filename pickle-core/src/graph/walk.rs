//! Questions about all that can be reached from a node, answered without recursion.

use std::collections::{HashMap, HashSet};

use super::Graph;
use super::arena::{Arena, Data, Node, NodeId, OpIndex};
use super::{Shape, shape};
use crate::buffer::PickleBuffer;
use crate::construct::Place;

impl Graph<'_> {
    /// Whether an object can be reached from itself.
    pub(crate) fn contains_itself(&self, place: Place) -> bool {
        let mut seen = vec![false; self.len()];
        let mut found = false;
        let mut pending = Vec::new();
        let mut visit = |child: Place, pending: &mut Vec<Place>| {
            found |= child.node == place.node;
            if !std::mem::replace(&mut seen[child.node.index()], true) {
                pending.push(child);
            }
        };
        children(self.data(), place, |child| visit(child, &mut pending));
        while let Some(place) = pending.pop() {
            children(self.data(), place, |child| visit(child, &mut pending));
        }
        found
    }

    /// An object and all that can be reached from it.
    pub(crate) fn reachable(&self, place: Place) -> HashSet<NodeId> {
        let mut seen = HashSet::from([place.node]);
        let mut pending = vec![place];
        while let Some(place) = pending.pop() {
            children(self.data(), place, |child| {
                if seen.insert(child.node) {
                    pending.push(child);
                }
            });
        }
        seen
    }

    /// The persistent ids that can be reached from an object, but not those within their ids.
    pub(crate) fn persistent_below(&self, place: Place) -> Vec<Place> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut pending = vec![place];
        while let Some(place) = pending.pop() {
            if !seen.insert(place.node) {
                continue;
            }
            match self.arena.node(place.node) {
                Node::Persistent(_) => found.push(place),
                _ => children(self.data(), place, |child| pending.push(child)),
            }
        }
        found
    }

    /// Whether an object, or anything that can be reached from it, was changed between two views.
    ///
    /// `latest` is this graph's: it answers for all objects that were not changed any more after
    /// the earlier view, so that only others have to be walked. How many those were is the second
    /// part of the answer.
    pub(crate) fn differs(
        &self,
        latest: &Latest,
        node: NodeId,
        one: OpIndex,
        other: OpIndex,
    ) -> (bool, u64) {
        let (early, late) = (one.min(other), one.max(other));
        if latest.of(node) <= early {
            return (false, 0);
        }
        let mut walked = 0;
        let mut seen = HashMap::new();
        let mut pending = vec![Place { node, view: late }];
        while let Some(place) = pending.pop() {
            walked += 1;
            // A later view of the same node sees all that this one does.
            let seen = seen.entry(place.node).or_insert(OpIndex(0));
            if *seen >= place.view {
                continue;
            }
            *seen = place.view;
            if changed(&self.arena, place) > early {
                return (true, walked);
            }
            if latest.of(place.node) > early {
                children(self.data(), place, |child| pending.push(child));
            }
        }
        (false, walked)
    }

    /// For each node, when it was changed last.
    pub(crate) fn latest(&self) -> Latest {
        let count = u32::try_from(self.len()).expect("ids are 32 bits");
        let mut dating = Dating {
            data: self.data(),
            latest: vec![OpIndex(0); self.len()],
        };
        // Without calls, everything is seen in its final state.
        if !self.arena.batches.is_empty() && !self.arena.objects.is_empty() {
            let mut search = Search::default();
            (0..count).for_each(|vertex| search.run(&mut dating, vertex));
        }
        Latest(dating.latest)
    }
}

/// How large what can be reached from a place is, if written out as a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Levels, the root being the first. Objects that contain each other are one level.
    pub(crate) depth: u32,
    /// Nodes, shared ones counted each time: saturating.
    pub(crate) nodes: u64,
    /// Bytes of strs, bytes, buffers and names, shared ones counted each time: saturating.
    pub(crate) bytes: u64,
    /// An object that contains itself.
    pub(crate) cycle: Option<NodeId>,
}

/// For each node, the first view that shows it, and all that can be reached from it, in its final
/// state.
#[derive(Debug)]
pub(crate) struct Latest(Vec<OpIndex>);

impl Latest {
    pub(crate) fn of(&self, node: NodeId) -> OpIndex {
        self.0[node.index()]
    }
}

/// What [`components`] walks: vertices are numbered, edges asked for.
trait Digraph {
    fn children(&mut self, vertex: u32, out: &mut Vec<u32>);

    /// Takes a strongly connected component, after all those that can be reached from it. Returns
    /// whether to go on.
    fn component(&mut self, members: &[u32], is_cycle: bool) -> bool;
}

/// Tarjan's algorithm, on stacks of its own. It can be run from one vertex after another, and goes
/// over each only once.
#[derive(Debug, Default)]
struct Search {
    /// When each vertex was entered, from 1, or that it is done with.
    entered: Vec<u32>,
    /// The earliest vertex that each one is known to reach.
    lowest: Vec<u32>,
    count: u32,
    open: Vec<u32>,
}

const DONE: u32 = u32::MAX;

struct Frame {
    vertex: u32,
    /// Where its children begin in `pending`.
    first: usize,
    is_cycle: bool,
}

impl Search {
    fn run(&mut self, graph: &mut impl Digraph, root: u32) {
        let mut frames: Vec<Frame> = Vec::new();
        let mut pending = vec![root];
        loop {
            let first = frames.last().map_or(0, |frame| frame.first);
            if pending.len() > first {
                let vertex = pending.pop().expect("it is longer than `first`");
                match self.entered(vertex) {
                    DONE => {}
                    0 => {
                        self.enter(vertex);
                        frames.push(Frame {
                            vertex,
                            first: pending.len(),
                            is_cycle: false,
                        });
                        graph.children(vertex, &mut pending);
                    }
                    time => {
                        let frame = frames.last_mut().expect("an open vertex has a frame above");
                        frame.is_cycle |= frame.vertex == vertex;
                        self.reach(frame.vertex, time);
                    }
                }
                continue;
            }
            let Some(frame) = frames.pop() else { break };
            let low = self.lowest[frame.vertex as usize];
            if low == self.entered(frame.vertex) {
                let members = self.close(frame.vertex);
                if !graph.component(&members, frame.is_cycle || members.len() > 1) {
                    return;
                }
            } else if let Some(parent) = frames.last() {
                self.reach(parent.vertex, low);
            }
        }
    }

    fn entered(&self, vertex: u32) -> u32 {
        self.entered.get(vertex as usize).copied().unwrap_or(0)
    }

    fn enter(&mut self, vertex: u32) {
        let index = vertex as usize;
        if self.entered.len() <= index {
            self.entered.resize(index + 1, 0);
            self.lowest.resize(index + 1, 0);
        }
        self.count += 1;
        self.entered[index] = self.count;
        self.lowest[index] = self.count;
        self.open.push(vertex);
    }

    fn reach(&mut self, vertex: u32, time: u32) {
        let low = &mut self.lowest[vertex as usize];
        *low = time.min(*low);
    }

    /// Takes the component that was entered through a vertex.
    fn close(&mut self, vertex: u32) -> Vec<u32> {
        let start = self.open.iter().rposition(|open| *open == vertex);
        let members = self
            .open
            .split_off(start.expect("it was entered and not closed"));
        for member in &members {
            self.entered[*member as usize] = DONE;
        }
        members
    }
}

/// Finds [`Latest`]: vertices are nodes.
struct Dating<'a> {
    data: Data<'a>,
    latest: Vec<OpIndex>,
}

impl Digraph for Dating<'_> {
    fn children(&mut self, vertex: u32, out: &mut Vec<u32>) {
        let place = Place {
            node: NodeId(vertex),
            view: OpIndex::END,
        };
        children(self.data, place, |child| out.push(child.node.0));
    }

    fn component(&mut self, members: &[u32], _: bool) -> bool {
        let mut newest = OpIndex(0);
        for member in members {
            let place = Place {
                node: NodeId(*member),
                view: OpIndex::END,
            };
            newest = newest.max(changed(self.data.arena, place));
            children(self.data, place, |child| {
                // What a call does not see changes nothing of its result.
                newest = newest.max(self.latest[child.node.index()].min(child.view));
            });
        }
        for member in members {
            self.latest[*member as usize] = newest;
        }
        true
    }
}

/// The sizes of a graph's objects, found as they are asked for, and each only once.
#[derive(Debug)]
pub(crate) struct Measures {
    pub(crate) latest: Latest,
    /// Vertices are nodes as they are in the end, then nodes at other times: these.
    earlier: Vec<Place>,
    /// How many children these have.
    walked: u64,
    numbers: HashMap<(NodeId, OpIndex), u32>,
    sizes: Vec<Measure>,
    search: Search,
}

impl Measures {
    pub(crate) fn new(graph: &Graph<'_>) -> Self {
        Self {
            latest: graph.latest(),
            earlier: Vec::new(),
            walked: 0,
            numbers: HashMap::new(),
            sizes: vec![Measure::default(); graph.len()],
            search: Search::default(),
        }
    }

    /// How large what can be reached from a place is.
    ///
    /// An object that looks different at different times is measured for each. There can be more
    /// such pairs of object and time than `max`, or more children of them; then the measure is
    /// that of the infinite, as are all that are asked for later.
    pub(crate) fn of(&mut self, graph: &Graph<'_>, place: Place, max: u64) -> Measure {
        const INFINITE: Measure = Measure {
            depth: 0,
            nodes: u64::MAX,
            bytes: 0,
            cycle: None,
        };
        if self.exceeds(max) {
            return INFINITE;
        }
        let vertex = self.vertex(graph.data().arena, place);
        let mut search = std::mem::take(&mut self.search);
        let mut measuring = Measuring {
            data: graph.data(),
            buffers: &graph.unpickler.buffers,
            known: self,
            max,
        };
        search.run(&mut measuring, vertex);
        self.search = search;
        if self.exceeds(max) {
            return INFINITE;
        }
        self.sizes[vertex as usize]
    }

    fn exceeds(&self, max: u64) -> bool {
        self.earlier.len() as u64 > max || self.walked > max
    }

    fn vertex(&mut self, arena: &Arena, place: Place) -> u32 {
        if self.latest.of(place.node) <= place.view {
            return place.node.0;
        }
        let next = arena.nodes.len() + self.earlier.len();
        let next = u32::try_from(next).expect("`max` ends it before");
        let number = *self.numbers.entry((place.node, place.view)).or_insert(next);
        if number == next {
            self.earlier.push(place);
            self.sizes.push(Measure::default());
        }
        number
    }
}

struct Measuring<'a> {
    data: Data<'a>,
    buffers: &'a [PickleBuffer<'a>],
    known: &'a mut Measures,
    max: u64,
}

impl Measuring<'_> {
    fn place(&self, vertex: u32) -> Place {
        match (vertex as usize).checked_sub(self.data.arena.nodes.len()) {
            Some(index) => self.known.earlier[index],
            None => Place {
                node: NodeId(vertex),
                view: OpIndex::END,
            },
        }
    }

    fn own_bytes(&self, node: NodeId) -> u64 {
        let len = match self.data.arena.node(node) {
            Node::BigInt(span)
            | Node::Str(span)
            | Node::Surrogates(span)
            | Node::Bytes(span)
            | Node::ByteArray(span) => span.len(),
            Node::Global(index) => {
                let global = self.data.arena.globals[index as usize];
                global.module.len() + global.qualname.len()
            }
            Node::Buffer { index, .. } => self.buffers[index as usize].as_bytes().len(),
            _ => 0,
        };
        len as u64
    }
}

impl Digraph for Measuring<'_> {
    fn children(&mut self, vertex: u32, out: &mut Vec<u32>) {
        let data = self.data;
        let before = out.len();
        children(data, self.place(vertex), |child| {
            out.push(self.known.vertex(data.arena, child));
        });
        if vertex as usize >= data.arena.nodes.len() {
            self.known.walked += (out.len() - before) as u64;
        }
    }

    fn component(&mut self, members: &[u32], is_cycle: bool) -> bool {
        let mut sum = Measure::default();
        let mut below = Vec::new();
        for member in members {
            let node = self.place(*member).node;
            sum.nodes = sum.nodes.saturating_add(1);
            sum.bytes = sum.bytes.saturating_add(self.own_bytes(node));
            below.clear();
            self.children(*member, &mut below);
            for child in &below {
                let size = self.known.sizes[*child as usize];
                sum.depth = sum.depth.max(size.depth);
                sum.nodes = sum.nodes.saturating_add(size.nodes);
                sum.bytes = sum.bytes.saturating_add(size.bytes);
                sum.cycle = sum.cycle.or(size.cycle);
            }
        }
        sum.depth = sum.depth.saturating_add(1);
        if is_cycle {
            sum.nodes = u64::MAX;
            sum.cycle = members.first().map(|vertex| self.place(*vertex).node);
        }
        for member in members {
            self.known.sizes[*member as usize] = sum;
        }
        !self.known.exceeds(self.max)
    }
}

/// The first view that shows all that a place's own node was given.
fn changed(arena: &Arena, place: Place) -> OpIndex {
    let chain = match arena.node(place.node) {
        Node::List(chain) | Node::Dict(chain) | Node::Set(chain) => chain,
        Node::Object(index) => arena.object(index).chain,
        _ => return OpIndex(0),
    };
    arena
        .batches(chain, place.view)
        .last()
        .map_or(OpIndex(0), |batch| OpIndex(batch.at.0.saturating_add(1)))
}

/// Calls `visit` with each node that a place refers to, as of when it does: a call sees its
/// arguments as they were then.
pub(crate) fn children(data: Data<'_>, place: Place, mut visit: impl FnMut(Place)) {
    let (arena, view) = (data.arena, place.view);
    let mut slots = |start: u32, len: u32| {
        for node in arena.slots_of(start, len) {
            visit(Place { node: *node, view });
        }
    };
    let node = match shape(data, place.node, view) {
        Shape::Node(node) => node,
        // The call saw which items there were, and not what is in them.
        Shape::Set(mut cursor) | Shape::FrozenSet(mut cursor) => {
            while let Some(node) = cursor.next(arena) {
                visit(Place { node, view });
            }
            return;
        }
    };
    match node {
        Node::Tuple { start, len, .. } | Node::FrozenSet { start, len } => slots(start, len),
        Node::List(chain) | Node::Dict(chain) | Node::Set(chain) => {
            for batch in arena.batches(chain, view) {
                slots(batch.start, batch.len);
            }
        }
        Node::Object(index) => {
            let object = arena.object(index);
            for batch in arena.batches(object.chain, view) {
                slots(batch.start, batch.len);
            }
            let view = view.min(object.at);
            for node in [object.callable, object.args]
                .into_iter()
                .chain(object.kwargs)
            {
                visit(Place { node, view });
            }
        }
        Node::Persistent(node) => visit(Place { node, view }),
        _ => {}
    }
}
