//! The classes by 64-bit arithmetic, eight bytes at a time.
//!
//! Comes in: a block. Goes out: its masks. Never true here: an instruction that a processor may lack.

use crate::classes::{Bytes, Classes, Kinds, Masks, Rare};

/// Eight words of eight bytes; every processor has it.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// The eight high bits of bytes as eight bits, the first byte lowest.
fn gather(high: u64) -> u64 {
    // Each of the eight products lands in another bit of the top byte.
    ((high & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// High bits where a byte is zero.
fn zero(word: u64) -> u64 {
    // The sum of seven bits carries into the eighth and never beyond it.
    !(((word & !HIGH) + !HIGH) | word | !HIGH)
}

/// High bits where a byte is below `bound`, at most 0x80.
fn below(word: u64, bound: u8) -> u64 {
    let sum = (word & !HIGH) + ONES * u64::from(0x80 - bound);
    !(sum | word) & HIGH
}

fn each(block: &[u64; 8], class: impl Fn(u64) -> u64) -> u64 {
    let words = block.iter().enumerate();
    words.fold(0, |mask, (ix, word)| {
        mask | gather(class(*word)) << (8 * ix)
    })
}

fn is(block: &[u64; 8], byte: u8) -> u64 {
    each(block, |word| zero(word ^ (ONES * u64::from(byte))))
}

impl Classes for Portable {
    type Block = [u64; 8];

    fn load(self, bytes: &Bytes) -> [u64; 8] {
        let (words, _) = bytes.as_chunks::<8>();
        std::array::from_fn(|ix| u64::from_le_bytes(words[ix]))
    }

    fn masks(self, block: [u64; 8]) -> Masks {
        let rare = block.iter().fold(0, |any, word| {
            any | word | below(*word, 0x20) | zero(word ^ (ONES * u64::from(b'\\')))
        });
        let separator = each(&block, |word| {
            // `[` and `]` become curly; so do 0x0C and 0x1A become a comma and a colon.
            let folded = word | ONES << 5;
            let is = |byte: u8| zero(folded ^ (ONES * u64::from(byte)));
            is(b'{') | is(b'}') | is(b',') | is(b':')
        });
        Masks {
            quote: is(&block, b'"'),
            separator,
            space: is(&block, b' '),
            rare: rare & HIGH != 0,
        }
    }

    fn rare(self, bytes: &Bytes) -> Rare {
        let block = self.load(bytes);
        Rare {
            backslash: is(&block, b'\\'),
            control: each(&block, |word| below(word, 0x20)),
            blank: is(&block, b'\t') | is(&block, b'\n') | is(&block, b'\r'),
            high: each(&block, |word| word),
        }
    }

    fn kinds(self, block: [u64; 8]) -> Kinds {
        let folded = block.map(|word| word | ONES << 5);
        Kinds {
            quote: is(&block, b'"'),
            comma: is(&block, b','),
            colon: is(&block, b':'),
            open: is(&folded, b'{'),
            close: is(&folded, b'}'),
            curly: each(&block, |word| word << 2),
        }
    }

    fn unlike(self, block: [u64; 8], other: [u64; 8]) -> u64 {
        let differing: [u64; 8] = std::array::from_fn(|ix| block[ix] ^ other[ix]);
        !is(&differing, 0)
    }

    fn prefix_xor(self, mut mask: u64) -> u64 {
        for shift in [1, 2, 4, 8, 16, 32] {
            mask ^= mask << shift;
        }
        mask
    }

    fn collect(
        self,
        block: [u64; 8],
        mut mask: u64,
        base: u32,
        places: &mut [u32; 64],
        bytes: &mut Bytes,
    ) {
        for (place, byte) in places.iter_mut().zip(bytes) {
            if mask == 0 {
                break;
            }
            let at = mask.trailing_zeros();
            *place = base + at;
            *byte = (block[at as usize / 8] >> (8 * (at % 8))) as u8;
            mask &= mask - 1;
        }
    }
}
