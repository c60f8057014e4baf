//! Instants as text.
//!
//! In: milliseconds since 1970. Out: RFC 3339 in UTC. Never true here: a zone other than UTC, the present.

/// One second, minute, hour and day in milliseconds.
pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// The first millisecond of a day of the Gregorian calendar.
pub(super) fn day(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * m + 2) / 5 + day - 1;
    (era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468) * DAY
}

/// `2026-03-02T10:00:00.000Z`.
pub(super) fn instant(ms: i64) -> String {
    let (clock, rest) = (ms.rem_euclid(DAY) / SECOND, ms.rem_euclid(SECOND));
    format!(
        "{}T{:02}:{:02}:{:02}.{rest:03}Z",
        date(ms),
        clock / 3600,
        clock / 60 % 60,
        clock % 60
    )
}

/// `2026-03-02`.
pub(super) fn date(ms: i64) -> String {
    let days = ms.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_agree() {
        assert_eq!(instant(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(day(2026, 3, 2), 1_772_409_600_000);
        assert_eq!(
            instant(day(2024, 2, 29) + 23 * HOUR + 59 * MINUTE + 61),
            "2024-02-29T23:59:00.061Z"
        );
        for at in 0..2_000 {
            let ms = day(2023, 12, 30) + at * DAY;
            let text = date(ms);
            let word = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap_or(0);
            assert_eq!(day(word(0..4), word(5..7), word(8..10)), ms, "{text}");
        }
    }
}
