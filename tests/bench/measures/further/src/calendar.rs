//! Dates by hand: what a careful programmer writes over milliseconds, in UTC.
//!
//! Comes in: milliseconds since the epoch. Goes out: dates, and instants some months away. Never true here: a time zone, a clock, an
//! allocation.

use bench_core::host::parse_ms;

/// Milliseconds of an hour.
pub const HOUR: i64 = 3_600_000;
/// Milliseconds of a day.
pub const DAY: i64 = 24 * HOUR;

/// A date of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
}

/// An instant, and what the clock by which it was written showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since the epoch.
    pub ms: i64,
    /// What the clock showed, as if it were UTC's.
    pub clock: i64,
}

impl Date {
    /// A text such as `2026-05-01`.
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse().ok());
        Some(Date {
            year: parts.next()??,
            month: parts.next()??,
            day: parts.next()??,
        })
    }

    /// The date of an instant, counted in eras of 400 years that begin in March.
    #[inline]
    pub fn of(ms: i64) -> Date {
        let days = ms.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days - era * 146_097;
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = match month {
            0..10 => (month + 3, 0),
            _ => (month - 9, 1),
        };
        Date {
            year: era * 400 + year + carry,
            month,
            day,
        }
    }

    /// Days since the epoch.
    #[inline]
    fn days(self) -> i64 {
        let (year, month) = match self.month {
            ..=2 => (self.year - 1, self.month + 9),
            _ => (self.year, self.month - 3),
        };
        let era = year.div_euclid(400);
        let of_era = year - era * 400;
        let of_year = (153 * month + 2) / 5 + self.day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The same day so many months later; the last of a shorter month.
    #[inline]
    fn plus_months(self, months: i64) -> Date {
        let count = self.year * 12 + self.month - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        Date {
            year,
            month,
            day: self.day.min(length),
        }
    }
}

impl Moment {
    /// A text as RFC 3339 writes it.
    pub fn parse(text: &str) -> Option<Moment> {
        Some(Moment {
            ms: parse_ms(text)?,
            clock: parse_ms(&format!("{}Z", text.get(..19)?))?,
        })
    }
}

/// An instant so many calendar months later.
#[inline]
pub fn plus_months(ms: i64, months: i64) -> i64 {
    Date::of(ms).plus_months(months).days() * DAY + ms.rem_euclid(DAY)
}

/// The hour of the day, 0 to 23.
#[inline]
pub fn hour(ms: i64) -> i64 {
    ms.rem_euclid(DAY) / HOUR
}

/// The day of the week, 1 for Sunday to 7 for Saturday.
#[inline]
pub fn day_of_week(ms: i64) -> i64 {
    (ms.div_euclid(DAY) + 4).rem_euclid(7) + 1
}

/// Whether an instant is one of the last so many milliseconds, both ends included.
#[inline]
pub fn within_last(at: i64, span: i64, now: i64) -> bool {
    now - span <= at && at <= now
}

#[cfg(test)]
mod tests {
    use super::*;
    use bench_core::host::NOW_MS;

    #[test]
    fn months_end_where_they_are_short() {
        let at = |text| parse_ms(text).unwrap_or_default();
        assert_eq!(plus_months(NOW_MS, -1), at("2026-04-01T12:00:00Z"));
        assert_eq!(plus_months(NOW_MS, 9), at("2027-02-01T12:00:00Z"));
        let end = at("2024-03-31T10:00:00Z");
        assert_eq!(plus_months(end, -1), at("2024-02-29T10:00:00Z"));
        assert_eq!(plus_months(end, -13), at("2023-02-28T10:00:00Z"));
    }

    #[test]
    fn the_clock_is_the_one_that_was_written() {
        let moment = Moment::parse("2026-05-02T00:30:00.5+14:00").map(|m| (m.ms, m.clock));
        assert_eq!(
            moment,
            Some((
                parse_ms("2026-05-01T10:30:00.5Z").unwrap_or_default(),
                parse_ms("2026-05-02T00:30:00Z").unwrap_or_default()
            ))
        );
        assert_eq!(day_of_week(NOW_MS), 6);
    }
}
