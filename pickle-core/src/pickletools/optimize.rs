//! The optimizer: CPython's, byte for byte.

use std::collections::{HashMap, HashSet};

use super::argument::value;
use super::{Argument, Finding, Located, Opcode, genops};
use crate::decode::text::Integer;
use crate::encode::{HIGHEST_PROTOCOL, MemoIndex, Writer};
use crate::error::{Error, ErrorKind, Result};

/// A pickle of the same object without what no GET refers to, mostly shorter: Python's
/// `pickletools.optimize`.
///
/// PUTs that no GET refers to are left out, the others are numbered from 0, and frames are made
/// anew. Memo opcodes are those of the protocol that PROTO and the GETs call for; all others are
/// copied. What stands behind STOP is left out.
///
/// ```
/// use pickle_core::pickletools::optimize;
///
/// // x = [1]; pickle.dumps((x, x), 2)
/// assert_eq!(optimize(b"\x80\x02]q\0K\x01ah\0\x86q\x01.")?, b"\x80\x02]q\0K\x01ah\0\x86.");
/// assert_eq!(optimize(b"\x80\x02]q\0K\x01a.")?, b"\x80\x02]K\x01a.");
/// # Ok::<(), pickle_core::Error>(())
/// ```
///
/// # Errors
///
/// If the bytes end before a STOP or inside an argument, a byte is no opcode, or an argument is
/// not what it has to be, which STRING is only in ASCII; if PROTO announces more than protocol 5;
/// and with [`Finding::MemoMiss`] if a GET refers to what has not been PUT, as in pickles that
/// share a memo with those before them.
///
/// # Input safety
///
/// Any bytes are safe to optimize: time and memory are in proportion to their number, whatever
/// the memo's indices are. Whether the pickle can be loaded is not looked at.
pub fn optimize(pickle: &[u8]) -> Result<Vec<u8>> {
    let mut optimizer = Optimizer::survey(pickle)?;
    let mut ops = genops(pickle);
    while let Some(op) = ops.next() {
        let op = op?;
        let text = pickle.get(op.offset..ops.offset()).unwrap_or_default();
        optimizer.write(&op, text)?;
    }
    Ok(optimizer.writer.into_bytes())
}

struct Optimizer {
    /// Whose memo opcodes and frames are written.
    protocol: u8,
    /// What GETs refer to: its index in the new pickle, once it has one.
    wanted: HashMap<Integer, Option<MemoIndex>>,
    /// What the old pickle has stored so far.
    stored: Stored,
    /// How many entries the new pickle has stored so far.
    entries: u64,
    writer: Writer<'static>,
}

impl Optimizer {
    /// Reads the whole pickle, for what has to be known before the first byte is written.
    fn survey(pickle: &[u8]) -> Result<Self> {
        let mut protocol = 0;
        let mut wanted = HashMap::new();
        let mut writer = Writer::new(None);
        // What cannot be read is the error that comes first.
        let mut supported = Ok(());
        for op in genops(pickle) {
            let op = op?;
            let argument = value(&op)?;
            match op.opcode {
                Opcode::Proto => match announced(&op) {
                    Ok(announced) => {
                        protocol = protocol.max(announced);
                        if is_header(&op) {
                            writer.op_with(Opcode::Proto, [announced]);
                        }
                    }
                    Err(error) => supported = supported.and(Err(error)),
                },
                Opcode::Get | Opcode::BinGet | Opcode::LongBinGet => {
                    protocol = protocol.max(op.opcode.protocol());
                    wanted.extend(argument.key().map(|key| (key, None)));
                }
                _ => {}
            }
        }
        supported?;
        writer.start_frames(protocol);
        Ok(Self {
            protocol,
            wanted,
            stored: Stored::default(),
            entries: 0,
            writer,
        })
    }

    /// Writes what becomes of an opcode, which stands in the pickle as `text`.
    fn write(&mut self, op: &Located<'_>, text: &[u8]) -> Result<()> {
        match op.opcode {
            Opcode::Frame => Ok(()),
            Opcode::Proto if is_header(op) => Ok(()),
            Opcode::Put | Opcode::BinPut | Opcode::LongBinPut => match value(op)?.key() {
                Some(key) => self.put(key),
                None => Ok(()),
            },
            Opcode::Memoize => self.put(self.stored.next_key()),
            Opcode::Get | Opcode::BinGet | Opcode::LongBinGet => self.get(op),
            Opcode::Stop => {
                self.writer.boundary()?;
                self.writer.finish()
            }
            _ => {
                self.writer.boundary()?;
                self.writer.copy(text);
                Ok(())
            }
        }
    }

    fn put(&mut self, key: Integer) -> Result<()> {
        if let Some(index) = self.wanted.get_mut(&key) {
            self.writer.boundary()?;
            *index = Some(self.writer.put(self.protocol, self.entries)?);
            self.entries += 1;
        }
        self.stored.insert(key);
        Ok(())
    }

    fn get(&mut self, op: &Located<'_>) -> Result<()> {
        let argument = value(op)?;
        let index = argument.key().and_then(|key| self.wanted.get(&key));
        let Some(index) = index.copied().flatten() else {
            let finding = Finding::MemoMiss(argument.repr().unwrap_or_default());
            return Err(Error::from(ErrorKind::Unsound(finding)).at_offset(op.offset));
        };
        self.writer.boundary()?;
        self.writer.get(self.protocol, index);
        Ok(())
    }
}

/// Whether an opcode is the PROTO that stands in front of frames.
fn is_header(op: &Located<'_>) -> bool {
    op.opcode == Opcode::Proto && op.offset == 0
}

/// The protocol that a PROTO announces.
fn announced(op: &Located<'_>) -> Result<u8> {
    let Argument::Int(announced) = op.argument else {
        return Ok(0);
    };
    match u8::try_from(announced) {
        Ok(protocol) if protocol <= HIGHEST_PROTOCOL => Ok(protocol),
        _ => {
            let kind = ErrorKind::UnsupportedProtocol(announced.cast_unsigned());
            Err(Error::from(kind).at_offset(op.offset))
        }
    }
}

/// The keys of a memo. Picklers give them in order, and a number has room for all of those.
#[derive(Default)]
struct Stored {
    /// All from 0 to below this.
    dense: i64,
    others: HashSet<Integer>,
}

impl Stored {
    fn insert(&mut self, key: Integer) {
        match key {
            Integer::Small(index) if (0..self.dense).contains(&index) => {}
            Integer::Small(index) if index == self.dense => {
                self.dense += 1;
                while self.others.remove(&Integer::Small(self.dense)) {
                    self.dense += 1;
                }
            }
            key => {
                self.others.insert(key);
            }
        }
    }

    /// What MEMOIZE stores at: the number of keys.
    fn next_key(&self) -> Integer {
        let others = i64::try_from(self.others.len()).unwrap_or(i64::MAX);
        Integer::Small(self.dense.saturating_add(others))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memoize_stores_at_the_number_of_keys_in_whatever_order_they_came() {
        let mut stored = Stored::default();
        for (key, next) in [
            (0, 1),
            (0, 1),
            (3, 2),
            (-1, 3),
            (1, 4),
            (2, 5),
            (4, 6),
            (7, 7),
        ] {
            stored.insert(Integer::Small(key));
            assert_eq!(stored.next_key(), Integer::Small(next));
        }
        assert_eq!(stored.dense, 5);
        stored.insert(Integer::Big(vec![0; 9]));
        assert_eq!(stored.next_key(), Integer::Small(8));
    }
}
