//! The rows and texts of the three records and of the constants, where the interpreter's loop finds them at once.
//!
//! Comes in: records. Goes out: a slot of a row, the bytes of a text. Never true here: something that the evaluation has made;
//! whoever meets a reference to that goes by [`Ctx`](crate::func::Ctx).

use super::fast::{Fast, SHORT};
use super::set::Set;
use crate::func::eights::same_bytes;
use crate::record::Record;
use journey_artifact::word::Ref;

/// What an evaluation sees of records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight<'a> {
    /// Profile, variables and input from their root rows on.
    roots: [&'a [u64]; 3],
    /// Everything, by region: constants, profile, variables, input.
    records: [&'a Record; 4],
}

impl<'a> Sight<'a> {
    /// Of records, by region.
    #[inline]
    pub fn new(records: [&'a Record; 4]) -> Sight<'a> {
        let root = |record: &'a Record| record.words.get(record.root as usize..).unwrap_or(&[]);
        Sight {
            roots: [root(records[1]), root(records[2]), root(records[3])],
            records,
        }
    }

    /// The records, by region.
    #[inline]
    pub fn records(&self) -> [&'a Record; 4] {
        self.records
    }

    /// The same, to be looked at where they are.
    #[inline]
    pub fn fixed(&self) -> &[&'a Record; 4] {
        &self.records
    }

    /// The text of the constants.
    #[inline(always)]
    pub fn constants(&self) -> &'a [u8] {
        self.records[0].text.as_bytes()
    }

    /// A record's root row.
    #[inline(always)]
    pub fn root(&self, record: u8) -> Option<&'a [u64]> {
        self.roots.get(usize::from(record)).copied()
    }

    /// The bytes of a record from the beginning of a text on; `None` for any other reference.
    #[inline(always)]
    pub fn bytes_from(&self, text: u64) -> Option<&'a [u8]> {
        let record = self.records.get(usize::from(Ref(text).region_bits()))?;
        record.text.as_bytes().get(Ref(text).offset() as usize..)
    }

    /// The bytes of a text of a record; `None` for any other reference.
    #[inline(always)]
    pub fn bytes(&self, text: u64) -> Option<&'a [u8]> {
        self.bytes_from(text)?.get(..Ref(text).len() as usize)
    }

    /// The text of a record that a reference names; `None` for any other reference.
    pub fn str(&self, text: u64) -> Option<&'a str> {
        let record = self.records.get(usize::from(Ref(text).region_bits()))?;
        record.str(text)
    }

    /// The words of a record from a row on; `None` for any other reference.
    #[inline(always)]
    fn words_from(&self, row: u64) -> Option<&'a [u64]> {
        let record = self.records.get(usize::from(Ref(row).region_bits()))?;
        Some(
            record
                .words
                .get(Ref(row).offset() as usize..)
                .unwrap_or(&[]),
        )
    }
}

/// The last row of a record that was read and is no root row.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastRow<'a> {
    word: u64,
    row: &'a [u64],
}

impl<'a> LastRow<'a> {
    /// None yet.
    pub fn none() -> LastRow<'a> {
        LastRow {
            // Names no region.
            word: u64::MAX,
            row: &[],
        }
    }

    /// A row of a record; `None` for one that the evaluation has made.
    #[inline(always)]
    pub fn turn_to(&mut self, row: u64, sight: &Sight<'a>) -> Option<&'a [u64]> {
        if row != self.word {
            self.row = sight.words_from(row)?;
            self.word = row;
        }
        Some(self.row)
    }
}

/// A slot of the row at the front of `row`; `None` when missing or outside.
#[inline(always)]
pub(super) fn slot(row: &[u64], i: &Fast) -> Option<u64> {
    let slot = usize::from(i.slot);
    match row.get(slot / 64)? >> (slot % 64) & 1 {
        1 => row.get(usize::from(i.presence) + slot).copied(),
        _ => None,
    }
}

/// Whether a text is the instruction's constant; `None`: that is not to be told here.
#[inline(always)]
pub(super) fn equals_constant(sight: &Sight<'_>, text: u64, i: &Fast) -> Option<bool> {
    let len = Ref(text).len();
    if len != Ref(i.word).len() {
        return Some(false);
    }
    let bytes = sight.bytes_from(text)?;
    let differs = u64::from_le_bytes(*bytes.first_chunk()?) ^ i.text;
    if len > SHORT {
        return if differs == 0 {
            equals_long(sight, bytes, i)
        } else {
            Some(false)
        };
    }
    // What stands behind the text is pushed out.
    Some(differs.checked_shl(64 - 8 * len).unwrap_or(0) == 0)
}

/// The same for texts that go on behind the first bytes. Kept out of the loop, which is tight without it.
#[inline(never)]
fn equals_long(sight: &Sight<'_>, bytes: &[u8], i: &Fast) -> Option<bool> {
    let len = Ref(i.word).len() as usize;
    Some(same_bytes(bytes.get(..len)?, sight.bytes(i.word)?))
}

/// Whether a value is in a set; `None`: that is not to be told here.
#[inline(always)]
pub(super) fn is_in(sight: &Sight<'_>, set: &Set, word: u64) -> Option<bool> {
    match set.told(word) {
        None => is_in_other(sight, set, word),
        told => told,
    }
}

/// The same of what no table of words tells. Kept out of the loop.
#[inline(never)]
fn is_in_other(sight: &Sight<'_>, set: &Set, word: u64) -> Option<bool> {
    is_in_in_line(sight, set, word)
}

/// The same in line, for whoever has nothing else to do.
#[inline(always)]
pub(super) fn is_in_in_line(sight: &Sight<'_>, set: &Set, word: u64) -> Option<bool> {
    set.has_by(word, sight.constants(), |text| sight.bytes(text))
}
