//! The house keeps its own rules: no import ring, no file over 600 lines, every module head says what the module is, and
//! rooms use only what `docs/architecture.md` lets them.

use journey_tests::packages::root;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The crates and the folders of their sources.
const CRATES: &[(&str, &str)] = &[
    ("journey-grammar", "grammar/src"),
    ("journeyc", "compiler/src"),
    ("journey-artifact", "runtime/artifact/src"),
    ("journey-json", "runtime/json/src"),
    ("journey-machine", "runtime/machine/src"),
    ("journey-jit", "runtime/jit/src"),
    ("journey-tests", "tests/src"),
];

/// The most lines a source file may have.
const LINES: usize = 600;

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            // What is built in the benchmarks' own workspace is not ours.
            if !path.ends_with("target") {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|e| e == "rs" || e == "pest") {
            out.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a readable source")
}

#[test]
fn no_file_is_over_600_lines() {
    let mut files = Vec::new();
    for folder in ["grammar", "compiler", "runtime", "tests"] {
        sources(&root().join(folder), &mut files);
    }
    assert!(files.len() > 100, "the sources were not found");
    let long: Vec<_> = files
        .iter()
        .map(|f| (f, read(f).lines().count()))
        .filter(|(_, n)| *n > LINES)
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_module_says_what_it_is() {
    let mut files = Vec::new();
    for (_, folder) in CRATES {
        sources(&root().join(folder), &mut files);
    }
    sources(&root().join("tests/bench"), &mut files);
    let silent: Vec<_> = files
        .iter()
        .filter(|f| !read(f).trim_start().starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

/// `a::b::{c, d::e}` as `a::b::c`, `a::b::d::e`.
fn expand(tree: &str, prefix: &str, out: &mut Vec<String>) {
    let tree = tree.trim();
    match tree.find('{') {
        None => out.push(format!(
            "{prefix}{}",
            tree.split(" as ").next().unwrap_or(tree).trim()
        )),
        Some(open) => {
            let head = format!("{prefix}{}", tree[..open].trim());
            let inner = tree[open + 1..].trim_end().trim_end_matches('}');
            let (mut depth, mut start) = (0, 0);
            for (i, c) in inner.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        expand(&inner[start..i], &head, out);
                        start = i + 1;
                    }
                    _ => {}
                }
            }
            if !inner[start..].trim().is_empty() {
                expand(&inner[start..], &head, out);
            }
        }
    }
}

/// The paths that a source names from `crate`, `super` or `self`: in `use` and inline. Test modules at the end do not count.
fn named(text: &str) -> Vec<String> {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    let code: String = text
        .lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .map(|l| format!("{l}\n"))
        .collect();
    let mut out = Vec::new();
    for item in code
        .split('\n')
        .collect::<Vec<_>>()
        .join("\n")
        .split("use ")
        .skip(1)
    {
        if let Some(end) = item.find(';') {
            let tree = item[..end].replace('\n', " ");
            if tree.starts_with("crate::")
                || tree.starts_with("super::")
                || tree.starts_with("self::")
            {
                expand(&tree, "", &mut out);
            }
        }
    }
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let path: String = code[at..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
                .collect();
            out.push(path.trim_end_matches(':').to_string());
        }
    }
    out
}

/// The module path of a file below its crate's sources.
fn module(file: &Path, folder: &Path) -> Vec<String> {
    let below = file
        .strip_prefix(folder)
        .expect("below the sources")
        .with_extension("");
    let mut path: Vec<String> = below
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect();
    if matches!(
        path.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        path.pop();
    }
    path
}

/// Which files name which, inside one crate.
fn arrows(folder: &Path) -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
    let mut files = Vec::new();
    sources(folder, &mut files);
    let modules: BTreeMap<Vec<String>, PathBuf> = files
        .iter()
        .filter(|f| !f.ends_with("main.rs"))
        .map(|f| (module(f, folder), f.clone()))
        .collect();
    let mut arrows = BTreeMap::new();
    for file in &files {
        let here = module(file, folder);
        let to: &mut BTreeSet<PathBuf> = arrows.entry(file.clone()).or_default();
        for path in named(&read(file)) {
            let mut at = here.clone();
            let mut segments = path.split("::").peekable();
            match segments.peek() {
                Some(&"crate") => {
                    segments.next();
                    at = Vec::new();
                }
                Some(&"self") => {
                    segments.next();
                }
                _ => {
                    while segments.next_if_eq(&"super").is_some() {
                        at.pop();
                    }
                }
            }
            at.extend(segments.map(str::to_string));
            // The longest part of the path that is a file.
            while !modules.contains_key(&at) && !at.is_empty() {
                at.pop();
            }
            if let Some(target) = modules.get(&at).filter(|t| *t != file) {
                to.insert(target.clone());
            }
        }
    }
    arrows
}

/// A way from `start` back to itself.
fn ring(arrows: &BTreeMap<PathBuf, BTreeSet<PathBuf>>, start: &PathBuf) -> Option<Vec<PathBuf>> {
    let mut came: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut todo = vec![start.clone()];
    while let Some(at) = todo.pop() {
        for next in &arrows[&at] {
            if next == start {
                let mut way = vec![start.clone(), at.clone()];
                let mut back = &at;
                while let Some(before) = came.get(back) {
                    way.push(before.clone());
                    back = before;
                }
                return Some(way);
            }
            if !came.contains_key(next) {
                came.insert(next.clone(), at.clone());
                todo.push(next.clone());
            }
        }
    }
    None
}

#[test]
fn no_two_files_import_each_other_in_a_ring() {
    let mut rings = Vec::new();
    for (name, folder) in CRATES {
        let arrows = arrows(&root().join(folder));
        assert!(
            arrows.values().any(|to| !to.is_empty()),
            "{name}: no import was found, so the search is broken"
        );
        rings.extend(arrows.keys().filter_map(|file| ring(&arrows, file)));
    }
    assert!(rings.is_empty(), "{rings:#?}");
}

#[test]
fn rooms_use_only_what_they_may() {
    let may: &[(&str, &[&str])] = &[
        ("grammar", &[]),
        ("runtime/artifact", &[]),
        ("runtime/json", &[]),
        ("runtime/machine", &["journey-artifact", "journey-json"]),
        ("runtime/jit", &["journey-artifact", "journey-machine"]),
        (
            "compiler",
            &[
                "journey-grammar",
                "journey-artifact",
                "journey-machine",
                "journey-jit",
            ],
        ),
    ];
    for (folder, allowed) in may {
        let text = read(&root().join(folder).join("Cargo.toml"));
        let dependencies = text
            .split("[dependencies]")
            .nth(1)
            .unwrap_or("")
            .split("\n[")
            .next()
            .unwrap_or("");
        for line in dependencies.lines().filter(|l| l.starts_with("journey")) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or("");
            assert!(allowed.contains(&name), "{folder} may not use {name}");
        }
    }
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let reasons = read(&root().join("docs/architecture.md"));
    let manifest = read(&root().join("Cargo.toml"));
    let section = manifest
        .split("[workspace.dependencies]")
        .nth(1)
        .unwrap_or("")
        .split("\n[")
        .next()
        .unwrap_or("");
    let names: Vec<&str> = section
        .lines()
        .filter(|l| !l.starts_with('#') && !l.starts_with("journey"))
        .filter_map(|l| l.split_once(" = ").map(|(name, _)| name))
        .collect();
    assert!(names.len() > 5, "the dependencies were not found");
    for name in &names {
        assert!(
            reasons.contains(&format!("`{name}`")),
            "docs/architecture.md says no reason for `{name}`"
        );
    }
    for folder in [
        "grammar",
        "compiler",
        "runtime/artifact",
        "runtime/json",
        "runtime/machine",
        "runtime/jit",
        "tests",
    ] {
        let manifest = read(&root().join(folder).join("Cargo.toml"));
        let own = manifest
            .split("dependencies]")
            .skip(1)
            .flat_map(|part| part.split("\n[").next().unwrap_or("").lines());
        for line in own.filter(|l| l.contains('=')) {
            assert!(
                line.contains("workspace = true"),
                "{folder}: `{line}` does not come from the workspace's list"
            );
        }
    }
}
