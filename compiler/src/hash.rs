//! Hashes for tables that are only asked, never walked, so that no order depends on them. In: texts, small keys. Out: numbers, the same in
//! every build. Never here: a seed; never true: that two things with one hash are one thing.

pub use journey_artifact::hash::{mix, text};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table by keys.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixed>>;

/// Numbers of things by the things' hashes. Who asks compares the things.
#[derive(Debug, Default)]
pub struct Ids {
    /// Hash and number of each, in the order of coming.
    known: Vec<(u64, u32)>,
    /// Positions in `known` and one, each at the first free place behind its hash; 0 where there is none. As many as a power of two.
    places: Vec<u32>,
}

impl Ids {
    /// Forgets everything but the memory it took; of much more than was needed, half.
    pub fn clear(&mut self) {
        let len = self.places.len();
        if len > 64 && self.known.len() * 16 < len {
            self.places.truncate(len / 2);
        }
        // Nothing to empty: also, writing no bytes where nothing was ever allotted is slow on some machines.
        if self.known.is_empty() {
            return;
        }
        let last = self.places.len().wrapping_sub(1);
        if self.known.len() * 8 < self.places.len() && len == self.places.len() {
            // Each stands in the full places that begin at its hash: emptied one by one, the many others need no look.
            for (hash, _) in &self.known {
                let mut at = *hash as usize & last;
                while self.places[at] != 0 {
                    self.places[at] = 0;
                    at = (at + 1) & last;
                }
            }
        } else {
            self.places.fill(0);
        }
        self.known.clear();
    }

    /// The number of the thing with this hash of which `is` holds.
    pub fn get(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        let last = self.places.len().checked_sub(1)?;
        let mut at = hash as usize & last;
        loop {
            let (known, id) = self.known[self.places[at].checked_sub(1)? as usize];
            if known == hash && is(id) {
                return Some(id);
            }
            at = (at + 1) & last;
        }
    }

    /// Gives a number to a thing that has none.
    pub fn insert(&mut self, hash: u64, id: u32) {
        self.make_room();
        self.known.push((hash, id));
        self.put(self.known.len() - 1);
    }

    /// The number of the thing with this hash of which `is` holds; when there is none, gives it `id` and says so by `None`.
    pub fn get_or_insert(&mut self, hash: u64, id: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        self.make_room();
        let last = self.places.len() - 1;
        let mut at = hash as usize & last;
        while let Some(position) = self.places[at].checked_sub(1) {
            let (known, id) = self.known[position as usize];
            if known == hash && is(id) {
                return Some(id);
            }
            at = (at + 1) & last;
        }
        self.known.push((hash, id));
        self.places[at] = self.known.len() as u32;
        None
    }

    /// At most half of the places are taken, one more thing included.
    #[inline]
    fn make_room(&mut self) {
        if self.known.len() * 2 >= self.places.len() {
            self.grow();
        }
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.places.len() * 2).max(32);
        self.places.clear();
        self.places.resize(len, 0);
        for at in 0..self.known.len() {
            self.put(at);
        }
    }

    fn put(&mut self, position: usize) {
        let last = self.places.len() - 1;
        let mut at = self.known[position].0 as usize & last;
        while self.places[at] != 0 {
            at = (at + 1) & last;
        }
        self.places[at] = position as u32 + 1;
    }
}

/// A hasher that mixes whatever it is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = mix(self.0, u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.0 = mix(self.0, u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.0 = mix(self.0, u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = mix(self.0, n);
    }

    fn write_usize(&mut self, n: usize) {
        self.0 = mix(self.0, n as u64);
    }

    fn write_isize(&mut self, n: isize) {
        self.0 = mix(self.0, n as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_with_one_hash_keep_their_numbers() {
        let mut ids = Ids::default();
        for round in [5_000_u32, 40, 40, 40, 300] {
            assert_eq!(ids.get(0, |_| true), None);
            for id in 0..round {
                let hash = u64::from(id / 3);
                assert_eq!(ids.get(hash, |known| known == id), None);
                match id % 2 {
                    0 => ids.insert(hash, id),
                    _ => assert_eq!(ids.get_or_insert(hash, id, |known| known == id), None),
                }
                assert_eq!(
                    ids.get_or_insert(hash, id + 1, |known| known == id),
                    Some(id)
                );
            }
            for id in 0..round {
                let hash = u64::from(id / 3);
                assert_eq!(ids.get(hash, |known| known == id), Some(id));
            }
            ids.clear();
        }
    }
}
