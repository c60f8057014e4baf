//! Texts of a document: looked up, looked at, kept.
//!
//! Comes in: places of texts. Goes out: what a text stands for, what it means, or its word in the record. The whole document is
//! copied when the first string of it is kept, unless it is large: one copy costs less than one for each string.
//! Never true here: a copy of text that is only looked at and has no escapes.

use super::refusal::Refusal;
use super::reject::RejectCode;
use super::table::{Table, Window};
use super::walk::{Stop, Walk};
use crate::record::arena::MAX_TEXT;
use journey_artifact::word::Ref;
use journey_json::{Text, Value};

/// Bytes of the largest text that is copied whole when a string of it is kept.
const WHOLE: usize = 64 * 1024;

impl<'a> Walk<'a> {
    /// What a key without escapes is looked up by, unless it is at the text's end.
    #[inline(always)]
    pub(super) fn window(&self, key: Text) -> Option<&'a Window> {
        let at = key.start as usize;
        let window = self.document.text().as_bytes().get(at..at + 16);
        window
            .filter(|_| !key.escaped)
            .and_then(|window| window.first_chunk())
    }

    /// What any text stands for.
    pub(super) fn find<T: Copy + Default>(
        &mut self,
        table: &'a Table<T>,
        text: Text,
    ) -> Result<Option<&'a T>, Stop> {
        if text.escaped {
            let meant = self.meant(text)?.as_bytes();
            return Ok(table.find(meant, 0, meant.len()));
        }
        let all = self.document.text().as_bytes();
        Ok(table.find(all, text.start as usize, text.end as usize))
    }

    /// What text means, for a look at it.
    #[inline]
    pub(super) fn meant(&mut self, text: Text) -> Result<&str, Stop> {
        if !text.escaped {
            return Ok(self.document.raw(text));
        }
        self.scratch.text.clear();
        let meant = self.document.unescape(text, &mut self.scratch.text);
        meant.map_err(|at| self.mistake(at))?;
        Ok(&self.scratch.text)
    }

    /// Keeps text in the record and gives its word.
    #[inline]
    pub(super) fn keep(&mut self, text: Text) -> Result<u64, Stop> {
        if text.escaped {
            return self.keep_meant(text);
        }
        let base = match self.copied {
            Some(base) => base,
            None if self.document.text().len() <= WHOLE => self.copy()?,
            None => return self.keep_raw(text),
        };
        Ok(self.copied_word(base, text))
    }

    /// Keeps a string when nothing of the document was kept yet, or when it is kept by itself.
    #[inline(never)]
    pub(super) fn keep_first(&mut self, string: Value) -> Result<u64, Stop> {
        self.keep(self.document.string(string))
    }

    /// The word of text that was copied with all the document, from `base` on.
    #[inline(always)]
    pub(super) fn copied_word(&self, base: u32, text: Text) -> u64 {
        Ref::new(self.region, text.len() as u32, base + text.start).0
    }

    #[inline(never)]
    pub(super) fn copy(&mut self) -> Result<u32, Stop> {
        let text = self.document.text();
        self.room(text.len())?;
        let base = self.record.text.len() as u32;
        self.record.text.push_str(text);
        self.copied = Some(base);
        Ok(base)
    }

    #[inline(never)]
    pub(super) fn keep_raw(&mut self, text: Text) -> Result<u64, Stop> {
        self.room(text.len())?;
        let at = self.record.text.len() as u32;
        self.record.text.push_str(self.document.raw(text));
        Ok(Ref::new(self.region, text.len() as u32, at).0)
    }

    #[inline(never)]
    pub(super) fn keep_meant(&mut self, text: Text) -> Result<u64, Stop> {
        self.room(text.len())?;
        let at = self.record.text.len();
        let meant = self.document.unescape(text, &mut self.record.text);
        meant.map_err(|at| self.mistake(at))?;
        let length = (self.record.text.len() - at) as u32;
        Ok(Ref::new(self.region, length, at as u32).0)
    }

    pub(super) fn room(&self, more: usize) -> Result<(), Stop> {
        if self.record.text.len() + more > MAX_TEXT {
            let expected = "text within the record's limit";
            return Err(Refusal::new(RejectCode::TooLarge, expected, "more"));
        }
        Ok(())
    }
}
