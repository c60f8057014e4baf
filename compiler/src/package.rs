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
        self.sources.iter().filter(|(_, f)| {
            f.path.ends_with(".json")
                && manifest.schema_paths.iter().any(|p| {
                    let p = p.trim_end_matches('/');
                    p == "."
                        || f.path
                            .strip_prefix(p)
                            .is_some_and(|rest| rest.starts_with('/'))
                })
        })
    }
}
