//! What literals stand for. In: a token's kind and text. Out: plain numbers and parts, or why it stands for nothing. Never here: zones,
//! calendars beyond the length of months, or arithmetic.

use crate::kind::SyntaxKind;

/// What a literal stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LiteralValue {
    /// `true`, `false`
    Boolean(bool),
    /// `1_000`; never negative, the sign is an operator.
    Integer(i64),
    /// `3.14`; finite.
    Decimal(f64),
    /// `15m`
    Duration(DurationValue),
    /// `2026-03-01`
    Date(DateValue),
    /// `09:00`
    Time(TimeValue),
    /// `2026-03-01T10:00` with an offset.
    DateTime(DateValue, TimeValue, OffsetValue),
    /// `2026-03-01T10:00` without one: a wall clock.
    DateTimeOnly(DateValue, TimeValue),
}

/// A duration as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DurationValue {
    /// How many units; never negative.
    pub amount: i64,
    /// The unit. `d` and longer ones are calendar units, the others exact.
    pub unit: DurationUnit,
}

/// The units of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
#[rustfmt::skip]
pub enum DurationUnit { Millisecond, Second, Minute, Hour, Day, Week, Month, Year }

impl DurationUnit {
    /// The unit's letters.
    pub const fn text(self) -> &'static str {
        match self {
            DurationUnit::Millisecond => "ms",
            DurationUnit::Second => "s",
            DurationUnit::Minute => "m",
            DurationUnit::Hour => "h",
            DurationUnit::Day => "d",
            DurationUnit::Week => "w",
            DurationUnit::Month => "mo",
            DurationUnit::Year => "y",
        }
    }

    fn of(text: &str) -> Option<DurationUnit> {
        use DurationUnit::*;
        [Millisecond, Second, Minute, Hour, Day, Week, Month, Year]
            .into_iter()
            .find(|u| u.text() == text)
    }
}

/// A date of the proleptic Gregorian calendar, years 0000 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub struct DateValue {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

/// A time of day. Leap seconds are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub struct TimeValue {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    /// Nanoseconds; further digits are refused.
    pub nanosecond: u32,
}

/// An offset from UTC in minutes, within ±18 h.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OffsetValue {
    /// East is positive.
    pub minutes: i16,
}

/// Why a literal stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralError {
    /// An integer, or a duration's amount, that does not fit 64 bits.
    TooLarge,
    /// A decimal beyond what a double can hold.
    NotFinite,
    /// There is no such day.
    NoSuchDate,
    /// There is no such time of day.
    NoSuchTime,
    /// There is no such offset.
    NoSuchOffset,
    /// It is no literal; only half-broken text leads here.
    Malformed,
}

impl LiteralError {
    /// What a reader is told.
    pub const fn message(self) -> &'static str {
        match self {
            LiteralError::TooLarge => {
                "this number is too large: an integer goes up to 9_223_372_036_854_775_807"
            }
            LiteralError::NotFinite => "this number is too large for a decimal",
            LiteralError::NoSuchDate => "there is no such date",
            LiteralError::NoSuchTime => {
                "there is no such time of day: hours go from 00 to 23, minutes and seconds from 00 to 59"
            }
            LiteralError::NoSuchOffset => "there is no such offset: they go from -18:00 to +18:00",
            LiteralError::Malformed => "this is not a complete literal",
        }
    }
}

/// What the literal token `text` of this kind stands for.
///
/// # Errors
/// Numbers out of range and dates or times that do not exist.
pub fn decode(kind: SyntaxKind, text: &str) -> Result<LiteralValue, LiteralError> {
    Ok(match kind {
        SyntaxKind::Integer => LiteralValue::Integer(integer(text)?),
        SyntaxKind::Decimal => LiteralValue::Decimal(decimal(text)?),
        SyntaxKind::Duration => LiteralValue::Duration(duration(text)?),
        SyntaxKind::Date => LiteralValue::Date(date(text)?),
        SyntaxKind::Time => LiteralValue::Time(time(text)?),
        SyntaxKind::DateTime | SyntaxKind::DateTimeOnly => date_time(text)?,
        SyntaxKind::Word if text == "true" => LiteralValue::Boolean(true),
        SyntaxKind::Word if text == "false" => LiteralValue::Boolean(false),
        _ => return Err(LiteralError::Malformed),
    })
}

/// `1_000`
///
/// # Errors
/// `TooLarge` beyond 64 bits.
pub fn integer(text: &str) -> Result<i64, LiteralError> {
    let mut value: i64 = 0;
    for digit in text.bytes().filter(|b| *b != b'_') {
        if !digit.is_ascii_digit() {
            return Err(LiteralError::Malformed);
        }
        let next = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(digit - b'0')));
        value = next.ok_or(LiteralError::TooLarge)?;
    }
    if text.is_empty() {
        Err(LiteralError::Malformed)
    } else {
        Ok(value)
    }
}

/// `3.14`, `1e6`
///
/// # Errors
/// `NotFinite` beyond a double.
pub fn decimal(text: &str) -> Result<f64, LiteralError> {
    let parsed = match text.contains('_') {
        true => text.replace('_', "").parse(),
        false => text.parse(),
    };
    let value: f64 = parsed.map_err(|_| LiteralError::Malformed)?;
    if value.is_finite() {
        Ok(value)
    } else {
        Err(LiteralError::NotFinite)
    }
}

/// `15m`
///
/// # Errors
/// `TooLarge` beyond 64 bits.
pub fn duration(text: &str) -> Result<DurationValue, LiteralError> {
    let digits = text
        .find(|c: char| c.is_ascii_alphabetic())
        .ok_or(LiteralError::Malformed)?;
    let (amount, unit) = text.split_at(digits);
    let unit = DurationUnit::of(unit).ok_or(LiteralError::Malformed)?;
    Ok(DurationValue {
        amount: integer(amount)?,
        unit,
    })
}

/// `2026-03-01`
///
/// # Errors
/// `NoSuchDate` for a month 13 or a 30th of February.
pub fn date(text: &str) -> Result<DateValue, LiteralError> {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(LiteralError::Malformed);
    };
    let (year, month, day) = (small(year)?, small(month)?, small(day)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u16::from(leap),
        1..=12 => 31,
        _ => 0,
    };
    if day == 0 || day > days {
        return Err(LiteralError::NoSuchDate);
    }
    Ok(DateValue {
        year,
        month: month as u8,
        day: day as u8,
    })
}

/// `09:00`, `09:00:30`, `09:00:30.250`
///
/// # Errors
/// `NoSuchTime` for an hour 24, a second 60, or more than nine digits of a second.
pub fn time(text: &str) -> Result<TimeValue, LiteralError> {
    let mut parts = text.split(':');
    let hour = small(parts.next().unwrap_or(""))?;
    let minute = small(parts.next().unwrap_or(""))?;
    let (second, fraction) = match parts.next() {
        None => ("0", ""),
        Some(rest) => rest.split_once('.').unwrap_or((rest, "")),
    };
    let second = small(second)?;
    if parts.next().is_some() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(LiteralError::Malformed);
    }
    if hour > 23 || minute > 59 || second > 59 || fraction.len() > 9 {
        return Err(LiteralError::NoSuchTime);
    }
    let nanosecond = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(9)
        .fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    Ok(TimeValue {
        hour: hour as u8,
        minute: minute as u8,
        second: second as u8,
        nanosecond,
    })
}

fn date_time(text: &str) -> Result<LiteralValue, LiteralError> {
    let (day, rest) = text.split_once('T').ok_or(LiteralError::Malformed)?;
    let day = date(day)?;
    let Some(at) = rest.find(['Z', '+', '-']) else {
        return Ok(LiteralValue::DateTimeOnly(day, time(rest)?));
    };
    let (clock, offset) = rest.split_at(at);
    Ok(LiteralValue::DateTime(
        day,
        time(clock)?,
        zone_offset(offset)?,
    ))
}

fn zone_offset(text: &str) -> Result<OffsetValue, LiteralError> {
    if text == "Z" {
        return Ok(OffsetValue { minutes: 0 });
    }
    let (sign, clock) = match text.split_at_checked(1) {
        Some(("+", clock)) => (1, clock),
        Some(("-", clock)) => (-1, clock),
        _ => return Err(LiteralError::Malformed),
    };
    let (hours, minutes) = clock.split_once(':').ok_or(LiteralError::Malformed)?;
    let (hours, minutes) = (small(hours)?, small(minutes)?);
    let total = hours * 60 + minutes;
    if minutes > 59 || total > 18 * 60 {
        return Err(LiteralError::NoSuchOffset);
    }
    Ok(OffsetValue {
        minutes: sign * total as i16,
    })
}

/// A number of at most four digits.
fn small(text: &str) -> Result<u16, LiteralError> {
    let ok = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if ok {
        text.parse().map_err(|_| LiteralError::Malformed)
    } else {
        Err(LiteralError::Malformed)
    }
}

/// A string token's text with its escapes resolved; an escape the language does not know stands as it is written (the lexer reported it).
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match escape(rest) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('\\');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The character the escape at the start of `text` stands for, and the escape's length; `None` when there is no such escape.
pub fn escape(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('\\')?;
    let c = match body.as_bytes().first()? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        c @ (b'"' | b'\\' | b'{' | b'}') => *c as char,
        b'u' => {
            let hex = body.strip_prefix("u{")?.split('}').next()?;
            let ok = (1..=6).contains(&hex.len()) && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let closed = body.as_bytes().get(2 + hex.len()) == Some(&b'}');
            let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
            return (ok && closed).then_some((c, hex.len() + 4));
        }
        _ => return None,
    };
    Some((c, 2))
}

/// The indentation of a `"""` string's closing line, when that line holds nothing else.
pub(crate) fn closing_indent<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let last = texts.last()?;
    let line = &last[last.rfind('\n')? + 1..];
    line.bytes()
        .all(|b| b == b' ' || b == b'\t')
        .then_some(line)
}

/// A text of a `"""` string: the closing line's indentation leaves every line, the first and the last line break go.
pub(crate) fn long_text(text: &str, indent: Option<&str>, first: bool, last: bool) -> String {
    let mut text = text.replace("\r\n", "\n");
    if let Some(indent) = indent {
        text = text.replace(&format!("\n{indent}"), "\n");
        if last {
            text.truncate(
                text.trim_end_matches('\n')
                    .len()
                    .max(text.len().saturating_sub(1)),
            );
        }
    }
    if first && text.starts_with('\n') {
        text.remove(0);
    }
    unescape(&text)
}
