//! A few texts known beforehand, to be told from any others: the keys of an object, the values of an enum.
//!
//! Comes in: the texts, once; then places in a document. Goes out: which of the texts stands there. Never true here: a
//! comparison byte by byte of what is shorter than seventeen bytes; a search longer than the plan's own texts make it.

/// Texts by their first and last eight bytes.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Twice as many as texts at least, a power of two. A text stands at the place its hash names or behind it.
    entries: Box<[Entry]>,
    /// What a hash is shifted by to name a place.
    shift: u32,
    /// The bytes of the texts longer than sixteen, back to back.
    long: Box<[u8]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    ends: Ends,
    /// Bytes.
    length: u32,
    /// Number of the text, from 1; 0 where none stands.
    number: u32,
    /// Where a long text's bytes are.
    at: u32,
}

/// The first eight bytes of a text and, if it is longer, the last eight. Shorter texts are filled up with zeros, and so
/// length and ends are all of a text of up to sixteen bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Ends {
    first: u64,
    last: u64,
}

/// Eight bytes of a text from `at`; zeros behind its end.
#[inline(always)]
fn word(text: &[u8], at: usize) -> u64 {
    if let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        return u64::from_le_bytes(*bytes);
    }
    padded(text, at)
}

#[inline(never)]
fn padded(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    let mut bytes = [0; 8];
    for (byte, from) in bytes.iter_mut().zip(rest) {
        *byte = *from;
    }
    u64::from_le_bytes(bytes)
}

impl Ends {
    /// Of the bytes from `start` to `end` of a text.
    #[inline(always)]
    fn of(text: &[u8], start: usize, end: usize) -> Ends {
        let length = end - start;
        let first = word(text, start);
        if length > 8 {
            let last = word(text, end - 8);
            return Ends { first, last };
        }
        let first = match length {
            0 => 0,
            _ => first & (u64::MAX >> (64 - 8 * length)),
        };
        Ends { first, last: 0 }
    }

    #[inline(always)]
    fn hash(self, length: usize) -> u64 {
        let mixed = self.first ^ self.last.rotate_left(29) ^ length as u64;
        mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

impl Table {
    /// A table of these texts, numbered in their order. A text that came before is not found by its second number.
    pub fn new<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> Table {
        let size = (texts.len() * 2).next_power_of_two().max(2);
        let mut table = Table {
            entries: vec![Entry::default(); size].into(),
            shift: 64 - size.trailing_zeros(),
            long: Box::default(),
        };
        let mut long = Vec::new();
        for (number, text) in texts.enumerate() {
            let bytes = text.as_bytes();
            let ends = Ends::of(bytes, 0, bytes.len());
            let mut at = (ends.hash(bytes.len()) >> table.shift) as usize;
            while table.entries[at].number != 0 {
                at = (at + 1) % size;
            }
            table.entries[at] = Entry {
                ends,
                length: bytes.len() as u32,
                number: number as u32 + 1,
                at: long.len() as u32,
            };
            if bytes.len() > 16 {
                long.extend_from_slice(bytes);
            }
        }
        table.long = long.into();
        table
    }

    /// The number of the text that stands from `start` to `end`, if it is one of these.
    #[inline(always)]
    pub fn find(&self, text: &[u8], start: usize, end: usize) -> Option<usize> {
        let length = end - start;
        let ends = Ends::of(text, start, end);
        let mut at = (ends.hash(length) >> self.shift) as usize;
        loop {
            let entry = self.entries.get(at)?;
            if entry.number == 0 {
                return None;
            }
            if entry.ends == ends
                && entry.length as usize == length
                && (length <= 16 || self.same(entry, &text[start..end]))
            {
                return Some(entry.number as usize - 1);
            }
            at = (at + 1) & (self.entries.len() - 1);
        }
    }

    #[inline(never)]
    fn same(&self, entry: &Entry, text: &[u8]) -> bool {
        let at = entry.at as usize;
        self.long.get(at..at + text.len()) == Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_found_and_no_other() {
        let mut texts: Vec<String> = (0..300)
            .map(|n| "k".repeat(n % 40) + &n.to_string())
            .collect();
        texts.push(String::new());
        texts.push("\0".into());
        let table = Table::new(texts.iter().map(String::as_str));
        for (number, text) in texts.iter().enumerate() {
            for (before, after) in [("", ""), ("\"", "\":1}"), ("0123456789", "0123456789")] {
                let around = format!("{before}{text}{after}");
                let (start, end) = (before.len(), before.len() + text.len());
                assert_eq!(
                    table.find(around.as_bytes(), start, end),
                    Some(number),
                    "{text}"
                );
            }
            for other in [format!("{text}\0"), format!("{text}x"), format!("x{text}")] {
                let found = table.find(other.as_bytes(), 0, other.len());
                assert_eq!(
                    found,
                    texts.iter().position(|text| *text == other),
                    "{other}"
                );
            }
        }
        let none = Table::new(std::iter::empty());
        assert_eq!(none.find(b"", 0, 0), None);
    }
}
