//! Marks in the fixtures: below a line stands `//~ CODE text` for each finding in it, which spans this text (its first line).

use journeyc::diag::Diagnostic;
use journeyc::package::PackageInput;

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
