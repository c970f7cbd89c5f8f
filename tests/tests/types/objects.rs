//! Trait objects of `#[object]` behind the pointers that no class of their own asks for.

use std::cell::RefCell;
use std::rc::{self, Rc};
use std::sync::{self, Mutex, RwLock};

use pickle_core::{Reduce, Result, object};

use crate::{failure, loaded};

#[object]
trait Sound: Reduce {
    fn sound(&self) -> String;
}

#[derive(Reduce)]
#[reduce(module = "types_objects")]
struct Bell {
    note: String,
}

#[object]
impl Sound for Bell {
    fn sound(&self) -> String {
        self.note.clone()
    }
}

#[object]
trait Nobody: Reduce {}

#[test]
fn a_dead_weak_pointer_to_a_trait_object_is_none() -> Result<()> {
    assert!(
        loaded::<_, rc::Weak<dyn Sound>>(&())?
            .iter()
            .all(|weak| weak.upgrade().is_none())
    );
    for weak in loaded::<_, rc::Weak<RefCell<dyn Sound>>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, sync::Weak<dyn Sound + Send + Sync>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, sync::Weak<Mutex<dyn Sound + Send>>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    for weak in loaded::<_, sync::Weak<RwLock<dyn Sound>>>(&())? {
        assert!(weak.upgrade().is_none());
    }
    let error = failure::<rc::Weak<dyn Nobody>>(b"N.");
    assert!(
        error.to_string().starts_with("None cannot be made a "),
        "{error}"
    );
    Ok(())
}

#[test]
fn a_weak_pointer_finds_its_trait_object() -> Result<()> {
    let bell = Bell {
        note: "g".to_owned(),
    };
    let strong: Rc<RefCell<dyn Sound>> = Rc::new(RefCell::new(bell));
    let weak = Rc::downgrade(&strong);
    type Pair = (rc::Weak<RefCell<dyn Sound>>, Rc<RefCell<dyn Sound>>);
    for (weak, strong) in loaded::<_, Pair>(&(weak, strong))? {
        assert!(
            weak.upgrade()
                .is_some_and(|found| Rc::ptr_eq(&found, &strong))
        );
        assert_eq!(strong.borrow().sound(), "g");
    }
    Ok(())
}
