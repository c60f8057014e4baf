//! A program's record out of the one that a document was read into for all programs.
//!
//! Comes in: which slots of the common rows are which of the program's, once; then common records. Goes out: records as the
//! program's own plan would have made them, but for the order of what lies in them and for text that it does not read.
//! Never true here: a look at the document.

use crate::record::Record;
use crate::record::arena::{get_slot, set_slot};
use journey_artifact::model::SlotIx;
use journey_artifact::word::{Ref, Region};

/// How one row of the common record becomes a row of the program's.
#[derive(Clone, Debug, Default)]
pub struct RowMap {
    /// Presence words and stride of the common row.
    pub from: (usize, usize),
    /// Presence words and stride of the program's row.
    pub to: (usize, usize),
    /// Slots, from and to, of words that stay what they are: text keeps its place, since all of it is taken over.
    pub words: Vec<(SlotIx, SlotIx)>,
    /// Slots, from and to, of lists and maps, and their rows.
    pub lists: Vec<(SlotIx, SlotIx, RowMap)>,
}

impl RowMap {
    /// Whether nothing would change: the program can use the common record.
    pub fn is_identity(&self) -> bool {
        self.from == self.to
            && self.words.iter().all(|(from, to)| from == to)
            && self
                .lists
                .iter()
                .all(|(from, to, rows)| from == to && rows.is_identity())
    }

    /// The slot of the common root row that is this one of the program's; `None`: the program's plan fills it never.
    pub fn common(&self, own: SlotIx) -> Option<SlotIx> {
        let words = self.words.iter().copied();
        let lists = self.lists.iter().map(|(from, to, _)| (*from, *to));
        words
            .chain(lists)
            .find(|(_, to)| *to == own)
            .map(|(from, _)| from)
    }

    /// Fills `into` (whose memory is reused) from a record of the common rows; both are of `region`.
    pub fn gather(&self, common: &Record, region: Region, into: &mut Record) {
        into.reset();
        into.text.push_str(&common.text);
        into.words.resize(self.to.1, 0);
        self.row(common, common.root as usize, region, into, 0);
    }

    fn row(&self, common: &Record, at: usize, region: Region, into: &mut Record, to: usize) {
        for (slot, own) in &self.words {
            if let Some(word) = get_slot(&common.words, at, self.from.0, *slot) {
                set_slot(&mut into.words, to, self.to.0, *own, word);
            }
        }
        for (slot, own, rows) in &self.lists {
            if let Some(word) = get_slot(&common.words, at, self.from.0, *slot) {
                let word = rows.list(common, Ref(word), region, into);
                set_slot(&mut into.words, to, self.to.0, *own, word);
            }
        }
    }

    /// Rows of a program are no wider than the common ones, so a record that was within its limit stays so.
    fn list(&self, common: &Record, list: Ref, region: Region, into: &mut Record) -> u64 {
        let at = into.words.len();
        into.words.resize(at + list.len() as usize * self.to.1, 0);
        for row in 0..list.len() as usize {
            let from = list.offset() as usize + row * self.from.1;
            self.row(common, from, region, into, at + row * self.to.1);
        }
        Ref::new(region, list.len(), at as u32).0
    }
}
