//! What a zone is from UTC, from one change to the next, over the years that nearly all instants lie in.
//!
//! Comes in: the zone's rules, once. Goes out: the stretch of time without a change around an instant, or that the rules are to be
//! asked. Never true here: an answer of its own; a gap, an overlap.

use super::civil::DAY_MS;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Years that are looked up, 1970 to 2099.
const SPAN: std::ops::Range<i64> = 0..130 * 365 * DAY_MS;
/// The times of an index: seven weeks each, in which there is seldom more than one change.
const TIME_BITS: u32 = 32;
/// No change is by more than so much, nor are several together that lie this near each other.
const MOST_CHANGE: i64 = 2 * DAY_MS;

/// A stretch of time in which nothing changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// When it begins.
    pub from: i64,
    /// From when on what its wall clocks show is shown for the first time.
    pub clear: i64,
    /// When it is over.
    pub to: i64,
    /// Seconds east of UTC.
    pub seconds: i32,
}

impl Stretch {
    /// Whether an instant is in it.
    #[inline]
    pub fn has(&self, epoch_ms: i64) -> bool {
        (self.from..self.to).contains(&epoch_ms)
    }

    /// The instant at which a wall clock shows this, if that is in it and no earlier one shows the same.
    #[inline]
    pub fn instant(&self, local_ms: i64) -> Option<i64> {
        let at = local_ms.checked_sub(i64::from(self.seconds) * 1000)?;
        (self.clear..self.to).contains(&at).then_some(at)
    }
}

/// Stretches of time between changes, in order.
#[derive(Debug)]
pub(super) struct Offsets {
    /// What follows the last one's end is not known.
    stretches: Vec<Stretch>,
    /// By time, the stretch that its first instant is in.
    first: Vec<u16>,
}

impl Offsets {
    pub fn new(tz: &TimeZone) -> Offsets {
        let first = Timestamp::UNIX_EPOCH;
        let mut stretches = Vec::new();
        let (mut from, mut seconds) = (SPAN.start, tz.to_offset(first).seconds());
        for change in tz.following(first) {
            let to = change.timestamp().as_millisecond().min(SPAN.end);
            put(&mut stretches, from, to, seconds);
            (from, seconds) = (to, change.offset().seconds());
            if to == SPAN.end {
                break;
            }
        }
        if from < SPAN.end {
            put(&mut stretches, from, SPAN.end, seconds);
        }
        let times = SPAN.end >> TIME_BITS;
        let first = (0..=times).map(|time| {
            let before = |stretch: &Stretch| stretch.to <= time << TIME_BITS;
            stretches.partition_point(before) as u16
        });
        Offsets {
            first: first.collect(),
            stretches,
        }
    }

    /// The stretch that an instant is in.
    #[inline]
    pub fn around(&self, epoch_ms: i64) -> Option<&Stretch> {
        let time = usize::try_from(epoch_ms >> TIME_BITS).ok()?;
        let mut at = usize::from(*self.first.get(time)?);
        // One step at most in nearly every zone and time.
        while self.stretches.get(at)?.to <= epoch_ms {
            at += 1;
        }
        self.stretches.get(at)
    }
}

/// Adds the stretch that follows.
fn put(stretches: &mut Vec<Stretch>, from: i64, to: i64, seconds: i32) {
    if from >= to {
        return;
    }
    // What was before the first is not known.
    let mut clear = match stretches.last() {
        Some(_) => from,
        None => from + MOST_CHANGE,
    };
    let near = stretches.iter().rev();
    for before in near.take_while(|before| before.to + MOST_CHANGE > from) {
        let again = before.to + i64::from(before.seconds - seconds) * 1000;
        clear = clear.max(again);
    }
    stretches.push(Stretch {
        from,
        clear,
        to,
        seconds,
    });
}
