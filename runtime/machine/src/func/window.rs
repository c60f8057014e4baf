//! Whether an instant lies between now and so much time from now, as far as that is told without the calendar.
//!
//! An hour is exact. A day is 24 hours but for changes of the zone's offset, and no two offsets of a zone, the date line included, are
//! two days apart; months are their mean and a few days more or less. Comes in: an amount that is known beforehand, then instants. Goes
//! out: an answer, or none where the calendar must be asked. Never true here: an answer that the calendar would not give.

use crate::time::DAY_MS;
use crate::time::civil::HOUR_MS;
use journey_artifact::code::Op;

/// What is near the edge of so many days, in milliseconds.
pub const NEAR_MS: i64 = 2 * DAY_MS;
/// By how much months are more or less than their mean, with a day too many for its month, in milliseconds.
const OF_MONTHS_MS: i64 = 4 * DAY_MS;
/// Milliseconds of the months of four hundred years, and how many those are.
const MONTHS_MS: (i64, i64) = (146_097 * DAY_MS, 4800);

/// A present instant of at most so many bits beside its sign is not near the ends of the calendar.
pub const PLAIN_BITS: i64 = 47;

/// What an amount of time is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Hours of 3,600 seconds.
    Hours,
    /// Days of the calendar.
    Days,
    /// Months of the calendar.
    Months,
    /// Years of the calendar.
    Years,
}

/// From now to where an amount leads, at the earliest and at the latest, in milliseconds; none of one that could lead near the ends of the
/// calendar.
pub fn reach(amount: i64, unit: Unit) -> Option<(i64, i64)> {
    if !(-100_000..=100_000).contains(&amount) {
        return None;
    }
    let months = |months: i64| {
        let few = months.abs() <= 40_000;
        few.then(|| (months * MONTHS_MS.0 / MONTHS_MS.1, OF_MONTHS_MS + NEAR_MS))
    };
    let (ahead, about) = match unit {
        Unit::Hours => (amount * HOUR_MS, 0),
        Unit::Days => (amount * DAY_MS, NEAR_MS),
        Unit::Months => months(amount)?,
        Unit::Years => months(amount * 12)?,
    };
    Some((ahead - about, ahead + about))
}

/// A time of which the ends are known up to a little, by milliseconds from now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Nothing outside of this is in it.
    pub outer: (i64, i64),
    /// All of this is in it.
    pub inner: (i64, i64),
}

impl Window {
    /// From now to an amount from there, or in the past from there to now.
    pub fn new(amount: i64, unit: Unit, past: bool) -> Option<Window> {
        let (least, most) = reach(if past { amount.checked_neg()? } else { amount }, unit)?;
        Some(match past {
            true => Window {
                outer: (least, 0),
                inner: (most, 0),
            },
            false => Window {
                outer: (0, most),
                inner: (0, least),
            },
        })
    }

    /// What is less than an edge, or not more, or is it, as a comparison of instants says.
    pub fn until((least, most): (i64, i64), comparison: Op) -> Option<Window> {
        let (least, most) = match comparison {
            Op::EqT => return Some(Window::at(least, most)),
            Op::LtT => (least - 1, most - 1),
            Op::LeT => (least, most),
            _ => return None,
        };
        Some(Window {
            outer: (i64::MIN, most),
            inner: (i64::MIN, least),
        })
    }

    /// What an edge is less than, or not more than, or is, as a comparison of instants says.
    pub fn from((least, most): (i64, i64), comparison: Op) -> Option<Window> {
        let (least, most) = match comparison {
            Op::EqT => return Some(Window::at(least, most)),
            Op::LtT => (least + 1, most + 1),
            Op::LeT => (least, most),
            _ => return None,
        };
        Some(Window {
            outer: (least, i64::MAX),
            inner: (most, i64::MAX),
        })
    }

    fn at(least: i64, most: i64) -> Window {
        Window {
            outer: (least, most),
            inner: (most, least),
        }
    }

    /// Whether an instant lies in it, the ends with it, when that is told.
    #[inline]
    pub fn tells(&self, now_ms: i64, at: i64) -> Option<bool> {
        if !matches!(now_ms >> PLAIN_BITS, 0 | -1) {
            return None;
        }
        let ahead = at.saturating_sub(now_ms);
        if ahead < self.outer.0 || ahead > self.outer.1 {
            return Some(false);
        }
        (ahead >= self.inner.0 && ahead <= self.inner.1).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, Op, Unit, Window, reach};
    use crate::time::Zone;

    #[test]
    fn what_is_told_is_what_the_calendar_says() {
        let mut state = 7u64;
        let mut random = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        let zones = [
            "Europe/Paris",
            "Pacific/Apia",
            "America/Juneau",
            "Asia/Manila",
            "UTC",
        ];
        let zones = zones.map(|name| Zone::get(name).expect(name));
        let (mut told, mut asked) = (0, 0);
        for _ in 0..if cfg!(miri) { 200 } else { 40_000 } {
            // From 1840 on, when zones were their towns' own time.
            let now = (random(260 * 366) as i64 - 130 * 366) * DAY_MS + random(86_400_000) as i64;
            let zone = &zones[random(5) as usize];
            let (unit, most) = match random(4) {
                0 => (Unit::Hours, 10_000),
                1 => (Unit::Days, 800),
                2 => (Unit::Months, 400),
                _ => (Unit::Years, 90),
            };
            let amount = random(most) as i64 - most as i64 / 2;
            let past = random(2) == 0;
            let ahead = if past { -amount } else { amount } as i32;
            let edge = match unit {
                Unit::Hours => Some(now + i64::from(ahead) * 3_600_000),
                Unit::Days => zone.add_calendar(now, 0, ahead),
                Unit::Months => zone.add_calendar(now, ahead, 0),
                Unit::Years => zone.add_calendar(now, ahead * 12, 0),
            };
            let edge = edge.expect("within the calendar");
            let window = Window::new(amount, unit, past).expect("not too far");
            let reach = reach(ahead.into(), unit).expect("not too far");
            let near = [edge, now, now + reach.0, now + reach.1][random(4) as usize];
            let at =
                near + [-1, 0, 1, random(14 * 86_400_000) as i64 - 7 * DAY_MS][random(4) as usize];
            let holds = match past {
                true => edge <= at && at <= now,
                false => now <= at && at <= edge,
            };
            match window.tells(now, at) {
                Some(said) => assert_eq!(said, holds, "{now} {at} {amount} {unit:?} {past}"),
                None => asked += 1,
            }
            for op in [Op::EqT, Op::LtT, Op::LeT] {
                let holds = |a: i64, b: i64| match op {
                    Op::EqT => a == b,
                    Op::LtT => a < b,
                    _ => a <= b,
                };
                let (until, from) = (Window::until(reach, op), Window::from(reach, op));
                let told = [until, from].map(|window| window.and_then(|w| w.tells(now, at)));
                for (told, holds) in told.into_iter().zip([holds(at, edge), holds(edge, at)]) {
                    assert!(
                        told.is_none_or(|told| told == holds),
                        "{now} {at} {edge} {op:?}"
                    );
                }
            }
            if unit == Unit::Hours {
                assert!(window.tells(now, at).is_some());
            }
            told += 1;
        }
        assert!(asked * 2 < told, "{asked} of {told}");
    }

    #[test]
    fn what_is_too_far_is_not_told() {
        assert!(Window::new(100_001, Unit::Hours, true).is_none());
        assert!(Window::new(i64::MIN, Unit::Days, true).is_none());
        assert!(Window::new(40_001, Unit::Months, false).is_none());
        let day = Window::new(1, Unit::Days, true).expect("a day");
        assert_eq!(day.tells(1 << 47, 0), None);
        assert_eq!(day.tells(i64::MIN, 0), None);
    }
}
