//! Literals and numbers: what is one, and what a number's value is.
//!
//! Comes in: text outside strings. Goes out: whether it is `true`, `false`, `null` or a number of RFC 8259; a number as an
//! integer or as the nearest double. Never true here: a sign in front of `+`, a leading zero, a bare point.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

const TRUE: u64 = u32::from_le_bytes(*b"true") as u64;
const NULL: u64 = u32::from_le_bytes(*b"null") as u64;
const FALSE: u64 = u64::from_le_bytes(*b"false\0\0\0");

/// Whether a literal or number stands at `start`, when the next token, or the end, is at `next`.
#[inline(always)]
pub(crate) fn is_valid(bytes: &[u8], start: usize, next: usize) -> bool {
    if let Some(window) = bytes.get(start..start + 8)
        && let Some(word) = window.first_chunk()
        && let length @ 1..=8 = next.wrapping_sub(start)
        && is_short(u64::from_le_bytes(*word), length as u32)
    {
        return true;
    }
    long(bytes.get(start..).unwrap_or_default())
}

/// Whether the first 1 to 8 bytes of a word are a literal or a plain number. If not, a closer look is needed, as for whitespace
/// behind it.
#[inline(always)]
fn is_short(word: u64, length: u32) -> bool {
    let within = u64::MAX >> (64 - 8 * length);
    let word = word & within;
    if word as u8 >= b'a' {
        // The length too: behind a shorter literal a NUL is as good as nothing.
        return match length {
            4 => word == TRUE || word == NULL,
            _ => word == FALSE && length == 5,
        };
    }
    // Per byte: 0 to 9 for a digit. The high bit of the sum says more; seven bits never carry into the next byte.
    let digits = word ^ (b'0' as u64 * ONES);
    let other = (((digits & !HIGH) + (0x76 * ONES)) | digits) & HIGH & within;
    let first_zero = digits & 0xFF == 0;
    if other == 0 {
        return !first_zero || length == 1;
    }
    // One point between digits.
    let place = other.trailing_zeros() & !7;
    other & (other - 1) == 0
        && (word >> place) as u8 == b'.'
        && place != 0
        && place + 8 < 8 * length
        && (!first_zero || place == 8)
}

/// Whether a literal or number is in front and what follows it is none of its bytes.
#[inline(never)]
fn long(rest: &[u8]) -> bool {
    let end = rest.iter().position(|byte| is_delimiter(*byte));
    let word = &rest[..end.unwrap_or(rest.len())];
    matches!(word, b"true" | b"false" | b"null") || number(word).is_ok()
}

/// Whether a byte ends a literal or number.
pub(crate) fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"'
    )
}

/// Whether text is a number; if not, at which byte it stops to be one.
pub(crate) fn number(text: &[u8]) -> Result<(), usize> {
    let mut at = 0;
    let digits = |at: &mut usize| {
        let start = *at;
        while text.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
        }
        if *at > start { Ok(()) } else { Err(*at) }
    };
    if text.first() == Some(&b'-') {
        at += 1;
    }
    if text.get(at) == Some(&b'0') {
        at += 1;
    } else {
        digits(&mut at)?;
    }
    if text.get(at) == Some(&b'.') {
        at += 1;
        digits(&mut at)?;
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = text.get(at) {
            at += 1;
        }
        digits(&mut at)?;
    }
    if at < text.len() { Err(at) } else { Ok(()) }
}

/// The value of a number that is written as an integer and fits.
#[inline]
pub(crate) fn integer(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.split_first()? {
        (b'-', digits) => (true, digits),
        _ => (false, bytes),
    };
    // 19 digits fit 64 bits without a sign.
    if digits.len() > 19 {
        return None;
    }
    let mut number = 0u64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    if negative {
        // `-0` is a double: an integer has no such sign.
        (1..=1 << 63)
            .contains(&number)
            .then(|| (number as i64).wrapping_neg())
    } else {
        i64::try_from(number).ok()
    }
}

/// An integer of up to eight digits and no sign, and eight bytes of text from `start` on.
#[inline(always)]
pub(crate) fn short_integer(bytes: &[u8], start: usize, end: usize) -> Option<i64> {
    let word = u64::from_le_bytes(*bytes.get(start..start + 8)?.first_chunk()?);
    let unused @ 0..8 = 8usize.wrapping_sub(end.wrapping_sub(start)) else {
        return None;
    };
    // The digits move to the end of the word; zeros stand before them.
    let word = (word ^ (b'0' as u64 * ONES)) << (8 * unused);
    let other = (((word & !HIGH) + (0x76 * ONES)) | word) & HIGH;
    (other == 0).then(|| eight(word) as i64)
}

/// The double nearest to a number; infinite when it is beyond all.
#[inline(never)]
pub(crate) fn parsed(number: &str) -> f64 {
    number.parse().unwrap_or(f64::NAN)
}

/// Powers of ten.
const TENS: [f64; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

/// A decimal of so few digits that it is the exact quotient of two doubles, rounded once: up to eight bytes.
#[inline(always)]
pub(crate) fn exact(bytes: &[u8], start: usize, end: usize) -> Option<f64> {
    let negative = *bytes.get(start)? == b'-';
    let start = start + usize::from(negative);
    let word = u64::from_le_bytes(*bytes.get(start..)?.first_chunk()?);
    let unused @ 0..8 = 8usize.wrapping_sub(end.wrapping_sub(start)) else {
        return None;
    };
    // The digits move to the end of the word; zeros stand before them.
    let word = (word ^ (b'0' as u64 * ONES)) << (8 * unused);
    let other = (((word & !HIGH) + (0x76 * ONES)) | word) & HIGH;
    let value = if other == 0 {
        eight(word) as f64
    } else {
        // One other byte is a point; the digits before it close the gap.
        let place = other.trailing_zeros() & !7;
        if other & (other - 1) != 0 || (word >> place) as u8 != b'.' ^ b'0' {
            return None;
        }
        let before = word & ((1 << place) - 1);
        let behind = word & (u64::MAX << place << 7 << 1);
        eight(before << 8 | behind) as f64 / TENS[7 - place as usize / 8]
    };
    Some(if negative { -value } else { value })
}

/// The number of eight digits, the first lowest.
#[inline(always)]
fn eight(digits: u64) -> u64 {
    // Pairs, then fours, then all.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All words of a few bytes: those that the quick look takes are those that the rules take.
    #[test]
    fn a_quick_look_is_as_strict_as_the_rules() {
        let alphabet = b"019.-e\0\xFF";
        let mut words: Vec<Vec<u8>> = vec![Vec::new()];
        let longest_word = if cfg!(miri) { 3 } else { 5 };
        for length in 1..=longest_word {
            let longest: Vec<_> = words.iter().filter(|w| w.len() + 1 == length).collect();
            let longer = longest.into_iter().flat_map(|word| {
                let with = |byte: &u8| [word.as_slice(), &[*byte]].concat();
                alphabet.iter().map(with)
            });
            words.extend(longer.collect::<Vec<_>>());
        }
        for text in [
            "true", "null", "false", "nul", "tru", "fals", "truf", "True", "falsy",
        ] {
            for behind in ["", "\0", "x", "0"] {
                words.push(format!("{text}{behind}").into_bytes());
            }
        }
        for text in [
            "12345678", "1234567.", ".1234567", "123456.7", "0234567.", "0.345678",
        ] {
            words.push(text.as_bytes().to_vec());
        }
        for word in words.iter().skip(1) {
            let literal = [&b"true"[..], b"false", b"null"].contains(&word.as_slice());
            let valid = literal || number(word).is_ok();
            for behind in [&b",12345678"[..], b"]", b"   12345]", b"\n}"] {
                let text = [word, behind].concat();
                let next = word.len()
                    + behind
                        .iter()
                        .take_while(|b| b.is_ascii_whitespace())
                        .count();
                assert_eq!(is_valid(&text, 0, next), valid, "{text:?}");
            }
        }
    }
}
