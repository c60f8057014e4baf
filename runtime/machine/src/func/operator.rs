//! What operators over dates, times and durations become. Their names have a dot, so nobody can write them as calls.
//!
//! A result outside the years -9999..=9999 is missing.

use super::ctx::Ctx;
use super::types::{CallSite, Category, Function, Native, Param, Ty, p};
use crate::fault::Fault;
use crate::time::civil;
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
    Function::native(name, Category::Operator, params, returns, imp)
        .optional()
        .doc(doc, examples)
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

/// A wall clock or instant in milliseconds, if it is one that can be printed.
fn in_years(ms: Option<i64>) -> Option<i64> {
    ms.filter(|ms| civil::parts(*ms).is_some())
}

fn exact(word: u64, ms: i64) -> Option<u64> {
    date_time_word(
        in_years(date_time_ms(word).checked_add(ms))?,
        date_time_offset(word),
    )
}

fn add_exact(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(exact(args[0], args[1] as i64))
}

fn sub_exact(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok((args[1] as i64)
        .checked_neg()
        .and_then(|ms| exact(args[0], ms)))
}

fn calendar(ctx: &Ctx<'_>, word: u64, by: Option<(i32, i32)>) -> Option<u64> {
    let (months, days) = by?;
    ctx.zone
        .date_time(ctx.zone.add_calendar(date_time_ms(word), months, days)?)
}

fn negated(word: u64) -> Option<(i32, i32)> {
    let (months, days) = period_parts(word);
    Some((months.checked_neg()?, days.checked_neg()?))
}

fn add_calendar(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(calendar(ctx, args[0], Some(period_parts(args[1]))))
}

fn sub_calendar(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(calendar(ctx, args[0], negated(args[1])))
}

fn add_exact_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(in_years((args[0] as i64).checked_add(args[1] as i64)).map(|ms| ms as u64))
}

fn sub_exact_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(in_years((args[0] as i64).checked_sub(args[1] as i64)).map(|ms| ms as u64))
}

fn add_calendar_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let (months, days) = period_parts(args[1]);
    Ok(civil::add_to_local(args[0] as i64, months, days).map(|ms| ms as u64))
}

fn sub_calendar_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(negated(args[1])
        .and_then(|(months, days)| civil::add_to_local(args[0] as i64, months, days))
        .map(|ms| ms as u64))
}

fn add_date(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let (months, days) = period_parts(args[1]);
    Ok(civil::add_to_date(args[0] as i64, months, days).map(|days| days as u64))
}

fn sub_date(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(negated(args[1])
        .and_then(|(months, days)| civil::add_to_date(args[0] as i64, months, days))
        .map(|days| days as u64))
}

fn add_periods(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let ((m, d), (n, e)) = (period_parts(args[0]), period_parts(args[1]));
    Ok(m.checked_add(n)
        .zip(d.checked_add(e))
        .map(|(months, days)| period_word(months, days)))
}

fn sub_periods(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let ((m, d), (n, e)) = (period_parts(args[0]), period_parts(args[1]));
    Ok(m.checked_sub(n)
        .zip(d.checked_sub(e))
        .map(|(months, days)| period_word(months, days)))
}

fn between(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((date_time_ms(args[0]) - date_time_ms(args[1])) as u64))
}

fn between_local(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok((args[0] as i64)
        .checked_sub(args[1] as i64)
        .map(|ms| ms as u64))
}

fn times(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((args[0] as i64).saturating_mul(args[1] as i64) as u64))
}

fn times_period(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let (months, days) = period_parts(args[0]);
    let product = |n: i32| i32::try_from(i64::from(n).checked_mul(args[1] as i64)?).ok();
    Ok(product(months)
        .zip(product(days))
        .map(|(months, days)| period_word(months, days)))
}

fn negative(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(negated(args[0]).map(|(months, days)| period_word(months, days)))
}
