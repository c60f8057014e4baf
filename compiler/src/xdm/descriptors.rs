//! Descriptor documents: which fields identify a person, which are deprecated, called otherwise, or point elsewhere.
//!
//! In: descriptor documents and resolved types to find their fields in. Out: [`Described`] per schema. Never true here: a changed type (types
//! are shared between schemas; a descriptor is about one).

use super::documents::Documents;
use super::names;
use super::problem::{Problem, ProblemCode};
use super::resolve::Resolved;
use super::types::{FieldNote, IdentityDescriptor, TypeId, XdmType};
use serde_json::Value;
use std::collections::BTreeMap;

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
    for (file, value) in &documents.descriptors {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let (kind, source, property) = (
            text("@type"),
            text("xdm:sourceSchema"),
            text("xdm:sourceProperty"),
        );
        let found = documents
            .schema(source)
            .map(|schema| (schema, path_of(resolved, schema, property)));
        let (schema, path) = match found {
            Some((schema, Some(path))) => (schema, path),
            missing => {
                let what = if missing.is_some() {
                    format!("schema \"{source}\" has no field \"{property}\"")
                } else {
                    format!("no file has the schema \"{source}\"")
                };
                problems.push(Problem {
                    file: documents.path(*file).to_owned(),
                    code: ProblemCode::UnresolvedDescriptor,
                    message: format!("this {kind} is passed over: {what}"),
                    at: None,
                    related: Vec::new(),
                });
                continue;
            }
        };
        let described = all.entry(schema).or_default();
        match kind {
            "xdm:descriptorIdentity" | "xdm:descriptorReferenceIdentity" => {
                described.identities.push(identity(kind, path, value))
            }
            _ => note(described.notes.entry(path).or_default(), kind, value),
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

/// The final path of a descriptor's `/a/b`, if the schema has it. An empty property is the schema itself.
fn path_of(resolved: &Resolved<'_>, schema: usize, property: &str) -> Option<Vec<String>> {
    let mut ty = *resolved.roots.get(schema)?;
    let mut path: Vec<String> = Vec::new();
    for word in property.split('/').filter(|word| !word.is_empty()) {
        let word = word.replace("~1", "/").replace("~0", "~");
        let word = word.trim_end_matches("[*]");
        let mut at = type_at(resolved, ty);
        while let XdmType::Array(array) = at {
            at = type_at(resolved, array.item);
        }
        match at {
            XdmType::Object(object) => {
                let names = object
                    .namespaces
                    .iter()
                    .map(|namespace| names::rename(word, Some(namespace)))
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
