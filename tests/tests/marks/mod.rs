//! Marks in the fixtures: below a line stands `//~ CODE text` for each finding in it, which spans this text (its first line). And the
//! package as a finding's fix leaves it.

use journeyc::diag::{Diagnostic, Fix};
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};
use std::collections::BTreeMap;

/// A finding as a mark says it: line, code, the spanned text.
pub type Mark = (u32, String, String);

/// The marks of a text.
pub fn expected(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut line = 0;
    for (n, content) in text.lines().enumerate() {
        match content.trim_start().strip_prefix("//~ ") {
            Some(mark) => {
                let (code, spanned) = mark.split_once(' ').unwrap_or((mark, ""));
                marks.push((line, code.to_string(), spanned.to_string()));
            }
            None => line = n as u32 + 1,
        }
    }
    marks
}

/// The findings, all of which must lie in the file of this name.
pub fn found(input: &PackageInput, name: &str, diagnostics: &[Diagnostic]) -> Vec<Mark> {
    diagnostics
        .iter()
        .map(|d| {
            let file = input.sources.get(d.span.file);
            assert_eq!(file.path, name, "a finding elsewhere: {d:?}");
            let (line, _) = input.sources.line_column(d.span.file, d.span.start);
            let spanned = input.sources.text(d.span).lines().next().unwrap_or("");
            (line, d.code.id().to_string(), spanned.to_string())
        })
        .collect()
}

/// Those of `all` that are not among `others`, each taken once.
#[allow(dead_code)] // Not every test that reads marks subtracts them.
pub fn without(all: &[Mark], others: &[Mark]) -> Vec<Mark> {
    let mut others = others.to_vec();
    let mut left = Vec::new();
    for mark in all {
        match others.iter().position(|o| o == mark) {
            Some(at) => {
                others.swap_remove(at);
            }
            None => left.push(mark.clone()),
        }
    }
    left
}

/// The package with a fix applied.
pub fn applied(input: &PackageInput, fix: &Fix) -> PackageInput {
    let mut texts: BTreeMap<_, String> = input
        .sources
        .iter()
        .map(|(id, f)| (id, f.text.to_string()))
        .collect();
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|e| std::cmp::Reverse(e.span));
    for edit in edits {
        let text = texts
            .get_mut(&edit.span.file)
            .expect("a file of the package");
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    let files = input.sources.iter().map(|(id, f)| SourceFile {
        path: f.path.clone(),
        text: texts[&id].as_str().into(),
    });
    PackageInput {
        sources: Sources::new(files.collect()),
        environment: input.environment.clone(),
    }
}
