//! The house keeps its own rules: no import ring, no file over 600 lines, every module head says what the module is and holds, and
//! rooms use only what `docs/architecture.md` lets them.
//!
//! Comes in: the sources, the page, and what cargo reads in the manifests, however it is written there. Never here: a rule of the
//! machine's purity (`runtime/machine/tests`), whose search for what reaches outside is used here too.

#[path = "../../runtime/machine/tests/support/purity.rs"]
mod sources;

use journey_tests::packages::root;
use serde_json::Value as Json;
use sources::impure;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

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

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            // What is built in the benchmarks' own workspace is not ours.
            if !path.ends_with("target") {
                collect(&path, out);
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
        collect(&root().join(folder), &mut files);
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
        collect(&root().join(folder), &mut files);
    }
    collect(&root().join("tests/bench"), &mut files);
    let silent: Vec<_> = files
        .iter()
        .filter(|f| !read(f).trim_start().starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn the_head_of_a_folder_is_its_table_of_contents() {
    let mut files = Vec::new();
    for (_, folder) in CRATES {
        collect(&root().join(folder), &mut files);
    }
    let mut left_out = Vec::new();
    for file in files
        .iter()
        .filter(|f| f.ends_with("lib.rs") || f.ends_with("mod.rs"))
    {
        // A module of tests is none of the table's.
        let text = read(file).replace("#[cfg(test)]\nmod ", "");
        let (head, code): (Vec<&str>, Vec<&str>) = text.lines().partition(|l| l.starts_with("//!"));
        let head = head.join("\n").replace("`mod@", "`");
        for line in code.iter().filter_map(|line| line.strip_suffix(';')) {
            let visible = ["pub ", "pub(crate) "]
                .iter()
                .find_map(|it| line.strip_prefix(it));
            let name = visible.unwrap_or(line).strip_prefix("mod ");
            let missing = name.filter(|name| !head.contains(&format!("`{name}`")));
            left_out.extend(missing.map(|name| format!("{}: {name}", file.display())));
        }
    }
    assert!(left_out.is_empty(), "{left_out:#?}");
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

/// The paths of what a source hands on under its own name, as `pub use` does.
fn handed_on(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices("use ") {
        let before = text[..at].trim_end();
        let is_public = ["pub", "pub(crate)", "pub(super)"]
            .iter()
            .any(|it| before.ends_with(it));
        if let (true, Some(tree)) = (is_public, text[at + 4..].split(';').next()) {
            expand(&tree.replace('\n', " "), "", &mut out);
        }
    }
    out
}

/// Which files name which, inside one crate.
fn arrows(folder: &Path) -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    let modules: BTreeMap<Vec<String>, (PathBuf, Vec<String>)> = files
        .iter()
        .filter(|f| !f.ends_with("main.rs"))
        .map(|f| (module(f, folder), (f.clone(), handed_on(&read(f)))))
        .collect();
    let mut arrows = BTreeMap::new();
    for file in &files {
        let to: &mut BTreeSet<PathBuf> = arrows.entry(file.clone()).or_default();
        for path in named(&read(file)) {
            let (mut here, mut path) = (module(file, folder), path);
            // What a module hands on is another's, who may hand it on too.
            for _ in 0..4 {
                let (at, name) = resolved(&modules, here, &path);
                let Some((target, handed)) = modules.get(&at) else {
                    break;
                };
                if target != file {
                    to.insert(target.clone());
                }
                let is_it = |path: &&String| path.rsplit("::").next() == name.as_deref();
                let Some(next) = handed.iter().find(is_it) else {
                    break;
                };
                (here, path) = (at, next.clone());
            }
        }
    }
    arrows
}

/// The longest part of a path that is a file, and the name behind it.
fn resolved<T>(
    modules: &BTreeMap<Vec<String>, T>,
    here: Vec<String>,
    path: &str,
) -> (Vec<String>, Option<String>) {
    let (mut at, mut name) = (here, None);
    for segment in path.split("::") {
        match segment {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            name => at.push(name.to_string()),
        }
    }
    while !modules.contains_key(&at) && !at.is_empty() {
        name = at.pop();
    }
    (at, name)
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

/// What each room depends on, in whatever table and for whatever it is built; with it, whether that is a room of ours.
fn dependencies() -> BTreeMap<String, BTreeMap<String, bool>> {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let arguments = [
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--offline",
    ];
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(root())
        .output();
    let output = output.expect("cargo runs");
    let all: Json = serde_json::from_slice(&output.stdout).expect("metadata");
    let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let name = |json: &Json| json["name"].as_str().unwrap_or_default().to_string();
    let packages = list(&all["packages"]).into_iter().map(|package| {
        let uses = list(&package["dependencies"]).into_iter();
        let uses = uses.map(|it| (name(&it), it["path"].is_string()));
        (name(&package), uses.collect())
    });
    let packages: BTreeMap<_, BTreeMap<_, _>> = packages.collect();
    assert_eq!(packages.len(), CRATES.len());
    packages
}

#[test]
fn rooms_use_only_what_they_may() {
    let may: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("journey-machine", &["journey-artifact", "journey-json"][..]),
        ("journey-jit", &["journey-artifact", "journey-machine"]),
        (
            "journeyc",
            &[
                "journey-grammar",
                "journey-artifact",
                "journey-machine",
                "journey-jit",
            ],
        ),
    ]);
    for (room, uses) in dependencies() {
        let allowed = may.get(room.as_str()).copied().unwrap_or_default();
        for (name, _) in uses.iter().filter(|(_, ours)| **ours) {
            let may = allowed.contains(&name.as_str()) || room == "journey-tests";
            assert!(may, "{room} may not use {name}");
        }
    }
}

/// What reads and prints is the command, and machine code is the command's choice; the library takes and gives values.
#[test]
fn the_compilers_library_reaches_nothing_outside() {
    let folder = root().join("compiler/src");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let is_library = |file: &&PathBuf| {
        let below = file.strip_prefix(&folder).expect("below the sources");
        let below = below.to_string_lossy();
        !(below.starts_with("cmd") || below == "main.rs" || below.contains("tests"))
    };
    let mut found = Vec::new();
    for file in files.iter().filter(is_library) {
        // Readers and writers that somebody hands in, and paths that are texts.
        let (but, and) = (["io", "path"], ["stdin", "stdout", "stderr", "journey_jit"]);
        let names = impure(&read(file), &but, &and).into_iter();
        found.extend(names.map(|name| format!("{}:{name}", file.display())));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let page = read(&root().join("docs/architecture.md"));
    let (_, table) = page.split_once("## Direct dependencies").expect("a table");
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        for name in cells[1].split(", ") {
            let rooms = cells[2].split(", ").map(str::to_string);
            told.insert(name.trim_matches('`').to_string(), rooms.collect());
        }
    }
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (room, uses) in dependencies() {
        let room = match room.as_str() {
            "journeyc" => "compiler",
            name => name.trim_start_matches("journey-"),
        };
        for (name, _) in uses.into_iter().filter(|(_, ours)| !ours) {
            used.entry(name).or_default().insert(room.to_string());
        }
    }
    assert_eq!(told, used, "docs/architecture.md and the manifests");
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
