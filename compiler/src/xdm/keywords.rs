//! What the keywords of a value's parts say together: its kind, its range, its closed list of values.
//!
//! In: flat parts. Out: scalar types and bounds. Never true here: a field, a reference.

use super::refs::Part;
use super::types::{EnumValue, IntegerType, IntegerWidth, NumberType, StringType, XdmType};
use crate::diag::suggest;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The kinds a JSON Schema distinguishes (dates are strings until their format is read).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

impl Kind {
    /// The type of JSON Schema.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Object => "object",
            Kind::Array => "array",
            Kind::String => "string",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
        }
    }
}

/// What one part says of the kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    One(Kind),
    /// Of several kinds (other than those of numbers) none can be used.
    Several,
}

/// The kind one part names or implies.
pub(super) fn kind_of(part: &Part<'_>) -> Option<Kind> {
    match said(part) {
        Said::One(kind) => Some(kind),
        Said::Nothing | Said::Several => None,
    }
}

fn said(part: &Part<'_>) -> Said {
    let Some(object) = part.value.as_object() else {
        return Said::Nothing;
    };
    let named = match object.get("type") {
        None => return implied(object),
        Some(Value::String(name)) => kind_named(name).map_or(Said::Nothing, Said::One),
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            one_of(names.filter_map(kind_named))
        }
        Some(_) => Said::Nothing,
    };
    let integral = matches!(
        object.get("meta:xdmType").and_then(Value::as_str),
        Some("byte" | "short" | "int" | "long" | "integer")
    );
    match named {
        Said::One(Kind::Number) if integral => Said::One(Kind::Integer),
        named => named,
    }
}

/// The kind of a value of any of these.
fn one_of(kinds: impl Iterator<Item = Kind>) -> Said {
    kinds.fold(Said::Nothing, |known, kind| match (known, kind) {
        (Said::Nothing, _) => Said::One(kind),
        (Said::One(known), _) if known == kind => Said::One(known),
        (Said::One(Kind::Integer | Kind::Number), Kind::Integer | Kind::Number) => {
            Said::One(Kind::Number)
        }
        _ => Said::Several,
    })
}

/// The kind that keywords imply where `type` is not written.
fn implied(object: &Map<String, Value>) -> Said {
    if object.get("properties").is_some_and(Value::is_object)
        || object
            .get("patternProperties")
            .is_some_and(Value::is_object)
        || object
            .get("additionalProperties")
            .is_some_and(Value::is_object)
    {
        return Said::One(Kind::Object);
    }
    if object.contains_key("items") {
        return Said::One(Kind::Array);
    }
    let listed = match (object.get("enum"), object.get("const")) {
        (Some(Value::Array(values)), _) => values.as_slice(),
        (_, Some(value)) => std::slice::from_ref(value),
        _ => &[],
    };
    let kind = |value: &Value| match value {
        Value::String(_) => Kind::String,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.is_i64() => Kind::Integer,
        Value::Number(_) => Kind::Number,
        Value::Array(_) => Kind::Array,
        Value::Null | Value::Object(_) => Kind::Object,
    };
    let kinds = listed.iter().filter(|value| !value.is_null()).map(kind);
    if kinds.clone().next().is_some() {
        return match one_of(kinds) {
            Said::One(Kind::Array | Kind::Object) => Said::Several,
            said => said,
        };
    }
    let is_text = object.get("format").is_some_and(Value::is_string)
        || object.get("meta:enum").is_some_and(Value::is_object);
    match is_text {
        true => Said::One(Kind::String),
        false => Said::Nothing,
    }
}

/// Whether a value may be `null`: some part says so, and none that must hold says otherwise.
pub(super) fn is_nullable(parts: &[Part<'_>]) -> bool {
    let says = |part: &Part<'_>| null_in(part.value.as_object()?);
    parts.iter().any(|part| says(part) == Some(true))
        && !parts
            .iter()
            .any(|part| !part.alternative && says(part) == Some(false))
}

/// Whether one part allows `null`, if it says anything of it.
fn null_in(object: &Map<String, Value>) -> Option<bool> {
    let of_type = object.get("type").map(|ty| match ty {
        Value::Array(names) => names.iter().any(|name| name == "null"),
        name => name == "null",
    });
    let listed = object.get("enum").and_then(Value::as_array);
    let of_list = listed.map(|values| values.contains(&Value::Null));
    let of_const = object.get("const").map(Value::is_null);
    let said = [of_type, of_list, of_const].into_iter().flatten();
    said.reduce(|a, b| a && b)
}

/// The types of JSON Schema.
pub(super) const TYPES: [&str; 7] = [
    "object", "array", "string", "integer", "number", "boolean", "null",
];

/// The type that a word which is none seems to mean.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "int" | "long" | "short" | "byte" => Some("integer"),
        "float" | "double" | "decimal" => Some("number"),
        "bool" => Some("boolean"),
        "text" | "date" | "date-time" | "datetime" => Some("string"),
        "map" => Some("object"),
        "list" => Some("array"),
        _ => suggest::nearest(word, TYPES),
    }
}

/// The kind of a type; a word that is none, which is reported, counts as what it seems to mean.
fn kind_named(name: &str) -> Option<Kind> {
    match name {
        "object" => Some(Kind::Object),
        "array" => Some(Kind::Array),
        "string" => Some(Kind::String),
        "integer" => Some(Kind::Integer),
        "number" => Some(Kind::Number),
        "boolean" => Some(Kind::Boolean),
        "null" => None,
        _ => meant(name).and_then(kind_named),
    }
}

/// Two parts that must both hold and disagree, by their numbers: the one whose kind is taken, the other.
pub(super) type Clash = (usize, usize);

/// The one kind of all parts: that of the first part that must hold, else the one that every alternative shares; and the first
/// part that disagrees with it.
pub(super) fn common_kind(parts: &[Part<'_>]) -> (Option<Kind>, Option<Clash>) {
    let mut must: Option<(Kind, usize)> = None;
    let mut clash = None;
    let mut either: Option<(Kind, usize)> = None;
    let mut mixed = false;
    for (at, part) in parts.iter().enumerate() {
        let kind = match said(part) {
            Said::Nothing => continue,
            Said::One(kind) => kind,
            Said::Several => {
                mixed |= part.alternative;
                continue;
            }
        };
        let slot = if part.alternative {
            &mut either
        } else {
            &mut must
        };
        match (*slot, kind) {
            (None, _) => *slot = Some((kind, at)),
            (Some((known, _)), kind) if known == kind => {}
            // Both hold of whole numbers alone; one of the two, of any number.
            (Some((Kind::Integer | Kind::Number, first)), Kind::Integer | Kind::Number) => {
                let kind = if part.alternative {
                    Kind::Number
                } else {
                    Kind::Integer
                };
                *slot = Some((kind, first));
            }
            _ if part.alternative => mixed = true,
            (Some((_, first)), _) => clash = clash.or(Some((first, at))),
        }
    }
    match (must, either) {
        (Some((kind, _)), _) => (Some(kind), clash),
        (None, Some((kind, _))) if !mixed => (Some(kind), None),
        _ => (None, None),
    }
}

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
        .filter(|part| !part.alternative)
        .filter_map(|part| part.value.as_object())
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
                object.get(inclusive).map(|v| (v, 0)),
                object.get(exclusive).map(|v| (v, step)),
            ]
        })
        .flatten()
        .filter_map(|(value, step)| whole(value, end).map(|number| number + step))
        .reduce(|a, b| match end {
            Bound::Least => a.max(b),
            Bound::Most => a.min(b),
        })
}

/// A JSON number as a whole one, rounded into the range.
fn whole(value: &Value, end: Bound) -> Option<i128> {
    if let Some(number) = value.as_i64() {
        return Some(i128::from(number));
    }
    if let Some(number) = value.as_u64() {
        return Some(i128::from(number));
    }
    let number = value.as_f64()?;
    let rounded = match end {
        Bound::Least => number.ceil(),
        Bound::Most => number.floor(),
    };
    // Casting a double to an integer saturates, which is the bound meant.
    rounded
        .is_finite()
        .then_some(rounded as i64)
        .map(i128::from)
}

fn clamp(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

fn string(parts: &[Part<'_>]) -> XdmType {
    let says = |key: &str| {
        must(parts).find_map(|object| object.get(key).and_then(Value::as_str).map(str::to_owned))
    };
    let format = says("format");
    match format.as_deref().or(says("meta:xdmType").as_deref()) {
        Some("date-time") => return XdmType::DateTime,
        Some("date") => return XdmType::Date,
        _ => {}
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

/// A count keyword over the parts that must hold.
pub(super) fn count(parts: &[Part<'_>], keyword: &str, pick: fn(u64, u64) -> u64) -> Option<u64> {
    must(parts)
        .filter_map(|object| object.get(keyword).and_then(Value::as_u64))
        .reduce(pick)
}

/// The closed list: what all parts that must hold allow.
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
    allowed.map(|values| {
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
