//! `journey.toml`: the package's name, schemas, profile, environments and lint levels.
//!
//! Comes in: the text of the file, as one of [`Sources`]. Goes out: [`Manifest`] and the diagnostics of its text, each at its place.
//! Never true here: a half-read manifest (what is wrong is reported and takes its default); a key that is read and ignored.

use crate::diag::{Bag, Code, Diagnostic, Severity, file_start, suggest};
use crate::source::{FileId, Sources, Span};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The one path of a manifest inside its package.
pub const MANIFEST_PATH: &str = "journey.toml";

/// What `journey.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// `[package] name`.
    pub name: String,
    /// `[package] version`.
    pub version: String,
    /// `[schemas] paths`, relative to the package, forward slashes, without a slash at the end.
    pub schema_paths: Vec<String>,
    /// Where each of them is written.
    pub schema_places: Vec<Span>,
    /// `[profile] schema`: the `$id`, and where it is written.
    pub profile_schema: Option<(String, Span)>,
    /// `[profile] identities`, the preferred first.
    pub identities: Vec<String>,
    /// `[env.NAME]` tables.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
    /// `[lints]`: slug → level. Only slugs of warnings.
    pub lints: BTreeMap<String, LintLevel>,
    /// What may have been said in a part that could not be read, which was reported.
    pub lost: Lost,
}

/// Parts of the manifest: whoever misses what they say stays silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Where schemas are, or a schema file with an unknown `$id`.
    pub schemas: bool,
    /// The profile's schema.
    pub profile: bool,
    /// Identity namespaces.
    pub identities: bool,
    /// Environments and their values.
    pub environments: bool,
}

impl Lost {
    const ALL: Lost = Lost {
        schemas: true,
        profile: true,
        identities: true,
        environments: true,
    };

    /// The part with this key, or this table; the profile's table has two.
    fn add(&mut self, key: &str) {
        match key {
            "schemas" | "paths" => self.schemas = true,
            "schema" => self.profile = true,
            "identities" => self.identities = true,
            "profile" => (self.profile, self.identities) = (true, true),
            "env" => self.environments = true,
            _ => {}
        }
    }
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

impl Manifest {
    /// Reads the manifest among `sources`. What is wrong is reported (by place) and takes its default.
    pub fn parse(sources: &Sources) -> (Manifest, Vec<Diagnostic>) {
        let Some(file) = sources.find(MANIFEST_PATH) else {
            let at = file_start(FileId(0));
            let missing = Diagnostic::new(Code::Manifest, at, "the package has no `journey.toml`")
                .why("a package is a folder with a `journey.toml` that names it, its version and its schemas; `journeyc new NAME` writes one");
            let nothing = Manifest {
                lost: Lost::ALL,
                ..Manifest::default()
            };
            return (nothing, vec![missing]);
        };
        let text = &sources.get(file).text;
        let mut reader = Reader {
            file,
            text,
            bag: Bag::default(),
            lost: Lost::default(),
            misspelt: Vec::new(),
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut manifest = reader.manifest(table.get_ref());
        manifest.lost = reader.lost;
        if !errors.is_empty() {
            manifest.lost = Lost::ALL;
            // What the parser lost may be the very thing that is missed: its errors are the cause, report only those.
            reader.bag = Bag::default();
        }
        // The first alone: the parser loses its way behind a bracket or quote that is not closed, and tells each line after it.
        let start = |e: &&toml::de::Error| e.span().map_or(0, |at| at.start);
        if let Some(error) = errors.iter().min_by_key(start) {
            let span = error.span().unwrap_or(0..0);
            reader.report(
                span,
                format!(
                    "`journey.toml` is not TOML here: {}",
                    first_line(error.message())
                ),
            );
        }
        (manifest, reader.bag.into_sorted())
    }
}

type Key<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    bag: Bag,
    lost: Lost,
    /// Keys that something unknown was most likely meant to be.
    misspelt: Vec<&'static str>,
}

impl<'t> Reader<'t> {
    fn manifest(&mut self, root: &DeTable<'t>) -> Manifest {
        let mut manifest = Manifest::default();
        self.known_keys(
            "",
            root,
            &[
                "package",
                "schemas",
                "profile",
                "dependencies",
                "env",
                "lints",
            ],
        );
        match self.table(root, "package") {
            Some(package) => self.package(package, &mut manifest),
            None if root.contains_key("package") || self.misspelt.contains(&"package") => {}
            None => {
                if root.is_empty() {
                    self.lost = Lost::ALL;
                }
                self.report(0..0, "`journey.toml` has no `[package]` table".into());
            }
        }
        if let Some(schemas) = self.table(root, "schemas") {
            self.known_keys("schemas", schemas, &["paths"]);
            for (path, at) in self.strings(schemas, "paths") {
                let place = self.span(at.clone());
                if let Some(path) = self.schema_path(path, at) {
                    manifest.schema_paths.push(path);
                    manifest.schema_places.push(place);
                }
            }
        }
        if let Some(profile) = self.table(root, "profile") {
            self.known_keys("profile", profile, &["schema", "identities"]);
            manifest.profile_schema = self
                .string(profile, "schema")
                .map(|(id, at)| (id, self.span(at)));
            for (name, at) in self.strings(profile, "identities") {
                match manifest.identities.contains(&name) {
                    true => self.report(at, format!("`{name}` is among the identities twice")),
                    false => manifest.identities.push(name),
                }
            }
        }
        if let Some(dependencies) = self.table(root, "dependencies") {
            for key in keys(dependencies) {
                let message = format!("the package depends on `{}`", key.get_ref());
                let d = Diagnostic::new(Code::NotYet, self.span(key.span()), message)
                    .why("this version builds one package at a time; put the declarations into this package");
                self.bag.push(d);
            }
        }
        if let Some(environments) = self.table(root, "env") {
            self.environments(environments, &mut manifest);
        }
        if let Some(lints) = self.table(root, "lints") {
            self.lints(lints, &mut manifest);
        }
        manifest
    }

    fn package(&mut self, package: &DeTable<'t>, manifest: &mut Manifest) {
        self.known_keys("package", package, &["name", "version"]);
        for (key, rule) in [
            ("name", "letters, digits, `-` and `_`"),
            ("version", "like `1.4.0`"),
        ] {
            let Some((text, at)) = self.string(package, key) else {
                if !package.contains_key(key) && !self.misspelt.contains(&key) {
                    let at = self.header("[package]");
                    self.report(at, format!("`[package]` has no `{key}`"));
                }
                continue;
            };
            let fits = if key == "name" {
                is_name(&text)
            } else {
                is_version(&text)
            };
            if !fits {
                self.report(at, format!("the package's {key} must be {rule}"));
            } else if key == "name" {
                manifest.name = text;
            } else {
                manifest.version = text;
            }
        }
    }

    fn environments(&mut self, environments: &DeTable<'t>, manifest: &mut Manifest) {
        for (name, value) in sorted(environments) {
            let Some(values) = value.get_ref().as_table() else {
                self.lost.add("env");
                self.report(
                    value.span(),
                    format!("`env.{}` must be a table of values", name.get_ref()),
                );
                continue;
            };
            let mut found = BTreeMap::new();
            for (key, value) in sorted(values) {
                match value.get_ref().as_str() {
                    Some(text) => {
                        found.insert(key.get_ref().to_string(), text.to_string());
                    }
                    None => {
                        self.lost.add("env");
                        self.report(
                            value.span(),
                            format!("`{}` must be a text in quotes", key.get_ref()),
                        );
                    }
                }
            }
            manifest
                .environments
                .insert(name.get_ref().to_string(), found);
        }
    }

    fn lints(&mut self, lints: &DeTable<'t>, manifest: &mut Manifest) {
        for (slug, value) in sorted(lints) {
            let slugs = Code::ALL
                .iter()
                .filter(|c| c.severity() == Severity::Warning)
                .map(|c| c.slug());
            let name = slug.get_ref().as_ref();
            match Code::ALL.iter().find(|c| c.slug() == name) {
                Some(code) if code.severity() == Severity::Warning => {}
                Some(_) => {
                    self.report(
                        slug.span(),
                        format!("`{name}` is always an error; only warnings have a level"),
                    );
                    continue;
                }
                None => {
                    let d = Diagnostic::new(
                        Code::Manifest,
                        self.span(slug.span()),
                        format!("there is no lint `{name}`"),
                    );
                    self.bag
                        .push(d.did_you_mean_as(name, slugs, |slug| Some(slug.into())));
                    continue;
                }
            }
            let level = match value.get_ref().as_str() {
                Some("allow") => LintLevel::Allow,
                Some("warn") => LintLevel::Warn,
                Some("error") => LintLevel::Error,
                _ => {
                    let message = "a lint's level is \"allow\", \"warn\" or \"error\"".to_string();
                    self.report(value.span(), message);
                    continue;
                }
            };
            manifest.lints.insert(name.to_string(), level);
        }
    }

    fn schema_path(&mut self, path: String, at: Range<usize>) -> Option<String> {
        let clean = path.trim_start_matches("./").trim_end_matches('/');
        let inside = !clean.starts_with('/')
            && !clean.contains(['\\', ':'])
            && clean
                .split('/')
                .all(|part| part == "." && clean == "." || !matches!(part, "" | "." | ".."));
        if inside || path == "./" {
            Some(if clean.is_empty() {
                ".".to_string()
            } else {
                clean.to_string()
            })
        } else {
            self.lost.add("paths");
            self.report(at, format!("`{path}` is not a folder inside the package"));
            None
        }
    }

    fn table<'a>(&mut self, of: &'a DeTable<'t>, key: &str) -> Option<&'a DeTable<'t>> {
        let value = of.get(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(table),
            None => {
                self.lost.add(key);
                self.report(value.span(), format!("`{key}` must be a table: `[{key}]`"));
                None
            }
        }
    }

    fn string(&mut self, of: &DeTable<'t>, key: &str) -> Option<(String, Range<usize>)> {
        let value = of.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some((text.to_string(), value.span())),
            None => {
                self.lost.add(key);
                self.report(value.span(), format!("`{key}` must be a text in quotes"));
                None
            }
        }
    }

    fn strings(&mut self, of: &DeTable<'t>, key: &str) -> Vec<(String, Range<usize>)> {
        let Some(value) = of.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.lost.add(key);
            self.report(
                value.span(),
                format!("`{key}` must be a list of texts: `[\"…\"]`"),
            );
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_str() {
                Some(text) => found.push((text.to_string(), item.span())),
                None => {
                    self.lost.add(key);
                    self.report(item.span(), format!("`{key}` must be a list of texts"));
                }
            }
        }
        found
    }

    fn known_keys(&mut self, table: &str, of: &DeTable<'t>, known: &[&'static str]) {
        for key in keys(of) {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            // It may be one of those that are not there: the nearest, or any.
            let absent = || known.iter().copied().filter(|k| !of.contains_key(*k));
            match suggest::nearest(name, absent()) {
                Some(near) => {
                    self.lost.add(near);
                    self.misspelt.push(near);
                }
                None => absent().for_each(|k| self.lost.add(k)),
            }
            let place = if table.is_empty() {
                "`journey.toml`".to_string()
            } else {
                format!("`[{table}]`")
            };
            let d = Diagnostic::new(
                Code::Manifest,
                self.span(key.span()),
                format!("{place} has no key `{name}`"),
            )
            .why(format!("it may hold {}", known.join(", ")));
            self.bag
                .push(d.did_you_mean_as(name, known.iter().copied(), |key| Some(key.into())));
        }
    }

    fn header(&self, header: &str) -> Range<usize> {
        self.text
            .find(header)
            .map_or(0..0, |at| at..at + header.len())
    }

    fn report(&mut self, at: Range<usize>, message: String) {
        let d = Diagnostic::new(Code::Manifest, self.span(at), message);
        self.bag.push(d);
    }

    /// The span, moved onto character boundaries inside the text.
    fn span(&self, at: Range<usize>) -> Span {
        let floor = |mut i: usize| {
            i = i.min(self.text.len());
            while !self.text.is_char_boundary(i) {
                i -= 1;
            }
            i as u32
        };
        let start = floor(at.start);
        Span {
            file: self.file,
            start,
            end: floor(at.end).max(start),
        }
    }
}

fn keys<'a, 't>(table: &'a DeTable<'t>) -> Vec<&'a Key<'t>> {
    sorted(table).into_iter().map(|(key, _)| key).collect()
}

fn sorted<'a, 't>(table: &'a DeTable<'t>) -> Vec<(&'a Key<'t>, &'a Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or("");
    let mut parts = core.split('.');
    let numbers = parts
        .by_ref()
        .take(3)
        .filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
        .count();
    text.len() <= 64
        && numbers == 3
        && parts.next().is_none()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

#[cfg(test)]
mod tests;
