//! Findings as JSON for programs: one array, in order of place, of a shape that only grows.
//!
//! Comes in: findings and the sources they point into. Goes out: JSON text.
//! Never true here: a byte offset without its line and column (both from 1, columns in characters).

use super::lines::LineCache;
use super::{Diagnostic, Severity};
use crate::source::{Sources, Span};
use serde::Serialize;

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    slug: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    label: Option<&'a str>,
    related: Vec<Related<'a>>,
    why: Option<&'a str>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: Option<&'a str>,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    offset: u32,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    sure: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

/// The findings as a JSON array, one finding a line, with a line end.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut cache = LineCache::new(sources);
    let lines: Vec<String> = diagnostics.iter().map(|d| one(d, &mut cache)).collect();
    if lines.is_empty() {
        "[]\n".to_string()
    } else {
        format!("[\n{}\n]\n", lines.join(",\n"))
    }
}

fn one(d: &Diagnostic, cache: &mut LineCache<'_>) -> String {
    let finding = Finding {
        code: d.code.id(),
        slug: d.code.slug(),
        severity: match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &d.message,
        place: place(d.span, cache),
        label: (!d.label.is_empty()).then_some(d.label.as_str()),
        related: d
            .related
            .iter()
            .map(|(span, message)| Related {
                place: place(*span, cache),
                message,
            })
            .collect(),
        why: d.why.as_deref(),
        fix: d.fix.as_ref().map(|fix| Fix {
            title: &fix.title,
            sure: fix.sure,
            edits: fix
                .edits
                .iter()
                .map(|e| Edit {
                    place: place(e.span, cache),
                    text: &e.text,
                })
                .collect(),
        }),
    };
    // Strings and numbers only: there is nothing that could fail to serialise.
    serde_json::to_string(&finding).unwrap_or_default()
}

fn place<'s>(span: Span, cache: &mut LineCache<'s>) -> Place<'s> {
    match cache.file(span.file) {
        Some((path, text, lines)) => {
            let point = |offset| {
                let (line, column) = lines.line_column(text, offset);
                Point {
                    offset,
                    line,
                    column,
                }
            };
            Place {
                path: Some(path),
                start: point(span.start),
                end: point(span.end),
            }
        }
        None => {
            let start = || Point {
                offset: 0,
                line: 1,
                column: 1,
            };
            Place {
                path: None,
                start: start(),
                end: start(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::{FileId, SourceFile};

    #[test]
    fn the_shape_is_stable() {
        let sources = Sources::new(vec![SourceFile {
            path: "a.journey".into(),
            text: "é\nfoo".into(),
        }]);
        let span = Span {
            file: FileId(0),
            start: 3,
            end: 6,
        };
        let d = Diagnostic::new(Code::UnknownName, span, "nothing is called `foo`")
            .did_you_mean("foo", ["fop"]);
        let expected = concat!(
            "[\n{\"code\":\"J0201\",\"slug\":\"unknown-name\",\"severity\":\"error\",\"message\":\"nothing is called `foo`\",",
            "\"path\":\"a.journey\",\"start\":{\"offset\":3,\"line\":2,\"column\":1},\"end\":{\"offset\":6,\"line\":2,\"column\":4},",
            "\"label\":\"did you mean `fop`?\",\"related\":[],\"why\":null,\"fix\":{\"title\":\"write `fop`\",\"sure\":false,",
            "\"edits\":[{\"path\":\"a.journey\",\"start\":{\"offset\":3,\"line\":2,\"column\":1},",
            "\"end\":{\"offset\":6,\"line\":2,\"column\":4},\"text\":\"fop\"}]}}\n]\n",
        );
        assert_eq!(json(&[d], &sources), expected);
        assert_eq!(json(&[], &sources), "[]\n");
    }
}
