//! The disassembler: CPython's, line for line, with its checks.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write;

use super::argument::value;
use super::{Located, Opcode, StackItem, genops_at};
use crate::decode::text::Integer;
use crate::error::{Error, ErrorKind, Result};

/// Lines are indented by no more MARKs than this, or a flood of them would make the output
/// quadratic. CPython's pickler nests fewer.
const INDENTED: usize = 5_000;

/// Writes a pickle's opcodes as text, one a line, up to its STOP: Python's `pickletools.dis`.
///
/// ```
/// let mut text = Vec::new();
/// pickle_core::pickletools::dis(b"(K\x01U\x01atq\0.", &mut text)?;
/// assert_eq!(
///     String::from_utf8_lossy(&text),
///     "    0: (    MARK\n\
///      \x20   1: K        BININT1    1\n\
///      \x20   3: U        SHORT_BINSTRING 'a'\n\
///      \x20   6: t        TUPLE      (MARK at 0)\n\
///      \x20   7: q    BINPUT     0\n\
///      \x20   9: .    STOP\n\
///      highest protocol among opcodes = 1\n",
/// );
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// If the bytes end before a STOP or inside an argument, a byte is no opcode, or an argument is
/// not what it has to be; if writing fails; and with a [`Finding`] at the first opcode that the
/// stack or the memo is not ready for. What comes before the error has been written by then, and
/// with a finding also the line that it is about.
///
/// # Input safety
///
/// Any bytes are safe to disassemble, and all that is written of strings is escaped.
pub fn dis(pickle: &[u8], out: &mut impl Write) -> Result<()> {
    Disassembler::new().dis(pickle, out)
}

/// What is wrong with a pickle that [`dis`] looks at, though its opcodes can be read. Loading is
/// not as strict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Finding {
    /// An opcode needs a mark and there is none.
    #[error("no MARK exists on stack")]
    NoMark,
    /// PUT and its kind store into a memo entry that is there already. As in Python, the key is
    /// the argument, and `None` for MEMOIZE.
    #[error("memo key {0} already defined")]
    MemoRedefined(String),
    /// PUT and its kind on an empty stack.
    #[error("stack is empty -- can't store into memo")]
    MemoOfNothing,
    /// PUT and its kind on a mark.
    #[error("can't store markobject in the memo")]
    MemoOfMark,
    /// GET and its kind of a memo entry that is not there.
    #[error("memo key {0} has never been stored into")]
    MemoMiss(String),
    /// An opcode needs more operands than there are.
    #[error("tries to pop {needed} items from stack with only {found} items")]
    StackUnderflow {
        /// How many it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Something is left behind STOP.
    #[error("stack not empty after STOP: [{}]", names(.0))]
    StackNotEmpty(Vec<StackItem>),
}

/// The first few names, as the stack can be as long as the pickle.
fn names(items: &[StackItem]) -> String {
    const SHOWN: usize = 100;
    let mut names: Vec<&str> = items.iter().take(SHOWN).map(|item| item.name()).collect();
    if items.len() > SHOWN {
        names.push("...");
    }
    names.join(", ")
}

/// [`dis`] with options. Its memo lasts from one pickle to the next, for pickles of one pickler.
///
/// ```
/// use pickle_core::pickletools::Disassembler;
///
/// let mut text = Vec::new();
/// Disassembler::new().annotate(20).dis(b"N.", &mut text)?;
/// let text = String::from_utf8_lossy(&text);
/// assert_eq!(text.lines().next(), Some("    0: N    NONE            None."));
/// # Ok::<(), pickle_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Disassembler {
    indent_level: usize,
    annotate: usize,
    memo: HashMap<Integer, StackItem>,
}

impl Default for Disassembler {
    fn default() -> Self {
        Self::new()
    }
}

impl Disassembler {
    /// Four blanks a level, no annotations.
    pub fn new() -> Self {
        Self {
            indent_level: 4,
            annotate: 0,
            memo: HashMap::new(),
        }
    }

    /// How many blanks each MARK indents what comes after it.
    pub fn indent_level(mut self, blanks: usize) -> Self {
        self.indent_level = blanks;
        self
    }

    /// Adds to each line what the opcode does, [`Opcode::doc`], from about this column on; 0 adds
    /// nothing. The words are not CPython's.
    pub fn annotate(mut self, column: usize) -> Self {
        self.annotate = column;
        self
    }

    /// Writes a pickle's opcodes as [`dis`] does.
    ///
    /// # Errors
    ///
    /// As [`dis`].
    pub fn dis(&mut self, pickle: &[u8], out: &mut impl Write) -> Result<()> {
        self.dis_at(pickle, 0, out)?;
        Ok(())
    }

    /// Writes the opcodes of the pickle that begins at `offset` of `bytes`, with offsets from the
    /// beginning of `bytes`, and returns where the next one begins: as Python's `dis` reads a
    /// file.
    ///
    /// ```
    /// use pickle_core::pickletools::Disassembler;
    ///
    /// let bytes = b"]q\0.h\0."; // two pickles of one pickler
    /// let (mut disassembler, mut text) = (Disassembler::new(), Vec::new());
    /// let next = disassembler.dis_at(bytes, 0, &mut text)?;
    /// assert_eq!(next, 4);
    /// disassembler.dis_at(bytes, next, &mut text)?;
    /// let text = String::from_utf8_lossy(&text);
    /// assert_eq!(text.lines().nth(4), Some("    4: h    BINGET     0"));
    /// # Ok::<(), pickle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`dis`].
    pub fn dis_at(&mut self, bytes: &[u8], offset: usize, out: &mut impl Write) -> Result<usize> {
        let mut stack = Stack::default();
        let mut highest = 0;
        let mut column = self.annotate;
        let mut ops = genops_at(bytes, offset);
        for op in ops.by_ref() {
            let op = op?;
            let argument = value(&op)?;
            let repr = argument.repr();
            let level = stack.marks.len();
            highest = highest.max(op.opcode.protocol());
            let key = argument.key();
            let effect = stack.effect(op.opcode, key, repr.as_deref(), &mut self.memo);
            let mut line = self.line(&op, level, repr.as_deref(), &effect);
            if self.annotate > 0 {
                let len = line.chars().count();
                let blanks = column.saturating_sub(len);
                column = len + blanks;
                if column > 50 {
                    column = self.annotate;
                }
                let _ = write!(line, "{:blanks$} {}", "", op.opcode.doc());
            }
            writeln!(out, "{:5}: {line}", op.offset)?;
            let fail = |finding| Error::from(ErrorKind::Unsound(finding)).at_offset(op.offset);
            if let Some(finding) = effect.finding {
                return Err(fail(finding));
            }
            stack
                .apply(op.offset, effect.pops, effect.pushes)
                .map_err(fail)?;
        }
        writeln!(out, "highest protocol among opcodes = {highest}")?;
        if stack.items.is_empty() {
            return Ok(ops.offset());
        }
        Err(ErrorKind::Unsound(Finding::StackNotEmpty(stack.items)).into())
    }

    fn line(&self, op: &Located<'_>, level: usize, repr: Option<&str>, effect: &Effect) -> String {
        let byte = op.opcode.byte();
        let code = byte.escape_ascii().to_string();
        let indent = level.min(INDENTED) * self.indent_level;
        let name = op.opcode.name();
        let mut line = format!("{code:<4} {:indent$}{name}", "");
        if repr.is_some() || effect.note.is_some() {
            // A mild effort to align arguments.
            let blanks = 10usize.saturating_sub(name.len());
            let _ = write!(line, "{:blanks$}", "");
        }
        for text in repr.into_iter().chain(effect.note.as_deref()) {
            line.push(' ');
            line.push_str(text);
        }
        line
    }
}

/// A crude emulation of the unpickler's.
#[derive(Default)]
struct Stack {
    items: Vec<StackItem>,
    /// Where the MARKs are that are on it: the offset of each.
    marks: Vec<usize>,
}

/// What an opcode does, and what is noted behind it.
struct Effect {
    note: Option<String>,
    finding: Option<Finding>,
    pops: usize,
    pushes: Vec<StackItem>,
}

impl Stack {
    fn effect(
        &mut self,
        opcode: Opcode,
        key: Option<Integer>,
        repr: Option<&str>,
        memo: &mut HashMap<Integer, StackItem>,
    ) -> Effect {
        let before = opcode.stack_before();
        let mut effect = Effect {
            note: None,
            finding: None,
            pops: before.len(),
            pushes: opcode.stack_after().to_vec(),
        };
        let mark = before.iter().position(|item| *item == StackItem::Mark);
        let pops_mark = opcode == Opcode::Pop && self.items.last() == Some(&StackItem::Mark);
        if mark.is_some() || pops_mark {
            match self.pop_mark() {
                Some(offset) => {
                    effect.note = Some(format!("(MARK at {offset})"));
                    effect.pops = mark.unwrap_or(0);
                }
                None => {
                    effect.note = Some(Finding::NoMark.to_string());
                    effect.finding = Some(Finding::NoMark);
                }
            }
        }
        self.check_memo(opcode, key, repr, memo, &mut effect);
        effect
    }

    /// Pops the topmost mark with what is above it, and returns where it came from. An opcode that
    /// takes any object may have taken the mark before.
    fn pop_mark(&mut self) -> Option<usize> {
        let offset = self.marks.pop()?;
        while self.items.pop()? != StackItem::Mark {}
        Some(offset)
    }

    fn check_memo(
        &self,
        opcode: Opcode,
        key: Option<Integer>,
        repr: Option<&str>,
        memo: &mut HashMap<Integer, StackItem>,
        effect: &mut Effect,
    ) {
        let shown = || repr.unwrap_or("None").to_owned();
        let key = match opcode {
            Opcode::Memoize => {
                effect.note = Some(format!("(as {})", memo.len()));
                i64::try_from(memo.len()).ok().map(Integer::Small)
            }
            _ => key,
        };
        match opcode {
            Opcode::Put | Opcode::BinPut | Opcode::LongBinPut | Opcode::Memoize => {
                effect.finding = match (key, self.items.last()) {
                    (Some(key), _) if memo.contains_key(&key) => {
                        Some(Finding::MemoRedefined(shown()))
                    }
                    (_, None) => Some(Finding::MemoOfNothing),
                    (_, Some(StackItem::Mark)) => Some(Finding::MemoOfMark),
                    (Some(key), Some(top)) => {
                        memo.insert(key, *top);
                        None
                    }
                    (None, Some(_)) => None,
                };
            }
            Opcode::Get | Opcode::BinGet | Opcode::LongBinGet => {
                match key.and_then(|key| memo.get(&key)) {
                    Some(item) => effect.pushes = vec![*item],
                    None => effect.finding = Some(Finding::MemoMiss(shown())),
                }
            }
            _ => {}
        }
    }

    fn apply(&mut self, offset: usize, pops: usize, pushes: Vec<StackItem>) -> Result<(), Finding> {
        let found = self.items.len();
        let Some(left) = found.checked_sub(pops) else {
            return Err(Finding::StackUnderflow {
                needed: pops,
                found,
            });
        };
        self.items.truncate(left);
        if pushes.contains(&StackItem::Mark) {
            self.marks.push(offset);
        }
        self.items.extend(pushes);
        Ok(())
    }
}
