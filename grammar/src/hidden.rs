//! Characters that make a text look other than it is: a journey is reviewed by people, who see what their screen draws. In: a text and
//! its tokens. Out: an error for each token of a comment, a string or a quoted name that holds such a character as it is. Never here:
//! other places (there the lexer knows no such token), a character that some language is written with.

use crate::{
    error::{SyntaxError, SyntaxErrorKind, keep},
    kind::SyntaxKind,
    span::Span,
    tree::Token,
};

/// Whether a character is drawn as something that it is not: a control character, a mark that turns the order of what follows, an end
/// of a line that is none to the language.
fn hides(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Whether a text may hold such a character.
pub(crate) fn possible(text: &str) -> bool {
    // Without a branch for each byte: almost no text has one.
    let odd = |b: u8| (b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r')) || b >= 0x7F;
    text.bytes().fold(false, |any, b| any | odd(b)) && text.contains(hides)
}

/// Each token that holds one, told once.
pub(crate) fn hidden(text: &str, tokens: &[Token]) -> Vec<SyntaxError> {
    let mut errors = Vec::new();
    if !possible(text) {
        return errors;
    }
    for token in tokens {
        let what = match token.kind {
            SyntaxKind::LineComment | SyntaxKind::DocComment => "comment",
            SyntaxKind::StringText | SyntaxKind::RawString => "text",
            SyntaxKind::Backtick => "name",
            _ => continue,
        };
        let within = token.span.of(text);
        let Some((at, c)) = within.char_indices().find(|(_, c)| hides(*c)) else {
            continue;
        };
        let start = token.span.start + at as u32;
        let span = Span::new(start, start + c.len_utf8() as u32);
        let number = u32::from(c);
        let message =
            format!("this {what} holds the character U+{number:04X}, which hides how it reads");
        let error = SyntaxError::new(SyntaxErrorKind::HiddenCharacter, span, message);
        let error = match token.kind {
            SyntaxKind::StringText => error
                .hint("as an escape it can be seen")
                .fix(span, format!("\\u{{{number:x}}}")),
            SyntaxKind::RawString => {
                error.hint("a text in double quotes can say it as an escape: \\u{…}")
            }
            _ => error.fix(span, ""),
        };
        keep(&mut errors, error);
    }
    errors
}
