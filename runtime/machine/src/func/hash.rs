//! The hash behind splits.

use super::look::Look;
use super::types::{CallSite, Category, Function, Short, Ty, p};
use crate::fault::Fault;

/// Buckets of a split.
pub const BUCKETS: u64 = 10_000;

/// The entries.
pub const TABLE: &[Function] =
    &[Function::looks("bucket", Category::Hash, &[p("id", Ty::String), p("salt", Ty::String)], Ty::Integer, call).doc(
        "A number from 0 to 9999, always the same for the same id and salt and evenly spread: FNV-1a (64 bits) of `salt:id`, modulo 10000. Splits use it with their name as the salt.",
        &[("bucket(\"ann@acme.example\", \"offer\") == bucket(\"ann@acme.example\", \"offer\")", "true")],
    ).short(Short::Bucket)];

/// The bucket of an id under a salt, below [`BUCKETS`].
pub fn bucket(id: &str, salt: &str) -> u64 {
    bucket_from(salted(salt), id.as_bytes())
}

/// The hash of a salt, from which on ids are hashed.
pub fn salted(salt: &str) -> u64 {
    add(add(0xcbf2_9ce4_8422_2325, salt.as_bytes()), b":")
}

/// The bucket of an id under the salt of a hash.
#[inline]
pub fn bucket_from(salted: u64, id: &[u8]) -> u64 {
    add(salted, id) % BUCKETS
}

/// By which FNV-1a multiplies.
pub const PRIME: u64 = 0x0000_0100_0000_01b3;

#[inline]
fn add(hash: u64, text: &[u8]) -> u64 {
    text.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

fn call(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Result<Option<u64>, Fault> {
    Ok(Some(bucket(look.str(args[0])?, look.str(args[1])?)))
}

#[cfg(test)]
mod tests {
    use super::bucket;

    #[test]
    fn known_and_even() {
        // FNV-1a 64 of ":" alone, worked out by hand: (offset ^ 0x3a) * prime.
        assert_eq!(
            bucket("", ""),
            (0xcbf2_9ce4_8422_2325_u64 ^ 0x3a).wrapping_mul(0x0000_0100_0000_01b3) % 10_000
        );
        assert_ne!(bucket("ab", "c"), bucket("b", "ca"));
        let mut counts = [0u32; 10];
        let (people, off) = if cfg!(miri) {
            (2_000, 50)
        } else {
            (100_000, 500)
        };
        for n in 0..people {
            counts[(bucket(&format!("person-{n}"), "offer") / 1000) as usize] += 1;
        }
        assert!(
            counts.iter().all(|n| n.abs_diff(people / 10) < off),
            "{counts:?}"
        );
    }
}
