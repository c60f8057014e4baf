//! A package: `journey.toml` and the files it stands for, all as values.
//!
//! Comes in: texts that somebody read. Goes out: [`PackageInput`] and what its manifest makes of the files.
//! Never true here: a path that is opened.
//!
//! | module | is |
//! |---|---|
//! | [`manifest`] | `journey.toml`: what it says, what is wrong with it |

pub mod manifest;

pub use manifest::{LintLevel, MANIFEST_PATH, Manifest};

use crate::diag::{Code, Diagnostic};
use crate::source::{SourceFile, Sources};

/// Everything an analysis reads.
#[derive(Clone, Debug, Default)]
pub struct PackageInput {
    /// `journey.toml`, `.journey` files, schema files and samples; `journey.toml` has exactly this path.
    pub sources: Sources,
    /// The environment to build for; `None`: the first one of the manifest, by name, if there is any.
    pub environment: Option<String>,
}

impl PackageInput {
    /// The `.journey` files.
    pub fn journey_files(&self) -> impl Iterator<Item = (crate::source::FileId, &SourceFile)> {
        self.sources
            .iter()
            .filter(|(_, f)| f.path.ends_with(".journey"))
    }

    /// The schema files: `.json` below one of the manifest's schema paths.
    pub fn schema_files<'a>(
        &'a self,
        manifest: &'a Manifest,
    ) -> impl Iterator<Item = (crate::source::FileId, &'a SourceFile)> {
        let paths = &manifest.schema_paths;
        self.sources
            .iter()
            .filter(|(_, file)| paths.iter().any(|path| is_schema(file, path)))
    }

    /// What is wrong with the manifest's schema paths, held against the files: one that leads to no schema file.
    pub fn empty_schema_paths(&self, manifest: &Manifest) -> Vec<Diagnostic> {
        let places = manifest.schema_paths.iter().zip(&manifest.schema_places);
        let is_empty = |path: &str| !self.sources.iter().any(|(_, file)| is_schema(file, path));
        places
            .filter(|(path, _)| *path != "." && is_empty(path))
            .map(|(path, at)| {
                let message = format!("there is no schema file in a folder `{path}`");
                Diagnostic::new(Code::Manifest, *at, message).why(
                    "a path is a folder inside the package; the files in it whose names end in `.json` are its schemas",
                )
            })
            .collect()
    }
}

/// Whether a file is a schema by this path: `.json`, in the folder or in one inside it.
fn is_schema(file: &SourceFile, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let is_below = |rest: &str| rest.starts_with('/');
    file.path.ends_with(".json")
        && (path == "." || file.path.strip_prefix(path).is_some_and(is_below))
}

#[cfg(test)]
mod tests {
    use super::{Manifest, PackageInput};
    use crate::source::{SourceFile, Sources};

    /// What the paths are told, of a package with a schema in `schemas/inner`.
    fn told(paths: &str) -> Vec<String> {
        let manifest = format!("[schemas]\npaths = [{paths}]\n");
        let files = [
            ("journey.toml", manifest.as_str()),
            ("schemas/inner/one.json", "{}"),
            ("pages/one.journey", ""),
        ];
        let files = files.map(|(path, text)| SourceFile {
            path: path.into(),
            text: text.into(),
        });
        let input = PackageInput {
            sources: Sources::new(files.to_vec()),
            environment: None,
        };
        let (read, _) = Manifest::parse(&input.sources);
        let found = input.empty_schema_paths(&read);
        let part = |at: std::ops::Range<u32>| &manifest[at.start as usize..at.end as usize];
        found
            .iter()
            .map(|d| part(d.span.start..d.span.end).to_string())
            .collect()
    }

    #[test]
    fn a_path_to_no_schema_is_told_where_it_is_written() {
        assert!(told("\"schemas\", \"./schemas/inner/\", \".\"").is_empty());
        for wrong in [
            "\"shcemas\"",
            "\"schema\"",
            "\"pages\"",
            "\"schemas/inner/one.json\"",
        ] {
            assert_eq!(told(&format!("\"schemas\", {wrong}")), [wrong]);
        }
    }
}
