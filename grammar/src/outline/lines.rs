//! Whether a line goes on, or begins an item: the rules of "Shape of the text". Pure questions about neighbouring tokens.

use super::cursor::Cursor;
use crate::{kind::SyntaxKind as K, vocabulary::Place};

/// Words that an expression or a clause goes on with: a line that ends with one is unfinished.
const UNFINISHED: &[&str] = &[
    "and", "or", "not", "in", "is", "then", "else", "where", "within",
];
/// Words that begin no item but go on with an expression: a line that begins with one should have begun earlier.
const GOES_ON: &[&str] = &["and", "or", "in", "is", "then", "else"];
/// The same of a setting or a step; no declaration goes on with one before its block.
const CLAUSES: &[&str] = &["where", "within", "as", "join"];
/// Words that begin an item and take something behind them.
#[rustfmt::skip]
const STARTERS: &[&str] = &[
    "wait", "await", "match", "split", "let", "send", "update", "start", "run", "emit", "repeat", "return", "limit",
    "enter", "exit", "expires", "reenter", "timezone", "instance", "starts", "closes", "priority", "policy", "guarantee", "end",
    "receive", "advance", "expect", "stub", "history", "choose", "seed", "get", "post", "put", "patch", "delete", "header",
    "auth", "cache", "timeout", "retry", "idempotency", "channel", "category", "failure", "key", "dedupe",
];
/// Words behind a starter that show it is only a name here.
const NAME_AFTER: &[&str] = &[
    "and", "or", "in", "is", "then", "else", "where", "at", "per", "as", "for", "times",
];

/// Whether the line that ends with token `last` is plainly unfinished. `type_close` says that a `>` there closes a type.
pub(crate) fn unfinished(c: &Cursor<'_>, last: usize, type_close: bool) -> bool {
    let is_name = last > 0 && (c.kind(last - 1) == K::Dot || c.word(last - 1) == "as");
    match c.kind(last) {
        K::Word => !is_name && UNFINISHED.contains(&c.word(last)),
        K::Gt => !type_close,
        K::Colon
        | K::Comma
        | K::Dot
        | K::DotDot
        | K::Eq
        | K::EqEq
        | K::NotEq
        | K::Lt
        | K::Le
        | K::Ge
        | K::Plus
        | K::Minus => true,
        K::Star
        | K::Slash
        | K::Percent
        | K::QuestionQuestion
        | K::FatArrow
        | K::Arrow
        | K::Pipe => true,
        _ => false,
    }
}

/// Whether token `at`, which begins a line, can only go on with the item before it.
pub(crate) fn goes_on(c: &Cursor<'_>, at: usize, place: Place) -> bool {
    match c.kind(at) {
        K::Word => {
            let word = c.word(at);
            (GOES_ON.contains(&word) || place != Place::File && CLAUSES.contains(&word))
                && !place.begins(word)
                && c.kind(at + 1) != K::Colon
                && !(place == Place::Match && word == "else")
        }
        K::DotDot
        | K::Dot
        | K::Eq
        | K::EqEq
        | K::NotEq
        | K::Lt
        | K::Le
        | K::Gt
        | K::Ge
        | K::Plus
        | K::Minus
        | K::Star => true,
        K::Slash
        | K::Percent
        | K::QuestionQuestion
        | K::FatArrow
        | K::Arrow
        | K::Pipe
        | K::Comma
        | K::Colon
        | K::LBrace => true,
        K::RParen | K::RBracket => true,
        _ => false,
    }
}

/// Whether token `at` may stand behind a bracket that closes before it: a brace, an operator, or a word that goes on.
pub(crate) fn may_end_operand(c: &Cursor<'_>, at: usize) -> bool {
    let goes_on = matches!(c.kind(at), K::Plus | K::Minus) || unfinished(c, at, false);
    c.kind(at) == K::LBrace || goes_on && !matches!(c.kind(at), K::Comma | K::Colon | K::Dot)
}

/// Whether token `at`, which begins a line, begins a setting, a step or a statement whatever came before: its keyword with an operand
/// behind it, as no expression goes on; outside of brackets also an `end` or a `break` alone. So an unclosed bracket or an unfinished line does not swallow what follows.
pub(crate) fn begins_item(c: &Cursor<'_>, at: usize, place: Place, in_brackets: bool) -> bool {
    let at = if matches!(c.kind(at), K::Word | K::Backtick) && c.kind(at + 1) == K::Colon {
        at + 2
    } else {
        at
    };
    let word = c.word(at);
    let next = c.kind(at + 1);
    if !in_brackets
        && matches!(word, "end" | "break")
        && (c.starts_line(at + 1) && next != K::Colon || next == K::RBrace)
    {
        return true;
    }
    if matches!(word, "json" | "query" | "form" | "profile") && next == K::LBrace {
        return place.begins(word);
    }
    if word == "if" {
        return opens_block(c, at);
    }
    if !STARTERS.contains(&word) || c.starts_line(at + 1) {
        return false;
    }
    match next {
        K::Word => {
            !NAME_AFTER.contains(&c.word(at + 1)) && (c.word(at + 1) != "within" || word == "await")
        }
        K::Backtick | K::StringStart | K::RawString | K::Integer | K::Decimal | K::Duration => true,
        K::Date | K::Time | K::DateTime | K::DateTimeOnly => true,
        _ => false,
    }
}

/// Whether the line of the `if` at `at` opens a block and is no `if … then … else`.
fn opens_block(c: &Cursor<'_>, at: usize) -> bool {
    let mut depth = 0;
    for next in at + 1.. {
        if c.starts_line(next) {
            return false;
        }
        match c.kind(next) {
            K::LBrace if depth == 0 => return true,
            K::LParen | K::LBracket | K::LBrace | K::InterpOpen => depth += 1,
            K::RParen | K::RBracket | K::RBrace | K::InterpClose => depth -= 1,
            K::Word if c.word(next) == "then" => return false,
            _ => {}
        }
    }
    false
}

/// Whether token `at`, which begins a line, begins a declaration: its keyword, its name and what must follow. Nothing inside one
/// declaration looks like that, so a missing `}` costs only the declaration it is missing from.
pub(crate) fn begins_decl(c: &Cursor<'_>, at: usize) -> bool {
    if c.kind(at) != K::Word {
        return false;
    }
    let named = matches!(c.kind(at + 1), K::Word | K::Backtick);
    let then = c.kind(at + 2);
    match c.word(at) {
        "schema" | "const" | "audience" => named && then == K::Eq,
        "event" => named && then == K::Colon,
        "source" | "action" | "function" | "flow" => named && then == K::LParen,
        "journey" | "policy" => named && then == K::LBrace,
        "test" => matches!(c.kind(at + 1), K::StringStart | K::RawString) && !c.starts_line(at + 1),
        _ => false,
    }
}
