//! Shared pointers in a stream: one memo entry, one allocation.

use std::any::Any;
use std::mem;

use super::memo::Entry;
use super::{Awaited, Stream};

/// Clones of the pointers to objects that may be referred to, of one type: that keeping one is no
/// allocation, and finding it one look at what is as small as the pointer.
pub(super) struct Pointers {
    clones: Box<dyn Clones>,
    /// The objects' class, if they were met as trait objects.
    class: Option<usize>,
    /// Whether each object is a str, or was read as a dict's key or a set's item: it can be one
    /// again.
    hashed: bool,
}

/// A `Vec` of pointers of some type.
trait Clones: Any {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn clear(&mut self);
    fn capacity(&self) -> usize;
}

impl<P: 'static> Clones for Vec<P> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn clear(&mut self) {
        self.clear();
    }

    fn capacity(&self) -> usize {
        self.capacity()
    }
}

impl Pointers {
    fn new<P: 'static>(class: Option<usize>, hashed: bool) -> Self {
        Self {
            clones: Box::new(Vec::<P>::new()),
            class,
            hashed,
        }
    }

    /// Those of the type, if these are.
    #[inline]
    fn of<P: 'static>(&mut self, class: Option<usize>, hashed: bool) -> Option<&mut Vec<P>> {
        if (self.class, self.hashed) != (class, hashed) {
            return None;
        }
        (*self.clones).as_any_mut().downcast_mut()
    }

    /// Lets go of all, but keeps the memory for others.
    pub(super) fn clear(&mut self) {
        self.clones.clear();
    }

    pub(super) fn capacity(&self) -> usize {
        self.clones.capacity()
    }
}

impl std::fmt::Debug for Pointers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pointers")
            .field("class", &self.class)
            .finish_non_exhaustive()
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
    pub(in crate::construct) fn target<P: Clone + 'static>(&mut self) -> Option<Target<P>> {
        self.begin_object();
        if let Some((entry, rest)) = self.reference()
            && entry.as_class().is_none()
            // The module of a class that is named here for the first time.
            && (entry.as_text().is_none() || self.peek_class().is_none())
        {
            // To an object that was made otherwise, a new pointer would be needed.
            let (pointers, index) = entry.as_pointer()?;
            let pointers = self.scratch.pointers.get(pointers)?;
            if self.hashed && !pointers.hashed {
                return None;
            }
            let clones: &Vec<P> = (*pointers.clones).as_any().downcast_ref()?;
            let pointer = clones.get(index)?.clone();
            self.count_reference()?;
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
    pub(in crate::construct) fn keep<P: Clone + 'static>(
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
        let hashed = self.hashed || self.scratch.memo.get(index)?.as_text().is_some();
        let entry = self.keep_clone(pointer.clone(), outer.class, hashed)?;
        *self.scratch.memo.get_mut(index)? = entry;
        Some(())
    }

    /// Keeps a clone among those of its type.
    #[inline]
    fn keep_clone<P: 'static>(
        &mut self,
        clone: P,
        class: Option<usize>,
        hashed: bool,
    ) -> Option<Entry> {
        let pointers = &mut self.scratch.pointers;
        let is_last = pointers
            .last_mut()
            .and_then(|last| last.of::<P>(class, hashed));
        let place = match is_last {
            Some(_) => pointers.len() - 1,
            None => {
                let found = pointers.iter_mut();
                let found = found.map(|pointers| pointers.of::<P>(class, hashed).is_some());
                let mut found = found.enumerate().filter(|(_, is_it)| *is_it);
                found.next().map_or(pointers.len(), |(place, _)| place)
            }
        };
        if place == pointers.len() {
            pointers.push(Pointers::new::<P>(class, hashed));
        }
        let clones = pointers.get_mut(place)?.of::<P>(class, hashed)?;
        clones.push(clone);
        Some(Entry::pointer(place, clones.len() - 1))
    }

    /// The class of the object that is next, of the trait object that is asked for: where it is
    /// named, or as of the pointer that is referred to.
    #[inline]
    pub(in crate::construct) fn dynamic_class(&mut self) -> Option<usize> {
        self.begin_object();
        let pointer = self.reference().and_then(|(entry, _)| entry.as_pointer());
        if let Some(pointer) = pointer {
            return self.scratch.pointers.get(pointer.0)?.class;
        }
        let class = self.peek_class()?;
        self.dynamic = Some((self.offset(), class));
        Some(class)
    }
}
