//! Where everything that is read lies: a slot for each need.
//!
//! Comes in: [`Needs`]. Goes out: slots, their names and words. Slots follow the order of paths, so a row looks the same
//! whatever order the program reads it in. Never true here: a need without a slot, a slot without a need (but slot 0 of a
//! map's entry, the key, and the presence slot that keeps a row of records from being empty).

use super::needs::{Needs, Seg, Tree};
use super::rows::{RowKey, Rows};
use crate::types::Type;
use journey_artifact::model::{KEY_SLOT, SlotIx};
use journey_artifact::word::{ShapeId, WordType};
use std::collections::BTreeMap;

/// The rows of a program.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Layout {
    rows: Vec<RowLayout>,
}

/// One row.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RowLayout {
    /// Its needs, with slots.
    pub root: Placed,
    /// Names and words of its slots, in order.
    pub slots: Vec<(String, WordType)>,
}

/// A need with its slot.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Placed {
    /// Where the value lies, or (of a record, of undescribed JSON) whether it is there.
    pub slot: Option<SlotIx>,
    /// The word of the value; `None`: the slot, if any, says only that it is there.
    pub value: Option<WordType>,
    /// A map kept as a list of entries.
    pub dynamic: bool,
    /// Below it, in the same row.
    pub kids: BTreeMap<Seg, Placed>,
}

impl Layout {
    /// Gives every need its slot.
    pub fn of(needs: &Needs, rows: &Rows) -> Layout {
        let layout = |(id, key): (ShapeId, &RowKey)| {
            let mut row = RowLayout::default();
            if matches!(key, RowKey::Entry(_)) {
                row.slots.push((KEY_SLOT.to_owned(), WordType::Str));
            }
            let empty = Tree::default();
            let mut root = row.place(needs.row(id).unwrap_or(&empty), "");
            if row.slots.is_empty() && matches!(key, RowKey::Item(Type::Record(_))) {
                root.slot = Some(0);
                row.slots.push((String::new(), WordType::Bool));
            }
            row.root = root;
            row
        };
        Layout {
            rows: rows.iter().map(layout).collect(),
        }
    }

    /// A row; `None` when it was not known yet.
    pub fn row(&self, row: ShapeId) -> Option<&RowLayout> {
        self.rows.get(row.0 as usize)
    }

    /// The need at a path.
    pub fn at(&self, row: ShapeId, path: &[Seg]) -> Option<&Placed> {
        let root = &self.row(row)?.root;
        path.iter().try_fold(root, |at, seg| at.kids.get(seg))
    }

    /// All rows, by number.
    pub fn rows(&self) -> &[RowLayout] {
        &self.rows
    }
}

impl RowLayout {
    fn place(&mut self, tree: &Tree, name: &str) -> Placed {
        let word = tree.value.or(tree.present.then_some(WordType::Bool));
        let slot = word.map(|word| {
            self.slots.push((name.to_owned(), word));
            // Too many are refused before a slot number is used.
            (self.slots.len() - 1) as SlotIx
        });
        let mut placed = Placed {
            slot,
            value: tree.value,
            dynamic: tree.dynamic,
            kids: BTreeMap::new(),
        };
        if !tree.dynamic {
            for (seg, kid) in &tree.kids {
                let kid = self.place(kid, &join(name, seg));
                placed.kids.insert(seg.clone(), kid);
            }
        }
        placed
    }
}

/// A path with one more step, in the source's terms.
fn join(path: &str, seg: &Seg) -> String {
    match seg {
        Seg::Key(key) => format!("{path}[{key:?}]"),
        Seg::Field(name) | Seg::Var(_, name) if path.is_empty() => name.clone(),
        Seg::Field(name) | Seg::Var(_, name) => format!("{path}.{name}"),
    }
}
