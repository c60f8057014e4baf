//! What instructions name by an index: constants, sets of them, functions of the table, layouts of rows.

use super::set::Set;
use crate::fault::Fault;
use crate::func::look::Price;
use crate::func::{CallSite, Called, Plain, Short};

/// A resolved import: the function of the table, and the exact types it is called with.
#[derive(Debug)]
pub struct Import {
    /// What is called.
    pub called: Called,
    /// The call's types.
    pub site: CallSite,
    /// What it costs.
    pub price: Price,
    /// Whether it may give nothing.
    pub optional: bool,
    /// What it is to a compiler, where that is an instruction or a few.
    pub plain: Option<Plain>,
    /// What it is to [`super::shortcut`].
    pub short: Option<Short>,
    /// Whether it looks at the instant.
    pub now: bool,
    /// Whether it looks at the journey's zone.
    pub zone: bool,
    /// Whether it is given a regular expression.
    pub pattern: bool,
}

/// The tables of a loaded artifact.
#[derive(Debug)]
pub struct Tables {
    pub(super) constants: Vec<u64>,
    pub(super) sets: Vec<Set>,
    pub(super) imports: Vec<Import>,
    /// Presence words and stride by shape.
    pub(super) layouts: Vec<(usize, usize)>,
}

impl Tables {
    /// The word of a constant.
    pub fn constant(&self, index: u16) -> Result<u64, Fault> {
        let word = self.constants.get(usize::from(index));
        word.copied().ok_or(Fault::Corrupt("constant"))
    }

    /// All sets of constants.
    pub(super) fn sets(&self) -> &[Set] {
        &self.sets
    }

    /// A set of constants.
    #[inline]
    pub fn set(&self, index: u16) -> Result<&Set, Fault> {
        let set = self.sets.get(usize::from(index));
        set.ok_or(Fault::Corrupt("set"))
    }

    /// A resolved import.
    pub fn import(&self, index: u16) -> Result<&Import, Fault> {
        let import = self.imports.get(usize::from(index));
        import.ok_or(Fault::Corrupt("import"))
    }

    /// Presence words and stride of the rows of a shape, in words.
    pub fn layout(&self, shape: u16) -> Result<(usize, usize), Fault> {
        let layout = self.layouts.get(usize::from(shape));
        layout.copied().ok_or(Fault::Corrupt("shape"))
    }
}
