//! The twelve workloads: two documents, a condition in plain words, the expected answer, and variants with theirs.
//!
//! Comes in: `workloads/wNN.json`, from `JOURNEY_CONFORMANCE` when that is set. Goes out: documents as bytes, with the order of
//! their keys and without white space, as they come over a wire. Never true here: a document that a timed section parses twice.

use crate::root;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::PathBuf;

/// How many there are.
pub const COUNT: usize = 12;

/// Two documents and the answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is special about it.
    pub name: String,
    /// The answer.
    pub expected: bool,
    /// JSON.
    pub event: Vec<u8>,
    /// JSON.
    pub profile: Vec<u8>,
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Workload {
    /// `w01` to `w12`.
    pub id: String,
    /// A short name.
    pub name: String,
    /// The condition in plain words.
    pub condition: String,
    /// What is timed. Its answer is true.
    pub base: Case,
    /// What must be answered as well.
    pub variants: Vec<Case>,
}

impl Workload {
    /// The base and the variants.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        std::iter::once(&self.base).chain(&self.variants)
    }
}

#[derive(Deserialize)]
struct CaseFile<'a> {
    #[serde(default)]
    name: String,
    expected: bool,
    #[serde(borrow)]
    event: &'a RawValue,
    #[serde(borrow)]
    profile: &'a RawValue,
}

#[derive(Deserialize)]
struct WorkloadFile<'a> {
    id: String,
    name: String,
    condition: String,
    expected: bool,
    #[serde(borrow)]
    event: &'a RawValue,
    #[serde(borrow)]
    profile: &'a RawValue,
    #[serde(borrow)]
    cases: Vec<CaseFile<'a>>,
}

fn folder() -> PathBuf {
    match std::env::var_os("JOURNEY_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder).join("workloads"),
        None => root().join("workloads"),
    }
}

/// All twelve, in order.
pub fn workloads() -> Vec<Workload> {
    (1..=COUNT).map(workload).collect()
}

fn workload(number: usize) -> Workload {
    let path = folder().join(format!("w{number:02}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: WorkloadFile<'_> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let case = |name: &str, expected, event: &RawValue, profile: &RawValue| Case {
        name: name.to_string(),
        expected,
        event: minified(event.get()),
        profile: minified(profile.get()),
    };
    let variants = file.cases.iter();
    Workload {
        base: case("base", file.expected, file.event, file.profile),
        variants: variants
            .map(|c| case(&c.name, c.expected, c.event, c.profile))
            .collect(),
        id: file.id,
        name: file.name,
        condition: file.condition,
    }
}

/// JSON without the white space between its tokens.
fn minified(json: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len());
    let (mut inside, mut escaped) = (false, false);
    for &byte in json.as_bytes() {
        if inside {
            out.push(byte);
            inside = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if !byte.is_ascii_whitespace() {
            out.push(byte);
            inside = byte == b'"';
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_and_texts_stay() {
        let json = "{ \"a b\" : [ 1 , \"\\\" \\\\\" , \" \" ] }";
        assert_eq!(minified(json), br#"{"a b":[1,"\" \\"," "]}"#);
    }

    #[test]
    fn the_documents_have_the_size_that_the_bars_speak_of() {
        let all = workloads();
        assert_eq!(all.len(), COUNT);
        for workload in &all {
            assert!(
                workload.base.expected,
                "{} is not timed on its way through",
                workload.id
            );
            assert!(!workload.variants.is_empty());
            assert_eq!(workload.base.event, all[0].base.event);
            assert_eq!(workload.base.profile, all[0].base.profile);
        }
        assert!((3700..3900).contains(&all[0].base.event.len()));
        assert!((2500..3100).contains(&all[0].base.profile.len()));
    }
}
