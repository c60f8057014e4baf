//! What a native function works with: the regions it may read, the scratch record it may grow, the instant and the zone.
//!
//! Comes in: words. Goes out: text, rows, new values in the scratch record. A list made here has its room (rows) in the
//! word before its first row. Never true here: growth past the scratch limits, or an unchecked access.

use super::clock::Here;
use super::items::{Items, Spare};
use super::look::Look;
use super::patterns::{Computed, Known, Patterns};
use super::recent::Recent;
use crate::fault::{Fault, Fuel};
use crate::record::arena::{get_slot, shape_of};
use crate::record::{MAX_TEXT, Record, Regions};
use crate::time::Zone;
use journey_artifact::model::{Shape, SlotIx};
use journey_artifact::word::{Ref, Region, ShapeId, WordType};

/// Zones kept at a time.
const MAX_ZONES: u64 = 64;

/// Reusable memory of an evaluation beside its scratch record.
#[derive(Debug, Default)]
pub struct Tools {
    text: String,
    spare: Spare,
    computed: Computed,
    zones: Recent<Option<Zone>>,
}

impl Tools {
    /// Regular expressions that are data, and memory for elements of lists.
    #[inline]
    pub fn for_looks(&mut self) -> (&mut Computed, &mut Spare) {
        (&mut self.computed, &mut self.spare)
    }

    /// Another evaluation begins.
    #[inline]
    pub fn begin(&mut self) {
        self.computed.begin();
    }
}

/// One evaluation as functions see it.
pub struct Ctx<'a> {
    /// Row layouts.
    pub shapes: &'a [Shape],
    /// Constants, profile, variables, input: in the order of [`Region`].
    pub fixed: [&'a Record; 4],
    /// The program's regular expressions.
    pub patterns: &'a Patterns,
    /// What this evaluation has made.
    pub scratch: &'a mut Record,
    /// Reusable memory.
    pub tools: &'a mut Tools,
    /// Work that may still be done.
    pub fuel: &'a mut Fuel,
    /// The instant, milliseconds since the epoch.
    pub now_ms: i64,
    /// The journey's zone.
    pub zone: &'a Zone,
}

impl<'a> Ctx<'a> {
    /// Where and when it is.
    #[inline]
    pub fn here(&self) -> Here<'_> {
        Here {
            now_ms: self.now_ms,
            zone: self.zone,
        }
    }

    /// All regions.
    pub fn regions(&self) -> Regions<'_> {
        let [c, p, v, i] = self.fixed;
        Regions::new([
            (&c.words, &c.text),
            (&p.words, &p.text),
            (&v.words, &v.text),
            (&i.words, &i.text),
            (&self.scratch.words, &self.scratch.text),
        ])
    }

    /// As a function sees it that makes nothing.
    #[inline]
    pub fn look(&mut self) -> Look<'_> {
        Look {
            fixed: &self.fixed,
            made: Some(self.scratch),
            patterns: self.patterns,
            computed: Some(&mut self.tools.computed),
            fuel: self.fuel,
            spare: Some(&mut self.tools.spare),
        }
    }

    /// The record of a region number.
    #[inline]
    fn record(&self, r: Ref) -> Result<&Record, Fault> {
        record_in(self.fixed, self.scratch, r)
    }

    /// The text of a Str word.
    #[inline]
    pub fn str(&self, word: u64) -> Result<&str, Fault> {
        self.record(Ref(word))?
            .str(word)
            .ok_or(Fault::Corrupt("text range"))
    }

    /// The bytes of a Str word.
    #[inline]
    pub fn bytes(&self, word: u64) -> Result<&[u8], Fault> {
        let (r, record) = (Ref(word), self.record(Ref(word))?);
        let at = r.offset() as usize;
        let bytes = record.text.as_bytes().get(at..at + r.len() as usize);
        bytes.ok_or(Fault::Corrupt("text range"))
    }

    /// The words of the region that a reference names.
    #[inline]
    pub fn words(&self, word: u64) -> Result<&[u64], Fault> {
        Ok(&self.record(Ref(word))?.words)
    }

    /// The shape of a row or list type.
    pub fn shape(&self, ty: WordType) -> Result<&Shape, Fault> {
        match ty {
            WordType::Row(id) | WordType::List(id) => shape_of(self.shapes, id),
            _ => Err(Fault::Corrupt("not a row or list")),
        }
    }

    /// New text in the scratch record.
    pub fn new_str(&mut self, text: &str) -> Result<u64, Fault> {
        self.scratch.push_str(Region::Scratch, text)
    }

    /// A copy of a Str word's text, changed in place to another of the same length.
    pub fn changed_copy(&mut self, word: u64, change: fn(&mut str)) -> Result<u64, Fault> {
        let at = self.scratch.text.len();
        self.append_str(word)?;
        if let Some(copy) = self.scratch.text.get_mut(at..) {
            change(copy);
        }
        let len = self.scratch.text.len() - at;
        Ok(Ref::new(Region::Scratch, len as u32, at as u32).0)
    }

    /// New text, written by `f` from what the evaluation holds.
    pub fn build_str(
        &mut self,
        f: impl FnOnce(&mut String, &Self) -> Result<(), Fault>,
    ) -> Result<u64, Fault> {
        self.lent(|text, ctx| {
            f(text, ctx)?;
            ctx.new_str(text)
        })
    }

    /// What `f` makes with a text that is lent to it, empty.
    pub fn lent<T>(
        &mut self,
        f: impl FnOnce(&mut String, &mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut text = std::mem::take(&mut self.tools.text);
        text.clear();
        let made = f(&mut text, self);
        if text.capacity() <= MAX_TEXT {
            self.tools.text = text;
        }
        made
    }

    /// What `f` makes with room for elements that is lent to it, empty.
    pub fn lent_items<T>(
        &mut self,
        f: impl FnOnce(&mut Items, &mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut items = self.tools.spare.take();
        let made = f(&mut items, self);
        self.tools.spare.put(items);
        made
    }

    /// Appends the text of a Str word to the end of the scratch text.
    #[inline]
    pub fn append_str(&mut self, word: u64) -> Result<(), Fault> {
        let r = Ref(word);
        let len = r.len() as usize;
        if self.scratch.text.len() + len > MAX_TEXT {
            return Err(Fault::ScratchFull);
        }
        if r.region_bits() == Region::Scratch as u8 {
            let at = r.offset() as usize;
            if self.scratch.text.get(at..at + len).is_none() {
                return Err(Fault::Corrupt("text range"));
            }
            self.scratch.text.extend_from_within(at..at + len);
        } else {
            let record = self
                .fixed
                .get(usize::from(r.region_bits()))
                .copied()
                .ok_or(Fault::Corrupt("region"))?;
            self.scratch
                .text
                .push_str(record.str(word).ok_or(Fault::Corrupt("text range"))?);
        }
        Ok(())
    }

    /// The slot word of element `index` of a scalar list (`None`: a missing element).
    pub fn item(&self, list: u64, index: usize) -> Result<Option<u64>, Fault> {
        // One slot: a presence word, then the value.
        let r = Ref(list);
        if index >= r.len() as usize {
            return Err(Fault::Corrupt("row index"));
        }
        let at = r.offset() as usize + index * 2;
        let row = self
            .words(list)?
            .get(at..at + 2)
            .ok_or(Fault::Corrupt("row range"))?;
        Ok((row[0] & 1 == 1).then_some(row[1]))
    }

    /// A new list of rows of a shape with room for `room` rows.
    pub fn new_list(&mut self, id: ShapeId, room: usize) -> Result<u64, Fault> {
        let stride = shape_of(self.shapes, id)?.stride();
        let words = room
            .checked_mul(stride)
            .and_then(|n| n.checked_add(1))
            .ok_or(Fault::ScratchFull)?;
        let header = self.scratch.push_zeros(words)?;
        self.scratch.words[header as usize] = room as u64;
        Ok(Ref::new(Region::Scratch, 0, header + 1).0)
    }

    /// The offset of a fresh, zeroed row at the end of a list that this evaluation made, and the list with that row.
    #[inline]
    pub fn grow_list(&mut self, list: u64, stride: usize) -> Result<(usize, u64), Fault> {
        let r = Ref(list);
        if r.region_bits() != Region::Scratch as u8 {
            return Err(Fault::Corrupt("list is not this evaluation's"));
        }
        let header = (r.offset() as usize)
            .checked_sub(1)
            .ok_or(Fault::Corrupt("list header"))?;
        let room = *self
            .scratch
            .words
            .get(header)
            .ok_or(Fault::Corrupt("list header"))?;
        if u64::from(r.len()) >= room {
            return Err(Fault::Corrupt("list has no room"));
        }
        let at = r.offset() as usize + r.len() as usize * stride;
        if at + stride > self.scratch.words.len() {
            return Err(Fault::Corrupt("list room"));
        }
        Ok((at, Ref::new(Region::Scratch, r.len() + 1, r.offset()).0))
    }

    /// A new list of so many scalars, of which some may be missing.
    pub fn make_items(
        &mut self,
        count: usize,
        mut item: impl FnMut(&Self, usize) -> Result<Option<u64>, Fault>,
    ) -> Result<u64, Fault> {
        let header = self.scratch.push_zeros(2 * count + 1)? as usize;
        self.scratch.words[header] = count as u64;
        for ix in 0..count {
            if let Some(word) = item(self, ix)? {
                let at = header + 1 + 2 * ix;
                self.scratch.words[at..at + 2].copy_from_slice(&[1, word]);
            }
        }
        Ok(Ref::new(Region::Scratch, count as u32, header as u32 + 1).0)
    }

    /// Appends a scalar (or a missing element) to a single-slot list; gives the longer list.
    #[inline]
    pub fn push_item(&mut self, list: u64, item: Option<u64>) -> Result<u64, Fault> {
        let (at, longer) = self.grow_list(list, 2)?;
        self.scratch.words[at] = u64::from(item.is_some());
        self.scratch.words[at + 1] = item.unwrap_or(0);
        Ok(longer)
    }

    /// Appends a copy of a row; gives the longer list.
    #[inline]
    pub fn push_row(
        &mut self,
        list: u64,
        source: u64,
        offset: usize,
        stride: usize,
    ) -> Result<u64, Fault> {
        let (at, longer) = self.grow_list(list, stride)?;
        if Ref(source).region_bits() == Region::Scratch as u8 {
            if offset + stride > self.scratch.words.len() {
                return Err(Fault::Corrupt("row range"));
            }
            self.scratch.words.copy_within(offset..offset + stride, at);
        } else {
            let fixed = self
                .fixed
                .get(usize::from(Ref(source).region_bits()))
                .copied()
                .ok_or(Fault::Corrupt("region"))?;
            let row = fixed
                .words
                .get(offset..offset + stride)
                .ok_or(Fault::Corrupt("row range"))?;
            self.scratch.words[at..at + stride].copy_from_slice(row);
        }
        Ok(longer)
    }

    /// A slot of the row at `offset` in the region of `source`.
    #[inline]
    pub fn slot(
        &self,
        source: u64,
        offset: usize,
        presence_words: usize,
        slot: SlotIx,
    ) -> Result<Option<u64>, Fault> {
        Ok(get_slot(self.words(source)?, offset, presence_words, slot))
    }

    /// The regular expression of a Str word; `None` when it is none, or is too large.
    pub(super) fn pattern(&mut self, word: u64) -> Result<Option<Known<'a>>, Fault> {
        let text = text_in(self.fixed, self.scratch, word)?;
        if let Some(constant) = self.patterns.get(word, text) {
            return Ok(constant.map(Known::Constant));
        }
        let computed = self.tools.computed.get(text, self.fuel)?;
        Ok(computed.map(Known::Data))
    }

    /// The text of a Str word, and the fuel that work on it takes.
    pub(super) fn text_and_fuel(&mut self, word: u64) -> Result<(&str, &mut Fuel), Fault> {
        Ok((text_in(self.fixed, self.scratch, word)?, self.fuel))
    }

    /// The zone that a Str word names; `None` when there is none.
    pub fn zone_named(&mut self, name: u64) -> Result<Option<Zone>, Fault> {
        let text = text_in(self.fixed, self.scratch, name)?;
        if let Some(known) = self.tools.zones.get(text) {
            return Ok(known.clone());
        }
        let found = Zone::get(text);
        self.tools.zones.put(text, 1, MAX_ZONES, found.clone());
        Ok(found)
    }
}

/// The record of a region number.
#[inline]
fn record_in<'a>(fixed: [&'a Record; 4], scratch: &'a Record, r: Ref) -> Result<&'a Record, Fault> {
    match r.region_bits() {
        4 => Ok(scratch),
        n => fixed
            .get(usize::from(n))
            .copied()
            .ok_or(Fault::Corrupt("region")),
    }
}

/// The text of a Str word, apart from tools and fuel, which others then have.
fn text_in<'a>(fixed: [&'a Record; 4], scratch: &'a Record, word: u64) -> Result<&'a str, Fault> {
    record_in(fixed, scratch, Ref(word))?
        .str(word)
        .ok_or(Fault::Corrupt("text range"))
}
