//! What a function that makes nothing works with.
//!
//! Comes in: words. Goes out: texts, and parts of them where they stand. Never true here: memory that is asked for, a value that is
//! made; so such a function can be called from wherever records are seen, without an evaluation's frame.

use super::items::{Items, Spare};
use super::patterns::{Computed, Known, Patterns};
use crate::fault::{Fault, Fuel};
use crate::record::Record;
use journey_artifact::word::{Ref, Region, WordType, date_time_ms, period_parts};
use std::cmp::Ordering;

/// What is there.
pub struct Look<'l> {
    /// Constants, profile, variables, input: in the order of [`Region`].
    pub fixed: &'l [&'l Record; 4],
    /// What the evaluation has made; `None` where it cannot have made anything.
    pub made: Option<&'l Record>,
    /// The program's regular expressions.
    pub patterns: &'l Patterns,
    /// Those that are data; `None` where there is no place for them.
    pub computed: Option<&'l mut Computed>,
    /// Work that may still be done.
    pub fuel: &'l mut Fuel,
    /// Memory for elements; `None` where there is none: then who needs it says so by a fault, and the interpreter does it all.
    pub spare: Option<&'l mut Spare>,
}

/// The text of one record, to find many of it.
#[derive(Clone, Copy)]
pub struct Texts<'l> {
    region: u8,
    text: &'l [u8],
}

impl<'l> Look<'l> {
    /// The record that a reference names.
    #[inline]
    fn record(&self, word: u64) -> Option<&'l Record> {
        let region = usize::from(Ref(word).region_bits());
        match self.fixed.get(region) {
            Some(record) => Some(record),
            None if region == Region::Scratch as usize => self.made,
            None => None,
        }
    }

    /// The text of a Str word.
    #[inline]
    pub fn str(&self, word: u64) -> Result<&'l str, Fault> {
        let text = self.record(word).and_then(|record| record.str(word));
        text.ok_or(Fault::Corrupt("text range"))
    }

    /// The bytes of a Str word.
    #[inline]
    pub fn bytes(&self, word: u64) -> Result<&'l [u8], Fault> {
        let (from, len) = (Ref(word).offset() as usize, Ref(word).len() as usize);
        let text = self.record(word).map(|record| record.text.as_bytes());
        let bytes = text.and_then(|text| text.get(from..from + len));
        bytes.ok_or(Fault::Corrupt("text range"))
    }

    /// Where most texts of a list lie, as others do of its record.
    #[inline]
    pub fn texts(&self, list: u64) -> Texts<'l> {
        let record = self.record(list);
        Texts {
            region: Ref(list).region_bits(),
            text: record.map_or(&[], |record| record.text.as_bytes()),
        }
    }

    /// The bytes of a Str word, which is likely one of those.
    #[inline]
    pub fn text(&self, texts: Texts<'l>, word: u64) -> Result<&'l [u8], Fault> {
        let (from, len) = (Ref(word).offset() as usize, Ref(word).len() as usize);
        if Ref(word).region_bits() == texts.region
            && let Some(bytes) = texts.text.get(from..from + len)
        {
            return Ok(bytes);
        }
        self.bytes(word)
    }

    /// The regular expression of a Str word; `None` when it is none, or is too large.
    pub(super) fn pattern(&mut self, word: u64) -> Result<Option<Known<'l>>, Fault> {
        let text = self.str(word)?;
        if let Some(constant) = self.patterns.get(word, text) {
            return Ok(constant.map(Known::Constant));
        }
        let computed = self.computed.as_mut();
        let computed = computed.ok_or(Fault::Corrupt("pattern"))?;
        Ok(computed.get(text, self.fuel)?.map(Known::Data))
    }

    /// The elements of a list of scalars: what tells whether one is there, and its word.
    #[inline]
    pub fn items(&self, list: u64) -> Result<&'l [[u64; 2]], Fault> {
        let (at, len) = (Ref(list).offset() as usize, Ref(list).len() as usize);
        let words = self.record(list).map(|record| record.words.as_slice());
        let rows = words.and_then(|words| words.get(at..at + 2 * len));
        Ok(rows.ok_or(Fault::Corrupt("row range"))?.as_chunks().0)
    }

    /// Those of them that are not missing.
    #[inline]
    pub fn present(&self, list: u64) -> Result<impl Iterator<Item = u64> + 'l, Fault> {
        Ok(self.items(list)?.iter().filter_map(present))
    }

    /// Adds those of them that are not missing, each with its place.
    pub fn collect(&self, list: u64, items: &mut Items) -> Result<(), Fault> {
        let places = self.items(list)?.iter().zip(0..);
        items.extend(places.filter_map(|(item, place)| Some((present(item)?, place))));
        Ok(())
    }

    /// The order of two scalars of a type, as lists have it.
    #[inline]
    pub fn compare(&self, a: u64, b: u64, ty: WordType) -> Result<Ordering, Fault> {
        match ty {
            WordType::Str => Ok(compare_bytes(self.bytes(a)?, self.bytes(b)?)),
            WordType::Row(_) | WordType::List(_) => Err(Fault::Corrupt("no scalar")),
            scalar => Ok(compare_words(a, b, scalar)),
        }
    }
}

/// Part of a Str word: bytes `from..to` of its text, where letters begin or end.
#[inline(always)]
pub fn part_of(word: u64, from: usize, to: usize) -> u64 {
    let (len, offset) = ((to - from) as u64, Ref(word).offset() + from as u32);
    Ref(word).region_alone() | len << 32 | u64::from(offset)
}

/// An element of a list of scalars, if it is not missing.
#[inline]
pub fn present(item: &[u64; 2]) -> Option<u64> {
    (item[0] & 1 == 1).then_some(item[1])
}

/// Whether an element is no number, which in an order equals itself and as a value nothing.
#[inline]
pub fn is_nan(word: u64, ty: WordType) -> bool {
    ty == WordType::Dec && f64::from_bits(word).is_nan()
}

/// The first eight bytes of a text as a number, which is in their order; what is not there is 0.
#[inline]
pub fn beginning(text: &[u8]) -> u64 {
    if let Some(first) = text.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            // What lies under both stands in both.
            let last = u64::from(u32::from_be_bytes(*last)) << (64 - 8 * text.len());
            u64::from(u32::from_be_bytes(*first)) << 32 | last
        }
        _ => (0..8).fold(0, |all, at| {
            all << 8 | u64::from(text.get(at).copied().unwrap_or(0))
        }),
    }
}

/// The order of two texts; most differ within their first bytes.
#[inline]
pub fn compare_bytes(a: &[u8], b: &[u8]) -> Ordering {
    let first = beginning(a).cmp(&beginning(b));
    first.then_with(|| a.cmp(b))
}

/// What calls with arguments of some types cost: by the size of the arguments, since every native is at most about linear in them.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// Sixteenths for each byte or row of the first arguments, as most calls have no more.
    first: [u64; FIRST],
    more: bool,
}

/// See [`Price`].
const FIRST: usize = 3;

impl Price {
    /// Of a call.
    pub fn new(params: &[WordType]) -> Price {
        let mut first = [0; FIRST];
        for (price, ty) in first.iter_mut().zip(params) {
            *price = sixteenths(*ty);
        }
        Price {
            first,
            more: params.len() > FIRST,
        }
    }

    /// What it costs with these arguments, which are of these types.
    #[inline(always)]
    pub fn cost(&self, args: &[u64], params: &[WordType]) -> u64 {
        let of = |arg: u64, price: u64| u64::from(Ref(arg).len()) * price / 16;
        let arg = |n: usize| args.get(n).map_or(0, |arg| of(*arg, self.first[n]));
        // One by one: as a vector they would wait for having been put down one by one.
        let first = 4 + arg(0) + arg(1) + arg(2);
        if !self.more {
            return first;
        }
        let more = args.iter().zip(params).skip(FIRST);
        more.fold(first, |sum, (arg, ty)| sum + of(*arg, sixteenths(*ty)))
    }
}

fn sixteenths(ty: WordType) -> u64 {
    match ty {
        WordType::Str => 1,
        WordType::List(_) => 16,
        _ => 0,
    }
}

/// Orders two decimals: by value, NaN last.
pub fn compare_decimals(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b)
        .unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// Orders two words that refer to nothing.
#[inline]
pub fn compare_words(a: u64, b: u64, ty: WordType) -> Ordering {
    match ty {
        WordType::Dec => compare_decimals(f64::from_bits(a), f64::from_bits(b)),
        WordType::DateTime => date_time_ms(a).cmp(&date_time_ms(b)),
        WordType::Period => period_parts(a).cmp(&period_parts(b)),
        WordType::Int | WordType::Date | WordType::Local | WordType::Time | WordType::Duration => {
            (a as i64).cmp(&(b as i64))
        }
        _ => a.cmp(&b),
    }
}
