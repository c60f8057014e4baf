//! Functions over instants, wall clocks and dates that need nothing but words, the instant and the zone.
//!
//! Each is carried out by whoever has those at hand: by a call of the table's native, by the interpreter in place, by a call out of
//! compiled code. Comes in: the words of arguments that are present. Goes out: a word, or nothing. A sum beyond the years
//! -9999..=9999 ends at their edge, as integers end at theirs: a sum of two present values is present, and `wait until now() + 1d` needs
//! no `??`. Never true here: a text, a row, fuel.

use super::window::Unit;
use crate::fault::Fault;
use crate::time::Zone;
use crate::time::civil::{self, DAY_MS, EDGE_DAYS, EDGE_MS, HOUR_MS};
use journey_artifact::word::{date_time_ms, date_time_offset, date_time_word, period_parts};

/// Where and when an evaluation is.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// The instant, milliseconds since the epoch.
    pub now_ms: i64,
    /// The journey's zone.
    pub zone: &'a Zone,
}

/// What a word is that a clock is read off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// An instant: the clock is that of the journey's zone.
    Instant,
    /// A wall clock, or a time of day.
    Wall,
    /// A date.
    Date,
}

/// What is read off a clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The year.
    Year,
    /// The month, from 1.
    Month,
    /// The day of the month, from 1.
    Day,
    /// 1 Sunday to 7 Saturday.
    Weekday,
    /// 0 to 23.
    Hour,
    /// 0 to 59.
    Minute,
    /// The time of day.
    Time,
}

/// A function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// The present instant in UTC.
    Now,
    /// The same in milliseconds.
    Millis,
    /// Whether an instant lies between now and an amount of a unit from now, ends included; in the past, or not.
    Within(Unit, bool),
    /// A part of a clock.
    Of(Form, Part),
    /// Whole years between two dates.
    YearsBetween,
    /// Milliseconds from the second instant to the first.
    Apart,
    /// The same of two words that are numbers.
    Less,
    /// An instant, and a duration later; or sooner.
    Exact(bool),
    /// An instant, and so much later on the calendar of the journey's zone; or sooner.
    Calendar(bool),
    /// A wall clock, and a duration later; or sooner.
    WallExact(bool),
    /// A wall clock, and so much later on the calendar; or sooner.
    WallCalendar(bool),
    /// A date, and so much later; or sooner.
    DateCalendar(bool),
    /// An instant in milliseconds.
    InMillis,
    /// The wall clock of an instant's own offset.
    OwnWall,
    /// The date on that clock.
    OwnDate,
    /// The date of a wall clock.
    WallDate,
    /// The instant at which clocks of the journey's zone show this.
    FromWall,
    /// Midnight of a date in the journey's zone.
    FromDate,
}

impl Clock {
    /// The value; of one argument the second is anything.
    #[inline]
    pub fn value(self, here: Here<'_>, a: u64, b: u64) -> Result<Option<u64>, Fault> {
        let word = match self {
            Clock::Now => {
                let word = date_time_word(here.now_ms, 0);
                return word
                    .map(Some)
                    .ok_or(Fault::Corrupt("the instant is out of range"));
            }
            Clock::Millis => here.now_ms as u64,
            Clock::Within(unit, past) => {
                u64::from(within(here, date_time_ms(a), b as i64, past, unit))
            }
            Clock::Of(form, part) => {
                return Ok(wall(here, form, a).and_then(|wall| read(wall, part)));
            }
            Clock::YearsBetween => {
                let years = civil::years_between(a as i64, b as i64);
                return Ok(years.map(|years| years as u64));
            }
            Clock::Apart => (date_time_ms(a) - date_time_ms(b)) as u64,
            Clock::Less => (a as i64).saturating_sub(b as i64) as u64,
            Clock::Exact(sooner) => instant(a, moved(date_time_ms(a), b, sooner)),
            Clock::Calendar(sooner) => on_calendar(here.zone, a, by(b, sooner)),
            Clock::WallExact(sooner) => within_edges(EDGE_MS, moved(a as i64, b, sooner)) as u64,
            Clock::WallCalendar(sooner) => {
                let by = by(b, sooner);
                or_edge(EDGE_MS, civil::add_to_local(a as i64, by.0, by.1), by) as u64
            }
            Clock::DateCalendar(sooner) => {
                let by = by(b, sooner);
                or_edge(EDGE_DAYS, civil::add_to_date(a as i64, by.0, by.1), by) as u64
            }
            Clock::InMillis => date_time_ms(a) as u64,
            Clock::OwnWall => own_wall(a) as u64,
            Clock::OwnDate => own_wall(a).div_euclid(DAY_MS) as u64,
            Clock::WallDate => (a as i64).div_euclid(DAY_MS) as u64,
            Clock::FromWall => return Ok(placed(here.zone, Some(a as i64))),
            Clock::FromDate => return Ok(placed(here.zone, midnight(a))),
        };
        Ok(Some(word))
    }

    /// Whether it may give nothing.
    pub fn is_optional(self) -> bool {
        use Clock::{FromDate, FromWall, Of, YearsBetween};
        matches!(self, Of(..) | YearsBetween | FromWall | FromDate)
    }
}

/// The wall clock of a dateTime's own offset.
fn own_wall(word: u64) -> i64 {
    date_time_ms(word) + i64::from(date_time_offset(word)) * 60_000
}

/// Midnight of a date.
pub fn midnight(days: u64) -> Option<i64> {
    (days as i64).checked_mul(DAY_MS)
}

/// The dateTime of a zone at which its clocks show this.
pub fn placed(zone: &Zone, local_ms: Option<i64>) -> Option<u64> {
    zone.date_time(zone.instant(local_ms?)?)
}

/// The wall clock of an argument.
#[inline]
fn wall(here: Here<'_>, form: Form, word: u64) -> Option<i64> {
    match form {
        Form::Instant => here.zone.local(date_time_ms(word)),
        Form::Wall => Some(word as i64),
        Form::Date => midnight(word),
    }
}

#[inline]
fn read(wall: i64, part: Part) -> Option<u64> {
    let (days, time) = (wall.div_euclid(DAY_MS), wall.rem_euclid(DAY_MS));
    let date = || civil::ymd_from_days(days);
    Some(match part {
        Part::Year => i64::from(date()?.0) as u64,
        Part::Month => date()?.1.into(),
        Part::Day => date()?.2.into(),
        Part::Weekday => u64::from(civil::weekday(days) % 7 + 1),
        Part::Hour => (time / HOUR_MS) as u64,
        Part::Minute => (time / 60_000 % 60) as u64,
        Part::Time => time as u64,
    })
}

/// An instant shifted by an amount of a unit, on the wall clock of the zone for calendar units; `None` beyond all years.
fn shifted(here: Here<'_>, amount: i64, unit: Unit) -> Option<i64> {
    let small = || i32::try_from(amount).ok();
    let calendar = |months, days| here.zone.add_calendar(here.now_ms, months, days);
    match unit {
        Unit::Hours => here.now_ms.checked_add(amount.checked_mul(HOUR_MS)?),
        Unit::Days => calendar(0, small()?),
        Unit::Months => calendar(small()?, 0),
        Unit::Years => calendar(small()?.checked_mul(12)?, 0),
    }
}

/// Whether an instant lies between now and now shifted by an amount, ends included. A shift beyond all years reaches everything.
fn within(here: Here<'_>, at: i64, amount: i64, past: bool, unit: Unit) -> bool {
    let now = here.now_ms;
    if past && at > now || !past && at < now {
        return false;
    }
    let amount = if past {
        amount.saturating_neg()
    } else {
        amount
    };
    let end_of_time = if amount < 0 { i64::MIN } else { i64::MAX };
    let edge = shifted(here, amount, unit).unwrap_or(end_of_time);
    if past { edge <= at } else { at <= edge }
}

fn moved(ms: i64, duration: u64, sooner: bool) -> i64 {
    match sooner {
        true => ms.saturating_sub(duration as i64),
        false => ms.saturating_add(duration as i64),
    }
}

/// Months and days of a calendar duration, in its direction.
pub(super) fn by(word: u64, sooner: bool) -> (i32, i32) {
    let (months, days) = period_parts(word);
    match sooner {
        true => (months.saturating_neg(), days.saturating_neg()),
        false => (months, days),
    }
}

fn within_edges((low, high): (i64, i64), value: i64) -> i64 {
    value.clamp(low, high)
}

/// `found`, or the edge that a movement by so much runs into.
fn or_edge((low, high): (i64, i64), found: Option<i64>, by: (i32, i32)) -> i64 {
    let forward = i64::from(by.0) * 31 + i64::from(by.1) >= 0;
    found.map_or(if forward { high } else { low }, |value| {
        within_edges((low, high), value)
    })
}

/// The instant at `ms`, with the offset of `word`: within the calendar in UTC, and by its own wall clock, so that both have a text.
fn instant(word: u64, ms: i64) -> u64 {
    let offset = date_time_offset(word);
    let ahead = i64::from(offset) * 60_000;
    let edge = (EDGE_MS.0 - ahead.min(0), EDGE_MS.1 - ahead.max(0));
    date_time_word(within_edges(edge, ms), offset).unwrap_or(word)
}

fn on_calendar(zone: &Zone, word: u64, by: (i32, i32)) -> u64 {
    let start = date_time_ms(word);
    let found = zone.add_calendar(start, by.0, by.1).or_else(|| {
        // In the calendar's last day in UTC the zone's own may be over: a day from there it is not.
        let inward = -start.signum() * DAY_MS;
        let found = zone.add_calendar(start + inward, by.0, by.1)?;
        Some(found - inward)
    });
    let ms = or_edge(EDGE_MS, found, by);
    // At the very edge the zone may not know its offset; the instant's own stays.
    zone.date_time(ms).unwrap_or_else(|| instant(word, ms))
}
