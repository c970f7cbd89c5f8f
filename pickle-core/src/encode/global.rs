//! Classes and functions, by name.

use pickle_registry::QualName;

use super::Pickler;
use super::names::name_bit;
use super::writer::MemoIndex;
use crate::compat;
use crate::copyreg::extension_code;
use crate::error::Result;
use crate::opcode::Opcode;

impl Pickler<'_> {
    /// A class, function or other global, by name. One that has an extension code is written as
    /// that, from protocol 2 on.
    ///
    /// # Errors
    ///
    /// If the name cannot stand in the protocol: newlines below 4, other than ASCII below 3.
    pub fn global(&mut self, name: &QualName<'_>) -> Result<()> {
        self.find_or_write_global(name).map(|_| ())
    }

    /// The same, telling where the global can be found again, if it is there by its name.
    pub(super) fn find_or_write_global(
        &mut self,
        name: &QualName<'_>,
    ) -> Result<Option<MemoIndex>> {
        if let Some(index) = self.memo.global(name) {
            self.get(index)?;
            return Ok(Some(index));
        }
        if let Some(code) = self.extension_code(name) {
            self.extension(code)?;
            return Ok(None);
        }
        self.new_global(name).map(Some)
    }

    #[cold]
    fn new_global(&mut self, name: &QualName<'_>) -> Result<MemoIndex> {
        let index = self.write_global(name, |p| p.interned(name.module()))?;
        self.memo.add_global(name.clone().into_owned(), index);
        Ok(index)
    }

    /// The same as `find_or_write_global`, of a name that is part of the program.
    pub(super) fn find_or_write_static(
        &mut self,
        name: &'static QualName<'static>,
    ) -> Result<Option<MemoIndex>> {
        if let Some(index) = self.memo.global(name) {
            self.get(index)?;
            return Ok(Some(index));
        }
        if let Some(code) = self.extension_code(name) {
            self.extension(code)?;
            return Ok(None);
        }
        let index = self.write_global(name, |p| p.name(name.module()))?;
        let bit = name_bit(name.qualname());
        self.memo.add_static_global(name, bit, index);
        Ok(Some(index))
    }

    fn extension_code(&self, name: &QualName<'_>) -> Option<u32> {
        let code = extension_code(name)?;
        // Below 4 Python writes the code of a nested name too, but cannot load it.
        let since = if name.qualname().contains('.') {
            Opcode::StackGlobal
        } else {
            Opcode::Ext1
        };
        (self.protocol >= since.protocol()).then_some(code)
    }

    fn extension(&mut self, code: u32) -> Result<()> {
        let slot = self.begin()?;
        if let Ok(code) = u8::try_from(code) {
            self.writer.op_with(Opcode::Ext1, [code]);
        } else if let Ok(code) = u16::try_from(code) {
            self.writer.op_with(Opcode::Ext2, code.to_le_bytes());
        } else {
            self.writer.op_with(Opcode::Ext4, code.to_le_bytes());
        }
        self.memoize_atom(slot)
    }

    /// Whether a global was written, or needs no writing as it has an extension code.
    pub(super) fn has_global(&self, name: &QualName<'_>) -> bool {
        self.memo.global(name).is_some() || self.extension_code(name).is_some()
    }

    /// A global that `write` writes in its own way.
    pub(super) fn global_with(
        &mut self,
        name: &QualName<'_>,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let slot = self.begin()?;
        write(self)?;
        let index = self.put(slot)?;
        self.memo.add_global(name.clone().into_owned(), index);
        Ok(())
    }

    fn write_global(
        &mut self,
        name: &QualName<'_>,
        write_module: impl FnOnce(&mut Self) -> Result<MemoIndex>,
    ) -> Result<MemoIndex> {
        let slot = self.begin()?;
        if self.protocol >= Opcode::StackGlobal.protocol() {
            write_module(self)?;
            self.str(name.qualname())?;
            self.writer.op(Opcode::StackGlobal);
        } else {
            self.global_by_lines(name)?;
        }
        self.put(slot)
    }

    /// Lines cannot hold dotted names: what is nested is fetched by calls of `getattr`.
    fn global_by_lines(&mut self, name: &QualName<'_>) -> Result<()> {
        let mut path = name.qualname().split('.');
        let outermost = path.next().unwrap_or_default();
        for _ in path.clone() {
            self.global(&compat::GETATTR)?;
            self.open_tuple(2)?;
        }
        self.name_lines(Opcode::Global, &QualName::new(name.module(), outermost))?;
        for attribute in path {
            self.str(attribute)?;
            self.close_tuple(2);
            self.writer.op(Opcode::Reduce);
        }
        Ok(())
    }

    /// GLOBAL or INST, with the two lines.
    pub(super) fn name_lines(&mut self, op: Opcode, name: &QualName<'_>) -> Result<()> {
        let renamed = (self.protocol < 3 && self.fix_imports)
            .then(|| compat::to_python2(name))
            .flatten();
        let name = renamed.as_ref().unwrap_or(name);
        let (module, qualname) = (name.module(), name.qualname());
        if module.contains('\n') || qualname.contains('\n') {
            return Err(self.unpicklable("a global with a newline in its name"));
        }
        if self.protocol < 3 && !(module.is_ascii() && qualname.is_ascii()) {
            return Err(self.unpicklable("a global with a name that is not ASCII"));
        }
        self.writer.line(op, format_args!("{module}\n{qualname}"));
        Ok(())
    }
}
