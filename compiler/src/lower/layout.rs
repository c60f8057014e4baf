//! Where everything that is read lies: a slot for each need.
//!
//! Comes in: [`Needs`]. Goes out: slots and their words. Slots follow the order of paths, so a row looks the same whatever
//! order the program reads it in. Never true here: a need without a slot, a slot without a need (but slot 0 of a map's
//! entry, the key, and the presence slot that keeps a row of records from being empty).

use super::needs::{At, Needs, Seg};
use super::rows::{RowKey, Rows};
use crate::types::Type;
use journey_artifact::model::{KEY_SLOT, RECORD_SLOT, SlotIx, THERE_SLOT};
use journey_artifact::word::{ShapeId, WordType};

/// The rows of a program.
#[derive(PartialEq, Debug, Default)]
pub struct Layout {
    rows: Vec<RowLayout>,
    /// By path.
    placed: Vec<Option<Placed>>,
    /// The paths below each, those of one next to each other.
    kids: Vec<At>,
    slots: Vec<(Named, WordType)>,
}

/// One row.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct RowLayout {
    root: Option<At>,
    /// Its slots among all: the first, and the one behind the last.
    slots: (u32, u32),
    /// Where its presence lies, when nothing else is read of it.
    bare: bool,
}

/// What a slot is called after.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Named {
    /// What lies in it.
    Path(At),
    /// The key of a map's entry.
    Key,
    /// The row, of which it says that it is there.
    Presence,
    /// A record in a value's row, of which it says that it is there and leaves.
    Record(At),
    /// What lies in a value's row, of which it says to whoever asks that it is there.
    There(At),
}

/// A need with its slot.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Placed {
    /// Where the value lies, or (of a record, of undescribed JSON) whether it is there.
    pub slot: Option<SlotIx>,
    /// The word of the value; `None`: the slot, if any, says only that it is there.
    pub value: Option<WordType>,
    /// A map kept as a list of entries.
    pub dynamic: bool,
    /// Below it, in the same row: the first among all, and the one behind the last.
    kids: (u32, u32),
}

/// The slot of a path, for an instruction that names it.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The path.
    pub at: At,
    /// Its slot by the pass's layout; 0 stands in while that does not have it yet.
    pub ix: SlotIx,
}

impl Placed {
    /// What is below it, without it.
    pub fn below(self) -> Placed {
        Placed { slot: None, ..self }
    }

    /// Whether anything is read below it, in the same row.
    pub fn has_kids(&self) -> bool {
        self.kids.0 < self.kids.1
    }
}

impl Layout {
    /// Forgets everything but the memory it took.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.placed.clear();
        self.kids.clear();
        self.slots.clear();
    }

    /// Gives every need its slot. What was there before is forgotten.
    pub fn fill(&mut self, needs: &Needs, rows: &Rows) {
        self.clear();
        self.placed.resize(needs.len(), None);
        for (id, key) in rows.iter() {
            let first = self.slots.len() as u32;
            if matches!(key, RowKey::Entry(_)) {
                self.slots.push((Named::Key, WordType::Str));
            }
            let root = needs.read_root(id);
            if let Some(root) = root {
                let is_value = matches!(key, RowKey::Item(_) | RowKey::Entry(_));
                self.place(needs, root, first, is_value);
            }
            let bare =
                self.slots.len() as u32 == first && matches!(key, RowKey::Item(Type::Record(_)));
            if bare {
                self.slots.push((Named::Presence, WordType::Bool));
                if let Some(placed) = root.and_then(|at| self.placed[at.0 as usize].as_mut()) {
                    placed.slot = Some(0);
                }
            }
            self.rows.push(RowLayout {
                root,
                slots: (first, self.slots.len() as u32),
                bare,
            });
        }
    }

    /// `is_value`: rows of values may leave, the others never do.
    fn place(&mut self, needs: &Needs, at: At, first: u32, is_value: bool) {
        let read = needs.read(at).unwrap_or_default();
        let word = read.value.or(read.present.then_some(WordType::Bool));
        let slot = word.map(|word| {
            let named = match read.value {
                None if needs.is_root(at) => Named::Presence,
                None if is_value && read.leaves => Named::Record(at),
                None if is_value => Named::There(at),
                _ => Named::Path(at),
            };
            self.slots.push((named, word));
            // Too many are refused before a slot number is used.
            (self.slots.len() as u32 - 1 - first) as SlotIx
        });
        let from = self.kids.len();
        if !read.dynamic {
            needs.kids(at, &mut self.kids);
        }
        let to = self.kids.len();
        self.placed[at.0 as usize] = Some(Placed {
            slot,
            value: read.value,
            dynamic: read.dynamic,
            kids: (from as u32, to as u32),
        });
        for ix in from..to {
            self.place(needs, self.kids[ix], first, is_value);
        }
    }

    /// A row's slots and their words, in order; `None` when the row was not known yet.
    pub fn row(&self, row: ShapeId) -> Option<&[(Named, WordType)]> {
        let (from, to) = self.rows.get(row.0 as usize)?.slots;
        self.slots.get(from as usize..to as usize)
    }

    /// The need that is a whole row; `None` when the row was not known yet.
    pub fn root(&self, row: ShapeId) -> Option<Placed> {
        let row = self.rows.get(row.0 as usize)?;
        let nothing = Placed {
            slot: row.bare.then_some(0),
            ..Placed::default()
        };
        Some(row.root.and_then(|at| self.at(at)).unwrap_or(nothing))
    }

    /// The need at a path.
    pub fn at(&self, at: At) -> Option<Placed> {
        self.placed.get(at.0 as usize).copied().flatten()
    }

    /// The paths directly below a need, in order.
    pub fn kids(&self, placed: Placed) -> &[At] {
        let (from, to) = placed.kids;
        self.kids.get(from as usize..to as usize).unwrap_or(&[])
    }

    /// Whether any slot holds a row or a list.
    pub fn has_rows_within(&self) -> bool {
        let within =
            |(_, ty): &(Named, WordType)| matches!(ty, WordType::Row(_) | WordType::List(_));
        self.slots.iter().any(within)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

/// What a slot is called, put behind `out`: its path in the source's terms.
pub fn name(needs: &Needs, named: Named, out: &mut String) {
    match named {
        Named::Path(at) => path(needs, at, out),
        Named::Key => out.push_str(KEY_SLOT),
        Named::Presence => out.push_str(RECORD_SLOT),
        Named::Record(at) => below(needs, at, RECORD_SLOT, out),
        Named::There(at) => below(needs, at, THERE_SLOT, out),
    }
}

fn below(needs: &Needs, at: At, last: &str, out: &mut String) {
    path(needs, at, out);
    out.push('.');
    out.push_str(last);
}

/// As deep as the path, which the depth of an expression bounds.
fn path(needs: &Needs, at: At, out: &mut String) {
    use std::fmt::Write as _;
    let Some((below, seg)) = needs.step(at) else {
        return;
    };
    let first = out.len();
    if !needs.is_root(below) {
        path(needs, below, out);
    }
    match seg {
        Seg::Key(key) if key.bytes().all(stands_for_itself) => {
            out.push_str("[\"");
            out.push_str(key);
            out.push_str("\"]");
        }
        Seg::Key(key) => {
            let _ = write!(out, "[{key:?}]");
        }
        Seg::Field(name) | Seg::Var(_, name) => {
            if out.len() > first {
                out.push('.');
            }
            journey_artifact::path::push(name, out);
        }
    }
}

/// Whether a byte is written as it is between quotes: most keys are of nothing else.
fn stands_for_itself(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::stands_for_itself;

    #[test]
    fn keys_are_quoted_as_they_would_be_anyway() {
        for byte in 0..=127_u8 {
            let key = char::from(byte).to_string();
            let itself = format!("{key:?}") == format!("\"{key}\"");
            assert_eq!(stands_for_itself(byte), itself, "{key:?}");
        }
    }
}
