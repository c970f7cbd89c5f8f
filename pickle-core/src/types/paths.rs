//! Paths: a str in Python, which `open` and the like take as well as an object of `pathlib`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::construct::{
    Construct, DeadPointers, Decoder, Pointee, construct_arc_from, construct_rc_from,
};
use crate::encode::Pickler;
use crate::error::Result;
use crate::graph::{Items, NodeRef, View};
use crate::reduce::Reduce;

/// A str. A path that is not UTF-8 has no form.
impl Reduce for Path {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        match self.to_str() {
            Some(text) => p.str(text),
            None => Err(p.unpicklable("a path that is not UTF-8")),
        }
    }
}

/// A str. A path that is not UTF-8 has no form.
impl Reduce for PathBuf {
    fn reduce(&self, p: &mut Pickler<'_>) -> Result<()> {
        self.as_path().reduce(p)
    }
}

/// A str, or an object of any class of `pathlib`: of its parts, one after the other.
impl<'g> Construct<'g> for PathBuf {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        let Some(parts) = parts_at(d) else {
            return String::construct(d).map(Self::from);
        };
        // Each part is copied, even if the path begins anew at a later one, which is absolute.
        let count = parts.len() as u64;
        let lens = parts.map(|part| part.as_str().map_or(0, str::len) as u64);
        let bytes = lens.fold(0, u64::saturating_add);
        d.charge_values(count)?;
        d.charge_bytes(bytes)?;
        let parts = parts_at(d).into_iter().flatten();
        let path = parts.map(NodeRef::as_str).collect::<Option<Self>>();
        let path = path.ok_or_else(|| d.wrong_type("a path of strs"))?;
        if path.as_os_str().is_empty() {
            // What Python makes of no parts.
            return Ok(Self::from("."));
        }
        Ok(path)
    }
}
crate::pointee!(PathBuf);

/// What a class of `pathlib` was called with, if the decoder stands at such a call.
fn parts_at<'d>(d: &'d Decoder<'_>) -> Option<Items<'d>> {
    if d.is_straight() {
        return None;
    }
    match d.here().view() {
        View::Object(object) if is_path(object.class().module()) => Some(object.args()),
        _ => None,
    }
}

/// The module of its classes, and that in which 3.13 has them.
fn is_path(module: &str) -> bool {
    module == "pathlib" || module == "pathlib._local"
}

/// Without a copy where the stream holds the path as a str, unescaped.
impl<'g: 'a, 'a> Construct<'g> for Cow<'a, Path> {
    const PURE: bool = true;

    fn construct(d: &mut Decoder<'g>) -> Result<Self> {
        if parts_at(d).is_some() {
            return PathBuf::construct(d).map(Cow::Owned);
        }
        Ok(match Cow::<str>::construct(d)? {
            Cow::Borrowed(text) => Cow::Borrowed(Path::new(text)),
            Cow::Owned(text) => Cow::Owned(text.into()),
        })
    }
}
crate::pointee!(['a] Cow<'a, Path> where 'g: 'a);

impl<'g> Pointee<'g> for Path {
    fn construct_box(d: &mut Decoder<'g>) -> Result<Box<Path>> {
        PathBuf::construct(d).map(PathBuf::into_boxed_path)
    }

    fn construct_rc(d: &mut Decoder<'g>) -> Result<Rc<Path>> {
        construct_rc_from::<PathBuf, Path>(d)
    }

    fn construct_arc(d: &mut Decoder<'g>) -> Result<Arc<Path>> {
        construct_arc_from::<PathBuf, Path>(d)
    }

    fn dead() -> DeadPointers<Path> {
        DeadPointers {
            rc: Some(Rc::downgrade(&Rc::from(Path::new("")))),
            arc: Some(Arc::downgrade(&Arc::from(Path::new("")))),
            ..DeadPointers::none()
        }
    }
}
