//! Functions over dates and times: the instant now, its neighbourhood, parts of the calendar.
//!
//! Calendar amounts (days, months, years) and the calendar parts of an instant are those of the journey's zone, unless the
//! function takes a zone. Hours, minutes and seconds are exact.

use super::clock::{Clock as C, Form, Part};
use super::ctx::Ctx;
use super::types::{CallSite, Category, Function, Native, Param, Short, Ty, p};
use super::window::Unit;
use crate::fault::Fault;
use crate::time::Zone;
use crate::time::civil::{self, DAY_MS, HOUR_MS};
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

/// What a clock is enough for.
macro_rules! clock {
    ($name:expr, $params:expr, $returns:expr, $what:expr) => {
        f($name, $params, $returns, |ctx, args, _| {
            let arg = |at| args.get(at).copied().unwrap_or_default();
            $what.value(ctx.here(), arg(0), arg(1))
        })
        .short(Short::Clock($what))
    };
}

/// The entries.
pub const TABLE: &[Function] = &[
    clock!("now", &[], DateTime, C::Now).now().doc("The present instant, in UTC.", &[("now() == now()", "true")]),
    f("now", &[p("zone", S)], DateTime, now_in).now().optional()
        .doc("The present instant with the offset of a zone; missing for an unknown zone.", &[("now(\"Asia/Tokyo\") == now()", "true")]),
    clock!("currentTimeInMillis", &[], I, C::Millis).now()
        .doc("The present instant in milliseconds since 1970-01-01T00:00Z.", &[("currentTimeInMillis() == toInteger(now())", "true")]),
    f("nowWithDelta", &[p("amount", I), p("unit", S)], DateTime, now_with_delta).now().optional().doc(
        "The present instant in UTC, shifted by so many `years`, `months`, `days`, `hours`, `minutes` or `seconds`. A month that is too short gives its last day. Missing for another unit.",
        &[("nowWithDelta(0, \"days\") == now()", "true")],
    ),
    f("nowWithDelta", &[p("amount", I), p("unit", S), p("zone", S)], DateTime, now_with_delta).now().optional().doc(
        "The present instant shifted as above, on the wall clock of a zone: a day across a change to summer time is 23 hours. Missing for another unit or an unknown zone.",
        &[("nowWithDelta(0, \"hours\", \"Europe/Paris\") == now()", "true")],
    ),
    clock!("inLastHours", SPAN, B, C::Within(Unit::Hours, true)).now().doc("Whether the instant lies within the last so many hours, both ends included.", &[("inLastHours(now(), 1)", "true")]),
    clock!("inLastDays", SPAN, B, C::Within(Unit::Days, true)).now().zone()
        .doc("Whether the instant lies within the last so many calendar days (same time of day, in the journey's zone), both ends included.", &[("inLastDays(nowWithDelta(-3, \"hours\"), 1)", "true"), ("inLastDays(nowWithDelta(3, \"hours\"), 1)", "false")]),
    clock!("inLastMonths", SPAN, B, C::Within(Unit::Months, true)).now().zone()
        .doc("Whether the instant lies within the last so many calendar months, both ends included.", &[("inLastMonths(nowWithDelta(-40, \"days\"), 1)", "false")]),
    clock!("inLastYears", SPAN, B, C::Within(Unit::Years, true)).now().zone()
        .doc("Whether the instant lies within the last so many calendar years, both ends included.", &[("inLastYears(nowWithDelta(-40, \"days\"), 1)", "true")]),
    clock!("inNextHours", SPAN, B, C::Within(Unit::Hours, false)).now().doc("Whether the instant lies within the next so many hours, both ends included.", &[("inNextHours(nowWithDelta(1, \"hours\"), 1)", "true")]),
    clock!("inNextDays", SPAN, B, C::Within(Unit::Days, false)).now().zone()
        .doc("Whether the instant lies within the next so many calendar days, both ends included.", &[("inNextDays(nowWithDelta(1, \"hours\"), 1)", "true")]),
    clock!("inNextMonths", SPAN, B, C::Within(Unit::Months, false)).now().zone()
        .doc("Whether the instant lies within the next so many calendar months, both ends included.", &[("inNextMonths(nowWithDelta(40, \"days\"), 1)", "false")]),
    clock!("inNextYears", SPAN, B, C::Within(Unit::Years, false)).now().zone()
        .doc("Whether the instant lies within the next so many calendar years, both ends included.", &[("inNextYears(nowWithDelta(40, \"days\"), 1)", "true")]),
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
    clock!("dateDiff", &[p("later", Date), p("earlier", Date)], I, C::Less)
        .doc("Whole days from the second date to the first; negative when the first is before.", &[("dateDiff(2023-12-15, 2023-12-12)", "3")]),
    clock!("dateDiff", &[p("later", DateTimeOnly), p("earlier", DateTimeOnly)], I, C::Less)
        .doc("Milliseconds from the second wall clock to the first.", &[]),
    clock!("dateDiff", &[p("later", DateTime), p("earlier", DateTime)], I, C::Apart)
        .doc("Milliseconds from the second instant to the first.", &[("dateDiff(2026-03-01T10:00:01Z, 2026-03-01T10:00Z)", "1000")]),
    clock!("yearsBetween", &[p("from", Date), p("to", Date)], I, C::YearsBetween).optional()
        .doc("Whole years from one date to another, as an age counts.", &[("yearsBetween(2000-02-29, 2026-02-28)", "25")]),
    clock!("year", AT, I, C::Of(Form::Instant, Part::Year)).optional().zone().doc("The year, in the journey's zone.", &[]),
    clock!("year", LOCAL, I, C::Of(Form::Wall, Part::Year)).optional().doc("The year.", &[]),
    clock!("year", DAY, I, C::Of(Form::Date, Part::Year)).optional().doc("The year.", &[("year(2026-03-01)", "2026")]),
    clock!("month", AT, I, C::Of(Form::Instant, Part::Month)).optional().zone().doc("The month, 1 to 12, in the journey's zone.", &[]),
    clock!("month", LOCAL, I, C::Of(Form::Wall, Part::Month)).optional().doc("The month, 1 to 12.", &[]),
    clock!("month", DAY, I, C::Of(Form::Date, Part::Month)).optional().doc("The month, 1 to 12.", &[("month(2026-03-01)", "3")]),
    clock!("dayOfMonth", AT, I, C::Of(Form::Instant, Part::Day)).optional().zone().doc("The day of the month, in the journey's zone.", &[]),
    clock!("dayOfMonth", LOCAL, I, C::Of(Form::Wall, Part::Day)).optional().doc("The day of the month.", &[]),
    clock!("dayOfMonth", DAY, I, C::Of(Form::Date, Part::Day)).optional().doc("The day of the month.", &[("dayOfMonth(2026-03-01)", "1")]),
    clock!("dayOfWeek", AT, I, C::Of(Form::Instant, Part::Weekday)).optional().zone()
        .doc("The day of the week, 1 Sunday to 7 Saturday (as the reference system counts), in the journey's zone.", &[]),
    clock!("dayOfWeek", LOCAL, I, C::Of(Form::Wall, Part::Weekday)).optional().doc("The day of the week, 1 Sunday to 7 Saturday.", &[]),
    clock!("dayOfWeek", DAY, I, C::Of(Form::Date, Part::Weekday)).optional().doc("The day of the week, 1 Sunday to 7 Saturday.", &[("dayOfWeek(2026-11-23)", "2")]),
    clock!("hour", AT, I, C::Of(Form::Instant, Part::Hour)).optional().zone().doc("The hour, 0 to 23, in the journey's zone.", &[]),
    clock!("hour", LOCAL, I, C::Of(Form::Wall, Part::Hour)).optional().doc("The hour, 0 to 23.", &[]),
    clock!("hour", TIME, I, C::Of(Form::Wall, Part::Hour)).optional().doc("The hour, 0 to 23.", &[("hour(09:30)", "9")]),
    clock!("minute", AT, I, C::Of(Form::Instant, Part::Minute)).optional().zone().doc("The minute, 0 to 59, in the journey's zone.", &[]),
    clock!("minute", LOCAL, I, C::Of(Form::Wall, Part::Minute)).optional().doc("The minute, 0 to 59.", &[]),
    clock!("minute", TIME, I, C::Of(Form::Wall, Part::Minute)).optional().doc("The minute, 0 to 59.", &[("minute(09:30)", "30")]),
    clock!("time", AT, Time, C::Of(Form::Instant, Part::Time)).optional().zone().doc("The time of day, in the journey's zone.", &[]),
    clock!("time", LOCAL, Time, C::Of(Form::Wall, Part::Time)).optional().doc("The time of day.", &[("time(toDateTimeOnly(\"2026-03-01T10:00\"))", "\"10:00:00\"")]),
];

fn now_in(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(ctx
        .zone_named(args[0])?
        .and_then(|zone| zone.date_time(ctx.now_ms)))
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
        "hours" => exact(HOUR_MS),
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
