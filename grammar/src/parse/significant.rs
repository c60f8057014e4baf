//! The tokens of one expression that mean something. In: all its tokens. Out: those that are no trivia, each with the word it is; or
//! nothing, when the tree they make may be beyond the limits. Never here: what an expression is.

use crate::{
    kind::SyntaxKind as K,
    limits::{MAX_EXPRESSION_DEPTH, MAX_ITEM_TOKENS, MAX_NESTING, RECURSION_COST},
    tree::Token,
};

/// Which word a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    And,
    Or,
    Not,
    In,
    Is,
    If,
    Then,
    Else,
    True,
    False,
    Missing,
    Present,
    Last,
    Where,
    /// Any other, or no word at all.
    Other,
}

impl Word {
    pub fn of(text: &str) -> Word {
        match text {
            "and" => Word::And,
            "or" => Word::Or,
            "not" => Word::Not,
            "in" => Word::In,
            "is" => Word::Is,
            "if" => Word::If,
            "then" => Word::Then,
            "else" => Word::Else,
            "true" => Word::True,
            "false" => Word::False,
            "missing" => Word::Missing,
            "present" => Word::Present,
            "last" => Word::Last,
            "where" => Word::Where,
            _ => Word::Other,
        }
    }

    /// Whether it is no name.
    pub fn is_reserved(self) -> bool {
        !matches!(
            self,
            Word::Missing | Word::Present | Word::Last | Word::Where | Word::Other
        )
    }
}

/// A token that is no trivia.
#[derive(Clone, Copy, Debug)]
pub(super) struct Significant {
    pub kind: K,
    pub word: Word,
    /// Its place among all tokens.
    pub at: u32,
}

/// Collects the tokens that are no trivia, when the tree they make is surely within the limits: no expression is higher than what its
/// operators, dots and brackets count together, whichever way they group.
pub(super) fn shallow(
    text: &str,
    tokens: &[Token],
    significant: &mut Vec<Significant>,
) -> Option<()> {
    significant.clear();
    significant.reserve(tokens.len());
    let (mut height, mut brackets) = (0, 0);
    for (at, token) in (0..).zip(tokens) {
        if token.kind.is_trivia() {
            continue;
        }
        let mut word = Word::Other;
        height += match token.kind {
            K::LParen | K::LBracket | K::LBrace | K::InterpOpen => {
                brackets += 1;
                1
            }
            K::Lt => RECURSION_COST,
            K::Word => {
                word = Word::of(token.span.of(text));
                match word {
                    Word::And | Word::Or | Word::In | Word::Is | Word::Not => 1,
                    Word::If => RECURSION_COST,
                    _ => 0,
                }
            }
            K::Dot
            | K::Question
            | K::DotDot
            | K::EqEq
            | K::NotEq
            | K::Le
            | K::Gt
            | K::Ge
            | K::QuestionQuestion
            | K::FatArrow
            | K::Plus
            | K::Minus
            | K::Star
            | K::Slash
            | K::Percent => 1,
            _ => 0,
        };
        significant.push(Significant {
            kind: token.kind,
            word,
            at,
        });
    }
    let within = height <= MAX_EXPRESSION_DEPTH
        && brackets <= MAX_NESTING
        && significant.len() <= MAX_ITEM_TOKENS as usize;
    within.then_some(())
}
