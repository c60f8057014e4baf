//! What the grammar reported, as findings with codes.

use crate::diag::{Code, Diagnostic, Edit, Fix};
use crate::source::{FileId, Span};
use journey_artifact::limits;
use journey_grammar::ast::{self, AstNode};
use journey_grammar::{Parse, SyntaxError, SyntaxErrorKind};

/// The finding for a syntax error.
pub fn diagnostic(file: FileId, error: &SyntaxError) -> Diagnostic {
    let at = |s: journey_grammar::Span| Span {
        file,
        start: s.start,
        end: s.end,
    };
    let mut d = Diagnostic::new(code(error.kind), at(error.span), error.message.clone());
    if let Some(hint) = &error.hint {
        d = d.why(hint.clone());
    }
    if let Some(fix) = &error.fix {
        d.fix = Some(Fix {
            title: title(error.kind, &fix.replacement),
            edits: vec![Edit {
                span: at(fix.span),
                text: fix.replacement.clone(),
            }],
            sure: false,
        });
    }
    d
}

/// What an edit does, said.
fn title(kind: SyntaxErrorKind, replacement: &str) -> String {
    match replacement.trim() {
        _ if kind == SyntaxErrorKind::LineStartsWithOperator => {
            "put it at the end of the line before".into()
        }
        "" if replacement.contains('\n') => "begin a new line".into(),
        "" => "remove it".into(),
        text => format!("write `{text}`"),
    }
}

fn code(kind: SyntaxErrorKind) -> Code {
    match kind {
        SyntaxErrorKind::UnknownKeyword => Code::UnknownKeyword,
        SyntaxErrorKind::LineStartsWithOperator => Code::OperatorAtLineStart,
        SyntaxErrorKind::UnclosedBracket | SyntaxErrorKind::UnclosedString => Code::Unclosed,
        SyntaxErrorKind::BadEscape => Code::BadEscape,
        SyntaxErrorKind::HiddenCharacter => Code::HiddenCharacter,
        SyntaxErrorKind::BadNumber => Code::BadLiteral,
        SyntaxErrorKind::UnboundedAwait => Code::UnboundedWait,
        SyntaxErrorKind::TooDeep | SyntaxErrorKind::TooLong | SyntaxErrorKind::TooMany => {
            Code::TooLarge
        }
        SyntaxErrorKind::Unexpected
        | SyntaxErrorKind::OneItemPerLine
        | SyntaxErrorKind::Semicolon
        | SyntaxErrorKind::StrayBrace
        | SyntaxErrorKind::BadCharacter
        | SyntaxErrorKind::ComparisonChain
        | SyntaxErrorKind::BareRecord => Code::Syntax,
    }
}

/// Names and texts that no artifact can hold.
pub fn too_long(file: FileId, parse: &Parse) -> Vec<Diagnostic> {
    let most = limits::STRING_BYTES;
    if parse.tree.text().len() <= most {
        return Vec::new();
    }
    let nodes = parse.tree.root().descendants();
    let texts = nodes
        .filter(|n| ast::StringLit::cast(*n).is_some() || ast::Name::cast(*n).is_some())
        .map(|n| n.span());
    texts
        .filter(|at| (at.end - at.start) as usize > most + 2)
        .map(|at| {
            let (start, end) = (at.start, at.end);
            let message = format!("this is longer than {most} bytes, which no text or name may be");
            Diagnostic::new(Code::TooLarge, Span { file, start, end }, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fix_is_called_what_it_does() {
        let called = [
            ("wait 1h wait 2h", "begin a new line"),
            ("wait 1h; wait 2h", "begin a new line"),
            ("wait 1h;", "remove it"),
            (
                "if a\n    // why\n    and b { end }",
                "put it at the end of the line before",
            ),
            ("wiat 1h", "write `wait`"),
        ];
        for (step, title) in called {
            let parse = journey_grammar::parse(&format!("journey A {{\n    {step}\n}}\n"));
            let found: Vec<_> = parse
                .errors
                .iter()
                .map(|e| diagnostic(FileId(0), e))
                .collect();
            let titles: Vec<_> = found
                .iter()
                .map(|d| d.fix.as_ref().map(|f| f.title.as_str()))
                .collect();
            assert_eq!(titles, [Some(title)], "{step}");
        }
    }
}
