//! What operators over dates, times and durations become. Their names have a dot, so nobody can write them as calls.
//!
//! A result beyond the years -9999..=9999 ends at their edge, as integers end at theirs: a sum of two present values is
//! present, and `wait until now() + 1d` needs no `??`.

use super::ctx::Ctx;
use super::types::{CallSite, Category, Function, Native, Param, Ty, p};
use crate::fault::Fault;
use crate::time::civil::{self, DAY_MS, EDGE_DAYS, EDGE_MS};
use journey_artifact::word::{
    date_time_ms, date_time_offset, date_time_word, period_parts, period_word,
};

use Ty::{Date, DateTime, DateTimeOnly, Duration as U, Integer as I, Period};

type Answer = Result<Option<u64>, Fault>;

const fn f(
    name: &'static str,
    params: &'static [Param],
    returns: Ty,
    imp: Native,
    doc: &'static str,
    examples: &'static [(&'static str, &'static str)],
) -> Function {
    Function::native(name, Category::Operator, params, returns, imp).doc(doc, examples)
}

/// The entries.
pub const TABLE: &[Function] = &[
    f("op.add", &[p("at", DateTime), p("by", U)], DateTime, add_exact, "The instant so much later; the offset stays.", &[("2026-03-28T10:00+01:00 + 24h", "\"2026-03-29T10:00:00+01:00\"")]),
    f("op.add", &[p("at", DateTime), p("by", Period)], DateTime, add_calendar, "The instant with the wall clock of the journey's zone moved; a day across a change to summer time is 23 hours.", &[]).zone(),
    f("op.add", &[p("at", DateTimeOnly), p("by", U)], DateTimeOnly, add_exact_local, "The wall clock so much later.", &[]),
    f("op.add", &[p("at", DateTimeOnly), p("by", Period)], DateTimeOnly, add_calendar_local, "The wall clock moved by the calendar.", &[]),
    f("op.add", &[p("date", Date), p("by", Period)], Date, add_date, "The date moved by the calendar; a month that is too short gives its last day.", &[("2024-01-31 + 1mo", "\"2024-02-29\"")]),
    f("op.add", &[p("a", Period), p("b", Period)], Period, add_periods, "Both, months and days each.", &[("1mo + 2d", "\"P1M2D\"")]),
    f("op.sub", &[p("at", DateTime), p("by", U)], DateTime, sub_exact, "The instant so much earlier; the offset stays.", &[("2026-03-01T10:00Z - 1h", "\"2026-03-01T09:00:00Z\"")]),
    f("op.sub", &[p("at", DateTime), p("by", Period)], DateTime, sub_calendar, "The instant with the wall clock of the journey's zone moved back.", &[]).zone(),
    f("op.sub", &[p("at", DateTimeOnly), p("by", U)], DateTimeOnly, sub_exact_local, "The wall clock so much earlier.", &[]),
    f("op.sub", &[p("at", DateTimeOnly), p("by", Period)], DateTimeOnly, sub_calendar_local, "The wall clock moved back by the calendar.", &[]),
    f("op.sub", &[p("date", Date), p("by", Period)], Date, sub_date, "The date moved back by the calendar.", &[("2024-03-31 - 1mo", "\"2024-02-29\"")]),
    f("op.sub", &[p("a", DateTime), p("b", DateTime)], U, between, "The exact duration from the second instant to the first.", &[("2026-03-01T10:00Z - 2026-03-01T10:00+01:00", "\"PT1H\"")]),
    f("op.sub", &[p("a", DateTimeOnly), p("b", DateTimeOnly)], U, between_local, "The exact duration from the second wall clock to the first.", &[]),
    f("op.sub", &[p("a", Period), p("b", Period)], Period, sub_periods, "Months and days each.", &[("1mo - 2d", "\"P1M-2D\"")]),
    f("op.mul", &[p("a", U), p("times", I)], U, times, "The duration so many times.", &[("15m * 4", "\"PT1H\"")]),
    f("op.mul", &[p("a", Period), p("times", I)], Period, times_period, "Months and days so many times.", &[("2w * 2", "\"P28D\"")]),
    f("op.neg", &[p("a", Period)], Period, negative, "Months and days with the other sign.", &[("-(1d)", "\"P-1D\"")]),
];

fn within((low, high): (i64, i64), value: i64) -> i64 {
    value.clamp(low, high)
}

/// `found`, or the edge that a movement by so much runs into.
fn or_edge((low, high): (i64, i64), found: Option<i64>, by: (i32, i32)) -> i64 {
    let forward = i64::from(by.0) * 31 + i64::from(by.1) >= 0;
    found.map_or(if forward { high } else { low }, |value| {
        within((low, high), value)
    })
}

fn negated(word: u64) -> (i32, i32) {
    let (months, days) = period_parts(word);
    (months.saturating_neg(), days.saturating_neg())
}

/// The instant at `ms`, with the offset of `word`: within the calendar in UTC, and by its own wall clock, so that both have a text.
fn instant(word: u64, ms: i64) -> u64 {
    let offset = date_time_offset(word);
    let ahead = i64::from(offset) * 60_000;
    let edge = (EDGE_MS.0 - ahead.min(0), EDGE_MS.1 - ahead.max(0));
    date_time_word(within(edge, ms), offset).unwrap_or(word)
}

fn add_exact(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(instant(
        args[0],
        date_time_ms(args[0]).saturating_add(args[1] as i64),
    )))
}

fn sub_exact(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(instant(
        args[0],
        date_time_ms(args[0]).saturating_sub(args[1] as i64),
    )))
}

fn calendar(ctx: &Ctx<'_>, word: u64, by: (i32, i32)) -> Option<u64> {
    let (start, zone) = (date_time_ms(word), ctx.zone);
    let found = zone.add_calendar(start, by.0, by.1).or_else(|| {
        // In the calendar's last day in UTC the zone's own may be over: a day from there it is not.
        let inward = -start.signum() * DAY_MS;
        let found = zone.add_calendar(start + inward, by.0, by.1)?;
        Some(found - inward)
    });
    let ms = or_edge(EDGE_MS, found, by);
    // At the very edge the zone may not know its offset; the instant's own stays.
    Some(ctx.zone.date_time(ms).unwrap_or_else(|| instant(word, ms)))
}

fn add_calendar(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(calendar(ctx, args[0], period_parts(args[1])))
}

fn sub_calendar(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(calendar(ctx, args[0], negated(args[1])))
}

fn add_exact_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(
        within(EDGE_MS, (args[0] as i64).saturating_add(args[1] as i64)) as u64,
    ))
}

fn sub_exact_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(
        within(EDGE_MS, (args[0] as i64).saturating_sub(args[1] as i64)) as u64,
    ))
}

fn calendar_local(at: u64, by: (i32, i32)) -> Option<u64> {
    Some(or_edge(EDGE_MS, civil::add_to_local(at as i64, by.0, by.1), by) as u64)
}

fn add_calendar_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(calendar_local(args[0], period_parts(args[1])))
}

fn sub_calendar_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(calendar_local(args[0], negated(args[1])))
}

fn moved_date(date: u64, by: (i32, i32)) -> Option<u64> {
    Some(or_edge(EDGE_DAYS, civil::add_to_date(date as i64, by.0, by.1), by) as u64)
}

fn add_date(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(moved_date(args[0], period_parts(args[1])))
}

fn sub_date(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(moved_date(args[0], negated(args[1])))
}

fn add_periods(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let ((m, d), (n, e)) = (period_parts(args[0]), period_parts(args[1]));
    Ok(Some(period_word(m.saturating_add(n), d.saturating_add(e))))
}

fn sub_periods(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let ((m, d), (n, e)) = (period_parts(args[0]), period_parts(args[1]));
    Ok(Some(period_word(m.saturating_sub(n), d.saturating_sub(e))))
}

fn between(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((date_time_ms(args[0]) - date_time_ms(args[1])) as u64))
}

fn between_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((args[0] as i64).saturating_sub(args[1] as i64) as u64))
}

fn times(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((args[0] as i64).saturating_mul(args[1] as i64) as u64))
}

fn times_period(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let (months, days) = period_parts(args[0]);
    let product = |n: i32| {
        let whole = i64::from(n).saturating_mul(args[1] as i64);
        whole.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
    };
    Ok(Some(period_word(product(months), product(days))))
}

fn negative(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let (months, days) = negated(args[0]);
    Ok(Some(period_word(months, days)))
}
