//! Packages as values.

use crate::check::{Analysis, check};
use crate::package::PackageInput;
use crate::source::{SourceFile, Sources};
use std::path::Path;

/// The files of `examples/<name>`.
pub fn example(name: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name);
    let mut files = Vec::new();
    read(&root, &root, &mut files);
    assert!(!files.is_empty(), "examples/{name}");
    files
}

fn read(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else if path
            .extension()
            .is_some_and(|e| e == "journey" || e == "toml" || e == "json")
        {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            files.push(SourceFile {
                path: name,
                text: std::fs::read_to_string(&path).unwrap().into(),
            });
        }
    }
}

/// A package of one `.journey` file over a small profile and event schema.
pub fn of(text: &str) -> Vec<SourceFile> {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    vec![
        file("journey.toml", include_str!("data/journey.toml")),
        file("schemas/profile.json", include_str!("data/profile.json")),
        file("schemas/event.json", include_str!("data/event.json")),
        file("main.journey", text),
    ]
}

/// Checks a package that must be without errors.
pub fn checked(files: Vec<SourceFile>) -> (Analysis, Sources) {
    let input = PackageInput {
        sources: Sources::new(files),
        environment: None,
    };
    let analysis = check(&input);
    let said: Vec<String> = analysis
        .diagnostics
        .iter()
        .filter(|d| d.severity == crate::diag::Severity::Error)
        .map(|d| {
            format!(
                "{} {} at `{}`",
                d.code,
                d.message,
                input.sources.text(d.span)
            )
        })
        .collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    (analysis, input.sources)
}
