//! Sets of constants, in which a value is found or not at one look.
//!
//! A value's hash says where in a table it begins to be looked for; all values stand within a few places of there, so that a look has a
//! length that no value changes. Comes in: a verified set, once; then values. Goes out: whether a value is in it, as `==` on values of
//! its type. Never true here: a look that is longer than others because somebody chose the values: where they do not fit into a
//! table, they are looked up in their order.

use crate::fault::Fault;
use crate::func::Ctx;
use crate::func::eights::same_after;
use journey_artifact::hash;
use journey_artifact::word::{Ref, WordType, plain};

/// A set of constants of one type.
#[derive(Debug)]
pub struct Set {
    ty: WordType,
    /// Bytes of the longest text.
    longest: u32,
    /// By the low six bits of a length: whether a text may be so long.
    lengths: u64,
    table: Table,
}

#[derive(Debug)]
enum Table {
    Words(Places<u64>),
    /// By hash; references into the text of the constants.
    Texts(Places<Text>),
    /// What no table takes: words by rising number, references by rising text.
    Sorted(Box<[u64]>),
}

/// A text of the constants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    hash: u64,
    reference: u64,
}

impl Text {
    /// With this reference.
    pub fn new(text: &str, reference: u64) -> Text {
        Text {
            hash: hash_of(text.as_bytes()),
            reference,
        }
    }
}

/// A table. Free places hold what another place does, so that none has to be told from others.
#[derive(Debug)]
struct Places<T> {
    places: Box<[T]>,
    factor: u64,
    shift: u32,
    window: usize,
}

/// What code needs to look for a word in place.
#[derive(Clone, Copy, Debug)]
pub struct WordPlaces<'s> {
    /// The words.
    pub places: &'s [u64],
    /// The word times this, shifted right by [`shift`](Self::shift), is the first place.
    pub factor: u64,
    /// See `factor`.
    pub shift: u32,
    /// How many places are looked at.
    pub window: usize,
}

/// Odd numbers without a pattern, tried one after another.
pub const FACTORS: [u64; 4] = [
    0x9E37_79B9_7F4A_7C15,
    0xD6E8_FEB8_6659_FD93,
    0xC2B2_AE3D_27D4_EB4F,
    0xFF51_AFD7_ED55_8CCD,
];
/// With more lengths than these it is not worth a look whether a text has one of them.
const LENGTHS: u32 = 24;
/// So many places are looked at, at most; and the largest sets for which fewer are tried.
const WINDOWS: [(usize, usize); 4] = [(1, 128), (2, 512), (4, 8_192), (8, usize::MAX)];

impl<T: Copy> Places<T> {
    /// A table of these; `None` when some do not find a place.
    fn new(items: &[T], key: impl Fn(T) -> u64) -> Option<Places<T>> {
        let free = *items.first()?;
        let slots = (4 * items.len()).next_power_of_two();
        let shift = u64::BITS - slots.trailing_zeros();
        let (mut places, mut taken) = (Vec::new(), Vec::new());
        for (window, _) in WINDOWS.iter().filter(|(_, most)| items.len() <= *most) {
            for factor in FACTORS {
                places.clear();
                places.resize(slots + window - 1, free);
                taken.clear();
                taken.resize(slots + window - 1, false);
                let all = items.iter().all(|item| {
                    let first = (key(*item).wrapping_mul(factor) >> shift) as usize;
                    let found = (first..first + window).find(|at| !taken[*at]);
                    if let Some(at) = found {
                        (places[at], taken[at]) = (*item, true);
                    }
                    found.is_some()
                });
                if all {
                    return Some(Places {
                        places: places.into(),
                        factor,
                        shift,
                        window: *window,
                    });
                }
            }
        }
        None
    }

    /// Where something with this key may stand.
    #[inline(always)]
    fn at(&self, key: u64) -> &[T] {
        let first = (key.wrapping_mul(self.factor) >> self.shift) as usize;
        self.places
            .get(first..first + self.window)
            .unwrap_or_default()
    }
}

impl Set {
    /// Of words, each as [`plain`] gives it, rising.
    pub(super) fn of_words(ty: WordType, words: &[u64]) -> Set {
        let table = match Places::new(words, |word| word) {
            Some(places) => Table::Words(places),
            None => Table::Sorted(words.into()),
        };
        Set {
            ty,
            longest: 0,
            lengths: u64::MAX,
            table,
        }
    }

    /// Of texts of the constants.
    pub(super) fn of_texts(items: &[Text], constants: &str) -> Set {
        let table = match Places::new(items, |text| text.hash) {
            Some(places) => Table::Texts(places),
            None => {
                let mut sorted: Vec<u64> = items.iter().map(|text| text.reference).collect();
                sorted.sort_by_key(|text| bytes_of(constants.as_bytes(), *text));
                Table::Sorted(sorted.into())
            }
        };
        let lengths = || items.iter().map(|text| Ref(text.reference).len());
        Set {
            ty: WordType::Str,
            longest: lengths().max().unwrap_or(0),
            lengths: lengths().fold(0, |all, len| all | 1 << (len % 64)),
            table,
        }
    }

    /// Where code may look for a word itself: [`plain`] of a register's.
    pub fn words(&self) -> Option<WordPlaces<'_>> {
        match &self.table {
            Table::Words(places) => Some(WordPlaces {
                places: &places.places,
                factor: places.factor,
                shift: places.shift,
                window: places.window,
            }),
            Table::Texts(_) | Table::Sorted(_) => None,
        }
    }

    /// By the low six bits of a text's length, whether it may be in the set, where that tells many of them apart.
    pub fn lengths(&self) -> Option<u64> {
        (self.lengths.count_ones() <= LENGTHS).then_some(self.lengths)
    }

    /// What is looked for.
    pub fn ty(&self) -> WordType {
        self.ty
    }

    /// Whether a word that is no reference is in it, if a table tells; in place, for the interpreter's loop.
    #[inline(always)]
    pub(super) fn told(&self, word: u64) -> Option<bool> {
        let Table::Words(places) = &self.table else {
            return None;
        };
        let word = plain(self.ty, word);
        let places = places.at(word).iter();
        Some(places.fold(false, |is, it| is | (*it == word)))
    }

    /// Whether a word is in it, of texts whose bytes are given.
    #[inline(always)]
    pub(super) fn has_by<'t>(
        &self,
        word: u64,
        constants: &[u8],
        bytes: impl FnOnce(u64) -> Option<&'t [u8]>,
    ) -> Option<bool> {
        match self.ty {
            WordType::Str => Some(self.has_text(bytes(word)?, constants)),
            _ => Some(self.has_word(word)),
        }
    }

    /// Whether a word is in it, wherever a text is.
    pub(super) fn has(&self, ctx: &Ctx<'_>, word: u64) -> Result<bool, Fault> {
        let constants = ctx.fixed[0].text.as_bytes();
        Ok(match self.ty {
            WordType::Str => self.has_text(ctx.bytes(word)?, constants),
            _ => self.has_word(word),
        })
    }

    fn has_word(&self, word: u64) -> bool {
        let word = plain(self.ty, word);
        match &self.table {
            Table::Words(places) => places.at(word).contains(&word),
            Table::Sorted(words) => words.binary_search(&word).is_ok(),
            Table::Texts(_) => false,
        }
    }

    /// Whether a text of so many bytes may be in it.
    #[inline(always)]
    pub(super) fn may_have(&self, bytes: usize) -> bool {
        bytes <= self.longest as usize && self.lengths >> (bytes % 64) & 1 == 1
    }

    /// Whether a text is in it.
    #[inline(always)]
    pub(super) fn has_text(&self, text: &[u8], constants: &[u8]) -> bool {
        // What is longer than each of them is not hashed.
        if text.len() > self.longest as usize {
            return false;
        }
        match &self.table {
            Table::Texts(places) => {
                self.has_like(places, text, constants, hash_of(text), |word| word)
            }
            Table::Sorted(texts) => {
                let order = |other: &u64| bytes_of(constants, *other).cmp(text);
                texts.binary_search_by(order).is_ok()
            }
            Table::Words(_) => false,
        }
    }

    /// Whether a text of ASCII, its words changed, is in it; `None` where it would have to be made for that.
    #[inline(always)]
    pub(super) fn has_changed(
        &self,
        text: &[u8],
        constants: &[u8],
        change: impl Fn(u64) -> u64 + Copy,
    ) -> Option<bool> {
        if !self.may_have(text.len()) {
            return Some(false);
        }
        let Table::Texts(places) = &self.table else {
            return None;
        };
        let hash = short_hash(text, change)?;
        Some(self.has_like(places, text, constants, hash, change))
    }

    /// Whether a text of this hash, its words changed, is in a table.
    #[inline(always)]
    fn has_like(
        &self,
        places: &Places<Text>,
        text: &[u8],
        constants: &[u8],
        hash: u64,
        change: impl Fn(u64) -> u64 + Copy,
    ) -> bool {
        let same = |it: &&Text| it.hash == hash && Ref(it.reference).len() as usize == text.len();
        let mut alike = places.at(hash).iter().filter(same);
        alike.any(|it| same_after(text, bytes_of(constants, it.reference), change))
    }
}

/// The hash of a text.
#[inline(always)]
fn hash_of(text: &[u8]) -> u64 {
    short_hash(text, |word| word).unwrap_or_else(|| hash::bytes(0, text))
}

/// The hash of a short text, as most are, its words changed: by one product of its beginning and its end, which may overlap.
#[inline(always)]
fn short_hash(text: &[u8], change: impl Fn(u64) -> u64) -> Option<u64> {
    let len = text.len() as u64;
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) if text.len() <= 16 => {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        }
        (Some(_), _) => return None,
        _ => match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) => (
                u64::from(u32::from_le_bytes(*first)),
                u64::from(u32::from_le_bytes(*last)),
            ),
            _ => {
                let at = |ix: usize| u64::from(text.get(ix).copied().unwrap_or(0));
                (at(0) | at(1) << 8, at(2))
            }
        },
    };
    let (first, last) = (change(first), change(last));
    let [one, other] = [FACTORS[1] ^ first, FACTORS[2] ^ last ^ len << 56];
    let product = u128::from(one) * u128::from(other);
    Some(product as u64 ^ (product >> 64) as u64)
}

/// The bytes of a text of the constants.
#[inline(always)]
fn bytes_of(constants: &[u8], reference: u64) -> &[u8] {
    let (from, len) = (
        Ref(reference).offset() as usize,
        Ref(reference).len() as usize,
    );
    constants.get(from..from + len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{FACTORS, Set, Table, Text, WINDOWS};
    use crate::record::Record;
    use journey_artifact::word::{Ref, Region, WordType};

    /// Texts among the constants, and their references.
    fn texts(all: &[String]) -> (Record, Vec<Text>) {
        let mut record = Record::default();
        let mut text = |text: &String| {
            let at = record.text.len() as u32;
            record.text.push_str(text);
            Text::new(text, Ref::new(Region::Const, text.len() as u32, at).0)
        };
        let texts = all.iter().map(&mut text).collect();
        (record, texts)
    }

    fn has(set: &Set, constants: &Record, text: &str) -> bool {
        set.has_text(text.as_bytes(), constants.text.as_bytes())
    }

    #[test]
    fn what_is_in_it_is_found_and_nothing_else() {
        let few = if cfg!(miri) { 3 } else { 13 };
        for count in (0..few).map(|bits| 1usize << bits) {
            for name in [
                |n: usize| format!("{n}"),
                |n: usize| format!("SKU-{n:06}"),
                |n: usize| "x".repeat(n % 40) + &format!("{n:03}"),
            ] {
                let all: Vec<String> = (0..count).map(|n| name(2 * n)).collect();
                let (constants, items) = texts(&all);
                let set = Set::of_texts(&items, &constants.text);
                assert!(matches!(set.table, Table::Texts(_)), "{count}");
                for n in 0..2 * count {
                    assert_eq!(
                        has(&set, &constants, &name(n)),
                        n % 2 == 0,
                        "{n} of {count}"
                    );
                }
                assert!(!has(&set, &constants, "") && !has(&set, &constants, &"y".repeat(99)));
            }
            let words: Vec<u64> = (0..count as u64).map(|n| n * 6).collect();
            let set = Set::of_words(WordType::Int, &words);
            let places = set.words().expect("they find places");
            assert!(places.window <= WINDOWS[3].0);
            for n in 0..6 * count as u64 {
                assert_eq!(set.has_word(n), n % 6 == 0, "{n} of {count}");
            }
        }
    }

    /// Words that all begin to be looked for at the first place, under this factor.
    fn crowd(factor: u64) -> impl Iterator<Item = u64> {
        // Of an odd number each step has twice as many bits of the inverse right.
        let step =
            |inverse: u64, _| inverse.wrapping_mul(2u64.wrapping_sub(factor.wrapping_mul(inverse)));
        let inverse = (0..6).fold(factor, step);
        (1..20).map(move |n: u64| inverse.wrapping_mul(n))
    }

    #[test]
    fn the_empty_text_is_a_text() {
        let (constants, items) = texts(&[String::new(), "\0".into()]);
        let set = Set::of_texts(&items, &constants.text);
        assert!(has(&set, &constants, "") && has(&set, &constants, "\0"));
        assert!(!has(&set, &constants, "\0\0"));
    }

    /// Whoever chooses values that all begin to be looked for at one place makes a look no longer than their order asks for.
    #[test]
    fn what_finds_no_place_is_looked_up_in_its_order() {
        let mut words: Vec<u64> = FACTORS.into_iter().flat_map(crowd).collect();
        words.sort_unstable();
        let set = Set::of_words(WordType::Int, &words);
        assert!(set.words().is_none());
        assert!(words.iter().all(|word| set.has_word(*word)));
        assert!((0..99).all(|word| set.has_word(word) == words.contains(&word)));
        let same = Text {
            hash: 7,
            ..texts(&["".into()]).1[0]
        };
        let all: Vec<String> = (0..40).map(|n| format!("{n:02}")).collect();
        let (constants, items) = texts(&all);
        let items: Vec<Text> = items
            .iter()
            .map(|it| Text {
                reference: it.reference,
                ..same
            })
            .collect();
        let set = Set::of_texts(&items, &constants.text);
        assert!(matches!(set.table, Table::Sorted(_)));
        assert!(all.iter().all(|text| has(&set, &constants, text)));
        assert!(!has(&set, &constants, "40") && !has(&set, &constants, "1"));
    }

    #[test]
    fn equal_words_are_one() {
        let set = Set::of_words(WordType::Dec, &[0, 2.5f64.to_bits()]);
        assert!(set.has_word((-0.0f64).to_bits()) && set.has_word(0));
        assert!(!set.has_word(f64::NAN.to_bits()));
        let set = Set::of_words(WordType::DateTime, &[5 << 12]);
        assert!(set.has_word(5 << 12 | 60) && !set.has_word(6 << 12));
    }
}
