//! The constants and the three records of an evaluation as compiled code reads them: addresses and lengths.
//!
//! Comes in: records, the instant, the zone. Goes out: a [`View`] that lives no longer than they. Never true here: an address of anything
//! else; a read through one. A view can only be made of records, so code that keeps within the lengths it says reads only what is theirs.

use super::set::Set;
use super::sight::Sight;
use crate::func::window::PLAIN_BITS;
use crate::func::{Here, Patterns};
use crate::record::Record;
use crate::time::Zone;

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

/// The stretch of time around the present instant in which the zone does not change, as far as that is told at once; else nothing is in it.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct Calm {
    /// When it begins.
    pub from: i64,
    /// How long it is.
    pub len: i64,
    /// From when on what its wall clocks show is shown for the first time.
    pub clear: i64,
    /// How long it is from there.
    pub clear_len: i64,
    /// Milliseconds from UTC.
    pub ahead: i64,
    /// The same as it stands in the word of a dateTime.
    pub offset: u64,
}

impl Calm {
    #[inline]
    fn new(now_ms: i64, zone: &Zone) -> Calm {
        match zone.around(now_ms) {
            // Of an odd offset wall clocks are told to the minute alone.
            Some(stretch) if stretch.seconds % 60 == 0 => {
                let plain = 1 << PLAIN_BITS;
                let [from, clear] = [stretch.from, stretch.clear].map(|at| at.max(-plain));
                let to = stretch.to.min(plain);
                Calm {
                    from,
                    len: (to - from).max(0),
                    clear,
                    clear_len: (to - clear).max(0),
                    ahead: i64::from(stretch.seconds) * 1000,
                    offset: (stretch.seconds / 60) as u64 & 0xFFF,
                }
            }
            _ => Calm::default(),
        }
    }
}

/// Constants, profile, variables and input, in the order of [`journey_artifact::word::Region`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct View<'a> {
    rows: [RecordView; 4],
    now_ms: i64,
    calm: Calm,
    zone: &'a Zone,
    patterns: &'a Patterns,
    sets: &'a [Set],
    sight: Sight<'a>,
}

impl<'a> View<'a> {
    /// The view of these records, by region, at an instant (milliseconds since the epoch) in a zone, for a program with these patterns and
    /// sets.
    #[inline]
    pub fn new(
        records: [&'a Record; 4],
        now_ms: i64,
        zone: &'a Zone,
        patterns: &'a Patterns,
        sets: &'a [Set],
    ) -> View<'a> {
        View {
            rows: records.map(RecordView::new),
            now_ms,
            calm: Calm::new(now_ms, zone),
            zone,
            patterns,
            sets,
            sight: Sight::new(records),
        }
    }

    /// Whether the root rows of profile, variables and input have so many words.
    #[inline]
    pub(super) fn reaches(&self, words: [usize; 3]) -> bool {
        let rows = self.rows[1..].iter();
        rows.zip(words).all(|(rows, words)| rows.root_len >= words)
    }

    /// Where and when it is.
    #[inline]
    pub(super) fn here(&self) -> Here<'a> {
        Here {
            now_ms: self.now_ms,
            zone: self.zone,
        }
    }

    /// The same for the machine's own functions.
    #[inline]
    pub(super) fn sight(&self) -> &Sight<'a> {
        &self.sight
    }

    /// The program's sets of constants.
    #[inline]
    pub(super) fn sets(&self) -> &'a [Set] {
        self.sets
    }

    /// The program's regular expressions.
    #[inline]
    pub(super) fn patterns(&self) -> &'a Patterns {
        self.patterns
    }

    /// Byte offset, within a view, of the instant.
    pub const OFFSET_OF_NOW: usize = std::mem::offset_of!(View<'_>, now_ms);

    /// Byte offset, within a view, of the [`Calm`] around the instant.
    pub const OFFSET_OF_CALM: usize = std::mem::offset_of!(View<'_>, calm);

    /// Byte offset, within a view, of the [`RecordView`] of a region by its number (0 constants, 1 profile, 2 variables, 3 input).
    pub const fn offset_of_rows(index: usize) -> usize {
        std::mem::offset_of!(View<'_>, rows) + index * size_of::<RecordView>()
    }
}
