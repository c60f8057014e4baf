//! The public XDM files, when they are there: every one imports, every example has its verdict, every export form has one tree.

use super::tests::tree;
use super::*;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of XDM conformance files, or a plain word that it is not there.
fn folder() -> Option<PathBuf> {
    let base = std::env::var_os("JOURNEY_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
        PathBuf::from,
    );
    let folder = base.join("xdm");
    if folder.join("examples.json").is_file() {
        return Some(folder);
    }
    println!(
        "skipped: no conformance data at {} (set JOURNEY_CONFORMANCE)",
        base.display()
    );
    None
}

/// The files below a folder whose names end so, in no promised order.
fn files(folder: &Path, end: &str) -> Vec<SourceFile> {
    let mut out = Vec::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(at) = todo.pop() {
        for entry in std::fs::read_dir(&at).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                todo.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                out.push(read(folder, &path));
            }
        }
    }
    out
}

fn read(folder: &Path, path: &Path) -> SourceFile {
    let name = path
        .strip_prefix(folder)
        .expect("a path below the folder")
        .to_string_lossy()
        .replace('\\', "/");
    SourceFile {
        path: name,
        text: Arc::from(std::fs::read_to_string(path).expect("a readable file")),
    }
}

#[test]
fn every_file_imports_whatever_the_order() {
    let Some(folder) = folder() else { return };
    let mut all = files(&folder, ".schema.json");
    let (registry, problems) = import(&all);
    assert_eq!(problems, vec![]);
    assert_eq!(registry.schema_ids().count(), all.len());
    let report = SchemaReport::of(&registry, &problems);
    assert_eq!(
        report.recursive,
        ["https://ns.adobe.com/experience/offer-management/filter-expression"]
    );
    all.reverse();
    let (again, _) = import(&all);
    for (id, _) in registry.schema_ids() {
        assert_eq!(tree(&registry, id), tree(&again, id), "{id}");
    }
}

#[test]
fn every_example_has_its_verdict() {
    let Some(folder) = folder() else { return };
    let (registry, _) = import(&files(&folder, ".schema.json"));
    let list = read(&folder, &folder.join("examples.json"));
    let list: Vec<Value> = serde_json::from_str(&list.text).expect("a list of examples");
    let mut wrong = Vec::new();
    for entry in &list {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).expect("a path");
        let (_, schema) = registry
            .schema_ids()
            .find(|(_, schema)| registry.schema_file(*schema) == text("schema"))
            .expect("its schema");
        let example = read(&folder, &folder.join(text("example")));
        let value: Value = serde_json::from_str(&example.text).expect("a JSON example");
        let errors = validate(&registry, schema, &value, Form::Raw, false);
        if Some(errors.is_empty()) != entry.get("valid").and_then(Value::as_bool) {
            wrong.push(format!("{}: {errors:?}", example.path));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "of {}", list.len());
}

#[test]
fn export_forms_of_a_schema_have_one_tree() {
    let Some(folder) = folder() else { return };
    let components = files(&folder, ".schema.json");
    let exports = folder.join("registry-export");
    let mut compared = 0;
    for short in files(&exports, ".xed.json") {
        let name = short.path.trim_end_matches(".xed.json").to_owned();
        let mut with_references = components.clone();
        let id = id_of(&short);
        with_references.push(short);
        let (registry, problems) = import(&with_references);
        assert_eq!(problems, vec![], "{name}");
        let expected = tree(&registry, &id);
        for form in ["xed-full", "xed-full-notext"] {
            let flat = read(&exports, &exports.join(format!("{name}.{form}.json")));
            let id = id_of(&flat);
            let (registry, problems) = import(&[flat]);
            assert_eq!(problems, vec![], "{name}.{form}");
            // The flattened exports carry the tenant's own fields, which the short form keeps in a field group of its own.
            let own: Vec<String> = tree(&registry, &id)
                .into_iter()
                .filter(|line| !line.starts_with("._acme"))
                .collect();
            assert_eq!(own, expected, "{name}.{form}");
            compared += 1;
        }
    }
    assert!(compared >= 8, "only {compared} exports were compared");
}

#[test]
fn the_golden_step_event_is_declared_to_the_last_field() {
    let Some(folder) = folder() else { return };
    let exports = folder.join("registry-export");
    let schema = read(&exports, &exports.join("journey-step-event.xed-full.json"));
    let id = id_of(&schema);
    let (registry, _) = import(&[schema]);
    let golden: Value =
        serde_json::from_str(&read(&exports, &exports.join("step-event.golden.json")).text)
            .expect("JSON");
    let schema = registry.schema(&id).expect("schema");
    assert_eq!(
        validate(&registry, schema, &golden, Form::Final, true),
        vec![]
    );
}

fn id_of(file: &SourceFile) -> String {
    let value: Value = serde_json::from_str(&file.text).expect("JSON");
    value
        .get("$id")
        .and_then(Value::as_str)
        .expect("an id")
        .to_owned()
}
