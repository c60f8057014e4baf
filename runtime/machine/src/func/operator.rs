//! What operators over dates, times and durations become. Their names have a dot, so nobody can write them as calls.
//!
//! Comes in: words. Goes out: words; sums and differences are [`Clock`](super::clock::Clock)'s. Never true here: a missing result.

use super::clock::{Clock as C, by};
use super::ctx::Ctx;
use super::types::{CallSite, Category, Function, Native, Param, Short, Ty, p};
use crate::fault::Fault;
use journey_artifact::word::{period_parts, period_word};

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

/// What a clock is enough for.
macro_rules! clock {
    ($name:expr, $params:expr, $returns:expr, $what:expr, $doc:expr, $examples:expr) => {
        f(
            $name,
            $params,
            $returns,
            |ctx, args, _| $what.value(ctx.here(), args[0], args[1]),
            $doc,
            $examples,
        )
        .short(Short::Clock($what))
    };
}

/// The entries.
pub const TABLE: &[Function] = &[
    clock!("op.add", &[p("at", DateTime), p("by", U)], DateTime, C::Exact(false), "The instant so much later; the offset stays.", &[("2026-03-28T10:00+01:00 + 24h", "\"2026-03-29T10:00:00+01:00\"")]),
    clock!("op.add", &[p("at", DateTime), p("by", Period)], DateTime, C::Calendar(false), "The instant with the wall clock of the journey's zone moved; a day across a change to summer time is 23 hours.", &[]).zone(),
    clock!("op.add", &[p("at", DateTimeOnly), p("by", U)], DateTimeOnly, C::WallExact(false), "The wall clock so much later.", &[]),
    clock!("op.add", &[p("at", DateTimeOnly), p("by", Period)], DateTimeOnly, C::WallCalendar(false), "The wall clock moved by the calendar.", &[]),
    clock!("op.add", &[p("date", Date), p("by", Period)], Date, C::DateCalendar(false), "The date moved by the calendar; a month that is too short gives its last day.", &[("2024-01-31 + 1mo", "\"2024-02-29\"")]),
    f("op.add", &[p("a", Period), p("b", Period)], Period, add_periods, "Both, months and days each.", &[("1mo + 2d", "\"P1M2D\"")]),
    clock!("op.sub", &[p("at", DateTime), p("by", U)], DateTime, C::Exact(true), "The instant so much earlier; the offset stays.", &[("2026-03-01T10:00Z - 1h", "\"2026-03-01T09:00:00Z\"")]),
    clock!("op.sub", &[p("at", DateTime), p("by", Period)], DateTime, C::Calendar(true), "The instant with the wall clock of the journey's zone moved back.", &[]).zone(),
    clock!("op.sub", &[p("at", DateTimeOnly), p("by", U)], DateTimeOnly, C::WallExact(true), "The wall clock so much earlier.", &[]),
    clock!("op.sub", &[p("at", DateTimeOnly), p("by", Period)], DateTimeOnly, C::WallCalendar(true), "The wall clock moved back by the calendar.", &[]),
    clock!("op.sub", &[p("date", Date), p("by", Period)], Date, C::DateCalendar(true), "The date moved back by the calendar.", &[("2024-03-31 - 1mo", "\"2024-02-29\"")]),
    clock!("op.sub", &[p("a", DateTime), p("b", DateTime)], U, C::Apart, "The exact duration from the second instant to the first.", &[("2026-03-01T10:00Z - 2026-03-01T10:00+01:00", "\"PT1H\"")]),
    clock!("op.sub", &[p("a", DateTimeOnly), p("b", DateTimeOnly)], U, C::Less, "The exact duration from the second wall clock to the first.", &[]),
    f("op.sub", &[p("a", Period), p("b", Period)], Period, sub_periods, "Months and days each.", &[("1mo - 2d", "\"P1M-2D\"")]),
    f("op.mul", &[p("a", U), p("times", I)], U, times, "The duration so many times.", &[("15m * 4", "\"PT1H\"")]),
    f("op.mul", &[p("a", Period), p("times", I)], Period, times_period, "Months and days so many times.", &[("2w * 2", "\"P28D\"")]),
    f("op.neg", &[p("a", Period)], Period, negative, "Months and days with the other sign.", &[("-(1d)", "\"P-1D\"")]),
];

fn add_periods(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let ((m, d), (n, e)) = (period_parts(args[0]), period_parts(args[1]));
    Ok(Some(period_word(m.saturating_add(n), d.saturating_add(e))))
}

fn sub_periods(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let ((m, d), (n, e)) = (period_parts(args[0]), period_parts(args[1]));
    Ok(Some(period_word(m.saturating_sub(n), d.saturating_sub(e))))
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
    let (months, days) = by(args[0], true);
    Ok(Some(period_word(months, days)))
}
