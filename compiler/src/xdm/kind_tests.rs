//! Small schemas whose parts say together what kind of value a field has, and whether it must be there.

use super::tests::tree;
use super::*;
use serde_json::{Value, json};

#[test]
fn alternatives_join_and_what_may_be_null_need_not_be_there() {
    let of = |value: Value| {
        let fields =
            json!({"$id": "s", "type": "object", "required": ["a"], "properties": {"a": value}});
        let file = SourceFile {
            path: "a.json".into(),
            text: fields.to_string().into(),
        };
        let (registry, problems) = import(&[file]);
        assert_eq!(problems, vec![]);
        tree(&registry, "s").join(" ")
    };
    let (whole, number) = (json!({"type": "integer"}), json!({"type": "number"}));
    let list = |item: &Value| json!({"type": "array", "items": item});
    let both = |keyword: &str, one: &Value, other: &Value| json!({ keyword: [one, other] });
    let limits = "int -2147483648..2147483647";
    for (written, expected) in [
        (both("anyOf", &whole, &number), ".a! number"),
        (both("oneOf", &number, &whole), ".a! number"),
        (both("anyOf", &whole, &whole), &format!(".a! {limits}")),
        (both("allOf", &number, &whole), &format!(".a! {limits}")),
        (both("anyOf", &list(&whole), &list(&number)), ".a![] number"),
        (
            both("allOf", &list(&whole), &list(&number)),
            &format!(".a![] {limits}"),
        ),
        (json!({"enum": ["a", "b"]}), ".a! string a|b"),
        (json!({"enum": ["a", null]}), ".a string a"),
        (json!({"enum": ["a", 1]}), ".a! any"),
        (
            json!({"enum": [1, "a"], "meta:enum": {"a": "A"}}),
            ".a! any",
        ),
        (json!({"enum": [true, "a"]}), ".a! any"),
        (json!({"enum": [true, false]}), ".a! boolean"),
        (json!({"enum": [1, 2, null]}), &format!(".a {limits}")),
        (json!({"enum": [1, 2.5]}), ".a! number"),
        (json!({"enum": [1, {}]}), ".a! any"),
        (json!({"enum": [{}, {}]}), ".a! any"),
        (json!({"const": 5}), &format!(".a! {limits}")),
        (json!({"const": 0.5}), ".a! number"),
        (json!({}), ".a! any"),
        (json!(true), ".a! any"),
        (json!({"type": ["integer", "number"]}), ".a! number"),
        (json!({"type": ["number", "null", "integer"]}), ".a number"),
        (json!({"type": ["integer", "string"]}), ".a! any"),
        (json!({"type": ["string", "null"]}), ".a string"),
        (
            both(
                "anyOf",
                &json!({"type": "string"}),
                &json!({"type": "null"}),
            ),
            ".a string",
        ),
        (
            both(
                "anyOf",
                &json!({"type": ["string", "number"]}),
                &json!({"type": "boolean"}),
            ),
            ".a! any",
        ),
        (
            both(
                "anyOf",
                &json!({"type": "boolean"}),
                &json!({"enum": ["a", 1]}),
            ),
            ".a! any",
        ),
        (
            both("anyOf", &whole, &json!({"title": "or anything"})),
            ".a any",
        ),
        (both("oneOf", &json!(true), &whole), ".a any"),
        (
            json!({"type": "integer", "anyOf": [{"type": ["integer", "string"]}, {}]}),
            &format!(".a! {limits}"),
        ),
        (
            json!({"patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "string"}}),
            ".a!{} any",
        ),
        (
            json!({"patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "number"}}),
            ".a!{} number",
        ),
        (
            both(
                "allOf",
                &json!({"type": ["string", "null"]}),
                &json!({"type": "string"}),
            ),
            ".a! string",
        ),
        (
            json!({"type": ["string", "null"], "enum": ["a"]}),
            ".a! string a",
        ),
    ] {
        assert_eq!(of(written.clone()), expected, "{written}");
    }
}
