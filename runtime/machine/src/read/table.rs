//! A few texts known beforehand, to be told from any others: the keys of an object, the values of an enum.
//!
//! Comes in: the texts, once, each with what it stands for; then places in a document. Goes out: what the text there stands
//! for. Never true here: a comparison byte by byte of what is shorter than seventeen bytes; a search longer than the plan's
//! own texts make it; a step from a text that was found to what it stands for: both are in one place.

use journey_json::seed;

/// Texts by their first and last eight bytes.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    /// Their seeds, together.
    seeds: u64,
    /// A power of two of them. A text stands at the place that its hash names, or up to `probes` behind it.
    entries: Box<[Entry<T>]>,
    /// What a hash is made with: chosen so that, nearly always, each text has a place of its own.
    factor: u64,
    /// What a hash is shifted by to name a place.
    shift: u32,
    /// How many places behind its own a text may stand at.
    probes: u32,
    /// The bytes of the texts longer than sixteen, back to back.
    long: Box<[u8]>,
}

#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    ends: Ends,
    /// Bytes; no length at all where no text stands.
    length: u32,
    /// Where a long text's bytes are.
    at: u32,
    /// What the text stands for.
    means: T,
}

/// Factors that are tried for a size of the table before it is doubled, up to eight places a text.
const TRIES: u64 = 64;

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
        let first = first & FIRST[length & 15];
        Ends { first, last: 0 }
    }

    #[inline(always)]
    fn hash(self, length: usize, factor: u64) -> u64 {
        let mixed = self.first ^ self.last.rotate_left(29) ^ (length as u64) << 56;
        mixed.wrapping_mul(factor)
    }
}

/// The bytes of a word that belong to a text of so many, up to eight.
const FIRST: [u64; 16] = {
    let mut masks = [u64::MAX; 16];
    let mut length = 0;
    while length < 8 {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

impl<T: Copy + Default> Table<T> {
    /// A table of these texts and what they stand for.
    pub fn new<'t>(texts: impl ExactSizeIterator<Item = (&'t str, T)>) -> Table<T> {
        let (mut entries, mut long) = (Vec::with_capacity(texts.len()), Vec::new());
        let mut seeds = 0;
        for (text, means) in texts {
            let bytes = text.as_bytes();
            seeds |= seed(bytes.first().copied().unwrap_or(b'"'), bytes.len() as u32);
            entries.push(Entry {
                ends: Ends::of(bytes, 0, bytes.len()),
                length: bytes.len() as u32,
                at: long.len() as u32,
                means,
            });
            if bytes.len() > 16 {
                long.extend_from_slice(bytes);
            }
        }
        let least = (entries.len() * 2).next_power_of_two().max(2);
        let tries = [least, least * 2, least * 4].into_iter().flat_map(|size| {
            // Odd, and the same in every build.
            let factor = |n: u64| (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            (0..TRIES).map(move |n| (size, factor(n)))
        });
        let placed = tries.map(|(size, factor)| Table::placed(&entries, size, factor));
        let mut best: Option<Table<T>> = None;
        for table in placed {
            let better = best.as_ref().is_none_or(|best| table.probes < best.probes);
            if better {
                best = Some(table);
            }
            if best.as_ref().is_some_and(|best| best.probes == 0) {
                break;
            }
        }
        let mut table = best.unwrap_or_else(|| Table::placed(&entries, least, 1));
        table.long = long.into();
        table.seeds = seeds;
        table
    }

    fn placed(texts: &[Entry<T>], size: usize, factor: u64) -> Table<T> {
        let none = Entry {
            ends: Ends::default(),
            length: u32::MAX,
            at: 0,
            means: T::default(),
        };
        let mut table = Table {
            seeds: 0,
            entries: vec![none; size].into(),
            factor,
            shift: 64 - size.trailing_zeros(),
            probes: 0,
            long: Box::default(),
        };
        for text in texts {
            let home = (text.ends.hash(text.length as usize, factor) >> table.shift) as usize;
            let behind = (0..size)
                .find(|behind| table.entries[(home + behind) % size].length == u32::MAX)
                .unwrap_or(0);
            table.probes = table.probes.max(behind as u32);
            table.entries[(home + behind) % size] = *text;
        }
        table
    }

    /// The seeds of the texts, together: what keys are sifted by.
    pub fn seeds(&self) -> u64 {
        self.seeds
    }

    /// What the text from `start` to `end` stands for, if it is one of these.
    #[inline(always)]
    pub fn find(&self, text: &[u8], start: usize, end: usize) -> Option<&T> {
        let ends = Ends::of(text, start, end);
        let home = (ends.hash(end - start, self.factor) >> self.shift) as usize;
        let entry = self.entries.get(home)?;
        if self.is(entry, ends, text, start, end) {
            return Some(&entry.means);
        }
        if self.probes == 0 {
            return None;
        }
        self.behind(home, ends, text, start, end)
    }

    /// Texts that stand behind their place.
    #[inline(never)]
    fn behind(&self, home: usize, ends: Ends, text: &[u8], start: usize, end: usize) -> Option<&T> {
        let mut places = (home + 1..=home + self.probes as usize).map(|at| {
            let at = at % self.entries.len();
            &self.entries[at]
        });
        let entry = places.find(|entry| self.is(entry, ends, text, start, end))?;
        Some(&entry.means)
    }

    /// Whether the text of an entry is the one from `start` to `end`, whose ends are these.
    #[inline(always)]
    fn is(&self, entry: &Entry<T>, ends: Ends, text: &[u8], start: usize, end: usize) -> bool {
        let length = end - start;
        entry.ends == ends
            && entry.length as usize == length
            && (length <= 16 || self.same(entry, text, start, end))
    }

    #[inline(never)]
    fn same(&self, entry: &Entry<T>, text: &[u8], start: usize, end: usize) -> bool {
        let at = entry.at as usize;
        let known = self.long.get(at..at + (end - start));
        known.is_some() && known == text.get(start..end)
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
        // Alike at both ends.
        texts.extend(["x", "y", "z"].map(|middle| format!("a long {middle} text: the end")));
        let table = Table::new(texts.iter().map(String::as_str).zip(0usize..));
        for (number, text) in texts.iter().enumerate() {
            for (before, after) in [("", ""), ("\"", "\":1}"), ("0123456789", "0123456789")] {
                let around = format!("{before}{text}{after}");
                let (start, end) = (before.len(), before.len() + text.len());
                assert_eq!(
                    table.find(around.as_bytes(), start, end),
                    Some(&number),
                    "{text}"
                );
            }
            for other in [format!("{text}\0"), format!("{text}x"), format!("x{text}")] {
                let found = table.find(other.as_bytes(), 0, other.len());
                assert_eq!(
                    found.copied(),
                    texts.iter().position(|text| *text == other),
                    "{other}"
                );
            }
        }
        let none = Table::<usize>::new(std::iter::empty());
        assert_eq!(none.find(b"", 0, 0), None);
    }
}
