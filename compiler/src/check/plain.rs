//! Names that are written as strings: text that is known when the package is built.
//!
//! A name with a value in it (`header "X-{env.TEAM}" …`) is refused, so that nothing it names is left out in silence.

use super::expr::ExprCx;
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Literal};
use crate::source::{FileId, Span};
use journey_grammar::ast::{self, AstNode};

/// The text of a string; what has a value written into it is reported, and `None`.
pub fn text(bag: &mut Bag, file: FileId, s: ast::StringLit<'_>, what: &str) -> Option<String> {
    let plain = s.plain();
    if plain.is_none() && !s.has_error() {
        let at = s.span();
        let span = Span {
            file,
            start: at.start,
            end: at.end,
        };
        let message = format!("{what} must be known when the package is built");
        let d =
            Diagnostic::new(Code::NotConstant, span, message).label("a value is written into it");
        bag.push(d.why("write it as plain text; a brace that is meant as such is written `\\{`"));
    }
    plain
}

/// The name of a field or a place, likewise.
pub fn key(bag: &mut Bag, file: FileId, key: ast::Key<'_>, what: &str) -> Option<String> {
    match key {
        ast::Key::Word(name) => Some(name.text().to_owned()),
        ast::Key::Text(s) => text(bag, file, s, what),
    }
}

impl<'a> ExprCx<'a> {
    /// The text of a string, as [`text`] has it.
    pub fn plain(&mut self, s: ast::StringLit<'a>, what: &str) -> Option<String> {
        text(self.bag, self.file, s, what)
    }

    /// A header's name: letters, digits and some signs (a token of RFC 9110, 5.6.2).
    pub fn header(&mut self, s: ast::StringLit<'a>) -> Option<String> {
        let name = self.plain(s, "a header's name")?;
        let sign = |b: u8| b"!#$%&'*+-.^_`|~".contains(&b);
        if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || sign(b)) {
            return Some(name);
        }
        let at = self.span(s);
        let d = Diagnostic::new(Code::BadLiteral, at, "no header can have this name");
        self.report(d.why("a header's name has letters, digits and `-`, such as `X-Team`"));
        None
    }

    /// Says so when a value that is sent as a header has a line break (or another sign that no header can have) written into it.
    pub fn header_value(&mut self, value: &Expr) {
        if has_written(value, |c| c.is_control() && c != '\t') {
            let d = Diagnostic::new(
                Code::BadLiteral,
                value.span,
                "no header can have this value",
            );
            self.report(
                d.why("a line break ends a header, and what follows would be read as another one"),
            );
        }
    }

    /// The name of a record's field and where it stands, as [`key`] has it.
    pub fn key(&mut self, field: ast::RecordField<'a>) -> Option<(String, Span)> {
        let name = field.key()?;
        let at = self.at(name.span());
        Some((key(self.bag, self.file, name, "a field's name")?, at))
    }
}

/// Whether a sign is written into a text that is known, or into a part of it that is.
pub(super) fn has_written(e: &Expr, sign: fn(char) -> bool) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Str(text)) => text.contains(sign),
        ExprKind::Text(pieces) => pieces.iter().any(|piece| has_written(piece, sign)),
        _ => false,
    }
}
