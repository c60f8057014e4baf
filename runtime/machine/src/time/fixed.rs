//! Instants in the one form that nearly all of them have: `2026-03-01T10:00:00Z`, with up to three digits of a fraction, with `Z` or
//! an offset `+02:00`.
//!
//! Comes in: text. Goes out: what [`super::parse::date_time`] would give, or nothing, and then that one is to be asked. Never true
//! here: a refusal.

use super::civil::DAY_MS;
use journey_artifact::word::date_time_word;

/// The word of an instant in the usual form.
pub(super) fn date_time(text: &[u8]) -> Option<u64> {
    let (head, rest) = text.split_first_chunk::<19>()?;
    let (date, rest_of_date, time) = (
        pairs(*head.first_chunk()?, *b"0000-00-")?,
        pairs(*head[3..].first_chunk()?, *b"0-00-00T")?,
        pairs(*head.last_chunk()?, *b"00:00:00")?,
    );
    let (century, year, month, day) = (date(0), date(2), date(5), rest_of_date(5));
    let (hour, minute, second) = (time(0), time(3), time(6));
    let year = century * 100 + year;
    let plain = year > 0
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !plain {
        return None;
    }
    let (ms, rest) = match rest {
        [b'.', a, b, c, rest @ ..] => (digit(*a)? * 100 + digit(*b)? * 10 + digit(*c)?, rest),
        rest => (0, rest),
    };
    let offset = match rest {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (
                digit(*h1)? * 10 + digit(*h2)?,
                digit(*m1)? * 10 + digit(*m2)?,
            );
            if hours > 14 || minutes > 59 {
                return None;
            }
            let offset = hours * 60 + minutes;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    let of_day = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
    let local = days(year, month, day) * DAY_MS + of_day;
    date_time_word(local - offset * 60_000, offset as i32)
}

fn digit(byte: u8) -> Option<i64> {
    let digit = byte.wrapping_sub(b'0');
    (digit < 10).then_some(i64::from(digit))
}

/// The numbers of two digits in a text of a form that has `0` for every digit, by where they begin: eight bytes are looked at
/// together.
#[inline(always)]
fn pairs(text: [u8; 8], form: [u8; 8]) -> Option<impl Fn(u32) -> i64> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Digits and marks that are as they must be become 0 to 9 and 0.
    let digits = u64::from_le_bytes(text) ^ u64::from_le_bytes(form);
    // What brings the greatest of each just below the highest bit.
    let room = form.map(|mark| if mark == b'0' { 0x76 } else { 0x7F });
    let over = digits.wrapping_add(u64::from_le_bytes(room));
    if (digits | over) & HIGH != 0 {
        return None;
    }
    let pairs = digits * 10 + (digits >> 8);
    Some(move |at: u32| (pairs >> (8 * at) & 0xFF) as i64)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar: years from March on, so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
