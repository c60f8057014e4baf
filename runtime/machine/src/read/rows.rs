//! Lists and maps: rows that lie together.
//!
//! Comes in: arrays and objects of the document. Goes out: rows in the record, and the word that names them. Rows are counted
//! before they are read, so that they are contiguous though their inner lists come in between.
//! Never true here: a map with a key twice; work that grows faster than a document does, whatever its keys are.

use super::prepared::{Rows, Slot};
use super::refusal::{Refusal, Step};
use super::reject::RejectCode;
use super::walk::{Key, Stop, Walk, second_time};
use crate::record::arena::MAX_WORDS;
use journey_artifact::word::Ref;
use journey_json::{Rest, Value};

impl<'a> Walk<'a> {
    /// Zeroed rows at the record's end; where they start.
    pub(super) fn rows(&mut self, count: usize, stride: usize) -> Result<usize, Stop> {
        let at = self.record.words.len();
        if at + count * stride > MAX_WORDS {
            let refusal = Refusal::new(
                RejectCode::TooLarge,
                "rows within the record's limit",
                "more",
            );
            return Err(refusal.below(Step::Index(MAX_WORDS.saturating_sub(at) / stride)));
        }
        self.record.words.resize(at + count * stride, 0);
        Ok(at)
    }

    pub(super) fn items(&mut self, rows: &'a Rows, value: Value) -> Result<u64, Stop> {
        let (document, limit) = (self.document, self.limits.items);
        let mut rest = document.inside(value);
        let (count, stride) = (document.count_items(rest, limit), rows.stride as usize);
        let at = self.rows(count, stride)?;
        for ix in 0..=count {
            let Some(item) = document.next_item(&mut rest) else {
                break;
            };
            let read = if ix >= limit {
                Err(too_many(limit, "items"))
            } else if item.is_null() {
                Ok(())
            } else {
                self.value(&rows.item, item, at + ix * stride)
            };
            read.map_err(|refusal| refusal.below(Step::Index(ix)))?;
        }
        Ok(Ref::new(self.region, count as u32, at as u32).0)
    }

    pub(super) fn entries(&mut self, rows: &'a Rows, key: Slot, value: Value) -> Result<u64, Stop> {
        let (document, limit) = (self.document, self.limits.items);
        let mut rest = document.inside(value);
        let (count, stride) = (document.count_members(rest, limit), rows.stride as usize);
        let at = self.rows(count, stride)?;
        let twice = self.second_entry(rest, count);
        for ix in 0..=count {
            let Some((text, entry)) = document.next_member(&mut rest) else {
                break;
            };
            let read = if ix >= limit {
                Err(too_many(limit, "entries"))
            } else if twice == Some(ix) {
                Err(second_time())
            } else {
                let row = at + ix * stride;
                let word = self.keep(text)?;
                self.set(Some(key), row, word);
                if entry.is_null() {
                    Ok(())
                } else {
                    self.value(&rows.item, entry, row)
                }
            };
            if let Err(refusal) = read {
                let name = self.meant(text)?.to_owned();
                return Err(refusal.below(Step::Entry(name)));
            }
        }
        Ok(Ref::new(self.region, count as u32, at as u32).0)
    }

    /// The first of so many entries whose key came before, told by sorting: neither hashes nor lists of entries that a sender
    /// can choose take longer than others.
    pub(super) fn second_entry(&mut self, mut rest: Rest<'_>, count: usize) -> Option<usize> {
        let document = self.document;
        self.scratch.entries.clear();
        self.scratch.keys.clear();
        while self.scratch.entries.len() < count
            && let Some((text, _)) = document.next_member(&mut rest)
        {
            let number = self.scratch.entries.len() as u32;
            let key = if text.escaped {
                let start = self.scratch.keys.len();
                if document.unescape(text, &mut self.scratch.keys).is_err() {
                    // Told when the walk comes to it.
                    break;
                }
                Key::Meant(start as u32, self.scratch.keys.len() as u32)
            } else {
                Key::Raw(text)
            };
            self.scratch.entries.push((key, number));
        }
        let (keys, entries) = (&self.scratch.keys, &mut self.scratch.entries);
        let text = |key: &Key| match *key {
            Key::Raw(text) => document.raw(text),
            Key::Meant(start, end) => &keys[start as usize..end as usize],
        };
        entries.sort_unstable_by(|a, b| text(&a.0).cmp(text(&b.0)).then(a.1.cmp(&b.1)));
        let pairs = entries.windows(2);
        let second = pairs.filter(|pair| text(&pair[0].0) == text(&pair[1].0));
        second.map(|pair| pair[1].1 as usize).min()
    }
}

#[cold]
fn too_many(limit: usize, what: &str) -> Stop {
    let expected = format!("at most {limit} {what}");
    Refusal::new(RejectCode::TooManyItems, expected, "more")
}
