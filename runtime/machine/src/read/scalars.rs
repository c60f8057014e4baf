//! What a type and a node are called in a rejection, and the words of time texts and whole numbers.

use crate::time::parse;
use journey_artifact::model::{PlanNode, Want};
use journey_artifact::word::WordType;

/// What a node asks for, in the words of a rejection.
pub(super) fn asked(plan: &PlanNode) -> &'static str {
    match &plan.want {
        Want::Scalar(ty) => expected(*ty),
        Want::Enum(_) => "string",
        Want::Object(_) | Want::Map(..) => "object",
        Want::List(..) => "array",
        Want::Any => "any value",
    }
}

pub(super) fn expected(ty: WordType) -> &'static str {
    match ty {
        WordType::Bool | WordType::Kleene => "boolean",
        WordType::Int => "integer",
        WordType::Dec => "number",
        WordType::Str => "string",
        WordType::Date => "date (YYYY-MM-DD)",
        WordType::DateTime => "date-time with offset (ISO 8601)",
        WordType::Local => "date-time without offset (ISO 8601)",
        WordType::Time => "time (HH:MM:SS)",
        WordType::Duration => "exact duration (ISO 8601)",
        WordType::Period => "calendar duration (ISO 8601)",
        WordType::Row(_) => "object",
        WordType::List(_) => "array",
    }
}

pub(super) fn is_time(ty: WordType) -> bool {
    use WordType::*;
    matches!(ty, Date | DateTime | Local | Time | Duration | Period)
}

pub(super) fn time_word(ty: WordType, text: &str) -> Option<u64> {
    match ty {
        WordType::Date => parse::date(text).map(|days| days as u64),
        WordType::DateTime => parse::date_time(text),
        WordType::Local => parse::local(text).map(|ms| ms as u64),
        WordType::Time => parse::time(text).map(u64::from),
        WordType::Duration => parse::duration(text).map(|ms| ms as u64),
        WordType::Period => parse::period(text),
        _ => None,
    }
}

/// The integer that was written as a decimal, `5.0` or `5e0`. From 2^53 on a double may be the nearest of several that could have been written.
pub(super) fn exact_integer(value: f64) -> Option<i64> {
    const BOUND: f64 = 9_007_199_254_740_992.0; // 2^53
    (value.fract() == 0.0 && value.abs() < BOUND).then_some(value as i64)
}
