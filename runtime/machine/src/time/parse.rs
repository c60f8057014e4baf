//! Text to time values: ISO 8601 (the profile RFC 3339 and XDM use) and the language's own duration units.
//!
//! Comes in: text. Goes out: words or milliseconds; `None` for anything malformed or a day that does not exist. Fractions
//! finer than a millisecond are cut. Every instant of RFC 3339 is read; of ISO 8601 also one without seconds, with a comma before
//! the fraction, with an offset `+0200` or `+02`, with a sign and six digits for the year. A leap second, `23:59:60` in UTC, is the
//! second after it. Never true here: a guess (no missing offsets, no two-digit years, no 24:00, no other :60).

use super::civil::{DAY_MS, EDGE_MS, days_from_ymd};
use super::fixed;
use journey_artifact::word::{date_time_word, period_word};
use std::ops::RangeBounds;

/// `2026-03-01` → days since 1970-01-01.
pub fn date(text: &str) -> Option<i64> {
    let mut c = Cursor(text.as_bytes());
    let days = c.date()?;
    c.end(days)
}

/// `09:00`, `09:00:30.5` → milliseconds since midnight.
pub fn time(text: &str) -> Option<u32> {
    let mut c = Cursor(text.as_bytes());
    let time = c.time()?;
    c.end(time as u32)
}

/// `2026-03-01T10:00Z`, `2026-03-01T10:00:00.123+02:00` → DateTime word; the offset is kept.
/// Of bytes that are no text none is one.
pub fn date_time(text: impl AsRef<[u8]>) -> Option<u64> {
    let text = text.as_ref();
    fixed::date_time(text).or_else(|| date_time_in_any_form(text))
}

fn date_time_in_any_form(text: &[u8]) -> Option<u64> {
    let mut c = Cursor(text);
    let days = c.date()?;
    let (time, is_leap) = c.time_after_date()?;
    let offset = c.offset()?;
    let local = days * DAY_MS + time;
    let at = local - i64::from(offset) * 60_000;
    if is_leap && !may_follow_leap(local, offset) {
        return None;
    }
    c.end(date_time_word(at, offset)?)
}

/// Whether a local time, so many minutes ahead of UTC, is in the first second of a day in UTC, the only one that may come after a leap
/// second. Behind the last second of the calendar there is none.
fn may_follow_leap(local: i64, offset: i32) -> bool {
    let at = local - i64::from(offset) * 60_000;
    at.rem_euclid(DAY_MS) < 1000 && local <= EDGE_MS.1
}

/// `2026-03-01T10:00` → wall clock milliseconds. A bare date is midnight; an offset at the end is dropped.
pub fn local(text: &str) -> Option<i64> {
    let mut c = Cursor(text.as_bytes());
    let days = c.date()?;
    if c.0.is_empty() {
        return Some(days * DAY_MS);
    }
    let (time, is_leap) = c.time_after_date()?;
    let local = days * DAY_MS + time;
    let offset = match c.0 {
        [] => None,
        _ => Some(c.offset()?),
    };
    if is_leap && !offset.is_some_and(|offset| may_follow_leap(local, offset)) {
        return None;
    }
    c.end(local)
}

/// A date, or the date part as written of anything [`local`] takes.
pub fn date_part(text: &str) -> Option<i64> {
    date(text).or_else(|| Some(local(text)?.div_euclid(DAY_MS)))
}

/// An exact duration in milliseconds: ISO `PnDTnHnMn.nS` (a day is 24 h; signs in front and per part; either letter case;
/// dot or comma), or units `15m`, `1h30m`, `500ms`, `2s` with an optional leading sign.
pub fn duration(text: &str) -> Option<i64> {
    let mut c = Cursor(text.as_bytes());
    let negative = c.sign();
    let total = if c.eat(b"Pp") {
        c.iso_duration()?
    } else {
        c.unit_duration()?
    };
    let total = if negative { -total } else { total };
    c.end(i64::try_from(total).ok()?)
}

/// A calendar duration as a Period word: ISO `P1Y2M3W4D`, or units `1d`, `2w`, `1mo`, `1y` with an optional leading sign.
pub fn period(text: &str) -> Option<u64> {
    let mut c = Cursor(text.as_bytes());
    let negative = c.sign();
    let (months, days) = if c.eat(b"Pp") {
        c.iso_period()?
    } else {
        c.unit_period()?
    };
    let sign = if negative { -1 } else { 1 };
    c.end(period_word(
        i32::try_from(months * sign).ok()?,
        i32::try_from(days * sign).ok()?,
    ))
}

/// Bytes not yet read. All methods leave it where they failed; callers give up then.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }

    fn eat(&mut self, any: &[u8]) -> bool {
        self.one_of(any).is_some()
    }

    fn one_of(&mut self, any: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !any.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    fn sign(&mut self) -> bool {
        self.one_of(b"+-") == Some(b'-')
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let mut n = 0;
        for _ in 0..count {
            n = n * 10 + u32::from(self.one_of(b"0123456789")? - b'0');
        }
        Some(n)
    }

    /// One or more digits, at most 15.
    fn number(&mut self) -> Option<i128> {
        let (mut n, mut count) = (0i128, 0);
        while let Some(digit) = self.one_of(b"0123456789") {
            n = n * 10 + i128::from(digit - b'0');
            count += 1;
            if count > 15 {
                return None;
            }
        }
        (count > 0).then_some(n)
    }

    /// A fraction after its point, of so many digits, in milliseconds; further digits are cut.
    fn fraction(&mut self, allowed: impl RangeBounds<usize>) -> Option<i64> {
        let (mut ms, mut scale, mut count) = (0, 100, 0);
        while let Some(digit) = self.one_of(b"0123456789") {
            ms += i64::from(digit - b'0') * scale;
            scale /= 10;
            count += 1;
        }
        allowed.contains(&count).then_some(ms)
    }

    fn date(&mut self) -> Option<i64> {
        let year = match self.one_of(b"+-") {
            None => self.digits(4)? as i32,
            Some(sign) => self.digits(6)? as i32 * if sign == b'-' { -1 } else { 1 },
        };
        self.one_of(b"-")?;
        let month = self.digits(2)?;
        self.one_of(b"-")?;
        days_from_ymd(year, month, self.digits(2)?)
    }

    fn time(&mut self) -> Option<i64> {
        let (time, is_leap) = self.clock()?;
        (!is_leap).then_some(time)
    }

    /// A time of day, and whether its second is the 60th, which only a leap second is.
    fn clock(&mut self) -> Option<(i64, bool)> {
        let hour = self.digits(2)?;
        self.one_of(b":")?;
        let minute = self.digits(2)?;
        let (mut second, mut ms) = (0, 0);
        if self.eat(b":") {
            second = self.digits(2)?;
            if self.eat(b".,") {
                ms = self.fraction(1..)?;
            }
        }
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let time = i64::from((hour * 60 + minute) * 60 + second) * 1000 + ms;
        Some((time, second == 60))
    }

    fn time_after_date(&mut self) -> Option<(i64, bool)> {
        self.one_of(b"Tt ")?;
        self.clock()
    }

    /// `Z`, `+02:00`, `+0200`, `+02` → minutes.
    fn offset(&mut self) -> Option<i32> {
        let sign = match self.one_of(b"Zz+-")? {
            b'Z' | b'z' => return Some(0),
            b'-' => -1,
            _ => 1,
        };
        let hours = self.digits(2)? as i32;
        let minutes = if self.eat(b":") || self.0.first().is_some_and(u8::is_ascii_digit) {
            self.digits(2)? as i32
        } else {
            0
        };
        if hours > 23 || minutes > 59 {
            return None;
        }
        Some(sign * (hours * 60 + minutes))
    }

    fn iso_duration(&mut self) -> Option<i128> {
        const SECTIONS: [(&[u8], i128); 4] = [
            (b"Dd", 86_400_000),
            (b"Hh", 3_600_000),
            (b"Mm", 60_000),
            (b"Ss", 1000),
        ];
        let (mut total, mut next, mut in_time, mut seen) = (0i128, 0, false, false);
        while !self.0.is_empty() {
            if !in_time && self.eat(b"Tt") {
                (in_time, next, seen) = (true, next.max(1), false);
                continue;
            }
            let negative = self.sign();
            let whole = self.number()?;
            let fraction = if self.eat(b".,") {
                Some(self.fraction(..=9)?)
            } else {
                None
            };
            let at = (next..4).find(|ix| self.eat(SECTIONS[*ix].0))?;
            if (at > 0) != in_time || (fraction.is_some() && at != 3) {
                return None;
            }
            let part = whole * SECTIONS[at].1 + i128::from(fraction.unwrap_or(0));
            total += if negative { -part } else { part };
            (next, seen) = (at + 1, true);
        }
        seen.then_some(total)
    }

    fn unit_duration(&mut self) -> Option<i128> {
        let (mut total, mut seen) = (0i128, false);
        while !self.0.is_empty() {
            let n = self.number()?;
            let unit = match self.one_of(b"hms")? {
                b'h' => 3_600_000,
                b's' => 1000,
                _ if self.eat(b"s") => 1,
                _ => 60_000,
            };
            total += n * unit;
            seen = true;
        }
        seen.then_some(total)
    }

    fn iso_period(&mut self) -> Option<(i128, i128)> {
        const SECTIONS: [(&[u8], i128, i128); 4] =
            [(b"Yy", 12, 0), (b"Mm", 1, 0), (b"Ww", 0, 7), (b"Dd", 0, 1)];
        let (mut months, mut days, mut next) = (0, 0, 0);
        while !self.0.is_empty() {
            let sign = if self.sign() { -1 } else { 1 };
            let n = self.number()? * sign;
            let at = (next..4).find(|ix| self.eat(SECTIONS[*ix].0))?;
            (months, days) = (months + n * SECTIONS[at].1, days + n * SECTIONS[at].2);
            next = at + 1;
        }
        (next > 0).then_some((months, days))
    }

    fn unit_period(&mut self) -> Option<(i128, i128)> {
        let (mut months, mut days, mut seen) = (0, 0, false);
        while !self.0.is_empty() {
            let n = self.number()?;
            match self.one_of(b"ymwd")? {
                b'y' => months += 12 * n,
                b'w' => days += 7 * n,
                b'd' => days += n,
                _ => {
                    self.one_of(b"o")?;
                    months += n;
                }
            }
            seen = true;
        }
        seen.then_some((months, days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use journey_artifact::word::{date_time_ms, date_time_offset};

    #[test]
    fn dates_and_times() {
        assert_eq!(date("1970-01-02"), Some(1));
        for bad in [
            "",
            "2023-02-29",
            "2023-13-01",
            "2023-1-01",
            "23-01-01",
            "2023-01-01T00:00Z",
            "2023-01-01 ",
        ] {
            assert_eq!(date(bad), None, "{bad}");
        }
        assert_eq!(date("-000001-01-01"), days_from_ymd(-1, 1, 1));
        assert_eq!(time("09:00"), Some(32_400_000));
        assert_eq!(time("23:59:59.9999"), Some(86_399_999));
        for bad in ["24:00", "9:00", "09:60", "09:00:60", "09:00:00.", "09"] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }

    #[test]
    fn date_times_keep_their_offset() {
        let word = date_time("2011-12-03T15:15:30.123+02:00").unwrap();
        assert_eq!(
            (date_time_ms(word), date_time_offset(word)),
            (1_322_918_130_123, 120)
        );
        assert_eq!(
            date_time("2011-12-03T13:15:30.123Z").map(date_time_ms),
            Some(1_322_918_130_123)
        );
        assert_eq!(
            date_time("2011-12-03T10:15:30.123-0300").map(date_time_ms),
            Some(1_322_918_130_123)
        );
        assert_eq!(
            date_time("2011-12-03T13:15Z"),
            date_time("2011-12-03t13:15:00z")
        );
        for (written, meant) in [
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            (
                "2016-12-31T15:59:60.25-08:00",
                "2016-12-31T16:00:00.25-08:00",
            ),
            (
                "2024-02-29T00:00:00.1239999999Z",
                "2024-02-29T00:00:00.123Z",
            ),
            ("2024-02-29T00:00:00,5+0100", "2024-02-29T00:00:00.5+01:00"),
        ] {
            let word = date_time(written);
            assert!(word.is_some() && word == date_time(meant), "{written}");
        }
        for offset in [-1439, -1081, 1081, 1439_i32] {
            let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
            let sign = if offset < 0 { '-' } else { '+' };
            let text = format!("2024-02-29T12:00:00{sign}{hours:02}:{minutes:02}");
            assert_eq!(
                date_time(&text).map(date_time_offset),
                Some(offset),
                "{text}"
            );
        }
        for bad in [
            "2011-12-03T15:15",
            "2011-12-03",
            "2011-12-03T15:15+24:00",
            "2011-12-03T15:15+18:60",
            "2011-12-03T15:15:30.Z",
            "2016-12-31T23:59:61Z",
            "2016-12-31T23:58:60Z",
            "2016-12-31T22:59:60Z",
            "2016-12-31T23:59:60+01:00",
            "9999-12-31T23:59:60Z",
            "2011-12-03T15:15+2",
            "not a date",
            "2011-12-03T15:15ZZ",
        ] {
            assert_eq!(date_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn locals_and_date_parts() {
        assert_eq!(local("1970-01-02"), Some(DAY_MS));
        assert_eq!(local("1970-01-01T00:01+02:00"), Some(60_000));
        assert_eq!(local("1970-01-01X00:01"), None);
        assert_eq!(date_part("2023-08-18T23:00:00-07:00"), date("2023-08-18"));
        assert_eq!(
            local("2016-12-31T15:59:60-08:00"),
            local("2016-12-31T16:00:00")
        );
        assert_eq!(
            local("2016-12-31T23:59:60"),
            None,
            "no offset, no leap second"
        );
        assert_eq!(local("9999-12-31T23:59:60Z"), None, "the calendar's end");
    }

    #[test]
    fn durations() {
        let cases = [
            ("PT10H", 36_000_000),
            ("PT4S", 4000),
            ("P2DT3H4M", 183_840_000),
            ("-PT6H3M", -21_780_000),
            ("-PT-6H+3M", 21_420_000),
            ("pt10h", 36_000_000),
            ("PT0S", 0),
            ("PT0.000001S", 0),
            ("PT1,5S", 1500),
            ("PT-1.5S", -1500),
            ("P1D", 86_400_000),
            ("15m", 900_000),
            ("24h", 86_400_000),
            ("1h30m", 5_400_000),
            ("500ms", 500),
            ("2s", 2000),
            ("-2s", -2000),
            ("PT1.S", 1000),
        ];
        for (text, ms) in cases {
            assert_eq!(duration(text), Some(ms), "{text}");
        }
        for bad in [
            "",
            "P",
            "PT",
            "P1DT",
            "1H",
            "P1Y",
            "P1W",
            "PT1M1H",
            "P1H",
            "PT1D",
            "PT1.5H",
            "1d",
            "h",
            "PT9999999999999999S",
            "-",
        ] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn periods() {
        let cases = [
            ("1d", (0, 1)),
            ("2w", (0, 14)),
            ("1mo", (1, 0)),
            ("1y", (12, 0)),
            ("1y2mo3d", (14, 3)),
            ("-1mo", (-1, 0)),
            ("P1Y2M3D", (14, 3)),
            ("P2W", (0, 14)),
            ("P-1M", (-1, 0)),
            ("P0D", (0, 0)),
        ];
        for (text, (months, days)) in cases {
            assert_eq!(period(text), Some(period_word(months, days)), "{text}");
        }
        for bad in ["", "P", "1m", "P1DT1H", "1h", "P1D1Y", "999999999999d"] {
            assert_eq!(period(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_usual_form_is_read_as_any_form() {
        let mut state = 11u64;
        let mut random = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        let mut taken = 0;
        let cases = if cfg!(miri) { 300 } else { 200_000 };
        for _ in 0..cases {
            let mut text = format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                random(10_000),
                random(14),
                random(33),
                random(26),
                random(62),
                random(62)
            );
            match random(4) {
                0 => text.push_str(&format!(".{:03}", random(1_000))),
                1 => text.push_str(&format!(".{}", random(100_000))),
                _ => {}
            }
            match random(4) {
                0 => text.push('z'),
                1 => text.push('Z'),
                2 => text.push_str(&format!("+{:02}:{:02}", random(20), random(64))),
                _ => text.push_str(&format!("-{:02}:{:02}", random(20), random(64))),
            }
            if random(10) == 0 {
                let at = random(text.len() as u64) as usize;
                text.replace_range(at..=at, ["x", "0", ":", "-"][random(4) as usize]);
            }
            if let Some(word) = fixed::date_time(text.as_bytes()) {
                taken += 1;
                assert_eq!(Some(word), date_time_in_any_form(text.as_bytes()), "{text}");
            }
        }
        assert!(taken > cases / 10, "{taken}");
    }
}
