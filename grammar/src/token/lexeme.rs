//! What logos tells apart: one rule per lexeme, the longest wins. In: text outside of strings. Out: lexemes, and the kinds of tokens they
//! make. What is inside a string is not for logos: see the lexer.

use logos::Logos;

use crate::kind::SyntaxKind;

/// What logos tells apart outside of strings.
#[derive(Logos, Clone, Copy, Debug, PartialEq)]
#[rustfmt::skip]
pub(super) enum Lexeme {
    #[regex("[ \t\u{FEFF}]+")] Whitespace,
    #[regex("\r?\n")] Newline,
    #[regex("//[^\r\n]*", allow_greedy = true)] Comment,
    #[regex("[A-Za-z_][A-Za-z0-9_]*")] Word,
    #[regex("`[^`\r\n]+`")] Backtick,
    #[regex("`[^`\r\n]*")] OpenBacktick,
    #[regex("[0-9][0-9_]*", priority = 10)] Integer,
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)", priority = 10)] Decimal,
    #[regex("[0-9][0-9_]*(ms|mo|s|m|h|d|w|y)", priority = 10)] Duration,
    #[regex("[0-9]{4}-[0-9]{2}-[0-9]{2}", priority = 10)] Date,
    #[regex(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?", priority = 10)] Time,
    #[regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})", priority = 10)] DateTime,
    #[regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?", priority = 10)] DateTimeOnly,
    #[token("\"")] Quote,
    #[token("\"\"\"")] LongQuote,
    #[regex("'[^'\r\n]*'")] RawString,
    #[regex("'[^'\r\n]*")] OpenRaw,
    #[token("(")] LParen, #[token(")")] RParen, #[token("[")] LBracket, #[token("]")] RBracket,
    #[token("{")] LBrace, #[token("}")] RBrace, #[token(":")] Colon, #[token(",")] Comma, #[token(".")] Dot,
    #[token("..")] DotDot, #[token("=")] Eq, #[token("==")] EqEq, #[token("!=")] NotEq, #[token("<")] Lt,
    #[token("<=")] Le, #[token(">")] Gt, #[token(">=")] Ge, #[token("+")] Plus, #[token("-")] Minus, #[token("*")] Star,
    #[token("/")] Slash, #[token("%")] Percent, #[token("?")] Question, #[token("??")] QuestionQuestion,
    #[token("=>")] FatArrow, #[token("->")] Arrow, #[token("|")] Pipe, #[token(";")] Semicolon,
}

/// The kind of token a lexeme with this text is.
#[rustfmt::skip]
pub(super) fn kind_of(raw: Lexeme, text: &str) -> SyntaxKind {
    use SyntaxKind as K;
    match raw {
        Lexeme::Whitespace => K::Whitespace, Lexeme::Newline => K::Newline,
        Lexeme::Comment if text.starts_with("///") && !text.starts_with("////") => K::DocComment,
        Lexeme::Comment => K::LineComment,
        Lexeme::Word => K::Word, Lexeme::Backtick => K::Backtick, Lexeme::Integer => K::Integer, Lexeme::Decimal => K::Decimal,
        Lexeme::Duration => K::Duration, Lexeme::Date => K::Date, Lexeme::Time => K::Time, Lexeme::DateTime => K::DateTime,
        Lexeme::DateTimeOnly => K::DateTimeOnly, Lexeme::RawString => K::RawString,
        Lexeme::Quote | Lexeme::LongQuote => K::StringStart,
        Lexeme::OpenBacktick | Lexeme::OpenRaw => K::Unknown,
        Lexeme::LParen => K::LParen, Lexeme::RParen => K::RParen, Lexeme::LBracket => K::LBracket, Lexeme::RBracket => K::RBracket,
        Lexeme::LBrace => K::LBrace, Lexeme::RBrace => K::RBrace, Lexeme::Colon => K::Colon, Lexeme::Comma => K::Comma, Lexeme::Dot => K::Dot,
        Lexeme::DotDot => K::DotDot, Lexeme::Eq => K::Eq, Lexeme::EqEq => K::EqEq, Lexeme::NotEq => K::NotEq, Lexeme::Lt => K::Lt,
        Lexeme::Le => K::Le, Lexeme::Gt => K::Gt, Lexeme::Ge => K::Ge, Lexeme::Plus => K::Plus, Lexeme::Minus => K::Minus, Lexeme::Star => K::Star,
        Lexeme::Slash => K::Slash, Lexeme::Percent => K::Percent, Lexeme::Question => K::Question,
        Lexeme::QuestionQuestion => K::QuestionQuestion, Lexeme::FatArrow => K::FatArrow, Lexeme::Arrow => K::Arrow,
        Lexeme::Pipe => K::Pipe, Lexeme::Semicolon => K::Semicolon,
    }
}

/// The unit someone may have meant.
pub(super) fn nearest_unit(word: &str) -> Option<&'static str> {
    let known = [
        ("millis", "ms"),
        ("sec", "s"),
        ("min", "m"),
        ("hr", "h"),
        ("hour", "h"),
        ("day", "d"),
        ("week", "w"),
        ("wk", "w"),
        ("mon", "mo"),
        ("year", "y"),
        ("yr", "y"),
    ];
    let word = word.to_ascii_lowercase();
    known
        .iter()
        .find(|(start, _)| word.starts_with(start))
        .map(|(_, unit)| *unit)
}
