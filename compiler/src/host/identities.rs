//! Who is who: identities to numbers, one look-up for each.
//!
//! Comes in: a namespace and an id. Goes out: the number they were put in with. Entries lie back to back in one arena, the
//! table holds their places and a part of each hash, so a look-up allocates nothing and touches one slot and one entry. Who
//! knows early what will be looked up asks for the memory of both first.
//! Never true here: an order (nothing walks the table), an identity forgotten.

use journey_machine::fetch;

/// Numbers by identity.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// `place + 1` in the low half, high bits of the hash in the high half; 0 is free. A power of two long, at most 7/8 full.
    slots: Vec<u64>,
    /// Entries, each a [`Head`], the namespace and the id, filled up to the next place.
    entries: Vec<u8>,
    count: usize,
}

/// An identity whose hash is known.
#[derive(Clone, Copy, Debug)]
pub struct Hashed<'t> {
    namespace: &'t str,
    id: &'t str,
    hash: u64,
}

impl<'t> Hashed<'t> {
    /// Hashes an identity.
    pub fn new(namespace: &'t str, id: &'t str) -> Hashed<'t> {
        let hash = hash(namespace.as_bytes(), id.as_bytes());
        Hashed {
            namespace,
            id,
            hash,
        }
    }

    /// The same, of one that was hashed before.
    pub fn with(namespace: &'t str, id: &'t str, hash: u64) -> Hashed<'t> {
        debug_assert_eq!(hash, self::hash(namespace.as_bytes(), id.as_bytes()));
        Hashed {
            namespace,
            id,
            hash,
        }
    }

    /// Its hash.
    pub fn hash(self) -> u64 {
        self.hash
    }

    /// Namespace and id.
    pub fn texts(self) -> (&'t str, &'t str) {
        (self.namespace, self.id)
    }
}

/// What stands in front of an entry's texts: their lengths and its number.
#[derive(Clone, Copy, Debug)]
struct Head {
    namespace: u32,
    id: u32,
    number: u32,
}

const LEAST: usize = 16;
/// Bytes from one place to the next, and those of a head.
const STEP: usize = 16;
const HEAD: usize = 12;
/// Bytes of an entry that are asked for ahead.
const AHEAD: usize = 128;

impl Identities {
    /// Asks for the memory of the slot of an identity with this hash.
    pub fn fetch_slot(&self, hash: u64) {
        if let Some(slot) = self.slots.get(self.home(hash)) {
            fetch(slot);
        }
    }

    /// Asks for the memory of its entry, once the slot's has come.
    pub fn fetch_entry(&self, hash: u64) {
        if let Some(place) = self.place(hash, |_| true) {
            let rest = &self.entries[place..];
            fetch(&rest[..rest.len().min(AHEAD)]);
        }
    }

    /// The number of an identity.
    pub fn find(&self, of: Hashed<'_>) -> Option<u32> {
        let place = self.place(of.hash, |place| self.is(place, of))?;
        Some(self.head(place).number)
    }

    /// Gives an identity a number; one that has a number keeps its entry and gets this one instead of what is handed back. The texts may
    /// take 64 GB.
    pub fn insert(&mut self, of: Hashed<'_>, number: u32) -> Option<u32> {
        if let Some(place) = self.place(of.hash, |place| self.is(place, of)) {
            let had = self.head(place).number;
            self.entries[place + 8..place + HEAD].copy_from_slice(&number.to_le_bytes());
            return Some(had);
        }
        if self.count * 8 >= self.slots.len() * 7 {
            self.grow();
        }
        let place = self.entries.len();
        let (namespace, id) = (of.namespace.as_bytes(), of.id.as_bytes());
        for word in [namespace.len() as u32, id.len() as u32, number] {
            self.entries.extend(word.to_le_bytes());
        }
        self.entries.extend_from_slice(namespace);
        self.entries.extend_from_slice(id);
        self.entries
            .resize(self.entries.len().next_multiple_of(STEP), 0);
        self.count += 1;
        put(&mut self.slots, of.hash, place);
        None
    }

    /// Where the search for a hash begins.
    fn home(&self, hash: u64) -> usize {
        hash as usize & self.slots.len().wrapping_sub(1)
    }

    /// The first place with this hash that `is` what is looked for.
    fn place(&self, hash: u64, is: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = self.home(hash);
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 {
                return None;
            }
            let place = (slot as u32 - 1) as usize * STEP;
            if slot >> 32 == hash >> 32 && is(place) {
                return Some(place);
            }
            at = self.home(at as u64 + 1);
        }
    }

    fn is(&self, place: usize, of: Hashed<'_>) -> bool {
        let (namespace, id) = self.texts(place);
        id == of.id.as_bytes() && namespace == of.namespace.as_bytes()
    }

    fn head(&self, place: usize) -> Head {
        let word = |at: usize| {
            let bytes = self.entries[place + at..].first_chunk();
            u32::from_le_bytes(*bytes.unwrap_or(&[0; 4]))
        };
        Head {
            namespace: word(0),
            id: word(4),
            number: word(8),
        }
    }

    fn texts(&self, place: usize) -> (&[u8], &[u8]) {
        let head = self.head(place);
        let texts = &self.entries[place + HEAD..];
        let (namespace, rest) = texts.split_at(head.namespace as usize);
        (namespace, &rest[..head.id as usize])
    }

    fn grow(&mut self) {
        let mut slots = vec![0; (self.slots.len() * 2).max(LEAST)];
        let mut place = 0;
        while place < self.entries.len() {
            let (namespace, id) = self.texts(place);
            put(&mut slots, hash(namespace, id), place);
            place += (HEAD + namespace.len() + id.len()).next_multiple_of(STEP);
        }
        self.slots = slots;
    }
}

/// Puts a place where there is room for it.
fn put(slots: &mut [u64], hash: u64, place: usize) {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    while slots[at] != 0 {
        at = (at + 1) & mask;
    }
    slots[at] = (hash >> 32 << 32) | ((place / STEP) as u64 + 1);
}

/// Eight bytes at a time, folded by the two halves of a product; the same in every build. Whoever wrote the feed could make
/// identities meet in one slot, which costs that replay time and nothing else.
fn hash(namespace: &[u8], id: &[u8]) -> u64 {
    let state = fold(namespace.len() as u64, namespace);
    fold(state ^ id.len() as u64, id)
}

fn fold(state: u64, bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |state: u64, word: u64| {
        let product = u128::from(state ^ word ^ ODD) * u128::from(ODD ^ state.rotate_left(32));
        (product >> 64) as u64 ^ product as u64
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let state = words
        .iter()
        .fold(state, |state, word| mix(state, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(state, u64::from_le_bytes(last))
}

#[cfg(test)]
mod tests {
    use super::{Hashed, Identities};

    #[test]
    fn many_are_found_and_boundaries_count() {
        let mut known = Identities::default();
        assert_eq!(known.find(Hashed::new("ECID", "0")), None);
        for n in 0..5_000 {
            known.insert(Hashed::new("ECID", &n.to_string()), n);
            known.insert(
                Hashed::new("Email", &format!("{n}@mail.example")),
                n + 10_000,
            );
        }
        for n in 0..5_000 {
            assert_eq!(known.find(Hashed::new("ECID", &n.to_string())), Some(n));
            assert_eq!(
                known.find(Hashed::new("Email", &format!("{n}@mail.example"))),
                Some(n + 10_000)
            );
        }
        assert_eq!(known.find(Hashed::new("ECID", "5000")), None);
        assert_eq!(known.find(Hashed::new("ECI", "D1")), None);
        known.insert(Hashed::new("ECID", "17"), 99);
        assert_eq!(known.find(Hashed::new("ECID", "17")), Some(99));
        assert_eq!(known.count, 10_000);
    }
}
