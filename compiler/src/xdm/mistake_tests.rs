//! Small schemas, one mistake each: told at its place, and taken as what was meant.

use super::tests::tree;
use super::*;

/// The one file's problems: code, and the text at its place.
fn told(text: &str) -> Vec<(ProblemCode, String)> {
    let file = SourceFile {
        path: "a.json".into(),
        text: text.into(),
    };
    let (_, problems) = import(&[file]);
    let told = |p: &Problem| {
        let (start, end) = p.at.unwrap_or_default();
        (p.code, text[start as usize..end as usize].to_owned())
    };
    problems.iter().map(told).collect()
}

#[test]
fn what_is_json_and_no_schema_that_anybody_meant_is_told_at_its_place() {
    use ProblemCode::{ConflictingTypes, DuplicateKey, RefRing, UndeclaredRequired, UnknownType};
    let schema = |inside: &str| format!("{{\"$id\": \"s\", \"type\": \"object\", {inside}}}");
    let cases = [
        (
            r#""properties": {"a": {"type": "int"}}"#,
            vec![(UnknownType, "\"int\"")],
        ),
        (
            r#""properties": {"a": {"type": ["string", "nil"]}}"#,
            vec![(UnknownType, "\"nil\"")],
        ),
        (
            r#""properties": {"a": {"type": ["string", "null"]}}"#,
            vec![],
        ),
        (
            r#""properties": {"type": {"type": "string", "default": {"type": "int"}}}"#,
            vec![],
        ),
        (
            r#""properties": {"a": {"type": "array", "items": {"type": "float"}}}"#,
            vec![(UnknownType, "\"float\"")],
        ),
        (
            r#""properties": {"a": {}}, "required": ["a", "b"]"#,
            vec![(UndeclaredRequired, "\"b\"")],
        ),
        (r#""properties": {"a": true}, "required": ["a"]"#, vec![]),
        (
            r#""allOf": [{"required": ["a"]}, {"properties": {"a": {}}}]"#,
            vec![],
        ),
        (
            r#""anyOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"c": {}}"#,
            vec![],
        ),
        (
            r#""additionalProperties": {"type": "string"}, "required": ["a"]"#,
            vec![],
        ),
        (
            r#""properties": {"@id": {}, "xdm:x": {}}, "required": ["@id", "xdm:x"]"#,
            vec![],
        ),
        (
            r##""properties": {"a": {"$ref": "#/definitions/nowhere"}}, "required": ["b"]"##,
            vec![(ProblemCode::UnresolvedRef, "\"#/definitions/nowhere\"")],
        ),
        (
            r##""properties": {"a": {"$ref": "#/properties/a"}}"##,
            vec![(RefRing, "\"#/properties/a\"")],
        ),
        (
            r##""properties": {"a": {"$ref": "#/definitions/b"}}, "definitions": {"b": {"allOf": [{"$ref": "#/definitions/c"}]}, "c": {"$ref": "#/definitions/b"}}"##,
            vec![(RefRing, "\"#/definitions/b\"")],
        ),
        (
            r##""properties": {"a": {"type": "array", "items": {"$ref": "#"}}, "b": {"$ref": "#"}}"##,
            vec![],
        ),
        (
            r#""properties": {"a": {}, "a": {}}"#,
            vec![(DuplicateKey, "\"a\"")],
        ),
        (
            r#""allOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"type": "string"}}}], "required": ["b"]"#,
            vec![
                (ConflictingTypes, "\"string\""),
                (UndeclaredRequired, "\"b\""),
            ],
        ),
        (
            r#""properties": {"a": {"type": "string"}, "xdm:a": {"items": {}}}"#,
            vec![(ConflictingTypes, r#"{"items": {}}"#)],
        ),
        (
            r#""properties": {"a": {"type": "array", "items": {"type": "boolean", "allOf": [{"type": "object"}]}}}"#,
            vec![(ConflictingTypes, "\"object\"")],
        ),
        (
            r#""properties": {"a": {"allOf": [{"type": "integer"}, {"type": "number"}]}, "b": {"anyOf": [{"type": "string"}, {"type": "boolean"}]}}"#,
            vec![],
        ),
        (
            r#""title": "x", "titl\u0065": "y""#,
            vec![(DuplicateKey, r#""titl\u0065""#)],
        ),
    ];
    for (inside, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|(c, t)| (*c, t.to_string())).collect();
        assert_eq!(told(&schema(inside)), expected, "{inside}");
        let among = format!("[{{}}, {}]", schema(inside));
        assert_eq!(told(&among), expected, "{among}");
    }
}

#[test]
fn what_is_misspelt_counts_as_what_it_seems_to_mean() {
    let text = r#"{
        "$id": "s", "type": "objct", "required": ["emial"],
        "properties": {"email": {"type": "int"}, "other": {"type": "zebra"}}
    }"#;
    let file = SourceFile {
        path: "a.json".into(),
        text: text.into(),
    };
    let (registry, _) = import(&[file]);
    let meant = [".email! int", ".other any"];
    let found = tree(&registry, "s");
    let starts = found
        .iter()
        .zip(meant)
        .all(|(line, start)| line.starts_with(start));
    assert!(starts && found.len() == 2, "{found:?}");
}

#[test]
fn what_is_imported_as_it_stands_has_not_failed() {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let doubtful =
        r#"{"$id": "s", "type": "object", "properties": {"a": {}, "a": {}}, "required": ["zzz"]}"#;
    let files = [file("a.json", doubtful), file("b.json", "{")];
    let (registry, problems) = import(&files);
    let report = SchemaReport::of(&registry, &problems);
    let failed: Vec<_> = report.failed.iter().map(|f| f.file.as_str()).collect();
    assert_eq!((report.imported, failed), (1, vec!["b.json"]));
}
