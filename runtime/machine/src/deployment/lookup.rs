//! Lookup tables of the routing index: values to what stands under them, and ranges to those that a value lies in.
//!
//! Comes in: constants, each with a number. Goes out: the numbers under one value. Never true here: a seed, or an order that
//! a hash decides; what is asked for is compared, the hash only says where to look.

use journey_artifact::word::{WordType, date_time_ms};

/// A word as a number whose order and equality are those of the values of its type.
pub fn key(ty: WordType, word: u64) -> u64 {
    const SIGN: u64 = 1 << 63;
    match ty {
        // From the lowest number to the highest; both zeros are one value.
        WordType::Dec => match word {
            SIGN => SIGN,
            word if word & SIGN == 0 => word | SIGN,
            word => !word,
        },
        WordType::DateTime => date_time_ms(word) as u64 ^ SIGN,
        WordType::Int | WordType::Date | WordType::Local | WordType::Duration => word ^ SIGN,
        _ => word,
    }
}

/// Values to what stands under them: texts, or words by their [`key`].
#[derive(Debug, Default)]
pub struct Table {
    /// A part of the hash, and a place in `entries` plus one; 0: nothing. A power of two of them, at most half taken.
    cells: Box<[(u32, u32)]>,
    /// The key (of a text: start and length in `text`), and what stands under it.
    entries: Box<[(u64, u32)]>,
    text: Box<str>,
}

impl Table {
    /// A table of texts, each once.
    pub fn of_texts<'k>(entries: impl ExactSizeIterator<Item = (&'k str, u32)>) -> Table {
        let mut table = Table::empty(entries.len());
        let (mut rows, mut text) = (Vec::with_capacity(entries.len()), String::new());
        for (key, under) in entries {
            table.put(hash(key.as_bytes()), rows.len());
            rows.push(((text.len() as u64) << 32 | key.len() as u64, under));
            text.push_str(key);
        }
        (table.entries, table.text) = (rows.into(), text.into());
        table
    }

    /// A table of words by their keys, each once.
    pub fn of_words(entries: impl ExactSizeIterator<Item = (u64, u32)>) -> Table {
        let mut table = Table::empty(entries.len());
        let mut rows = Vec::with_capacity(entries.len());
        for (key, under) in entries {
            table.put(mix(key), rows.len());
            rows.push((key, under));
        }
        table.entries = rows.into();
        table
    }

    fn empty(count: usize) -> Table {
        Table {
            cells: vec![(0, 0); (count * 2).next_power_of_two()].into(),
            ..Table::default()
        }
    }

    fn put(&mut self, hash: u64, row: usize) {
        let mask = self.cells.len() - 1;
        let mut at = hash as usize & mask;
        while self.cells[at].1 != 0 {
            at = (at + 1) & mask;
        }
        self.cells[at] = ((hash >> 32) as u32, row as u32 + 1);
    }

    /// What stands under a text.
    pub fn text(&self, key: &str) -> Option<u32> {
        self.find(hash(key.as_bytes()), |row| {
            let (start, len) = ((row >> 32) as usize, row as u32 as usize);
            self.text.as_bytes().get(start..start + len) == Some(key.as_bytes())
        })
    }

    /// What stands under a word, by its key.
    pub fn word(&self, key: u64) -> Option<u32> {
        self.find(mix(key), |row| row == key)
    }

    #[inline]
    fn find(&self, hash: u64, is: impl Fn(u64) -> bool) -> Option<u32> {
        let mask = self.cells.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        // A cell in two is free, so that this ends.
        loop {
            let (part, row) = self.cells[at];
            let row = (row as usize).checked_sub(1)?;
            if part == (hash >> 32) as u32 {
                let (key, under) = self.entries[row];
                if is(key) {
                    return Some(under);
                }
            }
            at = (at + 1) & mask;
        }
    }
}

/// A hash of text, the same in every process: eight bytes at a time, each folded in by a multiplication of full width.
fn hash(bytes: &[u8]) -> u64 {
    let mut state = mix(bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte));
        state = mix(state ^ word);
    }
    let rest = chunks
        .remainder()
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    mix(state ^ rest)
}

/// Spreads a word over all bits: both halves of its product with an odd constant.
fn mix(word: u64) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let product = u128::from(word ^ ODD.rotate_left(17)) * u128::from(ODD);
    (product as u64) ^ (product >> 64) as u64
}

/// Ranges of keys, both ends inside, to numbers: a balanced tree over the least keys that knows the greatest key below each
/// node, so that a question costs the logarithm of their number and what it finds.
#[derive(Debug, Default)]
pub struct Ranges {
    rows: Box<[Row]>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    min: u64,
    max: u64,
    /// The greatest `max` of the rows of which this one is the middle.
    reach: u64,
    under: u32,
}

impl Ranges {
    /// Ranges in any order; an empty one (its least key above its greatest) holds nothing.
    pub fn new(ranges: impl Iterator<Item = ((u64, u64), u32)>) -> Ranges {
        let row = |((min, max), under)| Row {
            min,
            max,
            reach: max,
            under,
        };
        let mut rows: Vec<Row> = ranges.map(row).filter(|row| row.min <= row.max).collect();
        rows.sort_by_key(|row| (row.min, row.max, row.under));
        reach(&mut rows);
        Ranges { rows: rows.into() }
    }

    /// Appends what stands under the ranges that a key lies in.
    pub fn find(&self, key: u64, found: &mut Vec<u32>) {
        stab(&self.rows, key, found);
    }
}

fn reach(rows: &mut [Row]) -> u64 {
    if rows.is_empty() {
        return 0;
    }
    let middle = rows.len() / 2;
    let below = reach(&mut rows[..middle]);
    let above = reach(&mut rows[middle + 1..]);
    let row = &mut rows[middle];
    row.reach = row.max.max(below).max(above);
    row.reach
}

fn stab(rows: &[Row], key: u64, found: &mut Vec<u32>) {
    let Some(row) = rows.get(rows.len() / 2) else {
        return;
    };
    if row.reach < key {
        return;
    }
    let (below, above) = (&rows[..rows.len() / 2], &rows[rows.len() / 2 + 1..]);
    stab(below, key, found);
    if row.min <= key {
        if key <= row.max {
            found.push(row.under);
        }
        stab(above, key, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_order_of_the_values() {
        let numbers = [
            f64::NEG_INFINITY,
            -2.5,
            -f64::MIN_POSITIVE,
            0.0,
            1e-300,
            7.0,
        ];
        for pair in numbers.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|x| key(WordType::Dec, x.to_bits()));
            assert!(a < b, "{pair:?}");
        }
        let zeros = [0.0_f64, -0.0].map(|x| key(WordType::Dec, x.to_bits()));
        assert_eq!(zeros[0], zeros[1]);
        assert!(key(WordType::Int, -1_i64 as u64) < key(WordType::Int, 0));
    }

    #[test]
    fn a_table_finds_what_was_put_in_and_nothing_else() {
        let count: u32 = if cfg!(miri) { 200 } else { 5_000 };
        let texts: Vec<String> = (0..count).map(|n| format!("key-{n}")).collect();
        let table = Table::of_texts(texts.iter().map(String::as_str).zip(0..count));
        let words = Table::of_words((0..count).map(|n| (u64::from(n) * 64, n)));
        for (text, n) in texts.iter().zip(0..count) {
            assert_eq!(table.text(text), Some(n));
            assert_eq!(table.text(&text[1..]), None);
            assert_eq!(words.word(u64::from(n) * 64), Some(n));
            assert_eq!(words.word(u64::from(n) * 64 + 1), None);
        }
        assert_eq!(Table::default().word(0), None);
        assert_eq!(Table::of_texts([("", 7)].into_iter()).text(""), Some(7));
    }

    #[test]
    fn ranges_equal_asking_each() {
        let mut state = 1;
        let mut draw = |below: u64| {
            state = mix(state);
            state % below
        };
        for count in [0, 1, 2, 3, 10, if cfg!(miri) { 33 } else { 257 }] {
            let all: Vec<(u64, u64)> = (0..count).map(|_| (draw(60), draw(80))).collect();
            let ranges = Ranges::new(all.iter().copied().zip(0..));
            for key in 0..90 {
                let mut found = Vec::new();
                ranges.find(key, &mut found);
                found.sort_unstable();
                let each: Vec<u32> = (0..)
                    .zip(&all)
                    .filter(|(_, (min, max))| (*min..=*max).contains(&key))
                    .map(|(n, _)| n)
                    .collect();
                assert_eq!(found, each);
            }
        }
    }
}
