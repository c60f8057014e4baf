//! The classes by AVX2 and by AVX-512.
//!
//! Comes in: a block. Goes out: its masks. The two `scan_*` functions compile the whole pass for their level; what they
//! call is inlined into them, so that no vector is passed through memory and no call stands in the loop.
//! Never true here: a call of a level's function on a processor that was not asked for it.

use crate::classes::{Bytes, Classes, Kinds, Masks, Rare};
use crate::scan::{self, Buffers, Stop};
use std::arch::x86_64::*;

/// Vectors of 32 bytes.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

/// Vectors of 64 bytes, with masks and compression.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(());

pub(super) fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("pclmulqdq")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

pub(super) fn has_avx512() -> bool {
    has_avx2()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vbmi2")
}

#[inline(never)]
#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn scan_avx2(bytes: &[u8], nesting: usize, out: &mut Buffers) -> Result<(), Stop> {
    scan::scan(Avx2(()), bytes, nesting, out)
}

#[inline(never)]
#[target_feature(
    enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt"
)]
pub(super) fn scan_avx512(bytes: &[u8], nesting: usize, out: &mut Buffers) -> Result<(), Stop> {
    scan::scan(Avx512(()), bytes, nesting, out)
}

/// Parity by a carry-less product with all ones.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn parity(mask: u64) -> u64 {
    let product =
        _mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, mask.cast_signed()), _mm_set1_epi8(-1));
    _mm_cvtsi128_si64(product).cast_unsigned()
}

/// The same mask, as one number in a register.
///
/// The compiler sees through comparisons: it moves a mask's bits one by one, or computes on masks in the vector unit, when
/// that looks cheaper to it. Here it does not see them.
#[cfg(not(miri))]
#[inline(always)]
fn settled(mask: u64) -> u64 {
    let settled;
    // SAFETY: no instruction at all.
    unsafe {
        std::arch::asm!("/* {0} */", inout(reg) mask => settled, options(pure, nomem, nostack, preserves_flags));
    }
    settled
}

/// Miri knows no assembler, and nothing that the compiler could see through.
#[cfg(miri)]
fn settled(mask: u64) -> u64 {
    mask
}

/// The whitespace of four low nibbles, for a shuffle: a byte equals the entry that its low nibble names only if it is one.
const BLANKS: [i8; 16] = [-1, 0, 0, 0, 0, 0, 0, 0, 0, 9, 10, 0, 0, 13, 0, 0];

#[inline]
#[target_feature(enable = "avx2")]
fn pair(low: __m256i, high: __m256i) -> u64 {
    let low = _mm256_movemask_epi8(low).cast_unsigned();
    let high = _mm256_movemask_epi8(high).cast_unsigned();
    settled(u64::from(low) | u64::from(high) << 32)
}

#[inline]
#[target_feature(enable = "avx2")]
fn both([low, high]: [__m256i; 2], byte: u8) -> u64 {
    let byte = _mm256_set1_epi8(byte.cast_signed());
    pair(_mm256_cmpeq_epi8(low, byte), _mm256_cmpeq_epi8(high, byte))
}

/// `{`, `}`, `,` and `:` for a shuffle in the same way, of bytes with `[` and `]` made curly.
const SEPARATORS: [i8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 58, 123, 44, 125, 0, 0];

#[inline]
#[target_feature(enable = "avx2")]
fn table([low, high]: [__m256i; 2], table: &[i8; 16], like: [__m256i; 2]) -> u64 {
    // SAFETY: an array of 16 bytes, loaded unaligned.
    let table = _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) });
    pair(
        _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, low), like[0]),
        _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, high), like[1]),
    )
}

#[inline]
#[target_feature(enable = "avx2")]
fn masks_avx2(block: [__m256i; 2]) -> Masks {
    let bit = _mm256_set1_epi8(0x20);
    let backslash = _mm256_set1_epi8(b'\\'.cast_signed());
    // Signed: what is above 0x7F is below zero.
    let rare = block.map(|half| {
        _mm256_or_si256(
            _mm256_cmpgt_epi8(bit, half),
            _mm256_cmpeq_epi8(half, backslash),
        )
    });
    let rare = _mm256_or_si256(rare[0], rare[1]);
    let folded = block.map(|half| _mm256_or_si256(half, bit));
    Masks {
        quote: both(block, b'"'),
        separator: table(block, &SEPARATORS, folded),
        space: both(block, b' '),
        rare: _mm256_testz_si256(rare, rare) == 0,
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn rare_avx2(bytes: &Bytes) -> Rare {
    let block = load_avx2(bytes);
    let high = pair(block[0], block[1]);
    let bit = _mm256_set1_epi8(0x20);
    let low = pair(
        _mm256_cmpgt_epi8(bit, block[0]),
        _mm256_cmpgt_epi8(bit, block[1]),
    );
    Rare {
        backslash: both(block, b'\\'),
        control: low & !high,
        blank: table(block, &BLANKS, block),
        high,
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn kinds_avx2(block: [__m256i; 2]) -> Kinds {
    let folded = block.map(|half| _mm256_or_si256(half, _mm256_set1_epi8(0x20)));
    Kinds {
        quote: both(block, b'"'),
        comma: both(block, b','),
        colon: both(block, b':'),
        open: both(folded, b'{'),
        close: both(folded, b'}'),
        // The bit that tells a curly bracket becomes the highest.
        curly: pair(
            _mm256_slli_epi16::<2>(block[0]),
            _mm256_slli_epi16::<2>(block[1]),
        ),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn unlike_avx2([low, high]: [__m256i; 2], [low2, high2]: [__m256i; 2]) -> u64 {
    !pair(_mm256_cmpeq_epi8(low, low2), _mm256_cmpeq_epi8(high, high2))
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_avx2(bytes: &Bytes) -> [__m256i; 2] {
    let at = bytes.as_ptr();
    // SAFETY: the block is 64 bytes, loaded unaligned.
    unsafe {
        [
            _mm256_loadu_si256(at.cast()),
            _mm256_loadu_si256(at.add(32).cast()),
        ]
    }
}

impl Classes for Avx2 {
    type Block = [__m256i; 2];

    #[inline(always)]
    fn load(self, bytes: &Bytes) -> [__m256i; 2] {
        // SAFETY: AVX2 is there, which `self` proves.
        unsafe { load_avx2(bytes) }
    }

    #[inline(always)]
    fn masks(self, block: [__m256i; 2]) -> Masks {
        // SAFETY: as for `load`.
        unsafe { masks_avx2(block) }
    }

    #[inline(always)]
    fn rare(self, bytes: &Bytes) -> Rare {
        // SAFETY: as for `load`.
        unsafe { rare_avx2(bytes) }
    }

    #[inline(always)]
    fn kinds(self, block: [__m256i; 2]) -> Kinds {
        // SAFETY: as for `load`.
        unsafe { kinds_avx2(block) }
    }

    #[inline(always)]
    fn unlike(self, block: [__m256i; 2], other: [__m256i; 2]) -> u64 {
        // SAFETY: as for `load`.
        unsafe { unlike_avx2(block, other) }
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        // SAFETY: `has_avx2` asks for the carry-less product too.
        unsafe { parity(mask) }
    }

    #[inline(always)]
    fn collect(
        self,
        block: [__m256i; 2],
        mut mask: u64,
        base: u32,
        places: &mut [u32; 64],
        bytes: &mut Bytes,
    ) {
        let mut whole = [0u8; 64];
        // SAFETY: the array is 64 bytes, stored unaligned; AVX2 is there, which `self` proves.
        unsafe {
            _mm256_storeu_si256(whole.as_mut_ptr().cast(), block[0]);
            _mm256_storeu_si256(whole.as_mut_ptr().add(32).cast(), block[1]);
        }
        // Eight at a time without a test in between: how many there are is what a branch predictor cannot know.
        let eights = mask.count_ones().div_ceil(8) as usize;
        let places = places.as_chunks_mut::<8>().0.iter_mut();
        let bytes = bytes.as_chunks_mut::<8>().0.iter_mut();
        for (places, bytes) in places.zip(bytes).take(eights) {
            for (place, byte) in places.iter_mut().zip(bytes) {
                let at = mask.trailing_zeros();
                *place = base.wrapping_add(at);
                *byte = whole[at as usize % 64];
                mask &= mask.wrapping_sub(1);
            }
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn is_avx512(block: __m512i, byte: u8) -> u64 {
    settled(_mm512_cmpeq_epi8_mask(
        block,
        _mm512_set1_epi8(byte.cast_signed()),
    ))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn table_avx512(block: __m512i, table: &[i8; 16], like: __m512i) -> u64 {
    // SAFETY: an array of 16 bytes, loaded unaligned.
    let table = _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(table.as_ptr().cast()) });
    settled(_mm512_cmpeq_epi8_mask(
        _mm512_shuffle_epi8(table, block),
        like,
    ))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn masks_avx512(block: __m512i) -> Masks {
    let bit = _mm512_set1_epi8(0x20);
    let backslash = _mm512_set1_epi8(b'\\'.cast_signed());
    Masks {
        quote: is_avx512(block, b'"'),
        separator: table_avx512(block, &SEPARATORS, _mm512_or_si512(block, bit)),
        space: is_avx512(block, b' '),
        // Signed: what is above 0x7F is below zero.
        rare: _mm512_cmplt_epi8_mask(block, bit) | _mm512_cmpeq_epi8_mask(block, backslash) != 0,
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn rare_avx512(bytes: &Bytes) -> Rare {
    let block = load_avx512(bytes);
    Rare {
        backslash: is_avx512(block, b'\\'),
        control: _mm512_cmplt_epu8_mask(block, _mm512_set1_epi8(0x20)),
        blank: table_avx512(block, &BLANKS, block),
        high: _mm512_movepi8_mask(block),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn kinds_avx512(block: __m512i) -> Kinds {
    let bit = _mm512_set1_epi8(0x20);
    let folded = _mm512_or_si512(block, bit);
    Kinds {
        quote: is_avx512(block, b'"'),
        comma: is_avx512(block, b','),
        colon: is_avx512(block, b':'),
        open: is_avx512(folded, b'{'),
        close: is_avx512(folded, b'}'),
        curly: settled(_mm512_test_epi8_mask(block, bit)),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn unlike_avx512(block: __m512i, other: __m512i) -> u64 {
    settled(_mm512_cmpneq_epi8_mask(block, other))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_avx512(bytes: &Bytes) -> __m512i {
    // SAFETY: the block is 64 bytes, loaded unaligned.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

/// The bytes 0..64.
static NUMBERS: Bytes = {
    let mut numbers = [0; 64];
    let mut at = 0;
    while at < 64 {
        numbers[at] = at as u8;
        at += 1;
    }
    numbers
};

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
fn collect_avx512(block: __m512i, mask: u64, base: u32, places: &mut [u32; 64], bytes: &mut Bytes) {
    let first = _mm512_maskz_compress_epi8(mask, block);
    let mut numbers = _mm512_maskz_compress_epi8(mask, load_avx512(&NUMBERS));
    let base = _mm512_set1_epi32(base.cast_signed());
    // Most blocks have no more than sixteen tokens. What is stored beyond them costs more than the branch: whole vectors at
    // any place nearly always lie across two lines of the cache.
    if mask.count_ones() <= 16 {
        // SAFETY: 16 of 64 bytes, stored unaligned.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), _mm512_castsi512_si128(first)) };
        if let Some(sixteen) = places.first_chunk_mut() {
            put(numbers, base, sixteen);
        }
        return;
    }
    // SAFETY: 64 bytes, stored unaligned.
    unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), first) };
    for sixteen in places.as_chunks_mut().0 {
        put(numbers, base, sixteen);
        // The next sixteen move to the front.
        numbers = _mm512_shuffle_i32x4::<0b11_11_10_01>(numbers, numbers);
    }
}

/// The first sixteen numbers, counted from `base`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn put(numbers: __m512i, base: __m512i, out: &mut [u32; 16]) {
    let wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(numbers));
    // SAFETY: sixteen words of four bytes are 64 bytes, stored unaligned.
    unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), _mm512_add_epi32(wide, base)) };
}

impl Classes for Avx512 {
    type Block = __m512i;

    #[inline(always)]
    fn load(self, bytes: &Bytes) -> __m512i {
        // SAFETY: AVX-512 is there, which `self` proves.
        unsafe { load_avx512(bytes) }
    }

    #[inline(always)]
    fn masks(self, block: __m512i) -> Masks {
        // SAFETY: as for `load`.
        unsafe { masks_avx512(block) }
    }

    #[inline(always)]
    fn rare(self, bytes: &Bytes) -> Rare {
        // SAFETY: as for `load`.
        unsafe { rare_avx512(bytes) }
    }

    #[inline(always)]
    fn kinds(self, block: __m512i) -> Kinds {
        // SAFETY: as for `load`.
        unsafe { kinds_avx512(block) }
    }

    #[inline(always)]
    fn unlike(self, block: __m512i, other: __m512i) -> u64 {
        // SAFETY: as for `load`.
        unsafe { unlike_avx512(block, other) }
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        // SAFETY: `has_avx512` asks for the carry-less product too.
        unsafe { parity(mask) }
    }

    #[inline(always)]
    fn collect(
        self,
        block: __m512i,
        mask: u64,
        base: u32,
        places: &mut [u32; 64],
        bytes: &mut Bytes,
    ) {
        // SAFETY: as for `load`.
        unsafe { collect_avx512(block, mask, base, places, bytes) }
    }
}
