//! Shared pointers in a stream: one memo entry, one allocation.

use std::any::Any;
use std::mem;
use std::rc::Rc;

use super::memo::Entry;
use super::{Awaited, Stream};

/// A clone of a pointer to an object that may be referred to.
#[derive(Debug)]
pub(in crate::construct) struct Pointer {
    kept: Kept,
    /// The object's class, if it was met as a trait object.
    class: Option<usize>,
}

#[derive(Debug)]
pub(in crate::construct) enum Kept {
    Rc(Rc<dyn Any>),
    Boxed(Box<dyn Any>),
}

/// How a kind of pointer is kept and found again.
pub(in crate::construct) trait Keep<P> {
    fn keep(pointer: &P) -> Kept;
    fn find(kept: &Kept) -> Option<P>;
}

/// An `Rc` of a value with a size: it needs no allocation to be kept.
#[derive(Debug)]
pub(in crate::construct) struct Counted;

/// Any pointer.
#[derive(Debug)]
pub(in crate::construct) struct Boxed;

impl<T: 'static> Keep<Rc<T>> for Counted {
    fn keep(pointer: &Rc<T>) -> Kept {
        Kept::Rc(Rc::<T>::clone(pointer))
    }

    fn find(kept: &Kept) -> Option<Rc<T>> {
        match kept {
            Kept::Rc(pointer) => Rc::clone(pointer).downcast().ok(),
            Kept::Boxed(_) => None,
        }
    }
}

impl<P: Clone + 'static> Keep<P> for Boxed {
    fn keep(pointer: &P) -> Kept {
        Kept::Boxed(Box::new(pointer.clone()))
    }

    fn find(kept: &Kept) -> Option<P> {
        match kept {
            Kept::Boxed(pointer) => pointer.downcast_ref().cloned(),
            Kept::Rc(_) => None,
        }
    }
}

/// What a shared pointer finds in front of it.
#[derive(Debug)]
pub(in crate::construct) enum Target<P> {
    /// A reference to an object that there is a pointer to.
    Known(P),
    /// An object. What was waited for before is waited for again when it has been read.
    New(Outer),
}

#[derive(Clone, Copy, Debug)]
pub(in crate::construct) struct Outer {
    awaited: Awaited,
    class: Option<usize>,
}

impl Stream<'_> {
    #[inline]
    pub(in crate::construct) fn target<P, K: Keep<P>>(&mut self) -> Option<Target<P>> {
        self.begin_object();
        if let Some((entry, rest)) = self.reference()
            && entry.as_class().is_none()
            // A str that was met before may name the module of an instance's class.
            && (entry.as_text().is_none() || self.peek_class().is_none())
        {
            // To an object that was made otherwise, a new pointer would be needed.
            let pointer = self.scratch.pointers.get(entry.as_pointer()?)?;
            let pointer = K::find(&pointer.kept)?;
            self.rest = rest;
            return Some(Target::Known(pointer));
        }
        let start = self.offset();
        let awaited = Awaited { start, index: None };
        let dynamic = self.dynamic.take().filter(|(at, _)| *at == start);
        Some(Target::New(Outer {
            awaited: mem::replace(&mut self.awaited, awaited),
            class: dynamic.map(|(_, class)| class),
        }))
    }

    /// Keeps the pointer to an object that was read, if it can be referred to.
    #[inline]
    pub(in crate::construct) fn keep<P, K: Keep<P>>(
        &mut self,
        outer: Outer,
        pointer: &P,
    ) -> Option<()> {
        let start = self.awaited.start;
        if self.awaited.index.is_none() {
            // An atom, which only a pointer gives a memo entry.
            self.put(start, Entry::OTHER)?;
        }
        let index = self.awaited.index;
        self.awaited = outer.awaited;
        let Some(index) = index else {
            return Some(());
        };
        if self.awaited.start == start {
            self.awaited.index = Some(index);
        }
        *self.scratch.memo.get_mut(index)? = Entry::pointer(self.scratch.pointers.len());
        self.scratch.pointers.push(Pointer {
            kept: K::keep(pointer),
            class: outer.class,
        });
        Some(())
    }

    /// The class of the object that is next, of the trait object that is asked for: where it is
    /// named, or as of the pointer that is referred to.
    #[inline]
    pub(in crate::construct) fn dynamic_class(&mut self) -> Option<usize> {
        self.begin_object();
        let pointer = self.reference().and_then(|(entry, _)| entry.as_pointer());
        if let Some(pointer) = pointer {
            return self.scratch.pointers.get(pointer)?.class;
        }
        let class = self.peek_class()?;
        self.dynamic = Some((self.offset(), class));
        Some(class)
    }
}
