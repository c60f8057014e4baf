//! Packages of the repository as values: what the tests that cross rooms start from.

use journeyc::check::{self, Analysis};
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The example packages, by name.
pub const EXAMPLES: &[&str] = &["retail", "resort"];

/// An example package.
pub fn example(name: &str) -> PackageInput {
    package(&root().join("examples").join(name))
}

/// The package in a folder: `journey.toml`, `.journey` files and schemas.
///
/// # Panics
/// When a file cannot be read: the repository is broken.
pub fn package(folder: &Path) -> PackageInput {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    PackageInput {
        sources: Sources::new(files),
        environment: None,
    }
}

/// `fixtures/promises`: what its pages have in common, and the pages.
pub struct Promises {
    base: Vec<SourceFile>,
    /// Journeys with their tests.
    pub pages: Vec<SourceFile>,
}

/// Reads `fixtures/promises`.
pub fn promises() -> Promises {
    let all = package(&root().join("tests/fixtures/promises"));
    let files = all.sources.iter().map(|(_, file)| file.clone());
    let is_page =
        |file: &SourceFile| file.path.ends_with(".journey") && file.path != "base.journey";
    let (pages, base) = files.partition(is_page);
    Promises { base, pages }
}

impl Promises {
    /// The package of one page.
    pub fn with(&self, page: &SourceFile) -> PackageInput {
        PackageInput {
            sources: Sources::new(self.base.iter().chain([page]).cloned().collect()),
            environment: None,
        }
    }
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, root, files);
            continue;
        }
        let name = path
            .strip_prefix(root)
            .expect("below the root")
            .to_string_lossy()
            .replace('\\', "/");
        let schema = name.starts_with("schemas/") && name.ends_with(".json");
        if name.ends_with(".journey") || name == "journey.toml" || schema {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            files.push(SourceFile {
                path: name,
                text: text.into(),
            });
        }
    }
}

/// A package with one file's text changed.
pub fn with_file(input: &PackageInput, path: &str, text: &str) -> PackageInput {
    let files = input.sources.iter().map(|(_, f)| match f.path == path {
        true => SourceFile {
            path: f.path.clone(),
            text: text.into(),
        },
        false => f.clone(),
    });
    PackageInput {
        sources: Sources::new(files.collect()),
        environment: input.environment.clone(),
    }
}

/// The package's artifact as bytes.
///
/// # Panics
/// When the package has errors or cannot be laid out.
pub fn compile(input: &PackageInput) -> (Analysis, Vec<u8>) {
    let analysis = check::check(input);
    assert!(
        !analysis.has_errors(),
        "the package has errors: {:#?}",
        analysis.diagnostics
    );
    let artifact = journeyc::lower::lower(&analysis.program, &analysis.registry, &input.sources);
    let bytes = journey_artifact::write(&artifact.expect("a package that can be laid out"));
    (analysis, bytes)
}
