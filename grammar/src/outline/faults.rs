//! What the outline finds wrong, said. In: a cursor and a place. Out: an error with its fix. Decides nothing.

use super::cursor::Cursor;
use crate::{
    error::{SyntaxError, SyntaxErrorKind as E},
    kind::SyntaxKind as K,
    span::Span,
};

/// A semicolon; its fix breaks the line when something follows on it.
pub(super) fn semicolon(c: &Cursor<'_>, at: usize) -> SyntaxError {
    let span = c.span(at);
    let error = SyntaxError::new(
        E::Semicolon,
        span,
        "there are no semicolons: a line break ends a setting or a step",
    );
    let last = c.starts_line(at + 1) || c.kind(at + 1) == K::RBrace;
    error.fix(span, if last { "" } else { "\n" })
}

/// A bracket that is never closed.
pub(super) fn unclosed(c: &Cursor<'_>, open: usize) -> SyntaxError {
    let span = c.span(open);
    let message = format!("this `{}` is never closed", span.of(c.text));
    let closer = closer(c.kind(open));
    SyntaxError::new(E::UnclosedBracket, span, message)
        .hint(format!("write the `{closer}` where what it opens ends"))
}

/// A line that begins with what should have ended the line before.
pub(super) fn misplaced_start(c: &Cursor<'_>, at: usize) -> SyntaxError {
    let (before, span) = (c.span(at - 1), c.span(at));
    let token = span.of(c.text);
    let space = if matches!(c.kind(at), K::Comma | K::Colon | K::Dot) {
        ""
    } else {
        " "
    };
    let (end, gap) = if c.starts_line(at + 1) {
        (span.end, "")
    } else {
        (
            c.span(at + 1).start,
            Span::new(before.end, span.start).of(c.text),
        )
    };
    let message = format!("a line cannot begin with `{token}`: the line before has ended");
    SyntaxError::new(E::LineStartsWithOperator, span, message)
        .hint("what a line goes on with stands at the end of the line before")
        .fix(Span::new(before.end, end), format!("{space}{token}{gap}"))
}

/// What closes an opening bracket.
pub(super) fn closer(open: K) -> char {
    match open {
        K::LParen => ')',
        K::LBracket => ']',
        _ => '}',
    }
}

/// A record where a block could stand.
pub(super) fn bare_record(span: Span) -> SyntaxError {
    SyntaxError::new(
        E::BareRecord,
        span,
        "a record that stands alone goes in parentheses",
    )
    .hint("write `({ … })`: outside of brackets a `{` opens a block")
}
