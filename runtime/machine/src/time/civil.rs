//! Wall-clock arithmetic without zones, over milliseconds and days since 1970-01-01.
//!
//! Comes in: a wall clock (Local milliseconds) or a date (days). Goes out: its parts, or a shifted one; `None` outside
//! the years -9999..=9999. Never true here: a zone or an offset.

/// Milliseconds of a day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;
/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;

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

/// Years that a year is moved by, so that none is negative, and the days from the first of March of the year that is 0 then to 1970-01-01.
pub const AHEAD: (i32, i64) = (400 * 82, 719_468 + 146_097 * 82);

/// Days since 1970-01-01 of a calendar date; `None` when there is no such day.
#[inline]
pub fn days_from_ymd(year: i32, month: u32, day: u32) -> Option<i64> {
    let is_day = (1..=days_in_month(year, month)?).contains(&day);
    is_day.then(|| days_of(year, month, day))
}

/// The same for a day that there is.
fn days_of(year: i32, month: u32, day: u32) -> i64 {
    // Years begin in March, so that a leap day is the last of its year.
    let is_early = month <= 2;
    let year = (year + AHEAD.0) as u32 - u32::from(is_early);
    let month = if is_early { month + 12 } else { month };
    let century = year / 100;
    let days = 1461 * year / 4 - century + century / 4 + (979 * month - 2919) / 32 + day - 1;
    i64::from(days) - AHEAD.1
}

/// Year, month and day of a date.
#[inline]
pub fn ymd_from_days(days: i64) -> Option<(i32, u32, u32)> {
    if !is_date(days) {
        return None;
    }
    let quarters = 4 * (days + AHEAD.1) as u32 + 3;
    let (century, of_century) = (quarters / 146_097, quarters % 146_097 / 4);
    // A product in place of a quotient by 1461: the year above, what is left of it below.
    let by_years = u64::from(4 * of_century + 3) * 2_939_745;
    let of_year = by_years as u32 / 2_939_745 / 4;
    let by_months = 2141 * of_year + 197_913;
    let (month, day) = (by_months >> 16, by_months % 65_536 / 2141 + 1);
    let is_early = of_year >= 306;
    let year = 100 * century + (by_years >> 32) as u32 + u32::from(is_early);
    let month = if is_early { month - 12 } else { month };
    Some((year as i32 - AHEAD.0, month, day))
}

/// The parts of a wall clock.
#[inline]
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
#[inline]
pub fn days_in_month(year: i32, month: u32) -> Option<u32> {
    if !(-9999..=9999).contains(&year) {
        return None;
    }
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// A date shifted by months (a day the month lacks becomes its last), then by days.
pub fn add_to_date(days: i64, months: i32, more_days: i32) -> Option<i64> {
    if months == 0 {
        let result = days.checked_add(more_days.into())?;
        return is_date(days).then_some(result).filter(|day| is_date(*day));
    }
    let (year, month, day) = ymd_from_days(days)?;
    let total = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let (year, month) = (
        i32::try_from(total.div_euclid(12)).ok()?,
        (total.rem_euclid(12) + 1) as u32,
    );
    let shifted = days_of(year, month, day.min(days_in_month(year, month)?));
    let result = shifted + i64::from(more_days);
    is_date(result).then_some(result)
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

fn is_date(days: i64) -> bool {
    (EDGE_DAYS.0..=EDGE_DAYS.1).contains(&days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_what_the_library_says() {
        let first = jiff::civil::date(1970, 1, 1);
        let step = if cfg!(miri) { 9973 } else { 13 };
        for days in (EDGE_DAYS.0..=EDGE_DAYS.1).step_by(step) {
            let span = jiff::Span::new().days(days);
            let date = first.checked_add(span).expect("within the calendar");
            let (year, month) = (i32::from(date.year()), date.month() as u32);
            let told = (year, month, date.day() as u32);
            assert_eq!(ymd_from_days(days), Some(told));
            let last = Some(date.days_in_month() as u32);
            assert_eq!(days_in_month(year, month), last, "{date}");
        }
    }

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
