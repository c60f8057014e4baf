//! The arena of one region, and the five regions of an evaluation seen together.
//!
//! Comes in: words and text. Goes out: slots, strings, rows, all bounds-checked. Never true here: knowledge of what a
//! slot means; a row's layout is the caller's [`Shape`].

use crate::fault::Fault;
use journey_artifact::model::{Shape, SlotIx};
use journey_artifact::word::{Ref, Region, ShapeId, WordType};

/// Most words that one record may hold.
pub const MAX_WORDS: usize = 1 << 20;
/// Most bytes of text that one record may hold.
pub const MAX_TEXT: usize = 1 << 20;

/// One region's values: a root row, the rows and lists below it, and their text.
///
/// References inside point into this same record and carry the region it was made for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// Rows, laid out as `journey_artifact::word` says.
    pub words: Vec<u64>,
    /// All strings; in between may stand what no word refers to, as when the text of a whole document was taken over.
    pub text: String,
    /// Word offset of the root row.
    pub root: u32,
}

impl Record {
    /// A record whose root row has this shape, all slots missing.
    pub fn new(shape: &Shape) -> Record {
        Record {
            words: vec![0; shape.stride()],
            text: String::new(),
            root: 0,
        }
    }

    /// The value of a slot of the root row; `None` when missing, or when there is no such slot.
    pub fn get(&self, shape: &Shape, slot: SlotIx) -> Option<u64> {
        get_slot(
            &self.words,
            self.root as usize,
            shape.presence_words(),
            slot,
        )
    }

    /// Sets a slot of the root row. A slot that the shape lacks is left alone (the verifier excludes it).
    pub fn set(&mut self, shape: &Shape, slot: SlotIx, word: u64) {
        set_slot(
            &mut self.words,
            self.root as usize,
            shape.presence_words(),
            slot,
            word,
        );
    }

    /// Makes a slot of the root row missing; its word becomes zero, so equal contents are equal bytes.
    pub fn clear(&mut self, shape: &Shape, slot: SlotIx) {
        let (row, pw, ix) = (
            self.root as usize,
            shape.presence_words(),
            usize::from(slot),
        );
        if let Some(bits) = self.words.get_mut(row + ix / 64) {
            *bits &= !(1 << (ix % 64));
        }
        if let Some(word) = self.words.get_mut(row + pw + ix) {
            *word = 0;
        }
    }

    /// The text of a Str word of this record.
    pub fn str(&self, word: u64) -> Option<&str> {
        slice_text(&self.text, Ref(word))
    }

    /// The word by which a register names the root row.
    pub fn row_word(&self, region: Region) -> u64 {
        Ref::new(region, 0, self.root).0
    }

    /// Appends text and gives its Str word.
    pub fn push_str(&mut self, region: Region, text: &str) -> Result<u64, Fault> {
        if self.text.len() + text.len() > MAX_TEXT {
            return Err(Fault::ScratchFull);
        }
        let at = self.text.len() as u32;
        self.text.push_str(text);
        Ok(Ref::new(region, text.len() as u32, at).0)
    }

    /// Appends `count` zero words and gives the offset of the first.
    pub fn push_zeros(&mut self, count: usize) -> Result<u32, Fault> {
        let at = self.words.len();
        if count > MAX_WORDS || at + count > MAX_WORDS {
            return Err(Fault::ScratchFull);
        }
        self.words.resize(at + count, 0);
        Ok(at as u32)
    }

    /// Becomes a record whose root row has this shape, all slots missing; the memory stays.
    pub fn renew(&mut self, shape: &Shape) {
        self.reset();
        self.words.resize(shape.stride(), 0);
    }

    /// Forgets all values, keeps the memory.
    pub fn reset(&mut self) {
        self.words.clear();
        self.text.clear();
        self.root = 0;
    }
}

/// A value taken out of an evaluation: it owns what it refers to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// What the word refers to (as [`Region::Scratch`]).
    pub record: Record,
    /// The value.
    pub word: u64,
    /// Its type.
    pub ty: WordType,
}

/// The arenas that references of one evaluation point into, by region.
#[derive(Clone, Copy, Debug)]
pub struct Regions<'a> {
    words: [&'a [u64]; Region::COUNT],
    text: [&'a str; Region::COUNT],
}

impl<'a> Regions<'a> {
    /// The arenas in the order of [`Region`].
    #[inline]
    pub fn new([a, b, c, d, e]: [(&'a [u64], &'a str); Region::COUNT]) -> Regions<'a> {
        Regions {
            words: [a.0, b.0, c.0, d.0, e.0],
            text: [a.1, b.1, c.1, d.1, e.1],
        }
    }

    /// One record, whatever region its references name.
    pub fn only(record: &'a Record) -> Regions<'a> {
        Regions {
            words: [&record.words; Region::COUNT],
            text: [&record.text; Region::COUNT],
        }
    }

    /// The words of the region that a reference names.
    #[inline]
    pub fn words(&self, r: Ref) -> Result<&'a [u64], Fault> {
        self.words
            .get(usize::from(r.region_bits()))
            .copied()
            .ok_or(Fault::Corrupt("region"))
    }

    /// The text of a Str word.
    #[inline]
    pub fn str(&self, word: u64) -> Result<&'a str, Fault> {
        let r = Ref(word);
        let text = self
            .text
            .get(usize::from(r.region_bits()))
            .ok_or(Fault::Corrupt("region"))?;
        slice_text(text, r).ok_or(Fault::Corrupt("text range"))
    }

    /// The words of row `index` of a list whose rows are `stride` words.
    #[inline]
    pub fn list_row(&self, list: u64, stride: usize, index: usize) -> Result<&'a [u64], Fault> {
        let r = Ref(list);
        if index >= r.len() as usize {
            return Err(Fault::Corrupt("row index"));
        }
        let at = r.offset() as usize + index * stride;
        self.words(r)?
            .get(at..at + stride)
            .ok_or(Fault::Corrupt("row range"))
    }

    /// The words of a row of `stride` words.
    #[inline]
    pub fn row(&self, row: u64, stride: usize) -> Result<&'a [u64], Fault> {
        let at = Ref(row).offset() as usize;
        self.words(Ref(row))?
            .get(at..at + stride)
            .ok_or(Fault::Corrupt("row range"))
    }
}

/// The shape of an id, or why not.
pub fn shape_of(shapes: &[Shape], id: ShapeId) -> Result<&Shape, Fault> {
    shapes.get(id.0 as usize).ok_or(Fault::Corrupt("shape"))
}

/// A slot of the row at `row`; `None` when missing or outside.
#[inline]
pub fn get_slot(words: &[u64], row: usize, presence_words: usize, slot: SlotIx) -> Option<u64> {
    let ix = usize::from(slot);
    let bits = words.get(row + ix / 64)?;
    if bits >> (ix % 64) & 1 == 0 {
        return None;
    }
    words.get(row + presence_words + ix).copied()
}

/// Sets a slot of the row at `row`; does nothing outside.
#[inline]
pub fn set_slot(words: &mut [u64], row: usize, presence_words: usize, slot: SlotIx, word: u64) {
    let ix = usize::from(slot);
    let at = row + presence_words + ix;
    if at < words.len() {
        words[at] = word;
        words[row + ix / 64] |= 1 << (ix % 64);
    }
}

#[inline]
fn slice_text(text: &str, r: Ref) -> Option<&str> {
    let at = r.offset() as usize;
    text.get(at..at + r.len() as usize)
}
