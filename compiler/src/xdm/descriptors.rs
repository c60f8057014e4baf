//! Descriptors, by themselves or inside schemas: which fields identify a person, which are deprecated, called otherwise, or point elsewhere.
//!
//! In: documents and resolved types to find the fields in. Out: [`Described`] per schema. Never true here: a changed type (types
//! are shared between schemas; a descriptor is about one).

use super::documents::Documents;
use super::names;
use super::problem::{Problem, ProblemCode};
use super::resolve::Resolved;
use super::types::{FieldNote, IdentityDescriptor, SchemaFile, TypeId, XdmType};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// What descriptors say of one schema.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub identities: Vec<IdentityDescriptor>,
    pub notes: BTreeMap<Vec<String>, FieldNote>,
}

/// Reads every descriptor; one of something that is not there is a problem and nothing else.
pub(super) fn read(
    documents: &Documents,
    resolved: &Resolved<'_>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<usize, Described> {
    let mut all: BTreeMap<usize, Described> = BTreeMap::new();
    let inside = embedded(documents);
    for (file, value) in documents.descriptors.iter().chain(&inside) {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let (kind, source) = (text("@type"), text("xdm:sourceSchema"));
        let mut pass_over = |what: String| {
            problems.push(Problem {
                file: documents.path(*file).to_owned(),
                code: ProblemCode::UnresolvedDescriptor,
                message: format!("this {kind} is passed over: {what}"),
                at: None,
                related: Vec::new(),
            });
        };
        let Some(schema) = documents.schema(source) else {
            pass_over(format!("no file has the schema \"{source}\""));
            continue;
        };
        for property in properties_of(value) {
            let Some(path) = path_of(resolved, schema, property) else {
                pass_over(format!("schema \"{source}\" has no field \"{property}\""));
                continue;
            };
            let described = all.entry(schema).or_default();
            match kind {
                "xdm:descriptorIdentity" | "xdm:descriptorReferenceIdentity" => {
                    described.identities.push(identity(kind, path, value))
                }
                _ => note(described.notes.entry(path).or_default(), kind, value),
            }
        }
    }
    for described in all.values_mut() {
        described.identities.sort_by(|a, b| {
            (!a.primary, &a.path, &a.namespace).cmp(&(!b.primary, &b.path, &b.namespace))
        });
        described.identities.dedup();
    }
    all
}

/// The properties that a descriptor is of: one, or each of a list; the schema itself where it names none.
fn properties_of(descriptor: &Value) -> Vec<&str> {
    match descriptor.get("xdm:sourceProperty") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(property)) => vec![property],
        _ => vec![""],
    }
}

/// The descriptors inside schemas (`meta:descriptors`), as ones outside: of that schema and of the property where they stand, where
/// they name no others. A schema's fields stand at its root, in members of its `allOf`, and in definitions of its own which those refer to.
fn embedded(documents: &Documents) -> Vec<(SchemaFile, Value)> {
    let mut found = Vec::new();
    for document in &documents.schemas {
        let mut seen = HashSet::new();
        let mut todo = vec![(&document.value, String::new())];
        while let Some((schema, path)) = todo.pop() {
            if !seen.insert(std::ptr::from_ref(schema)) {
                continue;
            }
            let list = |key: &str| schema.get(key).and_then(Value::as_array);
            for descriptor in list("meta:descriptors").into_iter().flatten() {
                let mut descriptor = descriptor.clone();
                if let Value::Object(keys) = &mut descriptor {
                    let mut assume = |key: &str, text: &str| {
                        keys.entry(key).or_insert_with(|| text.into());
                    };
                    assume("xdm:sourceSchema", &document.id);
                    assume("xdm:sourceProperty", &path);
                    found.push((document.file, descriptor));
                }
            }
            let members = list("allOf").into_iter().flatten();
            let members = members.chain(schema.get("items"));
            todo.extend(members.map(|member| (member, path.clone())));
            let properties = schema.get("properties").and_then(Value::as_object);
            todo.extend(properties.into_iter().flatten().map(|(name, value)| {
                let name = name.replace('~', "~0").replace('/', "~1");
                (value, format!("{path}/{name}"))
            }));
            let own = schema.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|reference| reference.strip_prefix('#'));
            if path.is_empty()
                && let Some(definition) = own.and_then(|own| document.value.pointer(own))
            {
                todo.push((definition, path));
            }
        }
    }
    found
}

fn identity(kind: &str, path: Vec<String>, value: &Value) -> IdentityDescriptor {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    IdentityDescriptor {
        path,
        namespace: text("xdm:namespace")
            .or_else(|| text("xdm:identityNamespace"))
            .unwrap_or_default(),
        by_code: text("xdm:property").as_deref() != Some("xdm:id"),
        primary: value
            .get("xdm:isPrimary")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        reference: kind == "xdm:descriptorReferenceIdentity",
    }
}

fn note(note: &mut FieldNote, kind: &str, value: &Value) {
    if let Some(title) = localized(value, "xdm:title") {
        note.title = Some(title);
    }
    if let Some(description) = localized(value, "xdm:description") {
        note.description = Some(description);
    }
    if let Some(destination) = value.get("xdm:destinationSchema").and_then(Value::as_str) {
        note.destination = Some(destination.to_owned());
    }
    note.deprecated |= kind == "xdm:descriptorDeprecated";
}

/// A text, or the English one of a table of languages, or its first.
fn localized(value: &Value, key: &str) -> Option<String> {
    let text = match value.get(key)? {
        Value::String(text) => text.as_str(),
        Value::Object(languages) => languages
            .get("en_us")
            .or_else(|| languages.values().next())?
            .as_str()?,
        _ => return None,
    };
    Some(text.to_owned())
}

/// The final path of a descriptor's `/a/b`, or `a.b`, if the schema has it. An empty property is the schema itself.
fn path_of(resolved: &Resolved<'_>, schema: usize, property: &str) -> Option<Vec<String>> {
    let by = |mark: char| path_by(mark, resolved, schema, property);
    let has_points = !property.starts_with('/');
    by('/').or_else(|| has_points.then(|| by('.'))?)
}

fn path_by(
    mark: char,
    resolved: &Resolved<'_>,
    schema: usize,
    property: &str,
) -> Option<Vec<String>> {
    let mut ty = *resolved.roots.get(schema)?;
    let mut path: Vec<String> = Vec::new();
    for word in property.split(mark).filter(|word| !word.is_empty()) {
        let word = word.replace("~1", "/").replace("~0", "~");
        let word = word.trim_end_matches("[*]");
        let mut at = type_at(resolved, ty);
        while let XdmType::Array(array) = at {
            at = type_at(resolved, array.item);
        }
        match at {
            XdmType::Object(object) => {
                let spaces = object.namespaces.iter();
                let renamed = spaces.map(|space| names::rename(word, Some(space)));
                let names = std::iter::once(vec![word.to_owned()])
                    .chain(renamed)
                    .chain([names::rename(word, None)]);
                let (names, found) = names
                    .filter_map(|names| descend(resolved, ty, &names).map(|found| (names, found)))
                    .next()?;
                path.extend(names);
                ty = found;
            }
            XdmType::Map { value } => {
                path.push(word.to_owned());
                ty = *value;
            }
            _ if matches!(word, "items" | "*") => {}
            _ => return None,
        }
    }
    Some(path)
}

/// The type at a path of fields below a type.
fn descend(resolved: &Resolved<'_>, from: TypeId, names: &[String]) -> Option<TypeId> {
    let mut ty = from;
    for name in names {
        let mut at = type_at(resolved, ty);
        while let XdmType::Array(array) = at {
            at = type_at(resolved, array.item);
        }
        let XdmType::Object(object) = at else {
            return None;
        };
        ty = object.field(name)?.ty;
    }
    Some(ty)
}

fn type_at<'r>(resolved: &'r Resolved<'_>, ty: TypeId) -> &'r XdmType {
    resolved.types.get(ty.index()).unwrap_or(&XdmType::Any)
}
