//! Functions over numbers, and the two-value forms of sum, mean, smallest and largest.
//!
//! Integer arithmetic saturates at the ends of 64 bits, as the operators do.

use super::look::Look;
use super::types::{CallSite, Category, Function, Looks, Param, Plain as X, Ty, p};
use crate::fault::Fault;
use std::cmp::Ordering;

use Ty::{Decimal as D, Duration as U, Integer as I, T};

type Answer = Result<Option<u64>, Fault>;

const fn f(name: &'static str, params: &'static [Param], returns: Ty, imp: Looks) -> Function {
    Function::looks(name, Category::Math, params, returns, imp)
}

const fn a(name: &'static str, params: &'static [Param], returns: Ty, imp: Looks) -> Function {
    Function::looks(name, Category::Aggregation, params, returns, imp)
}

/// The entries.
pub const TABLE: &[Function] = &[
    f("round", &[p("number", D)], I, round).plain(X::Round)
        .doc("The nearest integer; a half goes up (2.5 to 3, -2.5 to -2). Beyond 64 bits it stays at the last integer.", &[("round(3.54)", "4"), ("round(-1.5)", "-1")]),
    f("round", &[p("number", I)], I, same).plain(X::Same).doc("The integer itself.", &[("round(3)", "3")]),
    f("floor", &[p("number", D)], I, floor).plain(X::Floor).doc("The largest integer that is not greater.", &[("floor(-1.5)", "-2")]),
    f("floor", &[p("number", I)], I, same).plain(X::Same).doc("The integer itself.", &[("floor(3)", "3")]),
    f("ceil", &[p("number", D)], I, ceil).plain(X::Ceil).doc("The smallest integer that is not less.", &[("ceil(1.2)", "2")]),
    f("ceil", &[p("number", I)], I, same).plain(X::Same).doc("The integer itself.", &[("ceil(3)", "3")]),
    f("abs", &[p("number", I)], I, abs_integer).plain(X::AbsInteger).doc("The number without its sign.", &[("abs(-3)", "3")]),
    f("abs", &[p("number", D)], D, abs_decimal).plain(X::AbsDecimal).doc("The number without its sign.", &[("abs(-1.5)", "1.5")]),
    f("abs", &[p("duration", U)], U, abs_integer).plain(X::AbsInteger).doc("The duration without its sign.", &[("abs(-2h)", "\"PT2H\"")]),
    a("max", &[p("a", T), p("b", T)], T, max).plain(X::Max)
        .doc("The larger of two values of one type. DateTimes compare as instants, strings by code point.", &[("max(3, 5)", "5"), ("max(2026-03-01, 2026-02-01)", "\"2026-03-01\"")]),
    a("min", &[p("a", T), p("b", T)], T, min).plain(X::Min)
        .doc("The smaller of two values of one type. DateTimes compare as instants, strings by code point.", &[("min(1.5, 2.5)", "1.5")]),
    a("sum", &[p("a", I), p("b", I)], I, sum_integer).plain(X::SumInteger).doc("The sum of two numbers.", &[("sum(15, 5)", "20")]),
    a("sum", &[p("a", D), p("b", D)], D, sum_decimal).plain(X::SumDecimal).doc("The sum of two numbers.", &[("sum(0.5, 1.0)", "1.5")]),
    a("sum", &[p("a", U), p("b", U)], U, sum_integer).plain(X::SumInteger).doc("The sum of two durations.", &[("sum(1h, 30m)", "\"PT1H30M\"")]),
    a("avg", &[p("a", D), p("b", D)], D, avg).plain(X::AvgDecimal)
        .doc("The mean of two numbers. Like every function it is missing when an argument is (the reference system skips it).", &[("avg(15, 5)", "10.0")]),
];

/// The nearest integer, a half going up.
pub fn round_half_up(number: f64) -> i64 {
    let floor = number.floor();
    (if number - floor >= 0.5 {
        floor + 1.0
    } else {
        floor
    }) as i64
}

fn dec(word: u64) -> f64 {
    f64::from_bits(word)
}

fn same(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(args[0]))
}

fn round(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(round_half_up(dec(args[0])) as u64))
}

fn floor(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(dec(args[0]).floor() as i64 as u64))
}

fn ceil(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(dec(args[0]).ceil() as i64 as u64))
}

fn abs_integer(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((args[0] as i64).saturating_abs() as u64))
}

fn abs_decimal(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(dec(args[0]).abs().to_bits()))
}

fn max(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    let order = look.compare(args[0], args[1], site.result)?;
    Ok(Some(if order == Ordering::Less {
        args[1]
    } else {
        args[0]
    }))
}

fn min(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    let order = look.compare(args[0], args[1], site.result)?;
    Ok(Some(if order == Ordering::Greater {
        args[1]
    } else {
        args[0]
    }))
}

fn sum_integer(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((args[0] as i64).saturating_add(args[1] as i64) as u64))
}

fn sum_decimal(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((dec(args[0]) + dec(args[1])).to_bits()))
}

fn avg(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(((dec(args[0]) + dec(args[1])) / 2.0).to_bits()))
}
