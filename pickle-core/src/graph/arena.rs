//! The nodes of a graph, in one arena: flat vectors that refer to each other by index.
//!
//! Nothing here is recursive, so that dropping, cloning and walking need no stack. A node is 16
//! bytes, and the opcode that makes it is at least one byte of input.
//!
//! Python calls a constructor with its arguments as they are at that moment, and may change them
//! afterwards. So containers and instances are not single nodes but chains of [`Batch`]es, each
//! with the index of the opcode that added it, and every [`Object`] has the index of its call:
//! what the call saw are the batches before it.

use pickle_registry::QualName;

use crate::utf8::utf8;

/// A node of a [`Graph`](crate::Graph): an index that means something to that graph alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// How many opcodes of the stream came before: the time of the pickle machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct OpIndex(pub(crate) u32);

impl OpIndex {
    /// After everything.
    pub(crate) const END: Self = Self(u32::MAX);
}

/// A range of the input, or of the bytes that had to be made beside it. 47 bits for the start and
/// 48 for the length, so that a node stays at 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    start_low: u32,
    len_low: u32,
    start_high: u16,
    len_high: u16,
}

/// Marks a start that counts in [`Arena::made`].
const MADE: u64 = 1 << 47;

impl Span {
    /// A range of the input.
    pub(crate) fn new(start: usize, len: usize) -> Self {
        Self::packed(start as u64, len as u64)
    }

    /// A range of [`Arena::made`].
    pub(crate) fn made(start: usize, len: usize) -> Self {
        Self::packed(start as u64 | MADE, len as u64)
    }

    /// OK because no address space is larger than 47 bits; the casts take the halves.
    fn packed(start: u64, len: u64) -> Self {
        Self {
            start_low: start as u32,
            len_low: len as u32,
            start_high: (start >> 32) as u16,
            len_high: (len >> 32) as u16,
        }
    }

    fn bits(self) -> u64 {
        (u64::from(self.start_high) << 32) | u64::from(self.start_low)
    }

    pub(crate) fn is_made(self) -> bool {
        self.bits() & MADE != 0
    }

    pub(crate) fn start(self) -> usize {
        (self.bits() & !MADE) as usize
    }

    pub(crate) fn len(self) -> usize {
        ((u64::from(self.len_high) << 32) | u64::from(self.len_low)) as usize
    }

    fn range(self) -> std::ops::Range<usize> {
        self.start()..self.start() + self.len()
    }

    /// The range's part of the input, unless it is one of made bytes.
    pub(crate) fn of_input(self, input: &[u8]) -> Option<&[u8]> {
        (!self.is_made()).then(|| &input[self.range()])
    }
}

/// One object of the pickle.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    None,
    Bool(bool),
    Int(i64),
    /// Two's complement, little-endian, and beyond 64 bits.
    BigInt(Span),
    Float(f64),
    /// Valid UTF-8.
    Str(Span),
    /// UTF-8 but for lone surrogates, which are encoded in three bytes each.
    Surrogates(Span),
    Bytes(Span),
    ByteArray(Span),
    /// An out-of-band buffer, by its index among those that the loader was given.
    Buffer {
        index: u32,
        /// Whether it or the pickle says so.
        readonly: bool,
        /// Whether it was given as a read-only one: Python cannot hash a view of others.
        hashable: bool,
    },
    /// A range of `slots`.
    Tuple {
        start: u32,
        len: u32,
        hashable: bool,
    },
    FrozenSet {
        start: u32,
        len: u32,
    },
    List(Chain),
    Dict(Chain),
    Set(Chain),
    /// An index of `globals`.
    Global(u32),
    /// An index of `objects`.
    Object(u32),
    /// An object kept elsewhere, by its id.
    Persistent(NodeId),
}

impl Node {
    pub(crate) const EMPTY_TUPLE: Self = Self::Tuple {
        start: 0,
        len: 0,
        hashable: true,
    };

    /// Python's name for the node's type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::BigInt(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) | Self::Surrogates(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::ByteArray(_) => "bytearray",
            Self::Buffer { .. } => "buffer",
            Self::Tuple { .. } => "tuple",
            Self::FrozenSet { .. } => "frozenset",
            Self::List(_) => "list",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::Global(_) => "global",
            Self::Object(_) => "instance",
            Self::Persistent(_) => "persistent id",
        }
    }
}

/// What was added to a container or instance, oldest first: the first and the last of its
/// batches. Empty until something is added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    first: u32,
    last: u32,
}

const NO_BATCH: u32 = u32::MAX;

impl Chain {
    pub(crate) const EMPTY: Self = Self {
        first: NO_BATCH,
        last: NO_BATCH,
    };

    pub(crate) fn is_empty(self) -> bool {
        self.first == NO_BATCH
    }
}

/// What one or more opcodes added to a container or instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    next: u32,
    pub(crate) at: OpIndex,
    /// A range of `slots`.
    pub(crate) start: u32,
    pub(crate) len: u32,
    pub(crate) kind: BatchKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchKind {
    /// Items of a list or a set, or `extend`ed list items of an instance.
    Items,
    /// `add`ed items of an instance.
    Added,
    /// Keys and values by turns.
    Pairs,
    /// One slot: what BUILD was given.
    State,
    /// Two slots: a callable and what it was called with beside the instance. Python's sixth
    /// element of a reduction.
    Setter,
}

/// An instance, or whatever else a call made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object {
    pub(crate) form: Form,
    /// The global that was called.
    pub(crate) callable: NodeId,
    /// A tuple.
    pub(crate) args: NodeId,
    /// A dict: for NEWOBJ_EX, and for calls with keyword arguments.
    pub(crate) kwargs: Option<NodeId>,
    /// When it was called.
    pub(crate) at: OpIndex,
    pub(crate) chain: Chain,
}

/// How an object was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// `callable(*args)`: REDUCE. With keyword arguments, a call of `functools.partial` in a
    /// stream.
    Reduce,
    /// `cls.__new__(cls, *args)`: NEWOBJ.
    NewObj,
    /// `cls.__new__(cls, *args, **kwargs)`: NEWOBJ_EX.
    NewObjEx,
    /// `cls(*args)` of a class that may be a Python 2 old-style class, which is not called when
    /// there are no arguments: INST and OBJ.
    Inst,
}

/// A global's two names, and how it was spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Global {
    pub(crate) module: Span,
    pub(crate) qualname: Span,
    /// The global that it was an attribute of by a call of `getattr`, as Python writes methods.
    /// Nested classes are written so only below protocol 4.
    pub(crate) attribute_of: Option<AttributeOf>,
    /// The str that named the module, where it was an object of its own.
    pub(crate) module_node: Option<NodeId>,
}

/// What an attribute was got of, and by what: indices of `globals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AttributeOf {
    pub(crate) object: u32,
    pub(crate) getattr: u32,
}

/// The vectors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arena {
    pub(crate) nodes: Vec<Node>,
    pub(crate) slots: Vec<NodeId>,
    pub(crate) batches: Vec<Batch>,
    pub(crate) objects: Vec<Object>,
    pub(crate) globals: Vec<Global>,
    /// Bytes that are not in the input as they are.
    pub(crate) made: Vec<u8>,
}

impl Arena {
    #[inline]
    pub(crate) fn node(&self, id: NodeId) -> Node {
        // OK because ids come from `push` and the arena only grows.
        self.nodes[id.index()]
    }

    pub(crate) fn object(&self, index: u32) -> &Object {
        &self.objects[index as usize]
    }

    /// What was added to a container or instance; to another node, nothing.
    #[inline]
    pub(crate) fn chain(&self, id: NodeId) -> Chain {
        match self.node(id) {
            Node::List(chain) | Node::Dict(chain) | Node::Set(chain) => chain,
            Node::Object(index) => self.object(index).chain,
            _ => Chain::EMPTY,
        }
    }

    /// Gives a container or instance another chain.
    #[inline]
    pub(crate) fn set_chain(&mut self, id: NodeId, chain: Chain) {
        match &mut self.nodes[id.index()] {
            Node::List(it) | Node::Dict(it) | Node::Set(it) => *it = chain,
            Node::Object(index) => self.objects[*index as usize].chain = chain,
            _ => {}
        }
    }

    /// A range of `slots`, of a node or batch of this arena.
    pub(crate) fn slots_of(&self, start: u32, len: u32) -> &[NodeId] {
        &self.slots[start as usize..][..len as usize]
    }

    /// Adds a batch behind those that a chain has.
    #[inline]
    pub(crate) fn append(
        &mut self,
        chain: &mut Chain,
        kind: BatchKind,
        at: OpIndex,
        start: u32,
        len: u32,
    ) {
        // Each batch takes an opcode.
        let index = u32::try_from(self.batches.len())
            .expect("the machine counts opcodes and stops before 2^32");
        let batch = Batch {
            next: NO_BATCH,
            at,
            start,
            len,
            kind,
        };
        self.batches.push(batch);
        if chain.is_empty() {
            chain.first = index;
        } else {
            self.batches[chain.last as usize].next = index;
        }
        chain.last = index;
    }

    pub(crate) fn last_batch(&mut self, chain: Chain) -> Option<&mut Batch> {
        self.batches.get_mut(chain.last as usize)
    }

    /// The batch that was added last.
    pub(crate) fn newest(&self, chain: Chain) -> Option<&Batch> {
        self.batches.get(chain.last as usize)
    }

    pub(crate) fn batches(&self, chain: Chain, view: OpIndex) -> Batches<'_> {
        Batches {
            arena: self,
            next: chain.first,
            view,
        }
    }
}

/// The batches of a chain that were there at some time.
#[derive(Clone, Debug)]
pub(crate) struct Batches<'a> {
    arena: &'a Arena,
    next: u32,
    view: OpIndex,
}

impl<'a> Iterator for Batches<'a> {
    type Item = &'a Batch;

    fn next(&mut self) -> Option<&'a Batch> {
        let batch = self.arena.batches.get(self.next as usize)?;
        if batch.at >= self.view {
            return None;
        }
        self.next = batch.next;
        Some(batch)
    }
}

/// A place in a sequence of slots: of a tuple, or of the batches of a chain that are of one kind
/// and were there at some time. It borrows nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    position: u32,
    end: u32,
    next: u32,
    kind: BatchKind,
    view: OpIndex,
}

impl Cursor {
    pub(crate) fn slots(start: u32, len: u32) -> Self {
        let end = start.saturating_add(len);
        Self {
            position: start,
            end,
            next: NO_BATCH,
            kind: BatchKind::Items,
            view: OpIndex::END,
        }
    }

    pub(crate) fn chain(chain: Chain, kind: BatchKind, view: OpIndex) -> Self {
        Self {
            position: 0,
            end: 0,
            next: chain.first,
            kind,
            view,
        }
    }

    #[inline]
    pub(crate) fn next(&mut self, arena: &Arena) -> Option<NodeId> {
        while self.position == self.end {
            let batch = arena.batches.get(self.next as usize)?;
            if batch.at >= self.view {
                return None;
            }
            self.next = batch.next;
            if batch.kind == self.kind {
                self.position = batch.start;
                self.end = batch.start + batch.len;
            }
        }
        let id = arena.slots[self.position as usize];
        self.position += 1;
        Some(id)
    }

    /// The nodes from here on.
    pub(crate) fn ids(mut self, arena: &Arena) -> impl Iterator<Item = NodeId> {
        std::iter::from_fn(move || self.next(arena))
    }

    /// How many are left. It walks the batches, not the items.
    pub(crate) fn len(&self, arena: &Arena) -> usize {
        let rest = Batches {
            arena,
            next: self.next,
            view: self.view,
        };
        let behind: usize = rest
            .filter(|batch| batch.kind == self.kind)
            .map(|batch| batch.len as usize)
            .sum();
        (self.end - self.position) as usize + behind
    }
}

/// Arena and bytes together: what a node's ranges mean.
#[derive(Clone, Copy)]
pub(crate) struct Data<'a> {
    pub(crate) input: &'a [u8],
    pub(crate) arena: &'a Arena,
}

impl<'a> Data<'a> {
    pub(crate) fn bytes(self, span: Span) -> &'a [u8] {
        span.of_input(self.input)
            .unwrap_or_else(|| &self.arena.made[span.range()])
    }

    /// The text of a [`Node::Str`].
    pub(crate) fn text(self, span: Span) -> &'a str {
        utf8(self.bytes(span)).expect("the machine has validated a Str's UTF-8")
    }

    pub(crate) fn name(self, index: u32) -> QualName<'a> {
        let global = self.arena.globals[index as usize];
        QualName::new(self.text(global.module), self.text(global.qualname))
    }
}
