//! What a message calls things. In: rules of the grammar, tokens. Out: words and phrases. Never here: a sentence, a rule's name.

use crate::{kind::SyntaxKind as K, rules::Rule, tree::Token, vocabulary::keyword};

/// The words that a rule begins with: a keyword, or the few among which there is a choice.
pub(super) fn words(rule: Rule) -> Vec<&'static str> {
    match rule {
        Rule::outcome => vec!["capped", "timeout", "failed", "http"],
        Rule::over_limit => vec!["drop", "queue"],
        Rule::auth_none => vec!["none"],
        Rule::auth_basic => vec!["basic"],
        Rule::auth_header => vec!["header"],
        Rule::auth_query => vec!["query"],
        Rule::auth_bearer => vec!["bearer"],
        Rule::auth_token => vec!["token"],
        Rule::pattern | Rule::missing_pattern => vec!["missing"],
        Rule::else_clause | Rule::else_if | Rule::else_pattern => vec!["else"],
        _ => keyword(rule).into_iter().collect(),
    }
}

/// A token as a message shows it: as written, but not all of a long one.
pub(super) fn quoted(text: &str, token: Token) -> String {
    match token.kind {
        K::StringStart | K::StringText | K::StringEnd | K::RawString => "a string".to_owned(),
        K::InterpOpen => "`{`".to_owned(),
        K::InterpClose => "`}`".to_owned(),
        _ => {
            let word = token.span.of(text);
            match word.char_indices().nth(40) {
                Some((cut, _)) => format!("`{}…`", &word[..cut]),
                None => format!("`{word}`"),
            }
        }
    }
}

/// `a, b or c`
pub(super) fn list(mut phrases: Vec<String>) -> String {
    match (phrases.pop(), phrases.is_empty()) {
        (Some(last), false) => format!("{} or {last}", phrases.join(", ")),
        (Some(only), true) => only,
        (None, _) => String::new(),
    }
}

/// Rules that could only have lengthened the expression before: no reader expects them.
pub(super) fn only_lengthens(rule: Rule) -> bool {
    use Rule::*;
    matches!(
        rule,
        op_coalesce
            | op_or
            | op_and
            | op_not
            | op_in
            | op_eq
            | op_ne
            | op_lt
            | op_le
            | op_gt
            | op_ge
            | op_range
            | op_add
            | op_sub
            | op_mul
            | op_div
            | op_rem
            | op_neg
            | is_test
            | method_call
            | field
            | index
            | call
            | kw_is
    )
}
