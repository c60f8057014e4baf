//! Small schemas whose parts say together what kind of value a field has, and whether it must be there.

use super::tests::{import_all, tree};
use super::*;
use serde_json::{Value, json};

/// The tree of a schema whose required field `a` is written so.
fn of(value: &Value) -> String {
    let fields = json!({"$id": "s", "type": "object", "required": ["a"], "properties": {"a": value}, "definitions": {"anything": {"meta:note": 1}}});
    let (registry, problems) = import_all(&[fields]);
    assert_eq!(problems, vec![]);
    tree(&registry, "s").join(" ")
}

#[test]
fn one_alternative_beside_null_holds_and_what_all_have_is_joined() {
    let (day, instant) = (
        json!({"type": "string", "format": "date"}),
        json!({"type": "string", "format": "date-time"}),
    );
    let (null, text) = (json!({"type": "null"}), json!({"type": "string"}));
    let one_of = |values: &[&Value]| json!({ "enum": values });
    let (x, y) = (json!("x"), json!("y"));
    let any_of = |members: &[&Value]| json!({ "anyOf": members });
    let record = |fields: Value| json!({"type": "object", "properties": fields});
    let limits = "int -2147483648..2147483647";
    let with_required = json!({
        "type": "object", "required": ["at", "state"],
        "properties": {"at": instant, "state": one_of(&[&x, &y]), "no": {"type": "integer", "maximum": 9}}
    });
    for (written, expected) in [
        (any_of(&[&instant, &null]), ".a date-time".to_owned()),
        (json!({"oneOf": [&null, &day]}), ".a date".to_owned()),
        (
            any_of(&[&instant, &json!(false)]),
            ".a! date-time".to_owned(),
        ),
        (
            any_of(&[&one_of(&[&x, &y]), &json!({"const": null})]),
            ".a string x|y".to_owned(),
        ),
        (
            any_of(&[&with_required, &null]),
            ".a.at! date-time .a.no int -2147483648..9 .a.state! string x|y".to_owned(),
        ),
        (
            json!({"items": any_of(&[&day, &null])}),
            ".a![] date".to_owned(),
        ),
        (
            any_of(&[&instant, &instant, &null]),
            ".a date-time".to_owned(),
        ),
        (any_of(&[&instant, &day]), ".a! string".to_owned()),
        (any_of(&[&instant, &text]), ".a! string".to_owned()),
        (
            any_of(&[&instant, &json!({"minLength": 1})]),
            ".a! string".to_owned(),
        ),
        (
            any_of(&[&one_of(&[&x]), &json!({"const": "y"})]),
            ".a! string x|y".to_owned(),
        ),
        (any_of(&[&one_of(&[&x]), &text]), ".a! string".to_owned()),
        (
            any_of(&[&one_of(&[&x]), &json!({"not": one_of(&[&y])})]),
            ".a any".to_owned(),
        ),
        (
            any_of(&[
                &record(json!({"at": instant, "kind": {"const": "x"}, "own": {"const": "x"}})),
                &record(json!({"at": instant, "kind": {"const": "y"}, "n": {"type": "integer"}})),
            ]),
            format!(".a!.at date-time .a!.kind string x|y .a!.n {limits} .a!.own string"),
        ),
        (
            any_of(&[
                &record(json!({"n": {"type": "integer"}})),
                &record(json!({"n": {}})),
            ]),
            ".a!.n any".to_owned(),
        ),
        (
            any_of(&[&json!({"items": day}), &json!({"items": day})]),
            ".a![] date".to_owned(),
        ),
        (
            any_of(&[&json!({"items": day}), &json!({"type": "array"})]),
            ".a![] string".to_owned(),
        ),
    ] {
        assert_eq!(of(&written), expected, "{written}");
    }
}

#[test]
fn null_and_instants_are_judged_as_they_are_read() {
    let text = json!({"type": ["string", "null"]});
    let (registry, _) = import_all(&[json!({"$id": "s", "required": ["n", "e"], "properties": {
        "n": text, "e": {"enum": ["x", null]}, "list": {"items": text}, "map": {"additionalProperties": text},
        "x": {"type": "string"}, "at": {"type": "string", "format": "date-time"}
    }})]);
    let schema = registry.schema("s").expect("schema");
    let judge = |more: Value| {
        let mut value = json!({"n": null, "e": null});
        if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
            value.extend(more);
        }
        let errors = validate(&registry, schema, &value, Form::Final, true);
        let errors = errors
            .iter()
            .map(|e| format!("{} {}", e.path, e.code.slug()));
        errors.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        validate(&registry, schema, &json!({}), Form::Final, true).len(),
        2
    );
    for (more, errors) in [
        (json!({}), ""),
        (json!({"list": [null, "x"], "map": {"k": null}}), ""),
        (json!({"x": null}), "/x type"),
        (json!({"at": "2016-12-31T23:59:60Z"}), ""),
        (json!({"at": "2016-12-31T23:59:60+01:00"}), "/at format"),
        (json!({"at": "2024-02-29T00:00:00.1234567890+23:59"}), ""),
        (json!({"at": "2024-02-29T00:00Z"}), ""),
        (json!({"at": "2024-02-29T00:00:00"}), "/at format"),
    ] {
        assert_eq!(judge(more.clone()), errors, "{more}");
    }
}

#[test]
fn alternatives_join_and_what_may_be_null_need_not_be_there() {
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
            json!({"patternProperties": {"^n": {"type": "integer"}, "^s": {}}}),
            ".a!{} any",
        ),
        (
            json!({"patternProperties": {"^n": {"type": "integer"}, "^s": true}}),
            ".a!{} any",
        ),
        (
            json!({"patternProperties": {"^n": {"type": "integer"}, "^s": false}}),
            &format!(".a!{{}} {limits}"),
        ),
        (
            json!({"patternProperties": {"^n": whole}, "additionalProperties": {"title": "anything"}}),
            ".a!{} any",
        ),
        (list(&json!([whole, whole])), &format!(".a![] {limits}")),
        (list(&json!([whole, {"title": "anything"}])), ".a![] any"),
        (list(&json!([whole, true])), ".a![] any"),
        (
            both("anyOf", &whole, &json!({"allOf": [{}, {"title": "x"}]})),
            ".a any",
        ),
        (both("anyOf", &whole, &json!({"not": number})), ".a any"),
        (
            both("anyOf", &whole, &json!({"$ref": "#/definitions/anything"})),
            ".a any",
        ),
        (
            json!({"items": [whole], "additionalItems": number}),
            ".a![] number",
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
        assert_eq!(of(&written), expected, "{written}");
    }
}
