//! Reads one JSON value as a value of a type, by name and on demand.
//!
//! Comes in: JSON and the type the expression gives it. Goes out: [`Val`], or nothing for `null`. ISO 8601 is read here by hand
//! and not through the machine, so that the two readers check each other. Never true here: a default for data of a wrong type.

use super::value::{OracleError, Val};
use crate::types::Type;
use serde_json::Value as Json;

/// `json` as a value of `ty`; `null` is missing.
pub(super) fn decode<'a>(json: &'a Json, ty: &Type) -> Result<Option<Val<'a>>, OracleError> {
    let bad = || wrong(json, ty);
    let text = || json.as_str().ok_or_else(bad);
    if json.is_null() {
        return Ok(None);
    }
    Ok(Some(match ty {
        Type::String => Val::Str(text()?.to_string()),
        Type::Enum(values) => {
            let text = text()?;
            if !values.iter().any(|v| v == text) {
                return Err(bad());
            }
            Val::Str(text.to_string())
        }
        Type::Integer => Val::Int(integer(json).ok_or_else(bad)?),
        Type::Decimal => Val::Dec(json.as_f64().ok_or_else(bad)?),
        Type::Boolean => Val::Bool(json.as_bool().ok_or_else(bad)?),
        Type::Date => Val::Date(date(text()?).ok_or_else(bad)?),
        Type::DateTime => {
            let (ms, offset) = date_time(text()?).ok_or_else(bad)?;
            Val::DateTime(ms, offset)
        }
        Type::DateTimeOnly => Val::Local(local(text()?).ok_or_else(bad)?),
        Type::Time => Val::Time(time(text()?).ok_or_else(bad)?),
        Type::Duration | Type::Period => return Err(bad()),
        Type::List(item) => Val::List(
            json.as_array()
                .ok_or_else(bad)?
                .iter()
                .map(|j| decode(j, item))
                .collect::<Result<_, _>>()?,
        ),
        Type::Map(value) => {
            let object = json.as_object().ok_or_else(bad)?;
            Val::Map(
                object
                    .iter()
                    .map(|(k, j)| Ok((k.clone(), decode(j, value)?)))
                    .collect::<Result<_, OracleError>>()?,
            )
        }
        Type::Record(_) if json.is_object() => Val::Json(json),
        Type::Record(_) => return Err(bad()),
        Type::Any => Val::Json(json),
        Type::Nothing | Type::Error => return Err(OracleError::Corrupt("a part without a type")),
    }))
}

fn wrong(json: &Json, ty: &Type) -> OracleError {
    OracleError::Data {
        expected: ty.to_string(),
        found: json.to_string().chars().take(80).collect(),
    }
}

/// An integer may be written `5.0` or `5e0`; JSON does not tell the difference.
fn integer(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| {
        let x = json.as_f64()?;
        (x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0).then_some(x as i64)
    })
}

/// Digits of `text[at..at + n]` as a number.
fn digits(text: &str, at: usize, n: usize) -> Option<i64> {
    let part = text.get(at..at + n)?;
    part.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| part.parse().ok())?
}

/// `YYYY-MM-DD` (or a sign and six digits for the year) as days since 1970-01-01.
pub(super) fn date(text: &str) -> Option<i64> {
    let (year, rest) = match text.as_bytes().first()? {
        b'+' => (digits(text, 1, 6)?, text.get(7..)?),
        b'-' => (-digits(text, 1, 6)?, text.get(7..)?),
        _ => (digits(text, 0, 4)?, text.get(4..)?),
    };
    if rest.len() != 6 || rest.as_bytes()[0] != b'-' || rest.as_bytes()[3] != b'-' {
        return None;
    }
    days(year, digits(rest, 1, 2)?, digits(rest, 4, 2)?)
}

/// Counts days the slow way: years since 1970, then months, then days.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let lengths = [
        31,
        if leap(year) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let length = *lengths.get(usize::try_from(month - 1).ok()?)?;
    if !(1..=length).contains(&day) {
        return None;
    }
    let year_length = |y: i64| if leap(y) { 366 } else { 365 };
    let years: i64 = if year >= 1970 {
        (1970..year).map(year_length).sum()
    } else {
        -(year..1970).map(year_length).sum::<i64>()
    };
    let months: i64 = lengths[..(month - 1) as usize].iter().sum();
    Some(years + months + day - 1)
}

/// `HH:MM[:SS[.f…]]` as milliseconds; digits below a millisecond are dropped.
pub(super) fn time(text: &str) -> Option<u32> {
    (text.get(6..8) != Some("60")).then(|| time_of_day(text))?
}

/// The same, where a second may be the 60th.
fn time_of_day(text: &str) -> Option<u32> {
    let colon = |at: usize| text.as_bytes().get(at) == Some(&b':');
    let (hour, minute) = (digits(text, 0, 2)?, digits(text, 3, 2)?);
    if !colon(2) || hour > 23 || minute > 59 {
        return None;
    }
    let mut ms = (hour * 60 + minute) * 60_000;
    if text.len() > 5 {
        let second = digits(text, 6, 2)?;
        if !colon(5) || second > 60 {
            return None;
        }
        ms += second * 1000;
    }
    if text.len() > 8 {
        let fraction = text.get(8..)?.strip_prefix(['.', ','])?;
        if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let three: String = fraction.chars().chain("00".chars()).take(3).collect();
        ms += digits(&three, 0, 3)?;
    }
    u32::try_from(ms).ok()
}

/// A date, a `T`, a time and what follows it, as milliseconds of that clock and the rest. A 60th second is one that ends a day of UTC.
fn clock(text: &str) -> Option<(i64, &str)> {
    let separator = text.find(['T', 't', ' '])?;
    let after = text.get(separator + 1..)?;
    let end = after.find(['Z', 'z', '+', '-']).unwrap_or(after.len());
    let (clock, rest) = after.split_at(end);
    let ms = date(text.get(..separator)?)? * 86_400_000 + i64::from(time_of_day(clock)?);
    if time(clock).is_none() {
        let is_last = ms > 253_402_300_799_999; // behind the year 9999
        if is_last || (ms - offset(rest)? * 60_000).rem_euclid(86_400_000) >= 1000 {
            return None;
        }
    }
    Some((ms, rest))
}

/// `Z`, `±HH:MM`, `±HHMM` or `±HH`, less than a day, in minutes.
fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = digits(text, 1, 2)?;
    let minutes = match text.get(3..)? {
        "" => 0,
        rest => {
            let rest = rest.strip_prefix(':').unwrap_or(rest);
            if rest.len() != 2 {
                return None;
            }
            digits(rest, 0, 2)?
        }
    };
    (minutes < 60 && hours < 24).then_some(sign * (hours * 60 + minutes))
}

/// `YYYY-MM-DDTHH:MM…` as milliseconds of that clock. A bare date is its midnight; an offset is dropped.
pub(super) fn local(text: &str) -> Option<i64> {
    if let Some(days) = date(text) {
        return Some(days * 86_400_000);
    }
    let (clock, rest) = clock(text)?;
    (rest.is_empty() || offset(rest).is_some()).then_some(clock)
}

/// `YYYY-MM-DDTHH:MM…` with an offset: milliseconds since the epoch, offset in minutes.
pub(super) fn date_time(text: &str) -> Option<(i64, i32)> {
    let (clock, rest) = clock(text)?;
    let offset = offset(rest)?;
    Some((clock - offset * 60_000, i32::try_from(offset).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years_and_before_the_epoch() {
        assert_eq!(date("1970-01-01"), Some(0));
        assert_eq!(date("1969-12-31"), Some(-1));
        assert_eq!(date("2000-03-01"), Some(11_017));
        assert_eq!(date("2023-02-29"), None);
        assert_eq!(date("2024-13-01"), None);
        assert_eq!(date_time("1970-01-01T01:00:00.1239+01:00"), Some((123, 60)));
        assert_eq!(date_time("2016-08-18T23:17Z"), Some((1_471_562_220_000, 0)));
        assert_eq!(
            date_time("2016-08-18 23:17-0030"),
            Some((1_471_564_020_000, -30))
        );
        assert_eq!(date_time("2016-08-18T23:17"), None);
        assert_eq!(
            date_time("2016-12-31T15:59:60.1234567890-08:00"),
            Some((1_483_228_800_123, -480))
        );
        assert_eq!(date_time("2016-12-31T23:59:60-08:00"), None);
        assert_eq!(date_time("9999-12-31T23:59:60Z"), None);
        assert_eq!(local("2016-12-31T23:59:60"), None);
        assert_eq!(local("2016-08-18"), Some(1_471_478_400_000));
    }
}
