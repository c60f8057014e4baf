//! Diagnostics: what is wrong, where, why it matters to the person on the journey, and the edit that mends it.
//!
//! Comes in: findings of every stage, as [`Diagnostic`] values. Goes out: a sorted list, rendered as text, JSON.
//! Never true here: a message without a code, a code without a page (`docs/diagnostics/J####.md`), a second report of one cause.
//!
//! | module | is |
//! |---|---|
//! | [`code`] | the registry of codes |
//! | [`suggest`] | did-you-mean |
//! | [`lines`] | lines and columns of many places |
//! | [`mod@render`] | text for people |
//! | [`mod@json`] | JSON for programs |
//! | `view` | the lines that a drawing shows |
//! | [`written`] | texts and names as a journey writes them |
//! | [`page`] | the page of each code |

pub mod code;
pub mod json;
pub mod lines;
pub mod page;
pub mod render;
pub mod suggest;
mod view;
pub mod written;

pub use code::Code;
pub use view::printable;

use crate::source::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Nothing is built.
    Error,
    /// Built, and probably not meant.
    Warning,
}

/// A finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// How bad it is here (lint levels applied).
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to say right at the place.
    pub label: String,
    /// Other places that explain it.
    pub related: Vec<(Span, String)>,
    /// Why it matters, or what rule stands behind it.
    pub why: Option<String>,
    /// The edit that mends it.
    pub fix: Option<Fix>,
}

/// An edit that mends a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What the edit does, as an imperative ("write `priceTotal`").
    pub title: String,
    /// The edits, not overlapping.
    pub edits: Vec<Edit>,
    /// Whether it may be applied without asking.
    pub sure: bool,
}

/// Replaces a range by text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Diagnostic {
    /// A finding of `code` at `span`.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            why: None,
            fix: None,
        }
    }

    /// Says something right at the place.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Points at another place.
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    /// Says why it matters.
    pub fn why(mut self, text: impl Into<String>) -> Self {
        self.why = Some(text.into());
        self
    }

    /// Offers to replace the place itself.
    pub fn replace(self, title: impl Into<String>, text: impl Into<String>, sure: bool) -> Self {
        let span = self.span;
        self.fix(title, span, text, sure)
    }

    /// Offers an edit.
    pub fn fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
        sure: bool,
    ) -> Self {
        self.fix = Some(Fix {
            title: title.into(),
            edits: vec![Edit {
                span,
                text: text.into(),
            }],
            sure,
        });
        self
    }

    /// "did you mean" over `names`, as label and fix, when one is near.
    pub fn did_you_mean<'a>(self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.did_you_mean_as(wrong, names, written::name)
    }

    /// The same where a name is written as `written` says; without a fix where it cannot be.
    pub fn did_you_mean_as<'a>(
        self,
        wrong: &str,
        names: impl IntoIterator<Item = &'a str>,
        written: fn(&str) -> Option<String>,
    ) -> Self {
        let Some(near) = suggest::nearest(wrong, names) else {
            return self;
        };
        let text = written(near);
        let shown = match &text {
            Some(text) if text.starts_with(['`', '"']) => text.clone(),
            Some(text) => format!("`{text}`"),
            None => written::text(near),
        };
        let with_label = if self.label.is_empty() {
            self.label(format!("did you mean {shown}?"))
        } else {
            self
        };
        match text {
            Some(text) => with_label.replace(format!("write {shown}"), text, false),
            None => with_label,
        }
    }
}

/// Collects findings; drops exact repeats of one code at one place.
#[derive(Clone, Debug, Default)]
pub struct Bag {
    found: Vec<Diagnostic>,
    seen: BTreeSet<(Span, Code)>,
    /// How many errors each file has.
    errors: BTreeMap<FileId, usize>,
}

/// Errors of one file up to which a name that was meant is looked for: more than are listed, for they are not found in the order of the text.
const ADVISED: usize = 2 * journey_grammar::limits::MAX_ERRORS;

impl Bag {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.seen.insert((diagnostic.span, diagnostic.code)) {
            if diagnostic.severity == Severity::Error {
                *self.errors.entry(diagnostic.span.file).or_default() += 1;
            }
            self.found.push(diagnostic);
        }
    }

    /// The names among which the one that was meant is looked for: none once more errors were found in the file than anybody is told.
    pub fn candidates<'n, I: IntoIterator<Item = &'n str>>(
        &self,
        file: FileId,
        names: I,
    ) -> std::iter::Take<I::IntoIter> {
        let errors = self.errors.get(&file).copied().unwrap_or_default();
        let looked_through = if errors > ADVISED { 0 } else { usize::MAX };
        names.into_iter().take(looked_through)
    }

    /// Whether an edit within a place writes this text.
    pub fn suggests(&self, within: Span, text: &str) -> bool {
        let fixes = self.found.iter().filter_map(|d| d.fix.as_ref());
        let mut edits = fixes.flat_map(|fix| &fix.edits);
        edits.any(|edit| edit.text == text && edit.span.to(within) == within)
    }

    /// Whether a name or a field within a place is none.
    pub fn has_misnamed(&self, within: Span) -> bool {
        let first = Span {
            end: within.start,
            ..within
        };
        let from = self.seen.range((first, Code::UnknownName)..);
        let mut inside = from.take_while(|(at, _)| at.file == within.file && at.start < within.end);
        inside.any(|(_, code)| matches!(code, Code::UnknownName | Code::UnknownField))
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// All, by file and place.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|d| (d.span, d.code));
        self.found
    }

    /// Adds many.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Diagnostic>) {
        for d in more {
            self.push(d);
        }
    }
}

/// The start of a file, for findings about the file as a whole.
pub fn file_start(file: FileId) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_looks_for_what_was_meant_where_nobody_is_told() {
        let span = |at| Span {
            file: FileId(at % 2),
            start: at,
            end: at,
        };
        let mut bag = Bag::default();
        let names = |bag: &Bag, file| bag.candidates(FileId(file), ["a", "b"]).count();
        for at in 0..=ADVISED as u32 {
            assert_eq!(names(&bag, 0), 2);
            bag.push(Diagnostic::new(Code::UnknownName, span(2 * at), "nothing"));
        }
        bag.push(Diagnostic::new(Code::UnknownName, span(1), "nothing"));
        assert_eq!((names(&bag, 0), names(&bag, 1)), (0, 2));
    }
}
