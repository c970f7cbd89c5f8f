//! Characters and strings.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use crate::construct::{
    Construct, DeadPointers, Decoder, Pointee, construct_arc_from, construct_rc_from,
};
use crate::encode::Pickler;
use crate::error::{ErrorKind, Result};
use crate::reduce::Reduce;

/// A str of one character, which is all that Python has.
impl Reduce for char {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.str(self.encode_utf8(&mut [0; 4]))
    }
}

impl<'g> Construct<'g> for char {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let text = d.str()?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(char), None) => Ok(char),
            _ => Err(d.wrong_type("a str of one character")),
        }
    }
}
crate::pointee!(char);

impl Reduce for str {
    #[inline]
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.str(self)
    }
}

impl<'g> Pointee<'g> for str {
    fn construct_box(d: &mut Decoder<'g>) -> Result<Box<str>> {
        String::construct(d).map(String::into_boxed_str)
    }

    fn construct_rc(d: &mut Decoder<'g>) -> Result<Rc<str>> {
        construct_rc_from::<Cow<'g, str>, str>(d)
    }

    fn construct_arc(d: &mut Decoder<'g>) -> Result<Arc<str>> {
        construct_arc_from::<Cow<'g, str>, str>(d)
    }

    fn dead() -> DeadPointers<str> {
        DeadPointers {
            rc: Some(Rc::downgrade(&Rc::from(""))),
            arc: Some(Arc::downgrade(&Arc::from(""))),
            ..DeadPointers::none()
        }
    }
}

impl Reduce for String {
    #[inline]
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        p.str(self)
    }

    fn reduce_slice(items: &[Self], p: &mut Pickler<'_>) -> Result<()> {
        p.strs(items)
    }
}

impl<'g> Construct<'g> for String {
    const PURE: bool = true;

    #[inline]
    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        d.string()
    }

    fn construct_more(d: &mut Decoder<'g>, _: usize, items: &mut Vec<Self>) -> usize {
        d.strings(items)
    }
}
crate::pointee!(String);

/// Without a copy. Where the stream holds the text in escapes, `Cow<str>` is needed.
impl<'g: 'a, 'a> Construct<'g> for &'a str {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        match d.str()? {
            Cow::Borrowed(text) => Ok(text),
            Cow::Owned(_) => Err(d.error(ErrorKind::NotBorrowable("str"))),
        }
    }

    fn construct_more(d: &mut Decoder<'g>, _: usize, items: &mut Vec<Self>) -> usize {
        d.strs(items)
    }
}
crate::pointee!(['a] &'a str where 'g: 'a);

/// Without a copy, unless the stream holds the text in escapes.
impl<'g: 'a, 'a> Construct<'g> for Cow<'a, str> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let text = d.str()?;
        if let Cow::Owned(text) = &text {
            d.charge_bytes(text.len() as u64)?;
        }
        Ok(text)
    }
}
crate::pointee!(['a] Cow<'a, str> where 'g: 'a);
