//! A package: `journey.toml` and the files it stands for, all as values.
//!
//! Comes in: texts that somebody read. Goes out: [`Manifest`] and the diagnostics of its text.
//! Never true here: a path that is opened; a half-read manifest (what is wrong is reported and takes its default).

use crate::source::{SourceFile, Sources, Span};
use std::collections::BTreeMap;

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
        self.sources.iter().filter(|(_, f)| f.path.ends_with(".journey"))
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
                    p == "." || f.path.strip_prefix(p).is_some_and(|rest| rest.starts_with('/'))
                })
        })
    }
}

/// What `journey.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// `[package] name`.
    pub name: String,
    /// `[package] version`.
    pub version: String,
    /// `[schemas] paths`.
    pub schema_paths: Vec<String>,
    /// `[profile] schema`: the `$id`, and where it is written.
    pub profile_schema: Option<(String, Span)>,
    /// `[profile] identities`.
    pub identities: Vec<String>,
    /// `[env.NAME]` tables.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
    /// `[lints]`: slug → level.
    pub lints: BTreeMap<String, LintLevel>,
}

/// Level of a lint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported; nothing is built.
    Error,
}
