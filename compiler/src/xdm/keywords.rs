//! What the keywords of a value's parts say together: its kind, and whether it may be `null`.
//!
//! In: flat parts. Out: kinds. Never true here: a field, a reference.

use super::refs::Part;
use crate::diag::suggest;
use serde_json::{Map, Value};

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
    let holds = |part: &&Part<'_>| !part.is_alternative() && !part.or_null;
    parts.iter().any(|part| says(part) == Some(true))
        && !(parts.iter().filter(holds)).any(|part| says(part) == Some(false))
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
                mixed |= part.is_alternative();
                continue;
            }
        };
        let slot = if part.is_alternative() {
            &mut either
        } else {
            &mut must
        };
        match (*slot, kind) {
            (None, _) => *slot = Some((kind, at)),
            (Some((known, _)), kind) if known == kind => {}
            // Both hold of whole numbers alone; one of the two, of any number.
            (Some((Kind::Integer | Kind::Number, first)), Kind::Integer | Kind::Number) => {
                let kind = if part.is_alternative() {
                    Kind::Number
                } else {
                    Kind::Integer
                };
                *slot = Some((kind, first));
            }
            _ if part.is_alternative() => mixed = true,
            (Some((_, first)), _) => clash = clash.or(Some((first, at))),
        }
    }
    match (must, either) {
        (Some((kind, _)), _) => (Some(kind), clash),
        (None, Some((kind, _))) if !mixed => (Some(kind), None),
        _ => (None, None),
    }
}
