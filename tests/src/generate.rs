//! Pickles that no pickler writes, but most of which an unpickler takes: opcodes one after the other,
//! each chosen among those that the stack allows, and now and then one that it does not.
//!
//! Where the numbers come from is the caller's business: from a seed, or from a fuzzer, whose bytes
//! then are a pickle's plan.

/// Where choices come from.
pub trait Choices {
    /// A number below `bound`, or 0.
    fn below(&mut self, bound: usize) -> usize;

    /// Whether there are more.
    fn are_left(&self) -> bool;
}

/// Numbers from a seed: splitmix64.
#[derive(Clone, Debug)]
pub struct Seeded(pub u64);

impl Choices for Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) as usize).checked_rem(bound).unwrap_or(0)
    }

    fn are_left(&self) -> bool {
        true
    }
}

/// A fuzzer's bytes, a byte or two for each choice.
#[derive(Clone, Debug)]
pub struct Planned<'a>(pub &'a [u8]);

impl Choices for Planned<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        let mut number = usize::from(*first);
        if bound > 256
            && let Some((second, rest)) = self.0.split_first()
        {
            self.0 = rest;
            number = number << 8 | usize::from(*second);
        }
        number.checked_rem(bound).unwrap_or(0)
    }

    fn are_left(&self) -> bool {
        !self.0.is_empty()
    }
}

/// What an object on the stack is, as far as opcodes care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Mark,
    Str,
    /// Another that can be hashed and changes never.
    Atom,
    Tuple,
    List,
    Dict,
    Set,
    Global,
    Instance,
}

/// A pickle that is being written, and what its stack and memo hold.
struct Plan<'c, C> {
    choices: &'c mut C,
    bytes: Vec<u8>,
    stack: Vec<Kind>,
    memo: Vec<Kind>,
    protocol: u8,
}

/// Writes a pickle of up to so many opcodes, in a protocol of its own.
pub fn pickle(choices: &mut impl Choices, opcodes: usize) -> Vec<u8> {
    let protocol = choices.below(6) as u8;
    let mut plan = Plan {
        choices,
        bytes: Vec::new(),
        stack: Vec::new(),
        memo: Vec::new(),
        protocol,
    };
    if protocol >= 2 {
        plan.bytes.extend([0x80, protocol]);
    }
    for _ in 0..opcodes {
        if !plan.choices.are_left() {
            break;
        }
        plan.step();
    }
    plan.end();
    plan.bytes
}

impl<C: Choices> Plan<'_, C> {
    fn one_in(&mut self, times: usize) -> bool {
        self.choices.below(times) == 0
    }

    fn op(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn put_on(&mut self, bytes: &[u8], kind: Kind) {
        self.op(bytes);
        self.stack.push(kind);
    }

    fn kind(&self, below_top: usize) -> Option<Kind> {
        let place = self.stack.len().checked_sub(below_top + 1)?;
        self.stack.get(place).copied()
    }

    /// How many objects are above the topmost mark.
    fn above_mark(&self) -> usize {
        let kinds = self.stack.iter().rev();
        kinds.take_while(|kind| **kind != Kind::Mark).count()
    }

    fn has_mark(&self) -> bool {
        self.stack.contains(&Kind::Mark)
    }

    /// What is below the topmost mark.
    fn below_mark(&self) -> Option<Kind> {
        self.kind(self.above_mark() + 1)
    }

    /// Takes everything down to the topmost mark, that included.
    fn take_to_mark(&mut self) {
        let left = self.stack.len().saturating_sub(self.above_mark() + 1);
        self.stack.truncate(left);
    }

    fn step(&mut self) {
        if self.one_in(200) {
            // Whatever comes of it.
            let byte = self.choices.below(256) as u8;
            return self.op(&[byte]);
        }
        match self.choices.below(16) {
            0..=3 => self.atom(),
            4 | 5 => self.container(),
            6 => self.put_on(b"(", Kind::Mark),
            7 | 8 => self.add(),
            9 => self.collect(),
            10 | 11 => self.memo(),
            12 => self.name(),
            13 => self.call(),
            14 => self.build(),
            _ => self.shuffle(),
        }
    }

    fn atom(&mut self) {
        let number = self.choices.below(256) as u8;
        match self.choices.below(20) {
            0 => self.put_on(b"N", Kind::Atom),
            1 if self.protocol >= 2 => self.put_on(b"\x88", Kind::Atom),
            2 if self.protocol >= 2 => self.put_on(b"\x89", Kind::Atom),
            3 => self.put_on(&[b'K', number], Kind::Atom),
            4 => self.put_on(&[b'M', number, 1], Kind::Atom),
            5 => self.put_on(&[b'J', number, 0, 0, 0xff], Kind::Atom),
            6 => self.put_on(&[0x8a, 2, number, 0x80], Kind::Atom),
            7 => self.put_on(&[b'G', 0x3f, number, 0, 0, 0, 0, 0, 0], Kind::Atom),
            8 => self.put_on(format!("I{number}\n").as_bytes(), Kind::Atom),
            9 => self.put_on(b"I01\n", Kind::Atom),
            10 => self.put_on(format!("L-{number}L\n").as_bytes(), Kind::Atom),
            11 => self.put_on(format!("F{number}.5\n").as_bytes(), Kind::Atom),
            12 => self.put_on(&[b'C', 2, number, 0], Kind::Atom),
            13 => self.put_on(b"V\\u00e9x\n", Kind::Str),
            14 => self.put_on(b"S'a\\x41'\n", Kind::Str),
            15 => self.put_on(b"U\x02ab", Kind::Str),
            16 => self.put_on(b"X\x02\0\0\0\xc3\xa9", Kind::Str),
            17 if self.protocol >= 5 => {
                self.put_on(&[0x96, 1, 0, 0, 0, 0, 0, 0, 0, number], Kind::Atom);
            }
            _ => {
                let letter = b'a' + number % 8;
                self.put_on(&[0x8c, 1, letter], Kind::Str);
            }
        }
    }

    fn container(&mut self) {
        match self.choices.below(5) {
            0 => self.put_on(b")", Kind::Tuple),
            1 | 2 => self.put_on(b"]", Kind::List),
            3 => self.put_on(b"}", Kind::Dict),
            _ => self.put_on(b"\x8f", Kind::Set),
        }
    }

    /// Whether an object can be a key.
    fn is_hashable(kind: Option<Kind>) -> bool {
        matches!(
            kind,
            Some(Kind::Str | Kind::Atom | Kind::Global | Kind::Instance)
        )
    }

    /// Adds to a container, if there is one where it has to be.
    fn add(&mut self) {
        let above = self.above_mark();
        let below = self.below_mark().filter(|_| self.has_mark());
        match (self.kind(1), self.kind(2), below) {
            (Some(Kind::List | Kind::Instance), ..) if self.one_in(2) => {
                self.op(b"a");
                self.stack.pop();
            }
            (key, Some(Kind::Dict | Kind::Instance), _) if Self::is_hashable(key) => {
                self.op(b"s");
                self.stack.truncate(self.stack.len() - 2);
            }
            (_, _, Some(Kind::List | Kind::Instance)) => {
                self.op(b"e");
                self.take_to_mark();
            }
            (_, _, Some(Kind::Dict)) if above.is_multiple_of(2) => {
                self.op(b"u");
                self.take_to_mark();
            }
            (_, _, Some(Kind::Set)) => {
                self.op(b"\x90");
                self.take_to_mark();
            }
            _ => self.atom(),
        }
    }

    /// Makes something of what is on the stack.
    fn collect(&mut self) {
        let above = self.above_mark();
        match self.choices.below(8) {
            0 | 1 if self.has_mark() => {
                self.op(b"t");
                self.take_to_mark();
                self.stack.push(Kind::Tuple);
            }
            2 if self.has_mark() => {
                self.op(b"l");
                self.take_to_mark();
                self.stack.push(Kind::List);
            }
            3 if self.has_mark() && above.is_multiple_of(2) => {
                self.op(b"d");
                self.take_to_mark();
                self.stack.push(Kind::Dict);
            }
            4 if self.has_mark() => {
                self.op(b"\x91");
                self.take_to_mark();
                self.stack.push(Kind::Atom);
            }
            count => {
                let count = count % 3 + 1;
                if above >= count {
                    self.op(&[0x84 + count as u8]);
                    self.stack.truncate(self.stack.len() - count);
                    self.stack.push(Kind::Tuple);
                }
            }
        }
    }

    fn memo(&mut self) {
        let top = self.kind(0).filter(|kind| *kind != Kind::Mark);
        match (self.choices.below(4), top) {
            (0, Some(kind)) => {
                self.op(b"\x94");
                self.memo.push(kind);
            }
            (1, Some(kind)) => {
                let place = self.choices.below(self.memo.len() + 1);
                self.op(&[b'q', place as u8]);
                match self.memo.get_mut(place) {
                    Some(entry) => *entry = kind,
                    None => self.memo.push(kind),
                }
            }
            _ if self.memo.is_empty() => self.atom(),
            _ => {
                let place = self.choices.below(self.memo.len().min(256));
                let kind = self.memo[place];
                match self.choices.below(3) {
                    0 => self.op(format!("g{place}\n").as_bytes()),
                    _ => self.op(&[b'h', place as u8]),
                }
                self.stack.push(kind);
            }
        }
    }

    fn name(&mut self) {
        let letter = char::from(b'A' + self.choices.below(4) as u8);
        match self.choices.below(3) {
            0 if self.kind(0) == Some(Kind::Str) && self.kind(1) == Some(Kind::Str) => {
                self.op(b"\x93");
                self.stack.truncate(self.stack.len() - 2);
                self.stack.push(Kind::Global);
            }
            _ => self.put_on(format!("cm\n{letter}\n").as_bytes(), Kind::Global),
        }
    }

    fn call(&mut self) {
        match (self.kind(1), self.kind(0)) {
            (Some(Kind::Global), Some(Kind::Tuple)) => {
                let op = [b"R", b"\x81"][self.choices.below(2)];
                self.op(op);
                self.stack.truncate(self.stack.len() - 2);
                self.stack.push(Kind::Instance);
            }
            _ if self.has_mark() && self.one_in(3) => {
                self.op(b"im\nA\n");
                self.take_to_mark();
                self.stack.push(Kind::Instance);
            }
            _ => {
                self.name();
                self.put_on(b")", Kind::Tuple);
            }
        }
    }

    fn build(&mut self) {
        if self.kind(1) == Some(Kind::Instance) && self.kind(0) != Some(Kind::Mark) {
            self.op(b"b");
            self.stack.pop();
        } else {
            self.call();
        }
    }

    /// POP, DUP, POP_MARK and FRAME.
    fn shuffle(&mut self) {
        match (self.choices.below(4), self.kind(0)) {
            (0, Some(_)) => {
                self.op(b"0");
                self.stack.pop();
            }
            (1, Some(kind)) if kind != Kind::Mark => self.put_on(b"2", kind),
            (2, _) if self.has_mark() => {
                self.op(b"1");
                self.take_to_mark();
            }
            _ => self.op(b"\x95\0\0\0\0\0\0\0\0"),
        }
    }

    /// One object of all that is there, and STOP.
    fn end(&mut self) {
        while self.has_mark() {
            self.op(b"t");
            self.take_to_mark();
            self.stack.push(Kind::Tuple);
        }
        if self.stack.is_empty() {
            self.put_on(b"N", Kind::Atom);
        }
        while self.stack.len() > 1 {
            self.op(b"\x86");
            self.stack.truncate(self.stack.len() - 2);
            self.stack.push(Kind::Tuple);
        }
        self.op(b".");
    }
}
