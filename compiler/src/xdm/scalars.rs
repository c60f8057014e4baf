//! What the keywords of a value's parts say together of a value that holds no others: its range, its format, its closed list of values.
//!
//! In: flat parts of one kind. Out: scalar types and bounds. Never true here: a rule from a part that need not hold, but where every
//! alternative has it.

use super::alone::is_null;
use super::keywords::Kind;
use super::refs::{Holds, Part};
use super::types::{EnumValue, IntegerType, IntegerWidth, NumberType, StringType, XdmType};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A scalar of this kind.
pub(super) fn scalar(kind: Kind, parts: &[Part<'_>]) -> XdmType {
    match kind {
        Kind::Boolean => XdmType::Boolean,
        Kind::Integer => XdmType::Integer(integer(parts)),
        Kind::Number => XdmType::Number(NumberType {
            min: bound(parts, Bound::Least),
            max: bound(parts, Bound::Most),
        }),
        Kind::String => string(parts),
        Kind::Object | Kind::Array => XdmType::Any,
    }
}

/// Which end of a range.
#[derive(Clone, Copy)]
enum Bound {
    Least,
    Most,
}

/// The tightest bound that parts which must hold give.
fn bound(parts: &[Part<'_>], end: Bound) -> Option<f64> {
    let (inclusive, exclusive) = bound_keywords(end);
    must(parts)
        .flat_map(|object| [object.get(inclusive), object.get(exclusive)])
        .flatten()
        .filter_map(Value::as_f64)
        .reduce(|a, b| match end {
            Bound::Least => a.max(b),
            Bound::Most => a.min(b),
        })
}

fn bound_keywords(end: Bound) -> (&'static str, &'static str) {
    match end {
        Bound::Least => ("minimum", "exclusiveMinimum"),
        Bound::Most => ("maximum", "exclusiveMaximum"),
    }
}

/// The objects of the parts that must all hold.
fn must<'a>(parts: &'a [Part<'a>]) -> impl Iterator<Item = &'a Map<String, Value>> {
    parts
        .iter()
        .filter(|part| !part.is_alternative())
        .filter_map(|part| part.value.as_object())
}

/// What `read` finds in the alternatives, if each says what the value is and has it.
fn of_each<'a, T>(
    parts: &'a [Part<'a>],
    read: impl Fn(&'a Map<String, Value>) -> Option<T>,
) -> Option<Vec<T>> {
    let alternatives = parts.iter().filter(|part| part.is_alternative());
    let of_values = alternatives.filter(|part| !is_null(part.value));
    let found: Option<Vec<T>> = of_values
        .map(|part| match part.holds {
            Holds::Perhaps => None,
            Holds::Always | Holds::Either => read(part.value.as_object()?),
        })
        .collect();
    found.filter(|found| !found.is_empty())
}

fn integer(parts: &[Part<'_>]) -> IntegerType {
    let min = whole_bound(parts, Bound::Least);
    let max = whole_bound(parts, Bound::Most);
    let named = must(parts)
        .filter_map(|object| object.get("meta:xdmType").and_then(Value::as_str))
        .find_map(width_named);
    IntegerType {
        min: min.map(clamp),
        max: max.map(clamp),
        width: named.unwrap_or_else(|| width_for(min, max)),
    }
}

fn width_named(name: &str) -> Option<IntegerWidth> {
    match name {
        "byte" => Some(IntegerWidth::Byte),
        "short" => Some(IntegerWidth::Short),
        "int" => Some(IntegerWidth::Int),
        "long" => Some(IntegerWidth::Long),
        _ => None,
    }
}

/// The smallest width that holds both bounds; a bound that is not given counts as `int`'s. One above the top still fits, because the
/// registry writes 128, 32768 and 2147483648 for the exclusive ends.
fn width_for(min: Option<i128>, max: Option<i128>) -> IntegerWidth {
    let low = min.unwrap_or(i128::from(i32::MIN));
    let high = max.unwrap_or(i128::from(i32::MAX));
    for width in [IntegerWidth::Byte, IntegerWidth::Short, IntegerWidth::Int] {
        let (least, most) = width.bounds();
        if low >= i128::from(least) && high <= i128::from(most) + 1 {
            return width;
        }
    }
    IntegerWidth::Long
}

/// A bound of an integer, exact; exclusive bounds become inclusive ones.
fn whole_bound(parts: &[Part<'_>], end: Bound) -> Option<i128> {
    let (inclusive, exclusive) = bound_keywords(end);
    let step: i128 = match end {
        Bound::Least => 1,
        Bound::Most => -1,
    };
    must(parts)
        .flat_map(|object| {
            [
                object.get(inclusive).and_then(|v| Some(whole(v, end)?.0)),
                object.get(exclusive).and_then(|v| match whole(v, end)? {
                    (number, true) => Some(number + step),
                    (rounded, false) => Some(rounded),
                }),
            ]
        })
        .flatten()
        .reduce(|a, b| match end {
            Bound::Least => a.max(b),
            Bound::Most => a.min(b),
        })
}

/// A JSON number as a whole one, rounded into the range, and whether it is that number.
fn whole(value: &Value, end: Bound) -> Option<(i128, bool)> {
    if let Some(number) = value.as_i64() {
        return Some((i128::from(number), true));
    }
    if let Some(number) = value.as_u64() {
        return Some((i128::from(number), true));
    }
    let number = value.as_f64()?;
    let rounded = match end {
        Bound::Least => number.ceil(),
        Bound::Most => number.floor(),
    };
    // Casting a double to an integer saturates, which is the bound meant.
    let held = rounded as i64;
    rounded
        .is_finite()
        .then_some((i128::from(held), held as f64 == number))
}

fn clamp(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

fn string(parts: &[Part<'_>]) -> XdmType {
    let says = |key: &str| {
        must(parts).find_map(|object| object.get(key).and_then(Value::as_str).map(str::to_owned))
    };
    let format = says("format");
    let of_must = time_named(format.as_deref(), says("meta:xdmType").as_deref());
    if let Some(time) = of_must.or_else(|| time_of_each(parts).filter(|_| format.is_none())) {
        return time;
    }
    let enum_values = enum_values(parts);
    let suggested = if enum_values.is_some() {
        Vec::new()
    } else {
        suggestions(parts)
    };
    let choices = enum_values.as_ref().map(|values: &Vec<EnumValue>| {
        let value = |v: &EnumValue| v.value.clone();
        values.iter().map(value).collect()
    });
    XdmType::String(StringType {
        choices,
        enum_values,
        suggested,
        format,
        pattern: says("pattern"),
        min_length: count(parts, "minLength", u64::max),
        max_length: count(parts, "maxLength", u64::min),
    })
}

/// The type of a text that is a time, by its `format`, else by its `meta:xdmType`.
fn time_named(format: Option<&str>, xdm: Option<&str>) -> Option<XdmType> {
    match format.or(xdm) {
        Some("date-time") => Some(XdmType::DateTime),
        Some("date") => Some(XdmType::Date),
        _ => None,
    }
}

/// The one kind of time that every alternative is.
fn time_of_each(parts: &[Part<'_>]) -> Option<XdmType> {
    let mut each = of_each(parts, |object| {
        let says = |key: &str| object.get(key).and_then(Value::as_str);
        time_named(says("format"), says("meta:xdmType"))
    })?;
    let first = each.pop()?;
    each.iter().all(|time| *time == first).then_some(first)
}

/// A count keyword over the parts that must hold.
pub(super) fn count(parts: &[Part<'_>], keyword: &str, pick: fn(u64, u64) -> u64) -> Option<u64> {
    must(parts)
        .filter_map(|object| object.get(keyword).and_then(Value::as_u64))
        .reduce(pick)
}

/// The closed list: what all parts that must hold allow; where none of them has a list, what alternatives that all have one allow.
fn enum_values(parts: &[Part<'_>]) -> Option<Vec<EnumValue>> {
    let mut allowed: Option<Vec<String>> = None;
    for list in must(parts).filter_map(enum_of) {
        allowed = Some(match allowed {
            None => list,
            Some(known) => {
                let both: Vec<String> = known
                    .iter()
                    .filter(|value| list.contains(value))
                    .cloned()
                    .collect();
                // A list beside a `$ref` that shares nothing with its target replaces it, as in the registry.
                if both.is_empty() { known } else { both }
            }
        });
    }
    let of_alternatives = || {
        let mut lists = of_each(parts, enum_of)?.concat();
        let mut known = HashSet::new();
        lists.retain(|value| known.insert(value.clone()));
        Some(lists)
    };
    allowed.or_else(of_alternatives).map(|values| {
        values
            .into_iter()
            .map(|value| EnumValue {
                title: title_of(parts, &value),
                value,
            })
            .collect()
    })
}

/// The strings one part allows, if it lists them, each once.
fn enum_of(object: &Map<String, Value>) -> Option<Vec<String>> {
    match (object.get("enum"), object.get("const")) {
        (Some(Value::Array(values)), _) => {
            let mut known = HashSet::new();
            let texts = values.iter().filter_map(Value::as_str);
            let fresh = texts.filter(|text| known.insert(*text));
            Some(fresh.map(str::to_owned).collect())
        }
        (_, Some(Value::String(value))) => Some(vec![value.clone()]),
        _ => None,
    }
}

/// What `meta:enum` calls a value.
fn title_of(parts: &[Part<'_>], value: &str) -> Option<String> {
    parts
        .iter()
        .filter_map(|part| part.value.get("meta:enum")?.get(value)?.as_str())
        .next()
        .map(str::to_owned)
}

/// What `meta:enum` suggests, and what single alternatives allow (another alternative may allow more).
fn suggestions(parts: &[Part<'_>]) -> Vec<EnumValue> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut out: Vec<EnumValue> = Vec::new();
    let mut add = |value: &str, title: Option<&str>| {
        if seen.insert(value.to_owned()) {
            out.push(EnumValue {
                value: value.to_owned(),
                title: title.map(str::to_owned),
            });
        }
    };
    for object in parts.iter().filter_map(|part| part.value.as_object()) {
        for (value, title) in object
            .get("meta:enum")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            add(value, title.as_str());
        }
        for value in enum_of(object).into_iter().flatten() {
            add(&value, None);
        }
    }
    out
}
