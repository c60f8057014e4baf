//! The examples' own schemas, events and profiles: what a user copies must be right.

use super::*;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn package(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name)
}

fn schemas(name: &str) -> Registry {
    let folder = package(name).join("schemas");
    let files: Vec<SourceFile> = std::fs::read_dir(&folder)
        .expect("a folder of schemas")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| SourceFile {
            path: path.to_string_lossy().into_owned(),
            text: Arc::from(std::fs::read_to_string(&path).expect("a schema file")),
        })
        .collect();
    let (registry, problems) = import(&files);
    assert_eq!(problems, vec![], "{name}");
    registry
}

/// How many lines of a file conform to a schema with every field declared, and how many do not.
fn judge(name: &str, registry: &Registry, file: &str, id: &str) -> (usize, usize) {
    let schema = registry.schema(id).expect("the schema of the package");
    let text = std::fs::read_to_string(package(name).join(file)).expect("a generated file");
    let values = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    let wrong = values
        .filter(|value| !validate(registry, schema, value, Form::Final, true).is_empty())
        .count();
    (text.lines().count() - wrong, wrong)
}

#[test]
fn events_and_profiles_conform_but_for_the_broken_few() {
    for (name, event, profile) in [
        (
            "retail",
            "https://ns.acme.example/schemas/retail-event",
            "https://ns.acme.example/schemas/retail-profile",
        ),
        (
            "resort",
            "https://ns.resort.example/schemas/resort-event",
            "https://ns.resort.example/schemas/resort-profile",
        ),
    ] {
        let registry = schemas(name);
        let (good, wrong) = judge(name, &registry, "events.ndjson", event);
        assert!(
            good >= 1_000 && (3..=30).contains(&wrong),
            "{name}: {good} events conform, {wrong} do not"
        );
        assert_eq!(
            judge(name, &registry, "profiles.ndjson", profile).1,
            0,
            "{name}"
        );
        let schema = registry.schema(profile).expect("the profile schema");
        let primary = registry
            .identities(schema)
            .first()
            .expect("an identity descriptor");
        assert!(primary.primary, "{name}: the primary identity comes first");
    }
}
