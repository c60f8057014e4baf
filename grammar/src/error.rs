//! What is wrong with a text, as a reader is told it. Plain data: the compiler gives it a code and a picture.

use crate::limits::MAX_KEPT_ERRORS;
use crate::span::Span;

/// What kind of mistake it is. The compiler maps each to one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyntaxErrorKind {
    /// Something else was expected here.
    Unexpected,
    /// A line begins with a word that begins nothing here.
    UnknownKeyword,
    /// A second setting or step on one line.
    OneItemPerLine,
    /// A line begins with an operator that should end the line before.
    LineStartsWithOperator,
    /// A semicolon.
    Semicolon,
    /// A bracket that is never closed.
    UnclosedBracket,
    /// A `}` that closes nothing.
    StrayBrace,
    /// A string that is never closed.
    UnclosedString,
    /// An escape the language does not know.
    BadEscape,
    /// A number with a strange tail, or a duration with an unknown unit.
    BadNumber,
    /// A character the language does not use.
    BadCharacter,
    /// A character that makes a comment, a string or a name look other than it is.
    HiddenCharacter,
    /// `await` without `within`: a wait without a bound.
    UnboundedAwait,
    /// `a < b < c`
    ComparisonChain,
    /// A record where it could be taken for a block.
    BareRecord,
    /// Brackets, operators or interpolations nest too deep: deeper than they may, or than the stack that is left allows.
    TooDeep,
    /// A declaration or a step of too many tokens, a file of too many bytes.
    TooLong,
    /// There were more errors than are worth telling.
    TooMany,
}

/// An edit that mends a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace; empty to insert.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What kind of mistake it is.
    pub kind: SyntaxErrorKind,
    /// The offending token, or the empty place where something is missing.
    pub span: Span,
    /// One sentence, no full stop.
    pub message: String,
    /// What helps, when the message alone does not.
    pub hint: Option<String>,
    /// The edit that mends it, when it is plain.
    pub fix: Option<Fix>,
}

/// Adds a mistake, as long as few enough are there.
pub(crate) fn keep<T>(errors: &mut Vec<T>, error: T) {
    if errors.len() < MAX_KEPT_ERRORS {
        errors.push(error);
    }
}

impl SyntaxError {
    /// A mistake with neither hint nor fix.
    pub(crate) fn new(
        kind: SyntaxErrorKind,
        span: Span,
        message: impl Into<String>,
    ) -> SyntaxError {
        SyntaxError {
            kind,
            span,
            message: message.into(),
            hint: None,
            fix: None,
        }
    }

    /// The same with a hint.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> SyntaxError {
        self.hint = Some(hint.into());
        self
    }

    /// Its fix, where lines end with a carriage return and a line feed, ends them so too.
    pub(crate) fn end_lines_with_both(&mut self) {
        if let Some(fix) = &mut self.fix {
            let plain = fix.replacement.replace("\r\n", "\n");
            fix.replacement = plain.replace('\n', "\r\n");
        }
    }

    /// The same with a fix.
    pub(crate) fn fix(mut self, span: Span, replacement: impl Into<String>) -> SyntaxError {
        self.fix = Some(Fix {
            span,
            replacement: replacement.into(),
        });
        self
    }
}
