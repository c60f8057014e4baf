//! Who is who: identities to numbers, one look-up for each.
//!
//! Comes in: a namespace and an id. Goes out: the number they were put in with. Texts lie back to back in one arena, the
//! table holds numbers and a part of each hash, so a look-up allocates nothing and touches the text of one entry.
//! Never true here: an order (nothing walks the table), an identity forgotten.

/// Numbers by identity.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// `entry + 1` in the low half, high bits of the hash in the high half; 0 is free. A power of two long, at most 7/8 full.
    slots: Vec<u64>,
    entries: Vec<Entry>,
    /// Namespace and id of each entry, one after the other.
    text: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    namespace: u32,
    id: u32,
    number: u32,
}

const LEAST: usize = 16;

impl Identities {
    /// The number of an identity.
    pub fn find(&self, namespace: &str, id: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let hash = hash(namespace, id);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            let slot = self.slots[at];
            if slot >> 32 == hash >> 32
                && let Some(entry) = self.entries.get((slot as u32 - 1) as usize)
                && self.is(entry, namespace, id)
            {
                return Some(entry.number);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Gives an identity a number; one that has a number keeps its entry and gets this one. There may be 2³² - 1 of them.
    pub fn insert(&mut self, namespace: &str, id: &str, number: u32) {
        if self.entries.len() * 8 >= self.slots.len() * 7 {
            self.grow();
        }
        let hash = hash(namespace, id);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            let slot = self.slots[at];
            let entry = (slot as u32 - 1) as usize;
            if slot >> 32 == hash >> 32 && self.is(&self.entries[entry], namespace, id) {
                self.entries[entry].number = number;
                return;
            }
            at = (at + 1) & mask;
        }
        self.entries.push(Entry {
            start: self.text.len(),
            namespace: namespace.len() as u32,
            id: id.len() as u32,
            number,
        });
        self.text.extend_from_slice(namespace.as_bytes());
        self.text.extend_from_slice(id.as_bytes());
        self.slots[at] = (hash >> 32 << 32) | self.entries.len() as u64;
    }

    fn is(&self, entry: &Entry, namespace: &str, id: &str) -> bool {
        let (of_namespace, of_id) = self.texts(entry);
        of_id == id.as_bytes() && of_namespace == namespace.as_bytes()
    }

    fn texts(&self, entry: &Entry) -> (&[u8], &[u8]) {
        let middle = entry.start + entry.namespace as usize;
        (
            &self.text[entry.start..middle],
            &self.text[middle..middle + entry.id as usize],
        )
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(LEAST);
        let mut slots = vec![0; size];
        for (ix, entry) in self.entries.iter().enumerate() {
            let (namespace, id) = self.texts(entry);
            let hash = hash_bytes(namespace, id);
            let mut at = hash as usize & (size - 1);
            while slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = (hash >> 32 << 32) | (ix as u64 + 1);
        }
        self.slots = slots;
    }
}

fn hash(namespace: &str, id: &str) -> u64 {
    hash_bytes(namespace.as_bytes(), id.as_bytes())
}

/// Eight bytes at a time, folded by the two halves of a product; the same in every build. Whoever wrote the feed could make
/// identities meet in one slot, which costs that replay time and nothing else.
fn hash_bytes(namespace: &[u8], id: &[u8]) -> u64 {
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
    use super::Identities;

    #[test]
    fn many_are_found_and_boundaries_count() {
        let mut known = Identities::default();
        assert_eq!(known.find("ECID", "0"), None);
        for n in 0..5_000 {
            known.insert("ECID", &n.to_string(), n);
            known.insert("Email", &format!("{n}@mail.example"), n + 10_000);
        }
        for n in 0..5_000 {
            assert_eq!(known.find("ECID", &n.to_string()), Some(n));
            assert_eq!(
                known.find("Email", &format!("{n}@mail.example")),
                Some(n + 10_000)
            );
        }
        assert_eq!(known.find("ECID", "5000"), None);
        assert_eq!(known.find("ECI", "D1"), None);
        known.insert("ECID", "17", 99);
        assert_eq!(known.find("ECID", "17"), Some(99));
        assert_eq!(known.entries.len(), 10_000);
    }
}
