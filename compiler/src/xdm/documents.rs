//! Files to documents: the JSON read, arrays and `{"results": […]}` taken apart, schemas told from descriptors, duplicates found.
//!
//! In: source files. Out: [`Documents`] in an order that does not depend on the files' order. Never true here: a resolved `$ref`, a type.

use super::problem::{Problem, ProblemCode};
use super::types::SchemaFile;
use crate::source::{MARK, SourceFile};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Longest file read, in bytes; the largest export measured is under 1 MB.
const MAX_FILE_BYTES: usize = 64 << 20;
/// Most documents in one import.
const MAX_DOCUMENTS: usize = 100_000;

/// One schema document.
#[derive(Debug)]
pub(super) struct Document {
    pub file: SchemaFile,
    pub id: String,
    pub value: Value,
    /// Whether a schema registry wrote it out, so that its names are final: a registry marks each of its documents with the address
    /// and the kind of its resource, and sources have neither.
    pub export: bool,
}

/// All documents of an import: schemas in the order of `$id`, descriptors in the order of files.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub files: Vec<String>,
    pub schemas: Vec<Document>,
    pub descriptors: Vec<(SchemaFile, Value)>,
    /// Files that hold neither a schema nor a descriptor.
    pub passed_over: usize,
}

impl Documents {
    /// The schema of exactly this `$id`.
    pub fn schema(&self, id: &str) -> Option<usize> {
        self.schemas
            .binary_search_by(|document| document.id.as_str().cmp(id))
            .ok()
    }

    /// The path of a file.
    pub fn path(&self, file: SchemaFile) -> &str {
        self.files.get(file.index()).map_or("", String::as_str)
    }
}

/// What a JSON value of a schema folder is.
enum Content {
    Schema(Box<Value>),
    Descriptor(Box<Value>),
    NoId,
    Other,
}

/// Reads every file; what cannot be read is a problem and nothing else suffers.
pub(super) fn read(files: &[SourceFile], problems: &mut Vec<Problem>) -> Documents {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| (&a.path, &a.text).cmp(&(&b.path, &b.text)));
    let mut documents = Documents::default();
    let mut by_id: BTreeMap<String, Document> = BTreeMap::new();
    for file in sorted {
        let id = SchemaFile(u32::try_from(documents.files.len()).unwrap_or(u32::MAX));
        documents.files.push(file.path.clone());
        let (before, mut known) = (problems.len(), false);
        for content in contents(file, problems) {
            if by_id.len() + documents.descriptors.len() >= MAX_DOCUMENTS {
                problems.push(problem(
                    &file.path,
                    ProblemCode::TooLarge,
                    format!(
                        "more than {MAX_DOCUMENTS} documents; this one and the rest are left out"
                    ),
                ));
                break;
            }
            known |= !matches!(content, Content::Other);
            match content {
                Content::Schema(value) => {
                    add_schema(&mut by_id, &documents.files, id, *value, problems)
                }
                Content::Descriptor(value) => documents.descriptors.push((id, *value)),
                Content::NoId => problems.push(problem(
                    &file.path,
                    ProblemCode::MissingId,
                    "a schema without a text as its \"$id\": nothing can refer to it, so it is left out"
                        .to_owned(),
                )),
                Content::Other => {}
            }
        }
        if !known && before == problems.len() {
            documents.passed_over += 1;
            problems.push(problem(
                &file.path,
                ProblemCode::NotASchema,
                "neither a schema nor a descriptor; passed over".to_owned(),
            ));
        }
    }
    documents.schemas = by_id.into_values().collect();
    documents
}

/// The documents inside one file.
fn contents(file: &SourceFile, problems: &mut Vec<Problem>) -> Vec<Content> {
    if file.text.len() > MAX_FILE_BYTES {
        problems.push(problem(
            &file.path,
            ProblemCode::TooLarge,
            format!("longer than {MAX_FILE_BYTES} bytes; left out"),
        ));
        return Vec::new();
    }
    let text = file.text.strip_prefix(MARK).unwrap_or(&file.text);
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let said = error.to_string();
            let what = said
                .split_once(" at line ")
                .map_or(&*said, |(what, _)| what);
            problems.push(Problem {
                at: Some(place_of(&error, &file.text, text)),
                ..problem(
                    &file.path,
                    ProblemCode::InvalidJson,
                    format!("not JSON: {what}"),
                )
            });
            return Vec::new();
        }
    };
    let list = match value {
        Value::Array(list) => list,
        Value::Object(mut object)
            if !object.contains_key("$id")
                && object.get("results").is_some_and(Value::is_array) =>
        {
            match object.remove("results") {
                Some(Value::Array(list)) => list,
                _ => Vec::new(),
            }
        }
        other => vec![other],
    };
    list.into_iter().flat_map(unfold).collect()
}

/// One entry of a list: a document, or (as the registry groups descriptors) an object of lists of them, or one that has descriptors
/// of other schemas and describes nothing itself.
fn unfold(value: Value) -> Vec<Content> {
    let describes = |key: &&str| value.get(*key).is_some();
    if let Some(Value::Array(descriptors)) = value.get("meta:descriptors")
        && !["$id", "properties", "definitions", "allOf"]
            .iter()
            .any(describes)
    {
        let contents = descriptors.iter().cloned().map(classify);
        return contents
            .map(|content| content.unwrap_or(Content::Other))
            .collect();
    }
    match classify(value) {
        Err(Value::Object(groups))
            if groups.values().all(Value::is_array) && !groups.is_empty() =>
        {
            groups
                .into_iter()
                .flat_map(|(_, group)| match group {
                    Value::Array(list) => list,
                    _ => Vec::new(),
                })
                .map(|value| classify(value).unwrap_or(Content::Other))
                .collect()
        }
        Err(_) => vec![Content::Other],
        Ok(content) => vec![content],
    }
}

/// What a value is, or the value back.
fn classify(value: Value) -> Result<Content, Value> {
    let Value::Object(object) = &value else {
        return Err(value);
    };
    let kind = object.get("@type").and_then(Value::as_str).unwrap_or("");
    if kind.starts_with("xdm:") && object.contains_key("xdm:sourceSchema") {
        return Ok(Content::Descriptor(Box::new(value)));
    }
    let shaped = ["properties", "definitions", "allOf", "$ref", "meta:class"]
        .iter()
        .any(|key| object.get(*key).is_some_and(|inner| !inner.is_boolean()))
        || object.get("type").is_some_and(|kind| {
            matches!(
                kind.as_str(),
                Some("object" | "string" | "integer" | "number" | "boolean" | "array")
            )
        });
    match object.get("$id") {
        Some(Value::String(_)) if shaped => Ok(Content::Schema(Box::new(value))),
        _ if object.contains_key("$schema")
            || (object.contains_key("definitions") && object.contains_key("title"))
            || describes_fields(object) =>
        {
            Ok(Content::NoId)
        }
        _ => Err(value),
    }
}

/// Whether an object describes fields as a schema does, and is no data that happens to have such keys.
fn describes_fields(object: &Map<String, Value>) -> bool {
    let is_schema = |value: &Value| value.is_object() || value.is_boolean();
    let ty = object.get("type");
    let described = match (object.get("properties"), object.get("allOf")) {
        (Some(Value::Object(properties)), _) => properties.values().all(is_schema),
        (None, Some(Value::Array(members))) => members.iter().all(Value::is_object),
        _ => return false,
    };
    described && ty.is_none_or(|ty| ty == "object")
}

/// Keeps a schema; a second one of the same `$id` must say the same.
fn add_schema(
    by_id: &mut BTreeMap<String, Document>,
    files: &[String],
    file: SchemaFile,
    value: Value,
    problems: &mut Vec<Problem>,
) {
    let Some(id) = value.get("$id").and_then(Value::as_str).map(str::to_owned) else {
        return;
    };
    match by_id.get(&id) {
        None => {
            let marks = ["meta:altId", "meta:resourceType"];
            let document = Document {
                export: marks.iter().any(|mark| value.get(*mark).is_some()),
                id: id.clone(),
                file,
                value,
            };
            by_id.insert(id, document);
        }
        Some(first) if first.value == value => {}
        Some(first) => {
            let first_path = files.get(first.file.index()).cloned().unwrap_or_default();
            problems.push(Problem {
                file: files.get(file.index()).cloned().unwrap_or_default(),
                code: ProblemCode::DuplicateId,
                message: format!("\"$id\": \"{id}\" is also that of {first_path}, with other content; that one is used"),
                at: None,
                related: vec![first_path],
            });
        }
    }
}

/// A problem about one file alone.
fn problem(file: &str, code: ProblemCode, message: String) -> Problem {
    Problem {
        file: file.to_owned(),
        code,
        message,
        at: None,
        related: Vec::new(),
    }
}

/// The character where JSON ends to be JSON. The reader counts lines, and bytes in them, from 1, in `text`, the end of `whole`.
fn place_of(error: &serde_json::Error, whole: &str, text: &str) -> (u32, u32) {
    let lines = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let before = whole.len() - text.len() + lines.map(str::len).sum::<usize>();
    let mut start = (before + error.column().saturating_sub(1)).min(whole.len());
    while !whole.is_char_boundary(start) {
        start -= 1;
    }
    let length = whole[start..].chars().next().map_or(0, char::len_utf8);
    (start as u32, (start + length) as u32)
}
