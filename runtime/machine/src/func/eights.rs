//! Texts eight bytes at a time: whether two are the same, also ignoring the case of ASCII; where letters begin.
//!
//! Comes in: bytes. Goes out: answers. Never true here: a region, a reference; a letter of another alphabet whose case is told.

/// The same byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Up to eight bytes as one word: of two texts of one length it differs where they do.
#[inline(always)]
fn short(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        _ => match bytes {
            [] => 0,
            [first, .., last] => {
                let middle = bytes[bytes.len() / 2];
                u64::from(*first) | u64::from(middle) << 8 | u64::from(*last) << 16
            }
            [one] => u64::from(*one),
        },
    }
}

/// What `differs` says of all words of two texts of one length. The last eight bytes overlap those before.
#[inline(always)]
fn all(a: &[u8], b: &[u8], differs: impl Fn(u64, u64) -> u64) -> u64 {
    match (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(last_a), Some(last_b)) => {
            let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
            let last = differs(u64::from_ne_bytes(*last_a), u64::from_ne_bytes(*last_b));
            words.fold(last, |all, (a, b)| {
                all | differs(u64::from_ne_bytes(*a), u64::from_ne_bytes(*b))
            })
        }
        _ => differs(short(a), short(b)),
    }
}

/// Whether texts are the same.
#[inline]
pub fn equal_bytes(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && same_bytes(a, b)
}

/// Whether texts of one length are the same. Most are short: a call of the library's comparison would cost more than they do.
#[inline]
pub fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    all(a, b, |a, b| a ^ b) == 0
}

/// Whether a text of ASCII, its words changed, is a constant of its length.
#[inline(always)]
pub fn same_after(part: &[u8], constant: &[u8], change: impl Fn(u64) -> u64) -> bool {
    all(part, constant, |a, b| change(a) ^ b) == 0
}

/// Whether two texts of one length are the same without the case of their letters; `None` unless both are of ASCII.
#[inline]
pub fn same_caseless(a: &[u8], b: &[u8]) -> Option<bool> {
    let differs = all(a, b, |a, b| {
        let strange = (a | b) & eight(0x80);
        // Of what is not of ASCII nothing is told.
        let [a, b] = [a, b].map(|word| lower(word & eight(0x7F)));
        strange | (u64::from(a != b))
    });
    (differs & eight(0x80) == 0).then_some(differs == 0)
}

/// Eight bytes of ASCII in lower case. No sum goes beyond its byte.
#[inline(always)]
pub fn lower(word: u64) -> u64 {
    let (from_a, behind_z) = (word + eight(0x80 - b'A'), word + eight(0x80 - b'Z' - 1));
    word | (from_a & !behind_z & eight(0x80)) >> 2
}

/// Eight bytes of ASCII in upper case.
#[inline(always)]
pub fn upper(word: u64) -> u64 {
    let (from_a, behind_z) = (word + eight(0x80 - b'a'), word + eight(0x80 - b'z' - 1));
    word & !((from_a & !behind_z & eight(0x80)) >> 2)
}

/// Whether all bytes are of ASCII.
#[inline(always)]
pub fn is_plain(bytes: &[u8]) -> bool {
    all(bytes, bytes, |word, _| word) & eight(0x80) == 0
}

/// How many letters a text has.
#[inline]
pub fn letters(text: &str) -> usize {
    match is_plain(text.as_bytes()) {
        true => text.len(),
        false => text.chars().count(),
    }
}

/// The byte at which the letter of a number begins, from 0; the text's end where there is none.
#[inline]
pub fn place(text: &str, number: usize) -> usize {
    match text.as_bytes().get(..number) {
        // There are no more letters than bytes.
        None => text.len(),
        Some(before) if is_plain(before) => number,
        Some(_) => {
            let mut letters = text.char_indices();
            letters.nth(number).map_or(text.len(), |(at, _)| at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{letters, lower, place, same_bytes, same_caseless, upper};

    #[test]
    fn every_byte_of_ascii_changes_case_at_every_place() {
        for place in 0..8 {
            for byte in 0..0x80u8 {
                for others in [0, b'A', b'z', 0x7F] {
                    let mut bytes = [others; 8];
                    bytes[place] = byte;
                    let word = u64::from_ne_bytes(bytes);
                    assert_eq!(
                        lower(word).to_ne_bytes(),
                        bytes.map(|b| b.to_ascii_lowercase())
                    );
                    assert_eq!(
                        upper(word).to_ne_bytes(),
                        bytes.map(|b| b.to_ascii_uppercase())
                    );
                }
            }
        }
    }

    #[test]
    fn a_byte_that_differs_is_seen_wherever_it_stands() {
        for len in 0..40 {
            let text: Vec<u8> = (0..len).map(|at| b'a' + at as u8 % 26).collect();
            assert!(same_bytes(&text, &text));
            assert_eq!(same_caseless(&text, &text), Some(true), "{len}");
            for at in 0..len {
                for byte in [0, b'!', text[at] ^ 0x20, 0x80, text[at] | 0x80, 0xFF] {
                    let mut other = text.clone();
                    other[at] = byte;
                    let is_same = byte.is_ascii().then_some(byte == text[at] ^ 0x20);
                    assert!(!same_bytes(&text, &other), "{len} {at} {byte}");
                    assert_eq!(same_caseless(&text, &other), is_same, "{len} {at} {byte}");
                    assert_eq!(same_caseless(&other, &text), is_same, "{len} {at} {byte}");
                }
            }
        }
    }

    #[test]
    fn letters_are_counted_and_found_as_the_library_does() {
        let strange = ["", "é", "aé", "\u{10FFFF}", "aaaaaaaé", "ééééaaaa", "日本"];
        for text in strange {
            for before in 0..20 {
                for behind in 0..20 {
                    let text = format!("{}{text}{}", "x".repeat(before), "y".repeat(behind));
                    assert_eq!(letters(&text), text.chars().count(), "{text}");
                    for number in 0..text.len() + 2 {
                        let found = text.char_indices().nth(number);
                        let wanted = found.map_or(text.len(), |(at, _)| at);
                        assert_eq!(place(&text, number), wanted, "{text} {number}");
                    }
                }
            }
        }
    }
}
