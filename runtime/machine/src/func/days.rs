//! Calendar days from now, as far as they can be told without a look at the zone.
//!
//! A calendar day is 24 hours but for changes of the zone's offset, and no two offsets of a zone, the date line included, are two days
//! apart. Comes in: two instants, how far the edge is. Goes out: an answer, or none where the zone must be asked. Never true here: an
//! answer that the zone would not give.

use crate::time::DAY_MS;

/// What is near the edge of some calendar days, in milliseconds.
pub const NEAR_MS: i64 = 2 * DAY_MS;

/// A present instant of at most so many bits beside its sign is not near the ends of the calendar.
pub const PLAIN_BITS: i64 = 47;

/// Whether the edge of some calendar days can be told plainly from a present instant.
#[inline]
fn is_plain(now_ms: i64) -> bool {
    matches!(now_ms >> PLAIN_BITS, 0 | -1)
}

/// The edge of so many calendar days from now, if days are of 24 hours; `None` when they are too many to be told.
pub fn plain_edge(days: i64) -> Option<i64> {
    (-100_000..=100_000).contains(&days).then(|| days * DAY_MS)
}

/// Whether an instant lies between now and an edge (see [`plain_edge`]) in the past or the future, when that is plain; nearly always it is.
/// Within two days of the edge, or near the ends of the calendar: `None`.
#[inline]
pub fn within_days(now_ms: i64, at: i64, edge: i64, past: bool) -> Option<bool> {
    if !is_plain(now_ms) {
        return None;
    }
    let apart = at.saturating_sub(now_ms + edge);
    if apart.saturating_abs() <= NEAR_MS {
        return None;
    }
    Some(if past {
        apart > 0 && at <= now_ms
    } else {
        apart < 0 && at >= now_ms
    })
}
