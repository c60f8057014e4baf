//! How values are laid out: 64-bit words, rows of slots, and references into text and word arenas.
//!
//! Every value at run time is one `u64` whose meaning is fixed by its static [`WordType`]; there are no tags.
//! A row is `ceil(n / 64)` presence words followed by `n` slot words; a list is a run of rows of one shape laid end to
//! end; a map is a list of rows whose slot 0 is the key. Strings, rows and lists are packed references ([`Ref`]).
//! Never true here: a pointer, a name, or a value whose type is known only at run time.

use serde::{Deserialize, Serialize};

/// Index of a [`crate::model::Shape`] in the artifact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ShapeId(pub u32);

/// The static type of a word: of a slot, a register, a constant or a function's parameter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum WordType {
    /// 0 or 1.
    Bool,
    /// Kleene truth value: 0 false, 1 true, 2 unknown. A [`WordType::Bool`] word is also a valid Kleene word.
    Kleene,
    /// Two's complement 64-bit integer.
    Int,
    /// IEEE 754 double, as its bits.
    Dec,
    /// UTF-8 text: a [`Ref`] (region, byte length, byte offset).
    Str,
    /// Days since 1970-01-01, signed.
    Date,
    /// An instant with offset: bits 12..64 signed milliseconds since the epoch, bits 0..12 signed offset from UTC in minutes.
    DateTime,
    /// A wall clock (`dateTimeOnly`): signed milliseconds since 1970-01-01T00:00 of that clock.
    Local,
    /// Milliseconds since midnight, 0..86_400_000.
    Time,
    /// An exact duration in signed milliseconds (`24h`).
    Duration,
    /// A calendar duration (`1d`, `1mo`): bits 32..64 signed months, bits 0..32 signed days.
    Period,
    /// One row: a [`Ref`] (region, unused length, word offset).
    Row(ShapeId),
    /// A run of rows (a list, or a map keyed by slot 0): a [`Ref`] (region, row count, word offset).
    List(ShapeId),
}

impl WordType {
    /// Whether a register of type `self` may be read where `want` is asked for: equal types, or `Bool` for `Kleene`.
    pub fn fits(self, want: WordType) -> bool {
        self == want || (self == WordType::Bool && want == WordType::Kleene)
    }
}

/// Where a reference points. The regions of one evaluation; at most sixteen exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Region {
    /// The artifact's constants.
    Const = 0,
    /// The profile record.
    Profile = 1,
    /// The instance's variables.
    Vars = 2,
    /// The input record: the event, a call's arguments, or a response.
    Input = 3,
    /// What this evaluation has made.
    Scratch = 4,
}

impl Region {
    /// How many regions there are.
    pub const COUNT: usize = 5;

    /// The region of a number below [`Region::COUNT`].
    pub fn from_u8(n: u8) -> Option<Region> {
        [
            Region::Const,
            Region::Profile,
            Region::Vars,
            Region::Input,
            Region::Scratch,
        ]
        .get(n as usize)
        .copied()
    }
}

/// A packed reference: bits 60..64 region, 32..60 length (bytes or rows, below 2^28), 0..32 offset (bytes or words).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ref(pub u64);

impl Ref {
    /// The largest length a reference can say.
    pub const MAX_LEN: u32 = (1 << 28) - 1;

    /// Packs a reference. `len` above [`Ref::MAX_LEN`] is a bug of the caller and is cut (checked in debug builds).
    pub fn new(region: Region, len: u32, offset: u32) -> Ref {
        debug_assert!(len <= Ref::MAX_LEN);
        Ref(((region as u64) << 60) | (u64::from(len & Ref::MAX_LEN) << 32) | u64::from(offset))
    }

    /// The number of the region, 0..16; not every number is a region.
    pub fn region_bits(self) -> u8 {
        (self.0 >> 60) as u8
    }

    /// The word with nothing but its region.
    pub fn region_alone(self) -> u64 {
        self.0 & 0xF << 60
    }

    /// Bytes of a string, rows of a list.
    pub fn len(self) -> u32 {
        (self.0 >> 32) as u32 & Ref::MAX_LEN
    }

    /// Whether the length is zero.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Byte offset of a string, word offset of a row or list.
    pub fn offset(self) -> u32 {
        self.0 as u32
    }
}

/// Whether an offset from UTC, in minutes, is one that RFC 3339 can write: less than a day.
pub fn is_offset(minutes: i32) -> bool {
    minutes.unsigned_abs() < 24 * 60
}

/// Packs a dateTime word from milliseconds since the epoch and an offset in minutes; `None` outside ±2^51 ms or a day.
pub fn date_time_word(epoch_ms: i64, offset_minutes: i32) -> Option<u64> {
    const BOUND: i64 = 1 << 51;
    if !(-BOUND..BOUND).contains(&epoch_ms) || !is_offset(offset_minutes) {
        return None;
    }
    Some(((epoch_ms << 12) as u64) | (offset_minutes as u64 & 0xFFF))
}

/// The instant of a dateTime word, in milliseconds since the epoch.
pub fn date_time_ms(word: u64) -> i64 {
    (word as i64) >> 12
}

/// The offset of a dateTime word from UTC, in minutes.
pub fn date_time_offset(word: u64) -> i32 {
    (((word & 0xFFF) << 20) as u32 as i32) >> 20
}

/// The one word of a type that is not a reference which stands for all that are equal to it: an instant is it whatever its offset,
/// and so is zero with a sign. NaN, which equals nothing, stays what it is.
pub fn plain(ty: WordType, word: u64) -> u64 {
    match ty {
        WordType::DateTime => word & !0xFFF,
        WordType::Dec if word == (-0.0f64).to_bits() => 0,
        _ => word,
    }
}

/// Packs a calendar duration.
pub fn period_word(months: i32, days: i32) -> u64 {
    (u64::from(months as u32) << 32) | u64::from(days as u32)
}

/// Months and days of a calendar duration.
pub fn period_parts(word: u64) -> (i32, i32) {
    ((word >> 32) as u32 as i32, word as u32 as i32)
}
