//! What a zone is from UTC, from one change to the next, over the years that nearly all instants lie in.
//!
//! Comes in: the zone's rules, once. Goes out: the stretch of time without a change around an instant, or that the rules are to be
//! asked. Never true here: an answer of its own; a gap, an overlap.

use super::civil::DAY_MS;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Years that are looked up, 1970 to 2099.
const SPAN: std::ops::Range<i64> = 0..130 * 365 * DAY_MS;

/// Stretches of time between changes, in order.
#[derive(Debug)]
pub(super) struct Offsets {
    /// When each begins; what follows the last one's end is not known.
    starts: Vec<i64>,
    /// Seconds east of UTC.
    seconds: Vec<i32>,
}

impl Offsets {
    pub fn new(tz: &TimeZone) -> Offsets {
        let first = Timestamp::UNIX_EPOCH;
        let mut offsets = Offsets {
            starts: vec![SPAN.start],
            seconds: vec![tz.to_offset(first).seconds()],
        };
        for change in tz.following(first) {
            offsets
                .starts
                .push(change.timestamp().as_millisecond().min(SPAN.end));
            if change.timestamp().as_millisecond() >= SPAN.end {
                return offsets;
            }
            offsets.seconds.push(change.offset().seconds());
        }
        offsets.starts.push(SPAN.end);
        offsets
    }

    /// Seconds east of UTC at an instant, when it is so from `slack` milliseconds before it to as many behind it.
    #[inline]
    pub fn around(&self, epoch_ms: i64, slack: i64) -> Option<i32> {
        let behind = self.starts.partition_point(|start| *start <= epoch_ms);
        let end = *self.starts.get(behind)?;
        let at = behind.checked_sub(1)?;
        let is_within = epoch_ms - self.starts[at] >= slack && end - epoch_ms > slack;
        is_within.then(|| self.seconds[at])
    }
}
