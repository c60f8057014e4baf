//! Whether two texts are the same.
//!
//! Comes in: their bytes. Never true here: a region, a reference.

/// Whether texts are the same.
#[inline]
pub(super) fn equal_bytes(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && same_bytes(a, b)
}

/// Whether texts of one length are the same. Most are short: a call of the library's comparison would cost more than they do.
#[inline]
pub(crate) fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    match (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(last_a), Some(last_b)) => {
            let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
            let last = u64::from_ne_bytes(*last_a) ^ u64::from_ne_bytes(*last_b);
            // The last eight bytes overlap those before.
            words.fold(last, |differs, (a, b)| {
                differs | (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b))
            }) == 0
        }
        _ => match (a.first_chunk::<4>(), b.first_chunk::<4>()) {
            (Some(first_a), Some(first_b)) => {
                first_a == first_b && a.last_chunk::<4>() == b.last_chunk::<4>()
            }
            _ => a.iter().zip(b).all(|(a, b)| a == b),
        },
    }
}
