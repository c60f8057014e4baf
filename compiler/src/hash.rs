//! Hashes for tables that are only asked, never walked, so that no order depends on them. In: texts, small keys. Out: numbers, the same in
//! every build. Never here: a seed; never true: that two things with one hash are one thing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table by keys.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixed>>;
/// Numbers of things by the things' hashes; who asks compares the things, and goes on with [`again`] while they differ.
pub type Ids = HashMap<u64, u32, BuildHasherDefault<Mixed>>;

/// The hash of a text, together with what was hashed before.
pub fn text(before: u64, text: &str) -> u64 {
    let mut hash = mix(before, text.len() as u64);
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        hash = mix(
            hash,
            u64::from_le_bytes(chunk.try_into().unwrap_or_default()),
        );
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        hash = mix(hash, u64::from_le_bytes(last));
    }
    hash
}

/// The hash of a number, together with what was hashed before.
pub fn mix(before: u64, number: u64) -> u64 {
    let product = u128::from(before ^ number ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93_u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// Where to look when another thing has the hash.
pub fn again(hash: u64) -> u64 {
    mix(hash, 1)
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
    use std::collections::BTreeSet;

    #[test]
    fn unlike_texts_have_unlike_hashes() {
        let mut seen = BTreeSet::new();
        for n in 0..10_000 {
            for name in [
                format!("{n}"),
                format!("field{n}"),
                format!("commerce.order.{n}\0"),
            ] {
                assert!(seen.insert(text(0, &name)), "{name}");
            }
        }
        assert!(seen.insert(text(0, "")) && seen.insert(text(0, "\0")));
    }
}
