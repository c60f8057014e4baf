//! What one schema says of a value by itself, wherever it stands.
//!
//! In: a schema as JSON. Out: whether it says anything, and whether it allows `null` alone. Never true here: a reference followed.

use serde_json::Value;
use std::sync::LazyLock;

/// What an alternative says that says nothing: any value will do.
pub(super) static ANYTHING: LazyLock<Value> = LazyLock::new(|| {
    let all = ["object", "array", "string", "number", "boolean", "null"];
    serde_json::json!({ "type": all })
});

/// Whether a schema allows `null` and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    let listed = schema.get("enum").and_then(Value::as_array);
    schema.get("type").is_some_and(|ty| ty == "null")
        || schema.get("const").is_some_and(Value::is_null)
        || listed.is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
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
