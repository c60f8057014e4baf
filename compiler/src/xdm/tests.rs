//! Small schemas, one oddity each.

use super::*;
use serde_json::{Value, json};
use std::sync::Arc;

fn file(path: &str, value: &Value) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: Arc::from(value.to_string()),
    }
}

pub(super) fn import_all(values: &[Value]) -> (Registry, Vec<Problem>) {
    let files: Vec<SourceFile> = values
        .iter()
        .enumerate()
        .map(|(at, value)| file(&format!("{at:02}.json"), value))
        .collect();
    import(&files)
}

/// The tree of a schema as sorted lines: path (`!` required, `[]` list, `{}` map) and type.
pub(super) fn tree(registry: &Registry, id: &str) -> Vec<String> {
    let Some(schema) = registry.schema(id) else {
        return vec![format!("no schema {id}")];
    };
    let mut lines = Vec::new();
    walk(
        registry,
        registry.root(schema),
        String::new(),
        &mut Vec::new(),
        &mut lines,
    );
    lines.sort();
    lines
}

fn walk(
    registry: &Registry,
    ty: TypeId,
    path: String,
    open: &mut Vec<TypeId>,
    lines: &mut Vec<String>,
) {
    if open.contains(&ty) {
        lines.push(format!("{path} …"));
        return;
    }
    open.push(ty);
    match registry.ty(ty) {
        XdmType::Object(object) => {
            for field in &object.fields {
                let mark = if field.required { "!" } else { "" };
                walk(
                    registry,
                    field.ty,
                    format!("{path}.{}{mark}", field.name),
                    open,
                    lines,
                );
            }
        }
        XdmType::Map { value } => walk(registry, *value, format!("{path}{{}}"), open, lines),
        XdmType::Array(array) => walk(registry, array.item, format!("{path}[]"), open, lines),
        XdmType::String(string) => {
            let values: Vec<&str> = string
                .enum_values
                .iter()
                .flatten()
                .map(|value| value.value.as_str())
                .collect();
            lines.push(
                format!("{path} string {}", values.join("|"))
                    .trim_end()
                    .to_owned(),
            );
        }
        XdmType::Integer(integer) => {
            let (least, most) = integer.range();
            lines.push(format!("{path} {} {least}..{most}", integer.width.name()));
        }
        other => lines.push(format!("{path} {other}")),
    }
    open.pop();
}

fn codes(problems: &[Problem]) -> Vec<ProblemCode> {
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn fields_come_through_definitions_references_and_members() {
    let (registry, problems) = import_all(&[
        json!({
            "$id": "https://x/base", "title": "Base", "type": "object",
            "definitions": {"base": {"properties": {
                "@id": {"type": "string"},
                "xdm:when": {"type": "string", "format": "date-time"},
                "xdm:day": {"type": "string", "format": "date"}}, "required": ["@id"]}},
            "allOf": [{"$ref": "https://ns.adobe.com/xdm/common/extensible#/definitions/@context"}, {"$ref": "#/definitions/base"}]
        }),
        json!({
            "$id": "https://x/derived/", "type": "object",
            "definitions": {"own": {"properties": {"xdm:base": {"$ref": "https://x/base", "title": "Beside", "required": ["xdm:day"]}}}},
            "required": ["xdm:when"],
            "allOf": [{"$ref": "https://x/base"}, {"$ref": "#/definitions/own"}]
        }),
    ]);
    assert_eq!(problems, vec![]);
    assert_eq!(
        tree(&registry, "https://x/derived/"),
        [
            "._id! string",
            ".base._id! string",
            ".base.day! date",
            ".base.when date-time",
            ".day date",
            ".when! date-time",
        ]
    );
    let schema = registry.schema("https://x/derived/").expect("exact id");
    assert_eq!(
        registry.schema("https://x/derived"),
        None,
        "ids are never normalised"
    );
    let base = registry.field_at(schema, &["base"]).expect("field");
    assert_eq!(
        base.title.as_deref(),
        Some("Beside"),
        "keywords beside $ref apply"
    );
}

#[test]
fn names_merge_after_renaming() {
    let (registry, problems) = import_all(&[json!({
        "$id": "s", "type": "object", "properties": {
            "repo:createDate": {"type": "string", "format": "date-time"},
            "_repo": {"type": "object", "properties": {"path": {"type": "string"}}},
            "https://ns.adobe.com/experience/j/stepEvents": {"type": "object", "properties": {
                "https://ns.adobe.com/experience/j/nodeID": {"type": "string"},
                "https://ns.adobe.com/experience/k/other": {"type": "boolean"}}},
            "air:body": {"type": "object", "properties": {"air:id": {"type": "string"}}},
            "xdm:same": {"type": "string", "enum": ["a", "b"]},
            "same": {"title": "Merged"}
        },
        "required": ["repo:createDate"]
    })]);
    assert_eq!(problems, vec![]);
    assert_eq!(
        tree(&registry, "s"),
        [
            "._air.body._air.id string",
            "._experience.j.stepEvents._experience.k.other boolean",
            "._experience.j.stepEvents.nodeID string",
            "._repo!.createDate! date-time",
            "._repo!.path string",
            ".same string a|b",
        ]
    );
}

#[test]
fn maps_need_no_mark_and_rings_close() {
    let (registry, problems) = import_all(&[json!({
        "$id": "s", "type": "object",
        "definitions": {"node": {"type": "object", "properties": {"left": {"$ref": "#/definitions/node"}, "value": {"type": "integer"}}}},
        "properties": {
            "marked": {"type": "object", "meta:xdmType": "map", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
            "unmarked": {"type": "object", "additionalProperties": {"type": "number"}},
            "patterned": {"type": "object", "patternProperties": {"^a": {"type": "boolean"}}},
            "both": {"type": "object", "properties": {"known": {"type": "string"}}, "additionalProperties": {"type": "string"}},
            "node": {"$ref": "#/definitions/node"}
        }
    })]);
    assert_eq!(problems, vec![]);
    assert_eq!(
        tree(&registry, "s"),
        [
            ".both.known string",
            ".marked{}[] string",
            ".node.left …",
            ".node.value int -2147483648..2147483647",
            ".patterned{} boolean",
            ".unmarked{} number",
        ]
    );
    let report = SchemaReport::of(&registry, &problems);
    assert_eq!(
        (report.leaves, report.max_depth, report.recursive),
        (6, 2, vec!["s".to_owned()])
    );
}

#[test]
fn integers_take_the_smallest_width_that_holds_both_bounds() {
    let cases: &[(Value, &str)] = &[
        (json!({}), "int -2147483648..2147483647"),
        (json!({"minimum": -128, "maximum": 128}), "byte -128..128"),
        (json!({"minimum": -128, "maximum": 129}), "short -128..129"),
        (json!({"minimum": 1, "maximum": 32768}), "short 1..32768"),
        (
            json!({"minimum": 0, "maximum": 2_147_483_648_i64}),
            "int 0..2147483648",
        ),
        (
            json!({"minimum": 0, "maximum": 9_007_199_254_740_992_i64}),
            "long 0..9007199254740992",
        ),
        (json!({"minimum": 0}), "int 0..2147483647"),
        (
            json!({"minimum": 0, "maximum": 1, "meta:xdmType": "long"}),
            "long 0..1",
        ),
        (
            json!({"exclusiveMinimum": 0, "maximum": 1e30}),
            "long 1..9223372036854775807",
        ),
        (json!({"exclusiveMaximum": 1.5}), "int -2147483648..1"),
        (
            json!({"exclusiveMinimum": -129.5, "maximum": 100}),
            "short -129..100",
        ),
    ];
    for (keywords, expected) in cases {
        let mut field = json!({"type": "integer"});
        if let (Some(field), Some(keywords)) = (field.as_object_mut(), keywords.as_object()) {
            field.extend(keywords.clone());
        }
        let (registry, _) =
            import_all(&[json!({"$id": "s", "type": "object", "properties": {"n": field}})]);
        assert_eq!(
            tree(&registry, "s"),
            [format!(".n {expected}")],
            "{keywords}"
        );
    }
}

#[test]
fn suggestions_do_not_close_an_enum_and_alternatives_do_not_narrow() {
    let (registry, _) = import_all(&[json!({"$id": "s", "type": "object", "properties": {
        "open": {"type": "string", "meta:enum": {"a": "An A"}},
        "closed": {"type": "string", "enum": ["a"], "meta:enum": {"a": "An A"}},
        "either": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"x": {"type": "string"}}}]},
        "same": {"oneOf": [{"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]},
                           {"type": "object", "properties": {"y": {"type": "boolean"}}}]}
    }})]);
    assert_eq!(
        tree(&registry, "s"),
        [
            ".closed string a",
            ".either any",
            ".open string",
            ".same.x string",
            ".same.y boolean"
        ]
    );
    let schema = registry.schema("s").expect("schema");
    let open = registry.field_at(schema, &["open"]).expect("field");
    let XdmType::String(string) = registry.ty(open.ty) else {
        panic!("a string")
    };
    assert_eq!(
        string.suggested,
        [EnumValue {
            value: "a".to_owned(),
            title: Some("An A".to_owned())
        }]
    );
}

#[test]
fn lists_results_and_descriptors_are_taken_apart() {
    let schema = json!({"$id": "s", "meta:altId": "_t.schemas.s", "type": "object", "properties": {
        "personalEmail": {"type": "object", "properties": {"address": {"type": "string"}}},
        "_t": {"type": "object", "properties": {"crmId": {"type": "string"}}}}});
    let identity = json!({"@type": "xdm:descriptorIdentity", "xdm:sourceSchema": "s", "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/_t/crmId", "xdm:namespace": "crmId", "xdm:property": "xdm:code", "xdm:isPrimary": true});
    let display = json!({"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": "s", "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/personalEmail/address", "xdm:title": {"en_us": "Mail"}});
    let lost = json!({"@type": "xdm:descriptorIdentity", "xdm:sourceSchema": "s", "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/nowhere", "xdm:namespace": "x", "xdm:property": "xdm:code"});
    let (registry, problems) = import_all(&[
        json!([schema, {"$id": "t", "type": "object"}]),
        json!({"results": [identity, display], "_page": {"count": 2}}),
        json!({"xdm:descriptorIdentity": [lost]}),
    ]);
    assert_eq!(codes(&problems), [ProblemCode::UnresolvedDescriptor]);
    let s = registry.schema("s").expect("schema");
    assert!(registry.is_export(s) && registry.schema("t").is_some());
    let [identity] = registry.identities(s) else {
        panic!("one identity")
    };
    assert_eq!(
        (
            identity.path.join("."),
            identity.namespace.as_str(),
            identity.primary,
            identity.by_code
        ),
        ("_t.crmId".to_owned(), "crmId", true, true)
    );
    let note = registry
        .note(s, &["personalEmail".to_owned(), "address".to_owned()])
        .expect("note");
    assert_eq!(note.title.as_deref(), Some("Mail"));
}

#[test]
fn what_is_broken_is_named_and_the_rest_imports() {
    let good = file(
        "b.json",
        &json!({"$id": "s", "type": "object", "properties": {"a": {"$ref": "gone#/definitions/x"}, "b": {"type": "string"}}}),
    );
    let other = file(
        "c.json",
        &json!({"$id": "s", "type": "object", "properties": {"c": {"type": "string"}}}),
    );
    let twin = file("d.json", &json!({"$id": "t", "type": "object"}));
    let twin_again = file("e.json", &json!({"$id": "t", "type": "object"}));
    let broken = SourceFile {
        path: "f.json".to_owned(),
        text: Arc::from("{\"$id\": "),
    };
    let deep = SourceFile {
        path: "g.json".to_owned(),
        text: Arc::from("[".repeat(100_000)),
    };
    let no_id = file("h.json", &json!({"$schema": "x", "type": "object"}));
    let data = file("i.json", &json!({"hello": 1}));
    let mut files = vec![good, other, twin, twin_again, broken, deep, no_id, data];
    let (registry, problems) = import(&files);
    assert_eq!(
        problems
            .iter()
            .map(|p| (p.file.as_str(), p.code))
            .collect::<Vec<_>>(),
        [
            ("b.json", ProblemCode::UnresolvedRef),
            ("c.json", ProblemCode::DuplicateId),
            ("f.json", ProblemCode::InvalidJson),
            ("g.json", ProblemCode::InvalidJson),
            ("h.json", ProblemCode::MissingId),
            ("i.json", ProblemCode::NotASchema),
        ]
    );
    assert_eq!(problems[1].related, ["b.json"]);
    assert_eq!(tree(&registry, "s"), [".a any", ".b string"]);
    files.reverse();
    let (again, problems_again) = import(&files);
    assert_eq!(
        (tree(&again, "s"), problems_again),
        (tree(&registry, "s"), problems.clone()),
        "the order of files does not matter"
    );
    let report = SchemaReport::of(&registry, &problems);
    assert_eq!(
        (report.files, report.imported, report.failed.len()),
        (7, 2, 5)
    );
}

#[test]
fn what_describes_fields_and_has_no_id_is_a_schema_that_nothing_can_refer_to() {
    let fields = json!({"guest": {"type": "string"}});
    for (value, expected) in [
        (
            json!({"title": "Booking", "type": "object", "properties": fields}),
            ProblemCode::MissingId,
        ),
        (
            json!({"$id": 5, "type": "object", "properties": fields}),
            ProblemCode::MissingId,
        ),
        (json!({"allOf": [{"$ref": "s"}]}), ProblemCode::MissingId),
        (json!({"$schema": "x"}), ProblemCode::MissingId),
        (
            json!({"type": "Feature", "properties": {"a": {}}}),
            ProblemCode::NotASchema,
        ),
        (json!({"properties": {"a": 1}}), ProblemCode::NotASchema),
        (json!({"type": "object", "id": 1}), ProblemCode::NotASchema),
    ] {
        let (_, problems) = import_all(std::slice::from_ref(&value));
        assert_eq!(codes(&problems), [expected], "{value}");
    }
}

#[test]
fn rings_of_references_and_hostile_names_end() {
    let (_, problems) = import_all(&[json!({
        "$id": "s", "allOf": [{"$ref": "#"}, {"$ref": "#/allOf/0"}],
        "properties": {(format!("https://{}", "a/".repeat(50_000))): {"$ref": "#"}, "": {"type": "string"}, ":": {"type": "string"}}
    })]);
    assert_eq!(codes(&problems), [ProblemCode::RefRing]);
}

#[test]
fn parts_in_another_order_are_one_type() {
    const MANY: usize = 8;
    let to = |at: usize| json!({"$ref": format!("#/definitions/r{at}")});
    let definition = |at: usize| {
        let both =
            (0..MANY).map(|other| (format!("x{other}"), json!({"allOf": [to(at), to(other)]})));
        let properties: serde_json::Map<String, Value> = both.collect();
        (format!("r{at}"), json!({"properties": properties}))
    };
    let definitions: serde_json::Map<String, Value> = (0..MANY).map(definition).collect();
    let (registry, problems) = import_all(&[
        json!({"$id": "s", "properties": {"deep": to(0)}, "definitions": definitions}),
    ]);
    assert_eq!(codes(&problems), []);
    // One for each set of definitions, not for each order of them.
    let bound = (1 << MANY) + 10;
    assert!(registry.type_count() < bound, "{}", registry.type_count());
}

#[test]
fn data_is_judged_open_or_closed() {
    let (registry, _) = import_all(&[
        json!({"$id": "s", "type": "object", "required": ["id"], "properties": {
            "id": {"type": "string", "minLength": 2}, "n": {"type": "integer", "minimum": 0, "maximum": 9}, "at": {"type": "string", "format": "date-time"},
            "tags": {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}, "maxItems": 2}
        }}),
    ]);
    let schema = registry.schema("s").expect("schema");
    let judge = |value: Value, closed| -> Vec<String> {
        validate(&registry, schema, &value, Form::Final, closed)
            .into_iter()
            .map(|e| format!("{} {}", e.path, e.code.slug()))
            .collect()
    };
    assert_eq!(
        judge(
            json!({"id": "ab", "n": 9.0, "at": "2026-02-28T10:00:00.5+01:00", "tags": ["x"], "more": 1}),
            false
        ),
        Vec::<String>::new()
    );
    assert_eq!(
        judge(json!({"id": "ab", "more": 1}), true),
        ["/more undeclared"]
    );
    assert_eq!(
        judge(
            json!({"id": "a", "n": 10, "at": "2026-02-29T10:00:00Z", "tags": ["z", 1, "y"]}),
            false
        ),
        [
            "/id too-short",
            "/n maximum",
            "/at format",
            "/tags too-long",
            "/tags/0 enum",
            "/tags/1 type"
        ]
    );
    assert_eq!(judge(json!([]), false), [" type"]);
    assert_eq!(
        judge(json!({"n": -1}), false),
        ["/id required", "/n minimum"]
    );
}

#[test]
fn raw_data_is_judged_under_raw_names() {
    let (registry, _) = import_all(&[json!({"$id": "s", "type": "object",
        "allOf": [{"$ref": "https://ns.adobe.com/xdm/common/extensible#/definitions/@context"}],
        "required": ["@id"], "properties": {"@id": {"type": "string"}, "repo:size": {"type": "integer"}}})]);
    let schema = registry.schema("s").expect("schema");
    let judge = |value: Value| -> Vec<String> {
        validate(&registry, schema, &value, Form::Raw, false)
            .into_iter()
            .map(|e| format!("{} {}", e.path, e.code.slug()))
            .collect()
    };
    assert_eq!(
        judge(json!({"@id": "a", "repo:size": 1, "xdm:more": true})),
        Vec::<String>::new()
    );
    assert_eq!(
        judge(json!({"xdm:_id": "a", "size": 1})),
        ["/size key-name", "/_id required"]
    );
    assert_eq!(
        judge(json!({"@id": "a", "repo:size": "1"})),
        ["/_repo/size type"]
    );
}
