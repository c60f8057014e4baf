//! What the lexer finds wrong within a token, said. In: the lexer where it stands. Out: the token, and its error with a fix where one is
//! known. Never here: a token that is sound.

use super::{
    Lexer,
    lexeme::{Lexeme, kind_of, nearest_unit},
};
use crate::{
    error::{SyntaxError, SyntaxErrorKind},
    kind::SyntaxKind,
    span::Span,
};

/// The quote that a curly one stands for.
fn straight(c: char) -> Option<char> {
    match c {
        '\u{201C}' | '\u{201D}' | '\u{201E}' => Some('"'),
        '\u{2018}' | '\u{2019}' | '\u{201A}' => Some('\''),
        _ => None,
    }
}

impl Lexer<'_> {
    /// A number, with whatever letters and digits cling to it.
    pub(super) fn number(&mut self, raw: Lexeme, rest: &str, len: usize) {
        let tail = rest[len..]
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        if tail == 0 {
            return self.push(kind_of(raw, rest), len);
        }
        let text = &rest[..len + tail];
        self.push(SyntaxKind::BadNumber, len + tail);
        let span = self.last_span();
        let digits = text
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'_')
            .count();
        let (amount, unit) = text.split_at(digits);
        let mut error = SyntaxError::new(
            SyntaxErrorKind::BadNumber,
            span,
            format!("`{text}` is not a number"),
        );
        if !unit.is_empty() && unit.bytes().all(|b| b.is_ascii_alphabetic()) {
            error.message = format!("there is no unit `{unit}`");
            error = error.hint("durations are counted in ms, s, m, h, d, w, mo and y");
            if let Some(short) = nearest_unit(unit) {
                error = error.fix(span, format!("{amount}{short}"));
            }
        } else if text.bytes().any(|b| b.is_ascii_alphabetic()) {
            error = error.hint("a duration has one unit: 90m, not 1h30m");
        }
        self.blame(error);
    }

    pub(super) fn unknown(&mut self, rest: &str) {
        let len = rest.chars().next().map_or(1, char::len_utf8);
        let known = [("&&", "and"), ("!", "not ")];
        if let Some(quote) = rest.chars().next().and_then(straight) {
            return self.curly(rest, quote);
        }
        let instead = known.iter().find(|(bad, _)| rest.starts_with(bad));
        let len = instead.map_or(len, |(bad, _)| bad.len());
        self.push(SyntaxKind::Unknown, len);
        let span = self.last_span();
        let text = &rest[..len];
        let message = if text == "\r" {
            "a carriage return by itself ends no line".to_owned()
        } else if text.chars().any(char::is_control) {
            "the language does not use this control character".to_owned()
        } else {
            format!("the language does not use `{text}`")
        };
        let mut error = SyntaxError::new(SyntaxErrorKind::BadCharacter, span, message);
        if text == "\r" {
            error = error
                .hint("a line ends with a line feed, or with both")
                .fix(span, "\n");
        } else if let Some((_, good)) = instead {
            error = error
                .hint(format!("write `{}`", good.trim()))
                .fix(span, *good);
        } else if rest.starts_with("@{") {
            error = error.hint(
                "the data of an event goes by the name it is given: `enter on Event as e`, then `e.field`",
            );
        } else if text.chars().all(char::is_alphabetic) {
            error = error.hint("a name with other letters than A to Z goes in backquotes");
        }
        self.blame(error);
    }

    /// A curly quote, with the text up to the one that closes it on the line: its fix makes both straight.
    fn curly(&mut self, rest: &str, quote: char) {
        let len = rest.chars().next().map_or(1, char::len_utf8);
        let mut line = rest[len..]
            .char_indices()
            .take_while(|(_, c)| !matches!(c, '\n' | '\r'));
        let close = line.find(|(_, c)| straight(*c) == Some(quote));
        let inner = close.and_then(|(at, _)| rest.get(len..len + at));
        let both = close.map_or(len, |(at, c)| len + at + c.len_utf8());
        self.push(SyntaxKind::Unknown, both);
        let span = self.last_span();
        let open = Span::new(span.start, span.start + len as u32);
        let message = format!("the language does not use `{}`", &rest[..len]);
        let error = SyntaxError::new(SyntaxErrorKind::BadCharacter, open, message)
            .hint(format!("write `{quote}`"));
        let inner = inner.filter(|text| !text.contains(quote));
        self.blame(match inner {
            Some(text) => error.fix(span, format!("{quote}{text}{quote}")),
            None => error,
        });
    }

    /// The line (or the file) ended within a string: what was read of it becomes one token, blamed once. A `"""` string gives back
    /// all lines but its first.
    pub(super) fn unclosed(&mut self, at_end: bool) {
        let keep = if at_end {
            0
        } else {
            self.open.iter().rposition(|o| o.long).map_or(0, |i| i + 1)
        };
        let Some(first) = self.open.get(keep) else {
            return;
        };
        let (token, long) = (first.token, first.long);
        // What follows a `{` is no text: the string's end may have been read as its beginning. One that ends the line opens a block.
        let inside = !long && (!self.in_text || self.open.len() > keep + 1);
        let brace = self.open_brace(token).filter(|brace| {
            let line = self.text[brace.end as usize..self.at].trim();
            inside && !line.is_empty()
        });
        self.open.truncate(keep);
        self.in_text = false;
        let start = self
            .tokens
            .get(token)
            .map_or(self.at, |t| t.span.start as usize);
        self.tokens.truncate(token);
        self.errors.retain(|e| (e.token as usize) < token);
        let end = if long && self.retries > 0 {
            self.retries -= 1;
            self.text[start..]
                .find(['\n', '\r'])
                .map_or(self.text.len(), |n| start + n)
        } else {
            self.at
        };
        self.at = start;
        self.push(SyntaxKind::Unknown, end - start);
        let span = self.last_span();
        let text = span.of(self.text);
        let error = SyntaxError::new(
            SyntaxErrorKind::UnclosedString,
            brace.unwrap_or(span),
            "this string is never closed",
        );
        let curly = text
            .char_indices()
            .rfind(|(_, c)| straight(*c) == Some('"'));
        self.blame(match (brace, curly) {
            (Some(_), _) => SyntaxError {
                message: "this `{` in a string is never closed".into(),
                ..error
            }
            .hint("a value in a string ends with `}`; a brace itself is written `\\{`"),
            _ if long => error.hint("a string that opens with \"\"\" ends with \"\"\""),
            (None, Some((at, c))) => {
                let at = span.start + at as u32;
                let curly = Span::new(at, at + c.len_utf8() as u32);
                error
                    .hint(format!("`{c}` closes no string"))
                    .fix(curly, "\"")
            }
            // With a `}` that is not its own it took the end of a block with it.
            (None, None) if text.matches('}').count() > text.matches('{').count() => {
                error.hint("write the `\"` where it ends, before the `}` on its line")
            }
            (None, None) => error
                .hint("a string stays on one line; one that opens with \"\"\" may run on")
                .fix(Span::at(span.end), "\""),
        });
    }

    /// The first `{` behind a token that begins a value in a string and is not closed.
    fn open_brace(&self, from: usize) -> Option<Span> {
        let mut open = Vec::new();
        for token in self.tokens.get(from..)? {
            match token.kind {
                SyntaxKind::InterpOpen => open.push(token.span),
                SyntaxKind::InterpClose => drop(open.pop()),
                _ => {}
            }
        }
        open.first().copied()
    }
}
