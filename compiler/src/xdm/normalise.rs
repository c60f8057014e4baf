//! Data in raw names (`xdm:person`) to data in final names, guided by its type.
//!
//! In: a JSON value as the public repository's examples write it. Out: the same with final names, and the keys that the name guard refuses.
//! Never true here: a value judged (that is `validate`).

use super::names;
use super::registry::Registry;
use super::types::{Field, ObjectType, TypeId, XdmType};
use serde_json::{Map, Value};

/// Prefixes that `common/extensible` lets raw key names have; anything with `@` or a URI is allowed too.
const PREFIXES: [&str; 35] = [
    "xdm",
    "core",
    "meta",
    "xmpMM",
    "xmpDM",
    "xmpRights",
    "xmpTPg",
    "xmp",
    "stDim",
    "dc",
    "skos",
    "rdf",
    "rdfs",
    "owl",
    "xsd",
    "xml",
    "photoshop",
    "tiff",
    "plus",
    "cc",
    "stEvt",
    "stFnt",
    "stLayerGroup",
    "stArtboard",
    "exif",
    "activitystreams",
    "schema",
    "repo",
    "iptc4xmpExt",
    "dsp",
    "searchads",
    "adcloud",
    "id3",
    "dataDotCom",
    "marketo",
];

/// Deepest nesting judged; a JSON parser's own limit is lower.
pub(super) const MAX_DEPTH: usize = 192;

/// A value in final names and the paths of keys no guard allows.
pub(super) struct Normal {
    pub value: Value,
    pub refused: Vec<String>,
}

/// Renames the keys of a value. Values nested deeper than a JSON parser allows are left as they are.
pub(super) fn normalise(registry: &Registry, ty: TypeId, value: &Value) -> Normal {
    let mut refused = Vec::new();
    let value = walk(registry, ty, value, "", 0, &mut refused);
    Normal { value, refused }
}

fn walk(
    registry: &Registry,
    ty: TypeId,
    value: &Value,
    path: &str,
    depth: usize,
    refused: &mut Vec<String>,
) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    match (registry.ty(ty), value) {
        (XdmType::Object(object), Value::Object(map)) => {
            let mut out = Map::new();
            for (key, inner) in map {
                let at = format!("{path}/{key}");
                if object.guarded && !guard_allows(key, map) {
                    refused.push(at.clone());
                }
                match raw_field(registry, object, key) {
                    Some((names, field)) => put(
                        &mut out,
                        &names,
                        walk(registry, field.ty, inner, &at, depth + 1, refused),
                    ),
                    // Kept under its raw name, which no field has: an undeclared field.
                    None => {
                        out.insert(format!("{key} (raw)"), inner.clone());
                    }
                }
            }
            Value::Object(out)
        }
        (XdmType::Map { value: ty }, Value::Object(map)) => Value::Object(
            map.iter()
                .map(|(key, inner)| {
                    (
                        key.clone(),
                        walk(
                            registry,
                            *ty,
                            inner,
                            &format!("{path}/{key}"),
                            depth + 1,
                            refused,
                        ),
                    )
                })
                .collect(),
        ),
        (XdmType::Array(array), Value::Array(list)) => Value::Array(
            list.iter()
                .enumerate()
                .map(|(at, inner)| {
                    walk(
                        registry,
                        array.item,
                        inner,
                        &format!("{path}/{at}"),
                        depth + 1,
                        refused,
                    )
                })
                .collect(),
        ),
        _ => value.clone(),
    }
}

/// The field a raw key names, if the schema writes it so.
fn raw_field<'a>(
    registry: &'a Registry,
    object: &'a ObjectType,
    key: &str,
) -> Option<(Vec<String>, &'a Field)> {
    let paths = object
        .namespaces
        .iter()
        .map(|namespace| names::rename(key, Some(namespace)))
        .chain([names::rename(key, None), vec![key.to_owned()]]);
    for path in paths {
        let mut at = Some(object);
        let mut found = None;
        for name in &path {
            found = at.and_then(|object| object.field(name));
            at = found.and_then(|field| registry.object(field.ty));
        }
        if let Some(field) = found.filter(|field| field.raw_names.iter().any(|raw| raw == key)) {
            return Some((path, field));
        }
    }
    None
}

/// Sets a value at a path of names, making the objects between.
fn put(out: &mut Map<String, Value>, names: &[String], value: Value) {
    let [name, inner @ ..] = names else { return };
    if inner.is_empty() {
        out.insert(name.clone(), value);
        return;
    }
    let slot = out
        .entry(name.clone())
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(map) = slot {
        put(map, inner, value);
    }
}

/// Whether the guard on raw key names allows a key; an object with its own `@context` may name things as it likes.
fn guard_allows(key: &str, map: &Map<String, Value>) -> bool {
    map.contains_key("@context")
        || key.contains('@')
        || key.contains("://")
        || key
            .split_once(':')
            .is_some_and(|(prefix, _)| PREFIXES.contains(&prefix) || prefix == "bizible")
}
