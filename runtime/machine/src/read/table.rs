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

/// The first eight bytes of a text and the eight behind them, or of a text longer than sixteen the last eight. Shorter texts
/// are filled up with zeros, and so length and ends are all of a text of up to sixteen bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Ends {
    first: u64,
    last: u64,
}

/// Eight bytes of sixteen.
#[inline(always)]
fn word(bytes: &Window, at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

/// The bytes that a short text is looked up by: its own, and what stands behind it.
pub(super) type Window = [u8; 16];

impl Ends {
    /// Of the bytes from `start` to `end` of a text.
    fn of(text: &[u8], start: usize, end: usize) -> Ends {
        let window = text.get(start..).and_then(|rest| rest.first_chunk());
        let short = window.and_then(|window| Ends::short(window, end - start));
        short.unwrap_or_else(|| Ends::seldom(text.get(start..end).unwrap_or_default()))
    }

    /// Of a text of up to sixteen bytes.
    #[inline(always)]
    fn short(window: &Window, length: usize) -> Option<Ends> {
        let within = WITHIN.get(length)?;
        Some(Ends {
            first: word(window, 0) & within.first,
            last: word(window, 8) & within.last,
        })
    }

    /// Of a long text, or one with less than sixteen bytes from its start to the end of all.
    #[inline(never)]
    fn seldom(text: &[u8]) -> Ends {
        let mut ends = [0; 16];
        match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            (Some(first), Some(last)) if text.len() > 16 => {
                ends[..8].copy_from_slice(first);
                ends[8..].copy_from_slice(last);
            }
            _ => ends[..text.len()].copy_from_slice(text),
        }
        let (first, last) = (word(&ends, 0), word(&ends, 8));
        Ends { first, last }
    }

    #[inline(always)]
    fn hash(self, length: usize, factor: u64) -> u64 {
        let mixed = self.first ^ self.last.rotate_left(29) ^ (length as u64) << 56;
        mixed.wrapping_mul(factor)
    }
}

/// The bits that belong to a text of up to sixteen bytes.
static WITHIN: [Ends; 17] = {
    let mut within = [Ends { first: 0, last: 0 }; 17];
    let mut length = 0;
    while length <= 16 {
        let bits = if length < 16 {
            (1u128 << (8 * length)) - 1
        } else {
            u128::MAX
        };
        within[length] = Ends {
            first: bits as u64,
            last: (bits >> 64) as u64,
        };
        length += 1;
    }
    within
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
    #[inline(never)]
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

    /// What the text of so many bytes in front of a window stands for, if it stands in its own place, as nearly all do. When it
    /// does not, or is longer than sixteen bytes, [`Table::find`] knows.
    #[inline(always)]
    pub fn find_short(&self, window: &Window, length: usize) -> Option<&T> {
        let ends = Ends::short(window, length)?;
        let home = (ends.hash(length, self.factor) >> self.shift) as usize;
        let entry = self.entries.get(home)?;
        let same = entry.ends == ends && entry.length as usize == length;
        same.then_some(&entry.means)
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
    #[inline]
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
        let count = if cfg!(miri) { 60 } else { 300 };
        let mut texts: Vec<String> = (0..count)
            .map(|n| "k".repeat(n % 40) + &n.to_string())
            .collect();
        texts.push(String::new());
        texts.push("\0".into());
        // Alike at both ends.
        texts.extend(["x", "y", "z"].map(|middle| format!("a long {middle} text: the end")));
        let table = Table::new(
            texts
                .iter()
                .enumerate()
                .map(|(number, text)| (text.as_str(), number)),
        );
        for (number, text) in texts.iter().enumerate() {
            for (before, after) in [("", ""), ("\"", "\":1}"), ("0123456789", "0123456789")] {
                let around = format!("{before}{text}{after}");
                let (start, end) = (before.len(), before.len() + text.len());
                assert_eq!(
                    table.find(around.as_bytes(), start, end),
                    Some(&number),
                    "{text}"
                );
                // The quick way finds it or nothing.
                let window = around.as_bytes().get(start..start + 16);
                let window = window.and_then(|window| window.first_chunk());
                let quick = window.and_then(|window| table.find_short(window, text.len()));
                assert!(quick.is_none_or(|found| *found == number), "{text}");
            }
            let first = text.as_bytes().first().copied().unwrap_or(b'"');
            assert_ne!(table.seeds() & seed(first, text.len() as u32), 0, "{text}");
            for other in [format!("{text}\0"), format!("{text}x"), format!("x{text}")] {
                let found = table.find(other.as_bytes(), 0, other.len());
                assert_eq!(
                    found.copied(),
                    texts.iter().position(|text| *text == other),
                    "{other}"
                );
            }
        }
        // A table of few texts has each in its own place.
        let few = Table::new([("a", 1), ("a key of sixteen", 2)].into_iter());
        assert_eq!(few.find_short(b"a\":1,\"b\":2,\"c\":3", 1), Some(&1));
        assert_eq!(few.find_short(b"a key of sixteen", 16), Some(&2));
        assert_eq!(few.find_short(b"a key of sixteen", 15), None);
        assert_eq!(few.find_short(b"a key of sixteen", 17), None);
        let none = Table::<usize>::new(std::iter::empty());
        assert_eq!(none.find(b"", 0, 0), None);
    }
}
