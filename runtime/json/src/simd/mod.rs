//! What depends on the processor: a block's classes as masks, positions out of a mask, and which way is taken.
//!
//! Comes in: blocks of 64 bytes. Goes out: one bit a byte for each class, equal at every level; and the one place where
//! bytes that were validated become text without a second look. All `unsafe` of the crate is below this module, each with
//! its reason; so is the hint by which memory is asked for. Never true here: a rule of JSON.
//!
//! | module | is |
//! |---|---|
//! | [`portable`] | the classes by plain 64-bit arithmetic: other processors, and what the others are tested against |
//! | `x86` | the classes by AVX2 and by AVX-512 |
#![allow(unsafe_code)]

pub(crate) mod portable;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86;

use crate::scan::{self, Buffers, Stop};

/// Bytes that come from memory together.
const LINE: usize = 64;
/// Lines of one value that are asked for: what is longer is read from its start, and then the processor sees it coming.
const LINES: usize = 8;

/// Asks for a value's memory, so that it is near when it is read a little later. Nothing waits for it and nothing changes:
/// where a processor has no such request, nothing happens.
#[inline(always)]
pub fn fetch<T: ?Sized>(value: &T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start = std::ptr::from_ref(value).cast::<i8>();
        let into_line = start.addr() % LINE;
        let lines = (into_line + size_of_val(value)).div_ceil(LINE).min(LINES);
        for line in 0..lines {
            // SAFETY: a prefetch reads no memory that the program can tell of and faults nowhere, whatever its address is.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(line * LINE)) };
        }
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = (value, LINE, LINES);
}

/// How blocks are classified.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// By 64-bit arithmetic.
    Portable,
    /// By vectors of 32 bytes.
    Avx2,
    /// By vectors of 64 bytes.
    Avx512,
}

impl Level {
    /// The best that this processor has.
    pub fn best() -> Level {
        *Level::all().last().unwrap_or(&Level::Portable)
    }

    /// All that this processor has, the best last.
    pub fn all() -> &'static [Level] {
        #[cfg(target_arch = "x86_64")]
        {
            if x86::has_avx512() {
                return &[Level::Portable, Level::Avx2, Level::Avx512];
            }
            if x86::has_avx2() {
                return &[Level::Portable, Level::Avx2];
            }
        }
        &[Level::Portable]
    }
}

/// A level that this processor was seen to have: the proof that [`scan`] needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked(Level);

impl Checked {
    /// The level, or the best below it that this processor has.
    pub fn new(level: Level) -> Checked {
        Checked(level.min(Level::best()))
    }
}

/// [`scan::scan`], compiled for the level; the bytes as text when they are a document.
pub(crate) fn scan<'a>(
    level: Checked,
    bytes: &'a [u8],
    nesting: usize,
    out: &mut Buffers,
) -> Option<&'a str> {
    let scanned: Result<(), Stop> = match level.0 {
        // SAFETY: a `Checked` is made of what the processor was asked for, in `Level::all`.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { x86::scan_avx512(bytes, nesting, out) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { x86::scan_avx2(bytes, nesting, out) },
        _ => scan::scan(portable::Portable, bytes, nesting, out),
    };
    scanned.ok()?;
    debug_assert!(std::str::from_utf8(bytes).is_ok());
    // SAFETY: the pass refuses what is not UTF-8, wherever it stands; `tests/validity.rs` holds that against `from_utf8`.
    Some(unsafe { std::str::from_utf8_unchecked(bytes) })
}
