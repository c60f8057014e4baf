//! What of each row is read: paths, as a tree.
//!
//! Comes in: what code asks for while it is generated. Goes out: one tree per row, for [`super::layout`]. Never true here:
//! a slot number; those are given when all needs are known.

use journey_artifact::word::{ShapeId, WordType};
use std::collections::BTreeMap;

/// One step of a path inside a row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Seg {
    /// A field of a record.
    Field(String),
    /// A constant key of a map.
    Key(String),
    /// A variable of a journey: its number and name.
    Var(u32, String),
}

/// What is read of a value and below it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Tree {
    /// The value itself, as this word.
    pub value: Option<WordType>,
    /// Whether it is there (of a record, or of JSON nobody described).
    pub present: bool,
    /// A map that is read as a whole or by a computed key; what is below it then lies in its entries.
    pub dynamic: bool,
    /// What is read below it, in the same row.
    pub kids: BTreeMap<Seg, Tree>,
}

/// What is read, by row.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    rows: BTreeMap<ShapeId, Tree>,
    /// A value was asked for as two different words.
    pub conflict: bool,
}

impl Needs {
    /// A value is read.
    pub fn value(&mut self, row: ShapeId, path: &[Seg], ty: WordType) {
        let node = self.node(row, path);
        match node.value {
            None => node.value = Some(ty),
            Some(known) if known == ty => {}
            Some(_) => self.conflict = true,
        }
    }

    /// It is asked whether something is there.
    pub fn present(&mut self, row: ShapeId, path: &[Seg]) {
        self.node(row, path).present = true;
    }

    /// A map is read as a whole, as a list of entries.
    pub fn map(&mut self, row: ShapeId, path: &[Seg], ty: WordType) {
        self.value(row, path, ty);
        self.node(row, path).dynamic = true;
    }

    /// What is read of a row.
    pub fn row(&self, row: ShapeId) -> Option<&Tree> {
        self.rows.get(&row)
    }

    fn node(&mut self, row: ShapeId, path: &[Seg]) -> &mut Tree {
        let mut at = self.rows.entry(row).or_default();
        for seg in path {
            at = at.kids.entry(seg.clone()).or_default();
        }
        at
    }
}
