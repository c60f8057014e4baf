//! Hashes of texts and numbers for tables that are only asked. Comes in: texts, numbers. Goes out: numbers, the same in every build.
//! Never true here: a seed; that two things with one hash are one thing.

/// The hash of a text, together with what was hashed before.
pub fn text(before: u64, text: &str) -> u64 {
    bytes(before, text.as_bytes())
}

/// The hash of a text's bytes.
#[inline]
pub fn bytes(before: u64, bytes: &[u8]) -> u64 {
    // Most texts are names: of two words at most, which may overlap.
    if bytes.len() <= 16 {
        let len = bytes.len() as u64;
        return match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                let hash = mix(before ^ len << 56, u64::from_le_bytes(*first));
                mix(hash, u64::from_le_bytes(*last))
            }
            _ => mix(mix(before, len), tail(bytes, bytes)),
        };
    }
    let mut hash = mix(before, bytes.len() as u64);
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        hash = mix(
            hash,
            u64::from_le_bytes(word.try_into().unwrap_or_default()),
        );
    }
    match words.remainder() {
        [] => hash,
        rest => mix(hash, tail(bytes, rest)),
    }
}

/// What is left of a text behind its whole words, one to seven bytes, as one word: equal to another's of that length when all of
/// the text is. What is read twice costs less than a copy of unknown length.
#[inline]
fn tail(bytes: &[u8], rest: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*last);
    }
    if let (Some(first), Some(last)) = (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    let at = |ix: usize| u64::from(rest.get(ix).copied().unwrap_or(0));
    at(0) | at(1) << 8 | at(2) << 16
}

/// The hash of a number, together with what was hashed before.
pub fn mix(before: u64, number: u64) -> u64 {
    let product = u128::from(before ^ number ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93_u128;
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::text;
    use std::collections::BTreeSet;

    #[test]
    fn unlike_texts_have_unlike_hashes() {
        let mut seen = BTreeSet::new();
        for n in 0..if cfg!(miri) { 200 } else { 10_000 } {
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
