//! Wall-clock arithmetic without zones, over milliseconds and days since 1970-01-01.
//!
//! Comes in: a wall clock (Local milliseconds) or a date (days). Goes out: its parts, or a shifted one; `None` outside
//! the years -9999..=9999. Never true here: a zone or an offset.

use jiff::civil;

/// Milliseconds of a day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;

/// -9999-01-01T00:00 and 9999-12-31T23:59:59.999, in milliseconds of a wall clock or of UTC.
pub const EDGE_MS: (i64, i64) = (EDGE_DAYS.0 * DAY_MS, (EDGE_DAYS.1 + 1) * DAY_MS - 1);
/// The same, in days.
pub const EDGE_DAYS: (i64, i64) = (-4_371_587, 2_932_896);

/// Parts of a wall clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parts {
    /// Year, -9999..=9999.
    pub year: i32,
    /// Month, 1..=12.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
    /// Milliseconds since midnight.
    pub time: i64,
}

/// Days since 1970-01-01 of a calendar date; `None` when there is no such day.
pub fn days_from_ymd(year: i32, month: u32, day: u32) -> Option<i64> {
    let date = civil::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    Some(days_of(date))
}

/// Year, month and day of a date.
pub fn ymd_from_days(days: i64) -> Option<(i32, u32, u32)> {
    let date = date_of(days)?;
    Some((date.year().into(), date.month() as u32, date.day() as u32))
}

/// The parts of a wall clock.
pub fn parts(local_ms: i64) -> Option<Parts> {
    let (year, month, day) = ymd_from_days(local_ms.div_euclid(DAY_MS))?;
    Some(Parts {
        year,
        month,
        day,
        time: local_ms.rem_euclid(DAY_MS),
    })
}

/// ISO weekday, 1 Monday … 7 Sunday.
pub fn weekday(days: i64) -> u32 {
    // 1970-01-01 was a Thursday.
    ((days.rem_euclid(7) + 3) % 7 + 1) as u32
}

/// Days in a month; `None` for a month that is none.
pub fn days_in_month(year: i32, month: u32) -> Option<u32> {
    let first = civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
    Some(first.days_in_month() as u32)
}

/// A date shifted by months (a day the month lacks becomes its last), then by days.
pub fn add_to_date(days: i64, months: i32, more_days: i32) -> Option<i64> {
    if months == 0 {
        let result = days.checked_add(more_days.into())?;
        return date_of(days).and(date_of(result)).map(|_| result);
    }
    let (year, month, day) = ymd_from_days(days)?;
    let total = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let (year, month) = (
        i32::try_from(total.div_euclid(12)).ok()?,
        (total.rem_euclid(12) + 1) as u32,
    );
    let shifted = days_from_ymd(year, month, day.min(days_in_month(year, month)?))?;
    let result = shifted + i64::from(more_days);
    date_of(result).map(|_| result)
}

/// A wall clock shifted by a calendar amount; the time of day stays.
pub fn add_to_local(local_ms: i64, months: i32, days: i32) -> Option<i64> {
    let date = add_to_date(local_ms.div_euclid(DAY_MS), months, days)?;
    Some(date * DAY_MS + local_ms.rem_euclid(DAY_MS))
}

/// Whole years between two dates (as an age counts): negative when `to` is before `from`.
pub fn years_between(from: i64, to: i64) -> Option<i64> {
    if to < from {
        return years_between(to, from).map(|years| -years);
    }
    let ((y0, m0, d0), (y1, m1, d1)) = (ymd_from_days(from)?, ymd_from_days(to)?);
    Some(i64::from(y1) - i64::from(y0) - i64::from((m1, d1) < (m0, d0)))
}

pub(super) fn days_of(date: civil::Date) -> i64 {
    // Days from civil after the proleptic Gregorian rules, years starting in March.
    let (year, month, day) = (
        i64::from(date.year()),
        i64::from(date.month()),
        i64::from(date.day()),
    );
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

pub(super) fn date_of(days: i64) -> Option<civil::Date> {
    let days = i32::try_from(days).ok()?;
    civil::date(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_all_years() {
        let mut days = -4_371_587; // -9999-01-01
        while let Some((y, m, d)) = ymd_from_days(days) {
            assert_eq!(days_from_ymd(y, m, d), Some(days));
            days += if cfg!(miri) { 9701 } else { 97 };
        }
        assert!(days > 2_932_000, "stopped at {days}");
        assert_eq!(days_from_ymd(2023, 2, 29), None);
        assert_eq!(ymd_from_days(i64::MAX), None);
    }

    #[test]
    fn the_edges_are_the_first_and_the_last_day() {
        assert_eq!(days_from_ymd(-9999, 1, 1), Some(EDGE_DAYS.0));
        assert_eq!(days_from_ymd(9999, 12, 31), Some(EDGE_DAYS.1));
        assert!(parts(EDGE_MS.0).is_some() && parts(EDGE_MS.1).is_some());
        assert!(parts(EDGE_MS.0 - 1).is_none() && parts(EDGE_MS.1 + 1).is_none());
    }

    #[test]
    fn months_clamp_and_days_roll() {
        let day = |y, m, d| days_from_ymd(y, m, d).unwrap();
        assert_eq!(add_to_date(day(2024, 1, 31), 1, 0), Some(day(2024, 2, 29)));
        assert_eq!(add_to_date(day(2024, 3, 31), -1, 0), Some(day(2024, 2, 29)));
        assert_eq!(add_to_date(day(2024, 2, 29), 12, 0), Some(day(2025, 2, 28)));
        assert_eq!(add_to_date(day(2024, 1, 31), 1, 1), Some(day(2024, 3, 1)));
        assert_eq!(add_to_date(day(9999, 12, 31), 0, 1), None);
        assert_eq!(add_to_local(-1, 0, 1), Some(DAY_MS - 1));
    }

    #[test]
    fn weekdays_and_ages() {
        assert_eq!(weekday(0), 4);
        assert_eq!(weekday(-1), 3);
        assert_eq!(weekday(days_from_ymd(2026, 11, 23).unwrap()), 1);
        let (a, b) = (
            days_from_ymd(2000, 2, 29).unwrap(),
            days_from_ymd(2026, 2, 28).unwrap(),
        );
        assert_eq!(years_between(a, b), Some(25));
        assert_eq!(years_between(a, b + 1), Some(26));
        assert_eq!(years_between(b, a), Some(-25));
    }
}
