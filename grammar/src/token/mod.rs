//! The lexer. In: any text. Out: tokens that cover it exactly, and what is wrong within single tokens. It never fails: what the language
//! does not use becomes an `Unknown` token. A string becomes several tokens, since it may hold expressions that hold strings.
//!
//! | module | is |
//! |---|---|
//! | `faults` | what is wrong within a token, said |
//! | `frequent` | the tokens that most are, cut at once |
//! | `lexeme` | what logos tells apart outside of strings |

mod faults;
mod frequent;
mod lexeme;

use logos::Logos as _;

use crate::{
    error::{SyntaxError, SyntaxErrorKind, keep},
    kind::SyntaxKind,
    limits::MAX_INTERPOLATION,
    literal,
    span::Span,
    tree::Token,
};
use frequent::{frequents, put, text_run};
use lexeme::{Lexeme, kind_of};

/// The tokens of a text, and what is wrong within them.
pub(crate) struct Lexed {
    /// They cover the text exactly.
    pub tokens: Vec<Token>,
    /// In the order of the tokens they are about.
    pub errors: Vec<LexError>,
}

/// A mistake within one token.
#[derive(Clone, Debug)]
pub(crate) struct LexError {
    pub token: u32,
    pub error: SyntaxError,
}

/// A string we are inside of.
struct Open {
    long: bool,
    /// The token that opened it.
    token: usize,
    /// Braces open in the interpolation we are in.
    braces: u32,
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    errors: Vec<LexError>,
    open: Vec<Open>,
    /// Whether we are in the text of the innermost open string, and not in an interpolation of it.
    in_text: bool,
    /// How many more `"""` may turn out to be unclosed before we stop looking for their ends: keeps the work linear.
    retries: u32,
}

/// Cuts a text into tokens.
pub(crate) fn lex(text: &str) -> Lexed {
    lex_into(text, Vec::new())
}

/// Like [`lex`], with the tokens in memory that was used before.
pub(crate) fn lex_into(text: &str, mut tokens: Vec<Token>) -> Lexed {
    tokens.clear();
    tokens.reserve(text.len() / 3 + 8);
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens,
        errors: Vec::new(),
        open: Vec::new(),
        in_text: false,
        retries: 16,
    };
    loop {
        while lexer.at < text.len() {
            if lexer.in_text {
                lexer.string_text()
            } else {
                lexer.code()
            }
        }
        if lexer.open.is_empty() {
            break;
        }
        lexer.unclosed(true);
    }
    let Lexer {
        tokens, mut errors, ..
    } = lexer;
    errors.sort_by_key(|e| (e.token, e.error.span));
    Lexed { tokens, errors }
}

impl Lexer<'_> {
    fn push(&mut self, kind: SyntaxKind, len: usize) {
        let rest = &self.text.as_bytes()[self.at..];
        put(rest, self.at, kind, len, &mut self.tokens);
        self.at += len;
    }

    /// Blames the token that was pushed last.
    fn blame(&mut self, error: SyntaxError) {
        let token = self.tokens.len().saturating_sub(1) as u32;
        keep(&mut self.errors, LexError { token, error });
    }

    fn last_span(&self) -> Span {
        self.tokens.last().map_or(Span::at(0), |t| t.span)
    }

    /// Tokens outside of a string's text: the frequent ones up to one that is not, and that.
    fn code(&mut self) {
        self.at = frequents(self.text.as_bytes(), self.at, &mut self.tokens);
        let start = self.at;
        let rest = &self.text[start..];
        if rest.is_empty() {
            return;
        }
        let mut lexer = Lexeme::lexer(rest);
        let raw = lexer.next();
        let len = lexer.slice().len().max(1);
        let Some(Ok(raw)) = raw else {
            return self.unknown(rest);
        };
        match raw {
            Lexeme::Newline => {
                self.push(SyntaxKind::Newline, len);
                if self.open.last().is_some_and(|o| !o.long) {
                    self.at -= len;
                    self.tokens.pop();
                    self.unclosed(false);
                }
            }
            Lexeme::Quote | Lexeme::LongQuote => {
                self.open.push(Open {
                    long: raw == Lexeme::LongQuote,
                    token: self.tokens.len(),
                    braces: 0,
                });
                self.in_text = true;
                self.push(SyntaxKind::StringStart, len);
            }
            Lexeme::LBrace => {
                if let Some(open) = self.open.last_mut() {
                    open.braces += 1;
                }
                self.push(SyntaxKind::LBrace, 1);
            }
            Lexeme::RBrace => match self.open.last_mut() {
                Some(open) if open.braces == 0 => {
                    self.in_text = true;
                    self.push(SyntaxKind::InterpClose, 1);
                }
                open => {
                    open.into_iter().for_each(|o| o.braces -= 1);
                    self.push(SyntaxKind::RBrace, 1);
                }
            },
            Lexeme::Integer
            | Lexeme::Decimal
            | Lexeme::Duration
            | Lexeme::Date
            | Lexeme::Time
            | Lexeme::DateTime
            | Lexeme::DateTimeOnly => self.number(raw, rest, len),
            Lexeme::OpenBacktick | Lexeme::OpenRaw => {
                self.push(SyntaxKind::Unknown, len);
                let (what, quote) = if raw == Lexeme::OpenRaw {
                    ("string", "'")
                } else {
                    ("quoted name", "`")
                };
                let span = self.last_span();
                let message = format!("this {what} is never closed");
                self.blame(
                    SyntaxError::new(SyntaxErrorKind::UnclosedString, span, message)
                        .hint(format!("it ends with {quote} on the same line")),
                );
            }
            _ => {
                let kind = kind_of(raw, &rest[..len]);
                self.push(kind, len);
            }
        }
    }

    /// The text of a string up to an interpolation or its end.
    fn string_text(&mut self) {
        let Some(open) = self.open.last() else {
            self.in_text = false;
            return;
        };
        let (long, rest) = (open.long, &self.text[self.at..]);
        let mut len = 0;
        let mut escapes: Vec<usize> = Vec::new();
        let mut too_deep = None;
        let close = if long { "\"\"\"" } else { "\"" };
        let stop = loop {
            len += text_run(&rest.as_bytes()[len..]);
            let Some(c) = rest[len..].chars().next() else {
                break None;
            };
            match c {
                '"' if rest[len..].starts_with(close) => break Some('"'),
                '\n' | '\r' if !long => break Some('\n'),
                '{' if self.open.len() <= MAX_INTERPOLATION => break Some('{'),
                '{' => {
                    too_deep.get_or_insert(len);
                    len += 1;
                }
                '\\' => match literal::escape(&rest[len..]) {
                    Some((_, n)) => len += n,
                    None => {
                        escapes.push(len);
                        len += 1;
                    }
                },
                c => len += c.len_utf8(),
            }
        };
        if len > 0 {
            let start = self.at;
            self.push(SyntaxKind::StringText, len);
            for at in escapes {
                self.bad_escape(start + at);
            }
            if let Some(at) = too_deep {
                let at = (start + at) as u32;
                let message = "strings within interpolations of strings nest too deep here";
                self.blame(
                    SyntaxError::new(SyntaxErrorKind::TooDeep, Span::new(at, at + 1), message)
                        .hint("give the inner text a name with `let`"),
                );
            }
        }
        match stop {
            Some('"') => {
                self.push(SyntaxKind::StringEnd, close.len());
                self.open.pop();
                self.in_text = false;
            }
            Some('{') => {
                self.push(SyntaxKind::InterpOpen, 1);
                if let Some(open) = self.open.last_mut() {
                    open.braces = 0;
                }
                self.in_text = false;
            }
            Some(_) => self.unclosed(false),
            None => {} // the end of the file: `lex` closes what is open
        }
    }

    fn bad_escape(&mut self, at: usize) {
        let len = 1 + self.text[at + 1..]
            .chars()
            .next()
            .filter(|c| !c.is_control())
            .map_or(0, char::len_utf8);
        let span = Span::new(at as u32, (at + len) as u32);
        let (message, hint) = match span.of(self.text) {
            "\\u" => (
                "`\\u` takes the number of a character, in braces".to_string(),
                "one to six hex digits, as in \\u{e9}; 10FFFF is the last, and D800 to DFFF are no characters",
            ),
            other => (
                format!("there is no escape `{other}`"),
                "the escapes are \\n \\t \\r \\\" \\\\ \\{ \\} and \\u{…}; a text in single quotes has none",
            ),
        };
        self.blame(SyntaxError::new(SyntaxErrorKind::BadEscape, span, message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(SyntaxKind, &str)> {
        lex(text)
            .tokens
            .iter()
            .map(|t| (t.kind, t.span.of(text)))
            .collect()
    }

    #[test]
    fn a_longer_token_that_does_not_come_true_gives_back_what_it_took() {
        use SyntaxKind::*;
        assert_eq!(
            kinds("2026-03"),
            [(Integer, "2026"), (Minus, "-"), (Integer, "03")]
        );
        assert_eq!(
            kinds("10:0"),
            [(Integer, "10"), (Colon, ":"), (Integer, "0")]
        );
        assert_eq!(
            kinds("1..5"),
            [(Integer, "1"), (DotDot, ".."), (Integer, "5")]
        );
        assert_eq!(kinds("1.x"), [(Integer, "1"), (Dot, "."), (Word, "x")]);
        assert_eq!(
            kinds("21:00..08:00"),
            [(Time, "21:00"), (DotDot, ".."), (Time, "08:00")]
        );
        assert_eq!(
            kinds("2026-03-01T10:00Z"),
            [(DateTime, "2026-03-01T10:00Z")]
        );
        assert_eq!(
            kinds("2026-03-01T10:00:30.5+02:00"),
            [(DateTime, "2026-03-01T10:00:30.5+02:00")]
        );
        assert_eq!(
            kinds("2026-03-01T10:00-x"),
            [
                (DateTimeOnly, "2026-03-01T10:00"),
                (Minus, "-"),
                (Word, "x")
            ]
        );
        assert_eq!(
            kinds("200ms..5s"),
            [(Duration, "200ms"), (DotDot, ".."), (Duration, "5s")]
        );
        assert_eq!(
            kinds("1_000 1.5e3 7mo"),
            [
                (Integer, "1_000"),
                (Whitespace, " "),
                (Decimal, "1.5e3"),
                (Whitespace, " "),
                (Duration, "7mo")
            ]
        );
        assert_eq!(kinds("15minutes"), [(BadNumber, "15minutes")]);
    }

    #[test]
    fn strings_hold_expressions_that_hold_strings() {
        use SyntaxKind::*;
        let text = r#""a {b ?? "c {d}"}!""#;
        let got: Vec<_> = kinds(text)
            .into_iter()
            .filter(|(k, _)| !k.is_trivia())
            .collect();
        #[rustfmt::skip]
        assert_eq!(got, [
            (StringStart, "\""), (StringText, "a "), (InterpOpen, "{"), (Word, "b"), (QuestionQuestion, "??"), (StringStart, "\""),
            (StringText, "c "), (InterpOpen, "{"), (Word, "d"), (InterpClose, "}"), (StringEnd, "\""), (InterpClose, "}"),
            (StringText, "!"), (StringEnd, "\""),
        ]);
    }

    #[test]
    fn an_unclosed_string_costs_its_line_and_is_one_token() {
        let text = "a \"b {c(\nd \"\"\"e\nf";
        let lexed = lex(text);
        assert_eq!(lexed.errors.len(), 2);
        let unknown: Vec<_> = lexed
            .tokens
            .iter()
            .filter(|t| t.kind == SyntaxKind::Unknown)
            .map(|t| t.span.of(text))
            .collect();
        assert_eq!(unknown, ["\"b {c(", "\"\"\"e"]);
        assert_eq!(lexed.tokens.last().map(|t| t.span.of(text)), Some("f"));
    }
}
