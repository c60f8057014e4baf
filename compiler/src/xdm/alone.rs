//! What one schema says of a value by itself, wherever it stands.
//!
//! In: a schema as JSON. Out: whether it says anything, and whether it allows all or `null` alone. Never true here: a reference followed.

use serde_json::Value;
use std::sync::LazyLock;

/// What an alternative says that says nothing: any value will do.
static ANYTHING: LazyLock<Value> = LazyLock::new(|| {
    let all = ["object", "array", "string", "number", "boolean", "null"];
    serde_json::json!({ "type": all })
});

/// Whether a schema allows every value: it is `true`, or has words about a value and no rule for it.
fn allows_all(schema: &Value) -> bool {
    const WORDS: [&str; 5] = ["title", "description", "$comment", "default", "examples"];
    match schema {
        Value::Bool(allowed) => *allowed,
        Value::Object(keys) => keys.keys().all(|key| WORDS.contains(&key.as_str())),
        _ => false,
    }
}

/// A schema as one of alternatives: one that allows every value says so, for the others to be no rule.
pub(super) fn among_others(schema: &Value) -> &Value {
    match allows_all(schema) {
        true => &ANYTHING,
        false => schema,
    }
}

/// Whether a schema allows `null` and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    let listed = schema.get("enum").and_then(Value::as_array);
    schema.get("type").is_some_and(|ty| ty == "null")
        || schema.get("const").is_some_and(Value::is_null)
        || listed.is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
}

/// Whether a schema says, by itself or where it leads, what a value is.
pub(super) fn speaks(schema: &Value) -> bool {
    let leads = |keyword: &&str| schema.get(*keyword).is_some();
    tells(schema) || ["$ref", "allOf", "oneOf", "anyOf"].iter().any(leads)
}

/// Whether a schema says something about the value's type (and not only where to look, or how to call it).
pub(super) fn tells(schema: &Value) -> bool {
    const TELLING: [&str; 18] = [
        "type",
        "properties",
        "additionalProperties",
        "patternProperties",
        "items",
        "required",
        "enum",
        "const",
        "format",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "meta:enum",
        "meta:xdmType",
    ];
    schema.as_object().is_some_and(|object| {
        TELLING.iter().any(|keyword| object.contains_key(*keyword))
            || object.contains_key("minItems")
            || object.contains_key("maxItems")
    })
}
