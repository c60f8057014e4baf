//! What of a source reaches outside the process.
//!
//! Comes in: a source's text. Goes out: the modules of `std` that it names and that are not known to be pure, and words of impure macros and
//! types, each with its line. Never here: what other crates can do; those are known by name.

/// The modules of `std` that read no clock, file, socket or environment and start no thread.
const PURE: &[&str] = &[
    "any",
    "arch",
    "array",
    "borrow",
    "cell",
    "char",
    "cmp",
    "collections",
    "error",
    "fmt",
    "hash",
    "iter",
    "mem",
    "num",
    "ops",
    "ptr",
    "rc",
    "slice",
    "str",
    "sync",
];

/// What prints, and what a crate that is pure as it is built could still be asked for.
const WORDS: &[&str] = &[
    "print!",
    "println!",
    "dbg!",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
    "rand::",
    "getrandom",
];

/// What a source names but these modules and words, as `line: name`.
pub fn impure(text: &str, but: &[&str], and: &[&str]) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let lines: Vec<&str> = lines.collect();
    let mut out = Vec::new();
    for (number, line) in (1..).zip(&lines) {
        let words = WORDS.iter().chain(and).filter(|word| line.contains(**word));
        out.extend(words.map(|word| format!("{number}: {word}")));
    }
    let code = lines.join("\n");
    for (at, _) in code.match_indices("std") {
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
        let rest = &code[at + 3..];
        if code[..at].ends_with(part) || rest.starts_with(part) {
            continue;
        }
        let number = code[..at].matches('\n').count() + 1;
        let impure = |name: &&str| !PURE.contains(name) && !but.contains(name);
        let names = modules(rest).into_iter().filter(impure);
        out.extend(names.map(|name| format!("{number}: std::{name}")));
    }
    out
}

/// The modules that a path behind `std` begins with; nothing where no path follows, which is a name for all of them.
fn modules(rest: &str) -> Vec<&str> {
    let Some(tree) = rest.trim_start().strip_prefix("::").map(str::trim_start) else {
        return vec![""];
    };
    let Some(group) = tree.strip_prefix('{') else {
        return vec![first(tree)];
    };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' if depth == 0 => {
                names.push(first(&group[start..at]));
                start = at + 1;
            }
            '}' => {
                names.push(first(&group[start..at]));
                break;
            }
            _ => {}
        }
    }
    // Behind the last comma nothing need stand.
    names.retain(|name| !name.is_empty());
    names
}

/// The name, or the star, that a path begins with.
fn first(path: &str) -> &str {
    let path = path.trim_start();
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*');
    &path[..end.unwrap_or(path.len())]
}

#[test]
fn whatever_way_it_is_named_it_is_found() {
    for (text, found) in [
        ("use std::{fs, net, thread};", "fs net thread"),
        (
            "use std::{fmt, time::{Duration, Instant}, str::{self, FromStr},\n};",
            "time",
        ),
        ("let x = ::std::env::var(\"x\");", "env"),
        ("use std::*;", "*"),
        ("use std as other;", ""),
        ("use std::fmt; // std::fs\nconst STD: u8 = 1;", "none"),
    ] {
        let found: Vec<String> = found
            .split(' ')
            .map(|name| format!("1: std::{name}"))
            .collect();
        let none = vec!["1: std::none".to_string()];
        let impure = impure(text, &[], &[]);
        assert!(
            impure == found || found == none && impure.is_empty(),
            "{text}: {impure:?}"
        );
    }
    assert_eq!(impure("\neprintln!(\"x\");", &[], &[]), ["2: println!"]);
}
