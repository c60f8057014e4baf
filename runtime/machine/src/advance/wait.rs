//! Points in time: when a wait is over, when a stay ends.
//!
//! Comes in: a [`When`] or a [`Span`], the zone, the present instant. Goes out: an instant, or that there is none.
//! Never true here: a timer; those are kept in the instance.

use super::live::Live;
use super::world::World;
use crate::fault::Fault;
use crate::ids::Instant;
use crate::limits;
use crate::time::Zone;
use crate::time::civil::DAY_MS;
use journey_artifact::graph::{Span, When};
use journey_artifact::model::ChunkId;
use journey_artifact::word::{date_time_ms, period_parts};

/// The point in time; `None` when the expression has no value, or is a wall clock's beyond the calendar.
pub(super) fn when<'a>(
    world: &mut World<'a>,
    live: &Live<'a>,
    when: &When,
) -> Result<Option<Instant>, Fault> {
    let now = world.now.0;
    let mut value = |chunk: ChunkId| live.eval_word(world, chunk);
    let at = match *when {
        When::After(chunk) => value(chunk)?.map(|ms| now.saturating_add(ms as i64)),
        When::AfterCalendar(chunk) => value(chunk)?.map(|word| {
            let (months, days) = period_parts(word);
            let at = live.zone(world).add_calendar(now, months, days);
            // Beyond the calendar is as late, or as long ago, as can be.
            let forward = i64::from(months) * 31 + i64::from(days) >= 0;
            at.unwrap_or(if forward { i64::MAX } else { i64::MIN })
        }),
        When::At(chunk) => value(chunk)?.map(date_time_ms),
        When::AtLocal(chunk) => {
            value(chunk)?.and_then(|local| live.zone(world).instant(local as i64))
        }
        When::TimeOfDay(time) => live.zone(world).next_time_of_day(now, time),
        When::Weekday(day, time) => live.zone(world).next_weekday(now, day, time),
    };
    Ok(at.map(Instant))
}

/// So long after `from`, for a stay of this instance; only what the calendar counts needs the zone.
pub(super) fn stay_after<'a>(
    world: &mut World<'a>,
    live: &Live<'a>,
    from: Instant,
    span: Span,
) -> Instant {
    match span {
        Span::Exact(_) => span_after(Zone::shared_utc(), from, span),
        Span::Calendar { .. } => span_after(live.zone(world), from, span),
    }
}

/// Whether now is so long after `from` or later. Most spans are long over or far from it, and then no calendar is asked: a zone
/// moves what it counts by less than [`SLACK_MS`].
pub(super) fn is_over<'a>(
    world: &mut World<'a>,
    live: &Live<'a>,
    from: Instant,
    span: Span,
) -> bool {
    if let Span::Calendar { months, days } = span
        && months <= SHORT_MONTHS
        && days <= SHORT_DAYS
        && (0..PLAIN_MS).contains(&from.0)
    {
        let (months, days) = (i64::from(months), i64::from(days));
        let since = world.now.0.saturating_sub(from.0);
        if since > (31 * months + days) * DAY_MS + SLACK_MS {
            return true;
        }
        if since < (28 * months + days) * DAY_MS - SLACK_MS {
            return false;
        }
    }
    stay_after(world, live, from, span) <= world.now
}

/// Three days: zones are at most two apart, and what a gap skips is less than one.
const SLACK_MS: i64 = 3 * DAY_MS;
/// Spans that stay within the calendar, from instants before the year 5138.
const SHORT_MONTHS: u32 = 1_200;
const SHORT_DAYS: u32 = 36_500;
const PLAIN_MS: i64 = 100_000_000_000_000;

/// So long after `from`; a calendar span that leaves the calendar ends after [`limits::STAY_MS`].
fn span_after(zone: &Zone, from: Instant, span: Span) -> Instant {
    match span {
        Span::Exact(ms) => from.plus(i64::try_from(ms).unwrap_or(i64::MAX)),
        Span::Calendar { months, days } => {
            let months = i32::try_from(months).unwrap_or(i32::MAX);
            let days = i32::try_from(days).unwrap_or(i32::MAX);
            zone.add_calendar(from.0, months, days)
                .map_or(from.plus(limits::STAY_MS), Instant)
        }
    }
}
