//! Names that are written as strings: text that is known when the package is built.
//!
//! A name with a value in it (`header "X-{env.TEAM}" …`) is refused, so that nothing it names is left out in silence.

use super::expr::{ExprCx, build};
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Literal};
use crate::source::{FileId, Span};
use crate::types::Type;
use journey_grammar::ast::{self, AstNode};
use journey_machine::func::SEGMENT;

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

    /// The address of a call, in which data stands for a part of a segment and for nothing else; says so when what is known of it is
    /// none that a call can go to.
    pub fn address(&mut self, e: ast::Expr<'a>) -> Expr {
        let mut url = self.required(e, &Type::String, "the address");
        let mut start = String::new();
        let is_whole = start_of(&url, &mut start);
        if url.ty != Type::Error && (!may_begin_address(&start, is_whole) || has_gap(&url)) {
            let d = Diagnostic::new(Code::BadLiteral, url.span, "no call can go to this address");
            let shown: String = start.chars().take(60).collect();
            self.report(d.label(format!("it begins with \"{shown}\"")).why(
                "an address begins with `http://` or `https://` and a host, and has no spaces",
            ));
        }
        self.data_in_address(&mut url, &mut false);
        url
    }

    /// Encodes what data brings into an address, so that it leads a call nowhere else. What is written or a constant stands, and so does
    /// what the address begins with: that is an address itself.
    fn data_in_address(&mut self, e: &mut Expr, has_begun: &mut bool) {
        match &mut e.kind {
            ExprKind::Literal(Literal::Str(text)) => *has_begun |= !text.is_empty(),
            ExprKind::Text(pieces) => {
                for piece in pieces {
                    self.data_in_address(piece, has_begun);
                }
            }
            // The same as a function.
            ExprKind::Call(function, pieces) if function.name == "concat" && function.variadic => {
                for piece in pieces {
                    self.data_in_address(piece, has_begun);
                }
            }
            ExprKind::Let { body, .. } => self.data_in_address(body, has_begun),
            ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b) => {
                let mut other = *has_begun;
                self.data_in_address(a, &mut other);
                self.data_in_address(b, has_begun);
                *has_begun |= other;
            }
            _ => {
                let is_first = !std::mem::replace(has_begun, true);
                if is_first || e.ty.is_error() {
                    return;
                }
                let data = std::mem::replace(e, build::error(e.span));
                let (ty, span) = (Type::String, data.span);
                *e = match self.overload_of(SEGMENT, std::slice::from_ref(&ty)) {
                    Some(function) => self.call_entry(function, vec![data], span),
                    None => data,
                };
            }
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
fn has_written(e: &Expr, sign: fn(char) -> bool) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Str(text)) => text.contains(sign),
        ExprKind::Text(pieces) => pieces.iter().any(|piece| has_written(piece, sign)),
        _ => false,
    }
}

fn has_gap(address: &Expr) -> bool {
    has_written(address, |c| c.is_whitespace() || c.is_control())
}

/// Writes what is known of the start of a text; says whether that is all of it.
fn start_of(e: &Expr, start: &mut String) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Str(text)) => {
            start.push_str(text);
            true
        }
        ExprKind::Text(pieces) => pieces.iter().all(|piece| start_of(piece, start)),
        _ => false,
    }
}

/// Whether an address that is called over HTTP may begin so, or be so.
fn may_begin_address(start: &str, is_whole: bool) -> bool {
    let lower = start.to_ascii_lowercase();
    ["http://", "https://"].iter().any(|scheme| {
        let Some(rest) = lower.strip_prefix(scheme) else {
            return !is_whole && scheme.starts_with(&lower);
        };
        match rest.chars().next() {
            None => !is_whole,
            Some(first) => !matches!(first, '/' | '?' | '#' | ':'),
        }
    })
}
