//! Names for things that must be the same on every host and at every repetition: instants, instances, calls, hashes.
//!
//! Comes in: what identifies a thing (journey, person, sequence number, node, visit). Goes out: ids that follow from it
//! and from nothing else. Never true here: a draw, a counter of the process, a dependence on memory addresses.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Milliseconds since 1970-01-01T00:00Z on the host's clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Instant(pub i64);

impl Instant {
    /// The end of time; nothing is due then.
    pub const FAR: Instant = Instant(i64::MAX);

    /// So many milliseconds later, saturating.
    pub fn plus(self, ms: i64) -> Instant {
        Instant(self.0.saturating_add(ms))
    }
}

/// A journey of a program; [`crate::deployment::Deployment`] gives the names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JourneyRef {
    /// First eight bytes of the program's hash.
    pub program: u64,
    /// Index in the program.
    pub journey: u32,
}

/// One stay of one person in one journey.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InstanceId(pub u128);

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// One attempt of one call: the idempotency key (the same over all attempts) and the attempt, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CallKey {
    /// Hash of instance, node and visit: the idempotency key.
    pub key: u128,
    /// From 1.
    pub attempt: u32,
}

impl CallKey {
    /// The idempotency key as it goes out.
    pub fn idempotency_key(&self) -> String {
        format!("{:032x}", self.key)
    }
}

impl fmt::Display for CallKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}-{}", self.key, self.attempt)
    }
}

/// A text that is no call key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotACallKey;

impl FromStr for CallKey {
    type Err = NotACallKey;

    fn from_str(text: &str) -> Result<CallKey, NotACallKey> {
        let (key, attempt) = text.split_once('-').ok_or(NotACallKey)?;
        let found = CallKey {
            key: u128::from_str_radix(key, 16).map_err(|_| NotACallKey)?,
            attempt: attempt.parse().map_err(|_| NotACallKey)?,
        };
        // One spelling only, so that the text can serve as a database key.
        if found.to_string() == text {
            Ok(found)
        } else {
            Err(NotACallKey)
        }
    }
}

/// Hashes parts with their lengths, so that moving a boundary moves the hash: the first 128 bits of SHA-256.
///
/// Not a fast hash, on purpose: people choose their ids, and nobody may choose one whose calls bear another's key.
pub fn digest(domain: &str, parts: &[&[u8]]) -> u128 {
    // Nearly all are short: they are gathered and padded here, and hashed by one call.
    let (mut message, mut held) = ([0u8; GATHERED], 0);
    for part in [domain.as_bytes()].iter().chain(parts) {
        let Some(room) = message.get_mut(held..held + 8 + part.len()) else {
            return long_digest(domain, parts);
        };
        let (length, text) = room.split_at_mut(8);
        length.copy_from_slice(&(part.len() as u64).to_le_bytes());
        text.copy_from_slice(part);
        held += 8 + part.len();
    }
    // One byte ends the text, eight say how many bits it has.
    let end = (held + 9).next_multiple_of(BLOCK);
    let (Some(mark), true) = (message.get_mut(held), end <= GATHERED) else {
        return long_digest(domain, parts);
    };
    *mark = 0x80;
    message[end - 8..end].copy_from_slice(&(held as u64 * 8).to_be_bytes());
    let mut state = SHA_256;
    compress256(&mut state, message[..end].as_chunks::<BLOCK>().0);
    let first = state.iter().take(4);
    first.fold(0, |n, word| (n << 32) | u128::from(*word))
}

/// Bytes that are gathered at most, and those of a block of the hash.
const GATHERED: usize = 256;
const BLOCK: usize = 64;

/// What SHA-256 begins with (FIPS 180-4, 5.3.3).
const SHA_256: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

#[cold]
fn long_digest(domain: &str, parts: &[&[u8]]) -> u128 {
    let mut hash = Sha256::new();
    for part in [domain.as_bytes()].iter().chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let whole: [u8; 32] = hash.finalize().into();
    whole
        .iter()
        .take(16)
        .fold(0, |n, byte| (n << 8) | u128::from(*byte))
}

/// The first 64 bits of [`digest`].
pub fn digest64(domain: &str, parts: &[&[u8]]) -> u64 {
    (digest(domain, parts) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_count() {
        assert_ne!(digest("d", &[b"ab", b"c"]), digest("d", &[b"a", b"bc"]));
        assert_ne!(digest("d", &[b"a"]), digest("e", &[b"a"]));
        assert_ne!(digest64("d", &[b"a"]), digest64("d", &[b"b"]));
    }

    #[test]
    fn hashes_are_the_same_in_every_build() {
        assert_eq!(
            format!("{:032x}", digest("test", &[b"one", b"two"])),
            "66e1a6a7e792ec7b4b89abe42a0a309f"
        );
    }

    #[test]
    fn long_parts_are_hashed_as_short_ones_are() {
        for length in (0..260).chain([1_000]) {
            let long = vec![7; length];
            let mut hash = Sha256::new();
            for part in [b"d".as_slice(), b"ab", &long, b"c"] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            let whole: [u8; 32] = hash.finalize().into();
            let digest = digest("d", &[b"ab", &long, b"c"]);
            assert_eq!(digest.to_be_bytes(), whole[..16], "{length}");
        }
    }

    #[test]
    fn a_call_key_has_one_spelling() {
        let key = CallKey {
            key: 0xABC,
            attempt: 2,
        };
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in [
            "",
            "abc-2",
            "00000000000000000000000000000abc-02",
            "00000000000000000000000000000ABC-2",
            "-",
            "é-1",
        ] {
            assert_eq!(bad.parse::<CallKey>(), Err(NotACallKey), "{bad}");
        }
    }
}
