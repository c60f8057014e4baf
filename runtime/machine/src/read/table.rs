//! A few texts known beforehand, to be told from any others: the keys of an object, the values of an enum.
//!
//! Comes in: the texts, once, each with what it stands for; then places in a document. Goes out: what the text there stands
//! for. Never true here: a comparison byte by byte of what is shorter than seventeen bytes, nor a step from it to what it stands
//! for, where it stands in its place; work in the making, or a search, that grows with the square or the number of the texts,
//! however alike they are: those for which there is no room near their places are searched by halves.

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
    /// Whether a text may stand elsewhere than in its own place.
    strays: bool,
    /// Those that stand at none of these places, in the order of [`Entry::order`].
    aside: Box<[Entry<T>]>,
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

impl<T> Entry<T> {
    /// What its hash is made of.
    fn mixed(&self) -> u64 {
        self.ends.mixed(self.length as usize)
    }

    /// What texts that stand aside are sorted by; `long` has the bytes of long ones.
    fn order<'l>(&self, long: &'l [u8]) -> (Ends, u32, &'l [u8]) {
        let at = self.at as usize;
        let bytes = if self.length > 16 {
            long.get(at..at + self.length as usize).unwrap_or_default()
        } else {
            &[]
        };
        (self.ends, self.length, bytes)
    }
}

/// Factors that are tried for a size of the table before it is doubled, up to eight places a text: this many of few texts, and of
/// many so many that each size costs no more than placing [`PLACED`] of them. The most have one try, at four places a text or less.
const TRIES: u64 = 64;
const PLACED: usize = 64 * 1024;
/// How many places behind its own a text is placed at most.
const PROBES: usize = 16;

/// The first eight bytes of a text and the eight behind them, or of a text longer than sixteen the last eight. Shorter texts
/// are filled up with zeros, and so length and ends are all of a text of up to sixteen bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
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
    fn mixed(self, length: usize) -> u64 {
        self.first ^ self.last.rotate_left(29) ^ (length as u64) << 56
    }

    #[inline(always)]
    fn hash(self, length: usize, factor: u64) -> u64 {
        self.mixed(length).wrapping_mul(factor)
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
        let most = (PLACED / entries.len().max(1)).clamp(1, TRIES as usize) as u64;
        let sizes = if most > 1 { 3 } else { 1 };
        let tries = (0..sizes).map(|doubled| least << doubled).flat_map(|size| {
            // Odd, and the same in every build.
            let factor = |n: u64| (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            (0..most).map(move |n| (size, factor(n)))
        });
        let placed = tries.map(|(size, factor)| Table::placed(&entries, size, factor));
        let mut best: Option<Table<T>> = None;
        for table in placed {
            let better = best
                .as_ref()
                .is_none_or(|best| table.strain() < best.strain());
            if better {
                best = Some(table);
            }
            if best.as_ref().is_some_and(|best| !best.strays) {
                break;
            }
        }
        let mut table = best.unwrap_or_else(|| Table::placed(&entries, least, 1));
        // The first of equal texts stays, as it does in its place.
        table
            .aside
            .sort_by(|a, b| a.order(&long).cmp(&b.order(&long)));
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
            strays: false,
            aside: Box::default(),
            long: Box::default(),
        };
        let mut aside = Vec::new();
        for text in texts {
            match table.room(text) {
                Some((behind, at)) => {
                    table.probes = table.probes.max(behind as u32);
                    table.entries[at] = *text;
                }
                None => aside.push(*text),
            }
        }
        table.strays = table.probes > 0 || !aside.is_empty();
        table.aside = aside.into();
        table
    }

    /// The free place for a text, and how far behind its own it is. There is none behind a text that no factor tells from it: one of
    /// those is enough to go past.
    fn room(&self, text: &Entry<T>) -> Option<(usize, usize)> {
        let (size, mixed) = (self.entries.len(), text.mixed());
        let home = (mixed.wrapping_mul(self.factor) >> self.shift) as usize;
        for behind in 0..size.min(PROBES + 1) {
            let at = (home + behind) % size;
            let there = self.entries.get(at)?;
            if there.length == u32::MAX {
                return Some((behind, at));
            }
            if there.mixed() == mixed {
                return None;
            }
        }
        None
    }

    /// What searches have to go past: the less, the better.
    fn strain(&self) -> (usize, u32) {
        (self.aside.len(), self.probes)
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
        if !self.strays {
            return None;
        }
        self.elsewhere(home, ends, text, start, end)
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

    /// Texts that stand behind their place, or at none.
    #[inline(never)]
    fn elsewhere(
        &self,
        home: usize,
        ends: Ends,
        text: &[u8],
        start: usize,
        end: usize,
    ) -> Option<&T> {
        let mut places = (home + 1..=home + self.probes as usize).map(|at| {
            let at = at % self.entries.len();
            &self.entries[at]
        });
        if let Some(entry) = places.find(|entry| self.is(entry, ends, text, start, end)) {
            return Some(&entry.means);
        }
        let length = end - start;
        let bytes = if length > 16 {
            text.get(start..end)?
        } else {
            &[]
        };
        let order = (ends, u32::try_from(length).ok()?, bytes);
        let at = self
            .aside
            .partition_point(|entry| entry.order(&self.long) < order);
        let entry = self.aside.get(at)?;
        (entry.order(&self.long) == order).then_some(&entry.means)
    }

    /// Takes out the text that stands for what `which` says, wherever it stands.
    pub fn remove(&mut self, which: impl Fn(&T) -> bool) {
        let is = |entry: &Entry<T>| entry.length != u32::MAX && which(&entry.means);
        if let Some(entry) = self.entries.iter_mut().find(|entry| is(entry)) {
            // Searches go on behind a free place.
            entry.length = u32::MAX;
        } else if self.aside.iter().any(is) {
            self.aside = self
                .aside
                .iter()
                .filter(|entry| !is(entry))
                .copied()
                .collect();
        }
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
        // A text that was taken out is not found, and each other still is.
        let mut table = table;
        for (gone, text) in texts.iter().enumerate().filter(|(gone, _)| gone % 7 == 0) {
            assert!(table.find(text.as_bytes(), 0, text.len()).is_some());
            table.remove(|means| *means == gone);
        }
        for (number, text) in texts.iter().enumerate() {
            let found = table.find(text.as_bytes(), 0, text.len());
            assert_eq!(found, (number % 7 != 0).then_some(&number), "{text}");
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

    /// Texts that no factor tells apart, equal ones, and those that half of the factors put into one place.
    #[test]
    fn texts_that_are_alike_are_found_by_halves() {
        let count = if cfg!(miri) { 60 } else { 3_000 };
        // Sixteen letters of which the mixture is the number.
        let made_of = |mixed: u64| {
            let mixed = mixed ^ 16 << 56;
            let last = (mixed & 0x8080_8080_8080_8080).rotate_right(29);
            let halves = [mixed & 0x7F7F_7F7F_7F7F_7F7F, last].map(u64::to_le_bytes);
            String::from_utf8(halves.concat()).expect("ASCII")
        };
        let inverse = (0..6).fold(1u64, |x, _| {
            let product = x.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            x.wrapping_mul(2u64.wrapping_sub(product))
        });
        let takes_itself_away = |n: u64| {
            let first = n & 0xF | (n >> 4 & 0xF) << 8 | (n >> 8 & 0xF) << 16;
            let halves = [first, first.rotate_right(29)].map(u64::to_le_bytes);
            String::from_utf8(halves.concat()).expect("ASCII")
        };
        let sorts: [&dyn Fn(u64) -> String; 4] = [
            &|n| format!("https://schema.example/categories/{n:06}/default"),
            &|n| format!("one value, {} times the same", n % 2),
            &|n| made_of(n.wrapping_mul(inverse)),
            &takes_itself_away,
        ];
        for sort in sorts {
            let texts: Vec<String> = (0..count).map(sort).collect();
            let numbered = texts.iter().enumerate();
            let table = Table::new(numbered.map(|(number, text)| (text.as_str(), number)));
            for text in &texts {
                let first = texts.iter().position(|other| other == text);
                let found = table.find(text.as_bytes(), 0, text.len());
                assert_eq!(found.copied(), first, "{text:?}");
            }
            let other = format!("{}?", &texts[0][1..]);
            assert_eq!(table.find(other.as_bytes(), 0, other.len()), None);
            assert!(table.probes as usize <= PROBES);
        }
    }
}
