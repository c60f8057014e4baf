//! The constants and the three records of an evaluation as compiled code reads them: addresses and lengths.
//!
//! Comes in: records. Goes out: a [`View`] that lives no longer than they. Never true here: an address of anything else; a read
//! through one. A view can only be made of records, so code that keeps within the lengths it says reads only what is theirs.

use super::sight::Sight;
use crate::record::Record;

/// One record.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct RecordView {
    /// The root row.
    pub root: *const u64,
    /// Words from the root row to the end of the record.
    pub root_len: usize,
    /// All words.
    pub words: *const u64,
    /// How many.
    pub words_len: usize,
    /// All text.
    pub text: *const u8,
    /// Its bytes.
    pub text_len: usize,
}

impl RecordView {
    #[inline]
    fn new(record: &Record) -> RecordView {
        let root = record.words.get(record.root as usize..).unwrap_or(&[]);
        RecordView {
            root: root.as_ptr(),
            root_len: root.len(),
            words: record.words.as_ptr(),
            words_len: record.words.len(),
            text: record.text.as_ptr(),
            text_len: record.text.len(),
        }
    }
}

/// Constants, profile, variables and input, in the order of [`journey_artifact::word::Region`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct View<'a> {
    rows: [RecordView; 4],
    now_ms: i64,
    sight: Sight<'a>,
}

impl<'a> View<'a> {
    /// The view of these records, by region, at an instant (milliseconds since the epoch).
    #[inline]
    pub fn new(records: [&'a Record; 4], now_ms: i64) -> View<'a> {
        View {
            rows: records.map(RecordView::new),
            now_ms,
            sight: Sight::new(records),
        }
    }

    /// Whether the root rows of profile, variables and input have so many words.
    #[inline]
    pub(super) fn reaches(&self, words: [usize; 3]) -> bool {
        let rows = self.rows[1..].iter();
        rows.zip(words).all(|(rows, words)| rows.root_len >= words)
    }

    /// The instant.
    #[inline]
    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The same for the machine's own functions.
    #[inline]
    pub(super) fn sight(&self) -> &Sight<'a> {
        &self.sight
    }

    /// Byte offset, within a view, of the instant.
    pub const OFFSET_OF_NOW: usize = std::mem::offset_of!(View<'_>, now_ms);

    /// Byte offset, within a view, of the [`RecordView`] of a region by its number (0 constants, 1 profile, 2 variables, 3 input).
    pub const fn offset_of_rows(index: usize) -> usize {
        std::mem::offset_of!(View<'_>, rows) + index * size_of::<RecordView>()
    }
}
