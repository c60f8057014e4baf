//! Functions from one type to another.
//!
//! Text that cannot be read as the type asked for gives a missing value, never a fault.

use super::clock::{Clock as C, midnight, placed};
use super::ctx::Ctx;
use super::look::Look;
use super::types::{CallSite, Category, Function, Looks, Native, Param, Plain, Short, Ty, p};
use crate::fault::Fault;
use crate::time::print::{self, Seconds};
use crate::time::{DAY_MS, Zone, civil, parse};
use journey_artifact::word::{WordType, date_time_ms, date_time_word};
use std::fmt::Write;

use Ty::{
    Boolean as B, Date, DateTime, DateTimeOnly, Decimal as D, Duration as U, Integer as I, Period,
    String as S, Time,
};

type Answer = Result<Option<u64>, Fault>;

const fn f(name: &'static str, params: &'static [Param], returns: Ty, imp: Native) -> Function {
    Function::native(name, Category::Conversion, params, returns, imp)
}

const fn look(name: &'static str, params: &'static [Param], returns: Ty, imp: Looks) -> Function {
    Function::looks(name, Category::Conversion, params, returns, imp)
}

const fn same_word(name: &'static str, params: &'static [Param], returns: Ty) -> Function {
    look(name, params, returns, same).plain(Plain::Same)
}

/// What a clock is enough for.
macro_rules! clock {
    ($name:expr, $params:expr, $returns:expr, $what:expr) => {
        f($name, $params, $returns, |ctx, args, _| {
            $what.value(ctx.here(), args[0], 0)
        })
        .short(Short::Clock($what))
    };
}

/// The entries.
pub const TABLE: &[Function] = &[
    same_word("toString", &[p("value", S)], S).doc("The text itself.", &[("toString(\"a\")", "\"a\"")]),
    f("toString", &[p("value", B)], S, to_string).doc("`true` or `false`.", &[("toString(true)", "\"true\"")]),
    f("toString", &[p("value", I)], S, to_string).doc("The digits.", &[("toString(4)", "\"4\"")]),
    f("toString", &[p("value", D)], S, to_string).doc(
        "The shortest decimal text that reads back the same, without an exponent, always with a point. An infinite decimal is the largest or smallest there is, one without a value is `NaN`.",
        &[("toString(1.5)", "\"1.5\""), ("toString(4.0)", "\"4.0\""), ("toString(12345678901234567890.0)", "\"12345678901234567000.0\"")],
    ),
    f("toString", &[p("value", Date)], S, to_string).doc("`2026-03-01`.", &[("toString(2026-03-01)", "\"2026-03-01\"")]),
    f("toString", &[p("value", DateTime)], S, to_string).doc(
        "ISO 8601 in UTC; seconds and milliseconds only when they are not zero.",
        &[("toString(2019-06-03T08:30+02:00)", "\"2019-06-03T06:30Z\"")],
    ),
    f("toString", &[p("value", DateTimeOnly)], S, to_string).doc(
        "ISO 8601 without an offset; seconds and milliseconds only when they are not zero.",
        &[("toString(toDateTimeOnly(\"2026-03-01T10:00\"))", "\"2026-03-01T10:00\"")],
    ),
    f("toString", &[p("value", Time)], S, to_string).doc("`09:00`; seconds only when they are not zero.", &[("toString(09:00)", "\"09:00\"")]),
    f("toString", &[p("value", U)], S, to_string)
        .doc("ISO 8601 in hours, minutes and seconds (the reference system also prints milliseconds; it contradicts itself).", &[("toString(90m)", "\"PT1H30M\"")]),
    f("toString", &[p("value", Period)], S, to_string).doc("ISO 8601 in years, months and days.", &[("toString(1mo)", "\"P1M\"")]),
    same_word("toInteger", &[p("value", I)], I).doc("The integer itself.", &[("toInteger(4)", "4")]),
    look("toInteger", &[p("value", D)], I, decimal_to_integer).optional()
        .doc("The number without its fraction; missing beyond 64 bits.", &[("toInteger(-1.5)", "-1")]),
    same_word("toInteger", &[p("value", B)], I).doc("1 for true, 0 for false.", &[("toInteger(true)", "1")]),
    look("toInteger", &[p("value", S)], I, string_to_integer).optional()
        .doc("The integer that the text is; missing when it is none.", &[("toInteger(\"42\")", "42"), ("toInteger(\"4x\")", "null")]),
    clock!("toInteger", &[p("value", DateTime)], I, C::InMillis)
        .doc("Milliseconds since 1970-01-01T00:00Z.", &[("toInteger(1970-01-01T01:00+01:00)", "0")]),
    same_word("toDecimal", &[p("value", D)], D).doc("The decimal itself.", &[("toDecimal(1.5)", "1.5")]),
    look("toDecimal", &[p("value", I)], D, integer_to_decimal).plain(Plain::ToDecimal).doc("The number as a decimal.", &[("toDecimal(1)", "1.0")]),
    look("toDecimal", &[p("value", B)], D, integer_to_decimal).plain(Plain::ToDecimal).doc("1.0 for true, 0.0 for false.", &[("toDecimal(true)", "1.0")]),
    look("toDecimal", &[p("value", DateTime)], D, date_time_to_decimal)
        .doc("Milliseconds since 1970-01-01T00:00Z.", &[("toDecimal(1970-01-01T00:00:01Z)", "1000.0")]),
    look("toDecimal", &[p("value", S)], D, string_to_decimal).optional()
        .doc("The number that the text is, with a point; missing when it is none.", &[("toDecimal(\"-0.5\")", "-0.5"), ("toDecimal(\"1,5\")", "null")]),
    same_word("toBool", &[p("value", B)], B).doc("The value itself.", &[("toBool(true)", "true")]),
    look("toBool", &[p("value", S)], B, string_to_bool).doc("True for exactly `true`, false for any other text.", &[("toBool(\"true\")", "true"), ("toBool(\"1\")", "false")]),
    look("toBool", &[p("value", I)], B, integer_to_bool).plain(Plain::IsNotZero).doc("False for 0 only.", &[("toBool(-1)", "true")]),
    look("toBool", &[p("value", D)], B, decimal_to_bool).doc("False for 0.0 only.", &[("toBool(0.0)", "false")]),
    same_word("toDateOnly", &[p("value", Date)], Date).doc("The date itself.", &[("toDateOnly(2026-03-01)", "\"2026-03-01\"")]),
    look("toDateOnly", &[p("value", S)], Date, string_to_date).optional().doc(
        "The date that the text is, or the date part as written of a date-time; missing when it is neither.",
        &[("toDateOnly(\"2023-08-18T00:00:00\")", "\"2023-08-18\""), ("toDateOnly(\"2023-02-29\")", "null")],
    ),
    clock!("toDateOnly", &[p("value", DateTime)], Date, C::OwnDate).doc(
        "The date on the value's own clock (its offset is kept, not shifted to another zone).",
        &[("toDateOnly(2026-03-01T23:30-05:00)", "\"2026-03-01\"")],
    ),
    clock!("toDateOnly", &[p("value", DateTimeOnly)], Date, C::WallDate)
        .doc("The date of a wall clock.", &[("toDateOnly(toDateTimeOnly(\"2020-02-29T23:59:59\"))", "\"2020-02-29\"")]),
    look("toDateOnly", &[p("milliseconds", I)], Date, integer_to_date)
        .doc("The UTC date of an instant in milliseconds since 1970.", &[("toDateOnly(0)", "\"1970-01-01\"")]).optional(),
    look("toDateOnly", &[p("year", I), p("month", I), p("day", I)], Date, parts_to_date).optional()
        .doc("The date of a year, month and day; missing when there is none.", &[("toDateOnly(2024, 2, 29)", "\"2024-02-29\"")]),
    look("toDateTime", &[p("value", S)], DateTime, string_to_date_time).optional().doc(
        "The instant that the text is, in ISO 8601 with an offset, which is kept; missing when it is none.",
        &[("toDateTime(\"2011-12-03T15:15:30.123+02:00\")", "\"2011-12-03T15:15:30.123+02:00\""), ("toDateTime(\"2016-12-31T23:59:60Z\")", "\"2017-01-01T00:00:00Z\""), ("toDateTime(\"not a date\")", "null")],
    ),
    look("toDateTime", &[p("milliseconds", I)], DateTime, integer_to_date_time).optional()
        .doc("The instant of so many milliseconds since 1970, in UTC.", &[("toDateTime(0)", "\"1970-01-01T00:00:00Z\"")]),
    f("toDateTime", &[p("zone", S), p("value", DateTimeOnly)], DateTime, zoned_local_to_date_time).optional().doc(
        "The instant at which clocks of a zone show this. A time that the zone skips moves forward, one that it repeats is the first. Missing for an unknown zone.",
        &[("toDateTime(\"UTC\", toDateTimeOnly(\"2016-08-18T23:17:59.123\"))", "\"2016-08-18T23:17:59.123Z\"")],
    ),
    f("toDateTime", &[p("zone", S), p("value", Date)], DateTime, zoned_date_to_date_time).optional()
        .doc("Midnight of a date in a zone.", &[("toDateTime(\"America/New_York\", 2021-03-15)", "\"2021-03-15T00:00:00-04:00\"")]),
    clock!("toDateTime", &[p("value", DateTimeOnly)], DateTime, C::FromWall).optional().zone()
        .doc("The instant at which clocks of the journey's zone show this.", &[]),
    clock!("toDateTime", &[p("value", Date)], DateTime, C::FromDate).optional().zone()
        .doc("Midnight of a date in the journey's zone.", &[]),
    clock!("toDateTimeOnly", &[p("value", DateTime)], DateTimeOnly, C::OwnWall)
        .doc("The value's own clock, without its offset.", &[("toDateTimeOnly(2016-08-12T09:46:06+02:00)", "\"2016-08-12T09:46:06\"")]),
    look("toDateTimeOnly", &[p("value", S)], DateTimeOnly, string_to_local).optional().doc(
        "The wall clock that the text is; a bare date is midnight, an offset is dropped. Missing when it is none.",
        &[("toDateTimeOnly(\"2016-08-18\")", "\"2016-08-18T00:00:00\"")],
    ),
    same_word("toDuration", &[p("milliseconds", I)], U).doc("So many milliseconds.", &[("toDuration(500)", "\"PT0.5S\"")]),
    look("toDuration", &[p("value", S)], U, string_to_duration).optional().doc(
        "The exact duration that the text is, in ISO 8601 (in days, of 24 h, and smaller units) or in this language's units; missing when it is none.",
        &[("toDuration(\"P2DT3H4M\")", "\"PT51H4M\""), ("toDuration(\"-PT6H3M\")", "\"PT-6H-3M\"")],
    ),
];

/// Appends the text form of a scalar that is no text itself, as `toString` and string interpolation give it.
pub fn write_text(out: &mut String, word: u64, ty: WordType) -> Result<(), Fault> {
    match ty {
        WordType::Bool | WordType::Kleene => out.push_str(if word == 1 { "true" } else { "false" }),
        WordType::Int => push(out, format_args!("{}", word as i64)),
        WordType::Dec => decimal_text(out, f64::from_bits(word)),
        WordType::Date => print::date(out, word as i64),
        WordType::DateTime => {
            // An instant of the last day somewhere is of the day behind it in UTC.
            let ms = date_time_ms(word).clamp(civil::EDGE_MS.0, civil::EDGE_MS.1);
            let utc = date_time_word(ms, 0).unwrap_or(word);
            print::date_time(out, utc, Seconds::WhenNeeded);
        }
        WordType::Local => print::local(out, word as i64, Seconds::WhenNeeded),
        WordType::Time => print::time(out, word as i64, Seconds::WhenNeeded),
        WordType::Duration => print::duration(out, word as i64),
        WordType::Period => print::period(out, word),
        WordType::Str | WordType::Row(_) | WordType::List(_) => {
            return Err(Fault::Corrupt("text of no such value"));
        }
    }
    Ok(())
}

fn decimal_text(out: &mut String, number: f64) {
    if number.is_nan() {
        return out.push_str("NaN");
    }
    let number = number.clamp(f64::MIN, f64::MAX);
    push(out, format_args!("{number}"));
    if number.fract() == 0.0 {
        out.push_str(".0");
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

fn same(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(args[0]))
}

fn to_string(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let ty = *site.params.first().ok_or(Fault::Corrupt("arguments"))?;
    ctx.build_str(|out, _| write_text(out, args[0], ty))
        .map(Some)
}

fn decimal_to_integer(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let number = f64::from_bits(args[0]).trunc();
    let inside = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    Ok(inside.then_some(number as i64 as u64))
}

fn string_to_integer(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(look.str(args[0])?.parse::<i64>().ok().map(|n| n as u64))
}

fn integer_to_decimal(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((args[0] as i64 as f64).to_bits()))
}

fn date_time_to_decimal(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((date_time_ms(args[0]) as f64).to_bits()))
}

fn string_to_decimal(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = look.str(args[0])?;
    // Rust also reads `inf` and `nan`; here a number has digits.
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
    {
        return Ok(None);
    }
    Ok(text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map(f64::to_bits))
}

fn string_to_bool(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(u64::from(look.str(args[0])? == "true")))
}

fn integer_to_bool(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(u64::from(args[0] != 0)))
}

fn decimal_to_bool(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(u64::from(f64::from_bits(args[0]) != 0.0)))
}

fn string_to_date(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(parse::date_part(look.str(args[0])?).map(|days| days as u64))
}

fn integer_to_date(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let days = (args[0] as i64).div_euclid(DAY_MS);
    Ok(civil::ymd_from_days(days).map(|_| days as u64))
}

fn parts_to_date(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let part = |ix: usize| i32::try_from(args[ix] as i64).ok();
    let days = (|| {
        civil::days_from_ymd(
            part(0)?,
            u32::try_from(part(1)?).ok()?,
            u32::try_from(part(2)?).ok()?,
        )
    })();
    Ok(days.map(|days| days as u64))
}

fn string_to_date_time(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(parse::date_time(look.str(args[0])?))
}

fn integer_to_date_time(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Zone::utc().date_time(args[0] as i64))
}

fn zoned_local_to_date_time(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let zone = ctx.zone_named(args[0])?;
    Ok(zone.and_then(|zone| placed(&zone, Some(args[1] as i64))))
}

fn zoned_date_to_date_time(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let zone = ctx.zone_named(args[0])?;
    Ok(zone.and_then(|zone| placed(&zone, midnight(args[1]))))
}

fn string_to_local(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(parse::local(look.str(args[0])?).map(|ms| ms as u64))
}

fn string_to_duration(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(parse::duration(look.str(args[0])?).map(|ms| ms as u64))
}
