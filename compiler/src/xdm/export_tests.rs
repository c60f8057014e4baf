//! What schema registries write: names that are final, and descriptors beside schemas and inside them.

use super::tests::{import_all, tree};
use super::*;
use serde_json::{Value, json};

/// The identities and the deprecated fields of a schema, as paths.
fn described(registry: &Registry, id: &str, fields: &[&str]) -> (Vec<String>, Vec<String>) {
    let schema = registry.schema(id).expect("the schema");
    let identities = registry.identities(schema).iter();
    let is_deprecated = |path: &&&str| {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let path = if path == [""] { Vec::new() } else { path };
        registry
            .note(schema, &path)
            .is_some_and(|note| note.deprecated)
    };
    (
        identities.map(|identity| identity.path.join(".")).collect(),
        fields
            .iter()
            .filter(is_deprecated)
            .map(|f| (*f).to_owned())
            .collect(),
    )
}

fn identity(more: Value) -> Value {
    let mut identity = json!({"@type": "xdm:descriptorIdentity", "xdm:sourceVersion": 1, "xdm:namespace": "Email", "xdm:property": "xdm:code"});
    if let (Value::Object(identity), Value::Object(more)) = (&mut identity, more) {
        identity.extend(more);
    }
    identity
}

#[test]
fn names_of_an_export_are_final_and_those_of_what_it_refers_to_are_not() {
    let (registry, problems) = import_all(&[
        json!({"$id": "e", "meta:altId": "_t.e", "type": "object", "required": ["utm:source"],
        "allOf": [{"$ref": "raw"}],
        "properties": {
            "utm:source": {"type": "string"}, "@kind": {"type": "boolean"}, "y": {"type": "number"},
            "https://h/a/b": {"type": "object", "properties": {"https://h/a/c": {"type": "boolean"}}}
        }}),
        json!({"$id": "raw", "properties": {"utm:source": {"type": "boolean"}, "xdm:day": {"type": "string", "format": "date"}}}),
        json!({"@type": "xdm:descriptorDeprecated", "xdm:sourceSchema": "e", "xdm:sourceProperty": ["/utm:source", "/day"]}),
    ]);
    assert_eq!(problems, vec![]);
    assert_eq!(
        tree(&registry, "e"),
        [
            ".@kind boolean",
            "._utm.source boolean",
            ".day date",
            ".https://h/a/b.https://h/a/c boolean",
            ".utm:source! string",
            ".y number",
        ]
    );
    let fields = ["", "utm:source", "_utm", "day", "y"];
    let (_, deprecated) = described(&registry, "e", &fields);
    assert_eq!(deprecated, ["utm:source", "day"]);
    let schema = registry.schema("e").expect("the schema");
    let value = json!({"utm:source": "x", "y": 1, "day": "2026-05-01"});
    assert_eq!(
        validate(&registry, schema, &value, Form::Final, true),
        vec![]
    );
}

#[test]
fn a_descriptor_may_be_of_several_fields_and_stand_inside_a_schema() {
    let text = json!({"type": "string"});
    let deprecated = json!({"@type": "xdm:descriptorDeprecated"});
    let (registry, problems) = import_all(&[
        json!({"$id": "s", "type": "object",
            "meta:descriptors": [identity(json!({"xdm:sourceProperty": "/mail"}))],
            "definitions": {"own": {"properties": {
                "xdm:mail": text, "xdm:phone": {"type": "string", "meta:descriptors": [identity(json!({})), deprecated]},
                "xdm:list": {"type": "array", "items": {"type": "object", "properties": {"xdm:id": text, "a/b": {"meta:descriptors": [deprecated]}}}}
            }}},
            "allOf": [{"$ref": "#/definitions/own"}]
        }),
        json!({"title": "Keys", "meta:descriptors": [
            {"@type": "xdm:descriptorIdentity", "xdm:sourceSchema": "s", "xdm:sourceProperty": "xdm:list[*].xdm:id", "xdm:namespace": "Id"},
            {"@type": "xdm:primaryKey", "xdm:sourceSchema": "s", "xdm:sourceProperty": "@gone"}
        ]}),
        json!({"@type": "xdm:descriptorDeprecated", "xdm:sourceSchema": "s", "xdm:sourceProperty": ["/mail", "/gone", "/list"]}),
    ]);
    let told: Vec<_> = problems
        .iter()
        .map(|p| (p.code, p.message.as_str()))
        .collect();
    let passed_over = |what| (ProblemCode::UnresolvedDescriptor, what);
    assert_eq!(
        told,
        [
            passed_over("this xdm:primaryKey is passed over: schema \"s\" has no field \"@gone\""),
            passed_over(
                "this xdm:descriptorDeprecated is passed over: schema \"s\" has no field \"/gone\""
            ),
        ]
    );
    let fields = ["", "mail", "phone", "list", "list.id", "list.a/b"];
    assert_eq!(
        described(&registry, "s", &fields),
        (
            ["list.id", "mail", "phone"].map(str::to_owned).into(),
            ["mail", "phone", "list", "list.a/b"]
                .map(str::to_owned)
                .into()
        )
    );
}
