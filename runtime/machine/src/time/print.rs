//! Time values to text: ISO 8601.
//!
//! Comes in: words or milliseconds. Goes out: text appended to a string. A value outside the years -9999..=9999 prints as
//! `?`; nothing that the machine computes or reads is outside. Never true here: a zone lookup.

use super::civil::{DAY_MS, parts, ymd_from_days};
use journey_artifact::word::{date_time_ms, date_time_offset, period_parts};
use std::fmt::Write;

/// How much of a time of day is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seconds {
    /// `10:00:00`, and milliseconds when there are any (the JSON form).
    Always,
    /// `10:00`, seconds and milliseconds only when not zero (the text form).
    WhenNeeded,
}

/// A number of two digits.
fn two(out: &mut String, number: u32) {
    let digit = |digit: u32| char::from(b'0' + digit as u8);
    out.extend([digit(number / 10), digit(number % 10)]);
}

/// `2026-03-01`.
pub fn date(out: &mut String, days: i64) {
    match ymd_from_days(days) {
        Some((year @ 0..=9999, month, day)) => {
            let year = year as u32;
            two(out, year / 100);
            two(out, year % 100);
            out.push('-');
            two(out, month);
            out.push('-');
            two(out, day);
        }
        Some((year, month, day)) => push(out, format_args!("{year:+07}-{month:02}-{day:02}")),
        None => out.push('?'),
    }
}

/// `09:00:00`, `09:00`.
pub fn time(out: &mut String, ms: i64, seconds: Seconds) {
    let (s, fraction) = ((ms / 1000) as u32, ms % 1000);
    two(out, s / 3600);
    out.push(':');
    two(out, s / 60 % 60);
    if seconds == Seconds::Always || ms % 60_000 != 0 {
        out.push(':');
        two(out, s % 60);
    }
    if fraction != 0 {
        push(out, format_args!(".{fraction:03}"));
    }
}

/// `2026-03-01T10:00:00`.
pub fn local(out: &mut String, local_ms: i64, seconds: Seconds) {
    if parts(local_ms).is_none() {
        out.push('?');
        return;
    }
    date(out, local_ms.div_euclid(DAY_MS));
    out.push('T');
    time(out, local_ms.rem_euclid(DAY_MS), seconds);
}

/// `2026-03-01T10:00:00+01:00`, with `Z` for no offset.
pub fn date_time(out: &mut String, word: u64, seconds: Seconds) {
    let offset = date_time_offset(word);
    local(
        out,
        date_time_ms(word) + i64::from(offset) * 60_000,
        seconds,
    );
    if offset == 0 {
        out.push('Z');
    } else {
        let sign = if offset < 0 { '-' } else { '+' };
        push(
            out,
            format_args!("{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60),
        );
    }
}

/// `PT51H4M`, `PT-1.5S`, `PT0S`: hours, minutes and seconds, each with its sign.
pub fn duration(out: &mut String, ms: i64) {
    out.push_str("PT");
    let (hours, minutes, rest) = (ms / 3_600_000, ms / 60_000 % 60, ms % 60_000);
    if hours != 0 {
        push(out, format_args!("{hours}H"));
    }
    if minutes != 0 {
        push(out, format_args!("{minutes}M"));
    }
    if rest != 0 || ms == 0 {
        let sign = if rest < 0 { "-" } else { "" };
        push(out, format_args!("{sign}{}", rest.abs() / 1000));
        let (mut fraction, mut digits) = (rest.abs() % 1000, 3);
        if fraction != 0 {
            while fraction % 10 == 0 {
                (fraction, digits) = (fraction / 10, digits - 1);
            }
            push(out, format_args!(".{fraction:0digits$}"));
        }
        out.push('S');
    }
}

/// `P1Y2M3D`, `P0D`.
pub fn period(out: &mut String, word: u64) {
    let (months, days) = period_parts(word);
    out.push('P');
    for (n, unit) in [(months / 12, 'Y'), (months % 12, 'M'), (days, 'D')] {
        if n != 0 || (unit == 'D' && months == 0) {
            push(out, format_args!("{n}{unit}"));
        }
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use journey_artifact::word::period_word;

    fn text(f: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        f(&mut out);
        out
    }

    #[test]
    fn forms() {
        let word = parse::date_time("2011-12-03T15:15:30.120+02:00").unwrap();
        assert_eq!(
            text(|o| date_time(o, word, Seconds::Always)),
            "2011-12-03T15:15:30.120+02:00"
        );
        let word = parse::date_time("2019-06-03T06:30Z").unwrap();
        assert_eq!(
            text(|o| date_time(o, word, Seconds::Always)),
            "2019-06-03T06:30:00Z"
        );
        assert_eq!(
            text(|o| date_time(o, word, Seconds::WhenNeeded)),
            "2019-06-03T06:30Z"
        );
        let word = parse::date_time("1969-12-31T20:30:00-03:30").unwrap();
        assert_eq!(
            text(|o| date_time(o, word, Seconds::Always)),
            "1969-12-31T20:30:00-03:30"
        );
        assert_eq!(text(|o| date(o, -719_529)), "-000001-12-31");
        assert_eq!(text(|o| date(o, i64::MAX)), "?");
        assert_eq!(text(|o| local(o, i64::MIN, Seconds::Always)), "?");
        assert_eq!(
            text(|o| time(o, 32_400_500, Seconds::WhenNeeded)),
            "09:00:00.500"
        );
    }

    #[test]
    fn durations_and_periods() {
        for (ms, want) in [
            (0, "PT0S"),
            (500, "PT0.5S"),
            (183_840_000, "PT51H4M"),
            (-21_780_000, "PT-6H-3M"),
            (-1500, "PT-1.5S"),
            (-500, "PT-0.5S"),
            (1010, "PT1.01S"),
        ] {
            assert_eq!(text(|o| duration(o, ms)), want);
            assert_eq!(parse::duration(want), Some(ms));
        }
        for ((m, d), want) in [
            ((0, 0), "P0D"),
            ((14, 3), "P1Y2M3D"),
            ((1, 0), "P1M"),
            ((0, -2), "P-2D"),
            ((-14, 0), "P-1Y-2M"),
        ] {
            assert_eq!(text(|o| period(o, period_word(m, d))), want);
            assert_eq!(parse::period(want), Some(period_word(m, d)));
        }
    }
}
