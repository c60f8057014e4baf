//! Host functions: one routine for every engine that has none of its own, so that engines are compared and not date parsers.
//!
//! Comes in: texts. Goes out: buckets and instants. Never true here: an allocation, a clock.

/// The instant at which the conditions are asked.
pub const NOW: &str = "2026-05-01T12:00:00Z";
/// The same in milliseconds since the epoch.
pub const NOW_MS: i64 = 1_777_636_800_000;

const DAY_MS: i64 = 86_400_000;

/// FNV-1a (64 bits) of `salt:id`, modulo 10,000.
#[inline]
pub fn bucket(id: &str, salt: &str) -> i64 {
    let bytes = salt.as_bytes().iter().chain(b":").chain(id.as_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash % 10_000) as i64
}

/// The instant of a text as RFC 3339 writes it, in milliseconds since the epoch.
#[inline]
pub fn parse_ms(text: &str) -> Option<i64> {
    let b = text.as_bytes();
    if b.len() < 20 {
        return None;
    }
    let digit = |i: usize| {
        let c = b[i].wrapping_sub(b'0');
        (c < 10).then_some(i64::from(c))
    };
    let two = |i: usize| Some(digit(i)? * 10 + digit(i + 1)?);
    let (year, month, day) = (two(0)? * 100 + two(2)?, two(5)?, two(8)?);
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let shaped = b[4] == b'-' && b[7] == b'-' && b[13] == b':' && b[16] == b':';
    if !shaped || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (mut at, mut ms, mut weight) = (19, 0, 100);
    if b[at] == b'.' {
        at += 1;
        while at < b.len() && b[at].is_ascii_digit() {
            ms += i64::from(b[at] - b'0') * weight;
            weight /= 10;
            at += 1;
        }
    }
    let offset = match b.get(at)? {
        b'Z' | b'z' => 0,
        sign @ (b'+' | b'-') if b.len() >= at + 6 => {
            let minutes = two(at + 1)? * 60 + two(at + 4)?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - offset;
    Some(minutes * 60_000 + second * 1000 + ms)
}

/// Days since the epoch of a proleptic Gregorian date, counted in eras of 400 years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Whether a text is an instant of the last so many days before [`NOW`], both ends included.
#[inline]
pub fn in_last_days(text: &str, days: i64) -> bool {
    parse_ms(text).is_some_and(|at| NOW_MS - days * DAY_MS <= at && at <= NOW_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants() {
        assert_eq!(parse_ms(NOW), Some(NOW_MS));
        assert_eq!(parse_ms("1970-01-01T00:00:00.25Z"), Some(250));
        assert_eq!(parse_ms("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(parse_ms("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        assert_eq!(parse_ms("2024-02-29"), None);
        assert_eq!(parse_ms("2024-13-29T00:00:00Z"), None);
        assert_eq!(parse_ms("2024-02-29T00:00:00+1"), None);
    }

    #[test]
    fn both_ends_of_the_last_days_are_included() {
        assert!(in_last_days("2026-04-24T12:00:00Z", 7));
        assert!(!in_last_days("2026-04-24T11:59:59.999Z", 7));
        assert!(in_last_days(NOW, 7));
        assert!(!in_last_days("2026-05-01T12:00:00.001Z", 7));
    }
}
