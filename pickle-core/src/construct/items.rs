//! The items of a list, made part by part while it is read.

use std::any::type_name;
use std::mem;

use super::sequence::items_in_stream;
use super::stream::Stream;
use super::{ConstructOwned, Decoder};
use crate::decode::Unpickler;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;

/// Where the load of a list stands between two of its parts.
#[derive(Debug)]
pub(crate) struct Items {
    stream: Stream<'static>,
    limits: Limits,
    /// How many bytes were copied out of the pickle.
    copied: u64,
}

/// Bytes of a list: some that were kept of parts before, and one part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) kept: usize,
    /// Whether the part is a batch of items, behind a MARK. Else it is the last item, by itself,
    /// and the STOP.
    pub(crate) is_batch: bool,
    /// How many bytes of the pickle were read, with the part.
    pub(crate) read: usize,
}

/// Why a part's items could not be made, and where the first one begins of which that is so.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) error: Error,
    pub(crate) at: usize,
}

impl Items {
    /// In front of the items of a list: `head` is the PROTO, and what opens the list.
    pub(crate) fn begin(unpickler: &Unpickler<'_>, head: &[u8]) -> Option<Self> {
        let mut stream = Stream::begin(unpickler, head)?;
        stream.open_parts().then(|| Self {
            stream: stream.over(&[], 0),
            limits: unpickler.settings.limits,
            copied: 0,
        })
    }

    /// Makes the items of a part. Returns what of its bytes has to stand behind the kept ones, in
    /// front of the next part's.
    pub(crate) fn read<T: ConstructOwned>(
        &mut self,
        part: Part<'_>,
        items: &mut Vec<T>,
    ) -> Result<Vec<u8>, Unread> {
        let Limits {
            constructed_bytes,
            tree_nodes,
            ..
        } = self.limits;
        let stream = mem::replace(&mut self.stream, Stream::none());
        let allowed = constructed_bytes
            .for_input(part.read)
            .saturating_sub(self.copied);
        let mut decoder = Decoder::over(stream.over(part.bytes, part.kept), allowed);
        let memo = decoder.stream.memo_len();
        let made = make(&mut decoder, part, items);
        made.map_err(|(error, at)| Unread {
            error: self.reason::<T>(error, &decoder, part),
            at,
        })?;
        self.copied += allowed - decoder.constructed_bytes();
        let mut stream = decoder.stream;
        // Each item and each memo entry is a node at least, where there is a graph.
        let nodes = items.len() + stream.memo_len() - memo;
        stream.allow_references(tree_nodes.for_more(nodes));
        let kept = stream.keep_texts(memo, part.kept);
        self.stream = stream.over(&[], 0);
        Ok(kept)
    }

    /// Without a graph an error knows little but that there is one.
    #[cold]
    fn reason<T>(&self, error: Error, decoder: &Decoder<'_>, part: Part<'_>) -> Error {
        let exceeded = |limit, value, setter| ErrorKind::LimitExceeded {
            limit,
            value,
            setter,
        };
        let kind = match error.kind() {
            ErrorKind::LimitExceeded { limit, setter, .. } => {
                let value = self.limits.constructed_bytes.for_input(part.read);
                exceeded(limit, value, setter)
            }
            ErrorKind::Custom(_) | ErrorKind::Source => return error.without_offset(),
            _ if decoder.stream.is_deepest() => self.limits.too_deep(),
            _ if decoder.stream.is_out_of_references() => {
                let value = self.limits.tree_nodes.for_input(0);
                exceeded("the number of values", value, "tree_nodes")
            }
            _ => ErrorKind::UnusualItem {
                rust_type: type_name::<T>(),
            },
        };
        kind.into()
    }
}

fn make<T: ConstructOwned>(
    decoder: &mut Decoder<'_>,
    part: Part<'_>,
    items: &mut Vec<T>,
) -> Result<(), (Error, usize)> {
    let start = decoder.stream.offset();
    let Some(run) = decoder.stream.part(part.is_batch) else {
        return Err((decoder.give_up(), start));
    };
    items_in_stream(run, decoder, items)?;
    let is_whole = if part.is_batch {
        decoder.stream.left() == 0
    } else {
        decoder.stream.is_at_stop()
    };
    if is_whole && decoder.is_straight() {
        Ok(())
    } else {
        Err((decoder.give_up(), decoder.stream.offset()))
    }
}
