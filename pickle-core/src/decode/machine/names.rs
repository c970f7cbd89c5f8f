//! Names: globals as GLOBAL, STACK_GLOBAL and extension codes give them, mapped from Python 2's,
//! and the ids of objects that are kept elsewhere. Nothing is imported or looked up but extension
//! codes.

use std::collections::HashMap;

use pickle_registry::{LookupError, QualName};

use super::{Done, Operation};
use crate::compat;
use crate::copyreg::extension_name;
use crate::error::ErrorKind;
use crate::graph::arena::{AttributeOf, Global, Node, NodeId};

/// A global's name, and what it was an attribute of.
pub(super) type Spelling<'a> = (QualName<'a>, Option<AttributeOf>);

/// A global that is there already, or the name of one that is not, and whether it may be named.
enum Named {
    Known(u32),
    New(QualName<'static>, bool),
}

impl<'i> Operation<'_, 'i> {
    /// An argument of two lines.
    pub(super) fn lines(&mut self) -> Done<(&'i [u8], &'i [u8])> {
        Ok((self.reader.line(self.op)?, self.reader.line(self.op)?))
    }

    /// GLOBAL.
    pub(super) fn global(&mut self) -> Done {
        self.begin_name();
        let (module, qualname) = self.lines()?;
        self.check_lines(&[module, qualname])?;
        let global = self.class_of_lines(module, qualname)?;
        self.push(global);
        Ok(())
    }

    /// Notes where the opcode is, which has been read.
    pub(super) fn begin_name(&mut self) {
        self.machine.naming = (self.input.len() - self.reader.rest().len()).saturating_sub(1);
    }

    pub(super) fn class_of_lines(&mut self, module: &[u8], qualname: &[u8]) -> Done<Node> {
        let (module, qualname) = (self.utf8(module)?, self.utf8(qualname)?);
        self.find_class(module, qualname)
    }

    pub(super) fn check_lines(&self, lines: &[&[u8]]) -> Done {
        if lines.iter().any(|line| line.is_empty()) {
            return Err(self.bad("an empty name"));
        }
        Ok(())
    }

    fn utf8<'a>(&self, bytes: &'a [u8]) -> Done<&'a str> {
        std::str::from_utf8(bytes).map_err(|_| self.bad("it is not UTF-8"))
    }

    pub(super) fn stack_global(&mut self) -> Done {
        self.begin_name();
        let qualname = self.pop()?;
        let module_node = self.pop()?;
        let data = self.data();
        let text = |id| match data.arena.node(id) {
            Node::Str(span) => Ok(data.text(span)),
            _ => Err(self.bad_operand("a str", id)),
        };
        let name = match self.look_up(text(module_node)?, text(qualname)?)? {
            Named::Known(index) => {
                self.push(Node::Global(index));
                return Ok(());
            }
            Named::New(name, permitted) => {
                self.forbid_unless(permitted, &name);
                name
            }
        };
        let index = self.new_global((name, None), Some(module_node));
        self.push(Node::Global(index));
        Ok(())
    }

    fn find_class(&mut self, module: &str, qualname: &str) -> Done<Node> {
        let index = match self.look_up(module, qualname)? {
            Named::Known(index) => index,
            Named::New(name, permitted) => {
                self.forbid_unless(permitted, &name);
                self.new_global((name, None), None)
            }
        };
        Ok(Node::Global(index))
    }

    fn forbid_unless(&mut self, permitted: bool, name: &QualName<'static>) {
        if !permitted {
            let forbidden = (name.clone(), self.machine.naming);
            self.machine.forbidden.push(forbidden);
        }
    }

    /// Python's `find_class`, without importing: the name as Python 3 knows it.
    fn look_up(&self, module: &str, qualname: &str) -> Done<Named> {
        if qualname.contains('.') {
            if self.machine.protocol < 4 {
                return Err(self.bad("a dotted name, which takes protocol 4"));
            }
            if qualname.split('.').any(|part| part == "<locals>") {
                return Err(self.bad("the name of a local object"));
            }
        }
        let name = QualName::new(module, qualname);
        let renamed = (self.machine.protocol < 3 && self.machine.settings.fix_imports)
            .then(|| compat::to_python3(&name))
            .flatten();
        let name = renamed.as_ref().unwrap_or(&name);
        let policy = &self.machine.policy;
        if !policy.renames() {
            return Ok(self.named((name.borrowed(), None)));
        }
        Ok(match policy.find_class(name) {
            Some(found) => self.named((found, None)),
            None => match self.named((name.borrowed(), None)) {
                Named::New(name, _) => Named::New(name, false),
                known => known,
            },
        })
    }

    fn named(&self, (name, attribute_of): Spelling<'_>) -> Named {
        // OK because the map's keys live longer than the name: it is covariant in them.
        let globals: &HashMap<Spelling<'_>, u32> = &self.machine.globals;
        let spelling = (name, attribute_of);
        match globals.get(&spelling) {
            Some(index) => Named::Known(*index),
            None => {
                let permitted = self.machine.policy.permits(&spelling.0);
                Named::New(spelling.0.into_owned(), permitted)
            }
        }
    }

    /// The one global of a name and spelling.
    pub(super) fn global_of(
        &mut self,
        name: QualName<'_>,
        attribute_of: Option<AttributeOf>,
    ) -> Node {
        let index = match self.named((name, attribute_of)) {
            Named::Known(index) => index,
            Named::New(name, permitted) => {
                self.begin_name();
                self.forbid_unless(permitted, &name);
                self.new_global((name, attribute_of), None)
            }
        };
        Node::Global(index)
    }

    fn new_global(&mut self, spelling: Spelling<'static>, module_node: Option<NodeId>) -> u32 {
        let global = Global {
            module: self.make(spelling.0.module().as_bytes()),
            qualname: self.make(spelling.0.qualname().as_bytes()),
            attribute_of: spelling.1,
            module_node,
        };
        let index = u32::try_from(self.machine.arena.globals.len()).unwrap_or(u32::MAX);
        self.machine.arena.globals.push(global);
        self.machine.globals.insert(spelling, index);
        index
    }

    /// EXT1, EXT2 and EXT4.
    pub(super) fn extension(&mut self) -> Done {
        self.begin_name();
        let code = self.reader.int(self.op.argument())?;
        let Ok(code @ 1..) = u32::try_from(code) else {
            return Err(self.bad("an extension code is 1 or more"));
        };
        let name = extension_name(code).map_err(LookupError::from);
        let name = name.map_err(ErrorKind::Lookup)?;
        let name = name.ok_or(ErrorKind::UnknownExtension(code.into()))?;
        let global = self.find_class(name.module(), name.qualname())?;
        self.push(global);
        Ok(())
    }

    fn persistent_allowed(&self) -> Done {
        if self.machine.settings.persistent_ids {
            Ok(())
        } else {
            Err(ErrorKind::PersistentId.into())
        }
    }

    /// PERSID.
    pub(super) fn text_persistent(&mut self) -> Done {
        let line = self.reader.line(self.op)?;
        self.persistent_allowed()?;
        if !line.is_ascii() {
            return Err(self.bad("a persistent id that is not ASCII"));
        }
        let span = self.line_span(line);
        let id = self.add(Node::Str(span));
        self.push(Node::Persistent(id));
        Ok(())
    }

    /// BINPERSID.
    pub(super) fn persistent(&mut self) -> Done {
        self.persistent_allowed()?;
        let id = self.pop()?;
        self.push(Node::Persistent(id));
        Ok(())
    }
}
