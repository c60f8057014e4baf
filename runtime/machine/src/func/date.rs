//! Functions over dates and times: the instant now, its neighbourhood, parts of the calendar.
//!
//! Calendar amounts (days, months, years) and the calendar parts of an instant are those of the journey's zone, unless the
//! function takes a zone. Hours, minutes and seconds are exact.

use super::ctx::Ctx;
use super::days::{plain_edge, within_days};
use super::look::Look;
use super::types::{CallSite, Category, Function, Native, Param, Plain, Short, Ty, p};
use crate::fault::Fault;
use crate::time::{DAY_MS, Zone, civil};
use journey_artifact::word::{WordType, date_time_ms, date_time_offset, date_time_word};

use Ty::{Boolean as B, Date, DateTime, DateTimeOnly, Integer as I, String as S, Time};

type Answer = Result<Option<u64>, Fault>;

const fn f(name: &'static str, params: &'static [Param], returns: Ty, imp: Native) -> Function {
    Function::native(name, Category::Date, params, returns, imp)
}

const SPAN: &[Param] = &[p("at", DateTime), p("amount", I)];
const AT: &[Param] = &[p("at", DateTime)];
const LOCAL: &[Param] = &[p("at", DateTimeOnly)];
const DAY: &[Param] = &[p("date", Date)];
const TIME: &[Param] = &[p("time", Time)];

const fn near(
    name: &'static str,
    imp: Native,
    doc: &'static str,
    examples: &'static [(&'static str, &'static str)],
) -> Function {
    f(name, SPAN, B, imp).now().zone().doc(doc, examples)
}

/// The entries.
pub const TABLE: &[Function] = &[
    Function::looks("now", Category::Date, &[], DateTime, now).now().plain(Plain::Now).doc("The present instant, in UTC.", &[("now() == now()", "true")]),
    f("now", &[p("zone", S)], DateTime, now_in).now().optional()
        .doc("The present instant with the offset of a zone; missing for an unknown zone.", &[("now(\"Asia/Tokyo\") == now()", "true")]),
    f("currentTimeInMillis", &[], I, current_millis).now()
        .doc("The present instant in milliseconds since 1970-01-01T00:00Z.", &[("currentTimeInMillis() == toInteger(now())", "true")]),
    f("nowWithDelta", &[p("amount", I), p("unit", S)], DateTime, now_with_delta).now().optional().doc(
        "The present instant in UTC, shifted by so many `years`, `months`, `days`, `hours`, `minutes` or `seconds`. A month that is too short gives its last day. Missing for another unit.",
        &[("nowWithDelta(0, \"days\") == now()", "true")],
    ),
    f("nowWithDelta", &[p("amount", I), p("unit", S), p("zone", S)], DateTime, now_with_delta).now().optional().doc(
        "The present instant shifted as above, on the wall clock of a zone: a day across a change to summer time is 23 hours. Missing for another unit or an unknown zone.",
        &[("nowWithDelta(0, \"hours\", \"Europe/Paris\") == now()", "true")],
    ),
    f("inLastHours", SPAN, B, in_last_hours).now().doc("Whether the instant lies within the last so many hours, both ends included.", &[("inLastHours(now(), 1)", "true")]),
    near("inLastDays", in_last_days, "Whether the instant lies within the last so many calendar days (same time of day, in the journey's zone), both ends included.", &[("inLastDays(nowWithDelta(-3, \"hours\"), 1)", "true"), ("inLastDays(nowWithDelta(3, \"hours\"), 1)", "false")]).short(Short::InLastDays),
    near("inLastMonths", in_last_months, "Whether the instant lies within the last so many calendar months, both ends included.", &[("inLastMonths(nowWithDelta(-40, \"days\"), 1)", "false")]),
    near("inLastYears", in_last_years, "Whether the instant lies within the last so many calendar years, both ends included.", &[("inLastYears(nowWithDelta(-40, \"days\"), 1)", "true")]),
    f("inNextHours", SPAN, B, in_next_hours).now().doc("Whether the instant lies within the next so many hours, both ends included.", &[("inNextHours(nowWithDelta(1, \"hours\"), 1)", "true")]),
    near("inNextDays", in_next_days, "Whether the instant lies within the next so many calendar days, both ends included.", &[("inNextDays(nowWithDelta(1, \"hours\"), 1)", "true")]).short(Short::InNextDays),
    near("inNextMonths", in_next_months, "Whether the instant lies within the next so many calendar months, both ends included.", &[("inNextMonths(nowWithDelta(40, \"days\"), 1)", "false")]),
    near("inNextYears", in_next_years, "Whether the instant lies within the next so many calendar years, both ends included.", &[("inNextYears(nowWithDelta(40, \"days\"), 1)", "true")]),
    f("setHours", &[p("at", DateTime), p("hour", I)], DateTime, set_hours).optional().doc(
        "The same date, minutes and offset with another hour; missing outside 0 to 23.",
        &[("setHours(2023-12-12T01:11Z, 4)", "\"2023-12-12T04:11:00Z\"")],
    ),
    f("setHours", &[p("at", DateTimeOnly), p("hour", I)], DateTimeOnly, set_hours).optional()
        .doc("The same date and minutes with another hour; missing outside 0 to 23.", &[("setHours(toDateTimeOnly(\"2021-02-19T10:15:30\"), 0)", "\"2021-02-19T00:15:30\"")]),
    f("setDays", &[p("at", DateTime), p("day", I)], DateTime, set_days).optional().doc(
        "The same month, time and offset with another day of the month; missing when the month has no such day.",
        &[("setDays(2010-12-12T01:11Z, 25)", "\"2010-12-25T01:11:00Z\""), ("setDays(2023-02-12T01:11Z, 29)", "null")],
    ),
    f("setDays", &[p("at", DateTimeOnly), p("day", I)], DateTimeOnly, set_days).optional()
        .doc("The same month and time with another day of the month; missing when the month has no such day.", &[]),
    f("updateTimeZone", &[p("at", DateTime), p("zone", S)], DateTime, update_time_zone).optional().doc(
        "The same instant with the offset of another zone; missing for an unknown zone.",
        &[("updateTimeZone(2021-07-01T10:00Z, \"Europe/Paris\")", "\"2021-07-01T12:00:00+02:00\"")],
    ),
    f("dateDiff", &[p("later", Date), p("earlier", Date)], I, difference)
        .doc("Whole days from the second date to the first; negative when the first is before.", &[("dateDiff(2023-12-15, 2023-12-12)", "3")]),
    f("dateDiff", &[p("later", DateTimeOnly), p("earlier", DateTimeOnly)], I, difference)
        .doc("Milliseconds from the second wall clock to the first.", &[]),
    f("dateDiff", &[p("later", DateTime), p("earlier", DateTime)], I, difference)
        .doc("Milliseconds from the second instant to the first.", &[("dateDiff(2026-03-01T10:00:01Z, 2026-03-01T10:00Z)", "1000")]),
    f("yearsBetween", &[p("from", Date), p("to", Date)], I, years_between).optional()
        .doc("Whole years from one date to another, as an age counts.", &[("yearsBetween(2000-02-29, 2026-02-28)", "25")]),
    f("year", AT, I, year).optional().zone().doc("The year, in the journey's zone.", &[]),
    f("year", LOCAL, I, year).optional().doc("The year.", &[]),
    f("year", DAY, I, year).optional().doc("The year.", &[("year(2026-03-01)", "2026")]),
    f("month", AT, I, month).optional().zone().doc("The month, 1 to 12, in the journey's zone.", &[]),
    f("month", LOCAL, I, month).optional().doc("The month, 1 to 12.", &[]),
    f("month", DAY, I, month).optional().doc("The month, 1 to 12.", &[("month(2026-03-01)", "3")]),
    f("dayOfMonth", AT, I, day_of_month).optional().zone().doc("The day of the month, in the journey's zone.", &[]),
    f("dayOfMonth", LOCAL, I, day_of_month).optional().doc("The day of the month.", &[]),
    f("dayOfMonth", DAY, I, day_of_month).optional().doc("The day of the month.", &[("dayOfMonth(2026-03-01)", "1")]),
    f("dayOfWeek", AT, I, day_of_week).optional().zone()
        .doc("The day of the week, 1 Sunday to 7 Saturday (as the reference system counts), in the journey's zone.", &[]),
    f("dayOfWeek", LOCAL, I, day_of_week).optional().doc("The day of the week, 1 Sunday to 7 Saturday.", &[]),
    f("dayOfWeek", DAY, I, day_of_week).optional().doc("The day of the week, 1 Sunday to 7 Saturday.", &[("dayOfWeek(2026-11-23)", "2")]),
    f("hour", AT, I, hour).optional().zone().doc("The hour, 0 to 23, in the journey's zone.", &[]),
    f("hour", LOCAL, I, hour).optional().doc("The hour, 0 to 23.", &[]),
    f("hour", TIME, I, hour).optional().doc("The hour, 0 to 23.", &[("hour(09:30)", "9")]),
    f("minute", AT, I, minute).optional().zone().doc("The minute, 0 to 59, in the journey's zone.", &[]),
    f("minute", LOCAL, I, minute).optional().doc("The minute, 0 to 59.", &[]),
    f("minute", TIME, I, minute).optional().doc("The minute, 0 to 59.", &[("minute(09:30)", "30")]),
    f("time", AT, Time, time).optional().zone().doc("The time of day, in the journey's zone.", &[]),
    f("time", LOCAL, Time, time).optional().doc("The time of day.", &[("time(toDateTimeOnly(\"2026-03-01T10:00\"))", "\"10:00:00\"")]),
];

fn now(look: &mut Look<'_>, _: &[u64], _: &CallSite) -> Answer {
    let word = date_time_word(look.now_ms, 0);
    word.map(Some)
        .ok_or(Fault::Corrupt("the instant is out of range"))
}

fn now_in(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(ctx
        .zone_named(args[0])?
        .and_then(|zone| zone.date_time(ctx.now_ms)))
}

fn current_millis(ctx: &mut Ctx<'_>, _: &[u64], _: &CallSite) -> Answer {
    Ok(Some(ctx.now_ms as u64))
}

/// What [`shifted`] counts in.
pub const UNITS: [&str; 6] = ["years", "months", "days", "hours", "minutes", "seconds"];

/// An instant shifted by an amount of a unit, on the wall clock of a zone for calendar units.
fn shifted(zone: &Zone, at: i64, amount: i64, unit: &str) -> Option<i64> {
    let exact = |unit_ms: i64| at.checked_add(amount.checked_mul(unit_ms)?);
    let small = i32::try_from(amount).ok();
    match unit {
        "years" => zone.add_calendar(at, small?.checked_mul(12)?, 0),
        "months" => zone.add_calendar(at, small?, 0),
        "days" => zone.add_calendar(at, 0, small?),
        "hours" => exact(3_600_000),
        "minutes" => exact(60_000),
        "seconds" => exact(1000),
        _ => None,
    }
}

fn now_with_delta(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let zone = match args.get(2) {
        Some(name) => ctx.zone_named(*name)?,
        None => Some(Zone::utc()),
    };
    let unit = ctx.str(args[1])?;
    Ok(zone.and_then(|zone| zone.date_time(shifted(&zone, ctx.now_ms, args[0] as i64, unit)?)))
}

/// Whether an instant lies between now and now shifted by an amount, ends included. A shift beyond all years reaches everything.
fn within(ctx: &Ctx<'_>, args: &[u64], past: bool, unit: &str) -> Answer {
    let (at, amount) = (date_time_ms(args[0]), args[1] as i64);
    let holds = if past {
        let from = shifted(ctx.zone, ctx.now_ms, amount.saturating_neg(), unit)
            .unwrap_or(end_of_time(-amount.signum()));
        (from..=ctx.now_ms).contains(&at)
    } else {
        let to =
            shifted(ctx.zone, ctx.now_ms, amount, unit).unwrap_or(end_of_time(amount.signum()));
        (ctx.now_ms..=to).contains(&at)
    };
    Ok(Some(u64::from(holds)))
}

fn end_of_time(sign: i64) -> i64 {
    if sign < 0 { i64::MIN } else { i64::MAX }
}

fn in_last_hours(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    within(ctx, args, true, "hours")
}

fn in_last_days(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    days(ctx, args, (args[1] as i64).saturating_neg(), true)
}

/// Whether an instant lies between now and so many calendar days from there.
fn days(ctx: &Ctx<'_>, args: &[u64], days: i64, past: bool) -> Answer {
    let plain = plain_edge(days)
        .and_then(|edge| within_days(ctx.now_ms, date_time_ms(args[0]), edge, past));
    match plain {
        Some(holds) => Ok(Some(u64::from(holds))),
        None => within(ctx, args, past, "days"),
    }
}

fn in_last_months(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    within(ctx, args, true, "months")
}

fn in_last_years(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    within(ctx, args, true, "years")
}

fn in_next_hours(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    within(ctx, args, false, "hours")
}

fn in_next_days(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    days(ctx, args, args[1] as i64, false)
}

fn in_next_months(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    within(ctx, args, false, "months")
}

fn in_next_years(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    within(ctx, args, false, "years")
}

/// Applies a change of the wall clock to a dateTime (its offset stays) or a dateTimeOnly.
fn on_clock(word: u64, site: &CallSite, change: impl FnOnce(i64) -> Option<i64>) -> Option<u64> {
    if site.result == WordType::Local {
        return change(word as i64).map(|ms| ms as u64);
    }
    let offset = date_time_offset(word);
    let shift = i64::from(offset) * 60_000;
    date_time_word(change(date_time_ms(word) + shift)? - shift, offset)
}

fn set_hours(_: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let hour = args[1] as i64;
    Ok(on_clock(args[0], site, |local| {
        let of_day = civil::parts(local)?.time;
        (0..24)
            .contains(&hour)
            .then(|| local - of_day + hour * 3_600_000 + of_day % 3_600_000)
    }))
}

fn set_days(_: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let day = u32::try_from(args[1] as i64).ok();
    Ok(on_clock(args[0], site, |local| {
        let parts = civil::parts(local)?;
        Some(civil::days_from_ymd(parts.year, parts.month, day?)? * DAY_MS + parts.time)
    }))
}

fn update_time_zone(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(ctx
        .zone_named(args[1])?
        .and_then(|zone| zone.date_time(date_time_ms(args[0]))))
}

fn difference(_: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let number = |word: u64| {
        if site.params.first() == Some(&WordType::DateTime) {
            date_time_ms(word)
        } else {
            word as i64
        }
    };
    Ok(Some(number(args[0]).saturating_sub(number(args[1])) as u64))
}

fn years_between(_: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(civil::years_between(args[0] as i64, args[1] as i64).map(|years| years as u64))
}

/// The wall clock of an argument: of an instant in the journey's zone.
fn clock(ctx: &Ctx<'_>, word: u64, site: &CallSite) -> Option<i64> {
    match site.params.first()? {
        WordType::DateTime => ctx.zone.local(date_time_ms(word)),
        WordType::Date => (word as i64).checked_mul(DAY_MS),
        _ => Some(word as i64),
    }
}

fn calendar(
    ctx: &Ctx<'_>,
    word: u64,
    site: &CallSite,
    part: impl FnOnce(civil::Parts) -> i64,
) -> Answer {
    Ok(clock(ctx, word, site)
        .and_then(civil::parts)
        .map(|parts| part(parts) as u64))
}

fn year(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    calendar(ctx, args[0], site, |parts| parts.year.into())
}

fn month(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    calendar(ctx, args[0], site, |parts| parts.month.into())
}

fn day_of_month(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    calendar(ctx, args[0], site, |parts| parts.day.into())
}

fn day_of_week(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    Ok(clock(ctx, args[0], site)
        .map(|local| u64::from(civil::weekday(local.div_euclid(DAY_MS)) % 7 + 1)))
}

fn hour(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    Ok(clock(ctx, args[0], site).map(|local| (local.rem_euclid(DAY_MS) / 3_600_000) as u64))
}

fn minute(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    Ok(clock(ctx, args[0], site).map(|local| (local.rem_euclid(DAY_MS) / 60_000 % 60) as u64))
}

fn time(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    Ok(clock(ctx, args[0], site).map(|local| local.rem_euclid(DAY_MS) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_from_the_edge_is_what_the_calendar_says() {
        let mut state = 7u64;
        let mut random = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        let zones = [
            "Europe/Paris",
            "Pacific/Apia",
            "America/Juneau",
            "Asia/Manila",
            "UTC",
        ];
        let zones = zones.map(|name| Zone::get(name).expect(name));
        let (mut plain, mut asked) = (0, 0);
        for _ in 0..if cfg!(miri) { 200 } else { 20_000 } {
            // From 1840 on, when zones were their towns' own time.
            let now = (random(260 * 366) as i64 - 130 * 366) * DAY_MS + random(86_400_000) as i64;
            let days = random(800) as i64 - 400;
            let at = now + days * DAY_MS + random(14 * 86_400_000) as i64 - 7 * DAY_MS;
            let zone = &zones[random(5) as usize];
            let edge = shifted(zone, now, days, "days").expect("within the calendar");
            let past = random(2) == 0;
            let holds = if past {
                edge < at && at <= now
            } else {
                now <= at && at < edge
            };
            let plain_edge = plain_edge(days).expect("few days");
            match within_days(now, at, plain_edge, past) {
                Some(told) => assert_eq!(told, holds, "{now} {at} {days}"),
                None => asked += 1,
            }
            plain += 1;
        }
        assert!(asked * 2 < plain);
    }
}
