//! UTF-8 beyond ASCII.
//!
//! Comes in: where bytes above 0x7F are. Goes out: whether they are characters, and up to where that is known. Never true
//! here: a look at ASCII.

/// Whether the bytes of a block above 0x7F (`high`, one bit a byte of the block at `at`) are whole characters that start
/// below the block's end; `from` is up to where earlier blocks were looked at. Up to where this look reached.
#[inline]
pub(crate) fn check(bytes: &[u8], at: usize, high: u64, from: usize) -> Option<usize> {
    let mut reached = from;
    let mut left = high;
    while left != 0 {
        let place = at + left.trailing_zeros() as usize;
        if place >= reached {
            reached = place + character(bytes.get(place..)?)?;
        }
        left &= left - 1;
    }
    Some(reached)
}

/// The bytes of the character in front, which is none of ASCII.
#[inline]
fn character(bytes: &[u8]) -> Option<usize> {
    let next = |ix: usize| bytes.get(ix).is_some_and(|byte| byte & 0xC0 == 0x80);
    let second = *bytes.get(1)?;
    // The second byte excludes what has a shorter form, surrogates, and what lies beyond the last plane.
    match *bytes.first()? {
        0xC2..=0xDF => next(1).then_some(2),
        first @ 0xE0..=0xEF => {
            let ok = match first {
                0xE0 => second >= 0xA0,
                0xED => second < 0xA0,
                _ => true,
            };
            (ok && next(1) && next(2)).then_some(3)
        }
        first @ 0xF0..=0xF4 => {
            let ok = match first {
                0xF0 => second >= 0x90,
                0xF4 => second < 0x90,
                _ => true,
            };
            (ok && next(1) && next(2) && next(3)).then_some(4)
        }
        _ => None,
    }
}
